//! The list of messages by the keyboard: one stop of the Tab key, arrows inside of it.
//!
//! One message can be reached by Tab: the one that had the focus last, at first the newest. What can be pressed inside of
//! a message can be reached by Tab while that message has the focus; 300 messages would be a thousand stops.

use super::scroll::{element, focus_in_place};
use crate::conversation::{Conversation, Edge};
use leptos::{ev, prelude::*};
use telicat_domain::MessageId;
use web_sys::{Element, HtmlElement, wasm_bindgen::JsCast};

/// What the Tab key would stop at inside of a message. A message that is being changed keeps its fields.
const STOPS: &str =
    ".timeline__list > article :is(a[href], button, summary, pre[tabindex]):not([tabindex='-1'], form:has(textarea) *)";
/// What a message is called by.
const NAME: [&str; 4] = ["message__author", "message__time", "message__body", "message__marks"];
/// What had been a stop.
const RESTING: &str = "data-resting";

impl Conversation {
    /// A key was pressed in the list.
    pub(crate) fn list_key(self, event: &ev::KeyboardEvent) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() {
            return;
        }
        // Only on a message itself: what is inside of it has keys of its own.
        let Some(message) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
        if message.local_name() != "article" {
            return;
        }
        let id = message.get_attribute("data-message-id").and_then(|id| id.parse::<MessageId>().ok());
        let act = |act: crate::conversation::Act| {
            if let Some(id) = id {
                act.run((self, id));
            }
        };
        match event.key().as_str() {
            "ArrowUp" => self.step(&message, -1),
            "ArrowDown" => self.step(&message, 1),
            "Home" => self.go_to_edge(Edge::Older),
            "End" => self.go_to_edge(Edge::Newer),
            "Enter" => act(self.actions.open),
            "r" | "R" => act(self.actions.reply),
            "e" | "E" if message.class_list().contains("message--own") => act(self.actions.edit),
            "+" => act(self.actions.react),
            "Escape" => crate::browser::focus(self.box_id()),
            _ => return,
        }
        event.prevent_default();
    }

    /// To the message above or below.
    fn step(self, from: &Element, by: i32) {
        let to = self.work.place.with_value(|place| {
            let messages = place.as_ref()?.messages()?;
            let here = (0..messages.length()).find(|index| element(&messages, *index).as_ref() == Some(from))?;
            element(&messages, here.checked_add_signed(by)?)
        });
        if let Some(to) = to {
            to.scroll_into_view_with_scroll_into_view_options(&nearest());
            self.give_focus(&to);
        }
    }

    /// To the first or the last message that is loaded; what is behind it is asked for.
    fn go_to_edge(self, edge: Edge) {
        if edge == Edge::Newer {
            self.follow_end();
        } else {
            self.load(edge, true);
        }
        let to = self.work.place.with_value(|place| {
            let messages = place.as_ref()?.messages()?;
            let last = messages.length().checked_sub(1)?;
            element(&messages, if edge == Edge::Newer { last } else { 0 })
        });
        if let Some(to) = to {
            to.scroll_into_view_with_scroll_into_view_options(&nearest());
            self.give_focus(&to);
        }
    }

    /// Something in the list got the focus.
    pub(crate) fn list_focused(self, event: &ev::FocusEvent) {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(message) = target.and_then(|target| target.closest(".timeline__list > article").ok().flatten()) {
            self.make_stop(&message);
        }
    }

    /// Gives the focus to a message.
    pub(super) fn give_focus(self, message: &Element) {
        self.make_stop(message);
        if let Some(message) = message.dyn_ref::<HtmlElement>() {
            focus_in_place(message);
        }
    }

    /// Makes a message the one that Tab stops at.
    fn make_stop(self, message: &Element) {
        if message.get_attribute("tabindex").as_deref() == Some("0") {
            return;
        }
        self.work.place.with_value(|place| {
            let Some(place) = place else { return };
            for other in all(&place.scroller, ".timeline__list > article[tabindex='0']") {
                let _set = other.set_attribute("tabindex", "-1");
            }
            let _set = message.set_attribute("tabindex", "0");
        });
        self.rest_links();
    }

    /// Takes what is inside of messages out of the Tab key's way, but for the message that it stops at; and sees to it
    /// that there is one.
    pub(super) fn rest_links(self) {
        self.work.place.with_value(|place| {
            let Some(place) = place else { return };
            let stops = all(&place.scroller, ".timeline__list > article[tabindex='0']");
            let stop = stops.into_iter().next().or_else(|| {
                let messages = place.messages()?;
                let last = element(&messages, messages.length().checked_sub(1)?)?;
                let _set = last.set_attribute("tabindex", "0");
                Some(last)
            });
            let Some(stop) = stop else { return };
            for inside in all(&place.scroller, STOPS) {
                if !stop.contains(Some(&inside)) {
                    let _set = inside.set_attribute("tabindex", "-1");
                    let _set = inside.set_attribute(RESTING, "");
                }
            }
            for inside in all(&stop, &format!("[{RESTING}]")) {
                let _removed = inside.remove_attribute("tabindex");
                let _removed = inside.remove_attribute(RESTING);
            }
            self.give_name(&stop, &place.scroller);
        });
    }

    /// Calls the message that has or may have the focus by what it says: an element without a name is read out as one.
    /// Only that one, because names are given by ids.
    fn give_name(self, stop: &Element, list: &Element) {
        let id_of = |part: &str| format!("{}-{part}", self.box_id());
        for other in all(list, ".timeline__list > article[aria-labelledby]") {
            if other != *stop {
                let _removed = other.remove_attribute("aria-labelledby");
                for named in NAME.iter().flat_map(|part| all(&other, &format!("#{}", id_of(part)))) {
                    let _removed = named.remove_attribute("id");
                }
            }
        }
        let parts = NAME.into_iter().filter_map(|part| {
            let named = stop.query_selector(&format!(":scope > .{part}, :scope > .message__head > .{part}")).ok()??;
            named.set_id(&id_of(part));
            Some(named.id())
        });
        let _set = stop.set_attribute("aria-labelledby", &parts.collect::<Vec<_>>().join(" "));
    }
}

fn all(within: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = within.query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| element(&list, index)).collect()
}

fn nearest() -> web_sys::ScrollIntoViewOptions {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    options
}
