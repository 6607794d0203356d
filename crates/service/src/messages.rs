//! Posting.

mod writer;

use crate::{Error, Signed, clock::Clock, limiter::Limiter, live::Hub, secret::random_bytes};
use std::sync::{Arc, Mutex, PoisonError};
use telicat_domain::{ApiError, Field, Message, MessageBody, Nonce, PersonId, RoomSlug};
use telicat_store::Db;
use tokio::{
    sync::{Notify, mpsc, oneshot},
    task::JoinHandle,
};
use writer::{Post, Writer};

/// Posts that may wait for the writer; more are told to come back.
const WAITING_MAX: usize = 4096;

/// Takes posts in.
pub struct Messages {
    clock: Arc<dyn Clock>,
    posts: mpsc::Sender<Post>,
    stop: Arc<Notify>,
    writer: Mutex<Option<JoinHandle<()>>>,
    by_person: Limiter<PersonId>,
}

impl Messages {
    pub(crate) fn start(db: Db, clock: Arc<dyn Clock>, hub: Arc<Hub>, rate_limits: bool) -> Self {
        let (posts, waiting) = mpsc::channel(WAITING_MAX);
        let stop = Arc::new(Notify::new());
        let writer = tokio::spawn(Writer { db, clock: clock.clone(), hub }.run(waiting, stop.clone()));
        let by_person = Limiter::new(20, 10, rate_limits);
        Self { clock, posts, stop, writer: Mutex::new(Some(writer)), by_person }
    }

    /// Posts a message. When this returns the message, it is on disk.
    ///
    /// A second post with the same nonce by the same person answers with the first one's message.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] for the text, [`ApiError::NotFound`] when there is no such room for this person,
    /// [`ApiError::Forbidden`], [`ApiError::RateLimited`], [`ApiError::Busy`].
    pub async fn post(&self, signed: &Signed, room: &str, body: &str, nonce: Option<Nonce>) -> Result<Message, Error> {
        let body = MessageBody::parse(body).map_err(|problem| ApiError::field(Field::Body, problem))?;
        let room = RoomSlug::parse(room).map_err(|_| ApiError::NotFound)?;
        self.by_person.take(signed.person, self.clock.now())?;
        let nonce = match nonce {
            Some(nonce) => nonce,
            None => new_nonce()?,
        };
        let (done, answer) = oneshot::channel();
        let post = Post { person: signed.person, room, nonce, body: body.into_string(), done };
        self.posts.try_send(post).map_err(|_| ApiError::Busy { retry_after: 1 })?;
        answer.await.map_err(|_| Error::Fault("the writer has stopped"))?
    }

    /// Waits until the posts that were taken in are written or refused. Later ones are refused.
    pub async fn stop(&self) {
        self.stop.notify_one();
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer
            && let Err(error) = writer.await
        {
            tracing::error!(%error, "the writer of messages died");
        }
    }
}

/// A nonce for somebody who cannot make one.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_nonce() -> Result<Nonce, Error> {
    Ok(Nonce(uuid::Builder::from_random_bytes(random_bytes()?).into_uuid()))
}
