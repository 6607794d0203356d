//! Messages, and the numbered events of rooms that they are a part of.
//!
//! Posting is in `messages/posting.rs`. Reading seeks in the index on `(room_id, seq)`, so a page costs the same in a
//! room of ten messages and of ten million.

mod posting;

pub(crate) use posting::advance_room;
pub use posting::{Inserted, NewMessage, insert_messages};

#[cfg(test)]
pub(crate) use posting::{ALL as ALL_POSTING, ALL_MANY};

use crate::{Db, Error, Tx, backend::each_backend, people::AuthorRow, room_changes};
use telicat_domain::{Event, Message, MessageId, Nonce, PersonId, RoomId, RoomSlug, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    LIST_MESSAGES_BEFORE,
    COUNT_IN_ROOM,
    LIST_EVENTS_SINCE,
    ERASE_MESSAGES,
    LIST_ERASED_AUTHORS,
    COUNT_MESSAGES_OF,
    LIST_ROOMS_OF,
    LIST_MESSAGES_OF,
];

#[derive(sqlx::FromRow)]
struct MessageRow {
    seq: i64,
    id: Uuid,
    nonce: Uuid,
    #[sqlx(flatten)]
    author: AuthorRow,
    body: String,
    created_at: i64,
    erased_at: Option<i64>,
}

impl From<MessageRow> for Message {
    fn from(row: MessageRow) -> Self {
        let (id, nonce, at) = (MessageId(row.id), Nonce(row.nonce), Timestamp(row.created_at));
        let message = Self::new(row.seq, id, nonce, row.author.into(), row.body, at);
        Self { erased: row.erased_at.is_some(), ..message }
    }
}

const LIST_MESSAGES_BEFORE: &str = "
    SELECT m.seq, m.id, m.nonce, m.author_id, p.handle, p.display_name, p.picture_id, p.deleted_at, m.body,
        m.created_at, m.erased_at
    FROM messages m JOIN people p ON p.id = m.author_id
    WHERE m.room_id = $1 AND m.seq < $2
    ORDER BY m.seq DESC LIMIT $3";

/// The last `limit` messages of a room whose number is below `before_seq`, oldest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_messages_before(db: &Db, room: RoomId, before_seq: i64, limit: i64) -> Result<Vec<Message>, Error> {
    let rows: Vec<MessageRow> = each_backend!(read db, on =>
        sqlx::query_as(LIST_MESSAGES_BEFORE).bind(room.0).bind(before_seq).bind(limit).fetch_all(on).await)?;
    Ok(rows.into_iter().rev().map(Message::from).collect())
}

const COUNT_IN_ROOM: &str = "SELECT count(*) FROM messages WHERE id = $1 AND room_id = $2";

/// Whether a message is in a room.
///
/// # Errors
/// [`Error::Database`].
pub async fn is_in_room(tx: &mut Tx, message: MessageId, room: RoomId) -> Result<bool, Error> {
    let count: i64 = each_backend!(write tx, on =>
        sqlx::query_scalar(COUNT_IN_ROOM).bind(message.0).bind(room.0).fetch_one(on).await)?;
    Ok(count > 0)
}

#[derive(sqlx::FromRow)]
struct EventRow {
    kind: String,
    seq: i64,
    payload: Option<String>,
    /// Of the message, or of the one whom the event is about.
    #[sqlx(flatten)]
    author: AuthorRow,
    id: Option<Uuid>,
    nonce: Option<Uuid>,
    body: Option<String>,
    created_at: Option<i64>,
    erased_at: Option<i64>,
}

impl TryFrom<EventRow> for Event {
    type Error = Error;

    fn try_from(row: EventRow) -> Result<Self, Error> {
        if row.kind != POSTED {
            return room_changes::read(&row.kind, row.seq, row.payload.as_deref(), row.author.into());
        }
        let (Some(id), Some(nonce), Some(body), Some(created_at)) = (row.id, row.nonce, row.body, row.created_at)
        else {
            return Err(Error::Corrupt("an event without its message"));
        };
        let (seq, author, erased_at) = (row.seq, row.author, row.erased_at);
        Ok(Self::Posted(MessageRow { seq, id, nonce, author, body, created_at, erased_at }.into()))
    }
}

/// The kind of [`Event::Posted`] in the database.
const POSTED: &str = "posted";

const LIST_EVENTS_SINCE: &str = "
    SELECT e.kind, e.seq, e.payload, p.id AS author_id, p.handle, p.display_name, p.picture_id, p.deleted_at, m.id,
        m.nonce, m.body, m.created_at, m.erased_at
    FROM events e LEFT JOIN messages m ON m.id = e.message_id JOIN people p ON p.id = COALESCE(m.author_id, e.person_id)
    WHERE e.room_id = $1 AND e.seq > $2
    ORDER BY e.seq LIMIT $3";

/// The first `limit` events of a room whose number is above `seq`, oldest first.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn list_events_since(db: &Db, room: RoomId, seq: i64, limit: i64) -> Result<Vec<Event>, Error> {
    let rows: Vec<EventRow> = each_backend!(read db, on =>
        sqlx::query_as(LIST_EVENTS_SINCE).bind(room.0).bind(seq).bind(limit).fetch_all(on).await)?;
    rows.into_iter().map(Event::try_from).collect()
}

const ERASE_MESSAGES: &str = "
    UPDATE messages SET body = '', erased_at = $2 WHERE author_id = $1 AND erased_at IS NULL";

/// Takes away the text of everything that a person wrote. Says how many messages that were.
///
/// # Errors
/// [`Error::Database`].
pub async fn erase_messages(tx: &mut Tx, author: PersonId, at: Timestamp) -> Result<u64, Error> {
    Ok(each_backend!(write tx, on => sqlx::query(ERASE_MESSAGES)
        .bind(author.0)
        .bind(at.0)
        .execute(on).await.map(|done| done.rows_affected()))?)
}

const LIST_ERASED_AUTHORS: &str = "
    SELECT p.id FROM people p
    WHERE p.deleted_at > $1
        AND EXISTS (SELECT 1 FROM messages m WHERE m.author_id = p.id AND m.erased_at IS NOT NULL)
    ORDER BY p.deleted_at";

/// Those who took back all that they wrote after a moment, in that order.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_erased_authors(db: &Db, since: Timestamp) -> Result<Vec<PersonId>, Error> {
    let ids: Vec<Uuid> =
        each_backend!(read db, on => sqlx::query_scalar(LIST_ERASED_AUTHORS).bind(since.0).fetch_all(on).await)?;
    Ok(ids.into_iter().map(PersonId).collect())
}

const COUNT_MESSAGES_OF: &str = "SELECT count(*) FROM messages WHERE author_id = $1";

/// How many messages a person has written.
///
/// # Errors
/// [`Error::Database`].
pub async fn count_messages_of(db: &Db, author: PersonId) -> Result<i64, Error> {
    Ok(each_backend!(read db, on => sqlx::query_scalar(COUNT_MESSAGES_OF).bind(author.0).fetch_one(on).await)?)
}

const LIST_ROOMS_OF: &str = "
    SELECT r.id, r.slug, r.name FROM rooms r WHERE r.id IN (SELECT m.room_id FROM messages m WHERE m.author_id = $1)
    ORDER BY r.id";

/// The rooms in which a person has written: identifier, name in the address, name.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn list_rooms_of(db: &Db, author: PersonId) -> Result<Vec<(RoomId, RoomSlug, String)>, Error> {
    let rows: Vec<(Uuid, String, String)> =
        each_backend!(read db, on => sqlx::query_as(LIST_ROOMS_OF).bind(author.0).fetch_all(on).await)?;
    let room = |(id, slug, name): (Uuid, String, String)| {
        Ok((RoomId(id), RoomSlug::parse(&slug).map_err(|_| Error::Corrupt("the slug of a room"))?, name))
    };
    rows.into_iter().map(room).collect()
}

const LIST_MESSAGES_OF: &str = "
    SELECT m.seq, m.id, m.nonce, m.author_id, p.handle, p.display_name, p.picture_id, p.deleted_at, m.body,
        m.created_at, m.erased_at
    FROM messages m JOIN people p ON p.id = m.author_id
    WHERE m.room_id = $1 AND m.author_id = $2 AND m.seq > $3
    ORDER BY m.seq LIMIT $4";

/// The first `limit` messages of a person in a room whose number is above `seq`, oldest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_messages_of(
    db: &Db,
    room: RoomId,
    author: PersonId,
    seq: i64,
    limit: i64,
) -> Result<Vec<Message>, Error> {
    let rows: Vec<MessageRow> = each_backend!(read db, on => sqlx::query_as(LIST_MESSAGES_OF)
        .bind(room.0)
        .bind(author.0)
        .bind(seq)
        .bind(limit)
        .fetch_all(on).await)?;
    Ok(rows.into_iter().map(Message::from).collect())
}
