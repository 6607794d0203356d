//! Whatever is said, read and lost on the way, the list of rooms ends as the server's.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use proptest::{prelude::*, sample::Index};
use std::collections::VecDeque;
use telicat_domain::{
    Author, Event, Handle, Message, MessageId, Nonce, PersonId, RoomSlug, Timestamp,
    directory::{Badge, Directory, Outcome},
    event::{Gone, Root, snippet},
    frame::ServerFrame,
    limits::UNREAD_MAX,
    permission::Role,
    room::{Involvement, LastMessage, ReadState, RoomEntry, RoomKind, RoomSummary},
};
use uuid::Uuid;

const ROOMS: usize = 3;

fn author(name: &str) -> Author {
    Author {
        id: PersonId(Uuid::from_u128(name.bytes().fold(7, |id, byte| id * 256 + u128::from(byte)))),
        handle: Handle::parse(name).unwrap(),
        name: None,
        picture: None,
        deleted: false,
    }
}

fn me() -> PersonId {
    author("me").id
}

/// One room on the server, for one person.
#[derive(Debug, Clone)]
struct Room {
    slug: RoomSlug,
    inside: bool,
    head: i64,
    messages: Vec<Message>,
    read: i64,
    version: i64,
    favourite: bool,
    threads: Vec<MessageId>,
}

impl Room {
    fn new(number: usize, unread: usize) -> Self {
        let mut room = Self {
            slug: RoomSlug::parse(&format!("room-{number}")).unwrap(),
            inside: true,
            head: 0,
            messages: Vec::new(),
            read: 0,
            version: 0,
            favourite: false,
            threads: Vec::new(),
        };
        for _ in 0..unread {
            room.post("other", false, false);
        }
        room
    }

    fn number(&mut self) -> i64 {
        self.head += 1;
        self.head
    }

    fn post(&mut self, who: &str, calls: bool, in_thread: bool) -> Event {
        let seq = self.number();
        let id = Uuid::from_u128(self.slug.as_str().bytes().map(u128::from).sum::<u128>() << 64 | seq as u128);
        let at = Timestamp(seq * 1_000_000);
        let message = Message::new(seq, MessageId(id), Nonce(id), author(who), format!("message {seq}"), at);
        let root = in_thread.then_some(Root { id: MessageId(Uuid::nil()), replies: 1 });
        let message = Message { root, mentions: if calls { vec![me()] } else { Vec::new() }, ..message };
        self.messages.push(message.clone());
        Event::Posted(message)
    }

    fn edit(&mut self, which: Index, calls: bool) -> Option<Event> {
        let there: Vec<usize> = self.places(false);
        let place = *there.get(which.index(there.len().max(1)))?;
        let seq = self.number();
        let message = &mut self.messages[place];
        let called = std::mem::replace(&mut message.mentions, if calls { vec![me()] } else { Vec::new() });
        message.body = format!("message {} as of {seq}", message.seq);
        Some(Event::Edited { seq, message: message.clone(), called, called_all: false })
    }

    fn delete(&mut self, which: Index) -> Option<Event> {
        let there: Vec<usize> = self.places(false);
        Some(self.delete_at(*there.get(which.index(there.len().max(1)))?))
    }

    fn delete_at(&mut self, place: usize) -> Event {
        let seq = self.number();
        let message = &mut self.messages[place];
        message.deleted = true;
        let (id, of, root) = (message.id, message.author.id, message.root);
        let gone = Gone {
            id,
            seq: message.seq,
            author: of,
            root,
            called: message.mentions.clone(),
            called_all: false,
            pins: None,
        };
        Event::Deleted { seq, message: gone }
    }

    fn restore(&mut self, which: Index) -> Option<Event> {
        let there: Vec<usize> = self.places(true);
        let place = *there.get(which.index(there.len().max(1)))?;
        let seq = self.number();
        self.messages[place].deleted = false;
        Some(Event::Restored { seq, message: self.messages[place].clone() })
    }

    fn places(&self, deleted: bool) -> Vec<usize> {
        (0..self.messages.len()).filter(|place| self.messages[*place].deleted == deleted).collect()
    }

    /// The plain truth, by looking at everything.
    fn entry(&self) -> RoomEntry {
        let shown = || self.messages.iter().filter(|message| message.root.is_none() && !message.deleted);
        let new = || shown().filter(|message| message.author.id != me() && message.seq > self.read);
        let last = shown().max_by_key(|message| message.seq).map(|message| LastMessage {
            seq: message.seq,
            id: message.id,
            author: message.author.clone(),
            text: snippet(&message.body),
            at: message.at,
        });
        RoomEntry {
            room: RoomSummary {
                slug: self.slug.clone(),
                kind: RoomKind::Group,
                name: "Room".to_owned(),
                topic: String::new(),
                archived: false,
                people: Vec::new(),
            },
            role: Some(Role::Member),
            head: self.head,
            read: self.read,
            read_version: self.version,
            unread: (new().count() as u32).min(UNREAD_MAX),
            mentions: (new().filter(|message| message.calls(me())).count() as u32).min(UNREAD_MAX),
            threads: self.threads.clone(),
            active_at: last.as_ref().map_or(Timestamp(0), |last| last.at),
            last,
            favourite: self.favourite,
            involvement: Involvement::Everything,
            muted_until: Timestamp(0),
        }
    }

    fn state(&self) -> ReadState {
        let entry = self.entry();
        ReadState {
            read: entry.read,
            version: entry.read_version,
            head: entry.head,
            unread: entry.unread,
            mentions: entry.mentions,
        }
    }
}

#[derive(Debug, Clone)]
enum Step {
    /// Somebody posts.
    Post {
        room: usize,
        own: bool,
        calls: bool,
        in_thread: bool,
    },
    Edit {
        room: usize,
        which: Index,
        calls: bool,
    },
    Delete {
        room: usize,
        which: Index,
    },
    Restore {
        room: usize,
        which: Index,
    },
    /// The person reads on, here or elsewhere.
    Read {
        room: usize,
        upto: Index,
    },
    /// The person marks as unread.
    Unread {
        room: usize,
        from: Index,
    },
    Favour {
        room: usize,
    },
    News {
        room: usize,
        thread: u8,
    },
    NewsRead {
        room: usize,
        thread: u8,
    },
    /// The person is removed, or comes back.
    Door {
        room: usize,
    },
    /// Frames arrive.
    Arrive {
        count: usize,
    },
    /// A report on reading arrives, before what was said earlier or after.
    ReadArrives {
        which: Index,
    },
    /// The line breaks: what was on its way is lost, and so is what comes.
    Break,
    /// The line is back.
    Mend,
    /// A list is asked for, if one is wanted.
    Ask,
    /// The server makes the list that was asked for.
    Answer,
    /// It arrives.
    AnswerArrives,
}

fn step() -> impl Strategy<Value = Step> {
    let (room, index) = (0..ROOMS, any::<Index>);
    let yes = any::<bool>;
    let seldom = || prop::bool::weighted(0.2);
    prop_oneof![
        6 => (room.clone(), seldom(), yes(), seldom())
            .prop_map(|(room, own, calls, in_thread)| Step::Post { room, own, calls, in_thread }),
        2 => (room.clone(), index(), yes()).prop_map(|(room, which, calls)| Step::Edit { room, which, calls }),
        3 => (room.clone(), index()).prop_map(|(room, which)| Step::Delete { room, which }),
        2 => (room.clone(), index()).prop_map(|(room, which)| Step::Restore { room, which }),
        4 => (room.clone(), index()).prop_map(|(room, upto)| Step::Read { room, upto }),
        2 => (room.clone(), index()).prop_map(|(room, from)| Step::Unread { room, from }),
        1 => room.clone().prop_map(|room| Step::Favour { room }),
        1 => (room.clone(), 1..4_u8).prop_map(|(room, thread)| Step::News { room, thread }),
        1 => (room.clone(), 1..4_u8).prop_map(|(room, thread)| Step::NewsRead { room, thread }),
        1 => room.prop_map(|room| Step::Door { room }),
        6 => (1..6_usize).prop_map(|count| Step::Arrive { count }),
        4 => index().prop_map(|which| Step::ReadArrives { which }),
        1 => Just(Step::Break),
        2 => Just(Step::Mend),
        3 => Just(Step::Ask),
        3 => Just(Step::Answer),
        3 => Just(Step::AnswerArrives),
    ]
}

/// A server, a line, and the tab at its other end.
struct World {
    rooms: Vec<Room>,
    list: Directory,
    open: bool,
    frames: VecDeque<ServerFrame>,
    reads: Vec<(RoomSlug, ReadState)>,
    /// Whether the tab wants a list.
    wanted: bool,
    /// The list that was asked for: not made yet, or on its way.
    asked: Option<Option<Vec<RoomEntry>>>,
}

impl World {
    fn new() -> Self {
        let rooms = vec![Room::new(0, 0), Room::new(1, 3), Room::new(2, UNREAD_MAX as usize + 1)];
        let list = Directory::new(me(), rooms.iter().map(Room::entry).collect());
        let (frames, reads) = (VecDeque::new(), Vec::new());
        Self { rooms, list, open: true, frames, reads, wanted: false, asked: None }
    }

    fn entries(&self) -> Vec<RoomEntry> {
        self.rooms.iter().filter(|room| room.inside).map(Room::entry).collect()
    }

    /// Something happens in a room that the person is in.
    fn happen(&mut self, room: usize, event: impl FnOnce(&mut Room) -> Option<Event>) {
        if !self.rooms[room].inside {
            return;
        }
        if let Some(event) = event(&mut self.rooms[room]) {
            self.say(ServerFrame::Event { room: self.rooms[room].slug.clone(), event: Box::new(event) });
        }
    }

    fn say(&mut self, frame: ServerFrame) {
        if self.open {
            self.frames.push_back(frame);
        }
    }

    fn move_reading(&mut self, room: usize, to: impl FnOnce(&Room) -> i64) {
        let room = &mut self.rooms[room];
        let to = to(room);
        if room.inside && to != room.read {
            room.read = to;
            room.version += 1;
            if self.open {
                self.reads.push((room.slug.clone(), room.state()));
            }
        }
    }

    fn door(&mut self, room: usize) {
        let room = &mut self.rooms[room];
        room.inside = !room.inside;
        let slug = room.slug.clone();
        // Who comes back begins anew, but for the versions of where they have read, which never come again.
        (room.read, room.version, room.favourite) = (room.head, room.version + 1, false);
        room.threads.clear();
        let frame = if room.inside {
            ServerFrame::Room { room: Box::new(room.entry()) }
        } else {
            ServerFrame::Lost { room: slug }
        };
        self.say(frame);
    }

    fn do_step(&mut self, step: &Step) {
        match step.clone() {
            Step::Post { room, own, calls, in_thread } => {
                let who = if own { "me" } else { "other" };
                self.happen(room, |room| Some(room.post(who, calls, in_thread)));
            }
            Step::Edit { room, which, calls } => self.happen(room, |room| room.edit(which, calls)),
            Step::Delete { room, which } => self.happen(room, |room| room.delete(which)),
            Step::Restore { room, which } => self.happen(room, |room| room.restore(which)),
            Step::Read { room, upto } => {
                self.move_reading(room, |room| (upto.index(room.head as usize + 1) as i64).max(room.read));
            }
            Step::Unread { room, from } => self.move_reading(room, |room| from.index(room.head as usize + 1) as i64),
            Step::Favour { room } if self.rooms[room].inside => {
                self.rooms[room].favourite ^= true;
                self.say(ServerFrame::Room { room: Box::new(self.rooms[room].entry()) });
            }
            Step::News { room, thread } if self.rooms[room].inside => {
                let (root, room) = (MessageId(Uuid::from_u128(thread.into())), &mut self.rooms[room]);
                if !room.threads.contains(&root) {
                    room.threads.push(root);
                }
                let frame = ServerFrame::ThreadNews { room: room.slug.clone(), root, seq: room.head };
                self.say(frame);
            }
            Step::NewsRead { room, thread } if self.rooms[room].inside => {
                let (root, room) = (MessageId(Uuid::from_u128(thread.into())), &mut self.rooms[room]);
                room.threads.retain(|other| *other != root);
                let frame = ServerFrame::ThreadRead { room: room.slug.clone(), root, following: true };
                self.say(frame);
            }
            Step::Favour { .. } | Step::News { .. } | Step::NewsRead { .. } => {}
            Step::Door { room } => self.door(room),
            Step::Arrive { count } => (0..count).for_each(|_| self.arrive()),
            Step::ReadArrives { which } => {
                if !self.reads.is_empty() {
                    let (slug, state) = self.reads.remove(which.index(self.reads.len()));
                    let outcome = self.list.read(&slug, state);
                    self.note(outcome);
                }
            }
            Step::Break => {
                self.open = false;
                self.frames.clear();
                self.reads.clear();
            }
            Step::Mend => self.mend(),
            Step::Ask => self.ask(),
            Step::Answer => {
                if self.asked == Some(None) {
                    self.asked = Some(Some(self.entries()));
                }
            }
            Step::AnswerArrives => {
                if let Some(Some(list)) = self.asked.take_if(|asked| asked.is_some()) {
                    let outcome = self.list.replace(list);
                    self.note(outcome);
                }
            }
        }
    }

    /// The first frame says hello, and then the list is asked for.
    fn mend(&mut self) {
        if !self.open {
            self.open = true;
            self.wanted = true;
        }
    }

    fn ask(&mut self) {
        if self.wanted && self.asked.is_none() {
            self.wanted = false;
            self.list.ask();
            self.asked = Some(None);
        }
    }

    fn note(&mut self, outcome: Outcome) {
        self.wanted |= outcome == Outcome::Fetch;
    }

    fn arrive(&mut self) {
        let outcome = match self.frames.pop_front() {
            Some(ServerFrame::Event { room, event }) => self.list.apply(&room, &event),
            Some(ServerFrame::Room { room }) => self.list.enter(*room),
            Some(ServerFrame::Lost { room }) => {
                self.list.lose(&room);
                Outcome::Settled
            }
            Some(ServerFrame::ThreadNews { room, root, .. }) => {
                self.list.thread_has_news(&room, root);
                Outcome::Settled
            }
            Some(ServerFrame::ThreadRead { room, root, .. }) => {
                self.list.thread_is_read(&room, root);
                Outcome::Settled
            }
            _ => Outcome::Settled,
        };
        self.note(outcome);
    }

    /// Everything that is on its way arrives, and nothing more happens.
    fn come_to_rest(&mut self) {
        self.mend();
        // A list that was made before the line was back is one of them.
        for _ in 0..6 {
            while !self.frames.is_empty() {
                self.arrive();
            }
            while !self.reads.is_empty() {
                let (slug, state) = self.reads.remove(0);
                let outcome = self.list.read(&slug, state);
                self.note(outcome);
            }
            for step in [Step::Answer, Step::AnswerArrives, Step::Ask] {
                self.do_step(&step);
            }
        }
        assert!(!self.wanted && self.asked.is_none(), "it goes on asking");
    }

    fn known(&self) -> Vec<RoomEntry> {
        let mut known: Vec<RoomEntry> = self.list.rooms().cloned().collect();
        known.sort_by(|a, b| a.room.slug.cmp(&b.room.slug));
        // Which thread came first is nobody's business.
        known.iter_mut().for_each(|entry| entry.threads.sort());
        known
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_list_ends_as_the_servers(steps in prop::collection::vec(step(), 1..80)) {
        let mut world = World::new();
        for step in steps {
            world.do_step(&step);
            for entry in world.list.rooms() {
                prop_assert!(entry.mentions <= UNREAD_MAX && entry.unread <= UNREAD_MAX);
            }
        }
        world.come_to_rest();
        let mut expected = world.entries();
        expected.iter_mut().for_each(|entry| entry.threads.sort());
        prop_assert_eq!(world.known(), expected);
    }
}

fn one(unread: usize) -> (Room, Directory) {
    let room = Room::new(0, unread);
    let list = Directory::new(me(), vec![room.entry()]);
    (room, list)
}

#[test]
fn a_report_that_comes_before_its_events_waits_for_them() {
    let (mut room, mut list) = one(2);
    let event = room.post("other", true, false);
    (room.read, room.version) = (2, 1);
    assert_eq!(list.read(&room.slug, room.state()), Outcome::Settled);
    assert_eq!(list.room(&room.slug).unwrap().unread, 2);
    assert_eq!(list.apply(&room.slug, &event), Outcome::Settled);
    assert_eq!(*list.room(&room.slug).unwrap(), room.entry());
}

#[test]
fn an_older_list_takes_nothing_back_that_was_read() {
    let (mut room, mut list) = one(2);
    list.ask();
    let old = vec![room.entry()];
    (room.read, room.version) = (2, 1);
    list.read(&room.slug, room.state());
    assert_eq!(list.replace(old), Outcome::Settled);
    assert_eq!(*list.room(&room.slug).unwrap(), room.entry());
}

#[test]
fn a_room_that_was_lost_does_not_come_back_with_an_older_list() {
    let (room, mut list) = one(2);
    list.ask();
    list.lose(&room.slug);
    assert_eq!(list.replace(vec![room.entry()]), Outcome::Fetch);
    assert!(list.room(&room.slug).is_none());
    list.ask();
    assert_eq!(list.replace(Vec::new()), Outcome::Settled);
}

/// The person is removed and comes back, and then marks all as unread.
fn come_back_and_unread(room: &mut Room) -> (RoomEntry, ReadState) {
    (room.read, room.version) = (room.head, room.version + 1);
    let back = room.entry();
    (room.read, room.version) = (0, room.version + 1);
    (back, room.state())
}

#[test]
fn what_was_read_since_one_came_back_may_be_told_before_one_is_back() {
    let (mut room, mut list) = one(3);
    let (back, report) = come_back_and_unread(&mut room);
    list.read(&room.slug, report);
    list.lose(&room.slug);
    assert_eq!(list.enter(back), Outcome::Fetch);
    list.ask();
    assert_eq!(list.replace(vec![room.entry()]), Outcome::Settled);
    assert_eq!(*list.room(&room.slug).unwrap(), room.entry());
}

#[test]
fn a_report_on_a_room_that_comes_with_the_next_list_is_not_lost() {
    let (mut room, mut list) = one(3);
    list.lose(&room.slug);
    list.ask();
    let (back, report) = come_back_and_unread(&mut room);
    list.read(&room.slug, report);
    assert_eq!(list.replace(vec![back]), Outcome::Fetch);
    list.ask();
    assert_eq!(list.replace(vec![room.entry()]), Outcome::Settled);
    assert_eq!(*list.room(&room.slug).unwrap(), room.entry());
}

/// The server is asked whether there is more that is new; also when a list knew of it, which may have come before what
/// was told of the thread earlier.
#[test]
fn a_reply_that_goes_may_take_the_news_of_its_thread_with_it() {
    let (mut room, mut list) = one(0);
    let root = MessageId(Uuid::nil());
    let (posted, own) = (room.post("other", false, true), room.post("me", false, true));
    list.apply(&room.slug, &posted);
    list.apply(&room.slug, &own);
    let gone = room.delete_at(1);
    list.thread_has_news(&room.slug, root);
    assert_eq!(list.apply(&room.slug, &gone), Outcome::Settled, "one's own was no news");
    let gone = room.delete_at(0);
    assert_eq!(list.apply(&room.slug, &gone), Outcome::Fetch);
    list.ask();
    assert_eq!(list.replace(vec![room.entry()]), Outcome::Settled);
    assert!(list.room(&room.slug).unwrap().threads.is_empty());
    list.thread_has_news(&room.slug, root);
    assert_eq!(list.apply(&room.slug, &gone), Outcome::Fetch);
    list.ask();
    list.replace(vec![room.entry()]);
    assert!(list.room(&room.slug).unwrap().threads.is_empty());
    assert_eq!(list.apply(&room.slug, &gone), Outcome::Settled);
}

#[test]
fn more_than_can_be_counted_is_asked_for_when_it_becomes_less() {
    let (mut room, mut list) = one(UNREAD_MAX as usize);
    let event = room.delete_at(0);
    assert_eq!(list.apply(&room.slug, &event), Outcome::Fetch);
    // What comes meanwhile changes nothing about that.
    let event = room.post("me", false, false);
    let late = { room.clone().entry() };
    assert_eq!(list.apply(&room.slug, &event), Outcome::Fetch);
    list.ask();
    assert_eq!(list.replace(vec![RoomEntry { head: room.head - 1, ..late }]), Outcome::Fetch);
    list.ask();
    assert_eq!(list.replace(vec![room.entry()]), Outcome::Settled);
    assert_eq!(list.room(&room.slug).unwrap().unread, UNREAD_MAX - 1);
}

#[test]
fn what_calls_is_what_the_person_wants_to_hear() {
    let now = Timestamp(1_000);
    let badge = |kind, involvement, muted_until| {
        let mut room = Room::new(0, 2);
        room.post("other", true, false);
        let mut entry = RoomEntry { involvement, muted_until, ..room.entry() };
        entry.room.kind = kind;
        Directory::new(me(), vec![entry]).badge(now)
    };
    let none = Timestamp(0);
    assert_eq!(badge(RoomKind::Group, Involvement::Everything, none), Badge { rooms: 1, calls: 1 });
    assert_eq!(badge(RoomKind::Direct, Involvement::Everything, none), Badge { rooms: 1, calls: 3 });
    assert_eq!(badge(RoomKind::Group, Involvement::Mentions, none), Badge { rooms: 1, calls: 1 });
    assert_eq!(badge(RoomKind::Group, Involvement::Nothing, none), Badge::default());
    assert_eq!(badge(RoomKind::Group, Involvement::Everything, Timestamp(1_001)), Badge::default());
    assert_eq!(badge(RoomKind::Group, Involvement::Everything, now), Badge { rooms: 1, calls: 1 });
}
