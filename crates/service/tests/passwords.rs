//! Changing a password, choosing another one by mail, and proving again who one is.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::net::IpAddr;
use telicat_domain::{ApiError, Field, Problem, Timestamp, frame::CloseCode};
use telicat_service::{
    Signed,
    accounts::{ChangePassword, LogIn, Proof},
    live::{Connection, WireFrame},
    secret::{Secret, Token},
    sessions::{Opened, Origin},
    testing::{ADDRESS, PASSWORD, TestService, origin, token_in},
};
use telicat_store::{
    Db,
    mails::NewMail,
    people,
    testing::{self, both},
};

const OTHER: &str = "a bucket in the well";
const MINUTE: i64 = 60;

fn secret(text: &str) -> Secret {
    Secret::new(text.to_owned())
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn refused<T>(outcome: Result<T, ApiError>) -> ApiError {
    outcome.err().unwrap()
}

async fn log_in_from(service: &TestService, from: IpAddr, login: &str, password: &str) -> Result<Opened, ApiError> {
    let form = LogIn { login, password: secret(password), remember: true };
    service.services.accounts.log_in(form, from, &origin()).await.map_err(|error| error.api())
}

async fn log_in(service: &TestService, login: &str, password: &str) -> Result<Opened, ApiError> {
    log_in_from(service, ADDRESS, login, password).await
}

async fn change(service: &TestService, signed: &Signed, current: &str, new: &str) -> Result<Token, ApiError> {
    let form = ChangePassword { current: secret(current), new: secret(new) };
    let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    let origin = Origin { address: ADDRESS.to_string(), agent: firefox.to_owned() };
    service.services.accounts.change_password(signed, form, &origin).await.map_err(|error| error.api())
}

async fn request_from(service: &TestService, from: &str, email: &str) -> Result<(), ApiError> {
    service.services.accounts.request_reset(email, address(from)).await.map_err(|error| error.api())
}

async fn request(service: &TestService, email: &str) -> Result<(), ApiError> {
    request_from(service, "192.0.2.1", email).await
}

async fn check(service: &TestService, token: &str) -> Result<(), ApiError> {
    service.services.accounts.check_reset(token).await.map_err(|error| error.api())
}

async fn finish(service: &TestService, token: &str, password: &str) -> Result<(), ApiError> {
    let outcome = service.services.accounts.finish_reset(token, secret(password), ADDRESS, &origin()).await;
    outcome.map_err(|error| error.api())
}

async fn prove(service: &TestService, signed: &Signed, password: Option<&str>) -> Result<Proof, ApiError> {
    service.services.accounts.prove(signed, password.map(secret)).await.map_err(|error| error.api())
}

async fn find(service: &TestService, token: &Token) -> Option<Signed> {
    service.services.sessions.find(token).await.unwrap()
}

/// Sends the letter that everybody gets who signs up, so that those that wait are of what happens from here on.
async fn welcome(service: &TestService, recipients: &[&str]) {
    let mut welcomed: Vec<String> = service.deliver().await.into_iter().map(|mail| mail.recipient).collect();
    // Those of one moment go in any order.
    welcomed.sort();
    assert_eq!(welcomed, recipients);
}

/// The mails to somebody that wait, the oldest first. Each is of another moment.
async fn mails_to(db: &Db, recipient: &str) -> Vec<NewMail> {
    let mut mails = testing::mails(db).await.unwrap();
    mails.retain(|mail| mail.recipient == recipient);
    mails
}

/// The token in the link of a mail. The link begins with the address of the settings, whatever a request says.
fn token_of(mail: &NewMail) -> String {
    let start = "https://chat.example/accounts/password/reset/";
    let links: Vec<&str> = mail.text.lines().filter_map(|line| line.strip_prefix(start)).collect();
    assert_eq!(links.len(), 1, "{}", mail.text);
    assert_eq!(links[0].len(), 64, "{}", mail.text);
    assert!(mail.html.contains(&format!("\"{start}{}\"", links[0])), "{}", mail.html);
    links[0].to_owned()
}

/// Asks for a link and takes it out of the mail.
async fn token_for(service: &TestService, db: &Db, email: &str) -> String {
    service.clock.advance_seconds(MINUTE);
    request(service, email).await.unwrap();
    token_of(mails_to(db, email).await.last().unwrap())
}

async fn listen(service: &TestService, signed: &Signed) -> std::sync::Arc<Connection> {
    service.services.listen(signed).await.unwrap().unwrap()
}

async fn is_open(connection: &Connection) -> bool {
    let mut deliveries: Vec<WireFrame> = Vec::new();
    match connection.next(&mut deliveries).await {
        Ok(()) => {
            assert!(matches!(&deliveries[..], [frame] if !frame.is_ping()), "hello waits");
            true
        }
        Err((code, _)) => {
            assert_eq!(code, CloseCode::SignedOut);
            false
        }
    }
}

#[tokio::test]
async fn another_password_takes_the_place_of_the_one_before() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let mei = service.sign_up("mei").await;
        assert_eq!(people::get_own_profile(&db, mei.person).await.unwrap().1, None);
        service.clock.advance_seconds(MINUTE);
        change(&service, &mei, PASSWORD, OTHER).await.unwrap();
        assert_eq!(people::get_own_profile(&db, mei.person).await.unwrap().1, Some(service.services.now()));
        assert_eq!(refused(log_in(&service, "mei", PASSWORD).await), ApiError::WrongLogin);
        log_in(&service, "mei", OTHER).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn changing_it_ends_all_other_sessions_and_their_sockets_and_renews_this_one() {
    both(|db| async move {
        let service = TestService::on(db).await;
        service.sign_up("mei").await;
        let ines = service.sign_up("ines").await;
        let (here, there) = (log_in(&service, "mei", PASSWORD).await.unwrap(), log_in(&service, "mei", PASSWORD).await);
        let there = there.unwrap();
        let (mei, mei_there) = (service.signed(&here).await.unwrap(), service.signed(&there).await.unwrap());
        let (own, other) = (listen(&service, &mei).await, listen(&service, &mei_there).await);
        let of_ines = listen(&service, &ines).await;

        let token = change(&service, &mei, PASSWORD, OTHER).await.unwrap();
        assert!(find(&service, &here.token).await.is_none(), "the token before is worth nothing");
        assert!(find(&service, &there.token).await.is_none(), "and nothing is remembered of the other session");
        let now = find(&service, &token).await.unwrap();
        assert_eq!((now.session, now.proved_at), (mei.session, service.services.now()));
        assert!(!is_open(&other).await);
        assert!(is_open(&own).await && is_open(&of_ines).await, "nobody else's, and not the own one");
        assert!(service.services.sessions.is_live(ines.session).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_change_is_told_to_the_address_of_the_account() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let mei = service.sign_up("mei").await;
        welcome(&service, &["mei@hollowhill.example"]).await;
        assert!(change(&service, &mei, "not it", OTHER).await.is_err());
        assert!(testing::mails(&db).await.unwrap().is_empty(), "nothing has happened yet");
        service.clock.advance_seconds(MINUTE);
        change(&service, &mei, PASSWORD, OTHER).await.unwrap();
        let mails = testing::mails(&db).await.unwrap();
        assert_eq!(mails.len(), 1);
        let NewMail { recipient, subject, text, .. } = &mails[0];
        assert_eq!(
            (recipient.as_str(), subject.as_str()),
            ("mei@hollowhill.example", "Your password for chat.example was changed")
        );
        for part in ["@mei", "2026-01-01 at 00:01 UTC", "192.0.2.1, Firefox on Linux", "https://chat.example/"] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains(OTHER) && !mails[0].html.contains(OTHER));
    })
    .await;
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_change_is_said_at_once_and_changes_nothing() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let mei = service.sign_up("mei_of_the_hill").await;
        welcome(&service, &["mei_of_the_hill@hollowhill.example"]).await;
        let problems = |error: ApiError| (error.problem(Field::CurrentPassword), error.problem(Field::Password));
        for (current, new, expected) in [
            ("", "", (Some(Problem::Empty), Some(Problem::Empty))),
            ("wrong", "short", (Some(Problem::Wrong), Some(Problem::TooShort { min: 8 }))),
            ("A lantern on the hill", OTHER, (Some(Problem::Wrong), None)),
            (PASSWORD, PASSWORD, (None, Some(Problem::Unchanged))),
            (PASSWORD, "12345678", (None, Some(Problem::Common))),
            (PASSWORD, "mei_of_the_hill", (None, Some(Problem::LikeName))),
            (PASSWORD, "Mei_of_the_Hill@hollowhill.example", (None, Some(Problem::LikeName))),
            (PASSWORD, &"x".repeat(257), (None, Some(Problem::TooLong { max: 256 }))),
            ("wrong", PASSWORD, (Some(Problem::Wrong), None)),
        ] {
            service.clock.advance_seconds(5 * MINUTE);
            assert_eq!(problems(refused(change(&service, &mei, current, new).await)), expected, "{current:?} {new:?}");
        }
        log_in(&service, "mei_of_the_hill", PASSWORD).await.unwrap();
        assert!(service.services.sessions.is_live(mei.session).await.unwrap());
        assert!(testing::mails(&db).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_password_is_changed_five_times_a_minute() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        for _ in 0..5 {
            assert!(matches!(refused(change(&service, &mei, "", "").await), ApiError::Invalid { .. }));
        }
        let limited = ApiError::RateLimited { retry_after: 12 };
        assert_eq!(refused(change(&service, &mei, PASSWORD, OTHER).await), limited);
        change(&service, &ines, PASSWORD, OTHER).await.unwrap();
        service.clock.advance_seconds(12);
        change(&service, &mei, PASSWORD, OTHER).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_made() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let mei = service.sign_up("mei").await;
        welcome(&service, &["mei@hollowhill.example"]).await;
        let (first, second) = tokio::join!(
            change(&service, &mei, PASSWORD, OTHER),
            change(&service, &mei, PASSWORD, "a third one, later")
        );
        assert_eq!([first.is_ok(), second.is_ok()].iter().filter(|ok| **ok).count(), 1, "{first:?} {second:?}");
        let (won, lost) = if first.is_ok() { (first, second) } else { (second, first) };
        assert_eq!(refused(lost).problem(Field::CurrentPassword), Some(Problem::Wrong));
        assert!(find(&service, &won.unwrap()).await.is_some());
        assert_eq!(testing::mails(&db).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn wrong_passwords_count_together_wherever_they_are_typed() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        assert!(change(&service, &mei, "wrong", OTHER).await.is_err());
        assert!(prove(&service, &mei, Some("wrong")).await.is_err());
        for n in 0..3 {
            let from = address(&format!("198.51.100.{n}"));
            assert_eq!(refused(log_in_from(&service, from, "mei", "wrong").await), ApiError::WrongLogin);
        }
        let limited = ApiError::RateLimited { retry_after: 60 };
        assert_eq!(refused(log_in(&service, "mei", PASSWORD).await), limited);
        assert_eq!(refused(prove(&service, &mei, Some(PASSWORD)).await), limited);
        assert_eq!(refused(change(&service, &mei, PASSWORD, OTHER).await), limited);
        service.clock.advance_seconds(60);
        assert!(prove(&service, &mei, Some(PASSWORD)).await.unwrap().renewed.is_some());
        // The right one gave all of them back.
        for n in 0..4 {
            let from = address(&format!("203.0.113.{n}"));
            assert_eq!(refused(log_in_from(&service, from, "mei", "wrong").await), ApiError::WrongLogin);
        }
        log_in(&service, "mei", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_password_that_was_typed_vouches_for_five_minutes() {
    both(|db| async move {
        let service = TestService::on(db).await;
        service.sign_up("mei").await;
        let opened = log_in(&service, "mei", PASSWORD).await.unwrap();
        service.clock.advance_seconds(5 * MINUTE - 1);
        let mei = service.signed(&opened).await.unwrap();
        assert!(prove(&service, &mei, None).await.unwrap().renewed.is_none());
        assert!(!service.services.signed_in(&mei).await.unwrap().needs_password);
        service.clock.advance_seconds(1);
        assert!(service.services.signed_in(&mei).await.unwrap().needs_password);
        assert!(service.services.account_settings(&mei).await.unwrap().needs_password);
        for nothing in [None, Some("")] {
            assert_eq!(refused(prove(&service, &mei, nothing).await), ApiError::PasswordNeeded);
        }
        let wrong = ApiError::field(Field::CurrentPassword, Problem::Wrong);
        assert_eq!(refused(prove(&service, &mei, Some("wrong")).await), wrong);
        assert!(find(&service, &opened.token).await.is_some(), "nothing has changed so far");

        let renewed = prove(&service, &mei, Some(PASSWORD)).await.unwrap().renewed.unwrap();
        assert!(find(&service, &opened.token).await.is_none(), "whoever had the old token has nothing");
        let again = find(&service, &renewed).await.unwrap();
        assert_eq!((again.session, again.proved_at), (mei.session, service.services.now()));
        service.clock.advance_seconds(5 * MINUTE - 1);
        assert!(prove(&service, &again, None).await.is_ok());
        service.clock.advance_seconds(1);
        assert_eq!(refused(prove(&service, &again, None).await), ApiError::PasswordNeeded);
    })
    .await;
}

#[tokio::test]
async fn a_person_proves_ten_times_a_minute() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        for _ in 0..10 {
            assert!(prove(&service, &mei, Some(PASSWORD)).await.is_ok());
        }
        let limited = ApiError::RateLimited { retry_after: 6 };
        assert_eq!(refused(prove(&service, &mei, Some(PASSWORD)).await), limited);
        assert!(prove(&service, &mei, None).await.is_ok(), "what needs no password is not limited");
        assert!(prove(&service, &ines, Some(PASSWORD)).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_session_that_has_ended_proves_nothing() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        service.services.sessions.end(mei.session).await.unwrap();
        assert_eq!(refused(prove(&service, &mei, Some(PASSWORD)).await), ApiError::NotSignedIn);
        assert_eq!(refused(change(&service, &mei, PASSWORD, OTHER).await), ApiError::NotSignedIn);
        log_in(&service, "mei", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn who_reads_the_mail_chooses_another_password_and_logs_in_with_it() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let mei = service.sign_up("mei").await;
        let ines = service.sign_up("ines").await;
        welcome(&service, &["ines@hollowhill.example", "mei@hollowhill.example"]).await;
        let elsewhere = log_in(&service, "mei", PASSWORD).await.unwrap();
        let (socket, of_ines) = (listen(&service, &mei).await, listen(&service, &ines).await);
        service.clock.advance_seconds(MINUTE);
        request(&service, " MEI@hollowhill.example ").await.unwrap();
        let mails = mails_to(&db, "mei@hollowhill.example").await;
        assert_eq!(mails.len(), 1, "to the address as its person wrote it");
        assert_eq!(mails[0].subject, "Choose another password for chat.example");
        assert!(mails[0].text.contains("@mei"));
        let token = token_of(&mails[0]);
        for _ in 0..2 {
            check(&service, &token).await.unwrap();
        }
        // What cannot be taken leaves the link as it is.
        for (bad, problem) in [("short", Problem::TooShort { min: 8 }), ("mei@hollowhill.example", Problem::LikeName)] {
            assert_eq!(refused(finish(&service, &token, bad).await), ApiError::field(Field::Password, problem));
        }
        service.clock.advance_seconds(MINUTE);
        finish(&service, &token, OTHER).await.unwrap();

        assert!(service.signed(&elsewhere).await.is_none() && !is_open(&socket).await, "all sessions are over");
        assert!(!service.services.sessions.is_live(mei.session).await.unwrap());
        assert!(is_open(&of_ines).await && service.services.sessions.is_live(ines.session).await.unwrap());
        assert_eq!(refused(log_in(&service, "mei", PASSWORD).await), ApiError::WrongLogin);
        log_in(&service, "mei", OTHER).await.unwrap();
        let told = mails_to(&db, "mei@hollowhill.example").await;
        assert_eq!(told.last().unwrap().subject, "Your password for chat.example was changed");
        let changed = people::get_own_profile(&db, mei.person).await.unwrap().1;
        assert_eq!(changed, Some(service.services.now()));

        assert_eq!(refused(check(&service, &token).await), ApiError::LinkExpired);
        assert_eq!(refused(finish(&service, &token, "a third one, later").await), ApiError::LinkExpired);
        log_in(&service, "mei", OTHER).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_link_works_for_an_hour() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        service.sign_up("mei").await;
        let token = token_for(&service, &db, "mei@hollowhill.example").await;
        service.clock.advance_seconds(60 * MINUTE - 1);
        service.services.tidy().await.unwrap();
        check(&service, &token).await.unwrap();
        service.clock.advance_seconds(1);
        assert_eq!(refused(check(&service, &token).await), ApiError::LinkExpired);
        assert_eq!(refused(finish(&service, &token, OTHER).await), ApiError::LinkExpired);
        log_in(&service, "mei", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_newer_link_ends_the_one_before_and_so_does_a_change() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let mei = service.sign_up("mei").await;
        service.sign_up("ines").await;
        let of_ines = token_for(&service, &db, "ines@hollowhill.example").await;
        let first = token_for(&service, &db, "mei@hollowhill.example").await;
        let second = token_for(&service, &db, "mei@hollowhill.example").await;
        assert_eq!(refused(check(&service, &first).await), ApiError::LinkExpired);
        check(&service, &second).await.unwrap();
        change(&service, &mei, PASSWORD, OTHER).await.unwrap();
        assert_eq!(refused(finish(&service, &second, "a third one, later").await), ApiError::LinkExpired);
        check(&service, &of_ines).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_link_dies_with_the_address_that_it_was_sent_to() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let mei = service.sign_up("mei").await;
        let token = token_for(&service, &db, "mei@hollowhill.example").await;
        testing::set_primary_address(&db, mei.person, "mei.lin@hollowhill.example").await.unwrap();
        assert_eq!(refused(check(&service, &token).await), ApiError::LinkExpired);
        assert_eq!(refused(finish(&service, &token, OTHER).await), ApiError::LinkExpired);
        let fresh = token_for(&service, &db, "mei.lin@hollowhill.example").await;
        finish(&service, &fresh, OTHER).await.unwrap();
    })
    .await;
}

/// Whoever knew the password could ask for an address of theirs, and take the account back with it later.
#[tokio::test]
async fn another_password_gives_up_an_address_that_waits() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        service.deliver().await;
        let claim = async |who: &Signed, email: &str| {
            service.services.addresses.change(who, email).await.unwrap();
            let letters = service.deliver().await;
            token_in(letters.iter().find(|letter| letter.recipient == email).unwrap())
        };
        let confirm = async |token: &str| service.services.addresses.confirm(token).await.map_err(|error| error.api());

        let of_mei = claim(&mei, "thief@elsewhere.example").await;
        let of_ines = claim(&ines, "robber@elsewhere.example").await;
        change(&service, &mei, PASSWORD, OTHER).await.unwrap();
        let link = token_for(&service, &db, "ines@hollowhill.example").await;
        finish(&service, &link, OTHER).await.unwrap();
        for token in [of_mei, of_ines] {
            assert_eq!(refused(confirm(&token).await), ApiError::LinkExpired);
        }
        let settings = service.services.account_settings(&ines).await.unwrap();
        assert_eq!(settings.addresses.primary.address, "ines@hollowhill.example");
        assert!(settings.addresses.primary.verified, "the link came to it");
        assert_eq!(settings.addresses.pending, None);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_does() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        service.sign_up("mei").await;
        let token = token_for(&service, &db, "mei@hollowhill.example").await;
        let third = "a third one, later";
        let (first, second) = tokio::join!(finish(&service, &token, OTHER), finish(&service, &token, third));
        assert_eq!([&first, &second].iter().filter(|outcome| outcome.is_ok()).count(), 1, "{first:?} {second:?}");
        let (won, lost) = if first.is_ok() { (OTHER, second) } else { (third, first) };
        assert_eq!(refused(lost), ApiError::LinkExpired);
        log_in(&service, "mei", won).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_link_that_was_made_up_is_none() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let made_up = Token::random().unwrap().text();
        for token in ["", "x", &"0".repeat(64), &made_up, "../../etc", "' OR 1=1 --", &"f".repeat(10_000)] {
            assert_eq!(refused(check(&service, token).await), ApiError::LinkExpired, "{token:.80}");
            assert_eq!(refused(finish(&service, token, OTHER).await), ApiError::LinkExpired, "{token:.80}");
        }
    })
    .await;
}

#[tokio::test]
async fn asking_for_an_address_without_account_is_answered_alike_and_in_the_mail() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        service.sign_up("mei").await;
        assert_eq!(request(&service, "mei@hollowhill.example").await, Ok(()));
        assert_eq!(request(&service, "nobody@hollowhill.example").await, Ok(()));
        let mails = mails_to(&db, "nobody@hollowhill.example").await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].subject, "There is no account with this address on chat.example");
        assert!(!mails[0].text.contains("/accounts/password/reset/"), "{}", mails[0].text);
        for (nothing, problem) in
            [("", Problem::Empty), ("mei", Problem::Malformed), ("a@b\r\nBcc: c@d", Problem::Malformed)]
        {
            assert_eq!(refused(request(&service, nothing).await), ApiError::field(Field::Email, problem));
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_is_asked_for_five_times_a_minute_whether_or_not_it_has_an_account() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        service.sign_up("mei").await;
        welcome(&service, &["mei@hollowhill.example"]).await;
        for email in ["mei@hollowhill.example", "nobody@hollowhill.example"] {
            // Each from another network, so that only the address can be what is counted.
            for n in 0..5 {
                request_from(&service, &format!("198.51.100.{n}"), email).await.unwrap();
            }
            let capitals = email.to_uppercase();
            let limited = ApiError::RateLimited { retry_after: 12 };
            assert_eq!(refused(request_from(&service, "203.0.113.1", &capitals).await), limited, "{email}");
            assert_eq!(mails_to(&db, email).await.len(), 5);
        }
    })
    .await;
}

#[tokio::test]
async fn a_network_asks_twenty_times_a_minute() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        for n in 0..20 {
            request_from(&service, &format!("2001:db8:1:2::{n:x}"), &format!("{n}@hollowhill.example")).await.unwrap();
        }
        let asked = request_from(&service, "2001:db8:1:2:ffff::b", "mei@hollowhill.example").await;
        assert_eq!(refused(asked), ApiError::RateLimited { retry_after: 3 });
        request_from(&service, "2001:db8:1:3::a", "mei@hollowhill.example").await.unwrap();
        service.clock.advance_seconds(3);
        request_from(&service, "2001:db8:1:2::a", "ines@hollowhill.example").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn who_failed_too_often_is_let_in_again_by_a_link_and_not_past_it() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        service.sign_up("mei").await;
        let token = token_for(&service, &db, "mei@hollowhill.example").await;
        for _ in 0..5 {
            assert_eq!(refused(log_in(&service, "mei", "wrong").await), ApiError::WrongLogin);
        }
        assert!(matches!(refused(log_in(&service, "mei", PASSWORD).await), ApiError::RateLimited { .. }));
        finish(&service, &token, OTHER).await.unwrap();
        assert_eq!(refused(log_in(&service, "mei", PASSWORD).await), ApiError::WrongLogin);
        log_in(&service, "mei", OTHER).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_password_that_was_replaced_while_it_was_compared_opens_nothing() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        // Of the same password, so that only its replacement can be why it opens nothing.
        let hash_of = async |person| people::find_password_hash(&db, person).await.unwrap().unwrap();
        let (hash, other_hash) = (hash_of(mei.person).await, hash_of(ines.person).await);
        let mut tx = db.begin().await.unwrap();
        // From here to the end of the transaction nobody gets past it.
        assert!(people::update_password_hash(&mut tx, mei.person, &hash, &hash).await.unwrap());
        let replace = async {
            // Somebody who came later has been answered, so what is compared for mei was looked up before.
            assert_eq!(refused(log_in(&service, "nobody", PASSWORD).await), ApiError::WrongLogin);
            assert!(people::update_password(&mut tx, mei.person, &other_hash, Timestamp(1)).await.unwrap());
            tx.commit().await.unwrap();
        };
        let (entered, ()) = tokio::join!(log_in(&service, "mei", PASSWORD), replace);
        assert_eq!(refused(entered), ApiError::WrongLogin);
        log_in(&service, "mei", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_network_uses_links_twenty_times_a_minute() {
    both(|db| async move {
        let service = TestService::on(db).await;
        for _ in 0..20 {
            assert_eq!(refused(finish(&service, "x", OTHER).await), ApiError::LinkExpired);
        }
        assert_eq!(refused(finish(&service, "x", OTHER).await), ApiError::RateLimited { retry_after: 3 });
        service.clock.advance_seconds(3);
        assert_eq!(refused(finish(&service, "x", OTHER).await), ApiError::LinkExpired);
    })
    .await;
}
