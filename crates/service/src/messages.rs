//! Posting, and everything one does with a message.
//!
//! What changes a room goes through one queue to one task ([`writer`]), which gives it its number. What only one person
//! sees, what they save and follow, does not.

mod change;
mod lists;
mod own;
mod post;
mod threads;
mod writer;

use crate::{
    Error, Signed, clock::Clock, limiter::Limiter, live::Hub, markdown::Draft, rooms::Rooms, secret::random_bytes,
};
use change::{Change, To};
use post::Post;
use std::sync::{Arc, Mutex, PoisonError};
use telicat_domain::{
    ApiError, Event, Field, Message, MessageBody, MessageId, Nonce, PersonId, RoomSlug, room_text::Emoji,
};
use telicat_store::{Db, messages as store};
use tokio::{
    sync::{Notify, mpsc, oneshot},
    task::JoinHandle,
};
use writer::{Job, What, Writer};

/// Jobs that may wait for the writer; more are told to come back.
const WAITING_MAX: usize = 4096;

/// Takes in what people write, and reads what belongs to one message.
pub struct Messages {
    db: Db,
    clock: Arc<dyn Clock>,
    hub: Arc<Hub>,
    rooms: Arc<Rooms>,
    jobs: mpsc::Sender<Job>,
    stop: Arc<Notify>,
    writer: Mutex<Option<JoinHandle<()>>>,
    posts_by_person: Limiter<PersonId>,
    changes_by_person: Limiter<PersonId>,
    reactions_by_person: Limiter<PersonId>,
}

/// Where a message goes, and what it answers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    /// The message that it answers.
    pub reply_to: Option<MessageId>,
    /// The first message of the thread that it goes into, or any reply there.
    pub root: Option<MessageId>,
}

impl Messages {
    pub(crate) fn start(db: Db, clock: Arc<dyn Clock>, hub: Arc<Hub>, rooms: Arc<Rooms>, rate_limits: bool) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING_MAX);
        let stop = Arc::new(Notify::new());
        let writer = Writer { db: db.clone(), clock: clock.clone(), hub: hub.clone() };
        let writer = Mutex::new(Some(tokio::spawn(writer.run(waiting, stop.clone()))));
        Self {
            db,
            clock,
            hub,
            rooms,
            jobs,
            stop,
            writer,
            posts_by_person: Limiter::new(20, 10, rate_limits),
            changes_by_person: Limiter::new(20, 10, rate_limits),
            reactions_by_person: Limiter::new(20, 10, rate_limits),
        }
    }

    /// Posts a message. When this returns the message, it is on disk.
    ///
    /// A second post with the same nonce by the same person answers with the first one's message, as it is now.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] for the text, [`ApiError::NotFound`] when there is no such room for this person,
    /// [`ApiError::Forbidden`], [`ApiError::Archived`], [`ApiError::NonceReused`], [`ApiError::RateLimited`],
    /// [`ApiError::Busy`].
    pub async fn post(&self, signed: &Signed, room: &str, body: &str, nonce: Option<Nonce>) -> Result<Message, Error> {
        self.post_at(signed, room, body, nonce, Place::default()).await
    }

    /// As [`Messages::post`], as an answer or into a thread.
    ///
    /// # Errors
    /// As [`Messages::post`]; [`ApiError::NotFound`] also when what is answered, or the thread, is not in this room, and
    /// when what is answered was deleted.
    pub async fn post_at(
        &self,
        signed: &Signed,
        room: &str,
        body: &str,
        nonce: Option<Nonce>,
        place: Place,
    ) -> Result<Message, Error> {
        let body = body_of(body)?;
        let room = RoomSlug::parse(room).map_err(|_| ApiError::NotFound)?;
        self.posts_by_person.take(signed.person, self.clock.now())?;
        let nonce = match nonce {
            Some(nonce) => nonce,
            None => new_nonce()?,
        };
        let draft = Draft::read(&body);
        let post = Post { nonce, body, draft, reply_to: place.reply_to, root: place.root };
        match self.carry_out(signed, room, What::Post(post)).await? {
            Some(Event::Posted(message)) => Ok(message),
            _ => Err(Error::Fault("a post was answered with something else")),
        }
    }

    /// Changes the text of an own message. With the text that it has nothing happens, and the answer is the message as it
    /// stands, as the event that posted it.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] for the text; [`ApiError::NotFound`] when there is no such message for this person, or it was
    /// deleted; [`ApiError::Forbidden`] when it is somebody else's; [`ApiError::Archived`], [`ApiError::RateLimited`],
    /// [`ApiError::Busy`].
    pub async fn edit(&self, signed: &Signed, message: MessageId, body: &str) -> Result<Event, Error> {
        let body = body_of(body)?;
        let draft = Draft::read(&body);
        self.changed(signed, message, To::Text { body, draft }).await
    }

    /// Deletes a message: an own one, or any in a room that one looks after.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such message for this person, or it was deleted;
    /// [`ApiError::Forbidden`], [`ApiError::Archived`], [`ApiError::RateLimited`], [`ApiError::Busy`].
    pub async fn delete(&self, signed: &Signed, message: MessageId) -> Result<Event, Error> {
        self.changed(signed, message, To::Deleted).await
    }

    /// Brings back a message that this person has deleted in the last 20 seconds.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when it was not, or not lately; [`ApiError::Forbidden`] when somebody else did it;
    /// [`ApiError::Archived`], [`ApiError::RateLimited`], [`ApiError::Busy`].
    pub async fn restore(&self, signed: &Signed, message: MessageId) -> Result<Event, Error> {
        self.changed(signed, message, To::Restored).await
    }

    /// Gives a reaction, or takes it back. Nothing comes of it when that was so already.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] for what is no emoji; [`ApiError::Full`] when the message has as many different ones as it
    /// can have; [`ApiError::NotFound`], [`ApiError::Forbidden`], [`ApiError::Archived`], [`ApiError::RateLimited`],
    /// [`ApiError::Busy`].
    pub async fn react(
        &self,
        signed: &Signed,
        message: MessageId,
        emoji: &str,
        on: bool,
    ) -> Result<Option<Event>, Error> {
        let emoji = Emoji::parse(emoji).map_err(|problem| ApiError::field(Field::Emoji, problem))?;
        self.reactions_by_person.take(signed.person, self.clock.now())?;
        self.change(signed, message, To::Reaction { emoji, on }).await
    }

    /// Pins a message in its room, or takes it off. Nothing comes of it when that was so already.
    ///
    /// # Errors
    /// [`ApiError::Full`] when as many are pinned as can be; [`ApiError::NotFound`], [`ApiError::Forbidden`],
    /// [`ApiError::Archived`], [`ApiError::RateLimited`], [`ApiError::Busy`].
    pub async fn pin(&self, signed: &Signed, message: MessageId, on: bool) -> Result<Option<Event>, Error> {
        self.changes_by_person.take(signed.person, self.clock.now())?;
        self.change(signed, message, To::Pinned(on)).await
    }

    async fn changed(&self, signed: &Signed, message: MessageId, to: To) -> Result<Event, Error> {
        self.changes_by_person.take(signed.person, self.clock.now())?;
        self.change(signed, message, to).await?.ok_or(Error::Fault("a change was answered with nothing"))
    }

    async fn change(&self, signed: &Signed, message: MessageId, to: To) -> Result<Option<Event>, Error> {
        // A message never changes its room, so the writer knows beforehand which rooms a batch is about.
        let room = store::find_place(&self.db, message).await?.ok_or(ApiError::NotFound)?;
        self.carry_out(signed, room, What::Change(Change { message, to })).await
    }

    async fn carry_out(&self, signed: &Signed, room: RoomSlug, what: What) -> Result<Option<Event>, Error> {
        let (done, answer) = oneshot::channel();
        let job = Job { person: signed.person, room, what, done };
        self.jobs.try_send(job).map_err(|_| ApiError::Busy { retry_after: 1 })?;
        answer.await.map_err(|_| Error::Fault("the writer has stopped"))?
    }

    /// Waits until what was taken in is written or refused. What comes later is refused.
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

fn body_of(text: &str) -> Result<String, ApiError> {
    let body = MessageBody::parse(text).map_err(|problem| ApiError::field(Field::Body, problem))?;
    Ok(body.into_string())
}

/// A nonce for somebody who cannot make one.
///
/// # Errors
/// When the system has no randomness to give.
pub fn new_nonce() -> Result<Nonce, Error> {
    Ok(Nonce(uuid::Builder::from_random_bytes(random_bytes()?).into_uuid()))
}
