//! A message outside of its conversation: in a list of pinned or saved ones, or with what can be done with it.

use super::head::{face, name};
use crate::{
    components::{
        icon::Icon,
        rich::{Reader, blocks},
    },
    conversation::moment,
    room_list::RoomList,
    text,
};
use leptos::prelude::*;
use telicat_domain::{Message, PersonId};

/// A message as it is at this moment; `address` is where it stands.
#[component]
pub(crate) fn Still(message: Message, me: PersonId, address: String) -> impl IntoView {
    let own = message.author.id == me;
    let at = message.at;
    let gone = !message.has_text();
    let class = match (own, gone) {
        (_, true) => "message message--still message--deleted",
        (true, _) => "message message--still message--own",
        _ => "message message--still",
    };
    let content = if gone {
        let gone = if message.erased { text::site::ERASED } else { text::messages::DELETED };
        view! {
            <Icon name="bin" small=true/>
            <p>{gone}</p>
        }
        .into_any()
    } else if let Some(rich) = &message.rich {
        blocks(&rich.0, Reader { me, own, rooms: RoomList::get() }).into_any()
    } else {
        view! { <p dir="auto">{message.body.clone()}</p> }.into_any()
    };
    view! {
        <article class=class data-message-id=message.id.to_string()>
            {face(&message.author)}
            <header class="message__head">
                {name(&message.author, false)}
                <a class="message__time" href=address>
                    <time datetime=at.rfc3339()>{move || moment(at)}</time>
                </a>
                {message.edited_at.map(|_| view! { <span class="message__mark">{text::messages::EDITED}</span> })}
            </header>
            <div class="message__body">{content}</div>
        </article>
    }
}
