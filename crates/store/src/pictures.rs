//! Pictures of people, in both sizes.

use crate::{Db, Error, Tx, backend::each_backend};
use telicat_domain::{PersonId, PictureId, Timestamp};

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[INSERT_PICTURE, UPDATE_PICTURE, DELETE_PICTURES, FIND_SMALL, FIND_LARGE];

/// A picture to be kept.
#[derive(Debug, Clone)]
pub struct NewPicture {
    /// The new identifier.
    pub id: PictureId,
    /// Whose it is.
    pub person: PersonId,
    /// The WebP file for lists and messages.
    pub small: Vec<u8>,
    /// The WebP file for the profile.
    pub large: Vec<u8>,
    /// Now.
    pub at: Timestamp,
}

const INSERT_PICTURE: &str = "
    INSERT INTO pictures (id, person_id, small, large, created_at) VALUES ($1, $2, $3, $4, $5)";

const UPDATE_PICTURE: &str = "
    UPDATE people SET picture_id = $2, changed_at = $3 WHERE id = $1 AND deleted_at IS NULL";

const DELETE_PICTURES: &str = "DELETE FROM pictures WHERE person_id = $1";

/// Gives a person a picture instead of the one they had. Says whether there is such a person.
///
/// # Errors
/// [`Error::Database`].
pub async fn replace_picture(tx: &mut Tx, new: &NewPicture) -> Result<bool, Error> {
    // First the person's row: of two who do this at the same time the second waits here.
    if !point_to(tx, new.person, Some(new.id), new.at).await? {
        return Ok(false);
    }
    delete_pictures(tx, new.person).await?;
    each_backend!(write tx, on => sqlx::query(INSERT_PICTURE)
        .bind(new.id.0)
        .bind(new.person.0)
        .bind(new.small.as_slice())
        .bind(new.large.as_slice())
        .bind(new.at.0)
        .execute(on).await.map(drop))?;
    Ok(true)
}

/// Takes a person's picture away. Says whether there is such a person.
///
/// # Errors
/// [`Error::Database`].
pub async fn remove_picture(tx: &mut Tx, person: PersonId, now: Timestamp) -> Result<bool, Error> {
    let found = point_to(tx, person, None, now).await?;
    delete_pictures(tx, person).await?;
    Ok(found)
}

async fn point_to(tx: &mut Tx, person: PersonId, picture: Option<PictureId>, now: Timestamp) -> Result<bool, Error> {
    let changed = each_backend!(write tx, on => sqlx::query(UPDATE_PICTURE)
        .bind(person.0)
        .bind(picture.map(|picture| picture.0))
        .bind(now.0)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}

async fn delete_pictures(tx: &mut Tx, person: PersonId) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(DELETE_PICTURES).bind(person.0).execute(on).await.map(drop))?;
    Ok(())
}

/// One of the two files of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 96 pixels a side.
    Small,
    /// 384 pixels a side.
    Large,
}

const FIND_SMALL: &str = "
    SELECT f.small, p.is_public FROM pictures f JOIN people p ON p.id = f.person_id
    WHERE f.id = $1 AND p.deleted_at IS NULL";

const FIND_LARGE: &str = "
    SELECT f.large, p.is_public FROM pictures f JOIN people p ON p.id = f.person_id
    WHERE f.id = $1 AND p.deleted_at IS NULL";

/// Finds a file of a picture, and whether the profile that it belongs to is public.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_picture(db: &Db, picture: PictureId, size: Size) -> Result<Option<(Vec<u8>, bool)>, Error> {
    let text = match size {
        Size::Small => FIND_SMALL,
        Size::Large => FIND_LARGE,
    };
    Ok(each_backend!(read db, on => sqlx::query_as(text).bind(picture.0).fetch_optional(on).await)?)
}
