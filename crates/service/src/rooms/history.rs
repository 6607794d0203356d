//! Reading rooms: pages of messages, and events.
//!
//! Nothing is read of a room beyond the number of its last event, which was read together with whether the person may:
//! so who is removed sees nothing of what came after.
//!
//! However long a page is, it costs a bounded number of queries: the messages, what belongs to them, and what the reader
//! has of them. The first two are the same for everybody.

use super::{Rooms, newest::Shared};
use crate::{Error, Signed, markdown::Draft, people::known_by};
use std::{collections::HashMap, sync::Arc};
use telicat_domain::{
    ApiError, EventPage, Message, MessageId, PersonId, RoomId, Timestamp,
    event::Event,
    limits::{CATCH_UP_PAGE, HISTORY_PAGE, HISTORY_PAGE_MAX},
    room::RoomPage,
};
use telicat_store::{
    messages::{self, Called, Facts},
    rooms as store,
};

/// Messages before and after the one that a page is asked for.
const AROUND: usize = HISTORY_PAGE / 2;

impl Rooms {
    /// The page of a room, at its newest messages. Five queries, however long the room is and however many rooms the
    /// person has; three, as long as nothing happens in it.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn page(&self, signed: &Signed, slug: &str) -> Result<RoomPage, Error> {
        self.page_at(signed, slug, None, true).await
    }

    /// The page of a room at its newest messages, or round the message with the number `at`; with or without the list of
    /// the person's rooms. Five queries.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn page_at(&self, signed: &Signed, slug: &str, at: Option<i64>, list: bool) -> Result<RoomPage, Error> {
        let now = self.clock.now();
        let people = known_by(now);
        // All that may be read are in the list.
        let (id, room, rooms) = if list {
            let rooms = self.reading.list_with_ids(signed.person).await?;
            let found = rooms.iter().find(|(_, entry)| entry.room.slug.as_str() == slug).cloned();
            let (id, room) = found.ok_or(ApiError::NotFound)?;
            (id, room, rooms.into_iter().map(|(_, entry)| entry).collect())
        } else {
            let (id, room) = self.reading.entry_named(signed.person, slug).await?;
            (id, room, Vec::new())
        };
        // What is posted meanwhile is after the cursor, and comes by itself.
        let shared = match at {
            None => self.newest_page(id, room.head).await?,
            Some(seq) => Arc::new(self.around(id, room.head, seq).await?),
        };
        let mut messages = shared.messages.clone();
        self.complete_own(signed.person, &mut messages.iter_mut().collect::<Vec<_>>()).await?;
        Ok(RoomPage {
            cursor: room.head,
            room,
            older: shared.older,
            newer: messages.last().map_or(0, |last| last.seq) < shared.facts.last_post,
            last_post: shared.facts.last_post,
            messages,
            rooms,
            people,
            members: shared.facts.members,
            pinned: shared.facts.pinned,
        })
    }

    /// The events after `seq`, at most 200, with their messages as they are now. Five queries, and one more when people
    /// came or went.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn since(&self, signed: &Signed, slug: &str, seq: i64) -> Result<EventPage, Error> {
        let room = self.readable(signed, slug).await?;
        let (after, head) = (seq.max(0), room.last_seq);
        let mut events = messages::list_events_since(&self.db, room.id, after, head, CATCH_UP_PAGE as i64).await?;
        let next = if events.len() == CATCH_UP_PAGE { events.last().map(Event::seq) } else { None };
        let mut found: Vec<&mut Message> = events.iter_mut().filter_map(Event::message_mut).collect();
        self.complete(signed.person, &mut found).await?;
        Ok(EventPage { next, events, at: room.last_seq })
    }

    /// The messages before `seq` outside of threads (the newest, when nothing is said), at most `limit` and never more
    /// than 200. Four queries.
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
        let before = seq.unwrap_or(i64::MAX).min(room.last_seq + 1);
        let (mut found, more) = self.list_before(room.id, before, limit).await?;
        self.complete(signed.person, &mut found.iter_mut().collect::<Vec<_>>()).await?;
        let next = if more { found.first().map(|message| message.seq) } else { None };
        Ok(EventPage { events: found.into_iter().map(Event::Posted).collect(), next, at: room.last_seq })
    }

    /// The messages after `seq` outside of threads, at most `limit` and never more than 200. Four queries.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn after(&self, signed: &Signed, slug: &str, seq: i64, limit: Option<usize>) -> Result<EventPage, Error> {
        let room = self.readable(signed, slug).await?;
        let limit = limit.unwrap_or(HISTORY_PAGE).clamp(1, HISTORY_PAGE_MAX);
        let mut found = messages::list_messages_after(&self.db, room.id, seq, limit as i64 + 1).await?;
        found.retain(|message| message.seq <= room.last_seq);
        let more = found.len() > limit;
        found.truncate(limit);
        self.complete(signed.person, &mut found.iter_mut().collect::<Vec<_>>()).await?;
        let next = if more { found.last().map(|message| message.seq) } else { None };
        Ok(EventPage { events: found.into_iter().map(Event::Posted).collect(), next, at: room.last_seq })
    }

    /// The number of the first message outside of threads that was written at a moment or after it. Two queries.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn first_since(&self, signed: &Signed, slug: &str, at: Timestamp) -> Result<Option<i64>, Error> {
        let room = self.readable(signed, slug).await?;
        Ok(messages::find_first_since(&self.db, room.id, at).await?.filter(|seq| *seq <= room.last_seq))
    }

    /// The room that a message is in. Two queries.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such message for this person.
    pub(crate) async fn with_message(&self, signed: &Signed, message: MessageId) -> Result<store::Room, Error> {
        let slug = messages::find_place(&self.db, message).await?.ok_or(ApiError::NotFound)?;
        self.readable(signed, slug.as_str()).await
    }

    /// Adds to messages what stands in other tables, and makes trees of their texts. Two queries.
    pub(crate) async fn complete(&self, reader: PersonId, found: &mut [&mut Message]) -> Result<(), Error> {
        self.complete_shared(found).await?;
        self.complete_own(reader, found).await
    }

    /// What is the same for everybody.
    async fn complete_shared(&self, found: &mut [&mut Message]) -> Result<(), Error> {
        if found.is_empty() {
            return Ok(());
        }
        let called = messages::fill(&self.db, found).await?;
        read_texts(found, &called);
        Ok(())
    }

    /// What is the same for everybody on the page of a room, and what the page's head says.
    async fn complete_page(&self, room: RoomId, found: &mut [Message]) -> Result<Facts, Error> {
        let mut found: Vec<&mut Message> = found.iter_mut().collect();
        let (called, facts) = messages::fill_page(&self.db, room, &mut found).await?;
        read_texts(&mut found, &called);
        Ok(facts)
    }

    /// What only the reader has.
    async fn complete_own(&self, reader: PersonId, found: &mut [&mut Message]) -> Result<(), Error> {
        if found.is_empty() {
            return Ok(());
        }
        Ok(messages::fill_own(&self.db, reader, found).await?)
    }

    async fn newest_page(&self, room: RoomId, last_seq: i64) -> Result<Arc<Shared>, Error> {
        let now = self.clock.now();
        if let Some(page) = self.newest.find(room, last_seq, now) {
            return Ok(page);
        }
        let (mut messages, older) = self.list_before(room, last_seq + 1, HISTORY_PAGE).await?;
        let mut facts = self.complete_page(room, &mut messages).await?;
        // What was posted after the number is no part of this page.
        facts.last_post = messages.last().map_or(0, |last| last.seq);
        let page = Arc::new(Shared { messages, older, facts });
        self.newest.keep(room, last_seq, now, page.clone());
        Ok(page)
    }

    async fn around(&self, room: RoomId, last_seq: i64, seq: i64) -> Result<Shared, Error> {
        // One more than shown tells whether there is a page before; after it the newest message tells.
        let (before, mut found) = messages::list_messages_around(&self.db, room, seq, AROUND as i64 + 1).await?;
        found.retain(|message| message.seq <= last_seq);
        let older = before > AROUND;
        if older {
            found.remove(0);
        }
        let facts = self.complete_page(room, &mut found).await?;
        Ok(Shared { messages: found, older, facts })
    }

    /// The last messages before a number, and whether there are more before them.
    async fn list_before(&self, room: RoomId, before: i64, limit: usize) -> Result<(Vec<Message>, bool), Error> {
        // One more than asked for tells whether there is a page before.
        let mut found = messages::list_messages_before(&self.db, room, before, limit as i64 + 1).await?;
        let more = found.len() > limit;
        if more {
            found.remove(0);
        }
        Ok((found, more))
    }
}

/// Makes trees of texts.
fn read_texts(found: &mut [&mut Message], called: &HashMap<MessageId, Called>) {
    let none = Called::new();
    for message in found.iter_mut() {
        let called = called.get(&message.id).unwrap_or(&none);
        message.rich = Draft::read(&message.body).finish(&message.body, called);
    }
}
