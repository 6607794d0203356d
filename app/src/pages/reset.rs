//! `/accounts/password/reset/{token}`

use super::NotFound;
use leptos::prelude::*;

#[component]
pub(crate) fn Reset() -> impl IntoView {
    view! { <NotFound/> }
}
