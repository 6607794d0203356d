//! What is said about the list of rooms, the head of a room, and who is here.

use telicat_domain::{
    Timestamp,
    presence::Presence,
    room::{Involvement, RoomKind},
};

pub(crate) const FAVOURITES: &str = "Favourites";
pub(crate) const PEOPLE: &str = "People";
pub(crate) const YOU: &str = "You";
pub(crate) const NEW_GROUP: &str = "New group";
pub(crate) const NEW_DIRECT: &str = "New direct chat";
pub(crate) const MUTED: &str = "muted";
pub(crate) const NEWS: &str = "new replies";

pub(crate) const JUMP: &str = "Jump to a room";
pub(crate) const JUMP_TO: &str = "Room or person";
pub(crate) const JUMP_ROOMS: &str = "Rooms and people";
pub(crate) const JUMP_NOTHING: &str = "Nothing is called like that.";

pub(crate) const FAVOURITE: &str = "Favourite";
pub(crate) const ROOM_MENU: &str = "Room menu";
pub(crate) const ROOM_SETTINGS: &str = "Room settings";
pub(crate) const COPY_LINK: &str = "Copy link";
pub(crate) const MARK_READ: &str = "Mark as read";
pub(crate) const HEAR: &str = "Tell me about";
pub(crate) const MUTE: &str = "Mute";
pub(crate) const UNMUTE: &str = "Turn it on again";
/// Minutes, and what they are called.
pub(crate) const MUTES: [(i64, &str); 4] = [
    (60, "For an hour"),
    (8 * 60, "For 8 hours"),
    (7 * 24 * 60, "For a week"),
    (365 * 24 * 60, "Until I turn it on again"),
];
pub(crate) const MUTED_LONG: &str = "Muted until you turn it on again";
pub(crate) const LOST_ROOM: &str = "This room is no longer open to you.";

pub(crate) const NEW_VERSION: &str = "There is a new version of this page. What you have typed stays.";
pub(crate) const RELOAD: &str = "Reload";

pub(crate) const SHORTCUTS: &str = "Keyboard shortcuts";
pub(crate) const CLOSE: &str = "Close";

/// Keys, and what they do. `Ctrl` is `⌘` where keyboards have it.
pub(crate) const KEYS: [(&[&str], &str); 19] = [
    (&["Ctrl", "K"], JUMP),
    (&["Alt", "↑"], "The room above"),
    (&["Alt", "↓"], "The room below"),
    (&["Alt", "Shift", "↑"], "The unread room above"),
    (&["Alt", "Shift", "↓"], "The unread room below"),
    (&["F6"], "On to the list, the conversation, the message box"),
    (&["Enter"], "Send the message"),
    (&["Shift", "Enter"], "Break the line"),
    (&["↑"], "In an empty box: change my last message"),
    (&["↑"], "On a message: to the one above"),
    (&["↓"], "On a message: to the one below"),
    (&["Home"], "On a message: to the first one"),
    (&["End"], "On a message: to the newest one"),
    (&["Enter"], "On a message: all that can be done with it"),
    (&["R"], "On a message: reply"),
    (&["E"], "On a message of mine: edit"),
    (&["+"], "On a message: react"),
    (&["Esc"], "Close or cancel; on a message: back to the message box"),
    (&["Ctrl", "/"], "This list"),
];

/// What a number at the end of a row counts: unread messages, or mentions and then how many are unread.
pub(crate) fn unread(mentions: Option<(u32, Option<String>)>) -> String {
    match mentions {
        None => " unread".to_owned(),
        Some((mentions, unread)) => {
            let what = if mentions == 1 { " mention" } else { " mentions" };
            unread.map_or_else(|| what.to_owned(), |unread| format!("{what}, {unread} unread"))
        }
    }
}

/// How a person is, in words; nothing when they are not here.
pub(crate) fn presence(presence: Presence) -> Option<&'static str> {
    match presence {
        Presence::Here => Some("here now"),
        Presence::Away => Some("away"),
        Presence::Gone => None,
    }
}

/// Who reads what is said in a room where nothing was said yet.
pub(crate) fn empty_lead(kind: RoomKind) -> &'static str {
    match kind {
        RoomKind::Public => "Say the first word. Everybody who signs up here can read it and answer.",
        RoomKind::Group => "Say the first word. The members of this room can read it and answer.",
        RoomKind::Direct => "Say the first word. Only those who are in this conversation can read it and answer.",
    }
}

/// How many people are in a room.
pub(crate) fn here(count: u32) -> String {
    format!("{count} here")
}

/// On the button that leads to the members.
pub(crate) fn members(count: i64) -> String {
    if count > 0 { format!("Members, {count}") } else { "Members".to_owned() }
}

/// What one wants to hear of a room.
pub(crate) fn involvement(involvement: Involvement) -> &'static str {
    match involvement {
        Involvement::Everything => "Everything",
        Involvement::Mentions => "Mentions only",
        Involvement::Nothing => "Nothing",
    }
}

/// Until when a room is silent.
pub(crate) fn muted_until(moment: &str) -> String {
    format!("Muted until {moment}")
}

/// The title of a page while messages call the reader.
pub(crate) fn calling(calls: u32, title: &str) -> String {
    if calls == 0 { title.to_owned() } else { format!("({calls}) {title}") }
}

/// Who writes: three by name at most.
pub(crate) fn typing(names: &[String]) -> Option<String> {
    Some(match names {
        [] => return None,
        [one] => format!("{one} is typing"),
        [one, two] => format!("{one} and {two} are typing"),
        [one, two, three] => format!("{one}, {two} and {three} are typing"),
        [one, two, three, ..] => format!("{one}, {two}, {three} and others are typing"),
    })
}

/// A moment in as few letters as tell it apart: the time of today, the weekday of this week, or else the date. `offset`
/// is by how many minutes the reader's clock is ahead of UTC.
pub(crate) fn when(
    at: Timestamp,
    now: Timestamp,
    offset: impl Fn(Timestamp) -> i32,
    time_of_day: impl FnOnce(Timestamp) -> String,
) -> String {
    const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    const SIX_DAYS: i64 = 6 * 24 * 3600 * Timestamp::SECOND;
    let (day, today) = (at.day(offset(at)), now.day(offset(now)));
    if day == today || at > now {
        return time_of_day(at);
    }
    if now.0 - at.0 < SIX_DAYS {
        return WEEKDAYS.get(usize::from(day.weekday)).copied().unwrap_or_default().to_owned();
    }
    let month = MONTHS.get(usize::from(day.month).wrapping_sub(1)).copied().unwrap_or_default();
    if day.year == today.year { format!("{} {month}", day.day) } else { format!("{} {month} {}", day.day, day.year) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_as_short_as_it_can_be() {
        // 2026-01-15T12:00:00Z, a Thursday.
        let now = Timestamp(1_768_478_400 * Timestamp::SECOND);
        let when =
            |seconds: i64, offset: i32| when(now.plus_seconds(seconds), now, |_| offset, |at| at.hour_minute(offset));
        let day = 24 * 3600;
        assert_eq!(when(-3600, 0), "11:00");
        assert_eq!(when(-3600, 60), "12:00");
        assert_eq!(when(5, 0), "12:00");
        assert_eq!(when(-13 * 3600, 0), "Wed");
        assert_eq!(when(-13 * 3600, 120), "01:00");
        assert_eq!(when(-5 * day, 0), "Sat");
        assert_eq!(when(-6 * day, 0), "9 Jan");
        assert_eq!(when(-20 * day, 0), "26 Dec 2025");
    }

    #[test]
    fn three_are_named_who_type() {
        let names = |count| typing(&["Ines", "Mei", "Tomasz", "Bea"].map(str::to_owned)[..count]);
        assert_eq!(names(0), None);
        assert_eq!(names(1).unwrap(), "Ines is typing");
        assert_eq!(names(2).unwrap(), "Ines and Mei are typing");
        assert_eq!(names(3).unwrap(), "Ines, Mei and Tomasz are typing");
        assert_eq!(names(4).unwrap(), "Ines, Mei, Tomasz and others are typing");
    }
}
