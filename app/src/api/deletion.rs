//! Leaving for good.

use super::{Failure, Go};
use leptos::prelude::*;

/// Deletes the account. The messages stay, or their texts go too.
#[server(name = DeleteAccount, prefix = "/api", endpoint = "profile/delete")]
pub async fn delete_account(password: String, messages: Option<String>) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::{ApiError, Notice, SafePath};
    use telicat_service::{deletion::Fate, secret::Secret};
    let request = RequestContext::current()?;
    let fate = match messages.as_deref() {
        None | Some("" | "keep") => Fate::Keep,
        Some("erase") => Fate::Erase,
        Some(_) => return Err(ApiError::BadRequest.into()),
    };
    request.services.delete_account(request.signed()?, Secret::new(password), fate).await.map_err(refuse)?;
    crate::http::set_cookie(request.cookies.clear(request.cookies.session_name()));
    Ok(Go::saying(SafePath::home(), Notice::AccountDeleted))
}
