//! Going to a day of the conversation.

use super::{icon::Icon, room_menu::close_menu};
use crate::{conversation::Conversation, text::timeline as text};
use leptos::{ev, html::Input, prelude::*};

const ID: &str = "jump";

/// Opens what asks for a date, from the menu of the room.
#[component]
pub(crate) fn JumpItem() -> impl IntoView {
    view! {
        <button type="button" class="menu__item needs-script" popovertarget=ID>
            <Icon name="clock"/>
            {text::TO_DATE}
        </button>
    }
}

/// A button that asks for a date, and shows the first message of that day.
#[component]
pub(crate) fn JumpToDate(conversation: Conversation) -> impl IntoView {
    let date: NodeRef<Input> = NodeRef::new();
    let jump = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some(date) = date.get_untracked() {
            conversation.jump_to_day(&date.value());
        }
        close();
    };
    view! {
        <button
            type="button"
            class="button button--icon button--quiet needs-script room-head__extra"
            popovertarget=ID
            aria-label=text::TO_DATE
            title=text::TO_DATE
        >
            <Icon name="clock"/>
        </button>
        <div class="menu jump" id=ID popover="auto">
            <form class="jump__form" on:submit=jump>
                <label class="field__label" for="jump-date">{text::DATE}</label>
                <input class="field__input" type="date" id="jump-date" required=true node_ref=date/>
                <button class="button button--primary">{text::SHOW}</button>
            </form>
        </div>
    }
}

/// The menu of the room may have been the way here.
fn close() {
    #[cfg(feature = "hydrate")]
    crate::browser::close_popover(ID);
    close_menu();
}
