//! Where one is signed in, and proving again who one is: as a program does, and as a browser without script does.

use crate::{
    app::App,
    site::{Answer, PASSWORD, User},
};
use http::{Request, header};
use serde_json::{Value, json};
use std::time::Duration;
use telicat_store::testing;
use tokio::time::timeout;

const LIST: &str = "/api/accounts/sessions";
const PAGE: &str = "/accounts/sessions";
const END: &str = "/api/accounts/sessions/end";
const END_OTHERS: &str = "/api/accounts/sessions/end-others";
const QUESTION: &str = "/api/messages/since?room=public-chat&seq=0";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn list(user: &User) -> Vec<Value> {
    let answer = user.get(LIST).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["sessions"].as_array().unwrap().clone()
}

/// The identifier of the session that asks.
async fn own(user: &User) -> String {
    let sessions = list(user).await;
    assert_eq!(sessions[0]["current"], true);
    sessions[0]["id"].as_str().unwrap().to_owned()
}

async fn is_signed_in(user: &User) -> bool {
    match user.get(QUESTION).await.status {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

/// The page that a form came back to.
async fn page_after(app: &App, user: &User, answer: &Answer) -> Answer {
    assert_eq!(answer.status, 303, "{answer:?}");
    let cookies = format!("{}; {}", user.cookie, answer.cookie("telicat-flash"));
    app.get_with(answer.location(), &cookies).await
}

#[tokio::test]
async fn the_list_says_what_with_and_from_where() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let request = crate::site::call("/api/accounts/login").header(header::USER_AGENT, FIREFOX);
    let fields = crate::site::form(&[("login", "alice"), ("password", PASSWORD)]);
    assert_eq!(app.send(request, fields).await.status, 200);
    let sessions = list(&alice).await;
    assert_eq!(sessions.len(), 2);
    assert_eq!((&sessions[1]["agent"], &sessions[1]["address"]), (&json!(FIREFOX), &json!("127.0.0.1")));
    for page in [PAGE, "/profile/settings"] {
        let html = alice.get(page).await;
        assert_eq!(html.status, 200, "{page}");
        for part in ["Firefox on Linux", "from 127.0.0.1", "This one", "<time datetime=\"20", "End all others"] {
            assert!(html.text().contains(part), "{part} on {page}: {}", html.text());
        }
        let token = alice.cookie.split_once('=').unwrap().1;
        assert!(!html.text().contains(token), "a session is named by what is no secret");
        assert_eq!(html.text().matches("name=\"session\"").count(), 1, "this one is ended by logging out");
    }
    for path in [PAGE, "/profile/settings"] {
        let visitor = app.send(Request::get(path), "").await;
        assert_eq!((visitor.status, visitor.location()), (302, format!("/accounts/login?next={path}").as_str()));
    }
    assert_eq!(app.get(LIST).await.error(), (401, "not_signed_in".to_owned()));
}

#[tokio::test]
async fn a_session_is_ended_with_its_sockets_from_elsewhere() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let elsewhere = app.log_in("alice").await;
    let mut socket = elsewhere.listens().await;
    let id = own(&elsewhere).await;
    let answer = alice.call(END, &[("session", &id)]).await;
    let done = json!({"next": PAGE, "notice": {"notice": "session_ended"}});
    assert_eq!((answer.status, answer.json()), (200, done));
    assert_eq!(timeout(Duration::from_secs(1), socket.closed()).await.unwrap().0, 4401);
    assert!(!is_signed_in(&elsewhere).await && is_signed_in(&alice).await);
    assert_eq!(alice.call(END, &[("session", &id)]).await.error(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn nobody_ends_somebody_elses_session() {
    let app = App::start().await;
    let (alice, mallory) = (app.sign_up("alice").await, app.sign_up("mallory").await);
    let mut socket = alice.listens().await;
    let id = own(&alice).await;
    let foreign = mallory.call(END, &[("session", &id)]).await;
    let unknown = mallory.call(END, &[("session", "0199aaaa-0000-7000-8000-000000000000")]).await;
    assert_eq!(foreign.error(), (404, "not_found".to_owned()));
    assert_eq!(foreign.body, unknown.body, "whether there is such a session is not said");
    for nonsense in ["", "x", "' OR 1=1 --"] {
        assert_eq!(mallory.call(END, &[("session", nonsense)]).await.status, 404, "{nonsense}");
    }
    assert_eq!(app.call(END, &[("session", &id)], "").await.error(), (401, "not_signed_in".to_owned()));
    mallory.call(END_OTHERS, &[]).await;
    socket.hears_nothing().await;
    assert!(is_signed_in(&alice).await);
    assert_eq!(list(&mallory).await.len(), 1, "and none of another's is in the list");
}

#[tokio::test]
async fn without_script_sessions_are_ended_by_forms() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let (elsewhere, third) = (app.log_in("alice").await, app.log_in("alice").await);
    let id = own(&elsewhere).await;
    let fields = [("session", id.as_str()), ("next", "/profile/settings")];
    let answer = app.submit(END, "/profile/settings", &fields, &alice.cookie).await;
    assert_eq!(answer.location(), "/profile/settings", "back to where the list stood");
    let shown = page_after(&app, &alice, &answer).await;
    assert!(shown.text().contains("That session has ended."), "{}", shown.text());
    assert!(!is_signed_in(&elsewhere).await && is_signed_in(&third).await);

    let again = app.submit(END, PAGE, &[("session", &id), ("next", PAGE)], &alice.cookie).await;
    let shown = page_after(&app, &alice, &again).await;
    assert!(shown.text().contains("It does not exist any more."), "{}", shown.text());

    let answer = app.submit(END_OTHERS, PAGE, &[("next", "//evil.example")], &alice.cookie).await;
    assert_eq!(answer.location(), PAGE, "never off the site");
    let shown = page_after(&app, &alice, &answer).await;
    assert!(shown.text().contains("You are signed out everywhere else."), "{}", shown.text());
    assert!(shown.text().contains("You are signed in nowhere else.") && !shown.text().contains("End all others"));
    assert!(!is_signed_in(&third).await && is_signed_in(&alice).await);
}

#[tokio::test]
async fn a_password_that_was_typed_long_ago_is_asked_for_again() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let elsewhere = app.log_in("alice").await;
    testing::age_proofs(app.db()).await.unwrap();
    assert_eq!(alice.get(LIST).await.json()["needs_password"], true);
    for nothing in [&[][..], &[("current_password", "")][..]] {
        let answer = alice.call(END_OTHERS, nothing).await;
        assert_eq!(answer.error(), (403, "password_needed".to_owned()));
    }
    let wrong = alice.call(END_OTHERS, &[("current_password", "not the lantern")]).await;
    let fields = json!([{"field": "current_password", "problem": "wrong"}]);
    assert_eq!((wrong.status, wrong.json()["fields"].clone()), (422, fields));
    assert!(wrong.set_cookie("telicat").is_none());
    assert!(is_signed_in(&elsewhere).await && is_signed_in(&alice).await);

    let right = alice.call(END_OTHERS, &[("current_password", PASSWORD)]).await;
    assert_eq!(right.status, 200, "{right:?}");
    assert!(!is_signed_in(&elsewhere).await);
    let renewed = User { site: alice.site, cookie: right.cookie("telicat") };
    assert_ne!(renewed.cookie, alice.cookie);
    assert!(right.set_cookie("telicat").unwrap().contains("Max-Age=7776000"), "it stays remembered");
    assert!(is_signed_in(&renewed).await && !is_signed_in(&alice).await, "the old token is worth nothing");
    assert_eq!(renewed.get(LIST).await.json()["needs_password"], false);
    let fresh = renewed.call(END_OTHERS, &[]).await;
    assert!(fresh.status == 200 && fresh.set_cookie("telicat").is_none(), "for the next minutes it is not asked for");
}

#[tokio::test]
async fn without_script_the_password_is_asked_for_in_the_form_that_needs_it() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let elsewhere = app.log_in("alice").await;
    let settings = "/profile/settings";
    assert!(!alice.get(PAGE).await.text().contains("name=\"current_password\""), "it was typed just now");
    testing::age_proofs(app.db()).await.unwrap();
    let alice_again = app.log_in("alice").await;
    testing::age_proofs(app.db()).await.unwrap();
    assert!(alice_again.get(PAGE).await.text().contains("name=\"current_password\""));

    let fields = [("next", settings)];
    let returned = app.submit(END_OTHERS, settings, &fields, &alice_again.cookie).await;
    assert_eq!(returned.location(), settings);
    let shown = page_after(&app, &alice_again, &returned).await;
    assert!(shown.text().contains("name=\"current_password\""), "{}", shown.text());
    let wrong = [("next", settings), ("current_password", "not the lantern")];
    let returned = app.submit(END_OTHERS, settings, &wrong, &alice_again.cookie).await;
    let shown = page_after(&app, &alice_again, &returned).await;
    assert!(shown.text().contains("This is not your password.") && !shown.text().contains("not the lantern"));
    assert!(is_signed_in(&elsewhere).await);

    let right = [("next", settings), ("current_password", PASSWORD)];
    let done = app.submit(END_OTHERS, settings, &right, &alice_again.cookie).await;
    let renewed = User { site: alice_again.site, cookie: done.cookie("telicat") };
    let shown = page_after(&app, &renewed, &done).await;
    assert!(shown.status == 200 && shown.text().contains("You are signed out everywhere else."), "{}", shown.text());
    assert!(!is_signed_in(&elsewhere).await && !is_signed_in(&alice_again).await && is_signed_in(&renewed).await);
}
