//! `/media/…`: what people have uploaded. Whether the one who asks may have it is decided every time.

use crate::state::AppState;
use axum::{
    Extension,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::{
    StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};
use telicat_app::request::RequestContext;
use telicat_domain::{ApiError, PictureId};
use telicat_service::{Error, people::Size};

/// Behind the address of a picture there is never another one; but it is no shared cache's to give out.
const FOR_EVER: &str = "private, max-age=31536000, immutable";

/// A picture of a person.
pub async fn picture(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    Path((picture, file)): Path<(String, String)>,
) -> Response {
    let size = match file.as_str() {
        "96.webp" => Size::Small,
        "384.webp" => Size::Large,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let Ok(picture) = picture.parse::<PictureId>() else { return StatusCode::NOT_FOUND.into_response() };
    match state.services.people.picture(context.signed.as_ref(), picture, size).await {
        Ok(bytes) => ([(CONTENT_TYPE, "image/webp"), (CACHE_CONTROL, FOR_EVER)], bytes).into_response(),
        Err(Error::Api(ApiError::NotFound)) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a picture could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
