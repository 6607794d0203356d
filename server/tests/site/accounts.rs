//! Signing up, logging in and out: as a program does, and as a browser without script does.

use crate::{
    app::{App, How},
    site::{PASSWORD, ROOM, call, form, newcomer},
};
use http::header;
use serde_json::json;
use telicat_service::Signups;

const SIGN_UP: &str = "/api/accounts/signup";
const LOG_IN: &str = "/api/accounts/login";
const LOG_OUT: &str = "/api/accounts/logout";
const DAYS_90: i64 = 90 * 24 * 3600;

fn alice() -> Vec<(&'static str, &'static str)> {
    vec![("email", "alice@hollowhill.example"), ("username", "alice"), ("password", PASSWORD)]
}

fn credentials(login: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![("login", login), ("password", PASSWORD)]
}

#[tokio::test]
async fn signing_up_answers_with_the_way_on_and_the_session() {
    let app = App::start().await;
    let answer = app.call(SIGN_UP, &alice(), "").await;
    assert_eq!((answer.status, answer.json()), (200, json!({"next": "/profile/onboarding"})));
    assert!(answer.header("content-type").starts_with("application/json"));
    let cookie = answer.set_cookie("telicat").unwrap();
    let (token, flags) = cookie.split_once("; ").unwrap();
    assert_eq!(flags, format!("Path=/; HttpOnly; SameSite=Lax; Max-Age={DAYS_90}"));
    assert_eq!(token.len(), "telicat=".len() + 64);
    assert_eq!(app.get_with(&format!("/chat/room/{ROOM}"), token).await.status, 200);
}

#[tokio::test]
async fn a_session_is_remembered_when_that_is_asked_for() {
    let app = App::start().await;
    app.sign_up("alice").await;
    for (remember, age) in [("on", true), ("", false), ("off", false)] {
        let mut fields = credentials("ALICE");
        fields.push(("remember", remember));
        let answer = app.call(LOG_IN, &fields, "").await;
        let cookie = answer.set_cookie("telicat").unwrap();
        assert_eq!(cookie.contains(&format!("Max-Age={DAYS_90}")), age, "{remember:?}: {cookie}");
        assert_eq!(cookie.contains("Max-Age"), age, "{remember:?}: {cookie}");
    }
}

#[tokio::test]
async fn by_https_the_cookies_are_bound_to_the_host() {
    let app = App::with(How { public_url: Some("https://chat.example"), ..How::default() }).await;
    let answer = app.call(SIGN_UP, &alice(), "").await;
    let cookie = answer.set_cookie("__Host-telicat").unwrap();
    assert!(cookie.contains("; Path=/; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
    assert!(answer.set_cookie("telicat").is_none());
    let refused = app.submit(SIGN_UP, "/accounts/signup", &[("email", "x")], "").await;
    assert!(refused.set_cookie("__Host-telicat-flash").unwrap().contains("; Secure"));
}

#[tokio::test]
async fn a_form_leads_on_with_a_session() {
    let app = App::start().await;
    let answer = app.submit(SIGN_UP, "/accounts/signup", &alice(), "").await;
    assert_eq!((answer.status, answer.location()), (303, "/profile/onboarding"));
    let session = answer.cookie("telicat");
    assert!(answer.set_cookie("telicat-flash").is_none());
    assert_eq!(app.get_with("/chat", &session).await.location(), format!("/chat/room/{ROOM}"));

    let mut fields = credentials("alice");
    fields.push(("next", "/chat/room/public-chat?at=3"));
    let answer = app.submit(LOG_IN, "/accounts/login", &fields, "").await;
    assert_eq!((answer.status, answer.location()), (303, "/chat/room/public-chat?at=3"));
    assert!(!answer.set_cookie("telicat").unwrap().contains("Max-Age"));
}

#[tokio::test]
async fn a_form_that_is_refused_comes_back_with_what_was_typed_but_the_password() {
    let app = App::start().await;
    let fields = [("email", "alice@no\"where>"), ("username", "al<ice"), ("password", "hunter2"), ("next", "/chat")];
    let page = "/accounts/signup?next=/chat";
    let answer = app.submit(SIGN_UP, page, &fields, "").await;
    assert_eq!((answer.status, answer.location()), (303, page));
    assert!(answer.set_cookie("telicat").is_none());
    let flags = answer.set_cookie("telicat-flash").unwrap().split_once("; ").unwrap().1.to_owned();
    assert_eq!(flags, "Path=/; HttpOnly; SameSite=Lax; Max-Age=600");
    let flash = answer.cookie("telicat-flash");

    let shown = app.get_with(page, &flash).await;
    assert_eq!(shown.status, 200);
    let html = shown.text();
    assert!(html.contains("value=\"alice@no&quot;where"), "{html}");
    assert!(html.contains("al&lt;ice") && !html.contains("al<ice"), "{html}");
    assert!(html.contains("aria-invalid=\"true\"") && html.contains("Too short. Use at least 8 characters."), "{html}");
    assert!(!html.contains("hunter2"), "a password is never kept");
    assert!(shown.set_cookie("telicat-flash").unwrap().contains("Max-Age=0"), "it is shown once");
    let blank = app.get("/accounts/signup").await;
    assert!(!blank.text().contains("alice@no") && blank.set_cookie("telicat-flash").is_none());
    // Another page neither shows it nor takes it away.
    let other = app.get_with("/accounts/login", &flash).await;
    assert!(!other.text().contains("Too short") && other.set_cookie("telicat-flash").is_none());
}

#[tokio::test]
async fn the_wrong_password_is_answered_like_the_wrong_name() {
    let app = App::start().await;
    app.sign_up("alice").await;
    let mut answers = Vec::new();
    for login in ["alice", "nobody"] {
        let fields = [("login", login), ("password", "not the lantern")];
        let answer = app.call(LOG_IN, &fields, "").await;
        assert_eq!(answer.error(), (403, "wrong_login".to_owned()));
        assert!(answer.set_cookie("telicat").is_none());
        answers.push(answer.body);
        let returned = app.submit(LOG_IN, "/accounts/login", &fields, "").await;
        assert_eq!((returned.status, returned.location()), (303, "/accounts/login"));
        let shown = app.get_with("/accounts/login", &returned.cookie("telicat-flash")).await;
        assert!(shown.text().contains("The name or the password is wrong."));
        assert!(shown.text().contains(&format!("value=\"{login}\"")) && !shown.text().contains("not the lantern"));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn the_way_on_is_on_this_site() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    for elsewhere in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "\\\\evil",
        "/\t/evil",
        "evil",
    ] {
        let mut fields = credentials("alice");
        fields.push(("next", elsewhere));
        assert_eq!(app.call(LOG_IN, &fields, "").await.json()["next"], "/chat", "{elsewhere:?}");
        assert_eq!(app.submit(LOG_IN, "/accounts/login", &fields, "").await.location(), "/chat", "{elsewhere:?}");
        let query = form(&[("next", elsewhere)]);
        let page = app.get(&format!("/accounts/login?{query}")).await;
        assert!(!page.text().contains("name=\"next\""), "{elsewhere:?}");
        let onward = alice.get(&format!("/accounts/login?{query}")).await;
        assert_eq!((onward.status, onward.location()), (302, "/chat"), "{elsewhere:?}");
    }
    let onward = alice.get("/accounts/login?next=/@alice").await;
    assert_eq!((onward.status, onward.location()), (302, "/@alice"));
}

#[tokio::test]
async fn a_form_from_elsewhere_is_refused() {
    let app = App::start().await;
    app.sign_up("alice").await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "http://evil.example"),
        ("origin", "null"),
    ] {
        for path in [LOG_IN, SIGN_UP, LOG_OUT, "/api/messages/post", "/api/appearance/set"] {
            let answer = app.send(call(path).header(name, value), form(&credentials("alice"))).await;
            assert_eq!(answer.error(), (403, "forbidden".to_owned()), "{name}: {value} on {path}");
            assert!(answer.set_cookie("telicat").is_none());
        }
    }
    for (name, value) in [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("origin", &app.origin())] {
        let answer = app.send(call(LOG_IN).header(name, value), form(&credentials("alice"))).await;
        assert_eq!(answer.status, 200, "{name}: {value}");
    }
}

#[tokio::test]
async fn a_form_may_come_from_the_public_address() {
    let app = App::with(How { public_url: Some("https://chat.example"), ..How::default() }).await;
    app.call(SIGN_UP, &alice(), "").await;
    let answer =
        app.send(call(LOG_IN).header(header::ORIGIN, "https://chat.example"), form(&credentials("alice"))).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let foreign = app.send(call(LOG_IN).header(header::ORIGIN, "https://chat.example.evil"), "").await;
    assert_eq!(foreign.status, 403);
}

#[tokio::test]
async fn too_many_tries_are_told_when_to_come_back() {
    let app = App::with(How { rate_limits: true, ..How::default() }).await;
    app.sign_up("alice").await;
    let wrong = [("login", "alice"), ("password", "wrong")];
    for _ in 0..5 {
        assert_eq!(app.call(LOG_IN, &wrong, "").await.status, 403);
    }
    // Nobody is believed who he is by what he says of himself.
    let spoofed = call(LOG_IN).header("x-forwarded-for", "198.51.100.9");
    let answer = app.send(spoofed, form(&credentials("alice"))).await;
    assert_eq!(answer.error(), (429, "rate_limited".to_owned()));
    let seconds: u32 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds) && answer.json()["retry_after"] == seconds, "{answer:?}");

    let returned = app.submit(LOG_IN, "/accounts/login", &credentials("alice"), "").await;
    assert_eq!((returned.status, returned.location()), (303, "/accounts/login"));
    let shown = app.get_with("/accounts/login", &returned.cookie("telicat-flash")).await;
    assert!(shown.text().contains("That was too often. Try again in "), "{}", shown.text());
}

#[tokio::test]
async fn logging_out_ends_the_session_here_and_nowhere_else() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let elsewhere = app.log_in("alice").await;
    let answer = alice.call(LOG_OUT, &[]).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"next": "/"})));
    assert_eq!(answer.set_cookie("telicat"), Some("telicat=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"));
    let question = format!("/api/messages/since?room={ROOM}&seq=0");
    assert_eq!(alice.get(&question).await.error(), (401, "not_signed_in".to_owned()));
    assert_eq!(alice.room().await.status, 302);
    assert_eq!(elsewhere.get(&question).await.status, 200);
    assert_eq!(alice.call(LOG_OUT, &[]).await.status, 200, "twice is no error");

    let answer = app.submit(LOG_OUT, "/chat/room/public-chat", &[], &elsewhere.cookie).await;
    assert_eq!((answer.status, answer.location()), (303, "/"));
    assert!(answer.set_cookie("telicat").unwrap().contains("Max-Age=0"));
    assert_eq!(elsewhere.get(&question).await.status, 401);
}

#[tokio::test]
async fn who_logs_in_has_a_new_session_and_the_one_before_is_over() {
    let app = App::start().await;
    let planted = app.sign_up("mallory").await;
    app.sign_up("alice").await;
    let answer = planted.call(LOG_IN, &credentials("alice")).await;
    let session = answer.cookie("telicat");
    assert_ne!(session, planted.cookie);
    assert_eq!(planted.room().await.status, 302);
    assert_eq!(app.get_with(&format!("/chat/room/{ROOM}"), &session).await.status, 200);
}

#[tokio::test]
async fn closed_signups_are_closed_for_forms_too() {
    let app = App::with(How { signups: Signups::Closed, ..How::default() }).await;
    assert_eq!(app.call(SIGN_UP, &alice(), "").await.error(), (403, "signups_closed".to_owned()));
    let returned = app.submit(SIGN_UP, "/accounts/signup", &alice(), "").await;
    let shown = app.get_with("/accounts/signup", &returned.cookie("telicat-flash")).await;
    assert!(shown.text().contains("Nobody can sign up here at the moment."));
}

#[tokio::test]
async fn what_is_wrong_with_a_newcomer_is_said_field_by_field() {
    let app = App::start().await;
    app.sign_up("alice").await;
    let fields = newcomer("ALICE");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = app.call(SIGN_UP, &fields, "").await;
    assert_eq!(answer.status, 422);
    let taken = json!({"error": "invalid", "fields": [{"field": "username", "problem": "taken"}]});
    assert_eq!(answer.json(), taken);
    let answer = app.call(SIGN_UP, &[("email", ""), ("username", "a b"), ("password", "12345678")], "").await;
    let fields = json!([
        {"field": "email", "problem": "empty"},
        {"field": "username", "problem": "characters"},
        {"field": "password", "problem": "common"},
    ]);
    assert_eq!((answer.status, answer.json()["fields"].clone()), (422, fields));
}
