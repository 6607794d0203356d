//! How many tests passed, as each test runner says it.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde_json::Value;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Tally {
    pub(crate) const PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    pub(crate) const FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };

    /// Whether a line is one that [`Tally::of_nextest`] counts.
    pub(crate) fn is_of_nextest(line: &str) -> bool {
        line.trim_start().starts_with("Summary [")
    }

    /// nextest sums up once, after it has shown what failing tests printed, which may look like a summary, too.
    pub(crate) fn of_nextest(lines: &[String]) -> Self {
        lines.last().map(|line| Self::of_line(line)).unwrap_or_default()
    }

    /// Whether a line is one that [`Tally::of_cargo_test`] counts.
    pub(crate) fn is_of_cargo_test(line: &str) -> bool {
        line.starts_with("test result: ")
    }

    /// Each test program sums up for itself.
    pub(crate) fn of_cargo_test(lines: &[String]) -> Self {
        lines.iter().map(|line| Self::of_line(line)).sum()
    }

    /// Each is a list such as `8 passed (1 slow), 1 failed, 1 timed out, 2 skipped` or `8 passed; 1 failed; 2 ignored`
    /// after a `: ` or a `. `.
    fn of_line(line: &str) -> Self {
        let mut tally = Self::default();
        for part in without_brackets(line).split([',', ';', ':', '.']) {
            let Some((number, word)) = part.trim().split_once(' ') else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match word.trim_end() {
                "passed" => tally.passed += number,
                "failed" | "exec failed" | "timed out" => tally.failed += number,
                "skipped" | "ignored" => tally.skipped += number,
                _ => {}
            }
        }
        tally
    }

    /// From the report of Playwright's JSON reporter. A test that passed only when it was repeated has passed, as
    /// Playwright's own exit code has it.
    pub(crate) fn of_playwright(report: &Value) -> Option<Self> {
        let count = |name: &str| report.get("stats")?.get(name)?.as_u64();
        Some(Self {
            passed: count("expected")? + count("flaky")?,
            failed: count("unexpected")?,
            skipped: count("skipped")?,
        })
    }
}

/// `(…)` and `[…]` say more about a number that stands before them.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|character| match character {
            '(' | '[' => {
                depth += 1;
                false
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64, skipped: u64) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn nextest_is_counted() {
        for (line, expected) in [
            ("     Summary [   0.005s] 3 tests run: 3 passed, 0 skipped", tally(3, 0, 0)),
            ("     Summary [  12.5s] 1 test run: 1 passed (1 slow, 2 leaky), 4 skipped", tally(1, 0, 4)),
            (
                "     Summary [ 90.100s] 5/13 tests run: 8 passed (1 flaky), 2 failed (1 due to being leaky), \
                 1 exec failed, 2 timed out, 1 skipped",
                tally(8, 5, 1),
            ),
            ("     Summary [   0.000s] 0 tests run: 0 passed, 7 skipped", tally(0, 0, 7)),
        ] {
            assert!(Tally::is_of_nextest(line), "{line}");
            assert_eq!(Tally::of_nextest(&[line.to_owned()]), expected, "{line}");
        }
    }

    #[test]
    fn cargo_test_is_counted_over_all_its_programs() {
        let lines = [
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.21s",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s",
        ]
        .map(str::to_owned);
        assert!(lines.iter().all(|line| Tally::is_of_cargo_test(line)));
        assert_eq!(Tally::of_cargo_test(&lines), tally(14, 1, 1));
    }

    #[test]
    fn what_a_failing_test_printed_is_not_counted() {
        assert!(!Tally::is_of_nextest("test result: FAILED. 0 passed; 1 failed"));
        assert!(!Tally::is_of_cargo_test("    test result: ok. 5 passed; 0 failed"));
        let printed = "Summary [ 9.9s] 9 tests run: 9 passed, 0 skipped".to_owned();
        let summary = "     Summary [   0.1s] 1 test run: 0 passed, 1 failed, 0 skipped".to_owned();
        assert_eq!(Tally::of_nextest(&[printed, summary]), tally(0, 1, 0));
    }

    #[test]
    fn playwright_is_counted() {
        let report = serde_json::json!({ "stats": { "expected": 5, "unexpected": 2, "flaky": 1, "skipped": 3 } });
        assert_eq!(Tally::of_playwright(&report), Some(tally(6, 2, 3)));
        assert_eq!(Tally::of_playwright(&serde_json::json!({ "errors": [] })), None);
    }

    #[test]
    fn skipped_tests_are_mentioned_only_when_there_are_some() {
        assert_eq!(tally(3, 0, 0).to_string(), "3 passed, 0 failed");
        assert_eq!(tally(3, 1, 2).to_string(), "3 passed, 1 failed, 2 skipped");
    }
}
