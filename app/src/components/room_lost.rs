//! What an open room says once its reader is not in it any more.

use crate::text::room as words;
use leptos::prelude::*;
use telicat_domain::{RoomSlug, SafePath};

/// Whether the room that is open was lost meanwhile.
#[cfg(feature = "hydrate")]
pub(crate) fn lost(slug: RoomSlug) -> RwSignal<bool> {
    use telicat_domain::frame::ServerFrame;
    let lost = RwSignal::new(false);
    crate::live::hear(move |frame| match frame {
        ServerFrame::Lost { room } if *room == slug => lost.set(true),
        // Brought in again.
        ServerFrame::Room { room } if room.room.slug == slug => lost.set(false),
        _ => {}
    });
    lost
}

#[cfg(not(feature = "hydrate"))]
pub(crate) fn lost(_slug: RoomSlug) -> RwSignal<bool> {
    RwSignal::new(false)
}

/// Stands where messages would be written.
#[component]
pub(crate) fn RoomLost() -> impl IntoView {
    view! {
        <div class="composer room-lost" role="alert">
            <p><b>{words::LOST}</b></p>
            <a class="button" href=SafePath::chat().to_string() rel="external">{words::LOST_WAY}</a>
        </div>
    }
}

/// Stands where messages would be written, in a room in which nothing is written any more.
#[component]
pub(crate) fn RoomArchived() -> impl IntoView {
    view! {
        <div class="composer room-lost">
            <p>{words::ARCHIVED_NOTE}</p>
        </div>
    }
}
