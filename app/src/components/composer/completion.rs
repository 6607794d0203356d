//! Completing names, rooms and emoji while one types: a list below the caret's word. The focus stays in the box.

use super::token::Token;
use crate::{
    components::{avatar::Face, emoji_picker::EmojiPicker},
    conversation::Conversation,
    text::timeline as text,
};
use leptos::{ev, html::Textarea, prelude::*};
use telicat_domain::Author;

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) look: Look,
    /// What it is called.
    pub(crate) name: String,
    /// What stands behind that, smaller.
    pub(crate) note: String,
    /// What takes the place of the word.
    pub(crate) text: String,
}

/// What stands before the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Look {
    /// A face.
    Person(Author),
    /// A sign: `@`, `#`, or the emoji itself.
    Sign(String),
}

/// The list, and where it belongs. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Completion {
    pub(crate) conversation: Conversation,
    pub(crate) text_box: NodeRef<Textarea>,
    /// Knows the emoji.
    pub(crate) picker: EmojiPicker,
    /// What there is to choose from; nothing when no list is shown.
    pub(crate) choices: RwSignal<Vec<Choice>>,
    /// Which is taken by Enter.
    pub(crate) active: RwSignal<usize>,
    /// The word that is completed.
    pub(crate) token: StoredValue<Option<Token>>,
}

impl Completion {
    pub(crate) fn new(conversation: Conversation, text_box: NodeRef<Textarea>) -> Self {
        Self {
            conversation,
            text_box,
            picker: EmojiPicker::get(),
            choices: RwSignal::new(Vec::new()),
            active: RwSignal::new(0),
            token: StoredValue::new(None),
        }
    }

    /// Whether there is something to choose from.
    pub(crate) fn is_open(self) -> bool {
        self.choices.with(|choices| !choices.is_empty())
    }

    pub(crate) fn list_id(self) -> String {
        format!("{}-choices", self.conversation.box_id())
    }

    fn choice_id(self, index: usize) -> String {
        format!("{}-choice-{index}", self.conversation.box_id())
    }

    /// The id of what Enter takes.
    pub(crate) fn active_id(self) -> Option<String> {
        self.is_open().then(|| self.choice_id(self.active.get()))
    }

    /// Shows no list any more. A box that is taken away loses the focus after everything else of it is gone.
    pub(crate) fn close(self) {
        self.token.set_value(None);
        if self.choices.try_with_untracked(|choices| !choices.is_empty()) == Some(true) {
            self.choices.set(Vec::new());
        }
    }
}

/// Only a browser completes.
#[cfg(not(feature = "hydrate"))]
impl Completion {
    pub(crate) fn typed(self) {}
    pub(crate) fn take(self, _index: usize) {}
    pub(crate) fn key_pressed(self, _event: &ev::KeyboardEvent) -> bool {
        false
    }
}

/// The list.
#[component]
pub(crate) fn Choices(completion: Completion) -> impl IntoView {
    let choices = completion.choices;
    view! {
        {move || {
            completion
                .is_open()
                .then(|| {
                    let list = choices.get();
                    view! {
                        <div class="completion" role="listbox" id=completion.list_id() aria-label=text::SUGGESTIONS>
                            {list
                                .into_iter()
                                .enumerate()
                                .map(|(index, choice)| option(completion, index, choice))
                                .collect_view()}
                        </div>
                    }
                })
        }}
        <div class="unseen" role="status">
            {move || choices.with(|choices| text::suggestions(choices.len()))}
        </div>
    }
}

fn option(completion: Completion, index: usize, choice: Choice) -> impl IntoView {
    let take = move |event: ev::MouseEvent| {
        // The focus stays in the box.
        event.prevent_default();
        completion.take(index);
    };
    view! {
        <div
            class="completion__choice"
            role="option"
            id=completion.choice_id(index)
            aria-selected=move || (completion.active.get() == index).to_string()
            on:mousedown=take
        >
            {match choice.look {
                Look::Person(author) => view! { <Face author=&author small=true/> }.into_any(),
                Look::Sign(sign) => {
                    view! { <span class="completion__sign" aria-hidden="true">{sign}</span> }.into_any()
                }
            }}
            <span class="completion__name">{choice.name}</span>
            <span class="completion__note">{choice.note}</span>
        </div>
    }
}
