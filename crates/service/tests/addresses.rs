//! Addresses: how another one is confirmed, and what nobody learns on the way.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::sync::Arc;
use telicat_domain::{ApiError, Email, Field, FieldError, Handle, Problem, account::Addresses};
use telicat_service::{
    Settings, Signed,
    accounts::{LogIn, SignUp, SignedUp},
    mail::Mail,
    secret::{Secret, Token},
    testing::{ADDRESS, PASSWORD, TestService, origin, settings, token_in},
};
use telicat_store::{
    Db,
    testing::both,
    tokens::{self, NewToken, Purpose},
};

const DAY: i64 = 24 * 3600;

async fn change(service: &TestService, who: &Signed, email: &str) -> Result<Email, ApiError> {
    service.services.addresses.change(who, email).await.map_err(|error| error.api())
}

async fn resend(service: &TestService, who: &Signed, address: Option<&str>) -> Result<Option<String>, ApiError> {
    service.services.addresses.resend(who, address).await.map_err(|error| error.api())
}

async fn confirm(service: &TestService, token: &str) -> Result<String, ApiError> {
    service.services.addresses.confirm(token).await.map_err(|error| error.api())
}

async fn claimed(service: &TestService, token: &str) -> Result<String, ApiError> {
    service.services.addresses.claimed(token).await.map_err(|error| error.api())
}

async fn of(service: &TestService, who: &Signed) -> Addresses {
    service.services.account_settings(who).await.unwrap().addresses
}

async fn sign_up(service: &TestService, email: &str, username: &str) -> Result<SignedUp, ApiError> {
    let form = SignUp { email, username, password: Secret::new(PASSWORD.to_owned()) };
    service.services.accounts.sign_up(form, ADDRESS, &origin()).await.map_err(|error| error.api())
}

async fn logs_in(service: &TestService, login: &str) -> Result<(), ApiError> {
    let form = LogIn { login, password: Secret::new(PASSWORD.to_owned()), remember: false };
    service.services.accounts.log_in(form, ADDRESS, &origin()).await.map(drop).map_err(|error| error.api())
}

/// The letter to an address among those that were sent.
fn to<'a>(mails: &'a [Mail], recipient: &str) -> &'a Mail {
    let mut found = mails.iter().filter(|mail| mail.recipient == recipient);
    let (mail, more) = (found.next(), found.next());
    assert!(more.is_none(), "one letter to {recipient}: {mails:?}");
    mail.unwrap_or_else(|| panic!("a letter to {recipient}: {mails:?}"))
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, ApiError>) -> ApiError {
    outcome.unwrap_err()
}

/// Somebody whose first address is confirmed.
async fn confirmed(service: &TestService, name: &str) -> Signed {
    let who = service.sign_up(name).await;
    let mails = service.deliver().await;
    confirm(service, &token_in(to(&mails, &format!("{name}@hollowhill.example")))).await.unwrap();
    who
}

async fn unlimited(db: Db) -> TestService {
    TestService::with(db, Settings { rate_limits: false, ..settings() }).await
}

#[tokio::test]
async fn who_signs_up_gets_a_link_that_confirms_the_address_once() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        assert!(!of(&service, &mei).await.primary.verified);
        let mails = service.deliver().await;
        let mail = to(&mails, "mei@hollowhill.example");
        assert_eq!((mails.len(), mail.subject.as_str()), (1, "Confirm your address"));
        assert!(mail.text.contains("@mei") && mail.html.contains("@mei"));
        let token = token_in(mail);

        assert_eq!(claimed(&service, &token).await.unwrap(), "mei@hollowhill.example");
        assert_eq!(claimed(&service, &token).await.unwrap(), "mei@hollowhill.example", "looking changes nothing");
        assert!(!of(&service, &mei).await.primary.verified);
        assert_eq!(confirm(&service, &token).await.unwrap(), "mei@hollowhill.example");
        let addresses = of(&service, &mei).await;
        assert!(addresses.primary.verified && addresses.pending.is_none());
        assert_eq!(refused(confirm(&service, &token).await), ApiError::LinkExpired);
        assert_eq!(refused(claimed(&service, &token).await), ApiError::LinkExpired);
        assert!(service.deliver().await.is_empty(), "there is no old address that could be told");
    })
    .await;
}

#[tokio::test]
async fn what_is_no_link_confirms_nothing() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let mei = service.sign_up("mei").await;
        // A token for something else, about the same.
        let token = Token::random().unwrap();
        let mut tx = db.begin().await.unwrap();
        let new = NewToken {
            token_hash: token.hash(),
            purpose: Purpose::Reset,
            person: Some(mei.person),
            subject: String::new(),
            created_at: service.services.now(),
            expires_at: service.services.now().plus_seconds(DAY),
        };
        tokens::insert_token(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();
        for nothing in ["", "0", &"0a".repeat(32), &token.text(), "' OR 1=1 --"] {
            assert_eq!(refused(confirm(&service, nothing).await), ApiError::LinkExpired, "{nothing:?}");
            assert_eq!(refused(claimed(&service, nothing).await), ApiError::LinkExpired, "{nothing:?}");
        }
        assert!(!of(&service, &mei).await.primary.verified);
    })
    .await;
}

#[tokio::test]
async fn a_link_works_for_three_days() {
    both(|db| async move {
        let service = TestService::on(db).await;
        service.sign_up("mei").await;
        service.sign_up("ines").await;
        let mails = service.deliver().await;
        service.clock.advance_seconds(3 * DAY - 1);
        confirm(&service, &token_in(to(&mails, "mei@hollowhill.example"))).await.unwrap();
        service.clock.advance_seconds(1);
        let late = token_in(to(&mails, "ines@hollowhill.example"));
        assert_eq!(refused(claimed(&service, &late).await), ApiError::LinkExpired);
        assert_eq!(refused(confirm(&service, &late).await), ApiError::LinkExpired);
        service.services.tidy().await.unwrap();
        assert_eq!(refused(confirm(&service, &late).await), ApiError::LinkExpired);
    })
    .await;
}

#[tokio::test]
async fn another_address_takes_its_place_only_when_it_is_confirmed() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = confirmed(&service, "mei").await;
        assert_eq!(change(&service, &mei, " Mei.Lin@Night.example ").await.unwrap().as_str(), "Mei.Lin@Night.example");

        let shown = of(&service, &mei).await;
        assert_eq!((shown.primary.address.as_str(), shown.primary.verified), ("mei@hollowhill.example", true));
        let pending = shown.pending.unwrap();
        assert_eq!((pending.address.as_str(), pending.verified), ("Mei.Lin@Night.example", false));
        let mails = service.deliver().await;
        assert_eq!(mails.len(), 2);
        let notice = to(&mails, "mei@hollowhill.example");
        assert!(notice.text.contains("Mei.Lin@Night.example"), "the old address is told at once");
        assert!(!notice.text.contains("/accounts/email/confirm/"), "and cannot confirm the new one");
        let token = token_in(to(&mails, "Mei.Lin@Night.example"));
        logs_in(&service, "mei@hollowhill.example").await.unwrap();
        assert_eq!(refused(logs_in(&service, "mei.lin@night.example").await), ApiError::WrongLogin);

        confirm(&service, &token).await.unwrap();
        let shown = of(&service, &mei).await;
        assert_eq!((shown.primary.address.as_str(), shown.primary.verified), ("Mei.Lin@Night.example", true));
        assert_eq!(shown.pending, None);
        let mails = service.deliver().await;
        assert_eq!(mails.len(), 1);
        let farewell = to(&mails, "mei@hollowhill.example");
        assert_eq!(farewell.subject, "Your address was changed");
        assert!(farewell.text.contains("Mei.Lin@Night.example"));
        logs_in(&service, "mei.lin@night.example").await.unwrap();
        assert_eq!(refused(logs_in(&service, "mei@hollowhill.example").await), ApiError::WrongLogin);
        // Nobody has the old one now.
        sign_up(&service, "mei@hollowhill.example", "other").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn asking_for_another_address_ends_older_links() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let mei = service.sign_up("mei").await;
        let first = token_in(&service.deliver().await[0]);
        let reset = Token::random().unwrap();
        let now = service.services.now();
        let mut tx = db.begin().await.unwrap();
        let new = NewToken {
            token_hash: reset.hash(),
            purpose: Purpose::Reset,
            person: Some(mei.person),
            subject: String::new(),
            created_at: now,
            expires_at: now.plus_seconds(3600),
        };
        tokens::insert_token(&mut tx, &new).await.unwrap();
        tx.commit().await.unwrap();

        change(&service, &mei, "second@night.example").await.unwrap();
        let found = tokens::find_token(&db, &reset.hash(), Purpose::Reset, now).await.unwrap();
        assert_eq!(found, None, "a link to choose a new password went to the old address");
        assert_eq!(refused(confirm(&service, &first).await), ApiError::LinkExpired);
        let second = token_in(to(&service.deliver().await, "second@night.example"));
        // One waits at a time: the newest.
        change(&service, &mei, "third@night.example").await.unwrap();
        assert_eq!(of(&service, &mei).await.pending.unwrap().address, "third@night.example");
        assert_eq!(refused(confirm(&service, &second).await), ApiError::LinkExpired);
        let third = token_in(to(&service.deliver().await, "third@night.example"));
        confirm(&service, &third).await.unwrap();
        assert_eq!(of(&service, &mei).await.primary.address, "third@night.example");
    })
    .await;
}

#[tokio::test]
async fn an_address_that_waits_can_be_given_up() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = confirmed(&service, "mei").await;
        change(&service, &mei, "new@night.example").await.unwrap();
        let token = token_in(to(&service.deliver().await, "new@night.example"));
        service.services.addresses.cancel(&mei).await.unwrap();
        service.services.addresses.cancel(&mei).await.unwrap();
        let shown = of(&service, &mei).await;
        assert!(shown.pending.is_none() && shown.primary.verified);
        assert_eq!(refused(confirm(&service, &token).await), ApiError::LinkExpired);
        // Giving it up and asking again is no way round the wait.
        assert_eq!(
            refused(change(&service, &mei, "NEW@night.example").await),
            ApiError::RateLimited { retry_after: 180 }
        );
        service.clock.advance_seconds(180);
        change(&service, &mei, "NEW@night.example").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_ones_address_is_refused_beside_its_field() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        service.deliver().await;
        for (typed, problem) in
            [("", Problem::Empty), ("nowhere", Problem::Malformed), ("MEI@hollowhill.example", Problem::Unchanged)]
        {
            assert_eq!(
                refused(change(&service, &mei, typed).await),
                ApiError::field(Field::Email, problem),
                "{typed:?}"
            );
        }
        assert!(of(&service, &mei).await.pending.is_none() && service.deliver().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_link_is_sent_again_after_three_minutes() {
    both(|db| async move {
        let service = TestService::on(db.clone()).await;
        let mei = service.sign_up("mei").await;
        let first = token_in(&service.deliver().await[0]);
        let next = of(&service, &mei).await.primary.next_link_at.unwrap();
        assert_eq!(next, service.services.now().plus_seconds(180));
        service.clock.advance_seconds(60);
        assert_eq!(refused(resend(&service, &mei, None).await), ApiError::RateLimited { retry_after: 120 });
        // The wait is in the database: another process knows of it.
        let elsewhere = TestService::on(db).await;
        assert_eq!(refused(resend(&elsewhere, &mei, None).await), ApiError::RateLimited { retry_after: 180 });
        service.clock.advance_seconds(119);
        assert_eq!(refused(resend(&service, &mei, None).await), ApiError::RateLimited { retry_after: 1 });
        assert!(service.deliver().await.is_empty());

        service.clock.advance_seconds(1);
        assert_eq!(of(&service, &mei).await.primary.next_link_at, None);
        assert_eq!(resend(&service, &mei, None).await.unwrap().as_deref(), Some("mei@hollowhill.example"));
        assert!(matches!(refused(resend(&service, &mei, None).await), ApiError::RateLimited { retry_after: 180 }));
        let second = token_in(&service.deliver().await[0]);
        assert_ne!(first, second);
        // Whichever letter is opened first.
        confirm(&service, &first).await.unwrap();
        assert_eq!(refused(confirm(&service, &second).await), ApiError::LinkExpired);
        service.clock.advance_seconds(180);
        assert_eq!(resend(&service, &mei, None).await, Ok(None), "it is confirmed");
        assert!(service.deliver().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_link_that_is_sent_again_is_for_the_address_that_was_meant() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        change(&service, &mei, "new@night.example").await.unwrap();
        service.deliver().await;
        service.clock.advance_seconds(180);
        assert_eq!(resend(&service, &mei, None).await.unwrap().as_deref(), Some("new@night.example"));
        let first = resend(&service, &mei, Some("Mei@hollowhill.example")).await.unwrap();
        assert_eq!(first.as_deref(), Some("mei@hollowhill.example"));
        assert_eq!(refused(resend(&service, &mei, Some("stranger@night.example")).await), ApiError::NotFound);
        let mails = service.deliver().await;
        assert_eq!(mails.len(), 2, "{mails:?}");
        confirm(&service, &token_in(to(&mails, "mei@hollowhill.example"))).await.unwrap();
        let shown = of(&service, &mei).await;
        assert!(shown.primary.verified && shown.pending.is_some(), "{shown:?}");
    })
    .await;
}

#[tokio::test]
async fn of_two_who_ask_for_a_link_at_once_one_gets_it() {
    both(|db| async move {
        let service = Arc::new(unlimited(db).await);
        let mei = service.sign_up("mei").await;
        service.deliver().await;
        service.clock.advance_seconds(180);
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (service, mei) = (service.clone(), mei.clone());
            tries.spawn(async move { resend(&service, &mei, None).await });
        }
        let outcomes = tries.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert_eq!(service.deliver().await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn managing_addresses_is_limited_to_ten_a_minute() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        for _ in 0..10 {
            assert!(matches!(refused(change(&service, &mei, "").await), ApiError::Invalid { .. }));
        }
        assert_eq!(refused(change(&service, &mei, "").await), ApiError::RateLimited { retry_after: 6 });
        let cancelled = service.services.addresses.cancel(&mei).await.map_err(|error| error.api());
        assert_eq!(refused(cancelled), ApiError::RateLimited { retry_after: 6 });
        let ines = service.sign_up("ines").await;
        assert!(matches!(refused(change(&service, &ines, "").await), ApiError::Invalid { .. }), "others are not");
        service.clock.advance_seconds(6);
        assert!(matches!(refused(change(&service, &mei, "").await), ApiError::Invalid { .. }));
    })
    .await;
}

#[tokio::test]
async fn nobody_learns_that_an_address_has_an_account() {
    both(|db| async move {
        let service = TestService::on(db).await;
        confirmed(&service, "ines").await;
        let mei = confirmed(&service, "mei").await;
        let free = change(&service, &mei, "free@night.example").await;
        let shown_free = of(&service, &mei).await;
        service.deliver().await;
        let taken = change(&service, &mei, "INES@hollowhill.example").await;
        assert_eq!(free.map(drop), taken.map(drop));
        let shown_taken = of(&service, &mei).await;
        assert_eq!(shown_free.primary, shown_taken.primary);
        assert_eq!(shown_free.pending.unwrap().next_link_at, shown_taken.pending.unwrap().next_link_at);

        let mails = service.deliver().await;
        assert_eq!(mails.len(), 2);
        let letter = to(&mails, "INES@hollowhill.example");
        assert_eq!(letter.subject, "You have an account already");
        assert!(!letter.text.contains("/accounts/email/confirm/") && !letter.text.contains("@mei"), "{}", letter.text);
        to(&mails, "mei@hollowhill.example");
    })
    .await;
}

#[tokio::test]
async fn a_claim_keeps_nobody_from_an_address() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let (mei, ines) = (confirmed(&service, "mei").await, confirmed(&service, "ines").await);
        change(&service, &mei, "shared@night.example").await.unwrap();
        let of_mei = token_in(to(&service.deliver().await, "shared@night.example"));
        change(&service, &ines, "Shared@night.example").await.unwrap();
        let of_ines = token_in(to(&service.deliver().await, "Shared@night.example"));
        confirm(&service, &of_ines).await.unwrap();
        assert_eq!(of(&service, &ines).await.primary.address, "Shared@night.example");

        assert_eq!(refused(confirm(&service, &of_mei).await), ApiError::field(Field::Email, Problem::Taken));
        let shown = of(&service, &mei).await;
        assert_eq!((shown.primary.address.as_str(), shown.primary.verified), ("mei@hollowhill.example", true));
        assert_eq!(shown.pending, None, "what can never be confirmed does not wait");
        assert_eq!(refused(confirm(&service, &of_mei).await), ApiError::LinkExpired);
        // Nor does it keep anybody from signing up.
        change(&service, &mei, "newcomer@hollowhill.example").await.unwrap();
        service.sign_up("newcomer").await;
    })
    .await;
}

#[tokio::test]
async fn of_many_who_confirm_one_address_at_once_one_gets_it() {
    both(|db| async move {
        let service = Arc::new(unlimited(db).await);
        let mut tokens = Vec::new();
        for n in 0..6 {
            let who = confirmed(&service, &format!("person{n}")).await;
            change(&service, &who, "shared@night.example").await.unwrap();
            tokens.push((who, token_in(to(&service.deliver().await, "shared@night.example"))));
        }
        let mut tries = tokio::task::JoinSet::new();
        for (_, token) in &tokens {
            let (service, token) = (service.clone(), token.clone());
            tries.spawn(async move { confirm(&service, &token).await });
        }
        let outcomes = tries.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let taken = ApiError::Invalid { fields: vec![FieldError { field: Field::Email, problem: Problem::Taken }] };
        assert!(outcomes.into_iter().filter_map(Result::err).all(|error| error == taken));
        let mut holders = 0;
        for (who, _) in &tokens {
            let shown = of(&service, who).await;
            assert!(shown.primary.verified && shown.pending.is_none(), "everybody has an address: {shown:?}");
            holders += usize::from(shown.primary.address == "shared@night.example");
        }
        assert_eq!(holders, 1);
        assert_eq!(service.deliver().await.len(), 1, "one old address was replaced");
    })
    .await;
}

#[tokio::test]
async fn an_address_that_nobody_confirmed_is_not_flooded() {
    both(|db| async move {
        let service = TestService::on(db).await;
        // Signed up with somebody else's address, which gets a notice for each change.
        let mei = service.sign_up("mei").await;
        service.deliver().await;
        let mut notices = 0;
        for n in 0..8 {
            change(&service, &mei, &format!("{n}@night.example")).await.unwrap();
            let mails = service.deliver().await;
            notices += mails.iter().filter(|mail| mail.recipient == "mei@hollowhill.example").count();
        }
        assert_eq!(notices, 3);
        // Nor by many accounts at once.
        let mut links = 0;
        for n in 0..5 {
            let who = service.sign_up(&format!("person{n}")).await;
            links += usize::from(change(&service, &who, "victim@night.example").await.is_ok());
        }
        assert_eq!(links, 3);
    })
    .await;
}

async fn verifying(db: Db) -> TestService {
    TestService::with(db, Settings { verify_signups: true, ..settings() }).await
}

#[tokio::test]
async fn where_addresses_are_confirmed_first_an_account_begins_with_its_link() {
    both(|db| async move {
        let service = verifying(db).await;
        assert!(matches!(sign_up(&service, "mei@hollowhill.example", "mei").await, Ok(SignedUp::Waiting)));
        for login in ["mei", "mei@hollowhill.example"] {
            assert_eq!(refused(logs_in(&service, login).await), ApiError::WrongLogin);
        }
        let unseen = service.services.people.profile(None, "mei").await.map_err(|error| error.api());
        assert_eq!(refused(unseen), ApiError::NotFound);
        let mails = service.deliver().await;
        assert_eq!(mails.len(), 1, "logging in sends nothing");
        confirm(&service, &token_in(&mails[0])).await.unwrap();
        logs_in(&service, "mei").await.unwrap();
        assert!(service.services.people.profile(None, "mei").await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn signing_up_tells_nobody_that_an_address_has_an_account() {
    both(|db| async move {
        let service = verifying(db).await;
        sign_up(&service, "mei@hollowhill.example", "mei").await.unwrap();
        confirm(&service, &token_in(&service.deliver().await[0])).await.unwrap();

        let taken = sign_up(&service, "MEI@hollowhill.example", "probe").await;
        let free = sign_up(&service, "free@hollowhill.example", "other").await;
        assert!(matches!((taken, free), (Ok(SignedUp::Waiting), Ok(SignedUp::Waiting))));
        let mails = service.deliver().await;
        assert_eq!(mails.len(), 2);
        let letter = to(&mails, "MEI@hollowhill.example");
        assert_eq!(letter.subject, "You have an account already");
        assert!(letter.text.contains("@mei") && !letter.text.contains("probe"), "{}", letter.text);
        // Whether the account was made cannot be seen by its name either.
        for name in ["probe", "other"] {
            let again = sign_up(&service, &format!("{name}.again@hollowhill.example"), name).await;
            assert_eq!(again.map(drop), Err(ApiError::field(Field::Username, Problem::Taken)), "{name}");
            let unseen = service.services.people.profile(None, name).await.map_err(|error| error.api());
            assert_eq!(refused(unseen), ApiError::NotFound, "{name}");
            assert_eq!(refused(logs_in(&service, name).await), ApiError::WrongLogin, "{name}");
        }
        let both_taken = sign_up(&service, "mei@hollowhill.example", "MEI").await;
        assert_eq!(both_taken.map(drop), Err(ApiError::field(Field::Username, Problem::Taken)));
        assert!(service.deliver().await.is_empty());
        logs_in(&service, "mei").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_account_that_was_not_confirmed_goes_after_three_days() {
    both(|db| async move {
        let service = verifying(db.clone()).await;
        sign_up(&service, "mei@hollowhill.example", "mei").await.unwrap();
        confirm(&service, &token_in(&service.deliver().await[0])).await.unwrap();
        sign_up(&service, "ines@hollowhill.example", "ines").await.unwrap();
        sign_up(&service, "mei@hollowhill.example", "decoy").await.unwrap();
        service.clock.advance_seconds(3 * DAY - 1);
        service.services.tidy().await.unwrap();
        let name = sign_up(&service, "tomasz@hollowhill.example", "ines").await;
        assert_eq!(name.map(drop), Err(ApiError::field(Field::Username, Problem::Taken)));
        service.clock.advance_seconds(1);
        service.services.tidy().await.unwrap();
        sign_up(&service, "ines@hollowhill.example", "ines").await.unwrap();
        sign_up(&service, "tomasz@hollowhill.example", "decoy").await.unwrap();
        logs_in(&service, "mei").await.unwrap();
        // Who signed up when nothing had to be confirmed is let in as ever.
        let open = TestService::on(db).await;
        open.sign_up("early").await;
        open.clock.advance_seconds(10 * DAY);
        open.services.tidy().await.unwrap();
        logs_in(&service, "early").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn signing_up_again_sends_the_link_again_and_not_without_end() {
    both(|db| async move {
        let service = verifying(db).await;
        sign_up(&service, "mei@hollowhill.example", "mei").await.unwrap();
        service.deliver().await;
        let mut mails = Vec::new();
        for n in 0..6 {
            assert!(matches!(
                sign_up(&service, "mei@hollowhill.example", &format!("mei{n}")).await,
                Ok(SignedUp::Waiting)
            ));
            mails.extend(service.deliver().await);
        }
        assert_eq!(mails.len(), 3);
        assert!(mails[0].text.contains("as @mei with"), "{}", mails[0].text);
        confirm(&service, &token_in(&mails[0])).await.unwrap();
        logs_in(&service, "mei").await.unwrap();
        assert!(Handle::parse("mei0").is_ok() && logs_in(&service, "mei0").await.is_err());
    })
    .await;
}
