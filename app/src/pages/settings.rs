//! `/profile/settings`

mod address;
mod appearance;
mod danger;
mod export;
mod password;
mod sessions;
mod username;
mod visibility;

use super::Fault;
use crate::{
    api::{Failure, settings::show_settings},
    components::redirect::Redirect,
    layouts::Page,
    loading::{awaited, load},
    text,
};
use address::AddressPart;
use appearance::AppearancePart;
use danger::DangerPart;
use export::ExportPart;
use leptos::prelude::*;
use leptos_meta::Title;
use password::PasswordPart;
use sessions::SessionsPart;
use telicat_domain::{ApiError, SafePath, account::AccountSettings};
use username::UsernamePart;
use visibility::VisibilityPart;

/// The settings of one's own account.
#[component]
pub(crate) fn Settings() -> impl IntoView {
    let settings = load(|| (), |()| show_settings());
    view! {
        {awaited(move || async move {
            match settings.await {
                Ok(settings) => view! { <Shown settings/> }.into_any(),
                Err(Failure(ApiError::NotSignedIn)) => {
                    view! { <Redirect to=SafePath::settings().behind_login()/> }.into_any()
                }
                Err(Failure(error)) => view! { <Fault error/> }.into_any(),
            }
        })}
    }
}

#[component]
fn Shown(settings: AccountSettings) -> impl IntoView {
    let settings = StoredValue::new(settings);
    view! {
        <Title text=text::title(text::SETTINGS)/>
        <Page>
            <h1>{text::SETTINGS}</h1>
            <div class="settings">
                <AddressPart settings/>
                <UsernamePart settings/>
                <PasswordPart settings/>
                <VisibilityPart settings/>
                <AppearancePart settings/>
                <SessionsPart settings/>
                <ExportPart settings/>
                <DangerPart settings/>
            </div>
        </Page>
    }
}
