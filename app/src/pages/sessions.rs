//! `/accounts/sessions`

use super::Fault;
use crate::{
    api::{Failure, sessions::show_sessions},
    components::{redirect::Redirect, sessions::SessionList},
    layouts::Blank,
    loading::{awaited, load},
    text,
};
use leptos::prelude::*;
use leptos_meta::Title;
use telicat_domain::{ApiError, SafePath, account::SignedIn};

/// Where the reader is signed in.
#[component]
pub(crate) fn Sessions() -> impl IntoView {
    let sessions = load(|| (), |()| show_sessions());
    view! {
        {awaited(move || async move {
            match sessions.await {
                Ok(signed_in) => view! { <Shown signed_in/> }.into_any(),
                Err(Failure(ApiError::NotSignedIn)) => {
                    view! { <Redirect to=SafePath::sessions().behind_login()/> }.into_any()
                }
                Err(Failure(error)) => view! { <Fault error/> }.into_any(),
            }
        })}
    }
}

#[component]
fn Shown(signed_in: SignedIn) -> impl IntoView {
    view! {
        <Title text=text::title(text::password::SESSIONS_TITLE)/>
        <Blank>
            <div class="stack sessions-page">
                <h1>{text::password::SESSIONS_TITLE}</h1>
                <SessionList signed_in page=SafePath::sessions()/>
                <a href=SafePath::settings().to_string()>{text::password::BACK_TO_SETTINGS}</a>
            </div>
        </Blank>
    }
}
