//! How far somebody has read, and what the list of rooms says of it.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use serde_json::Value;
use std::sync::Arc;
use telicat_domain::{
    ApiError, Message, MessageId, RoomId, RoomSlug, Timestamp,
    limits::UNREAD_MAX,
    permission::Role,
    room::{Involvement, ReadState, RoomEntry, RoomKind},
};
use telicat_service::{
    Error, Settings, Signed,
    live::Connection,
    testing::{TestService, settings},
};
use telicat_store::{
    Db,
    testing::{TestDb, both, delete_member, insert_mention, insert_room, set_deleted, set_follow, set_root},
};
use tokio::task::JoinSet;

const ROOM: &str = "public-chat";

async fn unlimited(db: Db) -> TestService {
    TestService::with(db, Settings { rate_limits: false, ..settings() }).await
}

async fn post_in(service: &TestService, who: &Signed, room: &str, body: &str) -> Message {
    service.services.messages.post(who, room, body, None).await.unwrap()
}

async fn post(service: &TestService, who: &Signed, body: &str) -> Message {
    post_in(service, who, ROOM, body).await
}

async fn group(db: &Db, slug: &str, members: &[&Signed]) -> RoomId {
    let members: Vec<_> = members.iter().map(|member| (member.person, Role::Member)).collect();
    insert_room(db, &RoomSlug::parse(slug).unwrap(), RoomKind::Group, &members, Timestamp(5)).await.unwrap()
}

async fn entry(service: &TestService, who: &Signed, room: &str) -> RoomEntry {
    let list = service.services.reading.list(who).await.unwrap();
    list.into_iter().find(|entry| entry.room.slug.as_str() == room).unwrap()
}

fn counts(entry: &RoomEntry) -> (i64, i64, u32, u32) {
    (entry.head, entry.read, entry.unread, entry.mentions)
}

fn state(read: i64, version: i64, head: i64, unread: u32) -> ReadState {
    ReadState { read, version, head, unread, mentions: 0 }
}

fn is_not_found<T: std::fmt::Debug>(answer: &Result<T, Error>) {
    assert!(matches!(answer, Err(Error::Api(ApiError::NotFound))), "{answer:?}");
}

async fn listen(service: &TestService, who: &Signed) -> Arc<Connection> {
    let connection = service.services.listen(who).await.unwrap().unwrap();
    hear(&connection).await;
    connection
}

async fn hear(connection: &Connection) -> Vec<Value> {
    let mut frames = Vec::new();
    connection.next(&mut frames).await.unwrap();
    frames.iter().map(|frame| serde_json::from_slice(frame.content()).unwrap()).collect()
}

async fn hear_nothing(connection: &Connection) {
    connection.pong();
    assert_eq!(hear(connection).await, [serde_json::json!({"type": "pong"})]);
}

#[tokio::test]
async fn what_others_said_is_unread_until_it_is_read() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        for n in 1..=3 {
            post(&service, &ines, &format!("number {n}")).await;
        }
        post(&service, &mei, "mine").await;
        assert_eq!(counts(&entry(&service, &mei, ROOM).await), (4, 0, 3, 0));
        assert_eq!(counts(&entry(&service, &ines, ROOM).await), (4, 0, 1, 0));
        let last = entry(&service, &ines, ROOM).await.last.unwrap();
        assert_eq!((last.seq, last.text.as_str(), last.author.id), (4, "mine", mei.person));

        let reading = &service.services.reading;
        assert_eq!(reading.read(&mei, ROOM, 2).await.unwrap(), state(2, 1, 4, 1));
        // What was read stays read, and what is not there yet is not read.
        assert_eq!(reading.read(&mei, ROOM, 1).await.unwrap(), state(2, 1, 4, 1));
        assert_eq!(reading.read(&mei, ROOM, i64::MIN).await.unwrap(), state(2, 1, 4, 1));
        assert_eq!(reading.read(&mei, ROOM, i64::MAX).await.unwrap(), state(4, 2, 4, 0));
        assert_eq!(reading.read(&mei, ROOM, 4).await.unwrap(), state(4, 2, 4, 0));
        post(&service, &ines, "and one more").await;
        assert_eq!(counts(&entry(&service, &mei, ROOM).await), (5, 4, 1, 0));
    })
    .await;
}

#[tokio::test]
async fn a_message_can_be_marked_as_unread_again() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        for n in 1..=3 {
            post(&service, &ines, &format!("number {n}")).await;
        }
        let reading = &service.services.reading;
        reading.read(&mei, ROOM, 3).await.unwrap();
        assert_eq!(reading.unread(&mei, ROOM, 2).await.unwrap(), state(1, 2, 3, 2));
        assert_eq!(reading.unread(&mei, ROOM, 2).await.unwrap(), state(1, 2, 3, 2));
        assert_eq!(reading.unread(&mei, ROOM, 3).await.unwrap(), state(2, 3, 3, 1));
        for (seq, expected) in [(i64::MIN, state(0, 4, 3, 3)), (1, state(0, 4, 3, 3)), (i64::MAX, state(3, 5, 3, 0))] {
            assert_eq!(reading.unread(&mei, ROOM, seq).await.unwrap(), expected);
        }
    })
    .await;
}

#[tokio::test]
async fn messages_of_threads_and_deleted_ones_are_not_counted() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let mut posted = Vec::new();
        for n in 0..4 {
            posted.push(post(&service, &ines, &format!("number {n}")).await.id);
        }
        set_root(&db, posted[1], posted[0]).await.unwrap();
        set_deleted(&db, posted[3], Some(Timestamp(9))).await.unwrap();
        let found = entry(&service, &mei, ROOM).await;
        assert_eq!(counts(&found), (4, 0, 2, 0));
        assert_eq!(found.last.unwrap().id, posted[2]);
        for id in [posted[0], posted[2]] {
            set_deleted(&db, id, Some(Timestamp(9))).await.unwrap();
        }
        let found = entry(&service, &mei, ROOM).await;
        assert_eq!((found.unread, found.last), (0, None));
        set_deleted(&db, posted[2], None).await.unwrap();
        assert_eq!(entry(&service, &mei, ROOM).await.unread, 1);
    })
    .await;
}

#[tokio::test]
async fn whoever_is_called_twice_in_a_message_is_called_once() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let mut posted: Vec<MessageId> = Vec::new();
        for n in 0..6 {
            posted.push(post(&service, &ines, &format!("number {n}")).await.id);
        }
        let own = post(&service, &mei, "me").await.id;
        let (me, other) = (Some(("mei", mei.person)), Some(("ines", ines.person)));
        // By name, by both, by an earlier name too, everybody, somebody else, in a thread, by herself.
        insert_mention(&db, posted[0], me, false).await.unwrap();
        insert_mention(&db, posted[1], me, false).await.unwrap();
        insert_mention(&db, posted[1], None, false).await.unwrap();
        insert_mention(&db, posted[2], me, false).await.unwrap();
        insert_mention(&db, posted[2], Some(("meimei", mei.person)), false).await.unwrap();
        insert_mention(&db, posted[3], None, false).await.unwrap();
        insert_mention(&db, posted[4], other, false).await.unwrap();
        set_root(&db, posted[5], posted[4]).await.unwrap();
        insert_mention(&db, posted[5], me, true).await.unwrap();
        insert_mention(&db, own, None, false).await.unwrap();
        assert_eq!(counts(&entry(&service, &mei, ROOM).await), (7, 0, 5, 4));
        assert_eq!(entry(&service, &ines, ROOM).await.mentions, 1);
        assert_eq!(service.services.reading.read(&mei, ROOM, 3).await.unwrap().mentions, 1);
        assert_eq!(service.services.reading.read(&mei, ROOM, 4).await.unwrap().mentions, 0);
    })
    .await;
}

#[tokio::test]
async fn nobody_counts_further_than_a_thousand() {
    both(|db| async move {
        let service = unlimited(db.clone()).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let mut posts = JoinSet::new();
        for n in 0..=UNREAD_MAX {
            let (services, ines) = (service.services.clone(), ines.clone());
            posts.spawn(async move { services.messages.post(&ines, ROOM, &format!("number {n}"), None).await });
        }
        for posted in posts.join_all().await {
            insert_mention(&db, posted.unwrap().id, None, false).await.unwrap();
        }
        let found = entry(&service, &mei, ROOM).await;
        assert_eq!((found.unread, found.mentions), (UNREAD_MAX, UNREAD_MAX));
        let state = service.services.reading.read(&mei, ROOM, 2).await.unwrap();
        assert_eq!((state.unread, state.mentions), (UNREAD_MAX - 1, UNREAD_MAX - 1));
    })
    .await;
}

#[tokio::test]
async fn what_is_read_in_one_tab_is_told_to_the_others_and_to_nobody_else() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        post(&service, &ines, "hello").await;
        let (first, second, other) =
            (listen(&service, &mei).await, listen(&service, &mei).await, listen(&service, &ines).await);
        service.services.reading.read(&mei, ROOM, 1).await.unwrap();
        service.services.reading.read(&mei, ROOM, 1).await.unwrap();
        let frame = serde_json::json!({"type": "read", "room": ROOM,
            "state": {"read": 1, "version": 1, "head": 1, "unread": 0, "mentions": 0}});
        for connection in [&first, &second] {
            let heard = hear(connection).await;
            assert_eq!(heard, std::slice::from_ref(&frame), "once, because nothing changed the second time");
        }
        hear_nothing(&other).await;
    })
    .await;
}

#[tokio::test]
async fn a_room_is_muted_for_a_time_and_favoured() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        let reading = &service.services.reading;
        let connection = listen(&service, &mei).await;
        let now = service.services.now();
        let muted = reading.involve(&mei, ROOM, "mentions", Some(60)).await.unwrap();
        assert_eq!((muted.involvement, muted.muted_until), (Involvement::Mentions, now.plus_seconds(3600)));
        assert!(muted.is_muted(now) && !muted.is_muted(now.plus_seconds(3600)));
        let kept = reading.involve(&mei, ROOM, "everything", None).await.unwrap();
        assert_eq!((kept.involvement, kept.muted_until), (Involvement::Everything, muted.muted_until));
        let loud = reading.involve(&mei, ROOM, "nothing", Some(0)).await.unwrap();
        assert_eq!((loud.involvement, loud.muted_until), (Involvement::Nothing, Timestamp(0)));
        for (involvement, minutes) in [("loud", None), ("mentions", Some(-1)), ("mentions", Some(366 * 24 * 60))] {
            let refused = reading.involve(&mei, ROOM, involvement, minutes).await;
            assert!(matches!(refused, Err(Error::Api(ApiError::BadRequest))), "{involvement} {minutes:?}");
        }
        let favourite = reading.favour(&mei, ROOM, true).await.unwrap();
        assert!(favourite.favourite && favourite.involvement == Involvement::Nothing);
        assert_eq!(entry(&service, &mei, ROOM).await, favourite);
        assert!(!reading.favour(&mei, ROOM, false).await.unwrap().favourite);
        let frames = hear(&connection).await;
        assert_eq!(frames.len(), 5);
        assert!(frames.iter().all(|frame| frame["type"] == "room"), "{frames:?}");
        assert_eq!(frames[3]["room"], serde_json::to_value(&favourite).unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_stranger_reads_nothing_and_becomes_no_member_by_trying() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let dome = group(&db, "dome", &[&ines]).await;
        let reading = &service.services.reading;
        for room in ["dome", "not-there", "No Slug"] {
            is_not_found(&reading.read(&mei, room, 1).await);
            is_not_found(&reading.unread(&mei, room, 1).await);
            is_not_found(&reading.favour(&mei, room, true).await);
            is_not_found(&reading.involve(&mei, room, "nothing", None).await);
        }
        is_not_found(&reading.entry(mei.person, dome).await);
        assert_eq!(reading.list(&mei).await.unwrap().len(), 1);
        assert!(reading.read(&ines, "dome", 1).await.is_ok());
        delete_member(&db, dome, ines.person).await.unwrap();
        is_not_found(&reading.read(&ines, "dome", 1).await);
        assert_eq!(reading.list(&ines).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_public_room_that_is_younger_than_the_person_is_theirs_too() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let slug = RoomSlug::parse("sky").unwrap();
        let sky = insert_room(&db, &slug, RoomKind::Public, &[], Timestamp(7)).await.unwrap();
        let before = entry(&service, &mei, "sky").await;
        assert_eq!((before.role, before.active_at, counts(&before)), (None, Timestamp(7), (0, 0, 0, 0)));
        post_in(&service, &ines, "sky", "clear").await;
        let reading = &service.services.reading;
        assert_eq!(entry(&service, &mei, "sky").await.unread, 1);
        assert_eq!(reading.read(&mei, "sky", 1).await.unwrap(), state(1, 1, 1, 0));
        assert!(reading.favour(&ines, "sky", true).await.unwrap().favourite);
        assert_eq!(reading.entry(mei.person, sky).await.unwrap(), entry(&service, &mei, "sky").await);
    })
    .await;
}

#[tokio::test]
async fn people_and_news_of_threads_are_in_the_list() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let (mei, ines, bea) =
            (service.sign_up("mei").await, service.sign_up("ines").await, service.sign_up("bea").await);
        let all = [&mei, &ines, &bea].map(|person| (person.person, Role::Member));
        let slug = RoomSlug::parse("direct").unwrap();
        let room = insert_room(&db, &slug, RoomKind::Direct, &all, Timestamp(5)).await.unwrap();
        let people = |entry: &RoomEntry| -> Vec<String> {
            entry.room.people.iter().map(|person| person.handle.to_string()).collect()
        };
        assert_eq!(people(&entry(&service, &mei, "direct").await), ["bea", "ines"]);
        assert_eq!(people(&service.services.reading.entry(bea.person, room).await.unwrap()), ["ines", "mei"]);

        let root = post(&service, &mei, "who comes?").await;
        let reply = post(&service, &ines, "me").await;
        set_root(&db, reply.id, root.id).await.unwrap();
        let own = post(&service, &mei, "good").await;
        set_root(&db, own.id, root.id).await.unwrap();
        let threads = |entry: RoomEntry| entry.threads;
        set_follow(&db, root.id, mei.person, true, 0).await.unwrap();
        assert_eq!(threads(entry(&service, &mei, ROOM).await), [root.id]);
        // One's own reply is no news, and neither is one that is gone, nor any in a thread that is not followed.
        set_follow(&db, root.id, mei.person, true, reply.seq).await.unwrap();
        assert!(threads(entry(&service, &mei, ROOM).await).is_empty());
        set_follow(&db, root.id, mei.person, false, 0).await.unwrap();
        assert!(threads(entry(&service, &mei, ROOM).await).is_empty());
        set_follow(&db, root.id, mei.person, true, 0).await.unwrap();
        set_deleted(&db, reply.id, Some(Timestamp(9))).await.unwrap();
        assert!(threads(entry(&service, &mei, ROOM).await).is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_counts_of_many_who_read_and_write_at_once_are_those_of_their_moment() {
    both(|db| async move {
        let service = Arc::new(unlimited(db).await);
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let writer = {
            let (service, ines) = (service.clone(), ines.clone());
            tokio::spawn(async move {
                for n in 0..60 {
                    post(&service, &ines, &format!("number {n}")).await;
                }
            })
        };
        let mut last = state(0, 0, 0, 0);
        for n in 0..60 {
            let now = service.services.reading.read(&mei, ROOM, n / 2).await.unwrap();
            // Everything after the position is of somebody else, so the head says how much that must be.
            assert_eq!(i64::from(now.unread), now.head - now.read, "{now:?}");
            assert!(now.head >= last.head && now.read >= last.read && now.version >= last.version);
            last = now;
        }
        writer.await.unwrap();
        assert_eq!(service.services.reading.read(&mei, ROOM, 60).await.unwrap().unread, 0);
    })
    .await;
}

#[tokio::test]
async fn who_comes_back_comes_to_the_last_room_that_may_be_read() {
    let test = TestDb::sqlite().await;
    let service = TestService::on(test.db.clone()).await;
    let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
    group(&test.db, "dome", &[&ines]).await;
    let dome = RoomSlug::parse("dome").unwrap();
    let reading = &service.services.reading;
    assert_eq!(reading.last_room(&ines, Some(&dome)).await.unwrap(), dome);
    assert_eq!(reading.last_room(&mei, Some(&dome)).await.unwrap(), RoomSlug::public_chat());
    assert_eq!(reading.last_room(&mei, None).await.unwrap(), RoomSlug::public_chat());
}

/// A page that was away meanwhile would otherwise take its own position for the newer one.
#[tokio::test]
async fn who_comes_back_has_a_later_position_than_before() {
    both(|db| async move {
        let service = unlimited(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let services = &service.services;
        let dome = services.create_room(&ines, "Dome", "").await.unwrap();
        services.add_members(&ines, dome.as_str(), "mei").await.unwrap();
        post_in(&service, &ines, dome.as_str(), "one").await;
        let before = services.reading.read(&mei, dome.as_str(), i64::MAX).await.unwrap();
        services.remove_member(&ines, dome.as_str(), mei.person).await.unwrap();
        service.clock.advance_seconds(1);
        services.add_members(&ines, dome.as_str(), "mei").await.unwrap();
        let after = entry(&service, &mei, dome.as_str()).await;
        assert!(after.read_version > before.version && after.read > before.read, "{after:?}");
        assert_eq!(services.reading.unread(&mei, dome.as_str(), 0).await.unwrap().version, after.read_version + 1);
    })
    .await;
}
