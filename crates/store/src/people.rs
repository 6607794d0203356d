//! People, their addresses and what they sign in with.

use crate::{Db, Error, Tx, backend::each_backend, handles, new_id};
use std::fmt;
use telicat_domain::{Author, Email, Handle, PersonId, PictureId, Profile, Timestamp, account::OwnProfile};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    INSERT_PERSON,
    INSERT_EMAIL,
    JOIN_PUBLIC_ROOMS,
    FIND_CREDENTIALS,
    FIND_PASSWORD_HASH,
    GET_OWN_PROFILE,
    UPDATE_PASSWORD,
    UPDATE_PASSWORD_HASH,
    UPDATE_WAITING,
    DELETE_WAITING,
    COUNT_PEOPLE,
];

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

/// Writes a person with a first address. A handle that somebody has left is taken for a while.
///
/// # Errors
/// [`Error::Conflict`] with [`Constraint::Handle`](crate::Constraint::Handle) or
/// [`Constraint::Email`](crate::Constraint::Email); [`Error::Database`].
pub async fn insert_person(tx: &mut Tx, new: &NewPerson) -> Result<(), Error> {
    insert_person_without_address(tx, new).await?;
    each_backend!(write tx, on => sqlx::query(INSERT_EMAIL)
        .bind(new_id(new.at))
        .bind(new.id.0)
        .bind(new.email.as_str())
        .bind(new.email.folded())
        .bind(new.at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// As [`insert_person`], but for the address, which is somebody else's. To be called for who is going to wait: nobody can
/// log in as this person, and [`delete_waiting_people`] removes them.
///
/// # Errors
/// [`Error::Conflict`] with [`Constraint::Handle`](crate::Constraint::Handle); [`Error::Database`].
pub async fn insert_person_without_address(tx: &mut Tx, new: &NewPerson) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(INSERT_PERSON)
        .bind(new.id.0)
        .bind(new.handle.as_str())
        .bind(new.handle.folded())
        .bind(new.password_hash.as_str())
        .bind(new.at.0)
        .execute(on).await.map(drop))?;
    handles::take(tx, &new.handle, new.id, new.at).await?;
    each_backend!(write tx, on =>
        sqlx::query(JOIN_PUBLIC_ROOMS).bind(new.id.0).bind(new.at.0).execute(on).await.map(drop))?;
    Ok(())
}

// Whoever comes has not missed what was said before.
const JOIN_PUBLIC_ROOMS: &str = "
    INSERT INTO memberships (room_id, person_id, role, read_seq, joined_at)
    SELECT id, $1, 'member', last_seq, $2 FROM rooms WHERE kind = 'public' AND deleted_at IS NULL";

const UPDATE_WAITING: &str = "UPDATE people SET waiting = $2 WHERE id = $1";

/// Says whether an account waits until its address is confirmed. Until then nobody logs in, and nobody sees it.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_waiting(tx: &mut Tx, person: PersonId, waiting: bool) -> Result<(), Error> {
    each_backend!(write tx, on =>
        sqlx::query(UPDATE_WAITING).bind(person.0).bind(waiting).execute(on).await.map(drop))?;
    Ok(())
}

const DELETE_WAITING: &str = "DELETE FROM people WHERE waiting AND created_at <= $1";

/// Removes the accounts that have waited since `before` or longer, and says how many. They have written nothing.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_waiting_people(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    Ok(each_backend!(write tx, on =>
        sqlx::query(DELETE_WAITING).bind(before.0).execute(on).await.map(|done| done.rows_affected()))?)
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
    #[sqlx(flatten)]
    author: AuthorRow,
    password_hash: String,
}

const FIND_CREDENTIALS: &str = "
    SELECT id AS author_id, handle, display_name, picture_id, deleted_at, password_hash, 1 AS place
    FROM people WHERE handle_folded = $1 AND deleted_at IS NULL AND deactivated_at IS NULL AND NOT waiting
    UNION ALL
    SELECT p.id, p.handle, p.display_name, p.picture_id, p.deleted_at, p.password_hash, 2 AS place
    FROM email_addresses e JOIN people p ON p.id = e.person_id
    WHERE e.address_folded = $1 AND (e.verified OR e.is_primary) AND p.deleted_at IS NULL AND p.deactivated_at IS NULL
        AND NOT p.waiting
    ORDER BY place LIMIT 1";

/// Finds the person with this handle, or else with this address, in its folded form. Who was deactivated, or waits
/// until the address is confirmed, is not found.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_credentials(db: &Db, login_folded: &str) -> Result<Option<Credentials>, Error> {
    let row: Option<CredentialsRow> = each_backend!(read db, on =>
        sqlx::query_as(FIND_CREDENTIALS).bind(login_folded).fetch_optional(on).await)?;
    Ok(row.map(|row| Credentials {
        person: PersonId(row.author.author_id),
        author: row.author.into(),
        password_hash: row.password_hash,
    }))
}

const FIND_PASSWORD_HASH: &str = "SELECT password_hash FROM people WHERE id = $1 AND deleted_at IS NULL";

/// Finds the hash of a person's password, in PHC format.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_password_hash(db: &Db, person: PersonId) -> Result<Option<String>, Error> {
    Ok(each_backend!(read db, on =>
        sqlx::query_scalar(FIND_PASSWORD_HASH).bind(person.0).fetch_optional(on).await)?)
}

#[derive(sqlx::FromRow)]
pub(crate) struct ProfileRow {
    #[sqlx(flatten)]
    author: AuthorRow,
    about: String,
    created_at: i64,
}

impl From<ProfileRow> for Profile {
    fn from(row: ProfileRow) -> Self {
        Self { author: row.author.into(), about: row.about, joined_at: Timestamp(row.created_at) }
    }
}

#[derive(sqlx::FromRow)]
struct OwnRow {
    #[sqlx(flatten)]
    profile: ProfileRow,
    is_public: bool,
    password_changed_at: Option<i64>,
}

const GET_OWN_PROFILE: &str = "
    SELECT id AS author_id, handle, display_name, picture_id, deleted_at, about, created_at, is_public,
        password_changed_at
    FROM people WHERE id = $1";

/// What a person sees of their own profile, and when they changed their password.
///
/// # Errors
/// [`Error::Database`]; [`Error::is_missing`] when there is no such person.
pub async fn get_own_profile(db: &Db, person: PersonId) -> Result<(OwnProfile, Option<Timestamp>), Error> {
    let row: OwnRow = each_backend!(read db, on => sqlx::query_as(GET_OWN_PROFILE).bind(person.0).fetch_one(on).await)?;
    let profile = OwnProfile { profile: row.profile.into(), is_public: row.is_public };
    Ok((profile, row.password_changed_at.map(Timestamp)))
}

/// A person as others see them: the columns that every query with an [`Author`] has. The identifier is called
/// `author_id` in all of them.
#[derive(sqlx::FromRow)]
pub(crate) struct AuthorRow {
    pub(crate) author_id: Uuid,
    handle: String,
    display_name: Option<String>,
    picture_id: Option<Uuid>,
    deleted_at: Option<i64>,
}

impl From<AuthorRow> for Author {
    fn from(row: AuthorRow) -> Self {
        Self {
            id: PersonId(row.author_id),
            handle: Handle::from_stored(row.handle),
            name: row.display_name,
            picture: row.picture_id.map(PictureId),
            deleted: row.deleted_at.is_some(),
        }
    }
}

const UPDATE_PASSWORD_HASH: &str = "UPDATE people SET password_hash = $3 WHERE id = $1 AND password_hash = $2";

/// Replaces the hash of a password by another one, unless it is not `old` any more. Says whether it was. Until the
/// transaction ends nobody else replaces it.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_password_hash(tx: &mut Tx, person: PersonId, old: &str, new: &str) -> Result<bool, Error> {
    let updated = each_backend!(write tx, on => sqlx::query(UPDATE_PASSWORD_HASH)
        .bind(person.0)
        .bind(old)
        .bind(new)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(updated > 0)
}

const UPDATE_PASSWORD: &str = "
    UPDATE people SET password_hash = $2, password_changed_at = $3
    WHERE id = $1 AND deleted_at IS NULL AND deactivated_at IS NULL";

/// Gives a person another password. Says whether the person was there.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_password(tx: &mut Tx, person: PersonId, hash: &str, at: Timestamp) -> Result<bool, Error> {
    let updated = each_backend!(write tx, on => sqlx::query(UPDATE_PASSWORD)
        .bind(person.0)
        .bind(hash)
        .bind(at.0)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(updated > 0)
}

const COUNT_PEOPLE: &str = "SELECT count(*) FROM people";

/// How many people there are.
///
/// # Errors
/// [`Error::Database`].
pub async fn count_people(db: &Db) -> Result<i64, Error> {
    Ok(each_backend!(read db, on => sqlx::query_scalar(COUNT_PEOPLE).fetch_one(on).await)?)
}
