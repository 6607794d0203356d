//! Links that let people into groups.

use super::{News, beginning::random_name, inside::Inside};
use crate::{Error, Services, Signed, mail::in_days};
use telicat_domain::{
    ApiError, RoomId, RoomSlug, Timestamp,
    limits::MEMBERS_MAX,
    permission::{Action, Role, may_join_by_link},
    room::{Door, RoomLink},
    room_link::LinkTerms,
};
use telicat_store::{
    addresses::has_verified_address,
    members,
    room_changes::insert_member_change,
    room_links::{self as store, Link},
    rooms,
};

/// Characters of a code: 130 bits, which nobody guesses.
const CODE: usize = 26;

impl Services {
    /// Makes a new link into a group. The one before works no more.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person; [`ApiError::Forbidden`],
    /// [`ApiError::Archived`].
    pub async fn make_room_link(&self, signed: &Signed, slug: &str, terms: LinkTerms) -> Result<(), Error> {
        let now = self.now();
        let mut tx = self.db.begin().await?;
        let inside = Inside::enter(&mut tx, signed, slug).await?;
        inside.require(Action::Invite)?;
        store::replace_link(&mut tx, &new_link(inside.id(), terms, now)?, signed.person, now).await?;
        tx.commit().await?;
        tracing::info!(person = %signed.person, room = %inside.id(), "made a link into a room");
        Ok(())
    }

    /// Ends the link into a group. Doing so twice is no error.
    ///
    /// # Errors
    /// As [`Services::make_room_link`].
    pub async fn revoke_room_link(&self, signed: &Signed, slug: &str) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        let inside = Inside::enter(&mut tx, signed, slug).await?;
        inside.require(Action::Invite)?;
        store::delete_link(&mut tx, inside.id()).await?;
        tx.commit().await?;
        tracing::info!(person = %signed.person, room = %inside.id(), "ended the link into a room");
        Ok(())
    }

    /// The link into a room, when it works.
    pub(super) async fn link_of(&self, room: RoomId) -> Result<Option<RoomLink>, Error> {
        let link = store::find_link(&self.db, room).await?.filter(|link| link.works(self.now()));
        Ok(link.map(|Link { code, expires_at, uses_left, .. }| {
            let url = format!("{}/chat/join/{code}", self.base_url);
            RoomLink { code, url, expires_at, uses_left }
        }))
    }

    /// What is behind a link. Looking changes nothing.
    ///
    /// # Errors
    /// [`ApiError::LinkExpired`], also for who was removed from the room.
    pub async fn door(&self, signed: &Signed, code: &str) -> Result<Door, Error> {
        let (link, room) = self.behind(signed, code).await?;
        let members = members::count_members(&self.db, link.room).await?;
        let summary = room.summary;
        let inside = room.role.map(|_| summary.slug);
        if inside.is_none() {
            let is_closed = summary.archived || !link.works(self.now());
            if is_closed || members::is_removed(&self.db, link.room, signed.person).await? {
                return Err(ApiError::LinkExpired.into());
            }
        }
        Ok(Door { name: summary.name, members, inside })
    }

    async fn behind(&self, signed: &Signed, code: &str) -> Result<(Link, rooms::Room), Error> {
        let found = if code.len() == CODE { store::find_link_by_code(&self.db, code).await? } else { None };
        let link = found.ok_or(ApiError::LinkExpired)?;
        let room = rooms::find_room_by_id(&self.db, link.room, signed.person).await?.ok_or(ApiError::LinkExpired)?;
        Ok((link, room))
    }

    /// Goes in by a link, and takes one of its uses; who is in the room already takes none.
    ///
    /// # Errors
    /// [`ApiError::LinkExpired`] when it works no more, or not for who was removed from the room;
    /// [`ApiError::AddressUnconfirmed`], [`ApiError::Full`].
    pub async fn join_room(&self, signed: &Signed, code: &str) -> Result<RoomSlug, Error> {
        let (link, _) = self.behind(signed, code).await?;
        let signed = signed.clone();
        self.carry_out(|services| async move {
            let (now, id, person) = (services.now(), link.room, signed.person);
            let mut tx = services.db.begin().await?;
            let room = rooms::lock_room_by_id(&mut tx, id, person).await?.ok_or(ApiError::LinkExpired)?;
            let slug = room.summary.slug;
            if room.role.is_some() {
                return Ok(slug);
            }
            // From here on the link stays as it is: whoever makes another one holds the room, too.
            let is_closed = room.summary.archived || members::is_removed_in(&mut tx, id, person).await?;
            if is_closed || !store::take_link(&mut tx, id, &link.code, now).await? {
                return Err(ApiError::LinkExpired.into());
            }
            if !may_join_by_link(has_verified_address(&mut tx, person).await?, services.mails.are_sent()) {
                return Err(ApiError::AddressUnconfirmed.into());
            }
            members::insert_member(&mut tx, id, person, Role::Member, room.last_seq + 1, now).await?;
            let author = members::find_living(&mut tx, person).await?.ok_or(ApiError::NotSignedIn)?;
            let count = members::count_members_in(&mut tx, id).await?;
            if count > MEMBERS_MAX {
                return Err(ApiError::Full { max: MEMBERS_MAX }.into());
            }
            let event = insert_member_change(&mut tx, id, author, Some(Role::Member), count, now).await?;
            tx.commit().await?;
            tracing::info!(%person, room = %id, "joined a room by its link");
            let mut news = News::of(id, &slug);
            news.push_gain(event, person);
            services.tell(news).await;
            Ok(slug)
        })
        .await
    }
}

/// A link with a code that nobody knows yet.
pub(super) fn new_link(room: RoomId, terms: LinkTerms, now: Timestamp) -> Result<Link, Error> {
    let LinkTerms { days, uses } = terms;
    let expires_at = days.map(|days| in_days(now, days));
    Ok(Link { room, code: random_name::<CODE>()?, expires_at, uses_left: uses })
}
