//! Another password, by whoever knows the one before.

use super::{Accounts, letters, password};
use crate::{
    Error, Signed,
    secret::{Secret, Token},
    sessions::Origin,
};
use telicat_domain::{ApiError, Field, FieldError, Problem};
use telicat_store::{addresses, mails, people, tokens};

/// What somebody typed into the form for another password.
#[derive(Debug)]
pub struct ChangePassword {
    /// The one that the person has.
    pub current: Secret,
    /// The one to have from now on.
    pub new: Secret,
}

impl Accounts {
    /// Gives a person another password. All other sessions and links to choose a password end with it, this session gets
    /// another token, for the cookie, and the person is told by mail.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] with all that is wrong with either password; [`ApiError::RateLimited`],
    /// [`ApiError::Busy`].
    pub async fn change_password(
        &self,
        signed: &Signed,
        form: ChangePassword,
        origin: &Origin,
    ) -> Result<Token, Error> {
        let now = self.clock.now();
        self.changes_by_person.take(signed.person, now)?;
        let account = addresses::find_account(&self.db, signed.person).await?.ok_or(ApiError::NotSignedIn)?;

        let mut fields = Vec::new();
        let mut refuse = |field, problem| fields.push(FieldError { field, problem });
        let mut stored = None;
        if form.current.reveal().is_empty() {
            refuse(Field::CurrentPassword, Problem::Empty);
        } else {
            stored = self.is_current(signed, form.current.clone()).await?;
            if stored.is_none() {
                refuse(Field::CurrentPassword, Problem::Wrong);
            }
        }
        match password::check(form.new.reveal(), account.handle.as_str(), &account.address) {
            Err(problem) => refuse(Field::Password, problem),
            Ok(()) if stored.is_some() && form.new.reveal() == form.current.reveal() => {
                refuse(Field::Password, Problem::Unchanged);
            }
            Ok(()) => {}
        }
        let Some(stored) = stored.filter(|_| fields.is_empty()) else { return Err(Error::invalid(fields)) };

        let hash = self.hasher.hash(form.new).await?;
        let mut tx = self.db.begin().await?;
        // Whoever changed it meanwhile was first, and what was typed here as the current one is not that any more.
        if !people::update_password_hash(&mut tx, signed.person, &stored, &hash).await?
            || !people::update_password(&mut tx, signed.person, &hash, now).await?
        {
            return Err(ApiError::field(Field::CurrentPassword, Problem::Wrong).into());
        }
        let token = self.sessions.prove_in(&mut tx, signed).await?;
        telicat_store::sessions::delete_sessions(&mut tx, signed.person, Some(signed.session)).await?;
        tokens::delete_tokens(&mut tx, signed.person, tokens::Purpose::Reset).await?;
        self.addresses.drop_pending(&mut tx, signed.person).await?;
        let letter = letters::password_changed(&account.handle, &self.base_url, origin, now);
        mails::insert_mail(&mut tx, &letter.to(&account.address, now)).await?;
        tx.commit().await?;
        self.mails.wake();
        self.sessions.have_ended(signed.person, Some(signed.session));
        tracing::info!(person = %signed.person, from = %origin.address, "changed the password");
        Ok(token)
    }
}
