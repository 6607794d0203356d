//! What only a browser does beside a conversation; on the server nothing calls it, and it does nothing.

use super::{Beside, OpenThread, Wanted};
use crate::conversation::Conversation;
use leptos::{ev, prelude::RwSignal};
use telicat_domain::{Message, MessageId};

impl Beside {
    pub(crate) fn follow_address(self, _shown: Wanted) {}
}

impl OpenThread {
    pub(crate) fn hear_news(self) {}
    pub(crate) fn follow(self, _event: &ev::SubmitEvent) {}
}

impl Conversation {
    pub(crate) fn follow_pins(self, _list: RwSignal<Vec<Message>>) {}
    pub(crate) fn unpin(self, _event: &ev::SubmitEvent, _id: MessageId, _list: RwSignal<Vec<Message>>) {}
}
