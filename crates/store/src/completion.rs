//! People whose names begin to be typed.

use crate::{Db, Error, backend::each_backend, people::AuthorRow};
use telicat_domain::{Author, PersonId, RoomId};

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[COMPLETE_IN_ROOM, COMPLETE_ANYWHERE];

/// What was typed, in the forms that are compared.
#[derive(Debug, Clone)]
pub struct Typed {
    /// As it was typed: `SQLite` folds no letters beyond ASCII.
    pattern: String,
    folded: String,
    begins: String,
}

impl Typed {
    /// Reads what was typed; nothing means everybody.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let escaped = |text: &str| text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let folded = escaped(&text.to_lowercase());
        Self { pattern: format!("%{}%", escaped(text)), begins: format!("{folded}%"), folded: format!("%{folded}%") }
    }
}

// Of the last messages only: whoever has written before that has not written lately.
const COMPLETE_IN_ROOM: &str = "
    SELECT p.id AS author_id, p.handle, p.display_name, p.picture_id, p.deleted_at
    FROM people p JOIN rooms r ON r.id = $1 LEFT JOIN (
        SELECT x.author_id, max(x.seq) AS seq
        FROM (SELECT m.author_id, m.seq FROM messages m WHERE m.room_id = $1 ORDER BY m.seq DESC LIMIT 500) x
        GROUP BY x.author_id) l ON l.author_id = p.id
    WHERE p.deleted_at IS NULL AND p.deactivated_at IS NULL AND NOT p.waiting AND p.id <> $2
        AND (p.handle_folded LIKE $3 ESCAPE '\\' OR lower(p.display_name) LIKE $3 ESCAPE '\\'
            OR p.display_name LIKE $4 ESCAPE '\\')
        AND (r.kind = 'public' OR EXISTS (SELECT 1 FROM memberships k WHERE k.room_id = r.id AND k.person_id = p.id))
    ORDER BY coalesce(l.seq, 0) DESC, CASE WHEN p.handle_folded LIKE $5 ESCAPE '\\' THEN 0 ELSE 1 END, p.handle_folded
    LIMIT $6";

/// The people of a room, in a public one everybody, whose handle or name has something in it, but for one of them: those
/// who wrote there last come first.
///
/// # Errors
/// [`Error::Database`].
pub async fn complete_in_room(
    db: &Db,
    room: RoomId,
    but: PersonId,
    typed: &Typed,
    limit: i64,
) -> Result<Vec<Author>, Error> {
    let rows: Vec<AuthorRow> = each_backend!(read db, on => sqlx::query_as(COMPLETE_IN_ROOM)
        .bind(room.0)
        .bind(but.0)
        .bind(typed.folded.as_str())
        .bind(typed.pattern.as_str())
        .bind(typed.begins.as_str())
        .bind(limit)
        .fetch_all(on).await)?;
    Ok(rows.into_iter().map(Author::from).collect())
}

// Who wrote last tells nothing of rooms that one may not read: only messages of the others count.
const COMPLETE_ANYWHERE: &str = "
    SELECT p.id AS author_id, p.handle, p.display_name, p.picture_id, p.deleted_at
    FROM people p LEFT JOIN (
        SELECT x.author_id, max(x.created_at) AS at
        FROM (SELECT m.author_id, m.room_id, m.created_at FROM messages m ORDER BY m.id DESC LIMIT 500) x
            JOIN rooms r ON r.id = x.room_id
        WHERE r.kind = 'public' OR EXISTS (SELECT 1 FROM memberships k WHERE k.room_id = r.id AND k.person_id = $1)
        GROUP BY x.author_id) l ON l.author_id = p.id
    WHERE p.deleted_at IS NULL AND p.deactivated_at IS NULL AND NOT p.waiting AND p.id <> $1
        AND (p.handle_folded LIKE $2 ESCAPE '\\' OR lower(p.display_name) LIKE $2 ESCAPE '\\'
            OR p.display_name LIKE $3 ESCAPE '\\')
    ORDER BY coalesce(l.at, 0) DESC, CASE WHEN p.handle_folded LIKE $4 ESCAPE '\\' THEN 0 ELSE 1 END, p.handle_folded
    LIMIT $5";

/// People whose handle or name has something in it, but for the one who asks: those who wrote last where they may read
/// come first.
///
/// # Errors
/// [`Error::Database`].
pub async fn complete_anywhere(db: &Db, asks: PersonId, typed: &Typed, limit: i64) -> Result<Vec<Author>, Error> {
    let rows: Vec<AuthorRow> = each_backend!(read db, on => sqlx::query_as(COMPLETE_ANYWHERE)
        .bind(asks.0)
        .bind(typed.folded.as_str())
        .bind(typed.pattern.as_str())
        .bind(typed.begins.as_str())
        .bind(limit)
        .fetch_all(on).await)?;
    Ok(rows.into_iter().map(Author::from).collect())
}
