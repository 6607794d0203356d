//! Signing up, logging in, logging out.

use super::{Failure, Go};
use leptos::prelude::*;
use server_fn::codec::GetUrl;
#[cfg(feature = "ssr")]
use telicat_domain::SafePath;

/// Whether whoever bears an invitation, or has none, may sign up.
#[server(name = AskSignUp, prefix = "/api", endpoint = "accounts/signup", input = GetUrl)]
pub async fn ask_sign_up(invitation: Option<String>) -> Result<(), Failure> {
    use crate::request::{RequestContext, refuse};
    RequestContext::current()?.services.accounts.may_sign_up(invitation.as_deref()).await.map_err(refuse)
}

/// Makes an account and signs in, or says that a letter is on its way. Who is new says who they are first, and is then
/// led on.
#[server(name = SignUp, prefix = "/api", endpoint = "accounts/signup")]
pub async fn sign_up(
    email: String,
    username: String,
    password: String,
    next: Option<String>,
    invitation: Option<String>,
) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_service::{
        accounts::{SignUp as Form, SignedUp},
        secret::Secret,
    };
    let request = RequestContext::current()?;
    let form = Form { email: &email, username: &username, password: Secret::new(password) };
    let (accounts, invitation) = (&request.services.accounts, invitation.as_deref());
    let signed_up =
        accounts.sign_up_invited(form, invitation, request.address, &request.origin()).await.map_err(refuse)?;
    let SignedUp::In(opened) = signed_up else { return Ok(Go::to(SafePath::letter_sent())) };
    enter(&request, &opened).await?;
    let next = next.and_then(|next| SafePath::parse(&next).ok());
    Ok(Go::to(SafePath::onboarding(next.as_ref())))
}

/// Signs in.
#[server(name = LogIn, prefix = "/api", endpoint = "accounts/login")]
pub async fn log_in(
    login: String,
    password: String,
    remember: Option<String>,
    next: Option<String>,
) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_service::{accounts::LogIn as Form, secret::Secret};
    let request = RequestContext::current()?;
    let remember = remember.is_some_and(|value| !matches!(value.as_str(), "" | "off" | "false" | "0"));
    let form = Form { login: &login, password: Secret::new(password), remember };
    let opened = request.services.accounts.log_in(form, request.address, &request.origin()).await.map_err(refuse)?;
    enter(&request, &opened).await?;
    Ok(go(next))
}

/// Signs out. Doing so twice is no error.
#[server(name = LogOut, prefix = "/api", endpoint = "accounts/logout")]
pub async fn log_out() -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    if let Some(signed) = &request.signed {
        request.services.sessions.end(signed.session).await.map_err(refuse)?;
    }
    for name in [request.cookies.session_name(), request.cookies.room_name()] {
        crate::http::set_cookie(request.cookies.clear(name));
    }
    Ok(Go::to(SafePath::home()))
}

/// Gives the browser its new session. The one that it came with ends, so that a token which somebody planted is worth
/// nothing.
#[cfg(feature = "ssr")]
pub(super) async fn enter(
    request: &crate::request::RequestContext,
    opened: &telicat_service::sessions::Opened,
) -> Result<(), Failure> {
    let cookies = request.cookies;
    crate::http::set_cookie(cookies.set(cookies.session_name(), &opened.token.text(), opened.max_age));
    if let Some(signed) = &request.signed {
        request.services.sessions.end(signed.session).await.map_err(crate::request::refuse)?;
    }
    Ok(())
}

/// The page that was asked for, if it is one of this site.
#[cfg(feature = "ssr")]
fn go(next: Option<String>) -> Go {
    Go::to(next.and_then(|next| SafePath::parse(&next).ok()).unwrap_or_else(SafePath::chat))
}
