//! Beginning a group.

use super::News;
use crate::{Error, Services, Signed, secret::random_bytes};
use telicat_domain::{
    ApiError, Field, FieldError, RoomId, RoomName, RoomSlug, Topic, permission::Role, room::RoomKind,
    room_link::LinkTerms,
};
use telicat_store::{Tx, members, new_id, room_changes, room_links, rooms as store};

/// Characters that tell a room from others of its name.
const SUFFIX: usize = 6;
/// Tries to find a slug that no room has: of a thousand rooms of one name, one in a million takes one that is taken.
const TRIES: usize = 5;

impl Services {
    /// Begins a group. Who asks owns it, and there is a link that lets others in.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] with every field that cannot be taken; [`ApiError::RateLimited`].
    pub async fn create_room(&self, signed: &Signed, name: &str, topic: &str) -> Result<RoomSlug, Error> {
        let (name, topic) = named(name, topic)?;
        self.rooms.begun_by_person.take(signed.person, self.now())?;
        let signed = signed.clone();
        self.carry_out(|services| async move {
            let now = services.now();
            let mut tx = services.db.begin().await?;
            let new = store::NewRoom {
                id: RoomId(new_id(now)),
                slug: &RoomSlug::public_chat(),
                kind: RoomKind::Group,
                name: name.as_str(),
                topic: topic.as_str(),
                direct_key: None,
                at: now,
            };
            let slug = insert_with_slug(&mut tx, new, name.as_str()).await?;
            // What comes first is that the owner is there.
            members::insert_member(&mut tx, new.id, signed.person, Role::Owner, 1, now).await?;
            let owner = members::find_living(&mut tx, signed.person).await?.ok_or(ApiError::NotSignedIn)?;
            let event = room_changes::insert_member_change(&mut tx, new.id, owner, Some(Role::Owner), 1, now).await?;
            let link = super::links::new_link(new.id, LinkTerms::default(), now)?;
            room_links::replace_link(&mut tx, &link, signed.person, now).await?;
            tx.commit().await?;
            tracing::info!(person = %signed.person, room = %new.id, "began a group");
            let mut news = News::of(new.id, &slug);
            news.push_gain(event, signed.person);
            services.tell(news).await;
            Ok(slug)
        })
        .await
    }
}

/// Reads name and topic as they were typed.
///
/// # Errors
/// [`ApiError::Invalid`] with both fields when neither can be taken.
pub(super) fn named(name: &str, topic: &str) -> Result<(RoomName, Topic), Error> {
    match (RoomName::parse(name), Topic::parse(topic)) {
        (Ok(name), Ok(topic)) => Ok((name, topic)),
        (name, topic) => {
            let problems = [(Field::Name, name.err()), (Field::Topic, topic.err())].into_iter();
            let fields = problems.filter_map(|(field, problem)| Some(FieldError { field, problem: problem? }));
            Err(Error::invalid(fields.collect()))
        }
    }
}

/// Writes a room under a slug that no other has, which is made from a text.
pub(super) async fn insert_with_slug(tx: &mut Tx, new: store::NewRoom<'_>, stem: &str) -> Result<RoomSlug, Error> {
    for _ in 0..TRIES {
        let slug = RoomSlug::for_name(stem, &random_name::<SUFFIX>()?).map_err(|_| Error::Fault("no slug"))?;
        if store::insert_room(tx, &store::NewRoom { slug: &slug, ..new }).await? {
            return Ok(slug);
        }
    }
    Err(Error::Fault("no slug for a room is free"))
}

/// Random characters of base32 (RFC 4648 section 6, in lower case): five bits each.
///
/// # Errors
/// When the system has no randomness to give.
pub(super) fn random_name<const N: usize>() -> Result<String, Error> {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    Ok(random_bytes::<N>()?.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect())
}
