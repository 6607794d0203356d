//! Where somebody is signed in.

use super::{Failure, Go};
use leptos::prelude::*;
use server_fn::codec::GetUrl;
use telicat_domain::account::SignedIn;
#[cfg(feature = "ssr")]
use telicat_domain::{Notice, SafePath};

/// The sessions of who asks.
#[server(name = ShowSessions, prefix = "/api", endpoint = "accounts/sessions", input = GetUrl)]
pub async fn show_sessions() -> Result<SignedIn, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.signed_in(request.signed()?).await.map_err(refuse)
}

/// Ends one session of who asks.
#[server(name = EndSession, prefix = "/api", endpoint = "accounts/sessions/end")]
pub async fn end_session(session: String, next: Option<String>) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::ApiError;
    let request = RequestContext::current()?;
    let signed = request.signed()?;
    let session = session.parse().map_err(|_| Failure(ApiError::NotFound))?;
    request.services.sessions.end_own(signed, session).await.map_err(refuse)?;
    Ok(Go::saying(back(next), Notice::SessionEnded))
}

/// Ends all sessions of who asks but this one. The password has to be fresh.
#[server(name = EndOtherSessions, prefix = "/api", endpoint = "accounts/sessions/end-others")]
pub async fn end_other_sessions(current_password: Option<String>, next: Option<String>) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    let signed = request.prove(current_password).await?;
    request.services.sessions.end_others(signed).await.map_err(refuse)?;
    Ok(Go::saying(back(next), Notice::OtherSessionsEnded))
}

/// The page that the form was on: the list stands in the settings too.
#[cfg(feature = "ssr")]
fn back(next: Option<String>) -> SafePath {
    next.and_then(|next| SafePath::parse(&next).ok()).unwrap_or_else(SafePath::sessions)
}
