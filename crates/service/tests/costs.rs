//! How many queries pages cost: the same for few rooms and for many, in short rooms and in long ones.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use telicat_domain::{Message, RoomSlug, limits::HISTORY_PAGE, permission::Role, room::RoomKind};
use telicat_service::{
    Settings, Signed,
    accounts::{SignUp, SignedUp},
    secret::Secret,
    sessions::Opened,
    testing::{ADDRESS, PASSWORD, TestService, origin, settings},
};
use telicat_store::{
    Db,
    testing::{both, insert_room, set_follow, set_root, statements},
};
use tokio::task::JoinSet;

/// A room of ten messages, and one of two thousand.
const ROOMS: [(&str, usize); 2] = [("short", 10), ("long", 2000)];

/// How many statements something costs, without those that begin and end transactions.
async fn cost<T>(what: impl Future<Output = T>) -> u64 {
    let before = statements();
    what.await;
    statements() - before
}

async fn open_rooms(service: &TestService, db: &Db, people: [&Signed; 2], rooms: std::ops::Range<usize>) {
    for number in rooms {
        let kind = if number % 2 == 0 { RoomKind::Direct } else { RoomKind::Group };
        open_room(service, db, people, &format!("room-{number}"), kind).await;
    }
}

async fn open_room(service: &TestService, db: &Db, people: [&Signed; 2], name: &str, kind: RoomKind) {
    let slug = RoomSlug::parse(name).unwrap();
    let members = people.map(|member| (member.person, Role::Member));
    insert_room(db, &slug, kind, &members, service.services.now()).await.unwrap();
}

async fn fill(service: &TestService, author: &Signed, room: &'static str, count: usize) -> Vec<Message> {
    let mut posts = JoinSet::new();
    for number in 0..count {
        let (services, author) = (service.services.clone(), author.clone());
        let body = format!("@mei *{number}* in #public-chat");
        posts.spawn(async move { services.messages.post(&author, room, &body, None).await.unwrap() });
    }
    let mut posted = posts.join_all().await;
    posted.sort_by_key(|message| message.seq);
    posted
}

async fn sign_up(service: &TestService, name: &str) -> Opened {
    let email = format!("{name}@hollowhill.example");
    let form = SignUp { email: &email, username: name, password: Secret::new(PASSWORD.to_owned()) };
    match service.services.accounts.sign_up(form, ADDRESS, &origin()).await.unwrap() {
        SignedUp::In(opened) => opened,
        SignedUp::Waiting => panic!("an address has to be confirmed first"),
    }
}

#[tokio::test]
async fn a_page_costs_six_queries_whatever_there_is() {
    both(|db| async move {
        let service = TestService::with(db.clone(), Settings { rate_limits: false, ..settings() }).await;
        let (services, clock) = (&service.services, &service.clock);
        let session = sign_up(&service, "mei").await;
        let mei = service.signed(&session).await.unwrap();
        let tom = service.sign_up("tomasz").await;
        let people = [&mei, &tom];
        open_room(&service, &db, people, ROOMS[0].0, RoomKind::Direct).await;
        open_room(&service, &db, people, ROOMS[1].0, RoomKind::Group).await;
        for (room, count) in ROOMS {
            let posted = fill(&service, &tom, room, count).await;
            services.messages.pin(&mei, posted[2].id, true).await.unwrap();
            services.messages.react(&tom, posted[count - 1].id, "👍", true).await.unwrap();
            set_root(&db, posted[1].id, posted[0].id).await.unwrap();
            set_follow(&db, posted[0].id, mei.person, true, 0).await.unwrap();
        }
        for rooms in [3, 300] {
            open_rooms(&service, &db, people, services.reading.list(&mei).await.unwrap().len()..rooms).await;
            assert_eq!(services.reading.list(&mei).await.unwrap().len(), rooms);
            for (room, count) in ROOMS {
                let context = format!("{rooms} rooms, {count} messages");
                let visit = async |at, list| {
                    let mei = service.signed(&session).await.unwrap();
                    let page = services.rooms.page_at(&mei, room, at, list).await.unwrap();
                    assert_eq!((page.rooms.len(), page.pinned, page.members), (if list { rooms } else { 0 }, 1, 2));
                    page
                };
                // Nothing is believed any more of what was read before.
                let later = || clock.advance_seconds(11);
                later();
                assert_eq!(cost(visit(None, true)).await, 6, "{context}");
                assert_eq!(cost(visit(None, true)).await, 3, "{context}: nothing happened, and the session is known");
                let page = visit(None, true).await;
                // Without the reply, and the second time with what was posted the first time.
                let there = if rooms == 3 { count - 1 } else { count + 2 };
                assert!(!page.newer && page.messages.len() == there.min(HISTORY_PAGE), "{context}");
                later();
                assert_eq!(cost(visit(None, true)).await, 6, "{context}");
                later();
                assert_eq!(cost(visit(None, false)).await, 6, "{context}, to a page that has the list");
                services.messages.post(&tom, room, "something new", None).await.unwrap();
                assert_eq!(cost(visit(None, true)).await, 5, "{context}");
                later();
                for list in [true, false] {
                    clock.advance_seconds(2);
                    assert_eq!(cost(visit(Some(5), list)).await, 6, "{context}, round a message");
                }
                // What it costs in a public room, and the author's role.
                assert_eq!(cost(services.messages.post(&tom, room, "plain", None)).await, 5 + 1, "{context}");
                assert_eq!(cost(services.messages.post(&tom, room, "**@mei**", None)).await, 7 + 1, "{context}");
            }
            // What an open page asks for, and how a program begins: by its rooms and their numbers, and a socket.
            assert_eq!(cost(services.reading.list(&mei)).await, 2, "{rooms} rooms");
            assert_eq!(cost(services.listen(&mei)).await, 2, "{rooms} rooms");
            let own = cost(services.reading.read(&mei, "long", i64::MAX)).await;
            assert_eq!(own, 4, "room, role, where one has read, and what is left");
        }
    })
    .await;
}

/// A message cost queries for each recipient, and a change of who is here many more.
#[tokio::test]
async fn what_happens_costs_the_same_for_one_who_hears_it_and_for_many() {
    both(|db| async move {
        let service = TestService::with(db, Settings { rate_limits: false, ..settings() }).await;
        let (services, clock) = (&service.services, &service.clock);
        let mei = service.sign_up("mei").await;
        let mut others = Vec::new();
        for name in ["ines", "tomasz", "bea", "ana", "leo"] {
            others.push(service.sign_up(name).await);
        }
        let room = services.create_room(&mei, "Dome", "").await.unwrap();
        services.add_members(&mei, room.as_str(), "ines tomasz bea ana leo").await.unwrap();
        let (room, messages) = (room.as_str(), &services.messages);
        let mut costs = Vec::new();
        let mut open = Vec::new();
        for each in [0, 4] {
            for person in &others {
                for _ in 0..each {
                    let connection = services.listen(person).await.unwrap().unwrap();
                    services.hub.watch(&connection, others.iter().map(|other| other.person).collect());
                    services.hub.look(&connection, Some(&RoomSlug::parse(room).unwrap()));
                    open.push(connection);
                }
            }
            let own = services.listen(&mei).await.unwrap().unwrap();
            let message = messages.post(&mei, room, "first", None).await.unwrap().id;
            clock.advance_seconds(11);
            let seconds = cost(async {
                services.hub.typing(&own, &RoomSlug::parse(room).unwrap(), None, services.now());
                for connection in &open {
                    services.hub.idle(connection, true);
                }
                services.hub.tell_presences(services.now());
                services.hub.resume(&own, &[(RoomSlug::parse(room).unwrap(), 0)].into());
            });
            assert_eq!(seconds.await, 0, "who is here and who writes is in memory");
            costs.push([
                cost(messages.post(&mei, room, "@ines, @room", None)).await,
                cost(messages.edit(&mei, message, "changed")).await,
                cost(messages.react(&mei, message, "👍", true)).await,
                cost(messages.pin(&mei, message, true)).await,
                cost(messages.delete(&mei, message)).await,
                cost(services.edit_room(&mei, room, &format!("Hill {each}"), "")).await,
                cost(services.change_role(&mei, room, others[0].person, [Role::Admin, Role::Member][each / 4])).await,
                cost(services.reading.read(&mei, room, i64::MAX)).await,
            ]);
            services.hub.detach(&own);
        }
        assert_eq!(open.len(), 20);
        assert_eq!(costs[0], costs[1]);
    })
    .await;
}
