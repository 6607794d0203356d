//! Numbers that events tell: how many messages are pinned, how many members there are.

/// A number, and the event that told it last. What an earlier one says is no news, however late it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Counted {
    seq: i64,
    pub(crate) count: i64,
}

impl Counted {
    /// The number as it was after the event `seq`.
    pub(crate) fn at(seq: i64, count: i64) -> Self {
        Self { seq, count }
    }

    /// Takes in what another event tells. Whether the number is another one now.
    pub(crate) fn take(&mut self, told: Self) -> bool {
        if told.seq <= self.seq {
            return false;
        }
        let changed = told.count != self.count;
        *self = told;
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_later_stands() {
        let mut pins = Counted::at(5, 2);
        assert!(!pins.take(Counted::at(5, 1)) && !pins.take(Counted::at(3, 9)));
        assert!(pins.take(Counted::at(8, 3)) && !pins.take(Counted::at(9, 3)));
        assert!(!pins.take(Counted::at(7, 1)));
        assert_eq!(pins, Counted::at(9, 3));
    }
}
