//! `run` and `dev`: the two ways to see Telicat in a browser.

use std::process::ExitCode;

use anyhow::Result;

use crate::process;
use crate::release;
use crate::tools::Tools;
use crate::workspace::Workspace;

/// Builds the release if need be and becomes it. The data lies in `./data` of the checkout.
///
/// # Errors
///
/// When it cannot be built or started.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let executable = release::executable(workspace)?;
    Err(process::replace(workspace.command(executable).arg("serve").args(arguments)))
}

/// Becomes `cargo leptos watch`, which works as well when it is typed by hand.
///
/// # Errors
///
/// When a tool is missing or cannot be started.
pub(crate) fn dev(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let tools = Tools::for_development(workspace)?;
    Err(process::replace(tools.cargo_leptos(workspace).arg("watch").args(arguments)))
}
