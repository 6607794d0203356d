//! `/accounts/first-owner/{token}`

use super::NotFound;
use leptos::prelude::*;

#[component]
pub(crate) fn FirstOwner() -> impl IntoView {
    view! { <NotFound/> }
}
