//! An address that mail can be sent to.

use crate::{error::Problem, limits::EMAIL_MAX};
use std::fmt;

/// An e-mail address, as far as it can be judged without sending to it. The domain part is case-insensitive by RFC
/// 5321 section 2.4; the local part is in practice, so two addresses that differ in case alone count as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads an address as somebody typed it.
    ///
    /// # Errors
    /// [`Problem::Empty`], [`Problem::TooLong`], [`Problem::Malformed`].
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Problem::Empty);
        }
        if text.chars().count() > EMAIL_MAX {
            return Err(Problem::TooLong { max: EMAIL_MAX });
        }
        let Some((local, domain)) = text.rsplit_once('@') else {
            return Err(Problem::Malformed);
        };
        let printable =
            |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '@' | '<' | '>' | ',' | ';' | '"');
        let label = |label: &str| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        // 64: RFC 5321 section 4.5.3.1.1.
        let local_fits = !local.is_empty() && local.len() <= 64 && local.chars().all(printable);
        if local_fits && domain.split('.').all(label) { Ok(Self(text.to_owned())) } else { Err(Problem::Malformed) }
    }

    /// As it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is compared.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_work_are_taken() {
        for text in ["a@b.example", "a.b+c@localhost", "Ünal@müller.example", " x@y.z "] {
            assert!(Email::parse(text).is_ok(), "{text}");
        }
        assert_eq!(Email::parse("A@B.Example").unwrap().folded(), "a@b.example");
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        assert_eq!(Email::parse(""), Err(Problem::Empty));
        assert_eq!(Email::parse(&format!("{}@b.example", "a".repeat(250))), Err(Problem::TooLong { max: 254 }));
        for text in ["a", "@b", "a@", "a@b..c", "a b@c.d", "a@b@c", "a@-b.c", "a\r\nBcc: x@y.z", "a,b@c.d"] {
            assert_eq!(Email::parse(text), Err(Problem::Malformed), "{text:?}");
        }
    }
}
