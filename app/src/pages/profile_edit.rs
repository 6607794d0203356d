//! `/profile/edit`

use super::NotFound;
use leptos::prelude::*;

#[component]
pub(crate) fn ProfileEdit() -> impl IntoView {
    view! { <NotFound/> }
}
