//! One socket, seen from the side of those who send to it.

use super::wire::WireFrame;
use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
};
use telicat_domain::{
    PersonId, RoomId, SessionId, Timestamp,
    frame::{CloseCode, ServerFrame},
};
use tokio::sync::Notify;

/// Frames that wait for one connection, at most: a catch-up from memory and a busy minute fit.
const QUEUE_FRAMES: usize = 512;
/// Bytes that wait for one connection, at most.
const QUEUE_BYTES: usize = 1024 * 1024;

/// A connection's queue and what is known of it. The socket's task owns the other end.
#[derive(Debug)]
pub struct Connection {
    /// Whose it is.
    pub person: PersonId,
    /// By which session.
    pub session: SessionId,
    /// When the session ends.
    pub expires_at: Timestamp,
    queue: Mutex<Queue>,
    wake: Notify,
    cut: Notify,
    heard_at: AtomicI64,
    pinged_at: AtomicI64,
    checked_at: AtomicI64,
    /// Whether nobody has done anything in its page for a while.
    pub(super) idle: AtomicBool,
    shown: Mutex<Shown>,
}

/// What the page of a connection shows, as far as others have a part in it.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The room whose people are counted.
    pub(super) room: Option<RoomId>,
    /// The number that it was told.
    pub(super) told: Option<u32>,
    /// People, in order.
    pub(super) people: Box<[PersonId]>,
    /// Where somebody has written just now, and when that was passed on.
    pub(super) typed: Vec<(RoomId, Timestamp)>,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<WireFrame>,
    bytes: usize,
    closed: Option<(CloseCode, String)>,
}

impl Connection {
    pub(super) fn new(person: PersonId, session: SessionId, expires_at: Timestamp, now: Timestamp) -> Self {
        Self {
            person,
            session,
            expires_at,
            queue: Mutex::default(),
            wake: Notify::new(),
            cut: Notify::new(),
            heard_at: AtomicI64::new(now.0),
            pinged_at: AtomicI64::new(now.0),
            checked_at: AtomicI64::new(now.0),
            idle: AtomicBool::new(false),
            shown: Mutex::default(),
        }
    }

    /// Waits for something to send and takes all of it at once. `Err` is the end: the code and the reason to close with.
    ///
    /// Cancelling the wait loses nothing.
    ///
    /// # Errors
    /// When the connection was closed from the server's side.
    pub async fn next(&self, into: &mut impl Extend<WireFrame>) -> Result<(), (CloseCode, String)> {
        loop {
            {
                let mut queue = self.queue();
                if let Some(closed) = queue.closed.clone() {
                    return Err(closed);
                }
                if !queue.waiting.is_empty() {
                    into.extend(queue.waiting.drain(..));
                    queue.bytes = 0;
                    // An idle connection keeps no more memory than it needs.
                    if queue.waiting.capacity() > 8 {
                        queue.waiting = VecDeque::new();
                    }
                    return Ok(());
                }
            }
            self.wake.notified().await;
        }
    }

    /// Waits until the connection is closed from the server's side, for a task that is busy sending.
    pub async fn closed(&self) -> (CloseCode, String) {
        loop {
            if let Some(closed) = self.queue().closed.clone() {
                return closed;
            }
            self.cut.notified().await;
        }
    }

    /// Says that the other side was heard, or took what was sent.
    pub fn heard(&self, now: Timestamp) {
        self.heard_at.store(now.0, Ordering::Relaxed);
    }

    /// Answers a `ping` of the client.
    pub fn pong(&self) {
        if let Some(frame) = WireFrame::encode(&ServerFrame::Pong) {
            self.send(&frame);
        }
    }

    /// Closes the connection: what waits is dropped, because whoever comes back catches up.
    pub fn close(&self, code: CloseCode, reason: &str) {
        let mut queue = self.queue();
        if queue.closed.is_none() {
            queue.closed = Some((code, reason.to_owned()));
            queue.waiting = VecDeque::new();
        }
        drop(queue);
        self.cut.notify_one();
        self.wake.notify_one();
    }

    /// Puts a frame into the queue. `false` when the connection is closed, by this or before.
    pub(super) fn send(&self, frame: &WireFrame) -> bool {
        let mut queue = self.queue();
        if queue.closed.is_some() {
            return false;
        }
        if queue.waiting.len() >= QUEUE_FRAMES || queue.bytes + frame.len() > QUEUE_BYTES {
            drop(queue);
            self.close(CloseCode::TooSlow, "");
            return false;
        }
        queue.bytes += frame.len();
        queue.waiting.push_back(frame.clone());
        let first = queue.waiting.len() == 1;
        drop(queue);
        // The task is woken already when something waits.
        if first {
            self.wake.notify_one();
        }
        true
    }

    /// Puts a frame before everything that waits.
    pub(super) fn send_first(&self, frame: &WireFrame) {
        let mut queue = self.queue();
        queue.bytes += frame.len();
        queue.waiting.push_front(frame.clone());
        drop(queue);
        self.wake.notify_one();
    }

    /// How many more frames the queue takes.
    pub(super) fn room(&self) -> usize {
        QUEUE_FRAMES.saturating_sub(self.queue().waiting.len())
    }

    pub(super) fn ping(&self) {
        let mut queue = self.queue();
        if queue.closed.is_none() {
            queue.waiting.push_back(WireFrame::ping());
        }
        drop(queue);
        self.wake.notify_one();
    }

    pub(super) fn silent_since(&self) -> i64 {
        self.heard_at.load(Ordering::Relaxed)
    }

    /// The time of the last ping, for the one task that sweeps.
    pub(super) fn pinged_at(&self) -> &AtomicI64 {
        &self.pinged_at
    }

    /// The time of the last look at the session, for the one task that sweeps.
    pub(super) fn checked_at(&self) -> &AtomicI64 {
        &self.checked_at
    }

    pub(super) fn is_idle(&self) -> bool {
        self.idle.load(Ordering::Relaxed)
    }

    pub(super) fn shown(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
