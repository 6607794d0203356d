//! How often something may be done.

use crate::Timestamp;

/// So many in a minute, at once or spread: the generic cell rate algorithm (ITU-T I.371), which knows of the past only
/// the moment when the whole allowance is there again, and so has no edge where two minutes meet.
#[derive(Debug, Clone)]
pub struct Allowance {
    whole_at: Timestamp,
    a_minute: i64,
}

impl Allowance {
    /// A whole allowance of `a_minute`, which is more than 0.
    #[must_use]
    pub fn new(a_minute: i64) -> Self {
        Self { whole_at: Timestamp(0), a_minute: a_minute.max(1) }
    }

    /// Takes one of it. False when there is none left, and then nothing is taken.
    pub fn take(&mut self, now: Timestamp) -> bool {
        let cost = 60 * Timestamp::SECOND / self.a_minute;
        let whole = cost * self.a_minute;
        // A clock that was set back makes nobody wait for longer than who has taken everything.
        let whole_at = self.whole_at.0.clamp(now.0, now.0 + whole);
        let is_there = whole_at + cost <= now.0 + whole;
        self.whole_at = Timestamp(whole_at + if is_there { cost } else { 0 });
        is_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_of_it_may_be_taken_at_once_and_then_as_it_comes_back() {
        let at = |seconds: i64| Timestamp(seconds * Timestamp::SECOND);
        let mut allowance = Allowance::new(120);
        assert!((0..120).all(|_| allowance.take(at(59))));
        assert!((0..1_000).all(|_| !allowance.take(at(59))));
        // The next minute of the clock is no new allowance, and asking in vain costs nothing.
        assert!(allowance.take(at(60)) && allowance.take(at(60)) && !allowance.take(at(60)));
        assert!((0..120).all(|_| allowance.take(at(121))));
        assert!(!allowance.take(at(121)));
        assert!(!allowance.take(at(9)) && allowance.take(at(10)), "the clock was set back");
    }
}
