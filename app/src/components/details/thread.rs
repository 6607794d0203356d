//! A thread beside its room: the first message, the replies, and where one replies.

use super::PaneHead;
use crate::{
    components::{composer::Composer, message::actions::Actions, timeline::list_stop},
    conversation::Conversation,
    text::messages as text,
};
use leptos::{ev, html::Div, prelude::*};
use telicat_domain::{
    event::{Quote, ThreadPage},
    permission::Action,
};

/// An open thread.
#[derive(Clone, Copy)]
pub(crate) struct OpenThread {
    pub(crate) thread: Conversation,
    /// Whether the reader follows it.
    pub(crate) following: RwSignal<bool>,
}

#[component]
pub(super) fn Thread(room: Conversation, page: Box<ThreadPage>, reply: Option<Quote>, name: String) -> impl IntoView {
    let thread = room.open_thread(&page);
    if reply.is_some() {
        thread.answering.set(reply);
    }
    thread.connect();
    let open = OpenThread { thread, following: RwSignal::new(page.following) };
    open.hear_news();
    let scroller: NodeRef<Div> = NodeRef::new();
    thread.hold_position(scroller);
    view! {
        <PaneHead title=text::THREAD name close=room.address() label=text::CLOSE_THREAD>
            <Follow open/>
        </PaneHead>
        // Its end is shown first, so what stands first here is below.
        <div
            class="timeline details-body"
            node_ref=scroller
            on:scroll=move |_| thread.scrolled()
            on:keydown=move |event: ev::KeyboardEvent| thread.list_key(&event)
            on:focusin=move |event: ev::FocusEvent| thread.list_focused(&event)
        >
            <Actions conversation=thread/>
            <div class="timeline__list" role="log" aria-label=text::REPLIES aria-live="off" tabindex=list_stop>
                {replies(thread, page.replies.first().map_or(0, |first| first.seq))}
            </div>
        </div>
        {move || {
            room.may(Action::Post).then(|| view! { <Composer conversation=thread/> })
        }}
    }
}

/// The first message, how many replies there are, and the replies. `first` is the number of the first one here.
fn replies(thread: Conversation, first: i64) -> impl IntoView {
    let sum = move || {
        let replies = thread.timeline.with(|timeline| timeline.root().and_then(|root| root.replies));
        match replies.map_or(0, |replies| replies.count) {
            0 => text::NO_REPLIES.to_owned(),
            count => text::replies(count),
        }
    };
    let has_older = Memo::new(move |_| thread.timeline.with(telicat_domain::Timeline::has_older));
    let older = thread.root.map(|root| format!("{}&older={first}", thread.address_of_thread(root)));
    view! {
        {messages(thread, true)}
        <p class="details-sum">{sum}</p>
        {move || {
            let older = older.clone();
            has_older
                .get()
                .then(|| {
                    view! {
                        <p class="details-older">
                            <a class="button button--small button--quiet without-script" href=older rel="external">
                                {text::OLDER_REPLIES}
                            </a>
                            <button
                                type="button"
                                class="button button--small button--quiet needs-script"
                                on:click=move |_| thread.load_older()
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
        thread.note_focus();
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
