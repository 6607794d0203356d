//! Handles that somebody has left: nobody else can take them for a while, and they lead to whoever had them.

use crate::{Constraint, Error, Tx, backend::each_backend};
use telicat_domain::{Handle, PersonId, Timestamp};

#[cfg(test)]
pub(crate) const ALL: &[&str] =
    &[IS_HANDLE_RETIRED, DELETE_RETIRED_HANDLE, INSERT_RETIRED_HANDLE, UPDATE_HANDLE, LOCK_HANDLE, DELETE_FREE_HANDLES];

const IS_HANDLE_RETIRED: &str = "
    SELECT count(*) FROM retired_handles
    WHERE handle_folded = $1 AND free_at > $2 AND (person_id IS NULL OR person_id <> $3)";

const DELETE_RETIRED_HANDLE: &str = "DELETE FROM retired_handles WHERE handle_folded = $1";

/// Makes sure that a handle which a person has just been given may be theirs. It has to be asked after the handle was
/// written: who leaves one at the same moment holds it until their transaction ends, and then its mark is seen here.
pub(crate) async fn take(tx: &mut Tx, handle: &Handle, person: PersonId, now: Timestamp) -> Result<(), Error> {
    let folded = handle.folded();
    let retired: i64 = each_backend!(write tx, on => sqlx::query_scalar(IS_HANDLE_RETIRED)
        .bind(folded.as_str())
        .bind(now.0)
        .bind(person.0)
        .fetch_one(on).await)?;
    if retired > 0 {
        return Err(Error::Conflict(Constraint::Handle));
    }
    each_backend!(write tx, on =>
        sqlx::query(DELETE_RETIRED_HANDLE).bind(folded.as_str()).execute(on).await.map(drop))?;
    Ok(())
}

const INSERT_RETIRED_HANDLE: &str = "
    INSERT INTO retired_handles (handle_folded, person_id, free_at) VALUES ($1, $2, $3)
    ON CONFLICT (handle_folded) DO UPDATE SET person_id = excluded.person_id, free_at = excluded.free_at";

/// Keeps everybody from a handle until `free_at`, but for the person who left it for another, to whom it leads.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_retired_handle(
    tx: &mut Tx,
    handle_folded: &str,
    person: Option<PersonId>,
    free_at: Timestamp,
) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(INSERT_RETIRED_HANDLE)
        .bind(handle_folded)
        .bind(person.map(|person| person.0))
        .bind(free_at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// Holds the row of the person until the end of the transaction, so that of two changes the second sees the first.
const LOCK_HANDLE: &str = "
    UPDATE people SET changed_at = $2 WHERE id = $1 AND deleted_at IS NULL RETURNING handle";

const UPDATE_HANDLE: &str = "UPDATE people SET handle = $2, handle_folded = $3 WHERE id = $1";

/// Gives a person another handle, and keeps the old one from others until `free_at`, unless only its letter case
/// changes. Says what the old one was.
///
/// # Errors
/// [`Error::Conflict`] with [`Constraint::Handle`]; [`Error::is_missing`] when there is no such person;
/// [`Error::Database`].
pub async fn update_handle(
    tx: &mut Tx,
    person: PersonId,
    handle: &Handle,
    now: Timestamp,
    free_at: Timestamp,
) -> Result<Handle, Error> {
    let old: String = each_backend!(write tx, on =>
        sqlx::query_scalar(LOCK_HANDLE).bind(person.0).bind(now.0).fetch_one(on).await)?;
    let old = Handle::from_stored(old);
    each_backend!(write tx, on => sqlx::query(UPDATE_HANDLE)
        .bind(person.0)
        .bind(handle.as_str())
        .bind(handle.folded())
        .execute(on).await.map(drop))?;
    if old.folded() != handle.folded() {
        take(tx, handle, person, now).await?;
        insert_retired_handle(tx, &old.folded(), Some(person), free_at).await?;
    }
    Ok(old)
}

const DELETE_FREE_HANDLES: &str = "DELETE FROM retired_handles WHERE free_at <= $1";

/// Forgets the handles that anybody can take again.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_free_handles(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    Ok(each_backend!(write tx, on =>
        sqlx::query(DELETE_FREE_HANDLES).bind(now.0).execute(on).await.map(|done| done.rows_affected()))?)
}
