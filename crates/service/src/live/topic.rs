//! One room, as far as it is heard: its listeners, and its last events.

use super::{connection::Connection, wire::WireFrame};
use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use telicat_domain::{Message, PersonId, RoomSlug, event::Event, frame::ServerFrame};

/// Events that are kept at hand, so that a short gap costs no query.
const RECENT_EVENTS: usize = 256;
/// Bytes of frames that are kept at hand.
const RECENT_BYTES: usize = 1024 * 1024;

pub(super) struct Topic {
    slug: RoomSlug,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    listeners: Vec<Arc<Connection>>,
    /// How often a listener came or went.
    changes: u64,
    /// Encoded frames of the last events, without a hole between them.
    recent: VecDeque<(i64, WireFrame)>,
    bytes: usize,
    /// The last event that was published here, 0 before the first.
    last: i64,
    /// Authors who took back all that they wrote.
    erased: HashSet<PersonId>,
}

/// What a room has for somebody who asks for what was missed.
pub(super) enum Missed {
    /// Nothing, or it was sent.
    Sent,
    /// More than is at hand.
    Behind {
        /// The last event known here.
        seq: i64,
    },
}

impl Topic {
    pub(super) fn new(slug: RoomSlug) -> Self {
        Self { slug, inner: Mutex::default() }
    }

    /// Adds a listener, and says which event is the last that it will not hear. `head` is what the database said
    /// before: an event that was published since is newer.
    pub(super) fn attach(&self, connection: &Arc<Connection>, head: i64) -> i64 {
        let mut inner = self.lock();
        inner.listeners.push(connection.clone());
        inner.changes += 1;
        head.max(inner.last)
    }

    pub(super) fn detach(&self, connection: &Arc<Connection>) {
        let mut inner = self.lock();
        inner.listeners.retain(|other| !Arc::ptr_eq(other, connection));
        inner.changes += 1;
    }

    /// How often a listener came or went.
    pub(super) fn changes(&self) -> u64 {
        self.lock().changes
    }

    /// Gives a frame that is true for a moment to all who listen but one person.
    pub(super) fn pass_on(&self, frame: &WireFrame, but: PersonId) {
        for listener in self.lock().listeners.iter().filter(|listener| listener.person != but) {
            listener.send(frame);
        }
    }

    /// Who listens now.
    pub(super) fn listeners(&self) -> Vec<Arc<Connection>> {
        self.lock().listeners.clone()
    }

    /// Encodes an event once and gives it to all who listen.
    pub(super) fn publish(&self, event: &Event) {
        let Some(mut frame) = self.frame_of(event.clone()) else { return };
        let mut inner = self.lock();
        if event.message().is_some_and(|message| inner.erased.contains(&message.author.id)) {
            // It was written a moment before it was taken back, and comes after that.
            let mut blank = event.clone();
            blank.message_mut().into_iter().for_each(Message::erase);
            let Some(encoded) = self.frame_of(blank) else { return };
            frame = encoded;
        }
        inner.last = event.seq();
        if inner.recent.back().is_some_and(|(last, _)| event.seq() != last + 1) {
            inner.recent.clear();
            inner.bytes = 0;
        }
        inner.bytes += frame.len();
        inner.recent.push_back((event.seq(), frame.clone()));
        while inner.recent.len() > RECENT_EVENTS || inner.bytes > RECENT_BYTES {
            if let Some((_, old)) = inner.recent.pop_front() {
                inner.bytes -= old.len();
            }
        }
        inner.listeners.retain(|listener| listener.send(&frame));
    }

    /// Keeps nothing that an author wrote, neither of what is at hand nor of what may still come.
    pub(super) fn erase(&self, author: PersonId) {
        let mut inner = self.lock();
        inner.erased.insert(author);
        inner.recent.clear();
        inner.bytes = 0;
    }

    fn frame_of(&self, event: Event) -> Option<WireFrame> {
        WireFrame::encode(&ServerFrame::Event { room: self.slug.clone(), event })
    }

    /// Sends what came after `cursor`, when all of it is at hand.
    pub(super) fn resume(&self, connection: &Connection, cursor: i64, head: i64) -> Missed {
        let inner = self.lock();
        let cursor = cursor.max(0);
        let head = head.max(inner.last);
        if cursor >= head {
            return Missed::Sent;
        }
        let first = inner.recent.front().map_or(i64::MAX, |(seq, _)| *seq);
        let missed = usize::try_from(head - cursor).unwrap_or(usize::MAX);
        if first > cursor + 1 || missed > connection.room() {
            return Missed::Behind { seq: head };
        }
        for (_, frame) in inner.recent.iter().filter(|(seq, _)| *seq > cursor) {
            connection.send(frame);
        }
        Missed::Sent
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
