//! Line drawings from one file, `public/icons.svg`.

use crate::visit::Visit;
use leptos::prelude::*;

/// A drawing by its name in the file. It says nothing to a screen reader: words stand beside it.
#[component]
pub(crate) fn Icon(name: &'static str, #[prop(optional)] small: bool) -> impl IntoView {
    let href = format!("{}/icons.svg#{name}", Visit::get().assets);
    view! {
        <svg class=if small { "icon icon--s" } else { "icon" } aria-hidden="true">
            <use href=href/>
        </svg>
    }
}
