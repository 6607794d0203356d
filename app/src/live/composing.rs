//! Writing: the box, its draft, and what leaves it.

use super::{history::Goal, outbox};
use crate::{browser, conversation::Conversation, text};
use leptos::{ev, html::Textarea, prelude::*};
use telicat_domain::{
    ApiError, Field, MessageBody, Nonce,
    timeline::{Outgoing, RowState, SendState},
};
use web_sys::HtmlTextAreaElement;

const DRAFT: &str = "draft";

/// Sending.
impl Conversation {
    /// Sends what is in the composer. It is cleared only when the outbox has it.
    pub(crate) fn submit(self, event: &ev::SubmitEvent, text_box: NodeRef<Textarea>) {
        event.prevent_default();
        let Some(text_box) = text_box.get_untracked() else { return };
        let body = match MessageBody::parse(&text_box.value()) {
            Ok(body) => body,
            Err(telicat_domain::Problem::Empty) => {
                let _focused = text_box.focus();
                return;
            }
            Err(problem) => {
                self.refusal.set(Some(ApiError::field(Field::Body, problem)));
                return;
            }
        };
        let Some(nonce) = browser::new_nonce() else { return };
        let outgoing = Outgoing {
            nonce,
            body: body.into_string(),
            reply_to: self.answering.get_untracked().map(Box::new),
            root: self.root,
            at: browser::now(),
            state: SendState::Sending,
        };
        self.timeline.update(|timeline| timeline.echo(outgoing.clone()));
        self.slug.with_value(|slug| outbox::send(slug, outgoing));
        text_box.set_value("");
        self.keep("");
        self.fit(&text_box);
        self.refusal.set(None);
        self.answering.set(None);
        // What was written is in view at once, also when the newest messages of others have to be fetched for that.
        self.reveal(Goal::End);
        self.follow_end();
        let _focused = text_box.focus();
    }

    /// Sends a message that failed again.
    pub(crate) fn retry(self, nonce: Nonce) {
        self.timeline.update(|timeline| timeline.retry(nonce));
        if let Some(outgoing) = self.outgoing(nonce) {
            self.slug.with_value(|slug| outbox::send(slug, outgoing));
        }
    }

    fn outgoing(self, nonce: Nonce) -> Option<Outgoing> {
        self.timeline
            .with_untracked(|timeline| timeline.outgoing().iter().find(|outgoing| outgoing.nonce == nonce).cloned())
    }

    /// Copies the text of a message that failed.
    pub(crate) fn copy(self, nonce: Nonce) {
        let (Some(outgoing), Some(toasts)) = (self.outgoing(nonce), self.work.toasts) else { return };
        toasts.copy(outgoing.body, text::COPIED);
    }

    /// Takes back a message that failed.
    pub(crate) fn discard(self, nonce: Nonce) {
        self.me.with_value(|me| self.slug.with_value(|slug| outbox::remove(me.id, slug, nonce)));
        self.timeline.update(|timeline| timeline.discard(nonce));
    }
}

/// The box.
impl Conversation {
    /// Enter sends, Shift and Enter breaks the line, Ctrl or Cmd and Enter always sends; under a finger Enter breaks the
    /// line. Up in an empty box changes the last own message, Escape takes back the answer. Never while an input method
    /// composes.
    pub(crate) fn key_pressed(self, event: &ev::KeyboardEvent, text_box: NodeRef<Textarea>) {
        if event.is_composing() || event.shift_key() || event.alt_key() {
            return;
        }
        let commands = event.ctrl_key() || event.meta_key();
        let is_empty = || text_box.get_untracked().is_some_and(|text_box| text_box.value().is_empty());
        match event.key().as_str() {
            "Enter" if commands || !browser::is_touch() => {
                event.prevent_default();
                if let Some(form) = text_box.get_untracked().and_then(|text_box| text_box.form()) {
                    let _sent = form.request_submit();
                }
            }
            "ArrowUp" if !commands && is_empty() && self.edit_last() => event.prevent_default(),
            "Escape" if self.answering.with_untracked(Option::is_some) => {
                event.prevent_default();
                self.answering.set(None);
            }
            _ => {}
        }
    }

    /// Begins to change the last own message. Whether there is one.
    fn edit_last(self) -> bool {
        let last = self.rows.with_untracked(|rows| {
            let own = rows.iter().rev().filter(|row| self.is_own(&row.author) && !row.deleted && !row.erased);
            own.clone().find_map(|row| if let RowState::Sent { id, .. } = row.state { Some(id) } else { None })
        });
        if let Some(id) = last {
            self.actions.edit.run((self, id));
        }
        last.is_some()
    }

    /// The next message answers nothing.
    pub(crate) fn cancel_reply(self, text_box: NodeRef<Textarea>) {
        self.answering.set(None);
        if let Some(text_box) = text_box.get_untracked() {
            let _focused = text_box.focus();
        }
    }

    /// Keeps the draft, and takes back the complaint about it.
    pub(crate) fn typed(self, text_box: NodeRef<Textarea>) {
        if let Some(text_box) = text_box.get_untracked() {
            let text = text_box.value();
            self.keep(&text);
            self.fit(&text_box);
            if !text.is_empty() {
                crate::components::typing::typing_now(self);
            }
        }
        if self.refusal.with_untracked(Option::is_some) {
            self.refusal.set(None);
        }
    }

    /// Lets the box have as many lines as the text needs, for browsers whose style sheets cannot do that.
    fn fit(self, text_box: &HtmlTextAreaElement) {
        const LINES_MAX: u32 = 24;
        let grows = text_box.scroll_height() > text_box.client_height();
        if !grows && text_box.rows() == 1 {
            return;
        }
        text_box.set_rows(1);
        let one = text_box.client_height().max(1);
        // What is not the padding of the box is its one line; a line has 24 pixels where the text has 16.
        let more = (text_box.scroll_height() - one).max(0) as u32;
        text_box.set_rows((1 + more.div_ceil(24)).min(LINES_MAX));
    }

    /// Puts back the draft that was kept, unless something stands there.
    pub(crate) fn keep_draft(self, text_box: NodeRef<Textarea>) {
        Effect::new(move |_| {
            let Some(text_box) = text_box.get() else { return };
            if text_box.value().is_empty()
                && let Some(draft) = self.me.with_value(|me| browser::load(me.id, &self.kept_as(DRAFT)))
            {
                text_box.set_value(&draft);
            }
            self.fit(&text_box);
        });
    }

    fn keep(self, draft: &str) {
        self.me.with_value(|me| browser::store(me.id, &self.kept_as(DRAFT), draft));
    }
}
