//! What belongs to messages and stands in tables of its own: reactions, whom they call, and what a reader has of them.

use super::row::number;
use crate::{
    Db, Error,
    backend::{On, each_backend},
    many::{Many, ROWS_MAX},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};
use telicat_domain::{Message, MessageId, PersonId, RoomId, event::Reaction};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[];
#[cfg(test)]
pub(crate) const ALL_MANY: &[&LazyLock<Many>] = &[&LIST_DETAILS, &LIST_OWN];

/// Whom a text calls: by the folded name as it was written; nobody under the empty name is everybody.
pub type Called = BTreeMap<String, Option<PersonId>>;

/// The name under which everybody is called, in [`Called`].
pub const EVERYBODY: &str = "";

/// Says on a message whom it calls.
pub fn put_called(message: &mut Message, called: &Called) {
    message.mentions_all = called.contains_key(EVERYBODY);
    message.mentions.clear();
    for person in called.values().flatten() {
        if !message.mentions.contains(person) {
            message.mentions.push(*person);
        }
    }
}

/// What the head of a room's page says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// The number of the newest message outside of threads, 0 when there is none.
    pub last_post: i64,
    /// How many members there are.
    pub members: i64,
    /// How many messages are pinned.
    pub pinned: i64,
}

#[derive(sqlx::FromRow)]
struct DetailRow {
    id: Uuid,
    name: String,
    person_id: Option<Uuid>,
    count: i64,
    place: i64,
    pinned: Option<i64>,
}

/// What is wanted are messages, and perhaps a room. Only the row of a room has a number of pinned messages; its count
/// are the members, its place the newest message. Reactions have a place, which is the number of an event and so never
/// 0; calls have none.
static LIST_DETAILS: LazyLock<Many> = LazyLock::new(|| {
    Many::new(
        "WITH wanted (id) AS (VALUES",
        1,
        ") SELECT r.id, '' AS name, NULL AS person_id,
            (SELECT count(*) FROM memberships k WHERE k.room_id = r.id) AS count,
            coalesce((SELECT m.seq FROM messages m WHERE m.room_id = r.id AND m.root_id IS NULL
                ORDER BY m.seq DESC LIMIT 1), 0) AS place,
            (SELECT count(*) FROM messages m WHERE m.room_id = r.id AND m.pinned_at IS NOT NULL) AS pinned
        FROM rooms r WHERE r.id IN (SELECT w.id FROM wanted w)
        UNION ALL
        SELECT c.message_id, c.handle_folded, c.person_id, 0, 0, NULL
        FROM mentions c WHERE c.message_id IN (SELECT w.id FROM wanted w)
        UNION ALL
        SELECT g.message_id, g.emoji, NULL, count(*), min(g.since), NULL
        FROM reactions g WHERE g.message_id IN (SELECT w.id FROM wanted w) GROUP BY g.message_id, g.emoji",
    )
});

/// Adds reactions and calls to messages that have a text, and says by which names the calls are made. One query.
///
/// # Errors
/// [`Error::Database`].
pub async fn fill(on: impl Into<On<'_>>, messages: &mut [&mut Message]) -> Result<HashMap<MessageId, Called>, Error> {
    Ok(fill_all(on.into(), messages, None).await?.0)
}

/// The same, and what the head of a room's page says; of a room that is gone nothing. One query.
///
/// # Errors
/// [`Error::Database`].
pub async fn fill_page(
    db: &Db,
    room: RoomId,
    messages: &mut [&mut Message],
) -> Result<(HashMap<MessageId, Called>, Facts), Error> {
    fill_all(db.into(), messages, Some(room)).await
}

async fn fill_all(
    mut on: On<'_>,
    messages: &mut [&mut Message],
    room: Option<RoomId>,
) -> Result<(HashMap<MessageId, Called>, Facts), Error> {
    let mut called: HashMap<MessageId, Called> = HashMap::new();
    let mut reactions: HashMap<MessageId, Vec<(i64, Reaction)>> = HashMap::new();
    let mut facts = Facts::default();
    let with_text = messages.iter().filter(|message| !message.deleted).map(|message| message.id.0);
    let mut ids: Vec<Uuid> = with_text.chain(room.map(|room| room.0)).collect();
    ids.sort_unstable();
    ids.dedup();
    for part in ids.chunks(ROWS_MAX) {
        let (text, room) = LIST_DETAILS.room_for(&on, part.len());
        let padding = part.last().into_iter().cycle().take(room - part.len());
        let rows: Vec<DetailRow> = each_backend!(either &mut on, on => {
            let mut query = sqlx::query_as(text);
            for id in part.iter().chain(padding) {
                query = query.bind(*id);
            }
            query.fetch_all(on).await
        })?;
        for row in rows {
            let message = MessageId(row.id);
            if let Some(pinned) = row.pinned {
                facts = Facts { last_post: row.place, members: row.count, pinned };
            } else if row.place > 0 {
                let reaction = Reaction { emoji: row.name, count: number(row.count), mine: false };
                reactions.entry(message).or_default().push((row.place, reaction));
            } else {
                called.entry(message).or_default().insert(row.name, row.person_id.map(PersonId));
            }
        }
    }
    for found in reactions.values_mut() {
        found.sort_by_key(|(place, _)| *place);
    }
    for message in messages.iter_mut() {
        if let Some(found) = reactions.get(&message.id) {
            message.reactions = found.iter().map(|(_, reaction)| reaction.clone()).collect();
        }
        if let Some(called) = called.get(&message.id) {
            put_called(message, called);
        }
    }
    Ok((called, facts))
}

#[derive(sqlx::FromRow)]
struct OwnRow {
    message_id: Uuid,
    emoji: String,
    unread: i64,
}

/// Rows with an emoji are reactions, those with a count are threads, the others are saved messages. A thousand is
/// `UNREAD_MAX`.
static LIST_OWN: LazyLock<Many> = LazyLock::new(|| {
    Many::new(
        "WITH wanted (message_id, person_id) AS (VALUES",
        2,
        ") SELECT r.message_id, r.emoji AS emoji, -1 AS unread
        FROM wanted w JOIN reactions r ON r.message_id = w.message_id AND r.person_id = w.person_id
        UNION ALL
        SELECT s.message_id, '', -1
        FROM wanted w JOIN saved_messages s ON s.message_id = w.message_id AND s.person_id = w.person_id
        UNION ALL
        SELECT f.root_id, '', (SELECT count(*) FROM (SELECT 1 FROM messages x
            WHERE x.root_id = f.root_id AND x.seq > f.read_seq AND x.deleted_at IS NULL AND x.author_id <> f.person_id
            LIMIT 1000) AS counted)
        FROM wanted w JOIN thread_follows f ON f.root_id = w.message_id AND f.person_id = w.person_id
        WHERE f.following",
    )
});

/// Adds what a reader has of messages: own reactions, whether they are saved, and what is unread in threads. One query.
///
/// # Errors
/// [`Error::Database`].
pub async fn fill_own(db: &Db, person: PersonId, messages: &mut [&mut Message]) -> Result<(), Error> {
    let mut ids: Vec<Uuid> = messages.iter().map(|message| message.id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut own: HashMap<Uuid, Vec<OwnRow>> = HashMap::new();
    for part in ids.chunks(ROWS_MAX) {
        let (text, room) = LIST_OWN.room_for(db, part.len());
        let padding = part.last().into_iter().cycle().take(room - part.len());
        let rows: Vec<OwnRow> = each_backend!(read db, on => {
            let mut query = sqlx::query_as(text);
            for id in part.iter().chain(padding) {
                query = query.bind(*id).bind(person.0);
            }
            query.fetch_all(on).await
        })?;
        for row in rows {
            own.entry(row.message_id).or_default().push(row);
        }
    }
    for message in messages.iter_mut() {
        for row in own.get(&message.id.0).into_iter().flatten() {
            if row.unread >= 0 {
                if let Some(replies) = &mut message.replies {
                    replies.unread = Some(number(row.unread));
                }
            } else if row.emoji.is_empty() {
                message.saved = true;
            } else if let Some(reaction) = message.reactions.iter_mut().find(|found| found.emoji == row.emoji) {
                reaction.mine = true;
            }
        }
    }
    Ok(())
}
