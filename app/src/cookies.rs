//! The cookies: their names, and how they are written (RFC 6265bis).

use http::{HeaderMap, HeaderValue, header::COOKIE};

/// How cookies are set on this site.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    /// Whether the site is served by https.
    pub secure: bool,
}

impl Cookies {
    /// The cookie with the session's token.
    #[must_use]
    pub fn session_name(&self) -> &'static str {
        // The prefix makes browsers refuse the cookie unless it is Secure, of this host alone, and for all its paths.
        if self.secure { "__Host-telicat" } else { "telicat" }
    }

    /// The cookie with the token of a form that came back.
    #[must_use]
    pub fn flash_name(&self) -> &'static str {
        if self.secure { "__Host-telicat-flash" } else { "telicat-flash" }
    }

    /// The cookie with the token of the invitation that was made just now: it is shown once and kept nowhere else.
    #[must_use]
    pub fn invitation_name(&self) -> &'static str {
        if self.secure { "__Host-telicat-invitation" } else { "telicat-invitation" }
    }

    /// The cookie with the chosen appearance.
    #[must_use]
    pub fn theme_name(&self) -> &'static str {
        if self.secure { "__Host-telicat-theme" } else { "telicat-theme" }
    }

    /// The cookie with the room that was open last.
    #[must_use]
    pub fn room_name(&self) -> &'static str {
        if self.secure { "__Host-telicat-room" } else { "telicat-room" }
    }

    /// The header that sets a cookie for `max_age` seconds, or until the browser closes. A value that cannot stand in a
    /// header sets nothing.
    #[must_use]
    pub fn set(&self, name: &str, value: &str, max_age: Option<i64>) -> HeaderValue {
        let age = max_age.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let secure = if self.secure { "; Secure" } else { "" };
        let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
        HeaderValue::from_str(&cookie).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// The header that removes a cookie.
    #[must_use]
    pub fn clear(&self, name: &str) -> HeaderValue {
        self.set(name, "", Some(0))
    }

    /// The value of a cookie that the browser sent.
    #[must_use]
    pub fn read(headers: &HeaderMap, name: &str) -> Option<String> {
        headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';')).find_map(
            |pair| {
                let (key, value) = pair.trim().split_once('=')?;
                (key == name).then(|| value.to_owned())
            },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_bound_to_the_host_when_it_can_be() {
        let cookies = Cookies { secure: true };
        assert_eq!(
            cookies.set(cookies.session_name(), "x", Some(9)),
            "__Host-telicat=x; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=9"
        );
        let cookies = Cookies { secure: false };
        assert_eq!(cookies.set(cookies.session_name(), "x", None), "telicat=x; Path=/; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn the_right_cookie_is_read() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; telicat-flash=2;telicat=3"));
        assert_eq!(Cookies::read(&headers, "telicat").as_deref(), Some("3"));
        assert_eq!(Cookies::read(&headers, "tel"), None);
    }
}
