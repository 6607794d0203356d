//! Errors inside the server, with their causes.
//!
//! Which to use: [`Error::Api`] for everything that the one who asks did or should know; [`Error::Store`] and
//! [`Error::Fault`] for what is the server's own, which becomes `internal` for the one who asks and is logged, once, at
//! the boundary.

use telicat_domain::{ApiError, FieldError};

/// Why a use case was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// For the one who asked.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The database.
    #[error(transparent)]
    Store(#[from] telicat_store::Error),
    /// Something that cannot happen while the program and its machine are well.
    #[error("{0}")]
    Fault(&'static str),
}

impl Error {
    /// Several problems with what was typed, at once.
    #[must_use]
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        Self::Api(ApiError::Invalid { fields })
    }

    /// What the one who asked is told.
    #[must_use]
    pub fn api(&self) -> ApiError {
        match self {
            Self::Api(error) => error.clone(),
            Self::Store(error) if error.is_busy() => ApiError::Busy { retry_after: 1 },
            Self::Store(_) | Self::Fault(_) => ApiError::Internal,
        }
    }
}
