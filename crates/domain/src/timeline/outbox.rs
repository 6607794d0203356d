//! Own messages on their way.

use crate::{error::ApiError, id::Nonce, timestamp::Timestamp};
use serde::{Deserialize, Serialize};

/// An own message that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Under which the server knows it, however often it is sent.
    pub nonce: Nonce,
    /// Its text.
    pub body: String,
    /// When it was written, by the sender's clock.
    pub at: Timestamp,
    /// How it is going.
    pub state: SendState,
}

/// How the sending of a message is going.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendState {
    /// It is on its way, or waits for the line.
    Sending,
    /// It was refused, or no answer came.
    Failed(ApiError),
}
