//! `/accounts/first-owner/{token}`
//!
//! The address is worth the whole site until it is used. A form without script names the page itself, to find back to
//! it, so that no Referer is needed.

use super::Fault;
use crate::{
    api::{Failure, owners::check_first_owner},
    components::form::{Form, FormError, NewcomerFields, SubmitButton},
    layouts::Card,
    loading::{awaited, load},
    text,
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use telicat_domain::{ApiError, Author};

/// Where whoever started the program becomes the owner of the site.
#[component]
pub(crate) fn FirstOwner() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let works = load(move || token.get(), check_first_owner);
    let viewer = Visit::get().viewer.clone();
    view! {
        {awaited(move || {
            let viewer = viewer.clone();
            async move {
                match (works.await, viewer) {
                    (Ok(()), Some(viewer)) => {
                        view! { <Become token=token.get_untracked() me=viewer.author/> }.into_any()
                    }
                    (Ok(()), None) => view! { <Make token=token.get_untracked()/> }.into_any(),
                    (Err(Failure(ApiError::LinkExpired)), _) => view! { <Expired/> }.into_any(),
                    (Err(Failure(error)), _) => view! { <Fault error/> }.into_any(),
                }
            }
        })}
    }
}

/// The form for the account that runs the site.
#[component]
fn Make(token: String) -> impl IntoView {
    let form = Form::new("/api/accounts/first-owner");
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| {
            let (email, username, password) = (typed.find("email"), typed.find("username"), typed.find("password"));
            crate::api::owners::become_first_owner(typed.get("token"), email, username, password)
        });
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <Title text=text::title(text::site::OWNER_TITLE)/>
        <Card>
            <form class="card__form" method="post" action=form.action novalidate on:submit=on_submit>
                <h1>{text::site::OWNER_TITLE}</h1>
                <p class="muted">{text::site::OWNER_LEAD}</p>
                <FormError form/>
                <Bearer token/>
                <NewcomerFields form/>
                <SubmitButton form label=text::site::OWNER_SIGN_UP/>
            </form>
        </Card>
    }
}

/// The button for somebody who has an account.
#[component]
fn Become(token: String, me: Author) -> impl IntoView {
    let form = Form::new("/api/accounts/first-owner");
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::owners::become_first_owner(typed.get("token"), None, None, None));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <Title text=text::title(text::site::OWNER_TITLE)/>
        <Card>
            <form class="card__form" method="post" action=form.action novalidate on:submit=on_submit>
                <h1>{text::site::OWNER_TITLE}</h1>
                <p class="muted">{text::site::owner_become_lead(me.handle.as_str())}</p>
                <FormError form/>
                <Bearer token/>
                <SubmitButton form label=text::site::OWNER_BECOME/>
            </form>
        </Card>
    }
}

/// What the link is worth, and the page that it leads to.
#[component]
fn Bearer(token: String) -> impl IntoView {
    view! {
        <input type="hidden" name="page" value=format!("/accounts/first-owner/{token}")/>
        <input type="hidden" name="token" value=token/>
    }
}

#[component]
fn Expired() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::http::set_status(ApiError::LinkExpired.status());
    view! {
        <Title text=text::title(text::site::OWNER_EXPIRED_TITLE)/>
        <Card>
            <h1>{text::site::OWNER_EXPIRED_TITLE}</h1>
            <p class="muted">{text::site::OWNER_EXPIRED_LEAD}</p>
        </Card>
    }
}
