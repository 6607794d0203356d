//! What a form without script carries over the redirect that answers it: what went wrong, and what was typed.
//!
//! It is kept here and not in the browser, because a message may be longer than any cookie.

use crate::{
    Error,
    clock::Clock,
    limiter::{Limiter, Network, network},
    secret::Token,
};
use std::{net::IpAddr, sync::Arc};
use telicat_store::{Db, flashes as store};

/// Seconds for which a flash waits for its page.
pub const LIFETIME: i64 = 600;

/// Keeps flashes.
pub struct Flashes {
    db: Db,
    clock: Arc<dyn Clock>,
    by_address: Limiter<Network>,
}

impl Flashes {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, rate_limits: bool) -> Self {
        Self { db, clock, by_address: Limiter::new(30, 60, rate_limits) }
    }

    /// Keeps a text for the bearer of the token that comes back.
    ///
    /// # Errors
    /// [`RateLimited`](telicat_domain::ApiError::RateLimited), because nobody has to sign in for this; when the database
    /// does not answer.
    pub async fn keep(&self, from: IpAddr, payload: &str) -> Result<Token, Error> {
        self.by_address.take(network(from), self.clock.now())?;
        let token = Token::random()?;
        let mut tx = self.db.begin().await?;
        let expires_at = self.clock.now().plus_seconds(LIFETIME);
        store::insert_flash(&mut tx, &token.hash(), payload, expires_at).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// The text that was kept under the token. It stays until it expires: a page that is asked for twice shows it
    /// twice, and asking changes nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find(&self, token: &Token) -> Result<Option<String>, Error> {
        Ok(store::find_flash(&self.db, &token.hash(), self.clock.now()).await?)
    }
}
