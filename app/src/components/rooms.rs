//! The list of rooms.

use super::avatar::RoomFace;
use crate::text;
use leptos::prelude::*;
use telicat_domain::{RoomSlug, SafePath, room::RoomEntry};

/// The rooms of the reader, and which of them is open.
#[component]
pub(crate) fn Rooms<'a>(rooms: &'a [RoomEntry], open: RoomSlug) -> impl IntoView + use<> {
    view! {
        <nav class="rooms" aria-label=text::ROOMS>
            // On a phone the list is a screen of its own, and this is its heading.
            <h1 class="rooms__page">{text::ROOMS}</h1>
            <div class="rooms__title">
                <h2>{text::ROOMS}</h2>
            </div>
            <ul>
                {rooms
                    .iter()
                    .map(|entry| {
                        let room = &entry.room;
                        let current = (room.slug == open).then_some("page");
                        view! {
                            <li>
                                <a
                                    class="rooms__item"
                                    href=SafePath::room(&room.slug).to_string()
                                    aria-current=current
                                    on:click=|_| leave_list()
                                >
                                    <RoomFace room/>
                                    <span class="rooms__name">{room.called()}</span>
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </nav>
    }
}

/// The router changes the address without telling the style sheet that the list is no longer its target.
#[cfg(feature = "hydrate")]
fn leave_list() {
    crate::browser::drop_fragment();
}

#[cfg(not(feature = "hydrate"))]
fn leave_list() {}
