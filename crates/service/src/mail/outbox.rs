//! Where there is no mail server: each mail becomes a file that its reader can open, and the log says where.
//!
//! The files hold links that work, so they are readable by their owner alone, and no link is in the log.

use super::{
    Answer, Mail, Transport, Undelivered,
    message::{compose, domain_of},
};
use lettre::message::Mailbox;
use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// A folder for mail.
#[derive(Debug)]
pub(super) struct Outbox {
    folder: PathBuf,
    from: Mailbox,
}

impl Outbox {
    /// The folder, which is made when the first mail comes.
    pub(super) fn new(folder: PathBuf, from: Mailbox) -> Self {
        Self { folder, from }
    }
}

impl Transport for Outbox {
    fn hand_over<'a>(&'a self, mail: &'a Mail) -> Answer<'a> {
        Box::pin(async move {
            let bytes = compose(&self.from, mail)?.formatted();
            // The identifier begins with the time, so the newest is the last by name.
            let path = self.folder.join(format!("{}.eml", mail.id));
            let (folder, file) = (self.folder.clone(), path.clone());
            let written = tokio::task::spawn_blocking(move || write(&folder, &file, &bytes)).await;
            match written {
                Ok(Ok(())) => {
                    let (domain, subject) = (domain_of(&mail.recipient), mail.subject.as_str());
                    let file = path.display();
                    tracing::info!(domain, subject, %file, "there is no mail server, so a mail was put into a file");
                    Ok(())
                }
                Ok(Err(error)) => Err(Undelivered::Later(format!("{} cannot be written: {error}", path.display()))),
                Err(error) => Err(Undelivered::Later(error.to_string())),
            }
        })
    }
}

/// Whole or not at all: it gets its name when it is on disk.
fn write(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let unfinished = path.with_extension("part");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(unfinished, path)
}
