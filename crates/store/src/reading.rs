//! The rooms of one person as their list shows them, and how far the person has read.
//!
//! What a list costs depends neither on how many rooms there are nor on what was written in them: two statements, of which
//! the first counts in an index and no further than [`UNREAD_MAX`]. Counts and the number of the room's last event come
//! from that one, so they are of one moment.

use crate::{
    Db, Error, Tx,
    backend::each_backend,
    rooms::{kind, role, slug},
};
use std::collections::HashMap;
use telicat_domain::{
    Author, Handle, MessageId, PersonId, PictureId, RoomId, RoomSlug, Timestamp,
    event::snippet,
    limits::{THREADS_MAX, UNREAD_MAX},
    room::{Involvement, LastMessage, ReadState, RoomEntry, RoomSummary},
};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    LIST_ENTRIES,
    FIND_ENTRY,
    FIND_ENTRY_NAMED,
    LIST_BESIDE,
    INSERT_READER,
    UPDATE_READ,
    UPDATE_UNREAD,
    GET_READ_STATE,
    UPDATE_FAVOURITE,
    UPDATE_INVOLVEMENT,
];

/// Messages of others in the room `x` after what person `$1` has read, and those of them that call the person; `$2` of
/// each at most. Whoever is named twice in a message is called once.
macro_rules! counts {
    () => {
        "(SELECT count(*) FROM (
            SELECT n.seq FROM messages n
            WHERE n.room_id = x.id AND n.seq > x.read_seq AND n.root_id IS NULL AND n.deleted_at IS NULL
                AND n.author_id <> $1
            LIMIT $2) AS counted) AS unread,
        (SELECT count(*) FROM (
            SELECT own.seq FROM (
                SELECT DISTINCT n.seq FROM mentions n
                WHERE n.person_id = $1 AND n.room_id = x.id AND n.seq > x.read_seq AND NOT n.in_thread
                    AND n.author_id <> $1
                LIMIT $2) AS own
            UNION
            SELECT shared.seq FROM (
                SELECT n.seq FROM mentions n
                WHERE n.person_id IS NULL AND n.room_id = x.id AND n.seq > x.read_seq AND NOT n.in_thread
                    AND n.author_id <> $1
                LIMIT $2) AS shared
            LIMIT $2) AS calls) AS mentions"
    };
}

/// The columns of `x`, for a room `r` and the membership `m` of person `$1`, which may be missing.
macro_rules! places {
    ($from:literal) => {
        concat!(
            "SELECT r.id, r.slug, r.kind, r.name, r.topic, r.archived_at, r.created_at, r.last_seq, m.role,
                COALESCE(m.read_seq, 0) AS read_seq, m.read_version, m.favourite, m.involvement, m.muted_until ",
            $from
        )
    };
}

/// Entries of the rooms in `$places`, each with what was said last. Of that only the beginning is read.
macro_rules! entries {
    ($places:expr) => {
        concat!(
            "WITH x AS (",
            $places,
            ") SELECT x.id, x.slug, x.kind, x.name, x.topic, x.archived_at, x.created_at, x.last_seq, x.role,
                x.read_seq, x.read_version, x.favourite, x.involvement, x.muted_until, ",
            counts!(),
            ", l.seq AS last_message_seq, l.id AS last_id, substr(l.body, 1, 1000) AS last_body,
                l.created_at AS last_at, p.id AS author_id, p.handle, p.display_name, p.picture_id, p.deleted_at
            FROM x
                LEFT JOIN messages l ON l.room_id = x.id AND l.seq = (
                    SELECT max(n.seq) FROM messages n
                    WHERE n.room_id = x.id AND n.root_id IS NULL AND n.deleted_at IS NULL)
                LEFT JOIN people p ON p.id = l.author_id"
        )
    };
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: Uuid,
    slug: String,
    kind: String,
    name: String,
    topic: String,
    archived_at: Option<i64>,
    created_at: i64,
    last_seq: i64,
    role: Option<String>,
    read_seq: i64,
    read_version: Option<i64>,
    favourite: Option<bool>,
    involvement: Option<String>,
    muted_until: Option<i64>,
    unread: i64,
    mentions: i64,
    #[sqlx(flatten)]
    last: LastRow,
}

#[derive(sqlx::FromRow)]
struct LastRow {
    last_message_seq: Option<i64>,
    last_id: Option<Uuid>,
    last_body: Option<String>,
    last_at: Option<i64>,
    #[sqlx(flatten)]
    author: PersonRow,
}

/// Somebody, in a row that may be about nobody.
#[derive(sqlx::FromRow)]
struct PersonRow {
    author_id: Option<Uuid>,
    handle: Option<String>,
    display_name: Option<String>,
    picture_id: Option<Uuid>,
    deleted_at: Option<i64>,
}

impl PersonRow {
    fn into_author(self) -> Option<Author> {
        Some(Author {
            id: PersonId(self.author_id?),
            handle: Handle::from_stored(self.handle?),
            name: self.display_name,
            picture: self.picture_id.map(PictureId),
            deleted: self.deleted_at.is_some(),
        })
    }
}

impl LastRow {
    fn into_message(self) -> Option<LastMessage> {
        Some(LastMessage {
            seq: self.last_message_seq?,
            id: MessageId(self.last_id?),
            author: self.author.into_author()?,
            text: snippet(&self.last_body?),
            at: Timestamp(self.last_at?),
        })
    }
}

impl EntryRow {
    fn into_entry(self) -> Result<(RoomId, RoomEntry), Error> {
        let last = self.last.into_message();
        let involvement = match self.involvement.as_deref() {
            Some(name) => Involvement::named(name).ok_or(Error::Corrupt("the involvement of a member"))?,
            None => Involvement::default(),
        };
        let entry = RoomEntry {
            room: RoomSummary {
                slug: slug(&self.slug)?,
                kind: kind(&self.kind)?,
                name: self.name,
                topic: self.topic,
                archived: self.archived_at.is_some(),
                people: Vec::new(),
            },
            role: self.role.as_deref().map(role).transpose()?,
            head: self.last_seq,
            read: self.read_seq,
            read_version: self.read_version.unwrap_or(0),
            unread: count(self.unread),
            mentions: count(self.mentions),
            threads: Vec::new(),
            active_at: last.as_ref().map_or(Timestamp(self.created_at), |last| last.at),
            last,
            favourite: self.favourite.unwrap_or(false),
            involvement,
            muted_until: Timestamp(self.muted_until.unwrap_or(0)),
        };
        Ok((RoomId(self.id), entry))
    }
}

/// What was counted, which is no more than [`UNREAD_MAX`].
fn count(counted: i64) -> u32 {
    u32::try_from(counted).map_or(UNREAD_MAX, |counted| counted.min(UNREAD_MAX))
}

const LIST_ENTRIES: &str = entries!(concat!(
    places!(
        "FROM rooms r LEFT JOIN memberships m ON m.room_id = r.id AND m.person_id = $1
        WHERE r.kind = 'public' AND r.deleted_at IS NULL UNION ALL "
    ),
    places!(
        "FROM memberships m JOIN rooms r ON r.id = m.room_id
        WHERE m.person_id = $1 AND r.kind <> 'public' AND r.deleted_at IS NULL"
    )
));

/// The public rooms and those that the person is a member of, each with its identifier, in no order. Two queries.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn list_entries(db: &Db, person: PersonId) -> Result<Vec<(RoomId, RoomEntry)>, Error> {
    let rows: Vec<EntryRow> = each_backend!(read db, on =>
        sqlx::query_as(LIST_ENTRIES).bind(person.0).bind(i64::from(UNREAD_MAX)).fetch_all(on).await)?;
    let mut entries = rows.into_iter().map(EntryRow::into_entry).collect::<Result<Vec<_>, _>>()?;
    complete(db, person, None, &mut entries).await?;
    Ok(entries)
}

const FIND_ENTRY: &str = entries!(places!(
    "FROM rooms r LEFT JOIN memberships m ON m.room_id = r.id AND m.person_id = $1
    WHERE r.id = $3 AND r.deleted_at IS NULL"
));

const FIND_ENTRY_NAMED: &str = entries!(places!(
    "FROM rooms r LEFT JOIN memberships m ON m.room_id = r.id AND m.person_id = $1
    WHERE r.slug = $3 AND r.deleted_at IS NULL"
));

/// One room as a person's list would show it, whether or not the person may know of it. Two queries.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn find_entry(db: &Db, person: PersonId, room: RoomId) -> Result<Option<RoomEntry>, Error> {
    let row: Option<EntryRow> = each_backend!(read db, on => sqlx::query_as(FIND_ENTRY)
        .bind(person.0)
        .bind(i64::from(UNREAD_MAX))
        .bind(room.0)
        .fetch_optional(on).await)?;
    Ok(completed(db, person, row).await?.map(|(_, entry)| entry))
}

/// The same, by the name in its address, with the identifier. Two queries.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn find_entry_named(
    db: &Db,
    person: PersonId,
    name: &RoomSlug,
) -> Result<Option<(RoomId, RoomEntry)>, Error> {
    let row: Option<EntryRow> = each_backend!(read db, on => sqlx::query_as(FIND_ENTRY_NAMED)
        .bind(person.0)
        .bind(i64::from(UNREAD_MAX))
        .bind(name.as_str())
        .fetch_optional(on).await)?;
    completed(db, person, row).await
}

async fn completed(db: &Db, person: PersonId, row: Option<EntryRow>) -> Result<Option<(RoomId, RoomEntry)>, Error> {
    let Some(row) = row else { return Ok(None) };
    let mut entries = [row.into_entry()?];
    let room = entries[0].0;
    complete(db, person, Some(room), &mut entries).await?;
    let [found] = entries;
    Ok(Some(found))
}

/// What belongs to a room in a list: the first message of a thread, or a person.
#[derive(sqlx::FromRow)]
struct BesideRow {
    room_id: Uuid,
    root_id: Option<Uuid>,
    #[sqlx(flatten)]
    person: PersonRow,
}

/// The threads that are followed and have replies of others that are there, the last reply first; and who else is in
/// direct rooms.
const LIST_BESIDE: &str = "
    SELECT f.room_id, f.root_id, NULL AS author_id, NULL AS handle, NULL AS display_name, NULL AS picture_id,
        CAST(NULL AS BIGINT) AS deleted_at, t.last_reply_seq AS place
    FROM thread_follows f JOIN messages t ON t.id = f.root_id
    WHERE f.person_id = $1 AND f.following AND f.room_id = COALESCE($2, f.room_id) AND t.last_reply_seq > f.read_seq
        AND EXISTS (SELECT 1 FROM messages n
            WHERE n.root_id = f.root_id AND n.seq > f.read_seq AND n.author_id <> $1 AND n.deleted_at IS NULL)
    UNION ALL
    SELECT o.room_id, NULL, p.id, p.handle, p.display_name, p.picture_id, p.deleted_at, 0
    FROM memberships m JOIN rooms r ON r.id = m.room_id AND r.kind = 'direct'
        JOIN memberships o ON o.room_id = m.room_id AND o.person_id <> $1
        JOIN people p ON p.id = o.person_id
    WHERE m.person_id = $1 AND m.room_id = COALESCE($2, m.room_id)
    ORDER BY place DESC";

/// Adds who is in direct rooms, and the threads with something new. One query, whoever's list it is.
async fn complete(
    db: &Db,
    person: PersonId,
    only: Option<RoomId>,
    entries: &mut [(RoomId, RoomEntry)],
) -> Result<(), Error> {
    let rows: Vec<BesideRow> = each_backend!(read db, on =>
        sqlx::query_as(LIST_BESIDE).bind(person.0).bind(only.map(|room| room.0)).fetch_all(on).await)?;
    let mut places: HashMap<Uuid, &mut RoomEntry> = entries.iter_mut().map(|(room, entry)| (room.0, entry)).collect();
    for row in rows {
        let Some(entry) = places.get_mut(&row.room_id) else { continue };
        if let Some(root) = row.root_id {
            if entry.threads.len() < THREADS_MAX {
                entry.threads.push(MessageId(root));
            }
        } else {
            entry.room.people.extend(row.person.into_author());
        }
    }
    for (_, entry) in entries.iter_mut() {
        // Not ORDER BY: the order of texts would depend on the database and its locale.
        entry.room.people.sort_by_cached_key(|person| person.handle.folded());
    }
    Ok(())
}

/// Everybody is a member of every public room; of one that is younger than the person there may be no row yet.
const INSERT_READER: &str = "
    INSERT INTO memberships (room_id, person_id, role, joined_at)
    SELECT id, $2, 'member', $3 FROM rooms WHERE id = $1 AND kind = 'public'
    ON CONFLICT DO NOTHING";

/// Makes sure that there is a row of a person in a public room; in another room nobody becomes a member by this.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_reader(tx: &mut Tx, room: RoomId, person: PersonId, now: Timestamp) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(INSERT_READER)
        .bind(room.0)
        .bind(person.0)
        .bind(now.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

const UPDATE_READ: &str = "
    UPDATE memberships SET read_version = read_version + 1,
        read_seq = (SELECT CASE WHEN r.last_seq < $3 THEN r.last_seq ELSE $3 END FROM rooms r WHERE r.id = $1)
    WHERE room_id = $1 AND person_id = $2
        AND read_seq < (SELECT CASE WHEN r.last_seq < $3 THEN r.last_seq ELSE $3 END FROM rooms r WHERE r.id = $1)";

/// Moves what a person has read on to an event, and no further than the room's last one; never back. Says whether
/// something changed.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_read(tx: &mut Tx, room: RoomId, person: PersonId, seq: i64) -> Result<bool, Error> {
    let changed = each_backend!(write tx, on => sqlx::query(UPDATE_READ)
        .bind(room.0)
        .bind(person.0)
        .bind(seq)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}

const UPDATE_UNREAD: &str = "
    UPDATE memberships SET read_version = read_version + 1,
        read_seq = (SELECT CASE WHEN r.last_seq < $3 THEN r.last_seq ELSE $3 END FROM rooms r WHERE r.id = $1)
    WHERE room_id = $1 AND person_id = $2
        AND read_seq <> (SELECT CASE WHEN r.last_seq < $3 THEN r.last_seq ELSE $3 END FROM rooms r WHERE r.id = $1)";

/// Sets what a person has read to an event (0 is before the first), wherever it was, and no further than the room's last
/// one. Says whether something changed.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_unread(tx: &mut Tx, room: RoomId, person: PersonId, seq: i64) -> Result<bool, Error> {
    let changed = each_backend!(write tx, on => sqlx::query(UPDATE_UNREAD)
        .bind(room.0)
        .bind(person.0)
        .bind(seq.max(0))
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}

const GET_READ_STATE: &str = concat!(
    "WITH x AS (
        SELECT r.id, r.last_seq, m.read_seq, m.read_version
        FROM rooms r JOIN memberships m ON m.room_id = r.id AND m.person_id = $1 WHERE r.id = $3)
    SELECT x.read_seq, x.read_version, x.last_seq, ",
    counts!(),
    " FROM x"
);

/// How far a person has read in a room of which there is a row.
///
/// # Errors
/// [`Error::Database`]; [`Error::is_missing`] when there is no row.
pub async fn get_read_state(tx: &mut Tx, room: RoomId, person: PersonId) -> Result<ReadState, Error> {
    let (read, version, head, unread, mentions): (i64, i64, i64, i64, i64) = each_backend!(write tx, on => sqlx::query_as(GET_READ_STATE)
            .bind(person.0)
            .bind(i64::from(UNREAD_MAX))
            .bind(room.0)
            .fetch_one(on).await)?;
    Ok(ReadState { read, version, head, unread: count(unread), mentions: count(mentions) })
}

const UPDATE_FAVOURITE: &str = "UPDATE memberships SET favourite = $3 WHERE room_id = $1 AND person_id = $2";

/// Puts a room above the others of its member, or not.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_favourite(tx: &mut Tx, room: RoomId, person: PersonId, on: bool) -> Result<(), Error> {
    let favourite = on;
    each_backend!(write tx, on => sqlx::query(UPDATE_FAVOURITE)
        .bind(room.0)
        .bind(person.0)
        .bind(favourite)
        .execute(on).await.map(drop))?;
    Ok(())
}

const UPDATE_INVOLVEMENT: &str = "
    UPDATE memberships SET involvement = $3, muted_until = COALESCE($4, muted_until)
    WHERE room_id = $1 AND person_id = $2";

/// Says what a member wants to hear of a room, and until when nothing at all, unless that stays as it is.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_involvement(
    tx: &mut Tx,
    room: RoomId,
    person: PersonId,
    involvement: Involvement,
    muted_until: Option<Timestamp>,
) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(UPDATE_INVOLVEMENT)
        .bind(room.0)
        .bind(person.0)
        .bind(involvement.name())
        .bind(muted_until.map(|until| until.0))
        .execute(on).await.map(drop))?;
    Ok(())
}
