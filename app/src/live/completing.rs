//! What the list of completions offers, and what its keys do.

use crate::{
    api::people::complete_people,
    browser,
    components::composer::{
        completion::{Choice, Completion, Look},
        token::{Kind, Token, units},
    },
    text::timeline as text,
};
use leptos::{ev, prelude::*, task::spawn_local};
use telicat_domain::permission::Action;
use web_sys::HtmlTextAreaElement;

/// Choices in a list, at most.
const CHOICES_MAX: usize = 8;
/// People are asked for when nothing was typed for this many milliseconds.
const ASK_MS: u32 = 120;

impl Completion {
    /// Something was typed, or the caret moved.
    pub(crate) fn typed(self) {
        let Some(text_box) = self.text_box.get_untracked() else { return };
        let caret = text_box.selection_end().ok().flatten().unwrap_or(0);
        let Some(token) = Token::at(&text_box.value(), caret) else {
            self.close();
            return;
        };
        if self.token.with_value(|known| known.as_ref() == Some(&token)) {
            return;
        }
        self.token.set_value(Some(token.clone()));
        match token.kind {
            Kind::Room => self.offer(&token, self.rooms_like(&token.text)),
            Kind::Person => self.ask_people(token),
            Kind::Emoji => self.ask_emoji(token),
        }
    }

    /// Shows choices, unless something else is being typed by now.
    fn offer(self, token: &Token, choices: Vec<Choice>) {
        if self.token.try_with_value(|now| now.as_ref() == Some(token)) == Some(true) {
            self.active.set(0);
            self.choices.set(choices);
        }
    }

    fn is_wanted(self, token: &Token) -> bool {
        self.token.try_with_value(|now| now.as_ref() == Some(token)) == Some(true)
    }

    fn rooms_like(self, text: &str) -> Vec<Choice> {
        let choice = |room: telicat_domain::room::RoomSummary| Choice {
            look: Look::Sign("#".to_owned()),
            note: format!("#{}", room.slug),
            text: format!("#{} ", room.slug),
            name: room.name,
        };
        self.conversation.rooms.like(text, CHOICES_MAX).into_iter().map(choice).collect()
    }

    fn ask_people(self, token: Token) {
        spawn_local(async move {
            browser::wait(ASK_MS).await;
            if !self.is_wanted(&token) {
                return;
            }
            let room = self.conversation.slug.with_value(ToString::to_string);
            // Without an answer there is nothing to choose; what was typed is sent as it is.
            let people = complete_people(Some(room), token.text.clone()).await.unwrap_or_default();
            if !self.is_wanted(&token) {
                return;
            }
            let mut choices: Vec<Choice> = people
                .into_iter()
                .map(|author| Choice {
                    name: author.called().to_owned(),
                    note: format!("@{}", author.handle),
                    text: format!("@{} ", author.handle),
                    look: Look::Person(author),
                })
                .collect();
            let everybody = "room".starts_with(&token.text.to_lowercase());
            if everybody && untrack(|| self.conversation.may(Action::CallAll)) {
                let place = choices.len().min(CHOICES_MAX - 1);
                choices.insert(
                    place,
                    Choice {
                        look: Look::Sign("@".to_owned()),
                        name: text::EVERYBODY.to_owned(),
                        note: "@room".to_owned(),
                        text: "@room ".to_owned(),
                    },
                );
            }
            choices.truncate(CHOICES_MAX);
            self.offer(&token, choices);
        });
    }

    fn ask_emoji(self, token: Token) {
        spawn_local(async move {
            let Some(emojis) = self.picker.load().await else { return };
            let found = emojis.search(&token.text, CHOICES_MAX);
            let choices = found.into_iter().map(|emoji| Choice {
                look: Look::Sign(emoji.text.clone()),
                name: emoji.name.clone(),
                note: emoji.code(),
                text: format!("{} ", emoji.text),
            });
            self.offer(&token, choices.collect());
        });
    }

    /// A key was pressed in the box. Whether the list took it.
    pub(crate) fn key_pressed(self, event: &ev::KeyboardEvent) -> bool {
        let count = self.choices.with_untracked(Vec::len);
        if count == 0 || event.is_composing() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return false;
        }
        let active = self.active.get_untracked();
        match event.key().as_str() {
            "ArrowDown" => self.choose((active + 1) % count),
            "ArrowUp" => self.choose((active + count - 1) % count),
            "Enter" | "Tab" if !event.shift_key() => self.take(active),
            "Escape" => {
                // The word that was refused is not asked about again.
                let refused = self.token.get_value();
                self.close();
                self.token.set_value(refused);
            }
            _ => return false,
        }
        event.prevent_default();
        event.stop_propagation();
        true
    }

    fn choose(self, index: usize) {
        self.active.set(index);
        // On a low screen the list is higher than what is seen of it.
        request_animation_frame(|| browser::scroll_to(".completion [aria-selected=true]"));
    }

    /// Puts a choice where the word stands.
    pub(crate) fn take(self, index: usize) {
        let choice = self.choices.with_untracked(|choices| choices.get(index).cloned());
        let (Some(choice), Some(token), Some(text_box)) =
            (choice, self.token.get_value(), self.text_box.get_untracked())
        else {
            return;
        };
        self.close();
        replace(&text_box, token.start, token.end, &choice.text);
        self.conversation.typed(self.text_box);
    }

    /// Puts a text where the caret is.
    pub(crate) fn insert(self, what: &str) {
        let Some(text_box) = self.text_box.try_get_untracked().flatten() else { return };
        let end = text_box.selection_end().ok().flatten().unwrap_or(0);
        let start = text_box.selection_start().ok().flatten().unwrap_or(end);
        replace(&text_box, start, end, what);
        self.conversation.typed(self.text_box);
        let _focused = text_box.focus();
    }
}

fn replace(text_box: &HtmlTextAreaElement, start: u32, end: u32, text: &str) {
    let _set = text_box.set_range_text_with_start_and_end(text, start, end);
    let caret = start + units(text);
    let _moved = text_box.set_selection_range(caret, caret);
}
