//! The line to the server, as the page shows it.

use crate::until_gone::get_until_gone;
use leptos::prelude::*;

/// How the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineState {
    /// Messages come as they are written.
    Open,
    /// Being opened.
    Trying,
    /// Cut; the next try comes at this time, in milliseconds since 1970.
    Waiting { until: i64 },
    /// The session ended: no try will help.
    SignedOut,
}

/// The line's signals. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Line {
    pub(crate) state: RwSignal<LineState>,
    /// Whether it was cut for so long that it is worth saying.
    pub(crate) trouble: RwSignal<bool>,
    /// The time, in milliseconds since 1970, while there is trouble.
    pub(crate) now: RwSignal<i64>,
    /// Whether the server has another version of the page.
    pub(crate) new_version: RwSignal<bool>,
}

impl Line {
    /// A line that is about to be opened, provided to all below.
    pub(crate) fn provide() -> Self {
        let line = Self {
            state: RwSignal::new(LineState::Trying),
            trouble: RwSignal::new(false),
            now: RwSignal::new(0),
            new_version: RwSignal::new(false),
        };
        provide_context(line);
        line
    }

    /// The one that was provided.
    pub(crate) fn get() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// The state, when it should be shown.
    pub(crate) fn trouble(self) -> Option<LineState> {
        let state = get_until_gone(self.state);
        match state {
            LineState::SignedOut => Some(state),
            LineState::Open => None,
            // One word for both, so that what stands there is not made anew with every try.
            LineState::Trying | LineState::Waiting { .. } => get_until_gone(self.trouble).then_some(LineState::Trying),
        }
    }

    /// Whether what is sent now has to wait.
    pub(crate) fn is_cut(self) -> bool {
        self.trouble().is_some()
    }

    /// Seconds until the next try.
    pub(crate) fn seconds_left(self) -> Option<i64> {
        match get_until_gone(self.state) {
            LineState::Waiting { until } => Some((until - get_until_gone(self.now) + 999).max(0) / 1000),
            _ => None,
        }
    }

    /// The login page, which leads back here.
    pub(crate) fn way_back(self) -> String {
        let here = leptos_router::hooks::use_location().pathname.get_untracked();
        telicat_domain::SafePath::parse(&here)
            .unwrap_or_else(|_| telicat_domain::SafePath::chat())
            .behind_login()
            .to_string()
    }

    /// Loads the page again, in its new version.
    pub(crate) fn reload(self) {
        #[cfg(feature = "hydrate")]
        crate::browser::reload();
    }

    /// Tries at once.
    pub(crate) fn try_now(self) {
        #[cfg(feature = "hydrate")]
        crate::live::wake();
    }
}
