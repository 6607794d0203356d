//! What stands beside a conversation: a thread, the pinned messages, or what can be done with a message. The address
//! says which, so each can be linked to, left by going back, and read without a script.

mod message_panel;
mod pinned;
#[cfg(test)]
mod tests;
mod thread;
#[cfg(not(feature = "hydrate"))]
mod unscripted;
mod wanted;

pub(crate) use pinned::{PinnedItem, PinnedLink};
pub(crate) use thread::OpenThread;
pub(crate) use wanted::{Details, Pane, Wanted};

use super::icon::Icon;
use crate::{conversation::Conversation, text};
use leptos::prelude::*;
use message_panel::MessagePanel;
use pinned::Pinned;
use telicat_domain::{ApiError, Message};
use thread::Thread;

/// The id of the heading, which has the focus when the pane comes by a script.
pub(crate) const HEADING: &str = "details-title";

/// What the address of a room asks for beside the room.
#[derive(Clone, Copy)]
pub(crate) struct Beside {
    pub(crate) conversation: Conversation,
    /// What is shown.
    pub(crate) pane: RwSignal<Option<Pane>>,
}

impl Beside {
    /// What came with the page; in a browser it follows the address from here on.
    pub(crate) fn open(conversation: Conversation, details: Details) -> Self {
        let asked = details.wanted.reply.filter(|_| details.wanted.thread.is_none());
        let here = asked.and_then(|id| {
            let quote = |message: &Message| message.has_text().then(|| message.quote());
            conversation.timeline.with_untracked(|timeline| timeline.message(id).and_then(quote))
        });
        if let Some(quote) = here.or(details.reply) {
            conversation.answering.set(Some(quote));
        }
        let beside = Self { conversation, pane: RwSignal::new(details.pane) };
        beside.follow_address(details.wanted);
        beside
    }
}

/// The pane, when something is to be shown in it.
#[component]
pub(crate) fn DetailsPane(beside: Beside, room: String) -> impl IntoView {
    let conversation = beside.conversation;
    move || {
        let room = room.clone();
        beside.pane.with(|pane| {
            let pane = pane.as_ref()?;
            let view = match pane {
                Pane::Thread { page, reply } => {
                    view! { <Thread room=conversation page=page.clone() reply=reply.clone() name=room/> }.into_any()
                }
                Pane::Pinned(messages) => view! { <Pinned conversation messages=messages.clone() name=room/> }.into_any(),
                Pane::Message(about) => view! { <MessagePanel conversation about=about.clone() name=room/> }.into_any(),
                Pane::Loading => {
                    view! {
                        <PaneHead title=text::messages::LOADING name=room close=conversation.address() label=text::messages::CLOSE/>
                        <Waiting/>
                    }
                        .into_any()
                }
                Pane::Failed(error) => {
                    view! { <Failed error=error.clone() name=room close=conversation.address()/> }.into_any()
                }
            };
            Some(view! { <section class="app__details" aria-labelledby=HEADING>{view}</section> })
        })
    }
}

/// The head of the pane, with the way out.
#[component]
fn PaneHead(
    title: &'static str,
    /// The room that it belongs to.
    name: String,
    /// Where one is without the pane.
    close: String,
    /// What the way out is called.
    label: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="details-head">
            <h2 class="details-head__title" id=HEADING tabindex="-1">
                {title} " " <span class="muted" dir="auto">{name}</span>
            </h2>
            {children.map(|children| children())}
            <a class="button button--quiet button--icon" href=close aria-label=label title=label>
                <Icon name="close"/>
            </a>
        </header>
    }
}

/// Rows that look like what is to come.
#[component]
fn Waiting() -> impl IntoView {
    let row = || {
        view! {
            <div class="skeleton" aria-hidden="true">
                <span class="avatar"></span>
                <div>
                    <i></i>
                    <i></i>
                    <i></i>
                    <i></i>
                </div>
            </div>
        }
    };
    view! { <div class="details-body">{row()} {row()} {row()}</div> }
}

/// It could not be shown.
#[component]
fn Failed(error: ApiError, name: String, close: String) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::http::set_status(error.status());
    view! {
        <PaneHead title=text::LOST_TITLE name close label=text::messages::CLOSE/>
        <div class="details-body">
            <p class="details-note" role="alert">
                {text::error(&error)}
            </p>
        </div>
    }
}
