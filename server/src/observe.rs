//! One id and one span for each request, a line for those that went wrong, and a limit to how long one may take.

use crate::profile_form;
use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode};
use std::time::Duration;
use telicat_domain::path::without_token;
use tracing::Instrument;

/// A request that takes longer is given up. The socket is none: it lives on after its answer.
const LONGEST: Duration = Duration::from_secs(30);

/// Gives the request an id, which the answer carries and every log line of it names.
pub async fn observe(request: Request, next: Next) -> Response {
    let id = request_id();
    let is_upload = request.uri().path() == profile_form::PATH;
    let path = without_token(request.uri().path());
    let span = tracing::info_span!("request", id, method = %request.method(), path);
    async {
        let longest = if is_upload { profile_form::LONGEST } else { LONGEST };
        let answer = tokio::time::timeout(longest, next.run(request)).await;
        let mut response = answer.unwrap_or_else(|_| StatusCode::SERVICE_UNAVAILABLE.into_response());
        let status = response.status();
        if status.is_server_error() {
            tracing::warn!(status = status.as_u16(), "failed");
        } else if matches!(status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS) {
            tracing::info!(status = status.as_u16(), "refused");
        } else {
            tracing::debug!(status = status.as_u16(), "answered");
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert("x-request-id", id);
        }
        response
    }
    .instrument(span.clone())
    .await
}

/// Ours and never the client's: nobody else writes into the log.
fn request_id() -> String {
    let bytes = telicat_service::secret::random_bytes().unwrap_or_default();
    uuid::Builder::from_random_bytes(bytes).into_uuid().simple().to_string()
}
