//! What whoever runs the server does to accounts from its command line, beside a server that runs or without one.

use crate::{
    Error,
    accounts::{
        SignUp,
        hasher::Hasher,
        newcomer::{newcomer, taken},
    },
    clock::Clock,
    secret::Token,
};
use std::sync::Arc;
use telicat_domain::Handle;
use telicat_store::{
    Db, Tx,
    owners::{self, Member},
    people, sessions,
    tokens::{self, NewToken, Purpose},
};

/// Minutes for which a link to choose another password works.
pub const RESET_MINUTES: i64 = 60;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// There is no such person.
    #[error("there is nobody called @{0}")]
    Unknown(String),
    /// The site would have no owner.
    #[error("@{0} is the only owner of the site; make somebody else an owner first")]
    LastOwner(String),
    /// The person is kept out.
    #[error("@{0} is deactivated; reactivate @{0} first")]
    Deactivated(String),
    /// Anything else.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<telicat_store::Error> for Refusal {
    fn from(error: telicat_store::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Looks after accounts.
pub struct Admin {
    db: Db,
    clock: Arc<dyn Clock>,
    hasher: Hasher,
    base_url: String,
}

impl Admin {
    /// On a database that was migrated. `base_url` is what links begin with, without a slash at its end.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn new(db: Db, clock: Arc<dyn Clock>, base_url: String) -> Result<Self, Error> {
        Ok(Self { db, clock, hasher: Hasher::new()?, base_url })
    }

    /// Makes an account that runs the site, whoever may sign up. The link that was printed for the first owner works no
    /// more.
    ///
    /// # Errors
    /// [`ApiError::Invalid`](telicat_domain::ApiError::Invalid) with every field that cannot be taken.
    pub async fn create_owner(&self, form: SignUp<'_>) -> Result<Handle, Refusal> {
        let person = newcomer(&self.hasher, form, self.clock.now()).await?;
        let mut tx = self.db.begin().await?;
        people::insert_person(&mut tx, &person).await.map_err(taken)?;
        owners::update_owner(&mut tx, person.id, true).await?;
        owners::delete_first_owner_tokens(&mut tx).await?;
        tx.commit().await?;
        tracing::info!(person = %person.id, "an owner was made");
        Ok(person.handle)
    }

    /// All who have an account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn members(&self) -> Result<Vec<Member>, Refusal> {
        Ok(owners::list_members(&self.db).await?)
    }

    /// A link by which its bearer chooses another password for somebody, once, within 60 minutes. Earlier ones work no
    /// more. Nobody but the person ever chooses the password.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::Deactivated`].
    pub async fn reset_link(&self, handle: &str) -> Result<String, Refusal> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let member = find(&mut tx, handle).await?;
        if member.deactivated_at.is_some() {
            return Err(Refusal::Deactivated(member.handle));
        }
        let token = Token::random().map_err(Refusal::Failed)?;
        tokens::delete_tokens(&mut tx, member.id, Purpose::Reset).await?;
        let new = NewToken {
            token_hash: token.hash(),
            purpose: Purpose::Reset,
            person: Some(member.id),
            subject: member.address.unwrap_or_default(),
            created_at: now,
            expires_at: now.plus_seconds(RESET_MINUTES * 60),
        };
        tokens::insert_token(&mut tx, &new).await?;
        tx.commit().await?;
        tracing::info!(person = %member.id, "a link for another password was made");
        Ok(format!("{}/accounts/password/reset/{}", self.base_url, token.text()))
    }

    /// Keeps somebody out: all sessions end, and no new one begins. A server that runs closes the sockets within about
    /// a second.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::LastOwner`].
    pub async fn deactivate(&self, handle: &str) -> Result<Handle, Refusal> {
        let mut tx = self.db.begin().await?;
        let member = find_dispensable(&mut tx, handle).await?;
        owners::update_deactivated(&mut tx, member.id, Some(self.clock.now())).await?;
        sessions::delete_sessions(&mut tx, member.id, None).await?;
        tokens::delete_tokens(&mut tx, member.id, Purpose::Reset).await?;
        tx.commit().await?;
        tracing::info!(person = %member.id, "was deactivated");
        Ok(Handle::from_stored(member.handle))
    }

    /// Lets somebody in again.
    ///
    /// # Errors
    /// [`Refusal::Unknown`].
    pub async fn reactivate(&self, handle: &str) -> Result<Handle, Refusal> {
        let mut tx = self.db.begin().await?;
        let member = find(&mut tx, handle).await?;
        owners::update_deactivated(&mut tx, member.id, None).await?;
        tx.commit().await?;
        tracing::info!(person = %member.id, "was reactivated");
        Ok(Handle::from_stored(member.handle))
    }

    /// Lets somebody run the site. The link that was printed for the first owner works no more.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::Deactivated`].
    pub async fn grant_owner(&self, handle: &str) -> Result<Handle, Refusal> {
        let mut tx = self.db.begin().await?;
        let member = find(&mut tx, handle).await?;
        if member.deactivated_at.is_some() {
            return Err(Refusal::Deactivated(member.handle));
        }
        owners::update_owner(&mut tx, member.id, true).await?;
        owners::delete_first_owner_tokens(&mut tx).await?;
        tx.commit().await?;
        tracing::info!(person = %member.id, "was made an owner");
        Ok(Handle::from_stored(member.handle))
    }

    /// Lets somebody run the site no more.
    ///
    /// # Errors
    /// [`Refusal::Unknown`], [`Refusal::LastOwner`].
    pub async fn revoke_owner(&self, handle: &str) -> Result<Handle, Refusal> {
        let mut tx = self.db.begin().await?;
        let member = find_dispensable(&mut tx, handle).await?;
        owners::update_owner(&mut tx, member.id, false).await?;
        tx.commit().await?;
        tracing::info!(person = %member.id, "is no owner any more");
        Ok(Handle::from_stored(member.handle))
    }

    /// Waits for what is under way, and closes the database.
    pub async fn close(&self) {
        self.db.close().await;
    }
}

/// Somebody without whom the site still has an owner, until the end of the transaction.
async fn find_dispensable(tx: &mut Tx, handle: &str) -> Result<Member, Refusal> {
    let owners = owners::list_owners_for_update(tx).await?;
    let member = find(tx, handle).await?;
    if owners == [member.id] { Err(Refusal::LastOwner(member.handle)) } else { Ok(member) }
}

/// Who has this handle, in any letter case and with or without the `@`.
async fn find(tx: &mut Tx, handle: &str) -> Result<Member, Refusal> {
    let name = handle.trim().trim_start_matches('@');
    owners::find_member(tx, &name.to_lowercase()).await?.ok_or_else(|| Refusal::Unknown(name.to_owned()))
}
