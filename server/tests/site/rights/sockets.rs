//! What a socket hears of a room, and how long.

use super::{
    on_both,
    people::People,
    scene::{Kind, Scene, Talk},
};
use crate::{
    listener::Listener,
    site::{User, within},
};
use serde_json::{Value, json};

async fn hello(user: &User) -> (Listener, Value) {
    let mut listener = user.knocks().await;
    let hello = listener.frame().await;
    (listener, hello)
}

/// The kinds of frames and events that wait.
pub(super) async fn kinds(listener: &mut Listener) -> Vec<String> {
    listener.sends(r#"{"type":"ping"}"#).await;
    let mut kinds = Vec::new();
    loop {
        let frame = listener.frame().await;
        let kind = frame["event"]["kind"].as_str().or(frame["type"].as_str()).unwrap();
        if kind == "pong" {
            return kinds;
        }
        kinds.push(kind.to_owned());
    }
}

#[tokio::test]
async fn a_socket_hears_the_rooms_of_its_person_and_no_others() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let group = Scene::begin(&people, Kind::Group, Talk::Little).await;
        for who in &Kind::Group.who()[1..] {
            let inside = Kind::Group.has(who);
            let (mut listener, hello) = hello(people.user(who)).await;
            assert_eq!(hello["rooms"][&group.slug].is_i64(), inside, "{who}");
            let resume = json!({"type": "resume", "cursors": {&group.slug: 0}}).to_string();
            listener.sends(resume.as_str()).await;
            let answered = kinds(&mut listener).await;
            assert_eq!(!answered.is_empty(), inside, "{who}: {answered:?}");
            let fields = [("room", group.slug.as_str()), ("body", who)];
            assert_eq!(people.user("owner").call("/api/messages/post", &fields).await.status, 200);
            assert_eq!(kinds(&mut listener).await, if inside { vec!["posted"] } else { Vec::new() }, "{who}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_removed_or_leaves_keeps_no_open_socket_to_the_room() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let group = Scene::begin(&people, Kind::Group, Talk::Little).await;
        let room = ("room", group.slug.as_str());
        let (owner, member, admin) = (people.user("owner"), people.user("member"), people.user("admin"));
        let elsewhere = app.log_in("the-member").await;
        let mut open = [member.listens().await, elsewhere.listens().await];
        let mut left = admin.listens().await;
        let removal = [room, ("person", people.id("member"))];
        assert_eq!(owner.call("/api/rooms/remove", &removal).await.status, 200);
        assert_eq!(admin.call("/api/rooms/leave", &[room]).await.status, 200);
        assert_eq!(owner.call("/api/messages/post", &[room, ("body", "not for them")]).await.status, 200);
        let resume = json!({"type": "resume", "cursors": {&group.slug: 0}}).to_string();
        for listener in &mut open {
            assert_eq!(kinds(listener).await, ["lost"]);
            listener.sends(resume.as_str()).await;
            assert!(kinds(listener).await.is_empty(), "nothing by asking for it");
        }
        assert_eq!(kinds(&mut left).await, ["member", "lost"]);
        // Brought in again, and heard at once.
        assert_eq!(owner.call("/api/rooms/add", &[room, ("people", "the-member")]).await.status, 200);
        assert_eq!(owner.call("/api/messages/post", &[room, ("body", "welcome back")]).await.status, 200);
        for listener in &mut open {
            assert_eq!(kinds(listener).await, ["room", "member", "posted"]);
        }
        // And the end of the room is heard by all who are in it.
        assert_eq!(owner.call("/api/rooms/delete", &[room, ("name", "Dome")]).await.status, 200);
        assert_eq!(kinds(&mut open[0]).await, ["lost"]);
        assert!(within(kinds(&mut left)).await.is_empty());
    })
    .await;
}
