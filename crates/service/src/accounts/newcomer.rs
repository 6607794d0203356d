//! Somebody new: what was typed, checked and made ready to be written.

use super::{Accounts, SignUp, SignedUp, hasher::Hasher, password};
use crate::{
    Error, Signups,
    limiter::network,
    secret::Token,
    sessions::{Opened, Origin},
};
use std::net::IpAddr;
use telicat_domain::{ApiError, Email, Field, FieldError, Handle, PersonId, Problem, Timestamp};
use telicat_store::{
    Constraint, Tx, invitations, new_id, owners, people,
    tokens::{self, Purpose},
};

/// Reads what somebody typed who wants an account, and hashes the password.
///
/// # Errors
/// [`ApiError::Invalid`] with every field that cannot be taken; [`ApiError::Busy`].
pub(crate) async fn newcomer(hasher: &Hasher, form: SignUp<'_>, now: Timestamp) -> Result<people::NewPerson, Error> {
    let (email, handle) = (Email::parse(form.email), Handle::parse(form.username));
    let password = password::check(form.password.reveal(), form.username, form.email);
    let problems = [
        (Field::Email, email.as_ref().err().copied()),
        (Field::Username, handle.as_ref().err().copied()),
        (Field::Password, password.err()),
    ];
    let (Ok(email), Ok(handle), Ok(())) = (email, handle, password) else {
        let fields = problems.into_iter().filter_map(|(field, problem)| Some(FieldError { field, problem: problem? }));
        return Err(Error::invalid(fields.collect()));
    };
    let password_hash = hasher.hash(form.password).await?;
    Ok(people::NewPerson { id: PersonId(new_id(now)), handle, email, password_hash, at: now })
}

/// Which field it was that somebody else has.
pub(crate) fn taken(error: telicat_store::Error) -> Error {
    match error {
        telicat_store::Error::Conflict(Constraint::Handle) => ApiError::field(Field::Username, Problem::Taken).into(),
        telicat_store::Error::Conflict(Constraint::Email) => ApiError::field(Field::Email, Problem::Taken).into(),
        error => error.into(),
    }
}

impl Accounts {
    /// Whether whoever bears an invitation, or has none, may make an account.
    ///
    /// # Errors
    /// [`ApiError::SignupsClosed`], [`ApiError::InvitationNeeded`].
    pub async fn may_sign_up(&self, invitation: Option<&str>) -> Result<(), Error> {
        match self.signups {
            Signups::Open => Ok(()),
            Signups::Closed => Err(ApiError::SignupsClosed.into()),
            Signups::Invite => {
                let token = invitation.and_then(Token::parse).ok_or(ApiError::InvitationNeeded)?;
                let good = invitations::is_invitation_good(&self.db, &token.hash(), self.clock.now()).await?;
                if good { Ok(()) } else { Err(ApiError::InvitationNeeded.into()) }
            }
        }
    }

    /// As [`Accounts::sign_up`], by the token of an invitation. Where one is needed it is used once, together with the
    /// account or not at all.
    ///
    /// # Errors
    /// As [`Accounts::sign_up`], and [`ApiError::InvitationNeeded`].
    pub async fn sign_up_invited(
        &self,
        form: SignUp<'_>,
        invitation: Option<&str>,
        from: IpAddr,
        origin: &Origin,
    ) -> Result<SignedUp, Error> {
        let now = self.clock.now();
        if self.signups != Signups::Closed {
            self.signups_by_address.take(network(from), now)?;
        }
        self.may_sign_up(invitation).await?;
        let person = newcomer(&self.hasher, form, now).await?;
        self.write_account(&person, invitation).await?;
        self.mails.wake();
        tracing::info!(person = %person.id, %from, "signed up");
        if self.verify_signups {
            return Ok(SignedUp::Waiting);
        }
        Ok(SignedUp::In(self.sessions.open(person.id, true, origin).await?))
    }

    async fn write_account(&self, person: &people::NewPerson, invitation: Option<&str>) -> Result<(), Error> {
        let mut tx = self.begin_invited(invitation, person.at).await?;
        match people::insert_person(&mut tx, person).await {
            Ok(()) => {}
            Err(telicat_store::Error::Conflict(Constraint::Email)) if self.verify_signups => {
                tx.rollback().await?;
                return self.write_decoy(person, invitation).await;
            }
            Err(error) => return Err(taken(error)),
        }
        people::update_waiting(&mut tx, person.id, self.verify_signups).await?;
        self.addresses.welcome(&mut tx, person.id, &person.handle, person.at).await?;
        Ok(tx.commit().await?)
    }

    /// What is written when somebody signs up with an address that has an account, and must not be told: the handle is
    /// taken as if the account had been made, or the next try with it would tell; and the address gets a letter.
    async fn write_decoy(&self, person: &people::NewPerson, invitation: Option<&str>) -> Result<(), Error> {
        let mut tx = self.begin_invited(invitation, person.at).await?;
        people::insert_person_without_address(&mut tx, person).await.map_err(taken)?;
        people::update_waiting(&mut tx, person.id, true).await?;
        self.addresses.tell_of_signup(&mut tx, &person.email, person.at).await?;
        Ok(tx.commit().await?)
    }

    /// Begins the transaction that writes an account. Where an invitation is needed, one of its uses is taken first, so
    /// that no two who sign up wait for each other.
    async fn begin_invited(&self, invitation: Option<&str>, now: Timestamp) -> Result<Tx, Error> {
        let mut tx = self.db.begin().await?;
        if self.signups == Signups::Invite {
            let token = invitation.and_then(Token::parse).ok_or(ApiError::InvitationNeeded)?;
            if !invitations::take_invitation(&mut tx, &token.hash(), now).await? {
                return Err(ApiError::InvitationNeeded.into());
            }
        }
        Ok(tx)
    }

    /// Makes the account that runs the site, by the link that was printed when the program was started. It works where
    /// signups are closed, too.
    ///
    /// # Errors
    /// [`ApiError::LinkExpired`], [`ApiError::RateLimited`], [`ApiError::Busy`], and [`ApiError::Invalid`] with every
    /// field that cannot be taken, after which the link still works.
    pub async fn sign_up_as_owner(
        &self,
        form: SignUp<'_>,
        token: &str,
        from: IpAddr,
        origin: &Origin,
    ) -> Result<Opened, Error> {
        let now = self.clock.now();
        self.signups_by_address.take(network(from), now)?;
        let token = Token::parse(token).ok_or(ApiError::LinkExpired)?;
        if tokens::find_token(&self.db, &token.hash(), Purpose::FirstOwner, now).await?.is_none() {
            return Err(ApiError::LinkExpired.into());
        }
        let person = newcomer(&self.hasher, form, now).await?;
        let mut tx = self.db.begin().await?;
        if tokens::take_token(&mut tx, &token.hash(), Purpose::FirstOwner, now).await?.is_none() {
            return Err(ApiError::LinkExpired.into());
        }
        people::insert_person(&mut tx, &person).await.map_err(taken)?;
        owners::update_owner(&mut tx, person.id, true).await?;
        owners::delete_first_owner_tokens(&mut tx).await?;
        self.addresses.welcome(&mut tx, person.id, &person.handle, now).await?;
        tx.commit().await?;
        self.mails.wake();
        tracing::info!(person = %person.id, %from, "signed up as the first owner");
        self.sessions.open(person.id, true, origin).await
    }
}
