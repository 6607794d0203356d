//! Reading threads.

use super::Messages;
use crate::{Error, Signed};
use telicat_domain::{ApiError, Event, EventPage, Message, MessageId, event::ThreadPage, limits::HISTORY_PAGE};
use telicat_store::{messages as store, rooms::Room};

impl Messages {
    /// A thread at its newest replies, by its first message or any reply in it. Seven queries, whatever its length.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such message for this person.
    pub async fn thread(&self, signed: &Signed, message: MessageId) -> Result<ThreadPage, Error> {
        let (room, root) = self.thread_of(signed, message).await?;
        self.newest_replies(signed, &room, root).await
    }

    /// The same, of a thread in the room of that name. Seven queries.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such message for this person, or it is in another room.
    pub async fn thread_in(&self, signed: &Signed, room: &str, message: MessageId) -> Result<ThreadPage, Error> {
        let (found, root) = self.thread_of(signed, message).await?;
        if found.summary.slug.as_str() != room {
            return Err(ApiError::NotFound.into());
        }
        self.newest_replies(signed, &found, root).await
    }

    async fn newest_replies(&self, signed: &Signed, room: &Room, mut root: Message) -> Result<ThreadPage, Error> {
        let mut replies =
            store::list_replies_before(&self.db, root.id, room.last_seq + 1, HISTORY_PAGE as i64 + 1).await?;
        let older = replies.len() > HISTORY_PAGE;
        if older {
            replies.remove(0);
        }
        let mut all: Vec<&mut Message> = std::iter::once(&mut root).chain(&mut replies).collect();
        self.rooms.complete(signed.person, &mut all).await?;
        let follow = store::find_follow(&self.db, root.id, signed.person).await?;
        // Who does not follow it has nothing unread in it.
        let (following, read) = match follow {
            Some((true, read)) => (true, read),
            _ => (false, room.last_seq),
        };
        Ok(ThreadPage { root, replies, cursor: room.last_seq, older, following, read })
    }

    /// The replies before `seq`, at most 50. Six queries.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such message for this person.
    pub async fn replies_before(&self, signed: &Signed, message: MessageId, seq: i64) -> Result<EventPage, Error> {
        let (room, root) = self.thread_of(signed, message).await?;
        let before = seq.min(room.last_seq + 1);
        let mut replies = store::list_replies_before(&self.db, root.id, before, HISTORY_PAGE as i64 + 1).await?;
        let older = replies.len() > HISTORY_PAGE;
        if older {
            replies.remove(0);
        }
        self.rooms.complete(signed.person, &mut replies.iter_mut().collect::<Vec<_>>()).await?;
        let next = if older { replies.first().map(|reply| reply.seq) } else { None };
        Ok(EventPage { events: replies.into_iter().map(Event::Posted).collect(), next, at: room.last_seq })
    }

    /// The room and the first message of the thread that a message is in or may begin.
    pub(super) async fn thread_of(&self, signed: &Signed, message: MessageId) -> Result<(Room, Message), Error> {
        let room = self.rooms.with_message(signed, message).await?;
        let (_, message) = store::find_message(&self.db, message).await?.ok_or(ApiError::NotFound)?;
        let root = match message.root {
            None => message,
            Some(root) => store::find_message(&self.db, root.id).await?.ok_or(ApiError::NotFound)?.1,
        };
        Ok((room, root))
    }
}
