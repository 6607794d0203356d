//! What stands where messages would be written, in a room in which nothing is written any more.

use crate::text::room as words;
use leptos::prelude::*;

/// Says so.
#[component]
pub(crate) fn RoomArchived() -> impl IntoView {
    view! {
        <div class="composer room-archived">
            <p>{words::ARCHIVED_NOTE}</p>
        </div>
    }
}
