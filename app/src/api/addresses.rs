//! The addresses of one's own account.

use super::{Failure, Go};
use leptos::prelude::*;
use server_fn::codec::GetUrl;
#[cfg(feature = "ssr")]
use telicat_domain::{Notice, SafePath};

/// Asks for another address: it takes the place of the first once it is confirmed.
#[server(name = ChangeEmail, prefix = "/api", endpoint = "profile/email")]
pub async fn change_email(email: String, current_password: Option<String>) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    let signed = request.prove(current_password).await?;
    let email = request.services.addresses.change(signed, &email).await.map_err(refuse)?;
    Ok(Go::saying(SafePath::settings(), Notice::LinkSent { address: email.to_string() }))
}

/// Sends another link to an address of one's own.
#[server(name = ResendEmail, prefix = "/api", endpoint = "profile/email/resend")]
pub async fn resend_email(email: Option<String>) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    let sent = request.services.addresses.resend(request.signed()?, email.as_deref()).await.map_err(refuse)?;
    let next = SafePath::settings();
    Ok(sent.map_or(Go::to(next.clone()), |address| Go::saying(next, Notice::LinkSent { address })))
}

/// Gives up the address that waits for its confirmation.
#[server(name = CancelEmail, prefix = "/api", endpoint = "profile/email/cancel")]
pub async fn cancel_email() -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.addresses.cancel(request.signed()?).await.map_err(refuse)?;
    Ok(Go::saying(SafePath::settings(), Notice::AddressDropped))
}

/// The address that a link is about.
#[server(name = ShowClaim, prefix = "/api", endpoint = "accounts/email/claim", input = GetUrl)]
pub async fn show_claim(token: String) -> Result<String, Failure> {
    use crate::request::{RequestContext, refuse};
    RequestContext::current()?.services.addresses.claimed(&token).await.map_err(refuse)
}

/// Confirms the address that a link is about. Whoever has the link may do so, signed in or not.
#[server(name = ConfirmEmail, prefix = "/api", endpoint = "accounts/email/confirm")]
pub async fn confirm_email(token: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    let address = request.services.addresses.confirm(&token).await.map_err(refuse)?;
    let next = if request.signed.is_some() { SafePath::settings() } else { SafePath::login() };
    Ok(Go::saying(next, Notice::AddressConfirmed { address }))
}
