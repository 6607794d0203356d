//! What a reader sees of a room, or of one thread, as a pure function of what arrived.
//!
//! Frames of the socket, pages of a catch-up, pages of history, the reader's own messages and the answers to them arrive
//! in any order, late, twice or never. Whatever the order, the timeline shows every message of its window once, in the
//! order of `seq` and with the changes that were made to it, and ends the same: `tests/timeline.rs` tries that with
//! random orders.
//!
//! The window is a part of the history without a hole. While it reaches to the newest message, new ones are added to it;
//! while it does not, they are only counted, and the pages behind it fetch them.

mod change;
mod outbox;
mod people;
mod rows;
mod window;

pub use outbox::{Outgoing, SendState};
pub use rows::{Row, RowState};
pub use window::Fits;

use crate::{
    event::{Event, EventPage, Message},
    id::{MessageId, PersonId},
    limits::TIMELINE_MAX,
    person::Author,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

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

/// The messages of one room or thread that a tab knows, and the own ones that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// Who reads.
    me: PersonId,
    /// The first message of the thread, when it is a thread's. It stands above all others, whatever the window shows.
    root: Option<Message>,
    messages: Vec<Message>,
    cursor: i64,
    older: bool,
    /// The number of the newest message that there is. The window reaches to it, or there is more behind the window.
    last_post: i64,
    /// Events that came too early, at most [`Bounds::early`] of them.
    early: BTreeMap<i64, Event>,
    /// The last event that came too early and was not kept, because there were too many.
    dropped: i64,
    /// The last changes of messages: a page of history that was read before them has to be told.
    changes: VecDeque<Event>,
    /// The last change that is not in `changes` any more, or never was because it came before the timeline.
    forgotten: i64,
    /// The reader's own reactions to messages that were deleted: a deletion can be taken back, and nobody else says.
    given: BTreeMap<MessageId, Vec<String>>,
    /// Threads of which the reader heard that they follow them: which those are, no event says.
    followed: BTreeSet<MessageId>,
    outgoing: Vec<Outgoing>,
    /// How people are called who have changed that while this timeline was open. It is the last word on them: a page or
    /// a frame may have been made before the change and arrive after it.
    renamed: BTreeMap<PersonId, Author>,
    /// Authors who took back all that they wrote.
    erased: BTreeSet<PersonId>,
    bounds: Bounds,
}

/// How much a timeline keeps: a tab that is left open for days stays as small as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Messages in the window.
    pub messages: usize,
    /// Changes that are remembered for pages which were read before them.
    pub changes: usize,
    /// Events that came too early.
    pub early: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { messages: TIMELINE_MAX, changes: 512, early: 512 }
    }
}

impl Timeline {
    /// The timeline of a room that begins with a page: `messages` oldest first, `cursor` the last event they know of,
    /// `older` whether there is more before them, `last_post` the newest message that there is.
    #[must_use]
    pub fn new(me: PersonId, messages: Vec<Message>, cursor: i64, older: bool, last_post: i64) -> Self {
        let last_post = messages.last().map_or(last_post, |last| last.seq.max(last_post));
        Self {
            me,
            root: None,
            messages,
            cursor,
            older,
            last_post,
            early: BTreeMap::new(),
            dropped: 0,
            changes: VecDeque::new(),
            forgotten: cursor,
            given: BTreeMap::new(),
            followed: BTreeSet::new(),
            outgoing: Vec::new(),
            renamed: BTreeMap::new(),
            erased: BTreeSet::new(),
            bounds: Bounds::default(),
        }
    }

    /// The same timeline with other bounds.
    #[must_use]
    pub fn within(self, bounds: Bounds) -> Self {
        Self { bounds, ..self }
    }

    /// The timeline of a thread, at its newest replies.
    #[must_use]
    pub fn of_thread(me: PersonId, root: Message, replies: Vec<Message>, cursor: i64, older: bool) -> Self {
        Self { root: Some(root), ..Self::new(me, replies, cursor, older, 0) }
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

    /// Whether there are messages after the last one known.
    #[must_use]
    pub fn has_newer(&self) -> bool {
        self.messages.last().map_or(0, |last| last.seq) < self.last_post
    }

    /// The newest message that there is, known or not; 0 when there is none.
    #[must_use]
    pub fn last_post(&self) -> i64 {
        self.last_post
    }

    /// The first message of the thread, when it is a thread's.
    #[must_use]
    pub fn root(&self) -> Option<&Message> {
        self.root.as_ref()
    }

    /// The confirmed messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// A message that is known.
    #[must_use]
    pub fn message(&self, id: MessageId) -> Option<&Message> {
        self.root.iter().chain(self.messages.iter().rev()).find(|message| message.id == id)
    }

    /// The own messages that are not confirmed, in the order in which they were sent.
    #[must_use]
    pub fn outgoing(&self) -> &[Outgoing] {
        &self.outgoing
    }

    /// Whether events came too early, so that something is missing before them.
    #[must_use]
    pub fn has_gap(&self) -> bool {
        !self.early.is_empty() || self.dropped > self.cursor
    }

    /// Takes in an event, from the socket or as the answer to something the reader did.
    pub fn apply(&mut self, event: Event) -> Applied {
        if event.seq() <= self.cursor {
            self.settle(&event);
            return Applied::Known;
        }
        if event.seq() > self.cursor + 1 {
            self.hold(event);
            return Applied::Gap;
        }
        self.push(event);
        self.drain_early();
        Applied::Yes
    }

    /// Keeps an event until those before it are there. Of too many the last go: a catch-up brings them in its turn.
    fn hold(&mut self, event: Event) {
        self.early.insert(event.seq(), event);
        if self.early.len() > self.bounds.early
            && let Some((seq, _)) = self.early.pop_last()
        {
            self.dropped = self.dropped.max(seq);
        }
    }

    /// Takes in a page of `messages/since`. Pages may be asked for with an old cursor, and may arrive late.
    pub fn catch_up(&mut self, page: EventPage) {
        for event in page.events {
            self.apply(event);
        }
    }

    fn push(&mut self, mut event: Event) {
        self.cursor = event.seq();
        self.settle(&event);
        // A frame may have been made before its author took another name, or took everything back.
        if let Some(message) = event.message_mut() {
            self.bring_up_to_date(message);
        }
        self.change_all(&event);
        match event {
            Event::Posted(message) if self.is_here(&message) => self.add(message),
            Event::Posted(message) if message.root.is_none() => {}
            // Replies change the first message of their thread, so they are changes too.
            event => self.remember(event),
        }
    }

    /// Adds a message that was posted just now, unless it is behind the window, or was in a page that is newer than the
    /// cursor.
    fn add(&mut self, message: Message) {
        if message.seq <= self.messages.last().map_or(0, |last| last.seq) {
            return;
        }
        let follows = !self.has_newer();
        self.last_post = self.last_post.max(message.seq);
        if follows {
            self.messages.push(message);
        }
    }

    /// Whether a message stands in this timeline and not in another one of its room.
    fn is_here(&self, message: &Message) -> bool {
        message.root.map(|root| root.id) == self.root.as_ref().map(|root| root.id)
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
        if let Some(message) = event.posted() {
            self.outgoing.retain(|outgoing| outgoing.nonce != message.nonce);
        }
    }
}
