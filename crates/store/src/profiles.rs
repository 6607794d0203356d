//! What people say of themselves, and who may read it.

use crate::{
    Db, Error, Tx,
    backend::each_backend,
    people::{AuthorRow, ProfileRow},
};
use telicat_domain::{Author, PersonId, Timestamp, account::OwnProfile};

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[FIND_PROFILE, UPDATE_PROFILE, UPDATE_VISIBILITY, GET_AUTHOR, LIST_CHANGED];

#[derive(sqlx::FromRow)]
struct VisibleRow {
    #[sqlx(flatten)]
    profile: ProfileRow,
    is_public: bool,
}

const FIND_PROFILE: &str = "
    SELECT id AS author_id, handle, display_name, picture_id, deleted_at, about, created_at, is_public, 1 AS place
    FROM people WHERE handle_folded = $1 AND deleted_at IS NULL AND NOT waiting
    UNION ALL
    SELECT p.id, p.handle, p.display_name, p.picture_id, p.deleted_at, p.about, p.created_at, p.is_public, 2 AS place
    FROM retired_handles r JOIN people p ON p.id = r.person_id
    WHERE r.handle_folded = $1 AND r.free_at > $2 AND p.deleted_at IS NULL
    ORDER BY place LIMIT 1";

/// Finds the profile of the person with this handle, in its folded form; of the one who left it for another, while
/// nobody else can take it.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_profile(db: &Db, handle_folded: &str, now: Timestamp) -> Result<Option<OwnProfile>, Error> {
    let row: Option<VisibleRow> = each_backend!(read db, on =>
        sqlx::query_as(FIND_PROFILE).bind(handle_folded).bind(now.0).fetch_optional(on).await)?;
    Ok(row.map(|row| OwnProfile { profile: row.profile.into(), is_public: row.is_public }))
}

const UPDATE_PROFILE: &str = "
    UPDATE people SET display_name = $2, about = $3,
        changed_at = CASE WHEN display_name IS DISTINCT FROM $2 THEN $4 ELSE changed_at END
    WHERE id = $1 AND deleted_at IS NULL";

/// Replaces what a person is called and what they say of themselves. Says whether there is such a person.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_profile(
    tx: &mut Tx,
    person: PersonId,
    display_name: Option<&str>,
    about: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let changed = each_backend!(write tx, on => sqlx::query(UPDATE_PROFILE)
        .bind(person.0)
        .bind(display_name)
        .bind(about)
        .bind(now.0)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}

const UPDATE_VISIBILITY: &str = "UPDATE people SET is_public = $2 WHERE id = $1 AND deleted_at IS NULL";

/// Says whether visitors see a profile.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_visibility(tx: &mut Tx, person: PersonId, is_public: bool) -> Result<(), Error> {
    each_backend!(write tx, on =>
        sqlx::query(UPDATE_VISIBILITY).bind(person.0).bind(is_public).execute(on).await.map(drop))?;
    Ok(())
}

const GET_AUTHOR: &str = "
    SELECT id AS author_id, handle, display_name, picture_id, deleted_at FROM people WHERE id = $1";

/// A person as others see them.
///
/// # Errors
/// [`Error::Database`]; [`Error::is_missing`] when there is no such person.
pub async fn get_author(db: &Db, person: PersonId) -> Result<Author, Error> {
    let row: AuthorRow = each_backend!(read db, on => sqlx::query_as(GET_AUTHOR).bind(person.0).fetch_one(on).await)?;
    Ok(row.into())
}

#[derive(sqlx::FromRow)]
struct ChangedRow {
    #[sqlx(flatten)]
    author: AuthorRow,
    changed_at: i64,
}

/// Everybody shares the public rooms, where who has signed up may read and write; so as long as there is one, there is
/// nobody with whom no room is shared.
const LIST_CHANGED: &str = "
    SELECT p.id AS author_id, p.handle, p.display_name, p.picture_id, p.deleted_at, p.changed_at
    FROM people p
    WHERE p.changed_at > $2 AND (
        EXISTS (SELECT 1 FROM rooms WHERE kind = 'public')
        OR EXISTS (SELECT 1 FROM memberships m JOIN memberships o ON o.room_id = m.room_id
            WHERE m.person_id = $1 AND o.person_id = p.id))
    ORDER BY p.changed_at, p.id LIMIT $3";

/// The people who share a room with a person and have changed their name, handle or picture since a moment, in the
/// order of their changes, each with its time.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_changed(
    db: &Db,
    person: PersonId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<(Author, Timestamp)>, Error> {
    let rows: Vec<ChangedRow> = each_backend!(read db, on => sqlx::query_as(LIST_CHANGED)
        .bind(person.0)
        .bind(since.0)
        .bind(limit)
        .fetch_all(on).await)?;
    Ok(rows.into_iter().map(|row| (row.author.into(), Timestamp(row.changed_at))).collect())
}
