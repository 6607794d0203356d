//! What people type about rooms.

use crate::{
    body::is_blank,
    error::Problem,
    limits::{EMOJI_MAX, ROOM_NAME_MAX, TOPIC_MAX},
};
use std::ops::RangeInclusive;

/// The name of a room: 1 to 80 characters in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomName(String);

impl RoomName {
    /// Reads a name as somebody typed it; white space around and doubled inside goes.
    ///
    /// # Errors
    /// [`Problem::Empty`], [`Problem::TooLong`].
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let name = line(text, ROOM_NAME_MAX)?;
        if name.trim_matches(is_blank).is_empty() { Err(Problem::Empty) } else { Ok(Self(name)) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a room is about: at most 250 characters in one line, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Topic(String);

impl Topic {
    /// Reads a topic as somebody typed it; white space around and doubled inside goes.
    ///
    /// # Errors
    /// [`Problem::TooLong`].
    pub fn parse(text: &str) -> Result<Self, Problem> {
        line(text, TOPIC_MAX).map(Self)
    }

    /// The topic.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn line(text: &str, max: usize) -> Result<String, Problem> {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > max { Err(Problem::TooLong { max }) } else { Ok(line) }
}

/// What emoji are made of, beside the digits of keycaps.
const SIGNS: [RangeInclusive<char>; 18] = [
    '\u{a9}'..='\u{a9}',
    '\u{ae}'..='\u{ae}',
    '\u{200d}'..='\u{200d}',
    '\u{203c}'..='\u{203c}',
    '\u{2049}'..='\u{2049}',
    '\u{20e3}'..='\u{20e3}',
    '\u{2122}'..='\u{2122}',
    '\u{2139}'..='\u{2139}',
    '\u{2190}'..='\u{27bf}',
    '\u{2900}'..='\u{297f}',
    '\u{2b00}'..='\u{2bff}',
    '\u{3030}'..='\u{3030}',
    '\u{303d}'..='\u{303d}',
    '\u{3297}'..='\u{3297}',
    '\u{3299}'..='\u{3299}',
    '\u{fe0e}'..='\u{fe0f}',
    '\u{1f000}'..='\u{1faff}',
    '\u{e0020}'..='\u{e007f}',
];

/// An emoji that is given to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emoji(String);

impl Emoji {
    /// Reads an emoji. Which sequences are drawn as one differs by system, so only the form is looked at: no letters, no
    /// white space, something outside of ASCII (or a keycap), not longer than the longest there are.
    ///
    /// # Errors
    /// [`Problem::Empty`], [`Problem::Characters`].
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        // U+E0020 to U+E007F are the tags of flags, U+20E3 makes a keycap of a digit, # or *.
        let allowed = |c: char| match c {
            '0'..='9' | '#' | '*' => text.contains('\u{20e3}'),
            _ => SIGNS.iter().any(|signs| signs.contains(&c)),
        };
        let drawn = |c: char| !matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}');
        if text.len() > EMOJI_MAX || !text.chars().all(allowed) || !text.chars().any(drawn) {
            return Err(Problem::Characters);
        }
        Ok(Self(text.to_owned()))
    }

    /// The emoji.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_line_with_something_to_see() {
        assert_eq!(RoomName::parse("  Dome\n rota ").unwrap().as_str(), "Dome rota");
        assert_eq!(RoomName::parse("\u{200b}"), Err(Problem::Empty));
        assert_eq!(RoomName::parse(""), Err(Problem::Empty));
        assert_eq!(RoomName::parse(&"x".repeat(81)), Err(Problem::TooLong { max: 80 }));
        assert!(RoomName::parse(&"é".repeat(80)).is_ok());
        assert_eq!(Topic::parse("").unwrap().as_str(), "");
        assert_eq!(Topic::parse(&"x".repeat(251)), Err(Problem::TooLong { max: 250 }));
    }

    #[test]
    fn emoji_are_no_words() {
        for emoji in ["👍", "❤️", "👩‍🚀", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "🇨🇭", "☺", "👍🏽", "©️", "‼️"]
        {
            assert!(Emoji::parse(emoji).is_ok(), "{emoji}");
        }
        for other in ["", "a", "ok👍", "1", "<", "👍 👍", "\u{200d}", "\u{fe0f}", &"👍".repeat(20)] {
            assert!(Emoji::parse(other).is_err(), "{other:?}");
        }
    }
}
