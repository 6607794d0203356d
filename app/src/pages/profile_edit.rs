//! `/profile/edit`

use super::Fault;
use crate::{
    api::{Failure, profile::own_profile},
    components::{profile_form::ProfileForm, redirect::Redirect},
    layouts::Page,
    loading::{awaited, load},
    text,
};
use leptos::prelude::*;
use leptos_meta::Title;
use telicat_domain::{ApiError, SafePath};

/// The form of one's own profile.
#[component]
pub(crate) fn ProfileEdit() -> impl IntoView {
    let profile = load(|| (), |()| own_profile());
    view! {
        {awaited(move || async move {
            match profile.await {
                Ok(profile) => {
                    let back = SafePath::profile(&profile.profile.author.handle);
                    view! {
                        <Title text=text::title(text::EDIT_PROFILE)/>
                        <Page>
                            <div class="stack stack--form">
                                <h1>{text::EDIT_PROFILE}</h1>
                                <ProfileForm profile next=None way_past=(back, text::profile::CANCEL)/>
                            </div>
                        </Page>
                    }
                        .into_any()
                }
                Err(Failure(ApiError::NotSignedIn)) => {
                    view! { <Redirect to=SafePath::profile_edit().behind_login()/> }.into_any()
                }
                Err(Failure(error)) => view! { <Fault error/> }.into_any(),
            }
        })}
    }
}
