//! What a page knows of its reader from the start: written into it by the server, read back when it is taken over.

use crate::flash::Flash;
use leptos::{prelude::*, server::SharedValue};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use telicat_domain::{Nonce, Theme, Viewer};

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
}

impl Visit {
    /// Reads it, and provides it to all below.
    pub(crate) fn provide() -> Arc<Self> {
        let visit = Arc::new(SharedValue::new(Self::of_this_request).into_inner());
        provide_context(visit.clone());
        visit
    }

    /// The one that was provided.
    pub(crate) fn get() -> Arc<Self> {
        use_context().unwrap_or_default()
    }

    /// The form that came back, if it was sent to `path`.
    pub(crate) fn returned(&self, path: &str) -> Option<&Flash> {
        self.flash.as_ref().filter(|flash| flash.form == path)
    }

    #[cfg(feature = "ssr")]
    pub(crate) fn of_this_request() -> Self {
        let Some(request) = use_context::<crate::request::RequestContext>() else { return Self::default() };
        Self {
            viewer: request.signed.as_ref().map(telicat_service::Signed::viewer),
            theme: request.theme,
            assets: request.assets.to_string(),
            nonce: request.signed.and_then(|_| telicat_service::messages::new_nonce().ok()),
            flash: request.flash,
        }
    }

    #[cfg(not(feature = "ssr"))]
    pub(crate) fn of_this_request() -> Self {
        Self::default()
    }
}
