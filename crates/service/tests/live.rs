//! The hub: who hears what, in which order, and who is cut off.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use telicat_domain::{
    Email, Handle, Message, PersonId, RoomSlug, Timestamp, frame::CloseCode, permission::Role, room::RoomKind,
};
use telicat_service::{
    Settings, Signed,
    live::{Connection, Refused, WireFrame},
    messages::new_nonce,
    people::Edit,
    testing::{TestService, settings},
};
use telicat_store::{
    Db,
    testing::{both, insert_room},
};
use tokio::time::timeout;

const ROOM: &str = "public-chat";

async fn unlimited(db: Db) -> TestService {
    TestService::with(db, Settings { rate_limits: false, ..settings() }).await
}

async fn listen(service: &TestService, who: &Signed) -> Arc<Connection> {
    service.services.listen(who).await.unwrap().unwrap()
}

async fn post(service: &TestService, who: &Signed, body: &str) -> Message {
    service.services.messages.post(who, ROOM, body, None).await.unwrap()
}

async fn post_many(service: &TestService, who: &Signed, count: usize) {
    for n in 0..count {
        post(service, who, &format!("message {n}")).await;
    }
}

/// All that waits.
async fn take(connection: &Connection) -> Vec<WireFrame> {
    let mut deliveries = Vec::new();
    connection.next(&mut deliveries).await.unwrap();
    deliveries
}

/// The frames that wait, of which there is at least one.
async fn hear(connection: &Connection) -> Vec<Value> {
    let texts = take(connection).await.into_iter().filter(|frame| !frame.is_ping());
    texts.map(|frame| serde_json::from_slice(frame.content()).unwrap()).collect()
}

/// Nothing waits: what is asked for now comes first.
async fn hear_nothing(connection: &Connection) {
    connection.pong();
    assert_eq!(hear(connection).await, [json!({"type": "pong"})]);
}

fn numbers(frames: &[Value]) -> Vec<i64> {
    frames.iter().map(|frame| frame["event"]["seq"].as_i64().unwrap()).collect()
}

fn cursor(seq: i64) -> BTreeMap<RoomSlug, i64> {
    BTreeMap::from([(RoomSlug::public_chat(), seq)])
}

/// Longer than anything may take, so that what is not closed fails.
const PATIENCE: Duration = Duration::from_secs(60);

async fn end(connection: &Connection) -> (CloseCode, String) {
    timeout(PATIENCE, connection.next(&mut Vec::new())).await.unwrap().unwrap_err()
}

fn is_one_ping(deliveries: &[WireFrame]) -> bool {
    matches!(deliveries, [frame] if frame.is_ping())
}

#[tokio::test]
async fn the_first_frame_says_hello_and_then_come_the_events() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        post_many(&service, &mei, 2).await;
        let connection = listen(&service, &mei).await;
        let message = post(&service, &mei, "hello, line").await;
        let frames = hear(&connection).await;
        let known = service.services.now().plus_seconds(-30);
        let hello = json!({"type": "hello", "version": 1, "person": "mei", "rooms": {"public-chat": 2}, "people": known,
            "assets": "/a/test"});
        let mut event = serde_json::to_value(&message).unwrap();
        event["kind"] = json!("posted");
        assert_eq!(frames, [hello, json!({"type": "event", "room": ROOM, "event": event})]);
    })
    .await;
}

#[tokio::test]
async fn a_frame_is_encoded_once_for_all() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let connections = [listen(&service, &mei).await, listen(&service, &mei).await, listen(&service, &ines).await];
        post(&service, &ines, "to all").await;
        let mut places = Vec::new();
        for connection in &connections {
            let deliveries = take(connection).await;
            let [_, event] = deliveries.as_slice() else { panic!("{deliveries:?}") };
            places.push(event.content().as_ptr());
        }
        assert!(places.iter().all(|place| *place == places[0]));
    })
    .await;
}

#[tokio::test]
async fn a_retry_is_heard_once() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        let connection = listen(&service, &mei).await;
        let nonce = new_nonce().unwrap();
        for _ in 0..3 {
            service.services.messages.post(&mei, ROOM, "once", Some(nonce)).await.unwrap();
        }
        assert!(service.services.messages.post(&mei, ROOM, "other", Some(nonce)).await.is_err());
        post(&service, &mei, "last").await;
        assert_eq!(numbers(&hear(&connection).await[1..]), [1, 2]);
    })
    .await;
}

#[tokio::test]
async fn what_was_missed_is_sent_from_memory() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        post_many(&service, &mei, 5).await;
        let connection = listen(&service, &mei).await;
        hear(&connection).await;
        let hub = &service.services.hub;
        hub.resume(&connection, &cursor(2));
        post(&service, &mei, "meanwhile").await;
        assert_eq!(numbers(&hear(&connection).await), [3, 4, 5, 6]);
        for seq in [6, 7, i64::MAX] {
            hub.resume(&connection, &cursor(seq));
            hear_nothing(&connection).await;
        }
        for seq in [0, -1, i64::MIN] {
            hub.resume(&connection, &cursor(seq));
            assert_eq!(numbers(&hear(&connection).await), [1, 2, 3, 4, 5, 6], "from {seq}");
        }
        hub.resume(&connection, &BTreeMap::from([(RoomSlug::parse("not-mine").unwrap(), 0)]));
        hear_nothing(&connection).await;
    })
    .await;
}

#[tokio::test]
async fn who_missed_more_than_is_at_hand_is_told_so() {
    both(|db| async move {
        let service = unlimited(db.clone()).await;
        let mei = service.sign_up("mei").await;
        post_many(&service, &mei, 300).await;
        let connection = listen(&service, &mei).await;
        hear(&connection).await;
        let behind = json!({"type": "behind", "room": ROOM, "seq": 300});
        for seq in [0, 43] {
            service.services.hub.resume(&connection, &cursor(seq));
            assert_eq!(hear(&connection).await, std::slice::from_ref(&behind), "from {seq}");
        }
        service.services.hub.resume(&connection, &cursor(44));
        assert!(numbers(&hear(&connection).await).into_iter().eq(45..=300));

        // After a restart nothing is at hand.
        let again = unlimited(db).await;
        let connection = listen(&again, &mei).await;
        assert_eq!(hear(&connection).await[0]["rooms"][ROOM], 300);
        again.services.hub.resume(&connection, &cursor(299));
        assert_eq!(hear(&connection).await, [behind]);
        again.services.hub.resume(&connection, &cursor(300));
        hear_nothing(&connection).await;
    })
    .await;
}

#[tokio::test]
async fn who_does_not_read_is_cut_off_and_nobody_else() {
    both(|db| async move {
        let service = unlimited(db).await;
        let mei = service.sign_up("mei").await;
        let (slow, quick) = (listen(&service, &mei).await, listen(&service, &mei).await);
        let mut heard = Vec::new();
        for _ in 0..6 {
            post_many(&service, &mei, 100).await;
            heard.extend(hear(&quick).await);
        }
        assert_eq!(heard[0]["type"], "hello");
        assert!(numbers(&heard[1..]).into_iter().eq(1..=600));
        assert_eq!(end(&slow).await.0, CloseCode::TooSlow);
        assert_eq!(service.services.hub.connection_count(), 2, "until its task lets go");
        service.services.hub.detach(&slow);
        service.services.hub.detach(&slow);
        assert_eq!(service.services.hub.connection_count(), 1);
    })
    .await;
}

#[tokio::test]
async fn large_messages_fill_a_queue_sooner() {
    both(|db| async move {
        let service = unlimited(db).await;
        let mei = service.sign_up("mei").await;
        let (slow, quick) = (listen(&service, &mei).await, listen(&service, &mei).await);
        let large = "🐈".repeat(10_000);
        let mut heard = 0;
        for _ in 0..30 {
            post(&service, &mei, &large).await;
            heard += hear(&quick).await.len();
        }
        assert_eq!(heard, 31);
        assert_eq!(end(&slow).await.0, CloseCode::TooSlow);
    })
    .await;
}

#[tokio::test]
async fn twenty_sockets_of_one_person_and_no_more() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let mut open = Vec::new();
        for _ in 0..20 {
            open.push(listen(&service, &mei).await);
        }
        assert_eq!(service.services.listen(&mei).await.unwrap().unwrap_err(), Refused);
        listen(&service, &ines).await;
        service.services.hub.detach(&open[7]);
        listen(&service, &mei).await;
        assert!(service.services.listen(&mei).await.unwrap().is_err());
    })
    .await;
}

#[tokio::test]
async fn a_room_of_members_is_heard_by_them_alone() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let slug = RoomSlug::parse("dome").unwrap();
        let members = [(mei.person, Role::Member)];
        insert_room(&db, &slug, RoomKind::Group, &members, service.services.now()).await.unwrap();
        let (member, stranger) = (listen(&service, &mei).await, listen(&service, &ines).await);
        assert_eq!(hear(&member).await[0]["rooms"], json!({"dome": 0, "public-chat": 0}));
        assert_eq!(hear(&stranger).await[0]["rooms"], json!({"public-chat": 0}));
        service.services.messages.post(&mei, "dome", "among us", None).await.unwrap();
        let frames = hear(&member).await;
        assert_eq!((&frames[0]["room"], &frames[0]["event"]["body"]), (&json!("dome"), &json!("among us")));
        service.services.hub.resume(&stranger, &BTreeMap::from([(slug, 0)]));
        hear_nothing(&stranger).await;
    })
    .await;
}

#[tokio::test]
async fn who_is_silent_is_asked_and_then_given_up() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        let (silent, alive) = (listen(&service, &mei).await, listen(&service, &mei).await);
        let sweep = || service.services.hub.sweep(service.services.now());
        take(&alive).await;
        service.clock.advance_seconds(24);
        assert!(sweep().is_empty());
        hear_nothing(&alive).await;
        service.clock.advance_seconds(1);
        assert!(sweep().is_empty() && sweep().is_empty());
        assert!(is_one_ping(&take(&alive).await), "once, however often one looks");
        alive.heard(service.services.now());
        service.clock.advance_seconds(35);
        assert!(sweep().is_empty());
        assert!(take(&silent).await.iter().any(WireFrame::is_ping), "sixty seconds are not too long");
        service.clock.advance_seconds(1);
        assert!(sweep().is_empty());
        assert_eq!(end(&silent).await.0, CloseCode::TooSlow);
        assert!(is_one_ping(&take(&alive).await));
    })
    .await;
}

#[tokio::test]
async fn a_session_is_looked_at_every_five_minutes() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        let connection = listen(&service, &mei).await;
        let mut looked_at = Vec::new();
        for minute in 1..=10 {
            service.clock.advance_seconds(60);
            connection.heard(service.services.now());
            if !service.services.hub.sweep(service.services.now()).is_empty() {
                looked_at.push(minute);
            }
        }
        assert_eq!(looked_at, [5, 10]);
    })
    .await;
}

#[tokio::test]
async fn all_are_told_when_to_come_back_each_at_another_time() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        let mut open = Vec::new();
        for _ in 0..20 {
            open.push(listen(&service, &mei).await);
        }
        service.services.hub.restart(5_000);
        let mut waits = std::collections::BTreeSet::new();
        for connection in &open {
            let (code, reason) = end(connection).await;
            assert_eq!(code, CloseCode::Restart);
            waits.insert(reason.parse::<u32>().unwrap());
        }
        assert!(waits.len() > 10 && waits.iter().all(|wait| *wait < 5_000), "{waits:?}");
    })
    .await;
}

#[tokio::test]
async fn the_first_reason_to_close_is_the_one_that_is_told() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        let connection = listen(&service, &mei).await;
        connection.close(CloseCode::SignedOut, "");
        connection.close(CloseCode::Restart, "9");
        connection.pong();
        post(&service, &mei, "nobody hears this").await;
        assert_eq!(end(&connection).await, (CloseCode::SignedOut, String::new()));
    })
    .await;
}

/// Listening asks the database and then attaches; whatever is posted between the two must be heard or be known.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_lost_between_asking_and_listening() {
    const ROUNDS: i64 = 60;
    both(|db| async move {
        let service = Arc::new(unlimited(db).await);
        let people = [service.sign_up("mei").await, service.sign_up("ines").await, service.sign_up("tomasz").await];
        let poster = {
            let (service, who) = (service.clone(), people[0].clone());
            tokio::spawn(async move {
                for n in 0..ROUNDS {
                    post(&service, &who, &format!("message {n}")).await;
                }
            })
        };
        let mut listeners = tokio::task::JoinSet::new();
        for n in 0..ROUNDS {
            let (service, who) = (service.clone(), people[n as usize % people.len()].clone());
            listeners.spawn(async move {
                let connection = listen(&service, &who).await;
                let mut frames = hear(&connection).await;
                let mut cursor = frames.remove(0)["rooms"][ROOM].as_i64().unwrap();
                loop {
                    for seq in numbers(&frames) {
                        // What was written and not yet told when the socket was opened may be told once more.
                        assert!(seq <= cursor + 1, "a gap between {cursor} and {seq}");
                        cursor = cursor.max(seq);
                    }
                    if cursor == ROUNDS {
                        break;
                    }
                    frames = hear(&connection).await;
                }
                service.services.hub.detach(&connection);
            });
            // At most as many at once as the sockets that these people may have.
            if listeners.len() == 30 {
                listeners.join_next().await.unwrap().unwrap();
            }
        }
        listeners.join_all().await;
        poster.await.unwrap();
        assert_eq!(service.services.hub.connection_count(), 0);
    })
    .await;
}

/// Who was told of, in their order, and the end of the answer.
async fn told(service: &TestService, connection: &Connection, since: i64) -> (Vec<String>, i64, bool) {
    service.services.tell_changes(connection, Timestamp(since)).await.unwrap();
    let mut frames = hear(connection).await;
    let end = frames.pop().unwrap();
    assert_eq!(end["type"], "people");
    let name = |frame: Value| {
        assert_eq!(frame["type"], "person");
        frame["author"]["name"].as_str().unwrap().to_owned()
    };
    (frames.into_iter().map(name).collect(), end["at"].as_i64().unwrap(), end["more"].as_bool().unwrap())
}

async fn call(service: &TestService, who: &Signed, name: &str) {
    let edit = Edit { display_name: Some(name), ..Edit::default() };
    service.services.people.edit(who, edit).await.unwrap();
}

#[tokio::test]
async fn another_name_is_told_to_every_tab_once_and_encoded_once() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let both_are_in = RoomSlug::parse("dome").unwrap();
        let members = [(mei.person, Role::Owner), (ines.person, Role::Member)];
        insert_room(&db, &both_are_in, RoomKind::Group, &members, service.services.now()).await.unwrap();
        let tabs = [listen(&service, &mei).await, listen(&service, &ines).await, listen(&service, &ines).await];
        for tab in &tabs {
            assert_eq!(hear(tab).await[0]["type"], "hello");
        }
        call(&service, &mei, "Mei at the eyepiece").await;
        let author = json!({"id": mei.person, "handle": "mei", "name": "Mei at the eyepiece"});
        let mut places = Vec::new();
        for tab in &tabs {
            let deliveries = take(tab).await;
            let [frame] = deliveries.as_slice() else { panic!("{deliveries:?}") };
            let value: Value = serde_json::from_slice(frame.content()).unwrap();
            assert_eq!(value, json!({"type": "person", "author": author}));
            places.push(frame.content().as_ptr());
        }
        assert!(places.iter().all(|place| *place == places[0]));

        // What others cannot see of it is not told.
        let edit = Edit { display_name: Some("Mei at the eyepiece"), about: Some("soup"), ..Edit::default() };
        service.services.people.edit(&mei, edit).await.unwrap();
        hear_nothing(&tabs[1]).await;
        service.services.people.rename(&mei, "mei.lin").await.unwrap();
        assert_eq!(hear(&tabs[1]).await[0]["author"]["handle"], "mei.lin");
    })
    .await;
}

#[tokio::test]
async fn who_was_away_is_told_who_changed_meanwhile_and_misses_nobody() {
    both(|db| async move {
        let service = unlimited(db.clone()).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        service.clock.advance_seconds(100);
        call(&service, &ines, "Before").await;
        service.clock.advance_seconds(100);
        let known = service.services.rooms.page(&mei, ROOM).await.unwrap().people;
        let connection = listen(&service, &mei).await;
        assert_eq!(hear(&connection).await[0]["people"], known.0);
        assert_eq!(told(&service, &connection, known.0).await, (vec![], known.0, false));

        // A change that was stamped before the page was read, and was written after it.
        let late = service.services.now().plus_seconds(-5);
        let mut tx = db.begin().await.unwrap();
        telicat_store::profiles::update_profile(&mut tx, ines.person, Some("Late"), "", late).await.unwrap();
        tx.commit().await.unwrap();
        let (names, at, more) = told(&service, &connection, known.0).await;
        assert_eq!((names, more), (vec!["Late".to_owned()], false));
        assert!(at <= late.0, "another one like it is not missed either");
        service.clock.advance_seconds(100);
        let (_, at, _) = told(&service, &connection, at).await;
        assert_eq!(told(&service, &connection, at).await, (vec![], at, false));
    })
    .await;
}

#[tokio::test]
async fn many_changes_are_told_in_parts() {
    both(|db| async move {
        let service = unlimited(db.clone()).await;
        let mei = service.sign_up("mei").await;
        let start = service.services.now();
        // As accounts of the database: hashing 201 passwords would take a while.
        let mut tx = db.begin().await.unwrap();
        for number in 0..201 {
            let person = telicat_store::people::NewPerson {
                id: PersonId(telicat_store::new_id(start)),
                handle: Handle::parse(&format!("p{number}")).unwrap(),
                email: Email::parse(&format!("p{number}@cats.example")).unwrap(),
                password_hash: String::new(),
                at: start,
            };
            telicat_store::people::insert_person(&mut tx, &person).await.unwrap();
            let (name, at) = (format!("P {number}"), Timestamp(start.0 + 1 + number));
            telicat_store::profiles::update_profile(&mut tx, person.id, Some(&name), "", at).await.unwrap();
        }
        tx.commit().await.unwrap();
        service.clock.advance_seconds(1000);
        let connection = listen(&service, &mei).await;
        hear(&connection).await;
        let (first, at, more) = told(&service, &connection, start.0).await;
        assert_eq!((first.len(), at, more), (200, start.0 + 200, true));
        let (rest, _, more) = told(&service, &connection, at).await;
        assert_eq!((rest, more), (vec!["P 200".to_owned()], false));
    })
    .await;
}
