//! Profiles and how they are edited.

use telicat_domain::limits::{ABOUT_MAX, DISPLAY_NAME_MAX, HANDLE_RETIRED_DAYS, PICTURE_MAX};

pub(crate) const DISPLAY_NAME: &str = "Display name";
pub(crate) const ABOUT: &str = "About";
pub(crate) const PICTURE: &str = "Picture";
pub(crate) const YOUR_PICTURE: &str = "Your picture";
pub(crate) const REMOVE: &str = "Remove";
pub(crate) const REMOVE_PICTURE: &str = "Remove the picture";
pub(crate) const PICTURE_AGAIN: &str = "The picture could not be kept meanwhile. Choose it again.";
pub(crate) const SAVE: &str = "Save";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const SKIP: &str = "Skip";
pub(crate) const WELCOME: &str = "Welcome";
pub(crate) const WELCOME_LEAD: &str = "Say who you are. All of it can be changed later, and none of it is needed.";

pub(crate) const NEW_USERNAME: &str = "New username";
pub(crate) const CHANGE_USERNAME: &str = "Change username";
pub(crate) const WHO_SEES: &str = "Who may see your profile and picture";
pub(crate) const EVERYBODY_SEES: &str = "Everybody";
pub(crate) const PEOPLE_SEE: &str = "People who are signed in";

/// Below the box for the display name.
pub(crate) fn name_hint(count: usize, handle: &str) -> String {
    format!("{count} of {DISPLAY_NAME_MAX} characters. Leave it empty to go by @{handle}.")
}

/// Below the box for what one says of oneself.
pub(crate) fn about_hint(count: usize) -> String {
    format!("{} of {} characters. Line breaks are kept.", super::thousands(count), super::thousands(ABOUT_MAX))
}

/// Below the button for a picture.
pub(crate) fn picture_hint() -> String {
    format!("JPEG, PNG, GIF or WebP, at most {} MB. The middle of it is shown.", PICTURE_MAX / 1024 / 1024)
}

/// The same, where one may also bring it another way.
pub(crate) fn picture_hint_scripted() -> String {
    format!("{} Drop or paste one here, too.", picture_hint())
}

/// Below the box for another handle.
pub(crate) fn username_hint(handle: &str) -> String {
    format!(
        "Now @{handle}. Links to it lead to you for {HANDLE_RETIRED_DAYS} days, and nobody else can take it meanwhile."
    )
}
