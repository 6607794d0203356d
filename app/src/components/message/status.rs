//! How the sending of an own message is going.

use crate::{components::icon::Icon, conversation::Conversation, text};
use leptos::prelude::*;
use telicat_domain::{Nonce, timeline::RowState};

pub(super) fn status(state: &RowState, nonce: Nonce, conversation: Conversation) -> Option<AnyView> {
    match state {
        RowState::Sent { .. } => None,
        RowState::Sending => Some(view! { <span class="unseen">{text::SENDING}</span> }.into_any()),
        RowState::Failed(error) => Some(
            view! {
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
        ),
    }
}
