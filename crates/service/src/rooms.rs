//! Rooms, loaded through the one who asks: what a person may not see does not exist.

mod arranging;
mod beginning;
mod direct;
mod entry;
mod handing_over;
mod history;
mod inside;
mod links;
mod members;
mod newest;
mod news;
mod purging;

pub(crate) use handing_over::hand_over;
pub(crate) use news::News;

use crate::{Error, Signed, clock::Clock, limiter::Limiter, reading::Reading};
use newest::Newest;
use std::{collections::HashMap, sync::Arc};
use telicat_domain::{
    ApiError, PersonId, RoomId, RoomSlug, Timestamp,
    permission::{Action, Standing, may},
    room::RoomSummary,
};
use telicat_store::{Db, new_id, rooms as store};

/// Reads rooms.
pub struct Rooms {
    db: Db,
    clock: Arc<dyn Clock>,
    newest: Newest,
    reading: Arc<Reading>,
    begun_by_person: Limiter<PersonId>,
}

impl Rooms {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, reading: Arc<Reading>, rate_limits: bool) -> Self {
        let begun_by_person = Limiter::new(20, 60, rate_limits);
        Self { db, clock, newest: Newest::default(), reading, begun_by_person }
    }

    pub(crate) async fn ensure_public_room(&self, now: Timestamp) -> Result<(), Error> {
        let slug = RoomSlug::public_chat();
        let mut tx = self.db.begin().await?;
        let id = RoomId(new_id(now));
        let kind = telicat_domain::room::RoomKind::Public;
        let room = store::NewRoom { id, slug: &slug, kind, name: "Public chat", topic: "", direct_key: None, at: now };
        store::insert_room(&mut tx, &room).await?;
        Ok(tx.commit().await?)
    }

    /// Somebody is called otherwise now, or has taken back what they wrote: no page is believed that was read before.
    pub(crate) fn forget_pages(&self) {
        self.newest.clear();
    }

    /// A room that a person may read. One query.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub(crate) async fn readable(&self, signed: &Signed, slug: &str) -> Result<store::Room, Error> {
        let room = match RoomSlug::parse(slug) {
            Ok(slug) => store::find_room(&self.db, slug.as_str(), signed.person).await?,
            Err(_) => None,
        };
        room.filter(|room| is_readable(room, signed)).ok_or(Error::Api(ApiError::NotFound))
    }

    /// All rooms that a person may read, as their list shows them. Two queries.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn all_readable(&self, person: PersonId) -> Result<HashMap<RoomId, RoomSummary>, Error> {
        let entries = self.reading.list_with_ids(person).await?;
        Ok(entries.into_iter().map(|(id, entry)| (id, entry.room)).collect())
    }
}

/// How a person stands to a room that was found for them.
pub(crate) fn standing(room: &store::Room, signed: &Signed) -> Standing {
    Standing::of(room.summary.kind, room.role, signed.is_owner)
}

/// Whether the person for whom a room was found may read it.
fn is_readable(room: &store::Room, signed: &Signed) -> bool {
    may(Action::Read, room.summary.place(), standing(room, signed))
}
