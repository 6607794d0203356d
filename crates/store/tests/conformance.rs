//! What the store promises, tried on `SQLite` and on `PostgreSQL`.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use telicat_domain::{
    Author, Email, Event, Handle, Message, MessageId, Nonce, PersonId, RoomId, RoomSlug, SessionId, Timestamp,
    permission::Role, room::RoomKind,
};
use telicat_store::{
    Constraint, Db, Error,
    addresses::{self, Account},
    flashes,
    messages::{self, Inserted, NewMessage},
    new_id,
    people::{self, NewPerson},
    reading, rooms,
    sessions::{self, NewSession},
    testing::{self, both},
};

const NOW: Timestamp = Timestamp(1_763_247_720_000_000);

fn person(handle: &str) -> NewPerson {
    NewPerson {
        id: PersonId(new_id(NOW)),
        handle: Handle::parse(handle).unwrap(),
        email: Email::parse(&format!("{handle}@Cats.example")).unwrap(),
        password_hash: format!("hash of {handle}"),
        at: NOW,
    }
}

async fn write(db: &Db, new: &NewPerson) -> Result<(), Error> {
    let mut tx = db.begin().await?;
    people::insert_person(&mut tx, new).await?;
    tx.commit().await
}

async fn sign_up(db: &Db, handle: &str) -> PersonId {
    let new = person(handle);
    write(db, &new).await.unwrap();
    new.id
}

fn slug(text: &str) -> RoomSlug {
    RoomSlug::parse(text).unwrap()
}

async fn open_room(db: &Db, name: &str) -> RoomId {
    testing::insert_room(db, &slug(name), RoomKind::Public, &[], NOW).await.unwrap()
}

fn message(author: PersonId, body: &str) -> NewMessage {
    NewMessage {
        id: MessageId(new_id(NOW)),
        author,
        nonce: Nonce(new_id(NOW)),
        body: body.to_owned(),
        reply_to: None,
        root: None,
        at: NOW,
    }
}

async fn post(db: &Db, room: RoomId, new: &[NewMessage]) -> Result<Vec<Inserted>, Error> {
    let mut tx = db.begin().await?;
    let posted = messages::insert_messages(&mut tx, room, new).await?;
    tx.commit().await?;
    Ok(posted)
}

fn seqs(messages: &[Message]) -> Vec<i64> {
    messages.iter().map(|message| message.seq).collect()
}

async fn all_messages(db: &Db, room: RoomId) -> Vec<Message> {
    messages::list_messages_before(db, room, i64::MAX, 10_000).await.unwrap()
}

#[tokio::test]
async fn a_name_and_an_address_are_taken_whatever_their_case() {
    both(|db| async move {
        sign_up(&db, "Mei").await;
        let same_handle = NewPerson { email: Email::parse("other@cats.example").unwrap(), ..person("mEI") };
        assert!(matches!(write(&db, &same_handle).await, Err(Error::Conflict(Constraint::Handle))));
        let same_email = NewPerson { email: Email::parse("MEI@cats.EXAMPLE").unwrap(), ..person("other") };
        assert!(matches!(write(&db, &same_email).await, Err(Error::Conflict(Constraint::Email))));
        assert_eq!(people::count_people(&db).await.unwrap(), 1);
        sign_up(&db, "other").await;
    })
    .await;
}

#[tokio::test]
async fn of_many_who_want_one_name_at_once_one_gets_it() {
    both(|db| async move {
        let tries: Vec<_> = (0..8)
            .map(|number| {
                let db = db.clone();
                let email = Email::parse(&format!("{number}@cats.example")).unwrap();
                tokio::spawn(async move { write(&db, &NewPerson { email, ..person("tom") }).await })
            })
            .collect();
        let mut won = 0;
        for each in tries {
            match each.await.unwrap() {
                Ok(()) => won += 1,
                Err(error) => assert!(matches!(error, Error::Conflict(Constraint::Handle)), "{error:?}"),
            }
        }
        assert_eq!(won, 1);
        assert_eq!(people::count_people(&db).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn people_are_found_by_handle_and_by_address() {
    both(|db| async move {
        let mei = sign_up(&db, "Mei").await;
        for login in ["mei", "mei@cats.example"] {
            let found = people::find_credentials(&db, login).await.unwrap().unwrap();
            assert_eq!(found.person, mei);
            let expected =
                Author { id: mei, handle: Handle::parse("Mei").unwrap(), name: None, picture: None, deleted: false };
            assert_eq!(found.author, expected);
            assert_eq!(found.password_hash, "hash of Mei");
            assert!(!format!("{found:?}").contains("hash of"));
        }
        assert!(people::find_credentials(&db, "Mei").await.unwrap().is_none(), "only the folded form is looked up");

        let mut tx = db.begin().await.unwrap();
        let replaced = people::update_password_hash(&mut tx, mei, "hash of Mei", "another").await.unwrap();
        assert!(replaced);
        tx.commit().await.unwrap();
        assert_eq!(people::find_credentials(&db, "mei").await.unwrap().unwrap().password_hash, "another");
    })
    .await;
}

fn session(person: PersonId, token: u8, idle: i64, absolute: i64) -> NewSession {
    NewSession {
        id: SessionId(new_id(NOW)),
        token_hash: [token; 32],
        person,
        remembered: token.is_multiple_of(2),
        created_at: NOW,
        last_seen_at: NOW,
        idle_expires_at: NOW.plus_seconds(idle),
        expires_at: NOW.plus_seconds(absolute),
        address: "192.0.2.1".to_owned(),
        agent: "a browser".to_owned(),
    }
}

#[tokio::test]
async fn a_session_lasts_until_it_ends() {
    both(|db| async move {
        let mei = sign_up(&db, "Mei").await;
        let new = session(mei, 2, 10, 20);
        let mut tx = db.begin().await.unwrap();
        sessions::insert_session(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();

        let at = |seconds| NOW.plus_seconds(seconds);
        let found = sessions::find_session(&db, &[2; 32], at(9)).await.unwrap().unwrap();
        assert_eq!((found.id, found.person, found.remembered), (new.id, mei, true));
        assert_eq!(found.author.handle.as_str(), "Mei");
        assert_eq!((found.last_seen_at, found.idle_expires_at, found.expires_at), (NOW, at(10), at(20)));
        assert!(sessions::find_session(&db, &[3; 32], NOW).await.unwrap().is_none());
        assert!(sessions::find_session(&db, &[2; 32], at(10)).await.unwrap().is_none(), "idle");
        assert!(!sessions::is_session_live(&db, new.id, at(10)).await.unwrap());

        let mut tx = db.begin().await.unwrap();
        sessions::update_session_seen(&mut tx, new.id, at(9), at(100)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(sessions::find_session(&db, &[2; 32], at(10)).await.unwrap().unwrap().last_seen_at, at(9));
        assert!(sessions::is_session_live(&db, new.id, at(19)).await.unwrap());
        assert!(sessions::find_session(&db, &[2; 32], at(20)).await.unwrap().is_none(), "over");

        let mut tx = db.begin().await.unwrap();
        assert!(sessions::delete_session(&mut tx, new.id).await.unwrap());
        assert!(!sessions::delete_session(&mut tx, new.id).await.unwrap());
        tx.commit().await.unwrap();
        assert!(!sessions::is_session_live(&db, new.id, NOW).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn only_sessions_that_have_ended_are_forgotten() {
    both(|db| async move {
        let mei = sign_up(&db, "Mei").await;
        let mut tx = db.begin().await.unwrap();
        for (token, idle, absolute) in [(1, 5, 50), (2, 50, 5), (3, 50, 50)] {
            sessions::insert_session(&mut tx, &session(mei, token, idle, absolute)).await.unwrap();
        }
        assert_eq!(sessions::delete_expired_sessions(&mut tx, NOW.plus_seconds(5)).await.unwrap(), 2);
        tx.commit().await.unwrap();
        assert!(sessions::find_session(&db, &[3; 32], NOW).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn everybody_sees_public_rooms_and_members_theirs() {
    both(|db| async move {
        let (mei, tom) = (sign_up(&db, "Mei").await, sign_up(&db, "Tom").await);
        let public = open_room(&db, "zebra").await;
        let members = [(mei, Role::Owner), (tom, Role::Member)];
        testing::insert_room(&db, &slug("ours"), RoomKind::Group, &members, NOW).await.unwrap();
        testing::insert_room(&db, &slug("hers"), RoomKind::Direct, &members[..1], NOW).await.unwrap();

        let names = async |person| -> Vec<(String, Option<Role>)> {
            let entries = reading::list_entries(&db, person).await.unwrap();
            let mut names: Vec<_> =
                entries.into_iter().map(|(_, entry)| (entry.room.slug.to_string(), entry.role)).collect();
            names.sort();
            names
        };
        assert_eq!(names(tom).await, [("ours".to_owned(), Some(Role::Member)), ("zebra".to_owned(), None)]);
        assert_eq!(names(mei).await.len(), 3);
        assert_eq!(names(PersonId(new_id(NOW))).await.len(), 1);

        // A room is found whoever asks: what they may do is decided from the role.
        let hers = rooms::find_room(&db, "hers", tom).await.unwrap().unwrap();
        assert_eq!((hers.summary.kind, hers.role, hers.last_seq), (RoomKind::Direct, None, 0));
        assert_eq!(rooms::find_room(&db, "hers", mei).await.unwrap().unwrap().role, Some(Role::Owner));
        assert!(rooms::find_room(&db, "nowhere", mei).await.unwrap().is_none());

        post(&db, public, &[message(mei, "1"), message(mei, "2")]).await.unwrap();
        let mut heads = rooms::list_heads(&db, tom).await.unwrap();
        heads.sort_by(|a, b| a.slug.cmp(&b.slug));
        let heads: Vec<_> = heads.iter().map(|head| (head.slug.as_str(), head.kind, head.last_seq)).collect();
        assert_eq!(heads, [("ours", RoomKind::Group, 0), ("zebra", RoomKind::Public, 2)]);

        let mut tx = db.begin().await.unwrap();
        let key = rooms::find_room_in(&mut tx, "zebra").await.unwrap().unwrap();
        assert_eq!((key.id, key.kind, key.slug), (public, RoomKind::Public, slug("zebra")));
        assert!(rooms::find_room_in(&mut tx, "nowhere").await.unwrap().is_none());
        assert_eq!(rooms::find_role_in(&mut tx, hers.id, mei).await.unwrap(), Some(Role::Owner));
        assert_eq!(rooms::find_role_in(&mut tx, hers.id, tom).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn the_first_room_is_made_once() {
    both(|db| async move {
        for name in ["Public chat", "Another name"] {
            let mut tx = db.begin().await.unwrap();
            let (id, slug, kind) = (RoomId(new_id(NOW)), RoomSlug::public_chat(), RoomKind::Public);
            let new = rooms::NewRoom { id, slug: &slug, kind, name, topic: "All", direct_key: None, at: NOW };
            assert_eq!(rooms::insert_room(&mut tx, &new).await.unwrap(), name == "Public chat");
            tx.commit().await.unwrap();
        }
        let rooms = reading::list_entries(&db, PersonId(new_id(NOW))).await.unwrap();
        assert_eq!(rooms.len(), 1);
        let room = &rooms[0].1.room;
        assert_eq!((room.name.as_str(), room.topic.as_str()), ("Public chat", "All"));
    })
    .await;
}

#[tokio::test]
async fn messages_are_numbered_without_a_gap() {
    both(|db| async move {
        let (mei, tom) = (sign_up(&db, "Mei").await, sign_up(&db, "Tom").await);
        let room = open_room(&db, "room").await;
        // 300: more than one statement holds.
        let new: Vec<_> =
            (0..300).map(|number| message(if number % 3 == 0 { mei } else { tom }, &number.to_string())).collect();
        let mut posted = post(&db, room, &new[..1]).await.unwrap();
        posted.extend(post(&db, room, &new[1..8]).await.unwrap());
        posted.extend(post(&db, room, &new[8..]).await.unwrap());
        assert!(post(&db, room, &[]).await.unwrap().is_empty());

        for (place, (asked, inserted)) in new.iter().zip(&posted).enumerate() {
            assert!(inserted.fresh);
            let message = &inserted.message;
            assert_eq!((message.seq, message.id, message.nonce), (place as i64 + 1, asked.id, asked.nonce));
            assert_eq!((&message.body, message.at), (&asked.body, NOW));
            assert_eq!(message.author.handle.as_str(), if place % 3 == 0 { "Mei" } else { "Tom" });
        }
        let posted: Vec<_> = posted.into_iter().map(|inserted| inserted.message).collect();
        assert_eq!(all_messages(&db, room).await, posted, "what was answered is what is kept");
        let events = messages::list_events_since(&db, room, 0, i64::MAX, 10_000).await.unwrap();
        assert_eq!(events, posted.into_iter().map(Event::Posted).collect::<Vec<_>>());
        assert_eq!(rooms::find_room(&db, "room", mei).await.unwrap().unwrap().last_seq, 300);
    })
    .await;
}

#[tokio::test]
async fn a_retry_answers_with_the_first_message_and_takes_no_number() {
    both(|db| async move {
        let (mei, tom) = (sign_up(&db, "Mei").await, sign_up(&db, "Tom").await);
        let (room, other) = (open_room(&db, "room").await, open_room(&db, "other").await);
        let first = message(mei, "first");
        let again = NewMessage { nonce: first.nonce, ..message(mei, "first, again") };
        let of_tom = NewMessage { nonce: first.nonce, ..message(tom, "a nonce is its author's own") };

        let batch = [first.clone(), again.clone(), message(tom, "between"), again.clone(), of_tom];
        let posted = post(&db, room, &batch).await.unwrap();
        let fresh: Vec<_> = posted.iter().map(|inserted| (inserted.fresh, inserted.message.seq)).collect();
        assert_eq!(fresh, [(true, 1), (false, 1), (true, 2), (false, 1), (true, 3)]);
        assert_eq!(posted[1].message, posted[0].message);

        let later = post(&db, room, &[again.clone(), message(mei, "new")]).await.unwrap();
        assert_eq!(later[0], Inserted { fresh: false, message: posted[0].message.clone() });
        assert_eq!((later[1].fresh, later[1].message.seq), (true, 4));

        let elsewhere = post(&db, other, &[again, message(mei, "here")]).await.unwrap();
        assert_eq!(elsewhere[0], later[0]);
        assert_eq!((elsewhere[1].fresh, elsewhere[1].message.seq), (true, 1));
        assert_eq!(seqs(&all_messages(&db, room).await), [1, 2, 3, 4]);
        assert_eq!(seqs(&all_messages(&db, other).await), [1]);
    })
    .await;
}

#[tokio::test]
async fn batches_at_the_same_time_leave_no_gap_and_post_a_nonce_once() {
    both(|db| async move {
        let mei = sign_up(&db, "Mei").await;
        let room = open_room(&db, "room").await;
        let shared = message(mei, "sent by two nodes");
        let posts: Vec<_> = (0..6)
            .map(|_| {
                let shared = NewMessage { id: MessageId(new_id(NOW)), ..shared.clone() };
                let (db, batch) = (db.clone(), [message(mei, "a"), shared, message(mei, "b")]);
                tokio::spawn(async move { post(&db, room, &batch).await })
            })
            .collect();
        let mut winners = 0;
        for each in posts {
            let posted = each.await.unwrap().unwrap();
            winners += i32::from(posted[1].fresh);
            assert!(posted[0].fresh && posted[2].fresh);
        }
        assert_eq!(winners, 1);
        assert_eq!(seqs(&all_messages(&db, room).await), (1..=13).collect::<Vec<_>>());
        assert_eq!(messages::list_events_since(&db, room, 0, i64::MAX, 100).await.unwrap().len(), 13);
    })
    .await;
}

#[tokio::test]
async fn pages_meet_without_overlap() {
    both(|db| async move {
        let mei = sign_up(&db, "Mei").await;
        let (room, other) = (open_room(&db, "room").await, open_room(&db, "other").await);
        let new: Vec<_> = (0..10).map(|number| message(mei, &number.to_string())).collect();
        post(&db, room, &new).await.unwrap();
        post(&db, other, &[message(mei, "elsewhere")]).await.unwrap();

        let before = async |seq| seqs(&messages::list_messages_before(&db, room, seq, 4).await.unwrap());
        assert_eq!(before(i64::MAX).await, [7, 8, 9, 10]);
        assert_eq!(before(7).await, [3, 4, 5, 6]);
        assert_eq!(before(3).await, [1, 2]);
        assert!(before(1).await.is_empty());
        let since = async |seq| -> Vec<i64> {
            let events = messages::list_events_since(&db, room, seq, i64::MAX, 4).await.unwrap();
            events.iter().map(Event::seq).collect()
        };
        assert_eq!(since(0).await, [1, 2, 3, 4]);
        assert_eq!(since(8).await, [9, 10]);
        assert!(since(10).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn what_is_rolled_back_or_dropped_was_never_there() {
    both(|db| async move {
        let mei = sign_up(&db, "Mei").await;
        let room = open_room(&db, "room").await;
        for explicitly in [true, false] {
            let mut tx = db.begin().await.unwrap();
            messages::insert_messages(&mut tx, room, &[message(mei, "no")]).await.unwrap();
            people::insert_person(&mut tx, &person("Tom")).await.unwrap();
            if explicitly {
                tx.rollback().await.unwrap();
            }
        }
        assert_eq!(people::count_people(&db).await.unwrap(), 1);
        assert!(messages::list_events_since(&db, room, 0, i64::MAX, 10).await.unwrap().is_empty());
        let posted = post(&db, room, &[message(mei, "yes")]).await.unwrap();
        assert_eq!(posted[0].message.seq, 1);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_posted_where_or_by_whom_there_is_not() {
    both(|db| async move {
        let mei = sign_up(&db, "Mei").await;
        let room = open_room(&db, "room").await;
        let nowhere = post(&db, RoomId(new_id(NOW)), &[message(mei, "hi")]).await.unwrap_err();
        assert!(nowhere.is_missing(), "{nowhere:?}");
        let nobody = post(&db, room, &[message(mei, "hi"), message(PersonId(new_id(NOW)), "hi")]).await.unwrap_err();
        assert!(nobody.is_missing(), "{nobody:?}");
        assert!(all_messages(&db, room).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_flash_lasts_a_while() {
    both(|db| async move {
        let mut tx = db.begin().await.unwrap();
        flashes::insert_flash(&mut tx, &[1; 32], "{\"typed\":\"ä\"}", NOW.plus_seconds(5)).await.unwrap();
        flashes::insert_flash(&mut tx, &[2; 32], "other", NOW.plus_seconds(9)).await.unwrap();
        tx.commit().await.unwrap();
        let find =
            async |token: u8, seconds| flashes::find_flash(&db, &[token; 32], NOW.plus_seconds(seconds)).await.unwrap();
        assert_eq!(find(1, 4).await.as_deref(), Some("{\"typed\":\"ä\"}"));
        assert_eq!(find(1, 5).await, None);
        assert_eq!(find(3, 0).await, None);
        let mut tx = db.begin().await.unwrap();
        assert_eq!(flashes::delete_expired_flashes(&mut tx, NOW.plus_seconds(5)).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(find(2, 5).await.as_deref(), Some("other"));
    })
    .await;
}

#[tokio::test]
async fn a_password_is_replaced_only_while_it_is_the_one_that_was_compared() {
    both(|db| async move {
        let mei = sign_up(&db, "Mei").await;
        let hash = async || people::find_password_hash(&db, mei).await.unwrap().unwrap();
        let replace = async |old: &str, new: &str| {
            let mut tx = db.begin().await.unwrap();
            let replaced = people::update_password_hash(&mut tx, mei, old, new).await.unwrap();
            tx.commit().await.unwrap();
            replaced
        };
        assert!(replace("hash of Mei", "better").await);
        assert!(!replace("hash of Mei", "late").await);
        assert_eq!(hash().await, "better");
        assert_eq!(people::get_own_profile(&db, mei).await.unwrap().1, None, "a better hash is no other password");

        let mut tx = db.begin().await.unwrap();
        assert!(people::update_password(&mut tx, mei, "another", NOW).await.unwrap());
        assert!(!people::update_password(&mut tx, PersonId(new_id(NOW)), "another", NOW).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(hash().await, "another");
        assert_eq!(people::get_own_profile(&db, mei).await.unwrap().1, Some(NOW));
    })
    .await;
}

#[tokio::test]
async fn an_account_is_found_by_its_first_address_as_it_was_typed() {
    both(|db| async move {
        let mei = sign_up(&db, "Mei").await;
        sign_up(&db, "ines").await;
        let expected =
            Account { person: mei, handle: Handle::parse("Mei").unwrap(), address: "Mei@Cats.example".to_owned() };
        assert_eq!(addresses::find_account(&db, mei).await.unwrap().as_ref(), Some(&expected));
        let by_address = async |folded: &str| addresses::find_account_by_address(&db, folded).await.unwrap();
        assert_eq!(by_address("mei@cats.example").await, Some(expected));
        assert_eq!(by_address("tom@cats.example").await, None);
        assert_eq!(addresses::find_account(&db, PersonId(new_id(NOW))).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn sessions_end_one_by_one_or_all_but_one() {
    both(|db| async move {
        let (mei, ines) = (sign_up(&db, "mei").await, sign_up(&db, "ines").await);
        let mut tx = db.begin().await.unwrap();
        let mut open = Vec::new();
        for (number, person) in [mei, mei, mei, ines].into_iter().enumerate() {
            let new = NewSession {
                id: SessionId(new_id(NOW)),
                token_hash: [u8::try_from(number).unwrap(); 32],
                person,
                remembered: false,
                created_at: NOW,
                last_seen_at: NOW,
                idle_expires_at: NOW.plus_seconds(60),
                expires_at: NOW.plus_seconds(60),
                address: String::new(),
                agent: String::new(),
            };
            sessions::insert_session(&mut tx, &new).await.unwrap();
            open.push(new.id);
        }
        assert!(!sessions::delete_own_session(&mut tx, open[0], ines).await.unwrap(), "it is another's");
        assert!(sessions::delete_own_session(&mut tx, open[0], mei).await.unwrap());
        assert!(!sessions::delete_own_session(&mut tx, open[0], mei).await.unwrap(), "it has ended");
        sessions::delete_sessions(&mut tx, mei, Some(open[1])).await.unwrap();
        tx.commit().await.unwrap();
        let live = async || {
            let mut live = Vec::new();
            for session in &open {
                live.push(sessions::is_session_live(&db, *session, NOW).await.unwrap());
            }
            live
        };
        assert_eq!(live().await, [false, true, false, true]);
        let mut tx = db.begin().await.unwrap();
        sessions::delete_sessions(&mut tx, mei, None).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(live().await, [false, false, false, true]);
    })
    .await;
}
