//! Whoever is removed, leaves, or loses a room with its end has nothing of it from the next request on, whatever pages
//! are open; and those pages hear nothing more.

use super::{
    Row, Try, messages, on_both,
    people::{People, handle},
    rooms,
    scene::{Kind, SECRET, Scene, Talk, post},
    sockets::kinds,
};
use crate::site::User;

fn all() -> impl Iterator<Item = &'static Row> {
    rooms::TABLE.iter().chain(messages::TABLE)
}

fn place(who: &str) -> usize {
    Kind::Group.who().iter().position(|other| *other == who).unwrap()
}

/// What is read of the room: it shows words of it, or is there at all.
async fn reads(scene: &Scene<'_>, user: &User) {
    for (what, attempt, expected) in all() {
        let attempt = attempt(scene, place("member"));
        if matches!(attempt, Try::Get(_)) {
            let status = attempt.by(user).await.status;
            assert_eq!(status, expected.group[place("member")], "{what}");
        }
    }
}

/// Everything is as if they had never been there; where they are not `shut_out`, a link still lets them in.
async fn has_nothing(scene: &Scene<'_>, user: &User, shut_out: bool) {
    for (what, attempt, expected) in all() {
        let status = expected.group[place("removed")];
        if status == 410 && !shut_out {
            continue;
        }
        let answer = attempt(scene, place("member")).by(user).await;
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        assert!(status == 200 || !answer.text().contains(SECRET), "{what}: {answer:?}");
    }
}

/// Everything happens in the room that pages are told of.
async fn goes_on(scene: &Scene<'_>) {
    let owner = scene.people.user("owner");
    let body = format!("@{} and @room, for those who are here", handle("member"));
    let message = post(owner, &scene.slug, &body, &[]).await;
    let reply = post(owner, &scene.slug, &body, &[("root", &scene.root)]).await;
    for (path, fields) in [
        ("/api/messages/edit", vec![("message", message.as_str()), ("body", "otherwise")]),
        ("/api/messages/react", vec![("message", &message), ("emoji", "👍"), ("on", "true")]),
        ("/api/messages/pin", vec![("message", &message), ("on", "true")]),
        ("/api/messages/delete", vec![("message", &reply)]),
        ("/api/messages/restore", vec![("message", &reply)]),
        ("/api/rooms/edit", vec![("room", &scene.slug), ("name", "Hill"), ("topic", SECRET)]),
    ] {
        assert_eq!(owner.call(path, &fields).await.status, 200, "{path}");
    }
    let mut page = owner.listens().await;
    page.sends(serde_json::json!({"type": "typing", "room": scene.slug}).to_string()).await;
    page.hears_nothing().await;
}

#[tokio::test]
async fn who_is_removed_between_two_requests_has_nothing_and_hears_nothing() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let scene = Scene::begin(&people, Kind::Group, Talk::Much).await;
        let (here, elsewhere) = (people.user("member"), app.log_in(&handle("member")).await);
        let follow = [("root", scene.root.as_str()), ("on", "true")];
        assert_eq!(here.call("/api/threads/follow", &follow).await.status, 200);
        let mut open = [here.listens().await, elsewhere.listens().await];
        // All that a server may keep at hand for them is at hand now.
        reads(&scene, here).await;
        scene.call("remove", &[("person", people.id("member"))]).await;
        has_nothing(&scene, here, true).await;
        goes_on(&scene).await;
        has_nothing(&scene, &elsewhere, true).await;
        for listener in &mut open {
            // The rooms that they begin by themselves meanwhile are theirs.
            let heard = kinds(listener).await;
            let of_others = heard.iter().filter(|kind| !matches!(kind.as_str(), "room" | "member")).collect::<Vec<_>>();
            assert_eq!(of_others, ["lost"], "{heard:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_leaves_has_nothing_and_hears_nothing() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let scene = Scene::begin(&people, Kind::Group, Talk::Much).await;
        let member = people.user("member");
        let mut page = member.listens().await;
        reads(&scene, member).await;
        assert_eq!(member.call("/api/rooms/leave", &[("room", &scene.slug)]).await.status, 200);
        goes_on(&scene).await;
        assert_eq!(kinds(&mut page).await, ["lost"]);
        has_nothing(&scene, member, false).await;
    })
    .await;
}

#[tokio::test]
async fn a_room_that_has_ended_is_there_for_nobody() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let scene = Scene::begin(&people, Kind::Group, Talk::Much).await;
        let (member, owner) = (people.user("member"), people.user("owner"));
        let mut pages = [member.listens().await, owner.listens().await];
        reads(&scene, member).await;
        scene.call("delete", &[("name", "Dome")]).await;
        for page in &mut pages {
            assert_eq!(kinds(page).await, ["lost"]);
        }
        has_nothing(&scene, member, true).await;
        has_nothing(&scene, owner, true).await;
    })
    .await;
}
