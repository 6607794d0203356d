//! What is said on and about messages.

use telicat_domain::event::{Reaction, Replies};

pub(crate) const EVERYBODY: &str = "@room";
pub(crate) const NEW: &str = "New";
pub(crate) const NEW_MESSAGES: &str = "New messages";
pub(crate) const DELETED: &str = "Message deleted";
pub(crate) const EDITED: &str = "(edited)";
pub(crate) const PINNED: &str = "Pinned";
pub(crate) const SAVED: &str = "Saved";
pub(crate) const QUOTE_GONE: &str = "A message that is gone";
pub(crate) const MORE_EMOJI: &str = "More emoji";
pub(crate) const ADD_REACTION: &str = "Add a reaction";

pub(crate) const ACTIONS: &str = "Message actions";
pub(crate) const REACT: &str = "React";
pub(crate) const REPLY: &str = "Reply";
pub(crate) const THREAD_REPLY: &str = "Reply in thread";
pub(crate) const MORE: &str = "More actions";
pub(crate) const EDIT: &str = "Edit";
pub(crate) const COPY_TEXT: &str = "Copy text";
pub(crate) const COPY_LINK: &str = "Copy link";
pub(crate) const MARK_UNREAD: &str = "Mark unread from here";
pub(crate) const PIN: &str = "Pin";
pub(crate) const UNPIN: &str = "Unpin";
pub(crate) const SAVE: &str = "Save";
pub(crate) const UNSAVE: &str = "Remove from saved";
pub(crate) const HISTORY: &str = "History";
pub(crate) const RESTORE: &str = "Restore";
pub(crate) const UNDO: &str = "Undo";

pub(crate) const EDIT_LABEL: &str = "Edit message";
pub(crate) const EDIT_SAVE: &str = "Save changes";
pub(crate) const EDIT_CANCEL: &str = "Cancel";
pub(crate) const CLOSE: &str = "Close";

pub(crate) const IS_SAVED: &str = "Saved. You find it among your saved messages.";
pub(crate) const IS_UNSAVED: &str = "Removed from your saved messages.";
pub(crate) const IS_PINNED: &str = "Pinned.";
pub(crate) const IS_UNPINNED: &str = "Not pinned any more.";
pub(crate) const LINK_COPIED: &str = "The link is copied.";

pub(crate) const HISTORY_LEAD: &str = "What the message said before, the newest first.";
pub(crate) const HISTORY_NONE: &str = "It never said anything else.";
pub(crate) const LOADING: &str = "Loading";

pub(crate) const THREAD: &str = "Thread";
pub(crate) const REPLIES: &str = "Replies";
pub(crate) const CLOSE_THREAD: &str = "Close the thread";
pub(crate) const FOLLOW: &str = "Follow";
pub(crate) const UNFOLLOW: &str = "Unfollow";
pub(crate) const OLDER_REPLIES: &str = "Show older replies";
pub(crate) const NO_REPLIES: &str = "No replies yet";

pub(crate) const PINS: &str = "Pinned messages";
pub(crate) const PINS_NONE: &str =
    "Nothing is pinned here. What everybody should find again can be pinned by its menu.";
pub(crate) const CLOSE_PINS: &str = "Close the pinned messages";
pub(crate) const CLOSE_ACTIONS: &str = "Close the actions";
pub(crate) const SHOW_IN_ROOM: &str = "Show in the room";

pub(crate) const SAVED_TITLE: &str = "Saved messages";
pub(crate) const SAVED_NONE: &str = "Nothing is saved yet. Save a message by its menu, and you find it here.";
pub(crate) const SAVED_MORE: &str = "Show more";

/// Emoji that are a press away, with their names.
pub(crate) const QUICK: [(&str, &str); 6] = [
    ("👍", "Thumbs up"),
    ("❤️", "Heart"),
    ("😂", "Tears of joy"),
    ("🎉", "Party"),
    ("👀", "Eyes"),
    ("🙏", "Thank you"),
];

/// What a screen reader says for an emoji: its name when that is at hand, or the emoji, which it can name itself.
pub(crate) fn name_of(emoji: &str) -> &str {
    QUICK.iter().find(|(quick, _)| *quick == emoji).map_or(emoji, |(_, name)| name)
}

/// `Thumbs up, 3, you too`.
pub(crate) fn reaction(reaction: &Reaction) -> String {
    let mine = if reaction.mine { ", you too" } else { "" };
    format!("{}, {}{mine}", name_of(&reaction.emoji), reaction.count)
}

/// `Pinned messages, 3`.
pub(crate) fn pins(count: i64) -> String {
    if count > 0 { format!("{PINS}, {count}") } else { PINS.to_owned() }
}

/// `3 replies`.
pub(crate) fn replies(count: u32) -> String {
    if count == 1 { "1 reply".to_owned() } else { format!("{count} replies") }
}

/// `2 new`, in a thread.
pub(crate) fn new_replies(replies: &Replies) -> Option<String> {
    replies.unread.filter(|unread| *unread > 0).map(|unread| format!("{unread} new"))
}

/// `last at 18:20`, or `last on Wed` when that was not today.
pub(crate) fn last_reply(when: &str, is_today: bool) -> String {
    if is_today { format!("last at {when}") } else { format!("last on {when}") }
}

/// The name of the link that leads to what is quoted.
pub(crate) fn answers(author: &str) -> String {
    format!("Answers {author}:")
}

/// `Mei, Ines and 3 others`.
pub(crate) fn people(names: &[String], count: usize) -> String {
    const SHOWN: usize = 12;
    let more = count.max(names.len()) - names.len().min(SHOWN);
    let shown = &names[..names.len().min(SHOWN)];
    match (shown, more) {
        ([], _) => String::new(),
        ([one], 0) => one.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (all, 1) => format!("{} and 1 other", all.join(", ")),
        (all, more) => format!("{} and {more} others", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_named_as_one_would_say_it() {
        let names = |count: usize| (0..count).map(|number| format!("p{number}")).collect::<Vec<_>>();
        assert_eq!(people(&names(1), 1), "p0");
        assert_eq!(people(&names(3), 3), "p0, p1 and p2");
        assert_eq!(people(&names(2), 3), "p0, p1 and 1 other");
        assert!(people(&names(100), 140).ends_with("p11 and 128 others"));
        assert_eq!(people(&[], 0), "");
    }

    #[test]
    fn a_reaction_says_what_it_is_how_often_and_whether_it_is_mine() {
        let thumb = Reaction { emoji: "👍".into(), count: 3, mine: true };
        assert_eq!(reaction(&thumb), "Thumbs up, 3, you too");
        let other = Reaction { emoji: "🪐".into(), count: 1, mine: false };
        assert_eq!(reaction(&other), "🪐, 1");
    }
}
