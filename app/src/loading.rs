//! Pages that ask the server for something before they show anything.

use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder},
};
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

/// JSON, read the way in which server functions read their answers: leptos' own codec reads another kind of text, and
/// with it every type would have its reader twice.
pub(crate) struct Json;

impl<T: Serialize> Encoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(value: &T) -> Result<String, serde_json::Error> {
        serde_json::to_string(value)
    }
}

impl<T: DeserializeOwned> Decoder<T> for Json {
    type Error = serde_json::Error;
    type Encoded = str;

    fn decode(text: &str) -> Result<T, serde_json::Error> {
        read(text)
    }
}

/// Reads JSON.
///
/// # Errors
/// When it is none, or not of this type.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_slice(text.as_bytes())
}
