//! The headers that every answer has.

use crate::state::AppState;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{
    HeaderName, HeaderValue,
    header::{
        CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    },
};
use std::sync::LazyLock;
use telicat_app::http::content_security_policy;
use telicat_domain::path::has_token;

/// For whatever is no page: nothing may be loaded or run.
static NO_SCRIPT: LazyLock<HeaderValue> = LazyLock::new(|| {
    HeaderValue::from_str(&content_security_policy(None, None))
        .unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
});

const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-embedder-policy"), HeaderValue::from_static("require-corp")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Adds the headers that are missing.
pub async fn secure(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // Forms without script find their way back by the Referer, which no other site ever sees. An address with a token is
    // told to nobody at all, not even to this site.
    let referrer = if has_token(request.uri().path()) { "no-referrer" } else { "same-origin" };
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.extend(ALWAYS);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static(referrer));
    headers.entry(CONTENT_SECURITY_POLICY).or_insert_with(|| NO_SCRIPT.clone());
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if state.reach.is_secure() {
        let two_years = HeaderValue::from_static("max-age=63072000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, two_years);
    }
    response
}
