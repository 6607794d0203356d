//! Which passwords are good enough.

use telicat_domain::{
    Problem,
    limits::{PASSWORD_MAX, PASSWORD_MIN},
};

/// Guesses that a password must outlast when the guesser tries the usual ones first. NIST SP 800-63B section 3.1.1.2
/// asks for a list of common passwords to be refused; this is where such lists end.
const GUESSES_MIN: u64 = 10_000;

/// Words that a guesser would try first on this site.
const SITE_WORDS: [&str; 2] = ["telicat", "public chat"];

/// Whether a password may be chosen. There are no rules of composition: length, and not being an obvious guess, is all.
pub(super) fn check(password: &str, username: &str, email: &str) -> Result<(), Problem> {
    let length = password.chars().count();
    if length == 0 {
        return Err(Problem::Empty);
    }
    if length < PASSWORD_MIN {
        return Err(Problem::TooShort { min: PASSWORD_MIN });
    }
    if length > PASSWORD_MAX {
        return Err(Problem::TooLong { max: PASSWORD_MAX });
    }
    let local = email.split('@').next().unwrap_or_default();
    if is_little_more_than(password, &SITE_WORDS) || zxcvbn::zxcvbn(password, &[]).guesses() < GUESSES_MIN {
        return Err(Problem::Common);
    }
    if is_little_more_than(password, &[username, email, local]) {
        return Err(Problem::LikeName);
    }
    Ok(())
}

/// Whether a password is one of the words, in any letter case, with at most three characters added.
fn is_little_more_than(password: &str, words: &[&str]) -> bool {
    let password = password.to_lowercase();
    let length = password.chars().count();
    words.iter().map(|word| word.trim().to_lowercase()).any(|word| {
        let added = length.saturating_sub(word.chars().count());
        !word.is_empty() && added <= 3 && password.contains(&word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_mei(password: &str) -> Result<(), Problem> {
        check(password, "mei_lin_42", "mei.lin@hollowhill.example")
    }

    #[test]
    fn good_ones_are_taken_whatever_they_are_made_of() {
        for good in ["a few words in a row", "correct-horse-battery", "Tr0ub4dour&3x", "ключ от сарая", "🔭🪐🔭🪐 dome"]
        {
            assert_eq!(of_mei(good), Ok(()), "{good}");
        }
        assert_eq!(of_mei(&"long ".repeat(51)), Ok(()));
    }

    #[test]
    fn short_long_common_and_own_ones_are_refused() {
        assert_eq!(of_mei(""), Err(Problem::Empty));
        assert_eq!(of_mei("7 chars"), Err(Problem::TooShort { min: 8 }));
        assert_eq!(of_mei(&"x".repeat(257)), Err(Problem::TooLong { max: 256 }));
        for common in ["password", "password1", "12345678", "qwertyuiop", "iloveyou", "Telicat1", "aaaaaaaa"] {
            assert_eq!(of_mei(common), Err(Problem::Common), "{common}");
        }
        for own in ["mei_lin_42", "MEI_LIN_42!", "mei.lin@hollowhill.example"] {
            assert_eq!(of_mei(own), Err(Problem::LikeName), "{own}");
        }
    }
}
