//! The list of messages.

use super::{
    icon::Icon,
    message::actions::Actions,
    room_invite::{EmptyGroup, RoomInvite},
};
use crate::{
    conversation::{Conversation, Edge, HistoryLinks},
    text,
    until_gone::get_until_gone,
};
use leptos::{ev, html::Div, prelude::*};
use telicat_domain::Timeline as Window;

/// The messages of a room or thread, newest at the end and in view.
#[component]
pub(crate) fn Timeline(conversation: Conversation) -> impl IntoView {
    let scroller: NodeRef<Div> = NodeRef::new();
    conversation.hold_position(scroller);
    let links = HistoryLinks::of(conversation);
    let unread = links.unread.clone();
    // A list without messages has nothing else in it that the keyboard could stop at.
    let is_empty = Memo::new(move |_| conversation.rows.with(Vec::is_empty));
    let stop = move || list_stop().or_else(|| is_empty.get().then_some("0"));
    let id = conversation.root.is_none().then_some("messages");
    // The scroller shows its last child first, so what stands first here is at the end.
    view! {
        <div
            class="timeline"
            node_ref=scroller
            on:scroll=move |_| conversation.scrolled()
            on:keydown=move |event: ev::KeyboardEvent| conversation.list_key(&event)
            on:focusin=move |event: ev::FocusEvent| conversation.list_focused(&event)
        >
            <Pill conversation/>
            <Actions conversation/>
            <Gap conversation/>
            <Newer conversation link=links.newer/>
            <MarkRead conversation/>
            <div class="timeline__list" id=id role="log" aria-label=text::MESSAGES aria-live="off" tabindex=stop>
                {messages(conversation)}
            </div>
            <Older conversation link=links.older/>
            <Unread conversation link=unread/>
        </div>
        {conversation
            .root
            .is_none()
            .then(|| {
                view! {
                    <div class="unseen" aria-live="polite">
                        {move || get_until_gone(conversation.announcer.said)}
                    </div>
                }
            })}
    }
}

/// Without a script the list itself is where the keyboard scrolls it; with one, its messages are.
pub(super) fn list_stop() -> Option<&'static str> {
    (!crate::conversation::is_localised()).then_some("0")
}

/// The messages, each of which stays itself while the list changes.
#[cfg(feature = "hydrate")]
fn messages(conversation: Conversation) -> AnyView {
    use super::message::Message;
    let rows = move || {
        conversation.note_focus();
        conversation.rows.get()
    };
    view! {
        <For each=rows key=|row| row.nonce let(row)>
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

/// Says that something is missing, and tries again.
#[component]
fn Gap(conversation: Conversation) -> impl IntoView {
    move || {
        conversation.gap.get().then(|| {
            view! {
                <p class="gap row" role="alert">
                    {text::GAP} " "
                    <button type="button" class="button button--small" on:click=move |_| conversation.fill_gap()>
                        {text::GAP_LOAD}
                    </button>
                </p>
            }
        })
    }
}

/// What is before the first message: more, which scrolling up asks for by itself, or the beginning.
#[component]
fn Older(conversation: Conversation, link: Option<String>) -> impl IntoView {
    let has_older = Memo::new(move |_| conversation.timeline.with(Window::has_older));
    let is_empty = Memo::new(move |_| conversation.rows.with(Vec::is_empty));
    let is_loading = move || conversation.loading.get() == Some(Edge::Older);
    // Where a page of history that is read downwards begins.
    let place = conversation.root.is_none().then_some("first");
    move || {
        if is_empty.get() {
            return view! { <Empty conversation/> }.into_any();
        }
        if !has_older.get() {
            let beginning = conversation.root.is_none().then_some(text::BEGINNING);
            return view! { <p class="timeline__edge small muted" id=place>{beginning}</p> }.into_any();
        }
        let link = link.clone();
        view! {
            <p class="timeline__edge row" id=place>
                <button
                    type="button"
                    class="button button--small button--quiet needs-script"
                    aria-busy=move || is_loading().then_some("true")
                    on:click=move |_| conversation.load_older()
                >
                    {move || if is_loading() { text::OLDER_LOADING } else { text::OLDER }}
                </button>
                {link
                    .map(|link| {
                        view! {
                            <a class="button button--small without-script" href=link rel="external prev">
                                {text::timeline::OLDER_PAGE}
                            </a>
                        }
                    })}
            </p>
        }
        .into_any()
    }
}

/// What is behind the last message, when that is not the newest.
#[component]
fn Newer(conversation: Conversation, link: Option<String>) -> impl IntoView {
    let has_newer = Memo::new(move |_| conversation.timeline.with(Window::has_newer));
    let is_loading = move || conversation.loading.get() == Some(Edge::Newer);
    move || {
        let link = link.clone();
        has_newer.get().then(|| {
            view! {
                <p class="timeline__edge row">
                    <button
                        type="button"
                        class="button button--small button--quiet needs-script"
                        aria-busy=move || is_loading().then_some("true")
                        on:click=move |_| conversation.load_newer()
                    >
                        {move || if is_loading() { text::timeline::NEWER_LOADING } else { text::timeline::NEWER }}
                    </button>
                    {link
                        .map(|link| {
                            view! {
                                <a
                                    class="button button--small without-script"
                                    href=format!("{link}#first")
                                    rel="external next"
                                >
                                    {text::timeline::NEWER_PAGE}
                                </a>
                            }
                        })}
                </p>
            }
        })
    }
}

/// Says that all is read, where no script sees what is read. Only at the end: what is on other pages was not seen.
#[component]
fn MarkRead(conversation: Conversation) -> impl IntoView {
    let last = conversation.timeline.with_untracked(|timeline| (!timeline.has_newer()).then(|| timeline.last()));
    let is_unread = conversation.root.is_none() && conversation.divider.with_untracked(Option::is_some);
    last.filter(|_| is_unread).map(|last| {
        view! {
            <form class="timeline__edge without-script" method="post" action="/api/rooms/read">
                <input type="hidden" name="room" value=conversation.slug.with_value(ToString::to_string)/>
                <input type="hidden" name="seq" value=last/>
                <button class="button button--small">{text::timeline::MARK_READ}</button>
            </form>
        }
    })
}

/// What is said in a room where nothing was said.
#[component]
fn Empty(conversation: Conversation) -> impl IntoView {
    if let Some(group) = use_context::<Option<EmptyGroup>>().flatten() {
        return view! { <RoomInvite group/> }.into_any();
    }
    let lead = conversation
        .entry
        .with_untracked(|entry| (!entry.room.archived).then(|| text::room_list::empty_lead(entry.room.kind)));
    view! {
        <div class="empty">
            <h2 class="empty__title">{text::EMPTY_TITLE}</h2>
            {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
        </div>
    }
    .into_any()
}

/// Leads to the first message that was not read, until it was in view.
#[component]
fn Unread(conversation: Conversation, link: Option<String>) -> impl IntoView {
    let elsewhere = conversation.unread_is_elsewhere();
    let jump = move |event: ev::MouseEvent| {
        event.prevent_default();
        conversation.jump_to_unread();
    };
    move || {
        let link = link.clone().filter(|_| !conversation.met_unread.get());
        link.map(|link| {
            view! {
                <div class="timeline__unread" class:needs-script=!elsewhere>
                    <a class="pill button" href=link rel="external" on:click=jump>
                        <Icon name="up" small=true/>
                        {text::timeline::TO_UNREAD}
                    </a>
                </div>
            }
        })
    }
}

/// Leads back to the newest messages, and says how many came meanwhile.
#[component]
fn Pill(conversation: Conversation) -> impl IntoView {
    move || {
        (!conversation.at_end.get()).then(|| {
            view! {
                <div class="timeline__pill needs-script">
                    <button type="button" class="pill button" on:click=move |_| conversation.follow_end()>
                        <Icon name="down" small=true/>
                        {move || text::new_messages(conversation.unseen.get())}
                    </button>
                </div>
            }
        })
    }
}
