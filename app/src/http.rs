//! Headers that depend on what is rendered.

use http::{HeaderName, HeaderValue, StatusCode, header::SET_COOKIE};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

/// What a page may load (Content Security Policy Level 3). Scripts run by the page's nonce and nothing else; without a
/// nonce there are none. A page connects to its own site, and to the server of `cargo leptos watch` at `reload_port`.
#[must_use]
pub fn content_security_policy(nonce: Option<&str>, reload_port: Option<u32>) -> String {
    let script = nonce
        .map(|nonce| format!("script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; "))
        .unwrap_or_default();
    let reload = reload_port.map(|port| format!(" ws://*:{port}")).unwrap_or_default();
    format!(
        "default-src 'none'; {script}style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; \
         connect-src 'self'{reload}; font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )
}

/// Sets the status of the page that is being rendered.
pub(crate) fn set_status(status: u16) {
    if let (Some(options), Ok(status)) = (use_context::<ResponseOptions>(), StatusCode::from_u16(status)) {
        options.set_status(status);
    }
}

/// Adds a cookie to the answer.
pub(crate) fn set_cookie(cookie: HeaderValue) {
    if let Some(options) = use_context::<ResponseOptions>() {
        options.append_header(SET_COOKIE, cookie);
    }
}

/// Sets a header of the answer.
pub(crate) fn set_header(name: HeaderName, value: &str) {
    if let (Some(options), Ok(value)) = (use_context::<ResponseOptions>(), HeaderValue::from_str(value)) {
        options.insert_header(name, value);
    }
}
