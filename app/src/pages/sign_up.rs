//! `/accounts/signup`

use crate::{
    components::{
        field::{Kind, TextField},
        form::{Form, FormError, NextField, SubmitButton, next_path, with_next},
        redirect::Redirect,
    },
    layouts::Card,
    text,
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::Title;
use telicat_domain::{Field, SafePath};

/// The form for people who are new here.
#[component]
pub(crate) fn SignUp() -> impl IntoView {
    if Visit::get().viewer.is_some() {
        return view! { <Redirect to=next_path().unwrap_or_else(SafePath::chat)/> }.into_any();
    }
    let form = Form::new("/api/accounts/signup");
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| {
            let next = next_path().map(|next| next.to_string());
            crate::api::accounts::sign_up(typed.get("email"), typed.get("username"), typed.get("password"), next)
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
                <TextField
                    name="email"
                    label=text::EMAIL
                    kind=Kind::Email
                    autocomplete="email"
                    value=form.typed("email")
                    error=form.problem(Field::Email, "email")
                />
                <TextField
                    name="username"
                    label=text::USERNAME
                    kind=Kind::Text
                    autocomplete="username"
                    value=form.typed("username")
                    hint=text::USERNAME_HINT
                    error=form.problem(Field::Username, "username")
                />
                <TextField
                    name="password"
                    label=text::PASSWORD
                    kind=Kind::Password
                    autocomplete="new-password"
                    hint=text::PASSWORD_HINT
                    error=form.problem(Field::Password, "password")
                />
                <SubmitButton form label=text::SIGN_UP/>
            </form>
            <p class="card__foot">
                {text::HAVE_ACCOUNT} " " <a href=with_next("/accounts/login")>{text::LOG_IN}</a>
            </p>
        </Card>
    }
    .into_any()
}
