//! Mail: it waits in the database, where it was written together with its cause, and one task hands it over.
//!
//! No page waits for a mail server. Whoever has queued something calls [`Mails::wake`]; what another process queued, or
//! what could not be sent before, is found by looking now and then. A mail goes from the table when it was handed over,
//! so a crash in between may repeat one, under the same identifier, and never loses one.

pub(crate) mod letters;
#[cfg(feature = "testing")]
mod memory;
mod message;
mod outbox;
mod smtp;
mod transport;

#[cfg(feature = "testing")]
pub use memory::Memory;
pub use telicat_store::mails::Mail;
pub use transport::{Answer, Transport, Undelivered, Unusable, choose};

use crate::{Error, clock::Clock, secret::random_bytes};
use std::{pin::pin, sync::Arc, time::Duration};
use telicat_domain::Timestamp;
use telicat_store::{Db, mails};
use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{MissedTickBehavior, interval, timeout},
};

/// How often the table is looked at without being told.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Mails that are handed over at the same time, so that a slow server holds up few.
const AT_ONCE: usize = 8;
/// A transport that takes longer has failed.
const LONGEST: Duration = Duration::from_secs(60);
/// A mail that was taken is nobody else's for this long, in seconds: well above [`LONGEST`].
const TAKEN_FOR: i64 = 5 * 60;
/// When the program stops, what is on its way has this long.
const FINISH_TIME: Duration = Duration::from_secs(5);
/// Before the second try, in seconds. Each further wait is twice as long.
const SHORTEST_WAIT: i64 = 15;
/// Between two tries, at most, in seconds.
const LONGEST_WAIT: i64 = 6 * 3600;
/// A mail is given up after this long, in seconds: links in it have expired by then.
const GIVEN_UP_AFTER: i64 = 3 * 24 * 3600;

/// The mail that waits, and who hands it over.
pub struct Mails {
    db: Db,
    clock: Arc<dyn Clock>,
    transport: Arc<dyn Transport>,
    queued: Notify,
}

impl Mails {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, transport: Arc<dyn Transport>) -> Self {
        Self { db, clock, transport, queued: Notify::new() }
    }

    /// Whether mail goes to those whom it is for.
    #[must_use]
    pub fn are_sent(&self) -> bool {
        self.transport.sends()
    }

    /// Says that something was queued: it is sent at once.
    pub fn wake(&self) {
        self.queued.notify_one();
    }

    /// Sends what waits, and what will be queued, until `stop` completes.
    pub async fn run(self: Arc<Self>, stop: impl Future<Output = ()>) {
        let mut stop = pin!(stop);
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut under_way = JoinSet::new();
        loop {
            tokio::select! {
                () = &mut stop => break,
                _ = look.tick() => {}
                () = self.queued.notified() => {}
                Some(ended) = under_way.join_next() => report(ended),
            }
            if let Err(error) = self.take_due(&mut under_way).await {
                tracing::warn!(%error, "the mail that waits could not be read; it is tried again");
            }
        }
        let finish = async {
            while let Some(ended) = under_way.join_next().await {
                report(ended);
            }
        };
        if timeout(FINISH_TIME, finish).await.is_err() {
            tracing::info!("a mail was on its way when the program stopped; it is sent again");
        }
    }

    /// Hands over all that is due at this moment, and waits for the end of it.
    ///
    /// # Errors
    /// When the database does not answer.
    #[cfg(feature = "testing")]
    pub async fn send_due(self: &Arc<Self>) -> Result<(), Error> {
        let mut under_way = JoinSet::new();
        loop {
            self.take_due(&mut under_way).await?;
            let Some(ended) = under_way.join_next().await else { return Ok(()) };
            report(ended);
        }
    }

    /// Begins to hand over what is due, as far as hands are free.
    async fn take_due(self: &Arc<Self>, under_way: &mut JoinSet<()>) -> Result<(), Error> {
        let free = AT_ONCE.saturating_sub(under_way.len());
        let now = self.clock.now();
        if free == 0 || mails::count_due_mails(&self.db, now).await? == 0 {
            return Ok(());
        }
        let mut tx = self.db.begin().await?;
        let limit = i64::try_from(free).unwrap_or(1);
        let due = mails::claim_mails(&mut tx, now, now.plus_seconds(TAKEN_FOR), limit).await?;
        tx.commit().await?;
        for mail in due {
            under_way.spawn(self.clone().hand_over(mail));
        }
        Ok(())
    }

    async fn hand_over(self: Arc<Self>, mail: Mail) {
        let answer = timeout(LONGEST, self.transport.hand_over(&mail))
            .await
            .unwrap_or_else(|_| Err(Undelivered::Later("the mail server did not answer in time".to_owned())));
        if let Err(error) = self.settle(&mail, answer).await {
            // The mail is taken for a while yet; then it is tried again.
            tracing::error!(%error, mail = %mail.id, "what became of a mail could not be written down");
        }
    }

    /// Writes down what became of a mail. The log learns where to and what about, and nothing that is in it.
    async fn settle(&self, mail: &Mail, answer: Result<(), Undelivered>) -> Result<(), Error> {
        let now = self.clock.now();
        let (id, subject, attempts) = (mail.id, mail.subject.as_str(), mail.attempts);
        let domain = message::domain_of(&mail.recipient);
        let mut tx = self.db.begin().await?;
        match answer {
            Ok(()) => {
                mails::delete_mail(&mut tx, id).await?;
                tracing::debug!(%id, domain, subject, "a mail was handed over");
            }
            Err(Undelivered::Later(reason)) if now < mail.created_at.plus_seconds(GIVEN_UP_AFTER) => {
                let wait = wait_seconds(attempts, random());
                mails::update_mail_next(&mut tx, id, now.plus_seconds(wait)).await?;
                let reason = message::without(&reason, &mail.recipient);
                tracing::warn!(%id, domain, subject, attempts, wait, reason, "a mail could not be sent; it waits");
            }
            Err(Undelivered::Later(reason) | Undelivered::Never(reason)) => {
                mails::delete_mail(&mut tx, id).await?;
                let reason = message::without(&reason, &mail.recipient);
                tracing::error!(%id, domain, subject, attempts, reason, "a mail was given up");
            }
        }
        Ok(tx.commit().await?)
    }
}

/// A task that panicked has lost nothing: its mail is taken for a while and then tried again.
fn report(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "handing over a mail failed");
    }
}

/// Seconds to wait after try number `attempts` (1 is the first). `random` is between 0 and 1.
///
/// Exponential with jitter over the second half, so that what failed together does not come back together.
fn wait_seconds(attempts: i64, random: f64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or(0);
    let whole = (SHORTEST_WAIT << doublings).min(LONGEST_WAIT);
    whole - (whole as f64 / 2.0 * random.clamp(0.0, 1.0)) as i64
}

/// From 0 to 1. Without randomness the wait is the longest, which harms nobody.
fn random() -> f64 {
    random_bytes::<4>().map_or(0.0, |bytes| f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX))
}

/// For the moment after which a link in a mail is worth nothing.
pub(crate) fn in_days(now: Timestamp, days: i64) -> Timestamp {
    now.plus_seconds(days * 24 * 3600)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_from_seconds_to_six_hours() {
        let longest: Vec<i64> = (1..=13).map(|attempts| wait_seconds(attempts, 0.0)).collect();
        assert_eq!(longest, [15, 30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360, 21_600, 21_600]);
        assert_eq!(wait_seconds(1, 1.0), 8);
        assert_eq!(wait_seconds(i64::MAX, 1.0), LONGEST_WAIT / 2);
        assert_eq!(wait_seconds(0, 0.0), SHORTEST_WAIT);
        assert!((0..100).all(|_| (0.0..=1.0).contains(&random())));
    }
}
