//! One message: own and others', alone or below another of the same author.

#[cfg(not(feature = "hydrate"))]
mod written;

#[cfg(not(feature = "hydrate"))]
pub(crate) use written::write;

use super::{avatar::Face, icon::Icon};
use crate::{
    conversation::{Conversation, time_of_day},
    text,
};
use leptos::prelude::*;
use telicat_domain::{
    Author, Timestamp,
    timeline::{Row, RowState},
    timestamp::Day,
};

/// What may change of a message while it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Facts {
    more: bool,
    day: Option<Day>,
    at: Timestamp,
    state: RowState,
}

impl Facts {
    fn of(row: &Row) -> Self {
        Self { more: row.more, day: row.day, at: row.at, state: row.state.clone() }
    }
}

/// A message, with the heading of the day that begins with it.
#[component]
pub(crate) fn Message(row: Row, conversation: Conversation) -> impl IntoView {
    let facts = follow(&row, conversation);
    let own = conversation.is_own(&row.author);
    let author = StoredValue::new(row.author);
    let class = move || {
        facts.with(|facts| {
            let more = if facts.more { " message--more" } else { "" };
            let own = if own { " message--own" } else { "" };
            let state = match facts.state {
                RowState::Sent { .. } => "",
                RowState::Sending => " message--sending",
                RowState::Failed(_) => " message--failed",
            };
            format!("message{more}{own}{state}")
        })
    };
    let sent = move || {
        facts.with(|facts| match &facts.state {
            RowState::Sent { seq, id } => Some((*seq, *id)),
            _ => None,
        })
    };
    view! {
        {move || facts.with(|facts| facts.day).map(|day| view! { <DayHeading day/> })}
        <article
            class=class
            data-seq=move || sent().map(|(seq, _)| seq.to_string())
            data-message-id=move || sent().map(|(_, id)| id.to_string())
        >
            {move || {
                let at = facts.with(|facts| facts.at);
                author.with_value(|author| head(author, at, facts.with(|facts| facts.more)))
            }}
            <div class="message__body">
                <p>{row.body}</p>
            </div>
            {move || facts.with(|facts| status(&facts.state, row.nonce, conversation))}
        </article>
    }
}

/// A memo of what may change. The server renders once, so there it is just the value.
fn follow(row: &Row, conversation: Conversation) -> Signal<Facts> {
    let first = Facts::of(row);
    if cfg!(not(feature = "hydrate")) {
        return Signal::stored(first);
    }
    let nonce = row.nonce;
    let facts = Memo::new(move |before: Option<&Facts>| {
        let now = conversation.rows.with(|rows| rows.iter().rev().find(|row| row.nonce == nonce).map(Facts::of));
        now.or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
    });
    facts.into()
}

fn head(author: &Author, at: Timestamp, more: bool) -> AnyView {
    let time = view! {
        <time class="message__time" datetime=at.rfc3339()>{move || time_of_day(at)}</time>
    };
    let profile = format!("/@{}", author.handle);
    let called = author.called().to_owned();
    if more {
        return view! {
            <a class="message__author unseen" href=profile tabindex="-1">{called}</a>
            {time}
        }
        .into_any();
    }
    view! {
        <a class="message__face" href=profile.clone() tabindex="-1" aria-hidden="true">
            <Face author/>
        </a>
        <header class="message__head">
            <a class="message__author" href=profile>{called}</a>
            {time}
        </header>
    }
    .into_any()
}

fn status(state: &RowState, nonce: telicat_domain::Nonce, conversation: Conversation) -> AnyView {
    match state {
        RowState::Sent { .. } => ().into_any(),
        RowState::Sending => view! { <span class="unseen">{text::SENDING}</span> }.into_any(),
        RowState::Failed(error) => view! {
            <div class="message__failure" role="alert">
                <Icon name="warning" small=true/>
                <span>{text::NOT_SENT} " " {text::error(error)}</span>
                <button
                    type="button"
                    class="button button--small"
                    on:click=move |_| conversation.retry(nonce)
                >
                    {text::RETRY}
                </button>
                <button
                    type="button"
                    class="button button--small button--quiet"
                    on:click=move |_| conversation.copy(nonce)
                >
                    {text::COPY}
                </button>
                <button
                    type="button"
                    class="button button--small button--quiet"
                    on:click=move |_| conversation.discard(nonce)
                >
                    {text::DELETE}
                </button>
            </div>
        }
        .into_any(),
    }
}

/// The heading of a day.
#[component]
fn DayHeading(day: Day) -> impl IntoView {
    view! {
        <h2 class="day">
            <time datetime=day.iso()>{move || crate::conversation::name_of_day(day)}</time>
        </h2>
    }
}
