//! What one does with messages. Whatever the server makes of it comes back as an event, which is applied at once; what it
//! refuses is said, and nothing stays of it.

use super::{ask, pointing};
use crate::{
    api::messages::{delete_message, pin_message, react_to_message, restore_message, save_message},
    browser,
    components::{
        message::{
            actions::{Act, Bar},
            offer::{Offer, Rights},
        },
        toasts::Toasts,
    },
    conversation::{Conversation, Reacting},
    text,
};
use leptos::{prelude::*, task::spawn_local};
use std::cell::RefCell;
use telicat_domain::{ApiError, Message, MessageId, RoomSlug, event::Event, frame::ServerFrame, limits::UNDO_SECONDS};

#[derive(Clone, Copy)]
struct Open {
    bar: Bar,
    // Asked for while the list is made: later, in an answer, there is nobody to ask.
    toasts: Option<Toasts>,
}

thread_local! {
    static OPEN: RefCell<Vec<Open>> = const { RefCell::new(Vec::new()) };
}

fn of(conversation: Conversation) -> Option<Open> {
    OPEN.with_borrow(|open| open.iter().rev().find(|open| open.bar.conversation.root == conversation.root).copied())
}

/// Shows what can be done with a message that is in the list.
pub(crate) fn open_actions(conversation: Conversation, id: MessageId) {
    if let Some(open) = of(conversation) {
        pointing::open(open.bar, id);
    }
}

/// Shows the emoji, and gives the one that is chosen.
pub(crate) fn start_react(conversation: Conversation, id: MessageId) {
    if let Some(open) = of(conversation).filter(|open| open.may_answer(id)) {
        let pick = Callback::new(move |emoji: String| {
            let on = !open.has_given(id, &emoji);
            open.react(id, emoji, on);
        });
        pointing::choose_emoji(open.bar, id, pick);
    }
}

/// The next message answers it.
pub(crate) fn start_reply(conversation: Conversation, id: MessageId) {
    if let Some(open) = of(conversation) {
        open.perform(id, Act::Reply);
    }
}

/// Changes an own message in its place.
pub(crate) fn start_edit(conversation: Conversation, id: MessageId) {
    if let Some(open) = of(conversation) {
        open.perform(id, Act::Edit);
    }
}

/// Takes back a reaction, or gives it.
pub(crate) fn react(conversation: Conversation, id: MessageId, emoji: String, on: bool) {
    if let Some(open) = of(conversation) {
        open.react(id, emoji, on);
    }
}

/// Does something with the bar of a conversation.
pub(super) fn with_bar(conversation: Conversation, with: impl FnOnce(Bar)) {
    if let Some(open) = of(conversation) {
        with(open.bar);
    }
}

impl Bar {
    /// Begins to hear what is pointed at, and what becomes of messages by the reader's own doing elsewhere.
    pub(crate) fn attach(self) {
        let open = Open { bar: self, toasts: Toasts::get() };
        OPEN.with_borrow_mut(|all| all.push(open));
        let target = self.target;
        on_cleanup(move || OPEN.with_borrow_mut(|all| all.retain(|other| other.bar.target != target)));
        pointing::listen(self);
        self.close_with_message();
        let conversation = self.conversation;
        super::hear(move |frame| hear_own(conversation, frame));
    }

    /// Does something with the message that the bar is at.
    pub(crate) fn act(self, act: Act) {
        if let (Some(open), Some(id)) = (of(self.conversation), self.target.get_untracked()) {
            open.perform(id, act);
        }
    }

    /// Shows what can be given to the message that the bar is at.
    pub(crate) fn react(self) {
        if let Some(id) = self.target.get_untracked() {
            start_react(self.conversation, id);
        }
    }

    /// Something was chosen in the menu.
    pub(crate) fn choose(self, act: Act) {
        self.close_menu();
        self.act(act);
    }
}

/// What concerns the reader alone: what they did in another page, and what is new in threads that they follow.
fn hear_own(conversation: Conversation, frame: &ServerFrame) {
    let is_here = |room: &RoomSlug| conversation.slug.with_value(|slug| slug == room);
    match frame {
        ServerFrame::ThreadNews { room, root, seq } if is_here(room) => {
            conversation.timeline.update(|timeline| timeline.thread_has_news(*root, *seq));
        }
        ServerFrame::ThreadRead { room, root, following } if is_here(room) => {
            conversation.timeline.update(|timeline| timeline.thread_is_read(*root, *following));
        }
        ServerFrame::Saved { room, message, on } if is_here(room) => {
            conversation.timeline.update(|timeline| timeline.save(*message, *on));
        }
        _ => {}
    }
}

impl Open {
    fn message<T>(self, id: MessageId, of: impl FnOnce(&Message) -> T) -> Option<T> {
        self.bar.conversation.timeline.try_with_untracked(|timeline| timeline.message(id).map(of)).flatten()
    }

    fn has_given(self, id: MessageId, emoji: &str) -> bool {
        let is_this =
            |message: &Message| message.reactions.iter().any(|reaction| reaction.emoji == emoji && reaction.mine);
        self.message(id, is_this).unwrap_or_default()
    }

    fn may_answer(self, id: MessageId) -> bool {
        if !self.bar.conversation.is_open() {
            return false;
        }
        let rights = untrack(|| Rights::of(self.bar.conversation));
        self.message(id, |message| Offer::of(message, rights).answer).unwrap_or_default()
    }

    fn perform(self, id: MessageId, act: Act) {
        let conversation = self.bar.conversation;
        let rights = untrack(|| Rights::of(conversation));
        let Some(offer) = self.message(id, |message| Offer::of(message, rights)) else { return };
        match act {
            Act::React(emoji) => self.react(id, emoji.to_owned(), !self.has_given(id, emoji)),
            Act::Reply if offer.answer => {
                conversation.answering.set(self.message(id, Message::quote));
                browser::focus(conversation.box_id());
            }
            Act::Edit if offer.edit => self.edit(id),
            Act::CopyText => self.copy(self.message(id, |message| message.body.clone()), text::COPIED),
            Act::CopyLink => {
                let path = self.message(id, |message| conversation.address_of(message.seq));
                let link = path.and_then(|path| Some(window().location().origin().ok()? + &path));
                self.copy(link, text::messages::LINK_COPIED);
            }
            Act::Unread => {
                if let Some(seq) = self.message(id, |message| message.seq) {
                    conversation.mark_unread(seq);
                }
            }
            Act::Pin(on) => self.pin(id, on),
            Act::Save(on) => self.save(id, on),
            Act::History => self.bar.history.set(Some(id)),
            Act::Delete if offer.delete => self.delete(id),
            // Keys are pressed at messages with which that cannot be done.
            Act::Reply | Act::Edit | Act::Delete => {}
        }
    }

    fn complain(self, error: &ApiError) {
        if let Some(toasts) = self.toasts {
            toasts.error(text::error(error));
        }
    }

    fn say(self, words: &'static str) {
        if let Some(toasts) = self.toasts {
            toasts.good(words);
        }
    }

    /// Shows what came of something.
    fn take(self, answer: Result<Option<Event>, ApiError>) -> bool {
        match answer {
            Ok(event) => {
                if let Some(event) = event {
                    self.bar.conversation.hear(event, false);
                }
                true
            }
            Err(error) => {
                self.complain(&error);
                false
            }
        }
    }

    /// Shows a reaction at once, and takes it back when the server does not have it. While it is on its way, another
    /// press only says what is wanted in the end.
    fn react(self, id: MessageId, emoji: String, on: bool) {
        let conversation = self.bar.conversation;
        if !conversation.is_open() {
            return;
        }
        if !self.may_answer(id) {
            let archived = conversation.entry.with_untracked(|entry| entry.room.archived);
            self.complain(&if archived { ApiError::Archived } else { ApiError::Forbidden });
            return;
        }
        let reacting = conversation.reacting;
        let is_this = {
            let emoji = emoji.clone();
            move |other: &Reacting| other.message == id && other.emoji == emoji
        };
        let was_on_its_way = reacting.try_update(|all| match all.iter_mut().find(|other| is_this(other)) {
            Some(other) => {
                other.on = on;
                true
            }
            None => {
                all.push(Reacting { message: id, emoji: emoji.clone(), on });
                false
            }
        });
        if was_on_its_way != Some(false) {
            return;
        }
        spawn_local(async move {
            let wanted = || reacting.try_with_untracked(|all| all.iter().find(|other| is_this(other)).map(|it| it.on));
            while let Some(Some(on)) = wanted() {
                let answer = ask(react_to_message(id.to_string(), emoji.clone(), on)).await;
                let taken = self.take(answer);
                if !taken || wanted() == Some(Some(on)) {
                    break;
                }
            }
            let _gone = reacting.try_update(|all| all.retain(|other| !is_this(other)));
        });
    }

    fn edit(self, id: MessageId) {
        let conversation = self.bar.conversation;
        let text_of = |id| self.message(id, |message| message.body.clone());
        if let Some(other) = conversation.editing.get_untracked().filter(|other| *other != id)
            && text_of(other).is_some_and(|text| text != conversation.edited.get_untracked())
        {
            // What was typed there must not be lost.
            let _focused = browser::focus_first(".edit-box__text");
            return;
        }
        conversation.edited.set(text_of(id).unwrap_or_default());
        conversation.editing.set(Some(id));
    }

    fn copy(self, text: Option<String>, words: &'static str) {
        let (Some(text), Some(toasts)) = (text, self.toasts) else { return };
        toasts.copy(text, words);
    }

    fn pin(self, id: MessageId, on: bool) {
        spawn_local(async move {
            if self.take(ask(pin_message(id.to_string(), on)).await) {
                self.say(if on { text::messages::IS_PINNED } else { text::messages::IS_UNPINNED });
            }
        });
    }

    fn save(self, id: MessageId, on: bool) {
        let timeline = self.bar.conversation.timeline;
        spawn_local(async move {
            match ask(save_message(id.to_string(), on)).await {
                Ok(()) => {
                    let _shown = timeline.try_update(|timeline| timeline.save(id, on));
                    self.say(if on { text::messages::IS_SAVED } else { text::messages::IS_UNSAVED });
                }
                Err(error) => self.complain(&error),
            }
        });
    }

    /// Deletes at once. Asking before would be asked every time; taking it back is asked for when it was a slip.
    fn delete(self, id: MessageId) {
        spawn_local(async move {
            if !self.take(ask(delete_message(id.to_string())).await.map(Some)) {
                return;
            }
            let undo = Callback::new(move |()| self.restore(id));
            if let Some(toasts) = self.toasts {
                let milliseconds = UNDO_SECONDS as u32 * 1_000;
                toasts.offer(text::messages::DELETED, text::messages::UNDO, undo, milliseconds);
            }
        });
    }

    fn restore(self, id: MessageId) {
        spawn_local(async move {
            if self.take(ask(restore_message(id.to_string())).await.map(Some)) {
                pointing::focus_message(self.bar, id);
            }
        });
    }
}
