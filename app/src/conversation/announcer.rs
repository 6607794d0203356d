//! What a screen reader is told of messages that arrive. A page has one such voice, whatever is open in it.

use leptos::prelude::*;

/// The voice. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Announcer {
    /// What is said.
    pub(crate) said: RwSignal<String>,
    /// What waits to be said together.
    #[cfg(feature = "hydrate")]
    pub(crate) news: StoredValue<Vec<String>>,
}

impl Announcer {
    /// The one of this page, provided to all below when it is the first.
    pub(crate) fn get() -> Self {
        use_context().unwrap_or_else(|| {
            let announcer = Self {
                said: RwSignal::new(String::new()),
                #[cfg(feature = "hydrate")]
                news: StoredValue::new(Vec::new()),
            };
            provide_context(announcer);
            announcer
        })
    }
}
