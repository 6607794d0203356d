//! People, as far as others see them.

use crate::{handle::Handle, timestamp::Timestamp};
use serde::{Deserialize, Serialize};

/// Who wrote something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The handle, unique on the site.
    pub handle: Handle,
    /// The display name, when the person has chosen one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Author {
    /// What the person is called: the display name, else the handle.
    #[must_use]
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or(self.handle.as_str())
    }
}

/// The person who looks at a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// As others see this person.
    pub author: Author,
}

/// What others see of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Who.
    pub author: Author,
    /// Since when.
    pub joined_at: Timestamp,
}
