//! The thread below its first message.

use super::sent;
use crate::{
    components::icon::Icon,
    conversation::{Conversation, shown_in},
    text::{messages as text, room_list},
    until_gone::get_until_gone,
};
use leptos::prelude::*;
use telicat_domain::{MessageId, Timestamp, event::Replies, timeline::Row};

/// Leads to the thread: how many replies it has, when the last came, how many are new. Not in the thread itself.
pub(super) fn thread_row(row: &Row, conversation: Conversation) -> Option<impl IntoView + use<>> {
    let (id, replies) = thread_of(row, conversation)?;
    let last_at = replies.last_at;
    let new = text::new_replies(&replies).map(|new| view! { <span class="count">{new}</span> });
    Some(view! {
        <a href=conversation.address_of_thread(id) class="thread-link">
            <Icon name="thread" small=true/>
            <b>{text::replies(replies.count)}</b>
            <span class="muted">{move || last_reply(last_at, conversation)}</span>
            {new}
        </a>
    })
}

/// Whoever reads it knows the day as well.
pub(super) fn last_reply(at: Timestamp, conversation: Conversation) -> String {
    let now = get_until_gone(conversation.rooms.now);
    shown_in(|time_of_day, offset| {
        let is_today = at > now || at.day(offset(at)) == now.day(offset(now));
        text::last_reply(&room_list::when(at, now, offset, time_of_day), is_today)
    })
}

pub(super) fn thread_of(row: &Row, conversation: Conversation) -> Option<(MessageId, Replies)> {
    let (_, id) = sent(row)?;
    let replies = row.replies.filter(|replies| replies.count > 0)?;
    conversation.root.is_none().then_some((id, replies))
}
