//! Sessions: who is signed in, where, and until when.

use crate::{Db, Error, Tx, backend::each_backend, people::AuthorRow};
use telicat_domain::{Author, PersonId, SessionId, Timestamp};
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    INSERT_SESSION,
    FIND_SESSION,
    LIST_SESSIONS,
    IS_SESSION_LIVE,
    UPDATE_SESSION_SEEN,
    UPDATE_SESSION_PROVED,
    DELETE_SESSION,
    DELETE_OWN_SESSION,
    DELETE_SESSIONS,
    DELETE_EXPIRED_SESSIONS,
];

/// A sign-in.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The new identifier.
    pub id: SessionId,
    /// The SHA-256 of the token that the browser has.
    pub token_hash: [u8; 32],
    /// Who.
    pub person: PersonId,
    /// Whether it outlasts the browser.
    pub remembered: bool,
    /// Now.
    pub created_at: Timestamp,
    /// Now, too.
    pub last_seen_at: Timestamp,
    /// When it ends unless it is used.
    pub idle_expires_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// The client's address, as text.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

const INSERT_SESSION: &str = "
    INSERT INTO sessions (id, token_hash, person_id, remembered, created_at, last_seen_at, idle_expires_at, expires_at,
        address, agent, proved_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $5)";

/// Writes a session. Its password was typed just now.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_session(tx: &mut Tx, new: &NewSession) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(INSERT_SESSION)
        .bind(new.id.0)
        .bind(&new.token_hash[..])
        .bind(new.person.0)
        .bind(new.remembered)
        .bind(new.created_at.0)
        .bind(new.last_seen_at.0)
        .bind(new.idle_expires_at.0)
        .bind(new.expires_at.0)
        .bind(new.address.as_str())
        .bind(new.agent.as_str())
        .execute(on).await.map(drop))?;
    Ok(())
}

/// A session that has not ended, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its identifier.
    pub id: SessionId,
    /// Who is signed in.
    pub person: PersonId,
    /// As others see them.
    pub author: Author,
    /// Whether they run the site.
    pub is_owner: bool,
    /// When the password was typed last.
    pub proved_at: Timestamp,
    /// Whether it outlasts the browser.
    pub remembered: bool,
    /// When it was used last, as far as that was written.
    pub last_seen_at: Timestamp,
    /// When it ends unless it is used.
    pub idle_expires_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    id: Uuid,
    #[sqlx(flatten)]
    author: AuthorRow,
    is_owner: bool,
    proved_at: i64,
    remembered: bool,
    last_seen_at: i64,
    idle_expires_at: i64,
    expires_at: i64,
}

const FIND_SESSION: &str = "
    SELECT s.id, p.id AS author_id, p.handle, p.display_name, p.picture_id, p.deleted_at, p.is_owner, s.proved_at,
        s.remembered, s.last_seen_at, s.idle_expires_at, s.expires_at
    FROM sessions s JOIN people p ON p.id = s.person_id
    WHERE s.token_hash = $1 AND s.idle_expires_at > $2 AND s.expires_at > $2
        AND p.deleted_at IS NULL AND p.deactivated_at IS NULL";

/// Finds the session of a token, unless it has ended.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_session(db: &Db, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<Session>, Error> {
    let row: Option<SessionRow> = each_backend!(read db, on =>
        sqlx::query_as(FIND_SESSION).bind(&token_hash[..]).bind(now.0).fetch_optional(on).await)?;
    Ok(row.map(|row| Session {
        id: SessionId(row.id),
        person: PersonId(row.author.author_id),
        author: row.author.into(),
        is_owner: row.is_owner,
        proved_at: Timestamp(row.proved_at),
        remembered: row.remembered,
        last_seen_at: Timestamp(row.last_seen_at),
        idle_expires_at: Timestamp(row.idle_expires_at),
        expires_at: Timestamp(row.expires_at),
    }))
}

/// A session in the list that its owner sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its identifier.
    pub id: SessionId,
    /// The client's address when it was opened.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was used last, as far as that was written.
    pub last_seen_at: Timestamp,
}

const LIST_SESSIONS: &str = "
    SELECT id, address, agent, created_at, last_seen_at FROM sessions
    WHERE person_id = $1 AND idle_expires_at > $2 AND expires_at > $2 ORDER BY last_seen_at DESC LIMIT 100";

/// The sessions of a person that have not ended, those used last first; a hundred at most.
///
/// # Errors
/// [`Error::Database`].
pub async fn list_sessions(db: &Db, person: PersonId, now: Timestamp) -> Result<Vec<Listed>, Error> {
    let rows: Vec<(Uuid, String, String, i64, i64)> = each_backend!(read db, on =>
        sqlx::query_as(LIST_SESSIONS).bind(person.0).bind(now.0).fetch_all(on).await)?;
    let listed = |(id, address, agent, created_at, last_seen_at)| Listed {
        id: SessionId(id),
        address,
        agent,
        created_at: Timestamp(created_at),
        last_seen_at: Timestamp(last_seen_at),
    };
    Ok(rows.into_iter().map(listed).collect())
}

const IS_SESSION_LIVE: &str = "
    SELECT count(*) FROM sessions WHERE id = $1 AND idle_expires_at > $2 AND expires_at > $2";

/// Whether a session has not ended.
///
/// # Errors
/// [`Error::Database`].
pub async fn is_session_live(db: &Db, session: SessionId, now: Timestamp) -> Result<bool, Error> {
    let count: i64 = each_backend!(read db, on =>
        sqlx::query_scalar(IS_SESSION_LIVE).bind(session.0).bind(now.0).fetch_one(on).await)?;
    Ok(count > 0)
}

const UPDATE_SESSION_SEEN: &str = "UPDATE sessions SET last_seen_at = $2, idle_expires_at = $3 WHERE id = $1";

/// Says that a session is in use. One that is gone stays gone.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_session_seen(
    tx: &mut Tx,
    session: SessionId,
    last_seen_at: Timestamp,
    idle_expires_at: Timestamp,
) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(UPDATE_SESSION_SEEN)
        .bind(session.0)
        .bind(last_seen_at.0)
        .bind(idle_expires_at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

const UPDATE_SESSION_PROVED: &str = "UPDATE sessions SET proved_at = $2, token_hash = $3 WHERE id = $1";

/// Says that the password was typed again, and gives the session another token. Says whether the session was there.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_session_proved(
    tx: &mut Tx,
    session: SessionId,
    proved_at: Timestamp,
    token_hash: &[u8; 32],
) -> Result<bool, Error> {
    let updated = each_backend!(write tx, on => sqlx::query(UPDATE_SESSION_PROVED)
        .bind(session.0)
        .bind(proved_at.0)
        .bind(&token_hash[..])
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(updated > 0)
}

const DELETE_SESSION: &str = "DELETE FROM sessions WHERE id = $1";

/// Ends a session. Says whether it was there.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_session(tx: &mut Tx, session: SessionId) -> Result<bool, Error> {
    let deleted = each_backend!(write tx, on =>
        sqlx::query(DELETE_SESSION).bind(session.0).execute(on).await.map(|done| done.rows_affected()))?;
    Ok(deleted > 0)
}

const DELETE_OWN_SESSION: &str = "DELETE FROM sessions WHERE id = $1 AND person_id = $2";

/// Ends a session if it is that person's. Says whether it was.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_own_session(tx: &mut Tx, session: SessionId, person: PersonId) -> Result<bool, Error> {
    let deleted = each_backend!(write tx, on => sqlx::query(DELETE_OWN_SESSION)
        .bind(session.0)
        .bind(person.0)
        .execute(on).await.map(|done| done.rows_affected()))?;
    Ok(deleted > 0)
}

const DELETE_SESSIONS: &str = "DELETE FROM sessions WHERE person_id = $1 AND id <> $2";

/// Ends all sessions of a person, but one if that is to stay.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_sessions(tx: &mut Tx, person: PersonId, but: Option<SessionId>) -> Result<(), Error> {
    // No session has the identifier that is all zeros.
    let but = but.map_or(Uuid::nil(), |session| session.0);
    each_backend!(write tx, on => sqlx::query(DELETE_SESSIONS).bind(person.0).bind(but).execute(on).await.map(drop))?;
    Ok(())
}

const DELETE_EXPIRED_SESSIONS: &str = "DELETE FROM sessions WHERE expires_at <= $1 OR idle_expires_at <= $1";

/// Forgets the sessions that have ended. Says how many.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_expired_sessions(tx: &mut Tx, now: Timestamp) -> Result<u64, Error> {
    Ok(each_backend!(write tx, on =>
        sqlx::query(DELETE_EXPIRED_SESSIONS).bind(now.0).execute(on).await.map(|done| done.rows_affected()))?)
}
