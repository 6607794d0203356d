//! The dialog with the emoji: opening, keys, and what was used before.

use crate::{
    browser,
    components::emoji_picker::{COLUMNS, EmojiPicker},
    emoji::Emojis,
};
use gloo_net::http::Request;
use leptos::{ev, prelude::*, task::spawn_local};
use std::sync::Arc;
use web_sys::{
    Element, HtmlElement,
    wasm_bindgen::{JsCast, JsValue},
};

/// Emoji that are remembered.
const RECENT_MAX: usize = 27;
const RECENT: &str = "emoji";
const CHOICES: &str = ".emoji__choice";

impl EmojiPicker {
    /// Shows the dialog at an element, and says which emoji was chosen.
    pub(crate) fn open(self, anchor: &HtmlElement, pick: Callback<String>) {
        let Some(popover) = self.popover.get_untracked() else { return };
        self.pick.set_value(Some(pick));
        self.typed.set(String::new());
        self.failed.set(false);
        let recent = self.person.and_then(|person| browser::load(person, RECENT)).unwrap_or_default();
        let recent: Vec<String> = recent.split_whitespace().map(str::to_owned).collect();
        self.group.set(if recent.is_empty() { Some(0) } else { None });
        self.recent.set(recent);
        self.shown.set(true);
        show_at(&popover, anchor);
        spawn_local(async move {
            if self.load().await.is_none() {
                let _gone = self.failed.try_set(true);
            }
        });
        request_animation_frame(move || {
            if let Some(search) = self.search.try_get_untracked().flatten() {
                let _focused = search.focus();
            }
        });
    }

    /// The emoji, fetched when they are needed first.
    pub(super) async fn load(self) -> Option<Arc<Emojis>> {
        if let Some(emojis) = self.emojis.try_get_untracked().flatten() {
            return Some(emojis);
        }
        let file = self.file.try_get_value()?;
        let answer = Request::get(&file).send().await.ok().filter(gloo_net::http::Response::ok)?;
        let emojis = Arc::new(Emojis::parse(&answer.text().await.ok()?));
        let _gone = self.emojis.try_set(Some(emojis.clone()));
        Some(emojis)
    }

    /// The dialog was shown or hidden.
    pub(crate) fn toggled(self) {
        // The browser says so a little later.
        let popover = self.popover.try_get_untracked().flatten();
        if !popover.is_some_and(|popover| popover.matches(":popover-open").unwrap_or(false)) {
            self.shown.set(false);
        }
    }

    /// An emoji was chosen.
    pub(crate) fn take(self, emoji: &str) {
        if let Some(popover) = self.popover.get_untracked() {
            let _hidden = popover.hide_popover();
        }
        let mut recent = self.recent.get_untracked();
        recent.retain(|other| other != emoji);
        recent.insert(0, emoji.to_owned());
        recent.truncate(RECENT_MAX);
        if let Some(person) = self.person {
            browser::store(person, RECENT, &recent.join(" "));
        }
        if let Some(pick) = self.pick.get_value() {
            // Nobody, when what asked for it is gone.
            let _picked = pick.try_run(emoji.to_owned());
        }
    }

    /// Arrows move among the emoji; Down leads from the search to them, and Enter there takes the first.
    pub(crate) fn key_pressed(self, event: &ev::KeyboardEvent) {
        if event.is_composing() || event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let Some(popover) = self.popover.get_untracked() else { return };
        let Ok(choices) = popover.query_selector_all(CHOICES) else { return };
        let choice = |index: u32| choices.item(index).and_then(|node| node.dyn_into::<HtmlElement>().ok());
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let here = (0..choices.length()).find(|index| choice(*index).map(Element::from) == target);
        let columns = COLUMNS as u32;
        let to = match (here, event.key().as_str()) {
            (None, "ArrowDown") => Some(0),
            (None, "Enter") if target.is_some_and(|target| target.local_name() == "input") => {
                event.prevent_default();
                if let Some(first) = choice(0) {
                    first.click();
                }
                return;
            }
            (Some(here), "ArrowRight") => Some(here + 1),
            (Some(here), "ArrowLeft") => here.checked_sub(1),
            (Some(here), "ArrowDown") => Some(here + columns),
            (Some(here), "ArrowUp") if here < columns => {
                event.prevent_default();
                if let Some(search) = self.search.get_untracked() {
                    let _focused = search.focus();
                }
                return;
            }
            (Some(here), "ArrowUp") => here.checked_sub(columns),
            (Some(here), "Home") => Some(here - here % columns),
            (Some(here), "End") => Some((here - here % columns + columns - 1).min(choices.length().saturating_sub(1))),
            _ => return,
        };
        event.prevent_default();
        if let Some(choice) = to.and_then(choice) {
            let _focused = choice.focus();
        }
    }
}

/// Shows a popover that belongs to an element. Browsers that cannot be told to which show it at the edge of the page.
fn show_at(popover: &HtmlElement, anchor: &HtmlElement) {
    let options = js_sys::Object::new();
    let _set = js_sys::Reflect::set(&options, &"source".into(), anchor);
    let show = js_sys::Reflect::get(popover, &"showPopover".into()).ok();
    let shown =
        show.and_then(|show| show.dyn_into::<js_sys::Function>().ok()).map(|show| show.call1(popover, &options));
    if !matches!(shown, Some(Ok(_))) {
        let _shown: Result<(), JsValue> = popover.show_popover();
    }
}
