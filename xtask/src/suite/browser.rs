//! The browser tests: Playwright against the release, in the system's Chromium.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use super::Database;
use super::report::Tested;
use super::tally::Tally;
use crate::packages::{self, Package};
use crate::workspace::Workspace;
use crate::{process, tools};

const CHROMIUM: Package = Package { debian: "chromium", homebrew: "--cask chromium", purpose: "the browser tests" };

/// # Errors
///
/// When Node.js, Chromium or the tests' own packages are missing and cannot be installed, or Playwright does not start.
pub(super) fn run(
    workspace: &Workspace,
    executable: &Path,
    database: &Database,
    arguments: &[String],
) -> Result<Tested> {
    let folder = workspace.root().join("end2end");
    tools::node()?;
    let chromium = chromium()?;
    install_packages(&folder)?;

    let report = workspace.local_target()?.join("playwright.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut playwright = Command::new(folder.join("node_modules/.bin/playwright"));
    playwright
        .arg("test")
        .args(arguments)
        .arg("--reporter=list,json")
        .current_dir(&folder)
        .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
        .env("TELICAT_BIN", executable)
        .env("CHROMIUM", chromium)
        .envs(database.variable());
    let ended = process::run(&mut playwright);
    // Without a report there is nothing to count; that Playwright failed then says more than that it is missing.
    let tally = match read(&report) {
        Err(error) if ended.is_ok() => return Err(error),
        tally => tally.unwrap_or_default(),
    };
    Ok(Tested { tally, ended })
}

fn read(report: &Path) -> Result<Tally> {
    let text = fs::read(report).context("Playwright left no report")?;
    Tally::of_playwright(&serde_json::from_slice(&text)?).context("Playwright's report has no counts")
}

/// Installs again when the lock file is newer than what npm installed last.
fn install_packages(folder: &Path) -> Result<()> {
    let changed = |file: &str| fs::metadata(folder.join(file)).and_then(|file| file.modified());
    let lock = changed("package-lock.json").context("end2end/package-lock.json is missing")?;
    if changed("node_modules/.package-lock.json").is_ok_and(|installed| installed >= lock) {
        return Ok(());
    }
    println!("Installing the browser tests' packages from npm; some seconds.");
    tools::npm_ci(folder)
}

fn chromium() -> Result<PathBuf> {
    if let Some(program) = env::var_os("CHROMIUM").filter(|program| !program.is_empty()) {
        let program = PathBuf::from(program);
        if !program.is_file() {
            bail!("CHROMIUM is set to {}, and there is no such file", program.display());
        }
        return Ok(program);
    }
    if let Some(program) = installed_chromium() {
        return Ok(program);
    }
    packages::install(&CHROMIUM)?;
    installed_chromium().context("Chromium was installed, and is not on PATH")
}

fn installed_chromium() -> Option<PathBuf> {
    const ON_MACOS: [&str; 2] = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    let on_path = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(process::find);
    on_path.or_else(|| ON_MACOS.into_iter().map(PathBuf::from).find(|program| program.is_file()))
}
