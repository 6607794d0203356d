//! The task that writes what happens to messages.
//!
//! What waits at the same time shares one transaction and one fsync (group commit). Each is answered after the commit
//! and not before, and what was committed is published in the order of `seq`, because one task does both.

use super::{change::Change, post::Post};
use crate::{Error, clock::Clock, live::Hub};
use std::{collections::HashMap, sync::Arc};
use telicat_domain::{ApiError, PersonId, RoomId, RoomSlug, event::Event, frame::ServerFrame};
use telicat_store::{
    Db, Tx,
    messages::{advance_room, insert_event},
    rooms::{self, RoomKey},
};
use tokio::sync::{Notify, mpsc, oneshot};

/// Jobs in one transaction, at most.
const BATCH_MAX: usize = 256;

/// Something that somebody does, and where its answer goes.
pub(super) struct Job {
    pub(super) person: PersonId,
    pub(super) room: RoomSlug,
    pub(super) what: What,
    pub(super) done: oneshot::Sender<Result<Option<Event>, Error>>,
}

/// What somebody does.
pub(super) enum What {
    /// A new message.
    Post(Post),
    /// Something with a message that is there.
    Change(Change),
}

/// What became of a job.
pub(super) type Answer = Result<Option<Event>, ApiError>;

pub(super) struct Writer {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) hub: Arc<Hub>,
}

/// What came of one batch: the answer to each job, and what is to be told once it is on disk.
#[derive(Default)]
pub(super) struct Written {
    answers: Vec<Answer>,
    news: Vec<(RoomId, RoomSlug, Event)>,
    notes: Vec<(Vec<PersonId>, ServerFrame)>,
}

impl Written {
    /// The job at `index` has this answer.
    pub(super) fn answer(&mut self, index: usize, answer: Answer) {
        if let Some(place) = self.answers.get_mut(index) {
            *place = answer;
        }
    }

    /// Something happened in a room.
    pub(super) fn publish(&mut self, room: &RoomKey, event: Event) {
        self.news.push((room.id, room.slug.clone(), event));
    }

    /// Some people are to be told something.
    pub(super) fn tell(&mut self, people: Vec<PersonId>, frame: ServerFrame) {
        if !people.is_empty() {
            self.notes.push((people, frame));
        }
    }
}

/// What is at hand inside a transaction.
pub(super) struct Desk<'a> {
    pub(super) tx: &'a mut Tx,
    pub(super) room: &'a RoomKey,
    pub(super) clock: &'a dyn Clock,
}

impl Writer {
    /// Writes what comes, until it is told to stop and nothing waits.
    pub(super) async fn run(self, mut waiting: mpsc::Receiver<Job>, stop: Arc<Notify>) {
        let mut batch = Vec::with_capacity(BATCH_MAX);
        let mut stopping = false;
        loop {
            tokio::select! {
                taken = waiting.recv_many(&mut batch, BATCH_MAX) => {
                    if taken == 0 {
                        break;
                    }
                    self.carry_out(&mut batch).await;
                }
                () = stop.notified(), if !stopping => {
                    stopping = true;
                    waiting.close();
                }
            }
        }
    }

    async fn carry_out(&self, batch: &mut Vec<Job>) {
        let written = match self.write(batch).await {
            // Another process wrote one of these nonces between our look and our insert: only that one is concerned.
            // Or an author is gone, which is no matter of the others.
            Err(Error::Store(telicat_store::Error::Conflict(_) | telicat_store::Error::AuthorGone))
                if batch.len() > 1 =>
            {
                for job in batch.drain(..) {
                    let written = self.write(std::slice::from_ref(&job)).await;
                    self.publish_and_answer(written, [job]);
                }
                return;
            }
            written => written,
        };
        self.publish_and_answer(written, batch.drain(..));
    }

    fn publish_and_answer(&self, written: Result<Written, Error>, jobs: impl IntoIterator<Item = Job>) {
        // An answer that nobody waits for any more is no loss: a message is found by its nonce, and everything else can
        // be done twice.
        match written {
            Ok(written) => {
                for (room, slug, event) in written.news {
                    self.hub.publish(room, &slug, event);
                }
                for (people, frame) in written.notes {
                    self.hub.tell(&people, &frame);
                }
                for (job, answer) in jobs.into_iter().zip(written.answers) {
                    let _gone = job.done.send(answer.map_err(Error::Api));
                }
            }
            Err(error) => {
                let told = match &error {
                    Error::Store(telicat_store::Error::AuthorGone) => ApiError::NotSignedIn,
                    error => {
                        tracing::error!(%error, "what was to be written could not be");
                        error.api()
                    }
                };
                for job in jobs {
                    let _gone = job.done.send(Err(Error::Api(told.clone())));
                }
            }
        }
    }

    async fn write(&self, batch: &[Job]) -> Result<Written, Error> {
        let mut tx = self.db.begin().await?;
        let mut written = Written::default();
        written.answers.resize_with(batch.len(), || Err(ApiError::NotFound));
        for (slug, indices) in by_room(batch) {
            let Some(room) = rooms::find_room_in(&mut tx, slug.as_str()).await? else { continue };
            let desk = &mut Desk { tx: &mut tx, room: &room, clock: &*self.clock };
            let mut posts: Vec<(usize, PersonId, &Post)> = Vec::new();
            for index in indices {
                let Some(job) = batch.get(index) else { continue };
                match &job.what {
                    // Posts that follow each other are written in a handful of statements.
                    What::Post(post) => posts.push((index, job.person, post)),
                    What::Change(change) => {
                        desk.post(std::mem::take(&mut posts), &mut written).await?;
                        desk.change(index, job.person, change, &mut written).await?;
                    }
                }
            }
            desk.post(posts, &mut written).await?;
        }
        tx.commit().await?;
        Ok(written)
    }
}

impl Desk<'_> {
    async fn change(
        &mut self,
        index: usize,
        person: PersonId,
        change: &Change,
        written: &mut Written,
    ) -> Result<(), Error> {
        // First the number: from here on nobody else changes anything in this room.
        let seq = advance_room(self.tx, self.room.id, 1).await?;
        let done = self.carry_out(seq, person, change).await?;
        match &done {
            Ok(Some(event)) if event.seq() == seq => {
                insert_event(self.tx, self.room.id, event, self.clock.now()).await?;
                match event {
                    // Who is called by it may follow the thread only now.
                    Event::Edited { message, .. } if !message.mentions.is_empty() => {
                        self.tell_followers(message, written).await?;
                    }
                    Event::Restored { message, .. } => self.tell_followers(message, written).await?,
                    _ => {}
                }
                written.publish(self.room, event.clone());
            }
            // Nothing came of it, and nobody has seen the number.
            _ => drop(advance_room(self.tx, self.room.id, -1).await?),
        }
        written.answer(index, done);
        Ok(())
    }
}

/// The jobs of each room, in the order in which they came.
fn by_room(batch: &[Job]) -> Vec<(&RoomSlug, Vec<usize>)> {
    let mut rooms: Vec<(&RoomSlug, Vec<usize>)> = Vec::new();
    let mut places: HashMap<&RoomSlug, usize> = HashMap::new();
    for (index, job) in batch.iter().enumerate() {
        let place = *places.entry(&job.room).or_insert_with(|| {
            rooms.push((&job.room, Vec::new()));
            rooms.len() - 1
        });
        rooms[place].1.push(index);
    }
    // Always in the same order, so that two processes that lock several rooms never wait for each other.
    rooms.sort_by_key(|(slug, _)| *slug);
    rooms
}
