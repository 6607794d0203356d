//! The message that another one answers, in a line.

use crate::{
    components::{avatar::Face, icon::Icon},
    conversation::Conversation,
    text,
};
use leptos::prelude::*;
use telicat_domain::event::Quote;

/// Leads to what is answered, unless that is gone.
pub(super) fn quote(quote: &Quote, conversation: Conversation) -> AnyView {
    if quote.gone {
        return view! {
            <p class="quote quote--gone">
                <Icon name="reply" small=true/>
                <span>{text::messages::QUOTE_GONE}</span>
            </p>
        }
        .into_any();
    }
    let called = quote.author.called().to_owned();
    let seq = quote.seq;
    view! {
        <a
            href=conversation.address_of(seq)
            aria-label=label(quote)
            class="quote"
            on:click=move |event| conversation.go_to_quoted(&event, seq)
        >
            <Icon name="reply" small=true/>
            <Face author=&quote.author tiny=true/>
            <b dir="auto">{called}</b>
            <span dir="auto">{quote.text.clone()}</span>
        </a>
    }
    .into_any()
}

pub(super) fn label(quote: &Quote) -> String {
    format!("{} {}", text::messages::answers(quote.author.called()), quote.text)
}
