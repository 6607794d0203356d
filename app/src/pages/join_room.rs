//! `/chat/join/{code}`: what a link leads to. Looking changes nothing, because programs open links too; the button lets
//! one in.
//!
//! The address is as good as an invitation, so this page sends no Referer (the server's headers see to it). A form
//! without script names the page instead, to find back to it.

use super::Fault;
use crate::{
    api::{Failure, rooms::show_door},
    components::{
        cat::LostCat,
        form::{Form, FormError, SubmitButton},
        redirect::Redirect,
    },
    layouts::{Blank, Card},
    loading::{awaited, load},
    text::{self, room as words},
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use telicat_domain::{ApiError, SafePath, room::Door};

/// The room behind a link, for who is signed in; visitors are sent to log in and come back.
#[component]
pub(crate) fn JoinRoom() -> impl IntoView {
    let params = use_params_map();
    let code = Memo::new(move |_| params.with(|params| params.get("code").unwrap_or_default()));
    let door = load(move || code.get(), show_door);
    view! {
        {awaited(move || async move {
            let code = code.get_untracked();
            match door.await {
                Ok(Door { inside: Some(slug), .. }) => view! { <Redirect to=SafePath::room(&slug)/> }.into_any(),
                Ok(door) => view! { <Ask door code/> }.into_any(),
                Err(Failure(ApiError::NotSignedIn)) => view! { <Redirect to=login_first(&code)/> }.into_any(),
                Err(Failure(ApiError::LinkExpired)) => view! { <Expired/> }.into_any(),
                Err(Failure(error)) => view! { <Fault error/> }.into_any(),
            }
        })}
    }
}

fn login_first(code: &str) -> SafePath {
    SafePath::parse(&format!("/chat/join/{code}")).unwrap_or_else(|_| SafePath::chat()).behind_login()
}

#[component]
fn Ask(door: Door, code: String) -> impl IntoView {
    let form = Form::new("/api/rooms/join");
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::rooms::join_room(typed.get("code")));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    let confirm_first = move || {
        form.has_failed_by(&ApiError::AddressUnconfirmed)
            .then(|| view! { <a href=SafePath::settings().to_string()>{words::CONFIRM_FIRST}</a> })
    };
    view! {
        <Title text=text::title(&door.name)/>
        <Card>
            <form class="card__form" method="post" action=form.action on:submit=on_submit>
                <h1 class="settings__value">{door.name.clone()}</h1>
                <p class="muted">{words::join_lead(door.members)}</p>
                <FormError form/>
                {confirm_first}
                <input type="hidden" name="page" value=format!("/chat/join/{code}")/>
                <input type="hidden" name="code" value=code/>
                <SubmitButton form label=words::JOIN/>
            </form>
        </Card>
    }
}

#[component]
fn Expired() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::http::set_status(ApiError::LinkExpired.status());
    view! {
        <Title text=text::title(words::JOIN_EXPIRED_TITLE)/>
        <Blank>
            <div class="stack lost">
                <LostCat/>
                <h1>{words::JOIN_EXPIRED_TITLE}</h1>
                <p class="lead">{words::JOIN_EXPIRED_LEAD}</p>
                <div class="row">
                    <a class="button button--primary" href=SafePath::chat().to_string()>{text::LOST_CHAT}</a>
                </div>
            </div>
        </Blank>
    }
}
