//! The tools that a build of the browser's part needs beside cargo, installed when they are missing.
//!
//! A tool that is already on PATH is taken when its version fits. One that is missing goes where `cargo install` puts
//! things, so that it can be used by hand, too. One whose version does not fit is never replaced, because another
//! project may need it: the right one then lives in the cache, and comes first on the PATH of the programs started
//! here.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, iter};

use anyhow::{Context, Result, bail};

use crate::process;
use crate::version::Version;
use crate::workspace::{self, Workspace};

const CARGO_LEPTOS: Version = Version::new(0, 3, 10);
const OLDEST_WASM_OPT: Version = Version::new(120, 0, 0);
const OLDEST_NODE: Version = Version::new(20, 0, 0);

/// The tools, found or installed.
pub(crate) struct Tools {
    cargo_leptos: PathBuf,
    path: OsString,
}

impl Tools {
    /// What `cargo leptos watch` needs: wasm-opt is left out, because only releases use it.
    ///
    /// # Errors
    ///
    /// When a tool is missing and cannot be installed.
    pub(crate) fn for_development(workspace: &Workspace) -> Result<Self> {
        let _lock = lock(workspace)?;
        wasm_target(workspace)?;
        let mut search = Search::new(workspace)?;
        search.wasm_bindgen()?;
        search.into_tools()
    }

    /// What `cargo leptos build --release` needs.
    ///
    /// # Errors
    ///
    /// When a tool is missing and cannot be installed.
    pub(crate) fn for_release(workspace: &Workspace) -> Result<Self> {
        let _lock = lock(workspace)?;
        wasm_target(workspace)?;
        let mut search = Search::new(workspace)?;
        search.wasm_bindgen()?;
        search.wasm_opt()?;
        search.into_tools()
    }

    /// cargo-leptos by its own path: cargo would look for it in its own folder before PATH.
    pub(crate) fn cargo_leptos(&self, workspace: &Workspace) -> Command {
        let mut command = workspace.command(&self.cargo_leptos);
        command.arg("leptos").env("PATH", &self.path);
        command
    }
}

/// The standard library for the browser.
///
/// # Errors
///
/// When it is missing and there is no rustup to add it.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let sysroot = process::output(workspace.command("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    if process::find("rustup").is_none() {
        bail!("Rust's standard library for {TARGET} is missing, and there is no rustup to add it");
    }
    println!("Adding Rust's standard library for {TARGET}, which the browser's part is built with; some seconds.");
    process::run(workspace.command("rustup").args(["target", "add", TARGET]))
}

/// # Errors
///
/// When Node.js is missing or too old: there is no way to install it that suits everybody.
pub(crate) fn node() -> Result<()> {
    let found = process::find("node").and_then(|node| version_of(&node));
    match found {
        Some(version) if version >= OLDEST_NODE => Ok(()),
        Some(version) => bail!("Node.js {} or newer is needed, and {version} is on PATH", OLDEST_NODE.major),
        None => bail!("Node.js {} or newer is needed, and there is none on PATH", OLDEST_NODE.major),
    }
}

/// One at a time: two tasks that start together would install the same tool twice into the same folder.
fn lock(workspace: &Workspace) -> Result<File> {
    let folder = workspace.tools();
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let file = File::create(folder.join("lock"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            println!("Waiting for another task that is installing tools.");
            file.lock()?;
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    Ok(file)
}

/// The PATH for the children, as it grows while tools are found.
struct Search<'a> {
    workspace: &'a Workspace,
    /// Folders that come before the person's own PATH.
    first: Vec<PathBuf>,
    /// Where `cargo install` puts things, less `bin`.
    cargo_root: PathBuf,
}

/// A tool that `cargo install` brings.
struct Crate<'a> {
    /// Its name on crates.io.
    name: &'static str,
    program: &'static str,
    version: Version,
    fits: &'a dyn Fn(Version) -> bool,
    options: &'static [&'static str],
    environment: &'static [(&'static str, &'static str)],
    /// The rest of the sentence "Installing …, ".
    why_and_how_long: &'static str,
}

impl<'a> Search<'a> {
    fn new(workspace: &'a Workspace) -> Result<Self> {
        let cargo_root = match env::var_os("CARGO_INSTALL_ROOT").or_else(|| env::var_os("CARGO_HOME")) {
            Some(folder) => folder.into(),
            None => workspace::home()?.join(".cargo"),
        };
        Ok(Self { workspace, first: Vec::new(), cargo_root })
    }

    fn into_tools(self) -> Result<Tools> {
        let cargo_leptos = self.cargo_installed(&Crate {
            name: "cargo-leptos",
            program: "cargo-leptos",
            version: CARGO_LEPTOS,
            fits: &|found| (found.major, found.minor) == (CARGO_LEPTOS.major, CARGO_LEPTOS.minor),
            // A tool that is missing shall be an error that names it, never a hidden download.
            options: &["--locked", "--no-default-features", "--features", "no_downloads"],
            // A third less time; it runs a second per build, so its own speed does not matter.
            environment: &[
                ("CARGO_PROFILE_RELEASE_LTO", "off"),
                ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
                ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
            ],
            why_and_how_long: "which builds the browser's part and the server in step; about 10 minutes on two cores",
        })?;
        Ok(Tools { path: self.path()?, cargo_leptos })
    }

    fn wasm_bindgen(&mut self) -> Result<()> {
        let lock = fs::read_to_string(self.workspace.root().join("Cargo.lock")).context("cannot read Cargo.lock")?;
        let version = Version::locked(&lock, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")?;
        let program = self.cargo_installed(&Crate {
            name: "wasm-bindgen-cli",
            program: "wasm-bindgen",
            version,
            // The crate and the program speak a format between them that has no other version number.
            fits: &|found| found == version,
            // Not `--locked`: the lock file of 0.2.130 names a crate version that registries may lack.
            options: &[],
            environment: &[],
            why_and_how_long: "which writes the JavaScript round the browser's wasm; about 2 minutes on two cores",
        })?;
        self.put_first(&program);
        Ok(())
    }

    /// npm's binaryen: the ones that Debian and crates.io have are too old for what today's rustc writes.
    fn wasm_opt(&mut self) -> Result<()> {
        const PACKAGE: [&str; 2] = ["package.json", "package-lock.json"];
        let fits = |program: &Path| version_of(program).is_some_and(|found| found >= OLDEST_WASM_OPT);
        if self.find("wasm-opt").is_some_and(|program| fits(&program)) {
            return Ok(());
        }
        node()?;
        let (wanted, installed) = (self.workspace.root().join("xtask/tools"), self.workspace.tools().join("npm"));
        let program = installed.join("node_modules/.bin/wasm-opt");
        let unchanged = PACKAGE.iter().all(|file| {
            fs::read(installed.join(file)).is_ok_and(|copy| fs::read(wanted.join(file)).is_ok_and(|file| file == copy))
        });
        if !unchanged || !fits(&program) {
            println!("Installing wasm-opt from npm, which halves what the browser downloads; some seconds.");
            fs::create_dir_all(&installed)?;
            for file in PACKAGE {
                fs::copy(wanted.join(file), installed.join(file)).with_context(|| format!("cannot copy {file}"))?;
            }
            npm_ci(&installed)?;
            if !fits(&program) {
                bail!("the wasm-opt that npm installed does not start");
            }
        }
        self.put_first(&program);
        Ok(())
    }

    /// The program's path; installs it when there is none that fits.
    fn cargo_installed(&self, tool: &Crate<'_>) -> Result<PathBuf> {
        let fits = |program: &Path| version_of(program).is_some_and(tool.fits);
        let found = self.find(tool.program);
        if let Some(program) = found.as_ref().filter(|program| fits(program)) {
            return Ok(program.clone());
        }
        let root = match found {
            None => self.cargo_root.clone(),
            Some(_) => self.workspace.tools().join(format!("{}-{}", tool.program, tool.version)),
        };
        let program = root.join("bin").join(tool.program);
        if !fits(&program) {
            println!("Installing {} {}, {}.", tool.name, tool.version, tool.why_and_how_long);
            install(self.workspace, tool, &root)?;
        }
        Ok(program)
    }

    fn find(&self, program: &str) -> Option<PathBuf> {
        self.path().ok().and_then(|path| process::find_in(&path, program))
    }

    fn put_first(&mut self, program: &Path) {
        let Some(folder) = program.parent() else { return };
        let file = program.file_name().and_then(|name| name.to_str()).and_then(|name| self.find(name));
        if file.as_deref() != Some(program) {
            self.first.push(folder.to_owned());
        }
    }

    fn path(&self) -> Result<OsString> {
        let own = env::var_os("PATH").unwrap_or_default();
        let folders = self.first.iter().cloned().chain(env::split_paths(&own));
        env::join_paths(folders.chain(iter::once(self.cargo_root.join("bin")))).context("PATH cannot be extended")
    }
}

fn install(workspace: &Workspace, tool: &Crate<'_>, root: &Path) -> Result<()> {
    // In the cache, so that an interrupted install goes on where it was, and a small /tmp does not matter.
    let build = workspace.tools().join("build");
    let mut command = workspace.cargo();
    command.args(["install", tool.name, "--version", &tool.version.to_string(), "--force", "--root"]).arg(root);
    command.args(tool.options).envs(tool.environment.iter().copied()).env("CARGO_TARGET_DIR", &build);
    process::run(&mut command).with_context(|| format!("{} could not be installed", tool.name))?;
    fs::remove_dir_all(&build).with_context(|| format!("cannot remove {}", build.display()))
}

/// Installs what the lock file of a folder says, and nothing newer.
///
/// # Errors
///
/// When npm fails.
pub(crate) fn npm_ci(folder: &Path) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder);
    process::run(&mut npm)
}

fn version_of(program: &Path) -> Option<Version> {
    let printed = process::output(Command::new(program).arg("--version")).ok()?;
    Version::find(&printed)
}
