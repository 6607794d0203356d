//! Signing up and logging in.

pub(crate) mod hasher;
pub(crate) mod newcomer;
mod password;
mod proof;

pub use proof::Proof;

use crate::{
    Error, Settings, Signups,
    clock::Clock,
    limiter::{Limiter, Network, network},
    secret::Secret,
    sessions::{Opened, Origin, Sessions},
};
use hasher::Hasher;
use std::{net::IpAddr, sync::Arc};
use telicat_domain::{ApiError, Handle, PersonId, Profile};
use telicat_store::{Db, people};

/// Makes accounts and lets people in.
pub struct Accounts {
    db: Db,
    clock: Arc<dyn Clock>,
    sessions: Arc<Sessions>,
    hasher: Hasher,
    signups: Signups,
    signups_by_address: Limiter<Network>,
    logins_by_address: Limiter<Network>,
    failures_by_address: Limiter<Network>,
    failures_by_account: Limiter<String>,
    proofs_by_person: Limiter<PersonId>,
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
        settings: &Settings,
    ) -> Result<Self, Error> {
        let on = settings.rate_limits;
        Ok(Self {
            db,
            clock,
            sessions,
            hasher: Hasher::new()?,
            signups: settings.signups,
            signups_by_address: Limiter::new(20, 60, on),
            logins_by_address: Limiter::new(30, 60, on),
            failures_by_address: Limiter::new(10, 60, on),
            failures_by_account: Limiter::new(5, 300, on),
            proofs_by_person: Limiter::new(10, 60, on),
        })
    }

    /// Makes an account with its profile and opens its first session, which is remembered.
    ///
    /// # Errors
    /// [`ApiError::SignupsClosed`], [`ApiError::InvitationNeeded`], [`ApiError::RateLimited`], [`ApiError::Busy`], and
    /// [`ApiError::Invalid`] with every field that cannot be taken.
    pub async fn sign_up(&self, form: SignUp<'_>, from: IpAddr, origin: &Origin) -> Result<Opened, Error> {
        self.sign_up_invited(form, None, from, origin).await
    }

    /// What others see of the person with this handle, in any letter case.
    ///
    /// # Errors
    /// [`ApiError::NotFound`].
    pub async fn profile(&self, handle: &str) -> Result<Profile, Error> {
        let handle = Handle::parse(handle).map_err(|_| ApiError::NotFound)?;
        Ok(people::find_profile(&self.db, &handle.folded()).await?.ok_or(ApiError::NotFound)?)
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
        if verified.outdated {
            let hash = self.hasher.hash(form.password).await?;
            let mut tx = self.db.begin().await?;
            people::update_password_hash(&mut tx, found.person, &hash).await?;
            tx.commit().await?;
        }
        tracing::info!(person = %found.person, %from, "logged in");
        self.sessions.open(found.person, form.remember, origin).await
    }
}
