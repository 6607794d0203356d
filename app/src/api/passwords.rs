//! Changing a password, and choosing another one by mail.

use super::{Failure, Go};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use telicat_domain::{Notice, SafePath};

/// Replaces the password. All other sessions end.
#[server(name = ChangePassword, prefix = "/api", endpoint = "accounts/password/change")]
pub async fn change_password(current_password: String, password: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_service::{accounts::ChangePassword as Form, secret::Secret};
    let request = RequestContext::current()?;
    let signed = request.signed()?;
    let form = Form { current: Secret::new(current_password), new: Secret::new(password) };
    let accounts = &request.services.accounts;
    let token = accounts.change_password(signed, form, &request.origin()).await.map_err(refuse)?;
    request.renew(signed, &token);
    Ok(Go::saying(SafePath::settings(), Notice::PasswordChanged))
}

/// Sends a mail to an address. The answer is the same whether or not it has an account.
#[server(name = RequestReset, prefix = "/api", endpoint = "accounts/password/reset/request")]
pub async fn request_reset(email: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    request.services.accounts.request_reset(&email, request.address).await.map_err(refuse)?;
    Ok(Go::to(SafePath::reset_sent()))
}

/// Whether a link works. It changes nothing, and is a POST because a token has no place in the address of a request.
#[server(name = CheckReset, prefix = "/api", endpoint = "accounts/password/reset/check")]
pub async fn check_reset(token: String) -> Result<(), Failure> {
    use crate::request::{RequestContext, refuse};
    RequestContext::current()?.services.accounts.check_reset(&token).await.map_err(refuse)
}

/// Uses a link up. It signs nobody in: a mailbox replaces the password and nothing else that may be asked for at the
/// door, and no other site can sign its victim in as somebody else by a link of its own.
#[server(name = FinishReset, prefix = "/api", endpoint = "accounts/password/reset/finish")]
pub async fn finish_reset(token: String, password: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_service::secret::Secret;
    let request = RequestContext::current()?;
    let (accounts, password) = (&request.services.accounts, Secret::new(password));
    accounts.finish_reset(&token, password, request.address, &request.origin()).await.map_err(refuse)?;
    Ok(Go::saying(SafePath::login(), Notice::PasswordReset))
}
