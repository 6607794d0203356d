//! For how long a link into a room works, and how often.

use crate::{
    error::{ApiError, Field, FieldError, Problem},
    limits::{ROOM_LINK_DAYS_MAX, ROOM_LINK_USES_MAX},
};

/// The terms of a link into a room. What is nothing has no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkTerms {
    /// For how many days it works.
    pub days: Option<i64>,
    /// How many people may use it.
    pub uses: Option<i64>,
}

impl Default for LinkTerms {
    /// Of the link that a new group has: it is meant for those whom one is about to send it to.
    fn default() -> Self {
        Self { days: Some(7), uses: Some(25) }
    }
}

impl LinkTerms {
    /// Reads what was typed.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] with every field that cannot be taken: days that are neither empty nor a number from 1 to
    /// 365, uses that are neither empty nor a number from 1 to 10,000.
    pub fn parse(days: &str, uses: &str) -> Result<Self, ApiError> {
        match (number(days, ROOM_LINK_DAYS_MAX), number(uses, ROOM_LINK_USES_MAX)) {
            (Ok(days), Ok(uses)) => Ok(Self { days, uses }),
            (days, uses) => {
                let problems = [(Field::Days, days.err()), (Field::Uses, uses.err())].into_iter();
                let fields = problems.filter_map(|(field, problem)| Some(FieldError { field, problem: problem? }));
                Err(ApiError::Invalid { fields: fields.collect() })
            }
        }
    }
}

fn number(text: &str, max: i64) -> Result<Option<i64>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let number = text.parse::<i64>().ok().filter(|number| (1..=max).contains(number));
    number.map(Some).ok_or(Problem::OutOfRange { min: 1, max })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terms_of_a_link_are_read_as_typed() {
        assert_eq!(LinkTerms::parse(" 365", "10000 ").unwrap(), LinkTerms { days: Some(365), uses: Some(10_000) });
        assert_eq!(LinkTerms::parse("", " ").unwrap(), LinkTerms { days: None, uses: None });
        let error = LinkTerms::parse("0", "ten").unwrap_err();
        assert_eq!(error.problem(Field::Days), Some(Problem::OutOfRange { min: 1, max: 365 }));
        assert_eq!(error.problem(Field::Uses), Some(Problem::OutOfRange { min: 1, max: 10_000 }));
        for (days, uses) in [("366", ""), ("-1", ""), ("1.5", ""), ("", "0"), ("", "10001")] {
            assert!(LinkTerms::parse(days, uses).is_err(), "{days} {uses}");
        }
    }
}
