//! `/accounts/signup`

use super::Fault;
use crate::{
    api::{Failure, accounts::ask_sign_up},
    components::{
        form::{
            Form, FormError, InvitationField, NewcomerFields, NextField, SubmitButton, invitation, next_path, with_next,
        },
        redirect::Redirect,
    },
    layouts::Card,
    loading::{awaited, load},
    text,
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use telicat_domain::{ApiError, SafePath};

/// The form for people who are new here.
#[component]
pub(crate) fn SignUp() -> impl IntoView {
    if Visit::get().viewer.is_some() {
        return view! { <Redirect to=next_path().unwrap_or_else(SafePath::chat)/> }.into_any();
    }
    let gate = load(|| (), |()| ask_sign_up(invitation()));
    view! {
        {awaited(move || async move {
            match gate.await {
                Ok(()) => view! { <SignUpForm/> }.into_any(),
                Err(Failure(ApiError::SignupsClosed)) => {
                    let lead = text::error(&ApiError::SignupsClosed);
                    view! { <NoSignUp title=text::site::CLOSED_TITLE lead more=text::site::CLOSED_LEAD/> }.into_any()
                }
                Err(Failure(ApiError::InvitationNeeded)) => view! { <NoInvitation/> }.into_any(),
                Err(Failure(error)) => view! { <Fault error/> }.into_any(),
            }
        })}
    }
    .into_any()
}

/// Why nobody, or not this visitor, signs up here.
#[component]
fn NoSignUp(title: &'static str, lead: String, more: &'static str) -> impl IntoView {
    view! {
        <Title text=text::title(title)/>
        <Card>
            <h1>{title}</h1>
            <p>{lead}</p>
            <p class="muted">{more}</p>
            <p class="card__foot">
                {text::HAVE_ACCOUNT} " " <a href=with_next("/accounts/login")>{text::LOG_IN}</a>
            </p>
        </Card>
    }
}

/// The invitation is missing, or works no more.
#[component]
fn NoInvitation() -> impl IntoView {
    if use_query_map().with_untracked(|query| query.get("invitation")).is_none() {
        let lead = text::error(&ApiError::InvitationNeeded);
        return view! { <NoSignUp title=text::site::INVITE_TITLE lead more=text::site::INVITE_ASK/> }.into_any();
    }
    #[cfg(feature = "ssr")]
    crate::http::set_status(ApiError::LinkExpired.status());
    let lead = text::site::INVITE_OVER.to_owned();
    view! { <NoSignUp title=text::site::INVITE_OVER_TITLE lead more=""/> }.into_any()
}

/// The form itself.
#[component]
fn SignUpForm() -> impl IntoView {
    let form = Form::new("/api/accounts/signup");
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| {
            let next = next_path().map(|next| next.to_string());
            let (email, username, password) = (typed.get("email"), typed.get("username"), typed.get("password"));
            crate::api::accounts::sign_up(email, username, password, next, typed.find("invitation"))
        });
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <Title text=text::title(text::SIGN_UP)/>
        <Card>
            <form class="card__form" method="post" action=form.action novalidate on:submit=on_submit>
                <h1>{text::SIGN_UP}</h1>
                <FormError form/>
                <NextField/>
                <InvitationField/>
                <NewcomerFields form/>
                <SubmitButton form label=text::SIGN_UP/>
            </form>
            <p class="card__foot">
                {text::HAVE_ACCOUNT} " " <a href=with_next("/accounts/login")>{text::LOG_IN}</a>
            </p>
        </Card>
    }
}
