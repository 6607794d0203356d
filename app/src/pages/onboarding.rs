//! `/profile/onboarding`

use super::Fault;
use crate::{
    api::{Failure, profile::own_profile},
    components::{form::next_path, profile_form::ProfileForm, redirect::Redirect},
    layouts::Page,
    loading::{awaited, load},
    text,
};
use leptos::prelude::*;
use leptos_meta::Title;
use telicat_domain::{ApiError, SafePath};

/// Who is new says who they are, or skips that, and is led on.
#[component]
pub(crate) fn Onboarding() -> impl IntoView {
    let next = next_path();
    let profile = load(|| (), |()| own_profile());
    view! {
        {awaited(move || {
            let next = next.clone();
            async move {
                match profile.await {
                    Ok(profile) => {
                        let on = next.unwrap_or_else(SafePath::chat);
                        view! {
                            <Title text=text::title(text::profile::WELCOME)/>
                            <Page>
                                <div class="stack stack--form">
                                    <div>
                                        <h1>{text::profile::WELCOME}</h1>
                                        <p class="muted">{text::profile::WELCOME_LEAD}</p>
                                    </div>
                                    <ProfileForm
                                        profile
                                        next=Some(on.clone())
                                        way_past=(on, text::profile::SKIP)
                                    />
                                </div>
                            </Page>
                        }
                            .into_any()
                    }
                    Err(Failure(ApiError::NotSignedIn)) => {
                        let here = SafePath::onboarding(next.as_ref());
                        view! { <Redirect to=here.behind_login()/> }.into_any()
                    }
                    Err(Failure(error)) => view! { <Fault error/> }.into_any(),
                }
            }
        })}
    }
}
