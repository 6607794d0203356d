//! Invitations to sign up. For everybody but owners there is nothing here.

use super::{Failure, Go};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use server_fn::codec::GetUrl;
use telicat_domain::{SafePath, invitation::Invitations};

/// Seconds for which the link of a new invitation waits to be shown.
#[cfg(feature = "ssr")]
const SHOWN_WITHIN: i64 = 600;

/// What is answered when an invitation was made: where to go now, and the link, which nobody is told again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// The page.
    pub next: SafePath,
    /// For whoever is to be invited.
    pub link: String,
}

/// The invitations that still work, and the link of the one that was made just now.
#[server(name = ListInvitations, prefix = "/api", endpoint = "invitations/list", input = GetUrl)]
pub async fn list_invitations() -> Result<Invitations, Failure> {
    use crate::request::{RequestContext, refuse};
    let request = RequestContext::current()?;
    let link = link_made(&request);
    let invitations = request.services.invitations(request.signed()?).await.map_err(refuse)?;
    Ok(Invitations { invitations, link })
}

/// Makes an invitation.
#[server(name = CreateInvitation, prefix = "/api", endpoint = "invitations/create")]
pub async fn create_invitation(note: Option<String>, uses: String, days: String) -> Result<Invited, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::invitation::Terms;
    let request = RequestContext::current()?;
    let signed = request.signed()?;
    signed.require_owner().map_err(refuse)?;
    let terms = Terms::parse(&note.unwrap_or_default(), &uses, &days)?;
    let token = request.services.invite(signed, terms).await.map_err(refuse)?;
    let cookies = request.cookies;
    crate::http::set_cookie(cookies.set(cookies.invitation_name(), &token.text(), Some(SHOWN_WITHIN)));
    Ok(Invited { next: SafePath::invitations(), link: request.services.invitation_link(&token) })
}

/// Takes an invitation back.
#[server(name = RevokeInvitation, prefix = "/api", endpoint = "invitations/revoke")]
pub async fn revoke_invitation(invitation: String) -> Result<Go, Failure> {
    use crate::request::{RequestContext, refuse};
    use telicat_domain::{ApiError, Notice};
    let request = RequestContext::current()?;
    let signed = request.signed()?;
    let invitation = invitation.parse().map_err(|_| Failure(ApiError::NotFound))?;
    request.services.revoke_invitation(signed, invitation).await.map_err(refuse)?;
    Ok(Go::saying(SafePath::invitations(), Notice::InvitationRevoked))
}

/// The link of the invitation that this browser has just made, once.
#[cfg(feature = "ssr")]
fn link_made(request: &crate::request::RequestContext) -> Option<String> {
    use crate::cookies::Cookies;
    let parts = use_context::<http::request::Parts>()?;
    let name = request.cookies.invitation_name();
    let token = telicat_service::secret::Token::parse(&Cookies::read(&parts.headers, name)?)?;
    crate::http::set_cookie(request.cookies.clear(name));
    Some(request.services.invitation_link(&token))
}
