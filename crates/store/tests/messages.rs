//! What the store promises of messages and of what happens to them, tried on `SQLite` and on `PostgreSQL`.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use telicat_domain::{
    Email, Event, Handle, Message, MessageId, Nonce, PersonId, RoomId, RoomSlug, Timestamp,
    event::{Gone, Root},
    permission::Role,
    room::RoomKind,
};
use telicat_store::{
    Db,
    completion::{self, Typed},
    messages::{self, Called, EVERYBODY, NewMessage},
    new_id,
    people::{self, NewPerson},
    testing::{self, both},
};

const NOW: Timestamp = Timestamp(1_763_247_720_000_000);

async fn sign_up(db: &Db, handle: &str) -> PersonId {
    let new = NewPerson {
        id: PersonId(new_id(NOW)),
        handle: Handle::parse(handle).unwrap(),
        email: Email::parse(&format!("{handle}@cats.example")).unwrap(),
        password_hash: "hash".to_owned(),
        at: NOW,
    };
    let mut tx = db.begin().await.unwrap();
    people::insert_person(&mut tx, &new).await.unwrap();
    tx.commit().await.unwrap();
    new.id
}

async fn open_room(db: &Db, name: &str, kind: RoomKind, members: &[PersonId]) -> RoomId {
    let members: Vec<_> = members.iter().map(|person| (*person, Role::Member)).collect();
    testing::insert_room(db, &RoomSlug::parse(name).unwrap(), kind, &members, NOW).await.unwrap()
}

async fn post(db: &Db, room: RoomId, author: PersonId, body: &str) -> Message {
    let (id, nonce) = (MessageId(new_id(NOW)), Nonce(new_id(NOW)));
    let new = NewMessage { id, author, nonce, body: body.to_owned(), reply_to: None, root: None, at: NOW };
    let mut tx = db.begin().await.unwrap();
    let posted = messages::insert_messages(&mut tx, room, &[new]).await.unwrap().remove(0);
    tx.commit().await.unwrap();
    posted.message
}

#[tokio::test]
async fn events_of_every_kind_are_read_as_they_were_written() {
    both(|db| async move {
        let mei = sign_up(&db, "Mei").await;
        let room = open_room(&db, "room", RoomKind::Group, &[mei]).await;
        let message = post(&db, room, mei, "hello").await;
        let (id, author) = (message.id, message.author.clone());
        let gone = Gone { id, seq: 1, author: mei, root: None, called: vec![mei], called_all: true, pins: Some(2) };
        let events = [
            Event::Edited { seq: 2, message: message.clone(), called: vec![mei], called_all: true },
            Event::Edited { seq: 3, message: message.clone(), called: Vec::new(), called_all: false },
            Event::Deleted { seq: 4, message: gone },
            Event::Restored { seq: 5, message: message.clone() },
            Event::Reacted { seq: 6, message: id, emoji: "👍🏽".into(), person: mei, on: true, count: 3 },
            Event::Pinned { seq: 7, message: id, on: false, count: 2 },
            Event::Room { seq: 8, name: "Dome \"x\"".into(), topic: String::new(), archived: true },
            Event::Member { seq: 9, person: author.clone(), role: Some(Role::Admin), members: 2 },
            Event::Member { seq: 10, person: author, role: None, members: 1 },
        ];
        let mut tx = db.begin().await.unwrap();
        for event in &events {
            assert_eq!(messages::advance_room(&mut tx, room, 1).await.unwrap(), event.seq());
            messages::insert_event(&mut tx, room, event, NOW).await.unwrap();
        }
        tx.commit().await.unwrap();
        let found = messages::list_events_since(&db, room, 0, i64::MAX, 100).await.unwrap();
        assert_eq!(found[0], Event::Posted(message));
        assert_eq!(found[1..], events);
        let part = messages::list_events_since(&db, room, 5, i64::MAX, 2).await.unwrap();
        assert_eq!(part, events[4..6]);
        let known = messages::list_events_since(&db, room, 5, 9, 100).await.unwrap();
        assert_eq!(known, events[4..8], "nothing beyond what the room had");
    })
    .await;
}

#[tokio::test]
async fn numbers_that_are_given_back_are_given_again() {
    both(|db| async move {
        let mei = sign_up(&db, "Mei").await;
        let room = open_room(&db, "room", RoomKind::Group, &[mei]).await;
        let mut tx = db.begin().await.unwrap();
        assert_eq!(messages::advance_room(&mut tx, room, 1).await.unwrap(), 1);
        assert_eq!(messages::advance_room(&mut tx, room, -1).await.unwrap(), 0);
        tx.commit().await.unwrap();
        assert_eq!(post(&db, room, mei, "hello").await.seq, 1);
        let mut tx = db.begin().await.unwrap();
        assert!(messages::advance_room(&mut tx, RoomId(new_id(NOW)), 1).await.unwrap_err().is_missing());
    })
    .await;
}

#[tokio::test]
async fn an_emoji_keeps_its_place_as_long_as_somebody_gives_it() {
    both(|db| async move {
        let (mei, tom) = (sign_up(&db, "Mei").await, sign_up(&db, "Tom").await);
        let room = open_room(&db, "room", RoomKind::Group, &[mei, tom]).await;
        let id = post(&db, room, mei, "hello").await.id;
        let mut tx = db.begin().await.unwrap();
        for (emoji, who, seq, fresh) in
            [("👍", mei, 5, true), ("❤️", mei, 6, true), ("👍", tom, 7, true), ("👍", tom, 8, false)]
        {
            assert_eq!(messages::insert_reaction(&mut tx, id, emoji, who, seq, NOW).await.unwrap(), fresh);
        }
        assert!(messages::delete_reaction(&mut tx, id, "👍", mei).await.unwrap());
        assert!(!messages::delete_reaction(&mut tx, id, "👍", mei).await.unwrap());
        assert_eq!(messages::count_reaction(&mut tx, id, "👍").await.unwrap(), 1);
        assert_eq!(messages::count_kinds(&mut tx, id).await.unwrap(), 2);
        let (_, mut inside) = messages::find_message(&mut tx, id).await.unwrap().unwrap();
        messages::fill(&mut tx, &mut [&mut inside]).await.unwrap();
        tx.commit().await.unwrap();
        let (_, mut message) = messages::find_message(&db, id).await.unwrap().unwrap();
        messages::fill(&db, &mut [&mut message]).await.unwrap();
        assert_eq!(message, inside, "the same inside the transaction and after it");
        messages::fill_own(&db, tom, &mut [&mut message]).await.unwrap();
        let seen: Vec<_> = message.reactions.iter().map(|one| (one.emoji.as_str(), one.count, one.mine)).collect();
        assert_eq!(seen, [("👍", 1, true), ("❤️", 1, false)]);
        let given = messages::list_reactions_by(&db, tom, 10).await.unwrap();
        assert_eq!((given.len(), given[0].emoji.as_str(), given[0].seq), (1, "👍", 1));
    })
    .await;
}

#[tokio::test]
async fn more_messages_than_one_statement_holds_are_filled() {
    both(|db| async move {
        let (mei, tom) = (sign_up(&db, "Mei").await, sign_up(&db, "Tom").await);
        let room = open_room(&db, "room", RoomKind::Group, &[mei, tom]).await;
        let mut all = Vec::new();
        for number in 0..300 {
            all.push(post(&db, room, mei, &number.to_string()).await);
        }
        let mut tx = db.begin().await.unwrap();
        for message in &all {
            messages::insert_reaction(&mut tx, message.id, "👍", tom, 1, NOW).await.unwrap();
            let called = Called::from([("tom".to_owned(), Some(tom)), (EVERYBODY.to_owned(), None)]);
            messages::insert_calls(&mut tx, room, message, &called).await.unwrap();
        }
        tx.commit().await.unwrap();
        // Also one that is there twice, and one that is not there.
        let mut ids: Vec<MessageId> = all.iter().map(|message| message.id).collect();
        ids.extend([ids[0], MessageId(new_id(NOW))]);
        let mut found = messages::find_messages(&db, &ids).await.unwrap();
        found.sort_by_key(|(_, message)| message.seq);
        found.dedup_by_key(|(_, message)| message.seq);
        let mut found: Vec<Message> = found.into_iter().map(|(_, message)| message).collect();
        let mut places: Vec<&mut Message> = found.iter_mut().collect();
        let called = messages::fill(&db, &mut places).await.unwrap();
        messages::fill_own(&db, tom, &mut places).await.unwrap();
        assert_eq!((found.len(), called.len()), (300, 300));
        for message in &found {
            assert_eq!((message.reactions.len(), message.reactions[0].count), (1, 1), "counted once");
            assert!(message.reactions[0].mine && message.mentions_all);
            assert_eq!(message.mentions, [tom]);
        }
    })
    .await;
}

#[tokio::test]
async fn texts_are_kept_aside_and_brought_back_or_forgotten() {
    both(|db| async move {
        let mei = sign_up(&db, "Mei").await;
        let room = open_room(&db, "room", RoomKind::Group, &[mei]).await;
        let id = post(&db, room, mei, "one").await.id;
        let mut tx = db.begin().await.unwrap();
        messages::update_body(&mut tx, id, "two", NOW.plus_seconds(1)).await.unwrap();
        messages::update_deleted(&mut tx, id, mei, NOW.plus_seconds(2)).await.unwrap();
        let deletion = messages::find_deletion(&mut tx, id).await.unwrap();
        assert_eq!(deletion, Some((NOW.plus_seconds(2), mei)));
        messages::update_restored(&mut tx, id).await.unwrap();
        assert_eq!(messages::find_deletion(&mut tx, id).await.unwrap(), None);
        let (_, message) = messages::find_message(&mut tx, id).await.unwrap().unwrap();
        assert_eq!((message.body.as_str(), message.edited_at), ("two", Some(NOW.plus_seconds(1))));
        assert_eq!(messages::find_first_text(&mut tx, id).await.unwrap().as_deref(), Some("one"));
        messages::update_deleted(&mut tx, id, mei, NOW.plus_seconds(3)).await.unwrap();
        assert_eq!(messages::delete_old_versions(&mut tx, NOW.plus_seconds(2)).await.unwrap(), 0);
        assert_eq!(messages::delete_old_versions(&mut tx, NOW.plus_seconds(3)).await.unwrap(), 1);
        assert_eq!(messages::delete_old_versions(&mut tx, NOW.plus_seconds(9)).await.unwrap(), 0, "done once");
        messages::update_restored(&mut tx, id).await.unwrap();
        tx.commit().await.unwrap();
        let (_, message) = messages::find_message(&db, id).await.unwrap().unwrap();
        assert!(message.deleted && message.body.is_empty(), "what is forgotten stays so");
        assert!(messages::list_versions(&db, id, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn replies_stand_outside_of_the_rooms_pages() {
    both(|db| async move {
        let mei = sign_up(&db, "Mei").await;
        let room = open_room(&db, "room", RoomKind::Group, &[mei]).await;
        let root = post(&db, room, mei, "root").await;
        let new = |body: &str, root, quote: Option<&Message>| NewMessage {
            id: MessageId(new_id(NOW)),
            author: mei,
            nonce: Nonce(new_id(NOW)),
            body: body.to_owned(),
            reply_to: quote.map(|message| Box::new(message.quote())),
            root,
            at: NOW.plus_seconds(5),
        };
        let mut tx = db.begin().await.unwrap();
        let both = [new("reply", Some(root.id), None), new("answer", None, Some(&root))];
        let posted = messages::insert_messages(&mut tx, room, &both).await.unwrap();
        assert_eq!(messages::update_replied(&mut tx, root.id, 2, NOW.plus_seconds(5)).await.unwrap(), 1);
        tx.commit().await.unwrap();
        let page = messages::list_messages_before(&db, room, i64::MAX, 10).await.unwrap();
        assert_eq!(page.iter().map(|message| message.seq).collect::<Vec<_>>(), [1, 3]);
        assert_eq!((page[0].replies.unwrap().count, page[0].replies.unwrap().last_at), (1, NOW.plus_seconds(5)));
        assert_eq!(page[1], posted[1].message);
        assert_eq!(messages::list_messages_after(&db, room, 1, 10).await.unwrap(), page[1..]);
        let replies = messages::list_replies_before(&db, root.id, i64::MAX, 10).await.unwrap();
        assert_eq!(replies[0].root, Some(Root { id: root.id, replies: 1 }));
        let around = async |seq| {
            let (before, found) = messages::list_messages_around(&db, room, seq, 1).await.unwrap();
            (before, found.iter().map(|message| message.seq).collect::<Vec<_>>())
        };
        assert_eq!(around(1).await, (0, vec![1]));
        assert_eq!(around(2).await, (0, vec![1]), "a reply stands where its thread began");
        assert_eq!(around(3).await, (1, vec![1, 3]));
        assert_eq!(around(9).await, (1, vec![3]), "what is not there has its place too");
        assert_eq!(messages::list_messages_around(&db, room, 3, 9).await.unwrap().1, page);
        let (_, facts) = messages::fill_page(&db, room, &mut []).await.unwrap();
        assert_eq!((facts.last_post, facts.members, facts.pinned), (3, 1, 0));
        let nowhere = RoomId(new_id(NOW));
        assert_eq!(messages::fill_page(&db, nowhere, &mut []).await.unwrap().1, messages::Facts::default());
    })
    .await;
}

#[tokio::test]
async fn a_name_that_two_have_had_is_whose_it_is_now() {
    both(|db| async move {
        let (mei, tom) = (sign_up(&db, "Mei").await, sign_up(&db, "Tom").await);
        let public = open_room(&db, "public", RoomKind::Public, &[]).await;
        let group = open_room(&db, "group", RoomKind::Group, &[tom]).await;
        let mut tx = db.begin().await.unwrap();
        telicat_store::handles::insert_retired_handle(&mut tx, "tom", Some(mei), NOW.plus_seconds(9)).await.unwrap();
        telicat_store::handles::insert_retired_handle(&mut tx, "old", Some(mei), NOW.plus_seconds(9)).await.unwrap();
        let names: Vec<String> = ["tom", "old", "mei", "nobody"].map(str::to_owned).to_vec();
        let found = messages::find_called(&mut tx, public, &names, NOW).await.unwrap();
        assert_eq!(
            (found.get("tom"), found.get("old"), found.get("mei"), found.len()),
            (Some(&tom), Some(&mei), Some(&mei), 3)
        );
        let found = messages::find_called(&mut tx, group, &names, NOW).await.unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [("tom".to_owned(), tom)]);
        let found = messages::find_called(&mut tx, public, &names, NOW.plus_seconds(9)).await.unwrap();
        assert_eq!(found.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn signs_that_mean_something_to_the_database_mean_nothing_in_a_name() {
    both(|db| async move {
        let (mei, _) = (sign_up(&db, "mei").await, sign_up(&db, "a_b").await);
        sign_up(&db, "axb").await;
        let room = open_room(&db, "room", RoomKind::Public, &[]).await;
        let found = async |typed: &str| -> Vec<String> {
            let inside = completion::complete_in_room(&db, room, mei, &Typed::new(typed), 10).await.unwrap();
            let anywhere = completion::complete_anywhere(&db, mei, &Typed::new(typed), 10).await.unwrap();
            assert_eq!(inside, anywhere, "{typed}");
            inside.into_iter().map(|author| author.handle.to_string()).collect()
        };
        assert_eq!(found("a_b").await, ["a_b"]);
        assert_eq!(found("%").await, Vec::<String>::new());
        assert_eq!(found("\\").await, Vec::<String>::new());
        assert_eq!(found("A").await.len(), 2);
    })
    .await;
}
