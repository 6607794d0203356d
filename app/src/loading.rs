//! Pages that ask the server for something before they show anything.

use crate::json::Json;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::{pin::Pin, sync::Arc};

/// What a page is made of: read on the server, and handed to the browser with the page.
pub(crate) type Loaded<T> = Resource<T, Json>;

/// Asks for it, and again whenever `source` is another one.
pub(crate) fn load<S, T, F>(
    source: impl Fn() -> S + Send + Sync + 'static,
    ask: impl Fn(S) -> F + Send + Sync + 'static,
) -> Loaded<T>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = T> + Send + 'static,
{
    Resource::new_with_options(source, ask, false)
}

/// What is shown once `make` has all that it waits for, and made anew when anything of that is another one.
pub(crate) fn awaited<F>(make: impl Fn() -> F + Send + Sync + 'static) -> AnyView
where
    F: Future<Output = AnyView> + Send + 'static,
{
    // One type for all pages: each of its own is tens of kilobytes in the browser.
    let make: Make = Arc::new(move || Box::pin(make()));
    view! { <Suspense>{move || Suspend::new(make())}</Suspense> }.into_any()
}

type Make = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = AnyView> + Send>> + Send + Sync>;
