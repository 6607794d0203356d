//! Threads.

use super::Failure;
use leptos::prelude::*;
use server_fn::codec::GetUrl;
use telicat_domain::{EventPage, event::ThreadPage};

/// The thread of a message, at its newest replies.
#[server(name = ShowThread, prefix = "/api", endpoint = "threads/show", input = GetUrl)]
pub async fn show_thread(root: String) -> Result<ThreadPage, Failure> {
    let _ = (root,);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// The replies before `seq`.
#[server(name = RepliesBefore, prefix = "/api", endpoint = "threads/before", input = GetUrl)]
pub async fn replies_before(root: String, seq: i64) -> Result<EventPage, Failure> {
    let _ = (root, seq);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// Follows a thread, or does not any more.
#[server(name = FollowThread, prefix = "/api", endpoint = "threads/follow")]
pub async fn follow_thread(root: String, on: bool) -> Result<(), Failure> {
    let _ = (root, on);
    Err(Failure(telicat_domain::ApiError::Internal))
}

/// The person has read a thread up to an event.
#[server(name = ReadThread, prefix = "/api", endpoint = "threads/read")]
pub async fn read_thread(root: String, seq: i64) -> Result<(), Failure> {
    let _ = (root, seq);
    Err(Failure(telicat_domain::ApiError::Internal))
}
