//! The frames of pages: `Blank` is the header and the full width, `Page` a column to read or fill in, `Card` one form in
//! the middle.

use crate::components::{cat::PeekingCat, header::Header};
use leptos::prelude::*;

/// The header, and a page that uses the whole width.
#[component]
pub(crate) fn Blank(children: Children) -> impl IntoView {
    view! {
        <div class="page">
            <Header/>
            <main class="page__main page__main--wide page__main--middle">{children()}</main>
        </div>
    }
}

/// The header, and a column to read or to fill in.
#[component]
pub(crate) fn Page(children: Children) -> impl IntoView {
    view! {
        <div class="page">
            <Header/>
            <main class="page__main">{children()}</main>
        </div>
    }
}

/// The header, and one framed form, with the cat looking over its edge.
#[component]
pub(crate) fn Card(children: Children) -> impl IntoView {
    view! {
        <Blank>
            <div class="card">
                <PeekingCat/>
                {children()}
            </div>
        </Blank>
    }
}
