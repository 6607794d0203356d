//! `/invitations`

use super::NotFound;
use leptos::prelude::*;

#[component]
pub(crate) fn Invitations() -> impl IntoView {
    view! { <NotFound/> }
}
