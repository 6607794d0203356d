//! What came of each step, as it happens and once more at the end.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Error, Result, anyhow};

use super::tally::Tally;

/// What a test runner did. It may have failed beyond its tests, for instance when they do not compile.
pub(crate) struct Tested {
    pub(crate) tally: Tally,
    pub(crate) ended: Result<()>,
}

#[derive(Default)]
pub(crate) struct Report {
    steps: Vec<Step>,
}

struct Step {
    name: &'static str,
    took: Duration,
    tally: Tally,
    problem: Option<Error>,
}

impl Report {
    /// A step that is one test in itself.
    pub(crate) fn check(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) {
        let start = begin(name);
        let ended = work();
        let tally = if ended.is_ok() { Tally::PASSED } else { Tally::FAILED };
        self.end(name, start, tally, ended.err());
    }

    /// A step that tests nothing and that others need. A failure counts as a failed test.
    pub(crate) fn preparation<T>(&mut self, name: &'static str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        let start = begin(name);
        match work() {
            Ok(prepared) => {
                self.end(name, start, Tally::default(), None);
                Some(prepared)
            }
            Err(error) => {
                self.end(name, start, Tally::FAILED, Some(error));
                None
            }
        }
    }

    /// A step of many tests.
    pub(crate) fn tests(&mut self, name: &'static str, work: impl FnOnce() -> Result<Tested>) {
        let start = begin(name);
        let (tally, problem) = match work() {
            Ok(tested) => verdict(tested),
            Err(error) => (Tally::FAILED, Some(error)),
        };
        self.end(name, start, tally, problem);
    }

    fn end(&mut self, name: &'static str, start: Instant, tally: Tally, problem: Option<Error>) {
        let step = Step { name, took: start.elapsed(), tally, problem };
        println!("-- {}", step.line());
        self.steps.push(step);
    }

    /// Prints the summary, whose last line is the sum of all tests.
    pub(crate) fn finish(self) -> ExitCode {
        println!("\n== summary");
        for step in &self.steps {
            println!("{}", step.line());
            if let Some(problem) = &step.problem {
                println!("    {}", format!("{problem:#}").replace('\n', "\n    "));
            }
        }
        let failed = self.steps.iter().any(|step| step.problem.is_some());
        println!("{}", self.steps.iter().map(|step| step.tally).sum::<Tally>());
        if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

fn begin(name: &str) -> Instant {
    println!("\n== {name}");
    Instant::now()
}

/// A runner that fails without a failed test, or runs no test at all, has failed once.
fn verdict(Tested { mut tally, ended }: Tested) -> (Tally, Option<Error>) {
    let problem = match ended {
        Err(error) => Some(error),
        Ok(()) if tally.failed > 0 => Some(anyhow!("{} tests failed", tally.failed)),
        Ok(()) if tally.passed == 0 => Some(anyhow!("no test ran")),
        Ok(()) => None,
    };
    if problem.is_some() && tally.failed == 0 {
        tally += Tally::FAILED;
    }
    (tally, problem)
}

impl Step {
    fn line(&self) -> String {
        let verdict = if self.problem.is_none() { "ok" } else { "FAILED" };
        let seconds = self.took.as_secs_f64();
        let tests = if self.tally == Tally::default() { String::new() } else { format!("  {}", self.tally) };
        format!("{:<16} {verdict:<6} {seconds:>7.1} s{tests}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(passed: u64) -> Tally {
        Tally { passed, failed: 0, skipped: 0 }
    }

    #[test]
    fn tests_that_all_pass_are_no_problem() {
        let (tally, problem) = verdict(Tested { tally: passed(3), ended: Ok(()) });
        assert_eq!(tally, passed(3));
        assert!(problem.is_none());
    }

    #[test]
    fn a_runner_that_fails_without_a_failed_test_counts_as_one() {
        let (tally, problem) = verdict(Tested { tally: passed(3), ended: Err(anyhow!("does not compile")) });
        assert_eq!(tally, Tally { passed: 3, failed: 1, skipped: 0 });
        assert_eq!(problem.unwrap().to_string(), "does not compile");
    }

    #[test]
    fn running_no_test_is_a_failure() {
        let (tally, problem) = verdict(Tested { tally: Tally::default(), ended: Ok(()) });
        assert_eq!(tally, Tally::FAILED);
        assert_eq!(problem.unwrap().to_string(), "no test ran");
    }

    #[test]
    fn failed_tests_are_counted_once() {
        let tally = Tally { passed: 1, failed: 2, skipped: 0 };
        let (counted, problem) = verdict(Tested { tally, ended: Err(anyhow!("exit code 100")) });
        assert_eq!(counted, tally);
        assert!(problem.is_some());
    }

    #[test]
    fn a_failed_step_fails_the_run_and_not_the_next_step() {
        let mut report = Report::default();
        report.check("first", || Err(anyhow!("broken")));
        assert_eq!(report.preparation("second", || Ok(7)), Some(7));
        assert_eq!(report.finish(), ExitCode::FAILURE);
    }
}
