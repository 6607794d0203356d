//! The machine that the figures belong to.

use crate::usage::kibibytes;
use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};
use std::fs;

/// In words that say nothing about whose machine it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) cores: usize,
    /// In bytes.
    pub(crate) memory: u64,
}

impl Machine {
    /// # Errors
    ///
    /// When the kernel does not say.
    pub(crate) fn read() -> Result<Self> {
        let meminfo = fs::read_to_string("/proc/meminfo").context("no /proc: benchmarks need Linux")?;
        let memory = kibibytes(&meminfo, "MemTotal:").context("the kernel does not say how much memory there is")?;
        Ok(Self { cores: std::thread::available_parallelism()?.get(), memory })
    }
}

/// Allows this process, and the servers that it starts, as many open sockets as the system grants.
///
/// # Errors
///
/// When the system grants less than a run needs.
pub(crate) fn raise_open_files() -> Result<()> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).context("cannot raise the open files")?;
    }
    let enough = maximum.is_none_or(|most| most >= 4_096);
    anyhow::ensure!(enough, "at least 4096 open files are needed; the hard limit is below (see `ulimit -Hn`)");
    Ok(())
}
