//! Where one is signed in.

use crate::{components::sessions::SessionList, text};
use leptos::prelude::*;
use telicat_domain::{
    SafePath,
    account::{AccountSettings, SignedIn},
};

/// Sessions that the settings show; all of them have a page of their own.
const SHOWN: usize = 5;

#[component]
pub(super) fn SessionsPart(settings: StoredValue<AccountSettings>) -> impl IntoView {
    // Among so many forms the password is asked for when it is needed, and not before.
    let signed_in =
        settings.with_value(|settings| SignedIn { sessions: settings.sessions.clone(), needs_password: false });
    view! {
        <section class="settings__part">
            <h2 class="settings__title">{text::SIGNED_IN}</h2>
            <div class="stack">
                <SessionList signed_in page=SafePath::settings() at_most=SHOWN/>
            </div>
        </section>
    }
}
