//! `/profile/onboarding`

use super::NotFound;
use leptos::prelude::*;

#[component]
pub(crate) fn Onboarding() -> impl IntoView {
    view! { <NotFound/> }
}
