//! Medians and percentiles.

use anyhow::{Result, ensure};
use std::time::Duration;

/// Values of one kind, at least one, in order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sample(Vec<f64>);

impl Sample {
    /// # Errors
    ///
    /// When there is no value, or one is not a number.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Result<Self> {
        let mut values: Vec<f64> = values.into_iter().collect();
        ensure!(!values.is_empty(), "nothing was measured");
        ensure!(values.iter().all(|value| value.is_finite()), "something was measured that is not a number");
        values.sort_unstable_by(f64::total_cmp);
        Ok(Self(values))
    }

    /// Durations, as milliseconds.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub(crate) fn milliseconds(durations: impl IntoIterator<Item = Duration>) -> Result<Self> {
        Self::of(durations.into_iter().map(|duration| duration.as_secs_f64() * 1e3))
    }

    pub(crate) fn median(&self) -> f64 {
        let middle = self.0.len() / 2;
        if self.0.len().is_multiple_of(2) { f64::midpoint(self.0[middle - 1], self.0[middle]) } else { self.0[middle] }
    }

    /// By nearest rank: the smallest value that at least `percent` of all values do not exceed.
    pub(crate) fn percentile(&self, percent: f64) -> f64 {
        let rank = (percent / 100.0 * self.0.len() as f64).ceil() as usize;
        self.0[rank.clamp(1, self.0.len()) - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(Sample::of([3.0, 1.0, 2.0]).unwrap().median(), 2.0);
        assert_eq!(Sample::of([4.0, 1.0, 2.0, 3.0]).unwrap().median(), 2.5);
        assert_eq!(Sample::of([7.0]).unwrap().median(), 7.0);
    }

    #[test]
    fn a_percentile_is_a_value_that_occurred() {
        let hundred = Sample::of((1..=100).map(f64::from)).unwrap();
        assert_eq!(hundred.percentile(50.0), 50.0);
        assert_eq!(hundred.percentile(99.0), 99.0);
        assert_eq!(hundred.percentile(99.1), 100.0);
        assert_eq!(hundred.percentile(0.0), 1.0);
        assert_eq!(Sample::of([5.0, 6.0]).unwrap().percentile(99.0), 6.0);
    }

    #[test]
    fn nothing_has_no_figure() {
        assert!(Sample::of([]).is_err());
        assert!(Sample::of([f64::NAN]).is_err());
        assert!(Sample::milliseconds([]).is_err());
    }
}
