//! Letters about addresses.

use super::Letter;
use telicat_domain::Handle;

/// How long a link to confirm an address works, in days.
pub(crate) const LINK_DAYS: i64 = 3;

fn confirm_url(base_url: &str, token: &str) -> String {
    format!("{base_url}/accounts/email/confirm/{token}")
}

fn unasked() -> Vec<String> {
    vec![format!(
        "The link works once, within {LINK_DAYS} days. If you did not ask for it, do nothing: without it nothing happens."
    )]
}

/// To the address that somebody signed up with.
pub(crate) fn confirm_first(base_url: &str, handle: &Handle, token: &str) -> Letter<'static> {
    Letter {
        subject: "Confirm your address".to_owned(),
        paragraphs: vec![format!(
            "Somebody signed up at {base_url} as @{handle} with this address. If that was you, confirm that it is yours."
        )],
        link: Some(("Confirm this address", confirm_url(base_url, token))),
        foot: unasked(),
    }
}

/// To the address that somebody wants instead of the one they have.
pub(crate) fn confirm_new(base_url: &str, handle: &Handle, token: &str) -> Letter<'static> {
    Letter {
        subject: "Confirm your new address".to_owned(),
        paragraphs: vec![format!(
            "@{handle} at {base_url} wants to use this address from now on. If that is you, confirm that it is yours."
        )],
        link: Some(("Confirm this address", confirm_url(base_url, token))),
        foot: unasked(),
    }
}

/// To the address that is going to be replaced, when that is asked for.
pub(crate) fn change_asked(base_url: &str, handle: &Handle, new: &str) -> Letter<'static> {
    Letter {
        subject: "A new address was asked for".to_owned(),
        paragraphs: vec![
            format!("@{handle} at {base_url} asked for mail to go to {new} instead of this address."),
            "This address stays the one of the account until the new one is confirmed.".to_owned(),
        ],
        link: Some(("See your settings", format!("{base_url}/profile/settings"))),
        foot: vec![
            "If that was not you, somebody knows your password: give the new address up in the settings, and change your \
             password."
                .to_owned(),
        ],
    }
}

/// To the address that was replaced.
pub(crate) fn changed(base_url: &str, handle: &Handle, new: &str) -> Letter<'static> {
    Letter {
        subject: "Your address was changed".to_owned(),
        paragraphs: vec![format!(
            "Mail to @{handle} at {base_url} goes to {new} from now on. This address does not belong to the account any more."
        )],
        link: None,
        foot: vec!["If that was not you, write to whoever runs the site.".to_owned()],
    }
}

/// To an address that has an account, when somebody else signs up with it or wants to use it.
pub(crate) fn taken(base_url: &str, handle: &Handle) -> Letter<'static> {
    Letter {
        subject: "You have an account already".to_owned(),
        paragraphs: vec![
            format!("Somebody wanted to use this address for an account at {base_url}."),
            format!("It belongs to @{handle} there, so nothing was changed. If that was you, log in as @{handle}."),
        ],
        link: Some(("Log in", format!("{base_url}/accounts/login"))),
        foot: vec!["If it was somebody else, do nothing: they were not told that you have an account.".to_owned()],
    }
}
