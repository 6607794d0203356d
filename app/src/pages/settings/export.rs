//! A part of the settings.

use crate::text;
use leptos::prelude::*;
use telicat_domain::account::AccountSettings;

#[component]
pub(super) fn ExportPart(settings: StoredValue<AccountSettings>) -> impl IntoView {
    let _ = settings;
    view! {
        <section class="settings__part">
            <h2 class="settings__title">{text::YOUR_DATA}</h2>
            <div class="stack"></div>
        </section>
    }
}
