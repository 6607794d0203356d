//! The task that writes messages.
//!
//! Posts that wait at the same time share one transaction and one fsync (group commit). Each is answered after the
//! commit and not before, and what was committed is published in the order of `seq`, because one task does both.

use crate::{Error, clock::Clock, live::Hub};
use std::{collections::HashMap, sync::Arc};
use telicat_domain::{
    ApiError, Message, MessageId, Nonce, PersonId, RoomId, RoomSlug,
    event::Event,
    permission::{Action, Standing, may},
};
use telicat_store::{
    Db, Tx,
    messages::{NewMessage, insert_messages, is_in_room},
    new_id,
    rooms::{self, RoomKey},
};
use tokio::sync::{Notify, mpsc, oneshot};

/// Posts in one transaction, at most.
const BATCH_MAX: usize = 256;

/// One post, and where its answer goes.
pub(super) struct Post {
    pub(super) person: PersonId,
    pub(super) room: RoomSlug,
    pub(super) nonce: Nonce,
    pub(super) body: String,
    pub(super) done: oneshot::Sender<Result<Message, Error>>,
}

pub(super) struct Writer {
    pub(super) db: Db,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) hub: Arc<Hub>,
}

/// What came of one batch: the answer to each post, and what is new, by room.
struct Written {
    answers: Vec<Result<Message, ApiError>>,
    news: Vec<(RoomId, RoomSlug, Message)>,
}

impl Writer {
    /// Writes what comes, until it is told to stop and nothing waits.
    pub(super) async fn run(self, mut waiting: mpsc::Receiver<Post>, stop: Arc<Notify>) {
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

    async fn carry_out(&self, batch: &mut Vec<Post>) {
        let written = match self.write(batch).await {
            // Another process wrote one of these nonces between our look and our insert: only that one is concerned.
            // Or an author is gone, which is no matter of the others.
            Err(Error::Store(telicat_store::Error::Conflict(_) | telicat_store::Error::AuthorGone))
                if batch.len() > 1 =>
            {
                for post in batch.drain(..) {
                    let written = self.write(std::slice::from_ref(&post)).await;
                    self.publish_and_answer(written, [post]);
                }
                return;
            }
            written => written,
        };
        self.publish_and_answer(written, batch.drain(..));
    }

    fn publish_and_answer(&self, written: Result<Written, Error>, posts: impl IntoIterator<Item = Post>) {
        // An answer that nobody waits for any more is no loss: the message is found by its nonce.
        match written {
            Ok(written) => {
                for (room, slug, message) in written.news {
                    self.hub.publish(room, &slug, Event::Posted(message));
                }
                for (post, answer) in posts.into_iter().zip(written.answers) {
                    let _gone = post.done.send(answer.map_err(Error::Api));
                }
            }
            Err(Error::Store(telicat_store::Error::AuthorGone)) => {
                for post in posts {
                    let _gone = post.done.send(Err(Error::Api(ApiError::NotSignedIn)));
                }
            }
            Err(error) => {
                tracing::error!(%error, "posts could not be written");
                for post in posts {
                    let _gone = post.done.send(Err(Error::Api(ApiError::Internal)));
                }
            }
        }
    }

    async fn write(&self, batch: &[Post]) -> Result<Written, Error> {
        let mut tx = self.db.begin().await?;
        let mut answers: Vec<Result<Message, ApiError>> = Vec::with_capacity(batch.len());
        answers.resize_with(batch.len(), || Err(ApiError::NotFound));
        let mut news = Vec::new();

        for (slug, indices) in by_room(batch) {
            let Some(room) = rooms::find_room_in(&mut tx, slug.as_str()).await? else { continue };
            let mut allowed = Vec::with_capacity(indices.len());
            for index in indices {
                match right_to_post(&mut tx, &room, batch[index].person).await? {
                    Ok(()) => allowed.push(index),
                    Err(error) => answers[index] = Err(error),
                }
            }
            let at = self.clock.now();
            let new: Vec<NewMessage> = allowed
                .iter()
                .map(|&index| NewMessage {
                    id: MessageId(new_id(at)),
                    author: batch[index].person,
                    nonce: batch[index].nonce,
                    body: batch[index].body.clone(),
                    at,
                })
                .collect();
            for (index, inserted) in allowed.into_iter().zip(insert_messages(&mut tx, room.id, &new).await?) {
                if inserted.fresh {
                    news.push((room.id, slug.clone(), inserted.message.clone()));
                }
                // A nonce that comes again with another text or in another room is a mistake of the sender, and that text must not seem sent.
                let same = inserted.message.body == batch[index].body
                    && (inserted.fresh || is_in_room(&mut tx, inserted.message.id, room.id).await?);
                answers[index] = if same { Ok(inserted.message) } else { Err(ApiError::NonceReused) };
            }
        }
        tx.commit().await?;
        Ok(Written { answers, news })
    }
}

/// The posts of each room, in the order in which they came.
fn by_room(batch: &[Post]) -> Vec<(&RoomSlug, Vec<usize>)> {
    let mut rooms: Vec<(&RoomSlug, Vec<usize>)> = Vec::new();
    let mut places: HashMap<&RoomSlug, usize> = HashMap::new();
    for (index, post) in batch.iter().enumerate() {
        let place = *places.entry(&post.room).or_insert_with(|| {
            rooms.push((&post.room, Vec::new()));
            rooms.len() - 1
        });
        rooms[place].1.push(index);
    }
    // Always in the same order, so that two processes that lock several rooms never wait for each other.
    rooms.sort_by_key(|(slug, _)| *slug);
    rooms
}

/// Decided inside the transaction that writes, so that nobody posts into a room that was left meanwhile.
async fn right_to_post(tx: &mut Tx, room: &RoomKey, person: PersonId) -> Result<Result<(), ApiError>, Error> {
    let place = room.place();
    if may(Action::Post, place, Standing::Stranger) {
        return Ok(Ok(()));
    }
    let role = rooms::find_role_in(tx, room.id, person).await?;
    let standing = Standing::of(room.kind, role, false);
    Ok(if may(Action::Post, place, standing) {
        Ok(())
    } else if may(Action::Read, place, standing) {
        Err(if place.archived { ApiError::Archived } else { ApiError::Forbidden })
    } else {
        Err(ApiError::NotFound)
    })
}
