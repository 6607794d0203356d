//! The name of a room in its address.

use crate::{error::Problem, limits::SLUG_MAX};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// The name of a room in its address: lower-case ASCII letters, digits and `-`. Cheap to clone, because every event
/// and every frame carries one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoomSlug(Arc<str>);

impl RoomSlug {
    /// The room that exists from the first start.
    #[must_use]
    pub fn public_chat() -> Self {
        Self(Arc::from("public-chat"))
    }

    /// Reads a slug.
    ///
    /// # Errors
    /// [`Problem::Empty`], [`Problem::TooLong`], [`Problem::Characters`].
    pub fn parse(text: &str) -> Result<Self, Problem> {
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        if text.len() > SLUG_MAX {
            return Err(Problem::TooLong { max: SLUG_MAX });
        }
        if text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            Ok(Self(Arc::from(text)))
        } else {
            Err(Problem::Characters)
        }
    }

    /// A slug for a new room: what of its name is ASCII, and a `suffix` that tells it from others of that name.
    ///
    /// # Errors
    /// [`Problem::TooLong`], [`Problem::Characters`] for a suffix that has no place in a slug.
    pub fn for_name(name: &str, suffix: &str) -> Result<Self, Problem> {
        let mut stem = String::new();
        for c in name.chars().map(|c| c.to_ascii_lowercase()) {
            if c.is_ascii_alphanumeric() {
                stem.push(c);
            } else if !stem.is_empty() && !stem.ends_with('-') {
                stem.push('-');
            }
        }
        stem.truncate(SLUG_MAX.saturating_sub(suffix.len() + 1));
        let stem = stem.trim_end_matches('-');
        Self::parse(&format!("{}-{suffix}", if stem.is_empty() { "room" } else { stem }))
    }

    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RoomSlug {
    type Error = Problem;

    fn try_from(text: String) -> Result<Self, Problem> {
        Self::parse(&text)
    }
}

impl From<RoomSlug> for String {
    fn from(slug: RoomSlug) -> Self {
        slug.as_str().to_owned()
    }
}

impl fmt::Display for RoomSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_room_has_what_can_be_read_of_its_name() {
        let slug = |name: &str| RoomSlug::for_name(name, "a2b3c4").map(String::from);
        assert_eq!(slug("Moon watch").as_deref(), Ok("moon-watch-a2b3c4"));
        assert_eq!(slug(" --Café & Co.!").as_deref(), Ok("caf-co-a2b3c4"));
        assert_eq!(slug("望遠鏡").as_deref(), Ok("room-a2b3c4"));
        assert_eq!(slug(&"x".repeat(80)).unwrap().len(), SLUG_MAX);
        assert_eq!(slug(&format!("{} y", "x".repeat(72))).as_deref(), Ok(&*format!("{}-a2b3c4", "x".repeat(72))));
        assert!(RoomSlug::for_name("x", "Ä").is_err());
    }
}
