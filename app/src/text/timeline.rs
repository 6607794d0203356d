//! What is said round the list of messages and the box below it.

use crate::text::thousands;

pub(crate) const NEWER: &str = "Show newer messages";
pub(crate) const NEWER_LOADING: &str = "Loading newer messages";
pub(crate) const OLDER_PAGE: &str = "Older";
pub(crate) const NEWER_PAGE: &str = "Newer";
pub(crate) const TO_UNREAD: &str = "Jump to first unread";
pub(crate) const MARK_READ: &str = "Mark as read";
pub(crate) const TO_DATE: &str = "Jump to a date";
pub(crate) const DATE: &str = "Date";
pub(crate) const SHOW: &str = "Show";

pub(crate) const NO_REPLY: &str = "Do not reply to this";
pub(crate) const REPLYING: &str = "Your reply to";
pub(crate) const GONE: &str = "This message is gone.";
pub(crate) const SUGGESTIONS: &str = "Suggestions";
pub(crate) const EVERYBODY: &str = "Everybody in this room";

pub(crate) const EMOJI: &str = "Emoji";
pub(crate) const EMOJI_SEARCH: &str = "Search emoji";
pub(crate) const EMOJI_GROUPS: &str = "Kinds of emoji";
pub(crate) const EMOJI_RECENT: &str = "Used before";
pub(crate) const EMOJI_NONE: &str = "No emoji is called that.";
pub(crate) const EMOJI_FAILED: &str = "The emoji could not be loaded.";

/// Said to a screen reader when there is something to choose from.
pub(crate) fn suggestions(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "1 suggestion. Up and Down choose, Enter takes it.".to_owned(),
        _ => format!("{count} suggestions. Up and Down choose, Enter takes one."),
    }
}

/// How many characters are left, or are too many.
pub(crate) fn characters_left(left: i64) -> String {
    let number = thousands(usize::try_from(left.unsigned_abs()).unwrap_or(usize::MAX));
    match left {
        0 => "No characters left.".to_owned(),
        1 => "1 character left.".to_owned(),
        2.. => format!("{number} characters left."),
        -1 => "1 character too many.".to_owned(),
        _ => format!("{number} characters too many."),
    }
}
