//! Where the reader is in the list, and keeping it so.
//!
//! The list follows its end while the reader is near it. Otherwise the message at the top of the view stays where it is,
//! whatever is added or taken away above or below: one anchor, one method.

use super::history::Goal;
use crate::{
    browser,
    conversation::{Conversation, Edge, Opening},
};
use leptos::{html::Div, prelude::*, task::spawn_local};
use telicat_domain::timeline::RowState;
use web_sys::{Element, HtmlDivElement, HtmlElement, NodeList, wasm_bindgen::JsCast};

/// Pixels from the end within which the list follows it.
const NEAR_END: i32 = 100;
/// Pixels from an end of what is loaded within which more is asked for.
const NEAR_EDGE: i32 = 800;
/// A message that was asked for is marked for this many milliseconds.
const MARKED_MS: u32 = 4_000;
/// Pixels that are left above what was asked for: the heading of the day stands there.
const HEADROOM: f64 = 72.0;

/// What is in view.
pub(super) struct Place {
    pub(super) scroller: HtmlDivElement,
    /// The first message in view, and where it was when the list was there.
    anchor: Option<(Element, f64)>,
    /// How far the list was scrolled then, in pixels.
    noted_at: i32,
    /// Whether rows came or went since: where messages are means nothing until the list is put where it was.
    unsettled: bool,
    /// What had the focus in the list before its rows changed.
    focused: Option<HtmlElement>,
}

impl Conversation {
    /// Watches the list and keeps the reader's place in it.
    pub(crate) fn hold_position(self, scroller: NodeRef<Div>) {
        Effect::new(move |_| {
            let Some(scroller) = scroller.get() else { return };
            let noted_at = scroller.scroll_top();
            self.work.place.set_value(Some(Place {
                anchor: None,
                noted_at,
                unsettled: false,
                focused: None,
                scroller,
            }));
            self.begin();
        });
        Effect::new(move |_| {
            self.rows.track();
            self.set_unsettled(true);
            // After the rows are in the document and before they are painted.
            request_animation_frame(move || {
                self.keep_focus();
                self.settle();
            });
        });
    }

    fn set_unsettled(self, unsettled: bool) {
        self.work.place.update_value(|place| {
            if let Some(place) = place {
                place.unsettled = unsettled;
            }
        });
    }

    /// Takes note of what has the focus in the list, just before its rows change: messages are taken out and put in again
    /// when others come before them, and what is taken out loses the focus to nothing.
    pub(crate) fn note_focus(self) {
        let Some(focused) = document().active_element() else { return };
        self.work.place.update_value(|place| {
            if let Some(place) = place
                && place.scroller.contains(Some(&focused))
            {
                place.focused = focused.dyn_into().ok();
            }
        });
    }

    /// Gives the focus back to what had it before the rows changed, when it is nowhere now.
    fn keep_focus(self) {
        let focused = self.work.place.try_update_value(|place| place.as_mut()?.focused.take()).flatten();
        if let Some(focused) = focused
            && focused.is_connected()
            && browser::is_nowhere()
        {
            focus_in_place(&focused);
        }
    }

    /// Shows what the reader came for: a message, the first unread one when it is here, or the end.
    fn begin(self) {
        let unread = self.first_unread();
        match self.opening {
            Opening::At(seq) => return self.reveal(Goal::Message(seq)),
            Opening::After(seq) => return self.reveal(Goal::From(seq + 1)),
            Opening::Before(_) => {}
            Opening::End => {
                if let Some(seq) = unread
                    && !self.is_in_view(seq)
                {
                    return self.reveal(Goal::Unread(seq));
                }
            }
        }
        self.settle();
    }

    fn first_unread(self) -> Option<i64> {
        self.rows.with_untracked(|rows| {
            let first = rows.iter().find(|row| row.first_unread)?;
            if let RowState::Sent { seq, .. } = first.state { Some(seq) } else { None }
        })
    }

    /// Takes note of where the reader is.
    pub(crate) fn scrolled(self) {
        if self.work.moving.try_get_value() != Some(false) {
            return;
        }
        let follows = self.at_end.get_untracked();
        let Some((from_end, from_beginning)) = self
            .work
            .place
            .try_update_value(|place| {
                let place = place.as_mut()?;
                // A list that follows its end moves nobody when something is added to it.
                if place.unsettled && !follows {
                    return None;
                }
                place.anchor = place.first_in_view().map(|anchor| {
                    let at = top(&anchor);
                    (anchor, at)
                });
                place.noted_at = place.scroller.scroll_top();
                // The scroller counts from its end, downwards to it.
                let from_end = -place.noted_at;
                let hidden = place.scroller.scroll_height() - place.scroller.client_height();
                Some((from_end, hidden - from_end))
            })
            .flatten()
        else {
            return;
        };
        let has_newer = self.timeline.with_untracked(telicat_domain::Timeline::has_newer);
        let at_end = from_end < NEAR_END && !has_newer;
        if at_end != self.at_end.get_untracked() {
            self.at_end.set(at_end);
            if at_end {
                // Who comes to the end again reads on.
                self.resume_marks();
            }
        }
        if at_end && self.unseen.get_untracked() > 0 {
            self.unseen.set(0);
        }
        if !self.met_unread.get_untracked()
            && let Some(seq) = self.first_unread()
            && self.is_in_view(seq)
        {
            self.met_unread.set(true);
        }
        if from_beginning < NEAR_EDGE {
            self.load(Edge::Older, false);
        }
        if from_end < NEAR_EDGE && has_newer {
            self.load(Edge::Newer, false);
        }
        self.note_read();
    }

    /// Puts the list where it was, or at its end when it follows that.
    fn settle(self) {
        if self.work.moving.try_get_value() != Some(false) {
            return;
        }
        self.set_unsettled(false);
        let at_end = self.at_end.get_untracked();
        self.work.place.with_value(|place| {
            let Some(place) = place else { return };
            if at_end {
                place.scroller.set_scroll_top(0);
            } else if let Some((anchor, at)) = &place.anchor
                && anchor.is_connected()
            {
                // What the reader scrolled meanwhile stays scrolled.
                let scrolled = f64::from(place.scroller.scroll_top() - place.noted_at);
                place.scroll_by(top(anchor) - (at - scrolled));
            }
        });
        self.rest_links();
        self.scrolled();
    }

    /// Goes to something that is loaded, once it is in the document.
    pub(super) fn reveal(self, goal: Goal) {
        if goal == Goal::End {
            self.at_end.set(true);
            self.unseen.set(0);
            self.resume_marks();
            // Until it is there, a scroll event of before says nothing of where the reader is.
            self.work.moving.set_value(true);
            request_animation_frame(move || {
                if self.is_open() {
                    self.work.moving.set_value(false);
                    self.at_end.set(true);
                    self.settle();
                }
            });
            return;
        }
        self.at_end.set(false);
        self.work.moving.set_value(true);
        request_animation_frame(move || {
            if !self.is_open() {
                return;
            }
            self.work.moving.set_value(false);
            self.set_unsettled(false);
            let found = self.work.place.with_value(|place| {
                let place = place.as_ref()?;
                let seq = match goal {
                    Goal::Unread(seq) => self.first_unread().unwrap_or(seq),
                    Goal::Message(seq) | Goal::From(seq) => seq,
                    Goal::End => return None,
                };
                let message = place.from(seq)?;
                let room = f64::from(place.scroller.client_height());
                let above = match goal {
                    // In the middle, unless it is taller than the view.
                    Goal::Message(_) => ((room - message.get_bounding_client_rect().height()) / 2.0).max(HEADROOM),
                    _ => HEADROOM,
                };
                place.scroll_by(top(&message) - (top(&place.scroller) + above));
                Some(message)
            });
            if let (Goal::Message(_) | Goal::From(_), Some(message)) = (goal, found) {
                // Who began to write before the page was taken over goes on writing.
                if !browser::has_focus_within("textarea") {
                    self.give_focus(&message);
                }
                if matches!(goal, Goal::Message(_)) {
                    mark(message);
                }
            }
            self.rest_links();
            self.scrolled();
        });
    }

    /// Whether a message is in view.
    fn is_in_view(self, seq: i64) -> bool {
        self.work.place.with_value(|place| {
            let Some(place) = place else { return false };
            let view = place.scroller.get_bounding_client_rect();
            place.find(seq).is_some_and(|message| {
                let message = message.get_bounding_client_rect();
                message.top() >= view.top() && message.top() < view.bottom()
            })
        })
    }

    /// The number of the last message that can be seen to its end, or is taller than the view.
    pub(super) fn last_in_view(self) -> Option<i64> {
        self.work.place.with_value(|place| {
            let place = place.as_ref()?;
            let view = place.scroller.get_bounding_client_rect();
            let messages = place.messages()?;
            let mut last = halve(&messages, |message| message.top() >= view.bottom())?;
            loop {
                last = last.checked_sub(1)?;
                let message = element(&messages, last)?;
                let rect = message.get_bounding_client_rect();
                if rect.bottom() <= view.top() {
                    return None;
                }
                let whole = rect.bottom() <= view.bottom() + 1.0 || rect.top() <= view.top();
                if let Some(seq) = seq_of(&message).filter(|_| whole) {
                    return Some(seq);
                }
            }
        })
    }
}

impl Place {
    pub(super) fn messages(&self) -> Option<NodeList> {
        self.scroller.query_selector_all(".timeline__list > article").ok()
    }

    fn find(&self, seq: i64) -> Option<Element> {
        self.scroller.query_selector(&format!("article[data-seq=\"{seq}\"]")).ok().flatten()
    }

    /// The message with a number, or the first behind it.
    fn from(&self, seq: i64) -> Option<Element> {
        self.find(seq).or_else(|| {
            let messages = self.messages()?;
            (0..messages.length())
                .filter_map(|index| element(&messages, index))
                .find(|message| seq_of(message) > Some(seq))
        })
    }

    fn first_in_view(&self) -> Option<Element> {
        let view = top(&self.scroller);
        let messages = self.messages()?;
        let first = halve(&messages, |message| message.bottom() > view)?;
        element(&messages, first)
    }

    fn scroll_by(&self, pixels: f64) {
        if pixels.abs() >= 1.0 {
            self.scroller.set_scroll_top(self.scroller.scroll_top() + pixels.round() as i32);
        }
    }
}

/// Marks a message that somebody asked for, for a while.
fn mark(message: Element) {
    let _set = message.set_attribute("data-target", "");
    spawn_local(async move {
        browser::wait(MARKED_MS).await;
        let _removed = message.remove_attribute("data-target");
    });
}

/// How many messages stand before the first of which something is true. They stand in order, so it is found by halving.
fn halve(messages: &NodeList, is: impl Fn(&web_sys::DomRect) -> bool) -> Option<u32> {
    let (mut low, mut high) = (0, messages.length());
    while low < high {
        let middle = low + (high - low) / 2;
        if is(&element(messages, middle)?.get_bounding_client_rect()) { high = middle } else { low = middle + 1 }
    }
    Some(low)
}

fn top(element: &Element) -> f64 {
    element.get_bounding_client_rect().top()
}

fn seq_of(message: &Element) -> Option<i64> {
    message.get_attribute("data-seq")?.parse().ok()
}

pub(super) fn element(list: &NodeList, index: u32) -> Option<Element> {
    list.item(index).and_then(|node| node.dyn_into().ok())
}

/// Gives the focus to an element without moving the view.
pub(super) fn focus_in_place(element: &HtmlElement) {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    let _focused = element.focus_with_options(&options);
}
