//! `/accounts/email/confirm/{token}`

use super::NotFound;
use leptos::prelude::*;

#[component]
pub(crate) fn ConfirmEmail() -> impl IntoView {
    view! { <NotFound/> }
}
