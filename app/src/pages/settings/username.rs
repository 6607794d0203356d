//! The handle, and taking another one.

use crate::{
    components::{
        field::{Kind, TextField},
        form::{CurrentPasswordField, Form, FormError},
    },
    text,
};
use leptos::{ev::SubmitEvent, prelude::*};
use telicat_domain::{Field, account::AccountSettings};

#[component]
pub(super) fn UsernamePart(settings: StoredValue<AccountSettings>) -> impl IntoView {
    let form = Form::new("/api/profile/username");
    let handle = settings.with_value(|settings| settings.profile.profile.author.handle.to_string());
    let needs_password = settings.with_value(|settings| settings.needs_password);
    let on_submit = move |event: SubmitEvent| {
        #[cfg(feature = "hydrate")]
        form.send(&event, |typed| {
            crate::api::profile::change_username(typed.get("username"), typed.find("current_password"))
        });
        #[cfg(not(feature = "hydrate"))]
        form.send(&event, ());
    };
    view! {
        <section class="settings__part" id="username-part">
            <h2 class="settings__title">{text::USERNAME}</h2>
            <form class="stack" method="post" action=form.action novalidate on:submit=on_submit>
                <p>{text::profile::username_hint(&handle)}</p>
                <FormError form/>
                <TextField
                    name="username"
                    label=text::profile::NEW_USERNAME
                    kind=Kind::Text
                    autocomplete="username"
                    value=form.typed("username")
                    hint=text::USERNAME_HINT
                    error=form.problem(Field::Username, "username")
                />
                <CurrentPasswordField form always=needs_password/>
                <button class="button" aria-busy=move || form.is_busy().then_some("true")>
                    {text::profile::CHANGE_USERNAME}
                </button>
            </form>
        </section>
    }
}
