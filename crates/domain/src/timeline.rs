//! What a reader sees of a room, as a pure function of what arrived.
//!
//! Frames of the socket, pages of a catch-up, older pages, the reader's own messages and the answers to them arrive in
//! any order, late, twice or never. Whatever the order, the timeline shows every message once, in the order of `seq`,
//! and ends the same: `tests/timeline.rs` tries that with random orders.

mod outbox;
mod people;
mod rows;

pub use outbox::{Outgoing, SendState};
pub use rows::{Row, RowState};

use crate::{
    error::ApiError,
    event::{Event, EventPage, Message},
    id::{Nonce, PersonId},
    limits::TIMELINE_MAX,
    person::Author,
};
use std::collections::{BTreeMap, BTreeSet};

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// It is shown.
    Yes,
    /// It had been applied before.
    Known,
    /// Events before it are missing: ask `messages/since` with the timeline's cursor. It is kept until they are there.
    Gap,
}

/// The messages of one room that a tab knows, and the own ones that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    messages: Vec<Message>,
    cursor: i64,
    older: bool,
    early: BTreeMap<i64, Event>,
    outgoing: Vec<Outgoing>,
    /// How people are called who have changed that while this timeline was open. It is the last word on them: a page or
    /// a frame may have been made before the change and arrive after it.
    renamed: BTreeMap<PersonId, Author>,
    /// Authors who took back all that they wrote.
    erased: BTreeSet<PersonId>,
}

impl Timeline {
    /// A timeline that begins with a page: `messages` oldest first, `cursor` the last event they know of, `older`
    /// whether there is more before them.
    #[must_use]
    pub fn new(messages: Vec<Message>, cursor: i64, older: bool) -> Self {
        Self {
            messages,
            cursor,
            older,
            early: BTreeMap::new(),
            outgoing: Vec::new(),
            renamed: BTreeMap::new(),
            erased: BTreeSet::new(),
        }
    }

    /// The last event applied; all before it are applied too.
    #[must_use]
    pub fn cursor(&self) -> i64 {
        self.cursor
    }

    /// Whether there are messages before the first one known.
    #[must_use]
    pub fn has_older(&self) -> bool {
        self.older
    }

    /// The confirmed messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// The own messages that are not confirmed, in the order in which they were sent.
    #[must_use]
    pub fn outgoing(&self) -> &[Outgoing] {
        &self.outgoing
    }

    /// Whether events are held that came too early, so that something is missing before them.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        !self.early.is_empty()
    }

    /// Takes in an event, from the socket or as the answer to an own post.
    pub fn apply(&mut self, event: Event) -> Applied {
        if event.seq() <= self.cursor {
            self.settle(&event);
            return Applied::Known;
        }
        if event.seq() > self.cursor + 1 {
            self.early.insert(event.seq(), event);
            return Applied::Gap;
        }
        self.push(event);
        self.drain_early();
        Applied::Yes
    }

    /// Takes in a page of `messages/since`. Pages may be asked for with an old cursor, and may arrive late.
    pub fn catch_up(&mut self, page: EventPage) {
        for event in page.events {
            self.apply(event);
        }
    }

    /// Takes in a page of `messages/before`.
    pub fn prepend(&mut self, page: EventPage) {
        let first = self.messages.first().map_or(self.cursor + 1, |message| message.seq);
        let Some(Event::Posted(last)) = page.events.last() else {
            self.older = page.next.is_some();
            return;
        };
        // A page that was asked for before the list was trimmed, or twice, does not fit on its beginning.
        if last.seq >= first {
            return;
        }
        self.older = page.next.is_some();
        // A reload may have put an own message back into the outbox that had arrived, further up than was loaded.
        page.events.iter().for_each(|event| self.settle(event));
        let mut messages: Vec<Message> =
            page.events.into_iter().map(|Event::Posted(message)| self.as_it_is_now(message)).collect();
        messages.append(&mut self.messages);
        self.messages = messages;
    }

    /// Forgets the oldest messages while the reader follows the newest, so that a tab which is left open stays small.
    pub fn trim(&mut self) {
        if self.messages.len() > TIMELINE_MAX {
            self.messages.drain(..self.messages.len() - TIMELINE_MAX);
            self.older = true;
        }
    }

    fn push(&mut self, event: Event) {
        self.cursor = event.seq();
        self.settle(&event);
        let Event::Posted(message) = event;
        let message = self.as_it_is_now(message);
        self.messages.push(message);
    }

    fn drain_early(&mut self) {
        while let Some(entry) = self.early.first_entry() {
            if *entry.key() > self.cursor + 1 {
                break;
            }
            let event = entry.remove();
            if event.seq() == self.cursor + 1 {
                self.push(event);
            }
        }
    }

    /// An own message that the server has is no longer outgoing.
    fn settle(&mut self, event: &Event) {
        let Event::Posted(message) = event;
        self.outgoing.retain(|outgoing| outgoing.nonce != message.nonce);
    }
}

impl Timeline {
    /// Shows an own message before the server has it. One that the server is known to have is not shown again.
    pub fn echo(&mut self, outgoing: Outgoing) {
        let known = self.messages.iter().any(|message| message.nonce == outgoing.nonce)
            || self.early.values().any(|Event::Posted(message)| message.nonce == outgoing.nonce)
            || self.outgoing.iter().any(|other| other.nonce == outgoing.nonce);
        if !known {
            self.outgoing.push(outgoing);
        }
    }

    /// Says on an own message that it could not be sent.
    pub fn fail(&mut self, nonce: Nonce, error: ApiError) {
        self.set_state(nonce, SendState::Failed(error));
    }

    /// Says on an own message that it is on its way again.
    pub fn retry(&mut self, nonce: Nonce) {
        self.set_state(nonce, SendState::Sending);
    }

    /// Takes back an own message that was not sent.
    pub fn discard(&mut self, nonce: Nonce) {
        self.outgoing.retain(|outgoing| outgoing.nonce != nonce);
    }

    fn set_state(&mut self, nonce: Nonce, state: SendState) {
        if let Some(outgoing) = self.outgoing.iter_mut().find(|outgoing| outgoing.nonce == nonce) {
            outgoing.state = state;
        }
    }
}
