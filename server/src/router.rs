//! Which address leads where.

use crate::{assets, exports, forms, headers, live, media, observe, profile_form, request, state::AppState};
use axum::{
    Router,
    extract::{Request, State},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use http::{Method, StatusCode, Uri, header::LOCATION, request::Parts};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::generate_route_list;
use telicat_app::{App, request::RequestContext, shell};
use telicat_domain::{ApiError, SafePath};
use tower_http::{CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer, csrf::CsrfLayer};

/// How hard pages and answers are compressed, of 11: they are made for one reader and once, so time counts more than
/// the last bytes. The site's files are compressed as hard as can be when they are built.
const COMPRESSION: i32 = 4;

/// Functions that are called from pages with a token in their address. Those send no Referer, and then browsers say
/// `Origin: null` (Fetch, "append a request Origin header"), and by plain http nothing else. Whoever calls one bears a
/// token that works once, so another site that made somebody call it could have done the same by itself. Going into a
/// room needs a session too, whose cookie no other site's form carries along (`SameSite=Lax`).
const BY_TOKEN: [&str; 4] = [
    "/api/accounts/password/reset/finish",
    "/api/accounts/email/confirm",
    "/api/accounts/first-owner",
    "/api/rooms/join",
];

/// The whole site.
///
/// # Errors
/// When the public URL is no origin, which the settings exclude.
pub fn router(state: AppState) -> anyhow::Result<Router> {
    // Not by `leptos_routes`: it would also route the server functions, past `forms`.
    let mut known = Router::new();
    for page in generate_route_list(App) {
        known = known.route(page.path(), get(page_of_app));
    }
    let known = known
        .route(profile_form::PATH, profile_form::routes())
        .route("/api/{*function}", any(forms::api))
        .route("/media/pictures/{picture}/{file}", get(media::picture))
        .fallback(unknown)
        // What is in an answer is its reader's alone, and no token is in it, so its length gives nothing away.
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(COMPRESSION)))
        // Compressed already.
        .route("/media/exports/{id}", get(exports::download))
        .route("/live", get(live::live))
        .layer(from_fn_with_state(state.clone(), request::know));

    let mut fixed = Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/a/{digest}/{*path}", get(assets::by_digest));
    for name in assets::FIXED {
        fixed = fixed.route(&format!("/{name}"), get(assets::fixed));
    }

    let by_token = |_: &Method, uri: &Uri| BY_TOKEN.contains(&uri.path());
    let mut csrf = CsrfLayer::new().with_insecure_bypass(by_token).with_rejection_response(|_| forms::refuse_foreign());
    if let Some(origin) = state.reach.origin() {
        csrf = csrf.add_trusted_origin(&origin)?;
    }
    Ok(fixed
        .merge(known)
        .layer(from_fn(tolerate_trailing_slash))
        .layer(csrf)
        .layer(CatchPanicLayer::custom(|_| forms::refuse(&ApiError::Internal)))
        .layer(from_fn(observe::observe))
        .layer(from_fn_with_state(state.clone(), headers::secure))
        .with_state(state))
}

/// Gives pages and server functions the request's context.
pub fn provide_request() {
    let context = use_context::<Parts>().and_then(|parts| parts.extensions.get::<RequestContext>().cloned());
    if let Some(context) = context {
        provide_context(context);
    }
}

/// The application has a page of its own for what it does not know.
async fn unknown(state: State<AppState>, request: Request) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        page_of_app(state, request).await
    } else {
        forms::refuse(&ApiError::NotFound)
    }
}

/// Renders whatever the application has at this address, whole.
pub async fn page_of_app(State(state): State<AppState>, request: Request) -> Response {
    let render = leptos_axum::render_app_async_with_context(provide_request, move || shell(state.leptos.clone()));
    render(request).await.into_response()
}

async fn ready(State(state): State<AppState>) -> Response {
    match state.services.ready().await {
        Ok(()) => "ready".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer").into_response()
        }
    }
}

/// Addresses of the Django application ended with a slash, and people type one.
async fn tolerate_trailing_slash(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() || trimmed.len() == path.len() || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    match SafePath::parse(&format!("{trimmed}{query}")) {
        Ok(path) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, path.to_string())]).into_response(),
        Err(_) => next.run(request).await,
    }
}
