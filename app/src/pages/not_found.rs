//! What is shown where there is nothing, and where something broke.

use crate::{components::cat::LostCat, layouts::Blank, text, visit::Visit};
use leptos::prelude::*;
use leptos_meta::Title;
use telicat_domain::{ApiError, SafePath};

/// Nothing is at this address, for this reader.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::http::set_status(404);
    let (way, label) = if Visit::get().viewer.is_some() {
        (SafePath::chat(), text::LOST_CHAT)
    } else {
        (SafePath::home(), text::LOST_HOME)
    };
    view! {
        <Title text=text::title(text::LOST_TITLE)/>
        <Blank>
            <div class="stack lost">
                <LostCat/>
                <h1>{text::LOST_TITLE}</h1>
                <p class="lead">{text::LOST_LEAD}</p>
                <div class="row">
                    <a class="button button--primary" href=way.to_string()>{label}</a>
                </div>
            </div>
        </Blank>
    }
}

/// The page could not be made.
#[component]
pub(crate) fn Fault(error: ApiError) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::http::set_status(error.status());
    view! {
        <Title text=text::title(text::FAULT_TITLE)/>
        <Blank>
            <div class="stack lost">
                <LostCat/>
                <h1>{text::FAULT_TITLE}</h1>
                <p class="lead">{text::error(&error)}</p>
                <div class="row">
                    // An empty address is this page.
                    <a class="button button--primary" href="" rel="external">{text::FAULT_AGAIN}</a>
                </div>
            </div>
        </Blank>
    }
}
