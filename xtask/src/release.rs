//! The release: one executable with the site inside, and the site itself beside it on disk.
//!
//! cargo-leptos starts from an empty site each time, and so runs wasm-opt, the compression and the server's compile
//! again though nothing changed. Here a build is left out when the same sources were built before.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};

use crate::process;
use crate::tools::Tools;
use crate::workspace::Workspace;

/// `--precompress` also builds the site before the server, which has to embed it.
const BUILD: [&str; 5] = ["build", "--release", "--precompress", "--bin-features", "embed"];

/// All that a release is made from, in the checkout.
const SOURCES: [&str; 12] = [
    ".cargo",
    ".env",
    "Cargo.lock",
    "Cargo.toml",
    "Leptos.toml",
    "app",
    "crates",
    "frontend",
    "public",
    "rust-toolchain.toml",
    "server",
    "style",
];
const NOT_SOURCES: [&str; 1] = ["crates/bench"];

/// Lies in the site. cargo-leptos empties that folder before any build, also one that a person starts, so that this
/// file never vouches for a site that it does not know.
const SITE_STAMP: &str = ".built-from";

/// Builds it if need be and puts it into the checkout.
///
/// # Errors
///
/// When it cannot be built or copied.
pub(crate) fn deliver(workspace: &Workspace) -> Result<ExitCode> {
    let executable = executable(workspace)?;
    let place = workspace.local_target()?.join("telicat");
    // Removed first: an executable that is running cannot be written to.
    if place.exists() {
        fs::remove_file(&place).with_context(|| format!("cannot replace {}", place.display()))?;
    }
    let size = fs::copy(&executable, &place).with_context(|| format!("cannot copy to {}", place.display()))?;
    println!("{} ({})", place.display(), crate::size::readable(size));
    Ok(ExitCode::SUCCESS)
}

/// The executable, built if need be.
///
/// # Errors
///
/// When a tool is missing or the build fails.
pub(crate) fn executable(workspace: &Workspace) -> Result<PathBuf> {
    let sources = fingerprint(workspace)?;
    if !executable_is_from(workspace, sources) {
        build(workspace, sources)?;
    }
    Ok(workspace.executable())
}

/// The executable and the folder of the site that is in it, built if need be.
///
/// # Errors
///
/// When a tool is missing or the build fails.
pub(crate) fn executable_and_site(workspace: &Workspace) -> Result<(PathBuf, PathBuf)> {
    let sources = fingerprint(workspace)?;
    let site = workspace.site();
    let stamp = fs::read_to_string(site.join(SITE_STAMP)).unwrap_or_default();
    if stamp != site_stamp(sources) || !executable_is_from(workspace, sources) {
        build(workspace, sources)?;
    }
    Ok((workspace.executable(), site))
}

fn build(workspace: &Workspace, sources: u64) -> Result<()> {
    let tools = Tools::for_release(workspace)?;
    println!("Building the release: some minutes from nothing, about one after a change.");
    process::run(tools.cargo_leptos(workspace).args(BUILD)).context("the release could not be built")?;
    fs::write(workspace.site().join(SITE_STAMP), site_stamp(sources)).context("cannot write to the site's folder")?;
    let executable = workspace.executable();
    let stamp = executable_stamp(&executable, sources)?;
    fs::write(stamp_of(&executable), stamp).context("cannot write beside the executable")
}

/// The clones of one person share cargo's target folder, so the executable there may be another clone's: as good as
/// ours when its sources were the same, whoever built it.
fn executable_is_from(workspace: &Workspace, sources: u64) -> bool {
    let executable = workspace.executable();
    let found = fs::read_to_string(stamp_of(&executable)).ok();
    found.is_some() && found == executable_stamp(&executable, sources).ok()
}

fn stamp_of(executable: &Path) -> PathBuf {
    executable.with_extension("built-from")
}

fn site_stamp(sources: u64) -> String {
    format!("{sources:016x}\n")
}

/// With the file's own size and time, so that a plain `cargo build --release` over it, without the site, is noticed.
fn executable_stamp(executable: &Path, sources: u64) -> Result<String> {
    let file = fs::metadata(executable).with_context(|| format!("there is no {}", executable.display()))?;
    let changed = file.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
    Ok(format!("{sources:016x} {} {changed}\n", file.len()))
}

/// One number for all that goes into a release: sources, compiler, compiler flags, and how the build is called.
fn fingerprint(workspace: &Workspace) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    BUILD.hash(&mut hasher);
    process::output(workspace.command("rustc").args(["--version", "--verbose"]))?.hash(&mut hasher);
    std::env::var_os("RUSTFLAGS").hash(&mut hasher);
    for file in files(workspace.root(), &SOURCES, &NOT_SOURCES)? {
        let content = fs::read(workspace.root().join(&file));
        content.with_context(|| format!("cannot read {}", file.display()))?.hash(&mut hasher);
        file.hash(&mut hasher);
    }
    Ok(hasher.finish())
}

/// The files at and under `places`, each as a path from `root`. A place that does not exist has no files.
fn files(root: &Path, places: &[&str], without: &[&str]) -> Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    let mut open: Vec<PathBuf> = places.iter().map(PathBuf::from).collect();
    while let Some(place) = open.pop() {
        let full = root.join(&place);
        if without.iter().any(|other| place == Path::new(other)) {
            continue;
        }
        if full.is_file() {
            files.insert(place);
        } else if full.is_dir() {
            for entry in fs::read_dir(&full).with_context(|| format!("cannot list {}", full.display()))? {
                open.push(place.join(entry?.file_name()));
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_counted_and_nothing_else() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let files = files(root, &SOURCES, &NOT_SOURCES).unwrap();
        assert!(files.contains(Path::new("Cargo.toml")));
        assert!(files.contains(Path::new(".cargo/config.toml")));
        assert!(files.contains(Path::new("crates/domain/Cargo.toml")));
        assert!(!files.iter().any(|file| file.starts_with("crates/bench")), "a benchmark is not part of the release");
        assert!(!files.iter().any(|file| file.starts_with("xtask")), "this program is not part of the release");
    }

    #[test]
    fn an_executable_that_was_built_over_is_noticed() {
        let file = std::env::temp_dir().join(format!("telicat-stamp-{}", std::process::id()));
        fs::write(&file, "with the site inside").unwrap();
        let stamp = executable_stamp(&file, 7).unwrap();
        assert_eq!(stamp, executable_stamp(&file, 7).unwrap());
        assert_ne!(stamp, executable_stamp(&file, 8).unwrap());
        fs::write(&file, "without").unwrap();
        assert_ne!(stamp, executable_stamp(&file, 7).unwrap());
        fs::remove_file(&file).unwrap();
    }
}
