//! Rooms and their members. Who may do what in them is decided elsewhere, from what is found here.

use crate::{Db, Error, Tx, backend::each_backend};
use telicat_domain::{
    PersonId, RoomId, RoomSlug, Timestamp,
    permission::{Place, Role},
    room::{RoomKind, RoomSummary},
};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] =
    &[FIND_ROOM, LIST_ROOMS, LIST_PUBLIC_SLUGS, LIST_HEADS, FIND_ROOM_IN, FIND_ROLE_IN, INSERT_ROOM, INSERT_MEMBER];

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

const LIST_ROOMS: &str = "
    SELECT r.id, r.slug, r.kind, r.name, r.topic, r.last_seq, r.archived_at, m.role
    FROM rooms r LEFT JOIN memberships m ON m.room_id = r.id AND m.person_id = $1
    WHERE r.kind = 'public' AND r.deleted_at IS NULL
    UNION ALL
    SELECT r.id, r.slug, r.kind, r.name, r.topic, r.last_seq, r.archived_at, m.role
    FROM memberships m JOIN rooms r ON r.id = m.room_id
    WHERE m.person_id = $1 AND r.kind <> 'public' AND r.deleted_at IS NULL";

/// The public rooms, and those that the person is a member of: public ones first, then by name.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn list_rooms(db: &Db, person: PersonId) -> Result<Vec<Room>, Error> {
    let rows: Vec<RoomRow> =
        each_backend!(read db, on => sqlx::query_as(LIST_ROOMS).bind(person.0).fetch_all(on).await)?;
    let mut rooms = rows.into_iter().map(Room::try_from).collect::<Result<Vec<_>, _>>()?;
    // Not ORDER BY: the order of texts would depend on the database and its locale.
    rooms.sort_by_cached_key(|room| {
        let summary = &room.summary;
        (summary.kind != RoomKind::Public, summary.name.to_lowercase(), summary.slug.clone())
    });
    Ok(rooms)
}

const LIST_PUBLIC_SLUGS: &str = "SELECT slug FROM rooms WHERE kind = 'public' AND deleted_at IS NULL";

/// The public rooms, by their names in the address.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn list_public_slugs(db: &Db) -> Result<Vec<RoomSlug>, Error> {
    let slugs: Vec<String> = each_backend!(read db, on => sqlx::query_scalar(LIST_PUBLIC_SLUGS).fetch_all(on).await)?;
    slugs.iter().map(|text| slug(text)).collect()
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

const FIND_ROOM_IN: &str = "SELECT id, slug, kind, archived_at FROM rooms WHERE slug = $1 AND deleted_at IS NULL";

/// Finds a room inside a transaction.
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

const INSERT_ROOM: &str = "
    INSERT INTO rooms (id, slug, kind, name, topic, created_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (slug) DO NOTHING";

/// Writes a public room, unless there is a room of that slug.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_public_room(
    tx: &mut Tx,
    id: RoomId,
    slug: &RoomSlug,
    name: &str,
    topic: &str,
    at: Timestamp,
) -> Result<(), Error> {
    insert_room(tx, id, slug, RoomKind::Public, name, topic, at).await
}

/// Writes a room, unless there is one of that slug.
pub(crate) async fn insert_room(
    tx: &mut Tx,
    id: RoomId,
    slug: &RoomSlug,
    kind: RoomKind,
    name: &str,
    topic: &str,
    at: Timestamp,
) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(INSERT_ROOM)
        .bind(id.0)
        .bind(slug.as_str())
        .bind(kind.name())
        .bind(name)
        .bind(topic)
        .bind(at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

#[cfg(feature = "testing")]
const INSERT_MEMBER: &str = "INSERT INTO memberships (room_id, person_id, role, joined_at) VALUES ($1, $2, $3, $4)";

/// Writes a member.
#[cfg(feature = "testing")]
pub(crate) async fn insert_member(
    tx: &mut Tx,
    room: RoomId,
    person: PersonId,
    role: Role,
    at: Timestamp,
) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(INSERT_MEMBER)
        .bind(room.0)
        .bind(person.0)
        .bind(role.name())
        .bind(at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

fn slug(text: &str) -> Result<RoomSlug, Error> {
    RoomSlug::parse(text).map_err(|_| Error::Corrupt("the slug of a room"))
}

fn kind(name: &str) -> Result<RoomKind, Error> {
    RoomKind::named(name).ok_or(Error::Corrupt("the kind of a room"))
}

fn role(name: &str) -> Result<Role, Error> {
    Role::named(name).ok_or(Error::Corrupt("the role of a member"))
}
