//! The request that is being answered, as pages and server functions see it.

use crate::{api::Failure, cookies::Cookies, flash::Flash};
use leptos::prelude::use_context;
use std::{net::IpAddr, sync::Arc};
use telicat_domain::{ApiError, RoomSlug, Theme};
use telicat_service::{
    Error, Services, Signed,
    secret::{Secret, Token},
    sessions::{Origin, REMEMBERED as SESSION_MAX_AGE},
};

/// One request.
#[derive(Clone)]
pub struct RequestContext {
    /// What can be done.
    pub services: Services,
    /// Who asks, when signed in.
    pub signed: Option<Signed>,
    /// The client's address.
    pub address: IpAddr,
    /// What the client calls itself.
    pub agent: String,
    /// How cookies are set.
    pub cookies: Cookies,
    /// The appearance that was chosen.
    pub theme: Theme,
    /// The room that was open last in this browser, as the browser says.
    pub room: Option<RoomSlug>,
    /// A form that came back.
    pub flash: Option<Flash>,
    /// Where the site's files are: `/a/` and the digest of them all.
    pub assets: Arc<str>,
}

impl RequestContext {
    /// The request that is being answered.
    ///
    /// # Errors
    /// [`ApiError::Internal`] outside of one.
    pub fn current() -> Result<Self, Failure> {
        use_context().ok_or(Failure(ApiError::Internal))
    }

    /// Who asks.
    ///
    /// # Errors
    /// [`ApiError::NotSignedIn`].
    pub fn signed(&self) -> Result<&Signed, Failure> {
        self.signed.as_ref().ok_or(Failure(ApiError::NotSignedIn))
    }

    /// Proof that it is the one who is signed in, by a password that was typed a moment ago or comes with this request.
    /// When it came, the browser gets the session's new token.
    ///
    /// # Errors
    /// [`ApiError::PasswordNeeded`] and what else [`telicat_service::accounts::Accounts::prove`] says.
    pub async fn prove(&self, current_password: Option<String>) -> Result<&Signed, Failure> {
        let signed = self.signed()?;
        let proof = self.services.accounts.prove(signed, current_password.map(Secret::new)).await.map_err(refuse)?;
        if let Some(token) = proof.renewed {
            self.renew(signed, &token);
        }
        Ok(signed)
    }

    /// Gives the browser the new token of the session that it has.
    pub(crate) fn renew(&self, signed: &Signed, token: &Token) {
        let max_age = signed.remembered.then_some(SESSION_MAX_AGE);
        crate::http::set_cookie(self.cookies.set(self.cookies.session_name(), &token.text(), max_age));
    }

    /// From where a session is opened.
    #[must_use]
    pub fn origin(&self) -> Origin {
        Origin { address: self.address.to_string(), agent: self.agent.clone() }
    }
}

/// What the one who asked is told, for handlers that are no server functions.
#[must_use]
pub fn refused(error: Error) -> ApiError {
    refuse(error).0
}

/// What the one who asked is told. The cause, if it is the server's own, is logged here and nowhere else.
pub(crate) fn refuse(error: Error) -> Failure {
    if !matches!(error, Error::Api(_)) {
        tracing::error!(%error, "a request failed");
    }
    Failure(error.api())
}
