//! What people write about themselves.

use crate::{
    error::Problem,
    limits::{ABOUT_MAX, DISPLAY_NAME_MAX},
};

/// A display name: 1 to 50 characters after trimming, on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    /// Reads a name as somebody typed it; nothing when it was left empty, which is to go by the handle.
    ///
    /// # Errors
    /// [`Problem::TooLong`].
    pub fn parse(text: &str) -> Result<Option<Self>, Problem> {
        let shown: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(is_harmless).collect();
        let text = shown.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if text.chars().all(crate::body::is_blank) {
            return Ok(None);
        }
        if text.chars().count() > DISPLAY_NAME_MAX {
            return Err(Problem::TooLong { max: DISPLAY_NAME_MAX });
        }
        Ok(Some(Self(text)))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a person says of themselves: at most 2,000 characters after trimming, with line breaks; may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About(String);

impl About {
    /// Reads a text as somebody typed it.
    ///
    /// # Errors
    /// [`Problem::TooLong`].
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text: String = text.chars().filter(|c| *c == '\n' || *c == '\t' || is_harmless(c)).collect();
        let text = text.trim();
        if text.chars().count() > ABOUT_MAX {
            return Err(Problem::TooLong { max: ABOUT_MAX });
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Not a control character, and none that turns the direction of the text around it (Unicode Standard Annex 9): with
/// those a name could rewrite what stands beside it.
fn is_harmless(c: &char) -> bool {
    !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Result<Option<String>, Problem> {
        DisplayName::parse(text).map(|name| name.map(|name| name.as_str().to_owned()))
    }

    #[test]
    fn a_name_is_one_line_without_surprises() {
        assert_eq!(name("  Mei \n at\tthe  eyepiece "), Ok(Some("Mei at the eyepiece".into())));
        assert_eq!(name("a\u{202e}b\0"), Ok(Some("ab".into())));
        for nothing in ["", "  ", "\u{200b}", "\u{202e}"] {
            assert_eq!(name(nothing), Ok(None), "{nothing:?}");
        }
        assert_eq!(name(&"🐈".repeat(50)).map(|name| name.is_some()), Ok(true));
        assert_eq!(name(&"x".repeat(51)), Err(Problem::TooLong { max: 50 }));
    }

    #[test]
    fn about_keeps_its_line_breaks() {
        assert_eq!(About::parse(" a\r\n\r\nb\0 ").unwrap().as_str(), "a\n\nb");
        assert!(About::parse(&"é".repeat(2_000)).is_ok());
        assert_eq!(About::parse(&"x".repeat(2_001)), Err(Problem::TooLong { max: 2_000 }));
    }
}
