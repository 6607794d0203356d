//! What is measured: one file for each.

mod delivery;
mod memory;
mod posting;
mod room_page;
mod start;
mod weight;

use crate::{report::Row, server::Server};
use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use std::{
    fmt,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// By the names under which the project's goals are stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Measure {
    B1,
    B2,
    B4,
    B6,
    B12,
    B14,
}

/// How long a run takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Long enough for figures.
    Full,
    /// Long enough to see that everything works.
    Smoke,
}

/// What every measure needs.
pub(crate) struct Bench {
    executable: PathBuf,
    extent: Extent,
}

impl Measure {
    pub(crate) const ALL: [Self; 6] = [Self::B1, Self::B2, Self::B4, Self::B6, Self::B12, Self::B14];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.to_string().eq_ignore_ascii_case(name))
    }

    pub(crate) fn subject(self) -> &'static str {
        match self {
            Self::B1 => "memory for an idle connection",
            Self::B2 => "CPU for a delivery",
            Self::B4 => "durable posts",
            Self::B6 => "the room's page",
            Self::B12 => "bytes of a visit",
            Self::B14 => "start",
        }
    }

    /// # Errors
    ///
    /// When there is no figure, because something failed or was not exact.
    pub(crate) async fn run(self, bench: &Bench) -> Result<Vec<Row>> {
        match self {
            Self::B1 => memory::measure(bench).await,
            Self::B2 => delivery::measure(bench).await,
            Self::B4 => posting::measure(bench).await,
            Self::B6 => room_page::measure(bench).await,
            Self::B12 => weight::measure(bench).await,
            Self::B14 => start::measure(bench).await,
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Extent {
    pub(crate) fn of<T>(self, full: T, smoke: T) -> T {
        match self {
            Self::Full => full,
            Self::Smoke => smoke,
        }
    }
}

impl Bench {
    /// # Errors
    ///
    /// When it is not said what to measure, or this is not the root of a checkout.
    pub(crate) fn from_environment(extent: Extent) -> Result<Self> {
        let executable = std::env::var_os("TELICAT_BIN");
        let executable = executable.context("TELICAT_BIN must name the server; `cargo xtask bench` sets it")?;
        ensure!(Path::new("docs").is_dir() && Path::new("Cargo.toml").is_file(), "run this from the checkout's root");
        let executable = std::path::absolute(executable)?;
        ensure!(executable.is_file(), "TELICAT_BIN names no file");
        Ok(Self { executable, extent })
    }

    /// A data directory that goes away with the value. It lies in the checkout's `target`, because what the system has
    /// for temporary files may be memory, on which everything is durable at once.
    fn folder(&self) -> Result<TempDir> {
        std::fs::create_dir_all("target")?;
        tempfile::Builder::new().prefix("bench-").tempdir_in("target").context("no room for data in target")
    }

    async fn telicat(&self, data: &Path) -> Result<Server> {
        Server::telicat(&self.executable, data).await
    }
}
