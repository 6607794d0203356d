//! The first owner of the site.

use super::{Failure, Go};
use leptos::prelude::*;
use server_fn::codec::GetUrl;

/// Whether the link that was printed when the program was started still works.
#[server(name = CheckFirstOwner, prefix = "/api", endpoint = "accounts/first-owner", input = GetUrl)]
pub async fn check_first_owner(token: String) -> Result<(), Failure> {
    use crate::request::{RequestContext, refuse};
    RequestContext::current()?.services.check_first_owner(&token).await.map_err(refuse)
}

/// Makes who is signed in the first owner, or else makes the account that is.
#[server(name = BecomeFirstOwner, prefix = "/api", endpoint = "accounts/first-owner")]
pub async fn become_first_owner(
    token: String,
    email: Option<String>,
    username: Option<String>,
    password: Option<String>,
) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::{Notice, SafePath};
    use telicat_service::{accounts::SignUp, secret::Secret};
    let request = RequestContext::current()?;
    if let Some(signed) = &request.signed {
        let opened = request.services.become_first_owner(signed, &token).await.map_err(refuse)?;
        let cookies = request.cookies;
        crate::http::set_cookie(cookies.set(cookies.session_name(), &opened.token.text(), opened.max_age));
    } else {
        let (email, username) = (email.unwrap_or_default(), username.unwrap_or_default());
        let password = Secret::new(password.unwrap_or_default());
        let form = SignUp { email: &email, username: &username, password };
        let accounts = &request.services.accounts;
        let opened =
            accounts.sign_up_as_owner(form, &token, request.address, &request.origin()).await.map_err(refuse)?;
        super::accounts::enter(&request, &opened).await?;
    }
    Ok(Go::saying(SafePath::chat(), Notice::OwnerMade))
}
