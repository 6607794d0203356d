//! The pinned messages of a room.

use super::PaneHead;
use crate::{
    components::{icon::Icon, message::still::Still, room_menu::close_menu},
    conversation::Conversation,
    text::messages as text,
};
use leptos::prelude::*;
use telicat_domain::{Message, permission::Action};

#[component]
pub(super) fn Pinned(conversation: Conversation, messages: Vec<Message>, name: String) -> impl IntoView {
    let list = RwSignal::new(messages);
    conversation.follow_pins(list);
    view! {
        <PaneHead title=text::PINS name close=conversation.address() label=text::CLOSE_PINS/>
        <div class="details-body">
            {move || {
                if list.with(Vec::is_empty) {
                    view! { <p class="details-note">{text::PINS_NONE}</p> }.into_any()
                } else {
                    let pins = list.get().into_iter().map(|message| view! { <Pin conversation message list/> });
                    view! {
                        <ul class="still-list" aria-label=text::PINS>
                            {pins.collect_view()}
                        </ul>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// Leads to the pinned messages of a room, and says how many there are.
#[component]
pub(crate) fn PinnedLink(conversation: Conversation) -> impl IntoView {
    let label = move || text::pins(conversation.pins.get().count);
    view! {
        <a
            class="button button--icon button--quiet room-head__extra"
            href=pinned_address(conversation)
            aria-label=label
            title=label
        >
            <Icon name="pin"/>
        </a>
    }
}

/// The same, in the menu of the room.
#[component]
pub(crate) fn PinnedItem(conversation: Conversation) -> impl IntoView {
    view! {
        <a class="menu__item" href=pinned_address(conversation) on:click=|_| close_menu()>
            <Icon name="pin"/>
            {move || text::pins(conversation.pins.get().count)}
        </a>
    }
}

fn pinned_address(conversation: Conversation) -> String {
    format!("{}?pinned=1", conversation.address())
}

#[component]
fn Pin(conversation: Conversation, message: Message, list: RwSignal<Vec<Message>>) -> impl IntoView {
    let me = conversation.me.with_value(|me| me.id);
    let id = message.id;
    let address = conversation.address_of(message.seq);
    let may_pin = untrack(|| conversation.may(Action::Pin));
    view! {
        <li>
            <Still message me address=address.clone()/>
            <div class="still-tools row">
                <a class="button button--small button--quiet" href=address>
                    {text::SHOW_IN_ROOM}
                </a>
                {may_pin
                    .then(|| {
                        view! {
                            <form
                                method="post"
                                action="/api/messages/pin"
                                on:submit=move |event| conversation.unpin(&event, id, list)
                            >
                                <input type="hidden" name="message" value=id.to_string()/>
                                <input type="hidden" name="on" value="false"/>
                                <button class="button button--small button--quiet">{text::UNPIN}</button>
                            </form>
                        }
                    })}
            </div>
        </li>
    }
}
