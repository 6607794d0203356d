//! Who runs the site: the first owner, and the invitations that owners make.

use crate::{Error, Services, Signed, secret::Token, sessions::Opened};
use telicat_domain::{
    ApiError,
    invitation::{Invitation, Terms},
};
use telicat_store::{
    invitations as store, new_id, owners,
    tokens::{self, NewToken, Purpose},
};
use uuid::Uuid;

/// Days for which the link works that was printed when the program was started.
const FIRST_OWNER_DAYS: i64 = 7;
const DAY: i64 = 24 * 3600;
/// Invitations on the page, at most.
const INVITATIONS_MAX: i64 = 500;

impl Signed {
    /// That who asks runs the site. For everybody else what owners do does not exist.
    ///
    /// # Errors
    /// [`ApiError::NotFound`].
    pub fn require_owner(&self) -> Result<(), Error> {
        if self.is_owner { Ok(()) } else { Err(ApiError::NotFound.into()) }
    }
}

/// The first owner.
impl Services {
    /// A new link by which somebody becomes the first owner, when the site has none. Earlier ones work no more.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn first_owner_link(&self) -> Result<Option<String>, Error> {
        if owners::has_owner(&self.db).await? {
            return Ok(None);
        }
        let (now, token) = (self.now(), Token::random()?);
        let mut tx = self.db.begin().await?;
        owners::delete_first_owner_tokens(&mut tx).await?;
        tokens::insert_token(
            &mut tx,
            &NewToken {
                token_hash: token.hash(),
                purpose: Purpose::FirstOwner,
                person: None,
                subject: String::new(),
                created_at: now,
                expires_at: now.plus_seconds(FIRST_OWNER_DAYS * DAY),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(Some(format!("{}/accounts/first-owner/{}", self.base_url, token.text())))
    }

    /// Whether the link with a token still makes somebody the first owner. Asking leaves it as it is.
    ///
    /// # Errors
    /// [`ApiError::LinkExpired`].
    pub async fn check_first_owner(&self, token: &str) -> Result<(), Error> {
        let token = Token::parse(token).ok_or(ApiError::LinkExpired)?;
        let found = tokens::find_token(&self.db, &token.hash(), Purpose::FirstOwner, self.now()).await?;
        found.map(drop).ok_or(Error::Api(ApiError::LinkExpired))
    }

    /// Makes who is signed in the first owner. The session has another token from now on.
    ///
    /// # Errors
    /// [`ApiError::LinkExpired`].
    pub async fn become_first_owner(&self, signed: &Signed, token: &str) -> Result<Opened, Error> {
        let token = Token::parse(token).ok_or(ApiError::LinkExpired)?;
        let mut tx = self.db.begin().await?;
        if tokens::take_token(&mut tx, &token.hash(), Purpose::FirstOwner, self.now()).await?.is_none() {
            return Err(ApiError::LinkExpired.into());
        }
        if !owners::update_owner(&mut tx, signed.person, true).await? {
            return Err(ApiError::NotSignedIn.into());
        }
        owners::delete_first_owner_tokens(&mut tx).await?;
        tx.commit().await?;
        tracing::info!(person = %signed.person, "became the first owner");
        self.sessions.renew(signed).await
    }
}

/// Invitations.
impl Services {
    /// The invitations that still work, the newest first; 500 at most.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] for everybody but owners.
    pub async fn invitations(&self, signed: &Signed) -> Result<Vec<Invitation>, Error> {
        signed.require_owner()?;
        Ok(store::list_invitations(&self.db, self.now(), INVITATIONS_MAX).await?)
    }

    /// Makes an invitation. Its token is known to whoever gets the answer, and to nobody else.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] for everybody but owners.
    pub async fn invite(&self, signed: &Signed, terms: Terms) -> Result<Token, Error> {
        signed.require_owner()?;
        let (now, token) = (self.now(), Token::random()?);
        let new = store::NewInvitation {
            id: new_id(now),
            token_hash: token.hash(),
            created_by: signed.person,
            note: terms.note,
            uses: terms.uses,
            created_at: now,
            expires_at: now.plus_seconds(terms.days * DAY),
        };
        let mut tx = self.db.begin().await?;
        store::insert_invitation(&mut tx, &new).await?;
        tx.commit().await?;
        tracing::info!(person = %signed.person, invitation = %new.id, uses = new.uses, "made an invitation");
        Ok(token)
    }

    /// The link of an invitation, for whoever is to be invited.
    #[must_use]
    pub fn invitation_link(&self, token: &Token) -> String {
        format!("{}/accounts/signup?invitation={}", self.base_url, token.text())
    }

    /// Takes an invitation back: from now on it lets nobody in.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is none, and for everybody but owners.
    pub async fn revoke_invitation(&self, signed: &Signed, invitation: Uuid) -> Result<(), Error> {
        signed.require_owner()?;
        let mut tx = self.db.begin().await?;
        if !store::delete_invitation(&mut tx, invitation).await? {
            return Err(ApiError::NotFound.into());
        }
        tx.commit().await?;
        tracing::info!(person = %signed.person, %invitation, "took an invitation back");
        Ok(())
    }
}
