//! Writing an archive: on a thread of its own, because compressing and the disk take their time.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, BufWriter, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};
use tokio::sync::mpsc;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// What goes into an archive.
pub(super) enum Part {
    /// A file of this name begins.
    Entry(String),
    /// More of the file.
    Bytes(Vec<u8>),
    /// That was all.
    End,
}

/// Writes an archive, readable by its owner alone. Says how many bytes it has; nothing when the parts ended before
/// [`Part::End`]. Only a whole one has the name `path`.
pub(super) fn write(path: &Path, parts: mpsc::Receiver<Part>) -> io::Result<Option<u64>> {
    let temporary = path.with_extension("part");
    let written = write_to(&temporary, parts).and_then(|size| {
        if size.is_some() {
            fs::rename(&temporary, path)?;
        }
        Ok(size)
    });
    if !matches!(written, Ok(Some(_))) {
        // It may not have been made at all, and what is left is removed at the next start.
        let _removed = fs::remove_file(&temporary);
    }
    written
}

fn write_to(path: &Path, mut parts: mpsc::Receiver<Part>) -> io::Result<Option<u64>> {
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    let mut archive = ZipWriter::new(BufWriter::new(file));
    // Room for more than 4 GiB, because the length of a file is not known when it begins.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .large_file(true)
        .unix_permissions(0o600);
    while let Some(part) = parts.blocking_recv() {
        match part {
            Part::Entry(name) => archive.start_file(name, options).map_err(io::Error::other)?,
            Part::Bytes(bytes) => archive.write_all(&bytes)?,
            Part::End => return close(archive).map(Some),
        }
    }
    Ok(None)
}

fn close(archive: ZipWriter<BufWriter<File>>) -> io::Result<u64> {
    let file = archive.finish().map_err(io::Error::other)?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(file.metadata()?.len())
}
