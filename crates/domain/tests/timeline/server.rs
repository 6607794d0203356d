//! The server's side of one room: what it keeps, the frames that it sent, the pages that it answers.

use std::collections::BTreeSet;
use telicat_domain::{
    Author, Event, EventPage, Handle, Message, MessageId, Nonce, PersonId, Timestamp,
    event::{Gone, Quote, Reaction, Replies, Root},
};
use uuid::Uuid;

pub const ME: &str = "me";

pub fn author(name: &str) -> Author {
    Author {
        id: PersonId(Uuid::from_u128(name.bytes().fold(7, |id, byte| id * 256 + u128::from(byte)))),
        handle: Handle::parse(name).unwrap(),
        name: None,
        picture: None,
        deleted: false,
    }
}

pub fn nonce(number: usize) -> Nonce {
    Nonce(Uuid::from_u128(0xabc << 64 | number as u128))
}

/// A message, as it is kept.
struct Kept {
    message: Message,
    /// Reactions with those who gave them, in the order in which the first of each kind came.
    given: Vec<(String, BTreeSet<PersonId>)>,
    answers: Option<MessageId>,
    root: Option<MessageId>,
}

#[derive(Default)]
pub struct Server {
    /// What was sent, as it was when it was sent.
    pub frames: Vec<Event>,
    kept: Vec<Kept>,
    renames: usize,
    erased: BTreeSet<PersonId>,
}

/// A part of the history: the page, and whether there is more on either side.
#[derive(Debug, Clone)]
pub struct Part {
    pub page: EventPage,
    pub older: bool,
    pub newer: bool,
}

impl Server {
    pub fn head(&self) -> i64 {
        self.frames.len() as i64
    }

    fn next(&self) -> i64 {
        self.head() + 1
    }

    fn send(&mut self, event: Event) -> Event {
        self.frames.push(event.clone());
        event
    }

    fn place(&self, id: MessageId) -> usize {
        self.kept.iter().position(|kept| kept.message.id == id).unwrap()
    }

    /// The identifiers of what stands in the room, or in a thread of it.
    pub fn ids(&self, root: Option<MessageId>) -> Vec<MessageId> {
        self.kept.iter().filter(|kept| kept.root == root).map(|kept| kept.message.id).collect()
    }

    pub fn all(&self) -> Vec<MessageId> {
        self.kept.iter().map(|kept| kept.message.id).collect()
    }

    /// A message as everybody sees it now.
    fn shared(&self, kept: &Kept) -> Message {
        let mut message = kept.message.clone();
        if message.deleted {
            // It is kept, and not shown.
            message.delete();
        }
        if message.has_text() {
            message.reply_to = kept.answers.map(|id| Box::new(self.quote(id)));
            let reaction = |(emoji, people): &(String, BTreeSet<_>)| Reaction {
                emoji: emoji.clone(),
                count: people.len() as u32,
                mine: false,
            };
            message.reactions = kept.given.iter().map(reaction).collect();
        }
        message.root = kept.root.map(|id| Root { id, replies: self.replies(id) });
        message.replies = (kept.root.is_none() && self.replies(message.id) > 0).then(|| Replies {
            count: self.replies(message.id),
            last_at: message.at,
            unread: None,
        });
        message
    }

    fn quote(&self, id: MessageId) -> Quote {
        let mut message = self.kept[self.place(id)].message.clone();
        if message.deleted {
            message.delete();
        }
        message.quote()
    }

    fn replies(&self, root: MessageId) -> u32 {
        self.kept.iter().filter(|kept| kept.root == Some(root) && !kept.message.deleted).count() as u32
    }

    /// A message as the reader sees it now.
    pub fn message(&self, id: MessageId) -> Message {
        let kept = &self.kept[self.place(id)];
        let mut message = self.shared(kept);
        let me = author(ME).id;
        for reaction in &mut message.reactions {
            reaction.mine = kept.given.iter().any(|(emoji, people)| *emoji == reaction.emoji && people.contains(&me));
        }
        message
    }

    pub fn called(&self, name: &str) -> Author {
        let name_now = (name == "other" && self.renames > 0).then(|| format!("other {}", self.renames));
        Author { name: name_now, ..author(name) }
    }

    pub fn post(&mut self, who: &str, nonce: Nonce, root: Option<MessageId>, answers: Option<MessageId>) -> Event {
        if let Some(first) = self.kept.iter().find(|kept| kept.message.nonce == nonce) {
            // The answer to a second try is the message as it is by then.
            return Event::Posted(self.shared(first));
        }
        let seq = self.next();
        let id = MessageId(Uuid::from_u128(seq as u128));
        let message =
            Message::new(seq, id, nonce, self.called(who), format!("message {seq}"), Timestamp(seq * 1_000_000));
        self.kept.push(Kept { message, given: Vec::new(), answers, root });
        let shared = self.shared(&self.kept[self.kept.len() - 1]);
        self.send(Event::Posted(shared))
    }

    pub fn edit(&mut self, id: MessageId) -> Option<Event> {
        let (seq, place) = (self.next(), self.place(id));
        let message = &mut self.kept[place].message;
        if !message.has_text() {
            return None;
        }
        message.body = format!("edited by {seq}");
        message.edited_at = Some(Timestamp(seq));
        let message = self.shared(&self.kept[place]);
        Some(self.send(Event::Edited { seq, message, called: Vec::new(), called_all: false }))
    }

    pub fn delete(&mut self, id: MessageId) -> Option<Event> {
        let (seq, place) = (self.next(), self.place(id));
        let message = &mut self.kept[place].message;
        if !message.has_text() {
            return None;
        }
        message.deleted = true;
        let (author, number) = (message.author.id, message.seq);
        let root = self.kept[place].root.map(|id| Root { id, replies: self.replies(id) });
        let message = Gone { id, seq: number, author, root, called: Vec::new(), called_all: false, pins: None };
        Some(self.send(Event::Deleted { seq, message }))
    }

    pub fn restore(&mut self, id: MessageId) -> Option<Event> {
        let (seq, place) = (self.next(), self.place(id));
        let message = &mut self.kept[place].message;
        if message.erased || !message.deleted {
            return None;
        }
        message.deleted = false;
        let message = self.shared(&self.kept[place]);
        Some(self.send(Event::Restored { seq, message }))
    }

    pub fn react(&mut self, id: MessageId, who: &str, emoji: &str) -> Option<Event> {
        let (seq, place, person) = (self.next(), self.place(id), author(who).id);
        let Kept { message, given, .. } = &mut self.kept[place];
        if !message.has_text() {
            return None;
        }
        let row = given.iter().position(|(given, _)| given == emoji).unwrap_or(given.len());
        if row == given.len() {
            given.push((emoji.to_owned(), BTreeSet::new()));
        }
        let people = &mut given[row].1;
        let on = people.insert(person);
        if !on {
            people.remove(&person);
        }
        let count = people.len() as u32;
        given.retain(|(_, people)| !people.is_empty());
        Some(self.send(Event::Reacted { seq, message: id, emoji: emoji.to_owned(), person, on, count }))
    }

    pub fn pin(&mut self, id: MessageId) -> Option<Event> {
        let (seq, place) = (self.next(), self.place(id));
        let message = &mut self.kept[place].message;
        if !message.has_text() {
            return None;
        }
        message.pinned = !message.pinned;
        let on = message.pinned;
        Some(self.send(Event::Pinned { seq, message: id, on, count: 1 }))
    }

    /// Something that concerns no message.
    pub fn rename_room(&mut self) -> Event {
        let seq = self.next();
        self.send(Event::Room { seq, name: format!("room {seq}"), topic: String::new(), archived: false })
    }

    /// The other person takes another name, and everything that is read from now on has it.
    pub fn rename_person(&mut self) -> Author {
        self.renames += 1;
        let other = self.called("other");
        for kept in self.kept.iter_mut().filter(|kept| kept.message.author.id == other.id) {
            kept.message.author = other.clone();
        }
        other
    }

    /// Somebody takes back all that they wrote. There is no event for it.
    pub fn erase(&mut self, who: &str) -> PersonId {
        let id = author(who).id;
        self.erased.insert(id);
        for kept in self.kept.iter_mut().filter(|kept| kept.message.author.id == id) {
            kept.message.erase();
            kept.given.clear();
        }
        id
    }

    pub fn has_erased(&self, who: &str) -> bool {
        self.erased.contains(&author(who).id)
    }

    /// The last word on people, as whoever comes back is told it.
    pub fn people(&self) -> (Option<Author>, Vec<PersonId>) {
        ((self.renames > 0).then(|| self.called("other")), self.erased.iter().copied().collect())
    }

    /// `messages/since`: events with their messages as they are now.
    pub fn since(&self, seq: i64, limit: usize) -> EventPage {
        let now = |event: &Event| {
            let mut event = event.clone();
            if let Some(message) = event.message_mut() {
                let (seq, kept) = (message.seq, &self.kept[self.place(message.id)]);
                *message = Message { seq, ..self.shared(kept) };
            }
            event
        };
        let events: Vec<Event> = self.frames.iter().skip(seq as usize).take(limit).map(now).collect();
        let last = seq + events.len() as i64;
        EventPage { next: (last < self.head()).then_some(last), events, at: self.head() }
    }

    fn part(&self, ids: &[MessageId], from: usize, to: usize) -> Part {
        let events = ids[from..to].iter().map(|id| Event::Posted(self.message(*id))).collect();
        Part { page: EventPage { events, next: None, at: self.head() }, older: from > 0, newer: to < ids.len() }
    }

    fn numbers(&self, ids: &[MessageId]) -> Vec<i64> {
        ids.iter().map(|id| self.kept[self.place(*id)].message.seq).collect()
    }

    /// `messages/before`
    pub fn before(&self, root: Option<MessageId>, seq: i64, limit: usize) -> Part {
        let ids = self.ids(root);
        let end = self.numbers(&ids).partition_point(|number| *number < seq);
        let start = end.saturating_sub(limit);
        let mut part = self.part(&ids, start, end);
        part.page.next = (start > 0).then(|| self.numbers(&ids)[start]);
        part
    }

    /// `messages/after`
    pub fn after(&self, root: Option<MessageId>, seq: i64, limit: usize) -> Part {
        let ids = self.ids(root);
        let start = self.numbers(&ids).partition_point(|number| *number <= seq);
        let end = (start + limit).min(ids.len());
        let mut part = self.part(&ids, start, end);
        part.page.next = (end < ids.len()).then(|| self.numbers(&ids)[end - 1]);
        part
    }

    /// `rooms/show` round a message.
    pub fn round(&self, root: Option<MessageId>, seq: i64, limit: usize) -> Part {
        let ids = self.ids(root);
        let middle = self.numbers(&ids).partition_point(|number| *number < seq);
        self.part(&ids, middle.saturating_sub(limit), (middle + limit).min(ids.len()))
    }

    /// `rooms/show` at the end.
    pub fn newest(&self, root: Option<MessageId>, limit: usize) -> Part {
        let ids = self.ids(root);
        self.part(&ids, ids.len().saturating_sub(limit), ids.len())
    }
}
