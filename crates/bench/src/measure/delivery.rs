//! B2: CPU time for one delivery, beside the bare server in turns, and under load.

use super::{
    Bench,
    memory::{SOCKETS_OF_ONE, listeners},
};
use crate::{
    chat::{self, Person, Posted},
    client::Client,
    crowd::Crowd,
    dialect::{Dialect, Socket, bare_publisher},
    message,
    report::Row,
    server::Server,
    statistics::Sample,
};
use anyhow::{Result, ensure};
use futures::{SinkExt, future::try_join_all};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// Messages under way at most while the server is loaded: fewer than it keeps for a listener before it cuts it off.
const UNDER_WAY: u32 = 256;
/// More than can be sent in one run.
const MESSAGES: usize = 1_000_000;

/// A server, all its listeners, and the way to send to them.
struct Stage {
    server: Server,
    crowd: Crowd,
    publisher: Publisher,
    /// The numbers of all messages, in their order.
    sent: Vec<u64>,
}

enum Publisher {
    Telicat(Client),
    Bare(Box<Socket>),
}

/// What a loaded server did.
struct Load {
    posts: usize,
    deliveries: f64,
    cpu: Duration,
    took: Duration,
}

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let count = bench.extent.of(1_000, 100);
    let posts = bench.extent.of(150, 200);
    let rounds = bench.extent.of(9, 2);
    let data = bench.folder()?;
    let server = bench.telicat(data.path()).await?;
    let people = chat::sign_up(server.address, bench.extent.of(100, 10)).await?;
    let mut telicat = Stage::telicat(server, &people, count).await?;
    let mut bare = Stage::bare(count).await?;

    telicat.microseconds(posts).await?;
    bare.microseconds(posts).await?;
    let (mut ours, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        ours.push(telicat.microseconds(posts).await?);
        floor.push(bare.microseconds(posts).await?);
    }
    bare.crowd.check(&bare.sent)?;
    drop(bare.crowd);
    bare.server.stop().await?;

    let load = telicat.load(&people, bench.extent.of(Duration::from_secs(10), Duration::from_secs(1))).await?;
    drop(telicat.crowd);
    telicat.server.stop().await?;

    let ratio = Sample::of(ours.iter().zip(&floor).map(|(ours, floor)| ours / floor))?.median();
    let (ours, floor) = (Sample::of(ours)?.median(), Sample::of(floor)?.median());
    let alone = format!("CPU for one delivery, {count} listeners, one message at a time");
    let loaded = format!("CPU for one delivery, {count} listeners, {} senders at once", people.len());
    let seconds = load.took.as_secs_f64();
    Ok(vec![
        Row::new(alone, ours, "µs").beside(floor).in_ratio(ratio).ratio_at_most(1.3),
        Row::new(loaded, load.cpu.as_secs_f64() * 1e6 / load.deliveries, "µs").below(1.0),
        Row::new("deliveries in that load, the listeners on the same cores", load.deliveries / seconds, "/s"),
        Row::new("durable posts in that load", load.posts as f64 / seconds, "/s"),
    ])
}

impl Stage {
    async fn telicat(server: Server, people: &[Person], count: usize) -> Result<Self> {
        ensure!(people.len() * SOCKETS_OF_ONE >= count, "too few people for so many sockets");
        let crowd = Crowd::gather(server.address, listeners(people, count), MESSAGES, 1).await?;
        let poster = people.first().map(|person| person.cookie.as_str());
        let publisher = Publisher::Telicat(Client::connect(server.address, poster).await?);
        Ok(Self { server, crowd, publisher, sent: Vec::new() })
    }

    async fn bare(count: usize) -> Result<Self> {
        let server = Server::bare().await?;
        let crowd = Crowd::gather(server.address, vec![Dialect::Bare; count], MESSAGES, 1).await?;
        let publisher = Publisher::Bare(Box::new(bare_publisher(server.address).await?));
        Ok(Self { server, crowd, publisher, sent: Vec::new() })
    }

    /// CPU time of the server for one delivery, in microseconds: each message is sent when all have the one before.
    async fn microseconds(&mut self, posts: usize) -> Result<f64> {
        let before = self.server.usage.cpu()?;
        for _ in 0..posts {
            self.crowd.turn().await?;
            let number = self.sent.len() as u64;
            self.publisher.publish(number).await?;
            self.sent.push(number);
        }
        self.crowd.quiet().await?;
        let used = self.server.usage.cpu()? - before;
        ensure!(!used.is_zero(), "too little CPU was used to be counted");
        Ok(used.as_secs_f64() * 1e6 / (posts * self.crowd.len()) as f64)
    }

    /// Everybody posts as fast as answers come.
    async fn load(&mut self, people: &[Person], during: Duration) -> Result<Load> {
        self.crowd.check(&self.sent)?;
        self.crowd.widen(UNDER_WAY);
        let before = self.server.usage.cpu()?;
        let begun = Instant::now();
        let mut posted = self.everybody_posts(people, begun + during).await?;
        let took = begun.elapsed();
        let cpu = self.server.usage.cpu()? - before;

        posted.sort_unstable_by_key(|post| post.seq);
        let gapless = posted.windows(2).all(|pair| pair[1].seq == pair[0].seq + 1);
        ensure!(gapless, "the acknowledged messages are not numbered without a gap");
        self.sent.extend(posted.iter().filter_map(|post| message::number(&post.body)));
        self.crowd.check(&self.sent)?;
        Ok(Load { posts: posted.len(), deliveries: (posted.len() * self.crowd.len()) as f64, cpu, took })
    }

    async fn everybody_posts(&self, people: &[Person], until: Instant) -> Result<Vec<Posted>> {
        let next = AtomicU64::new(self.sent.len() as u64);
        let posting = people.iter().map(|person| self.one_posts(person, &next, until));
        let posted = try_join_all(posting).await?;
        self.crowd.quiet().await?;
        Ok(posted.into_iter().flatten().collect())
    }

    async fn one_posts(&self, person: &Person, next: &AtomicU64, until: Instant) -> Result<Vec<Posted>> {
        let mut client = Client::connect(self.server.address, Some(&person.cookie)).await?;
        let mut posted = Vec::new();
        while Instant::now() < until {
            self.crowd.turn().await?;
            posted.push(chat::post(&mut client, next.fetch_add(1, Ordering::Relaxed)).await?);
        }
        Ok(posted)
    }
}

impl Publisher {
    async fn publish(&mut self, number: u64) -> Result<()> {
        match self {
            Self::Telicat(client) => chat::post(client, number).await.map(|_| ()),
            Self::Bare(socket) => Ok(socket.send(message::text(number).into()).await?),
        }
    }
}
