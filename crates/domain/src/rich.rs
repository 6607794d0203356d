//! The text of a message as a tree.
//!
//! The server reads Markdown into it; pages show it as views and never as a string of HTML. It has no node that could
//! do anything: links lead to `http`, `https` and `mailto` only, and there are no pictures.

use crate::{id::PersonId, slug::RoomSlug};
use serde::{Deserialize, Serialize};

/// A text: blocks below each other.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RichText(pub Vec<Block>);

/// A block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "b", content = "c", rename_all = "snake_case")]
pub enum Block {
    /// Lines of text.
    Paragraph(Vec<Inline>),
    /// A heading of level 1 to 6; shown alike, because a message has no chapters.
    Heading(Vec<Inline>),
    /// What somebody else said.
    Quote(Vec<Block>),
    /// Items; numbered from `start` when there is one.
    List {
        /// The first number.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start: Option<u64>,
        /// What stands in each.
        items: Vec<Vec<Block>>,
    },
    /// Code, in pieces that are coloured alike.
    Code {
        /// The language that was named, when it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
        /// The code; the texts put together are what was written.
        spans: Vec<CodeSpan>,
    },
    /// A line across.
    Rule,
}

/// A piece of text inside a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "i", content = "c", rename_all = "snake_case")]
pub enum Inline {
    /// Text as it is.
    Text(String),
    /// The end of a line.
    Break,
    /// Strong.
    Strong(Vec<Inline>),
    /// Emphasised.
    Emphasis(Vec<Inline>),
    /// Struck out.
    Strike(Vec<Inline>),
    /// Code inside a line.
    Code(String),
    /// A link that leads out of the site, or to a page of it.
    Link {
        /// Where to: `http`, `https` or `mailto`.
        href: String,
        /// What is shown.
        content: Vec<Inline>,
    },
    /// Somebody is called.
    Mention {
        /// By this name, as it was written.
        handle: String,
        /// Who that was.
        person: PersonId,
    },
    /// Everybody in the room is called.
    MentionAll,
    /// Another room.
    Room(RoomSlug),
}

/// A piece of code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeSpan {
    /// What it is, when that is worth a colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Token>,
    /// The text.
    pub text: String,
}

/// What a piece of code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Token {
    /// A word of the language.
    Keyword,
    /// A text or a character in quotes.
    String,
    /// A remark.
    Comment,
    /// A number.
    Number,
    /// The name of a function.
    Function,
    /// The name of a type.
    Type,
    /// An attribute, a macro, a directive.
    Attribute,
}

impl Token {
    /// The end of its class in the style sheet.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Keyword => "keyword",
            Self::String => "string",
            Self::Comment => "comment",
            Self::Number => "number",
            Self::Function => "function",
            Self::Type => "type",
            Self::Attribute => "attribute",
        }
    }
}
