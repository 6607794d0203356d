//! What stands beside a conversation, in the browser: it follows the address.

use super::ask;
use crate::{
    api::{
        messages::{pin_message, pinned_messages},
        threads::follow_thread,
    },
    browser,
    components::{
        details::{Beside, HEADING, OpenThread, Pane, Wanted},
        toasts::Toasts,
    },
    conversation::Conversation,
    text,
};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;
use telicat_domain::{Event, Message, MessageId, RoomSlug, frame::ServerFrame};

/// What takes no longer than this many milliseconds needs no sign that it is on its way.
const SILENT_MS: u32 = 300;

impl Beside {
    /// Shows what the address asks for, whenever that is something else than what is `shown`.
    pub(crate) fn follow_address(self, shown: Wanted) {
        let query = use_query_map();
        let asked = StoredValue::new(0_u32);
        Effect::new(move |before: Option<Wanted>| {
            let wanted = query.with(Wanted::of);
            let before = before.unwrap_or(shown);
            if before != wanted {
                asked.update_value(|count| *count += 1);
                self.change(before, wanted, asked);
            }
            wanted
        });
    }

    fn change(self, before: Wanted, wanted: Wanted, asked: StoredValue<u32>) {
        if !wanted.is_pane() {
            self.pane.set(None);
            if before.is_pane() {
                leave(before);
            }
            return;
        }
        let room = self.conversation.slug.with_value(ToString::to_string);
        let this = asked.get_value();
        let is_wanted = move || asked.try_get_value() == Some(this);
        let pane = self.pane;
        spawn_local(async move {
            browser::wait(SILENT_MS).await;
            if is_wanted() {
                let _shown = pane.try_set(Some(Pane::Loading));
            }
        });
        spawn_local(async move {
            let details = wanted.load(room).await;
            if !is_wanted() {
                return;
            }
            asked.update_value(|count| *count += 1);
            let _shown = pane.try_set(details.pane);
            browser::wait(0).await;
            let writes = wanted.thread.is_some() && wanted.message.is_none() && !browser::is_touch();
            if !(writes && browser::focus_first("#reply")) {
                browser::focus(HEADING);
            }
        });
    }
}

/// The focus goes back to where the pane came from, or to where one writes.
fn leave(before: Wanted) {
    let message = before.thread.or(before.message).map(|id: MessageId| format!("article[data-message-id=\"{id}\"]"));
    spawn_local(async move {
        browser::wait(0).await;
        let element = message.and_then(|message| browser::find::<web_sys::Element>(&message));
        match element {
            Some(element) => browser::focus_quietly(&element),
            None => browser::focus("message"),
        }
    });
}

impl OpenThread {
    /// Hears whether the thread is followed: who says something in it does so from then on.
    pub(crate) fn hear_news(self) {
        let Self { thread, following } = self;
        let slug = thread.slug.get_value();
        super::hear(move |frame| {
            let here = |room: &RoomSlug, root| *room == slug && root == thread.root;
            let follows = match frame {
                ServerFrame::ThreadNews { room, root, .. } if here(room, Some(*root)) => true,
                ServerFrame::ThreadRead { room, root, following } if here(room, Some(*root)) => *following,
                _ => return,
            };
            if follows != following.get_untracked() {
                following.set(follows);
            }
        });
        thread.on_event(move |event| {
            let own = |reply: &Message| reply.root.map(|root| root.id) == thread.root && thread.is_own(&reply.author);
            if event.posted().is_some_and(own) && !following.get_untracked() {
                following.set(true);
            }
        });
    }

    /// Follows the thread, or does not any more.
    pub(crate) fn follow(self, event: &ev::SubmitEvent) {
        event.prevent_default();
        let (Some(root), Some(toasts)) = (self.thread.root, Toasts::get()) else { return };
        let on = !self.following.get_untracked();
        spawn_local(async move {
            match ask(follow_thread(root.to_string(), on)).await {
                Ok(()) => drop(self.following.try_set(on)),
                Err(error) => toasts.error(text::error(&error)),
            }
        });
    }
}

impl Conversation {
    /// Keeps a list of pinned messages as it is on the server.
    pub(crate) fn follow_pins(self, list: RwSignal<Vec<Message>>) {
        let room = self.slug.with_value(ToString::to_string);
        self.on_event(move |event| match event {
            Event::Pinned { message, on: false, .. } => take_off(list, *message),
            Event::Deleted { message, .. } => take_off(list, message.id),
            Event::Pinned { .. } | Event::Edited { .. } | Event::Restored { .. } => fetch_pins(room.clone(), list),
            _ => {}
        });
    }

    /// Takes a message off the list of pinned ones, which is shown.
    pub(crate) fn unpin(self, event: &ev::SubmitEvent, id: MessageId, list: RwSignal<Vec<Message>>) {
        event.prevent_default();
        let Some(toasts) = Toasts::get() else { return };
        spawn_local(async move {
            match ask(pin_message(id.to_string(), false)).await {
                Ok(event) => {
                    if let Some(event) = event {
                        self.hear(event, false);
                    }
                    take_off(list, id);
                    browser::focus(HEADING);
                    toasts.good(text::messages::IS_UNPINNED);
                }
                Err(error) => toasts.error(text::error(&error)),
            }
        });
    }
}

fn take_off(list: RwSignal<Vec<Message>>, id: MessageId) {
    let is_there = list.try_with_untracked(|list| list.iter().any(|message| message.id == id));
    if is_there == Some(true) {
        list.update(|list| list.retain(|message| message.id != id));
    }
}

fn fetch_pins(room: String, list: RwSignal<Vec<Message>>) {
    spawn_local(async move {
        // What cannot be fetched now stays as it was: it is a list to look things up in.
        if let Ok(messages) = ask(pinned_messages(room)).await {
            let _shown = list.try_set(messages);
        }
    });
}
