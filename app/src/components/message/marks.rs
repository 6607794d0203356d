//! What became of a message: changed, pinned, saved.

use super::sent;
use crate::{components::icon::Icon, conversation::Conversation, text::messages as text};
use leptos::prelude::*;
use telicat_domain::{permission::Action, timeline::Row};

pub(super) fn marks(row: &Row, own: bool, conversation: Conversation) -> Option<impl IntoView + use<>> {
    if !has_any(row) {
        return None;
    }
    let (_, id) = sent(row)?;
    let edited = row.edited_at.is_some().then(|| match history(row, own, conversation) {
        Some(address) => view! {
            <a
                href=address
                data-history=""
                class="message__mark"
                on:click=move |event| conversation.show_history(&event, id)
            >
                {text::EDITED}
            </a>
        }
        .into_any(),
        None => view! { <span class="message__mark">{text::EDITED}</span> }.into_any(),
    });
    let pinned = row.pinned.then(|| {
        view! {
            <span class="message__mark">
                <Icon name="pin" small=true/>
                {text::PINNED}
            </span>
        }
    });
    let saved = row.saved.then(|| {
        view! {
            <span class="message__mark">
                <Icon name="save" small=true/>
                {text::SAVED}
            </span>
        }
    });
    Some(view! { <p class="message__marks">{edited} {pinned} {saved}</p> })
}

pub(super) fn has_any(row: &Row) -> bool {
    !row.erased && !row.deleted && (row.edited_at.is_some() || row.pinned || row.saved)
}

/// Where it is told what the message said before, for those who may know.
pub(super) fn history(row: &Row, own: bool, conversation: Conversation) -> Option<String> {
    let (_, id) = sent(row)?;
    (own || conversation.may(Action::Moderate)).then(|| conversation.address_of_actions(id))
}
