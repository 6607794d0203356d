//! A copy of all of one's data: how far it is, and where it is had.

use crate::{
    components::{
        form::{Form, FormError},
        icon::Icon,
    },
    text,
};
use leptos::prelude::*;
use telicat_domain::{
    SafePath,
    account::{AccountSettings, Export, ExportState},
};

#[component]
pub(super) fn ExportPart(settings: StoredValue<AccountSettings>) -> impl IntoView {
    let export = RwSignal::new(settings.with_value(|settings| settings.export.clone()));
    watch(export);
    let form = Form::new("/api/profile/export");
    let on_submit = move |event| {
        #[cfg(feature = "hydrate")]
        form.send_and_stay(&event, |_| crate::api::exports::start_export(), move |_| look_now(export));
        #[cfg(not(feature = "hydrate"))]
        form.send_and_stay(&event, (), ());
    };
    let making = move || export.with(|export| export.as_ref().is_some_and(is_making));
    let label =
        move || export.with(|export| if export.is_some() { text::site::COPY_AGAIN } else { text::site::COPY_MAKE });
    view! {
        <section class="settings__part" id="your-data">
            <h2 class="settings__title">{text::YOUR_DATA}</h2>
            <div class="stack">
                <p class="muted">{text::site::COPY_LEAD}</p>
                <div class="stack" role="status">{move || export.get().map(|export| view! { <State export/> })}</div>
                <form
                    class:hidden=making
                    method="post"
                    action=form.action
                    on:submit=on_submit
                >
                    <FormError form/>
                    <button class="button">{label}</button>
                </form>
            </div>
        </section>
    }
}

fn is_making(export: &Export) -> bool {
    matches!(export.state, ExportState::Making { .. })
}

#[component]
fn State(export: Export) -> impl IntoView {
    let said = text::site::copy_state(export.state);
    match export.state {
        ExportState::Making { done, all } => view! {
            <p>{said}</p>
            <progress class="progress" max=all.max(1).to_string() value=done.to_string() aria-label=text::site::COPY_PROGRESS/>
            // Who has a script sees it move.
            <a class="button button--small without-script" href=SafePath::settings().to_string() rel="external">
                {text::site::COPY_LOOK}
            </a>
        }
        .into_any(),
        ExportState::Ready { .. } => view! {
            <p>{said}</p>
            <a class="button" href=format!("/media/exports/{}", export.id) rel="external" download="">
                <Icon name="download"/>
                {text::site::COPY_DOWNLOAD}
            </a>
        }
        .into_any(),
        ExportState::Failed => view! {
            <p class="field__error">
                <Icon name="warning" small=true/>
                <span>{said}</span>
            </p>
        }
        .into_any(),
    }
}

#[cfg(feature = "hydrate")]
use looking::{look_now, watch};

/// Without a script the page is loaded again.
#[cfg(not(feature = "hydrate"))]
fn watch(_export: RwSignal<Option<Export>>) {}

#[cfg(feature = "hydrate")]
mod looking {
    use super::{Export, is_making};
    use crate::{
        api::{Failure, exports::show_export},
        browser,
    };
    use leptos::{prelude::*, task::spawn_local};
    use telicat_domain::ApiError;

    /// How often one asks how far it is, in milliseconds.
    const EVERY_MS: u32 = 1_000;

    /// Asks again and again while one is being made.
    pub(super) fn watch(export: RwSignal<Option<Export>>) {
        let waiting = StoredValue::new(false);
        Effect::new(move |_| {
            let making = export.with(|export| export.as_ref().is_some_and(is_making));
            if making && !waiting.get_value() {
                waiting.set_value(true);
                spawn_local(async move {
                    browser::wait(EVERY_MS).await;
                    // The page may be gone meanwhile.
                    if waiting.try_set_value(false).is_none() {
                        look(export).await;
                    }
                });
            }
        });
    }

    /// Asks at once.
    pub(super) fn look_now(export: RwSignal<Option<Export>>) {
        spawn_local(look(export));
    }

    async fn look(export: RwSignal<Option<Export>>) {
        match show_export().await {
            Ok(now) => drop(export.try_set(now)),
            Err(Failure(ApiError::NotSignedIn)) => {}
            // The line is cut, say: it is asked again.
            Err(_) => drop(export.try_update(|_| ())),
        }
    }
}
