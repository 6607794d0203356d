//! Another password, by whoever reads the mail of an account.
//!
//! Asking says nothing of who has an account: the answer is the same, and so is the work. The link in the mail works
//! once, for an hour. It lets nobody in: it replaces the password, and one logs in with that like anybody else.

use super::{Accounts, letters, password};
use crate::{
    Error,
    limiter::network,
    secret::{Secret, Token},
    sessions::Origin,
};
use std::net::IpAddr;
use telicat_domain::{ApiError, Email, Field, PersonId, Timestamp};
use telicat_store::{
    addresses::{self, Account},
    mails, new_id, people, sessions,
    tokens::{self, NewToken, Purpose},
};

/// Minutes for which the link works.
const LINK_MINUTES: i64 = 60;

impl Accounts {
    /// Sends a mail with a link to choose another password to an address, or one that says that it has no account here.
    /// Links that were sent before end.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] when it is no address; [`ApiError::RateLimited`] by the network that asks, and by the
    /// address, whether or not it has an account.
    pub async fn request_reset(&self, email: &str, from: IpAddr) -> Result<(), Error> {
        let now = self.clock.now();
        self.resets_by_address.take(network(from), now)?;
        let email = Email::parse(email).map_err(|problem| ApiError::field(Field::Email, problem))?;
        self.resets_by_mail.take(email.folded(), now)?;

        let found = addresses::find_account_by_address(&self.db, &email.folded()).await?;
        let token = Token::random()?;
        let link = format!("{}/accounts/password/reset/{}", self.base_url, token.text());
        // The address as it was confirmed, not as it was typed here: two that fold to one need not be one mailbox.
        let mail = match &found {
            Some(account) => letters::reset(&account.handle, &self.base_url, link).to(&account.address, now),
            None => letters::no_account(&self.base_url).to(email.as_str(), now),
        };
        // For nobody the same is written as for somebody, so that it takes as long. Nobody ever sees that token, and it
        // is tidied away like the others.
        let person = found.as_ref().map_or_else(|| PersonId(new_id(now)), |account| account.person);
        let new = NewToken {
            token_hash: token.hash(),
            purpose: Purpose::Reset,
            person: found.as_ref().map(|account| account.person),
            subject: found.map(|account| account.address).unwrap_or_default(),
            created_at: now,
            expires_at: now.plus_seconds(LINK_MINUTES * 60),
        };
        let mut tx = self.db.begin().await?;
        tokens::delete_tokens(&mut tx, person, Purpose::Reset).await?;
        tokens::insert_token(&mut tx, &new).await?;
        mails::insert_mail(&mut tx, &mail).await?;
        tx.commit().await?;
        self.mails.wake();
        tracing::info!(%from, "a link for another password was asked for");
        Ok(())
    }

    /// Whether the link with a token still works. Asking leaves it as it is.
    ///
    /// # Errors
    /// [`ApiError::LinkExpired`].
    pub async fn check_reset(&self, token: &str) -> Result<(), Error> {
        self.find_reset(token, self.clock.now()).await.map(drop)
    }

    /// Uses a link up: gives its person another password. All sessions and other such links end with it, failed logins
    /// are forgotten, and the person is told by mail.
    ///
    /// # Errors
    /// [`ApiError::LinkExpired`]; [`ApiError::Invalid`] when the password cannot be taken, after which the link still
    /// works; [`ApiError::RateLimited`], [`ApiError::Busy`].
    pub async fn finish_reset(
        &self,
        token: &str,
        password: Secret,
        from: IpAddr,
        origin: &Origin,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        self.finishes_by_address.take(network(from), now)?;
        let (token, account) = self.find_reset(token, now).await?;
        password::check(password.reveal(), account.handle.as_str(), &account.address)
            .map_err(|problem| ApiError::field(Field::Password, problem))?;

        let hash = self.hasher.hash(password).await?;
        let mut tx = self.db.begin().await?;
        if tokens::take_token(&mut tx, &token.hash(), Purpose::Reset, now).await?.is_none()
            || !people::update_password(&mut tx, account.person, &hash, now).await?
        {
            return Err(ApiError::LinkExpired.into());
        }
        tokens::delete_tokens(&mut tx, account.person, Purpose::Reset).await?;
        // The link came to the address, which is all that a link to confirm it would show.
        let listed = addresses::list_addresses_in(&mut tx, account.person).await?;
        if let Some(primary) = listed.iter().find(|address| address.is_primary) {
            addresses::update_confirmed(&mut tx, account.person, primary.id).await?;
            people::update_waiting(&mut tx, account.person, false).await?;
        }
        self.addresses.drop_pending(&mut tx, account.person).await?;
        sessions::delete_sessions(&mut tx, account.person, None).await?;
        let letter = letters::password_changed(&account.handle, &self.base_url, origin, now);
        mails::insert_mail(&mut tx, &letter.to(&account.address, now)).await?;
        tx.commit().await?;
        self.mails.wake();
        self.sessions.have_ended(account.person, None);
        self.failures_by_account.forget(&account.person.to_string());
        self.failures_by_address.forget(&network(from));
        tracing::info!(person = %account.person, %from, "chose another password by mail");
        Ok(())
    }

    /// The token, and whose it is. It is worth nothing when the address that it was sent to is not the account's any
    /// more.
    async fn find_reset(&self, token: &str, now: Timestamp) -> Result<(Token, Account), Error> {
        let token = Token::parse(token).ok_or(ApiError::LinkExpired)?;
        let found = tokens::find_token(&self.db, &token.hash(), Purpose::Reset, now).await?;
        let found = found.ok_or(ApiError::LinkExpired)?;
        let person = found.person.ok_or(ApiError::LinkExpired)?;
        let account = addresses::find_account(&self.db, person).await?;
        let account = account.filter(|account| account.address == found.subject).ok_or(ApiError::LinkExpired)?;
        Ok((token, account))
    }
}
