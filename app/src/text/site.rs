//! Who may be here: invitations, the owner, leaving for good, a copy of one's data.

use telicat_domain::{account::ExportState, timestamp::Day};

pub(crate) const INVITATIONS: &str = "Invitations";
pub(crate) const INVITATIONS_LEAD: &str =
    "Whoever has the link of an invitation can sign up here, as often as it says. You see the link once.";
pub(crate) const NEW_INVITATION: &str = "New invitation";
pub(crate) const NOTE: &str = "Note";
pub(crate) const NOTE_HINT: &str = "What it is for. Only owners see it.";
pub(crate) const USES: &str = "Number of uses";
pub(crate) const USES_HINT: &str = "From 1 to 1000.";
pub(crate) const DAYS: &str = "Days until it expires";
pub(crate) const DAYS_HINT: &str = "From 1 to 90.";
pub(crate) const CREATE_INVITATION: &str = "Create invitation";
pub(crate) const INVITATION_LINK: &str = "Invitation link";
pub(crate) const INVITATION_LINK_HINT: &str =
    "Copy it now: it is not kept, and this page shows it only once. Who needs it again needs a new invitation.";
pub(crate) const COPY_LINK: &str = "Copy link";
pub(crate) const OPEN_INVITATIONS: &str = "Open invitations";
pub(crate) const NO_INVITATIONS: &str = "There is no open invitation.";
pub(crate) const REVOKE: &str = "Revoke";
pub(crate) const NO_NOTE: &str = "No note";

pub(crate) const CLOSED_TITLE: &str = "Signups are closed";
pub(crate) const CLOSED_LEAD: &str = "Who has an account can log in as ever.";
pub(crate) const INVITE_TITLE: &str = "Signups are by invitation";
pub(crate) const INVITE_ASK: &str = "Ask somebody who runs this site for an invitation.";
pub(crate) const INVITE_OVER_TITLE: &str = "This invitation works no more";
pub(crate) const INVITE_OVER: &str =
    "It was used as often as it could be, has expired, or was taken back. Ask whoever sent it for another.";

pub(crate) const OWNER_TITLE: &str = "Run this site";
pub(crate) const OWNER_LEAD: &str =
    "This site has no owner yet. The account that you make here runs it: it can invite people.";
pub(crate) const OWNER_SIGN_UP: &str = "Create the owner's account";
pub(crate) const OWNER_BECOME: &str = "Become the owner";
pub(crate) const OWNER_EXPIRED_TITLE: &str = "This link works no more";
pub(crate) const OWNER_EXPIRED_LEAD: &str =
    "It was used before, has expired, or a newer one was printed when the server was started again.";

pub(crate) const DELETE_TITLE: &str = "Delete your account?";
pub(crate) const DELETE_MESSAGES: &str = "Your messages";
pub(crate) const DELETE_KEEP: &str = "Stay, under \u{201c}Deleted person\u{201d}";
pub(crate) const DELETE_ERASE: &str = "Go too, in every room";
pub(crate) const DELETE_COPY_FIRST: &str = "Save a copy of all your data first";
pub(crate) const DELETE_NOT: &str = "Keep it";
pub(crate) const DELETE_LEAD: &str = "Your profile goes for good. You choose what becomes of your messages.";
pub(crate) const ERASED: &str = "This message was deleted.";

pub(crate) const COPY_LEAD: &str =
    "All that is kept about you and all that you wrote, in one archive of files that programs can read.";
pub(crate) const COPY_MAKE: &str = "Make a copy";
pub(crate) const COPY_AGAIN: &str = "Make a new copy";
pub(crate) const COPY_DOWNLOAD: &str = "Download";
pub(crate) const COPY_FAILED: &str = "The copy could not be made. Try again.";
pub(crate) const COPY_LOOK: &str = "Look again";
pub(crate) const COPY_PROGRESS: &str = "Progress of the copy";

/// What goes when an account goes.
pub(crate) fn delete_what(handle: &str) -> String {
    format!(
        "@{handle}, your picture and your e-mail address are removed at once, and you leave every room. This cannot be \
         undone."
    )
}

/// Who becomes the owner by pressing the button.
pub(crate) fn owner_become_lead(handle: &str) -> String {
    format!("This site has no owner yet. You are signed in as @{handle}. The owner can invite people.")
}

/// How often an invitation can be used, and until when.
pub(crate) fn invitation_terms(uses: i64, until: Day) -> String {
    let uses = if uses == 1 { "1 use left".to_owned() } else { format!("{uses} uses left") };
    format!("{uses}, until {}", date(until))
}

/// Who made an invitation.
pub(crate) fn invitation_by(name: &str) -> String {
    format!("by {name}")
}

/// How far a copy is.
pub(crate) fn copy_state(state: ExportState) -> String {
    match state {
        ExportState::Making { done, all } if all > 0 => {
            format!("A copy is being made: {} %.", done.saturating_mul(100) / all)
        }
        ExportState::Making { .. } => "A copy is being made.".to_owned(),
        ExportState::Ready { size, expires_at } => {
            format!("A copy is ready: {}, until {}.", bytes(size), date(expires_at.day(0)))
        }
        ExportState::Failed => COPY_FAILED.to_owned(),
    }
}

/// A day: `3 December 2026`.
pub(crate) fn date(day: Day) -> String {
    format!("{} {}", day.day, super::month(day))
}

fn bytes(size: i64) -> String {
    match size {
        ..1_000 => format!("{size} bytes"),
        1_000..1_000_000 => format!("{} kB", (size + 500) / 1_000),
        _ => format!("{}.{} MB", size / 1_000_000, size % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_as_people_say_them() {
        assert_eq!(
            [bytes(999), bytes(1_500), bytes(999_499), bytes(12_340_000)],
            ["999 bytes", "2 kB", "999 kB", "12.3 MB"]
        );
    }
}
