//! Addresses and their letters, as a program and a browser without script meet them; and where mail goes by default.

use crate::{
    app::{App, How},
    executable::{Telicat, empty_folder, refusal},
    site::{Answer, PASSWORD, User, within},
};
use serde_json::json;
use std::{fs, os::unix::fs::PermissionsExt, path::Path};
use telicat_service::mail::Mail;
use telicat_store::testing::age_proofs;
use tokio::net::TcpListener;

const CHANGE: &str = "/api/profile/email";
const RESEND: &str = "/api/profile/email/resend";
const CANCEL: &str = "/api/profile/email/cancel";
const CONFIRM: &str = "/api/accounts/email/confirm";
const SIGN_UP: &str = "/api/accounts/signup";
const SETTINGS: &str = "/profile/settings";

/// The path of the link in a letter, and its token.
fn link(mail: &Mail) -> (String, String) {
    let line = mail.text.lines().find(|line| line.contains("/accounts/email/confirm/")).unwrap();
    let path = line.strip_prefix("http://chat.example").unwrap().to_owned();
    let token = path.rsplit('/').next().unwrap().to_owned();
    (path, token)
}

async fn settings(user: &User) -> String {
    let page = user.get(SETTINGS).await;
    assert_eq!(page.status, 200);
    page.text().to_owned()
}

#[tokio::test]
async fn a_link_shows_a_button_and_the_button_confirms_once() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let (path, token) = link(&app.mail(1).await[0]);
    for _ in 0..2 {
        let page = app.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(page.text().contains("alice@hollowhill.example") && page.text().contains("Confirm this address"));
        assert_eq!(page.header("referrer-policy"), "no-referrer", "the link is told to no site, not even this one");
    }
    assert!(!settings(&alice).await.contains("Verified"), "looking changes nothing");

    // By somebody who is signed out, without script.
    let answer = app.submit(CONFIRM, &path, &[("token", &token)], "").await;
    assert_eq!((answer.status, answer.location()), (303, "/accounts/login"));
    let shown = app.get_with("/accounts/login", &answer.cookie("telicat-flash")).await;
    assert!(shown.text().contains("alice@hollowhill.example is confirmed."), "{}", shown.text());
    assert!(settings(&alice).await.contains("Verified"));

    let page = app.get(&path).await;
    assert_eq!(page.status, 410);
    assert!(page.text().contains("This link works no more.") && page.text().contains("href=\"/profile/settings\""));
    let again = app.call(CONFIRM, &[("token", &token)], "").await;
    assert_eq!(again.error(), (410, "link_expired".to_owned()));
    let returned = app.submit(CONFIRM, &path, &[("token", &token)], "").await;
    assert_eq!((returned.status, returned.location()), (303, path.as_str()));
    for nonsense in ["x", &"0".repeat(64)] {
        assert_eq!(app.get(&format!("/accounts/email/confirm/{nonsense}")).await.status, 410);
    }
    assert_eq!(app.get(CONFIRM).await.status, 405, "there is no way to confirm by looking");
}

#[tokio::test]
async fn another_address_waits_beside_the_first_until_it_is_confirmed() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    app.mail(1).await;
    let plain = settings(&alice).await;
    assert!(
        plain.contains("href=\"/profile/settings?edit=email\"") && !plain.contains("name=\"email\" type"),
        "{plain}"
    );
    let page = alice.get("/profile/settings?edit=email").await;
    assert!(page.text().contains("New email") && page.text().contains("id=\"email\""), "the form, without script");

    let fields = [("email", "alice@night.example")];
    let answer = app.submit(CHANGE, "/profile/settings?edit=email", &fields, &alice.cookie).await;
    assert_eq!((answer.status, answer.location()), (303, SETTINGS));
    let cookies = format!("{}; {}", alice.cookie, answer.cookie("telicat-flash"));
    let shown = app.get_with(SETTINGS, &cookies).await;
    let html = shown.text();
    assert!(html.contains("A link is on its way to alice@night.example."), "{html}");
    assert!(html.contains("alice@hollowhill.example") && html.contains("alice@night.example"));
    assert!(html.contains("The next link may go at") && html.contains(" UTC"));
    let mails = app.mail(2).await;
    let new = mails.iter().find(|mail| mail.recipient == "alice@night.example").unwrap();
    assert!(mails.iter().any(|mail| mail.recipient == "alice@hollowhill.example"));

    let soon = alice.call(RESEND, &[("email", "alice@night.example")]).await;
    assert_eq!(soon.error(), (429, "rate_limited".to_owned()));
    let seconds: u32 = soon.header("retry-after").parse().unwrap();
    assert!((1..=180).contains(&seconds), "{seconds}");

    let (_, token) = link(new);
    let confirmed = alice.call(CONFIRM, &[("token", &token)]).await;
    let notice = json!({"notice": "address_confirmed", "address": "alice@night.example"});
    assert_eq!(confirmed.json(), json!({"next": SETTINGS, "notice": notice}));
    let html = settings(&alice).await;
    assert!(html.contains("alice@night.example") && !html.contains("alice@hollowhill.example"), "{html}");
    assert_eq!(app.mail(1).await[0].recipient, "alice@hollowhill.example");
}

#[tokio::test]
async fn another_address_is_asked_for_with_the_password() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let welcome = app.mail(1).await;
    assert_eq!(welcome[0].recipient, "alice@hollowhill.example");
    age_proofs(app.db()).await.unwrap();
    let email = ("email", "alice@night.example");
    for nothing in [&[email][..], &[email, ("current_password", "")][..]] {
        assert_eq!(alice.call(CHANGE, nothing).await.error(), (403, "password_needed".to_owned()));
    }
    let wrong = alice.call(CHANGE, &[email, ("current_password", "not the lantern")]).await;
    let fields = json!([{"field": "current_password", "problem": "wrong"}]);
    assert_eq!((wrong.status, wrong.json()["fields"].clone()), (422, fields));
    assert!(!settings(&alice).await.contains("alice@night.example"), "nothing waits for who cannot say the password");

    let right = alice.call(CHANGE, &[email, ("current_password", PASSWORD)]).await;
    assert_eq!(right.status, 200, "{right:?}");
    let renewed = User { site: alice.site, cookie: right.cookie("telicat") };
    assert!(settings(&renewed).await.contains("alice@night.example"));
    // The letters of the change are the first since.
    let mails = app.mail(2).await;
    let mut recipients: Vec<&str> = mails.iter().map(|mail| mail.recipient.as_str()).collect();
    recipients.sort_unstable();
    assert_eq!(recipients, ["alice@hollowhill.example", "alice@night.example"]);
}

#[tokio::test]
async fn an_address_that_cannot_be_taken_comes_back_beside_its_field() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let fields = [("email", "no\"where")];
    let answer = app.submit(CHANGE, "/profile/settings?edit=email", &fields, &alice.cookie).await;
    assert_eq!((answer.status, answer.location()), (303, "/profile/settings?edit=email"));
    let cookies = format!("{}; {}", alice.cookie, answer.cookie("telicat-flash"));
    let shown = app.get_with(answer.location(), &cookies).await;
    let html = shown.text();
    assert!(html.contains("value=\"no&quot;where\"") && html.contains("aria-invalid=\"true\""), "{html}");
    assert!(html.contains("This is not an address that mail can be sent to."), "{html}");
}

#[tokio::test]
async fn the_address_that_waits_is_given_up() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    alice.call(CHANGE, &[("email", "alice@night.example")]).await;
    let answer = app.submit(CANCEL, SETTINGS, &[], &alice.cookie).await;
    assert_eq!((answer.status, answer.location()), (303, SETTINGS));
    let cookies = format!("{}; {}", alice.cookie, answer.cookie("telicat-flash"));
    let shown = app.get_with(SETTINGS, &cookies).await;
    assert!(shown.text().contains("The new address is given up.") && !shown.text().contains("alice@night.example"));
}

#[tokio::test]
async fn only_who_is_signed_in_changes_an_address() {
    let app = App::start().await;
    for (path, fields) in [(CHANGE, &[("email", "x@night.example")][..]), (RESEND, &[]), (CANCEL, &[])] {
        assert_eq!(app.call(path, fields, "").await.error(), (401, "not_signed_in".to_owned()), "{path}");
        assert_eq!(app.get(path).await.status, 405, "{path}");
    }
    let away = app.get(SETTINGS).await;
    assert_eq!((away.status, away.location()), (302, "/accounts/login?next=/profile/settings"));
}

fn newcomer<'a>(email: &'a str, username: &'a str) -> [(&'static str, &'a str); 3] {
    [("email", email), ("username", username), ("password", PASSWORD)]
}

/// All of an answer that could tell one case from another.
fn visible(answer: &Answer) -> (u16, String, Vec<String>) {
    let differs = ["x-request-id", "date", "set-cookie"];
    let kept = answer.headers.iter().filter(|(name, _)| !differs.contains(&name.as_str()));
    let mut headers: Vec<String> = kept.map(|(name, value)| format!("{name}: {value:?}")).collect();
    headers.sort();
    (answer.status, answer.text().to_owned(), headers)
}

#[tokio::test]
async fn where_addresses_are_confirmed_first_signing_up_answers_everybody_alike() {
    let app = App::with(How { verify_signups: true, ..How::default() }).await;
    let first = app.call(SIGN_UP, &newcomer("alice@hollowhill.example", "alice"), "").await;
    assert_eq!((first.status, first.json()), (200, json!({"next": "/accounts/signup/sent"})));
    assert!(first.set_cookie("telicat").is_none(), "there is no session yet");
    let (path, token) = link(&app.mail(1).await[0]);
    let log_in = [("login", "alice"), ("password", PASSWORD)];
    assert_eq!(app.call("/api/accounts/login", &log_in, "").await.error(), (403, "wrong_login".to_owned()));
    assert_eq!(app.get("/@alice").await.status, 404);
    assert_eq!(app.get(&path).await.status, 200);
    app.call(CONFIRM, &[("token", &token)], "").await;
    app.log_in("alice").await;

    let taken = app.call(SIGN_UP, &newcomer("Alice@hollowhill.example", "probe"), "").await;
    let free = app.call(SIGN_UP, &newcomer("bob@hollowhill.example", "bob"), "").await;
    assert_eq!(visible(&taken), visible(&free));
    let taken = app.submit(SIGN_UP, "/accounts/signup", &newcomer("alice@hollowhill.example", "probe2"), "").await;
    let free = app.submit(SIGN_UP, "/accounts/signup", &newcomer("cara@hollowhill.example", "cara"), "").await;
    assert_eq!(visible(&taken), visible(&free));
    assert_eq!((free.status, free.location()), (303, "/accounts/signup/sent"));
    let page = app.get("/accounts/signup/sent").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Look into your mail."));
    let mut subjects: Vec<String> = app.mail(4).await.into_iter().map(|mail| mail.subject).collect();
    subjects.sort();
    let (told, link) = ("You have an account already", "Confirm your address");
    assert_eq!(subjects, [link, link, told, told]);
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn without_a_mail_server_a_letter_is_a_file_and_the_log_says_where() {
    let folder = empty_folder();
    let telicat = Telicat::start(folder.path(), &[("TELICAT_LOG", "trace")]).await;
    let alice = telicat.site.sign_up("alice").await;
    let outbox = folder.path().join("data/outbox");
    let letter = within(async {
        loop {
            let names = fs::read_dir(&outbox).map(|names| names.map(|name| name.unwrap().path()).collect::<Vec<_>>());
            if let Some(letter) =
                names.ok().and_then(|names| names.into_iter().find(|name| name.extension() == Some("eml".as_ref())))
            {
                return letter;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!((mode(&outbox), mode(&letter)), (0o700, 0o600));
    let text = fs::read_to_string(&letter).unwrap();
    let start = format!("{}/accounts/email/confirm/", telicat.site.origin());
    let link = text.lines().find(|line| line.starts_with(&start)).unwrap();
    let token = link.rsplit('/').next().unwrap();
    assert!(text.contains("From: telicat@localhost\r\n"), "{text}");
    assert_eq!(telicat.site.get(&link[telicat.site.origin().len()..]).await.status, 200);
    telicat.site.call(CONFIRM, &[("token", token)], "").await;
    assert!(settings(&alice).await.contains("Verified"));

    telicat.terminate().await;
    let (status, said) = telicat.ended().await;
    assert!(status.success(), "{status:?} {said}");
    assert!(said.contains(letter.file_name().unwrap().to_str().unwrap()), "{said}");
    assert!(said.contains("hollowhill.example") && !said.contains("alice@hollowhill.example"), "{said}");
    assert!(!said.contains(token), "the link is in the file alone");
}

#[tokio::test]
async fn a_mail_server_that_says_nothing_holds_up_no_page_and_its_password_is_printed_nowhere() {
    let folder = empty_folder();
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://telicat:hunter2secret@{}", silent.local_addr().unwrap());
    let telicat = Telicat::start(folder.path(), &[("TELICAT_MAIL", &url), ("TELICAT_LOG", "trace")]).await;
    telicat.site.sign_up("alice").await;
    // The server is spoken to, says nothing, and hangs up.
    let (connection, _) = within(silent.accept()).await.unwrap();
    telicat.site.sign_up("bob").await.posts("nothing waits for it").await;
    drop((connection, silent));
    telicat.terminate().await;
    let (status, said) = telicat.ended().await;
    assert!(status.success(), "{status:?} {said}");
    assert!(!said.contains("hunter2secret") && !said.contains("confirm/"), "{said}");
    assert!(!folder.path().join("data/outbox").exists());
}

#[tokio::test]
async fn a_mail_server_that_cannot_be_used_is_refused_with_one_sentence() {
    let folder = empty_folder();
    for (url, told) in [
        ("mail.example", "smtp://"),
        ("http://telicat:hunter2secret@mail.example", "smtp://"),
        ("smtp://telicat:hunter2secret@mail.example", "tls=required"),
        ("smtp://telicat:hunter2secret@mail.example?tls=maybe", "tls=required"),
        ("smtps://telicat:hunter2secret@", "host"),
        ("smtps://telicat:hunter2secret@[::", "read"),
    ] {
        for (args, variables) in [(&["--mail", url][..], &[][..]), (&[], &[("TELICAT_MAIL", url)])] {
            let sentence = refusal(folder.path(), args, variables).await;
            assert!(sentence.contains(told), "{url}: {sentence}");
        }
    }
    let sentence = refusal(folder.path(), &["--mail-from", "nobody"], &[]).await;
    assert!(sentence.contains("mail-from"), "{sentence}");
    let sentence = refusal(folder.path(), &["--verify-signups", "maybe"], &[]).await;
    assert!(sentence.contains("maybe"), "{sentence}");
}
