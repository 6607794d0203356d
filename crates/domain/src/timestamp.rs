//! A moment, and how it is written.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// A moment: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A day of the proleptic Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Day {
    /// The year.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 is Monday.
    pub weekday: u8,
}

impl Timestamp {
    /// Microseconds in a second.
    pub const SECOND: i64 = 1_000_000;

    /// This moment, `seconds` later.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(Self::SECOND)))
    }

    /// Milliseconds since 1970, as JavaScript counts.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The day on a clock that is `offset` minutes ahead of UTC.
    #[must_use]
    pub fn day(self, offset: i32) -> Day {
        let at = self.on_clock(offset);
        Day {
            year: at.year(),
            month: at.month().into(),
            day: at.day(),
            weekday: at.weekday().number_days_from_monday(),
        }
    }

    /// `18:02` on a clock that is `offset` minutes ahead of UTC.
    #[must_use]
    pub fn hour_minute(self, offset: i32) -> String {
        let at = self.on_clock(offset);
        let mut text = String::with_capacity(5);
        push_two(&mut text, at.hour());
        text.push(':');
        push_two(&mut text, at.minute());
        text
    }

    /// `2026-11-15T18:02:00Z`, for the `datetime` of a `<time>` (RFC 3339).
    #[must_use]
    pub fn rfc3339(self) -> String {
        let at = self.on_clock(0);
        let mut text = format!("{:04}", at.year());
        for (before, number) in
            [('-', at.month().into()), ('-', at.day()), ('T', at.hour()), (':', at.minute()), (':', at.second())]
        {
            text.push(before);
            push_two(&mut text, number);
        }
        text.push('Z');
        text
    }

    fn on_clock(self, offset: i32) -> OffsetDateTime {
        let seconds = self.0.div_euclid(Self::SECOND) + i64::from(offset) * 60;
        OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

/// Two digits. A page has a hundred times on it, and a format takes several times as long for each.
fn push_two(text: &mut String, number: u8) {
    text.push(char::from(b'0' + number / 10 % 10));
    text.push(char::from(b'0' + number % 10));
}

impl Day {
    /// `2026-11-15`.
    #[must_use]
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_by_the_clock_that_is_asked() {
        let at = Timestamp(1_763_247_720_000_000);
        assert_eq!(at.rfc3339(), "2025-11-15T23:02:00Z");
        assert_eq!(at.hour_minute(60), "00:02");
        assert_eq!(at.day(0), Day { year: 2025, month: 11, day: 15, weekday: 5 });
        assert_eq!(at.day(60).iso(), "2025-11-16");
        assert_eq!(Timestamp(-1).rfc3339(), "1969-12-31T23:59:59Z");
    }
}
