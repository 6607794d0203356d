//! A moment in words, by the reader's clock.

use crate::conversation::moment;
use leptos::prelude::*;
use telicat_domain::Timestamp;

/// `today at 17:58`, `on 30 October 2026 at 22:11`.
#[component]
pub(crate) fn Moment(at: Timestamp) -> impl IntoView {
    view! { <time datetime=at.rfc3339()>{move || moment(at)}</time> }
}
