//! The data folder: made when it is missing, readable by its owner alone, and used by one process at a time.

use anyhow::{Context, bail};
use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
};

/// The data folder, held by this process until it ends.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Makes the folder if need be, and takes it.
    ///
    /// # Errors
    /// When it cannot be made or written, or when another process has it.
    pub fn take(path: &Path) -> anyhow::Result<Self> {
        make_private(path).with_context(|| format!("the data folder {} cannot be made", path.display()))?;
        let lock_path = path.join("lock");
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .with_context(|| format!("the data folder {} cannot be written", path.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                bail!("another telicat uses the data folder {}; stop it, or name another folder", path.display())
            }
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("the data folder {} cannot be locked", path.display()))
            }
        }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where copies of people's data wait to be had.
    #[must_use]
    pub fn exports(&self) -> PathBuf {
        self.path.join("exports")
    }

    /// The database that is used when no other is named.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.path.join("telicat.db")
    }

    /// Where mail is put when there is no mail server.
    #[must_use]
    pub fn outbox(&self) -> PathBuf {
        self.path.join("outbox")
    }
}

fn make_private(path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
