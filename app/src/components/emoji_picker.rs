//! Choosing an emoji: one dialog a page, for the message box and for reactions.

use crate::{emoji::Emojis, text::timeline as text, visit::Visit};
use leptos::{
    ev,
    html::{Div, Input},
    prelude::*,
};
use std::sync::Arc;
use telicat_domain::PersonId;

/// Emoji in a row.
pub(crate) const COLUMNS: usize = 9;
/// Emoji that a search finds, at most.
const FOUND_MAX: usize = 90;

/// The dialog. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct EmojiPicker {
    pub(crate) popover: NodeRef<Div>,
    pub(crate) search: NodeRef<Input>,
    /// Whether it is shown: its inside is made only then.
    pub(crate) shown: RwSignal<bool>,
    /// The emoji, once they are here.
    pub(crate) emojis: RwSignal<Option<Arc<Emojis>>>,
    pub(crate) failed: RwSignal<bool>,
    pub(crate) typed: RwSignal<String>,
    /// The group that is shown; nothing for what was used before.
    pub(crate) group: RwSignal<Option<usize>>,
    /// What was used before, the last first.
    pub(crate) recent: RwSignal<Vec<String>>,
    /// What is done with the one that is chosen.
    pub(crate) pick: StoredValue<Option<Callback<String>>>,
    /// Where the file is.
    pub(crate) file: StoredValue<String>,
    /// Whose emoji are remembered.
    pub(crate) person: Option<PersonId>,
}

impl EmojiPicker {
    /// The one of this page. Whatever opens it is below the place where it was asked for first, and so is [`EmojiDialog`].
    pub(crate) fn get() -> Self {
        use_context().unwrap_or_else(|| {
            let visit = Visit::get();
            let picker = Self {
                popover: NodeRef::new(),
                search: NodeRef::new(),
                shown: RwSignal::new(false),
                emojis: RwSignal::new(None),
                failed: RwSignal::new(false),
                typed: RwSignal::new(String::new()),
                group: RwSignal::new(None),
                recent: RwSignal::new(Vec::new()),
                pick: StoredValue::new(None),
                file: StoredValue::new(format!("{}/emoji.txt", visit.assets)),
                person: visit.viewer.as_ref().map(|viewer| viewer.author.id),
            };
            provide_context(picker);
            picker
        })
    }

    /// The emoji to choose from now, with their names.
    fn choices(self) -> Vec<(String, String)> {
        let named = |emoji: &crate::emoji::Emoji| (emoji.text.clone(), emoji.name.clone());
        self.emojis.with(|emojis| {
            let Some(emojis) = emojis else { return Vec::new() };
            let typed = self.typed.get();
            if !typed.trim().is_empty() {
                return emojis.search(&typed, FOUND_MAX).into_iter().map(named).collect();
            }
            match self.group.get() {
                Some(group) => emojis.of_group(group).map(named).collect(),
                None => {
                    self.recent.with(|recent| recent.iter().filter_map(|text| emojis.find(text)).map(named).collect())
                }
            }
        })
    }
}

/// Only a browser chooses.
#[cfg(not(feature = "hydrate"))]
impl EmojiPicker {
    pub(crate) fn toggled(self) {}
    pub(crate) fn take(self, _emoji: &str) {}
    pub(crate) fn key_pressed(self, _event: &ev::KeyboardEvent) {}
}

/// The dialog itself.
#[component]
pub(crate) fn EmojiDialog() -> impl IntoView {
    let picker = EmojiPicker::get();
    view! {
        <div
            class="emoji"
            popover="auto"
            role="dialog"
            aria-label=text::EMOJI
            node_ref=picker.popover
            on:toggle=move |_| picker.toggled()
            on:keydown=move |event: ev::KeyboardEvent| picker.key_pressed(&event)
        >
            {move || picker.shown.get().then(|| view! { <Inside picker/> })}
        </div>
    }
}

#[component]
fn Inside(picker: EmojiPicker) -> impl IntoView {
    let choices = Memo::new(move |_| picker.choices());
    view! {
        <input
            class="field__input emoji__search"
            type="search"
            aria-label=text::EMOJI_SEARCH
            placeholder=text::EMOJI_SEARCH
            autocomplete="off"
            node_ref=picker.search
            on:input=move |event| picker.typed.set(event_target_value(&event))
        />
        <Groups picker/>
        {move || {
            let list = choices.get();
            if picker.failed.get() {
                view! { <p class="emoji__note" role="alert">{text::EMOJI_FAILED}</p> }.into_any()
            } else if list.is_empty() && picker.emojis.with(Option::is_some) {
                view! { <p class="emoji__note" role="status">{text::EMOJI_NONE}</p> }.into_any()
            } else {
                grid(picker, &list).into_any()
            }
        }}
    }
}

/// The kinds, each under its first emoji.
#[component]
fn Groups(picker: EmojiPicker) -> impl IntoView {
    let groups = move || {
        picker.emojis.with(|emojis| {
            let Some(emojis) = emojis else { return Vec::new() };
            let first = |group| emojis.of_group(group).next().map(|emoji| emoji.text.clone()).unwrap_or_default();
            let recent = picker.recent.with(|recent| !recent.is_empty());
            let recent = recent.then(|| (None, text::EMOJI_RECENT.to_owned(), "🕘".to_owned()));
            let groups = emojis.groups.iter().enumerate().map(|(at, name)| (Some(at), name.clone(), first(at)));
            recent.into_iter().chain(groups).collect()
        })
    };
    view! {
        <div class="emoji__groups" role="group" aria-label=text::EMOJI_GROUPS>
            {move || {
                groups()
                    .into_iter()
                    .map(|(group, name, sign)| {
                        view! {
                            <button
                                type="button"
                                class="emoji__group"
                                aria-label=name.clone()
                                title=name
                                aria-pressed=move || (picker.group.get() == group && picker.typed.with(String::is_empty)).to_string()
                                on:click=move |_| {
                                    picker.typed.set(String::new());
                                    if let Some(search) = picker.search.get_untracked() {
                                        search.set_value("");
                                    }
                                    picker.group.set(group);
                                }
                            >
                                <span aria-hidden="true">{sign}</span>
                            </button>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}

/// The emoji in rows. Tab stops at the first; arrows move from there.
fn grid(picker: EmojiPicker, list: &[(String, String)]) -> impl IntoView + use<> {
    let rows = list.chunks(COLUMNS).enumerate().map(|(row, chunk)| {
        let cells = chunk.iter().enumerate().map(|(column, (emoji, name))| {
            let emoji = emoji.clone();
            let shown = emoji.clone();
            let stop = if row + column == 0 { "0" } else { "-1" };
            view! {
                <button
                    type="button"
                    class="emoji__choice"
                    role="gridcell"
                    tabindex=stop
                    aria-label=name.clone()
                    title=name.clone()
                    on:click=move |_| picker.take(&emoji)
                >
                    <span aria-hidden="true">{shown}</span>
                </button>
            }
        });
        view! { <div class="emoji__row" role="row">{cells.collect_view()}</div> }
    });
    view! { <div class="emoji__grid" role="grid" aria-label=text::EMOJI>{rows.collect_view()}</div> }
}
