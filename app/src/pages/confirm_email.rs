//! `/accounts/email/confirm/{token}`: looking changes nothing, because programs that look for harm in mail open links
//! too; the button does.

use super::Fault;
use crate::{
    api::{Failure, addresses::show_claim},
    components::{
        cat::LostCat,
        form::{Form, FormError, SubmitButton},
        icon::Icon,
    },
    layouts::{Blank, Card},
    loading::{awaited, load},
    text::{self, address as words},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use telicat_domain::{ApiError, Field, SafePath};

/// The address that a link is about, and the button that confirms it.
#[component]
pub(crate) fn ConfirmEmail() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let claim = load(move || token.get(), show_claim);
    let form = Form::new("/api/accounts/email/confirm");
    view! {
        {awaited(move || async move {
            match claim.await {
                Ok(address) => view! { <Ask form address token=token.get_untracked()/> }.into_any(),
                Err(Failure(ApiError::LinkExpired)) => view! { <Expired form/> }.into_any(),
                Err(Failure(error)) => view! { <Fault error/> }.into_any(),
            }
        })}
    }
}

#[component]
fn Ask(form: Form, address: String, token: String) -> impl IntoView {
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::addresses::confirm_email(typed.get("token")));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <Title text=text::title(words::CONFIRM_TITLE)/>
        <Card>
            <form class="card__form" method="post" action=form.action on:submit=on_submit>
                <h1>{words::CONFIRM_TITLE}</h1>
                <FormError form/>
                <Taken form/>
                <p>
                    {words::CONFIRM_LEAD} <br/>
                    <b class="settings__value">{address}</b>
                </p>
                <input type="hidden" name="token" value=token/>
                <SubmitButton form label=words::CONFIRM/>
            </form>
        </Card>
    }
}

/// Somebody else was faster.
#[component]
fn Taken(form: Form) -> impl IntoView {
    let taken = form.problem(Field::Email, "");
    view! {
        <div role="alert" class="form-error">
            {move || {
                taken
                    .get()
                    .map(|_| {
                        view! {
                            <p class="field__error">
                                <Icon name="warning" small=true/>
                                <span>{words::CONFIRM_TAKEN}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}

#[component]
fn Expired(form: Form) -> impl IntoView {
    #[cfg(feature = "ssr")]
    crate::http::set_status(ApiError::LinkExpired.status());
    view! {
        <Title text=text::title(words::EXPIRED_TITLE)/>
        <Blank>
            <div class="stack lost">
                <LostCat/>
                <h1>{words::EXPIRED_TITLE}</h1>
                <Taken form/>
                <p class="lead">{words::EXPIRED_LEAD}</p>
                <div class="row">
                    <a class="button button--primary" href=SafePath::settings().to_string()>{words::EXPIRED_WAY}</a>
                </div>
            </div>
        </Blank>
    }
}
