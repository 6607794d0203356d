//! The server functions: each gets who asks, calls one service, and maps the error. Their addresses and fields are a
//! promise, described in `docs/protocol.md`.

pub mod accounts;
pub mod addresses;
pub mod appearance;
pub mod deletion;
pub mod exports;
pub mod invitations;
pub mod messages;
pub mod owners;
pub mod passwords;
pub mod people;
pub mod profile;
pub mod rooms;
pub mod sessions;
pub mod settings;
pub mod threads;

use serde::{Deserialize, Serialize};
use server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use telicat_domain::{ApiError, Notice, SafePath};

/// What is answered when a form did what it was for: where to go now, and what to say there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Go {
    /// The page.
    pub next: SafePath,
    /// What was done, when that is worth a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

impl Go {
    /// On to a page.
    #[must_use]
    pub fn to(next: SafePath) -> Self {
        Self { next, notice: None }
    }

    /// On to a page, which says what was done.
    #[must_use]
    pub fn saying(next: SafePath, notice: Notice) -> Self {
        Self { next, notice: Some(notice) }
    }
}

/// An [`ApiError`] on its way through leptos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(transparent)]
#[error(transparent)]
pub struct Failure(pub ApiError);

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self(error)
    }
}

impl FromServerFnError for Failure {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self(match error {
            // On the server what cannot be read is the request, in the browser the answer.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "ssr") => ApiError::BadRequest,
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) | ServerFnErrorErr::Deserialization(_) => {
                ApiError::NoAnswer
            }
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => ApiError::BadRequest,
            _ => ApiError::Internal,
        })
    }
}
