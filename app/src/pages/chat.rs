//! `/chat`: to the room.

use leptos::prelude::*;
use leptos_router::components::Redirect;
use telicat_domain::{RoomSlug, SafePath};

/// Leads to the public room.
#[component]
pub(crate) fn Chat() -> impl IntoView {
    view! { <Redirect path=SafePath::room(&RoomSlug::public_chat()).to_string()/> }
}
