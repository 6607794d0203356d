//! What can go wrong in the database, and which of it is somebody's choice of a taken name.

use sqlx::error::DatabaseError;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database cannot be used at all.
    #[error("{reason}")]
    Open {
        /// One sentence for whoever runs the server, without secrets.
        reason: String,
    },
    /// The database was used by a newer program.
    #[error("The database was made by a newer version of Telicat; start that version, or restore a backup.")]
    Newer,
    /// What was to be written exists already. The transaction can only be rolled back.
    #[error("already there: {0:?}")]
    Conflict(Constraint),
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    /// Who writes has deleted the account meanwhile. The transaction can only be rolled back.
    #[error("the author has deleted the account")]
    AuthorGone,
    /// A row that no version of the program can have written.
    #[error("a row that cannot be: {0}")]
    Corrupt(&'static str),
}

impl Error {
    /// Whether the same may succeed in a moment: no connection was free, a lock was held, the server restarts, or
    /// `PostgreSQL` ended one of two transactions that waited for each other.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) => true,
            Self::Database(sqlx::Error::Database(error)) => {
                let code = error.code().unwrap_or_default();
                if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
                    // SQLITE_BUSY and SQLITE_LOCKED, with any extension in the higher bits.
                    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6))
                } else {
                    // PostgreSQL, "Error Codes": serialization and deadlock, resources, locks, shutdown.
                    ["40", "53", "55P03", "57P"].iter().any(|class| code.starts_with(class))
                }
            }
            _ => false,
        }
    }

    /// Whether something that should be there is not: the room or the person was deleted meanwhile.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::RowNotFound))
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(Constraint::violated) {
            Some(constraint) => Self::Conflict(constraint),
            None => Self::Database(error),
        }
    }
}

/// What may exist once only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// The handle of a person.
    Handle,
    /// An address that is somebody's first, or was verified.
    Email,
    /// The nonce of a message among those of its author.
    Nonce,
    /// The copy of their data that is being made for a person.
    Export,
}

impl Constraint {
    /// Each with the name that `PostgreSQL` reports, and the columns that `SQLite` reports.
    const NAMES: [(Self, &str, &str); 4] = [
        (Self::Handle, "people_handle", "people.handle_folded"),
        (Self::Email, "email_addresses_taken", "email_addresses.address_folded"),
        (Self::Nonce, "messages_nonce", "messages.author_id, messages.nonce"),
        (Self::Export, "exports_waiting", "exports.person_id"),
    ];

    fn violated(error: &(dyn DatabaseError + 'static)) -> Option<Self> {
        let name = error.constraint().or_else(|| error.message().strip_prefix("UNIQUE constraint failed: "))?;
        Self::NAMES.iter().find(|(_, index, columns)| name == *index || name == *columns).map(|(found, _, _)| *found)
    }
}
