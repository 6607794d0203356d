//! What the keys of the list do with the message that has the focus. The parts that do it say so here, so that the list
//! need not know them.

use super::Conversation;
use leptos::prelude::*;
use telicat_domain::MessageId;

/// Something that is done with a message of a conversation.
pub(crate) type Act = Callback<(Conversation, MessageId)>;

/// What the keys do. Whoever provides it does so before a conversation is opened.
#[derive(Clone, Copy)]
pub(crate) struct ListActions {
    /// Enter: shows what can be done with the message.
    pub(crate) open: Act,
    /// R: answers it.
    pub(crate) reply: Act,
    /// E: changes it, when it is an own one.
    pub(crate) edit: Act,
    /// +: gives an emoji to it.
    pub(crate) react: Act,
}

impl ListActions {
    /// What was provided. Without that one can still answer, and change what one has written.
    pub(crate) fn get() -> Self {
        use_context().unwrap_or_else(|| Self {
            open: Callback::new(|_| {}),
            reply: Callback::new(|(conversation, id): (Conversation, MessageId)| conversation.answer(id)),
            edit: Callback::new(|(conversation, id): (Conversation, MessageId)| conversation.editing.set(Some(id))),
            react: Callback::new(|_| {}),
        })
    }
}

impl Conversation {
    /// The next message answers this one.
    pub(crate) fn answer(self, id: MessageId) {
        let quote = self.timeline.with_untracked(|timeline| {
            timeline.message(id).filter(|message| message.has_text()).map(telicat_domain::Message::quote)
        });
        if quote.is_some() {
            self.answering.set(quote);
            #[cfg(feature = "hydrate")]
            crate::browser::focus(self.box_id());
        }
    }

    /// The id of the box where one writes.
    pub(crate) fn box_id(self) -> &'static str {
        if self.root.is_some() { "reply" } else { "message" }
    }
}
