//! The tests that run on the machine itself, and the examples in the documentation.

use std::io::{IsTerminal, stdout};
use std::process::Command;

use anyhow::Result;

use super::Database;
use super::lint::HOST;
use super::report::Tested;
use super::tally::Tally;
use crate::process::{self, Heard};
use crate::workspace::Workspace;

/// Runs the tests whose name contains one of `names`, or all.
///
/// # Errors
///
/// When cargo cannot be started.
pub(super) fn run(workspace: &Workspace, database: &Database, names: &[String]) -> Result<Tested> {
    let tests = if process::find("cargo-nextest").is_some() {
        let mut nextest = workspace.cargo();
        nextest.args(["nextest", "run"]).args(HOST).arg("--no-fail-fast").args(names);
        let heard = hear(&mut nextest, database, Tally::is_of_nextest)?;
        Tested { tally: Tally::of_nextest(&heard.lines), ended: heard.ended }
    } else {
        cargo_test(workspace, database, &["--lib", "--bins", "--tests"], names)?
    };
    let examples = cargo_test(workspace, database, &["--doc"], names)?;

    let mut tally = tests.tally + examples.tally;
    if !names.is_empty() {
        // nextest calls everything skipped that was not asked for.
        tally.skipped = 0;
    }
    Ok(Tested { tally, ended: tests.ended.and(examples.ended) })
}

fn cargo_test(workspace: &Workspace, database: &Database, which: &[&str], names: &[String]) -> Result<Tested> {
    let mut test = workspace.cargo();
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
