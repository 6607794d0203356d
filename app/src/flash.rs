//! What a form without script carries over the redirect that answers it.

use serde::{Deserialize, Serialize};
use telicat_domain::ApiError;

/// A form that could not be taken: its page shows it again, with what was typed and what was wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// The path of the server function that the form was sent to.
    pub form: String,
    /// The page that the form was on, with its query.
    pub page: String,
    /// What was typed, by field; never a password.
    pub fields: Vec<(String, String)>,
    /// What was wrong.
    pub error: ApiError,
}

impl Flash {
    /// Whether the page at a path shows it.
    #[must_use]
    pub fn is_for(&self, path: &str) -> bool {
        self.page.split('?').next() == Some(path)
    }

    /// What was typed into a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}
