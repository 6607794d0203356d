//! The list of rooms, what was read, who is here and who writes, over real connections.

use crate::{
    app::{App, How},
    listener::Listener,
    site::{ROOM, User, within},
};
use serde_json::{Value, json};
use telicat_domain::{RoomSlug, Timestamp, permission::Role, room::RoomKind};
use telicat_store::testing::{TestDb, insert_room};

async fn id(user: &User) -> String {
    let own = user.get("/api/profile/own").await.json();
    own["profile"]["author"]["id"].as_str().unwrap().to_owned()
}

async fn group(app: &App, slug: &str, members: &[&User]) {
    let mut people = Vec::new();
    for member in members {
        people.push((id(member).await.parse().unwrap(), Role::Member));
    }
    let slug = RoomSlug::parse(slug).unwrap();
    insert_room(app.db(), &slug, RoomKind::Group, &people, Timestamp(5)).await.unwrap();
}

async fn list(user: &User) -> Vec<Value> {
    let answer = user.get("/api/rooms/list").await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json().as_array().unwrap().clone()
}

/// The next frame of a type, whatever comes before.
async fn next(listener: &mut Listener, kind: &str) -> Value {
    loop {
        let frame = listener.frame().await;
        if frame["type"] == kind {
            return frame;
        }
    }
}

#[tokio::test]
async fn what_is_read_here_is_read_there() {
    let app = App::start().await;
    let (alice, bob) = (app.sign_up("alice").await, app.sign_up("bob").await);
    let mut elsewhere = app.log_in("alice").await.listens().await;
    bob.posts("one").await;
    bob.posts("two").await;
    assert_eq!(elsewhere.events(2).await.len(), 2);
    let entry = list(&alice).await.remove(0);
    assert_eq!((&entry["unread"], &entry["read"], &entry["head"]), (&json!(2), &json!(0), &json!(2)));
    assert_eq!(entry["last"]["text"], "two");
    let state = alice.call("/api/rooms/read", &[("room", ROOM), ("seq", "2")]).await.json();
    assert_eq!(state, json!({"read": 2, "version": 1, "head": 2, "unread": 0, "mentions": 0}));
    assert_eq!(elsewhere.frame().await, json!({"type": "read", "room": ROOM, "state": state}));
    let state = alice.call("/api/rooms/unread", &[("room", ROOM), ("seq", "2")]).await.json();
    assert_eq!((&state["read"], &state["unread"]), (&json!(1), &json!(1)));
    assert_eq!(elsewhere.frame().await["state"], state);
    for path in ["/api/rooms/read", "/api/rooms/unread"] {
        assert_eq!(alice.call(path, &[("room", "not-there"), ("seq", "1")]).await.error(), (404, "not_found".into()));
        assert_eq!(app.call(path, &[("room", ROOM), ("seq", "1")], "").await.error(), (401, "not_signed_in".into()));
        assert_eq!(alice.get(&format!("{path}?room={ROOM}&seq=2")).await.status, 405, "asking changes nothing");
    }
    assert_eq!(app.get("/api/rooms/list").await.status, 401);
}

#[tokio::test]
async fn without_script_a_room_is_muted_and_favoured_by_a_form() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let page = format!("/chat/room/{ROOM}");
    let forms: [(&str, &[(&str, &str)]); 3] = [
        ("/api/rooms/favourite", &[("room", ROOM), ("on", "true")]),
        ("/api/rooms/involve", &[("room", ROOM), ("involvement", "mentions"), ("mute", "60")]),
        ("/api/rooms/read", &[("room", ROOM), ("seq", "0")]),
    ];
    for (path, fields) in forms {
        let answer = app.submit(path, &page, fields, &alice.cookie).await;
        assert_eq!((answer.status, answer.location()), (303, page.as_str()), "{path}");
    }
    let entry = list(&alice).await.remove(0);
    assert_eq!((&entry["favourite"], &entry["involvement"]), (&json!(true), &json!("mentions")));
    assert!(entry["muted_until"].as_i64().unwrap() > 0);
    // Without a choice of time the one that was made stays.
    let choice = [("room", ROOM), ("involvement", "everything")];
    let entry_now = alice.call("/api/rooms/involve", &choice).await.json();
    assert_eq!(entry_now["muted_until"], entry["muted_until"]);
    let nonsense = alice.call("/api/rooms/involve", &[("room", ROOM), ("involvement", "loud")]).await;
    assert_eq!(nonsense.error(), (400, "bad_request".into()));
}

#[tokio::test]
async fn the_list_is_whole_without_script() {
    let app = App::start().await;
    let (alice, bob) = (app.sign_up("alice").await, app.sign_up("bob").await);
    group(&app, "dome", &[&alice, &bob]).await;
    group(&app, "attic", &[&bob]).await;
    for text in ["one", "two <b>"] {
        assert_eq!(bob.call("/api/messages/post", &[("room", "dome"), ("body", text)]).await.status, 200);
    }
    let page = alice.room().await;
    let text = page.text();
    assert!(text.contains("href=\"/chat/room/dome\"") && !text.contains("attic"), "{text}");
    assert!(text.contains("rooms__item--unread") && text.contains("bob: two &lt;b&gt;"), "{text}");
    assert!(text.contains("<title>Public chat"), "what is unread calls nobody by itself");
}

#[tokio::test]
async fn who_comes_back_comes_to_the_room_that_was_open_last() {
    let app = App::start().await;
    let (alice, bob) = (app.sign_up("alice").await, app.sign_up("bob").await);
    group(&app, "dome", &[&alice]).await;
    assert_eq!(alice.get("/chat").await.location(), format!("/chat/room/{ROOM}"));
    let page = alice.get("/chat/room/dome").await;
    let remembered = page.cookie("telicat-room");
    assert!(page.set_cookie("telicat-room").unwrap().contains("HttpOnly"));
    let with = |user: &User| format!("{}; {remembered}", user.cookie);
    let back = app.get_with("/chat", &with(&alice)).await;
    assert_eq!((back.status, back.location()), (302, "/chat/room/dome"));
    // Whoever may not read it, or who made the cookie up, comes to the public room.
    assert_eq!(app.get_with("/chat", &with(&bob)).await.location(), format!("/chat/room/{ROOM}"));
    let made_up = format!("{}; telicat-room=//evil.example", alice.cookie);
    assert_eq!(app.get_with("/chat", &made_up).await.location(), format!("/chat/room/{ROOM}"));
    // A room that is not there is not remembered, and who logs out is forgotten.
    assert!(alice.get("/chat/room/not-there").await.set_cookie("telicat-room").is_none());
    let out = alice.call("/api/accounts/logout", &[]).await;
    assert!(out.set_cookie("telicat-room").unwrap().contains("Max-Age=0"));
}

#[tokio::test]
async fn typing_is_heard_by_the_others_in_the_room() {
    let db = TestDb::sqlite().await;
    let app = App::on(db, How::default()).await;
    let (alice, bob, eve) = (app.sign_up("alice").await, app.sign_up("bob").await, app.sign_up("eve").await);
    group(&app, "dome", &[&alice, &bob]).await;
    let (mut page, mut own) = (alice.listens().await, alice.listens().await);
    let (mut other, mut stranger) = (bob.listens().await, eve.listens().await);
    for _ in 0..5 {
        page.sends(json!({"type": "typing", "room": "dome"}).to_string()).await;
    }
    // What is said after it is answered after it, so by now it was passed on.
    page.hears_nothing().await;
    let frame = other.frame().await;
    assert_eq!(
        (&frame["type"], &frame["room"], &frame["person"]["handle"]),
        (&json!("typing"), &json!("dome"), &json!("alice"))
    );
    // Five were one, nobody in another room heard it, and it did not come back.
    for listener in [&mut other, &mut stranger, &mut own] {
        listener.hears_nothing().await;
    }
    stranger.sends(json!({"type": "typing", "room": "dome"}).to_string()).await;
    stranger.sends(json!({"type": "typing", "room": "not-there"}).to_string()).await;
    stranger.hears_nothing().await;
    other.hears_nothing().await;
}

#[tokio::test]
async fn who_is_here_is_told_and_how_many_are_in_the_room() {
    let app = App::start().await;
    let (alice, bob) = (app.sign_up("alice").await, app.sign_up("bob").await);
    let (alice_id, bob_id) = (id(&alice).await, id(&bob).await);
    let mut page = alice.listens().await;
    page.sends(json!({"type": "watch", "people": [bob_id]}).to_string()).await;
    assert_eq!(page.frame().await, json!({"type": "presence", "people": {bob_id.clone(): "gone"}}));
    page.sends(json!({"type": "look", "room": ROOM}).to_string()).await;
    assert_eq!(next(&mut page, "here").await, json!({"type": "here", "room": ROOM, "count": 1}));
    let mut other = bob.listens().await;
    let mut told = [page.frame().await, page.frame().await];
    told.sort_by_key(|frame| frame["type"].to_string());
    assert_eq!(told[0], json!({"type": "here", "room": ROOM, "count": 2}));
    assert_eq!(told[1], json!({"type": "presence", "people": {bob_id.clone(): "here"}}));
    other.sends(json!({"type": "idle", "idle": true}).to_string()).await;
    assert_eq!(next(&mut page, "presence").await["people"][&bob_id], "away");
    other.sends(json!({"type": "watch", "people": [alice_id.clone()]}).to_string()).await;
    assert_eq!(next(&mut other, "presence").await["people"][&alice_id], "here");
    within(other.leaves()).await;
    page.hears_nothing().await;
}
