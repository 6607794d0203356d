//! Rooms, loaded through the one who asks: what a person may not see does not exist.

mod newest;

use crate::{Error, Signed, clock::Clock, people::known_by, reading::Reading};
use newest::Newest;
use std::sync::Arc;
use telicat_domain::{
    ApiError, EventPage, RoomId, RoomSlug, Timestamp,
    event::Event,
    limits::{CATCH_UP_PAGE, HISTORY_PAGE, HISTORY_PAGE_MAX},
    permission::{Action, Standing, may},
    room::RoomPage,
};
use telicat_store::{Db, messages, new_id, rooms as store};

/// Reads rooms.
pub struct Rooms {
    db: Db,
    clock: Arc<dyn Clock>,
    newest: Newest,
    reading: Arc<Reading>,
}

impl Rooms {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, reading: Arc<Reading>) -> Self {
        Self { db, clock, newest: Newest::default(), reading }
    }

    pub(crate) async fn ensure_public_room(&self, now: Timestamp) -> Result<(), Error> {
        let slug = RoomSlug::public_chat();
        let mut tx = self.db.begin().await?;
        store::insert_public_room(&mut tx, RoomId(new_id(now)), &slug, "Public chat", "", now).await?;
        Ok(tx.commit().await?)
    }

    /// The page of a room, at its newest messages. Four queries, however long the room is and however many rooms the
    /// person has; three, as long as nothing happens in it, and one more for who has direct rooms.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn page(&self, signed: &Signed, slug: &str) -> Result<RoomPage, Error> {
        let people = known_by(self.clock.now());
        // The page shows the list of rooms in any case, and all that may be read are in it.
        let rooms = self.reading.list_with_ids(signed.person).await?;
        let (id, room) =
            rooms.iter().find(|(_, entry)| entry.room.slug.as_str() == slug).cloned().ok_or(ApiError::NotFound)?;
        // The room's last event was read first, so whatever is posted meanwhile is after the cursor, and comes by itself.
        let page = self.newest(id, room.head).await?;
        Ok(RoomPage {
            room,
            older: page.next.is_some(),
            newer: false,
            last_post: 0,
            messages: page.events.iter().filter_map(Event::posted).cloned().collect(),
            cursor: page.at,
            rooms: rooms.into_iter().map(|(_, entry)| entry).collect(),
            people,
            members: 0,
            pinned: 0,
        })
    }

    /// The events after `seq`, at most 200.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn since(&self, signed: &Signed, slug: &str, seq: i64) -> Result<EventPage, Error> {
        let room = self.readable(signed, slug).await?;
        let events = messages::list_events_since(&self.db, room.id, seq.max(0), CATCH_UP_PAGE as i64).await?;
        let next = if events.len() == CATCH_UP_PAGE { events.last().map(Event::seq) } else { None };
        Ok(EventPage { next, events, at: room.last_seq })
    }

    /// The messages before `seq` (the newest, when nothing is said), at most `limit` and never more than 200.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn before(
        &self,
        signed: &Signed,
        slug: &str,
        seq: Option<i64>,
        limit: Option<usize>,
    ) -> Result<EventPage, Error> {
        let room = self.readable(signed, slug).await?;
        let limit = limit.unwrap_or(HISTORY_PAGE).clamp(1, HISTORY_PAGE_MAX);
        self.history(room.id, seq.unwrap_or(room.last_seq + 1), limit, room.last_seq).await
    }

    /// Somebody is called otherwise now, or has taken back what they wrote: no page is believed that was read before.
    pub(crate) fn forget_pages(&self) {
        self.newest.clear();
    }

    async fn newest(&self, room: RoomId, last_seq: i64) -> Result<Arc<EventPage>, Error> {
        let now = self.clock.now();
        if let Some(page) = self.newest.find(room, last_seq, now) {
            return Ok(page);
        }
        let page = Arc::new(self.history(room, last_seq + 1, HISTORY_PAGE, last_seq).await?);
        self.newest.keep(room, last_seq, now, page.clone());
        Ok(page)
    }

    async fn history(&self, room: RoomId, before: i64, limit: usize, at: i64) -> Result<EventPage, Error> {
        // One more than asked for tells whether there is a page before.
        let mut messages = messages::list_messages_before(&self.db, room, before, limit as i64 + 1).await?;
        let more = messages.len() > limit;
        if more {
            messages.remove(0);
        }
        let next = if more { messages.first().map(|message| message.seq) } else { None };
        Ok(EventPage { events: messages.into_iter().map(Event::Posted).collect(), next, at })
    }

    async fn readable(&self, signed: &Signed, slug: &str) -> Result<store::Room, Error> {
        let room = match RoomSlug::parse(slug) {
            Ok(slug) => store::find_room(&self.db, slug.as_str(), signed.person).await?,
            Err(_) => None,
        };
        room.filter(is_readable).ok_or(Error::Api(ApiError::NotFound))
    }
}

/// Whether the person whose room it is may read it.
fn is_readable(room: &store::Room) -> bool {
    may(Action::Read, room.summary.place(), Standing::of(room.summary.kind, room.role, false))
}
