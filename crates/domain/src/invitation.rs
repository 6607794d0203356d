//! Invitations to sign up.

use crate::{
    error::{ApiError, Field, FieldError, Problem},
    limits::{INVITATION_DAYS_MAX, INVITATION_NOTE_MAX, INVITATION_USES_MAX},
    person::Author,
    timestamp::Timestamp,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An invitation, as the owners of the site see it. The link itself is known only to those who have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Its identifier.
    pub id: Uuid,
    /// What it is for; may be empty.
    pub note: String,
    /// How many more may use it.
    pub uses_left: i64,
    /// Who made it.
    pub created_by: Author,
    /// When.
    pub created_at: Timestamp,
    /// Until when it works.
    pub expires_at: Timestamp,
}

/// What the page of the invitations shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Invitations {
    /// Those that still work, the newest first.
    pub invitations: Vec<Invitation>,
    /// The link of the one that was made just now: it is shown once.
    pub link: Option<String>,
}

/// An invitation that somebody wants to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What it is for.
    pub note: String,
    /// How many may use it.
    pub uses: i64,
    /// For how many days it works.
    pub days: i64,
}

impl Terms {
    /// Reads what was typed.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] with every field that cannot be taken: a note of more than 100 characters, uses that are no
    /// number from 1 to 1000, days that are none from 1 to 90.
    pub fn parse(note: &str, uses: &str, days: &str) -> Result<Self, ApiError> {
        let number = |text: &str, max: i64| {
            let number = text.trim().parse::<i64>().ok().filter(|number| (1..=max).contains(number));
            number.ok_or(Problem::OutOfRange { min: 1, max })
        };
        let note: String = note.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let long = note.chars().count() > INVITATION_NOTE_MAX;
        let note = if long { Err(Problem::TooLong { max: INVITATION_NOTE_MAX }) } else { Ok(note) };
        let (uses, days) = (number(uses, INVITATION_USES_MAX), number(days, INVITATION_DAYS_MAX));
        match (note, uses, days) {
            (Ok(note), Ok(uses), Ok(days)) => Ok(Self { note, uses, days }),
            (note, uses, days) => {
                let problems =
                    [(Field::Note, note.err()), (Field::Uses, uses.err()), (Field::Days, days.err())].into_iter();
                let fields = problems.filter_map(|(field, problem)| Some(FieldError { field, problem: problem? }));
                Err(ApiError::Invalid { fields: fields.collect() })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terms_of_an_invitation_are_read_as_typed() {
        let terms = Terms::parse(" the club\n", " 1000", "90 ").unwrap();
        assert_eq!(terms, Terms { note: "the club".into(), uses: 1000, days: 90 });
        assert_eq!(Terms::parse("", "1", "1").unwrap().note, "");
    }

    #[test]
    fn all_that_is_wrong_with_them_is_said_at_once() {
        let error = Terms::parse(&"n".repeat(101), "0", "a week").unwrap_err();
        assert_eq!(error.problem(Field::Note), Some(Problem::TooLong { max: 100 }));
        assert_eq!(error.problem(Field::Uses), Some(Problem::OutOfRange { min: 1, max: 1000 }));
        assert_eq!(error.problem(Field::Days), Some(Problem::OutOfRange { min: 1, max: 90 }));
        for (uses, days) in [("1001", "7"), ("-1", "7"), ("", "7"), ("1.5", "7"), ("5", "91"), ("5", "0")] {
            assert!(Terms::parse("", uses, days).is_err(), "{uses} {days}");
        }
    }
}
