//! `/chat`: to the room.

use crate::{
    api::{Failure, rooms::last_room},
    components::redirect::Redirect,
    loading::{awaited, load},
    pages::Fault,
    visit::Visit,
};
use leptos::prelude::*;
use telicat_domain::{ApiError, RoomSlug, SafePath};

/// Leads to the room that was open last, or else to the public one, where visitors are asked to log in.
#[component]
pub(crate) fn Chat() -> impl IntoView {
    if Visit::get().viewer.is_none() {
        return view! { <Redirect to=SafePath::room(&RoomSlug::public_chat())/> }.into_any();
    }
    let last = load(|| (), async |()| last_room().await);
    view! {
        {awaited(move || async move {
            match last.await {
                Ok(slug) => view! { <Redirect to=SafePath::room(&slug)/> }.into_any(),
                Err(Failure(ApiError::NotSignedIn)) => {
                    view! { <Redirect to=SafePath::chat().behind_login()/> }.into_any()
                }
                Err(Failure(error)) => view! { <Fault error/> }.into_any(),
            }
        })}
    }
    .into_any()
}
