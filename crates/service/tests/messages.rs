//! Posting and reading: the order, the nonce, the rights, the pages.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::{collections::HashSet, sync::Arc};
use telicat_domain::{
    ApiError, Event, EventPage, Field, Message, Nonce, Problem, RoomSlug, permission::Role, room::RoomKind,
};
use telicat_service::{
    Settings, Signed,
    messages::new_nonce,
    testing::{TestService, settings},
};
use telicat_store::{
    Db,
    testing::{both, insert_room},
};

const ROOM: &str = "public-chat";

async fn unlimited(db: Db) -> TestService {
    TestService::with(db, Settings { rate_limits: false, ..settings() }).await
}

async fn post_to(service: &TestService, who: &Signed, room: &str, body: &str) -> Result<Message, ApiError> {
    service.services.messages.post(who, room, body, None).await.map_err(|error| error.api())
}

async fn post(service: &TestService, who: &Signed, body: &str) -> Result<Message, ApiError> {
    post_to(service, who, ROOM, body).await
}

async fn post_as(service: &TestService, who: &Signed, body: &str, nonce: Nonce) -> Result<Message, ApiError> {
    service.services.messages.post(who, ROOM, body, Some(nonce)).await.map_err(|error| error.api())
}

async fn post_many(service: &TestService, who: &Signed, count: usize) {
    for n in 1..=count {
        post(service, who, &format!("message {n}")).await.unwrap();
    }
}

async fn since(service: &TestService, who: &Signed, seq: i64) -> EventPage {
    service.services.rooms.since(who, ROOM, seq).await.unwrap()
}

async fn everything(service: &TestService, who: &Signed) -> Vec<Message> {
    let mut all = Vec::new();
    let mut from = Some(0);
    while let Some(seq) = from {
        let page = since(service, who, seq).await;
        all.extend(page.events.iter().filter_map(Event::posted).cloned());
        from = page.next;
    }
    all
}

fn numbers(page: &EventPage) -> Vec<i64> {
    page.events.iter().map(Event::seq).collect()
}

#[tokio::test]
async fn messages_are_numbered_in_the_order_in_which_they_were_taken() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        for n in 1..=6 {
            let who = if n % 2 == 0 { &mei } else { &ines };
            let message = post(&service, who, &format!("  number {n}\r\nof six \n")).await.unwrap();
            assert_eq!((message.seq, &message.author), (n, &who.author));
            assert_eq!(message.body, format!("  number {n}\nof six"));
            assert_eq!(message.at, service.services.now());
        }
        let all = everything(&service, &mei).await;
        assert_eq!(all.iter().map(|message| message.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    })
    .await;
}

#[tokio::test]
async fn the_same_nonce_answers_with_the_first_message_and_posts_nothing() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let nonce = new_nonce().unwrap();
        let first = post_as(&service, &mei, "hello", nonce).await.unwrap();
        post(&service, &ines, "between").await.unwrap();
        service.clock.advance_seconds(100);
        assert_eq!(post_as(&service, &mei, "hello", nonce).await.unwrap(), first);
        assert_eq!(post_as(&service, &mei, " hello \n", nonce).await.unwrap_err(), ApiError::NonceReused);
        assert_eq!(post_as(&service, &mei, "hello\n", nonce).await.unwrap(), first, "what is stored is what counts");
        assert_eq!(post_as(&service, &mei, "other", nonce).await.unwrap_err(), ApiError::NonceReused);
        // Another person's nonce is another nonce.
        assert_eq!(post_as(&service, &ines, "hello", nonce).await.unwrap().seq, 3);
        assert_eq!(everything(&service, &mei).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn the_same_nonce_many_times_at_once_is_one_message() {
    both(|db| async move {
        let service = Arc::new(unlimited(db).await);
        let mei = service.sign_up("mei").await;
        let nonce = new_nonce().unwrap();
        let mut posts = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let (service, mei) = (service.clone(), mei.clone());
            posts.spawn(async move { post_as(&service, &mei, "once", nonce).await.unwrap() });
        }
        let answers = posts.join_all().await;
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(everything(&service, &mei).await, answers[..1]);
    })
    .await;
}

#[tokio::test]
async fn a_nonce_of_another_room_posts_nothing_in_this_one() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let mei = service.sign_up("mei").await;
        insert_room(&db, &RoomSlug::parse("dome").unwrap(), RoomKind::Public, &[], service.services.now())
            .await
            .unwrap();
        let nonce = new_nonce().unwrap();
        post_as(&service, &mei, "hello", nonce).await.unwrap();
        for text in ["hello", "other"] {
            drop(service.services.messages.post(&mei, "dome", text, Some(nonce)).await);
        }
        let dome = service.services.rooms.page(&mei, "dome").await.unwrap();
        assert_eq!((dome.messages.len(), dome.cursor), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_hundred_posts_at_once_have_a_hundred_numbers() {
    both(|db| async move {
        let service = Arc::new(unlimited(db).await);
        let people = [service.sign_up("mei").await, service.sign_up("ines").await, service.sign_up("tomasz").await];
        let mut posts = tokio::task::JoinSet::new();
        for n in 0..100 {
            let (service, who) = (service.clone(), people[n % people.len()].clone());
            posts.spawn(async move { post(&service, &who, &format!("post {n}")).await.unwrap() });
        }
        let mut answers = posts.join_all().await;
        answers.sort_by_key(|message| message.seq);
        assert!(answers.iter().map(|message| message.seq).eq(1..=100));
        assert_eq!(answers.iter().map(|message| message.body.as_str()).collect::<HashSet<_>>().len(), 100);
        assert_eq!(everything(&service, &people[0]).await, answers);
    })
    .await;
}

#[tokio::test]
async fn twenty_messages_in_ten_seconds_and_no_more() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        assert_eq!(post(&service, &mei, " \n").await.unwrap_err(), ApiError::field(Field::Body, Problem::Empty));
        post_many(&service, &mei, 20).await;
        assert_eq!(post(&service, &mei, "more").await.unwrap_err(), ApiError::RateLimited { retry_after: 1 });
        post(&service, &ines, "not her").await.unwrap();
        service.clock.advance_seconds(1);
        post_many(&service, &mei, 2).await;
        assert_eq!(post(&service, &mei, "more").await.unwrap_err(), ApiError::RateLimited { retry_after: 1 });
        service.clock.advance_seconds(10);
        post_many(&service, &mei, 20).await;
        assert_eq!(everything(&service, &mei).await.len(), 43);
    })
    .await;
}

#[tokio::test]
async fn a_text_may_be_long_and_not_longer() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        let long = "🐈".repeat(10_000);
        assert_eq!(post(&service, &mei, &long).await.unwrap().body, long);
        let too_long = ApiError::field(Field::Body, Problem::TooLong { max: 10_000 });
        assert_eq!(post(&service, &mei, &"a".repeat(10_001)).await.unwrap_err(), too_long);
        let odd = "</script>\u{2028}'; DROP TABLE messages; -- \u{202e} \u{fffd} e\u{301}";
        assert_eq!(post(&service, &mei, odd).await.unwrap().body, odd);
    })
    .await;
}

#[tokio::test]
async fn a_room_of_members_does_not_exist_for_others() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let rooms = &service.services.rooms;
        for (name, kind) in [("dome", RoomKind::Group), ("mei-and-tomasz", RoomKind::Direct)] {
            let slug = RoomSlug::parse(name).unwrap();
            let members = [(mei.person, Role::Member)];
            insert_room(&db, &slug, kind, &members, service.services.now()).await.unwrap();

            post_to(&service, &mei, name, "among us").await.unwrap();
            assert_eq!(rooms.page(&mei, name).await.unwrap().messages[0].body, "among us");
            assert_eq!(rooms.since(&mei, name, 0).await.unwrap().events.len(), 1);
            assert_eq!(rooms.before(&mei, name, None, None).await.unwrap().events.len(), 1);

            for room in [name, "there-is-none", "No Slug", ""] {
                let refusals = [
                    post_to(&service, &ines, room, "let me in").await.map(drop),
                    rooms.page(&ines, room).await.map(drop).map_err(|error| error.api()),
                    rooms.since(&ines, room, 0).await.map(drop).map_err(|error| error.api()),
                    rooms.before(&ines, room, None, None).await.map(drop).map_err(|error| error.api()),
                ];
                assert!(refusals.iter().all(|refusal| *refusal == Err(ApiError::NotFound)), "{room:?} {refusals:?}");
            }
        }
        let seen = |page: telicat_domain::room::RoomPage| {
            page.rooms.into_iter().map(|room| room.room.slug.to_string()).collect::<HashSet<_>>()
        };
        assert_eq!(seen(rooms.page(&ines, ROOM).await.unwrap()), HashSet::from([ROOM.to_owned()]));
        assert_eq!(seen(rooms.page(&mei, ROOM).await.unwrap()).len(), 3);
        assert!(everything(&service, &ines).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_page_shows_the_newest_and_knows_whether_there_are_older() {
    both(|db| async move {
        let service = unlimited(db).await;
        let mei = service.sign_up("mei").await;
        let page = || async { service.services.rooms.page(&mei, ROOM).await.unwrap() };
        let empty = page().await;
        assert_eq!((empty.messages.len(), empty.cursor, empty.older), (0, 0, false));
        post_many(&service, &mei, 50).await;
        let full = page().await;
        assert_eq!((full.messages.len(), full.cursor, full.older), (50, 50, false));
        post(&service, &mei, "one more").await.unwrap();
        let newest = page().await;
        assert!(newest.messages.iter().map(|message| message.seq).eq(2..=51));
        assert_eq!((newest.cursor, newest.older), (51, true));
    })
    .await;
}

#[tokio::test]
async fn a_page_shows_every_message_that_was_acknowledged_whichever_process_took_it() {
    both(|db| async move {
        let (here, there) = (unlimited(db.clone()).await, unlimited(db).await);
        let mei = here.sign_up("mei").await;
        let page = || async { here.services.rooms.page(&mei, ROOM).await.unwrap() };
        for n in 1..=4 {
            let service = if n % 2 == 0 { &here } else { &there };
            let posted = post(service, &mei, &format!("number {n}")).await.unwrap();
            let first = page().await;
            assert_eq!((first.messages.len(), first.messages.last(), first.cursor), (n, Some(&posted), n as i64));
            assert_eq!(page().await, first, "nothing happened between");
        }
    })
    .await;
}

#[tokio::test]
async fn what_came_after_is_read_in_pages_of_two_hundred() {
    both(|db| async move {
        let service = unlimited(db).await;
        let mei = service.sign_up("mei").await;
        post_many(&service, &mei, 201).await;
        let first = since(&service, &mei, 0).await;
        assert!(numbers(&first).into_iter().eq(1..=200));
        assert_eq!(first.next, Some(200));
        let second = since(&service, &mei, 200).await;
        assert_eq!((numbers(&second), second.next), (vec![201], None));
        let exact = since(&service, &mei, 1).await;
        assert_eq!(exact.events.len(), 200);
        assert!(since(&service, &mei, exact.events[199].seq()).await.events.is_empty());
        for (from, count) in [(201, 0), (i64::MAX, 0), (-5, 200), (i64::MIN, 200)] {
            assert_eq!(since(&service, &mei, from).await.events.len(), count, "after {from}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_came_before_is_read_backwards_until_the_beginning() {
    both(|db| async move {
        let service = unlimited(db).await;
        let mei = service.sign_up("mei").await;
        post_many(&service, &mei, 205).await;
        let before = |seq, limit| {
            let (service, mei) = (&service, &mei);
            async move { service.services.rooms.before(mei, ROOM, seq, limit).await.unwrap() }
        };
        let newest = before(None, None).await;
        assert!(numbers(&newest).into_iter().eq(156..=205));
        assert_eq!(newest.next, Some(156));
        let page = before(Some(156), Some(150)).await;
        assert!(numbers(&page).into_iter().eq(6..=155));
        let last = before(page.next, Some(5)).await;
        assert_eq!((numbers(&last), last.next), (vec![1, 2, 3, 4, 5], None));
        assert_eq!(before(None, Some(100_000)).await.events.len(), 200, "never more");
        assert_eq!(before(None, Some(0)).await.events.len(), 1, "never nothing where there is something");
        assert!(before(Some(1), None).await.events.is_empty() && before(Some(i64::MIN), None).await.events.is_empty());
        assert_eq!(before(Some(i64::MAX), Some(3)).await.next, Some(203));
    })
    .await;
}

#[tokio::test]
async fn posts_that_were_taken_in_are_finished_and_later_ones_refused() {
    both(|db| async move {
        let service = Arc::new(unlimited(db.clone()).await);
        let mei = service.sign_up("mei").await;
        let mut posts = tokio::task::JoinSet::new();
        for n in 0..50 {
            let (service, mei) = (service.clone(), mei.clone());
            posts.spawn(async move { post(&service, &mei, &format!("post {n}")).await });
        }
        tokio::task::yield_now().await;
        service.services.messages.stop().await;
        let mut kept: Vec<Message> = Vec::new();
        for answer in posts.join_all().await {
            match answer {
                Ok(message) => kept.push(message),
                Err(error) => assert_eq!(error, ApiError::Busy { retry_after: 1 }),
            }
        }
        assert_eq!(post(&service, &mei, "late").await.unwrap_err(), ApiError::Busy { retry_after: 1 });
        kept.sort_by_key(|message| message.seq);
        assert_eq!(everything(&service, &mei).await, kept);
        // Who starts on the same database goes on where it stopped.
        let again = unlimited(db).await;
        let next = post(&again, &mei, "next").await.unwrap();
        assert_eq!(next.seq, kept.len() as i64 + 1);
    })
    .await;
}
