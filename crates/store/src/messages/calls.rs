//! Whom a message calls.

use super::{Called, EVERYBODY};
use crate::{
    Error, Tx,
    backend::each_backend,
    many::{Many, ROWS_MAX},
};
use std::{collections::HashMap, sync::LazyLock};
use telicat_domain::{Message, MessageId, PersonId, RoomId, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[DELETE_CALLS];
#[cfg(test)]
pub(crate) const ALL_MANY: &[&LazyLock<Many>] = &[&FIND_CALLED, &INSERT_CALLS];

/// Who has a handle now comes before who has left it.
static FIND_CALLED: LazyLock<Many> = LazyLock::new(|| {
    Many::new(
        "WITH wanted (name, room_id, now) AS (VALUES",
        3,
        "), found (name, room_id, person_id, place) AS (
            SELECT w.name, w.room_id, p.id, 1 FROM wanted w JOIN people p ON p.handle_folded = w.name
            UNION ALL
            SELECT w.name, w.room_id, h.person_id, 2
            FROM wanted w JOIN retired_handles h ON h.handle_folded = w.name AND h.free_at > w.now
        )
        SELECT f.name, p.id FROM found f JOIN people p ON p.id = f.person_id JOIN rooms r ON r.id = f.room_id
        WHERE p.deleted_at IS NULL AND p.deactivated_at IS NULL AND NOT p.waiting
            AND (r.kind = 'public'
                OR EXISTS (SELECT 1 FROM memberships k WHERE k.room_id = r.id AND k.person_id = p.id))
        ORDER BY f.place",
    )
});

/// Finds those who have one of `names` (folded), or have left it and are still found by it, and may read a room.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_called(
    tx: &mut Tx,
    room: RoomId,
    names: &[String],
    now: Timestamp,
) -> Result<HashMap<String, PersonId>, Error> {
    let mut found = HashMap::new();
    for part in names.chunks(ROWS_MAX) {
        let (text, places) = FIND_CALLED.room_for(tx, part.len());
        let padding = part.last().into_iter().cycle().take(places - part.len());
        let rows: Vec<(String, Uuid)> = each_backend!(write tx, on => {
            let mut query = sqlx::query_as(text);
            for name in part.iter().chain(padding) {
                query = query.bind(name.as_str()).bind(room.0).bind(now.0);
            }
            query.fetch_all(on).await
        })?;
        for (name, person) in rows {
            found.entry(name).or_insert(PersonId(person));
        }
    }
    Ok(found)
}

static INSERT_CALLS: LazyLock<Many> = LazyLock::new(|| {
    Many::new(
        "INSERT INTO mentions (message_id, room_id, seq, handle_folded, person_id, author_id, in_thread) VALUES",
        7,
        "",
    )
});

/// Writes down whom a message calls.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_calls(tx: &mut Tx, room: RoomId, message: &Message, called: &Called) -> Result<(), Error> {
    let all: Vec<(&str, Option<PersonId>)> = called.iter().map(|(name, person)| (name.as_str(), *person)).collect();
    let mut left = all.as_slice();
    while !left.is_empty() {
        let (text, rows) = INSERT_CALLS.part_of(tx, left.len());
        let (part, rest) = left.split_at(rows);
        each_backend!(write tx, on => {
            let mut query = sqlx::query(text);
            for (name, person) in part {
                query = query
                    .bind(message.id.0)
                    .bind(room.0)
                    .bind(message.seq)
                    .bind(*name)
                    .bind(person.map(|person| person.0))
                    .bind(message.author.id.0)
                    .bind(message.root.is_some());
            }
            query.execute(on).await.map(drop)
        })?;
        left = rest;
    }
    Ok(())
}

const DELETE_CALLS: &str = "DELETE FROM mentions WHERE message_id = $1 RETURNING handle_folded, person_id";

/// Forgets whom a message calls, and says who that was.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_calls(tx: &mut Tx, message: MessageId) -> Result<Called, Error> {
    let rows: Vec<(String, Option<Uuid>)> =
        each_backend!(write tx, on => sqlx::query_as(DELETE_CALLS).bind(message.0).fetch_all(on).await)?;
    Ok(rows.into_iter().map(|(name, person)| (name, person.map(PersonId))).collect())
}

/// The people among those who are called, each once, and whether everybody is.
#[must_use]
pub fn people_called(called: &Called) -> (Vec<PersonId>, bool) {
    let mut people: Vec<PersonId> = Vec::new();
    for person in called.values().flatten() {
        if !people.contains(person) {
            people.push(*person);
        }
    }
    (people, called.contains_key(EVERYBODY))
}
