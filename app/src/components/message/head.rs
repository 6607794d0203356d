//! Who wrote a message, and when.

use super::{quote::quote, sent};
use crate::{
    components::avatar::Face,
    conversation::{Conversation, time_of_day},
};
use leptos::prelude::*;
use telicat_domain::{Author, timeline::Row};

pub(super) fn head(row: &Row, conversation: Conversation) -> AnyView {
    if row.more {
        return view! {
            {name(&row.author, true)}
            {time(row, conversation)}
        }
        .into_any();
    }
    view! {
        {face(&row.author)}
        {row.reply_to.as_deref().map(|answered| quote(answered, conversation))}
        <header class="message__head">{name(&row.author, false)} {time(row, conversation)}</header>
    }
    .into_any()
}

/// The address of somebody's profile, when there is one.
pub(super) fn profile(author: &Author) -> Option<String> {
    (!author.deleted).then(|| format!("/@{}", author.handle))
}

/// The picture; the name beside it says the same.
pub(super) fn face(author: &Author) -> AnyView {
    match profile(author) {
        Some(profile) => view! {
            <a href=profile tabindex="-1" aria-hidden="true" class="message__face">
                <Face author/>
            </a>
        }
        .into_any(),
        None => view! {
            <span aria-hidden="true" class="message__face">
                <Face author/>
            </span>
        }
        .into_any(),
    }
}

/// The name, kept apart from what stands beside it in another direction. For the eye it stands above the group only.
pub(super) fn name(author: &Author, more: bool) -> AnyView {
    let called = author.called().to_owned();
    let class = if more { "message__author unseen" } else { "message__author" };
    match profile(author) {
        Some(profile) if more => view! {
            <a dir="auto" href=profile tabindex="-1" class=class>
                {called}
            </a>
        }
        .into_any(),
        Some(profile) => view! {
            <a dir="auto" href=profile class=class>
                {called}
            </a>
        }
        .into_any(),
        None => view! {
            <span dir="auto" class=class>
                {called}
            </span>
        }
        .into_any(),
    }
}

/// The time, which is the message's address.
fn time(row: &Row, conversation: Conversation) -> AnyView {
    let at = row.at;
    let time = view! { <time datetime=at.rfc3339()>{move || time_of_day(at)}</time> };
    match sent(row) {
        Some((seq, _)) if row.more => view! {
            <a href=conversation.address_of(seq) tabindex="-1" class="message__time">
                {time}
            </a>
        }
        .into_any(),
        Some((seq, _)) => view! {
            <a href=conversation.address_of(seq) class="message__time">
                {time}
            </a>
        }
        .into_any(),
        None => view! { <span class="message__time">{time}</span> }.into_any(),
    }
}
