//! Reading messages. All seek in an index, so a page costs the same in a room of ten messages and of ten million.

use super::row::{MessageRow, columns, joins};
use crate::{
    Db, Error,
    backend::{On, each_backend},
    many::{Many, ROWS_MAX},
};
use std::sync::LazyLock;
use telicat_domain::{Message, MessageId, PersonId, RoomId, RoomSlug, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    LIST_BEFORE,
    LIST_AFTER,
    LIST_REPLIES_BEFORE,
    LIST_PINNED,
    LIST_SAVED,
    FIND_SAVED_AT,
    FIND_PLACE,
    LIST_AROUND,
    FIND_DAY,
];
#[cfg(test)]
pub(crate) const ALL_MANY: &[&LazyLock<Many>] = &[&FIND_MESSAGES];

const LIST_BEFORE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages m ",
    joins!(),
    " WHERE m.room_id = $1 AND m.root_id IS NULL AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3"
);

/// The last `limit` messages of a room outside of threads whose number is below `before_seq`, oldest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_messages_before(db: &Db, room: RoomId, before_seq: i64, limit: i64) -> Result<Vec<Message>, Error> {
    let rows: Vec<MessageRow> = each_backend!(read db, on =>
        sqlx::query_as(LIST_BEFORE).bind(room.0).bind(before_seq).bind(limit).fetch_all(on).await)?;
    Ok(rows.into_iter().rev().map(Message::from).collect())
}

const LIST_AFTER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages m ",
    joins!(),
    " WHERE m.room_id = $1 AND m.root_id IS NULL AND m.seq > $2 ORDER BY m.seq LIMIT $3"
);

/// The first `limit` messages of a room outside of threads whose number is above `after_seq`, oldest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_messages_after(db: &Db, room: RoomId, after_seq: i64, limit: i64) -> Result<Vec<Message>, Error> {
    let rows: Vec<MessageRow> = each_backend!(read db, on =>
        sqlx::query_as(LIST_AFTER).bind(room.0).bind(after_seq).bind(limit).fetch_all(on).await)?;
    Ok(rows.into_iter().map(Message::from).collect())
}

const LIST_REPLIES_BEFORE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages m ",
    joins!(),
    " WHERE m.root_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3"
);

/// The last `limit` replies in a thread whose number is below `before_seq`, oldest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_replies_before(db: &Db, root: MessageId, before_seq: i64, limit: i64) -> Result<Vec<Message>, Error> {
    let rows: Vec<MessageRow> = each_backend!(read db, on =>
        sqlx::query_as(LIST_REPLIES_BEFORE).bind(root.0).bind(before_seq).bind(limit).fetch_all(on).await)?;
    Ok(rows.into_iter().rev().map(Message::from).collect())
}

const LIST_PINNED: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages m ",
    joins!(),
    " WHERE m.room_id = $1 AND m.pinned_at IS NOT NULL ORDER BY m.pinned_at DESC, m.seq DESC LIMIT $2"
);

/// The pinned messages of a room, the newest pin first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_pinned(db: &Db, room: RoomId, limit: i64) -> Result<Vec<Message>, Error> {
    let rows: Vec<MessageRow> =
        each_backend!(read db, on => sqlx::query_as(LIST_PINNED).bind(room.0).bind(limit).fetch_all(on).await)?;
    Ok(rows.into_iter().map(Message::from).collect())
}

#[derive(sqlx::FromRow)]
struct SavedRow {
    room_id: Uuid,
    #[sqlx(flatten)]
    message: MessageRow,
}

// What one has saved in a room that one has lost is there again with the room.
const LIST_SAVED: &str = concat!(
    "SELECT m.room_id, ",
    columns!(),
    " FROM saved_messages s JOIN messages m ON m.id = s.message_id JOIN rooms r ON r.id = m.room_id ",
    joins!(),
    " WHERE s.person_id = $1 AND r.deleted_at IS NULL AND m.deleted_at IS NULL AND m.erased_at IS NULL
        AND (r.kind = 'public' OR EXISTS (SELECT 1 FROM memberships k WHERE k.room_id = r.id AND k.person_id = $1))
        AND (s.at < $2 OR (s.at = $2 AND s.message_id < $3))
    ORDER BY s.at DESC, s.message_id DESC LIMIT $4"
);

const FIND_SAVED_AT: &str = "SELECT at FROM saved_messages WHERE person_id = $1 AND message_id = $2";

/// The messages that a person keeps and may still read, with their rooms, the last saved first: those saved before
/// another one, when one is named. Before one that is not saved there are none.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_saved(
    db: &Db,
    person: PersonId,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<(RoomId, Message)>, Error> {
    let (at, id) = match before {
        None => (i64::MAX, Uuid::max()),
        Some(message) => {
            let at: Option<i64> = each_backend!(read db, on =>
                sqlx::query_scalar(FIND_SAVED_AT).bind(person.0).bind(message.0).fetch_optional(on).await)?;
            let Some(at) = at else { return Ok(Vec::new()) };
            (at, message.0)
        }
    };
    let rows: Vec<SavedRow> = each_backend!(read db, on => sqlx::query_as(LIST_SAVED)
        .bind(person.0)
        .bind(at)
        .bind(id)
        .bind(limit)
        .fetch_all(on).await)?;
    Ok(rows.into_iter().map(|row| (RoomId(row.room_id), row.message.into())).collect())
}

#[derive(sqlx::FromRow)]
struct PlacedRow {
    room_id: Uuid,
    #[sqlx(flatten)]
    message: MessageRow,
}

static FIND_MESSAGES: LazyLock<Many> = LazyLock::new(|| {
    let head = concat!("SELECT m.room_id, ", columns!(), " FROM messages m ", joins!(), " WHERE m.id IN (VALUES");
    Many::new(head, 1, ")")
});

/// Messages with their rooms, in no order. One that is not there is not among them.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_messages(on: impl Into<On<'_>>, ids: &[MessageId]) -> Result<Vec<(RoomId, Message)>, Error> {
    let mut on = on.into();
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(ROWS_MAX) {
        let (text, room) = FIND_MESSAGES.room_for(&on, part.len());
        let padding = part.last().into_iter().cycle().take(room - part.len());
        let rows: Vec<PlacedRow> = each_backend!(either &mut on, on => {
            let mut query = sqlx::query_as(text);
            for id in part.iter().chain(padding) {
                query = query.bind(id.0);
            }
            query.fetch_all(on).await
        })?;
        found.extend(rows.into_iter().map(|row| (RoomId(row.room_id), row.message.into())));
    }
    Ok(found)
}

/// Finds one message, and its room.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_message(on: impl Into<On<'_>>, id: MessageId) -> Result<Option<(RoomId, Message)>, Error> {
    Ok(find_messages(on, &[id]).await?.pop())
}

const FIND_PLACE: &str = "
    SELECT r.slug FROM messages m JOIN rooms r ON r.id = m.room_id WHERE m.id = $1 AND r.deleted_at IS NULL";

/// Finds the room that a message is in, by its name in the address. That never changes.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn find_place(db: &Db, id: MessageId) -> Result<Option<RoomSlug>, Error> {
    let slug: Option<String> =
        each_backend!(read db, on => sqlx::query_scalar(FIND_PLACE).bind(id.0).fetch_optional(on).await)?;
    slug.map(|slug| RoomSlug::parse(&slug).map_err(|_| Error::Corrupt("the slug of a room"))).transpose()
}

#[derive(sqlx::FromRow)]
struct AroundRow {
    start: i64,
    #[sqlx(flatten)]
    message: MessageRow,
}

const LIST_AROUND: &str = concat!(
    "WITH place (seq) AS (
        SELECT coalesce((SELECT coalesce(t.seq, f.seq) FROM messages f LEFT JOIN messages t ON t.id = f.root_id
            WHERE f.room_id = $1 AND f.seq = $2), $2)
    ), shown (id) AS (
        SELECT b.id FROM (SELECT n.id FROM messages n
            WHERE n.room_id = $1 AND n.root_id IS NULL AND n.seq < (SELECT seq FROM place)
            ORDER BY n.seq DESC LIMIT $3) AS b
        UNION ALL
        SELECT a.id FROM (SELECT n.id FROM messages n
            WHERE n.room_id = $1 AND n.root_id IS NULL AND n.seq >= (SELECT seq FROM place)
            ORDER BY n.seq LIMIT $3) AS a
    ) SELECT (SELECT seq FROM place) AS start, ",
    columns!(),
    " FROM shown s JOIN messages m ON m.id = s.id ",
    joins!(),
    " ORDER BY m.seq"
);

/// Messages of a room outside of threads, oldest first: the last `limit` before one of them, and the first `limit` from it
/// on. That is the message with the number `seq`, or the first one of its thread when it is a reply. How many are before
/// it is said beside them. One query.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_messages_around(db: &Db, room: RoomId, seq: i64, limit: i64) -> Result<(usize, Vec<Message>), Error> {
    let rows: Vec<AroundRow> = each_backend!(read db, on =>
        sqlx::query_as(LIST_AROUND).bind(room.0).bind(seq).bind(limit).fetch_all(on).await)?;
    let mut before = 0;
    let mut messages = Vec::with_capacity(rows.len());
    for row in rows {
        let message = Message::from(row.message);
        before += usize::from(message.seq < row.start);
        messages.push(message);
    }
    Ok((before, messages))
}

// Halves what may be until one number is left: messages are found by their number and not by their time, and an index
// for this alone would be paid for with every post.
const FIND_DAY: &str = "
    WITH RECURSIVE search (low, high) AS (
        SELECT CAST(1 AS BIGINT), r.last_seq + 1 FROM rooms r WHERE r.id = $1
        UNION ALL
        SELECT
            CASE WHEN (SELECT m.created_at FROM messages m WHERE m.room_id = $1 AND m.root_id IS NULL
                AND m.seq >= (low + high) / 2 ORDER BY m.seq LIMIT 1) < $2 THEN (low + high) / 2 + 1 ELSE low END,
            CASE WHEN (SELECT m.created_at FROM messages m WHERE m.room_id = $1 AND m.root_id IS NULL
                AND m.seq >= (low + high) / 2 ORDER BY m.seq LIMIT 1) < $2 THEN high ELSE (low + high) / 2 END
        FROM search WHERE low < high
    )
    SELECT m.seq FROM messages m
    WHERE m.room_id = $1 AND m.root_id IS NULL AND m.seq >= (SELECT low FROM search WHERE low = high)
    ORDER BY m.seq LIMIT 1";

/// Finds the number of the first message of a room outside of threads that was written at a moment or after it.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_first_since(db: &Db, room: RoomId, at: Timestamp) -> Result<Option<i64>, Error> {
    Ok(each_backend!(read db, on => sqlx::query_scalar(FIND_DAY).bind(room.0).bind(at.0).fetch_optional(on).await)?)
}
