//! What happens in a room, in its order.

use crate::{
    id::{MessageId, Nonce},
    person::Author,
    timestamp::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The number of the event that posted it, in its room.
    pub seq: i64,
    /// Its identifier, unique on the site.
    pub id: MessageId,
    /// The sender's own identifier for it.
    pub nonce: Nonce,
    /// Who wrote it.
    pub author: Author,
    /// What was written; nothing when it was erased.
    pub body: String,
    /// When the server took it.
    pub at: Timestamp,
    /// Whether its author took the text back for good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erased: bool,
}

impl Message {
    /// Takes the text away.
    pub fn erase(&mut self) {
        self.body = String::new();
        self.erased = true;
    }
}

/// Something that changed a room. Events of a room are numbered 1, 2, 3, … without a gap; the number is `seq`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A message was posted.
    Posted(Message),
}

impl Event {
    /// The event's number in its room.
    #[must_use]
    pub fn seq(&self) -> i64 {
        match self {
            Self::Posted(message) => message.seq,
        }
    }
}

/// A part of a room's events, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EventPage {
    /// The events.
    pub events: Vec<Event>,
    /// The `seq` to ask with for the next page; nothing when this was the last.
    pub next: Option<i64>,
}
