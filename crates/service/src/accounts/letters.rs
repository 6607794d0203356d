//! What people are written about their accounts.

use crate::{mail::letters::Letter, sessions::Origin};
use telicat_domain::{Device, Handle, Timestamp};

/// The link to choose another password.
pub(super) fn reset(handle: &Handle, base_url: &str, link: String) -> Letter<'static> {
    let site = site(base_url);
    Letter {
        subject: format!("Choose another password for {site}"),
        paragraphs: vec![
            format!("Somebody asked for another password for your account @{handle} on {site}."),
            "If that was you, choose one within the next hour. The link works once.".to_owned(),
        ],
        link: Some(("Choose another password", link)),
        foot: vec![
            "If it was not you, do nothing: your password stays as it is, and nobody but you has this link.".to_owned(),
        ],
    }
}

/// What whoever asks for another password with an address that has no account is told, where nobody else reads it.
pub(super) fn no_account(base_url: &str) -> Letter<'static> {
    let site = site(base_url);
    Letter {
        subject: format!("There is no account with this address on {site}"),
        paragraphs: vec![
            format!("Somebody asked for another password for this address on {site}, but no account there has it."),
            "If that was you, try the other addresses that you use, or log in with your username.".to_owned(),
        ],
        link: Some(("To the login page", format!("{base_url}/accounts/login"))),
        foot: vec!["If it was not you, do nothing: nobody can do anything with your address there.".to_owned()],
    }
}

/// The notice that the password is another one.
pub(super) fn password_changed(handle: &Handle, base_url: &str, origin: &Origin, at: Timestamp) -> Letter<'static> {
    let site = site(base_url);
    let (day, time) = (at.day(0).iso(), at.hour_minute(0));
    let (device, address) = (Device::of(&origin.agent), &origin.address);
    Letter {
        subject: format!("Your password for {site} was changed"),
        paragraphs: vec![
            format!("The password of your account @{handle} on {site} was changed."),
            format!("When: {day} at {time} UTC"),
            format!("From: {address}, {device}"),
            "You are signed out everywhere else. If it was you, there is nothing to do. If it was not, choose another \
             password at once."
                .to_owned(),
        ],
        link: Some(("Choose another password", format!("{base_url}/accounts/password/reset"))),
        foot: vec!["Such a notice comes whenever a password is changed.".to_owned()],
    }
}

/// The host that people know the site by.
fn site(base_url: &str) -> &str {
    base_url.split_once("://").map_or(base_url, |(_, host)| host)
}
