//! Whoever was away and comes back sees what everybody sees, whatever was done meanwhile: what a page showed before and
//! the events after it are what a page shows now. Random histories on both databases.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::collections::VecDeque;
use telicat_domain::{
    ApiError, Event, Message, MessageId, RoomSlug, Timeline,
    event::ThreadPage,
    frame::ServerFrame,
    permission::Role,
    room::{RoomKind, RoomPage},
};
use telicat_service::{
    Settings, Signed,
    messages::Place,
    testing::{TestService, settings},
};
use telicat_store::{
    Db,
    testing::{both, insert_room},
};

const ROOM: &str = "dome";
/// Messages of a history: all of them are on one page.
const MESSAGES_MAX: usize = 40;

/// Numbers that look random and are the same each time (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number
/// Generators", 2014).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % end as u64).unwrap()
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

struct History {
    service: TestService,
    people: Vec<Signed>,
    dice: Dice,
    ids: Vec<MessageId>,
    deleted: VecDeque<(usize, MessageId)>,
}

impl History {
    async fn begin(db: Db, seed: u64) -> Self {
        let service = TestService::with(db.clone(), Settings { rate_limits: false, ..settings() }).await;
        let mut people = Vec::new();
        for name in ["mei", "ines", "tom"] {
            people.push(service.sign_up(name).await);
        }
        let members: Vec<_> = people.iter().map(|who| (who.person, Role::Admin)).collect();
        let slug = RoomSlug::parse(ROOM).unwrap();
        insert_room(&db, &slug, RoomKind::Group, &members, service.services.now()).await.unwrap();
        Self { service, people, dice: Dice(seed), ids: Vec::new(), deleted: VecDeque::new() }
    }

    /// Somebody does something, or tries to.
    async fn step(&mut self) {
        const TEXTS: [&str; 6] = ["plain", "**bold** @ines", "@room", "> a\n\n`b` @mei @tom", "http://a.example", "x"];
        const EMOJI: [&str; 3] = ["👍", "❤️", "🐈"];
        let messages = &self.service.services.messages;
        self.service.clock.advance_seconds(self.dice.below(3) as i64);
        let place = self.dice.below(self.people.len());
        let who = &self.people[place];
        let text = self.dice.of(&TEXTS);
        if self.ids.is_empty() || (self.dice.below(3) == 0 && self.ids.len() < MESSAGES_MAX) {
            let reply_to = (!self.ids.is_empty() && self.dice.below(4) == 0).then(|| self.dice.of(&self.ids));
            let root = (!self.ids.is_empty() && self.dice.below(3) == 0).then(|| self.dice.of(&self.ids));
            match messages.post_at(who, ROOM, text, None, Place { reply_to, root }).await {
                Ok(message) => self.ids.push(message.id),
                Err(error) => assert_eq!(error.api(), ApiError::NotFound),
            }
            return;
        }
        let id = self.dice.of(&self.ids);
        let done = match self.dice.below(8) {
            0 | 1 => messages.edit(who, id, text).await.map(drop),
            2 => {
                let done = messages.delete(who, id).await.map(drop);
                if done.is_ok() {
                    self.deleted.push_back((place, id));
                }
                done
            }
            3 | 4 => match self.deleted.pop_back() {
                Some((place, id)) => messages.restore(&self.people[place], id).await.map(drop),
                None => Ok(()),
            },
            5 => messages.pin(who, id, self.dice.below(2) == 0).await.map(drop),
            _ => {
                let on = self.dice.below(3) > 0;
                messages.react(who, id, self.dice.of(&EMOJI), on).await.map(drop)
            }
        };
        if let Err(error) = done {
            assert!(matches!(error.api(), ApiError::NotFound | ApiError::Forbidden), "{error:?}");
        }
    }

    async fn page(&self, who: usize) -> RoomPage {
        self.service.services.rooms.page_at(&self.people[who], ROOM, None, false).await.unwrap()
    }

    async fn thread(&self, who: usize, root: MessageId) -> ThreadPage {
        self.service.services.messages.thread(&self.people[who], root).await.unwrap()
    }

    async fn catch_up(&self, who: usize, timeline: &mut Timeline) {
        let mut from = Some(timeline.cursor());
        while let Some(seq) = from {
            let page = self.service.services.rooms.since(&self.people[who], ROOM, seq).await.unwrap();
            from = page.next;
            timeline.catch_up(page);
        }
    }
}

fn opened(me: &Signed, page: RoomPage) -> Timeline {
    Timeline::new(me.person, page.messages, page.cursor, page.older, page.last_post)
}

fn opened_thread(me: &Signed, page: ThreadPage) -> Timeline {
    Timeline::of_thread(me.person, page.root, page.replies, page.cursor, page.older)
}

/// What everybody sees of the messages. What is unread in a thread depends on whether one follows it, which no event says;
/// and a reply says how many there are only for the sake of the first message, where that is compared.
fn shared(messages: &[Message], mine: bool) -> Vec<Message> {
    let mut messages = messages.to_vec();
    for message in &mut messages {
        if let Some(replies) = &mut message.replies {
            replies.unread = None;
        }
        if let Some(root) = &mut message.root {
            root.replies = 0;
        }
        for reaction in &mut message.reactions {
            reaction.mine &= mine;
        }
    }
    messages
}

/// The same messages; of those that differ, only the first is said.
fn assert_same(found: &[Message], expected: &[Message], mine: bool, context: &str) {
    let (found, expected) = (shared(found, mine), shared(expected, mine));
    let seqs = |messages: &[Message]| messages.iter().map(|message| message.seq).collect::<Vec<_>>();
    assert_eq!(seqs(&found), seqs(&expected), "{context}");
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found, expected, "{context}");
    }
}

#[tokio::test]
async fn what_one_missed_and_what_a_page_shows_are_the_same() {
    for seed in [0, 1, 39] {
        both(|db| run(db, seed)).await;
    }
}

async fn run(db: Db, seed: u64) {
    let mut history = History::begin(db, seed).await;
    let reader = 0;
    let me = history.people[reader].clone();
    // From before anything happened, by what the line brings.
    let line = history.service.services.listen(&me).await.unwrap().unwrap();
    let mut heard = opened(&me, history.page(reader).await);
    for round in 0..8 {
        let mut away = opened(&me, history.page(reader).await);
        let root = history.ids.first().copied();
        let mut thread = match root {
            Some(root) => Some(opened_thread(&me, history.thread(reader, root).await)),
            None => None,
        };
        for _ in 0..12 {
            history.step().await;
        }
        history.catch_up(reader, &mut away).await;
        let now = history.page(reader).await;
        assert_eq!(away.cursor(), now.cursor);
        assert_same(away.messages(), &now.messages, true, &format!("away, seed {seed}, round {round}"));
        if let (Some(timeline), Some(root)) = (&mut thread, root) {
            history.catch_up(reader, timeline).await;
            let now = history.thread(reader, root).await;
            assert_same(timeline.messages(), &now.replies, true, &format!("in a thread, seed {seed}, round {round}"));
            assert_eq!(
                timeline.root().map(|root| shared(std::slice::from_ref(root), true)),
                Some(shared(&[now.root], true))
            );
        }
        let mut frames = Vec::new();
        line.next(&mut frames).await.unwrap();
        for frame in frames {
            if let Ok(ServerFrame::Event { event, room }) = serde_json::from_slice(frame.content())
                && room.as_str() == ROOM
            {
                assert!(event.message().is_none_or(|message| !message.saved), "frames are for everybody");
                let _applied = heard.apply(*event);
            }
        }
        // What one has reacted with to a message that went and came back, no frame for everybody can say.
        assert_same(heard.messages(), &now.messages, false, &format!("by the line, seed {seed}, round {round}"));
        // And from the beginning.
        let mut all = Timeline::new(me.person, Vec::new(), 0, false, 0);
        history.catch_up(reader, &mut all).await;
        assert_same(all.messages(), &now.messages, true, &format!("from the beginning, seed {seed}, round {round}"));
    }
    let kinds = history.service.services.rooms.since(&me, ROOM, 0).await.unwrap().events;
    for (kind, found) in [
        ("edited", kinds.iter().any(|event| matches!(event, Event::Edited { .. }))),
        ("deleted", kinds.iter().any(|event| matches!(event, Event::Deleted { .. }))),
        ("restored", kinds.iter().any(|event| matches!(event, Event::Restored { .. }))),
        ("reacted", kinds.iter().any(|event| matches!(event, Event::Reacted { .. }))),
        ("pinned", kinds.iter().any(|event| matches!(event, Event::Pinned { .. }))),
        ("reply", kinds.iter().any(|event| event.posted().is_some_and(|message| message.root.is_some()))),
    ] {
        assert!(found, "a history without {kind} tries little: seed {seed}");
    }
}
