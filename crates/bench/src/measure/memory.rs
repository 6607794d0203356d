//! B1: memory for an idle connection of somebody who is logged in.

use super::{Bench, Extent};
use crate::{
    chat::{self, Person},
    client::Client,
    crowd::Crowd,
    dialect::{Dialect, bare_publisher},
    message,
    report::Row,
    server::Server,
    usage::Usage,
};
use anyhow::{Result, ensure};
use futures::SinkExt;
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};
use tokio::time::interval;

/// Sockets of one person; Telicat allows no more.
pub(super) const SOCKETS_OF_ONE: usize = 20;
/// Memory has settled when it stayed within this many bytes …
const STEADY: u64 = 64 * 1024;
/// … for so many readings …
const READINGS: usize = 8;
const READ_EVERY: Duration = Duration::from_millis(250);
/// … and it is not waited for longer than this.
const SETTLES_WITHIN: Duration = Duration::from_secs(60);

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let sockets = bench.extent.of(2_000, 200);
    // Longer than the time between two pings, so that what answering one leaves behind is counted.
    let idle = bench.extent.of(Duration::from_secs(30), Duration::from_secs(1));
    let telicat = telicat(bench, sockets, idle).await?;
    let bare = bare(sockets, idle).await?;
    let work = format!("memory for an idle, logged-in connection, {sockets} of them");
    if telicat <= 0.0 || bare <= 0.0 {
        // So few that they disappear in what the allocator has anyway.
        ensure!(bench.extent == Extent::Smoke, "a server did not grow: nothing was measured");
        return Ok(vec![Row::unknown(&work)]);
    }
    Ok(vec![Row::new(work, telicat / 1024.0, "KiB").beside(bare / 1024.0).at_most(10.0)])
}

async fn telicat(bench: &Bench, sockets: usize, idle: Duration) -> Result<f64> {
    let data = bench.folder()?;
    let server = bench.telicat(data.path()).await?;
    let everybody = sockets + sockets / 2;
    let people = chat::sign_up(server.address, everybody.div_ceil(SOCKETS_OF_ONE)).await?;
    server.stop().await?;

    // A new process: the old one has kept memory from hashing passwords, and sockets would hide in it.
    let server = bench.telicat(data.path()).await?;
    let poster = people.first().map(|person| person.cookie.as_str());
    let mut client = Client::connect(server.address, poster).await?;
    let mut listeners = listeners(&people, everybody);
    let early = Crowd::gather(server.address, listeners.split_off(sockets), 2, 1).await?;
    chat::post(&mut client, 0).await?;
    heard_by_all(&early, &[0]).await?;

    let (bytes, late) = grown(&server, listeners, idle).await?;
    // A connection that was quiet for so long may have been closed.
    let mut client = Client::connect(server.address, poster).await?;
    chat::post(&mut client, 1).await?;
    heard_by_all(&early, &[0, 1]).await?;
    heard_by_all(&late, &[1]).await?;
    drop((early, late));
    server.stop().await?;
    Ok(bytes)
}

async fn bare(sockets: usize, idle: Duration) -> Result<f64> {
    let server = Server::bare().await?;
    let mut publisher = bare_publisher(server.address).await?;
    let early = Crowd::gather(server.address, vec![Dialect::Bare; sockets / 2], 2, 1).await?;
    publisher.send(message::text(0).into()).await?;
    heard_by_all(&early, &[0]).await?;

    let (bytes, late) = grown(&server, vec![Dialect::Bare; sockets], idle).await?;
    publisher.send(message::text(1).into()).await?;
    heard_by_all(&early, &[0, 1]).await?;
    heard_by_all(&late, &[1]).await?;
    drop((early, late));
    server.stop().await?;
    Ok(bytes)
}

/// As many listeners as sockets, no person with more than the allowed number.
pub(super) fn listeners(people: &[Person], sockets: usize) -> Vec<Dialect> {
    let cookies = people.iter().flat_map(|person| std::iter::repeat_n(&person.cookie, SOCKETS_OF_ONE));
    cookies.take(sockets).map(|cookie| Dialect::Telicat { cookie: cookie.clone() }).collect()
}

/// By how many bytes the server grows for each listener. Others are there already, so that what an allocator holds in
/// advance is used up.
async fn grown(server: &Server, listeners: Vec<Dialect>, idle: Duration) -> Result<(f64, Crowd)> {
    let before = settled(server.usage, idle).await?;
    let crowd = Crowd::gather(server.address, listeners, 1, 1).await?;
    let after = settled(server.usage, idle).await?;
    Ok(((after as f64 - before as f64) / crowd.len() as f64, crowd))
}

/// That they were connected all the time, and as listeners: the last of these messages is under way.
async fn heard_by_all(crowd: &Crowd, numbers: &[u64]) -> Result<()> {
    crowd.turn().await?;
    crowd.quiet().await?;
    crowd.check(numbers)
}

/// Resident memory in bytes, when it does not change any more, after `least` at the earliest.
async fn settled(usage: Usage, least: Duration) -> Result<u64> {
    let begun = Instant::now();
    let mut clock = interval(READ_EVERY);
    let mut readings = VecDeque::with_capacity(READINGS);
    loop {
        clock.tick().await;
        if readings.len() == READINGS {
            readings.pop_front();
        }
        let resident = usage.memory()?.resident;
        readings.push_back(resident);
        let steady = readings.len() == READINGS && readings.iter().all(|other| resident.abs_diff(*other) <= STEADY);
        if steady && begun.elapsed() >= least {
            return Ok(resident);
        }
        ensure!(begun.elapsed() < SETTLES_WITHIN.max(least * 2), "the server's memory does not settle");
    }
}
