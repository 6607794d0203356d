//! The headers of every answer, whatever it is an answer to.

use crate::{
    app::{App, How},
    site::{Answer, ROOM, call},
};
use http::{Method, Request, header};

fn is_guarded(what: &str, answer: &Answer) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{name} on {what}");
    }
    let policy = answer.header("content-security-policy");
    for part in ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
        assert!(policy.contains(part), "{part} on {what}: {policy}");
    }
    assert!(!answer.header("permissions-policy").is_empty(), "{what}");
    assert!(!answer.header("cache-control").is_empty(), "{what}");
    assert_eq!(answer.header("x-request-id").len(), 32, "{what}");
    for absent in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert_eq!(answer.header(absent), "", "{absent} on {what}");
    }
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let tag = app.get("/favicon.svg").await.header("etag").to_owned();
    let known = app.send(Request::get("/favicon.svg").header(header::IF_NONE_MATCH, tag), "").await;
    let foreign = app.send(call("/api/accounts/login").header("sec-fetch-site", "cross-site"), "").await;
    let large = app.send(call("/api/accounts/login"), "x".repeat(200_000)).await;
    let wrong_method = app.send(Request::builder().method(Method::DELETE).uri("/"), "").await;
    for (status, what, answer) in [
        (200, "a page", app.get("/").await),
        (200, "a room", alice.room().await),
        (404, "a page that is not there", app.get("/nothing").await),
        (302, "a redirect", app.get(&format!("/chat/room/{ROOM}")).await),
        (308, "a slash too many", app.get("/chat/").await),
        (303, "a form", app.submit("/api/accounts/login", "/accounts/login", &[], "").await),
        (200, "JSON", alice.get(&format!("/api/messages/since?room={ROOM}&seq=0")).await),
        (401, "a refusal", app.get(&format!("/api/messages/since?room={ROOM}&seq=0")).await),
        (404, "an unknown function", app.get("/api/nothing").await),
        (403, "another site", foreign),
        (413, "too much", large),
        (405, "a wrong method", wrong_method),
        (200, "a file", app.get("/favicon.svg").await),
        (304, "a known file", known),
        (404, "a file that is not there", app.get("/a/dev/nothing").await),
        (403, "the socket", app.get("/live").await),
        (200, "health", app.get("/healthz").await),
    ] {
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        is_guarded(what, &answer);
        assert_eq!(answer.header("strict-transport-security"), "", "not without https");
    }
}

#[tokio::test]
async fn what_is_of_a_person_is_kept_nowhere() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    for path in ["/", "/chat", "/chat/room/public-chat", "/api/messages/since?room=public-chat&seq=0", "/@alice"] {
        assert_eq!(alice.get(path).await.header("cache-control"), "no-store", "{path}");
    }
    assert_eq!(alice.call("/api/accounts/logout", &[]).await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn by_https_browsers_stay_with_it() {
    let app = App::with(How { public_url: Some("https://chat.example"), ..How::default() }).await;
    for path in ["/", "/nothing", "/healthz", "/api/nothing"] {
        let answer = app.get(path).await;
        is_guarded(path, &answer);
        let strict = answer.header("strict-transport-security");
        let age: u64 = strict.split_once("max-age=").unwrap().1.split(';').next().unwrap().parse().unwrap();
        assert!(age >= 365 * 24 * 3600 && strict.contains("includeSubDomains"), "{strict}");
    }
}

#[tokio::test]
async fn the_number_of_a_request_is_never_the_clients() {
    let app = App::start().await;
    let own = "0".repeat(32);
    let answer = app.send(Request::get("/healthz").header("x-request-id", &own), "").await;
    assert_ne!(answer.header("x-request-id"), own);
    assert_ne!(answer.header("x-request-id"), app.get("/healthz").await.header("x-request-id"));
}

#[tokio::test]
async fn pages_and_answers_are_compressed_for_who_can_read_it() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    for n in 0..50 {
        alice.posts(&format!("number {n}, with some words that stand in every one of them")).await;
    }
    for path in [format!("/chat/room/{ROOM}"), format!("/api/messages/since?room={ROOM}&seq=0")] {
        let plain = alice.get(&path).await;
        assert_eq!((plain.status, plain.header("content-encoding")), (200, ""), "{path}");
        for encoding in ["br", "gzip"] {
            let request = Request::get(&path).header(header::COOKIE, &alice.cookie);
            let answer = app.send(request.header(header::ACCEPT_ENCODING, encoding), "").await;
            assert_eq!((answer.status, answer.header("content-encoding")), (200, encoding), "{path}");
            assert!(answer.header("vary").to_lowercase().contains("accept-encoding"), "{path}: {answer:?}");
            let (small, large) = (answer.body.len(), plain.body.len());
            assert!(small * 4 < large, "{path} in {encoding}: {small} of {large}");
        }
    }
}
