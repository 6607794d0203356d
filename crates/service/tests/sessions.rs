//! How long a session lives, how it ends, and what a form leaves behind for its page.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use telicat_domain::frame::CloseCode;
use telicat_service::{
    Signed,
    accounts::LogIn,
    live::WireFrame,
    secret::{Secret, Token},
    sessions::Opened,
    testing::{ADDRESS, PASSWORD, TestService, origin},
};
use telicat_store::testing::both;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

async fn log_in(service: &TestService, login: &str, remember: bool) -> Opened {
    let form = LogIn { login, password: Secret::new(PASSWORD.to_owned()), remember };
    service.services.accounts.log_in(form, ADDRESS, &origin()).await.unwrap()
}

async fn is_live(service: &TestService, signed: &Signed) -> bool {
    service.services.sessions.is_live(signed.session).await.unwrap()
}

#[tokio::test]
async fn a_brief_session_ends_after_a_day_however_much_it_is_used() {
    both(|db| async move {
        let service = TestService::on(db).await;
        service.sign_up("mei").await;
        let opened = log_in(&service, "mei", false).await;
        assert_eq!(opened.max_age, None, "the browser forgets the cookie when it closes");
        let signed = service.signed(&opened).await.unwrap();
        for _ in 0..23 {
            service.clock.advance_seconds(HOUR);
            assert!(service.signed(&opened).await.is_some());
        }
        service.clock.advance_seconds(HOUR - 1);
        assert!(service.signed(&opened).await.is_some() && is_live(&service, &signed).await);
        service.clock.advance_seconds(1);
        assert!(service.signed(&opened).await.is_none() && !is_live(&service, &signed).await);
    })
    .await;
}

#[tokio::test]
async fn a_remembered_session_ends_when_it_is_not_used_for_thirty_days() {
    both(|db| async move {
        let service = TestService::on(db).await;
        service.sign_up("mei").await;
        let opened = log_in(&service, "mei", true).await;
        assert_eq!(opened.max_age, Some(90 * DAY));
        service.clock.advance_seconds(30 * DAY - 1);
        assert!(service.signed(&opened).await.is_some());
        // That was a use, from which thirty days are counted anew.
        service.clock.advance_seconds(30 * DAY - 1);
        assert!(service.signed(&opened).await.is_some());
        service.clock.advance_seconds(30 * DAY);
        assert!(service.signed(&opened).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_remembered_session_ends_after_ninety_days_in_any_case() {
    both(|db| async move {
        let service = TestService::on(db).await;
        service.sign_up("mei").await;
        let opened = log_in(&service, "mei", true).await;
        for _ in 0..8 {
            service.clock.advance_seconds(10 * DAY);
            assert!(service.signed(&opened).await.is_some());
        }
        service.clock.advance_seconds(10 * DAY - 1);
        assert!(service.signed(&opened).await.is_some());
        service.clock.advance_seconds(1);
        assert!(service.signed(&opened).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_session_says_for_how_long_it_was_just_extended() {
    both(|db| async move {
        let service = TestService::on(db).await;
        service.sign_up("mei").await;
        let opened = log_in(&service, "mei", true).await;
        service.clock.advance_seconds(29 * DAY);
        let signed = service.signed(&opened).await.unwrap();
        assert_eq!(signed.expires_at, service.services.now().plus_seconds(30 * DAY), "a socket is closed by this");
    })
    .await;
}

#[tokio::test]
async fn a_socket_stays_while_its_session_is_used() {
    both(|db| async move {
        let service = TestService::on(db).await;
        service.sign_up("mei").await;
        let opened = log_in(&service, "mei", true).await;
        let signed = service.signed(&opened).await.unwrap();
        let connection = service.services.listen(&signed).await.unwrap().unwrap();
        for _ in 0..31 {
            service.clock.advance_seconds(DAY);
            connection.heard(service.services.now());
            assert!(service.signed(&opened).await.is_some());
        }
        let doubtful = service.services.hub.sweep(service.services.now());
        assert!(doubtful.iter().any(|other| other.session == signed.session), "the session is looked at");
        let mut deliveries: Vec<WireFrame> = Vec::new();
        assert_eq!(connection.next(&mut deliveries).await, Ok(()), "and the socket lives as long as it does");
    })
    .await;
}

#[tokio::test]
async fn logging_out_ends_that_session_and_closes_its_sockets() {
    both(|db| async move {
        let service = TestService::on(db).await;
        service.sign_up("mei").await;
        let (here, there) = (log_in(&service, "mei", true).await, log_in(&service, "mei", true).await);
        let (signed_here, signed_there) = (service.signed(&here).await.unwrap(), service.signed(&there).await.unwrap());
        let first = service.services.listen(&signed_here).await.unwrap().unwrap();
        let second = service.services.listen(&signed_here).await.unwrap().unwrap();
        let other = service.services.listen(&signed_there).await.unwrap().unwrap();

        service.services.sessions.end(signed_here.session).await.unwrap();
        let mut deliveries: Vec<WireFrame> = Vec::new();
        for closed in [first, second] {
            assert_eq!(closed.next(&mut deliveries).await, Err((CloseCode::SignedOut, String::new())));
            assert_eq!(closed.closed().await.0, CloseCode::SignedOut, "a task that is busy sending hears it too");
        }
        assert!(service.signed(&here).await.is_none() && !is_live(&service, &signed_here).await);
        assert!(service.signed(&there).await.is_some() && is_live(&service, &signed_there).await);
        assert_eq!(other.next(&mut deliveries).await, Ok(()));
        assert!(matches!(&deliveries[..], [frame] if !frame.is_ping()));
        // Twice is no error.
        service.services.sessions.end(signed_here.session).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_token_that_was_never_given_opens_nothing() {
    both(|db| async move {
        let service = TestService::on(db).await;
        service.sign_up("mei").await;
        let token = Token::random().unwrap();
        assert!(service.services.sessions.find(&token).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_session_that_another_process_ended_is_over_within_a_second() {
    both(|db| async move {
        let (one, two) = (TestService::on(db.clone()).await, TestService::on(db).await);
        one.sign_up("mei").await;
        let opened = log_in(&one, "mei", true).await;
        let signed = one.signed(&opened).await.unwrap();
        two.services.sessions.end(signed.session).await.unwrap();
        one.clock.advance_seconds(1);
        assert!(one.signed(&opened).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn what_a_form_left_waits_ten_minutes_and_is_tidied_away() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let flashes = &service.services.flashes;
        let token = flashes.keep(ADDRESS, "what was typed").await.unwrap();
        let find = || async { flashes.find(&token).await.unwrap() };
        assert_eq!(find().await.as_deref(), Some("what was typed"));
        service.clock.advance_seconds(599);
        service.services.tidy().await.unwrap();
        assert_eq!(find().await.as_deref(), Some("what was typed"), "asking twice changes nothing");
        service.clock.advance_seconds(1);
        assert_eq!(find().await, None);
        service.services.tidy().await.unwrap();
        assert_eq!(flashes.find(&Token::random().unwrap()).await.unwrap(), None);
    })
    .await;
}
