//! Posting: many messages of one room in a handful of statements.
//!
//! Events of a room are numbered 1, 2, 3, … without a gap. The numbers are taken by advancing the room's row, which
//! `PostgreSQL` locks for this transaction until its end: of two that post in one room the second waits here, and then
//! sees what the first has written.

use super::events::{Kind, advance_room};
use crate::{
    Error, Tx,
    backend::each_backend,
    many::{Many, ROWS_MAX},
    people::AuthorRow,
};
use std::{
    collections::{HashMap, hash_map::Entry},
    sync::LazyLock,
};
use telicat_domain::{
    Author, Message, MessageId, Nonce, PersonId, RoomId, Timestamp,
    event::{Quote, Root},
};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[COUNT_NONCE];
#[cfg(test)]
pub(crate) const ALL_MANY: &[&LazyLock<Many>] = &[&FIND_EARLIER, &INSERT_MESSAGES, &INSERT_EVENTS];

/// A message to be posted.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// The new identifier.
    pub id: MessageId,
    /// Who posts it.
    pub author: PersonId,
    /// The sender's own identifier for it.
    pub nonce: Nonce,
    /// What was written.
    pub body: String,
    /// The message that it answers.
    pub reply_to: Option<Box<Quote>>,
    /// The thread that it goes into.
    pub root: Option<MessageId>,
    /// Now.
    pub at: Timestamp,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inserted {
    /// Whether it was written now. If not, its author had used the nonce before.
    pub fresh: bool,
    /// The message that has the nonce: this one, or the earlier one, which may be in another room and of which only
    /// what was written then is told here.
    pub message: Message,
}

/// A nonce among those of its author.
type Key = (PersonId, Nonce);

impl NewMessage {
    fn key(&self) -> Key {
        (self.author, self.nonce)
    }
}

/// Posts messages in a room, in their order. What is answered has the same order. A nonce that its author has used
/// before, in any room or earlier in `new`, writes nothing, takes no number and answers with the first message.
///
/// # Errors
/// [`Error::Conflict`] with [`Constraint::Nonce`](crate::Constraint::Nonce) when on `PostgreSQL` another transaction
/// has just posted the nonce in another room: the whole transaction, done again, answers with that one's message.
/// [`Error::AuthorGone`] when an author has deleted the account. [`Error::is_missing`] when the room or an author does
/// not exist. [`Error::Database`].
pub async fn insert_messages(tx: &mut Tx, room: RoomId, new: &[NewMessage]) -> Result<Vec<Inserted>, Error> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    // Each nonce once, and where each of `new` is among them.
    let mut distinct: Vec<&NewMessage> = Vec::with_capacity(new.len());
    let mut first: HashMap<Key, usize> = HashMap::with_capacity(new.len());
    let mut places: Vec<(usize, bool)> = Vec::with_capacity(new.len());
    for message in new {
        match first.entry(message.key()) {
            Entry::Occupied(place) => places.push((*place.get(), false)),
            Entry::Vacant(place) => {
                places.push((*place.insert(distinct.len()), true));
                distinct.push(message);
            }
        }
    }

    // Retries are rare: take a number for each, and give back what was too much. Nobody sees it before the commit.
    let asked = distinct.len() as i64;
    let mut last_seq = advance_room(tx, room, asked).await?;
    let mut earlier = find_earlier(tx, &distinct).await?;
    let retried = earlier.values().filter(|(_, message)| message.is_some()).count() as i64;
    if retried > 0 {
        last_seq = advance_room(tx, room, -retried).await?;
    }

    let mut next_seq = last_seq - (asked - retried);
    let mut settled: Vec<Inserted> = Vec::with_capacity(distinct.len());
    for message in &distinct {
        let Some((author, before)) = earlier.remove(&message.key()) else {
            return Err(Error::Database(sqlx::Error::RowNotFound));
        };
        if author.deleted {
            return Err(Error::AuthorGone);
        }
        let fresh = before.is_none();
        let message = before.unwrap_or_else(|| {
            next_seq += 1;
            message.posted(next_seq, author)
        });
        settled.push(Inserted { fresh, message });
    }
    let fresh: Vec<(PersonId, &Message)> = (distinct.iter().zip(&settled))
        .filter(|(_, inserted)| inserted.fresh)
        .map(|(new, inserted)| (new.author, &inserted.message))
        .collect();
    write_messages(tx, room, &fresh).await?;
    write_events(tx, room, &fresh).await?;

    if distinct.len() == new.len() {
        return Ok(settled);
    }
    let answer = |(place, is_first): (usize, bool)| {
        let inserted: &Inserted = &settled[place];
        Inserted { fresh: inserted.fresh && is_first, message: inserted.message.clone() }
    };
    Ok(places.into_iter().map(answer).collect())
}

impl NewMessage {
    fn posted(&self, seq: i64, author: Author) -> Message {
        let mut message = Message::new(seq, self.id, self.nonce, author, self.body.clone(), self.at);
        message.reply_to.clone_from(&self.reply_to);
        message.root = self.root.map(|id| Root { id, replies: 0 });
        message
    }
}

const COUNT_NONCE: &str = "SELECT count(*) FROM messages WHERE author_id = $1 AND nonce = $2";

/// Whether somebody has used a nonce.
///
/// # Errors
/// [`Error::Database`].
pub async fn is_nonce_used(tx: &mut Tx, author: PersonId, nonce: Nonce) -> Result<bool, Error> {
    let count: i64 = each_backend!(write tx, on =>
        sqlx::query_scalar(COUNT_NONCE).bind(author.0).bind(nonce.0).fetch_one(on).await)?;
    Ok(count > 0)
}

#[derive(sqlx::FromRow)]
struct EarlierRow {
    #[sqlx(flatten)]
    author: AuthorRow,
    nonce: Uuid,
    seq: Option<i64>,
    id: Option<Uuid>,
    body: Option<String>,
    created_at: Option<i64>,
    erased_at: Option<i64>,
}

impl EarlierRow {
    fn into_parts(self) -> (Key, (Author, Option<Message>)) {
        let author = Author::from(self.author);
        let nonce = Nonce(self.nonce);
        let message = match (self.seq, self.id, self.body, self.created_at) {
            (Some(seq), Some(id), Some(body), Some(at)) => {
                let message = Message::new(seq, MessageId(id), nonce, author.clone(), body, Timestamp(at));
                Some(Message { erased: self.erased_at.is_some(), ..message })
            }
            _ => None,
        };
        ((author.id, nonce), (author, message))
    }
}

/// For each author and nonce, who the author is and the message that has the nonce already. The author stays as found
/// until the end of the transaction: who deletes the account waits, and then finds what was posted.
static FIND_EARLIER: LazyLock<Many> = LazyLock::new(|| {
    Many::new(
        "WITH wanted (author_id, nonce) AS (VALUES",
        2,
        ") SELECT w.author_id, w.nonce, p.handle, p.display_name, p.picture_id, p.deleted_at, m.seq, m.id, m.body,
            m.created_at, m.erased_at
        FROM wanted w JOIN people p ON p.id = w.author_id
            LEFT JOIN messages m ON m.author_id = w.author_id AND m.nonce = w.nonce",
    )
    .locking(" FOR KEY SHARE OF p")
});

async fn find_earlier(tx: &mut Tx, distinct: &[&NewMessage]) -> Result<HashMap<Key, (Author, Option<Message>)>, Error> {
    let mut found = HashMap::with_capacity(distinct.len());
    for part in distinct.chunks(ROWS_MAX) {
        let (text, room) = FIND_EARLIER.room_for(tx, part.len());
        // The text may have place for more rows; the last one fills it.
        let padding = part.last().into_iter().cycle().take(room - part.len());
        let rows: Vec<EarlierRow> = each_backend!(write tx, on => {
            let mut query = sqlx::query_as(text);
            for message in part.iter().chain(padding) {
                query = query.bind(message.author.0).bind(message.nonce.0);
            }
            query.fetch_all(on).await
        })?;
        found.extend(rows.into_iter().map(EarlierRow::into_parts));
    }
    Ok(found)
}

static INSERT_MESSAGES: LazyLock<Many> = LazyLock::new(|| {
    Many::new(
        "INSERT INTO messages (id, room_id, seq, author_id, nonce, body, created_at, root_id, reply_to) VALUES",
        9,
        "",
    )
});

async fn write_messages(tx: &mut Tx, room: RoomId, mut fresh: &[(PersonId, &Message)]) -> Result<(), Error> {
    while !fresh.is_empty() {
        let (text, rows) = INSERT_MESSAGES.part_of(tx, fresh.len());
        let (part, rest) = fresh.split_at(rows);
        each_backend!(write tx, on => {
            let mut query = sqlx::query(text);
            for (author, message) in part {
                query = query
                    .bind(message.id.0)
                    .bind(room.0)
                    .bind(message.seq)
                    .bind(author.0)
                    .bind(message.nonce.0)
                    .bind(message.body.as_str())
                    .bind(message.at.0)
                    .bind(message.root.map(|root| root.id.0))
                    .bind(message.reply_to.as_ref().map(|quote| quote.message.0));
            }
            query.execute(on).await.map(drop)
        })?;
        fresh = rest;
    }
    Ok(())
}

static INSERT_EVENTS: LazyLock<Many> =
    LazyLock::new(|| Many::new("INSERT INTO events (room_id, seq, kind, message_id, at) VALUES", 5, ""));

async fn write_events(tx: &mut Tx, room: RoomId, mut fresh: &[(PersonId, &Message)]) -> Result<(), Error> {
    while !fresh.is_empty() {
        let (text, rows) = INSERT_EVENTS.part_of(tx, fresh.len());
        let (part, rest) = fresh.split_at(rows);
        each_backend!(write tx, on => {
            let mut query = sqlx::query(text);
            for (_, message) in part {
                query = query.bind(room.0).bind(message.seq).bind(Kind::Posted.name()).bind(message.id.0).bind(message.at.0);
            }
            query.execute(on).await.map(drop)
        })?;
        fresh = rest;
    }
    Ok(())
}
