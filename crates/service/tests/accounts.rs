//! Signing up and logging in: who may, who may not, and how often one may try.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::{collections::BTreeSet, net::IpAddr, sync::Arc};
use telicat_domain::{ApiError, Field, FieldError, Problem};
use telicat_service::{
    Settings, Signups,
    accounts::{LogIn, SignUp, SignedUp},
    secret::Secret,
    sessions::Opened,
    testing::{ADDRESS, PASSWORD, TestService, origin, settings},
};
use telicat_store::testing::both;

async fn sign_up_from(
    service: &TestService,
    from: IpAddr,
    email: &str,
    username: &str,
    password: &str,
) -> Result<Opened, ApiError> {
    let form = SignUp { email, username, password: Secret::new(password.to_owned()) };
    let signed_up = service.services.accounts.sign_up(form, from, &origin()).await.map_err(|error| error.api())?;
    let SignedUp::In(opened) = signed_up else { panic!("an address has to be confirmed first") };
    Ok(opened)
}

async fn sign_up(service: &TestService, email: &str, username: &str) -> Result<Opened, ApiError> {
    sign_up_from(service, ADDRESS, email, username, PASSWORD).await
}

async fn log_in_from(
    service: &TestService,
    from: IpAddr,
    login: &str,
    password: &str,
    remember: bool,
) -> Result<Opened, ApiError> {
    let form = LogIn { login, password: Secret::new(password.to_owned()), remember };
    service.services.accounts.log_in(form, from, &origin()).await.map_err(|error| error.api())
}

async fn log_in(service: &TestService, login: &str, password: &str) -> Result<Opened, ApiError> {
    log_in_from(service, ADDRESS, login, password, false).await
}

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn refused<T>(outcome: Result<T, ApiError>) -> ApiError {
    outcome.err().unwrap()
}

#[tokio::test]
async fn who_signs_up_is_signed_in_under_the_name_as_typed() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let opened = sign_up(&service, " Mei.Lin@Hollowhill.example ", " @Mei ").await.unwrap();
        let signed = service.signed(&opened).await.unwrap();
        assert_eq!(signed.author.handle.as_str(), "Mei");
        assert_eq!(opened.max_age, Some(90 * 24 * 3600), "who signs up is remembered");
        let profile = service.services.people.profile(None, "mEI").await.unwrap();
        assert_eq!((profile.author, profile.joined_at), (signed.author, service.services.now()));
        assert_eq!(
            refused(service.services.people.profile(None, "ines").await.map_err(|e| e.api())),
            ApiError::NotFound
        );
    })
    .await;
}

#[tokio::test]
async fn a_name_and_an_address_are_taken_in_any_letter_case() {
    both(|db| async move {
        let service = TestService::on(db).await;
        sign_up(&service, "mei@hollowhill.example", "mei").await.unwrap();
        let same_name = refused(sign_up(&service, "other@hollowhill.example", "MEI").await);
        assert_eq!(same_name, ApiError::field(Field::Username, Problem::Taken));
        let same_address = refused(sign_up(&service, "Mei@HollowHill.Example", "other").await);
        assert_eq!(same_address, ApiError::field(Field::Email, Problem::Taken));
        // What was refused left nothing behind.
        sign_up(&service, "other@hollowhill.example", "other").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn everything_that_is_wrong_is_said_at_once() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let error = refused(sign_up_from(&service, ADDRESS, "nowhere", "a b", "short").await);
        let problem = |field, problem| FieldError { field, problem };
        let fields = vec![
            problem(Field::Email, Problem::Malformed),
            problem(Field::Username, Problem::Characters),
            problem(Field::Password, Problem::TooShort { min: 8 }),
        ];
        assert_eq!(error, ApiError::Invalid { fields });
        let error = refused(sign_up_from(&service, ADDRESS, "", "Admin", "lantern.hill").await);
        assert_eq!(error.problem(Field::Email), Some(Problem::Empty));
        assert_eq!(error.problem(Field::Username), Some(Problem::Reserved));
        assert_eq!(error.problem(Field::Password), None);
        let error = refused(sign_up_from(&service, ADDRESS, "m@h.example", "long_handle_42", "long_handle_42").await);
        assert_eq!(error, ApiError::field(Field::Password, Problem::LikeName));
    })
    .await;
}

#[tokio::test]
async fn of_many_who_want_one_name_at_once_one_gets_it() {
    both(|db| async move {
        let service = Arc::new(TestService::on(db).await);
        let mut tries = tokio::task::JoinSet::new();
        for n in 0..8 {
            let service = service.clone();
            let username = if n % 2 == 0 { "mei" } else { "MEI" };
            tries.spawn(async move { sign_up(&service, &format!("{n}@hollowhill.example"), username).await.map(drop) });
        }
        let outcomes = tries.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let taken = ApiError::field(Field::Username, Problem::Taken);
        assert!(outcomes.into_iter().filter_map(Result::err).all(|error| error == taken));
    })
    .await;
}

#[tokio::test]
async fn nobody_signs_up_where_signups_are_closed() {
    both(|db| async move {
        let open = TestService::on(db.clone()).await;
        sign_up(&open, "mei@hollowhill.example", "mei").await.unwrap();
        let closed = TestService::with(db, Settings { signups: Signups::Closed, ..settings() }).await;
        assert_eq!(refused(sign_up(&closed, "ines@hollowhill.example", "ines").await), ApiError::SignupsClosed);
        log_in(&closed, "mei", PASSWORD).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn either_name_lets_in_and_only_the_exact_password() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let opened = sign_up(&service, "mei@hollowhill.example", "mei").await.unwrap();
        let mei = service.signed(&opened).await.unwrap();
        for login in ["mei", "MEI", " @Mei ", "mei@hollowhill.example", "Mei@HollowHill.EXAMPLE"] {
            let opened = log_in(&service, login, PASSWORD).await.unwrap();
            let signed = service.signed(&opened).await.unwrap();
            assert_eq!(signed.person, mei.person, "{login}");
            assert_ne!(signed.session, mei.session, "a log-in is a session of its own");
        }
        for wrong in ["", "a lantern on the hil", "A lantern on the hill", " a lantern on the hill"] {
            assert_eq!(refused(log_in(&service, "mei", wrong).await), ApiError::WrongLogin, "{wrong:?}");
        }
        for nobody in ["", "nobody", "nobody@hollowhill.example", "mei@", "%", "' OR 1=1 --"] {
            assert_eq!(refused(log_in(&service, nobody, PASSWORD).await), ApiError::WrongLogin, "{nobody:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_account_is_tried_five_times_whatever_it_is_called() {
    both(|db| async move {
        let service = TestService::on(db).await;
        sign_up(&service, "mei@hollowhill.example", "mei").await.unwrap();
        sign_up(&service, "ines@hollowhill.example", "ines").await.unwrap();
        // Each from another address, so that only the account can be what is counted.
        let names = ["mei", "@MEI", "mei@hollowhill.example", "MEI@HOLLOWHILL.EXAMPLE", " Mei "];
        for (n, name) in names.into_iter().enumerate() {
            let from = address(&format!("198.51.100.{n}"));
            assert_eq!(refused(log_in_from(&service, from, name, "wrong", false).await), ApiError::WrongLogin);
        }
        let limited = ApiError::RateLimited { retry_after: 60 };
        assert_eq!(refused(log_in(&service, "mei", PASSWORD).await), limited, "the right password too");
        log_in(&service, "ines", PASSWORD).await.unwrap();

        service.clock.advance_seconds(59);
        assert!(matches!(refused(log_in(&service, "mei", PASSWORD).await), ApiError::RateLimited { retry_after: 1 }));
        service.clock.advance_seconds(1);
        log_in(&service, "mei", PASSWORD).await.unwrap();
        // The success gave the whole allowance back.
        for n in 0..5 {
            let from = address(&format!("203.0.113.{n}"));
            assert_eq!(refused(log_in_from(&service, from, "mei", "wrong", false).await), ApiError::WrongLogin);
        }
        assert_eq!(refused(log_in(&service, "mei", PASSWORD).await), limited);
    })
    .await;
}

#[tokio::test]
async fn a_name_that_nobody_has_is_limited_like_one_that_somebody_has() {
    both(|db| async move {
        let service = TestService::on(db).await;
        for _ in 0..5 {
            assert_eq!(refused(log_in(&service, "nobody", "wrong").await), ApiError::WrongLogin);
        }
        assert_eq!(refused(log_in(&service, "NOBODY", "wrong").await), ApiError::RateLimited { retry_after: 60 });
    })
    .await;
}

#[tokio::test]
async fn an_address_fails_ten_times_and_tries_thirty_times_a_minute() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (from, neighbour) = (address("2001:db8:1:2::a"), address("2001:db8:1:2:ffff::b"));
        for n in 0..10 {
            let login = format!("nobody{n}");
            assert_eq!(refused(log_in_from(&service, from, &login, "wrong", false).await), ApiError::WrongLogin);
        }
        let try_more = |from| log_in_from(&service, from, "somebody", "wrong", false);
        assert_eq!(refused(try_more(neighbour).await), ApiError::RateLimited { retry_after: 6 }, "one /64 is one host");
        assert_eq!(refused(try_more(address("2001:db8:1:3::a")).await), ApiError::WrongLogin, "another network is not");
        for _ in 11..30 {
            assert_eq!(refused(try_more(from).await), ApiError::RateLimited { retry_after: 6 });
        }
        // Now the tries are used up as well, of which one comes back every two seconds.
        assert_eq!(refused(try_more(from).await), ApiError::RateLimited { retry_after: 2 });
        service.clock.advance_seconds(60);
        assert_eq!(refused(try_more(from).await), ApiError::WrongLogin);
    })
    .await;
}

#[tokio::test]
async fn an_address_signs_up_twenty_times_a_minute() {
    both(|db| async move {
        let service = TestService::on(db).await;
        for _ in 0..20 {
            assert!(matches!(refused(sign_up(&service, "", "").await), ApiError::Invalid { .. }));
        }
        assert_eq!(refused(sign_up(&service, "", "").await), ApiError::RateLimited { retry_after: 3 });
        let elsewhere = address("198.51.100.7");
        assert!(matches!(refused(sign_up_from(&service, elsewhere, "", "", "").await), ApiError::Invalid { .. }));
        service.clock.advance_seconds(3);
        sign_up(&service, "mei@hollowhill.example", "mei").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn every_session_has_a_token_of_its_own() {
    both(|db| async move {
        let service = TestService::with(db, Settings { rate_limits: false, ..settings() }).await;
        let mut tokens =
            BTreeSet::from([sign_up(&service, "mei@hollowhill.example", "mei").await.unwrap().token.text()]);
        for _ in 0..3 {
            tokens.insert(log_in(&service, "mei", PASSWORD).await.unwrap().token.text());
        }
        assert_eq!(tokens.len(), 4);
        assert!(tokens.iter().all(|token| token.len() == 64));
    })
    .await;
}
