//! What only the system's package manager brings: `PostgreSQL` and Chromium.
//!
//! Nothing asks for a password. As root on a Debian-like system, which is what a build machine is, the package is
//! installed; anybody else is told the one command to type.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// A package by its names in two worlds.
pub(crate) struct Package {
    pub(crate) debian: &'static str,
    pub(crate) homebrew: &'static str,
    /// For the sentence "… is needed for …".
    pub(crate) purpose: &'static str,
}

/// # Errors
///
/// When it is not ours to install, with the command to type; or when installing failed.
pub(crate) fn install(package: &Package) -> Result<()> {
    let &Package { debian, homebrew, purpose } = package;
    if process::find("apt-get").is_none() {
        bail!("{debian} is needed for {purpose}. To install it, type: brew install {homebrew}");
    }
    if !is_root()? {
        bail!("{debian} is needed for {purpose}. To install it, type: sudo apt-get install -y {debian}");
    }
    println!("Installing the package {debian}, which is needed for {purpose}; about a minute.");
    for arguments in [&["update", "-qq"][..], &["install", "-y", "-qq", debian]] {
        let mut command = Command::new("apt-get");
        process::run(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
            .with_context(|| format!("the package {debian} could not be installed"))?;
    }
    Ok(())
}

/// # Errors
///
/// When the system does not say who we are.
pub(crate) fn is_root() -> Result<bool> {
    Ok(user_number(&[])? == 0)
}

/// # Errors
///
/// When there is no such user.
pub(crate) fn user_and_group_of(user: &str) -> Result<(u32, u32)> {
    let group = process::output(Command::new("id").args(["-g", user]))?;
    Ok((user_number(&[user])?, group.trim().parse()?))
}

fn user_number(of: &[&str]) -> Result<u32> {
    let printed = process::output(Command::new("id").arg("-u").args(of))?;
    printed.trim().parse().context("`id -u` printed no number")
}
