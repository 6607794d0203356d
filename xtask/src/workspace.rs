//! Where things are: the checkout, the folder that cargo builds into, the folder that tools are kept in.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};

#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    cache: PathBuf,
}

impl Workspace {
    /// # Errors
    ///
    /// When it was not cargo that started this program, or nobody's home folder is known.
    pub(crate) fn locate() -> Result<Self> {
        // Asked for when it runs: several clones may share one build of this program.
        let package = env::var_os("CARGO_MANIFEST_DIR").context("start it as `cargo xtask`")?;
        let root = Path::new(&package).parent().context("xtask lies in a folder of the checkout")?.to_owned();
        let cache = user_cache()?.join("telicat");
        // Outside of the checkout, so that the second clone finds every dependency compiled.
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) if !folder.is_empty() => std::path::absolute(folder)?,
            _ => cache.join("target"),
        };
        Ok(Self { root, target, cache })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Compiled tools that are not the person's own, and what they are installed from.
    pub(crate) fn tools(&self) -> PathBuf {
        self.cache.join("tools")
    }

    /// The files that a browser gets. cargo-leptos resolves `site-root` from the checkout, not from cargo's target folder.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }

    /// Where cargo-leptos leaves the executable of a release: `bin-exe-name` in cargo's folder for the profile.
    pub(crate) fn executable(&self) -> PathBuf {
        self.target.join("release/telicat")
    }

    /// The checkout's own `target` folder, which git ignores: for what a person or a step looks for in the checkout.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub(crate) fn local_target(&self) -> Result<PathBuf> {
        let folder = self.root.join("target");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    /// A program that starts in the checkout and whose cargo builds into the shared target folder.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        command
    }

    pub(crate) fn cargo(&self) -> Command {
        self.command("cargo")
    }
}

fn user_cache() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()) {
        return Ok(std::path::absolute(folder)?);
    }
    let home = home()?;
    Ok(home.join(if cfg!(target_os = "macos") { "Library/Caches" } else { ".cache" }))
}

/// # Errors
///
/// When `HOME` is not set.
pub(crate) fn home() -> Result<PathBuf> {
    env::var_os("HOME").map(PathBuf::from).context("HOME is not set, so there is no place for the cache")
}
