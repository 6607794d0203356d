//! The addresses of people: how another takes the place of the first, and how either is confirmed.
//!
//! Whoever asks is never told whether an address has an account: the answer and the work are the same, and what is to be
//! said goes to the address itself. Each letter is queued in the transaction of what it is about.

use crate::{
    Error, Signed,
    clock::Clock,
    limiter::Limiter,
    mail::{
        Mails, in_days,
        letters::address::{LINK_DAYS, change_asked, changed, confirm_first, confirm_new, taken},
    },
    secret::Token,
    settings::LINK_EVERY,
};
use std::sync::Arc;
use telicat_domain::{ApiError, Email, Field, Handle, PersonId, Problem, Timestamp};
use telicat_store::{
    Constraint, Db, Tx,
    addresses::{self as store, Address, Claim, NewAddress},
    mails::insert_mail,
    new_id, people,
    tokens::{self, NewToken, Purpose},
};
use uuid::Uuid;

/// Changes and confirms addresses.
pub struct Addresses {
    db: Db,
    clock: Arc<dyn Clock>,
    mails: Arc<Mails>,
    base_url: String,
    by_person: Limiter<PersonId>,
    /// Links, so that giving an address up and asking for it again is no way round the wait.
    links: Limiter<(PersonId, String)>,
    /// Letters to an address that nobody has confirmed, whoever causes them. More than one, or a claim could keep its
    /// owner from it.
    letters: Limiter<String>,
}

impl Addresses {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, mails: Arc<Mails>, base_url: String, rate_limits: bool) -> Self {
        Self {
            db,
            clock,
            mails,
            base_url,
            by_person: Limiter::new(10, 60, rate_limits),
            links: Limiter::new(1, LINK_EVERY, rate_limits),
            letters: Limiter::new(3, 3 * LINK_EVERY, rate_limits),
        }
    }

    /// Wants another address. It takes the place of the first when it is confirmed; until then that stays, and is told.
    /// An older link to confirm an address or to choose a new password works no more. Returns the address.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] for the field [`Field::Email`]; [`ApiError::RateLimited`].
    pub async fn change(&self, signed: &Signed, email: &str) -> Result<Email, Error> {
        let now = self.clock.now();
        let person = signed.person;
        self.by_person.take(person, now)?;
        let refused = |problem| ApiError::field(Field::Email, problem);
        let email = Email::parse(email).map_err(refused)?;
        let key = (person, email.folded());

        let mut tx = self.db.begin().await?;
        let own = store::list_addresses_in(&mut tx, person).await?;
        let (mut primary, pending): (Vec<Address>, Vec<Address>) = own.into_iter().partition(|own| own.is_primary);
        let primary = primary.pop().ok_or(Error::Fault("a person without an address"))?;
        if folded(&primary.address) == key.1 {
            return Err(refused(Problem::Unchanged).into());
        }
        if let Some(pending) = pending.iter().find(|pending| folded(&pending.address) == key.1) {
            wait_since(pending.sent_at, now)?;
        }
        self.links.look(&key, now)?;
        self.letters.take(key.1.clone(), now)?;

        tokens::delete_tokens(&mut tx, person, Purpose::Confirm).await?;
        tokens::delete_tokens(&mut tx, person, Purpose::Reset).await?;
        let new = NewAddress { id: new_id(now), person, email, at: now };
        store::insert_pending(&mut tx, &new).await?;
        let handle = &signed.author.handle;
        self.insert_link(&mut tx, person, handle, new.id, new.email.as_str(), false, now).await?;
        // Whoever never confirmed the old one may have typed somebody else's, who must not be flooded.
        if primary.verified || self.letters.take(folded(&primary.address), now).is_ok() {
            let notice = change_asked(&self.base_url, handle, new.email.as_str());
            insert_mail(&mut tx, &notice.to(&primary.address, now)).await?;
        }
        tx.commit().await?;
        self.links.count(key, now);
        self.mails.wake();
        tracing::info!(%person, "asked for another address");
        Ok(new.email)
    }

    /// Sends another link to confirm one's own address: the one named, else the one that waits, else the first. Returns
    /// the address; nothing when it is confirmed already.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when it is not theirs; [`ApiError::RateLimited`] when the last link was sent less than
    /// three minutes ago.
    pub async fn resend(&self, signed: &Signed, address: Option<&str>) -> Result<Option<String>, Error> {
        let now = self.clock.now();
        self.by_person.take(signed.person, now)?;
        let mut tx = self.db.begin().await?;
        let mut own = store::list_addresses_in(&mut tx, signed.person).await?;
        // The first one comes first.
        let found = match address.map(folded) {
            Some(named) => own.into_iter().find(|own| folded(&own.address) == named),
            None => own.pop(),
        };
        let found = found.ok_or(ApiError::NotFound)?;
        if found.verified {
            return Ok(None);
        }
        wait_since(found.sent_at, now)?;
        let key = (signed.person, folded(&found.address));
        self.links.look(&key, now)?;
        self.letters.take(key.1.clone(), now)?;
        if !store::update_address_sent(&mut tx, found.id, now, now.plus_seconds(-LINK_EVERY)).await? {
            return Err(ApiError::RateLimited { retry_after: u32::try_from(LINK_EVERY).unwrap_or(u32::MAX) }.into());
        }
        let handle = &signed.author.handle;
        self.insert_link(&mut tx, signed.person, handle, found.id, &found.address, found.is_primary, now).await?;
        tx.commit().await?;
        self.links.count(key, now);
        self.mails.wake();
        Ok(Some(found.address))
    }

    /// Gives up the address that waits; its link works no more. Doing so twice is no error.
    ///
    /// # Errors
    /// [`ApiError::RateLimited`].
    pub async fn cancel(&self, signed: &Signed) -> Result<(), Error> {
        self.by_person.take(signed.person, self.clock.now())?;
        let mut tx = self.db.begin().await?;
        self.drop_pending(&mut tx, signed.person).await?;
        Ok(tx.commit().await?)
    }

    /// Which address a link is about. Changes nothing.
    ///
    /// # Errors
    /// [`ApiError::LinkExpired`].
    pub async fn claimed(&self, token: &str) -> Result<String, Error> {
        let token = Token::parse(token).ok_or(ApiError::LinkExpired)?;
        let found = tokens::find_token(&self.db, &token.hash(), Purpose::Confirm, self.clock.now()).await?;
        let id = found.and_then(|found| Uuid::parse_str(&found.subject).ok()).ok_or(ApiError::LinkExpired)?;
        let claim = store::find_claim(&self.db, id).await?.ok_or(ApiError::LinkExpired)?;
        Ok(claim.address.address)
    }

    /// Confirms the address that a link is about, which works once: it is the first one from now on, and one that was
    /// before it is removed and told so. Returns the address.
    ///
    /// # Errors
    /// [`ApiError::LinkExpired`]; [`ApiError::Invalid`] for the field [`Field::Email`] when somebody else has confirmed
    /// the address meanwhile.
    pub async fn confirm(&self, token: &str) -> Result<String, Error> {
        let token = Token::parse(token).ok_or(ApiError::LinkExpired)?;
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let found = tokens::take_token(&mut tx, &token.hash(), Purpose::Confirm, now).await?;
        let id = found.and_then(|found| Uuid::parse_str(&found.subject).ok()).ok_or(ApiError::LinkExpired)?;
        let claim = store::find_claim_in(&mut tx, id).await?.ok_or(ApiError::LinkExpired)?;
        match self.settle(&mut tx, &claim, now).await {
            Ok(()) => tx.commit().await?,
            Err(Error::Store(telicat_store::Error::Conflict(Constraint::Email))) => {
                tx.rollback().await?;
                // It can never be theirs now.
                let mut tx = self.db.begin().await?;
                self.drop_pending(&mut tx, claim.person).await?;
                tx.commit().await?;
                return Err(ApiError::field(Field::Email, Problem::Taken).into());
            }
            Err(error) => return Err(error),
        }
        self.mails.wake();
        tracing::info!(person = %claim.person, "confirmed an address");
        Ok(claim.address.address)
    }

    async fn settle(&self, tx: &mut Tx, claim: &Claim, now: Timestamp) -> Result<(), Error> {
        let Claim { person, handle, address } = claim;
        let removed = store::update_confirmed(tx, *person, address.id).await?;
        people::update_waiting(tx, *person, false).await?;
        tokens::delete_tokens(tx, *person, Purpose::Confirm).await?;
        if let Some(removed) = removed {
            // What went to the old address works no more.
            tokens::delete_tokens(tx, *person, Purpose::Reset).await?;
            insert_mail(tx, &changed(&self.base_url, handle, &address.address).to(&removed, now)).await?;
        }
        Ok(())
    }

    /// Queues the letter to the address that somebody signs up with, in the transaction that makes the account.
    pub(crate) async fn welcome(
        &self,
        tx: &mut Tx,
        person: PersonId,
        handle: &Handle,
        now: Timestamp,
    ) -> Result<(), Error> {
        let own =
            store::list_addresses_in(tx, person).await?.pop().ok_or(Error::Fault("a person without an address"))?;
        store::update_address_sent(tx, own.id, now, now).await?;
        self.insert_link(tx, person, handle, own.id, &own.address, true, now).await
    }

    /// Queues the letter that says that an address has an account, when somebody signs up with it and must not be told:
    /// at most as often as any letter. If the account itself waits for its confirmation, it is another link to do so.
    pub(crate) async fn tell_of_signup(&self, tx: &mut Tx, email: &Email, now: Timestamp) -> Result<(), Error> {
        if self.letters.take(email.folded(), now).is_err() {
            return Ok(());
        }
        let Some(holder) = store::find_holder_in(tx, &email.folded()).await? else { return Ok(()) };
        if holder.waiting {
            return self.welcome(tx, holder.person, &holder.handle, now).await;
        }
        Ok(insert_mail(tx, &taken(&self.base_url, &holder.handle).to(email.as_str(), now)).await?)
    }

    /// Queues a link to confirm an address. If it is somebody else's, the letter says so instead; the token is written
    /// all the same, and nobody ever sees it.
    #[expect(clippy::too_many_arguments, reason = "one row and one letter, which have nothing else in common")]
    async fn insert_link(
        &self,
        tx: &mut Tx,
        person: PersonId,
        handle: &Handle,
        id: Uuid,
        address: &str,
        is_first: bool,
        now: Timestamp,
    ) -> Result<(), Error> {
        let token = Token::random()?;
        let new = NewToken {
            token_hash: token.hash(),
            purpose: Purpose::Confirm,
            person: Some(person),
            subject: id.to_string(),
            created_at: now,
            expires_at: in_days(now, LINK_DAYS),
        };
        tokens::insert_token(tx, &new).await?;
        let holder = store::find_holder_in(tx, &folded(address)).await?.filter(|holder| holder.person != person);
        let letter = match holder {
            Some(holder) => taken(&self.base_url, &holder.handle),
            None if is_first => confirm_first(&self.base_url, handle, &token.text()),
            None => confirm_new(&self.base_url, handle, &token.text()),
        };
        Ok(insert_mail(tx, &letter.to(address, now)).await?)
    }

    /// Gives up the address that waits, and the links that would confirm one.
    pub(crate) async fn drop_pending(&self, tx: &mut Tx, person: PersonId) -> Result<(), Error> {
        if store::delete_pending(tx, person).await? {
            tokens::delete_tokens(tx, person, Purpose::Confirm).await?;
        }
        Ok(())
    }
}

/// The form of an address that is compared.
fn folded(address: &str) -> String {
    address.trim().to_lowercase()
}

/// A link to an address may be sent again after a while.
fn wait_since(sent_at: Option<Timestamp>, now: Timestamp) -> Result<(), ApiError> {
    let next = sent_at.map_or(now, |sent_at| sent_at.plus_seconds(LINK_EVERY));
    if next <= now {
        return Ok(());
    }
    let seconds = (next.0 - now.0 + Timestamp::SECOND - 1) / Timestamp::SECOND;
    Err(ApiError::RateLimited { retry_after: u32::try_from(seconds).unwrap_or(u32::MAX) })
}
