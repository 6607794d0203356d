//! Rooms, as their readers see them.

use crate::{event::Message, slug::RoomSlug, timestamp::Timestamp};
use serde::{Deserialize, Serialize};

/// What sort of a room it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// Everybody who is signed in reads and writes.
    Public,
    /// Members only, by invitation.
    Group,
    /// Two people, or a fixed set of them.
    Direct,
}

impl RoomKind {
    /// Its name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Group => "group",
            Self::Direct => "direct",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Public, Self::Group, Self::Direct].into_iter().find(|kind| kind.name() == name)
    }
}

/// A room in the list of rooms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSummary {
    /// Its name in the address.
    pub slug: RoomSlug,
    /// What sort of a room it is.
    pub kind: RoomKind,
    /// Its name.
    pub name: String,
    /// What it is about; may be empty.
    pub topic: String,
}

/// All that a room's page needs, read at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomPage {
    /// The room.
    pub room: RoomSummary,
    /// Its newest messages, oldest first.
    pub messages: Vec<Message>,
    /// The number of the last event that `messages` knows of.
    pub cursor: i64,
    /// Whether there are messages before the first of `messages`.
    pub older: bool,
    /// The rooms of the person who asks.
    pub rooms: Vec<RoomSummary>,
    /// The last change of a person that `messages` know of: what changed after it may be told again.
    pub people: Timestamp,
}
