//! `/accounts/password/change`

use crate::{
    components::{
        field::{Kind, TextField},
        form::{Form, FormError, SubmitButton},
        redirect::Redirect,
    },
    layouts::Card,
    text,
    visit::Visit,
};
use leptos::prelude::*;
use leptos_meta::Title;
use telicat_domain::{Field, SafePath};

/// The form for another password, for whoever knows the one before.
#[component]
pub(crate) fn ChangePassword() -> impl IntoView {
    let Some(viewer) = Visit::get().viewer.clone() else {
        return view! { <Redirect to=SafePath::change_password().behind_login()/> }.into_any();
    };
    let form = Form::new("/api/accounts/password/change");
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| {
            crate::api::passwords::change_password(typed.get("current_password"), typed.get("password"))
        });
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <Title text=text::title(text::password::CHANGE)/>
        <Card>
            <form class="card__form" method="post" action=form.action novalidate on:submit=on_submit>
                <h1>{text::password::CHANGE}</h1>
                <p class="muted">{text::password::CHANGE_LEAD}</p>
                <FormError form/>
                // For what keeps passwords: so it knows whose the new one is.
                <input
                    type="text"
                    name="username"
                    autocomplete="username"
                    value=viewer.author.handle.to_string()
                    readonly
                    hidden
                />
                <TextField
                    name="current_password"
                    label=text::CURRENT_PASSWORD
                    kind=Kind::Password
                    autocomplete="current-password"
                    error=form.problem(Field::CurrentPassword, "current_password")
                />
                <TextField
                    name="password"
                    label=text::password::NEW
                    kind=Kind::Password
                    autocomplete="new-password"
                    hint=text::PASSWORD_HINT
                    error=form.problem(Field::Password, "password")
                />
                <SubmitButton form label=text::password::CHANGE/>
            </form>
            <p class="card__foot">
                <a href=SafePath::settings().to_string()>{text::password::BACK_TO_SETTINGS}</a>
            </p>
        </Card>
    }
    .into_any()
}
