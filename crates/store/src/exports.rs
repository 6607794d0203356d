//! Copies of all of one's data, as far as they are made.

use crate::{Db, Error, backend::each_backend};
use telicat_domain::{
    PersonId, Timestamp,
    account::{Export, ExportState},
};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[FIND_LATEST_EXPORT];

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
