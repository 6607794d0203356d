//! Messages, and the numbered events of rooms that they are a part of.
//!
//! A message is written by `posting`, changed by `changing`, and read by `reading`; what belongs to it and stands in other
//! tables is added by [`fill`] and [`fill_own`]. `events` are what happened to it and to its room.

mod actors;
mod calls;
mod changing;
mod details;
mod events;
mod posting;
mod reading;
mod row;
mod saving;
mod threads;

pub use actors::find_actor;
pub use calls::{delete_calls, find_called, insert_calls, people_called};
pub use changing::{
    count_kinds, count_pinned, count_reaction, delete_old_versions, delete_reaction, find_deletion, find_first_text,
    insert_reaction, list_reactors, list_versions, update_body, update_deleted, update_pinned, update_restored,
};
pub use details::{Called, EVERYBODY, Facts, fill, fill_own, fill_page, put_called};
pub use events::{advance_room, gone, insert_event, list_events_since};
pub use posting::{Inserted, NewMessage, insert_messages, is_nonce_used};
pub use reading::{
    find_first_since, find_message, find_messages, find_place, list_messages_after, list_messages_around,
    list_messages_before, list_pinned, list_replies_before, list_saved,
};
pub use saving::{Named, list_reactions_by, list_saved_by, update_saved};
pub use threads::{
    find_follow, insert_follows, list_followers, update_follow, update_replied, update_reply_count, update_thread_read,
};

use crate::{Db, Error, Tx, backend::each_backend};
use row::{MessageRow, columns, joins};
use telicat_domain::{Message, PersonId, RoomId, RoomSlug, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    ERASE_MESSAGES,
    ERASE_VERSIONS,
    ERASE_CALLS,
    ERASE_REACTIONS,
    LIST_ERASED_AUTHORS,
    COUNT_MESSAGES_OF,
    LIST_ROOMS_OF,
    LIST_MESSAGES_OF,
];

/// The statements of each file, and the file.
#[cfg(test)]
pub(crate) const FILES: &[(&[&str], &str)] = &[
    (ALL, include_str!("messages.rs")),
    (actors::ALL, include_str!("messages/actors.rs")),
    (calls::ALL, include_str!("messages/calls.rs")),
    (changing::ALL, include_str!("messages/changing.rs")),
    (details::ALL, include_str!("messages/details.rs")),
    (events::ALL, include_str!("messages/events.rs")),
    (posting::ALL, include_str!("messages/posting.rs")),
    (reading::ALL, include_str!("messages/reading.rs")),
    (row::ALL, include_str!("messages/row.rs")),
    (saving::ALL, include_str!("messages/saving.rs")),
    (threads::ALL, include_str!("messages/threads.rs")),
];

/// The statements over many rows.
#[cfg(test)]
pub(crate) const ALL_MANY: &[&[&std::sync::LazyLock<crate::many::Many>]] = &[
    actors::ALL_MANY,
    calls::ALL_MANY,
    details::ALL_MANY,
    events::ALL_MANY,
    posting::ALL_MANY,
    reading::ALL_MANY,
    threads::ALL_MANY,
];

const ERASE_MESSAGES: &str = "
    UPDATE messages SET body = '', erased_at = $2 WHERE author_id = $1 AND erased_at IS NULL";

const ERASE_VERSIONS: &str = "
    DELETE FROM message_versions WHERE message_id IN (SELECT m.id FROM messages m WHERE m.author_id = $1)";

const ERASE_CALLS: &str = "
    DELETE FROM mentions WHERE message_id IN (SELECT m.id FROM messages m WHERE m.author_id = $1)";

const ERASE_REACTIONS: &str = "DELETE FROM reactions WHERE person_id = $1";

/// Takes away the text of everything that a person wrote, what it said before, whom it called, and the reactions that the
/// person has given. Says how many messages that were.
///
/// # Errors
/// [`Error::Database`].
pub async fn erase_messages(tx: &mut Tx, author: PersonId, at: Timestamp) -> Result<u64, Error> {
    for text in [ERASE_VERSIONS, ERASE_CALLS, ERASE_REACTIONS] {
        each_backend!(write tx, on => sqlx::query(text).bind(author.0).execute(on).await.map(drop))?;
    }
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

const LIST_MESSAGES_OF: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages m ",
    joins!(),
    " WHERE m.room_id = $1 AND m.author_id = $2 AND m.seq > $3 ORDER BY m.seq LIMIT $4"
);

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
