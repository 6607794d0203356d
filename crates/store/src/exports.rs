//! Copies of all of one's data: how far they are, and what goes into them.

use crate::{Db, Error, Tx, backend::each_backend};
use telicat_domain::{
    PersonId, Timestamp,
    account::{Export, ExportState},
};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    FIND_LATEST_EXPORT,
    FIND_LATEST_IN,
    INSERT_EXPORT,
    FIND_WAITING_EXPORT,
    UPDATE_PROGRESS,
    UPDATE_READY,
    UPDATE_FAILED,
    IS_EXPORT_READY,
    LIST_EXPORTS,
    DELETE_EXPORTS_OF,
    DELETE_EXPIRED_EXPORTS,
    FIND_PICTURES,
];

#[derive(sqlx::FromRow)]
struct ExportRow {
    id: Uuid,
    state: String,
    done_steps: i64,
    all_steps: i64,
    size: i64,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<ExportRow> for Export {
    type Error = Error;

    fn try_from(row: ExportRow) -> Result<Self, Error> {
        let state = match row.state.as_str() {
            "waiting" => ExportState::Making { done: row.done_steps, all: row.all_steps },
            "ready" => ExportState::Ready { size: row.size, expires_at: Timestamp(row.expires_at) },
            "failed" => ExportState::Failed,
            _ => return Err(Error::Corrupt("the state of an export")),
        };
        Ok(Self { id: row.id, state, created_at: Timestamp(row.created_at) })
    }
}

const FIND_LATEST_EXPORT: &str = "
    SELECT id, state, done_steps, all_steps, size, created_at, expires_at FROM exports
    WHERE person_id = $1 AND expires_at > $2 ORDER BY created_at DESC LIMIT 1";

/// Finds the copy that a person asked for last, unless it has expired.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn find_latest_export(db: &Db, person: PersonId, now: Timestamp) -> Result<Option<Export>, Error> {
    let row: Option<ExportRow> = each_backend!(read db, on =>
        sqlx::query_as(FIND_LATEST_EXPORT).bind(person.0).bind(now.0).fetch_optional(on).await)?;
    row.map(Export::try_from).transpose()
}

const FIND_LATEST_IN: &str = "
    SELECT id, state, done_steps, all_steps, size, created_at, expires_at FROM exports
    WHERE person_id = $1 ORDER BY created_at DESC LIMIT 1";

/// The same inside a transaction, whether or not it has expired.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn find_latest_export_in(tx: &mut Tx, person: PersonId) -> Result<Option<Export>, Error> {
    let row: Option<ExportRow> =
        each_backend!(write tx, on => sqlx::query_as(FIND_LATEST_IN).bind(person.0).fetch_optional(on).await)?;
    row.map(Export::try_from).transpose()
}

const INSERT_EXPORT: &str = "
    INSERT INTO exports (id, person_id, state, created_at, expires_at) VALUES ($1, $2, 'waiting', $3, $4)";

/// Writes down that a copy is to be made.
///
/// # Errors
/// [`Error::Conflict`] with [`Constraint::Export`](crate::Constraint::Export) when one is being made for the person;
/// [`Error::Database`].
pub async fn insert_export(
    tx: &mut Tx,
    id: Uuid,
    person: PersonId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(INSERT_EXPORT)
        .bind(id)
        .bind(person.0)
        .bind(now.0)
        .bind(expires_at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

const FIND_WAITING_EXPORT: &str = "
    SELECT id, person_id FROM exports WHERE state = 'waiting' ORDER BY created_at, id LIMIT 1";

/// Finds the copy that has waited longest to be made, and for whom.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_waiting_export(db: &Db) -> Result<Option<(Uuid, PersonId)>, Error> {
    let row: Option<(Uuid, Uuid)> =
        each_backend!(read db, on => sqlx::query_as(FIND_WAITING_EXPORT).fetch_optional(on).await)?;
    Ok(row.map(|(id, person)| (id, PersonId(person))))
}

const UPDATE_PROGRESS: &str = "
    UPDATE exports SET done_steps = $2, all_steps = $3 WHERE id = $1 AND state = 'waiting'";

/// Writes down how far a copy is. Says whether it is still wanted.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_export_progress(tx: &mut Tx, id: Uuid, done: i64, all: i64) -> Result<bool, Error> {
    let updated = each_backend!(write tx, on => sqlx::query(UPDATE_PROGRESS)
        .bind(id)
        .bind(done)
        .bind(all)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(updated > 0)
}

const UPDATE_READY: &str = "
    UPDATE exports SET state = 'ready', size = $2, expires_at = $3 WHERE id = $1 AND state = 'waiting'";

/// Writes down that a copy is there, with its bytes. Says whether it is still wanted.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_export_ready(tx: &mut Tx, id: Uuid, size: i64, expires_at: Timestamp) -> Result<bool, Error> {
    let updated = each_backend!(write tx, on => sqlx::query(UPDATE_READY)
        .bind(id)
        .bind(size)
        .bind(expires_at.0)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(updated > 0)
}

const UPDATE_FAILED: &str = "UPDATE exports SET state = 'failed' WHERE id = $1 AND state = 'waiting'";

/// Writes down that a copy could not be made.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_export_failed(tx: &mut Tx, id: Uuid) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(UPDATE_FAILED).bind(id).execute(on).await.map(drop))?;
    Ok(())
}

const IS_EXPORT_READY: &str = "
    SELECT count(*) FROM exports WHERE id = $1 AND person_id = $2 AND state = 'ready' AND expires_at > $3";

/// Whether a copy is there and belongs to that person.
///
/// # Errors
/// [`Error::Database`].
pub async fn is_export_ready(db: &Db, id: Uuid, person: PersonId, now: Timestamp) -> Result<bool, Error> {
    let count: i64 = each_backend!(read db, on =>
        sqlx::query_scalar(IS_EXPORT_READY).bind(id).bind(person.0).bind(now.0).fetch_one(on).await)?;
    Ok(count > 0)
}

const LIST_EXPORTS: &str = "SELECT id FROM exports";

/// All copies that are known, so that the files of others can be removed.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_exports(db: &Db) -> Result<Vec<Uuid>, Error> {
    Ok(each_backend!(read db, on => sqlx::query_scalar(LIST_EXPORTS).fetch_all(on).await)?)
}

const DELETE_EXPORTS_OF: &str = "DELETE FROM exports WHERE person_id = $1 RETURNING id";

/// Forgets the copies of a person. Says which, so that their files can go too.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_exports_of(tx: &mut Tx, person: PersonId) -> Result<Vec<Uuid>, Error> {
    Ok(each_backend!(write tx, on => sqlx::query_scalar(DELETE_EXPORTS_OF).bind(person.0).fetch_all(on).await)?)
}

const DELETE_EXPIRED_EXPORTS: &str = "DELETE FROM exports WHERE expires_at <= $1 AND state <> 'waiting' RETURNING id";

/// Forgets the copies that have expired. Says which, so that their files can go too.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_expired_exports(tx: &mut Tx, now: Timestamp) -> Result<Vec<Uuid>, Error> {
    Ok(each_backend!(write tx, on => sqlx::query_scalar(DELETE_EXPIRED_EXPORTS).bind(now.0).fetch_all(on).await)?)
}

const FIND_PICTURES: &str = "
    SELECT x.small, x.large FROM pictures x JOIN people p ON p.picture_id = x.id WHERE p.id = $1";

/// Finds the picture of a person, small and large, as WebP.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_picture_of(db: &Db, person: PersonId) -> Result<Option<(Vec<u8>, Vec<u8>)>, Error> {
    Ok(each_backend!(read db, on => sqlx::query_as(FIND_PICTURES).bind(person.0).fetch_optional(on).await)?)
}
