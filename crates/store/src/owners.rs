//! Who runs the site, and who is kept out of it.

use crate::{Db, Error, Tx, backend::each_backend};
use telicat_domain::{PersonId, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    COUNT_OWNERS,
    LOCK_OWNERS,
    UPDATE_OWNER,
    DELETE_FIRST_OWNER_TOKENS,
    UPDATE_DEACTIVATED,
    LIST_SHUT_OUT,
    LIST_MEMBERS,
    FIND_MEMBER,
];

const COUNT_OWNERS: &str = "
    SELECT count(*) FROM people WHERE is_owner AND deleted_at IS NULL AND deactivated_at IS NULL";

/// Whether anybody runs the site.
///
/// # Errors
/// [`Error::Database`].
pub async fn has_owner(db: &Db) -> Result<bool, Error> {
    let count: i64 = each_backend!(read db, on => sqlx::query_scalar(COUNT_OWNERS).fetch_one(on).await)?;
    Ok(count > 0)
}

const LOCK_OWNERS: &str = "
    UPDATE people SET is_owner = TRUE WHERE is_owner AND deleted_at IS NULL AND deactivated_at IS NULL RETURNING id";

/// Those who run the site. They stay so until the end of the transaction, so that of two owners who leave at once one
/// is the last and knows it.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_owners_for_update(tx: &mut Tx) -> Result<Vec<PersonId>, Error> {
    let ids: Vec<Uuid> = each_backend!(write tx, on => sqlx::query_scalar(LOCK_OWNERS).fetch_all(on).await)?;
    Ok(ids.into_iter().map(PersonId).collect())
}

const UPDATE_OWNER: &str = "UPDATE people SET is_owner = $2 WHERE id = $1 AND deleted_at IS NULL";

/// Makes somebody run the site, or no more. Says whether there is such a person.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_owner(tx: &mut Tx, person: PersonId, is_owner: bool) -> Result<bool, Error> {
    let updated = each_backend!(write tx, on => sqlx::query(UPDATE_OWNER)
        .bind(person.0)
        .bind(is_owner)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(updated > 0)
}

const DELETE_FIRST_OWNER_TOKENS: &str = "DELETE FROM tokens WHERE purpose = 'first_owner'";

/// Makes the links worthless by which somebody could become the first owner.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_first_owner_tokens(tx: &mut Tx) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(DELETE_FIRST_OWNER_TOKENS).execute(on).await.map(drop))?;
    Ok(())
}

const UPDATE_DEACTIVATED: &str = "UPDATE people SET deactivated_at = $2 WHERE id = $1 AND deleted_at IS NULL";

/// Keeps somebody out from a moment on, or lets them in again.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_deactivated(tx: &mut Tx, person: PersonId, at: Option<Timestamp>) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(UPDATE_DEACTIVATED)
        .bind(person.0)
        .bind(at.map(|at| at.0))
        .execute(on).await.map(drop))?;
    Ok(())
}

const LIST_SHUT_OUT: &str = "
    SELECT id FROM people WHERE deactivated_at > $1 UNION SELECT id FROM people WHERE deleted_at > $1";

/// Those who were deactivated or deleted after a moment. Two looks into indexes that are nearly empty.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_shut_out_since(db: &Db, since: Timestamp) -> Result<Vec<PersonId>, Error> {
    let ids: Vec<Uuid> =
        each_backend!(read db, on => sqlx::query_scalar(LIST_SHUT_OUT).bind(since.0).fetch_all(on).await)?;
    Ok(ids.into_iter().map(PersonId).collect())
}

/// Somebody with an account, as those see who run the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub id: PersonId,
    /// The handle.
    pub handle: String,
    /// The display name.
    pub name: Option<String>,
    /// The first address.
    pub address: Option<String>,
    /// Whether mail to it is known to arrive.
    pub verified: bool,
    /// Whether they run the site.
    pub is_owner: bool,
    /// Since when they are kept out.
    pub deactivated_at: Option<Timestamp>,
    /// Since when they are here.
    pub joined_at: Timestamp,
    /// When a session of theirs was used last, as far as that was written and the session lives.
    pub last_seen_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct MemberRow {
    id: Uuid,
    handle: String,
    display_name: Option<String>,
    address: Option<String>,
    verified: Option<bool>,
    is_owner: bool,
    deactivated_at: Option<i64>,
    created_at: i64,
    last_seen_at: Option<i64>,
}

impl From<MemberRow> for Member {
    fn from(row: MemberRow) -> Self {
        Self {
            id: PersonId(row.id),
            handle: row.handle,
            name: row.display_name,
            address: row.address,
            verified: row.verified.unwrap_or_default(),
            is_owner: row.is_owner,
            deactivated_at: row.deactivated_at.map(Timestamp),
            joined_at: Timestamp(row.created_at),
            last_seen_at: row.last_seen_at.map(Timestamp),
        }
    }
}

const LIST_MEMBERS: &str = "
    SELECT p.id, p.handle, p.display_name, e.address, e.verified, p.is_owner, p.deactivated_at, p.created_at,
        (SELECT max(s.last_seen_at) FROM sessions s WHERE s.person_id = p.id) AS last_seen_at
    FROM people p LEFT JOIN email_addresses e ON e.person_id = p.id AND e.is_primary
    WHERE p.deleted_at IS NULL ORDER BY p.created_at, p.id";

/// All who have an account, those who came first first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_members(db: &Db) -> Result<Vec<Member>, Error> {
    let rows: Vec<MemberRow> = each_backend!(read db, on => sqlx::query_as(LIST_MEMBERS).fetch_all(on).await)?;
    Ok(rows.into_iter().map(Member::from).collect())
}

const FIND_MEMBER: &str = "
    SELECT p.id, p.handle, p.display_name, e.address, e.verified, p.is_owner, p.deactivated_at, p.created_at,
        (SELECT max(s.last_seen_at) FROM sessions s WHERE s.person_id = p.id) AS last_seen_at
    FROM people p LEFT JOIN email_addresses e ON e.person_id = p.id AND e.is_primary
    WHERE p.handle_folded = $1 AND p.deleted_at IS NULL";

/// Finds who has this handle, in its folded form, inside a transaction.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_member(tx: &mut Tx, handle_folded: &str) -> Result<Option<Member>, Error> {
    let row: Option<MemberRow> = each_backend!(write tx, on =>
        sqlx::query_as(FIND_MEMBER).bind(handle_folded).fetch_optional(on).await)?;
    Ok(row.map(Member::from))
}
