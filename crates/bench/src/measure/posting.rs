//! B4: durable posts, by one sender and by many, beside what the disk needs to make one write durable.

use super::Bench;
use crate::{
    chat::{self, Person, Posted},
    client::Client,
    disk,
    report::Row,
    statistics::Sample,
};
use anyhow::{Result, ensure};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// How often the disk and the one sender take turns.
const TURNS: u32 = 5;
/// Blocks that are written to know the disk.
const WRITES: usize = 200;

/// What senders saw.
#[derive(Default)]
struct Run {
    posted: Vec<Posted>,
    waits: Vec<Duration>,
    took: Duration,
}

impl Run {
    fn extend(&mut self, more: Self) {
        self.posted.extend(more.posted);
        self.waits.extend(more.waits);
        self.took += more.took;
    }

    fn a_second(&self) -> f64 {
        self.posted.len() as f64 / self.took.as_secs_f64()
    }
}

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let during = bench.extent.of(Duration::from_secs(10), Duration::from_secs(1));
    let senders = bench.extent.of(100, 10);
    let data = bench.folder()?;
    let server = bench.telicat(data.path()).await?;
    let people = chat::sign_up(server.address, senders).await?;

    // In turns, because a disk that others use is not the same all the time.
    let mut fsync = Vec::new();
    let mut one = Run::default();
    for _ in 0..TURNS {
        fsync.extend(disk::fsync_times(data.path(), WRITES / TURNS as usize).await?);
        one.extend(run(server.address, &people[..1], one.posted.len() as u64, during / TURNS).await?);
    }
    let many = run(server.address, &people, one.posted.len() as u64, during).await?;

    // Looked for by another process than the one that acknowledged them.
    server.kill().await?;
    let server = bench.telicat(data.path()).await?;
    let mut reader = Client::connect(server.address, Some(&people[0].cookie)).await?;
    chat::verify(&mut reader, &[one.posted.as_slice(), &many.posted].concat()).await?;
    server.stop().await?;

    let fsync = Sample::milliseconds(fsync)?.median();
    let (one_rate, many_rate) = (one.a_second(), many.a_second());
    let (one, many) = (Sample::milliseconds(one.waits)?, Sample::milliseconds(many.waits)?);
    let by = format!("{senders} senders");
    Ok(vec![
        Row::new("the disk: 4 KiB written and durable, median", fsync, "ms"),
        in_fsyncs(one.median(), fsync),
        Row::new("durable post, 1 sender: median", one.median(), "ms"),
        Row::new("durable post, 1 sender: p99", one.percentile(99.0), "ms"),
        Row::new("durable posts, 1 sender", one_rate, "/s"),
        Row::new(format!("durable posts, {by}"), many_rate, "/s").at_least(10_000.0),
        Row::new(format!("durable post, {by}: median"), many.median(), "ms"),
        Row::new(format!("durable post, {by}: p99"), many.percentile(99.0), "ms").at_most(25.0),
    ])
}

/// A durable post contains an fsync, so one that took less shows that the two were not measured under equal conditions
/// (or that it was not durable): on a busy machine the probe waits for a core, not for the disk.
fn in_fsyncs(post: f64, fsync: f64) -> Row {
    let work = "durable post, 1 sender: median, in fsyncs of this disk";
    if post < fsync {
        eprintln!("B4: a post took {post:.3} ms and an fsync {fsync:.3} ms: their ratio means nothing");
        return Row::unknown(work).with("a post took less than the fsync in it");
    }
    Row::new(work, post / fsync, "fsync").at_most(1.5)
}

/// Each of them posts over a connection of its own, the next message when the one before is acknowledged.
async fn run(address: SocketAddr, senders: &[Person], first: u64, during: Duration) -> Result<Run> {
    let next = Arc::new(AtomicU64::new(first));
    let mut clients = Vec::new();
    for sender in senders {
        clients.push(Client::connect(address, Some(&sender.cookie)).await?);
    }
    let begun = Instant::now();
    let mut sending = JoinSet::new();
    for client in clients {
        sending.spawn(send(client, next.clone(), begun + during));
    }
    let mut run = Run::default();
    while let Some(done) = sending.join_next().await {
        for (post, wait) in done?? {
            run.posted.push(post);
            run.waits.push(wait);
        }
    }
    run.took = begun.elapsed();
    ensure!(run.posted.len() >= senders.len(), "not everybody could post");
    Ok(run)
}

async fn send(mut client: Client, next: Arc<AtomicU64>, until: Instant) -> Result<Vec<(Posted, Duration)>> {
    let mut sent = Vec::new();
    while Instant::now() < until {
        let begun = Instant::now();
        let posted = chat::post(&mut client, next.fetch_add(1, Ordering::Relaxed)).await?;
        sent.push((posted, begun.elapsed()));
    }
    Ok(sent)
}
