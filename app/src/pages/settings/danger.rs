//! The way to the end of the account.

use crate::text;
use leptos::prelude::*;
use telicat_domain::{SafePath, account::AccountSettings};

#[component]
pub(super) fn DangerPart(settings: StoredValue<AccountSettings>) -> impl IntoView {
    let _ = settings;
    view! {
        <section class="settings__part settings__part--danger">
            <h2 class="settings__title">{text::DELETE_ACCOUNT}</h2>
            <div class="stack">
                <p class="muted">{text::site::DELETE_LEAD}</p>
                <a class="button button--danger" href=SafePath::profile_delete().to_string()>{text::DELETE_ACCOUNT}</a>
            </div>
        </section>
    }
}
