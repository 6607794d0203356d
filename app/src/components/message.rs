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
    author: Author,
    more: bool,
    day: Option<Day>,
    at: Timestamp,
    erased: bool,
    state: RowState,
}

impl Facts {
    fn of(row: &Row) -> Self {
        Self {
            more: row.more,
            day: row.day,
            at: row.at,
            author: row.author.clone(),
            erased: row.erased,
            state: row.state.clone(),
        }
    }
}

/// A message, with the heading of the day that begins with it.
#[component]
pub(crate) fn Message(row: Row, conversation: Conversation) -> impl IntoView {
    let facts = follow(&row, conversation);
    let own = conversation.is_own(&row.author);
    let body = StoredValue::new(row.body);
    let class = move || facts.with(|facts| class_of(facts.more, own, &facts.state, facts.erased));
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
            {move || facts.with(|facts| head(&facts.author, facts.at, facts.more))}
            <div class="message__body">
                {move || {
                    if facts.with(|facts| facts.erased) {
                        // Nothing of it stays in this page.
                        body.set_value(String::new());
                        view! {
                            <Icon name="bin" small=true/>
                            <p>{text::site::ERASED}</p>
                        }
                            .into_any()
                    } else {
                        view! { <p>{body.get_value()}</p> }.into_any()
                    }
                }}
            </div>
            {move || facts.with(|facts| status(&facts.state, row.nonce, conversation))}
        </article>
    }
}

fn class_of(more: bool, own: bool, state: &RowState, erased: bool) -> String {
    let more = if more { " message--more" } else { "" };
    let own = if own { " message--own" } else { "" };
    let state = match state {
        RowState::Sent { .. } => "",
        RowState::Sending => " message--sending",
        RowState::Failed(_) => " message--failed",
    };
    let erased = if erased { " message--deleted" } else { "" };
    format!("message{more}{own}{state}{erased}")
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
    if author.deleted {
        // There is no profile to lead to.
        return gone(author, called, more, time);
    }
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

/// The head of a message whose author has deleted the account.
fn gone(author: &Author, called: String, more: bool, time: impl IntoView + 'static) -> AnyView {
    if more {
        return view! {
            <span class="message__author unseen">{called}</span>
            {time}
        }
        .into_any();
    }
    view! {
        <span class="message__face" aria-hidden="true">
            <Face author/>
        </span>
        <header class="message__head">
            <span class="message__author">{called}</span>
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
