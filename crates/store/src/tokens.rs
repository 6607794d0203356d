//! Tokens that are sent by mail or printed: whoever bears one may do one thing, once, for a while.

use crate::{Db, Error, Tx, backend::each_backend};
use telicat_domain::{PersonId, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[INSERT_TOKEN, FIND_TOKEN, TAKE_TOKEN, DELETE_TOKENS, DELETE_EXPIRED_TOKENS];

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To choose a new password.
    Reset,
    /// To confirm an address; the subject is the identifier of the address.
    Confirm,
    /// To make the account that runs the site.
    FirstOwner,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Confirm => "confirm",
            Self::FirstOwner => "first_owner",
        }
    }
}

/// A token to be kept. The token itself is never written, only its SHA-256.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// The SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// What it is good for.
    pub purpose: Purpose,
    /// For whom; nobody when there is no account yet.
    pub person: Option<PersonId>,
    /// What it is about, by its purpose.
    pub subject: String,
    /// Now.
    pub created_at: Timestamp,
    /// When it is worth nothing any more.
    pub expires_at: Timestamp,
}

/// A token that is still good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// For whom.
    pub person: Option<PersonId>,
    /// What it is about, by its purpose.
    pub subject: String,
    /// When it was made.
    pub created_at: Timestamp,
}

type Row = (Option<Uuid>, String, i64);

fn found((person, subject, created_at): Row) -> Found {
    Found { person: person.map(PersonId), subject, created_at: Timestamp(created_at) }
}

const INSERT_TOKEN: &str = "
    INSERT INTO tokens (token_hash, purpose, person_id, subject, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6)";

/// Writes a token.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_token(tx: &mut Tx, new: &NewToken) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(INSERT_TOKEN)
        .bind(&new.token_hash[..])
        .bind(new.purpose.name())
        .bind(new.person.map(|person| person.0))
        .bind(new.subject.as_str())
        .bind(new.created_at.0)
        .bind(new.expires_at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

const FIND_TOKEN: &str = "
    SELECT person_id, subject, created_at FROM tokens WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3";

/// Finds a token that is still good, and leaves it so.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_token(
    db: &Db,
    token_hash: &[u8; 32],
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Found>, Error> {
    let row: Option<Row> = each_backend!(read db, on =>
        sqlx::query_as(FIND_TOKEN).bind(&token_hash[..]).bind(purpose.name()).bind(now.0).fetch_optional(on).await)?;
    Ok(row.map(found))
}

const TAKE_TOKEN: &str = "
    DELETE FROM tokens WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3
    RETURNING person_id, subject, created_at";

/// Uses a token up. Of two that try at the same time one gets it.
///
/// # Errors
/// [`Error::Database`].
pub async fn take_token(
    tx: &mut Tx,
    token_hash: &[u8; 32],
    purpose: Purpose,
    now: Timestamp,
) -> Result<Option<Found>, Error> {
    let row: Option<Row> = each_backend!(write tx, on =>
        sqlx::query_as(TAKE_TOKEN).bind(&token_hash[..]).bind(purpose.name()).bind(now.0).fetch_optional(on).await)?;
    Ok(row.map(found))
}

const DELETE_TOKENS: &str = "DELETE FROM tokens WHERE person_id = $1 AND purpose = $2";

/// Makes a person's tokens for a purpose worthless.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_tokens(tx: &mut Tx, person: PersonId, purpose: Purpose) -> Result<(), Error> {
    each_backend!(write tx, on =>
        sqlx::query(DELETE_TOKENS).bind(person.0).bind(purpose.name()).execute(on).await.map(drop))?;
    Ok(())
}

const DELETE_EXPIRED_TOKENS: &str = "DELETE FROM tokens WHERE expires_at <= $1";

/// Forgets the tokens that have expired. Says how many.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_expired_tokens(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    Ok(each_backend!(write tx, on =>
        sqlx::query(DELETE_EXPIRED_TOKENS).bind(now.0).execute(on).await.map(|done| done.rows_affected()))?)
}
