//! One message: own and others', alone or below another of the same author, with all that belongs to it.

pub(crate) mod actions;
mod body;
pub(crate) mod edit_box;
mod head;
pub(crate) mod history;
mod marks;
pub(crate) mod offer;
mod quote;
mod reactions;
mod status;
pub(crate) mod still;
mod thread_row;
#[cfg(not(feature = "hydrate"))]
mod unscripted;
#[cfg(not(feature = "hydrate"))]
mod written;

#[cfg(not(feature = "hydrate"))]
pub(crate) use written::write;

use crate::{conversation::Conversation, text, until_gone::track_until_gone};
use leptos::prelude::*;
use telicat_domain::{
    MessageId,
    timeline::{Row, RowState},
    timestamp::Day,
};

/// A message, with the heading of the day that begins with it, and the line above what is new.
#[component]
pub(crate) fn Message(row: Row, conversation: Conversation) -> impl IntoView {
    let own = conversation.is_own(&row.author);
    let nonce = row.nonce;
    let row = follow(row, conversation);
    let sent = move || row.with(sent);
    let is_edited = is_edited(row, conversation);
    let reactions = reactions::follow(row, conversation);
    view! {
        {move || row.with(|row| row.day).map(|day| view! { <DayHeading day/> })}
        {move || row.with(|row| row.first_unread).then(divider)}
        <article
            class=move || row.with(|row| class_of(row, own))
            tabindex="-1"
            data-seq=move || sent().map(|(seq, _)| seq.to_string())
            data-message-id=move || sent().map(|(_, id)| id.to_string())
        >
            {move || row.with(|row| head::head(row, conversation))}
            {move || {
                if is_edited.get() {
                    edit_box::edit_box(conversation).into_any()
                } else {
                    row.with(|row| body::body(row, conversation)).into_any()
                }
            }}
            {move || row.with(|row| marks::marks(row, own, conversation))}
            {move || reactions::reactions(reactions.get())}
            {move || row.with(|row| thread_row::thread_row(row, conversation))}
            {move || row.with(|row| status::status(&row.state, nonce, conversation))}
            {move || sent().map(|(_, id)| more(id, conversation))}
        </article>
    }
}

/// The number and the identifier, of a message that the server has.
fn sent(row: &Row) -> Option<(i64, MessageId)> {
    match row.state {
        RowState::Sent { seq, id } => Some((seq, id)),
        _ => None,
    }
}

fn class_of(row: &Row, own: bool) -> String {
    let part = |is: bool, class: &'static str| if is { class } else { "" };
    let state = match row.state {
        RowState::Sent { .. } => "",
        RowState::Sending => " message--sending",
        RowState::Failed(_) => " message--failed",
    };
    let gone = row.erased || row.deleted;
    [
        "message",
        part(row.more, " message--more"),
        part(own, " message--own"),
        part(row.calls_me && !gone, " message--mention"),
        state,
        part(gone, " message--deleted"),
    ]
    .concat()
}

/// The row as it is now. The server renders once, so there it is just the value.
fn follow(row: Row, conversation: Conversation) -> Signal<Row> {
    if cfg!(not(feature = "hydrate")) {
        return Signal::stored(row);
    }
    let nonce = row.nonce;
    // A row is in the list when its view is made. Nothing stays here of a text that its author takes back.
    let blank = Row { body: String::new(), rich: None, reply_to: None, ..row };
    let memo = Memo::new_owning(move |before: Option<Row>| {
        track_until_gone(ArcMemo::from(conversation.rows));
        conversation.rows.with_untracked(|rows| {
            let now = rows.iter().rev().find(|row| row.nonce == nonce);
            match (now, before) {
                (Some(now), Some(before)) if *now == before => (before, false),
                (Some(now), _) => (now.clone(), true),
                // What left the list stays as it was until its place in the page is gone too.
                (None, Some(before)) => (before, false),
                (None, None) => (blank.clone(), true),
            }
        })
    });
    memo.into()
}

/// Whether the text is being changed. Each message would look for itself otherwise, whichever it is.
fn is_edited(row: Signal<Row>, conversation: Conversation) -> Signal<bool> {
    if cfg!(not(feature = "hydrate")) {
        return Signal::stored(false);
    }
    let is_edited = move |_: Option<&bool>| {
        track_until_gone(conversation.editing);
        let editing = conversation.editing.get_untracked();
        editing.is_some() && row.with(sent).map(|(_, id)| id) == editing
    };
    Memo::new(is_edited).into()
}

/// The line above the first message that was not read.
fn divider() -> impl IntoView {
    view! {
        <div class="new" role="separator" aria-label=text::messages::NEW_MESSAGES>
            <span>{text::messages::NEW}</span>
        </div>
    }
}

/// Leads to what can be done with the message, where no script shows it.
fn more(id: MessageId, conversation: Conversation) -> impl IntoView {
    view! {
        <a
            href=conversation.address_of_actions(id)
            aria-label=text::messages::MORE
            class="message__more without-script"
        >
            {MORE}
        </a>
    }
}

const MORE: &str = "…";

/// The heading of a day.
#[component]
fn DayHeading(day: Day) -> impl IntoView {
    view! {
        <h2 class="day">
            <time datetime=day.iso()>{move || crate::conversation::name_of_day(day)}</time>
        </h2>
    }
}
