//! Rooms, as their readers see them.

use crate::{
    event::Message,
    id::MessageId,
    permission::{Action, Place, Role, Standing, may},
    person::Author,
    slug::RoomSlug,
    timestamp::Timestamp,
};
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

/// What a member wants to hear of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Involvement {
    /// Every message counts.
    #[default]
    Everything,
    /// Only messages that call one.
    Mentions,
    /// Nothing.
    Nothing,
}

impl Involvement {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Everything, Self::Mentions, Self::Nothing];

    /// Its name in the database and in forms.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Everything => "everything",
            Self::Mentions => "mentions",
            Self::Nothing => "nothing",
        }
    }

    /// The involvement of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|involvement| involvement.name() == name)
    }
}

/// What a room is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSummary {
    /// Its name in the address. It stays when the room is renamed.
    pub slug: RoomSlug,
    /// What sort of a room it is.
    pub kind: RoomKind,
    /// Its name; a direct room has none.
    pub name: String,
    /// What it is about; may be empty.
    pub topic: String,
    /// Whether nothing is written in it any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
    /// The others in a direct room, by handle.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Author>,
}

impl RoomSummary {
    /// What the room is called: its name, or those who are in it beside the reader.
    #[must_use]
    pub fn called(&self) -> String {
        if self.kind == RoomKind::Direct && !self.people.is_empty() {
            self.people.iter().map(Author::called).collect::<Vec<_>>().join(", ")
        } else {
            self.name.clone()
        }
    }

    /// What of the room matters for rights.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { kind: self.kind, archived: self.archived }
    }
}

/// The last thing that was said in a room, in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastMessage {
    /// Its number.
    pub seq: i64,
    /// Its identifier.
    pub id: MessageId,
    /// Who said it.
    pub author: Author,
    /// Its beginning, in one line: [`crate::event::snippet`].
    pub text: String,
    /// When.
    pub at: Timestamp,
}

/// A room in the list of one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomEntry {
    /// The room.
    pub room: RoomSummary,
    /// The person's role; nothing in a public room of which they are no member.
    pub role: Option<Role>,
    /// The number of the room's last event. The counts are of this moment.
    pub head: i64,
    /// Up to which event the person has read.
    pub read: i64,
    /// How often that was changed: of two reports the one with the higher number is the later.
    pub read_version: i64,
    /// Messages of others after it, outside of threads: at most [`crate::limits::UNREAD_MAX`], which means "or more".
    pub unread: u32,
    /// Those of them that call the person, counted likewise.
    pub mentions: u32,
    /// First messages of threads which the person follows and in which there is something new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<MessageId>,
    /// The last message outside of threads that is not deleted.
    pub last: Option<LastMessage>,
    /// When that was, or else when the room began.
    pub active_at: Timestamp,
    /// Whether it stands above the others.
    pub favourite: bool,
    /// What the person wants to hear of it.
    pub involvement: Involvement,
    /// Until when the person wants to hear nothing of it.
    pub muted_until: Timestamp,
}

impl RoomEntry {
    /// Whether the person may do something here. `runs_site`: they are an owner of the site.
    #[must_use]
    pub fn may(&self, action: Action, runs_site: bool) -> bool {
        may(action, self.room.place(), Standing::of(self.room.kind, self.role, runs_site))
    }

    /// Whether the room is silent at a moment, whatever is said in it.
    #[must_use]
    pub fn is_muted(&self, now: Timestamp) -> bool {
        self.involvement == Involvement::Nothing || self.muted_until > now
    }

    /// Whether the room stands out in the list.
    #[must_use]
    pub fn is_unread(&self, now: Timestamp) -> bool {
        !self.is_muted(now) && (self.mentions > 0 || (self.unread > 0 && self.involvement == Involvement::Everything))
    }
}

/// How far somebody has read in a room, and what that leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadState {
    /// Up to which event.
    pub read: i64,
    /// How often that was changed.
    pub version: i64,
    /// The room's last event at the moment of the counts.
    pub head: i64,
    /// Messages of others after `read`, as in [`RoomEntry::unread`].
    pub unread: u32,
    /// Those of them that call the person.
    pub mentions: u32,
}

/// All that a room's page needs, read at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomPage {
    /// The room.
    pub room: RoomEntry,
    /// Messages, oldest first: the newest, or those round the one that was asked for.
    pub messages: Vec<Message>,
    /// The number of the last event that `messages` knows of.
    pub cursor: i64,
    /// Whether there are messages before the first of `messages`.
    pub older: bool,
    /// Whether there are messages after the last of `messages`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub newer: bool,
    /// The number of the newest message outside of threads, 0 when there is none.
    #[serde(default)]
    pub last_post: i64,
    /// The rooms of the person who asks; nothing when they were not asked for.
    pub rooms: Vec<RoomEntry>,
    /// The last change of a person that `messages` know of: what changed after it may be told again.
    pub people: Timestamp,
    /// How many members the room has; people who wrote or read there, in a public room.
    #[serde(default)]
    pub members: i64,
    /// How many messages are pinned.
    #[serde(default)]
    pub pinned: i64,
}

/// A member of a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub person: Author,
    /// As what.
    pub role: Role,
    /// Since when.
    pub joined_at: Timestamp,
}

/// Members of a room, by handle.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MemberPage {
    /// Some of them.
    pub members: Vec<Member>,
    /// How many there are in all.
    pub count: i64,
    /// The handle to ask with for those behind; nothing when these were the last.
    pub next: Option<String>,
}

/// A link that lets people into a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomLink {
    /// What the address ends with.
    pub code: String,
    /// The whole address.
    pub url: String,
    /// When it ends; nothing when it does not.
    pub expires_at: Option<Timestamp>,
    /// How many more may use it; nothing when that is not limited.
    pub uses_left: Option<i64>,
}

/// What a room's settings show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomSettings {
    /// The room.
    pub room: RoomEntry,
    /// Its members, the first of them.
    pub members: MemberPage,
    /// The link that lets people in, for those who may see it.
    pub link: Option<RoomLink>,
}

/// What who has a link is told of the room behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Door {
    /// The room's name.
    pub name: String,
    /// How many members it has.
    pub members: i64,
    /// Where it is, for who is a member already.
    pub inside: Option<RoomSlug>,
}
