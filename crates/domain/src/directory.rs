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
use std::collections::{BTreeMap, BTreeSet};

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
    /// Rooms of which something is not known, with the event that a list must know of to be the answer.
    doubts: BTreeMap<RoomSlug, i64>,
    /// Rooms about which something without a number was told since the last list was asked for: that list may be of a
    /// moment before it or after.
    touched: BTreeSet<RoomSlug>,
    /// Rooms of whose reading there was a report since the last list was asked for: that list may not know of it.
    reported: BTreeSet<RoomSlug>,
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
        let (early, doubts) = (BTreeMap::new(), BTreeMap::new());
        Self { me, rooms, early, doubts, touched: BTreeSet::new(), reported: BTreeSet::new() }
    }

    /// A list is being asked for. To be called before, so that [`Self::replace`] knows what was told meanwhile.
    pub fn ask(&mut self) {
        self.touched.clear();
        self.reported.clear();
    }

    /// Takes a list that was fetched again. Rooms of which more is known here keep what they have. [`Outcome::Fetch`]
    /// when the list was not the last word.
    pub fn replace(&mut self, rooms: Vec<RoomEntry>) -> Outcome {
        let mut outcome = if self.touched.is_empty() { Outcome::Settled } else { Outcome::Fetch };
        let before = std::mem::take(&mut self.rooms);
        // What was told while the list was on its way is kept as it is, be that no room at all.
        let (kept, mut before): (BTreeMap<_, _>, BTreeMap<_, _>) =
            before.into_iter().partition(|(slug, _)| self.touched.contains(slug));
        self.rooms = kept;
        for entry in rooms {
            if self.touched.contains(&entry.room.slug) {
                continue;
            }
            if let Some(known) = before.remove(&entry.room.slug) {
                self.rooms.insert(entry.room.slug.clone(), known);
            } else if self.reported.contains(&entry.room.slug) {
                // There was no room to keep the report with.
                outcome = Outcome::Fetch;
            }
            if self.take(entry) == Outcome::Fetch {
                outcome = Outcome::Fetch;
            }
        }
        let (rooms, touched) = (&self.rooms, &self.touched);
        self.early.retain(|slug, _| rooms.contains_key(slug));
        // A room of which there was an event and which is not in the list was lost.
        self.doubts.retain(|slug, _| rooms.contains_key(slug) || touched.contains(slug));
        let waiting: Vec<RoomSlug> = self.early.keys().cloned().collect();
        for slug in waiting {
            if self.settle_early(&slug) == Outcome::Fetch {
                outcome = Outcome::Fetch;
            }
        }
        outcome
    }

    /// Takes what the server says of a room, unless more is known here.
    fn take(&mut self, entry: RoomEntry) -> Outcome {
        let slug = entry.room.slug.clone();
        let doubt = self.doubts.get(&slug).copied();
        if doubt.is_some_and(|least| entry.head < least) {
            // It does not answer what is asked. An older one than what is here would not help either.
            self.rooms.entry(slug).or_insert(entry);
            return Outcome::Fetch;
        }
        match self.rooms.get_mut(&slug) {
            // Two reports of one version are of one position, and whatever else is known of it is exact.
            Some(known) if known.read_version > entry.read_version => {
                if doubt.is_some() || known.head < entry.head {
                    return Outcome::Fetch;
                }
                choose(known, &entry);
            }
            Some(known) if known.head > entry.head && known.read_version == entry.read_version => choose(known, &entry),
            Some(known) if known.head > entry.head => {
                // The position is newer and the events are older: neither alone is right.
                self.doubts.insert(slug, known.head);
                return Outcome::Fetch;
            }
            _ => {
                self.doubts.remove(&slug);
                self.rooms.insert(slug, entry);
            }
        }
        Outcome::Settled
    }

    /// Whose rooms they are.
    #[must_use]
    pub fn me(&self) -> PersonId {
        self.me
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
    pub fn enter(&mut self, mut entry: RoomEntry) -> Outcome {
        let slug = entry.room.slug.clone();
        let told_before = !self.touched.insert(slug.clone()) || self.reported.contains(&slug);
        let mut outcome = Outcome::Settled;
        if let Some(known) = self.rooms.get_mut(&slug) {
            // News of threads are told for themselves.
            entry.threads.clone_from(&known.threads);
            choose(known, &entry);
        } else if told_before {
            // A report on what was read since the person came back may have overtaken this, and was lost with the room.
            outcome = Outcome::Fetch;
        }
        for told in [self.take(entry), self.settle_early(&slug)] {
            if told == Outcome::Fetch {
                outcome = Outcome::Fetch;
            }
        }
        outcome
    }

    /// The person has lost a room.
    pub fn lose(&mut self, slug: &RoomSlug) {
        self.touched.insert(slug.clone());
        self.rooms.remove(slug);
        self.early.remove(slug);
        self.doubts.remove(slug);
    }

    /// Takes in an event of a room.
    pub fn apply(&mut self, slug: &RoomSlug, event: &Event) -> Outcome {
        let me = self.me;
        let Some(entry) = self.rooms.get_mut(slug) else {
            self.touched.insert(slug.clone());
            return self.doubt(slug, event.seq());
        };
        if event.seq() > entry.head + 1 {
            return self.doubt(slug, event.seq());
        }
        let takes_news = takes_news(entry, me, event);
        if event.seq() <= entry.head {
            // A list knew of it already, but may have been followed by what was told of the thread before that.
            let head = entry.head;
            return if takes_news { self.doubt(slug, head) } else { Outcome::Settled };
        }
        entry.head = event.seq();
        let taken = take_in(entry, me, event);
        let settled = self.settle_early(slug);
        if takes_news || taken == Outcome::Fetch || self.doubts.contains_key(slug) {
            self.doubt(slug, event.seq())
        } else {
            settled
        }
    }

    /// Takes in how far the person has read, here or elsewhere.
    pub fn read(&mut self, slug: &RoomSlug, state: ReadState) -> Outcome {
        self.reported.insert(slug.clone());
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
        let head = entry.head;
        if behind && !all_read { self.doubt(slug, head) } else { Outcome::Settled }
    }

    fn settle_early(&mut self, slug: &RoomSlug) -> Outcome {
        let head = self.rooms.get(slug).map_or(0, |entry| entry.head);
        if self.early.get(slug).is_some_and(|state| state.head <= head)
            && let Some(state) = self.early.remove(slug)
        {
            return self.read(slug, state);
        }
        Outcome::Settled
    }

    /// What is known of a room is not right, and a list that knows of an event will be.
    fn doubt(&mut self, slug: &RoomSlug, event: i64) -> Outcome {
        let least = self.doubts.entry(slug.clone()).or_insert(event);
        *least = event.max(*least);
        Outcome::Fetch
    }

    /// There is something new in a thread that the person follows.
    pub fn thread_has_news(&mut self, slug: &RoomSlug, root: MessageId) {
        self.touched.insert(slug.clone());
        if let Some(entry) = self.rooms.get_mut(slug)
            && entry.threads.len() < THREADS_MAX
            && !entry.threads.contains(&root)
        {
            entry.threads.push(root);
        }
    }

    /// The person has read a thread, or does not follow it any more.
    pub fn thread_is_read(&mut self, slug: &RoomSlug, root: MessageId) {
        self.touched.insert(slug.clone());
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

/// Takes over what has no number: what the person chose, and where there is something new in threads. What happened in
/// the room is known better here.
fn choose(known: &mut RoomEntry, entry: &RoomEntry) {
    known.favourite = entry.favourite;
    (known.involvement, known.muted_until) = (entry.involvement, entry.muted_until);
    known.threads.clone_from(&entry.threads);
}

/// Whether a reply has gone that may have been all that was new in its thread. The server knows whether there is more.
fn takes_news(entry: &RoomEntry, me: PersonId, event: &Event) -> bool {
    let Event::Deleted { message, .. } = event else { return false };
    message.author != me && message.root.is_some_and(|root| entry.threads.contains(&root.id))
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
