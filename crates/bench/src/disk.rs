//! How long the disk takes to make something durable: the floor of every durable post.

use anyhow::Result;
use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

const WRITES: usize = 200;
const BLOCK: [u8; 4096] = [0x5a; 4096];

/// Appends 4 KiB and waits until it is on the disk, 200 times, in a file of its own in `folder`.
///
/// # Errors
///
/// When the file cannot be written.
pub(crate) async fn fsync_times(folder: &Path) -> Result<Vec<Duration>> {
    let place: PathBuf = folder.join("fsync-probe");
    tokio::task::spawn_blocking(move || {
        let mut file = File::create(&place)?;
        let times = (0..WRITES).map(|_| timed_write(&mut file)).collect::<Result<Vec<_>>>();
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
