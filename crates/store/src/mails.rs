//! Mail that waits to be sent. It is written in the transaction of what causes it, so that the two happen together or
//! not at all, and it goes when it was handed over: letters contain links that work.

use crate::{Db, Error, Tx, backend::each_backend, new_id};
use std::fmt;
use telicat_domain::Timestamp;
use uuid::Uuid;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[INSERT_MAIL, CLAIM_MAILS, UPDATE_MAIL_NEXT, DELETE_MAIL, COUNT_MAILS];

/// A mail to be sent.
#[derive(Clone)]
pub struct NewMail {
    /// The address that it goes to.
    pub recipient: String,
    /// Its subject, on one line.
    pub subject: String,
    /// What programs show that show no HTML.
    pub text: String,
    /// What the others show.
    pub html: String,
    /// Now.
    pub at: Timestamp,
}

impl fmt::Debug for NewMail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewMail").field("subject", &self.subject).finish_non_exhaustive()
    }
}

const INSERT_MAIL: &str = "
    INSERT INTO mails (id, recipient, subject, body_text, body_html, created_at, next_at)
    VALUES ($1, $2, $3, $4, $5, $6, $6)";

/// Writes a mail, to be sent at once.
///
/// # Errors
/// [`Error::Database`].
pub async fn insert_mail(tx: &mut Tx, new: &NewMail) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(INSERT_MAIL)
        .bind(new_id(new.at))
        .bind(new.recipient.as_str())
        .bind(new.subject.as_str())
        .bind(new.text.as_str())
        .bind(new.html.as_str())
        .bind(new.at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

/// A mail that waits, in the hands of whoever sends it.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Its identifier.
    pub id: Uuid,
    /// The address that it goes to.
    pub recipient: String,
    /// Its subject, on one line.
    pub subject: String,
    /// What programs show that show no HTML.
    pub text: String,
    /// What the others show.
    pub html: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// The tries to send it, with this one.
    pub attempts: i64,
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, subject, attempts, .. } = self;
        f.debug_struct("Mail")
            .field("id", id)
            .field("subject", subject)
            .field("attempts", attempts)
            .finish_non_exhaustive()
    }
}

#[derive(sqlx::FromRow)]
struct MailRow {
    id: Uuid,
    recipient: String,
    subject: String,
    body_text: String,
    body_html: String,
    created_at: i64,
    attempts: i64,
}

impl From<MailRow> for Mail {
    fn from(row: MailRow) -> Self {
        let MailRow { id, recipient, subject, body_text, body_html, created_at, attempts } = row;
        Self { id, recipient, subject, text: body_text, html: body_html, created_at: Timestamp(created_at), attempts }
    }
}

// Of two processes that choose the same rows, the second waits for the first one's commit, looks at them again and finds
// that they are not due any more: that is what the second condition is for.
const CLAIM_MAILS: &str = "
    UPDATE mails SET next_at = $2, attempts = attempts + 1
    WHERE id IN (SELECT id FROM mails WHERE next_at <= $1 ORDER BY next_at, id LIMIT $3) AND next_at <= $1
    RETURNING id, recipient, subject, body_text, body_html, created_at, attempts";

/// Takes at most `limit` mails that are due now. Nobody else gets them before `until`: whoever took them and came to
/// grief has not lost them.
///
/// # Errors
/// [`Error::Database`].
pub async fn claim_mails(tx: &mut Tx, now: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<Mail>, Error> {
    let rows: Vec<MailRow> = each_backend!(write tx, on =>
        sqlx::query_as(CLAIM_MAILS).bind(now.0).bind(until.0).bind(limit).fetch_all(on).await)?;
    let mut mails: Vec<Mail> = rows.into_iter().map(Mail::from).collect();
    // Identifiers begin with the time: those that were written first go first.
    mails.sort_by_key(|mail| mail.id);
    Ok(mails)
}

const UPDATE_MAIL_NEXT: &str = "UPDATE mails SET next_at = $2 WHERE id = $1";

/// Says when a mail is to be tried again.
///
/// # Errors
/// [`Error::Database`].
pub async fn update_mail_next(tx: &mut Tx, id: Uuid, next_at: Timestamp) -> Result<(), Error> {
    each_backend!(write tx, on =>
        sqlx::query(UPDATE_MAIL_NEXT).bind(id).bind(next_at.0).execute(on).await.map(drop))?;
    Ok(())
}

const DELETE_MAIL: &str = "DELETE FROM mails WHERE id = $1";

/// Forgets a mail: it was handed over, or is given up.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_mail(tx: &mut Tx, id: Uuid) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(DELETE_MAIL).bind(id).execute(on).await.map(drop))?;
    Ok(())
}

const COUNT_MAILS: &str = "SELECT count(*) FROM mails WHERE next_at <= $1";

/// How many mails are due now.
///
/// # Errors
/// [`Error::Database`].
pub async fn count_due_mails(db: &Db, now: Timestamp) -> Result<i64, Error> {
    Ok(each_backend!(read db, on => sqlx::query_scalar(COUNT_MAILS).bind(now.0).fetch_one(on).await)?)
}
