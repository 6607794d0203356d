//! Posting and reading over HTTP, and what is said to requests that make no sense.

use crate::{
    app::{App, How},
    site::{ROOM, call, form, numbers},
};
use http::{Method, Request, header};
use serde_json::json;
use telicat_store::testing::TestDb;

const POST: &str = "/api/messages/post";
const NONCE: &str = "7b0c4f6e-4d5a-4b3c-9d2e-1f0a9b8c7d6e";

#[tokio::test]
async fn a_conversation_reads_the_same_on_both_databases() {
    for db in [Some(TestDb::sqlite().await), TestDb::postgres().await].into_iter().flatten() {
        let app = App::on(db, How::default()).await;
        let (alice, bob) = (app.sign_up("alice").await, app.sign_up("bob").await);
        let first = alice.posts("hi bob").await;
        assert_eq!((&first["seq"], &first["body"]), (&json!(1), &json!("hi bob")));
        assert_eq!(first["author"]["handle"], "alice");
        assert!(first["author"]["id"].is_string() && first["author"].as_object().unwrap().len() == 2);
        bob.posts("hi alice").await;
        let events = bob.since(0).await;
        assert_eq!(numbers(&events), [1, 2]);
        let mut posted = first.clone();
        posted["kind"] = json!("posted");
        assert_eq!(events[0], posted);
        let page = alice.get(&format!("/api/messages/before?room={ROOM}&limit=1")).await.json();
        assert_eq!((&page["events"][0]["seq"], &page["next"]), (&json!(2), &json!(2)));
        let page = alice.get(&format!("/api/messages/before?room={ROOM}&seq=2")).await.json();
        assert_eq!((page["events"].as_array().unwrap().len(), &page["next"]), (1, &json!(null)));
        app.stop().await.drop_database().await;
    }
}

#[tokio::test]
async fn a_nonce_makes_sending_again_safe() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let fields = [("room", ROOM), ("body", "once"), ("nonce", NONCE)];
    let first = alice.call(POST, &fields).await;
    assert_eq!((first.status, &first.json()["nonce"]), (200, &json!(NONCE)));
    assert_eq!(alice.call(POST, &fields).await.json(), first.json());
    let other = alice.call(POST, &[("room", ROOM), ("body", "twice"), ("nonce", NONCE)]).await;
    assert_eq!(other.error(), (409, "nonce_reused".to_owned()));
    assert_eq!(alice.since(0).await.len(), 1);
    for nonce in ["7", "not-a-uuid", "7b0c4f6e-4d5a-4b3c-9d2e-1f0a9b8c7d6"] {
        let answer = alice.call(POST, &[("room", ROOM), ("body", "x"), ("nonce", nonce)]).await;
        assert_eq!(answer.error(), (400, "bad_request".to_owned()), "{nonce}");
    }
}

#[tokio::test]
async fn a_form_posts_and_shows_the_room_again() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let room = format!("/chat/room/{ROOM}");
    let fields = [("room", ROOM), ("body", "without script\r\nat all"), ("nonce", NONCE)];
    for _ in 0..2 {
        let answer = app.submit(POST, &room, &fields, &alice.cookie).await;
        assert_eq!((answer.status, answer.location()), (303, room.as_str()));
        assert!(answer.set_cookie("telicat-flash").is_none());
    }
    assert_eq!(alice.since(0).await[0]["body"], "without script\nat all");
    assert_eq!(alice.since(0).await.len(), 1, "pressed twice, sent once");

    let long = format!("{}</textarea><b>", "long ".repeat(2_010));
    let answer = app.submit(POST, &room, &[("room", ROOM), ("body", &long)], &alice.cookie).await;
    assert_eq!((answer.status, answer.location()), (303, room.as_str()));
    let cookies = format!("{}; {}", alice.cookie, answer.cookie("telicat-flash"));
    let shown = app.get_with(&room, &cookies).await;
    assert!(shown.text().contains(&"long ".repeat(2_000)) && !shown.text().contains("</textarea><b>"));
    assert!(shown.text().contains("A message has at most 10,000 characters."));
    assert!(shown.set_cookie("telicat-flash").unwrap().contains("Max-Age=0"));

    let late = app.submit(POST, &room, &[("room", ROOM), ("body", "too late")], "").await;
    assert_eq!((late.status, late.location()), (303, "/accounts/login?next=/chat/room/public-chat"));
}

#[tokio::test]
async fn without_a_session_there_is_nothing_to_read() {
    let app = App::start().await;
    let token = format!("telicat={}", "0".repeat(64));
    for cookie in ["", "telicat=", "telicat=nonsense", token.as_str()] {
        let since = app.get_with(&format!("/api/messages/since?room={ROOM}&seq=0"), cookie).await;
        assert_eq!(since.error(), (401, "not_signed_in".to_owned()), "{cookie}");
        for path in [format!("/api/messages/before?room={ROOM}"), format!("/api/rooms/show?room={ROOM}")] {
            assert_eq!(app.get_with(&path, cookie).await.status, 401, "{path} {cookie}");
        }
        assert_eq!(app.call(POST, &[("room", ROOM), ("body", "x")], cookie).await.status, 401, "{cookie}");
    }
    let profile = app.get("/api/people/show?handle=nobody").await;
    assert_eq!(profile.error(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn a_room_that_is_not_there_is_not_found() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    for room in ["nowhere", "", "No%20Slug", "..%2F..%2Fetc", "%00"] {
        for path in ["messages/since?seq=0&", "messages/before?", "rooms/show?"] {
            let answer = alice.get(&format!("/api/{path}room={room}")).await;
            assert_eq!(answer.error(), (404, "not_found".to_owned()), "{path} {room}");
        }
    }
    let answer = alice.call(POST, &[("room", "nowhere"), ("body", "x")]).await;
    assert_eq!(answer.error(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn what_cannot_be_read_is_a_bad_request() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let bodies: [&[u8]; 4] = [b"", b"{\"room\":\"public-chat\",\"body\":\"x\"}", b"room=public-chat", b"\xff\xfe"];
    for body in bodies {
        let answer = app.send(call(POST).header(header::COOKIE, &alice.cookie), body).await;
        assert_eq!(answer.error(), (400, "bad_request".to_owned()), "{}", String::from_utf8_lossy(body));
    }
    // A stray per cent sign stands for itself, and no room has such a name.
    let stray = app.send(call(POST).header(header::COOKIE, &alice.cookie), b"body=%ff&room=%".as_slice()).await;
    assert_eq!(stray.error(), (404, "not_found".to_owned()));
    let json = Request::post(POST)
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::COOKIE, &alice.cookie);
    assert_eq!(app.send(json, "{").await.error(), (400, "bad_request".to_owned()));
    for query in ["", "?seq=1", "?room=public-chat&seq=x", "?room=public-chat&seq=99999999999999999999"] {
        let answer = alice.get(&format!("/api/messages/since{query}")).await;
        assert_eq!(answer.error(), (400, "bad_request".to_owned()), "{query}");
    }
    assert!(alice.since(0).await.is_empty());
}

#[tokio::test]
async fn the_longest_message_fits_and_more_is_too_large() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    // Every character of four bytes, every byte of three in the form.
    let longest = "🐈".repeat(10_000);
    assert_eq!(alice.posts(&longest).await["body"], longest.as_str());
    let more = form(&[("room", ROOM), ("body", &"x".repeat(200_000))]);
    let answer = app.send(call(POST).header(header::COOKIE, &alice.cookie), more).await;
    assert_eq!(answer.error(), (413, "too_large".to_owned()));
    let answer = alice.call(POST, &[("room", ROOM), ("body", &"x".repeat(10_001))]).await;
    let fields = json!([{"field": "body", "problem": "too_long", "max": 10_000}]);
    assert_eq!((answer.status, answer.json()["fields"].clone()), (422, fields));
}

#[tokio::test]
async fn an_address_takes_its_methods_and_no_others() {
    let app = App::start().await;
    for (method, path, allow) in [
        (Method::GET, "/api/accounts/login", "POST"),
        (Method::PUT, "/api/messages/post", "POST"),
        (Method::POST, "/api/messages/since", "GET"),
        (Method::POST, "/accounts/login", "GET,HEAD"),
        (Method::DELETE, "/", "GET,HEAD"),
        (Method::POST, "/live", "GET,HEAD"),
        (Method::POST, "/healthz", "GET,HEAD"),
    ] {
        let answer = app.send(Request::builder().method(method.clone()).uri(path), "").await;
        assert_eq!((answer.status, answer.header("allow")), (405, allow), "{method} {path}");
    }
    for path in ["/api/nothing", "/api/accounts", "/api/accounts/login/x"] {
        let answer = app.call(path, &[], "").await;
        assert_eq!(answer.error(), (404, "not_found".to_owned()), "{path}");
        assert_eq!(app.get(path).await.error(), (404, "not_found".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn twenty_messages_in_ten_seconds_and_then_a_pause() {
    let app = App::with(How { rate_limits: true, ..How::default() }).await;
    let alice = app.sign_up("alice").await;
    let mut taken = 0;
    let refused = loop {
        let answer = alice.call(POST, &[("room", ROOM), ("body", "again")]).await;
        if answer.status != 200 {
            break answer;
        }
        taken += 1;
        assert!(taken < 500, "nothing is limited");
    };
    assert!(taken >= 20, "{taken}");
    assert_eq!(refused.error(), (429, "rate_limited".to_owned()));
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(alice.since(0).await.len(), taken);
}

#[tokio::test]
async fn it_says_whether_it_lives() {
    let app = App::start().await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(app.get(path).await.status, 200, "{path}");
    }
    app.services.stop().await;
    assert_eq!((app.get("/healthz").await.status, app.get("/readyz").await.status), (200, 503));
}
