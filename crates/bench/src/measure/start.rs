//! B14: how long a start takes, and how small the program is.

use super::Bench;
use crate::{chat, client::Client, report::Row, server::Server, statistics::Sample};
use anyhow::{Result, ensure};
use http::StatusCode;
use std::{path::Path, time::Duration};

/// One start: when the answers came, counted from the moment the process was made.
struct Start {
    healthy: Duration,
    page: Duration,
    resident: u64,
}

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let times = bench.extent.of(10, 2);
    let mut empty = Vec::new();
    for _ in 0..times {
        let data = bench.folder()?;
        empty.push(start(bench, data.path()).await?);
    }

    let data = bench.folder()?;
    let server = bench.telicat(data.path()).await?;
    let people = chat::sign_up(server.address, 1).await?;
    let mut client = Client::connect(server.address, Some(&people[0].cookie)).await?;
    let posted = chat::post(&mut client, 0).await?;
    server.stop().await?;
    let mut existing = Vec::new();
    for _ in 0..times {
        existing.push(start(bench, data.path()).await?);
    }
    let server = bench.telicat(data.path()).await?;
    let mut client = Client::connect(server.address, Some(&people[0].cookie)).await?;
    chat::verify(&mut client, &[posted]).await?;
    server.stop().await?;

    let executable = std::fs::metadata(&bench.executable)?.len();
    let memory = Sample::of(empty.iter().map(|start| start.resident as f64 / 1e6))?;
    let (empty_health, empty_page) = medians(&empty)?;
    let (existing_health, existing_page) = medians(&existing)?;
    Ok(vec![
        Row::new("start to the first answer of /healthz, no data yet", empty_health, "ms").at_most(100.0),
        Row::new("start to the first page, no data yet", empty_page, "ms").at_most(100.0),
        Row::new("start to the first answer of /healthz, data there", existing_health, "ms").at_most(100.0),
        Row::new("start to the first page, data there", existing_page, "ms").at_most(100.0),
        Row::new("resident memory after it", memory.median(), "MB").at_most(20.0),
        Row::new("size of the executable", executable as f64 / 1e6, "MB").at_most(30.0),
    ])
}

async fn start(bench: &Bench, data: &Path) -> Result<Start> {
    let server: Server = bench.telicat(data).await?;
    let mut client = Client::connect(server.address, None).await?;
    let health = client.get("/healthz", &[]).await?;
    let healthy = server.begun.elapsed();
    ensure!(health.status == StatusCode::OK, "/healthz: {}", health.status);
    client.page("/").await?;
    let page = server.begun.elapsed();
    let resident = server.usage.memory()?.resident;
    server.stop().await?;
    Ok(Start { healthy, page, resident })
}

fn medians(starts: &[Start]) -> Result<(f64, f64)> {
    let healthy = Sample::milliseconds(starts.iter().map(|start| start.healthy))?;
    let page = Sample::milliseconds(starts.iter().map(|start| start.page))?;
    Ok((healthy.median(), page.median()))
}
