//! Events: what happened in a room, numbered.
//!
//! A row says what happened and to which message; the message itself is read as it is now. Whoever writes an event
//! takes a number first ([`advance_room`]), which holds the room's row until the end of the transaction, and reads what
//! is to be changed after that: of two who change something in one room the second sees what the first has done.

use super::reading::find_messages;
use crate::{
    Db, Error, Tx,
    backend::each_backend,
    many::{Many, ROWS_MAX},
    people::AuthorRow,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::HashMap, sync::LazyLock};
use telicat_domain::{Author, Event, Message, MessageId, PersonId, RoomId, Timestamp, event::Gone, permission::Role};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[ADVANCE_ROOM, INSERT_EVENT, LIST_SINCE];
#[cfg(test)]
pub(crate) const ALL_MANY: &[&LazyLock<Many>] = &[&FIND_PEOPLE];

const ADVANCE_ROOM: &str = "UPDATE rooms SET last_seq = last_seq + $2 WHERE id = $1 RETURNING last_seq";

/// Takes numbers for events, or gives some back that nobody has seen. Returns the last one taken. Until the end of the
/// transaction nobody else takes one in this room.
///
/// # Errors
/// [`Error::is_missing`] when there is no such room; [`Error::Database`].
pub async fn advance_room(tx: &mut Tx, room: RoomId, by: i64) -> Result<i64, Error> {
    Ok(each_backend!(write tx, on =>
        sqlx::query_scalar(ADVANCE_ROOM).bind(room.0).bind(by).fetch_one(on).await)?)
}

/// The kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Posted,
    Edited,
    Deleted,
    Restored,
    Reacted,
    Pinned,
    Room,
    Member,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Posted,
        Self::Edited,
        Self::Deleted,
        Self::Restored,
        Self::Reacted,
        Self::Pinned,
        Self::Room,
        Self::Member,
    ];

    /// Its name in the database.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Posted => "posted",
            Self::Edited => "edited",
            Self::Deleted => "deleted",
            Self::Restored => "restored",
            Self::Reacted => "reacted",
            Self::Pinned => "pinned",
            Self::Room => "room",
            Self::Member => "member",
        }
    }

    fn named(name: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or(Error::Corrupt("the kind of an event"))
    }

    /// Whether the message itself is a part of the event.
    fn needs_message(self) -> bool {
        matches!(self, Self::Posted | Self::Edited | Self::Deleted | Self::Restored)
    }
}

/// What an event called before, beside its message.
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
struct Before {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    called: Vec<PersonId>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    called_all: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pins: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct Reacted {
    emoji: String,
    person: PersonId,
    on: bool,
    count: u32,
}

#[derive(Serialize, Deserialize)]
struct Pinned {
    on: bool,
    count: i64,
}

#[derive(Serialize, Deserialize)]
struct Room {
    name: String,
    topic: String,
    archived: bool,
}

#[derive(Serialize, Deserialize)]
struct Member {
    role: Option<Role>,
    members: i64,
}

const INSERT_EVENT: &str = "
    INSERT INTO events (room_id, seq, kind, message_id, person_id, payload, at) VALUES ($1, $2, $3, $4, $5, $6, $7)";

/// Writes an event of any kind under the number that it has.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_event(tx: &mut Tx, room: RoomId, event: &Event, at: Timestamp) -> Result<(), Error> {
    let (kind, message, payload) = parts(event)?;
    let person = if let Event::Member { person, .. } = event { Some(person.id.0) } else { None };
    each_backend!(write tx, on => sqlx::query(INSERT_EVENT)
        .bind(room.0)
        .bind(event.seq())
        .bind(kind.name())
        .bind(message.map(|message| message.0))
        .bind(person)
        .bind(payload)
        .bind(at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

type Parts = (Kind, Option<MessageId>, Option<String>);

fn parts(event: &Event) -> Result<Parts, Error> {
    Ok(match event {
        Event::Posted(message) => (Kind::Posted, Some(message.id), None),
        Event::Edited { message, called, called_all, .. } => {
            let before = Before { called: called.clone(), called_all: *called_all, pins: None };
            (Kind::Edited, Some(message.id), Some(json(&before)?))
        }
        Event::Deleted { message, .. } => {
            let (called, called_all) = (message.called.clone(), message.called_all);
            let before = Before { called, called_all, pins: message.pins };
            (Kind::Deleted, Some(message.id), Some(json(&before)?))
        }
        Event::Restored { message, .. } => (Kind::Restored, Some(message.id), None),
        Event::Reacted { message, emoji, person, on, count, .. } => {
            let reacted = Reacted { emoji: emoji.clone(), person: *person, on: *on, count: *count };
            (Kind::Reacted, Some(*message), Some(json(&reacted)?))
        }
        Event::Pinned { message, on, count, .. } => {
            (Kind::Pinned, Some(*message), Some(json(&Pinned { on: *on, count: *count })?))
        }
        Event::Room { name, topic, archived, .. } => {
            let room = Room { name: name.clone(), topic: topic.clone(), archived: *archived };
            (Kind::Room, None, Some(json(&room)?))
        }
        Event::Member { role, members, .. } => {
            let member = Member { role: *role, members: *members };
            (Kind::Member, None, Some(json(&member)?))
        }
    })
}

fn json(payload: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(payload).map_err(|_| Error::Corrupt("an event that is no JSON"))
}

#[derive(sqlx::FromRow)]
struct EventRow {
    seq: i64,
    kind: String,
    message_id: Option<Uuid>,
    /// Who came, went or has another role. How people are called does not stand in the payload, so that nothing is left
    /// of those who go.
    person_id: Option<Uuid>,
    payload: Option<String>,
}

impl EventRow {
    fn payload<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let text = self.payload.as_deref().ok_or(Error::Corrupt("an event without its payload"))?;
        serde_json::from_str(text).map_err(|_| Error::Corrupt("the payload of an event"))
    }

    fn event(self, messages: &HashMap<MessageId, Message>, people: &HashMap<PersonId, Author>) -> Result<Event, Error> {
        let seq = self.seq;
        let id = || self.message_id.map(MessageId).ok_or(Error::Corrupt("an event without its message"));
        let message =
            || id().and_then(|id| messages.get(&id).cloned().ok_or(Error::Corrupt("the message of an event")));
        Ok(match Kind::named(&self.kind)? {
            Kind::Posted => Event::Posted(message()?),
            Kind::Edited => {
                let Before { called, called_all, .. } = self.payload()?;
                Event::Edited { seq, message: message()?, called, called_all }
            }
            Kind::Deleted => {
                let Before { called, called_all, pins } = self.payload()?;
                Event::Deleted { seq, message: gone(&message()?, called, called_all, pins) }
            }
            Kind::Restored => Event::Restored { seq, message: message()? },
            Kind::Reacted => {
                let Reacted { emoji, person, on, count } = self.payload()?;
                Event::Reacted { seq, message: id()?, emoji, person, on, count }
            }
            Kind::Pinned => {
                let Pinned { on, count } = self.payload()?;
                Event::Pinned { seq, message: id()?, on, count }
            }
            Kind::Room => {
                let Room { name, topic, archived } = self.payload()?;
                Event::Room { seq, name, topic, archived }
            }
            Kind::Member => {
                let Member { role, members } = self.payload()?;
                let person = self.person_id.and_then(|id| people.get(&PersonId(id)).cloned());
                let person = person.ok_or(Error::Corrupt("the person of an event"))?;
                Event::Member { seq, person, role, members }
            }
        })
    }
}

/// What is left of a message that was deleted: whom it called, and how many messages are pinned since if it was.
#[must_use]
pub fn gone(message: &Message, called: Vec<PersonId>, called_all: bool, pins: Option<i64>) -> Gone {
    Gone { id: message.id, seq: message.seq, author: message.author.id, root: message.root, called, called_all, pins }
}

const LIST_SINCE: &str = "
    SELECT e.seq, e.kind, e.message_id, e.person_id, e.payload FROM events e
    WHERE e.room_id = $1 AND e.seq > $2 AND e.seq <= $3 ORDER BY e.seq LIMIT $4";

/// The first `limit` events of a room whose number is above `seq`, up to the number `head`, oldest first, with their messages as they are now,
/// but for what [`super::fill`] adds. Two queries, and one more when people came or went.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn list_events_since(db: &Db, room: RoomId, seq: i64, head: i64, limit: i64) -> Result<Vec<Event>, Error> {
    let rows: Vec<EventRow> = each_backend!(read db, on => sqlx::query_as(LIST_SINCE)
        .bind(room.0)
        .bind(seq)
        .bind(head)
        .bind(limit)
        .fetch_all(on).await)?;
    let (mut ids, mut people) = (Vec::new(), Vec::new());
    for row in &rows {
        let kind = Kind::named(&row.kind)?;
        ids.extend(row.message_id.filter(|_| kind.needs_message()).map(MessageId));
        if kind == Kind::Member {
            people.extend(row.person_id.map(PersonId));
        }
    }
    ids.sort_unstable();
    ids.dedup();
    let messages = if ids.is_empty() { Vec::new() } else { find_messages(db, &ids).await? };
    let messages = messages.into_iter().map(|(_, message)| (message.id, message)).collect();
    let people = if people.is_empty() { HashMap::new() } else { find_people(db, &people).await? };
    rows.into_iter().map(|row| row.event(&messages, &people)).collect()
}

static FIND_PEOPLE: LazyLock<Many> = LazyLock::new(|| {
    let head = "SELECT id AS author_id, handle, display_name, picture_id, deleted_at FROM people WHERE id IN (VALUES";
    Many::new(head, 1, ")")
});

async fn find_people(db: &Db, ids: &[PersonId]) -> Result<HashMap<PersonId, Author>, Error> {
    let mut found = HashMap::with_capacity(ids.len());
    for part in ids.chunks(ROWS_MAX) {
        let (text, room) = FIND_PEOPLE.room_for(db, part.len());
        let padding = part.last().into_iter().cycle().take(room - part.len());
        let rows: Vec<AuthorRow> = each_backend!(read db, on => {
            let mut query = sqlx::query_as(text);
            for id in part.iter().chain(padding) {
                query = query.bind(id.0);
            }
            query.fetch_all(on).await
        })?;
        found.extend(rows.into_iter().map(Author::from).map(|author| (author.id, author)));
    }
    Ok(found)
}
