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
