//! `/accounts/password/reset`

use super::NotFound;
use leptos::prelude::*;

#[component]
pub(crate) fn ResetRequest() -> impl IntoView {
    view! { <NotFound/> }
}
