//! The list of rooms of one person, as a pure function of what arrived.
//!
//! It begins with what the server said at one moment, and takes in the events of all rooms and the reports of what was
//! read elsewhere. Whatever it cannot know, it says: then the list is fetched again, and takes the place of this one.

use crate::{
    event::{Event, Gone, Message, snippet},
    id::{MessageId, PersonId},
    limits::{THREADS_MAX, UNREAD_MAX},
    person::Author,
    room::{LastMessage, ReadState, RoomEntry, RoomKind},
    slug::RoomSlug,
    timestamp::Timestamp,
};
use std::collections::BTreeMap;

/// What became of something that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The list is as it should be.
    Settled,
    /// Something is missing: fetch the list again.
    Fetch,
}

/// The rooms of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    me: PersonId,
    rooms: BTreeMap<RoomSlug, RoomEntry>,
    /// Reports on moments whose events have not arrived yet.
    early: BTreeMap<RoomSlug, ReadState>,
}

/// What stands out in all rooms together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Badge {
    /// Rooms with something unread.
    pub rooms: usize,
    /// Messages that call the person, and unread ones of direct rooms.
    pub calls: u32,
}

impl Directory {
    /// The list that the server gave to a person.
    #[must_use]
    pub fn new(me: PersonId, rooms: Vec<RoomEntry>) -> Self {
        let rooms = rooms.into_iter().map(|entry| (entry.room.slug.clone(), entry)).collect();
        Self { me, rooms, early: BTreeMap::new() }
    }

    /// Takes a list that was fetched again. Rooms that this one knows more of keep what they have.
    pub fn replace(&mut self, rooms: Vec<RoomEntry>) {
        let before = std::mem::take(&mut self.rooms);
        for entry in rooms {
            let newer = |known: &&RoomEntry| known.head > entry.head && known.read_version >= entry.read_version;
            let kept = before.get(&entry.room.slug).filter(newer).cloned();
            self.rooms.insert(entry.room.slug.clone(), kept.unwrap_or(entry));
        }
        self.early.retain(|slug, _| self.rooms.contains_key(slug));
        let waiting: Vec<RoomSlug> = self.early.keys().cloned().collect();
        waiting.iter().for_each(|slug| self.settle_early(slug));
    }

    /// A room of the person.
    #[must_use]
    pub fn room(&self, slug: &RoomSlug) -> Option<&RoomEntry> {
        self.rooms.get(slug)
    }

    /// All rooms, in no useful order.
    pub fn rooms(&self) -> impl Iterator<Item = &RoomEntry> {
        self.rooms.values()
    }

    /// The person has a room, or stands to it in another way.
    pub fn enter(&mut self, entry: RoomEntry) {
        let known = self.rooms.get(&entry.room.slug);
        if known.is_none_or(|known| known.head <= entry.head) {
            self.rooms.insert(entry.room.slug.clone(), entry);
        } else if let Some(known) = self.rooms.get_mut(&entry.room.slug) {
            // What one chose for oneself has no number; what happened in the room meanwhile is known better here.
            (known.role, known.favourite) = (entry.role, entry.favourite);
            (known.involvement, known.muted_until) = (entry.involvement, entry.muted_until);
        }
    }

    /// The person has lost a room.
    pub fn lose(&mut self, slug: &RoomSlug) {
        self.rooms.remove(slug);
        self.early.remove(slug);
    }

    /// Takes in an event of a room.
    pub fn apply(&mut self, slug: &RoomSlug, event: &Event) -> Outcome {
        let me = self.me;
        let Some(entry) = self.rooms.get_mut(slug) else { return Outcome::Fetch };
        if event.seq() <= entry.head {
            return Outcome::Settled;
        }
        if event.seq() > entry.head + 1 {
            return Outcome::Fetch;
        }
        entry.head = event.seq();
        let outcome = take_in(entry, me, event);
        self.settle_early(slug);
        outcome
    }

    /// Takes in how far the person has read, here or elsewhere.
    pub fn read(&mut self, slug: &RoomSlug, state: ReadState) -> Outcome {
        let Some(entry) = self.rooms.get_mut(slug) else { return Outcome::Settled };
        if state.version <= entry.read_version {
            return Outcome::Settled;
        }
        if state.head > entry.head {
            let waiting = self.early.get(slug);
            if waiting.is_none_or(|waiting| waiting.version < state.version) {
                self.early.insert(slug.clone(), state);
            }
            return Outcome::Settled;
        }
        let (behind, all_read) = (state.head < entry.head, state.read >= entry.head);
        (entry.read, entry.read_version) = (state.read, state.version);
        (entry.unread, entry.mentions) = if all_read { (0, 0) } else { (state.unread, state.mentions) };
        if behind && !all_read { Outcome::Fetch } else { Outcome::Settled }
    }

    fn settle_early(&mut self, slug: &RoomSlug) {
        let head = self.rooms.get(slug).map_or(0, |entry| entry.head);
        if self.early.get(slug).is_some_and(|state| state.head <= head)
            && let Some(state) = self.early.remove(slug)
        {
            self.read(slug, state);
        }
    }

    /// There is something new in a thread that the person follows.
    pub fn thread_has_news(&mut self, slug: &RoomSlug, root: MessageId) {
        if let Some(entry) = self.rooms.get_mut(slug)
            && entry.threads.len() < THREADS_MAX
            && !entry.threads.contains(&root)
        {
            entry.threads.push(root);
        }
    }

    /// The person has read a thread, or does not follow it any more.
    pub fn thread_is_read(&mut self, slug: &RoomSlug, root: MessageId) {
        if let Some(entry) = self.rooms.get_mut(slug) {
            entry.threads.retain(|other| *other != root);
        }
    }

    /// Somebody has another name, handle or picture.
    pub fn rename(&mut self, author: &Author) {
        for entry in self.rooms.values_mut() {
            for person in entry.room.people.iter_mut().filter(|person| person.id == author.id) {
                person.clone_from(author);
            }
            if let Some(last) = entry.last.as_mut().filter(|last| last.author.id == author.id) {
                last.author.clone_from(author);
            }
        }
    }

    /// Somebody took back all that they wrote.
    pub fn erase(&mut self, author: PersonId) {
        for last in self.rooms.values_mut().filter_map(|entry| entry.last.as_mut()) {
            if last.author.id == author {
                last.text.clear();
            }
        }
    }

    /// What stands out at a moment.
    #[must_use]
    pub fn badge(&self, now: Timestamp) -> Badge {
        let mut badge = Badge::default();
        for entry in self.rooms.values().filter(|entry| entry.is_unread(now)) {
            badge.rooms += 1;
            let direct = entry.room.kind == RoomKind::Direct;
            badge.calls = badge.calls.saturating_add(if direct { entry.unread } else { entry.mentions });
        }
        badge
    }
}

fn take_in(entry: &mut RoomEntry, me: PersonId, event: &Event) -> Outcome {
    match event {
        Event::Posted(message) => {
            if message.root.is_none() {
                count(entry, me, message);
                say(entry, message);
            }
        }
        Event::Restored { message, .. } => {
            if message.root.is_none() {
                count(entry, me, message);
                if entry.last.as_ref().is_none_or(|last| last.seq < message.seq) {
                    say(entry, message);
                }
            }
        }
        Event::Edited { message, called, called_all, .. } => {
            if let Some(last) = entry.last.as_mut().filter(|last| last.id == message.id) {
                last.text = snippet(&message.body);
            }
            let counted = message.root.is_none() && message.author.id != me && message.seq > entry.read;
            let before = *called_all || called.contains(&me);
            if counted && before != message.calls(me) {
                return if before { less(&mut entry.mentions) } else { more(&mut entry.mentions) };
            }
        }
        Event::Deleted { message, .. } => return uncount(entry, me, message),
        Event::Room { name, topic, archived, .. } => {
            entry.room.name.clone_from(name);
            entry.room.topic.clone_from(topic);
            entry.room.archived = *archived;
        }
        Event::Member { person, role, .. } => {
            // Who is no member any more loses the room by a frame of its own.
            if person.id == me && role.is_some() {
                entry.role = *role;
            }
        }
        Event::Reacted { .. } | Event::Pinned { .. } => {}
    }
    Outcome::Settled
}

fn count(entry: &mut RoomEntry, me: PersonId, message: &Message) {
    if message.author.id == me || message.seq <= entry.read || message.deleted {
        return;
    }
    more(&mut entry.unread);
    if message.calls(me) {
        more(&mut entry.mentions);
    }
}

fn uncount(entry: &mut RoomEntry, me: PersonId, gone: &Gone) -> Outcome {
    let was_last = entry.last.as_ref().is_some_and(|last| last.id == gone.id);
    let mut outcome = Outcome::Settled;
    if gone.root.is_none() && gone.author != me && gone.seq > entry.read {
        outcome = less(&mut entry.unread);
        if (gone.called_all || gone.called.contains(&me)) && less(&mut entry.mentions) == Outcome::Fetch {
            outcome = Outcome::Fetch;
        }
    }
    if was_last {
        // Which message is the last one now, the server knows.
        entry.last = None;
        outcome = Outcome::Fetch;
    }
    outcome
}

fn more(count: &mut u32) -> Outcome {
    *count = (*count + 1).min(UNREAD_MAX);
    Outcome::Settled
}

/// "Or more" may be as many as before.
fn less(count: &mut u32) -> Outcome {
    if *count >= UNREAD_MAX || *count == 0 {
        return Outcome::Fetch;
    }
    *count -= 1;
    Outcome::Settled
}

fn say(entry: &mut RoomEntry, message: &Message) {
    entry.active_at = entry.active_at.max(message.at);
    entry.last = Some(LastMessage {
        seq: message.seq,
        id: message.id,
        author: message.author.clone(),
        text: snippet(&message.body),
        at: message.at,
    });
}
