//! Invitations to sign up: whoever bears the link may make an account, as often as it says.

use crate::{Db, Error, Tx, backend::each_backend, people::AuthorRow};
use telicat_domain::{PersonId, Timestamp, invitation::Invitation};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    INSERT_INVITATION,
    LIST_INVITATIONS,
    LIST_INVITATIONS_BY,
    COUNT_INVITATION,
    TAKE_INVITATION,
    DELETE_INVITATION,
    DELETE_DEAD_INVITATIONS,
];

/// An invitation to be kept. The token of its link is never written, only its SHA-256.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// The new identifier.
    pub id: Uuid,
    /// The SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// Who makes it.
    pub created_by: PersonId,
    /// What it is for.
    pub note: String,
    /// How many may use it.
    pub uses: i64,
    /// Now.
    pub created_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
}

const INSERT_INVITATION: &str = "
    INSERT INTO invitations (id, token_hash, created_by, note, uses_left, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

/// Writes an invitation.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_invitation(tx: &mut Tx, new: &NewInvitation) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(INSERT_INVITATION)
        .bind(new.id)
        .bind(&new.token_hash[..])
        .bind(new.created_by.0)
        .bind(new.note.as_str())
        .bind(new.uses)
        .bind(new.created_at.0)
        .bind(new.expires_at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct InvitationRow {
    id: Uuid,
    note: String,
    uses_left: i64,
    created_at: i64,
    expires_at: i64,
    #[sqlx(flatten)]
    author: AuthorRow,
}

impl From<InvitationRow> for Invitation {
    fn from(row: InvitationRow) -> Self {
        Self {
            id: row.id,
            note: row.note,
            uses_left: row.uses_left,
            created_by: row.author.into(),
            created_at: Timestamp(row.created_at),
            expires_at: Timestamp(row.expires_at),
        }
    }
}

const LIST_INVITATIONS: &str = "
    SELECT i.id, i.note, i.uses_left, i.created_at, i.expires_at, p.id AS author_id, p.handle, p.display_name,
        p.picture_id, p.deleted_at
    FROM invitations i JOIN people p ON p.id = i.created_by
    WHERE i.expires_at > $1 AND i.uses_left > 0 ORDER BY i.created_at DESC, i.id DESC LIMIT $2";

/// The invitations that still work, the newest first.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_invitations(db: &Db, now: Timestamp, limit: i64) -> Result<Vec<Invitation>, Error> {
    let rows: Vec<InvitationRow> = each_backend!(read db, on =>
        sqlx::query_as(LIST_INVITATIONS).bind(now.0).bind(limit).fetch_all(on).await)?;
    Ok(rows.into_iter().map(Invitation::from).collect())
}

const LIST_INVITATIONS_BY: &str = "
    SELECT i.id, i.note, i.uses_left, i.created_at, i.expires_at, p.id AS author_id, p.handle, p.display_name,
        p.picture_id, p.deleted_at
    FROM invitations i JOIN people p ON p.id = i.created_by
    WHERE i.created_by = $1 ORDER BY i.created_at, i.id";

/// The invitations that a person has made, as far as they are kept.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_invitations_by(db: &Db, person: PersonId) -> Result<Vec<Invitation>, Error> {
    let rows: Vec<InvitationRow> =
        each_backend!(read db, on => sqlx::query_as(LIST_INVITATIONS_BY).bind(person.0).fetch_all(on).await)?;
    Ok(rows.into_iter().map(Invitation::from).collect())
}

const COUNT_INVITATION: &str = "
    SELECT count(*) FROM invitations WHERE token_hash = $1 AND uses_left > 0 AND expires_at > $2";

/// Whether an invitation still works. It may not a moment later: [`take_invitation`] decides.
///
/// # Errors
/// [`Error::Database`].
pub async fn is_invitation_good(db: &Db, token_hash: &[u8; 32], now: Timestamp) -> Result<bool, Error> {
    let count: i64 = each_backend!(read db, on =>
        sqlx::query_scalar(COUNT_INVITATION).bind(&token_hash[..]).bind(now.0).fetch_one(on).await)?;
    Ok(count > 0)
}

const TAKE_INVITATION: &str = "
    UPDATE invitations SET uses_left = uses_left - 1
    WHERE token_hash = $1 AND uses_left > 0 AND expires_at > $2";

/// Uses an invitation once. Says whether that was possible: of two that want the last use at once one gets it.
///
/// # Errors
/// [`Error::Database`].
pub async fn take_invitation(tx: &mut Tx, token_hash: &[u8; 32], now: Timestamp) -> Result<bool, Error> {
    let taken = each_backend!(write tx, on => sqlx::query(TAKE_INVITATION)
        .bind(&token_hash[..])
        .bind(now.0)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(taken > 0)
}

const DELETE_INVITATION: &str = "DELETE FROM invitations WHERE id = $1";

/// Takes an invitation back. Says whether it was there.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_invitation(tx: &mut Tx, id: Uuid) -> Result<bool, Error> {
    let deleted = each_backend!(write tx, on =>
        sqlx::query(DELETE_INVITATION).bind(id).execute(on).await.map(|done| done.rows_affected()))?;
    Ok(deleted > 0)
}

const DELETE_DEAD_INVITATIONS: &str = "DELETE FROM invitations WHERE expires_at <= $1 OR uses_left = 0";

/// Forgets the invitations that work no more. Says how many.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_dead_invitations(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    Ok(each_backend!(write tx, on =>
        sqlx::query(DELETE_DEAD_INVITATIONS).bind(now.0).execute(on).await.map(|done| done.rows_affected()))?)
}
