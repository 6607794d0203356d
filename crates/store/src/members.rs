//! Who is in which room, as what; and who was removed from one.
//!
//! Whoever changes it holds the room first ([`crate::rooms::lock_room`]), so that of two changes the second sees the
//! first.

use crate::{
    Db, Error, Tx,
    backend::each_backend,
    people::AuthorRow,
    rooms::{kind, role, slug},
};
use telicat_domain::{
    Author, PersonId, RoomId, RoomSlug, Timestamp,
    permission::Role,
    room::{Member, RoomKind},
};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    LIST_MEMBERS,
    COUNT_MEMBERS,
    FIND_LIVING,
    GET_AUTHOR_IN,
    FIND_LIVING_BY_HANDLE,
    INSERT_MEMBER,
    DELETE_MEMBER,
    DELETE_FOLLOWS,
    UPDATE_ROLE,
    COUNT_OWNERS,
    FIND_HEIR,
    COUNT_LIVING,
    INSERT_REMOVAL,
    DELETE_REMOVAL,
    COUNT_REMOVALS,
    LIST_PRIVATE_ROOMS,
];

#[derive(sqlx::FromRow)]
struct MemberRow {
    #[sqlx(flatten)]
    author: AuthorRow,
    role: String,
    joined_at: i64,
}

impl TryFrom<MemberRow> for Member {
    type Error = Error;

    fn try_from(row: MemberRow) -> Result<Self, Error> {
        Ok(Self { person: row.author.into(), role: role(&row.role)?, joined_at: Timestamp(row.joined_at) })
    }
}

// Names have no folded column: they are compared in lower case as far as the database knows it, and as they are typed.
const LIST_MEMBERS: &str = "
    SELECT p.id AS author_id, p.handle, p.display_name, p.picture_id, p.deleted_at, m.role, m.joined_at
    FROM memberships m JOIN people p ON p.id = m.person_id
    WHERE m.room_id = $1 AND NOT p.waiting AND p.handle_folded > $2
        AND (p.handle_folded LIKE $3 ESCAPE '\\' OR lower(p.display_name) LIKE $3 ESCAPE '\\'
            OR p.display_name LIKE $4 ESCAPE '\\')
    ORDER BY p.handle_folded LIMIT $5";

/// The first `limit` members of a room behind a handle in its folded form, by handle; only those whose handle or name
/// begins with `prefix`.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn list_members(db: &Db, room: RoomId, after: &str, prefix: &str, limit: i64) -> Result<Vec<Member>, Error> {
    let rows: Vec<MemberRow> = each_backend!(read db, on => sqlx::query_as(LIST_MEMBERS)
        .bind(room.0)
        .bind(after)
        .bind(beginning_with(&prefix.to_lowercase()))
        .bind(beginning_with(prefix))
        .bind(limit)
        .fetch_all(on).await)?;
    rows.into_iter().map(Member::try_from).collect()
}

/// The pattern of texts that begin with one.
fn beginning_with(prefix: &str) -> String {
    let mut pattern = String::with_capacity(prefix.len() + 1);
    for c in prefix.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

const COUNT_MEMBERS: &str = "
    SELECT count(*) FROM memberships m JOIN people p ON p.id = m.person_id WHERE m.room_id = $1 AND NOT p.waiting";

/// How many members a room has.
///
/// # Errors
/// [`Error::Database`].
pub async fn count_members(db: &Db, room: RoomId) -> Result<i64, Error> {
    Ok(each_backend!(read db, on => sqlx::query_scalar(COUNT_MEMBERS).bind(room.0).fetch_one(on).await)?)
}

/// As [`count_members`], inside a transaction.
///
/// # Errors
/// [`Error::Database`].
pub async fn count_members_in(tx: &mut Tx, room: RoomId) -> Result<i64, Error> {
    Ok(each_backend!(write tx, on => sqlx::query_scalar(COUNT_MEMBERS).bind(room.0).fetch_one(on).await)?)
}

const FIND_LIVING: &str = "
    SELECT id AS author_id, handle, display_name, picture_id, deleted_at FROM people
    WHERE id = $1 AND deleted_at IS NULL AND deactivated_at IS NULL AND NOT waiting";

/// Finds somebody by their identifier who can be met: whose account is neither gone nor shut out nor waiting. To be asked
/// after the row of the membership was written: who deletes the account waits for that, or is seen here.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_living(tx: &mut Tx, person: PersonId) -> Result<Option<Author>, Error> {
    let row: Option<AuthorRow> =
        each_backend!(write tx, on => sqlx::query_as(FIND_LIVING).bind(person.0).fetch_optional(on).await)?;
    Ok(row.map(Author::from))
}

const GET_AUTHOR_IN: &str = "
    SELECT id AS author_id, handle, display_name, picture_id, deleted_at FROM people WHERE id = $1";

/// How somebody is called, inside a transaction.
///
/// # Errors
/// [`Error::Database`]; [`Error::is_missing`] when there is no such person.
pub async fn get_author_in(tx: &mut Tx, person: PersonId) -> Result<Author, Error> {
    let row: AuthorRow =
        each_backend!(write tx, on => sqlx::query_as(GET_AUTHOR_IN).bind(person.0).fetch_one(on).await)?;
    Ok(row.into())
}

const FIND_LIVING_BY_HANDLE: &str = "
    SELECT id AS author_id, handle, display_name, picture_id, deleted_at FROM people
    WHERE handle_folded = $1 AND deleted_at IS NULL AND deactivated_at IS NULL AND NOT waiting";

/// Finds somebody by their handle in its folded form who can be met.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_living_by_handle(db: &Db, handle_folded: &str) -> Result<Option<Author>, Error> {
    let row: Option<AuthorRow> = each_backend!(read db, on =>
        sqlx::query_as(FIND_LIVING_BY_HANDLE).bind(handle_folded).fetch_optional(on).await)?;
    Ok(row.map(Author::from))
}

/// As [`find_living_by_handle`], inside a transaction.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_living_by_handle_in(tx: &mut Tx, handle_folded: &str) -> Result<Option<Author>, Error> {
    let row: Option<AuthorRow> = each_backend!(write tx, on =>
        sqlx::query_as(FIND_LIVING_BY_HANDLE).bind(handle_folded).fetch_optional(on).await)?;
    Ok(row.map(Author::from))
}

// Versions of what one has read never come again: who is removed and comes back begins with a later one than any before,
// so that a page which was not told does not take its own for the newer.
const INSERT_MEMBER: &str = "
    INSERT INTO memberships (room_id, person_id, role, read_seq, joined_at, read_version)
    VALUES ($1, $2, $3, $4, $5, $5)
    ON CONFLICT (room_id, person_id) DO NOTHING";

/// Writes a member, who has read all up to `read_seq`, unless they are one. Says whether it was written. Threads that
/// somebody began who comes back may have had replies meanwhile: they begin anew in these, too.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_member(
    tx: &mut Tx,
    room: RoomId,
    person: PersonId,
    role: Role,
    read_seq: i64,
    at: Timestamp,
) -> Result<bool, Error> {
    let written = each_backend!(write tx, on => sqlx::query(INSERT_MEMBER)
        .bind(room.0)
        .bind(person.0)
        .bind(role.name())
        .bind(read_seq)
        .bind(at.0)
        .execute(on).await.map(|done| done.rows_affected()))?;
    if written > 0 {
        each_backend!(write tx, on => sqlx::query(DELETE_FOLLOWS).bind(room.0).bind(person.0).execute(on).await.map(drop))?;
    }
    Ok(written > 0)
}

const DELETE_MEMBER: &str = "DELETE FROM memberships WHERE room_id = $1 AND person_id = $2";
const DELETE_FOLLOWS: &str = "DELETE FROM thread_follows WHERE room_id = $1 AND person_id = $2";

/// Removes a member, with what was theirs in the room alone: how far they have read, and which threads they follow.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_member(tx: &mut Tx, room: RoomId, person: PersonId) -> Result<(), Error> {
    for text in [DELETE_FOLLOWS, DELETE_MEMBER] {
        each_backend!(write tx, on => sqlx::query(text).bind(room.0).bind(person.0).execute(on).await.map(drop))?;
    }
    Ok(())
}

const UPDATE_ROLE: &str = "UPDATE memberships SET role = $3 WHERE room_id = $1 AND person_id = $2";

/// Gives a member another role.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_role(tx: &mut Tx, room: RoomId, person: PersonId, role: Role) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(UPDATE_ROLE)
        .bind(room.0)
        .bind(person.0)
        .bind(role.name())
        .execute(on).await.map(drop))?;
    Ok(())
}

const COUNT_OWNERS: &str = "SELECT count(*) FROM memberships WHERE room_id = $1 AND role = 'owner'";

/// How many owners a room has.
///
/// # Errors
/// [`Error::Database`].
pub async fn count_owners(tx: &mut Tx, room: RoomId) -> Result<i64, Error> {
    Ok(each_backend!(write tx, on => sqlx::query_scalar(COUNT_OWNERS).bind(room.0).fetch_one(on).await)?)
}

// Who is shut out could look after nothing.
const FIND_HEIR: &str = "
    SELECT p.id AS author_id, p.handle, p.display_name, p.picture_id, p.deleted_at
    FROM memberships m JOIN people p ON p.id = m.person_id
    WHERE m.room_id = $1 AND p.deleted_at IS NULL
    ORDER BY CASE WHEN p.deactivated_at IS NULL THEN 0 ELSE 1 END, CASE WHEN m.role = 'admin' THEN 0 ELSE 1 END,
        m.joined_at, m.person_id LIMIT 1";

/// Finds who should look after a room that has no owner: the admin who has been there longest, else the member.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_heir(tx: &mut Tx, room: RoomId) -> Result<Option<Author>, Error> {
    let row: Option<AuthorRow> =
        each_backend!(write tx, on => sqlx::query_as(FIND_HEIR).bind(room.0).fetch_optional(on).await)?;
    Ok(row.map(Author::from))
}

const COUNT_LIVING: &str = "
    SELECT count(*) FROM memberships m JOIN people p ON p.id = m.person_id
    WHERE m.room_id = $1 AND p.deleted_at IS NULL";

/// Whether a room has a member whose account is not gone.
///
/// # Errors
/// [`Error::Database`].
pub async fn has_living(tx: &mut Tx, room: RoomId) -> Result<bool, Error> {
    let count: i64 = each_backend!(write tx, on => sqlx::query_scalar(COUNT_LIVING).bind(room.0).fetch_one(on).await)?;
    Ok(count > 0)
}

const INSERT_REMOVAL: &str = "
    INSERT INTO removals (room_id, person_id, removed_at) VALUES ($1, $2, $3)
    ON CONFLICT (room_id, person_id) DO UPDATE SET removed_at = excluded.removed_at";

/// Writes down that somebody was removed, so that no link lets them in again.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_removal(tx: &mut Tx, room: RoomId, person: PersonId, at: Timestamp) -> Result<(), Error> {
    each_backend!(write tx, on =>
        sqlx::query(INSERT_REMOVAL).bind(room.0).bind(person.0).bind(at.0).execute(on).await.map(drop))?;
    Ok(())
}

const DELETE_REMOVAL: &str = "DELETE FROM removals WHERE room_id = $1 AND person_id = $2";

/// Forgets that somebody was removed.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_removal(tx: &mut Tx, room: RoomId, person: PersonId) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(DELETE_REMOVAL).bind(room.0).bind(person.0).execute(on).await.map(drop))?;
    Ok(())
}

const COUNT_REMOVALS: &str = "SELECT count(*) FROM removals WHERE room_id = $1 AND person_id = $2";

/// Whether somebody was removed and has not been brought in again.
///
/// # Errors
/// [`Error::Database`].
pub async fn is_removed(db: &Db, room: RoomId, person: PersonId) -> Result<bool, Error> {
    let count: i64 = each_backend!(read db, on =>
        sqlx::query_scalar(COUNT_REMOVALS).bind(room.0).bind(person.0).fetch_one(on).await)?;
    Ok(count > 0)
}

/// As [`is_removed`], inside a transaction.
///
/// # Errors
/// [`Error::Database`].
pub async fn is_removed_in(tx: &mut Tx, room: RoomId, person: PersonId) -> Result<bool, Error> {
    let count: i64 = each_backend!(write tx, on =>
        sqlx::query_scalar(COUNT_REMOVALS).bind(room.0).bind(person.0).fetch_one(on).await)?;
    Ok(count > 0)
}

/// A room that is not everybody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateRoom {
    /// Its identifier.
    pub id: RoomId,
    /// Its name in the address.
    pub slug: RoomSlug,
    /// What sort of a room it is.
    pub kind: RoomKind,
}

const LIST_PRIVATE_ROOMS: &str = "
    SELECT r.id, r.slug, r.kind FROM memberships m JOIN rooms r ON r.id = m.room_id
    WHERE m.person_id = $1 AND r.kind <> 'public' AND r.deleted_at IS NULL";

/// The groups and direct rooms of a person, by slug: all who hold several rooms take them in that order, so that no two
/// wait for each other.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn list_private_rooms(tx: &mut Tx, person: PersonId) -> Result<Vec<PrivateRoom>, Error> {
    let rows: Vec<(Uuid, String, String)> =
        each_backend!(write tx, on => sqlx::query_as(LIST_PRIVATE_ROOMS).bind(person.0).fetch_all(on).await)?;
    let room = |(id, of, sort): (Uuid, String, String)| {
        Ok(PrivateRoom { id: RoomId(id), slug: slug(&of)?, kind: kind(&sort)? })
    };
    let mut rooms = rows.into_iter().map(room).collect::<Result<Vec<_>, Error>>()?;
    // Not ORDER BY: the order of texts would depend on the database and its locale.
    rooms.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(rooms)
}
