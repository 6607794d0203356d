//! Links that let people into groups. A room has one at most.

use crate::{Db, Error, Tx, backend::each_backend};
use std::fmt;
use telicat_domain::{PersonId, RoomId, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[FIND_LINK, FIND_LINKED_ROOM, UPSERT_LINK, TAKE_LINK, DELETE_LINK];

/// A link into a room. Whoever knows its code gets in, so it is not shown by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    /// The room.
    pub room: RoomId,
    /// What its address ends with.
    pub code: String,
    /// When it ends; nothing when it does not.
    pub expires_at: Option<Timestamp>,
    /// How many more may use it; nothing when that is not limited.
    pub uses_left: Option<i64>,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("room", &self.room).finish_non_exhaustive()
    }
}

impl Link {
    /// Whether it lets somebody in at a moment.
    #[must_use]
    pub fn works(&self, now: Timestamp) -> bool {
        self.uses_left != Some(0) && self.expires_at.is_none_or(|end| end > now)
    }
}

type LinkRow = (Uuid, String, Option<i64>, Option<i64>);

fn link((room, code, expires_at, uses_left): LinkRow) -> Link {
    Link { room: RoomId(room), code, expires_at: expires_at.map(Timestamp), uses_left }
}

const FIND_LINK: &str = "SELECT room_id, code, expires_at, uses_left FROM room_links WHERE room_id = $1";

/// Finds the link into a room, whether or not it works.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_link(db: &Db, room: RoomId) -> Result<Option<Link>, Error> {
    let row: Option<LinkRow> =
        each_backend!(read db, on => sqlx::query_as(FIND_LINK).bind(room.0).fetch_optional(on).await)?;
    Ok(row.map(link))
}

const FIND_LINKED_ROOM: &str = "
    SELECT l.room_id, l.code, l.expires_at, l.uses_left FROM room_links l JOIN rooms r ON r.id = l.room_id
    WHERE l.code = $1 AND r.deleted_at IS NULL";

/// Finds the link with a code, whether or not it works.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_link_by_code(db: &Db, code: &str) -> Result<Option<Link>, Error> {
    let row: Option<LinkRow> =
        each_backend!(read db, on => sqlx::query_as(FIND_LINKED_ROOM).bind(code).fetch_optional(on).await)?;
    Ok(row.map(link))
}

const UPSERT_LINK: &str = "
    INSERT INTO room_links (room_id, code, created_by, uses_left, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (room_id) DO UPDATE SET code = excluded.code, created_by = excluded.created_by,
        uses_left = excluded.uses_left, created_at = excluded.created_at, expires_at = excluded.expires_at";

/// Writes the link into a room; the one before works no more.
///
/// # Errors
/// [`Error::Database`].
pub async fn replace_link(tx: &mut Tx, link: &Link, by: PersonId, at: Timestamp) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(UPSERT_LINK)
        .bind(link.room.0)
        .bind(link.code.as_str())
        .bind(by.0)
        .bind(link.uses_left)
        .bind(at.0)
        .bind(link.expires_at.map(|end| end.0))
        .execute(on).await.map(drop))?;
    Ok(())
}

const TAKE_LINK: &str = "
    UPDATE room_links SET uses_left = uses_left - 1
    WHERE room_id = $1 AND code = $2 AND (uses_left IS NULL OR uses_left > 0) AND (expires_at IS NULL OR expires_at > $3)";

/// Uses a link once. Says whether that was possible: of two that want the last use at once one gets it.
///
/// # Errors
/// [`Error::Database`].
pub async fn take_link(tx: &mut Tx, room: RoomId, code: &str, now: Timestamp) -> Result<bool, Error> {
    let taken = each_backend!(write tx, on => sqlx::query(TAKE_LINK)
        .bind(room.0)
        .bind(code)
        .bind(now.0)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(taken > 0)
}

const DELETE_LINK: &str = "DELETE FROM room_links WHERE room_id = $1";

/// Ends the link into a room. Doing so twice is no error.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_link(tx: &mut Tx, room: RoomId) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(DELETE_LINK).bind(room.0).execute(on).await.map(drop))?;
    Ok(())
}
