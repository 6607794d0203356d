//! What changes a room itself: who is in it, and what it is called. Each is an event with a number.

use crate::{
    Error, Tx,
    messages::{advance_room, insert_event},
};
use telicat_domain::{Author, Event, RoomId, Timestamp, permission::Role};

/// Writes down what a room is called and is otherwise from here on.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_room_change(
    tx: &mut Tx,
    room: RoomId,
    name: &str,
    topic: &str,
    archived: bool,
    at: Timestamp,
) -> Result<Event, Error> {
    let seq = advance_room(tx, room, 1).await?;
    let event = Event::Room { seq, name: name.to_owned(), topic: topic.to_owned(), archived };
    insert_event(tx, room, &event, at).await?;
    Ok(event)
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
    let seq = advance_room(tx, room, 1).await?;
    let event = Event::Member { seq, person, role, members };
    insert_event(tx, room, &event, at).await?;
    Ok(event)
}
