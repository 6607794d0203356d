//! The text of a message.

use crate::{error::Problem, limits::MESSAGE_MAX};
use std::fmt;

/// The text of a message: 1 to 10,000 characters after trimming, line ends as `\n`, none of the characters that cannot
/// be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageBody(String);

impl MessageBody {
    /// Reads a text as somebody typed it.
    ///
    /// Indentation of the first line is kept: only blank lines before it, and white space after the last line, go.
    ///
    /// # Errors
    /// [`Problem::Empty`], [`Problem::TooLong`].
    pub fn parse(text: &str) -> Result<Self, Problem> {
        // A browser's form sends CR LF (HTML, "multipart/form-data and urlencoded form data" newline normalisation).
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        // NUL cannot be stored by PostgreSQL; the other control characters show nothing or worse.
        let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let text = text.trim_end();
        let first = text.find(|c: char| !c.is_whitespace()).unwrap_or(text.len());
        let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
        let text = &text[start..];
        if text.trim_matches(is_blank).is_empty() {
            return Err(Problem::Empty);
        }
        if text.trim_start().chars().count() > MESSAGE_MAX || text.chars().count() > 2 * MESSAGE_MAX {
            return Err(Problem::TooLong { max: MESSAGE_MAX });
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, given away.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

/// White space, and the characters that take part in text but leave nothing to see when they stand alone.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}')
}

impl fmt::Display for MessageBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn space_around_goes_and_space_inside_stays() {
        assert_eq!(MessageBody::parse("\r\n\r\n  hi\r\nthere \n\n").unwrap().as_str(), "  hi\nthere");
        assert_eq!(MessageBody::parse("a\0b\u{7}").unwrap().as_str(), "ab");
    }

    #[test]
    fn nothing_to_see_is_no_message() {
        for text in ["", " ", "\n\t", "\u{200b}", "\u{200b} \u{2060}", "\u{3164}", "\0"] {
            assert_eq!(MessageBody::parse(text), Err(Problem::Empty), "{text:?}");
        }
    }

    #[test]
    fn the_limit_counts_characters_not_bytes() {
        assert!(MessageBody::parse(&"🐈".repeat(10_000)).is_ok());
        assert_eq!(MessageBody::parse(&"a".repeat(10_001)), Err(Problem::TooLong { max: 10_000 }));
    }

    proptest! {
        #[test]
        fn what_was_taken_is_taken_again_unchanged(text in any::<String>()) {
            if let Ok(body) = MessageBody::parse(&text) {
                prop_assert_eq!(MessageBody::parse(body.as_str()), Ok(body));
            }
        }
    }
}
