//! What a message says.

use crate::{
    components::{
        icon::Icon,
        rich::{Reader, blocks},
    },
    conversation::Conversation,
    text,
};
use leptos::prelude::*;
use telicat_domain::timeline::Row;

/// The text as a tree, or as its lines; or that there is none any more.
pub(super) fn body(row: &Row, conversation: Conversation) -> impl IntoView + use<> {
    let content = if let Some(gone) = gone(row) {
        view! {
            <Icon name="bin" small=true/>
            <p>{gone}</p>
        }
        .into_any()
    } else if let Some(rich) = &row.rich {
        blocks(&rich.0, reader(row, conversation)).into_any()
    } else {
        view! { <p dir="auto">{row.body.clone()}</p> }.into_any()
    };
    view! { <div class="message__body">{content}</div> }
}

/// What is said of a message whose text is gone.
pub(super) fn gone(row: &Row) -> Option<&'static str> {
    match (row.erased, row.deleted) {
        (true, _) => Some(text::site::ERASED),
        (_, true) => Some(text::messages::DELETED),
        _ => None,
    }
}

pub(super) fn reader(row: &Row, conversation: Conversation) -> Reader {
    Reader {
        me: conversation.me.with_value(|me| me.id),
        own: conversation.is_own(&row.author),
        rooms: conversation.rooms,
    }
}
