//! People, as far as others see them.

use crate::{
    handle::Handle,
    id::{PersonId, PictureId},
    timestamp::Timestamp,
};
use serde::{Deserialize, Serialize};

/// What those are called who deleted their account.
pub const DELETED_PERSON: &str = "Deleted person";

/// Who wrote something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Stays the same when the handle changes.
    pub id: PersonId,
    /// The handle, unique on the site.
    pub handle: Handle,
    /// The display name, when the person has chosen one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The picture, when there is one. Another picture has another identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<PictureId>,
    /// Whether the account is gone: then there is no profile to lead to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
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
    /// Whether this person runs the site.
    #[serde(default)]
    pub is_owner: bool,
}

/// What others see of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// Who.
    pub author: Author,
    /// What the person says of themselves; line breaks count.
    pub about: String,
    /// Since when.
    pub joined_at: Timestamp,
}
