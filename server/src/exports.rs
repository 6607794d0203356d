//! `/media/exports/{id}`: a copy of all of one's data, for its owner alone.

use crate::{router::page_of_app, state::AppState};
use axum::{
    Extension,
    body::Body,
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE},
};
use telicat_app::request::RequestContext;
use telicat_domain::ApiError;
use telicat_service::Error;
use tokio::fs::File;
use tokio_util::io::ReaderStream;

/// Hands an archive out as a file to be saved. For everybody but its owner there is nothing at this address.
pub async fn download(
    state: State<AppState>,
    Path(id): Path<String>,
    Extension(context): Extension<RequestContext>,
    request: Request,
) -> Response {
    match open(&state, &id, &context).await {
        Ok((file, length)) => {
            let name = context.signed.map(|signed| signed.author.handle.folded()).unwrap_or_default();
            let mut response = Body::from_stream(ReaderStream::new(file)).into_response();
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/zip"));
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
            // A handle has no character that would need quoting (RFC 6266 section 4.1).
            if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"telicat-{name}.zip\"")) {
                headers.insert(CONTENT_DISPOSITION, value);
            }
            response
        }
        Err(Error::Api(ApiError::NotFound)) => page_of_app(state, request).await,
        Err(error) => {
            tracing::error!(%error, "a copy of somebody's data could not be handed out");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn open(state: &AppState, id: &str, context: &RequestContext) -> Result<(File, u64), Error> {
    let signed = context.signed.as_ref().ok_or(ApiError::NotFound)?;
    let id = id.parse().map_err(|_| ApiError::NotFound)?;
    let path = state.services.exports.file(signed, id).await?;
    let file = File::open(path).await.map_err(|_| Error::Fault("the file of a copy cannot be opened"))?;
    let length = file.metadata().await.map_err(|_| Error::Fault("the file of a copy cannot be read"))?.len();
    Ok((file, length))
}
