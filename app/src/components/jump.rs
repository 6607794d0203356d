//! Going to a day of the conversation.

use super::icon::Icon;
use crate::{conversation::Conversation, text::timeline as text};
use leptos::{
    ev,
    html::{Div, Input},
    prelude::*,
};

/// A button that asks for a date, and shows the first message of that day.
#[component]
pub(crate) fn JumpToDate(conversation: Conversation) -> impl IntoView {
    let date: NodeRef<Input> = NodeRef::new();
    let popover: NodeRef<Div> = NodeRef::new();
    let jump = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(date) = date.get_untracked() {
            conversation.jump_to_day(&date.value());
        }
        close(popover);
    };
    view! {
        <button
            type="button"
            class="button button--icon button--quiet needs-script"
            popovertarget="jump"
            aria-label=text::TO_DATE
            title=text::TO_DATE
        >
            <Icon name="clock"/>
        </button>
        <div class="menu jump" id="jump" popover="auto" node_ref=popover>
            <form class="jump__form" on:submit=jump>
                <label class="field__label" for="jump-date">{text::DATE}</label>
                <input class="field__input" type="date" id="jump-date" required=true node_ref=date/>
                <button class="button button--primary">{text::SHOW}</button>
            </form>
        </div>
    }
}

#[cfg(feature = "hydrate")]
fn close(popover: NodeRef<Div>) {
    if let Some(popover) = popover.get_untracked() {
        let _closed = popover.hide_popover();
    }
}

#[cfg(not(feature = "hydrate"))]
fn close(_popover: NodeRef<Div>) {}
