//! A thread beside its room: the first message, the replies, and where one replies.

use super::PaneHead;
use crate::{
    components::{composer::Composer, message::actions::Actions},
    conversation::Conversation,
    text::messages as text,
};
use leptos::{ev, prelude::*};
use telicat_domain::{
    event::{Quote, ThreadPage},
    permission::Action,
};

/// An open thread.
#[derive(Clone, Copy)]
pub(crate) struct OpenThread {
    /// The room that it is in.
    pub(crate) room: Conversation,
    pub(crate) thread: Conversation,
    /// Whether the reader follows it.
    pub(crate) following: RwSignal<bool>,
    /// Up to which event the reader has read it.
    pub(crate) read: StoredValue<i64>,
}

#[component]
pub(super) fn Thread(room: Conversation, page: Box<ThreadPage>, reply: Option<Quote>, name: String) -> impl IntoView {
    let thread = room.open_thread(&page);
    if reply.is_some() {
        thread.answering.set(reply);
    }
    thread.connect();
    let open = OpenThread { room, thread, following: RwSignal::new(page.following), read: StoredValue::new(page.read) };
    open.read_while_visible();
    let count = move || {
        let replies = thread.timeline.with(|timeline| timeline.root().and_then(|root| root.replies));
        replies.map_or(0, |replies| replies.count)
    };
    let sum = move || match count() {
        0 => text::NO_REPLIES.to_owned(),
        count => text::replies(count),
    };
    view! {
        <PaneHead title=text::THREAD name=name.clone() close=room.address() label=text::CLOSE_THREAD>
            <Follow open/>
        </PaneHead>
        // Its end is shown first, so what stands first here is below.
        <div class="details-body details-body--end">
            <Actions conversation=thread/>
            <div class="details-list" role="log" aria-label=text::REPLIES aria-live="off" tabindex="0">
                {replies(open, page.replies.first().map_or(0, |first| first.seq), sum)}
            </div>
        </div>
        {move || {
            let name = name.clone();
            room.may(Action::Post).then(|| view! { <Composer conversation=thread room=name/> })
        }}
    }
}

/// The first message, how many replies there are, and the replies.
fn replies(open: OpenThread, first: i64, sum: impl Fn() -> String + Copy + Send + Sync + 'static) -> impl IntoView {
    let OpenThread { thread, .. } = open;
    let has_older = move || thread.timeline.with(telicat_domain::Timeline::has_older);
    view! {
        {messages(thread, true)}
        <p class="details-sum">{sum}</p>
        {move || {
            has_older()
                .then(|| {
                    view! {
                        <p class="details-older">
                            <a
                                class="button button--small button--quiet without-script"
                                href=thread.root.map(|root| format!("{}&older={first}", thread.address_of_thread(root)))
                            >
                                {text::OLDER_REPLIES}
                            </a>
                            <button
                                type="button"
                                class="button button--small button--quiet needs-script"
                                on:click=move |_| open.load_older()
                            >
                                {text::OLDER_REPLIES}
                            </button>
                        </p>
                    }
                })
        }}
        {messages(thread, false)}
    }
}

/// The first message, or the replies; each stays itself while the list changes.
#[cfg(feature = "hydrate")]
fn messages(thread: Conversation, first: bool) -> AnyView {
    use crate::components::message::Message;
    let rows = move || {
        thread.rows.with(|rows| {
            let (root, replies) = rows.split_at(rows.len().min(1));
            if first { root.to_vec() } else { replies.to_vec() }
        })
    };
    view! {
        <For each=rows key=|row| row.nonce let(row)>
            <Message row conversation=thread/>
        </For>
    }
    .into_any()
}

/// The same markup.
#[cfg(not(feature = "hydrate"))]
fn messages(thread: Conversation, first: bool) -> AnyView {
    crate::once::written(move |html| {
        thread.rows.with_untracked(|rows| {
            let (root, replies) = rows.split_at(rows.len().min(1));
            for row in if first { root } else { replies } {
                crate::components::message::write(html, row, thread);
            }
        });
        html.mark();
    })
}

/// Follows the thread, or does not any more.
#[component]
fn Follow(open: OpenThread) -> impl IntoView {
    let following = open.following;
    view! {
        <form method="post" action="/api/threads/follow" on:submit=move |event: ev::SubmitEvent| open.follow(&event)>
            <input type="hidden" name="root" value=open.thread.root.map(|root| root.to_string())/>
            <input type="hidden" name="on" value=move || (!following.get()).to_string()/>
            <button class="button button--small">
                {move || if following.get() { text::UNFOLLOW } else { text::FOLLOW }}
            </button>
        </form>
    }
}
