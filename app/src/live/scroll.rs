//! Where the reader is in the list, and keeping it so.
//!
//! The list follows its end while the reader is near it. Otherwise the message at the top of the view stays where it is,
//! whatever is added above or below: one anchor, one method.

use crate::conversation::Conversation;
use leptos::{html::Div, prelude::*};
use std::cell::RefCell;
use web_sys::{Element, HtmlDivElement};

/// Pixels from the end within which the list follows it.
const NEAR_END: i32 = 100;
/// Pixels from the beginning within which older messages are asked for.
const NEAR_BEGINNING: i32 = 800;

struct Place {
    scroller: HtmlDivElement,
    anchor: Option<(Element, f64)>,
}

thread_local! {
    static PLACE: RefCell<Option<Place>> = const { RefCell::new(None) };
}

impl Conversation {
    /// Watches the list and keeps the reader's place in it.
    pub(crate) fn hold_position(self, scroller: NodeRef<Div>) {
        Effect::new(move |_| {
            let place = scroller.get().map(|scroller| Place { anchor: anchor(&scroller), scroller });
            PLACE.with_borrow_mut(|held| *held = place);
            self.scrolled();
        });
        Effect::new(move |_| {
            self.rows.track();
            // After the rows are in the document and before they are painted.
            request_animation_frame(move || self.settle());
        });
    }

    /// Takes note of where the reader is.
    pub(crate) fn scrolled(self) {
        let Some((from_end, from_beginning)) = PLACE.with_borrow_mut(|place| {
            let place = place.as_mut()?;
            place.anchor = anchor(&place.scroller);
            // The scroller counts from its end, downwards to it.
            let from_end = -place.scroller.scroll_top();
            let hidden = place.scroller.scroll_height() - place.scroller.client_height();
            Some((from_end, hidden - from_end))
        }) else {
            return;
        };
        let at_end = from_end < NEAR_END;
        if at_end != self.at_end.get_untracked() {
            self.at_end.set(at_end);
        }
        if at_end && self.unseen.get_untracked() > 0 {
            self.unseen.set(0);
        }
        if from_beginning < NEAR_BEGINNING {
            self.load_older();
        }
    }

    /// Goes to the newest messages and stays with them.
    pub(crate) fn follow_end(self) {
        self.at_end.set(true);
        self.unseen.set(0);
        request_animation_frame(move || self.settle());
    }

    fn settle(self) {
        let at_end = self.at_end.get_untracked();
        PLACE.with_borrow(|place| {
            let Some(place) = place else { return };
            if at_end {
                place.scroller.set_scroll_top(0);
            } else if let Some((anchor, top)) = &place.anchor
                && anchor.is_connected()
            {
                let moved = anchor.get_bounding_client_rect().top() - top;
                if moved.abs() >= 1.0 {
                    place.scroller.set_scroll_top(place.scroller.scroll_top() + moved.round() as i32);
                }
            }
        });
        self.scrolled();
    }
}

/// The first message in view, and where it is.
fn anchor(scroller: &HtmlDivElement) -> Option<(Element, f64)> {
    let top = scroller.get_bounding_client_rect().top();
    let messages = scroller.query_selector_all("article").ok()?;
    // The messages stand in order, so the first that reaches into the view is found by halving.
    let (mut low, mut high) = (0, messages.length());
    while low < high {
        let middle = low + (high - low) / 2;
        let bottom = element(&messages, middle)?.get_bounding_client_rect().bottom();
        if bottom > top { high = middle } else { low = middle + 1 }
    }
    let anchor = element(&messages, low)?;
    let at = anchor.get_bounding_client_rect().top();
    Some((anchor, at))
}

fn element(list: &web_sys::NodeList, index: u32) -> Option<Element> {
    use web_sys::wasm_bindgen::JsCast;
    list.item(index).and_then(|node| node.dyn_into().ok())
}
