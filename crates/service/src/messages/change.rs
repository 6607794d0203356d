//! What one does with a message that is there, inside the transaction.

use super::writer::{Answer, Desk};
use crate::{Error, markdown::Draft};
use telicat_domain::{
    ApiError, Message, MessageId, PersonId,
    event::Event,
    limits::{PINS_MAX, REACTIONS_MAX, UNDO_SECONDS},
    permission::{Action, Standing, may},
    room_text::Emoji,
};
use telicat_store::messages::{
    Called, count_kinds, count_pinned, count_reaction, delete_calls, delete_reaction, find_actor, find_deletion,
    find_message, gone, insert_calls, insert_follows, insert_reaction, people_called, update_body, update_deleted,
    update_pinned, update_reply_count, update_restored,
};

/// A change of a message.
pub(super) struct Change {
    pub(super) message: MessageId,
    pub(super) to: To,
}

/// What becomes of it.
pub(super) enum To {
    /// Another text.
    Text {
        body: String,
        draft: Draft,
    },
    Deleted,
    Restored,
    Reaction {
        emoji: Emoji,
        on: bool,
    },
    Pinned(bool),
}

impl Desk<'_> {
    /// Carries out a change. The event has the number `seq`, which this may take; one with another number, or none, says
    /// that it was so already.
    pub(super) async fn carry_out(&mut self, seq: i64, person: PersonId, change: &Change) -> Result<Answer, Error> {
        let Some((role, runs_site)) = find_actor(self.tx, self.room.id, person).await? else {
            return Ok(Err(ApiError::NotSignedIn));
        };
        let standing = Standing::of(self.room.kind, role, runs_site);
        if let Err(refusal) = self.require(Action::Read, standing) {
            return Ok(Err(refusal));
        }
        let found = find_message(&mut *self.tx, change.message).await?;
        let Some((_, message)) = found.filter(|(room, _)| *room == self.room.id) else {
            return Ok(Err(ApiError::NotFound));
        };
        // What was deleted can only be brought back.
        if !message.has_text() && !matches!(change.to, To::Restored) {
            return Ok(Err(ApiError::NotFound));
        }
        let by = Actor { person, standing };
        match &change.to {
            To::Text { body, draft } => self.edit(seq, &by, message, body, draft).await,
            To::Deleted => self.delete(seq, &by, message).await,
            To::Restored => self.restore(seq, &by, message).await,
            To::Reaction { emoji, on } => self.react(seq, &by, &message, emoji, *on).await,
            To::Pinned(on) => self.pin(seq, &by, &message, *on).await,
        }
    }

    async fn edit(
        &mut self,
        seq: i64,
        by: &Actor,
        message: Message,
        body: &str,
        draft: &Draft,
    ) -> Result<Answer, Error> {
        if message.author.id != by.person {
            return Ok(Err(ApiError::Forbidden));
        }
        if let Err(refusal) = self.require(Action::Post, by.standing) {
            return Ok(Err(refusal));
        }
        if message.body == body {
            // Nothing happened: the answer is the message as it stands.
            return Ok(Ok(Some(Event::Posted(self.whole(message).await?))));
        }
        let before = delete_calls(self.tx, message.id).await?;
        update_body(self.tx, message.id, body, self.clock.now()).await?;
        let called = self.called(by.person, draft, &before).await?;
        self.call(&message, &called).await?;
        let message = self.again(message.id).await?;
        let (called, called_all) = people_called(&before);
        Ok(Ok(Some(Event::Edited { seq, message, called, called_all })))
    }

    async fn delete(&mut self, seq: i64, by: &Actor, mut message: Message) -> Result<Answer, Error> {
        if let Err(refusal) = self.may_delete(by, &message) {
            return Ok(Err(refusal));
        }
        let called = delete_calls(self.tx, message.id).await?;
        update_deleted(self.tx, message.id, by.person, self.clock.now()).await?;
        if let Some(root) = &mut message.root {
            root.replies = update_reply_count(self.tx, root.id, -1).await?;
        }
        let (called, called_all) = people_called(&called);
        let pins = if message.pinned { Some(count_pinned(self.tx, self.room.id).await?) } else { None };
        Ok(Ok(Some(Event::Deleted { seq, message: gone(&message, called, called_all, pins) })))
    }

    async fn restore(&mut self, seq: i64, by: &Actor, message: Message) -> Result<Answer, Error> {
        // What the author took back for good nobody brings back.
        let deletion = if message.erased { None } else { find_deletion(self.tx, message.id).await? };
        let Some((at, deleted_by)) = deletion else { return Ok(Err(ApiError::NotFound)) };
        if self.clock.now() >= at.plus_seconds(2 * UNDO_SECONDS) {
            return Ok(Err(ApiError::NotFound));
        }
        if deleted_by != by.person {
            return Ok(Err(ApiError::Forbidden));
        }
        if let Err(refusal) = self.may_delete(by, &message) {
            return Ok(Err(refusal));
        }
        update_restored(self.tx, message.id).await?;
        if let Some(root) = message.root {
            update_reply_count(self.tx, root.id, 1).await?;
        }
        let Some((_, message)) = find_message(&mut *self.tx, message.id).await? else {
            return Ok(Err(ApiError::NotFound));
        };
        let draft = Draft::read(&message.body);
        let called = self.called(message.author.id, &draft, &Called::new()).await?;
        self.call(&message, &called).await?;
        Ok(Ok(Some(Event::Restored { seq, message: self.whole(message).await? })))
    }

    async fn react(
        &mut self,
        seq: i64,
        by: &Actor,
        message: &Message,
        emoji: &Emoji,
        on: bool,
    ) -> Result<Answer, Error> {
        if let Err(refusal) = self.require(Action::Post, by.standing) {
            return Ok(Err(refusal));
        }
        let (id, emoji) = (message.id, emoji.as_str());
        let changed = if on {
            let is_new = count_reaction(self.tx, id, emoji).await? == 0;
            if is_new && count_kinds(self.tx, id).await? >= REACTIONS_MAX as i64 {
                return Ok(Err(ApiError::Full { max: REACTIONS_MAX as i64 }));
            }
            insert_reaction(self.tx, id, emoji, by.person, seq, self.clock.now()).await?
        } else {
            delete_reaction(self.tx, id, emoji, by.person).await?
        };
        if !changed {
            return Ok(Ok(None));
        }
        let count = count_reaction(self.tx, id, emoji).await?;
        let emoji = emoji.to_owned();
        Ok(Ok(Some(Event::Reacted { seq, message: id, emoji, person: by.person, on, count })))
    }

    async fn pin(&mut self, seq: i64, by: &Actor, message: &Message, on: bool) -> Result<Answer, Error> {
        if let Err(refusal) = self.require(Action::Pin, by.standing) {
            return Ok(Err(refusal));
        }
        if message.pinned == on {
            return Ok(Ok(None));
        }
        if on && count_pinned(self.tx, self.room.id).await? >= PINS_MAX {
            return Ok(Err(ApiError::Full { max: PINS_MAX }));
        }
        update_pinned(self.tx, message.id, on.then(|| self.clock.now())).await?;
        let count = count_pinned(self.tx, self.room.id).await?;
        Ok(Ok(Some(Event::Pinned { seq, message: message.id, on, count })))
    }

    /// One deletes what one has written where one may write, and what others have written where one looks after the room.
    fn may_delete(&self, by: &Actor, message: &Message) -> Result<(), ApiError> {
        if may(Action::Moderate, self.room.place(), by.standing) {
            return Ok(());
        }
        let own = message.author.id == by.person;
        if own { self.require(Action::Post, by.standing) } else { Err(ApiError::Forbidden) }
    }

    /// Writes down whom a message calls now. In a thread they follow it.
    async fn call(&mut self, message: &Message, called: &Called) -> Result<(), Error> {
        if called.is_empty() {
            return Ok(());
        }
        insert_calls(self.tx, self.room.id, message, called).await?;
        if let Some(root) = message.root {
            let people = people_called(called).0.into_iter().filter(|person| *person != message.author.id);
            let follow: Vec<_> = people.map(|person| (person, message.seq - 1)).collect();
            insert_follows(self.tx, root.id, self.room.id, &follow).await?;
        }
        Ok(())
    }

    /// A message as it is after the change.
    async fn again(&mut self, id: MessageId) -> Result<Message, Error> {
        match find_message(&mut *self.tx, id).await? {
            Some((_, message)) => self.whole(message).await,
            None => Err(Error::Fault("a message that was changed is not there")),
        }
    }
}

/// Who does it, and how they stand to the room.
struct Actor {
    person: PersonId,
    standing: Standing,
}
