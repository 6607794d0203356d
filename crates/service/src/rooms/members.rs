//! Who is in a room: bringing people in, removing them, their roles, and leaving.

use super::{News, direct::refused, inside::Inside};
use crate::{Error, Services, Signed};
use telicat_domain::{
    ApiError, Author, Handle, PersonId, Problem,
    limits::{MEMBERS_MAX, MEMBERS_PAGE, NAMED_MAX},
    permission::{Action, Role},
    room::{MemberPage, RoomSettings},
};
use telicat_store::{Tx, members as store, room_changes::insert_member_change, rooms};

impl Services {
    /// Members of a room, by handle, at most 100: those behind the handle `after`, or whose handle or name begins with
    /// `prefix`.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn members(&self, signed: &Signed, slug: &str, after: &str, prefix: &str) -> Result<MemberPage, Error> {
        let room = self.rooms.readable(signed, slug).await?;
        self.page_of_members(&room, after, prefix).await
    }

    /// What a room's settings show. Its link only to those who may bring people in.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn room_settings(&self, signed: &Signed, slug: &str) -> Result<RoomSettings, Error> {
        let room = self.rooms.readable(signed, slug).await?;
        let members = self.page_of_members(&room, "", "").await?;
        let entry = self.room_entry(signed.person, room.id).await?.ok_or(ApiError::NotFound)?;
        let link = if entry.may(Action::Invite, signed.is_owner) { self.link_of(room.id).await? } else { None };
        Ok(RoomSettings { room: entry, members, link })
    }

    async fn page_of_members(&self, room: &rooms::Room, after: &str, prefix: &str) -> Result<MemberPage, Error> {
        let (after, prefix) = (folded(after), folded(prefix));
        // One more than is shown tells whether there are more.
        let limit = MEMBERS_PAGE as i64 + 1;
        let mut members = store::list_members(&self.db, room.id, &after.to_lowercase(), prefix, limit).await?;
        let more = members.len() > MEMBERS_PAGE;
        members.truncate(MEMBERS_PAGE);
        let next = if more { members.last().map(|member| member.person.handle.to_string()) } else { None };
        Ok(MemberPage { members, count: store::count_members(&self.db, room.id).await?, next })
    }

    /// Brings people into a group, by handles with commas or white space between them. Who was removed before may come
    /// again by that; who is in it stays as they are.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] for [`telicat_domain::Field::People`], after which nobody was brought in;
    /// [`ApiError::Full`], [`ApiError::NotFound`], [`ApiError::Forbidden`], [`ApiError::Archived`].
    pub async fn add_members(&self, signed: &Signed, slug: &str, people: &str) -> Result<(), Error> {
        let handles = Handle::parse_list(people, NAMED_MAX).map_err(refused);
        let (signed, slug) = (signed.clone(), slug.to_owned());
        self.carry_out(|services| async move {
            let now = services.now();
            let mut tx = services.db.begin().await?;
            let inside = Inside::enter(&mut tx, &signed, &slug).await?;
            inside.require(Action::Invite)?;
            let (mut count, mut last_seq) =
                (store::count_members_in(&mut tx, inside.id()).await?, inside.room.last_seq);
            let mut news = News::of(inside.id(), inside.slug());
            for handle in handles? {
                let found = store::find_living_by_handle_in(&mut tx, &handle.folded()).await?;
                let person = found.ok_or_else(|| refused(Problem::Unknown))?.id;
                store::delete_removal(&mut tx, inside.id(), person).await?;
                if !store::insert_member(&mut tx, inside.id(), person, Role::Member, last_seq + 1, now).await? {
                    continue;
                }
                let author = store::find_living(&mut tx, person).await?.ok_or_else(|| refused(Problem::Unknown))?;
                (count, last_seq) = (count + 1, last_seq + 1);
                if count > MEMBERS_MAX {
                    return Err(ApiError::Full { max: MEMBERS_MAX }.into());
                }
                let role = Some(Role::Member);
                news.push_gain(insert_member_change(&mut tx, inside.id(), author, role, count, now).await?, person);
            }
            tx.commit().await?;
            tracing::info!(person = %signed.person, room = %inside.id(), "brought people into a room");
            services.tell(news).await;
            Ok(())
        })
        .await
    }

    /// Removes somebody from a group. No link lets them in again; they hear nothing of it from this moment on.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person, or no such member; [`ApiError::Forbidden`].
    pub async fn remove_member(&self, signed: &Signed, slug: &str, person: PersonId) -> Result<(), Error> {
        let (signed, slug) = (signed.clone(), slug.to_owned());
        self.carry_out(|services| async move {
            let now = services.now();
            let mut tx = services.db.begin().await?;
            let inside = Inside::enter(&mut tx, &signed, &slug).await?;
            let role = rooms::find_role_in(&mut tx, inside.id(), person).await?;
            // Who may remove nobody is not told who is a member, nor by this.
            inside.require(Action::Remove(role.unwrap_or(Role::Member)))?;
            if role.is_none() {
                return Err(ApiError::NotFound.into());
            }
            let author = author(&mut tx, person).await?;
            store::delete_member(&mut tx, inside.id(), person).await?;
            store::insert_removal(&mut tx, inside.id(), person, now).await?;
            let count = store::count_members_in(&mut tx, inside.id()).await?;
            let event = insert_member_change(&mut tx, inside.id(), author, None, count, now).await?;
            tx.commit().await?;
            tracing::info!(by = %signed.person, %person, room = %inside.id(), "removed somebody from a room");
            let mut news = News::of(inside.id(), inside.slug());
            news.push_loss(event, person);
            services.tell(news).await;
            Ok(())
        })
        .await
    }

    /// Gives a member of a group another role. Nothing comes of it when they have it already.
    ///
    /// # Errors
    /// [`ApiError::LastRoomOwner`] when there would be no owner afterwards; [`ApiError::NotFound`] when there is no such
    /// room for this person, or no such member; [`ApiError::Forbidden`].
    pub async fn change_role(&self, signed: &Signed, slug: &str, person: PersonId, role: Role) -> Result<(), Error> {
        let (signed, slug) = (signed.clone(), slug.to_owned());
        self.carry_out(|services| async move {
            let now = services.now();
            let mut tx = services.db.begin().await?;
            let inside = Inside::enter(&mut tx, &signed, &slug).await?;
            inside.require(Action::ChangeRoles)?;
            let before = rooms::find_role_in(&mut tx, inside.id(), person).await?.ok_or(ApiError::NotFound)?;
            if before == role {
                return Ok(());
            }
            if before == Role::Owner && store::count_owners(&mut tx, inside.id()).await? == 1 {
                return Err(ApiError::LastRoomOwner.into());
            }
            let author = author(&mut tx, person).await?;
            store::update_role(&mut tx, inside.id(), person, role).await?;
            let count = store::count_members_in(&mut tx, inside.id()).await?;
            let event = insert_member_change(&mut tx, inside.id(), author, Some(role), count, now).await?;
            tx.commit().await?;
            tracing::info!(by = %signed.person, %person, ?role, room = %inside.id(), "gave somebody another role");
            let mut news = News::of(inside.id(), inside.slug());
            news.push_gain(event, person);
            services.tell(news).await;
            Ok(())
        })
        .await
    }

    /// Leaves a group. It ends when nobody is left in it.
    ///
    /// # Errors
    /// [`ApiError::LastRoomOwner`] when others would be left without an owner; [`ApiError::NotFound`] when there is no
    /// such room for this person; [`ApiError::Forbidden`] for a room that one does not leave.
    pub async fn leave_room(&self, signed: &Signed, slug: &str) -> Result<(), Error> {
        let (signed, slug) = (signed.clone(), slug.to_owned());
        self.carry_out(|services| async move {
            let now = services.now();
            let mut tx = services.db.begin().await?;
            let inside = Inside::enter(&mut tx, &signed, &slug).await?;
            inside.require(Action::Leave)?;
            let left = store::count_members_in(&mut tx, inside.id()).await? - 1;
            let is_owner = inside.room.role == Some(Role::Owner);
            if is_owner && left > 0 && store::count_owners(&mut tx, inside.id()).await? == 1 {
                return Err(ApiError::LastRoomOwner.into());
            }
            let author = author(&mut tx, signed.person).await?;
            store::delete_member(&mut tx, inside.id(), signed.person).await?;
            let mut news = News::of(inside.id(), inside.slug());
            let event = insert_member_change(&mut tx, inside.id(), author, None, left, now).await?;
            news.push_loss(event, signed.person);
            if left == 0 {
                rooms::end_room(&mut tx, inside.id(), now).await?;
                news.end();
            }
            tx.commit().await?;
            tracing::info!(person = %signed.person, room = %inside.id(), left, "left a room");
            services.tell(news).await;
            Ok(())
        })
        .await
    }
}

/// How a member is called, also one who is shut out.
async fn author(tx: &mut Tx, person: PersonId) -> Result<Author, Error> {
    Ok(store::get_author_in(tx, person).await?)
}

/// What is typed to find somebody, with or without the `@` of a handle.
fn folded(typed: &str) -> &str {
    let typed = typed.trim();
    typed.strip_prefix('@').unwrap_or(typed)
}
