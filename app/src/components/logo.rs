//! The mark and the word.

use leptos::prelude::*;

/// The head of the cat, whose eyes are a dot and a dash.
pub(crate) const HEAD: &str = "M4 6.2c0-1.6 1.8-2.4 3-1.4l4.5 3.7a20 20 0 0 1 9 0L25 4.8c1.2-1 3-.2 3 1.4v11c0 6-5 10.3-12 \
                               10.3S4 23.2 4 17.2Z";
/// Its eyes.
pub(crate) const EYES: &str = "M13.5 17a2.4 2.4 0 1 1-4.8 0 2.4 2.4 0 1 1 4.8 0ZM18.7 14.8h3.6a2.2 2.2 0 0 1 0 \
                               4.4h-3.6a2.2 2.2 0 0 1 0-4.4Z";
const WORD: &str = "M7 5v14a5 5 0 0 0 5 5M2.5 11.5h9M18.5 17.7h12.2a6.3 6.3 0 1 0-1.7 4.3M38 3v16a5 5 0 0 0 2.5 4.5M47 \
                    11.5V24M65.5 14a6.3 6.3 0 1 0 0 7.4M83 11.5V24M83 17.7a6.3 6.3 0 1 1-12.6 0 6.3 6.3 0 0 1 12.6 \
                    0M89.5 5v14a5 5 0 0 0 3 4.6M86.5 11.5h6.5";

/// The mark alone.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <svg class="logo__mark" viewBox="0 0 32 32" aria-hidden="true">
            <path fill-rule="evenodd" d=format!("{HEAD}{EYES}")/>
        </svg>
    }
}

/// Mark and word; the word is the name for a screen reader.
#[component]
pub(crate) fn Logo() -> impl IntoView {
    view! {
        <Mark/>
        <svg class="logo__word" viewBox="0 0 95 30" role="img" aria-label=crate::text::NAME>
            <path d=WORD/>
            <path class="logo__dot" d="M47 5.3v.01"/>
        </svg>
    }
}
