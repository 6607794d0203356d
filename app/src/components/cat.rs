//! The cat: on the home page, at the end of a line, and over the edge of a card. Nowhere in the daily work.

use super::logo::{EYES, HEAD};
use leptos::prelude::*;

/// The cat looks over the edge of a card.
#[component]
pub(crate) fn PeekingCat() -> impl IntoView {
    view! {
        <svg class="card__cat" viewBox="-6 2 44 23" aria-hidden="true">
            <path
                fill-rule="evenodd"
                d="M4 6.2c0-1.6 1.8-2.4 3-1.4l4.5 3.7a20 20 0 0 1 9 0L25 4.8c1.2-1 3-.2 3 1.4V21.5H4ZM13.5 16a2.4 2.4 0 1 1-4.8 0 2.4 2.4 0 1 1 4.8 0ZM18.7 13.8h3.6a2.2 2.2 0 0 1 0 4.4h-3.6a2.2 2.2 0 0 1 0-4.4Z"
            />
            <rect x="-5" y="19.5" width="7.5" height="5.5" rx="2.75"/>
            <rect x="29.5" y="19.5" width="7.5" height="5.5" rx="2.75"/>
        </svg>
    }
}

/// The cat sits on what is below it.
#[component]
pub(crate) fn SittingCat() -> impl IntoView {
    view! {
        <svg class="cat sample__cat" viewBox="0 0 140 190" aria-hidden="true">
            <Body/>
        </svg>
    }
}

/// The cat sits on the wire, where nobody has said anything yet.
#[component]
pub(crate) fn WaitingCat() -> impl IntoView {
    view! {
        <svg class="cat empty__art" viewBox="-20 0 180 190" aria-hidden="true">
            <Body/>
            <path class="cat__wire" d="M-18 133.5H158" stroke-dasharray="1 9 18 9"/>
        </svg>
    }
}

/// The cat at the end of a line that leads nowhere.
#[component]
pub(crate) fn LostCat() -> impl IntoView {
    view! {
        <svg class="cat lost__art" viewBox="-60 0 260 190" aria-hidden="true">
            <path class="cat__wire" d="M-58 133.5H138c18 0 26 12 24 38" stroke-dasharray="1 9 18 9"/>
            <Body/>
        </svg>
    }
}

#[component]
fn Body() -> impl IntoView {
    view! {
        <path class="cat__tail" stroke-width="10" d="M86 128c20 2 25 14 19 28-5 12-1 20 9 22"/>
        <path d="M48 62c-14 18-19 40-17 60 .4 6 4 10 10 10h54c6 0 9.6-4 10-10 2-20-3-42-17-60Z"/>
        <path class="cat__gap" fill="none" stroke-width="3.5" stroke-linecap="round" d="M58 132v-22M78 132v-22"/>
        <g transform="translate(20 -10) scale(3)">
            <path class="cat__gap" stroke-width="2.4" stroke-linejoin="round" d=HEAD/>
            <path d=HEAD/>
            <path class="cat__eye" d=EYES/>
        </g>
    }
}
