//! What happens in a room, in its order.

use crate::{
    id::{MessageId, Nonce, PersonId},
    limits::SNIPPET_MAX,
    permission::Role,
    person::Author,
    rich::RichText,
    room::RoomSummary,
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
    /// What was written; nothing when it was erased or deleted.
    pub body: String,
    /// When the server took it.
    pub at: Timestamp,
    /// Whether its author took the text back for good.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erased: bool,
    /// The text as a tree, when it is more than lines of plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rich: Option<Box<RichText>>,
    /// When the text was changed last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// Whether it was deleted: what is left is the place where it stood.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// The message that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Box<Quote>>,
    /// The thread that it is in, when it is in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<Root>,
    /// The thread that it is the first message of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replies: Option<Replies>,
    /// Reactions, in the order in which the first of each kind came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// Who is called by it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PersonId>,
    /// Whether everybody is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mentions_all: bool,
    /// Whether it is pinned.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// Whether the reader keeps it among the saved ones. Never set in what everybody gets.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub saved: bool,
}

impl Message {
    /// A message with a plain text, to which nothing has happened.
    #[must_use]
    pub fn new(seq: i64, id: MessageId, nonce: Nonce, author: Author, body: String, at: Timestamp) -> Self {
        Self {
            seq,
            id,
            nonce,
            author,
            body,
            at,
            erased: false,
            rich: None,
            edited_at: None,
            deleted: false,
            reply_to: None,
            root: None,
            replies: None,
            reactions: Vec::new(),
            mentions: Vec::new(),
            mentions_all: false,
            pinned: false,
            saved: false,
        }
    }

    /// Takes the text away, for good.
    pub fn erase(&mut self) {
        self.blank();
        self.erased = true;
    }

    /// Leaves only the place where the message stood.
    pub fn delete(&mut self) {
        self.blank();
        self.deleted = true;
        self.reactions.clear();
        self.pinned = false;
    }

    fn blank(&mut self) {
        self.body = String::new();
        self.rich = None;
        self.edited_at = None;
        self.reply_to = None;
        self.mentions.clear();
        self.mentions_all = false;
    }

    /// Whether there is a text to be read.
    #[must_use]
    pub fn has_text(&self) -> bool {
        !self.erased && !self.deleted
    }

    /// Whether somebody is called by it. One does not call oneself.
    #[must_use]
    pub fn calls(&self, person: PersonId) -> bool {
        self.author.id != person && (self.mentions_all || self.mentions.contains(&person))
    }

    /// What a quote of it shows.
    #[must_use]
    pub fn quote(&self) -> Quote {
        Quote {
            message: self.id,
            seq: self.seq,
            author: self.author.clone(),
            text: snippet(&self.body),
            gone: !self.has_text(),
        }
    }
}

/// The beginning of a text, in one line of at most [`SNIPPET_MAX`] characters, without the signs of Markdown that are no
/// words to anybody: fences, backticks, doubled asterisks and tildes, and what begins a quote, a heading or an item.
#[must_use]
pub fn snippet(body: &str) -> String {
    let lines = body.lines().map(str::trim).filter(|line| !line.starts_with("```"));
    let bare = one_line(lines.flat_map(|line| without_begin(line).split_whitespace()), bare_word);
    // Whoever wrote nothing but signs meant them.
    if bare.is_empty() { one_line(body.split_whitespace(), str::chars) } else { bare }
}

fn one_line<'a, C: Iterator<Item = char>>(words: impl Iterator<Item = &'a str>, read: fn(&'a str) -> C) -> String {
    let mut line = String::new();
    for word in words {
        let before = line.len();
        if before > 0 {
            line.push(' ');
        }
        let begin = line.len();
        // What is behind the end is not looked at, however long the text is.
        line.extend(read(word).take(SNIPPET_MAX + 1));
        if line.len() == begin {
            line.truncate(before);
        }
        if line.chars().nth(SNIPPET_MAX).is_some() {
            let kept: String = line.chars().take(SNIPPET_MAX - 1).collect();
            return format!("{}…", kept.trim_end());
        }
    }
    line
}

/// A line without what makes it a quote, a heading or an item of a list.
fn without_begin(line: &str) -> &str {
    let line = line.trim_start_matches(['>', ' ']);
    let text = line.trim_start_matches('#');
    let is_heading = text.len() < line.len() && text.starts_with(' ');
    let item = ["- ", "* ", "+ "].iter().find_map(|sign| line.strip_prefix(sign));
    if is_heading { text } else { item.unwrap_or(line) }
}

fn bare_word(word: &str) -> impl Iterator<Item = char> {
    let mut signs = word.chars().peekable();
    std::iter::from_fn(move || {
        loop {
            match signs.next()? {
                '`' => {}
                sign @ ('*' | '~') if signs.peek() == Some(&sign) => while signs.next_if_eq(&sign).is_some() {},
                sign => return Some(sign),
            }
        }
    })
}

/// The message that another one answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Which.
    pub message: MessageId,
    /// Its number.
    pub seq: i64,
    /// Who wrote it.
    pub author: Author,
    /// Its beginning; nothing when it is gone.
    pub text: String,
    /// Whether it was deleted or erased.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
}

/// The thread that a message is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// Its first message.
    pub id: MessageId,
    /// How many replies it has, with this one.
    pub replies: u32,
}

/// The thread that began with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replies {
    /// How many there are; those that were deleted do not count.
    pub count: u32,
    /// When the last came.
    pub last_at: Timestamp,
    /// How many the reader has not read, when they follow it; nothing when they do not. Never set in what everybody gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<u32>,
}

/// How often one emoji was given to a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The emoji.
    pub emoji: String,
    /// By how many people; never 0.
    pub count: u32,
    /// Whether the reader is one of them. Never set in what everybody gets.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mine: bool,
}

/// Something that changed a room. Events of a room are numbered 1, 2, 3, … without a gap; the number is `seq`.
///
/// An event that was fetched later has its message as it is by then. Whoever applies all events up to a number sees the
/// room as it was after that one, or later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A message was posted.
    Posted(Message),
    /// The text of a message was changed.
    Edited {
        /// The number.
        seq: i64,
        /// The message, with its text now.
        message: Message,
        /// Whom the text called before.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        called: Vec<PersonId>,
        /// Whether it called everybody before.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        called_all: bool,
    },
    /// A message was deleted.
    Deleted {
        /// The number.
        seq: i64,
        /// What was deleted.
        message: Gone,
    },
    /// A message that was deleted is there again.
    Restored {
        /// The number.
        seq: i64,
        /// The message.
        message: Message,
    },
    /// Somebody reacted to a message, or took that back.
    Reacted {
        /// The number.
        seq: i64,
        /// Which message.
        message: MessageId,
        /// The emoji.
        emoji: String,
        /// Who.
        person: PersonId,
        /// Given or taken back.
        on: bool,
        /// How many people have given it now.
        count: u32,
    },
    /// A message was pinned, or taken off.
    Pinned {
        /// The number.
        seq: i64,
        /// Which message.
        message: MessageId,
        /// Pinned or taken off.
        on: bool,
        /// How many are pinned now.
        count: i64,
    },
    /// The room has another name or topic, or was archived or opened again.
    Room {
        /// The number.
        seq: i64,
        /// Its name now.
        name: String,
        /// What it is about now.
        topic: String,
        /// Whether it is archived now.
        archived: bool,
    },
    /// Somebody came, went, or has another role.
    Member {
        /// The number.
        seq: i64,
        /// Who.
        person: Author,
        /// As what; nothing when they are no member any more.
        role: Option<Role>,
        /// How many members there are now.
        members: i64,
    },
}

/// What is known of a message that was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// Which.
    pub id: MessageId,
    /// Its number.
    pub seq: i64,
    /// Who had written it.
    pub author: PersonId,
    /// The thread that it was in, and how many replies are left there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<Root>,
    /// Whom it called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called: Vec<PersonId>,
    /// Whether it called everybody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub called_all: bool,
    /// How many messages are pinned now, when it was one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pins: Option<i64>,
}

impl Event {
    /// How many messages are pinned since, when that may have changed.
    #[must_use]
    pub fn pins(&self) -> Option<i64> {
        match self {
            Self::Pinned { count, .. } => Some(*count),
            Self::Deleted { message, .. } => message.pins,
            _ => None,
        }
    }

    /// How many members there are since, when that may have changed.
    #[must_use]
    pub fn members(&self) -> Option<i64> {
        if let Self::Member { members, .. } = self { Some(*members) } else { None }
    }

    /// The event's number in its room.
    #[must_use]
    pub fn seq(&self) -> i64 {
        match self {
            Self::Posted(message) => message.seq,
            Self::Edited { seq, .. }
            | Self::Deleted { seq, .. }
            | Self::Restored { seq, .. }
            | Self::Reacted { seq, .. }
            | Self::Pinned { seq, .. }
            | Self::Room { seq, .. }
            | Self::Member { seq, .. } => *seq,
        }
    }

    /// The message that was posted, when one was.
    #[must_use]
    pub fn posted(&self) -> Option<&Message> {
        match self {
            Self::Posted(message) => Some(message),
            _ => None,
        }
    }

    /// The message that it brings, when it brings one.
    #[must_use]
    pub fn message(&self) -> Option<&Message> {
        match self {
            Self::Posted(message) | Self::Edited { message, .. } | Self::Restored { message, .. } => Some(message),
            _ => None,
        }
    }

    /// The message that it brings, to be changed.
    pub fn message_mut(&mut self) -> Option<&mut Message> {
        match self {
            Self::Posted(message) | Self::Edited { message, .. } | Self::Restored { message, .. } => Some(message),
            _ => None,
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
    /// The number of an event that all of `events` know of, and those before it: what came later may be missing in them.
    #[serde(default)]
    pub at: i64,
}

/// A thread, at its newest replies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThreadPage {
    /// The first message.
    pub root: Message,
    /// Replies, oldest first.
    pub replies: Vec<Message>,
    /// The number of the last event that all of it knows of.
    pub cursor: i64,
    /// Whether there are replies before the first of `replies`.
    pub older: bool,
    /// Whether the reader follows it.
    pub following: bool,
    /// Up to which event the reader has read it.
    pub read: i64,
}

/// What a message said before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The text.
    pub body: String,
    /// Since when it said so.
    pub at: Timestamp,
}

/// A message that somebody keeps among the saved ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedMessage {
    /// The room that it is in.
    pub room: RoomSummary,
    /// The message.
    pub message: Message,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_one_short_line() {
        assert_eq!(snippet("  two\n\n lines "), "two lines");
        assert_eq!(snippet("> **Hello** `all`\n\n- a\n* b\n## c ~~d~~\n1. e"), "Hello all a b c d 1. e");
        assert_eq!(snippet("```rust\nlet x = 2 * 3;\n```\nso"), "let x = 2 * 3; so");
        assert_eq!(snippet("a ** b *c* 5 > 4 #1 f**g"), "a b *c* 5 > 4 #1 fg");
        assert_eq!(snippet("** ```"), "** ```", "nothing but signs");
        assert_eq!(snippet(&"a".repeat(200)).chars().count(), SNIPPET_MAX);
        let words = snippet(&"word ".repeat(100));
        assert!(words.chars().count() <= SNIPPET_MAX && words.ends_with('…'), "{words}");
        assert_eq!(snippet(&"a".repeat(SNIPPET_MAX)), "a".repeat(SNIPPET_MAX));
    }
}
