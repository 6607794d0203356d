//! The list of messages.

use super::{icon::Icon, message::actions::Actions};
use crate::{conversation::Conversation, text};
use leptos::{html::Div, prelude::*};

/// The messages of a room, newest at the end and in view.
#[component]
pub(crate) fn Timeline(conversation: Conversation) -> impl IntoView {
    let scroller: NodeRef<Div> = NodeRef::new();
    conversation.hold_position(scroller);
    let rows = conversation.rows;
    let has_older = move || conversation.timeline.with(telicat_domain::Timeline::has_older);
    let is_empty = move || rows.with(Vec::is_empty);
    // The scroller shows its last child first, so what stands first here is at the end.
    view! {
        <div class="timeline" node_ref=scroller on:scroll=move |_| conversation.scrolled()>
            <Pill conversation/>
            <Actions conversation/>
            {move || {
                conversation
                    .gap
                    .get()
                    .then(|| {
                        view! {
                            <p class="gap row" role="alert">
                                {text::GAP} " "
                                <button
                                    type="button"
                                    class="button button--small"
                                    on:click=move |_| conversation.fill_gap()
                                >
                                    {text::GAP_LOAD}
                                </button>
                            </p>
                        }
                    })
            }}
            <div class="timeline__list" role="log" aria-label=text::MESSAGES aria-live="off" tabindex="0">
                {messages(conversation)}
            </div>
            {move || {
                if is_empty() {
                    view! { <Empty/> }.into_any()
                } else if has_older() {
                    view! { <Older conversation/> }.into_any()
                } else {
                    view! { <p class="timeline__edge small muted">{text::BEGINNING}</p> }.into_any()
                }
            }}
        </div>
        <div class="unseen" aria-live="polite">{move || conversation.announcement.get()}</div>
    }
}

/// The messages, each of which stays itself while the list changes.
#[cfg(feature = "hydrate")]
fn messages(conversation: Conversation) -> AnyView {
    use super::message::Message;
    view! {
        <For each=move || conversation.rows.get() key=|row| row.nonce let(row)>
            <Message row conversation/>
        </For>
    }
    .into_any()
}

/// The messages, in the same markup.
#[cfg(not(feature = "hydrate"))]
fn messages(conversation: Conversation) -> AnyView {
    crate::once::written(move |html| {
        conversation.rows.with_untracked(|rows| {
            for row in rows {
                super::message::write(html, row, conversation);
            }
        });
        html.mark();
    })
}

/// Asks for what was before. Scrolling up asks by itself.
#[component]
fn Older(conversation: Conversation) -> impl IntoView {
    view! {
        <p class="timeline__edge needs-script">
            <button
                type="button"
                class="button button--small button--quiet"
                aria-busy=move || conversation.loading.get().then_some("true")
                on:click=move |_| conversation.load_older()
            >
                {move || if conversation.loading.get() { text::OLDER_LOADING } else { text::OLDER }}
            </button>
        </p>
    }
}

/// What is said in a room where nothing was said.
#[component]
fn Empty() -> impl IntoView {
    view! {
        <div class="empty">
            <h2 class="empty__title">{text::EMPTY_TITLE}</h2>
            <p class="lead">{text::EMPTY_LEAD}</p>
        </div>
    }
}

/// Leads back to the newest messages, and says how many came meanwhile.
#[component]
fn Pill(conversation: Conversation) -> impl IntoView {
    view! {
        {move || {
            (!conversation.at_end.get())
                .then(|| {
                    view! {
                        <div class="timeline__pill">
                            <button type="button" class="pill button" on:click=move |_| conversation.follow_end()>
                                <Icon name="down" small=true/>
                                {move || text::new_messages(conversation.unseen.get())}
                            </button>
                        </div>
                    }
                })
        }}
    }
}
