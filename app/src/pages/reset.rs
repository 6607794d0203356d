//! `/accounts/password/reset/{token}`
//!
//! The address is as good as a password for an hour, so this page leads nowhere by itself and sends no Referer (the
//! server's headers see to it). A form without script names the page instead, to find back to it.

use super::Fault;
use crate::{
    api::{Failure, passwords::check_reset},
    components::{
        field::{Kind, TextField},
        form::{Form, FormError, SubmitButton},
    },
    layouts::Card,
    loading::{awaited, load},
    text,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use telicat_domain::{ApiError, Field};

/// The form for another password, for whoever reads the mail of an account.
#[component]
pub(crate) fn Reset() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let works = load(move || token.get(), check_reset);
    view! {
        {awaited(move || async move {
            match works.await {
                Ok(()) => view! { <Choose token=token.get_untracked()/> }.into_any(),
                Err(Failure(ApiError::LinkExpired)) => view! { <Expired/> }.into_any(),
                Err(Failure(error)) => view! { <Fault error/> }.into_any(),
            }
        })}
    }
}

#[component]
fn Choose(token: String) -> impl IntoView {
    let form = Form::new("/api/accounts/password/reset/finish");
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::passwords::finish_reset(typed.get("token"), typed.get("password")));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <Title text=text::title(text::password::RESET_TITLE)/>
        <Card>
            <form class="card__form" method="post" action=form.action novalidate on:submit=on_submit>
                <h1>{text::password::RESET_TITLE}</h1>
                <p class="muted">{text::password::RESET_LEAD}</p>
                <FormError form/>
                {move || form.has_expired().then(again)}
                <input type="hidden" name="page" value=format!("/accounts/password/reset/{token}")/>
                <input type="hidden" name="token" value=token/>
                <TextField
                    name="password"
                    label=text::password::NEW
                    kind=Kind::Password
                    autocomplete="new-password"
                    hint=text::PASSWORD_HINT
                    error=form.problem(Field::Password, "password")
                />
                <SubmitButton form label=text::password::RESET_SAVE/>
            </form>
        </Card>
    }
}

/// The link was used, is too old, or never was one.
#[component]
fn Expired() -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::http::set_status(ApiError::LinkExpired.status());
    view! {
        <Title text=text::title(text::password::EXPIRED_TITLE)/>
        <Card>
            <h1>{text::password::EXPIRED_TITLE}</h1>
            <p class="muted">{text::password::EXPIRED_LEAD}</p>
            {again()}
        </Card>
    }
}

fn again() -> impl IntoView {
    view! { <a class="button button--large button--wide" href="/accounts/password/reset">{text::password::EXPIRED_AGAIN}</a> }
}
