//! What a form without script carries over the redirect that answers it.

use serde::{Deserialize, Serialize};
use telicat_domain::{ApiError, Notice, path::without_token};

/// A form that was sent: the next page says what was done, or shows it again with what was typed and what was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The path of the server function that the form was sent to.
    pub form: String,
    /// The page that shows it, without its query, and without a token if it has one in its address.
    pub page: String,
    /// What was typed, by field, when it was refused; never a password or a token.
    pub fields: Vec<(String, String)>,
    /// What came of it.
    pub outcome: Result<Notice, ApiError>,
}

impl Flash {
    /// Whether the page at a path shows it.
    #[must_use]
    pub fn is_for(&self, path: &str) -> bool {
        self.page.split('?').next() == Some(without_token(path))
    }

    /// What was wrong, if anything was.
    #[must_use]
    pub fn error(&self) -> Option<&ApiError> {
        self.outcome.as_ref().err()
    }

    /// What was done, if it was.
    #[must_use]
    pub fn notice(&self) -> Option<&Notice> {
        self.outcome.as_ref().ok()
    }

    /// What was typed into a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}
