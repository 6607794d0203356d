//! People, their addresses and what they sign in with.

use crate::{Db, Error, Tx, backend::each_backend, new_id};
use std::fmt;
use telicat_domain::{Author, Email, Handle, PersonId, Profile, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] =
    &[INSERT_PERSON, INSERT_EMAIL, FIND_CREDENTIALS, FIND_PROFILE, UPDATE_PASSWORD_HASH, COUNT_PEOPLE];

/// Somebody who signs up.
#[derive(Clone)]
pub struct NewPerson {
    /// The new identifier.
    pub id: PersonId,
    /// The handle.
    pub handle: Handle,
    /// The first address, not verified.
    pub email: Email,
    /// The password's hash, in PHC format.
    pub password_hash: String,
    /// Now.
    pub at: Timestamp,
}

impl fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewPerson").field("id", &self.id).field("handle", &self.handle).finish_non_exhaustive()
    }
}

const INSERT_PERSON: &str = "
    INSERT INTO people (id, handle, handle_folded, password_hash, created_at) VALUES ($1, $2, $3, $4, $5)";

const INSERT_EMAIL: &str = "
    INSERT INTO email_addresses (id, person_id, address, address_folded, verified, is_primary, created_at)
    VALUES ($1, $2, $3, $4, FALSE, TRUE, $5)";

/// Writes a person with a first address.
///
/// # Errors
/// [`Error::Conflict`] with [`Constraint::Handle`](crate::Constraint::Handle) or
/// [`Constraint::Email`](crate::Constraint::Email); [`Error::Database`].
pub async fn insert_person(tx: &mut Tx, new: &NewPerson) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(INSERT_PERSON)
        .bind(new.id.0)
        .bind(new.handle.as_str())
        .bind(new.handle.folded())
        .bind(new.password_hash.as_str())
        .bind(new.at.0)
        .execute(on).await.map(drop))?;
    each_backend!(write tx, on => sqlx::query(INSERT_EMAIL)
        .bind(new_id(new.at))
        .bind(new.id.0)
        .bind(new.email.as_str())
        .bind(new.email.folded())
        .bind(new.at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// What a sign-in is checked against.
#[derive(Clone)]
pub struct Credentials {
    /// Who.
    pub person: PersonId,
    /// As others see them.
    pub author: Author,
    /// The password's hash, in PHC format.
    pub password_hash: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("person", &self.person).finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct CredentialsRow {
    id: Uuid,
    handle: String,
    display_name: Option<String>,
    password_hash: String,
}

const FIND_CREDENTIALS: &str = "
    SELECT id, handle, display_name, password_hash, 1 AS place FROM people WHERE handle_folded = $1
    UNION ALL
    SELECT p.id, p.handle, p.display_name, p.password_hash, 2 AS place
    FROM email_addresses e JOIN people p ON p.id = e.person_id
    WHERE e.address_folded = $1 AND (e.verified OR e.is_primary)
    ORDER BY place LIMIT 1";

/// Finds the person with this handle, or else with this address, in its folded form.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_credentials(db: &Db, login_folded: &str) -> Result<Option<Credentials>, Error> {
    let row: Option<CredentialsRow> = each_backend!(read db, on =>
        sqlx::query_as(FIND_CREDENTIALS).bind(login_folded).fetch_optional(on).await)?;
    Ok(row.map(|row| Credentials {
        person: PersonId(row.id),
        author: author(row.handle, row.display_name),
        password_hash: row.password_hash,
    }))
}

#[derive(sqlx::FromRow)]
struct ProfileRow {
    handle: String,
    display_name: Option<String>,
    created_at: i64,
}

const FIND_PROFILE: &str = "SELECT handle, display_name, created_at FROM people WHERE handle_folded = $1";

/// Finds what others see of the person with this handle, in its folded form.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_profile(db: &Db, handle_folded: &str) -> Result<Option<Profile>, Error> {
    let row: Option<ProfileRow> = each_backend!(read db, on =>
        sqlx::query_as(FIND_PROFILE).bind(handle_folded).fetch_optional(on).await)?;
    Ok(row.map(|row| Profile { author: author(row.handle, row.display_name), joined_at: Timestamp(row.created_at) }))
}

/// A person as others see them, from the two columns.
pub(crate) fn author(handle: String, display_name: Option<String>) -> Author {
    Author { handle: Handle::from_stored(handle), name: display_name }
}

const UPDATE_PASSWORD_HASH: &str = "UPDATE people SET password_hash = $2 WHERE id = $1";

/// Replaces the hash of a password.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_password_hash(tx: &mut Tx, person: PersonId, password_hash: &str) -> Result<(), Error> {
    each_backend!(write tx, on =>
        sqlx::query(UPDATE_PASSWORD_HASH).bind(person.0).bind(password_hash).execute(on).await.map(drop))?;
    Ok(())
}

const COUNT_PEOPLE: &str = "SELECT count(*) FROM people";

/// How many people there are.
///
/// # Errors
/// [`Error::Database`].
pub async fn count_people(db: &Db) -> Result<i64, Error> {
    Ok(each_backend!(read db, on => sqlx::query_scalar(COUNT_PEOPLE).fetch_one(on).await)?)
}
