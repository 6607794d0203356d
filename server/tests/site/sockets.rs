//! The socket, over a real connection.

use crate::{
    app::{ASSETS, App},
    listener::Listener,
    site::{ROOM, Site, numbers, within},
};
use serde_json::json;
use std::time::Duration;
use telicat_domain::{RoomSlug, Timestamp, room::RoomKind};
use telicat_store::testing::{TestDb, insert_room};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::tungstenite::Message;

async fn knock(site: &Site, cookie: Option<&str>, origin: Option<&str>) -> Result<Listener, u16> {
    Listener::knock(TcpStream::connect(site.address).await.unwrap(), cookie, origin).await
}

#[tokio::test]
async fn who_may_not_listen_hears_it_before_the_upgrade() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let (cookie, own) = (Some(alice.cookie.as_str()), app.origin());
    let planted = format!("telicat={}", "f".repeat(64));
    for nobody in [None, Some("telicat="), Some(planted.as_str())] {
        assert_eq!(knock(&app, nobody, Some(&own)).await.unwrap_err(), 401, "{nobody:?}");
    }
    let (port, other_port) = (app.address.port(), app.address.port() ^ 1);
    for foreign in [
        "http://evil.example".to_owned(),
        "null".to_owned(),
        format!("http://127.0.0.1:{other_port}"),
        format!("http://127.0.0.1.evil.example:{port}"),
        format!("http://evil.example/{own}"),
        "http://127.0.0.1".to_owned(),
    ] {
        assert_eq!(knock(&app, cookie, Some(&foreign)).await.unwrap_err(), 403, "{foreign}");
    }
    assert_eq!(knock(&app, cookie, None).await.unwrap_err(), 403);
    assert!(knock(&app, cookie, Some(&own)).await.is_ok());
    // A request that is no handshake.
    let plain = http::Request::get("/live").header("cookie", &alice.cookie).header("origin", &own);
    assert!(matches!(app.send(plain, "").await.status, 400 | 426));
}

#[tokio::test]
async fn hello_comes_first_and_then_everything_in_order() {
    let app = App::start().await;
    let (alice, bob) = (app.sign_up("alice").await, app.sign_up("bob").await);
    alice.posts("before").await;
    let mut hears = bob.knocks().await;
    let hello = json!({"type": "hello", "version": 1, "person": "bob", "rooms": {ROOM: 1}, "assets": ASSETS});
    let mut said = hears.frame().await;
    assert!(said.as_object_mut().unwrap().remove("people").is_some_and(|at| at.is_i64()));
    assert_eq!(said, hello);
    let mut own = alice.listens().await;
    let mut posted = Vec::new();
    for n in 0..10 {
        posted.push(if n % 2 == 0 { &alice } else { &bob }.posts(&format!("number {n}")).await);
    }
    for listener in [&mut hears, &mut own] {
        for message in &posted {
            let mut event = message.clone();
            event["kind"] = json!("posted");
            assert_eq!(listener.event().await, event);
        }
    }
    hears.hears_nothing().await;
    let (code, _) = hears.leaves().await;
    assert!(matches!(code, 1000 | 1005 | 1006), "{code}");
}

#[tokio::test]
async fn who_comes_back_is_sent_what_was_missed() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    for n in 1..=5 {
        alice.posts(&format!("number {n}")).await;
    }
    let mut listener = alice.listens().await;
    listener.resumes(3).await;
    assert_eq!(numbers(&listener.events(2).await), [4, 5]);
    listener.resumes(5).await;
    listener.hears_nothing().await;
    listener.sends(r#"{"type":"resume","cursors":{}}"#).await;
    listener.sends(r#"{"type":"resume","cursors":{"not-there":0}}"#).await;
    listener.hears_nothing().await;
    listener.sends(r#"{"type":"resume","cursors":{"public-chat":-9223372036854775808}}"#).await;
    assert_eq!(listener.events(5).await.len(), 5);
}

#[tokio::test]
async fn who_missed_too_much_is_told_to_fetch_it() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    for n in 1..=260 {
        alice.posts(&format!("number {n}")).await;
    }
    let mut listener = alice.listens().await;
    listener.resumes(0).await;
    assert_eq!(listener.frame().await, json!({"type": "behind", "room": ROOM, "seq": 260}));
    alice.posts("and one more").await;
    assert_eq!(listener.event().await["seq"], 261);
    assert!(numbers(&alice.since(0).await).into_iter().eq(1..=261));
}

#[tokio::test]
async fn a_frame_that_means_nothing_closes_the_socket() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let frames = [
        Message::text(""),
        Message::text("{"),
        Message::text("[]"),
        Message::text("null"),
        Message::text("{}"),
        Message::text(r#"{"type":"nothing"}"#),
        // What is written comes by a function, which looks at it first.
        Message::text(r#"{"type":"post","room":"public-chat","body":"hello"}"#),
        Message::text(r#"{"room":"public-chat","body":"hello"}"#),
        Message::text(r#"{"type":"resume","people":"yesterday"}"#),
        Message::text(r#"{"type":"resume","cursors":{"public-chat":"1"}}"#),
        Message::text(r#"{"type":"resume","cursors":{"No Slug":1}}"#),
        Message::text("[".repeat(60_000)),
        Message::binary(br#"{"type":"ping"}"#.as_slice()),
    ];
    for frame in frames {
        let mut listener = alice.listens().await;
        listener.sends(frame.clone()).await;
        assert_eq!(listener.closed().await.0, 4400, "{frame:.60}");
    }
    assert!(alice.since(0).await.is_empty());
    let mut listener = alice.listens().await;
    listener.sends(r#"{"type":"ping","what":"nobody knows yet"}"#).await;
    assert_eq!(listener.frame().await, json!({"type": "pong"}));
}

#[tokio::test]
async fn a_frame_may_be_large_and_not_larger() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let padded = |length: usize| {
        let (head, tail) = (r#"{"type":"ping","pad":""#, r#""}"#);
        format!("{head}{}{tail}", "x".repeat(length - head.len() - tail.len()))
    };
    let mut listener = alice.listens().await;
    listener.sends(padded(64 * 1024)).await;
    assert_eq!(listener.frame().await["type"], "pong");
    for length in [64 * 1024 + 1, 70_000, 3_000_000] {
        let mut listener = alice.listens().await;
        listener.tries_to_send(padded(length)).await;
        let (code, _) = listener.closed().await;
        // Of one that is larger still the sender may hear nothing more than that the connection is gone.
        assert!(code == 1009 || length > 1_000_000 && code == 1006, "{length}: {code}");
    }
}

#[tokio::test]
async fn a_socket_that_talks_too_much_is_closed() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let mut listener = alice.listens().await;
    // A new minute may begin meanwhile.
    for _ in 0..241 {
        listener.tries_to_send(r#"{"type":"ping"}"#).await;
    }
    let mut answered = 0;
    let (code, _) = loop {
        match listener.text().await {
            Ok(_) => answered += 1,
            Err(end) => break end,
        }
    };
    assert_eq!(code, 4429);
    assert!(answered <= 240, "{answered}");
    let mut quiet = alice.listens().await;
    quiet.hears_nothing().await;
}

#[tokio::test]
async fn twenty_sockets_of_one_person_and_no_more() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let mut open = Vec::new();
    for _ in 0..20 {
        open.push(alice.listens().await);
    }
    assert_eq!(alice.knocks().await.closed().await.0, 4429);
    let bob = app.sign_up("bob").await;
    bob.listens().await.hears_nothing().await;
    for mut listener in open.drain(..) {
        listener.leaves().await;
    }
    within(async {
        while app.services.hub.connection_count() > 1 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    alice.listens().await.hears_nothing().await;
}

#[tokio::test]
async fn logging_out_closes_the_sockets_of_that_session_at_once() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let elsewhere = app.log_in("alice").await;
    let (mut first, mut second, mut other) = (alice.listens().await, alice.listens().await, elsewhere.listens().await);
    alice.call("/api/accounts/logout", &[]).await;
    for listener in [&mut first, &mut second] {
        let closed = timeout(Duration::from_secs(1), listener.closed()).await;
        assert_eq!(closed.unwrap().0, 4401);
    }
    elsewhere.posts("still here").await;
    assert_eq!(other.event().await["body"], "still here");
    assert_eq!(knock(&app, Some(&alice.cookie), Some(&app.origin())).await.unwrap_err(), 401);
}

#[tokio::test]
async fn stopping_tells_everybody_when_to_come_back() {
    let db = TestDb::sqlite().await;
    let app = App::on(db, crate::app::How::default()).await;
    let alice = app.sign_up("alice").await;
    let mut open = Vec::new();
    for _ in 0..5 {
        open.push(alice.listens().await);
    }
    alice.posts("the last word").await;
    let site = *app;
    let stopping = tokio::spawn(app.stop());
    for listener in &mut open {
        let (code, reason) = listener.closed().await;
        assert_eq!(code, 1012);
        assert!(reason.parse::<u32>().unwrap() < 5_000, "{reason}");
    }
    within(stopping).await.unwrap();
    assert!(TcpStream::connect(site.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn rooms_of_members_are_not_heard_by_others() {
    let db = TestDb::sqlite().await;
    let slug = RoomSlug::parse("dome").unwrap();
    insert_room(&db.db, &slug, RoomKind::Group, &[], Timestamp(0)).await.unwrap();
    let app = App::on(db, crate::app::How::default()).await;
    let alice = app.sign_up("alice").await;
    let mut listener = alice.knocks().await;
    assert_eq!(listener.frame().await["rooms"], json!({ROOM: 0}));
    assert_eq!(alice.call("/api/messages/post", &[("room", "dome"), ("body", "hi")]).await.status, 404);
    assert_eq!(alice.get("/chat/room/dome").await.status, 404);
    assert!(!alice.room().await.text().contains("dome"));
}

#[tokio::test]
async fn the_longest_message_arrives_whole() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let mut listener = alice.listens().await;
    let longest = "🐈".repeat(10_000);
    alice.posts(&longest).await;
    alice.posts("short").await;
    assert_eq!(listener.event().await["body"], longest);
    assert_eq!(listener.event().await["body"], "short");
}
