//! Passwords and sessions.

use super::month_name;
use telicat_domain::timestamp::Day;

pub(crate) const FORGOT: &str = "Forgot your password?";

pub(crate) const CHANGE: &str = "Change password";
pub(crate) const CHANGE_LEAD: &str = "You stay signed in here and are signed out everywhere else.";
pub(crate) const NEW: &str = "New password";
pub(crate) const BACK_TO_SETTINGS: &str = "Back to the settings";
pub(crate) const NEVER_CHANGED: &str = "Never changed since you signed up.";
/// Before the day.
pub(crate) const CHANGED: &str = "Changed";

pub(crate) const RESET_TITLE: &str = "Choose another password";
pub(crate) const RESET_ASK: &str = "Type the address of your account. A mail with a link comes to it.";
pub(crate) const RESET_SEND: &str = "Send the mail";
pub(crate) const RESET_REMEMBERED: &str = "Remembered it?";
pub(crate) const RESET_SENT_TITLE: &str = "Look into your mail";
pub(crate) const RESET_SENT: &str = "A mail is on its way to the address that you typed. Its link works once, for an \
                                     hour.";
pub(crate) const RESET_NOTHING: &str = "Nothing there? Look among the unwanted mail, or try the address once more: it \
                                        may have a slip in it.";
pub(crate) const RESET_AGAIN: &str = "Send another mail";
pub(crate) const RESET_SAVE: &str = "Save the password";
pub(crate) const RESET_LEAD: &str = "You are signed out everywhere, and log in with the new one.";
pub(crate) const EXPIRED_TITLE: &str = "This link works no more.";
pub(crate) const EXPIRED_LEAD: &str = "A link to choose a password works once and for an hour, and a newer one takes its \
                                       place.";
pub(crate) const EXPIRED_AGAIN: &str = "Get a new link";

pub(crate) const SESSIONS_TITLE: &str = "Where you are signed in";
pub(crate) const THIS_ONE: &str = "This one";
pub(crate) const LAST_HERE: &str = "Last here";
pub(crate) const SINCE: &str = "Signed in";
pub(crate) const END: &str = "End";
pub(crate) const END_OTHERS: &str = "End all others";
pub(crate) const NO_OTHERS: &str = "You are signed in nowhere else.";
/// Of the list in the settings, when it is not all of them.
pub(crate) const ALL_SESSIONS: &str = "See all of them";

/// From where a session was opened.
pub(crate) fn from_address(address: &str) -> String {
    format!("from {address}")
}

/// A day in full, without its weekday.
pub(crate) fn date(day: Day) -> String {
    format!("{} {} {}", day.day, month_name(day), day.year)
}

/// A moment within a sentence.
pub(crate) fn moment(day: Day, time: &str, today: Option<Day>) -> String {
    if today == Some(day) { format!("today at {time}") } else { format!("on {} at {time}", date(day)) }
}
