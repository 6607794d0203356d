//! Proving again who one is, before what cannot be taken back.

use super::Accounts;
use crate::{
    Error, Signed,
    secret::{Secret, Token},
    settings::needs_password,
};
use telicat_domain::{ApiError, Field, Problem};
use telicat_store::people;

/// That somebody is who they say, by a password that was typed a moment ago.
#[derive(Debug)]
#[must_use]
pub struct Proof {
    /// When the password came with the request, the session has another token from now on: for the cookie.
    pub renewed: Option<Token>,
}

impl Accounts {
    /// Asks for proof: the password typed less than five minutes ago, or with this request.
    ///
    /// # Errors
    /// [`ApiError::PasswordNeeded`] when it has to be typed again; [`ApiError::Invalid`] for the field
    /// [`Field::CurrentPassword`] when it is wrong; [`ApiError::RateLimited`], [`ApiError::Busy`].
    pub async fn prove(&self, signed: &Signed, password: Option<Secret>) -> Result<Proof, Error> {
        let now = self.clock.now();
        let Some(password) = password.filter(|password| !password.reveal().is_empty()) else {
            let stale = needs_password(signed, now);
            return if stale { Err(ApiError::PasswordNeeded.into()) } else { Ok(Proof { renewed: None }) };
        };
        self.proofs_by_person.take(signed.person, now)?;
        if self.is_current(signed, password).await?.is_none() {
            return Err(ApiError::field(Field::CurrentPassword, Problem::Wrong).into());
        }
        Ok(Proof { renewed: Some(self.sessions.prove(signed).await?) })
    }

    /// The stored hash when the password is the one that the person has; nothing when it is another one. Wrong ones
    /// count as at the login page, so that nobody guesses here instead.
    pub(super) async fn is_current(&self, signed: &Signed, password: Secret) -> Result<Option<String>, Error> {
        let now = self.clock.now();
        let account = signed.person.to_string();
        self.failures_by_account.look(&account, now)?;
        let stored = people::find_password_hash(&self.db, signed.person).await?;
        if !self.hasher.verify(password, stored.clone()).await?.matches {
            self.failures_by_account.count(account, now);
            tracing::info!(person = %signed.person, "a password that was asked for again was wrong");
            return Ok(None);
        }
        self.failures_by_account.forget(&account);
        Ok(stored)
    }

    /// Asks for the password whenever it was typed last, for what cannot be taken back at all.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] for the field [`Field::Password`]; [`ApiError::RateLimited`], [`ApiError::Busy`].
    pub(crate) async fn insist(&self, signed: &Signed, password: Secret) -> Result<(), Error> {
        if password.reveal().is_empty() {
            return Err(ApiError::field(Field::Password, Problem::Empty).into());
        }
        self.proofs_by_person.take(signed.person, self.clock.now())?;
        match self.is_current(signed, password).await? {
            Some(_) => Ok(()),
            None => Err(ApiError::field(Field::Password, Problem::Wrong).into()),
        }
    }
}
