//! Reading what lives longer than its readers.
//!
//! A signal remembers whoever read it until it changes, and a memo for as long as it is there; that a reader is gone
//! neither of them is told. So what is read by rows that come and go, and seldom changes, would grow for as long as a tab
//! is open.

use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use leptos::reactive::graph::{Observer, Source};

/// As `source.track()`, for a `source` that forgets its reader when that is gone.
#[cfg(feature = "hydrate")]
pub(crate) fn track_until_gone(source: impl Source + Track + IsDisposed + Send + Sync + 'static) {
    let Some(reader) = Observer::get() else { return };
    source.track();
    // Before the reader reads again, too.
    on_cleanup(move || {
        if !source.is_disposed() {
            source.remove_subscriber(&reader);
        }
    });
}

/// A server reads once.
#[cfg(not(feature = "hydrate"))]
pub(crate) fn track_until_gone<S>(_source: S) {}

/// As `source.get()`, for a `source` that forgets its reader when that is gone.
pub(crate) fn get_until_gone<T: Clone + Send + Sync + 'static>(source: RwSignal<T>) -> T {
    track_until_gone(source);
    source.get_untracked()
}
