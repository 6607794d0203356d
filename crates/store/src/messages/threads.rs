//! Threads: how many replies they have, and who follows them.

use super::row::number;
use crate::{
    Error, Tx,
    backend::{On, each_backend},
    many::Many,
};
use std::sync::LazyLock;
use telicat_domain::{MessageId, PersonId, RoomId, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] =
    &[UPDATE_REPLIED, UPDATE_REPLY_COUNT, LIST_FOLLOWERS, FIND_FOLLOW, UPSERT_FOLLOW, UPDATE_READ];
#[cfg(test)]
pub(crate) const ALL_MANY: &[&LazyLock<Many>] = &[&INSERT_FOLLOWS];

const UPDATE_REPLIED: &str = "
    UPDATE messages SET reply_count = reply_count + 1, last_reply_seq = $2, last_reply_at = $3 WHERE id = $1
    RETURNING reply_count";

/// A reply has come into a thread. Says how many there are.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_replied(tx: &mut Tx, root: MessageId, seq: i64, at: Timestamp) -> Result<u32, Error> {
    let count: i64 = each_backend!(write tx, on =>
        sqlx::query_scalar(UPDATE_REPLIED).bind(root.0).bind(seq).bind(at.0).fetch_one(on).await)?;
    Ok(number(count))
}

const UPDATE_REPLY_COUNT: &str = "
    UPDATE messages SET reply_count = reply_count + $2 WHERE id = $1 RETURNING reply_count";

/// A reply was deleted or is there again. Says how many there are.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_reply_count(tx: &mut Tx, root: MessageId, by: i64) -> Result<u32, Error> {
    let count: i64 = each_backend!(write tx, on =>
        sqlx::query_scalar(UPDATE_REPLY_COUNT).bind(root.0).bind(by).fetch_one(on).await)?;
    Ok(number(count))
}

// Who has stopped begins again where they have read.
static INSERT_FOLLOWS: LazyLock<Many> = LazyLock::new(|| {
    Many::new(
        "INSERT INTO thread_follows (root_id, person_id, room_id, following, read_seq) VALUES",
        5,
        "ON CONFLICT (root_id, person_id) DO UPDATE SET following = excluded.following,
        read_seq = CASE WHEN thread_follows.read_seq > excluded.read_seq THEN thread_follows.read_seq
            ELSE excluded.read_seq END
        WHERE NOT thread_follows.following",
    )
});

/// Has people follow a thread unless they do; each with the event up to which they have read it. Each person once.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_follows(
    tx: &mut Tx,
    root: MessageId,
    room: RoomId,
    people: &[(PersonId, i64)],
) -> Result<(), Error> {
    let mut left = people;
    while !left.is_empty() {
        let (text, rows) = INSERT_FOLLOWS.part_of(tx, left.len());
        let (part, rest) = left.split_at(rows);
        each_backend!(write tx, on => {
            let mut query = sqlx::query(text);
            for (person, read) in part {
                query = query.bind(root.0).bind(person.0).bind(room.0).bind(true).bind(*read);
            }
            query.execute(on).await.map(drop)
        })?;
        left = rest;
    }
    Ok(())
}

const LIST_FOLLOWERS: &str = "
    SELECT f.person_id FROM thread_follows f JOIN rooms r ON r.id = f.room_id
    WHERE f.root_id = $1 AND f.following AND f.person_id <> $2 AND f.read_seq < $3
        AND (r.kind = 'public'
            OR EXISTS (SELECT 1 FROM memberships k WHERE k.room_id = r.id AND k.person_id = f.person_id))";

/// Who follows a thread, may read it, and has not read the reply `seq`; but for one of them.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_followers(tx: &mut Tx, root: MessageId, but: PersonId, seq: i64) -> Result<Vec<PersonId>, Error> {
    let ids: Vec<Uuid> = each_backend!(write tx, on =>
        sqlx::query_scalar(LIST_FOLLOWERS).bind(root.0).bind(but.0).bind(seq).fetch_all(on).await)?;
    Ok(ids.into_iter().map(PersonId).collect())
}

const FIND_FOLLOW: &str = "SELECT following, read_seq FROM thread_follows WHERE root_id = $1 AND person_id = $2";

/// Finds whether a person follows a thread, and up to which event they have read it.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_follow(
    on: impl Into<On<'_>>,
    root: MessageId,
    person: PersonId,
) -> Result<Option<(bool, i64)>, Error> {
    Ok(each_backend!(either &mut on.into(), on =>
        sqlx::query_as(FIND_FOLLOW).bind(root.0).bind(person.0).fetch_optional(on).await)?)
}

const UPSERT_FOLLOW: &str = "
    INSERT INTO thread_follows (root_id, person_id, room_id, following, read_seq)
    SELECT m.id, $2, m.room_id, $3, m.last_reply_seq FROM messages m WHERE m.id = $1
    ON CONFLICT (root_id, person_id) DO UPDATE SET following = excluded.following,
        read_seq = CASE WHEN thread_follows.following THEN thread_follows.read_seq ELSE excluded.read_seq END";

/// Has a person follow a thread, or not any more. Whoever begins to has read what there is.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_follow(tx: &mut Tx, root: MessageId, person: PersonId, following: bool) -> Result<(), Error> {
    each_backend!(write tx, on =>
        sqlx::query(UPSERT_FOLLOW).bind(root.0).bind(person.0).bind(following).execute(on).await.map(drop))?;
    Ok(())
}

// Who reads a thread without following it leaves no row.
const UPDATE_READ: &str = "
    UPDATE thread_follows SET read_seq = $3 WHERE root_id = $1 AND person_id = $2 AND read_seq < $3
    RETURNING read_seq";

/// A person has read a thread up to an event. Says whether that is further than before; who has never followed it has no
/// mark.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_thread_read(tx: &mut Tx, root: MessageId, person: PersonId, seq: i64) -> Result<bool, Error> {
    let read: Option<i64> = each_backend!(write tx, on =>
        sqlx::query_scalar(UPDATE_READ).bind(root.0).bind(person.0).bind(seq).fetch_optional(on).await)?;
    Ok(read.is_some())
}
