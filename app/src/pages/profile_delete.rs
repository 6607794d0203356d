//! `/profile/delete`

use super::NotFound;
use leptos::prelude::*;

#[component]
pub(crate) fn ProfileDelete() -> impl IntoView {
    view! { <NotFound/> }
}
