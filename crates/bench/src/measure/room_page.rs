//! B6: the page of a room, for somebody who is signed in.

use super::Bench;
use crate::{
    chat::{self, Person},
    client::Client,
    message,
    report::Row,
    server::Server,
    statistics::Sample,
};
use anyhow::{Result, ensure};
use std::time::{Duration, Instant};
use tokio::{task::JoinSet, time::sleep_until};

/// Messages on the page.
const SHOWN: usize = 50;
/// Messages in the room: more than a page, as in any room that is used.
const WRITTEN: u64 = 60;
const AUTHORS: usize = 10;
const CONNECTIONS: [usize; 3] = [1, 2, 8];

/// What readers that ask again and again did to the server.
struct Rate {
    a_second: f64,
    /// Of the server, for each request.
    cpu_milliseconds: f64,
}

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let during = bench.extent.of(Duration::from_secs(6), Duration::from_secs(1));
    let data = bench.folder()?;
    let server = bench.telicat(data.path()).await?;
    let people = chat::sign_up(server.address, AUTHORS).await?;
    let newest = fill(&server, &people).await?;
    let reader = Reader { path: room_path(), newest, page: 0 }.having_seen(&server, &people[0]).await?;

    // Not counted: caches, pools and the allocator come to their working size.
    rate(&server, &people, &reader, 2, during / 4).await?;
    let mut rows = Vec::new();
    let mut last = Rate { a_second: 0.0, cpu_milliseconds: 0.0 };
    for connections in CONNECTIONS {
        last = rate(&server, &people, &reader, connections, during).await?;
        let over = if connections == 1 { "connection" } else { "connections" };
        let work = format!("room page, {SHOWN} messages, {connections} keep-alive {over}");
        rows.push(Row::new(work, last.a_second, "/s"));
    }
    let waits = half_load(&server, &people, &reader, last.a_second / 2.0, during).await?;
    server.stop().await?;

    rows.push(Row::new("the same: CPU of the server for one page", last.cpu_milliseconds, "ms"));
    rows.push(Row::new("the same: pages for a second of CPU", 1e3 / last.cpu_milliseconds, "/s").at_least(3_000.0));
    rows.push(Row::new("the same: time to first byte at half load, median", waits.median(), "ms"));
    let p99 = waits.percentile(99.0);
    rows.push(Row::new("the same: time to first byte at half load, p99", p99, "ms").at_most(10.0));
    rows.push(Row::new("the same: size of the page, not compressed", reader.page as f64 / 1e3, "kB"));
    Ok(rows)
}

pub(super) fn room_path() -> String {
    format!("/chat/room/{}", chat::ROOM)
}

/// Writes what the page shows, by several authors in turns. Gives how the newest message begins.
pub(super) async fn fill(server: &Server, people: &[Person]) -> Result<String> {
    let mut authors = Vec::new();
    for person in people {
        authors.push(Client::connect(server.address, Some(&person.cookie)).await?);
    }
    let count = authors.len() as u64;
    for number in 0..WRITTEN {
        chat::post(&mut authors[(number % count) as usize], number).await?;
    }
    Ok(message::mark(WRITTEN - 1))
}

/// What is asked for, and what must be in it.
#[derive(Clone)]
struct Reader {
    path: String,
    newest: String,
    /// Bytes.
    page: usize,
}

impl Reader {
    /// Looks closely once: the page has all its messages.
    async fn having_seen(mut self, server: &Server, person: &Person) -> Result<Self> {
        let page = Client::connect(server.address, Some(&person.cookie)).await?.page(&self.path).await?;
        let articles = page.text()?.matches("<article").count();
        ensure!(articles == SHOWN, "the page shows {articles} messages, not {SHOWN}");
        self.page = page.body.len();
        Ok(self)
    }

    /// One request, and whether the answer is the page. The time is that to the first byte.
    async fn read(&self, client: &mut Client) -> Result<Duration> {
        let answer = client.page(&self.path).await?;
        let page = answer.text()?;
        ensure!(page.contains(r#"role="log""#), "the page has no list of messages");
        ensure!(page.contains(&self.newest), "the page lacks the newest message");
        Ok(answer.first_byte)
    }
}

async fn connections(server: &Server, people: &[Person], count: usize) -> Result<Vec<Client>> {
    let mut clients = Vec::new();
    for person in people.iter().cycle().take(count) {
        clients.push(Client::connect(server.address, Some(&person.cookie)).await?);
    }
    Ok(clients)
}

/// Each connection asks again as soon as it has the answer.
async fn rate(server: &Server, people: &[Person], reader: &Reader, count: usize, during: Duration) -> Result<Rate> {
    let clients = connections(server, people, count).await?;
    let before = server.usage.cpu()?;
    let begun = Instant::now();
    let mut reading = JoinSet::new();
    for mut client in clients {
        let reader = reader.clone();
        reading.spawn(async move {
            let mut pages = 0_u32;
            while begun.elapsed() < during {
                reader.read(&mut client).await?;
                pages += 1;
            }
            anyhow::Ok(pages)
        });
    }
    let mut pages = 0;
    while let Some(done) = reading.join_next().await {
        pages += done??;
    }
    let took = begun.elapsed().as_secs_f64();
    let cpu = server.usage.cpu()? - before;
    ensure!(pages > 0, "no page came");
    Ok(Rate { a_second: f64::from(pages) / took, cpu_milliseconds: cpu.as_secs_f64() * 1e3 / f64::from(pages) })
}

/// Requests come at fixed times, whether or not those before are answered: who waits for a connection waits in the
/// figure too.
async fn half_load(
    server: &Server,
    people: &[Person],
    reader: &Reader,
    a_second: f64,
    during: Duration,
) -> Result<Sample> {
    let clients = connections(server, people, 8).await?;
    let every = Duration::from_secs_f64(clients.len() as f64 / a_second);
    let begun = Instant::now();
    let mut reading = JoinSet::new();
    for (place, mut client) in clients.into_iter().enumerate() {
        let reader = reader.clone();
        let mut due = begun + every.mul_f64(place as f64 / 8.0);
        reading.spawn(async move {
            let mut waits = Vec::new();
            while due < begun + during {
                let late = due.elapsed();
                if late.is_zero() {
                    sleep_until(due.into()).await;
                }
                // The timer's own lateness is not the server's.
                waits.push(late + reader.read(&mut client).await?);
                due += every;
            }
            anyhow::Ok(waits)
        });
    }
    let mut waits = Vec::new();
    while let Some(done) = reading.join_next().await {
        waits.extend(done??);
    }
    Sample::milliseconds(waits)
}
