//! How long a session lives, how it ends, and what a form leaves behind for its page.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use telicat_domain::{ApiError, SessionId, frame::CloseCode};
use telicat_service::{
    Signed,
    accounts::LogIn,
    live::WireFrame,
    secret::{Secret, Token},
    sessions::{Opened, Origin},
    testing::{ADDRESS, PASSWORD, TestService, origin},
};
use telicat_store::{new_id, testing::both};

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

#[tokio::test]
async fn one_ends_ones_own_sessions_and_nobody_elses() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let elsewhere = log_in(&service, "mei", true).await;
        let signed_elsewhere = service.signed(&elsewhere).await.unwrap();
        let socket = service.services.listen(&signed_elsewhere).await.unwrap().unwrap();
        let of_ines = service.services.listen(&ines).await.unwrap().unwrap();
        let end = async |session| service.services.sessions.end_own(&mei, session).await.map_err(|e| e.api());

        let made_up = SessionId(new_id(service.services.now()));
        for not_own in [ines.session, made_up] {
            assert_eq!(end(not_own).await, Err(ApiError::NotFound), "which of the two it is, is not said");
        }
        let mut deliveries = Vec::new();
        assert!(is_live(&service, &ines).await && of_ines.next(&mut deliveries).await.is_ok());

        end(signed_elsewhere.session).await.unwrap();
        assert!(service.signed(&elsewhere).await.is_none() && is_live(&service, &mei).await);
        assert_eq!(socket.next(&mut deliveries).await, Err((CloseCode::SignedOut, String::new())));
        assert_eq!(end(signed_elsewhere.session).await, Err(ApiError::NotFound), "it has ended before");
    })
    .await;
}

#[tokio::test]
async fn all_others_end_and_this_one_goes_on() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let others = [log_in(&service, "mei", true).await, log_in(&service, "mei", false).await];
        let mut sockets = Vec::new();
        for other in &others {
            let signed = service.signed(other).await.unwrap();
            sockets.push(service.services.listen(&signed).await.unwrap().unwrap());
        }
        let own = service.services.listen(&mei).await.unwrap().unwrap();
        assert_eq!(service.services.signed_in(&mei).await.unwrap().sessions.len(), 3);

        service.services.sessions.end_others(&mei).await.unwrap();
        let mut deliveries = Vec::new();
        for (other, socket) in others.iter().zip(sockets) {
            assert!(service.signed(other).await.is_none());
            assert_eq!(socket.next(&mut deliveries).await, Err((CloseCode::SignedOut, String::new())));
        }
        assert!(own.next(&mut deliveries).await.is_ok() && is_live(&service, &mei).await);
        assert!(is_live(&service, &ines).await, "nobody else's");
        let left = service.services.signed_in(&mei).await.unwrap().sessions;
        assert_eq!(left.iter().map(|session| (session.id, session.current)).collect::<Vec<_>>(), [(mei.session, true)]);
    })
    .await;
}

#[tokio::test]
async fn the_list_says_what_with_from_where_and_since_when_and_this_one_first() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        let begun = service.services.now();
        service.clock.advance_seconds(HOUR);
        let form = LogIn { login: "mei", password: Secret::new(PASSWORD.to_owned()), remember: true };
        let from = Origin { address: "198.51.100.7".to_owned(), agent: "x".repeat(1_000) };
        let opened = service.services.accounts.log_in(form, ADDRESS, &from).await.unwrap();
        let later = service.services.now();
        service.clock.advance_seconds(DAY);
        service.signed(&opened).await.unwrap();

        let listed = service.services.signed_in(&mei).await.unwrap().sessions;
        assert_eq!(listed.len(), 2);
        assert!(listed[0].current && listed[0].id == mei.session && !listed[1].current);
        assert_eq!((listed[0].address.as_str(), listed[0].agent.as_str()), ("192.0.2.1", "test"));
        assert_eq!((listed[0].created_at, listed[0].last_seen_at), (begun, begun));
        assert_eq!((listed[1].address.as_str(), listed[1].agent.len()), ("198.51.100.7", 300));
        assert_eq!((listed[1].created_at, listed[1].last_seen_at), (later, service.services.now()));
        // What has expired is not listed, even before it is tidied away.
        service.clock.advance_seconds(30 * DAY);
        assert!(service.services.signed_in(&mei).await.unwrap().sessions.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_socket_that_is_opened_while_its_session_ends_is_closed() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        // The request was let in before, and comes to the hub after.
        service.services.sessions.end(mei.session).await.unwrap();
        let socket = service.services.listen(&mei).await.unwrap().unwrap();
        assert_eq!(socket.next(&mut Vec::new()).await, Err((CloseCode::SignedOut, String::new())));
    })
    .await;
}
