//! The name that a person is addressed by: `@alice`.

use crate::{error::Problem, limits::HANDLE_MAX};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Names that would be mistaken for a part of the site or for everybody.
const RESERVED: &[&str] = &[
    "admin",
    "administrator",
    "all",
    "api",
    "channel",
    "deleted",
    "everyone",
    "here",
    "moderator",
    "owner",
    "root",
    "room",
    "support",
    "system",
    "telicat",
];

/// What the handles begin with that are left of deleted accounts.
const TOMBSTONE: &str = "deleted-";

/// A handle: 1 to 30 of ASCII letters, digits, `_`, `.` and `-`, unique without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Handle(String);

impl Handle {
    /// Reads a handle as somebody typed it. White space around it and a leading `@` are forgiven.
    ///
    /// # Errors
    /// [`Problem::Empty`], [`Problem::TooLong`], [`Problem::Characters`], [`Problem::Reserved`].
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        let text = text.strip_prefix('@').unwrap_or(text);
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        if text.chars().count() > HANDLE_MAX {
            return Err(Problem::TooLong { max: HANDLE_MAX });
        }
        if !text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-')) {
            return Err(Problem::Characters);
        }
        // A name of dots alone would vanish from a path.
        if !text.bytes().any(|b| b.is_ascii_alphanumeric()) {
            return Err(Problem::Characters);
        }
        let handle = Self(text.to_owned());
        let folded = handle.folded();
        if RESERVED.contains(&folded.as_str()) || folded.starts_with(TOMBSTONE) {
            return Err(Problem::Reserved);
        }
        Ok(handle)
    }

    /// Reads several handles with commas or white space between them, as somebody typed them. One that is named twice
    /// counts once. What can be nobody's handle is as unknown as one that nobody has.
    ///
    /// # Errors
    /// [`Problem::Empty`], [`Problem::TooMany`], [`Problem::Unknown`].
    pub fn parse_list(text: &str, max: usize) -> Result<Vec<Self>, Problem> {
        let mut handles: Vec<Self> = Vec::new();
        for name in text.split(|c: char| c == ',' || c == ';' || c.is_whitespace()).filter(|name| !name.is_empty()) {
            let handle = Self::parse(name).map_err(|_| Problem::Unknown)?;
            if !handles.iter().any(|known| known.folded() == handle.folded()) {
                handles.push(handle);
            }
            if handles.len() > max {
                return Err(Problem::TooMany { max });
            }
        }
        if handles.is_empty() { Err(Problem::Empty) } else { Ok(handles) }
    }

    /// A handle that was parsed before it was stored.
    #[must_use]
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// What is left of somebody's handle when the account is deleted; `number` tells it from others.
    #[must_use]
    pub fn tombstone(number: u32) -> Self {
        Self(format!("{TOMBSTONE}{number:08x}"))
    }

    /// As its owner wrote it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is compared: lower case.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_are_taken_as_typed() {
        for name in ["a", "Alice", "j.r-r_t", "0", " @mei "] {
            assert!(Handle::parse(name).is_ok(), "{name}");
        }
        assert_eq!(Handle::parse(" @Mei ").unwrap().as_str(), "Mei");
        assert_eq!(Handle::parse("Mei").unwrap().folded(), "mei");
    }

    #[test]
    fn several_are_read_as_people_write_lists() {
        let read = |text: &str, max| {
            Handle::parse_list(text, max).map(|all| all.iter().map(Handle::to_string).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(read("@mei, ines;Tomasz\n  MEI", 3).as_deref(), Ok("mei ines Tomasz"));
        assert_eq!(read(" , ", 3), Err(Problem::Empty));
        assert_eq!(read("a b c", 2), Err(Problem::TooMany { max: 2 }));
        assert_eq!(read("mei ü", 2), Err(Problem::Unknown));
        assert_eq!(read("admin", 2), Err(Problem::Unknown), "nobody can be called that");
    }

    #[test]
    fn others_are_refused_with_the_reason() {
        assert_eq!(Handle::parse("  "), Err(Problem::Empty));
        assert_eq!(Handle::parse(&"a".repeat(31)), Err(Problem::TooLong { max: 30 }));
        for name in ["a b", "a/b", "ä", "..", "-", "a\n"] {
            let expected =
                if name.trim().len() < name.len() && name.trim() == "a" { Ok(()) } else { Err(Problem::Characters) };
            assert_eq!(Handle::parse(name).map(drop), expected, "{name:?}");
        }
        assert_eq!(Handle::parse("Admin"), Err(Problem::Reserved));
        let left = Handle::tombstone(0xab);
        assert_eq!(left.as_str(), "deleted-000000ab");
        assert_eq!(Handle::parse(left.as_str()), Err(Problem::Reserved), "nobody takes what is left of another");
    }
}
