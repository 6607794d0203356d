//! What is left of rooms that were deleted goes little by little, so that nobody waits for it.

use crate::{Db, Error, Tx, backend::each_backend};
use telicat_domain::RoomId;
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[LIST_DELETED_ROOMS, PURGE_EVENTS, PURGE_MESSAGES, PURGE_ROOM];

const LIST_DELETED_ROOMS: &str = "
    SELECT id FROM rooms WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT $1";

/// Rooms that were deleted, the first of them first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_deleted_rooms(db: &Db, limit: i64) -> Result<Vec<RoomId>, Error> {
    let ids: Vec<Uuid> =
        each_backend!(read db, on => sqlx::query_scalar(LIST_DELETED_ROOMS).bind(limit).fetch_all(on).await)?;
    Ok(ids.into_iter().map(RoomId).collect())
}

const PURGE_EVENTS: &str = "
    DELETE FROM events WHERE room_id = $1
        AND seq IN (SELECT seq FROM events WHERE room_id = $1 ORDER BY seq DESC LIMIT $2)";

// From the end: a message that answers another one, or is in a thread, comes after it, and goes before it.
const PURGE_MESSAGES: &str = "
    DELETE FROM messages WHERE room_id = $1
        AND seq IN (SELECT seq FROM messages WHERE room_id = $1 ORDER BY seq DESC LIMIT $2)";

// Its members, its link and who was removed go with it.
const PURGE_ROOM: &str = "DELETE FROM rooms WHERE id = $1 AND deleted_at IS NOT NULL";

/// Removes at most `rows` rows of a room that was deleted: first of its events, then of its messages with all that is
/// theirs, and then the room itself. Says whether the room is gone.
///
/// # Errors
/// [`Error::Database`].
pub async fn purge_room(tx: &mut Tx, room: RoomId, rows: i64) -> Result<bool, Error> {
    for text in [PURGE_EVENTS, PURGE_MESSAGES] {
        let removed = each_backend!(write tx, on =>
            sqlx::query(text).bind(room.0).bind(rows).execute(on).await.map(|done| done.rows_affected()))?;
        if removed > 0 {
            return Ok(false);
        }
    }
    each_backend!(write tx, on => sqlx::query(PURGE_ROOM).bind(room.0).execute(on).await.map(drop))?;
    Ok(true)
}
