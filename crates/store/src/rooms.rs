//! Rooms and their members. Who may do what in them is decided elsewhere, from what is found here.

use crate::{Db, Error, Tx, backend::each_backend};
use telicat_domain::{
    PersonId, RoomId, RoomSlug, Timestamp,
    permission::{Place, Role},
    room::{RoomKind, RoomSummary},
};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    FIND_ROOM,
    FIND_ROOM_BY_ID,
    LIST_HEADS,
    FIND_ROOM_IN,
    FIND_ROLE_IN,
    LOCK_ROOM,
    LOCK_ROOM_BY_ID,
    FIND_DIRECT,
    INSERT_ROOM,
    UPDATE_ROOM,
    UPDATE_ARCHIVED,
    END_ROOM,
];

/// A room, and how somebody stands to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Its identifier.
    pub id: RoomId,
    /// What its readers see of it.
    pub summary: RoomSummary,
    /// The number of its last event; 0 when nothing has happened.
    pub last_seq: i64,
    /// The role of the person who asks; none when they are no member.
    pub role: Option<Role>,
}

#[derive(sqlx::FromRow)]
struct RoomRow {
    id: Uuid,
    slug: String,
    kind: String,
    name: String,
    topic: String,
    last_seq: i64,
    archived_at: Option<i64>,
    role: Option<String>,
}

impl TryFrom<RoomRow> for Room {
    type Error = Error;

    fn try_from(row: RoomRow) -> Result<Self, Error> {
        let summary = RoomSummary {
            slug: slug(&row.slug)?,
            kind: kind(&row.kind)?,
            name: row.name,
            topic: row.topic,
            archived: row.archived_at.is_some(),
            people: Vec::new(),
        };
        let role = row.role.as_deref().map(role).transpose()?;
        Ok(Self { id: RoomId(row.id), summary, last_seq: row.last_seq, role })
    }
}

const FIND_ROOM: &str = "
    SELECT r.id, r.slug, r.kind, r.name, r.topic, r.last_seq, r.archived_at, m.role
    FROM rooms r LEFT JOIN memberships m ON m.room_id = r.id AND m.person_id = $2
    WHERE r.slug = $1 AND r.deleted_at IS NULL";

/// Finds a room, whether or not the person may know of it.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn find_room(db: &Db, slug: &str, person: PersonId) -> Result<Option<Room>, Error> {
    let row: Option<RoomRow> = each_backend!(read db, on =>
        sqlx::query_as(FIND_ROOM).bind(slug).bind(person.0).fetch_optional(on).await)?;
    row.map(Room::try_from).transpose()
}

const FIND_ROOM_BY_ID: &str = "
    SELECT r.id, r.slug, r.kind, r.name, r.topic, r.last_seq, r.archived_at, m.role
    FROM rooms r LEFT JOIN memberships m ON m.room_id = r.id AND m.person_id = $2
    WHERE r.id = $1 AND r.deleted_at IS NULL";

/// As [`find_room`], by the identifier.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn find_room_by_id(db: &Db, room: RoomId, person: PersonId) -> Result<Option<Room>, Error> {
    let row: Option<RoomRow> = each_backend!(read db, on =>
        sqlx::query_as(FIND_ROOM_BY_ID).bind(room.0).bind(person.0).fetch_optional(on).await)?;
    row.map(Room::try_from).transpose()
}

/// How far a room is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomHead {
    /// Its identifier.
    pub id: RoomId,
    /// Its name in the address.
    pub slug: RoomSlug,
    /// What sort of a room it is.
    pub kind: RoomKind,
    /// The number of its last event; 0 when nothing has happened.
    pub last_seq: i64,
}

const LIST_HEADS: &str = "
    SELECT id, slug, kind, last_seq FROM rooms WHERE kind = 'public' AND deleted_at IS NULL
    UNION ALL
    SELECT r.id, r.slug, r.kind, r.last_seq
    FROM memberships m JOIN rooms r ON r.id = m.room_id
    WHERE m.person_id = $1 AND r.kind <> 'public' AND r.deleted_at IS NULL";

/// How far the public rooms are, and those that the person is a member of. In no order.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn list_heads(db: &Db, person: PersonId) -> Result<Vec<RoomHead>, Error> {
    let rows: Vec<(Uuid, String, String, i64)> =
        each_backend!(read db, on => sqlx::query_as(LIST_HEADS).bind(person.0).fetch_all(on).await)?;
    rows.into_iter()
        .map(|(id, of, sort, last_seq)| Ok(RoomHead { id: RoomId(id), slug: slug(&of)?, kind: kind(&sort)?, last_seq }))
        .collect()
}

/// What posting needs to know of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomKey {
    /// Its identifier.
    pub id: RoomId,
    /// What sort of a room it is.
    pub kind: RoomKind,
    /// Its name in the address.
    pub slug: RoomSlug,
    /// Whether nothing is written in it any more.
    pub archived: bool,
}

impl RoomKey {
    /// What of the room matters for rights.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { kind: self.kind, archived: self.archived }
    }
}

// An update that changes nothing is the one lock that both databases know.
const FIND_ROOM_IN: &str = "
    UPDATE rooms SET last_seq = last_seq WHERE slug = $1 AND deleted_at IS NULL RETURNING id, slug, kind, archived_at";

/// Finds a room inside a transaction, and holds it: nobody leaves it or is removed until the transaction ends, so whoever
/// may write in it now may do so.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn find_room_in(tx: &mut Tx, name: &str) -> Result<Option<RoomKey>, Error> {
    let row: Option<(Uuid, String, String, Option<i64>)> =
        each_backend!(write tx, on => sqlx::query_as(FIND_ROOM_IN).bind(name).fetch_optional(on).await)?;
    let key = |(id, of, sort, archived_at): (Uuid, String, String, Option<i64>)| {
        Ok(RoomKey { id: RoomId(id), kind: kind(&sort)?, slug: slug(&of)?, archived: archived_at.is_some() })
    };
    row.map(key).transpose()
}

const FIND_ROLE_IN: &str = "SELECT role FROM memberships WHERE room_id = $1 AND person_id = $2";

/// Finds the role of a person in a room inside a transaction; none when they are no member.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn find_role_in(tx: &mut Tx, room: RoomId, person: PersonId) -> Result<Option<Role>, Error> {
    let name: Option<String> = each_backend!(write tx, on =>
        sqlx::query_scalar(FIND_ROLE_IN).bind(room.0).bind(person.0).fetch_optional(on).await)?;
    name.as_deref().map(role).transpose()
}

const LOCK_ROOM: &str = "
    UPDATE rooms SET last_seq = last_seq WHERE slug = $1 AND deleted_at IS NULL
    RETURNING id, slug, kind, name, topic, last_seq, archived_at, CAST(NULL AS TEXT) AS role";

const LOCK_ROOM_BY_ID: &str = "
    UPDATE rooms SET last_seq = last_seq WHERE id = $1 AND deleted_at IS NULL
    RETURNING id, slug, kind, name, topic, last_seq, archived_at, CAST(NULL AS TEXT) AS role";

/// Finds a room and how somebody stands to it. Until the end of the transaction nobody else changes who is in it, what it
/// is called, or what is said there: what is decided by what was found stays true.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn lock_room(tx: &mut Tx, slug: &str, person: PersonId) -> Result<Option<Room>, Error> {
    let row: Option<RoomRow> =
        each_backend!(write tx, on => sqlx::query_as(LOCK_ROOM).bind(slug).fetch_optional(on).await)?;
    with_role(tx, row, person).await
}

/// As [`lock_room`], by the identifier.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn lock_room_by_id(tx: &mut Tx, room: RoomId, person: PersonId) -> Result<Option<Room>, Error> {
    let row: Option<RoomRow> =
        each_backend!(write tx, on => sqlx::query_as(LOCK_ROOM_BY_ID).bind(room.0).fetch_optional(on).await)?;
    with_role(tx, row, person).await
}

/// The role is asked for after the lock was had: before, it may have been another one.
async fn with_role(tx: &mut Tx, row: Option<RoomRow>, person: PersonId) -> Result<Option<Room>, Error> {
    let Some(room) = row.map(Room::try_from).transpose()? else { return Ok(None) };
    let role = find_role_in(tx, room.id, person).await?;
    Ok(Some(Room { role, ..room }))
}

const FIND_DIRECT: &str = "SELECT id, slug FROM rooms WHERE direct_key = $1 AND deleted_at IS NULL";

/// Finds the direct room of a set of people, by [`direct_key`].
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn find_direct_in(tx: &mut Tx, key: &str) -> Result<Option<(RoomId, RoomSlug)>, Error> {
    let row: Option<(Uuid, String)> =
        each_backend!(write tx, on => sqlx::query_as(FIND_DIRECT).bind(key).fetch_optional(on).await)?;
    row.map(|(id, of)| Ok((RoomId(id), slug(&of)?))).transpose()
}

/// As [`find_direct_in`], outside of a transaction.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn find_direct(db: &Db, key: &str) -> Result<Option<RoomSlug>, Error> {
    let row: Option<(Uuid, String)> =
        each_backend!(read db, on => sqlx::query_as(FIND_DIRECT).bind(key).fetch_optional(on).await)?;
    row.map(|(_, of)| slug(&of)).transpose()
}

const UPDATE_ROOM: &str = "UPDATE rooms SET name = $2, topic = $3 WHERE id = $1";

/// Gives a room another name, and something else that it is about.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_room(tx: &mut Tx, room: RoomId, name: &str, topic: &str) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(UPDATE_ROOM).bind(room.0).bind(name).bind(topic).execute(on).await.map(drop))?;
    Ok(())
}

const UPDATE_ARCHIVED: &str = "UPDATE rooms SET archived_at = $2 WHERE id = $1";

/// Closes a room for writing from a moment on, or opens it again.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_archived(tx: &mut Tx, room: RoomId, at: Option<Timestamp>) -> Result<(), Error> {
    each_backend!(write tx, on =>
        sqlx::query(UPDATE_ARCHIVED).bind(room.0).bind(at.map(|at| at.0)).execute(on).await.map(drop))?;
    Ok(())
}

const END_ROOM: &str = "UPDATE rooms SET deleted_at = $2 WHERE id = $1";

/// Deletes a room: from here on it is there for nobody. Its rows are removed by [`crate::purging`].
///
/// # Errors
/// [`Error::Database`].
pub async fn end_room(tx: &mut Tx, room: RoomId, at: Timestamp) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(END_ROOM).bind(room.0).bind(at.0).execute(on).await.map(drop))?;
    Ok(())
}

// Without a target, because the key of a direct room may be there as well as the slug.
const INSERT_ROOM: &str = "
    INSERT INTO rooms (id, slug, kind, name, topic, direct_key, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING";

/// A room to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewRoom<'a> {
    /// The new identifier.
    pub id: RoomId,
    /// Its name in the address.
    pub slug: &'a RoomSlug,
    /// What sort of a room it is.
    pub kind: RoomKind,
    /// Its name.
    pub name: &'a str,
    /// What it is about.
    pub topic: &'a str,
    /// Whose room it is, when it is a direct one: [`direct_key`].
    pub direct_key: Option<&'a str>,
    /// Now.
    pub at: Timestamp,
}

/// Writes a room, unless there is one of that slug or of the same people. Says whether it was written: of two who make
/// a room for the same people at once one does, and the other waits for that and then finds it.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_room(tx: &mut Tx, new: &NewRoom<'_>) -> Result<bool, Error> {
    let written = each_backend!(write tx, on => sqlx::query(INSERT_ROOM)
        .bind(new.id.0)
        .bind(new.slug.as_str())
        .bind(new.kind.name())
        .bind(new.name)
        .bind(new.topic)
        .bind(new.direct_key)
        .bind(new.at.0)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(written > 0)
}

/// What tells the direct room of a set of people from all others, in whichever order they are named.
#[must_use]
pub fn direct_key(people: &[PersonId]) -> String {
    let mut people: Vec<String> = people.iter().map(ToString::to_string).collect();
    people.sort();
    people.dedup();
    people.join(" ")
}

pub(crate) fn slug(text: &str) -> Result<RoomSlug, Error> {
    RoomSlug::parse(text).map_err(|_| Error::Corrupt("the slug of a room"))
}

pub(crate) fn kind(name: &str) -> Result<RoomKind, Error> {
    RoomKind::named(name).ok_or(Error::Corrupt("the kind of a room"))
}

pub(crate) fn role(name: &str) -> Result<Role, Error> {
    Role::named(name).ok_or(Error::Corrupt("the role of a member"))
}
