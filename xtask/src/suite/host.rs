//! The tests that run on the machine itself, and the examples in the documentation.

use std::ffi::OsStr;
use std::io::{IsTerminal, stdout};
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::Database;
use super::lint::HOST;
use super::report::Tested;
use super::tally::Tally;
use crate::process::{self, Heard};
use crate::workspace::Workspace;

/// The tests that start the executable and look at it from outside.
const OF_EXECUTABLE: &str = "executable::";

/// Runs the tests whose name contains one of `names`, or all.
///
/// # Errors
///
/// When cargo cannot be started.
pub(super) fn run(workspace: &Workspace, database: &Database, names: &[String]) -> Result<Tested> {
    let tests = named(workspace, database, names, &[])?;
    let examples = cargo_test(workspace, database, &["--doc"], names, &[])?;
    Ok(Tested { tally: tests.tally + examples.tally, ended: tests.ended.and(examples.ended) })
}

/// Runs the tests of the executable with a release, which has the site's files inside.
///
/// # Errors
///
/// When cargo cannot be started.
pub(super) fn of_release(workspace: &Workspace, database: &Database, executable: &Path) -> Result<Tested> {
    named(workspace, database, &[OF_EXECUTABLE.to_owned()], &[("TELICAT_BIN", executable.as_os_str())])
}

type Variables<'a> = &'a [(&'static str, &'a OsStr)];

fn named(workspace: &Workspace, database: &Database, names: &[String], variables: Variables) -> Result<Tested> {
    if process::find("cargo-nextest").is_none() {
        return cargo_test(workspace, database, &["--lib", "--bins", "--tests"], names, variables);
    }
    let mut nextest = workspace.cargo();
    nextest.args(["nextest", "run"]).args(HOST).arg("--no-fail-fast").args(names).envs(variables.iter().copied());
    let heard = hear(&mut nextest, database, Tally::is_of_nextest)?;
    let mut tally = Tally::of_nextest(&heard.lines);
    if !names.is_empty() {
        // nextest calls everything skipped that was not asked for.
        tally.skipped = 0;
    }
    Ok(Tested { tally, ended: heard.ended })
}

fn cargo_test(
    workspace: &Workspace,
    database: &Database,
    which: &[&str],
    names: &[String],
    variables: Variables,
) -> Result<Tested> {
    let mut test = workspace.cargo();
    test.envs(variables.iter().copied());
    test.arg("test").args(HOST).args(which).args(["--no-fail-fast", "--"]).args(names);
    let heard = hear(&mut test, database, Tally::is_of_cargo_test)?;
    Ok(Tested { tally: Tally::of_cargo_test(&heard.lines), ended: heard.ended })
}

fn hear(command: &mut Command, database: &Database, wanted: fn(&str) -> bool) -> Result<Heard> {
    if stdout().is_terminal() {
        // cargo sees a pipe, behind which is a terminal.
        command.env("CARGO_TERM_COLOR", "always");
    }
    process::listen(command.envs(database.variable()), wanted)
}
