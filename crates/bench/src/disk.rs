//! How long the disk takes to make something durable: the floor of every durable post.

use anyhow::Result;
use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
    path::Path,
    time::{Duration, Instant},
};

const BLOCK: [u8; 4096] = [0x5a; 4096];

/// Writes 4 KiB and waits until it is on the disk, `writes` times, in a file of its own in `folder`.
///
/// The blocks are there before and are overwritten, as in a database's log that is in use: a file that grows would also
/// wait for the file system's own records, and make the floor look higher than it is.
///
/// # Errors
///
/// When the file cannot be written.
pub(crate) async fn fsync_times(folder: &Path, writes: usize) -> Result<Vec<Duration>> {
    let place = folder.join("fsync-probe");
    tokio::task::spawn_blocking(move || {
        let mut file = File::create(&place)?;
        for _ in 0..writes {
            file.write_all(&BLOCK)?;
        }
        file.sync_all()?;
        file.seek(SeekFrom::Start(0))?;
        let times = (0..writes).map(|_| timed_write(&mut file)).collect::<Result<Vec<_>>>();
        std::fs::remove_file(&place)?;
        times
    })
    .await?
}

fn timed_write(file: &mut File) -> Result<Duration> {
    let begun = Instant::now();
    file.write_all(&BLOCK)?;
    file.sync_data()?;
    Ok(begun.elapsed())
}
