//! What belongs to one message, and messages that were put aside.

use super::Messages;
use crate::{Error, Signed, rooms::standing};
use telicat_domain::{
    ApiError, Author, Field, Message, MessageId,
    event::{SavedMessage, Version},
    limits::{HISTORY_PAGE, PINS_MAX},
    permission::{Action, may},
    room_text::Emoji,
};
use telicat_store::messages as store;

/// What a message said before, at most so often.
const VERSIONS_MAX: i64 = 100;
/// People in one answer about a reaction.
const REACTORS_MAX: i64 = 100;

impl Messages {
    /// What a message said before, for its author and those who look after the room; the newest first, at most 100.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such message for this person, or it was deleted; [`ApiError::Forbidden`].
    pub async fn history(&self, signed: &Signed, message: MessageId) -> Result<Vec<Version>, Error> {
        let room = self.rooms.with_message(signed, message).await?;
        let found = self.with_text(message).await?;
        let looks_after = may(Action::Moderate, room.summary.place(), standing(&room, signed));
        if found.author.id != signed.person && !looks_after {
            return Err(ApiError::Forbidden.into());
        }
        Ok(store::list_versions(&self.db, message, VERSIONS_MAX).await?)
    }

    /// Who gave a reaction, in their order, at most 100.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such message for this person, or it was deleted; [`ApiError::Invalid`] for
    /// what is no emoji.
    pub async fn who_reacted(&self, signed: &Signed, message: MessageId, emoji: &str) -> Result<Vec<Author>, Error> {
        let emoji = Emoji::parse(emoji).map_err(|problem| ApiError::field(Field::Emoji, problem))?;
        self.rooms.with_message(signed, message).await?;
        self.with_text(message).await?;
        Ok(store::list_reactors(&self.db, message, emoji.as_str(), REACTORS_MAX).await?)
    }

    /// The pinned messages of a room, the newest pin first. Four queries.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn pinned(&self, signed: &Signed, room: &str) -> Result<Vec<Message>, Error> {
        let room = self.rooms.readable(signed, room).await?;
        let mut messages = store::list_pinned(&self.db, room.id, PINS_MAX).await?;
        messages.retain(|message| message.seq <= room.last_seq);
        self.rooms.complete(signed.person, &mut messages.iter_mut().collect::<Vec<_>>()).await?;
        Ok(messages)
    }

    /// The saved messages of a person that they may still read, the newest first: at most 50, of those saved before
    /// `before`. Five queries.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn saved(&self, signed: &Signed, before: Option<MessageId>) -> Result<Vec<SavedMessage>, Error> {
        let rooms = self.rooms.all_readable(signed.person).await?;
        let found = store::list_saved(&self.db, signed.person, before, HISTORY_PAGE as i64).await?;
        let mut saved: Vec<SavedMessage> = found
            .into_iter()
            .filter_map(|(room, message)| Some(SavedMessage { room: rooms.get(&room)?.clone(), message }))
            .collect();
        let mut messages: Vec<&mut Message> = saved.iter_mut().map(|saved| &mut saved.message).collect();
        self.rooms.complete(signed.person, &mut messages).await?;
        Ok(saved)
    }

    async fn with_text(&self, message: MessageId) -> Result<Message, Error> {
        let found = store::find_message(&self.db, message).await?;
        Ok(found.map(|(_, message)| message).filter(Message::has_text).ok_or(ApiError::NotFound)?)
    }
}
