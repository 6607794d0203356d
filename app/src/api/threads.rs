//! Threads.

use super::Failure;
#[cfg(feature = "ssr")]
use super::messages::id;
use leptos::prelude::*;
use server_fn::codec::GetUrl;
use telicat_domain::{EventPage, event::ThreadPage};

/// The thread of a message, at its newest replies; when a room is named, only if it is there.
#[server(name = ShowThread, prefix = "/api", endpoint = "threads/show", input = GetUrl)]
pub async fn show_thread(root: String, room: Option<String>) -> Result<ThreadPage, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    let (signed, root) = (request.signed()?, id(&root)?);
    match room.as_deref() {
        Some(room) => request.services.messages.thread_in(signed, room, root).await.map_err(refuse),
        None => request.services.messages.thread(signed, root).await.map_err(refuse),
    }
}

/// The replies before `seq`.
#[server(name = RepliesBefore, prefix = "/api", endpoint = "threads/before", input = GetUrl)]
pub async fn replies_before(root: String, seq: i64) -> Result<EventPage, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.messages.replies_before(request.signed()?, id(&root)?, seq).await.map_err(refuse)
}

/// Follows a thread, or does not any more.
#[server(name = FollowThread, prefix = "/api", endpoint = "threads/follow")]
pub async fn follow_thread(root: String, on: bool) -> Result<(), Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.messages.follow(request.signed()?, id(&root)?, on).await.map_err(refuse)
}

/// The person has read a thread up to an event.
#[server(name = ReadThread, prefix = "/api", endpoint = "threads/read")]
pub async fn read_thread(root: String, seq: i64) -> Result<(), Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.messages.read_thread(request.signed()?, id(&root)?, seq).await.map_err(refuse)
}
