//! What only a browser can do. Each function is the one place that touches its interface.

mod idle;
mod keys;
mod picture;
mod storage;
mod time;
mod typed;

pub(crate) use idle::{is_idle, watch_idleness};
pub(crate) use keys::{Shortcut, focus_again, focus_came_from, focus_region, hear_keys, is_nowhere, watch_focus};
pub(crate) use picture::{address_of, forget_address, pasted_file, square_of};
use storage::said_on_the_last_page;
pub(crate) use storage::{forget, load, names, say_on_the_next_page, store};
pub(crate) use time::{clock_offset, local_time, midnight, now, wait};
pub(crate) use typed::{Typed, focus_first_invalid, form_data, form_of, send_form};

use crate::{
    components::{toasts::Toasts, typing::Writers},
    conversation::Localised,
    line::Line,
    room_list::RoomList,
    visit::Visit,
};
use leptos::prelude::*;
use telicat_domain::{Nonce, Theme, frame::ClientFrame};
use uuid::Builder;
use web_sys::wasm_bindgen::JsCast;

/// Starts what lives as long as the tab: the line, and the reader's clock.
pub(crate) fn start(visit: &Visit, line: Line, localised: Localised, toasts: Toasts, list: RoomList, writers: Writers) {
    let signed_in = visit.viewer.is_some();
    let assets = visit.assets.clone();
    Effect::new(move |_| {
        localised.0.set(true);
        if let Some(root) = document_root() {
            // From here on the controls that need a script are there.
            let _set = root.set_attribute("data-ready", "");
        }
        if let Some(notice) = said_on_the_last_page() {
            toasts.good(crate::text::notice(&notice));
        }
        if signed_in {
            crate::live::keep_list(list, writers, line, assets.clone());
            crate::live::start(line);
            watch_idleness(|idle| crate::live::say(ClientFrame::Idle { idle }));
        }
    });
}

/// Leaves for another page of the site.
pub(crate) fn go(path: &str) {
    let _gone = window().location().set_href(path);
}

/// Loads the page again.
pub(crate) fn reload() {
    let _gone = window().location().reload();
}

/// The whole address of a page of the site.
pub(crate) fn full_address(path: &str) -> String {
    format!("{}{path}", window().location().origin().unwrap_or_default())
}

/// Closes a menu that the browser has opened.
pub(crate) fn close_popover(id: &str) {
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        // An error means that it is closed.
        let _closed = element.hide_popover();
    }
}

/// Brings an element into view.
pub(crate) fn scroll_to(selector: &str) {
    if let Some(element) = find::<web_sys::Element>(selector) {
        element.scroll_into_view_with_scroll_into_view_options(&{
            let options = web_sys::ScrollIntoViewOptions::new();
            options.set_block(web_sys::ScrollLogicalPosition::Nearest);
            options
        });
    }
}

/// Shows the site's icon in the tab, with a dot when something calls the reader.
pub(crate) fn show_icon(calls: bool) {
    let icon = if calls { "/favicon-unread.svg" } else { "/favicon.svg" };
    if let Some(link) = find::<web_sys::Element>("link[rel=icon]")
        && link.get_attribute("href").as_deref() != Some(icon)
    {
        let _set = link.set_attribute("href", icon);
    }
}

/// Whether the keyboard has a key with ⌘.
pub(crate) fn is_mac() -> bool {
    thread_local! {
        static IS_MAC: bool = window().navigator().platform().is_ok_and(|platform| platform.starts_with("Mac") || platform.starts_with("iP"));
    }
    IS_MAC.with(|is_mac| *is_mac)
}

/// Moves the focus to the element with an id.
pub(crate) fn focus(id: &str) {
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        let _focused = element.focus();
    }
}

/// Takes the part behind `#` off the address, so that nothing is its target any more.
pub(crate) fn drop_fragment() {
    let location = window().location();
    if location.hash().is_ok_and(|fragment| !fragment.is_empty()) {
        let _dropped = location.set_hash("");
    }
}

/// Shows a theme at once.
pub(crate) fn show_theme(theme: Theme) {
    let Some(root) = document_root() else { return };
    let _set = match theme {
        Theme::System => root.remove_attribute("data-theme"),
        chosen => root.set_attribute("data-theme", chosen.name()),
    };
}

/// A number from 0 to 1, for spreading things.
pub(crate) fn random() -> f64 {
    js_sys::Math::random()
}

/// A nonce for a message. A page on plain http has no `randomUUID`, but it has random bytes.
pub(crate) fn new_nonce() -> Option<Nonce> {
    let mut bytes = [0; 16];
    window().crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(Nonce(Builder::from_random_bytes(bytes).into_uuid()))
}

/// Whether the finger is the pointer, so that Enter breaks the line.
pub(crate) fn is_touch() -> bool {
    let query = window().match_media("(pointer: coarse)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// Copies a text. `false` when the browser does not allow it.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Absent on plain http.
    let has_clipboard = js_sys::Reflect::has(&navigator, &"clipboard".into()).unwrap_or(false);
    has_clipboard && wasm_bindgen_futures::JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}

/// Whether the tab is looked at.
pub(crate) fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

fn document_root() -> Option<web_sys::Element> {
    document().document_element()
}

/// Whether somebody looks at this page: it is in view, and its window is the one that has the keyboard.
pub(crate) fn is_looked_at() -> bool {
    is_visible() && document().has_focus().unwrap_or(false)
}

/// Says something to the server while the page goes away: nobody is left to hear an answer.
pub(crate) fn say_in_passing(path: &str, fields: &[(&str, &str)]) {
    if let Ok(body) = web_sys::UrlSearchParams::new() {
        fields.iter().for_each(|(name, value)| body.append(name, value));
        let _queued = window().navigator().send_beacon_with_opt_url_search_params(path, Some(&body));
    }
}

/// Gives the focus to an element that is about to be there.
pub(crate) fn focus_soon(id: &'static str) {
    leptos::task::spawn_local(async move {
        wait(0).await;
        let element =
            document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = element {
            let _focused = element.focus();
        }
    });
}

/// Whether something inside of such an element has the focus.
pub(crate) fn has_focus_within(selector: &str) -> bool {
    find::<web_sys::Element>(&format!("{selector}:focus-within")).is_some()
}

/// The element that an event is about.
pub(crate) fn target(event: &web_sys::Event) -> Option<web_sys::Element> {
    event.target()?.dyn_into().ok()
}

/// Moves the focus to the first such element. `false` when there is none.
pub(crate) fn focus_first(selector: &str) -> bool {
    find::<web_sys::HtmlElement>(selector).is_some_and(|element| element.focus().is_ok())
}

/// Moves the focus to an element, and what is in view not at all.
pub(crate) fn focus_quietly(element: &web_sys::Element) {
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        let _focused = element.focus_with_options(&options);
    }
}

/// The first such element, if it is of that type.
pub(crate) fn find<T: JsCast>(selector: &str) -> Option<T> {
    document().query_selector(selector).ok().flatten().and_then(|element| element.dyn_into().ok())
}
