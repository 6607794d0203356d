//! Changing a password and choosing another one by mail: as a program does, and as a browser without script does.

use crate::{
    app::{App, How},
    site::{Answer, PASSWORD, User, call, form},
};
use http::{Method, Request, header};
use serde_json::json;
use std::time::Duration;
use telicat_store::testing;
use tokio::time::timeout;

const CHANGE: &str = "/api/accounts/password/change";
const CHANGE_PAGE: &str = "/accounts/password/change";
const REQUEST: &str = "/api/accounts/password/reset/request";
const RESET_PAGE: &str = "/accounts/password/reset";
const CHECK: &str = "/api/accounts/password/reset/check";
const FINISH: &str = "/api/accounts/password/reset/finish";
const LOG_IN: &str = "/api/accounts/login";
const OTHER: &str = "a bucket in the well";
const QUESTION: &str = "/api/messages/since?room=public-chat&seq=0";

/// Signs somebody up, and takes the letter that everybody gets who does.
async fn sign_up(app: &App, name: &str) -> User {
    let user = app.sign_up(name).await;
    let mails = app.mail(1).await;
    assert_eq!((mails.len(), mails[0].subject.as_str()), (1, "Confirm your address"));
    user
}

/// Asks for a link for an address that has an account, and takes it out of the mail.
async fn token_for(app: &App, email: &str) -> String {
    assert_eq!(app.call(REQUEST, &[("email", email)], "").await.status, 200);
    let mails = app.mail(1).await;
    assert_eq!((mails.len(), mails[0].recipient.as_str()), (1, email));
    // The link begins with the address of the settings, though the site was asked by another.
    let start = "http://chat.example/accounts/password/reset/";
    mails[0].text.lines().find_map(|line| line.strip_prefix(start)).unwrap().to_owned()
}

async fn logs_in(app: &App, login: &str, password: &str) -> bool {
    app.call(LOG_IN, &[("login", login), ("password", password)], "").await.status == 200
}

/// A form, as a browser without script sends it from a page that must not be named in a Referer: without one, and
/// with an origin that says nothing (Fetch, "append a request Origin header").
async fn submit_unnamed(app: &App, path: &str, fields: &[(&str, &str)], fetch_site: Option<&str>) -> Answer {
    let mut request = Request::post(path)
        .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, "null");
    if let Some(site) = fetch_site {
        request = request.header("sec-fetch-site", site);
    }
    app.send(request, form(fields)).await
}

#[tokio::test]
async fn changing_it_renews_this_session_and_closes_the_others_at_once() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let elsewhere = app.log_in("alice").await;
    let (mut own, mut other) = (alice.listens().await, elsewhere.listens().await);
    assert!(alice.get("/profile/settings").await.text().contains("Never changed since you signed up."));
    let answer = alice.call(CHANGE, &[("current_password", PASSWORD), ("password", OTHER)]).await;
    let done = json!({"next": "/profile/settings", "notice": {"notice": "password_changed"}});
    assert_eq!((answer.status, answer.json()), (200, done));
    assert_eq!(timeout(Duration::from_secs(1), other.closed()).await.unwrap().0, 4401);
    own.hears_nothing().await;

    let cookie = answer.cookie("telicat");
    assert_ne!(cookie, alice.cookie);
    assert!(answer.set_cookie("telicat").unwrap().contains("Max-Age=7776000"), "it stays remembered");
    assert_eq!(app.get_with(QUESTION, &cookie).await.status, 200);
    for ended in [&alice.cookie, &elsewhere.cookie] {
        assert_eq!(app.get_with(QUESTION, ended).await.error(), (401, "not_signed_in".to_owned()));
    }
    assert!(!logs_in(&app, "alice", PASSWORD).await && logs_in(&app, "alice", OTHER).await);
    let settings = app.get_with("/profile/settings", &cookie).await;
    let html = settings.text();
    assert!(html.contains(">Changed<") && !html.contains("Never changed since you signed up."), "{html}");
}

#[tokio::test]
async fn a_session_of_the_browser_stays_one_of_the_browser() {
    let app = App::start().await;
    app.sign_up("alice").await;
    let brief = app.log_in("alice").await;
    let answer = brief.call(CHANGE, &[("current_password", PASSWORD), ("password", OTHER)]).await;
    assert!(!answer.set_cookie("telicat").unwrap().contains("Max-Age"), "{answer:?}");
}

#[tokio::test]
async fn a_change_that_is_refused_is_said_beside_the_fields() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let fields = [("current_password", "wrong words"), ("password", "2short")];
    let answer = alice.call(CHANGE, &fields).await;
    let problems = json!([
        {"field": "current_password", "problem": "wrong"},
        {"field": "password", "problem": "too_short", "min": 8},
    ]);
    assert_eq!((answer.status, answer.json()["fields"].clone()), (422, problems));
    assert!(answer.set_cookie("telicat").is_none());

    let returned = app.submit(CHANGE, CHANGE_PAGE, &fields, &alice.cookie).await;
    assert_eq!((returned.status, returned.location()), (303, CHANGE_PAGE));
    let cookies = format!("{}; {}", alice.cookie, returned.cookie("telicat-flash"));
    let shown = app.get_with(CHANGE_PAGE, &cookies).await;
    for part in ["This is not your password.", "Too short. Use at least 8 characters."] {
        assert!(shown.text().contains(part), "{part}: {}", shown.text());
    }
    assert!(!shown.text().contains("wrong words") && !shown.text().contains("2short"));
    let unchanged =
        app.submit(CHANGE, CHANGE_PAGE, &[("current_password", PASSWORD), ("password", PASSWORD)], &alice.cookie);
    let cookies = format!("{}; {}", alice.cookie, unchanged.await.cookie("telicat-flash"));
    let shown = app.get_with(CHANGE_PAGE, &cookies).await;
    assert!(shown.text().contains("This is a password that you have already. Choose another."));
    assert!(logs_in(&app, "alice", PASSWORD).await);

    let done =
        app.submit(CHANGE, CHANGE_PAGE, &[("current_password", PASSWORD), ("password", OTHER)], &alice.cookie).await;
    assert_eq!((done.status, done.location()), (303, "/profile/settings"));
    let cookies = format!("{}; {}", done.cookie("telicat"), done.cookie("telicat-flash"));
    let settings = app.get_with("/profile/settings", &cookies).await;
    assert!(settings.text().contains("Your password is changed. You are signed out everywhere else."));
}

#[tokio::test]
async fn only_who_is_signed_in_changes_a_password() {
    let app = App::start().await;
    let page = app.get(CHANGE_PAGE).await;
    assert_eq!((page.status, page.location()), (302, "/accounts/login?next=/accounts/password/change"));
    let fields = [("current_password", PASSWORD), ("password", OTHER)];
    assert_eq!(app.call(CHANGE, &fields, "").await.error(), (401, "not_signed_in".to_owned()));
    let late = app.submit(CHANGE, CHANGE_PAGE, &fields, "").await;
    assert_eq!((late.status, late.location()), (303, "/accounts/login?next=/accounts/password/change"));
}

#[tokio::test]
async fn asking_for_a_link_is_answered_alike_whoever_has_an_account() {
    let app = App::start().await;
    sign_up(&app, "alice").await;
    let (mut called, mut submitted) = (Vec::new(), Vec::new());
    for name in ["alice", "nobody"] {
        let email = format!("{name}@hollowhill.example");
        let answer = app.call(REQUEST, &[("email", &email)], "").await;
        assert_eq!(answer.status, 200);
        called.push((answer.body, named(&answer.headers)));
        let answer = app.submit(REQUEST, RESET_PAGE, &[("email", &email)], "").await;
        assert_eq!((answer.status, answer.location()), (303, "/accounts/password/reset?sent=1"));
        submitted.push((answer.body, named(&answer.headers)));
    }
    assert_eq!(called[0], called[1]);
    assert_eq!(submitted[0], submitted[1]);
    let page = app.get("/accounts/password/reset?sent=1").await;
    assert!(page.status == 200 && page.text().contains("Look into your mail"));
    assert!(!page.text().contains("hollowhill"), "who asked is not in the page");
    let mut recipients: Vec<String> = app.mail(4).await.into_iter().map(|mail| mail.recipient).collect();
    recipients.sort();
    let (alice, nobody) = ("alice@hollowhill.example", "nobody@hollowhill.example");
    assert_eq!(recipients, [alice, alice, nobody, nobody], "everybody gets a mail each time");

    let returned = app.submit(REQUEST, RESET_PAGE, &[("email", "no address")], "").await;
    assert_eq!((returned.status, returned.location()), (303, RESET_PAGE));
    let shown = app.get_with(RESET_PAGE, &returned.cookie("telicat-flash")).await;
    assert!(shown.text().contains("value=\"no address\""), "{}", shown.text());
    assert!(shown.text().contains("This is not an address that mail can be sent to."));
}

/// The headers that do not say when and which answer it is.
fn named(headers: &http::HeaderMap) -> Vec<(String, String)> {
    let text = |(name, value): (&header::HeaderName, &header::HeaderValue)| {
        (name.to_string(), value.to_str().unwrap().to_owned())
    };
    headers.iter().map(text).filter(|(name, _)| !matches!(name.as_str(), "date" | "x-request-id")).collect()
}

#[tokio::test]
async fn an_address_is_asked_for_a_few_times_and_then_told_when_to_come_back() {
    let app = App::with(How { rate_limits: true, ..How::default() }).await;
    for email in ["alice@hollowhill.example", "nobody@hollowhill.example"] {
        for _ in 0..5 {
            assert_eq!(app.call(REQUEST, &[("email", email)], "").await.status, 200);
        }
        let answer = app.call(REQUEST, &[("email", email)], "").await;
        assert_eq!(answer.error(), (429, "rate_limited".to_owned()));
        assert!((1..=12).contains(&answer.header("retry-after").parse().unwrap()), "{answer:?}");
    }
}

#[tokio::test]
async fn the_page_behind_a_link_changes_nothing_and_tells_nobody_its_address() {
    let app = App::start().await;
    sign_up(&app, "alice").await;
    let token = token_for(&app, "alice@hollowhill.example").await;
    let path = format!("{RESET_PAGE}/{token}");
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let page = app.send(Request::builder().method(method).uri(&path), "").await;
        assert_eq!((page.status, page.header("referrer-policy")), (200, "no-referrer"));
        assert_eq!(page.header("cache-control"), "no-store");
    }
    let page = app.get(&path).await;
    let html = page.text();
    assert!(html.contains("Choose another password") && html.contains("name=\"password\""), "{html}");
    for outside in ["src=\"http", "href=\"http", "src=\"//", "href=\"//", "url("] {
        assert!(!html.contains(outside), "{outside}");
    }
    assert!(!html.contains("hollowhill") && !html.contains("alice"), "it says not even whose it is");
    // Whatever is answered at such an address, to which the browser stays.
    for other in [format!("{path}/"), format!("{RESET_PAGE}/{}", "0".repeat(64)), format!("{RESET_PAGE}/x/y")] {
        assert_eq!(app.get(&other).await.header("referrer-policy"), "no-referrer", "{other}");
    }
    assert_eq!(app.get(RESET_PAGE).await.header("referrer-policy"), "same-origin");
    assert_eq!(app.call(CHECK, &[("token", &token)], "").await.status, 200);
    assert!(logs_in(&app, "alice", PASSWORD).await);
}

#[tokio::test]
async fn who_has_the_link_chooses_a_password_and_logs_in_with_it() {
    let app = App::start().await;
    let alice = sign_up(&app, "alice").await;
    let mut socket = alice.listens().await;
    let token = token_for(&app, "alice@hollowhill.example").await;
    let refused = app.call(FINISH, &[("token", &token), ("password", "2short")], "").await;
    let fields = json!([{"field": "password", "problem": "too_short", "min": 8}]);
    assert_eq!((refused.status, refused.json()["fields"].clone()), (422, fields));

    let answer = app.call(FINISH, &[("token", &token), ("password", OTHER)], "").await;
    let done = json!({"next": "/accounts/login", "notice": {"notice": "password_reset"}});
    assert_eq!((answer.status, answer.json()), (200, done));
    assert!(answer.set_cookie("telicat").is_none(), "a mailbox replaces the password and lets nobody in");
    assert_eq!(timeout(Duration::from_secs(1), socket.closed()).await.unwrap().0, 4401);
    assert_eq!(alice.get(QUESTION).await.status, 401);
    assert!(!logs_in(&app, "alice", PASSWORD).await && logs_in(&app, "alice", OTHER).await);
    let told = app.mail(1).await;
    assert_eq!((told.len(), told[0].recipient.as_str()), (1, "alice@hollowhill.example"));
    assert!(told[0].subject.contains("was changed") && told[0].text.contains("127.0.0.1"), "{}", told[0].text);

    // Used up: for programs, for forms and as a page, which offers a new one.
    let again = [("token", token.as_str()), ("password", "a third one, later")];
    assert_eq!(app.call(FINISH, &again, "").await.error(), (410, "link_expired".to_owned()));
    assert_eq!(app.call(CHECK, &again, "").await.error(), (410, "link_expired".to_owned()));
    let page = app.get(&format!("{RESET_PAGE}/{token}")).await;
    assert_eq!(page.status, 410);
    assert!(
        page.text().contains("This link works no more.") && page.text().contains("href=\"/accounts/password/reset\"")
    );
    assert!(!page.text().contains("name=\"password\""));
    assert!(logs_in(&app, "alice", OTHER).await);
}

#[tokio::test]
async fn without_script_the_form_finds_back_to_its_page_though_that_is_named_nowhere() {
    let app = App::start().await;
    sign_up(&app, "alice").await;
    let token = token_for(&app, "alice@hollowhill.example").await;
    let path = format!("{RESET_PAGE}/{token}");
    let html = app.get(&path).await;
    assert!(html.text().contains(&format!("name=\"page\" value=\"{path}\"")), "{}", html.text());
    let with = |password: &'static str| [("page", path.as_str()), ("token", token.as_str()), ("password", password)];
    // What a browser says that comes by https, and one that comes by plain http.
    for fetch_site in [Some("same-origin"), None] {
        let returned = submit_unnamed(&app, FINISH, &with("2short"), fetch_site).await;
        assert_eq!((returned.status, returned.location()), (303, path.as_str()), "{fetch_site:?}");
        let shown = app.get_with(&path, &returned.cookie("telicat-flash")).await;
        assert!(shown.text().contains("Too short. Use at least 8 characters."), "{}", shown.text());
        assert!(shown.text().contains("aria-invalid=\"true\"") && !shown.text().contains("2short"));
        assert!(shown.set_cookie("telicat-flash").unwrap().contains("Max-Age=0"), "it is shown once");
    }
    let kept = testing::flashes(app.db()).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert!(kept.iter().all(|flash| !flash.contains(&token) && !flash.contains("2short")), "{kept:?}");

    let done = submit_unnamed(&app, FINISH, &with(OTHER), None).await;
    assert_eq!((done.status, done.location()), (303, "/accounts/login"));
    let login = app.get_with("/accounts/login", &done.cookie("telicat-flash")).await;
    assert!(login.text().contains("Your password is changed. Log in with it."));
    let late = submit_unnamed(&app, FINISH, &with("a third one, later"), None).await;
    assert_eq!((late.status, late.location()), (303, path.as_str()));
    assert_eq!(app.get(&path).await.status, 410);
    assert!(logs_in(&app, "alice", OTHER).await);
}

#[tokio::test]
async fn a_page_that_a_form_names_is_one_of_this_site() {
    let app = App::start().await;
    for elsewhere in ["//evil.example", "https://evil.example/x", "/\\evil.example", "x"] {
        let returned =
            submit_unnamed(&app, FINISH, &[("page", elsewhere), ("token", "x"), ("password", "y")], None).await;
        assert_eq!((returned.status, returned.location()), (303, "/"), "{elsewhere}");
    }
}

#[tokio::test]
async fn only_the_bearer_of_a_token_may_come_from_anywhere() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    for (name, value) in [("origin", "null"), ("sec-fetch-site", "cross-site")] {
        for path in [CHANGE, REQUEST, CHECK, "/api/accounts/sessions/end", "/api/accounts/sessions/end-others"] {
            let request = call(path).header(name, value).header(header::COOKIE, &alice.cookie);
            assert_eq!(app.send(request, "").await.error(), (403, "forbidden".to_owned()), "{name} on {path}");
        }
        let request = call(FINISH).header(name, value).header(header::COOKIE, &alice.cookie);
        let answer = app.send(request, form(&[("token", "x"), ("password", OTHER)])).await;
        assert_eq!(answer.error(), (410, "link_expired".to_owned()), "{name}");
        assert!(answer.set_cookie("telicat").is_none());
    }
    assert_eq!(alice.get(QUESTION).await.status, 200);
}
