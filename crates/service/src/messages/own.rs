//! What one does with messages for oneself: it has no number, because nobody else sees it. The own connections are told.

use super::Messages;
use crate::{Error, Signed};
use telicat_domain::{ApiError, MessageId, frame::ServerFrame};
use telicat_store::messages as store;

impl Messages {
    /// Keeps a message among the saved ones, or does not any more.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such message for this person, or it was deleted;
    /// [`ApiError::RateLimited`].
    pub async fn save(&self, signed: &Signed, message: MessageId, on: bool) -> Result<(), Error> {
        self.changes_by_person.take(signed.person, self.clock.now())?;
        let room = self.rooms.with_message(signed, message).await?;
        let mut tx = self.db.begin().await?;
        if on {
            let found = store::find_message(&mut tx, message).await?;
            found.filter(|(_, message)| message.has_text()).ok_or(ApiError::NotFound)?;
        }
        let changed = store::update_saved(&mut tx, signed.person, message, on, self.clock.now()).await?;
        tx.commit().await?;
        if changed {
            let frame = ServerFrame::Saved { room: room.summary.slug, message, on };
            self.hub.tell(&[signed.person], &frame);
        }
        Ok(())
    }

    /// Follows a thread, or does not any more. Whoever begins to has read what there is.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such message for this person; [`ApiError::RateLimited`].
    pub async fn follow(&self, signed: &Signed, message: MessageId, on: bool) -> Result<(), Error> {
        self.changes_by_person.take(signed.person, self.clock.now())?;
        let (room, root) = self.thread_of(signed, message).await?;
        let mut tx = self.db.begin().await?;
        let before = store::find_follow(&mut tx, root.id, signed.person).await?.is_some_and(|(following, _)| following);
        store::update_follow(&mut tx, root.id, signed.person, on).await?;
        tx.commit().await?;
        // Who follows it already may have something new in it.
        if !(on && before) {
            let frame = ServerFrame::ThreadRead { room: room.summary.slug, root: root.id, following: on };
            self.hub.tell(&[signed.person], &frame);
        }
        Ok(())
    }

    /// The person has read a thread up to an event. Reading less than was read already changes nothing.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such message for this person.
    pub async fn read_thread(&self, signed: &Signed, message: MessageId, seq: i64) -> Result<(), Error> {
        let (room, mut root) = self.thread_of(signed, message).await?;
        let mut tx = self.db.begin().await?;
        // Nobody has read what has not happened yet.
        let seq = seq.min(room.last_seq);
        let further = store::update_thread_read(&mut tx, root.id, signed.person, seq).await?;
        tx.commit().await?;
        if !further {
            return Ok(());
        }
        store::fill_own(&self.db, signed.person, &mut [&mut root]).await?;
        // Who does not follow it has nothing new in it.
        if root.replies.and_then(|replies| replies.unread) == Some(0) {
            let frame = ServerFrame::ThreadRead { room: room.summary.slug, root: root.id, following: true };
            self.hub.tell(&[signed.person], &frame);
        }
        Ok(())
    }
}
