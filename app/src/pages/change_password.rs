//! `/accounts/password/change`

use super::NotFound;
use leptos::prelude::*;

#[component]
pub(crate) fn ChangePassword() -> impl IntoView {
    view! { <NotFound/> }
}
