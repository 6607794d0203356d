//! `/accounts/login`

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
use telicat_domain::SafePath;

/// The form for people who have an account.
#[component]
pub(crate) fn LogIn() -> impl IntoView {
    if Visit::get().viewer.is_some() {
        return view! { <Redirect to=next_path().unwrap_or_else(SafePath::chat)/> }.into_any();
    }
    let form = Form::new("/api/accounts/login");
    let remember = form.typed("login").is_none() || form.typed("remember").is_some();
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| {
            let next = next_path().map(|next| next.to_string());
            crate::api::accounts::log_in(typed.get("login"), typed.get("password"), typed.find("remember"), next)
        });
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <Title text=text::title(text::LOG_IN)/>
        <Card>
            <form class="card__form" method="post" action=form.action novalidate on:submit=on_submit>
                <h1>{text::LOG_IN}</h1>
                <FormError form/>
                <NextField/>
                <TextField
                    name="login"
                    label=text::LOGIN
                    kind=Kind::Text
                    autocomplete="username"
                    value=form.typed("login")
                    error=Signal::stored(None)
                />
                <TextField
                    name="password"
                    label=text::PASSWORD
                    kind=Kind::Password
                    autocomplete="current-password"
                    error=Signal::stored(None)
                />
                <div class="row card__more">
                    <label class="choice">
                        <input type="checkbox" name="remember" checked=remember/>
                        {text::REMEMBER}
                    </label>
                    <a href="/accounts/password/reset">{text::password::FORGOT}</a>
                </div>
                <SubmitButton form label=text::LOG_IN/>
            </form>
            <p class="card__foot">{text::NEW_HERE} " " <a href=with_next("/accounts/signup")>{text::SIGN_UP}</a></p>
        </Card>
    }
    .into_any()
}
