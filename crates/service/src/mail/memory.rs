//! A transport for tests: it keeps what it takes, and refuses or stalls when it is told to.

use super::{Answer, Mail, Transport, Undelivered};
use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::watch;

/// A mail server that is a list.
#[derive(Debug)]
pub struct Memory {
    state: Mutex<State>,
    stalls: watch::Sender<bool>,
    tried: watch::Sender<usize>,
    sends: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    taken: Vec<Mail>,
    refusals: Vec<Undelivered>,
}

impl Default for Memory {
    fn default() -> Self {
        let (stalls, tried) = (watch::Sender::new(false), watch::Sender::new(0));
        Self { state: Mutex::default(), stalls, tried, sends: AtomicBool::new(false) }
    }
}

impl Memory {
    /// What was taken since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut self.state().taken)
    }

    /// What was taken since the last call, once there are that many mails.
    pub async fn take_many(&self, count: usize) -> Vec<Mail> {
        let mut tried = self.tried.subscribe();
        let mut taken = self.take();
        while taken.len() < count && tried.changed().await.is_ok() {
            taken.extend(self.take());
        }
        taken
    }

    /// How often something was handed over, taken or not.
    #[must_use]
    pub fn tried(&self) -> usize {
        *self.tried.borrow()
    }

    /// Refuses the next `times` mails.
    pub fn refuse(&self, times: usize, why: &Undelivered) {
        self.state().refusals.extend(std::iter::repeat_n(why.clone(), times));
    }

    /// Takes mails, and says so only when it does not stall any more.
    pub fn stall(&self, stalls: bool) {
        self.stalls.send_replace(stalls);
    }

    /// Passes for a mail server that sends from now on, or for a folder as at first.
    pub fn pretend_to_send(&self, sends: bool) {
        self.sends.store(sends, Ordering::Relaxed);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Memory {
    fn sends(&self) -> bool {
        self.sends.load(Ordering::Relaxed)
    }

    fn hand_over<'a>(&'a self, mail: &'a Mail) -> Answer<'a> {
        Box::pin(async move {
            let refusal = self.state().refusals.pop();
            if refusal.is_none() {
                self.state().taken.push(mail.clone());
            }
            self.tried.send_modify(|tried| *tried += 1);
            if let Some(refusal) = refusal {
                return Err(refusal);
            }
            let mut stalls = self.stalls.subscribe();
            drop(stalls.wait_for(|stalls| !stalls).await);
            Ok(())
        })
    }
}
