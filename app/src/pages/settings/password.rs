//! The password, and when it was changed.

use crate::{components::moment::Moment, text};
use leptos::prelude::*;
use telicat_domain::{SafePath, account::AccountSettings};

#[component]
pub(super) fn PasswordPart(settings: StoredValue<AccountSettings>) -> impl IntoView {
    let changed = match settings.with_value(|settings| settings.password_changed_at) {
        Some(at) => view! { <p class="muted">{text::password::CHANGED} " " <Moment at/> "."</p> }.into_any(),
        None => view! { <p class="muted">{text::password::NEVER_CHANGED}</p> }.into_any(),
    };
    view! {
        <section class="settings__part">
            <h2 class="settings__title">{text::PASSWORD}</h2>
            <div class="stack">
                {changed}
                <a class="button" href=SafePath::change_password().to_string()>{text::password::CHANGE}</a>
            </div>
        </section>
    }
}
