//! What only a browser does with messages; on the server nothing calls it, and it does nothing.

use super::{
    actions::{Act, Bar},
    edit_box::Edit,
    history::Versions,
};
use crate::conversation::Conversation;
use leptos::{ev, html::Dialog, prelude::*};
use telicat_domain::MessageId;

impl Bar {
    pub(crate) fn attach(self) {}
    pub(crate) fn act(self, _act: Act) {}
    pub(crate) fn react(self) {}
    pub(crate) fn choose(self, _act: Act) {}
    pub(crate) fn close_menu(self) {}
    pub(crate) fn menu_key(self, _event: &ev::KeyboardEvent) {}
    pub(crate) fn menu_toggled(self) {}
    pub(crate) fn go_to_quoted(self, _event: &ev::MouseEvent, _seq: i64) {}
    pub(crate) fn show_history(self, _dialog: NodeRef<Dialog>, _versions: RwSignal<Versions>) {}
}

impl Conversation {
    pub(crate) fn go_to_quoted(self, _event: &ev::MouseEvent, _seq: i64) {}
    pub(crate) fn show_history(self, _event: &ev::MouseEvent, _id: MessageId) {}
}

impl Edit {
    pub(crate) fn begin(self) {}
    pub(crate) fn submit(self, _event: &ev::SubmitEvent) {}
    pub(crate) fn key_pressed(self, _event: &ev::KeyboardEvent) {}
    pub(crate) fn typed(self, _event: &ev::Event) {}
    pub(crate) fn cancel(self) {}
}
