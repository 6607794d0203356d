//! `test`: everything that must pass before a change is good. The steps, and in which order.
//!
//! A step that fails does not keep the others from running, so that one run tells all there is to repair.

mod browser;
mod host;
mod lint;
mod report;
mod tally;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};

use self::report::Report;
use crate::postgres::Cluster;
use crate::release;
use crate::workspace::Workspace;

/// A connection URL of a `PostgreSQL` superuser, for tests that make their own databases. When a person sets it, no
/// cluster is started.
const POSTGRES: &str = "TELICAT_TEST_POSTGRES";

/// # Errors
///
/// When the arguments name no part of the suite. What fails in the suite is in the report and the exit code.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let (part, rest) = arguments.split_first().map_or((None, arguments), |(part, rest)| (Some(part.as_str()), rest));
    let mut report = Report::default();
    match part {
        None => {
            lint::run(workspace, &mut report);
            let database = Database::ready(&mut report);
            report.tests("host tests", || host::run(workspace, &database, &[]));
            if let Some(executable) = release(workspace, &mut report) {
                report.tests("release tests", || host::of_release(workspace, &database, &executable));
                report.tests("browser tests", || browser::run(workspace, &executable, &database, &[]));
            }
        }
        Some("lint") => lint::run(workspace, &mut report),
        Some("host") => {
            let database = Database::ready(&mut report);
            report.tests("host tests", || host::run(workspace, &database, rest));
        }
        Some("browser") => {
            let database = Database::ready(&mut report);
            if let Some(executable) = release(workspace, &mut report) {
                report.tests("browser tests", || browser::run(workspace, &executable, &database, rest));
            }
        }
        Some(other) => bail!("`{other}` is no part of the tests: they are lint, host and browser"),
    }
    Ok(report.finish())
}

fn release(workspace: &Workspace, report: &mut Report) -> Option<PathBuf> {
    report.preparation("release build", || release::executable(workspace))
}

/// The `PostgreSQL` of this run.
enum Database {
    ThrowAway(Cluster),
    /// The children see the variable that it came from.
    Given,
    /// It could not be started, which has failed the run; the tests that need none are still worth running.
    Missing,
}

impl Database {
    fn ready(report: &mut Report) -> Self {
        if std::env::var_os(POSTGRES).is_some() {
            return Self::Given;
        }
        report.preparation("PostgreSQL", Cluster::start).map_or(Self::Missing, Self::ThrowAway)
    }

    fn variable(&self) -> Option<(&'static str, &str)> {
        match self {
            Self::ThrowAway(cluster) => Some((POSTGRES, cluster.url())),
            Self::Given | Self::Missing => None,
        }
    }
}
