//! Mail that waits to be sent. It is written in the transaction of what causes it, so that the two happen together or
//! not at all, and it goes when it was handed over: letters contain links that work.

use crate::{Error, Tx, backend::each_backend, new_id};
use std::fmt;
use telicat_domain::Timestamp;

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[INSERT_MAIL];

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
