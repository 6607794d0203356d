//! What a form without script carries over its redirect: what was typed, and what was wrong with it.

use crate::{Db, Error, Tx, backend::each_backend};
use telicat_domain::Timestamp;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[INSERT_FLASH, FIND_FLASH, DELETE_EXPIRED_FLASHES];

const INSERT_FLASH: &str = "INSERT INTO flashes (token_hash, payload, expires_at) VALUES ($1, $2, $3)";

/// Writes a flash under the SHA-256 of the token that the browser gets.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_flash(
    tx: &mut Tx,
    token_hash: &[u8; 32],
    payload: &str,
    expires_at: Timestamp,
) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(INSERT_FLASH)
        .bind(&token_hash[..])
        .bind(payload)
        .bind(expires_at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

const FIND_FLASH: &str = "SELECT payload FROM flashes WHERE token_hash = $1 AND expires_at > $2";

/// Finds a flash that has not expired. It stays, so that reloading the page shows it again.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_flash(db: &Db, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<String>, Error> {
    Ok(each_backend!(read db, on =>
        sqlx::query_scalar(FIND_FLASH).bind(&token_hash[..]).bind(now.0).fetch_optional(on).await)?)
}

const DELETE_EXPIRED_FLASHES: &str = "DELETE FROM flashes WHERE expires_at <= $1";

/// Forgets the flashes that have expired. Says how many.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_expired_flashes(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    Ok(each_backend!(write tx, on =>
        sqlx::query(DELETE_EXPIRED_FLASHES).bind(now.0).execute(on).await.map(|done| done.rows_affected()))?)
}
