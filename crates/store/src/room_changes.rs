//! What changes a room itself: who is in it, and what it is called. Each is an event with a number.
//!
//! The row of such an event names a person: who came, went or has another role, or who changed the room. What else there
//! is to it stands in `payload`. How people are called does not, so that nothing is left of those who go.

use crate::{Error, Tx, backend::each_backend, messages::advance_room};
use serde::{Deserialize, Serialize};
use telicat_domain::{Author, Event, PersonId, RoomId, Timestamp, permission::Role};

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[INSERT_CHANGE];

/// The kind of [`Event::Room`] in the database.
const ROOM: &str = "room";
/// The kind of [`Event::Member`] in the database.
const MEMBER: &str = "member";

#[derive(Serialize, Deserialize)]
struct RoomPayload {
    name: String,
    topic: String,
    archived: bool,
}

#[derive(Serialize, Deserialize)]
struct MemberPayload {
    role: Option<Role>,
    members: i64,
}

/// Writes down that a room is called or is otherwise now: by whom, and what it is from here on.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_room_change(
    tx: &mut Tx,
    room: RoomId,
    by: PersonId,
    name: &str,
    topic: &str,
    archived: bool,
    at: Timestamp,
) -> Result<Event, Error> {
    let (name, topic) = (name.to_owned(), topic.to_owned());
    let payload = RoomPayload { name, topic, archived };
    let seq = insert(tx, room, ROOM, by, &payload, at).await?;
    Ok(Event::Room { seq, name: payload.name, topic: payload.topic, archived })
}

/// Writes down that somebody came or has another role, or went (`role` is nothing then).
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_member_change(
    tx: &mut Tx,
    room: RoomId,
    person: Author,
    role: Option<Role>,
    members: i64,
    at: Timestamp,
) -> Result<Event, Error> {
    let seq = insert(tx, room, MEMBER, person.id, &MemberPayload { role, members }, at).await?;
    Ok(Event::Member { seq, person, role, members })
}

const INSERT_CHANGE: &str = "
    INSERT INTO events (room_id, seq, kind, person_id, payload, at) VALUES ($1, $2, $3, $4, $5, $6)";

async fn insert(
    tx: &mut Tx,
    room: RoomId,
    kind: &str,
    person: PersonId,
    payload: &impl Serialize,
    at: Timestamp,
) -> Result<i64, Error> {
    let payload = serde_json::to_string(payload).map_err(|_| Error::Corrupt("what an event says"))?;
    let seq = advance_room(tx, room, 1).await?;
    each_backend!(write tx, on => sqlx::query(INSERT_CHANGE)
        .bind(room.0)
        .bind(seq)
        .bind(kind)
        .bind(person.0)
        .bind(payload)
        .bind(at.0)
        .execute(on).await.map(drop))?;
    Ok(seq)
}

/// Such an event as it was written, about a person as they are called now.
pub(crate) fn read(kind: &str, seq: i64, payload: Option<&str>, person: Author) -> Result<Event, Error> {
    let unreadable = Error::Corrupt("what an event says");
    match (kind, payload) {
        (ROOM, Some(payload)) => {
            let RoomPayload { name, topic, archived } = serde_json::from_str(payload).map_err(|_| unreadable)?;
            Ok(Event::Room { seq, name, topic, archived })
        }
        (MEMBER, Some(payload)) => {
            let MemberPayload { role, members } = serde_json::from_str(payload).map_err(|_| unreadable)?;
            Ok(Event::Member { seq, person, role, members })
        }
        _ => Err(Error::Corrupt("the kind of an event")),
    }
}
