//! Changing what was posted: its text, whether it is there, whether it is pinned, and reactions to it.

use super::row::number;
use crate::{Db, Error, Tx, backend::each_backend};
use telicat_domain::{Author, MessageId, PersonId, RoomId, Timestamp, event::Version};

use crate::people::AuthorRow;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    INSERT_VERSION,
    UPDATE_BODY,
    UPDATE_DELETED,
    FIND_DELETION,
    UPDATE_RESTORED,
    DELETE_LAST_VERSION,
    DELETE_OLD_VERSIONS,
    UPDATE_FINAL,
    LIST_VERSIONS,
    FIND_FIRST_TEXT,
    UPDATE_PINNED,
    COUNT_PINNED,
    INSERT_REACTION,
    DELETE_REACTION,
    COUNT_REACTION,
    COUNT_KINDS,
    LIST_REACTORS,
];

const INSERT_VERSION: &str = "
    INSERT INTO message_versions (message_id, number, body, at)
    SELECT m.id, 1 + coalesce((SELECT max(v.number) FROM message_versions v WHERE v.message_id = m.id), 0), m.body,
        coalesce(m.edited_at, m.created_at)
    FROM messages m WHERE m.id = $1";

async fn insert_version(tx: &mut Tx, message: MessageId) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(INSERT_VERSION).bind(message.0).execute(on).await.map(drop))?;
    Ok(())
}

const UPDATE_BODY: &str = "UPDATE messages SET body = $2, edited_at = $3 WHERE id = $1";

/// Gives a message another text. The one before is kept.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_body(tx: &mut Tx, message: MessageId, body: &str, at: Timestamp) -> Result<(), Error> {
    insert_version(tx, message).await?;
    each_backend!(write tx, on =>
        sqlx::query(UPDATE_BODY).bind(message.0).bind(body).bind(at.0).execute(on).await.map(drop))?;
    Ok(())
}

const UPDATE_DELETED: &str = "
    UPDATE messages SET body = '', deleted_at = $2, deleted_by = $3, pinned_at = NULL WHERE id = $1";

/// Deletes a message: its text is kept aside until [`delete_old_versions`], and it is no longer pinned. Whom it calls is
/// for [`super::delete_calls`].
///
/// # Errors
/// [`Error::Database`].
pub async fn update_deleted(tx: &mut Tx, message: MessageId, by: PersonId, at: Timestamp) -> Result<(), Error> {
    insert_version(tx, message).await?;
    each_backend!(write tx, on =>
        sqlx::query(UPDATE_DELETED).bind(message.0).bind(at.0).bind(by.0).execute(on).await.map(drop))?;
    Ok(())
}

const FIND_DELETION: &str = "SELECT deleted_at, deleted_by FROM messages WHERE id = $1 AND deleted_by IS NOT NULL";

/// Finds when a message was deleted and by whom, as long as its text is kept.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_deletion(tx: &mut Tx, message: MessageId) -> Result<Option<(Timestamp, PersonId)>, Error> {
    let row: Option<(i64, uuid::Uuid)> =
        each_backend!(write tx, on => sqlx::query_as(FIND_DELETION).bind(message.0).fetch_optional(on).await)?;
    Ok(row.map(|(at, by)| (Timestamp(at), PersonId(by))))
}

const UPDATE_RESTORED: &str = "
    UPDATE messages SET deleted_at = NULL, deleted_by = NULL, body = (
        SELECT v.body FROM message_versions v WHERE v.message_id = messages.id ORDER BY v.number DESC LIMIT 1)
    WHERE id = $1 AND deleted_by IS NOT NULL";

const DELETE_LAST_VERSION: &str = "
    DELETE FROM message_versions WHERE message_id = $1
        AND number = (SELECT max(v.number) FROM message_versions v WHERE v.message_id = $1)";

/// Brings a message back that was deleted and whose text is kept.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_restored(tx: &mut Tx, message: MessageId) -> Result<(), Error> {
    for text in [UPDATE_RESTORED, DELETE_LAST_VERSION] {
        each_backend!(write tx, on => sqlx::query(text).bind(message.0).execute(on).await.map(drop))?;
    }
    Ok(())
}

const DELETE_OLD_VERSIONS: &str = "
    DELETE FROM message_versions WHERE message_id IN (
        SELECT m.id FROM messages m WHERE m.deleted_by IS NOT NULL AND m.deleted_at <= $1)";

const UPDATE_FINAL: &str = "UPDATE messages SET deleted_by = NULL WHERE deleted_by IS NOT NULL AND deleted_at <= $1";

/// Removes for good what messages said that were deleted at a moment or before. Says how many they were.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_old_versions(tx: &mut Tx, before: Timestamp) -> Result<u64, Error> {
    each_backend!(write tx, on => sqlx::query(DELETE_OLD_VERSIONS).bind(before.0).execute(on).await.map(drop))?;
    Ok(each_backend!(write tx, on =>
        sqlx::query(UPDATE_FINAL).bind(before.0).execute(on).await.map(|done| done.rows_affected()))?)
}

const LIST_VERSIONS: &str = "
    SELECT body, at FROM message_versions WHERE message_id = $1 ORDER BY number DESC LIMIT $2";

/// What a message said before, the last first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_versions(db: &Db, message: MessageId, limit: i64) -> Result<Vec<Version>, Error> {
    let rows: Vec<(String, i64)> = each_backend!(read db, on =>
        sqlx::query_as(LIST_VERSIONS).bind(message.0).bind(limit).fetch_all(on).await)?;
    Ok(rows.into_iter().map(|(body, at)| Version { body, at: Timestamp(at) }).collect())
}

const FIND_FIRST_TEXT: &str = "SELECT body FROM message_versions WHERE message_id = $1 ORDER BY number LIMIT 1";

/// Finds what a message said when it was posted, if it was changed since and that is kept.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_first_text(tx: &mut Tx, message: MessageId) -> Result<Option<String>, Error> {
    Ok(each_backend!(write tx, on => sqlx::query_scalar(FIND_FIRST_TEXT).bind(message.0).fetch_optional(on).await)?)
}

const UPDATE_PINNED: &str = "UPDATE messages SET pinned_at = $2 WHERE id = $1";

/// Pins a message, or takes it off.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_pinned(tx: &mut Tx, message: MessageId, at: Option<Timestamp>) -> Result<(), Error> {
    each_backend!(write tx, on =>
        sqlx::query(UPDATE_PINNED).bind(message.0).bind(at.map(|at| at.0)).execute(on).await.map(drop))?;
    Ok(())
}

const COUNT_PINNED: &str = "SELECT count(*) FROM messages WHERE room_id = $1 AND pinned_at IS NOT NULL";

/// How many messages are pinned in a room.
///
/// # Errors
/// [`Error::Database`].
pub async fn count_pinned(tx: &mut Tx, room: RoomId) -> Result<i64, Error> {
    Ok(each_backend!(write tx, on => sqlx::query_scalar(COUNT_PINNED).bind(room.0).fetch_one(on).await)?)
}

// An emoji keeps its place as long as somebody has given it.
const INSERT_REACTION: &str = "
    INSERT INTO reactions (message_id, emoji, person_id, since, at)
    VALUES ($1, $2, $3, coalesce((SELECT min(r.since) FROM reactions r WHERE r.message_id = $1 AND r.emoji = $2), $4), $5)
    ON CONFLICT DO NOTHING";

/// Gives a reaction by the event `seq`. Says whether it was not given before.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_reaction(
    tx: &mut Tx,
    message: MessageId,
    emoji: &str,
    person: PersonId,
    seq: i64,
    at: Timestamp,
) -> Result<bool, Error> {
    let inserted = each_backend!(write tx, on => sqlx::query(INSERT_REACTION)
        .bind(message.0)
        .bind(emoji)
        .bind(person.0)
        .bind(seq)
        .bind(at.0)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(inserted > 0)
}

const DELETE_REACTION: &str = "DELETE FROM reactions WHERE message_id = $1 AND emoji = $2 AND person_id = $3";

/// Takes a reaction back. Says whether it was given.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_reaction(tx: &mut Tx, message: MessageId, emoji: &str, person: PersonId) -> Result<bool, Error> {
    let deleted = each_backend!(write tx, on => sqlx::query(DELETE_REACTION)
        .bind(message.0)
        .bind(emoji)
        .bind(person.0)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(deleted > 0)
}

const COUNT_REACTION: &str = "SELECT count(*) FROM reactions WHERE message_id = $1 AND emoji = $2";

/// How many people have given an emoji to a message.
///
/// # Errors
/// [`Error::Database`].
pub async fn count_reaction(tx: &mut Tx, message: MessageId, emoji: &str) -> Result<u32, Error> {
    let count: i64 = each_backend!(write tx, on =>
        sqlx::query_scalar(COUNT_REACTION).bind(message.0).bind(emoji).fetch_one(on).await)?;
    Ok(number(count))
}

const COUNT_KINDS: &str = "SELECT count(DISTINCT emoji) FROM reactions WHERE message_id = $1";

/// How many different emoji a message has.
///
/// # Errors
/// [`Error::Database`].
pub async fn count_kinds(tx: &mut Tx, message: MessageId) -> Result<i64, Error> {
    Ok(each_backend!(write tx, on => sqlx::query_scalar(COUNT_KINDS).bind(message.0).fetch_one(on).await)?)
}

const LIST_REACTORS: &str = "
    SELECT p.id AS author_id, p.handle, p.display_name, p.picture_id, p.deleted_at
    FROM reactions r JOIN people p ON p.id = r.person_id
    WHERE r.message_id = $1 AND r.emoji = $2 ORDER BY r.at, p.id LIMIT $3";

/// Who has given an emoji to a message, in their order.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_reactors(db: &Db, message: MessageId, emoji: &str, limit: i64) -> Result<Vec<Author>, Error> {
    let rows: Vec<AuthorRow> = each_backend!(read db, on =>
        sqlx::query_as(LIST_REACTORS).bind(message.0).bind(emoji).bind(limit).fetch_all(on).await)?;
    Ok(rows.into_iter().map(Author::from).collect())
}
