//! Posting, everything one does with a message, and reading a room's events.

use super::Failure;
use leptos::prelude::*;
use server_fn::codec::GetUrl;
use telicat_domain::{
    Event, EventPage, Message,
    event::{SavedMessage, Version},
    person::Author,
};

/// Posts a message: in a room or in the thread of a message `root`, as an answer to the message `reply_to` or to none.
/// The answer is the message, which is on disk by then.
#[server(name = PostMessage, prefix = "/api", endpoint = "messages/post")]
pub async fn post_message(
    room: String,
    body: String,
    nonce: Option<String>,
    reply_to: Option<String>,
    root: Option<String>,
) -> Result<Message, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::ApiError;
    use telicat_service::messages::Place;
    let request = RequestContext::current()?;
    let signed = request.signed()?;
    let place = Place { reply_to: optional_id(reply_to.as_deref())?, root: optional_id(root.as_deref())? };
    let nonce = match nonce.as_deref() {
        None | Some("") => None,
        Some(text) => Some(text.parse().map_err(|_| Failure(ApiError::BadRequest))?),
    };
    request.services.messages.post_at(signed, &room, &body, nonce, place).await.map_err(refuse)
}

/// The events after `seq`.
#[server(name = EventsSince, prefix = "/api", endpoint = "messages/since", input = GetUrl)]
pub async fn events_since(room: String, seq: Option<i64>) -> Result<EventPage, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.rooms.since(request.signed()?, &room, seq.unwrap_or(0)).await.map_err(refuse)
}

/// The messages before `seq`, or the newest.
#[server(name = MessagesBefore, prefix = "/api", endpoint = "messages/before", input = GetUrl)]
pub async fn messages_before(room: String, seq: Option<i64>, limit: Option<usize>) -> Result<EventPage, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.rooms.before(request.signed()?, &room, seq, limit).await.map_err(refuse)
}

/// The messages after `seq`, outside of threads.
#[server(name = MessagesAfter, prefix = "/api", endpoint = "messages/after", input = GetUrl)]
pub async fn messages_after(room: String, seq: i64, limit: Option<usize>) -> Result<EventPage, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.rooms.after(request.signed()?, &room, seq, limit).await.map_err(refuse)
}

/// The number of the first message on a day or after it: `day` is a moment in microseconds since 1970.
#[server(name = MessageAtDay, prefix = "/api", endpoint = "messages/day", input = GetUrl)]
pub async fn message_at_day(room: String, day: i64) -> Result<Option<i64>, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    let day = telicat_domain::Timestamp(day);
    request.services.rooms.first_since(request.signed()?, &room, day).await.map_err(refuse)
}

/// Changes the text of an own message.
#[server(name = EditMessage, prefix = "/api", endpoint = "messages/edit")]
pub async fn edit_message(message: String, body: String) -> Result<Event, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.messages.edit(request.signed()?, id(&message)?, &body).await.map_err(refuse)
}

/// Deletes a message.
#[server(name = DeleteMessage, prefix = "/api", endpoint = "messages/delete")]
pub async fn delete_message(message: String) -> Result<Event, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.messages.delete(request.signed()?, id(&message)?).await.map_err(refuse)
}

/// Brings back a message that was just deleted.
#[server(name = RestoreMessage, prefix = "/api", endpoint = "messages/restore")]
pub async fn restore_message(message: String) -> Result<Event, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.messages.restore(request.signed()?, id(&message)?).await.map_err(refuse)
}

/// Gives a reaction, or takes it back. Nothing comes of it when that was so already.
#[server(name = ReactToMessage, prefix = "/api", endpoint = "messages/react")]
pub async fn react_to_message(message: String, emoji: String, on: bool) -> Result<Option<Event>, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.messages.react(request.signed()?, id(&message)?, &emoji, on).await.map_err(refuse)
}

/// Pins a message in its room, or takes it off. Nothing comes of it when that was so already.
#[server(name = PinMessage, prefix = "/api", endpoint = "messages/pin")]
pub async fn pin_message(message: String, on: bool) -> Result<Option<Event>, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.messages.pin(request.signed()?, id(&message)?, on).await.map_err(refuse)
}

/// Keeps a message among the saved ones of the person, or not.
#[server(name = SaveMessage, prefix = "/api", endpoint = "messages/save")]
pub async fn save_message(message: String, on: bool) -> Result<(), Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.messages.save(request.signed()?, id(&message)?, on).await.map_err(refuse)
}

/// What a message said before, for its author and those who look after the room; the newest first.
#[server(name = MessageHistory, prefix = "/api", endpoint = "messages/history", input = GetUrl)]
pub async fn message_history(message: String) -> Result<Vec<Version>, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.messages.history(request.signed()?, id(&message)?).await.map_err(refuse)
}

/// Who gave a reaction, at most 100.
#[server(name = WhoReacted, prefix = "/api", endpoint = "messages/reacted", input = GetUrl)]
pub async fn who_reacted(message: String, emoji: String) -> Result<Vec<Author>, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.messages.who_reacted(request.signed()?, id(&message)?, &emoji).await.map_err(refuse)
}

/// The pinned messages of a room, the newest pin first.
#[server(name = PinnedMessages, prefix = "/api", endpoint = "messages/pinned", input = GetUrl)]
pub async fn pinned_messages(room: String) -> Result<Vec<Message>, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.messages.pinned(request.signed()?, &room).await.map_err(refuse)
}

/// The saved messages of the person with their rooms, the newest first: those saved before the message `before`.
#[server(name = SavedMessages, prefix = "/api", endpoint = "messages/saved", input = GetUrl)]
pub async fn saved_messages(before: Option<String>) -> Result<Vec<SavedMessage>, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    let before = optional_id(before.as_deref())?;
    request.services.messages.saved(request.signed()?, before).await.map_err(refuse)
}

/// Which message is meant. What is no identifier is no message's.
#[cfg(feature = "ssr")]
pub(super) fn id(text: &str) -> Result<telicat_domain::MessageId, Failure> {
    text.parse().map_err(|_| Failure(telicat_domain::ApiError::NotFound))
}

/// Which message is meant, when one is. A form without script sends the empty text for none.
#[cfg(feature = "ssr")]
fn optional_id(text: Option<&str>) -> Result<Option<telicat_domain::MessageId>, Failure> {
    text.filter(|text| !text.is_empty()).map(id).transpose()
}
