//! `/api/…`: server functions, and the same functions as forms of a browser without script.
//!
//! A form is answered with a redirect: forward when the function did what was asked, and back to the form's page when
//! it did not, with what was typed and what was wrong kept aside for that page ([`Flash`]).

use crate::{
    router::provide_request,
    state::{AppState, Reach},
};
use axum::{
    Json,
    body::{Body, to_bytes},
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, StatusCode, Uri,
    header::{ACCEPT, ALLOW, LOCATION, REFERER, RETRY_AFTER, SET_COOKIE},
};
use leptos::server_fn::axum::server_fn_paths;
use std::{
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};
use telicat_app::{api::Go, flash::Flash, request::RequestContext};
use telicat_domain::{ApiError, SafePath, limits::REQUEST_MAX, path::without_token};
use telicat_service::{flash::LIFETIME, secret::Token};

/// A body that takes longer to arrive is given up.
const BODY_TIME: Duration = Duration::from_secs(15);
/// The field of a form that names the page that it is on.
const PAGE_FIELD: &str = "page";
/// The field of a form that names the page to show when it did what it was for, where that is another one.
const DONE_FIELD: &str = "done";
/// The header by which leptos marks an answer as an error.
const ERROR_HEADER: &str = "serverfnerror";
/// Answers of server functions, at most: a page of the longest messages.
const ANSWER_MAX: usize = 64 * 1024 * 1024;

/// Answers a request for a server function.
pub async fn api(State(state): State<AppState>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    if let Some(refusal) = refuse_address(&path, &parts.method) {
        return refusal;
    }
    let body = match read(body).await {
        Ok(body) => body,
        Err(error) => return refuse(&error),
    };
    let from = parts.extensions.get::<RequestContext>().map(|context| context.address);
    let from = from.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let sent = Sent::new(&path, &parts.method, &parts.headers, &state.reach, from);
    // leptos would answer a form itself, with the error in the address and nothing of what was typed.
    parts.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let answer = call(Request::from_parts(parts, Body::from(body.clone()))).await;
    if !sent.is_form {
        return answer;
    }
    let back = sent.back.or_else(|| named_page(&body, PAGE_FIELD));
    let sent = Sent { back, done: named_page(&body, DONE_FIELD), ..sent };
    sent.redirect(&state, typed(&body), answer).await
}

/// Whether there is such a function, and whether it may be called like that.
fn refuse_address(path: &str, method: &Method) -> Option<Response> {
    let mut methods = server_fn_paths().filter(|(known, _)| *known == path).map(|(_, method)| method).peekable();
    if methods.peek().is_none() {
        return Some(refuse(&ApiError::NotFound));
    }
    let methods: Vec<Method> = methods.collect();
    if methods.contains(method) {
        return None;
    }
    let allow = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    Some((StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, allow)], Json(ApiError::BadRequest)).into_response())
}

async fn read(body: Body) -> Result<Bytes, ApiError> {
    match tokio::time::timeout(BODY_TIME, to_bytes(body, REQUEST_MAX)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(ApiError::TooLarge),
        Err(_) => Err(ApiError::BadRequest),
    }
}

/// Runs the function. leptos answers every error with 500; the error itself knows better.
async fn call(request: Request) -> Response {
    let response = leptos_axum::handle_server_fns_with_context(provide_request, request).await.into_response();
    if !response.headers().contains_key(ERROR_HEADER) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, ANSWER_MAX).await.unwrap_or_default();
    let error = serde_json::from_slice(&bytes).unwrap_or(ApiError::Internal);
    stamp(&mut parts.status, &mut parts.headers, &error);
    Response::from_parts(parts, Body::from(bytes))
}

/// An error as the answer.
pub fn refuse(error: &ApiError) -> Response {
    let mut response = Json(error).into_response();
    let mut status = response.status();
    stamp(&mut status, response.headers_mut(), error);
    *response.status_mut() = status;
    response
}

fn stamp(status: &mut StatusCode, headers: &mut HeaderMap, error: &ApiError) {
    *status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    if let Some(seconds) = error.retry_after() {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
}

/// The page that a form was on: the path of the Referer, when that is of this site.
fn referring_page(headers: &HeaderMap, reach: &Reach) -> Option<SafePath> {
    let referer: Uri = headers.get(REFERER)?.to_str().ok()?.parse().ok()?;
    let same = reach.is_own(referer.authority()?, headers);
    let path = referer.path_and_query().filter(|_| same)?;
    SafePath::parse(path.as_str()).ok()
}

/// A page that the form itself names. The one that it is on: pages with a token in their address send no Referer.
fn named_page(body: &[u8], field: &str) -> Option<SafePath> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).ok()?;
    fields.iter().find(|(name, _)| name == field).and_then(|(_, page)| SafePath::parse(page).ok())
}

/// What was sent to a function, as far as it matters for answering a browser.
pub(crate) struct Sent {
    form: String,
    /// The page that it was on, as the request says.
    back: Option<SafePath>,
    /// The page to show when it did what it was for, unless the function knows better.
    done: Option<SafePath>,
    from: IpAddr,
    /// Whether it is a form of a browser without script, which wants a page and no JSON.
    pub(crate) is_form: bool,
}

impl Sent {
    pub(crate) fn new(path: &str, method: &Method, headers: &HeaderMap, reach: &Reach, from: IpAddr) -> Self {
        let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        Self {
            form: path.to_owned(),
            back: referring_page(headers, reach),
            done: None,
            from,
            is_form: *method == Method::POST && accept.contains("text/html"),
        }
    }

    /// Makes a redirect of an answer, and keeps what has to be said for the page that it leads to: that it was done, or
    /// what was typed and what was wrong with it.
    pub(crate) async fn redirect(self, state: &AppState, typed: Vec<(String, String)>, answer: Response) -> Response {
        let Self { form, back, done, from, .. } = self;
        let back = back.unwrap_or_else(SafePath::home);
        let (parts, answer) = answer.into_parts();
        let answer = to_bytes(answer, ANSWER_MAX).await.unwrap_or_default();
        let mut response = StatusCode::SEE_OTHER.into_response();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            response.headers_mut().append(SET_COOKIE, cookie.clone());
        }
        let cookies = state.reach.cookies;
        let (to, flash) = if parts.status.is_success() {
            let go = serde_json::from_slice::<Go>(&answer).unwrap_or_else(|_| Go::to(done.unwrap_or(back)));
            let page = without_secrets(&go.next);
            (go.next, go.notice.map(|notice| Flash { form, page, fields: Vec::new(), outcome: Ok(notice) }))
        } else {
            let error = serde_json::from_slice(&answer).unwrap_or(ApiError::Internal);
            let to = if error == ApiError::NotSignedIn { back.behind_login() } else { back.clone() };
            let page = without_secrets(&back);
            (to, Some(Flash { form, page, fields: typed, outcome: Err(error) }))
        };
        if let Some(flash) = flash {
            match keep(state, from, &flash).await {
                Ok(token) => {
                    let cookie = cookies.set(cookies.flash_name(), &token.text(), Some(LIFETIME));
                    response.headers_mut().append(SET_COOKIE, cookie);
                }
                // What was done needs no word; what was typed must not be lost silently.
                Err(_) if flash.outcome.is_ok() => {}
                Err(error) => {
                    tracing::warn!(%error, "what was typed into a form could not be kept");
                    return refuse(&error.api());
                }
            }
        }
        if let Ok(to) = HeaderValue::from_str(to.as_str()) {
            response.headers_mut().insert(LOCATION, to);
        }
        response
    }
}

/// The page's own address: what ends it, or its query, may let whoever knows it in, and is kept nowhere.
fn without_secrets(page: &SafePath) -> String {
    without_token(page.as_str()).split('?').next().unwrap_or_default().to_owned()
}

/// Fields that let whoever knows them in, or name a page by an address that does.
const SECRET: [&str; 5] = ["password", "token", "invitation", "code", "page"];

/// What was typed, without what must not be kept.
fn typed(body: &[u8]) -> Vec<(String, String)> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
    fields.into_iter().filter(|(name, _)| !SECRET.iter().any(|secret| name.contains(secret))).collect()
}

async fn keep(state: &AppState, from: IpAddr, flash: &Flash) -> Result<Token, telicat_service::Error> {
    let json = serde_json::to_string(flash).unwrap_or_default();
    state.services.flashes.keep(from, &json).await
}

/// The answer to a request that comes from another site.
#[must_use]
pub fn refuse_foreign() -> Response {
    refuse(&ApiError::Forbidden)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::HOST;

    #[test]
    fn the_way_back_is_on_this_site() {
        let back = |referer: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, HeaderValue::from_static("chat.example:3000"));
            headers.insert(REFERER, HeaderValue::from_static(referer));
            let reach = Reach {
                public_url: Some(Uri::from_static("https://people.example")),
                trusted_proxies: Vec::new(),
                cookies: telicat_app::cookies::Cookies { secure: true },
            };
            referring_page(&headers, &reach).map(|page| page.to_string())
        };
        assert_eq!(back("http://chat.example:3000/chat/room/x?at=3").as_deref(), Some("/chat/room/x?at=3"));
        assert_eq!(back("https://people.example/chat").as_deref(), Some("/chat"));
        for elsewhere in ["http://evil.example/chat", "http://chat.example:3000//evil.example", "nonsense"] {
            assert_eq!(back(elsewhere), None, "{elsewhere}");
        }
        let named = |body: &str| named_page(body.as_bytes(), PAGE_FIELD).map(|page| page.to_string());
        assert_eq!(named("a=b&page=%2Faccounts%2Fpassword%2Freset%2Fx").as_deref(), Some("/accounts/password/reset/x"));
        for elsewhere in ["", "a=b", "page=", "page=%2F%2Fevil.example", "page=https%3A%2F%2Fevil.example"] {
            assert_eq!(named(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn neither_a_password_nor_a_token_is_kept() {
        let body = b"login=mei&password=secret&new_password=x&token=y&invitation=z&code=c&page=%2Fx%2Fy&next=%2Fchat";
        assert_eq!(typed(body), [("login".into(), "mei".into()), ("next".into(), "/chat".into())]);
    }
}
