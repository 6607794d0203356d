//! The list of rooms: favourites, rooms, people.
//!
//! In the browser each row stays itself while the list changes. The server writes the same markup by hand, because the
//! list is on every page of a room.

#[cfg(any(feature = "hydrate", test))]
mod row;
#[cfg(not(feature = "hydrate"))]
mod written;

use super::{
    icon::Icon,
    switcher::{Switcher, keys},
};
use crate::{
    room_list::{Layout, RoomList, Row},
    text,
};
use leptos::{html, prelude::*};
use telicat_domain::{RoomSlug, SafePath, presence::Presence};

/// Where one makes a group, and where one begins a direct chat.
const NEW: &str = "/chat/new";
const NEW_DIRECT: &str = "/chat/new#people";

/// The rooms of the reader.
#[component]
pub(crate) fn Rooms() -> impl IntoView {
    let (list, switcher) = (RoomList::get(), Switcher::get());
    let nav: NodeRef<html::Nav> = NodeRef::new();
    return_to_place(nav, list.open);
    view! {
        <nav class="rooms" aria-label=text::ROOMS node_ref=nav on:scroll=move |_| keep_place(nav)>
            // On a phone the list is a screen of its own, and this is its heading.
            <h1 class="rooms__page">{text::ROOMS}</h1>
            <button type="button" class="rooms__jump needs-script" on:click=move |_| switcher.show()>
                <Icon name="search"/>
                {text::room_list::JUMP}
                <kbd>{keys}</kbd>
            </button>
            {sections(list)}
        </nav>
    }
}

/// A part of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Favourites,
    Rooms,
    People,
}

impl Section {
    const ALL: [Self; 3] = [Self::Favourites, Self::Rooms, Self::People];

    fn title(self) -> &'static str {
        match self {
            Self::Favourites => text::room_list::FAVOURITES,
            Self::Rooms => text::ROOMS,
            Self::People => text::room_list::PEOPLE,
        }
    }

    /// Where one adds to it.
    fn add(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Favourites => None,
            Self::Rooms => Some((NEW, text::room_list::NEW_GROUP)),
            Self::People => Some((NEW_DIRECT, text::room_list::NEW_DIRECT)),
        }
    }

    fn rooms(self, layout: &Layout) -> &[RoomSlug] {
        match self {
            Self::Favourites => &layout.favourites,
            Self::Rooms => &layout.rooms,
            Self::People => &layout.people,
        }
    }
}

#[cfg(feature = "hydrate")]
fn sections(list: RoomList) -> AnyView {
    row::sections(list)
}

#[cfg(not(feature = "hydrate"))]
fn sections(list: RoomList) -> AnyView {
    crate::once::written(move |html| written::write(html, list))
}

fn class_of(row: &Row) -> &'static str {
    if row.unread { "rooms__item rooms__item--unread" } else { "rooms__item" }
}

fn number_class(row: &Row) -> &'static str {
    if row.mentions > 0 { "count count--mention" } else { "count" }
}

/// The dot that says how a person is.
pub(crate) fn dot_class(presence: Presence) -> Option<&'static str> {
    match presence {
        Presence::Here => Some("presence presence--here"),
        Presence::Away => Some("presence"),
        Presence::Gone => None,
    }
}

fn address(slug: &RoomSlug) -> String {
    SafePath::room(slug).to_string()
}

/// Each page of a room makes the list anew, which would begin at its top.
#[cfg(feature = "hydrate")]
fn return_to_place(nav: NodeRef<html::Nav>, open: RwSignal<Option<RoomSlug>>) {
    Effect::new(move |_| {
        if let Some(nav) = nav.get() {
            nav.set_scroll_top(PLACE.get());
        }
    });
    // However one came to the room, its row is seen.
    Effect::new(move |_| {
        open.track();
        request_animation_frame(|| crate::browser::scroll_to(".rooms [aria-current=page]"));
    });
}

#[cfg(feature = "hydrate")]
thread_local! {
    /// How far the list was scrolled, in pixels.
    static PLACE: std::cell::Cell<i32> = const { std::cell::Cell::new(0) };
}

#[cfg(feature = "hydrate")]
fn keep_place(nav: NodeRef<html::Nav>) {
    if let Some(nav) = nav.try_get_untracked().flatten() {
        PLACE.set(nav.scroll_top());
    }
}

#[cfg(not(feature = "hydrate"))]
fn return_to_place(_nav: NodeRef<html::Nav>, _open: RwSignal<Option<RoomSlug>>) {}

#[cfg(not(feature = "hydrate"))]
fn keep_place(_nav: NodeRef<html::Nav>) {}
