//! `bench`: the benchmark against the release.

use std::process::ExitCode;

use anyhow::Result;

use crate::process;
use crate::release;
use crate::workspace::Workspace;

/// # Errors
///
/// When the release or the benchmark cannot be built, or the benchmark fails.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let executable = release::executable(workspace)?;
    let mut bench = workspace.cargo();
    bench.args(["run", "--release", "--package", "telicat-bench", "--"]).args(arguments);
    process::run(bench.env("TELICAT_BIN", executable))?;
    Ok(ExitCode::SUCCESS)
}
