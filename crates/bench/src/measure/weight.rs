//! B12: the bytes of a visit, as they are sent.
//!
//! Bodies only: what HTTP and TCP add depends on the line. Compressed where the server compresses; what a reference
//! stands in is fetched a second time as plain text, because this program does not decompress.

use super::{
    Bench,
    room_page::{fill, room_path},
};
use crate::{
    chat,
    client::{Answer, Client},
    document::{self, Kind},
    report::Row,
    server::Server,
};
use anyhow::{Context, Result, ensure};
use http::{HeaderName, StatusCode, header};
use std::collections::{BTreeMap, VecDeque};

/// Where browsers look when a page names no icon.
const FAVICON: &str = "/favicon.ico";

/// All that one visit fetches, by path.
struct Visit {
    parts: BTreeMap<String, Part>,
}

struct Part {
    kind: Kind,
    sent: u64,
    /// On the next visit.
    sent_again: u64,
}

pub(super) async fn measure(bench: &Bench) -> Result<Vec<Row>> {
    let data = bench.folder()?;
    let server = bench.telicat(data.path()).await?;
    let people = chat::sign_up(server.address, 10).await?;
    fill(&server, &people).await?;
    let room = visit(&server, Some(&people[0].cookie), &room_path()).await?;
    let home = visit(&server, None, "/").await?;
    let login = visit(&server, None, "/accounts/login").await?;
    server.stop().await?;

    ensure!(room.sum(Kind::Wasm) > 0 && room.sum(Kind::Script) > 0, "the room's page refers to no script or no wasm");
    ensure!(room.sum(Kind::Style) > 0, "the room's page refers to no style");
    let mut rows = vec![
        Row::new("first visit to a room, signed in, everything", room.total() as f64 / 1e3, "kB")
            .at_most(300.0)
            .with(room.composition()),
        Row::new("second visit to it", room.total_again() as f64 / 1e3, "kB").at_most(15.0),
    ];
    for (page, visit) in [("/", home), ("/accounts/login", login)] {
        let readable = visit.total() - visit.sum(Kind::Wasm);
        let work = format!("first visit to {page}, not signed in");
        rows.push(Row::new(format!("{work}, without wasm"), readable as f64 / 1e3, "kB").at_most(60.0));
        rows.push(Row::new(work, visit.total() as f64 / 1e3, "kB").with(visit.composition()));
    }
    Ok(rows)
}

async fn visit(server: &Server, cookie: Option<&str>, page: &str) -> Result<Visit> {
    let mut client = Client::connect(server.address, cookie).await?;
    let mut visit = Visit { parts: BTreeMap::new() };
    let mut open = VecDeque::from([(page.to_owned(), Kind::Page)]);
    while let Some((path, kind)) = open.pop_front() {
        if visit.parts.contains_key(&path) {
            continue;
        }
        let part = fetch(&mut client, &path, kind).await?;
        visit.parts.insert(path.clone(), part);
        if kind.may_refer() {
            let plain = get(&mut client, &path, kind, &[]).await?;
            open.extend(document::references(plain.text()?, &path, kind)?);
        }
        if open.is_empty() && !visit.parts.values().any(|part| part.kind == Kind::Icon) {
            let answer = client.get(FAVICON, &[]).await?;
            if answer.status == StatusCode::OK {
                open.push_back((FAVICON.to_owned(), Kind::Icon));
            }
        }
    }
    Ok(visit)
}

async fn fetch(client: &mut Client, path: &str, kind: Kind) -> Result<Part> {
    let first = get(client, path, kind, &[(header::ACCEPT_ENCODING, "br")]).await?;
    let sent = first.body.len() as u64;
    let sent_again = if is_immutable(&first) { 0 } else { again(client, path, kind, &first).await? };
    Ok(Part { kind, sent, sent_again })
}

/// What a browser asks again, with what it knows of the first answer.
async fn again(client: &mut Client, path: &str, kind: Kind, first: &Answer) -> Result<u64> {
    let condition = match first.headers.get(header::ETAG) {
        Some(tag) => Some((header::IF_NONE_MATCH, tag)),
        None => first.headers.get(header::LAST_MODIFIED).map(|time| (header::IF_MODIFIED_SINCE, time)),
    };
    let mut headers = vec![(header::ACCEPT_ENCODING, "br"), (header::ACCEPT, kind.accept())];
    if let Some((name, value)) = &condition {
        headers.push((name.clone(), value.to_str().context("a strange header")?));
    }
    Ok(client.get(path, &headers).await?.body.len() as u64)
}

async fn get(client: &mut Client, path: &str, kind: Kind, headers: &[(HeaderName, &str)]) -> Result<Answer> {
    let headers = [headers, &[(header::ACCEPT, kind.accept())]].concat();
    let answer = client.get(path, &headers).await?;
    ensure!(answer.status == StatusCode::OK, "GET {path}: {}", answer.status);
    Ok(answer)
}

fn is_immutable(answer: &Answer) -> bool {
    let control = answer.headers.get(header::CACHE_CONTROL).and_then(|value| value.to_str().ok());
    control.is_some_and(|control| control.contains("immutable"))
}

impl Visit {
    fn total(&self) -> u64 {
        self.parts.values().map(|part| part.sent).sum()
    }

    fn total_again(&self) -> u64 {
        self.parts.values().map(|part| part.sent_again).sum()
    }

    fn sum(&self, kind: Kind) -> u64 {
        self.parts.values().filter(|part| part.kind == kind).map(|part| part.sent).sum()
    }

    /// Of what it consists, the heaviest first.
    fn composition(&self) -> String {
        let mut sums: Vec<_> = Kind::ALL.into_iter().map(|kind| (self.sum(kind), kind)).collect();
        sums.retain(|(sum, _)| *sum > 0);
        sums.sort_by_key(|(sum, _)| std::cmp::Reverse(*sum));
        let parts: Vec<_> =
            sums.iter().map(|(sum, kind)| format!("{} {:.1}", kind.name(), *sum as f64 / 1e3)).collect();
        parts.join(", ")
    }
}
