//! What one does with a message that is there: who may, what comes of it, and what everybody is told.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use serde_json::Value;
use std::sync::Arc;
use telicat_domain::{
    ApiError, Event, Field, Message, MessageId, Problem, RoomSlug,
    event::Version,
    limits::{MENTIONS_MAX, PINS_MAX, REACTIONS_MAX},
    permission::Role,
    room::{RoomKind, RoomPage},
};
use telicat_service::{
    Settings, Signed,
    live::Connection,
    messages::{Place, new_nonce},
    testing::{TestService, settings},
};
use telicat_store::{
    Db,
    testing::{both, dump, insert_room, statements},
};

const ROOM: &str = "public-chat";

async fn unlimited(db: Db) -> TestService {
    TestService::with(db, Settings { rate_limits: false, ..settings() }).await
}

/// A service, a room of a kind, and its owner, admin, member, and somebody who is none.
struct House {
    service: TestService,
    db: Db,
    owner: Signed,
    admin: Signed,
    member: Signed,
    stranger: Signed,
}

impl House {
    async fn build(db: Db, kind: RoomKind) -> Self {
        let service = unlimited(db.clone()).await;
        let owner = service.sign_up("owen").await;
        let admin = service.sign_up("ada").await;
        let member = service.sign_up("mei").await;
        let stranger = service.sign_up("sam").await;
        let mut members = vec![(owner.person, Role::Owner), (admin.person, Role::Admin), (member.person, Role::Member)];
        if kind == RoomKind::Direct {
            members.iter_mut().for_each(|(_, role)| *role = Role::Member);
        }
        let slug = RoomSlug::parse("house").unwrap();
        insert_room(&db, &slug, kind, &members, service.services.now()).await.unwrap();
        Self { service, db, owner, admin, member, stranger }
    }

    async fn post(&self, who: &Signed, body: &str) -> Message {
        self.service.services.messages.post(who, "house", body, None).await.unwrap()
    }

    async fn reply(&self, who: &Signed, root: MessageId, body: &str) -> Message {
        let place = Place { root: Some(root), reply_to: None };
        self.service.services.messages.post_at(who, "house", body, None, place).await.unwrap()
    }

    async fn page(&self, who: &Signed) -> RoomPage {
        self.service.services.rooms.page(who, "house").await.unwrap()
    }

    async fn message(&self, who: &Signed, id: MessageId) -> Message {
        self.page(who).await.messages.into_iter().find(|message| message.id == id).unwrap()
    }

    async fn archive(&self) {
        let mut tx = self.db.begin().await.unwrap();
        telicat_store::testing::archive_room(&mut tx, "house", self.service.services.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    fn messages(&self) -> &telicat_service::messages::Messages {
        &self.service.services.messages
    }
}

fn code<T>(answer: Result<T, telicat_service::Error>) -> Result<(), ApiError> {
    answer.map(drop).map_err(|error| error.api())
}

async fn listen(house: &House, who: &Signed) -> Arc<Connection> {
    let connection = house.service.services.listen(who).await.unwrap().unwrap();
    hear(&connection).await;
    connection
}

/// What has been sent and not been heard yet.
async fn hear(connection: &Connection) -> Vec<Value> {
    connection.pong();
    let mut frames = Vec::new();
    connection.next(&mut frames).await.unwrap();
    let texts = frames.into_iter().filter(|frame| !frame.is_ping());
    let frames = texts.map(|frame| serde_json::from_slice::<Value>(frame.content()).unwrap());
    frames.filter(|frame| frame["type"] != "pong").collect()
}

#[tokio::test]
async fn an_author_changes_a_text_and_everybody_sees_it() {
    both(|db| async move {
        let house = House::build(db, RoomKind::Group).await;
        let first = house.post(&house.member, "hello **you**").await;
        house.service.clock.advance_seconds(5);
        let line = listen(&house, &house.owner).await;
        let event = house.messages().edit(&house.member, first.id, "hello *@owen*").await.unwrap();
        let Event::Edited { seq: 2, message, called, called_all: false } = &event else { panic!("{event:?}") };
        assert!(called.is_empty());
        assert_eq!((message.seq, message.body.as_str()), (1, "hello *@owen*"));
        assert_eq!((message.edited_at, message.at), (Some(house.service.services.now()), first.at));
        assert_eq!(message.mentions, [house.owner.person]);
        assert!(message.rich.is_some());
        assert_eq!(hear(&line).await[0]["event"], serde_json::to_value(&event).unwrap());
        assert_eq!(house.message(&house.owner, first.id).await, *message);

        let event = house.messages().edit(&house.member, first.id, "plain").await.unwrap();
        let Event::Edited { message, called, .. } = &event else { panic!("{event:?}") };
        assert_eq!((called.as_slice(), message.mentions.len(), &message.rich), (&[house.owner.person][..], 0, &None));
        let texts: Vec<_> = house.messages().history(&house.member, first.id).await.unwrap();
        let texts: Vec<_> = texts.into_iter().map(|Version { body, at }| (body, at.0 - first.at.0)).collect();
        assert_eq!(texts, [("hello *@owen*".to_owned(), 5_000_000), ("hello **you**".to_owned(), 0)]);
    })
    .await;
}

#[tokio::test]
async fn the_same_text_again_changes_nothing() {
    both(|db| async move {
        let house = House::build(db, RoomKind::Group).await;
        let first = house.post(&house.member, "hello @owen").await;
        let line = listen(&house, &house.owner).await;
        let answer = house.messages().edit(&house.member, first.id, "hello @owen\n").await.unwrap();
        assert_eq!(answer, Event::Posted(first.clone()));
        assert_eq!((hear(&line).await.len(), house.page(&house.member).await.cursor), (0, 1));
        assert_eq!(house.post(&house.member, "next").await.seq, 2, "no number was lost");
    })
    .await;
}

#[tokio::test]
async fn each_verb_asks_for_its_right() {
    use ApiError::{Archived, Forbidden, NotFound};
    for kind in [RoomKind::Public, RoomKind::Group, RoomKind::Direct] {
        both(|db| async move {
            let house = House::build(db, kind).await;
            let messages = house.messages();
            let people = [&house.owner, &house.admin, &house.member, &house.stranger];
            let own = house.post(&house.member, "mine").await.id;
            let nowhere = MessageId(uuid::Uuid::nil());

            let mut edits = Vec::new();
            let (mut deletions, mut reactions, mut pins, mut histories) = (vec![], vec![], vec![], vec![]);
            for who in people {
                edits.push(code(messages.edit(who, own, &format!("by {}", who.author.handle)).await));
                reactions.push(code(messages.react(who, own, "👍", true).await));
                pins.push(code(messages.pin(who, own, true).await));
                drop(messages.pin(&house.owner, own, false).await);
                histories.push(code(messages.history(who, own).await));
                let other = house.post(&house.member, "to be deleted").await.id;
                deletions.push(code(messages.delete(who, other).await));
                for refusal in [
                    code(messages.edit(who, nowhere, "x").await),
                    code(messages.delete(who, nowhere).await),
                    code(messages.restore(who, nowhere).await),
                    code(messages.react(who, nowhere, "👍", true).await),
                    code(messages.pin(who, nowhere, true).await),
                    code(messages.save(who, nowhere, true).await),
                    code(messages.thread(who, nowhere).await),
                    code(messages.history(who, nowhere).await),
                    code(messages.restore(who, own).await),
                ] {
                    assert_eq!(refusal, Err(NotFound), "{kind:?}");
                }
            }
            let (no, gone) = (Err(Forbidden), Err(NotFound));
            let table = match kind {
                RoomKind::Public => [
                    [no.clone(), no.clone(), Ok(()), no.clone()],
                    [Ok(()), Ok(()), Ok(()), Ok(())],
                    [Ok(()), Ok(()), no.clone(), no.clone()],
                    [Ok(()), Ok(()), Ok(()), no.clone()],
                    [Ok(()), Ok(()), Ok(()), no],
                ],
                RoomKind::Group => [
                    [no.clone(), no.clone(), Ok(()), gone.clone()],
                    [Ok(()), Ok(()), Ok(()), gone.clone()],
                    [Ok(()), Ok(()), Ok(()), gone.clone()],
                    [Ok(()), Ok(()), Ok(()), gone.clone()],
                    [Ok(()), Ok(()), Ok(()), gone],
                ],
                RoomKind::Direct => [
                    [no.clone(), no.clone(), Ok(()), gone.clone()],
                    [Ok(()), Ok(()), Ok(()), gone.clone()],
                    [Ok(()), Ok(()), Ok(()), gone.clone()],
                    [no.clone(), no.clone(), Ok(()), gone.clone()],
                    [no.clone(), no, Ok(()), gone],
                ],
            };
            let found = [edits, reactions, pins, histories, deletions];
            for (verb, (found, expected)) in
                ["edit", "react", "pin", "history", "delete"].iter().zip(found.iter().zip(table))
            {
                assert_eq!(*found, expected, "{kind:?} {verb}");
            }

            if kind != RoomKind::Direct {
                house.archive().await;
                let post = messages.post(&house.owner, "house", "x", None).await;
                assert_eq!(code(post), Err(Archived));
                assert_eq!(code(messages.edit(&house.member, own, "late").await), Err(Archived));
                assert_eq!(code(messages.react(&house.member, own, "🐈", true).await), Err(Archived));
                assert_eq!(code(messages.pin(&house.owner, own, true).await), Err(Archived));
                assert_eq!(code(messages.delete(&house.member, own).await), Err(Archived));
                assert_eq!(code(messages.delete(&house.admin, own).await), Ok(()), "who looks after it, still does");
            }
        })
        .await;
    }
}

#[tokio::test]
async fn what_is_deleted_leaves_its_place_and_can_be_brought_back_for_a_while() {
    both(|db| async move {
        let house = House::build(db.clone(), RoomKind::Group).await;
        let messages = house.messages();
        let first = house.post(&house.member, "a secret for @owen").await;
        messages.react(&house.owner, first.id, "👍", true).await.unwrap();
        messages.pin(&house.owner, first.id, true).await.unwrap();
        messages.save(&house.owner, first.id, true).await.unwrap();
        let event = messages.delete(&house.member, first.id).await.unwrap();
        let Event::Deleted { seq: 4, message } = &event else { panic!("{event:?}") };
        assert_eq!((message.id, message.seq, message.author), (first.id, 1, house.member.person));
        assert_eq!((message.called.as_slice(), message.called_all), (&[house.owner.person][..], false));

        let place = house.message(&house.owner, first.id).await;
        assert!(place.deleted && place.body.is_empty() && place.reactions.is_empty() && place.mentions.is_empty());
        assert!(!place.pinned && place.rich.is_none() && !place.has_text());
        assert_eq!(house.page(&house.owner).await.pinned, 0);
        assert!(messages.saved(&house.owner, None).await.unwrap().is_empty());
        for refusal in [
            code(messages.edit(&house.member, first.id, "x").await),
            code(messages.delete(&house.member, first.id).await),
            code(messages.react(&house.member, first.id, "👍", true).await),
            code(messages.pin(&house.owner, first.id, true).await),
            code(messages.save(&house.owner, first.id, true).await),
            code(messages.history(&house.member, first.id).await),
            code(messages.who_reacted(&house.member, first.id, "👍").await),
        ] {
            assert_eq!(refusal, Err(ApiError::NotFound));
        }
        assert_eq!(code(messages.restore(&house.owner, first.id).await), Err(ApiError::Forbidden), "who did not do it");

        house.service.clock.advance_seconds(19);
        house.service.services.forget_deleted().await.unwrap();
        let event = messages.restore(&house.member, first.id).await.unwrap();
        let Event::Restored { seq: 5, message } = &event else { panic!("{event:?}") };
        assert_eq!(
            (message.body.as_str(), message.mentions.as_slice()),
            ("a secret for @owen", &[house.owner.person][..])
        );
        assert_eq!((message.reactions[0].count, message.pinned, message.edited_at), (1, false, None));
        let back = house.message(&house.owner, first.id).await;
        assert!(back.reactions[0].mine && back.saved);
        assert!(messages.history(&house.member, first.id).await.unwrap().is_empty());

        messages.delete(&house.member, first.id).await.unwrap();
        house.service.clock.advance_seconds(20);
        assert_eq!(code(messages.restore(&house.member, first.id).await), Err(ApiError::NotFound), "too late");
        assert!(dump(&db).await.iter().any(|row| row.contains("a secret")), "kept until it is tidied up");
        house.service.services.forget_deleted().await.unwrap();
        assert!(!dump(&db).await.iter().any(|row| row.contains("a secret")));
    })
    .await;
}

#[tokio::test]
async fn only_the_texts_that_cannot_come_back_are_forgotten() {
    both(|db| async move {
        let house = House::build(db, RoomKind::Group).await;
        let messages = house.messages();
        let (old, young, edited) = (
            house.post(&house.member, "old").await.id,
            house.post(&house.member, "young").await.id,
            house.post(&house.member, "before").await.id,
        );
        messages.edit(&house.member, edited, "after").await.unwrap();
        messages.delete(&house.member, old).await.unwrap();
        house.service.clock.advance_seconds(15);
        messages.delete(&house.admin, young).await.unwrap();
        house.service.clock.advance_seconds(5);
        house.service.services.forget_deleted().await.unwrap();
        assert!(code(messages.restore(&house.member, old).await).is_err());
        messages.restore(&house.admin, young).await.unwrap();
        assert_eq!(house.message(&house.member, young).await.body, "young");
        assert_eq!(messages.history(&house.member, edited).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_account_that_is_erased_leaves_no_text_anywhere() {
    both(|db| async move {
        let house = House::build(db.clone(), RoomKind::Group).await;
        let messages = house.messages();
        let one = house.post(&house.member, "first quince").await.id;
        messages.edit(&house.member, one, "second quince @owen").await.unwrap();
        let two = house.post(&house.member, "third quince").await.id;
        messages.delete(&house.member, two).await.unwrap();
        let other = house.post(&house.owner, "an answer").await;
        messages.react(&house.member, other.id, "👍", true).await.unwrap();
        let place = Place { reply_to: Some(one), root: None };
        let answer = messages.post_at(&house.owner, "house", "yes", None, place).await.unwrap();
        let fate = telicat_service::deletion::Fate::Erase;
        let password = telicat_service::secret::Secret::new(telicat_service::testing::PASSWORD.to_owned());
        house.service.services.delete_account(&house.member, password, fate).await.unwrap();
        assert!(!dump(&db).await.iter().any(|row| row.contains("quince")));
        assert!(house.message(&house.owner, one).await.mentions.is_empty());
        assert!(house.message(&house.owner, other.id).await.reactions.is_empty());
        let quote = house.message(&house.owner, answer.id).await.reply_to.unwrap();
        assert!(quote.gone && quote.text.is_empty());
        assert_eq!(code(messages.edit(&house.member, one, "back").await), Err(ApiError::NotSignedIn));
    })
    .await;
}

#[tokio::test]
async fn reactions_are_counted_once_a_person_and_stand_in_their_order() {
    both(|db| async move {
        let house = House::build(db, RoomKind::Group).await;
        let messages = house.messages();
        let id = house.post(&house.member, "hello").await.id;
        let react = async |who: &Signed, emoji, on| messages.react(who, id, emoji, on).await.unwrap();
        let counted = |event: Option<Event>| match event {
            Some(Event::Reacted { on, count, .. }) => (on, count),
            other => panic!("{other:?}"),
        };
        assert_eq!(counted(react(&house.owner, "👍", true).await), (true, 1));
        assert_eq!(react(&house.owner, "👍", true).await, None, "given before");
        assert_eq!(react(&house.admin, "❤️", false).await, None, "never given");
        assert_eq!(counted(react(&house.admin, "❤️", true).await), (true, 1));
        assert_eq!(counted(react(&house.member, "👍", true).await), (true, 2));
        assert_eq!(counted(react(&house.owner, "👍", false).await), (false, 1));
        let seen = async |who: &Signed| -> Vec<(String, u32, bool)> {
            let reactions = house.message(who, id).await.reactions;
            reactions.into_iter().map(|reaction| (reaction.emoji, reaction.count, reaction.mine)).collect()
        };
        assert_eq!(seen(&house.owner).await, [("👍".to_owned(), 1, false), ("❤️".to_owned(), 1, false)]);
        assert_eq!(seen(&house.member).await[0], ("👍".to_owned(), 1, true));
        assert_eq!(counted(react(&house.member, "👍", false).await), (false, 0));
        assert_eq!(counted(react(&house.member, "👍", true).await), (true, 1));
        assert_eq!(seen(&house.admin).await[0].0, "❤️", "who was gone comes last");
        let people = messages.who_reacted(&house.owner, id, "👍").await.unwrap();
        assert_eq!(people, std::slice::from_ref(&house.member.author));
        assert_eq!(house.page(&house.owner).await.cursor, 7, "what changed nothing took no number");
        let refused = code(messages.react(&house.owner, id, "nice", true).await);
        assert_eq!(refused, Err(ApiError::field(Field::Emoji, Problem::Characters)));
    })
    .await;
}

fn emoji(number: usize) -> String {
    char::from_u32(0x1f600 + u32::try_from(number).unwrap()).unwrap().to_string()
}

#[tokio::test]
async fn there_are_only_so_many_different_reactions_and_pins() {
    both(|db| async move {
        let house = Arc::new(House::build(db, RoomKind::Group).await);
        let id = house.post(&house.member, "hello").await.id;
        for number in 1..REACTIONS_MAX {
            house.messages().react(&house.member, id, &emoji(number), true).await.unwrap();
        }
        // Two want the last place at once, and one gets it.
        let mut tries = tokio::task::JoinSet::new();
        for (number, who) in [(30, house.owner.clone()), (31, house.admin.clone())] {
            let house = house.clone();
            tries.spawn(async move { code(house.messages().react(&who, id, &emoji(number), true).await) });
        }
        let full = Err(ApiError::Full { max: REACTIONS_MAX as i64 });
        let mut answers = tries.join_all().await;
        answers.sort_by_key(Result::is_err);
        assert_eq!(answers, [Ok(()), full]);
        assert_eq!(code(house.messages().react(&house.owner, id, &emoji(1), true).await), Ok(()), "one that is there");

        for number in 0..PINS_MAX {
            let id = house.post(&house.member, &number.to_string()).await.id;
            house.messages().pin(&house.owner, id, true).await.unwrap();
        }
        assert_eq!(code(house.messages().pin(&house.owner, id, true).await), Err(ApiError::Full { max: PINS_MAX }));
        let pinned = house.messages().pinned(&house.member, "house").await.unwrap();
        assert_eq!((pinned.len(), house.page(&house.member).await.pinned), (100, PINS_MAX));
        let first = pinned[0].id;
        let event = house.messages().pin(&house.owner, first, false).await.unwrap();
        assert!(matches!(event, Some(Event::Pinned { on: false, count: 99, .. })), "{event:?}");
        assert_eq!(house.messages().pin(&house.owner, first, false).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn who_may_read_the_room_is_called_and_nobody_else() {
    both(|db| async move {
        let house = House::build(db, RoomKind::Group).await;
        let message = house.post(&house.member, "@Owen @sam @nobody `@ada` @mei").await;
        let mut expected = vec![house.owner.person, house.member.person];
        let mut found = message.mentions.clone();
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected);
        assert!(!message.calls(house.member.person), "one does not call oneself");
        assert_eq!(house.message(&house.admin, message.id).await, message, "what was said is what is read");

        let all = house.post(&house.member, "@room and @owen").await;
        assert!(all.mentions_all && all.calls(house.admin.person));
        let public =
            async |who: &Signed| house.service.services.messages.post(who, ROOM, "@everyone", None).await.unwrap();
        let plain = public(&house.member).await;
        assert!(!plain.mentions_all && plain.rich.is_none(), "not for everybody in public");

        // Who has left a handle is found by it, until somebody else can take it.
        let services = &house.service.services;
        services.people.rename(&house.owner, "owain").await.unwrap();
        assert_eq!(house.post(&house.member, "@owen?").await.mentions, [house.owner.person]);
        assert_eq!(house.post(&house.member, "@owain.").await.mentions, [house.owner.person]);
        house.service.clock.advance_seconds(31 * 24 * 3600);
        assert!(house.post(&house.member, "@owen").await.mentions.is_empty());
    })
    .await;
}

#[tokio::test]
async fn one_message_calls_so_many_and_no_more() {
    both(|db| async move {
        let service = unlimited(db).await;
        let mut text = String::new();
        let mei = service.sign_up("mei").await;
        for number in 0..MENTIONS_MAX + 2 {
            service.sign_up(&format!("cat{number}")).await;
            text.push_str(&format!("@cat{number} "));
        }
        let message = service.services.messages.post(&mei, ROOM, &text, None).await.unwrap();
        assert_eq!(message.mentions.len(), MENTIONS_MAX);
    })
    .await;
}

#[tokio::test]
async fn an_answer_quotes_what_it_answers_as_that_is_now() {
    both(|db| async move {
        let house = House::build(db.clone(), RoomKind::Group).await;
        let messages = house.messages();
        let first = house.post(&house.member, "the **question**\nin lines").await;
        let place = Place { reply_to: Some(first.id), root: None };
        let nonce = new_nonce().unwrap();
        let answer = messages.post_at(&house.owner, "house", "yes", Some(nonce), place).await.unwrap();
        let quote = answer.reply_to.clone().unwrap();
        assert_eq!((quote.seq, quote.text.as_str(), quote.gone), (1, "the question in lines", false));
        assert_eq!(quote.author, house.member.author);
        assert_eq!(house.message(&house.admin, answer.id).await, answer);

        // The same nonce is the same message, wherever what it answers has gone; and no other one.
        let again = async |place| messages.post_at(&house.owner, "house", "yes", Some(nonce), place).await;
        assert_eq!(again(place).await.unwrap(), answer);
        for other in
            [Place::default(), Place { reply_to: Some(answer.id), root: None }, Place { root: Some(first.id), ..place }]
        {
            assert_eq!(code(again(other).await), Err(ApiError::NonceReused));
        }
        messages.edit(&house.member, first.id, "another").await.unwrap();
        assert_eq!(house.message(&house.admin, answer.id).await.reply_to.unwrap().text, "another");
        messages.delete(&house.member, first.id).await.unwrap();
        let gone = house.message(&house.admin, answer.id).await.reply_to.unwrap();
        assert_eq!((gone.gone, gone.text.as_str()), (true, ""));
        assert_eq!(again(place).await.unwrap().id, answer.id);
        let late = messages.post_at(&house.owner, "house", "more", None, place).await;
        assert_eq!(code(late), Err(ApiError::NotFound));

        let elsewhere = house.service.services.messages.post(&house.owner, ROOM, "elsewhere", None).await.unwrap();
        let across = Place { reply_to: Some(elsewhere.id), root: None };
        assert_eq!(code(messages.post_at(&house.owner, "house", "x", None, across).await), Err(ApiError::NotFound));
        let across = Place { reply_to: None, root: Some(elsewhere.id) };
        assert_eq!(code(messages.post_at(&house.owner, "house", "x", None, across).await), Err(ApiError::NotFound));
        assert_eq!(house.post(&house.owner, "last").await.seq, 5, "what was refused took no number");
    })
    .await;
}

#[tokio::test]
async fn a_retry_finds_its_message_whatever_has_happened_to_it() {
    both(|db| async move {
        let house = House::build(db, RoomKind::Group).await;
        let messages = house.messages();
        let nonce = new_nonce().unwrap();
        let post = async |body: &str| messages.post(&house.member, "house", body, Some(nonce)).await;
        let first = post("as it was").await.unwrap();
        messages.edit(&house.member, first.id, "as it is").await.unwrap();
        assert_eq!(post("as it was").await.unwrap().body, "as it is");
        messages.delete(&house.admin, first.id).await.unwrap();
        assert!(post("as it was").await.unwrap().deleted);
        assert_eq!(code(post("another").await), Err(ApiError::NonceReused));
        house.service.clock.advance_seconds(60);
        house.service.services.forget_deleted().await.unwrap();
        assert_eq!(post("as it was").await.unwrap().id, first.id);
        assert_eq!(house.page(&house.member).await.messages.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_happens_at_once_happens_in_one_order() {
    both(|db| async move {
        // Two processes on one database, as far as the database can have two.
        let house = Arc::new(House::build(db.clone(), RoomKind::Group).await);
        let other = Arc::new(unlimited(db).await);
        for round in 0..8 {
            let id = house.post(&house.member, "to be fought for").await.id;
            let before = house.page(&house.member).await.cursor;
            let mut tries = tokio::task::JoinSet::new();
            for number in 0..6 {
                let (house, other) = (house.clone(), other.clone());
                tries.spawn(async move {
                    let messages = if number % 2 == 0 { house.messages() } else { &other.services.messages };
                    match number {
                        0 | 1 => code(messages.delete(&house.member, id).await),
                        2 | 3 => code(messages.edit(&house.member, id, &format!("text {number} of {round}")).await),
                        _ => code(messages.react(&house.owner, id, "👍", true).await),
                    }
                });
            }
            let answers = tries.join_all().await;
            assert!(answers.iter().all(|answer| matches!(answer, Ok(()) | Err(ApiError::NotFound))), "{answers:?}");
            let message = house.service.services.rooms.before(&house.member, "house", None, None).await.unwrap();
            let message = message.events.iter().filter_map(Event::posted).find(|found| found.id == id).unwrap().clone();
            assert!(message.deleted && message.body.is_empty(), "{message:?}");
            let events = house.service.services.rooms.since(&house.member, "house", before).await.unwrap().events;
            let numbers: Vec<i64> = events.iter().map(Event::seq).collect();
            assert!(numbers.iter().copied().eq(before + 1..=before + numbers.len() as i64), "{numbers:?}");
            let deletions = events.iter().filter(|event| matches!(event, Event::Deleted { .. })).count();
            assert_eq!(deletions, 1);
            assert!(
                matches!(events.last(), Some(Event::Deleted { .. })),
                "nothing happens to what is gone: {events:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn saved_messages_are_ones_own_and_heard_everywhere() {
    both(|db| async move {
        let house = House::build(db.clone(), RoomKind::Group).await;
        let messages = house.messages();
        let mut ids = Vec::new();
        for number in 0..52 {
            ids.push(house.post(&house.owner, &number.to_string()).await.id);
            house.service.clock.advance_seconds(1);
            messages.save(&house.member, ids[number], true).await.unwrap();
        }
        let (mine, theirs) = (listen(&house, &house.member).await, listen(&house, &house.owner).await);
        messages.save(&house.member, ids[3], true).await.unwrap();
        assert!(hear(&mine).await.is_empty(), "it was saved");
        messages.save(&house.member, ids[3], false).await.unwrap();
        let heard = hear(&mine).await;
        assert_eq!((heard.len(), &heard[0]["type"], &heard[0]["on"]), (1, &Value::from("saved"), &Value::from(false)));
        assert!(hear(&theirs).await.is_empty());

        let first = messages.saved(&house.member, None).await.unwrap();
        assert_eq!((first.len(), first[0].message.id, first[0].room.slug.as_str()), (50, ids[51], "house"));
        assert!(first[0].message.saved);
        let second = messages.saved(&house.member, Some(first[49].message.id)).await.unwrap();
        assert_eq!(second.iter().map(|saved| saved.message.id).collect::<Vec<_>>(), [ids[0]]);
        assert!(messages.saved(&house.owner, None).await.unwrap().is_empty());

        let mut tx = db.begin().await.unwrap();
        telicat_store::testing::remove_member(&mut tx, "house", house.member.person).await.unwrap();
        tx.commit().await.unwrap();
        assert!(messages.saved(&house.member, None).await.unwrap().is_empty(), "the room is lost");
        assert_eq!(code(messages.save(&house.member, ids[0], false).await), Err(ApiError::NotFound));
    })
    .await;
}

#[tokio::test]
async fn who_deletes_a_pinned_message_is_told_how_many_are_left() {
    both(|db| async move {
        let house = House::build(db, RoomKind::Group).await;
        let messages = house.messages();
        let mut ids = Vec::new();
        for body in ["one", "two", "three"] {
            ids.push(house.post(&house.owner, body).await.id);
        }
        for id in &ids[..2] {
            messages.pin(&house.owner, *id, true).await.unwrap();
        }
        let deleted = messages.delete(&house.owner, ids[0]).await.unwrap();
        assert_eq!(deleted.pins(), Some(1));
        assert_eq!(messages.delete(&house.owner, ids[2]).await.unwrap().pins(), None, "it was not pinned");
        let page = house.service.services.rooms.since(&house.member, "house", deleted.seq() - 1).await.unwrap();
        assert_eq!(page.events[0].pins(), Some(1), "whoever was away is told the same");
        assert_eq!(house.service.services.rooms.page(&house.member, "house").await.unwrap().pinned, 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_saved_in_a_direct_room_says_with_whom_it_is() {
    both(|db| async move {
        let house = House::build(db, RoomKind::Direct).await;
        let message = house.post(&house.owner, "between us").await;
        house.messages().save(&house.member, message.id, true).await.unwrap();
        let saved = house.messages().saved(&house.member, None).await.unwrap();
        let people: Vec<&str> = saved[0].room.people.iter().map(|person| person.handle.as_str()).collect();
        assert_eq!((saved[0].message.id, people), (message.id, vec!["ada", "owen"]));
    })
    .await;
}

#[tokio::test]
async fn a_room_is_opened_round_any_message() {
    both(|db| async move {
        let house = House::build(db, RoomKind::Group).await;
        for number in 1..=120 {
            house.post(&house.owner, &number.to_string()).await;
        }
        let root = house.page(&house.owner).await.messages[10].id;
        let reply = house.reply(&house.member, root, "in the thread").await;
        let rooms = &house.service.services.rooms;
        let at = async |seq| rooms.page_at(&house.member, "house", Some(seq), false).await.unwrap();
        let numbers = |page: &RoomPage| page.messages.iter().map(|message| message.seq).collect::<Vec<_>>();
        let page = at(60).await;
        assert_eq!(numbers(&page), (35..=85).collect::<Vec<_>>());
        assert_eq!((page.older, page.newer, page.last_post, page.cursor, page.members), (true, true, 120, 121, 3));
        assert!(page.rooms.is_empty());
        let page = at(3).await;
        assert_eq!((numbers(&page), page.older, page.newer), ((1..=28).collect(), false, true));
        let page = at(119).await;
        assert_eq!((numbers(&page), page.older, page.newer), ((94..=120).collect(), true, false));
        assert!(numbers(&at(reply.seq).await).contains(&81), "round where its thread began");
        assert_eq!(numbers(&at(81).await), numbers(&at(reply.seq).await));
        assert_eq!(numbers(&at(i64::MAX).await).last(), Some(&120));
        assert_eq!(numbers(&at(i64::MIN).await).first(), Some(&1));

        let after = async |seq, limit| rooms.after(&house.member, "house", seq, limit).await.unwrap();
        let page = after(85, Some(10)).await;
        assert_eq!(
            (page.events.iter().map(Event::seq).collect::<Vec<_>>(), page.next),
            ((86..=95).collect(), Some(95))
        );
        let page = after(115, None).await;
        assert_eq!((page.events.iter().map(Event::seq).collect::<Vec<_>>(), page.next), ((116..=120).collect(), None));
        assert!(after(120, None).await.events.is_empty(), "replies stand in their thread");
        let page = rooms.before(&house.member, "house", Some(122), Some(2)).await.unwrap();
        assert_eq!(page.events.iter().map(Event::seq).collect::<Vec<_>>(), [119, 120]);
    })
    .await;
}

#[tokio::test]
async fn a_day_is_found_by_its_first_message() {
    both(|db| async move {
        let house = House::build(db, RoomKind::Group).await;
        let rooms = &house.service.services.rooms;
        let start = house.service.services.now();
        let first =
            async |seconds| rooms.first_since(&house.owner, "house", start.plus_seconds(seconds)).await.unwrap();
        assert_eq!(first(0).await, None, "an empty room");
        let root = house.post(&house.owner, "1").await.id;
        for number in 2..=40 {
            house.service.clock.advance_seconds(10);
            if number % 3 == 0 {
                house.reply(&house.member, root, "reply").await;
            } else {
                house.post(&house.owner, &number.to_string()).await;
            }
        }
        for seconds in -5..400 {
            let expected = (1..=40).find(|seq| (seq - 1) * 10 >= seconds && (seq % 3 != 0));
            assert_eq!(first(seconds).await, expected, "{seconds}");
        }
    })
    .await;
}

#[tokio::test]
async fn changes_have_their_rates() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        let messages = &service.services.messages;
        let id = messages.post(&mei, ROOM, "hello", None).await.unwrap().id;
        for number in 0..20 {
            messages.edit(&mei, id, &number.to_string()).await.unwrap();
            messages.react(&mei, id, "👍", number % 2 == 0).await.unwrap();
        }
        let late = Err(ApiError::RateLimited { retry_after: 1 });
        assert_eq!(code(messages.edit(&mei, id, "more").await), late);
        assert_eq!(code(messages.react(&mei, id, "👍", true).await), late);
        assert_eq!(code(messages.delete(&mei, id).await), late);
        service.clock.advance_seconds(1);
        assert_eq!(code(messages.delete(&mei, id).await), Ok(()));
    })
    .await;
}

#[tokio::test]
async fn what_one_begins_to_type_finds_people() {
    both(|db| async move {
        let house = House::build(db.clone(), RoomKind::Group).await;
        let people = &house.service.services.people;
        let found = async |who: &Signed, room: Option<&str>, typed: &str| -> Vec<String> {
            let found = people.complete(who, room, typed).await.unwrap();
            found.into_iter().map(|author| author.handle.to_string()).collect()
        };
        assert_eq!(found(&house.member, Some("house"), "").await, ["ada", "owen"]);
        house.post(&house.owner, "lately").await;
        assert_eq!(found(&house.member, Some("house"), "").await, ["owen", "ada"]);
        assert_eq!(found(&house.member, Some("house"), "@AD").await, ["ada"]);
        assert_eq!(found(&house.member, Some("house"), "sam").await, Vec::<String>::new());
        assert_eq!(found(&house.member, Some(ROOM), "am").await, ["sam"]);
        assert_eq!(found(&house.member, Some(""), "a").await, ["ada", "sam"]);
        assert_eq!(found(&house.member, None, "%").await, Vec::<String>::new());
        assert_eq!(found(&house.member, None, "_").await, Vec::<String>::new());
        let edit = telicat_service::people::Edit { display_name: Some("Émile 100%"), ..Default::default() };
        people.edit(&house.stranger, edit).await.unwrap();
        assert_eq!(found(&house.member, None, "mile 100%").await, ["sam"]);
        assert_eq!(found(&house.member, None, "Émi").await, ["sam"]);
        for room in ["house", "nowhere", "No Slug"] {
            assert_eq!(code(people.complete(&house.stranger, Some(room), "").await), Err(ApiError::NotFound));
        }
        for number in 0..12 {
            house.service.sign_up(&format!("cat{number}")).await;
        }
        assert_eq!(found(&house.member, Some(ROOM), "").await.len(), 10);
    })
    .await;
}

/// How many statements something costs, without those that begin and end transactions.
async fn cost<T>(what: impl Future<Output = T>) -> u64 {
    let before = statements();
    what.await;
    statements() - before
}

#[tokio::test]
async fn what_things_cost_is_known_and_bounded() {
    both(|db| async move {
        let house = House::build(db, RoomKind::Public).await;
        let (messages, rooms) = (house.messages(), &house.service.services.rooms);
        let post = async |body: &str| cost(messages.post(&house.member, "house", body, None)).await;
        // Finding the room, taking the number, finding the nonce, the message, its event.
        assert_eq!(post("plain").await, 5);
        assert_eq!(post("**bold** http://a.example").await, 5);
        assert_eq!(post("@owen @nobody").await, 7);
        let root = house.post(&house.member, "a thread").await.id;
        assert_eq!(cost(house.reply(&house.owner, root, "reply")).await, 9);
        for number in 0..60 {
            let id = house.post(&house.member, &format!("@owen *{number}*")).await.id;
            messages.react(&house.owner, id, "👍", true).await.unwrap();
            messages.react(&house.admin, id, "❤️", true).await.unwrap();
        }
        assert_eq!(cost(rooms.since(&house.owner, "house", 0)).await, 5);
        assert_eq!(cost(rooms.since(&house.owner, "house", 187)).await, 1 + 1);
        for limit in [1, 10, 200] {
            assert_eq!(cost(rooms.before(&house.owner, "house", None, Some(limit))).await, 4, "{limit}");
        }
        assert_eq!(cost(messages.thread(&house.owner, root)).await, 7);
        assert_eq!(cost(messages.pinned(&house.owner, "house")).await, 2, "nothing is pinned");
    })
    .await;
}
