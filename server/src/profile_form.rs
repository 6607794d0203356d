//! `/api/profile/edit`: the form of a profile, with a picture.
//!
//! It is read as it comes, field by field, because a picture is larger than anything that a server function takes. What
//! is answered is what they answer.

use crate::{
    forms::{Sent, refuse},
    state::AppState,
};
use axum::{
    Extension, Json,
    body::{Body, to_bytes},
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State, multipart::Field},
    handler::Handler,
    response::{IntoResponse, Response},
    routing::{MethodRouter, any},
};
use http::{
    HeaderMap, Method, StatusCode,
    header::{ALLOW, CONTENT_TYPE},
};
use std::time::Duration;
use telicat_app::{
    api::Go,
    request::{RequestContext, refused},
};
use telicat_domain::{ApiError, Field::Avatar, Notice, Problem, SafePath, limits::PICTURE_MAX};
use telicat_service::people::{Edit, Picture};

/// Where the form is sent to.
pub const PATH: &str = "/api/profile/edit";
/// A picture on a slow line may take this long to arrive.
pub const LONGEST: Duration = Duration::from_secs(300);
/// From one piece of the form to the next it may take this long.
const PIECE_TIME: Duration = Duration::from_secs(15);
/// What is larger than a picture may be is read off up to this many bytes, for the texts that come behind it: nobody's
/// words are lost for the size of their picture.
const READ_MAX: usize = 8 * PICTURE_MAX;
/// Bytes in a text, at most: far more than fits, so that whoever pastes too much is told beside the field and finds it
/// again.
const TEXT_MAX: usize = 256 * 1024;
/// Fields in the form, at most.
const FIELDS_MAX: usize = 16;

/// What came.
#[derive(Debug, Default)]
struct Form {
    display_name: Option<String>,
    about: Option<String>,
    next: Option<String>,
    remove: bool,
    picture: Option<Picture>,
}

/// Answers requests for [`PATH`].
pub fn routes() -> MethodRouter<AppState> {
    any(edit.layer(DefaultBodyLimit::max(READ_MAX)))
}

/// Answers a request to change a profile.
async fn edit(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    request: Request,
) -> Response {
    if request.method() != Method::POST {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "POST")], Json(ApiError::BadRequest)).into_response();
    }
    let sent = Sent::new(PATH, request.method(), request.headers(), &state.reach, context.address);
    // A program without a session is not listened to for long.
    if !sent.is_form && context.signed.is_none() {
        return refuse(&ApiError::NotSignedIn);
    }
    let mut form = Form::default();
    let answer = match form.read(request).await {
        Ok(()) => form.carry_out(&context).await,
        Err(error) => Err(error),
    };
    let answer = match answer {
        Ok(go) => Json(go).into_response(),
        Err(error) => refuse(&error),
    };
    if sent.is_form { sent.redirect(&state, form.typed(), answer).await } else { answer }
}

impl Form {
    /// Reads what comes. What was read before an error stays.
    async fn read(&mut self, request: Request) -> Result<(), ApiError> {
        if is_urlencoded(request.headers()) {
            return self.read_urlencoded(request.into_body()).await;
        }
        let mut multipart = Multipart::from_request(request, &()).await.map_err(|_| ApiError::BadRequest)?;
        for _ in 0..FIELDS_MAX {
            let next = tokio::time::timeout(PIECE_TIME, multipart.next_field()).await;
            let Some(field) = next.map_err(|_| ApiError::BadRequest)?.map_err(|_| ApiError::BadRequest)? else {
                return Ok(());
            };
            let name = field.name().unwrap_or_default().to_owned();
            if name == "avatar" {
                self.picture = read_picture(field).await?;
            } else {
                let text = read_up_to(field, TEXT_MAX).await?.ok_or(ApiError::TooLarge)?;
                self.take(&name, String::from_utf8_lossy(&text).into_owned());
            }
        }
        Err(ApiError::BadRequest)
    }

    async fn read_urlencoded(&mut self, body: Body) -> Result<(), ApiError> {
        let body = tokio::time::timeout(PIECE_TIME, to_bytes(body, TEXT_MAX)).await;
        let body = body.map_err(|_| ApiError::BadRequest)?.map_err(|_| ApiError::TooLarge)?;
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(&body).map_err(|_| ApiError::BadRequest)?;
        for (name, text) in fields {
            self.take(&name, text);
        }
        Ok(())
    }

    fn take(&mut self, name: &str, text: String) {
        match name {
            "display_name" => self.display_name = Some(text),
            "about" => self.about = Some(text),
            "next" => self.next = Some(text),
            "remove" => self.remove = true,
            // A form that grows must not break who knows the old one.
            _ => {}
        }
    }

    async fn carry_out(&mut self, context: &RequestContext) -> Result<Go, ApiError> {
        let signed = context.signed.as_ref().ok_or(ApiError::NotSignedIn)?;
        let picture = match self.picture.take() {
            Some(picture) => {
                // So that the page says that it has to be chosen again, should anything be refused.
                self.picture = Some(Picture::Keep);
                picture
            }
            None if self.remove => Picture::Remove,
            None => Picture::Keep,
        };
        let edit = Edit { display_name: self.display_name.as_deref(), about: self.about.as_deref(), picture };
        context.services.people.edit(signed, edit).await.map_err(refused)?;
        let next = self.next.as_deref().and_then(|next| SafePath::parse(next).ok());
        Ok(Go::saying(next.unwrap_or_else(|| SafePath::profile(&signed.author.handle)), Notice::ProfileSaved))
    }

    /// What was typed, by field; of a picture only that there was one.
    fn typed(self) -> Vec<(String, String)> {
        let picture = self.picture.map(|_| String::new());
        let remove = self.remove.then(|| "on".to_owned());
        [
            ("display_name", self.display_name),
            ("about", self.about),
            ("next", self.next),
            ("avatar", picture),
            ("remove", remove),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
    }
}

fn is_urlencoded(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("application/x-www-form-urlencoded")
}

/// The file of a picture; nothing when none was chosen.
async fn read_picture(field: Field<'_>) -> Result<Option<Picture>, ApiError> {
    Ok(match read_up_to(field, PICTURE_MAX).await.map_err(of_picture)? {
        Some(file) if file.is_empty() => None,
        Some(file) => Some(Picture::Replace(file)),
        None => Some(Picture::TooLarge),
    })
}

fn of_picture(error: ApiError) -> ApiError {
    match error {
        ApiError::TooLarge => ApiError::field(Avatar, Problem::TooLarge { max_bytes: PICTURE_MAX }),
        other => other,
    }
}

/// A field, read to its end; nothing when it is longer than `max` bytes, of which then none is kept.
async fn read_up_to(mut field: Field<'_>, max: usize) -> Result<Option<Vec<u8>>, ApiError> {
    let mut kept = Some(Vec::new());
    loop {
        let piece = tokio::time::timeout(PIECE_TIME, field.chunk()).await.map_err(|_| ApiError::BadRequest)?;
        let piece = match piece {
            Ok(Some(piece)) => piece,
            Ok(None) => return Ok(kept),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => return Err(ApiError::TooLarge),
            Err(_) => return Err(ApiError::BadRequest),
        };
        kept = kept.filter(|kept| kept.len() + piece.len() <= max);
        if let Some(kept) = &mut kept {
            kept.extend_from_slice(&piece);
        }
    }
}
