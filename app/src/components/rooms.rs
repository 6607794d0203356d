//! The list of rooms.

use super::avatar::RoomFace;
use crate::text;
use leptos::prelude::*;
use telicat_domain::{RoomSlug, SafePath, room::RoomSummary};

/// The rooms of the reader, and which of them is open.
#[component]
pub(crate) fn Rooms(rooms: Vec<RoomSummary>, open: RoomSlug) -> impl IntoView {
    view! {
        // On a phone the list is a page of its own, and this is its heading.
        <h1 class="rooms__page">{text::ROOMS}</h1>
        <nav class="rooms" aria-label=text::ROOMS>
            <div class="rooms__title">
                <h2>{text::ROOMS}</h2>
            </div>
            <ul>
                {rooms
                    .into_iter()
                    .map(|room| {
                        let current = (room.slug == open).then_some("page");
                        view! {
                            <li>
                                <a
                                    class="rooms__item"
                                    href=SafePath::room(&room.slug).to_string()
                                    aria-current=current
                                >
                                    <RoomFace room=&room/>
                                    <span class="rooms__name">{room.name}</span>
                                </a>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </nav>
    }
}
