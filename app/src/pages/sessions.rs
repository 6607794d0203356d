//! `/accounts/sessions`

use super::NotFound;
use leptos::prelude::*;

#[component]
pub(crate) fn Sessions() -> impl IntoView {
    view! { <NotFound/> }
}
