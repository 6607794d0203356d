//! Many listeners, and whether each of them heard everything, once, in order.
//!
//! A message counts as arrived when the last listener has it. The sender needs a turn for each message, and turns come
//! back with arrivals: with one turn, a message is sent only when all have the one before.

use crate::dialect::{Dialect, Said, Socket};
use anyhow::{Context, Error, Result, anyhow, bail, ensure};
use futures::{StreamExt, TryStreamExt, stream};
use std::{
    net::SocketAddr,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    task::JoinSet,
    time::timeout,
};
use tokio_tungstenite::tungstenite::Message;

/// A message that needs longer than this to all listeners is lost.
const PATIENCE: Duration = Duration::from_secs(30);
const HANDSHAKES_AT_ONCE: usize = 32;

/// Listeners that are connected until this is dropped.
pub(crate) struct Crowd {
    heard: Vec<Arc<Heard>>,
    arrivals: Arc<Arrivals>,
    turns: u32,
    _tasks: JoinSet<()>,
}

/// What one listener has heard. Its own task is the only one that writes.
#[derive(Default)]
struct Heard {
    messages: AtomicU64,
    digest: AtomicU64,
}

struct Arrivals {
    listeners: u32,
    /// For each message, in the order in which they are heard, how many listeners have it.
    counts: Vec<AtomicU32>,
    turns: Semaphore,
    fault: OnceLock<Error>,
}

impl Crowd {
    /// Connects one listener for each dialect, ready for `messages` messages at most, `turns` of them under way.
    ///
    /// # Errors
    ///
    /// When one is refused, or does not begin where the others do.
    pub(crate) async fn gather(
        address: SocketAddr,
        dialects: Vec<Dialect>,
        messages: usize,
        turns: u32,
    ) -> Result<Self> {
        let arrivals = Arc::new(Arrivals {
            listeners: u32::try_from(dialects.len())?,
            counts: (0..messages).map(|_| AtomicU32::new(0)).collect(),
            turns: Semaphore::new(turns as usize),
            fault: OnceLock::new(),
        });
        let opening = stream::iter(dialects).map(|dialect| open(address, dialect));
        let open: Vec<Listener> = opening.buffer_unordered(HANDSHAKES_AT_ONCE).try_collect().await?;
        let from = open.first().and_then(|listener| listener.seq);
        ensure!(open.iter().all(|listener| listener.seq == from), "listeners begin at different events");
        let mut tasks = JoinSet::new();
        let heard = open.into_iter().map(|listener| {
            let heard = Arc::new(Heard::default());
            tasks.spawn(listener.listen(heard.clone(), arrivals.clone()));
            heard
        });
        Ok(Self { heard: heard.collect(), arrivals, turns, _tasks: tasks })
    }

    pub(crate) fn len(&self) -> usize {
        self.heard.len()
    }

    /// Waits until the next message may be sent.
    ///
    /// # Errors
    ///
    /// When a listener misheard or is gone, or messages do not arrive.
    pub(crate) async fn turn(&self) -> Result<()> {
        self.arrivals.turns(1).await?.forget();
        Ok(())
    }

    /// Waits until every message is with every listener.
    ///
    /// # Errors
    ///
    /// As for [`Crowd::turn`].
    pub(crate) async fn quiet(&self) -> Result<()> {
        drop(self.arrivals.turns(self.turns).await?);
        Ok(())
    }

    /// From now on, so many messages may be under way; not fewer than before.
    pub(crate) fn widen(&mut self, turns: u32) {
        self.arrivals.turns.add_permits(turns.saturating_sub(self.turns) as usize);
        self.turns = turns;
    }

    /// Whether each listener has heard exactly the messages with these numbers, in this order.
    ///
    /// # Errors
    ///
    /// When one has not.
    pub(crate) fn check(&self, sent: &[u64]) -> Result<()> {
        self.arrivals.check()?;
        let expected = sent.iter().fold(0, |digest, number| followed_by(digest, *number));
        for heard in &self.heard {
            let messages = heard.messages.load(Ordering::Acquire);
            ensure!(messages == sent.len() as u64, "{} messages were sent, a listener has {messages}", sent.len());
            let same = heard.digest.load(Ordering::Acquire) == expected;
            ensure!(same, "a listener heard other messages than were sent, or in another order");
        }
        Ok(())
    }
}

impl Arrivals {
    async fn turns(&self, many: u32) -> Result<SemaphorePermit<'_>> {
        let Ok(granted) = timeout(PATIENCE, self.turns.acquire_many(many)).await else {
            self.check()?;
            bail!("a message did not reach all listeners");
        };
        self.check()?;
        granted.context("the listeners are gone")
    }

    fn check(&self) -> Result<()> {
        self.fault.get().map_or(Ok(()), |fault| Err(anyhow!("{fault:#}")))
    }

    fn fail(&self, fault: Error) {
        // Only the first fault is told: what follows it is its consequence.
        self.fault.set(fault).ok();
        self.turns.close();
    }

    /// One more listener has the message with that index.
    fn arrived(&self, index: u64) -> Result<()> {
        let count = usize::try_from(index).ok().and_then(|index| self.counts.get(index));
        let count = count.context("more messages came than could be sent")?;
        if count.fetch_add(1, Ordering::AcqRel) + 1 == self.listeners {
            self.turns.add_permits(1);
        }
        Ok(())
    }
}

struct Listener {
    socket: Socket,
    dialect: Dialect,
    /// The last event before it came, where the server counts.
    seq: Option<i64>,
}

async fn open(address: SocketAddr, dialect: Dialect) -> Result<Listener> {
    let mut socket = dialect.listen(address).await?;
    let mut seq = None;
    if dialect.greets() {
        let first = timeout(PATIENCE, next_said(&mut socket, &dialect)).await.context("no hello in time")??;
        let Said::Hello { seq: head } = first else { bail!("a socket began with {first:?}") };
        seq = Some(head);
    }
    Ok(Listener { socket, dialect, seq })
}

impl Listener {
    async fn listen(mut self, heard: Arc<Heard>, arrivals: Arc<Arrivals>) {
        loop {
            if let Err(fault) = self.hear(&heard, &arrivals).await {
                return arrivals.fail(fault);
            }
        }
    }

    async fn hear(&mut self, heard: &Heard, arrivals: &Arrivals) -> Result<()> {
        match next_said(&mut self.socket, &self.dialect).await? {
            Said::Message { number, seq } => {
                let expected = self.seq.map(|last| last + 1);
                ensure!(seq == expected, "a listener heard event {seq:?} where {expected:?} was due");
                self.seq = seq;
                let index = heard.messages.load(Ordering::Relaxed);
                let digest = heard.digest.load(Ordering::Relaxed);
                heard.digest.store(followed_by(digest, number), Ordering::Release);
                heard.messages.store(index + 1, Ordering::Release);
                arrivals.arrived(index)
            }
            Said::Hello { .. } => bail!("a listener was greeted twice"),
            Said::Other => Ok(()),
        }
    }
}

async fn next_said(socket: &mut Socket, dialect: &Dialect) -> Result<Said> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return dialect.understand(&text),
            Some(Ok(Message::Close(reason))) => bail!("a listener was closed: {reason:?}"),
            // Pings are answered by the library when it reads on.
            Some(Ok(_)) => {}
            Some(Err(error)) => return Err(error).context("a listener was cut"),
            None => bail!("a listener was cut"),
        }
    }
}

/// The digest of a sequence of numbers, one number longer: 64-bit FNV-1a, a number at a time. Another order gives
/// another digest.
fn followed_by(digest: u64, number: u64) -> u64 {
    (digest ^ number).wrapping_mul(0x0100_0000_01b3).wrapping_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{bare, dialect::bare_publisher, message};
    use futures::SinkExt;
    use tokio::net::TcpListener;
    use tokio_tungstenite::accept_async;

    async fn bare_crowd(listeners: usize) -> (Crowd, Socket) {
        let server = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = server.local_addr().unwrap();
        tokio::spawn(async move { bare::serve(&server).await });
        let crowd = Crowd::gather(address, vec![Dialect::Bare; listeners], 100, 1).await.unwrap();
        (crowd, bare_publisher(address).await.unwrap())
    }

    #[tokio::test]
    async fn every_listener_of_the_bare_server_hears_everything() {
        let (mut crowd, mut publisher) = bare_crowd(30).await;
        for number in 0..20 {
            crowd.turn().await.unwrap();
            publisher.send(message::text(number).into()).await.unwrap();
        }
        crowd.quiet().await.unwrap();
        crowd.widen(10);
        for number in 20..50 {
            crowd.turn().await.unwrap();
            publisher.send(message::text(number).into()).await.unwrap();
        }
        crowd.quiet().await.unwrap();
        crowd.check(&(0..50).collect::<Vec<_>>()).unwrap();
    }

    #[tokio::test]
    async fn a_lost_doubled_or_reordered_message_is_noticed() {
        let (crowd, mut publisher) = bare_crowd(3).await;
        for number in [1, 2, 3] {
            crowd.turn().await.unwrap();
            publisher.send(message::text(number).into()).await.unwrap();
        }
        crowd.quiet().await.unwrap();
        crowd.check(&[1, 2, 3]).unwrap();
        for other in [&[1, 2][..], &[1, 2, 3, 4], &[1, 3, 2], &[1, 2, 2], &[]] {
            assert!(crowd.check(other).is_err(), "{other:?}");
        }
    }

    /// A crowd of one, whose server says `hello` and then these events of these messages.
    async fn told(events: &'static [(i64, u64)]) -> Crowd {
        let server = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = server.local_addr().unwrap();
        tokio::spawn(async move {
            let (stream, _) = server.accept().await.unwrap();
            let mut socket = accept_async(stream).await.unwrap();
            socket.send(r#"{"type":"hello","rooms":{"public-chat":5}}"#.into()).await.unwrap();
            for (seq, number) in events {
                let body = message::text(*number);
                let event = format!(r#"{{"kind":"posted","seq":{seq},"body":"{body}"}}"#);
                let frame = format!(r#"{{"type":"event","room":"public-chat","event":{event}}}"#);
                socket.send(frame.into()).await.unwrap();
            }
            // Stays open until the listener goes.
            socket.next().await
        });
        let telicat = Dialect::Telicat { cookie: "telicat=x".to_owned() };
        let crowd = Crowd::gather(address, vec![telicat], 100, 1).await.unwrap();
        for _ in events {
            crowd.turn().await.ok();
        }
        crowd.quiet().await.ok();
        crowd
    }

    #[tokio::test]
    async fn a_gap_or_a_repetition_in_telicats_numbers_is_noticed() {
        told(&[(6, 0), (7, 1), (8, 2)]).await.check(&[0, 1, 2]).unwrap();
        for wrong in [&[(6, 0), (8, 1), (9, 2)][..], &[(6, 0), (6, 0), (7, 1)], &[(7, 0)], &[(6, 1), (7, 0), (8, 2)]] {
            assert!(told(wrong).await.check(&[0, 1, 2]).is_err(), "{wrong:?}");
        }
    }

    #[tokio::test]
    async fn a_listener_that_is_cut_ends_the_run() {
        let server = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = server.local_addr().unwrap();
        let serving = tokio::spawn(async move { bare::serve(&server).await });
        let crowd = Crowd::gather(address, vec![Dialect::Bare; 2], 100, 1).await.unwrap();
        let mut publisher = bare_publisher(address).await.unwrap();
        crowd.turn().await.unwrap();
        publisher.send("no message of ours".into()).await.unwrap();
        assert!(crowd.turn().await.is_err());
        serving.abort();
    }
}
