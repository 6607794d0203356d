//! Who is here.

use serde::{Deserialize, Serialize};

/// Whether a person is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// With a page open, and doing something.
    Here,
    /// With a page open, and doing nothing in any for five minutes.
    Away,
    /// Without a page for longer than the grace.
    #[default]
    Gone,
}
