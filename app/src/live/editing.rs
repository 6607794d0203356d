//! Changing an own message in its place, and what messages said before.

use super::{ask, pointing::focus_message};
use crate::{
    api::messages::{edit_message, message_history},
    browser,
    components::message::{actions::Bar, edit_box::Edit, history::Versions},
    conversation::Conversation,
};
use leptos::{ev, html::Dialog, prelude::*, task::spawn_local};
use telicat_domain::{ApiError, Field, MessageBody, MessageId};

impl Edit {
    /// Gives the box the focus, behind the last word.
    pub(crate) fn begin(self) {
        Effect::new(move |_| {
            let Some(text_box) = self.text_box.get() else { return };
            let end = self.conversation.edited.with_untracked(|text| text.encode_utf16().count());
            let _focused = text_box.focus();
            let _placed = text_box.set_selection_range(end as u32, end as u32);
        });
    }

    pub(crate) fn typed(self, event: &ev::Event) {
        self.conversation.edited.set(event_target_value(event));
        self.error.set(None);
    }

    /// Enter saves, Shift and Enter breaks the line, Ctrl or Cmd and Enter always saves; under a finger Enter breaks the
    /// line. Escape leaves it as it was. Never while an input method composes.
    pub(crate) fn key_pressed(self, event: &ev::KeyboardEvent) {
        let commands = event.ctrl_key() || event.meta_key();
        if !commands && !event.alt_key() {
            // The keys of the list mean something else.
            event.stop_propagation();
        }
        if event.is_composing() || event.shift_key() || event.alt_key() {
            return;
        }
        match event.key().as_str() {
            "Escape" => {
                event.prevent_default();
                self.cancel();
            }
            "Enter" if commands || !browser::is_touch() => {
                event.prevent_default();
                self.save();
            }
            _ => {}
        }
    }

    pub(crate) fn submit(self, event: &ev::SubmitEvent) {
        event.prevent_default();
        self.save();
    }

    /// Leaves the message as it was.
    pub(crate) fn cancel(self) {
        if let Some(id) = self.conversation.editing.get_untracked() {
            self.end(id);
        }
    }

    fn save(self) {
        let conversation = self.conversation;
        let Some(id) = conversation.editing.get_untracked().filter(|_| !self.busy.get_untracked()) else { return };
        let body = match conversation.edited.with_untracked(|text| MessageBody::parse(text)) {
            Ok(body) => body.into_string(),
            Err(problem) => return self.refuse(ApiError::field(Field::Body, problem)),
        };
        let is_same = |message: &telicat_domain::Message| message.has_text() && message.body == body;
        if conversation.timeline.with_untracked(|timeline| timeline.message(id).is_some_and(is_same)) {
            return self.end(id);
        }
        self.busy.set(true);
        self.error.set(None);
        spawn_local(async move {
            let answer = ask(edit_message(id.to_string(), body)).await;
            let _idle = self.busy.try_set(false);
            match answer {
                Ok(event) => {
                    conversation.hear(event, false);
                    self.end(id);
                }
                Err(error) => self.refuse(error),
            }
        });
    }

    /// Says why, and keeps what was typed.
    fn refuse(self, error: ApiError) {
        let _said = self.error.try_set(Some(error));
        if let Some(text_box) = self.text_box.try_get_untracked().flatten() {
            let _focused = text_box.focus();
        }
    }

    /// Shows the message again, and gives it the focus.
    fn end(self, id: MessageId) {
        let conversation = self.conversation;
        if conversation.editing.try_get_untracked().flatten() == Some(id) {
            conversation.editing.set(None);
            conversation.edited.set(String::new());
        }
        spawn_local(async move {
            browser::wait(0).await;
            super::actions::with_bar(conversation, |bar| focus_message(bar, id));
        });
    }
}

/// Instead of following the links that do so without a script. Who wants them in another tab gets them there.
impl Conversation {
    /// Shows what a message said before.
    pub(crate) fn show_history(self, event: &ev::MouseEvent, id: MessageId) {
        if takes(event) {
            super::actions::with_bar(self, |bar| bar.history.set(Some(id)));
        }
    }

    /// Goes to a message that is quoted.
    pub(crate) fn go_to_quoted(self, event: &ev::MouseEvent, seq: i64) {
        if takes(event) {
            self.show_message(seq);
        }
    }
}

/// Whether a press on a link is the page's, which then takes it.
fn takes(event: &ev::MouseEvent) -> bool {
    let is_plain = event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key());
    if is_plain {
        event.prevent_default();
    }
    is_plain
}

impl Bar {
    /// Opens the dialog when a message is chosen for it, and fetches what there is to show.
    pub(crate) fn show_history(self, dialog: NodeRef<Dialog>, versions: RwSignal<Versions>) {
        Effect::new(move |_| {
            let (Some(id), Some(dialog)) = (self.history.get(), dialog.get()) else { return };
            versions.set(None);
            if !dialog.open() {
                let _shown = dialog.show_modal();
            }
            spawn_local(async move {
                let answer = ask(message_history(id.to_string())).await;
                if self.history.try_get_untracked().flatten() == Some(id) {
                    versions.set(Some(answer));
                }
            });
        });
    }
}
