//! `/profile`: to one's own.

use crate::{components::redirect::Redirect, visit::Visit};
use leptos::prelude::*;
use telicat_domain::SafePath;

/// Leads to the profile of whoever asks.
#[component]
pub(crate) fn MyProfile() -> impl IntoView {
    let to = match Visit::get().viewer.clone() {
        Some(viewer) => SafePath::profile(&viewer.author.handle),
        None => SafePath::my_profile().behind_login(),
    };
    view! { <Redirect to/> }
}
