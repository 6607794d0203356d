//! Whether the time of an answer tells who has an account. A measurement, and so as noisy as its machine: it is run by
//! hand, see CONTRIBUTING.md.

use std::time::{Duration, Instant};
use telicat_service::{
    Settings,
    accounts::LogIn,
    secret::Secret,
    testing::{ADDRESS, TestService, origin, settings},
};
use telicat_store::testing::TestDb;

const TRIES: usize = 300;
/// Tries before anything is measured.
const WARM_UP: usize = 20;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Tries both by turns, so that whatever else the machine does meets both alike, and compares the medians.
async fn take_as_long<F>(what: &str, mut known: impl FnMut() -> F, mut unknown: impl FnMut() -> F)
where
    F: Future<Output = ()>,
{
    let (mut of_known, mut of_unknown) = (Vec::new(), Vec::new());
    for number in 0..WARM_UP + TRIES {
        let start = Instant::now();
        known().await;
        let between = Instant::now();
        unknown().await;
        if number >= WARM_UP {
            of_known.push(between - start);
            of_unknown.push(between.elapsed());
        }
    }
    let (known, unknown) = (median(of_known), median(of_unknown));
    let ratio = known.as_secs_f64() / unknown.as_secs_f64();
    eprintln!("{what}: known {known:?}, unknown {unknown:?}, ratio {ratio:.3}");
    assert!((0.9..=1.1).contains(&ratio), "{what}: known {known:?}, unknown {unknown:?}");
}

async fn with_mei() -> (TestDb, TestService) {
    let test = TestDb::sqlite().await;
    let service = TestService::with(test.db.clone(), Settings { rate_limits: false, ..settings() }).await;
    service.sign_up("mei").await;
    (test, service)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "compares times, which only a quiet machine tells"]
async fn logging_in_takes_as_long_for_a_name_that_nobody_has() {
    let (_test, service) = with_mei().await;
    let accounts = &service.services.accounts;
    let try_as = |login: &'static str| {
        let accounts = accounts.clone();
        move || {
            let accounts = accounts.clone();
            async move {
                let form = LogIn { login, password: Secret::new("not the lantern".to_owned()), remember: false };
                accounts.log_in(form, ADDRESS, &origin()).await.unwrap_err();
            }
        }
    };
    take_as_long("log in by name", try_as("mei"), try_as("ines")).await;
    take_as_long("log in by address", try_as("mei@hollowhill.example"), try_as("ines@hollowhill.example")).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "compares times, which only a quiet machine tells"]
async fn asking_for_a_link_takes_as_long_for_an_address_without_account() {
    let (_test, service) = with_mei().await;
    let accounts = &service.services.accounts;
    let ask_for = |email: &'static str| {
        let accounts = accounts.clone();
        move || {
            let accounts = accounts.clone();
            async move { accounts.request_reset(email, ADDRESS).await.unwrap() }
        }
    };
    take_as_long("ask for a link", ask_for("mei@hollowhill.example"), ask_for("ines@hollowhill.example")).await;
}
