//! What people do: sign up, post, and read everything again to see whether it is there.

use crate::{client::Client, message};
use anyhow::{Context, Result, bail, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use http::header;
use serde::Deserialize;
use std::{borrow::Cow, collections::HashMap, net::SocketAddr};

/// The room that exists everywhere.
pub(crate) const ROOM: &str = "public-chat";
const PASSWORD: &str = "seven+boats+left+the+harbour+early";
/// Sign-ups under way at once; each keeps a core busy for a while, because passwords are hashed slowly on purpose.
const SIGNUPS_AT_ONCE: usize = 2;

/// Somebody with an account, signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) cookie: String,
}

/// A message that the server acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Posted {
    pub(crate) seq: i64,
    pub(crate) id: String,
    pub(crate) nonce: String,
    pub(crate) body: String,
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    events: Vec<Event<'a>>,
    next: Option<i64>,
}

#[derive(Deserialize)]
struct Event<'a> {
    kind: Cow<'a, str>,
    seq: i64,
    #[serde(default)]
    id: String,
    #[serde(default)]
    nonce: String,
    #[serde(default)]
    body: String,
}

/// `count` people who did not exist before.
///
/// # Errors
///
/// When one of them cannot sign up.
pub(crate) async fn sign_up(address: SocketAddr, count: usize) -> Result<Vec<Person>> {
    let people = stream::iter(0..count).map(|number| sign_up_one(address, number));
    people.buffered(SIGNUPS_AT_ONCE).try_collect().await
}

async fn sign_up_one(address: SocketAddr, number: usize) -> Result<Person> {
    let mut client = Client::connect(address, None).await?;
    let form = format!("email=guest{number}@example.org&username=guest{number}&password={PASSWORD}");
    let answer = client.submit("/api/accounts/signup", form).await?;
    let cookies = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let cookie = cookies.filter_map(|cookie| cookie.split(';').next()).find(|pair| pair.starts_with("telicat="));
    Ok(Person { cookie: cookie.context("signing up set no cookie")?.to_owned() })
}

/// Posts the message with that number, and gives it back as the server has it.
///
/// # Errors
///
/// When it is not acknowledged, or something else is acknowledged.
pub(crate) async fn post(client: &mut Client, number: u64) -> Result<Posted> {
    let text = message::text(number);
    let form = format!("room={ROOM}&nonce={}&body={}", nonce(number), text.replace(' ', "+"));
    let answer = client.submit("/api/messages/post", form).await?;
    let posted: Posted = serde_json::from_slice(&answer.body).context("the answer to a post is not understood")?;
    ensure!(posted.body == text && posted.nonce == nonce(number), "message {number} was acknowledged as another");
    Ok(posted)
}

/// A UUID of version 4 as to its form. It has to differ only from the others of one run.
fn nonce(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// Reads the whole room and compares it with what was acknowledged: each message there, once, as it was, and the
/// numbers without a gap from the first event of the room to the last.
///
/// # Errors
///
/// When anything was lost, doubled, changed, or is there that nobody posted.
pub(crate) async fn verify(client: &mut Client, acknowledged: &[Posted]) -> Result<()> {
    let mut missing: HashMap<&str, &Posted> = acknowledged.iter().map(|post| (post.nonce.as_str(), post)).collect();
    ensure!(missing.len() == acknowledged.len(), "a nonce was used twice");
    let mut seq = 0;
    let mut next = Some(0);
    while let Some(from) = next {
        let answer = client.ask(&format!("/api/messages/since?room={ROOM}&seq={from}")).await?;
        let page: Page = serde_json::from_slice(&answer.body).context("messages/since is not understood")?;
        for event in page.events {
            ensure!(event.seq == seq + 1, "event {} follows event {seq}", event.seq);
            seq = event.seq;
            if event.kind == "posted" {
                take(&mut missing, event)?;
            }
        }
        ensure!(page.next.is_none_or(|next| next == seq && next > from), "messages/since turns in circles at {from}");
        next = page.next;
    }
    match missing.values().next() {
        Some(lost) => bail!("{} acknowledged messages are lost, one is event {}", missing.len(), lost.seq),
        None => Ok(()),
    }
}

fn take(missing: &mut HashMap<&str, &Posted>, event: Event<'_>) -> Result<()> {
    let seq = event.seq;
    let posted = missing.remove(event.nonce.as_str());
    let posted = posted.with_context(|| format!("event {seq} is doubled, or nobody posted it"))?;
    let stored = Posted { seq, id: event.id, nonce: event.nonce, body: event.body };
    ensure!(*posted == stored, "event {seq} is not what was acknowledged");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(posted: &Posted) -> Event<'static> {
        let Posted { seq, id, nonce, body } = posted.clone();
        Event { kind: "posted".into(), seq, id, nonce, body }
    }

    #[test]
    fn a_doubled_or_changed_message_is_noticed() {
        let posted = Posted { seq: 1, id: "a".into(), nonce: nonce(7), body: "hello".into() };
        let missing = HashMap::from([(posted.nonce.as_str(), &posted)]);

        let mut good = missing.clone();
        take(&mut good, event(&posted)).unwrap();
        assert!(good.is_empty());
        assert!(take(&mut good, event(&posted)).is_err(), "it came twice");

        for changed in [Posted { seq: 2, ..posted.clone() }, Posted { body: "hell".into(), ..posted.clone() }] {
            assert!(take(&mut missing.clone(), event(&changed)).is_err());
        }
    }
}
