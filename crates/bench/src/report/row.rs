//! One figure, its goal, and what the floor has for the same.

use super::quantity::{bound, digits, quantity};
use crate::measure::Measure;
use anyhow::Error;
use serde::{Deserialize, Serialize};

/// The columns of [`Row::cells`].
pub(super) const HEAD: [&str; 7] = ["id", "work", "Telicat", "bare loop", "ratio", "goal", "met"];

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    work: String,
    /// `None` when the run was not exact, or failed.
    value: Option<f64>,
    unit: String,
    /// The bare server's value in the same run.
    floor: Option<f64>,
    /// Telicat's over the floor's.
    ratio: Option<f64>,
    goal: Option<Goal>,
    met: Option<bool>,
    detail: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Goal {
    AtMost(f64),
    AtLeast(f64),
    Below(f64),
    RatioAtMost(f64),
}

impl Row {
    pub(crate) fn new(work: impl Into<String>, value: f64, unit: &str) -> Self {
        let (work, unit) = (work.into(), unit.to_owned());
        Self { work, value: Some(value), unit, floor: None, ratio: None, goal: None, met: None, detail: None }
    }

    /// Says that there is no figure, though others of the same run stand.
    pub(crate) fn unknown(work: &str) -> Self {
        let mut row = Self::new(work, 0.0, "");
        row.value = None;
        row
    }

    /// Says that there is no figure. The reason is kept for programs; it may name places on this machine.
    pub(crate) fn without_figure(measure: Measure, reason: &Error) -> Self {
        Self::unknown(measure.subject()).with(format!("{reason:#}"))
    }

    pub(crate) fn beside(mut self, floor: f64) -> Self {
        self.floor = Some(floor);
        self.ratio = self.value.map(|value| value / floor);
        self
    }

    /// Where the ratio is not that of the two figures, but the median of many.
    pub(crate) fn in_ratio(mut self, ratio: f64) -> Self {
        self.ratio = Some(ratio);
        self
    }

    pub(crate) fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub(crate) fn at_most(self, bound: f64) -> Self {
        self.judged(Goal::AtMost(bound))
    }

    pub(crate) fn at_least(self, bound: f64) -> Self {
        self.judged(Goal::AtLeast(bound))
    }

    pub(crate) fn below(self, bound: f64) -> Self {
        self.judged(Goal::Below(bound))
    }

    pub(crate) fn ratio_at_most(self, bound: f64) -> Self {
        self.judged(Goal::RatioAtMost(bound))
    }

    fn judged(mut self, goal: Goal) -> Self {
        self.met = match goal {
            Goal::AtMost(bound) => self.value.map(|value| value <= bound),
            Goal::AtLeast(bound) => self.value.map(|value| value >= bound),
            Goal::Below(bound) => self.value.map(|value| value < bound),
            Goal::RatioAtMost(bound) => self.ratio.map(|ratio| ratio <= bound),
        };
        self.goal = Some(goal);
        self
    }

    #[cfg(test)]
    pub(super) fn work(&self) -> &str {
        &self.work
    }

    /// As text, in the order of [`HEAD`].
    pub(super) fn cells(&self, measure: Measure) -> [String; HEAD.len()] {
        let work = match (&self.detail, self.value) {
            (Some(detail), Some(_)) => format!("{} ({detail})", self.work),
            _ => self.work.clone(),
        };
        let figure = self.value.map_or("no figure".to_owned(), |value| quantity(value, &self.unit));
        let floor = self.floor.map(|floor| quantity(floor, &self.unit)).unwrap_or_default();
        let ratio = self.ratio.map(digits).unwrap_or_default();
        let goal = self.goal.map(|goal| goal.words(&self.unit)).unwrap_or_default();
        let met = self.met.map(|met| if met { "yes" } else { "no" }).unwrap_or_default();
        [measure.to_string(), work, figure, floor, ratio, goal, met.to_owned()]
    }
}

impl Goal {
    fn words(self, unit: &str) -> String {
        match self {
            Self::AtMost(most) => format!("≤ {}", bound(most, unit)),
            Self::AtLeast(least) => format!("≥ {}", bound(least, unit)),
            Self::Below(most) => format!("< {}", bound(most, unit)),
            Self::RatioAtMost(most) => format!("≤ {}", bound(most, "× bare")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_met_or_not() {
        assert_eq!(Row::new("", 10.0, "").at_most(10.0).met, Some(true));
        assert_eq!(Row::new("", 10.1, "").at_most(10.0).met, Some(false));
        assert_eq!(Row::new("", 9.9, "").at_least(10.0).met, Some(false));
        assert_eq!(Row::new("", 1.0, "").below(1.0).met, Some(false));
        assert_eq!(Row::new("", 1.0, "").met, None);
    }

    #[test]
    fn the_ratio_is_judged_by_itself() {
        let row = Row::new("delivery", 9.0, "µs").beside(8.0).in_ratio(1.4).ratio_at_most(1.3);
        assert_eq!(row.met, Some(false));
        assert_eq!(row.cells(Measure::B2), ["B2", "delivery", "9.00 µs", "8.00 µs", "1.40", "≤ 1.3 × bare", "no"]);
    }

    #[test]
    fn a_run_that_failed_has_no_figure_and_does_not_show_why_in_the_table() {
        let cells = Row::without_figure(Measure::B4, &anyhow::anyhow!("lost in /home/x")).cells(Measure::B4);
        assert_eq!(cells, ["B4", "durable posts", "no figure", "", "", "", ""]);
    }
}
