//! Messages that somebody keeps for themselves.

use crate::{Db, Error, Tx, backend::each_backend};
use telicat_domain::{MessageId, PersonId, RoomSlug, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[INSERT_SAVED, DELETE_SAVED, LIST_SAVED_IDS, LIST_REACTIONS_BY];

const INSERT_SAVED: &str = "
    INSERT INTO saved_messages (person_id, message_id, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

const DELETE_SAVED: &str = "DELETE FROM saved_messages WHERE person_id = $1 AND message_id = $2";

/// Keeps a message for a person, or does not any more. Says whether that is new.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_saved(
    tx: &mut Tx,
    person: PersonId,
    message: MessageId,
    on: bool,
    at: Timestamp,
) -> Result<bool, Error> {
    let rows = if on {
        each_backend!(write tx, on => sqlx::query(INSERT_SAVED)
            .bind(person.0)
            .bind(message.0)
            .bind(at.0)
            .execute(on).await.map(|done| done.rows_affected()))?
    } else {
        each_backend!(write tx, on => sqlx::query(DELETE_SAVED)
            .bind(person.0)
            .bind(message.0)
            .execute(on).await.map(|done| done.rows_affected()))?
    };
    Ok(rows > 0)
}

/// A message of somebody's, named from outside: its room and number there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its identifier.
    pub id: MessageId,
    /// Its room.
    pub room: RoomSlug,
    /// Its number there.
    pub seq: i64,
    /// What was given to it; nothing when it was saved.
    pub emoji: String,
    /// When.
    pub at: Timestamp,
}

type NamedRow = (Uuid, String, i64, String, i64);

fn named((id, slug, seq, emoji, at): NamedRow) -> Result<Named, Error> {
    let room = RoomSlug::parse(&slug).map_err(|_| Error::Corrupt("the slug of a room"))?;
    Ok(Named { id: MessageId(id), room, seq, emoji, at: Timestamp(at) })
}

const LIST_SAVED_IDS: &str = "
    SELECT m.id, r.slug, m.seq, '' AS emoji, s.at
    FROM saved_messages s JOIN messages m ON m.id = s.message_id JOIN rooms r ON r.id = m.room_id
    WHERE s.person_id = $1 ORDER BY s.at, m.id LIMIT $2";

/// What a person has saved, without what it says, the first saved first.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn list_saved_by(db: &Db, person: PersonId, limit: i64) -> Result<Vec<Named>, Error> {
    let rows: Vec<NamedRow> =
        each_backend!(read db, on => sqlx::query_as(LIST_SAVED_IDS).bind(person.0).bind(limit).fetch_all(on).await)?;
    rows.into_iter().map(named).collect()
}

const LIST_REACTIONS_BY: &str = "
    SELECT m.id, r.slug, m.seq, x.emoji, x.at
    FROM reactions x JOIN messages m ON m.id = x.message_id JOIN rooms r ON r.id = m.room_id
    WHERE x.person_id = $1 ORDER BY x.at, m.id, x.emoji LIMIT $2";

/// The reactions that a person has given, the first first.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn list_reactions_by(db: &Db, person: PersonId, limit: i64) -> Result<Vec<Named>, Error> {
    let rows: Vec<NamedRow> =
        each_backend!(read db, on => sqlx::query_as(LIST_REACTIONS_BY).bind(person.0).bind(limit).fetch_all(on).await)?;
    rows.into_iter().map(named).collect()
}
