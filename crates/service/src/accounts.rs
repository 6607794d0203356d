//! Signing up and logging in.

mod change;
pub(crate) mod hasher;
mod letters;
pub(crate) mod newcomer;
mod password;
mod proof;
mod reset;

pub use change::ChangePassword;
pub use proof::Proof;

use crate::{
    Error, Settings, Signups,
    addresses::Addresses,
    clock::Clock,
    limiter::{Limiter, Network, network},
    mail::Mails,
    secret::Secret,
    sessions::{Opened, Origin, Sessions},
};
use hasher::Hasher;
use std::{net::IpAddr, sync::Arc};
use telicat_domain::{ApiError, PersonId};
use telicat_store::{Db, people};

/// Makes accounts and lets people in.
pub struct Accounts {
    db: Db,
    clock: Arc<dyn Clock>,
    sessions: Arc<Sessions>,
    addresses: Arc<Addresses>,
    mails: Arc<Mails>,
    hasher: Hasher,
    signups: Signups,
    base_url: String,
    verify_signups: bool,
    signups_by_address: Limiter<Network>,
    logins_by_address: Limiter<Network>,
    failures_by_address: Limiter<Network>,
    failures_by_account: Limiter<String>,
    proofs_by_person: Limiter<PersonId>,
    changes_by_person: Limiter<PersonId>,
    resets_by_address: Limiter<Network>,
    resets_by_mail: Limiter<String>,
    finishes_by_address: Limiter<Network>,
}

/// What somebody typed into the signup form.
#[derive(Debug)]
pub struct SignUp<'a> {
    /// The address.
    pub email: &'a str,
    /// The handle.
    pub username: &'a str,
    /// The password.
    pub password: Secret,
}

/// What came of signing up.
#[derive(Debug)]
pub enum SignedUp {
    /// A session.
    In(Opened),
    /// A letter: the account begins when its address is confirmed.
    Waiting,
}

/// What somebody typed into the login form.
#[derive(Debug)]
pub struct LogIn<'a> {
    /// The handle or the address.
    pub login: &'a str,
    /// The password.
    pub password: Secret,
    /// Whether the session outlives the browser.
    pub remember: bool,
}

impl Accounts {
    pub(crate) fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        sessions: Arc<Sessions>,
        addresses: Arc<Addresses>,
        mails: Arc<Mails>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        let on = settings.rate_limits;
        Ok(Self {
            db,
            clock,
            sessions,
            addresses,
            mails,
            hasher: Hasher::new()?,
            signups: settings.signups,
            base_url: settings.base_url.clone(),
            verify_signups: settings.verify_signups,
            signups_by_address: Limiter::new(20, 60, on),
            logins_by_address: Limiter::new(30, 60, on),
            failures_by_address: Limiter::new(10, 60, on),
            failures_by_account: Limiter::new(5, 300, on),
            proofs_by_person: Limiter::new(10, 60, on),
            changes_by_person: Limiter::new(5, 60, on),
            resets_by_address: Limiter::new(20, 60, on),
            resets_by_mail: Limiter::new(5, 60, on),
            finishes_by_address: Limiter::new(20, 60, on),
        })
    }

    /// Makes an account with its profile, and opens its first session, which is remembered. Where addresses are confirmed
    /// first there is no session, and nobody learns here whether the address has an account already.
    ///
    /// # Errors
    /// [`ApiError::SignupsClosed`], [`ApiError::InvitationNeeded`], [`ApiError::RateLimited`], [`ApiError::Busy`], and
    /// [`ApiError::Invalid`] with every field that cannot be taken.
    pub async fn sign_up(&self, form: SignUp<'_>, from: IpAddr, origin: &Origin) -> Result<SignedUp, Error> {
        self.sign_up_invited(form, None, from, origin).await
    }

    /// Opens a session for whoever knows the password.
    ///
    /// # Errors
    /// [`ApiError::WrongLogin`], whichever of the two was wrong and after the same work; [`ApiError::RateLimited`],
    /// [`ApiError::Busy`].
    pub async fn log_in(&self, form: LogIn<'_>, from: IpAddr, origin: &Origin) -> Result<Opened, Error> {
        let now = self.clock.now();
        let from_network = network(from);
        self.logins_by_address.take(from_network, now)?;
        self.failures_by_address.look(&from_network, now)?;

        let login = form.login.trim();
        let folded = login.strip_prefix('@').unwrap_or(login).to_lowercase();
        let found = people::find_credentials(&self.db, &folded).await?;
        // By the account, whatever it was called; by what was typed when there is none, so that both answer alike.
        let account =
            found.as_ref().map_or_else(|| folded.chars().take(300).collect(), |found| found.person.to_string());
        self.failures_by_account.look(&account, now)?;

        let stored = found.as_ref().map(|found| found.password_hash.clone());
        let verified = self.hasher.verify(form.password.clone(), stored).await?;
        let Some(found) = found.filter(|_| verified.matches) else {
            self.failures_by_address.count(from_network, now);
            self.failures_by_account.count(account, now);
            tracing::info!(%from, "log-in refused");
            return Err(ApiError::WrongLogin.into());
        };
        self.failures_by_address.forget(&from_network);
        self.failures_by_account.forget(&account);
        let old = &found.password_hash;
        let hash = if verified.outdated { self.hasher.hash(form.password).await? } else { old.clone() };
        let mut tx = self.db.begin().await?;
        // A password that was changed since it was looked up opens nothing: all sessions ended with that change.
        if !people::update_password_hash(&mut tx, found.person, old, &hash).await? {
            return Err(ApiError::WrongLogin.into());
        }
        let opened = self.sessions.open_in(&mut tx, found.person, form.remember, origin).await?;
        tx.commit().await?;
        tracing::info!(person = %found.person, %from, "logged in");
        Ok(opened)
    }
}
