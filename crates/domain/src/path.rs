//! Where a person may be sent: to this site and nowhere else.

use crate::{handle::Handle, slug::RoomSlug};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A path on this site, with its query, safe in a `Location` header and in a link.
///
/// It begins with one `/`, and holds nothing that a browser could read as another host (`//`, `/\`) and no character
/// that is not plain in a URL (so no CR or LF either).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SafePath(String);

/// The text is not a path on this site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a path on this site")]
pub struct NotLocal;

/// Pages whose address ends with a token.
const BEFORE_TOKENS: [&str; 4] =
    ["/accounts/password/reset/", "/accounts/email/confirm/", "/accounts/first-owner/", "/chat/join/"];

/// A path as it may be written down. Whoever knows an address with a token may do what the token is for, so outside of
/// the mail that carries it such an address stands nowhere, neither in a log nor in what a form leaves for its page:
/// without its end it is only the page's name.
#[must_use]
pub fn without_token(path: &str) -> &str {
    let found = BEFORE_TOKENS.into_iter().find(|before| path.len() > before.len() && path.starts_with(before));
    found.unwrap_or(path)
}

/// Whether an address is one with a token, which [`without_token`] takes off.
#[must_use]
pub fn has_token(path: &str) -> bool {
    without_token(path).len() < path.len()
}

/// Characters in a path: more than any page of the site needs.
const PATH_MAX: usize = 512;

impl SafePath {
    /// Reads a path that somebody else wrote.
    ///
    /// # Errors
    /// [`NotLocal`] for anything that could lead off the site.
    pub fn parse(text: &str) -> Result<Self, NotLocal> {
        let rest = text.strip_prefix('/').ok_or(NotLocal)?;
        // Browsers read a backslash as a slash, and strip tabs and line ends from a URL before they read it: RFC 3986
        // allows none of these, so neither is allowed anywhere.
        let plain =
            |b: u8| b.is_ascii_graphic() && !matches!(b, b'\\' | b'"' | b'<' | b'>' | b'`' | b'{' | b'}' | b'|' | b'^');
        if rest.starts_with('/') || text.len() > PATH_MAX || !text.bytes().all(plain) {
            return Err(NotLocal);
        }
        Ok(Self(text.to_owned()))
    }

    /// The start page.
    #[must_use]
    pub fn home() -> Self {
        Self("/".to_owned())
    }

    /// Where a person lands who signed in without coming from anywhere.
    #[must_use]
    pub fn chat() -> Self {
        Self("/chat".to_owned())
    }

    /// Where one logs in.
    #[must_use]
    pub fn login() -> Self {
        Self("/accounts/login".to_owned())
    }

    /// The page that says to look into one's mail.
    #[must_use]
    pub fn letter_sent() -> Self {
        Self("/accounts/signup/sent".to_owned())
    }

    /// The settings of one's own account.
    #[must_use]
    pub fn settings() -> Self {
        Self("/profile/settings".to_owned())
    }

    /// The page that says that a mail is on its way to whoever asked for another password.
    #[must_use]
    pub fn reset_sent() -> Self {
        Self("/accounts/password/reset?sent=1".to_owned())
    }

    /// Where one is signed in.
    #[must_use]
    pub fn sessions() -> Self {
        Self("/accounts/sessions".to_owned())
    }

    /// The page where one's own password is changed.
    #[must_use]
    pub fn change_password() -> Self {
        Self("/accounts/password/change".to_owned())
    }

    /// One's own profile, whoever one is.
    #[must_use]
    pub fn my_profile() -> Self {
        Self("/profile".to_owned())
    }

    /// The page where one's own profile is edited.
    #[must_use]
    pub fn profile_edit() -> Self {
        Self("/profile/edit".to_owned())
    }

    /// The page where somebody new says who they are, which leads on to `next`.
    #[must_use]
    pub fn onboarding(next: Option<&Self>) -> Self {
        const PAGE: &str = "/profile/onboarding";
        let with_next = next.and_then(|next| Self::parse(&format!("{PAGE}?next={}", next.as_query_value())).ok());
        with_next.unwrap_or_else(|| Self(PAGE.to_owned()))
    }

    /// The page where an account is deleted.
    #[must_use]
    pub fn profile_delete() -> Self {
        Self("/profile/delete".to_owned())
    }

    /// The invitations of the site.
    #[must_use]
    pub fn invitations() -> Self {
        Self("/invitations".to_owned())
    }

    /// The page of a person.
    #[must_use]
    pub fn profile(handle: &Handle) -> Self {
        Self(format!("/@{handle}"))
    }

    /// The messages that one keeps.
    #[must_use]
    pub fn saved() -> Self {
        Self("/chat/saved".to_owned())
    }

    /// A room's page.
    #[must_use]
    pub fn room(slug: &RoomSlug) -> Self {
        Self(format!("/chat/room/{slug}"))
    }

    /// A room's settings.
    #[must_use]
    pub fn room_settings(slug: &RoomSlug) -> Self {
        Self(format!("/chat/room/{slug}/settings"))
    }

    /// The page where groups and direct rooms are begun.
    #[must_use]
    pub fn new_room() -> Self {
        Self("/chat/new".to_owned())
    }

    /// The way to the direct room with a person.
    #[must_use]
    pub fn chat_with(handle: &Handle) -> Self {
        Self(format!("/chat/with/{handle}"))
    }

    /// The login page, which leads back to `self` afterwards.
    #[must_use]
    pub fn behind_login(&self) -> Self {
        Self(format!("/accounts/login?next={}", self.as_query_value()))
    }

    /// The path as a value in a query string.
    #[must_use]
    pub fn as_query_value(&self) -> String {
        let mut value = String::with_capacity(self.0.len());
        for byte in self.0.bytes() {
            if matches!(byte, b'%' | b'&' | b'+' | b'#' | b'?' | b'=') {
                value.push_str(&format!("%{byte:02X}"));
            } else {
                value.push(byte as char);
            }
        }
        value
    }

    /// The path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SafePath {
    type Error = NotLocal;

    fn try_from(text: String) -> Result<Self, NotLocal> {
        Self::parse(&text)
    }
}

impl From<SafePath> for String {
    fn from(path: SafePath) -> Self {
        path.0
    }
}

impl fmt::Display for SafePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_site_pass() {
        for text in ["/", "/chat", "/chat/room/a-b?at=3", "/@alice", "/search?q=a%20b", "/a#b"] {
            assert!(SafePath::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn whatever_leads_elsewhere_does_not() {
        for text in [
            "",
            "chat",
            "//evil.example",
            "/\\evil.example",
            "\\/evil",
            "https://evil.example",
            "/\t/evil.example",
            "/\n/evil",
            "/a\r\nSet-Cookie: x=y",
            "javascript:alert(1)",
            " /chat",
            "/ä",
            "/a b",
        ] {
            assert_eq!(SafePath::parse(text), Err(NotLocal), "{text:?}");
        }
        assert_eq!(SafePath::parse(&format!("/{}", "a".repeat(600))), Err(NotLocal));
    }

    #[test]
    fn a_token_is_taken_off_and_nothing_else() {
        let token = "0".repeat(64);
        for page in BEFORE_TOKENS {
            let path = format!("{page}{token}");
            assert_eq!((without_token(&path), has_token(&path)), (page, true));
            assert_eq!((without_token(&format!("{path}?a=b")), has_token(page)), (page, false));
        }
        for path in ["/", "/accounts/password/reset", "/accounts/password/reset?sent=1", "/chat/room/x?at=3"] {
            assert_eq!((without_token(path), has_token(path)), (path, false));
        }
    }

    #[test]
    fn the_way_back_survives_the_query() {
        let path = SafePath::parse("/chat/room/x?at=3&b=c").unwrap();
        assert_eq!(path.behind_login().as_str(), "/accounts/login?next=/chat/room/x%3Fat%3D3%26b%3Dc");
        let onboarding = SafePath::onboarding(Some(&path));
        assert_eq!(onboarding.as_str(), "/profile/onboarding?next=/chat/room/x%3Fat%3D3%26b%3Dc");
        // A way on that is too long to be carried is left out, rather than be cut short.
        let long = SafePath::parse(&format!("/{}", "a".repeat(511))).unwrap();
        assert_eq!(SafePath::onboarding(Some(&long)), SafePath::onboarding(None));
    }
}
