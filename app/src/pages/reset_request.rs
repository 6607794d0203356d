//! `/accounts/password/reset`

use crate::{
    components::{
        field::{Kind, TextField},
        form::{Form, FormError, SubmitButton},
    },
    layouts::Card,
    text,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use telicat_domain::{Field, SafePath};

/// The form for people who forgot their password, and what is said once it was sent: the same to everybody.
#[component]
pub(crate) fn ResetRequest() -> impl IntoView {
    let query = use_query_map();
    move || if query.with(|query| query.get("sent").is_some()) { sent() } else { asked() }
}

fn sent() -> AnyView {
    view! {
        <Title text=text::title(text::password::RESET_SENT_TITLE)/>
        <Card>
            <h1>{text::password::RESET_SENT_TITLE}</h1>
            <p>{text::password::RESET_SENT}</p>
            <p class="muted">{text::password::RESET_NOTHING}</p>
            <p class="card__foot">
                <a href="/accounts/password/reset">{text::password::RESET_AGAIN}</a>
            </p>
        </Card>
    }
    .into_any()
}

fn asked() -> AnyView {
    let form = Form::new("/api/accounts/password/reset/request");
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| crate::api::passwords::request_reset(typed.get("email")));
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <Title text=text::title(text::password::RESET_TITLE)/>
        <Card>
            <form class="card__form" method="post" action=form.action novalidate on:submit=on_submit>
                <h1>{text::password::RESET_TITLE}</h1>
                <p class="muted">{text::password::RESET_ASK}</p>
                <FormError form/>
                <TextField
                    name="email"
                    label=text::EMAIL
                    kind=Kind::Email
                    autocomplete="email"
                    value=form.typed("email")
                    error=form.problem(Field::Email, "email")
                />
                <SubmitButton form label=text::password::RESET_SEND/>
            </form>
            <p class="card__foot">
                {text::password::RESET_REMEMBERED} " " <a href=SafePath::login().to_string()>{text::LOG_IN}</a>
            </p>
        </Card>
    }
    .into_any()
}
