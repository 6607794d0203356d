//! Rooms, loaded through the one who asks: what a person may not see does not exist.

mod history;
mod newest;
mod public;

pub(crate) use public::PublicRooms;

use crate::{Error, Signed, clock::Clock};
use newest::Newest;
use std::sync::Arc;
use telicat_domain::{
    ApiError, RoomId, RoomSlug, Timestamp,
    permission::{Action, Standing, may},
    room::{Involvement, RoomEntry},
};
use telicat_store::{Db, new_id, rooms as store};

/// Reads rooms.
pub struct Rooms {
    db: Db,
    clock: Arc<dyn Clock>,
    newest: Newest,
    public: Arc<PublicRooms>,
}

impl Rooms {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, public: Arc<PublicRooms>) -> Self {
        Self { db, clock, newest: Newest::default(), public }
    }

    pub(crate) async fn ensure_public_room(&self, now: Timestamp) -> Result<(), Error> {
        let slug = RoomSlug::public_chat();
        let mut tx = self.db.begin().await?;
        store::insert_public_room(&mut tx, RoomId(new_id(now)), &slug, "Public chat", "", now).await?;
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
}

/// How a person stands to a room that was found for them.
pub(crate) fn standing(room: &store::Room, signed: &Signed) -> Standing {
    Standing::of(room.summary.kind, room.role, signed.is_owner)
}

/// Whether the person for whom a room was found may read it.
fn is_readable(room: &store::Room, signed: &Signed) -> bool {
    may(Action::Read, room.summary.place(), standing(room, signed))
}

/// A room in its person's list.
fn entry(room: store::Room) -> RoomEntry {
    RoomEntry {
        room: room.summary,
        role: room.role,
        head: room.last_seq,
        read: room.last_seq,
        read_version: 0,
        unread: 0,
        mentions: 0,
        threads: Vec::new(),
        last: None,
        active_at: Timestamp(0),
        favourite: false,
        involvement: Involvement::Everything,
        muted_until: Timestamp(0),
    }
}
