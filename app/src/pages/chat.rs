//! `/chat`: to the room.

use crate::components::redirect::Redirect;
use leptos::prelude::*;
use telicat_domain::{RoomSlug, SafePath};

/// Leads to the public room.
#[component]
pub(crate) fn Chat() -> impl IntoView {
    view! { <Redirect to=SafePath::room(&RoomSlug::public_chat())/> }
}
