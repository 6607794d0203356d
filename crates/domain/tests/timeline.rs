//! Whatever happens on the way, the timeline ends as the server's room.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use proptest::prelude::*;
use telicat_domain::{
    ApiError, Author, Event, EventPage, Handle, Message, MessageId, Nonce, PersonId, Timeline, Timestamp,
    timeline::{Fits, Outgoing, SendState},
};
use uuid::Uuid;

fn author(name: &str) -> Author {
    Author {
        id: PersonId(Uuid::from_u128(name.bytes().fold(7, |id, byte| id * 256 + u128::from(byte)))),
        handle: Handle::parse(name).unwrap(),
        name: None,
        picture: None,
        deleted: false,
    }
}

fn nonce(number: usize) -> Nonce {
    Nonce(Uuid::from_u128(0xabc << 64 | number as u128))
}

/// The server's side of one room.
#[derive(Default)]
struct Room {
    events: Vec<Event>,
    /// How often the other person has taken another name.
    renames: usize,
}

/// What of the other's many names is the one after so many changes.
fn other(renames: usize) -> Author {
    Author { name: (renames > 0).then(|| format!("other {renames}")), ..author("other") }
}

impl Room {
    /// The other person takes another name, and everything that is read from now on has it.
    fn rename(&mut self) -> Author {
        self.renames += 1;
        let author = other(self.renames);
        for message in self.events.iter_mut().filter_map(Event::message_mut) {
            if message.author.id == author.id {
                message.author = author.clone();
            }
        }
        author
    }

    fn post(&mut self, who: &str, nonce: Nonce) -> Event {
        let has_nonce = |event: &&Event| event.posted().is_some_and(|message| message.nonce == nonce);
        if let Some(first) = self.events.iter().find(has_nonce) {
            return first.clone();
        }
        let seq = self.events.len() as i64 + 1;
        let id = MessageId(Uuid::from_u128(seq as u128));
        let author = if who == "other" { other(self.renames) } else { author(who) };
        let at = Timestamp(seq * 1_000_000);
        let event = Event::Posted(Message::new(seq, id, nonce, author, format!("message {seq}"), at));
        self.events.push(event.clone());
        event
    }

    fn since(&self, seq: i64, page: usize) -> EventPage {
        let events: Vec<Event> = self.events.iter().skip(seq as usize).take(page).cloned().collect();
        let last = seq + events.len() as i64;
        EventPage { next: (last < self.events.len() as i64).then_some(last), events, at: self.events.len() as i64 }
    }

    fn before(&self, seq: i64, page: usize) -> EventPage {
        let end = (seq - 1).max(0) as usize;
        let start = end.saturating_sub(page);
        let next = (start > 0).then_some(start as i64 + 1);
        EventPage { events: self.events[start..end].to_vec(), next, at: self.events.len() as i64 }
    }
}

/// One step of a random history.
#[derive(Debug, Clone)]
enum Step {
    /// Somebody else posts, and the frame reaches the tab (or is lost).
    Other { arrives: bool },
    /// The reader writes: the message shows at once.
    Write,
    /// A written message reaches the server; its answer and its frame each arrive or are lost.
    Send { which: prop::sample::Index, answered: bool, heard: bool },
    /// The tab gives up on a written message.
    Fail { which: prop::sample::Index },
    /// The reader presses Retry.
    Retry { which: prop::sample::Index },
    /// An old frame comes again.
    Replay { which: prop::sample::Index },
    /// A page of the catch-up is asked for; it arrives with the next `Arrive`.
    Ask { page: usize },
    /// The oldest page that was asked for arrives.
    Arrive,
    /// Older messages are asked for and arrive.
    Older { page: usize },
    /// The other person takes another name, and the frame reaches the tab (or is lost until the line is back).
    Rename { arrives: bool },
    /// The tab reloads: it starts from the newest page and its stored outbox.
    Reload { page: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let which = any::<prop::sample::Index>;
    prop_oneof![
        4 => any::<bool>().prop_map(|arrives| Step::Other { arrives }),
        3 => Just(Step::Write),
        4 => (which(), any::<bool>(), any::<bool>()).prop_map(|(which, answered, heard)| Step::Send { which, answered, heard }),
        1 => which().prop_map(|which| Step::Fail { which }),
        1 => which().prop_map(|which| Step::Retry { which }),
        2 => which().prop_map(|which| Step::Replay { which }),
        2 => (1_usize..6).prop_map(|page| Step::Ask { page }),
        2 => Just(Step::Arrive),
        1 => (1_usize..6).prop_map(|page| Step::Older { page }),
        1 => any::<bool>().prop_map(|arrives| Step::Rename { arrives }),
        1 => (1_usize..6).prop_map(|page| Step::Reload { page }),
    ]
}

fn opened(page: EventPage, cursor: i64) -> Timeline {
    let messages = page.events.iter().filter_map(Event::posted).cloned().collect();
    Timeline::new(author("me").id, messages, cursor, page.next.is_some(), 0)
}

fn open(room: &Room, page: usize) -> Timeline {
    let head = room.events.len() as i64;
    let newest = room.before(head + 1, page);
    opened(newest, head)
}

fn check(timeline: &Timeline) -> Result<(), TestCaseError> {
    let seqs: Vec<i64> = timeline.messages().iter().map(|message| message.seq).collect();
    prop_assert!(seqs.windows(2).all(|pair| pair[0] + 1 == pair[1]), "a hole or a double: {seqs:?}");
    prop_assert!(seqs.last().is_none_or(|last| *last == timeline.cursor()));
    let rows = timeline.rows(&author("me"), |_| 0, None);
    let mut nonces: Vec<Nonce> = rows.iter().map(|row| row.nonce).collect();
    nonces.sort();
    nonces.dedup();
    prop_assert_eq!(nonces.len(), rows.len(), "a message is shown twice");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn any_interleaving_ends_in_the_servers_order(steps in prop::collection::vec(step(), 1..60)) {
        let mut room = Room::default();
        let mut timeline = open(&room, 5);
        let mut written: Vec<Nonce> = Vec::new();
        let mut asked: Vec<EventPage> = Vec::new();
        let mut old_frames: Vec<Event> = Vec::new();

        for step in steps {
            match step {
                Step::Other { arrives } => {
                    let event = room.post("other", nonce(1_000_000 + room.events.len()));
                    // The server keeps frames as they were encoded, under the name of that moment.
                    old_frames.push(event.clone());
                    if arrives {
                        timeline.apply(event);
                    }
                }
                Step::Write => {
                    let nonce = nonce(written.len());
                    written.push(nonce);
                    let (body, at, state) = ("own".into(), Timestamp(0), SendState::Sending);
                    timeline.echo(Outgoing { nonce, body, reply_to: None, root: None, at, state });
                }
                Step::Send { which, answered, heard } if !written.is_empty() => {
                    let event = room.post("me", *which.get(&written));
                    if heard {
                        timeline.apply(event.clone());
                    }
                    if answered {
                        timeline.apply(event);
                    }
                }
                Step::Fail { which } if !written.is_empty() => timeline.fail(*which.get(&written), ApiError::NoAnswer),
                Step::Retry { which } if !written.is_empty() => timeline.retry(*which.get(&written)),
                Step::Replay { which } if !old_frames.is_empty() => {
                    timeline.apply(which.get(&old_frames).clone());
                }
                Step::Rename { arrives } => {
                    let author = room.rename();
                    if arrives {
                        timeline.rename(&author);
                    }
                }
                Step::Ask { page } => asked.push(room.since(timeline.cursor(), page)),
                Step::Arrive if !asked.is_empty() => timeline.catch_up(asked.remove(0)),
                Step::Older { page } => {
                    let first = timeline.messages().first().map_or(timeline.cursor() + 1, |message| message.seq);
                    if timeline.has_older() {
                        let _fits = timeline.prepend(room.before(first, page));
                    }
                }
                Step::Reload { page } => {
                    let stored = timeline.outgoing().to_vec();
                    timeline = open(&room, page);
                    for outgoing in stored {
                        timeline.echo(outgoing);
                    }
                }
                _ => {}
            }
            check(&timeline)?;
        }

        // The line is back: the last word on people comes, before or after what was missed. The outbox is sent again, the tab catches up and scrolls to the beginning.
        if room.renames > 0 {
            timeline.rename(&other(room.renames));
        }
        for late in asked {
            timeline.catch_up(late);
        }
        for outgoing in timeline.outgoing().to_vec() {
            timeline.retry(outgoing.nonce);
            timeline.apply(room.post("me", outgoing.nonce));
        }
        loop {
            let page = room.since(timeline.cursor(), 3);
            let done = page.next.is_none();
            timeline.catch_up(page);
            if done {
                break;
            }
        }
        while timeline.has_older() {
            let first = timeline.messages().first().map_or(timeline.cursor() + 1, |message| message.seq);
            let _fits = timeline.prepend(room.before(first, 3));
        }
        check(&timeline)?;
        prop_assert!(timeline.outgoing().is_empty());
        prop_assert!(!timeline.has_gap());
        let shown: Vec<Event> = timeline.messages().iter().cloned().map(Event::Posted).collect();
        prop_assert_eq!(shown, room.events);
    }
}

#[test]
fn what_its_author_took_back_stays_away_however_late_it_arrives() {
    let mut room = Room::default();
    for number in 0..12 {
        room.post(if number % 2 == 0 { "gone" } else { "stays" }, nonce(number));
    }
    // Pages that were read before the text was taken away, and arrive after that.
    let (older, newer) = (room.before(5, 4), room.since(8, 4));
    let mut timeline = opened(room.before(9, 4), 8);
    timeline.apply(room.events[10].clone());
    timeline.erase(author("gone").id);
    assert_eq!(timeline.prepend(older), Fits::Yes);
    timeline.catch_up(newer);
    assert_eq!(timeline.messages().len(), 12);
    for message in timeline.messages() {
        let gone = message.author == author("gone");
        assert_eq!((message.erased, message.body.is_empty()), (gone, gone), "{message:?}");
    }
    let rows = timeline.rows(&author("me"), |_| 0, None);
    assert_eq!(rows.iter().filter(|row| row.erased).count(), 6);
}

#[test]
fn another_name_is_on_all_that_its_person_wrote() {
    let mut room = Room::default();
    for number in 0..4 {
        room.post(if number % 2 == 0 { "mei" } else { "ines" }, nonce(number));
    }
    let mut timeline = opened(room.before(3, 2), 2);
    timeline.apply(room.events[3].clone());
    timeline.rename(&Author { name: Some("Mei Lin".into()), ..author("mei") });
    let left = Author { name: Some("Deleted person".into()), deleted: true, ..author("mei") };
    timeline.rename(&left);
    timeline.apply(room.events[2].clone());
    let names: Vec<&str> = timeline.messages().iter().map(|message| message.author.called()).collect();
    assert_eq!(names, ["Deleted person", "ines", "Deleted person", "ines"], "what arrived before, and what came after");
    assert!(timeline.messages().iter().all(|message| message.author.deleted == (message.author.id == left.id)));
}
