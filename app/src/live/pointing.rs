//! Which message is meant: the one that is pointed at, has the focus, or is held under a finger. The bar of what can be
//! done moves to it.

use super::{
    actions::{react, start_react},
    ask,
};
use crate::{api::messages::who_reacted, browser, components::message::actions::Bar, text};
use leptos::{ev, prelude::*, task::spawn_local};
use std::{cell::Cell, rc::Rc};
use telicat_domain::MessageId;
use web_sys::{Element, HtmlElement, wasm_bindgen::JsCast};

/// A finger that rests for this many milliseconds means the message. Browsers wait for 500, and then mean a word.
const HELD_MS: u32 = 400;
/// Pixels that a resting finger may move.
const HELD_PX: i32 = 10;
/// Milliseconds until it is told who gave a reaction that is pointed at.
const TIP_MS: u32 = 250;

const MESSAGE: &str = "article[data-message-id]";

/// A finger on a message.
#[derive(Default)]
struct Finger {
    /// Counts touches, so that a timer knows whether it is still about the same one.
    touch: Cell<u32>,
    at: Cell<(i32, i32)>,
    /// The message that it rests on, once it has rested for long enough.
    held: Cell<Option<MessageId>>,
}

/// Hears the page until the owner is gone. One ear for all messages costs less than one for each.
pub(super) fn listen(bar: Bar) {
    let finger = Rc::new(Finger::default());
    let heard = [
        window_event_listener(ev::pointerover, move |event| pointed(bar, browser::target(&event))),
        window_event_listener(ev::focusin, move |event| pointed(bar, browser::target(&event))),
        window_event_listener(ev::click, move |event| clicked(bar, browser::target(&event))),
        window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" {
                hide_tip(bar);
            }
        }),
        window_event_listener(ev::pointerdown, {
            let finger = finger.clone();
            move |event| pressed(bar, &finger, &event)
        }),
        window_event_listener(ev::pointermove, {
            let finger = finger.clone();
            move |event| {
                let (x, y) = finger.at.get();
                if (event.client_x() - x).abs().max((event.client_y() - y).abs()) > HELD_PX {
                    let_go(bar, &finger);
                }
            }
        }),
        window_event_listener(ev::pointercancel, {
            let finger = finger.clone();
            move |_| {
                let _meant_otherwise = let_go(bar, &finger);
            }
        }),
        window_event_listener(ev::pointerup, {
            let finger = finger.clone();
            move |_| {
                let Some(id) = let_go(bar, &finger) else { return };
                // The end of a touch closes whatever is open above the page; only after that the menu may come.
                spawn_local(async move {
                    browser::wait(0).await;
                    open(bar, id);
                });
            }
        }),
        window_event_listener(ev::contextmenu, {
            let finger = finger.clone();
            move |event| {
                if finger.held.get().is_some() {
                    event.prevent_default();
                }
            }
        }),
    ];
    let heard = StoredValue::new_local(Some(heard));
    on_cleanup(move || {
        let handles = heard.try_update_value(Option::take).flatten();
        handles.into_iter().flatten().for_each(WindowListenerHandle::remove);
    });
}

/// The element that holds the list: the bar begins in it, and is then somewhere below, or nowhere when the message that
/// it was in is gone.
fn place(bar: Bar) -> Option<Element> {
    let place = if bar.conversation.root.is_some() { ".app__details .timeline" } else { ".app__main .timeline" };
    browser::find(place)
}

/// The message round an element, when it is one of this list.
fn message_round(bar: Bar, element: &Element) -> Option<Element> {
    let message = element.closest(MESSAGE).ok().flatten()?;
    place(bar)?.contains(Some(&message)).then_some(message)
}

fn id_of(message: &Element) -> Option<MessageId> {
    message.get_attribute("data-message-id")?.parse().ok()
}

fn message_of(bar: Bar, id: MessageId) -> Option<Element> {
    place(bar)?.query_selector(&format!("article[data-message-id=\"{id}\"]")).ok().flatten()
}

fn pointed(bar: Bar, element: Option<Element>) {
    let Some(element) = element else { return };
    tell_who(bar, &element);
    if let Some(message) = message_round(bar, &element)
        && !is_open(bar)
    {
        move_to(bar, &message);
    }
}

/// Puts the bar into a message, at its end: there it is next in the order of the keyboard, and goes where the message
/// goes.
fn move_to(bar: Bar, message: &Element) {
    let (Some(element), Some(id)) = (bar.bar.try_get_untracked().flatten(), id_of(message)) else { return };
    if element.parent_element().as_ref() != Some(message) {
        let focused = document().active_element();
        if element.contains(focused.as_deref())
            && let Some(before) = element.closest(MESSAGE).ok().flatten()
        {
            // What is moved loses the focus, to nothing.
            browser::focus_quietly(&before);
        }
        let _moved = message.append_child(&element);
    }
    if bar.target.try_get_untracked() != Some(Some(id)) {
        bar.target.set(Some(id));
    }
}

fn clicked(bar: Bar, element: Option<Element>) {
    let Some(button) = element.and_then(|element| element.closest("button").ok().flatten()) else { return };
    let Some(id) = message_round(bar, &button).as_ref().and_then(id_of) else { return };
    if let Some(emoji) = button.get_attribute("data-emoji") {
        let on = button.get_attribute("aria-pressed").as_deref() != Some("true");
        react(bar.conversation, id, emoji, on);
    } else if button.has_attribute("data-add-reaction") {
        start_react(bar.conversation, id);
    }
}

fn pressed(bar: Bar, finger: &Rc<Finger>, event: &ev::PointerEvent) {
    let_go(bar, finger);
    if event.pointer_type() != "touch" {
        return;
    }
    let Some(element) = browser::target(event) else { return };
    let is_other = element.closest("a, button, textarea, input, pre").ok().flatten().is_some();
    let Some(message) = message_round(bar, &element).filter(|_| !is_other) else { return };
    let Some(id) = id_of(&message) else { return };
    finger.at.set((event.client_x(), event.client_y()));
    let touch = finger.touch.get();
    let finger = finger.clone();
    spawn_local(async move {
        browser::wait(HELD_MS).await;
        if finger.touch.get() == touch {
            finger.held.set(Some(id));
            let _marked = message.class_list().add_1("message--active");
        }
    });
}

/// The finger is gone, or meant something else. The message that it had rested on.
fn let_go(bar: Bar, finger: &Finger) -> Option<MessageId> {
    finger.touch.set(finger.touch.get().wrapping_add(1));
    let held = finger.held.take();
    if let Some(message) = held.and_then(|id| message_of(bar, id)) {
        let _unmarked = message.class_list().remove_1("message--active");
    }
    held
}

/// Shows all emoji at a message.
pub(super) fn choose_emoji(bar: Bar, id: MessageId, pick: Callback<String>) {
    let Some(message) = message_of(bar, id) else { return };
    move_to(bar, &message);
    if let Some(more) = more_of(bar) {
        bar.picker.open(&more, pick);
    }
}

/// The button that opens the menu.
fn more_of(bar: Bar) -> Option<HtmlElement> {
    bar.bar.try_get_untracked()??.query_selector("[data-more]").ok()??.dyn_into().ok()
}

/// Opens the menu at a message. The emoji that are a press away come first in it.
pub(super) fn open(bar: Bar, id: MessageId) {
    let Some(message) = message_of(bar, id) else { return };
    move_to(bar, &message);
    // What the menu offers is for this message by the next turn.
    spawn_local(async move {
        browser::wait(0).await;
        if let Some(more) = more_of(bar)
            && !is_open(bar)
        {
            more.click();
        }
    });
}

fn is_open(bar: Bar) -> bool {
    bar.menu.try_get_untracked().flatten().is_some_and(|menu| menu.matches(":popover-open").unwrap_or(false))
}

/// Gives the focus back to a message, when it is in the list.
pub(super) fn focus_message(bar: Bar, id: MessageId) {
    if let Some(message) = message_of(bar, id) {
        browser::focus_quietly(&message);
    }
}

impl Bar {
    /// Closes the menu. The browser gives the focus back.
    pub(crate) fn close_menu(self) {
        if let Some(menu) = self.menu.try_get_untracked().flatten()
            && is_open(self)
        {
            let _closed = menu.hide_popover();
        }
    }

    /// The menu came or went: while it is there the first thing in it has the focus, and the bar stays in sight.
    pub(crate) fn menu_toggled(self) {
        let open = is_open(self);
        if let Some(bar) = self.bar.try_get_untracked().flatten() {
            let _marked = bar.toggle_attribute_with_force("data-open", open);
        }
        if open {
            self.focus_item(|_, _| 0);
        }
    }

    /// Closes the menu when the message that it is for is no longer in the list.
    pub(super) fn close_with_message(self) {
        Effect::new(move |_| {
            if self.of_target(|_| ()).is_none() {
                self.close_menu();
            }
        });
    }

    /// Arrows lead through the menu and round its ends, Home and End to its ends; Tab leaves it.
    pub(crate) fn menu_key(self, event: &ev::KeyboardEvent) {
        match event.key().as_str() {
            "ArrowDown" | "ArrowRight" => self.focus_item(|at, count| (at + 1) % count),
            "ArrowUp" | "ArrowLeft" => self.focus_item(|at, count| (at + count - 1) % count),
            "Home" => self.focus_item(|_, _| 0),
            "End" => self.focus_item(|_, count| count - 1),
            "Tab" => self.close_menu(),
            // Those press what has the focus, or close.
            "Enter" | " " | "Escape" => {
                event.stop_propagation();
                return;
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    fn focus_item(self, which: impl FnOnce(u32, u32) -> u32) {
        let Some(menu) = self.menu.get_untracked() else { return };
        let Ok(items) = menu.query_selector_all("[role=menuitem]") else { return };
        let (focused, count) = (document().active_element(), items.length());
        if count == 0 {
            return;
        }
        let is_focused = |index: &u32| items.item(*index).is_some_and(|item| focused.as_deref() == Some(&item));
        let at = (0..count).find(is_focused).unwrap_or(0);
        let item = items.item(which(at, count)).and_then(|item| item.dyn_into::<HtmlElement>().ok());
        if let Some(item) = item {
            let _focused = item.focus();
        }
    }
}

/// Says who gave a reaction that is pointed at or has the focus, a little later.
fn tell_who(bar: Bar, element: &Element) {
    let pill = element.closest("[data-emoji]").ok().flatten();
    let Some(pill) = pill.filter(|pill| message_round(bar, pill).is_some()) else {
        if element.closest(".tip").ok().flatten().is_none() {
            hide_tip(bar);
        }
        return;
    };
    let (Some(message), Some(emoji)) = (message_round(bar, &pill), pill.get_attribute("data-emoji")) else { return };
    let Some(id) = id_of(&message) else { return };
    if tip_is_at(bar, &pill) {
        return;
    }
    hide_tip(bar);
    spawn_local(async move {
        browser::wait(TIP_MS).await;
        let is_meant = || pill.matches(":hover, :focus-visible").unwrap_or(false);
        if !is_meant() {
            return;
        }
        let Ok(people) = ask(who_reacted(id.to_string(), emoji)).await else { return };
        let names: Vec<String> = people.iter().map(|person| person.called().to_owned()).collect();
        if let (Some(tip), Some(pills), true) =
            (bar.tip.try_get_untracked().flatten(), pill.parent_element(), is_meant())
        {
            tip.set_text_content(Some(&text::messages::people(&names, names.len())));
            let _moved = pills.append_child(&tip);
            let _told = pill.set_attribute("aria-describedby", &tip.id());
            tip.set_hidden(false);
        }
    });
}

fn tip_is_at(bar: Bar, pill: &Element) -> bool {
    let tip = bar.tip.get_untracked().filter(|tip| !tip.hidden());
    tip.is_some_and(|tip| pill.get_attribute("aria-describedby").as_deref() == Some(&tip.id()))
}

fn hide_tip(bar: Bar) {
    let Some(tip) = bar.tip.get_untracked().filter(|tip| !tip.hidden()) else { return };
    tip.set_hidden(true);
    let told = format!("[aria-describedby=\"{}\"]", tip.id());
    if let Some(pill) = browser::find::<Element>(&told) {
        let _forgotten = pill.remove_attribute("aria-describedby");
    }
}
