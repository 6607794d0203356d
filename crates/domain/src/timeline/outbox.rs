//! Own messages on their way.

use super::Timeline;
use crate::{
    error::ApiError,
    event::{Event, Quote},
    id::{MessageId, Nonce},
    timestamp::Timestamp,
};
use serde::{Deserialize, Serialize};

/// An own message that the server has not confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Under which the server knows it, however often it is sent.
    pub nonce: Nonce,
    /// Its text.
    pub body: String,
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Box<Quote>>,
    /// The thread that it goes into, by the thread's first message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<MessageId>,
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

impl Timeline {
    /// Shows an own message before the server has it. One that the server is known to have is not shown again, and one
    /// that goes into another timeline of the room is not shown here.
    pub fn echo(&mut self, outgoing: Outgoing) {
        let posted = self.early.values().filter_map(Event::posted);
        let known = self.messages.iter().chain(posted).any(|message| message.nonce == outgoing.nonce)
            || self.outgoing.iter().any(|other| other.nonce == outgoing.nonce);
        if !known && outgoing.root == self.root.as_ref().map(|root| root.id) {
            self.outgoing.push(outgoing);
        }
    }

    /// Says on an own message that it could not be sent.
    pub fn fail(&mut self, nonce: Nonce, error: ApiError) {
        self.set_state(nonce, SendState::Failed(error));
    }

    /// Says on an own message that it is on its way again.
    pub fn retry(&mut self, nonce: Nonce) {
        self.set_state(nonce, SendState::Sending);
    }

    /// Takes back an own message that was not sent.
    pub fn discard(&mut self, nonce: Nonce) {
        self.outgoing.retain(|outgoing| outgoing.nonce != nonce);
    }

    fn set_state(&mut self, nonce: Nonce, state: SendState) {
        if let Some(outgoing) = self.outgoing.iter_mut().find(|outgoing| outgoing.nonce == nonce) {
            outgoing.state = state;
        }
    }
}
