//! Posting, and reading a room's events.

use super::Failure;
use leptos::prelude::*;
use server_fn::codec::GetUrl;
use telicat_domain::{EventPage, Message};

/// Posts a message. The answer is the message, which is on disk by then.
#[server(name = PostMessage, prefix = "/api", endpoint = "messages/post")]
pub async fn post_message(room: String, body: String, nonce: Option<String>) -> Result<Message, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::ApiError;
    let request = RequestContext::current()?;
    let signed = request.signed()?;
    let nonce = match nonce.as_deref() {
        None | Some("") => None,
        Some(text) => Some(text.parse().map_err(|_| Failure(ApiError::BadRequest))?),
    };
    request.services.messages.post(signed, &room, &body, nonce).await.map_err(refuse)
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
