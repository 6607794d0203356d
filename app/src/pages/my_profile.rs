//! `/profile`

use super::NotFound;
use leptos::prelude::*;

#[component]
pub(crate) fn MyProfile() -> impl IntoView {
    view! { <NotFound/> }
}
