//! What a person sees of their own account.

use crate::{id::SessionId, person::Profile, timestamp::Timestamp};
use serde::{Deserialize, Serialize};

/// All that the settings show, read at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSettings {
    /// The profile, as its owner sees it.
    pub profile: OwnProfile,
    /// The addresses.
    pub addresses: Addresses,
    /// When the password was changed last; nothing when it is the first one.
    pub password_changed_at: Option<Timestamp>,
    /// Whether the password has to be typed again before anything that cannot be taken back.
    pub needs_password: bool,
    /// Where the person is signed in: this session first, then those used last.
    pub sessions: Vec<SessionSummary>,
    /// The latest copy of all data that was asked for.
    pub export: Option<Export>,
}

/// A profile, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnProfile {
    /// What others see.
    pub profile: Profile,
    /// Whether visitors see it too.
    pub is_public: bool,
}

/// The addresses of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// The one that mail goes to and that one can log in with.
    pub primary: Address,
    /// The one that takes its place once it is confirmed.
    pub pending: Option<Address>,
}

/// One address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// As it was typed.
    pub address: String,
    /// Whether its person has shown that mail to it arrives.
    pub verified: bool,
    /// When the next link to confirm it may be sent; nothing when that may be now.
    pub next_link_at: Option<Timestamp>,
}

/// One place where a person is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionSummary {
    /// Its identifier.
    pub id: SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// What the browser calls itself, unread.
    pub agent: String,
    /// The client's address when it was opened.
    pub address: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was used last, within five minutes.
    pub last_seen_at: Timestamp,
}

/// Where a person is signed in, on a page of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// This session first, then those used last.
    pub sessions: Vec<SessionSummary>,
    /// Whether the password has to be typed again before all others are ended.
    pub needs_password: bool,
}

/// A copy of all of one's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Its identifier.
    pub id: uuid::Uuid,
    /// How far it is.
    pub state: ExportState,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// How far a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ExportState {
    /// Being made.
    Making {
        /// Parts that are done.
        done: i64,
        /// Parts in all; 0 while that is not known.
        all: i64,
    },
    /// It can be had.
    Ready {
        /// Bytes.
        size: i64,
        /// Until then.
        expires_at: Timestamp,
    },
    /// It could not be made.
    Failed,
}
