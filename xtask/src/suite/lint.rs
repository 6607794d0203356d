//! Format and lints, for the server's world and the browser's.

use super::report::Report;
use crate::process;
use crate::tools;
use crate::workspace::Workspace;

/// All packages that compile for the machine itself. The browser's entry is not among them: it would turn on the
/// browser's half of the app beside the server's, which exclude each other.
pub(super) const HOST: [&str; 5] = ["--workspace", "--exclude", "telicat-frontend", "--features", "telicat-app/ssr"];

pub(super) fn run(workspace: &Workspace, report: &mut Report) {
    report.check("format", || process::run(workspace.cargo().args(["fmt", "--all", "--check"])));
    report.check("lint for host", || {
        let mut clippy = workspace.cargo();
        clippy.arg("clippy").args(HOST).args(["--all-targets", "--", "--deny", "warnings"]);
        process::run(&mut clippy)
    });
    report.check("lint for browser", || {
        tools::wasm_target(workspace)?;
        let mut clippy = workspace.cargo();
        clippy.args(["clippy", "--package", "telicat-frontend", "--package", "telicat-domain"]);
        clippy.args(["--target", "wasm32-unknown-unknown", "--", "--deny", "warnings"]);
        process::run(&mut clippy)
    });
}
