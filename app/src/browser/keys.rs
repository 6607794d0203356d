//! Keys that work on the whole page, and where the focus is.

use super::{find, is_mac, wait};
use leptos::{ev, prelude::*, task::spawn_local};
use web_sys::{HtmlElement, wasm_bindgen::JsCast};

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shortcut {
    /// Open the switcher.
    Switch,
    /// Show the shortcuts.
    Help,
    /// On to the next region of the page, or back.
    Region { back: bool },
    /// To the next room, or the next unread one.
    Room { down: bool, unread: bool },
}

/// The regions of a page of a room, in order, by what takes the focus there.
const REGIONS: [(&str, &str); 4] = [
    (".rooms", ".rooms [aria-current=page], .rooms:not(:has([aria-current=page])) a"),
    (".app__main .timeline", ".app__main [role=log] > [tabindex='0'], .app__main [role=log][tabindex='0']"),
    (".app__main .composer", ".app__main .composer textarea"),
    (".app__details", ".app__details textarea, .app__details button"),
];

/// A page that was asked for is there after this many looks, or never.
const LOOKS: u32 = 200;
const LOOK_MS: u32 = 50;

/// Hears the shortcuts as long as the tab lives. Nothing is one while an input method composes.
pub(crate) fn hear_keys(heard: impl Fn(Shortcut) + 'static) {
    let listener = window_event_listener(ev::keydown, move |event| {
        if event.default_prevented() || event.is_composing() || event.key_code() == 229 {
            return;
        }
        if let Some(shortcut) = shortcut(&event) {
            event.prevent_default();
            heard(shortcut);
        }
    });
    std::mem::forget(listener);
}

fn shortcut(event: &ev::KeyboardEvent) -> Option<Shortcut> {
    let (key, shift, alt) = (event.key(), event.shift_key(), event.alt_key());
    let main = if is_mac() { event.meta_key() && !event.ctrl_key() } else { event.ctrl_key() && !event.meta_key() };
    let other = event.ctrl_key() || event.meta_key();
    // An open dialog has the keys to itself.
    if find::<web_sys::Element>("dialog[open]").is_some() {
        return None;
    }
    match key.as_str() {
        "k" | "K" if main && !alt && !shift => Some(Shortcut::Switch),
        // On many keyboards the slash is with Shift.
        "/" if main && !alt => Some(Shortcut::Help),
        "F6" if !other && !alt => Some(Shortcut::Region { back: shift }),
        "ArrowUp" | "ArrowDown" if alt && !other => Some(Shortcut::Room { down: key == "ArrowDown", unread: shift }),
        _ => None,
    }
}

/// Moves the focus to the next region that is there, round and round.
pub(crate) fn focus_region(back: bool) {
    let has_focus = |region: &str| find::<web_sys::Element>(&format!("{region}:focus-within")).is_some();
    let count = REGIONS.len();
    let here = REGIONS.iter().position(|(region, _)| has_focus(region));
    let start = here.unwrap_or(if back { 0 } else { count - 1 });
    for step in 1..=count {
        let place = if back { start + count - step } else { start + step } % count;
        let target = find::<HtmlElement>(REGIONS[place].1).filter(is_shown);
        if let Some(target) = target {
            let _focused = target.focus();
            return;
        }
    }
}

fn is_shown(element: &HtmlElement) -> bool {
    element.offset_parent().is_some()
}

/// After a link was followed inside the site, gives the focus to what it led to: the router takes away the element that
/// had it, and the browser would leave it nowhere.
pub(crate) fn watch_focus(pathname: Memo<String>) {
    Effect::new(move |before: Option<String>| {
        let path = pathname.get();
        if before.is_some_and(|before| before != path) {
            let path = path.clone();
            spawn_local(async move {
                for _ in 0..LOOKS {
                    wait(LOOK_MS).await;
                    if pathname.get_untracked() != path {
                        // Another link was followed meanwhile.
                        return;
                    }
                    if is_nowhere() && focus_page() {
                        return;
                    }
                }
            });
        }
        path
    });
}

/// Whether nothing has the focus.
pub(crate) fn is_nowhere() -> bool {
    let active = document().active_element();
    active.is_none_or(|element| element.tag_name() == "BODY" || !element.is_connected())
}

/// Gives the focus to what the page is about.
fn focus_page() -> bool {
    let Some(target) = find::<HtmlElement>(".app__main").or_else(|| find("main h1, h1")) else { return false };
    if !target.has_attribute("tabindex") {
        let _set = target.set_attribute("tabindex", "-1");
    }
    target.focus().is_ok()
}

/// The element that had the focus before it came into a list of notices, when that is known.
pub(crate) fn focus_came_from(event: &ev::FocusEvent) -> Option<HtmlElement> {
    let from: HtmlElement = event.related_target()?.dyn_into().ok()?;
    from.closest(".toasts").ok().flatten().is_none().then_some(from)
}

/// Gives the focus back to where it was, or else to what the page is about.
pub(crate) fn focus_again(before: Option<HtmlElement>) {
    let next = find::<HtmlElement>(".toast button").or(before.filter(|element| element.is_connected()));
    match next {
        Some(element) => drop(element.focus()),
        None => drop(focus_page()),
    }
}
