//! What a page knows of its reader from the start: written into it by the server, read back when it is taken over.

use crate::{flash::Flash, json::Json};
use leptos::{prelude::*, server::SharedValue};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use telicat_domain::{Nonce, Theme, Timestamp, Viewer};

/// The appearance that is chosen now: the menu and the settings show the same.
#[derive(Clone, Copy)]
pub(crate) struct ChosenTheme(pub(crate) RwSignal<Theme>);

impl ChosenTheme {
    /// The one of this page.
    pub(crate) fn get() -> RwSignal<Theme> {
        use_context::<Self>().map_or_else(|| RwSignal::new(Theme::default()), |chosen| chosen.0)
    }

    /// Chooses another one: shows it at once, and has it remembered.
    #[cfg(feature = "hydrate")]
    pub(crate) fn choose(theme: Theme) {
        let toasts = crate::components::toasts::Toasts::get();
        Self::get().set(theme);
        crate::browser::show_theme(theme);
        leptos::task::spawn_local(async move {
            if let Err(failure) = crate::api::appearance::set_theme(theme.name().to_owned()).await
                && let Some(toasts) = toasts
            {
                toasts.error(crate::text::error(&failure.0));
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    pub(crate) fn choose(_theme: Theme) {}
}

/// One reader's visit to one page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Visit {
    /// Who reads, when signed in.
    pub(crate) viewer: Option<Viewer>,
    /// The appearance that was chosen.
    pub(crate) theme: Theme,
    /// A form that came back.
    pub(crate) flash: Option<Flash>,
    /// Where the site's files are.
    pub(crate) assets: String,
    /// For the composer of a page without script, so that pressing Send twice sends once.
    pub(crate) nonce: Option<Nonce>,
    /// When the page was made, by the server's clock.
    pub(crate) at: Option<Timestamp>,
}

impl Visit {
    /// Reads it, and provides it to all below.
    pub(crate) fn provide() -> Arc<Self> {
        let visit = Arc::new(SharedValue::<Self, Json>::new_with_encoding(Self::of_this_request).into_inner());
        provide_context(visit.clone());
        provide_context(ChosenTheme(RwSignal::new(visit.theme)));
        visit
    }

    /// The one that was provided.
    pub(crate) fn get() -> Arc<Self> {
        use_context().unwrap_or_default()
    }

    /// The form that was refused and came back, if it was sent to `path`.
    pub(crate) fn returned(&self, path: &str) -> Option<&Flash> {
        self.flash.as_ref().filter(|flash| flash.form == path && flash.error().is_some())
    }

    #[cfg(feature = "ssr")]
    pub(crate) fn of_this_request() -> Self {
        let Some(request) = use_context::<crate::request::RequestContext>() else { return Self::default() };
        Self {
            viewer: request.signed.as_ref().map(telicat_service::Signed::viewer),
            theme: request.theme,
            assets: request.assets.to_string(),
            nonce: request.signed.and_then(|_| telicat_service::messages::new_nonce().ok()),
            at: Some(request.services.now()),
            flash: request.flash,
        }
    }

    #[cfg(not(feature = "ssr"))]
    pub(crate) fn of_this_request() -> Self {
        Self::default()
    }
}
