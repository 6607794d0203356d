//! Who is here, who writes, and how many are in a room.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use serde_json::{Value, json};
use std::sync::Arc;
use telicat_domain::{MessageId, PersonId, RoomSlug, Timestamp, permission::Role, room::RoomKind};
use telicat_service::{
    Signed,
    deletion::Fate,
    live::Connection,
    secret::Secret,
    testing::{PASSWORD, TestService},
};
use telicat_store::{
    Db,
    testing::{TestDb, insert_room},
};
use uuid::Uuid;

/// People and rooms are in the database; who is here is not, so one kind of it is enough.
struct Scene {
    service: TestService,
    test: TestDb,
}

impl Scene {
    async fn new() -> Self {
        let test = TestDb::sqlite().await;
        Self { service: TestService::on(test.db.clone()).await, test }
    }

    fn db(&self) -> &Db {
        &self.test.db
    }

    async fn listen(&self, who: &Signed) -> Arc<Connection> {
        let connection = self.service.services.listen(who).await.unwrap().unwrap();
        assert_eq!(hear(&connection).await[0]["type"], "hello");
        connection
    }

    fn leave(&self, connection: &Arc<Connection>) {
        self.service.services.hub.detach(connection);
    }

    /// A second passes.
    fn tick(&self) {
        self.service.clock.advance_seconds(1);
        self.service.services.hub.tell_presences(self.service.services.now());
    }

    fn watch(&self, connection: &Arc<Connection>, people: &[PersonId]) {
        self.service.services.hub.watch(connection, people.to_vec());
    }

    fn look(&self, connection: &Arc<Connection>, room: &str) {
        self.service.services.hub.look(connection, Some(&RoomSlug::parse(room).unwrap()));
    }

    fn typing(&self, connection: &Arc<Connection>, room: &str, root: Option<MessageId>) {
        let now = self.service.services.now();
        self.service.services.hub.typing(connection, &RoomSlug::parse(room).unwrap(), root, now);
    }

    async fn group(&self, slug: &str, members: &[&Signed]) {
        let members: Vec<_> = members.iter().map(|member| (member.person, Role::Member)).collect();
        let slug = RoomSlug::parse(slug).unwrap();
        insert_room(self.db(), &slug, RoomKind::Group, &members, Timestamp(0)).await.unwrap();
    }
}

async fn hear(connection: &Connection) -> Vec<Value> {
    let mut frames = Vec::new();
    connection.next(&mut frames).await.unwrap();
    frames.iter().map(|frame| serde_json::from_slice(frame.content()).unwrap()).collect()
}

async fn hear_nothing(connection: &Connection) {
    connection.pong();
    assert_eq!(hear(connection).await, [json!({"type": "pong"})]);
}

fn presence(people: &[(&Signed, &str)]) -> Value {
    let people: serde_json::Map<String, Value> =
        people.iter().map(|(person, is)| (person.person.to_string(), json!(is))).collect();
    json!({"type": "presence", "people": people})
}

fn here(room: &str, count: u32) -> Value {
    json!({"type": "here", "room": room, "count": count})
}

#[tokio::test]
async fn a_person_with_many_tabs_is_here_until_the_last_is_closed() {
    let scene = Scene::new().await;
    let (mei, ines) = (scene.service.sign_up("mei").await, scene.service.sign_up("ines").await);
    let watcher = scene.listen(&ines).await;
    scene.tick();
    scene.watch(&watcher, &[mei.person, ines.person]);
    assert_eq!(hear(&watcher).await, [presence(&[(&mei, "gone"), (&ines, "here")])]);

    let (first, second) = (scene.listen(&mei).await, scene.listen(&mei).await);
    scene.tick();
    assert_eq!(hear(&watcher).await, [presence(&[(&mei, "here")])], "told once, however many tabs");
    scene.leave(&first);
    (0..30).for_each(|_| scene.tick());
    hear_nothing(&watcher).await;

    // Between two pages nobody is gone.
    scene.leave(&second);
    (0..15).for_each(|_| scene.tick());
    let third = scene.listen(&mei).await;
    (0..30).for_each(|_| scene.tick());
    hear_nothing(&watcher).await;
    scene.leave(&third);
    (0..20).for_each(|_| scene.tick());
    hear_nothing(&watcher).await;
    scene.tick();
    assert_eq!(hear(&watcher).await, [presence(&[(&mei, "gone")])]);
    // Leaving twice counts once.
    scene.leave(&third);
    scene.listen(&mei).await;
    scene.tick();
    assert_eq!(hear(&watcher).await, [presence(&[(&mei, "here")])]);
}

#[tokio::test]
async fn a_person_is_away_when_all_pages_are_idle() {
    let scene = Scene::new().await;
    let (mei, ines) = (scene.service.sign_up("mei").await, scene.service.sign_up("ines").await);
    let (watcher, first, second) = (scene.listen(&ines).await, scene.listen(&mei).await, scene.listen(&mei).await);
    scene.tick();
    scene.watch(&watcher, &[mei.person]);
    hear(&watcher).await;
    let hub = &scene.service.services.hub;
    hub.idle(&first, true);
    scene.tick();
    hear_nothing(&watcher).await;
    hub.idle(&second, true);
    scene.tick();
    assert_eq!(hear(&watcher).await, [presence(&[(&mei, "away")])]);
    hub.idle(&second, true);
    scene.tick();
    hear_nothing(&watcher).await;
    // A page that comes is looked at.
    let third = scene.listen(&mei).await;
    scene.tick();
    assert_eq!(hear(&watcher).await, [presence(&[(&mei, "here")])]);
    scene.leave(&third);
    scene.tick();
    assert_eq!(hear(&watcher).await, [presence(&[(&mei, "away")])]);
    hub.idle(&first, false);
    scene.tick();
    assert_eq!(hear(&watcher).await, [presence(&[(&mei, "here")])]);
}

#[tokio::test]
async fn what_changes_within_a_second_is_told_once_or_not_at_all() {
    let scene = Scene::new().await;
    let (mei, ines) = (scene.service.sign_up("mei").await, scene.service.sign_up("ines").await);
    let (watcher, page) = (scene.listen(&ines).await, scene.listen(&mei).await);
    scene.tick();
    scene.watch(&watcher, &[mei.person]);
    hear(&watcher).await;
    scene.service.services.hub.idle(&page, true);
    scene.service.services.hub.idle(&page, false);
    scene.tick();
    hear_nothing(&watcher).await;
}

#[tokio::test]
async fn who_watches_others_is_told_of_them_and_no_longer_of_the_first() {
    let scene = Scene::new().await;
    let (mei, ines, bea) =
        (scene.service.sign_up("mei").await, scene.service.sign_up("ines").await, scene.service.sign_up("bea").await);
    let watcher = scene.listen(&ines).await;
    scene.watch(&watcher, &[mei.person, mei.person]);
    assert_eq!(hear(&watcher).await, [presence(&[(&mei, "gone")])]);
    scene.watch(&watcher, &[bea.person, PersonId(Uuid::nil())]);
    let nobody = "00000000-0000-0000-0000-000000000000";
    let mut told = presence(&[(&bea, "gone")]);
    told["people"][nobody] = json!("gone");
    assert_eq!(hear(&watcher).await, [told]);
    let _pages = (scene.listen(&mei).await, scene.listen(&bea).await);
    scene.tick();
    assert_eq!(hear(&watcher).await, [presence(&[(&bea, "here")])]);
    scene.watch(&watcher, &[]);
    assert_eq!(hear(&watcher).await, [presence(&[])]);
    let crowd = (0..600).map(|n| PersonId(Uuid::from_u128(n))).collect::<Vec<_>>();
    scene.watch(&watcher, &crowd);
    assert_eq!(hear(&watcher).await[0]["people"].as_object().unwrap().len(), 500);
}

#[tokio::test]
async fn an_account_that_has_ended_is_gone_at_once() {
    let scene = Scene::new().await;
    let (mei, ines) = (scene.service.sign_up("mei").await, scene.service.sign_up("ines").await);
    let (watcher, page) = (scene.listen(&ines).await, scene.listen(&mei).await);
    scene.tick();
    scene.watch(&watcher, &[mei.person]);
    hear(&watcher).await;
    scene.service.services.delete_account(&mei, Secret::new(PASSWORD.to_owned()), Fate::Keep).await.unwrap();
    scene.tick();
    let told = hear(&watcher).await;
    assert!(told.contains(&presence(&[(&mei, "gone")])), "{told:?}");
    scene.leave(&page);
    scene.tick();
    hear_nothing(&watcher).await;
}

#[tokio::test]
async fn who_looks_at_a_room_is_told_how_many_are_in_it() {
    let scene = Scene::new().await;
    let (mei, ines, bea) =
        (scene.service.sign_up("mei").await, scene.service.sign_up("ines").await, scene.service.sign_up("bea").await);
    scene.group("dome", &[&mei, &ines]).await;
    let (first, second) = (scene.listen(&mei).await, scene.listen(&mei).await);
    scene.tick();
    scene.look(&first, "dome");
    scene.tick();
    assert_eq!(hear(&first).await, [here("dome", 1)], "people are counted, not tabs");
    let other = scene.listen(&ines).await;
    scene.look(&other, "dome");
    let _outside = scene.listen(&bea).await;
    scene.tick();
    assert_eq!(hear(&first).await, [here("dome", 2)]);
    assert_eq!(hear(&other).await, [here("dome", 2)]);
    hear_nothing(&second).await;
    // Whoever looks again, or elsewhere, is told anew.
    scene.look(&first, "public-chat");
    scene.tick();
    assert_eq!(hear(&first).await, [here("public-chat", 3)]);
    // Between two pages one is still in the room.
    scene.leave(&other);
    scene.look(&first, "dome");
    (0..20).for_each(|_| scene.tick());
    assert_eq!(hear(&first).await, [here("dome", 2)]);
    scene.tick();
    assert_eq!(hear(&first).await, [here("dome", 1)]);
    scene.service.services.hub.look(&first, None);
    scene.listen(&ines).await;
    scene.tick();
    hear_nothing(&first).await;
}

#[tokio::test]
async fn nobody_looks_into_a_room_of_others() {
    let scene = Scene::new().await;
    let (mei, ines) = (scene.service.sign_up("mei").await, scene.service.sign_up("ines").await);
    scene.group("dome", &[&mei]).await;
    let (page, stranger) = (scene.listen(&mei).await, scene.listen(&ines).await);
    scene.look(&stranger, "dome");
    scene.look(&stranger, "not-there");
    scene.look(&page, "dome");
    scene.tick();
    hear_nothing(&stranger).await;
    assert_eq!(hear(&page).await, [here("dome", 1)]);
}

#[tokio::test]
async fn typing_is_passed_on_to_others_in_the_room_and_to_nobody_else() {
    let scene = Scene::new().await;
    let (mei, ines, bea) =
        (scene.service.sign_up("mei").await, scene.service.sign_up("ines").await, scene.service.sign_up("bea").await);
    scene.group("dome", &[&mei, &ines]).await;
    let (page, own, other, stranger) =
        (scene.listen(&mei).await, scene.listen(&mei).await, scene.listen(&ines).await, scene.listen(&bea).await);
    let root = MessageId(Uuid::from_u128(7));
    scene.typing(&page, "dome", None);
    let person = json!({"id": mei.person, "handle": "mei"});
    assert_eq!(hear(&other).await, [json!({"type": "typing", "room": "dome", "person": person})]);
    // In another room at once, and in this one not before three seconds have passed; whether in a thread or not.
    scene.typing(&page, "dome", Some(root));
    hear_nothing(&other).await;
    scene.typing(&page, "public-chat", Some(root));
    let in_thread = json!({"type": "typing", "room": "public-chat", "root": root, "person": person});
    assert_eq!(hear(&other).await, std::slice::from_ref(&in_thread));
    assert_eq!(hear(&stranger).await, [in_thread]);
    scene.service.clock.advance_seconds(2);
    scene.typing(&page, "dome", None);
    hear_nothing(&other).await;
    scene.service.clock.advance_seconds(1);
    scene.typing(&page, "dome", None);
    assert_eq!(hear(&other).await.len(), 1);
    // A stranger's is refused, and one's own pages hear nothing of it.
    scene.typing(&stranger, "dome", None);
    scene.typing(&stranger, "not-there", None);
    for connection in [&page, &own, &other, &stranger] {
        hear_nothing(connection).await;
    }
}

#[tokio::test]
async fn typing_has_the_name_of_now() {
    let scene = Scene::new().await;
    let (mei, ines) = (scene.service.sign_up("mei").await, scene.service.sign_up("ines").await);
    let (page, other) = (scene.listen(&mei).await, scene.listen(&ines).await);
    scene.service.services.people.rename(&mei, "mei-lin").await.unwrap();
    hear(&other).await;
    scene.typing(&page, "public-chat", None);
    assert_eq!(hear(&other).await[0]["person"]["handle"], "mei-lin");
    hear(&page).await;
}
