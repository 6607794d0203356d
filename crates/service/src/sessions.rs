//! Who is signed in, where.

use crate::{
    Error,
    clock::Clock,
    live::Hub,
    secret::{Token, TokenHash},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use telicat_domain::{ApiError, Author, PersonId, SessionId, Timestamp, Viewer};
use telicat_store::{Db, Tx, new_id, sessions as store};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// A remembered session ends when it was not used for this long, in seconds.
const IDLE: i64 = 30 * DAY;
/// A remembered session ends after this long in any case, in seconds.
pub const REMEMBERED: i64 = 90 * DAY;
/// A session that is not remembered ends after this long, in seconds; the browser forgets it when it closes.
const BRIEF: i64 = DAY;
/// The use of a session is written down at most this often, in seconds.
const SEEN_EVERY: i64 = 5 * 60;
/// A session that was found is believed for this long, in microseconds, so that a busy person costs one query a
/// second. It bounds how long a session that was ended by another process lives on.
const BELIEVED: i64 = Timestamp::SECOND;
/// Who was shut out is looked for this far back, in seconds: further than transactions take and clocks differ. Whoever
/// was shut out and is not connected costs nothing, so looking twice is harmless.
const SHUT_OUT_LOOK: i64 = 60;
/// Sessions in memory, at most.
const CACHE_MAX: usize = 20_000;

/// Somebody who is signed in: the proof that every use case asks for.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The person.
    pub person: PersonId,
    /// As others see the person.
    pub author: Author,
    /// By which session.
    pub session: SessionId,
    /// When the session ends if it is not used.
    pub expires_at: Timestamp,
    /// Whether the person runs the site.
    pub is_owner: bool,
    /// Whether the session outlasts the browser.
    pub remembered: bool,
    /// When the password was typed last in this session.
    pub proved_at: Timestamp,
}

impl Signed {
    /// What a page shows of its reader.
    #[must_use]
    pub fn viewer(&self) -> Viewer {
        Viewer { author: self.author.clone(), is_owner: self.is_owner }
    }
}

/// From where a session is opened, for the list that its owner sees.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The client's address.
    pub address: String,
    /// What the client calls itself.
    pub agent: String,
}

/// A session that was just opened.
#[derive(Debug)]
pub struct Opened {
    /// For the cookie.
    pub token: Token,
    /// How long the browser keeps the cookie, in seconds; until it closes when nothing is said.
    pub max_age: Option<i64>,
}

/// Opens, finds and ends sessions.
pub struct Sessions {
    db: Db,
    clock: Arc<dyn Clock>,
    hub: Arc<Hub>,
    found: Mutex<HashMap<TokenHash, (Timestamp, Signed)>>,
}

impl Sessions {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, hub: Arc<Hub>) -> Self {
        Self { db, clock, hub, found: Mutex::default() }
    }

    pub(crate) async fn open(&self, person: PersonId, remembered: bool, origin: &Origin) -> Result<Opened, Error> {
        let mut tx = self.db.begin().await?;
        let opened = self.open_in(&mut tx, person, remembered, origin).await?;
        tx.commit().await?;
        Ok(opened)
    }

    /// Opens a session together with what else a transaction does.
    pub(crate) async fn open_in(
        &self,
        tx: &mut Tx,
        person: PersonId,
        remembered: bool,
        origin: &Origin,
    ) -> Result<Opened, Error> {
        let now = self.clock.now();
        let token = Token::random()?;
        let (idle, absolute) = if remembered { (IDLE, REMEMBERED) } else { (BRIEF, BRIEF) };
        store::insert_session(
            tx,
            &store::NewSession {
                id: SessionId(new_id(now)),
                token_hash: token.hash(),
                person,
                remembered,
                created_at: now,
                last_seen_at: now,
                idle_expires_at: now.plus_seconds(idle),
                expires_at: now.plus_seconds(absolute),
                address: origin.address.clone(),
                agent: origin.agent.chars().take(300).collect(),
            },
        )
        .await?;
        Ok(Opened { token, max_age: remembered.then_some(REMEMBERED) })
    }

    /// Whose session it is. Extends it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn find(&self, token: &Token) -> Result<Option<Signed>, Error> {
        let now = self.clock.now();
        let hash = token.hash();
        if let Some((at, signed)) = self.found().get(&hash)
            && (0..BELIEVED).contains(&(now.0 - at.0))
            && now < signed.expires_at
        {
            return Ok(Some(signed.clone()));
        }
        let Some(session) = store::find_session(&self.db, &hash, now).await? else {
            self.found().remove(&hash);
            return Ok(None);
        };
        let mut idle_expires_at = session.idle_expires_at;
        if session.remembered && now > session.last_seen_at.plus_seconds(SEEN_EVERY) {
            idle_expires_at = now.plus_seconds(IDLE);
            let mut tx = self.db.begin().await?;
            store::update_session_seen(&mut tx, session.id, now, idle_expires_at).await?;
            tx.commit().await?;
        }
        let signed = Signed {
            person: session.person,
            author: session.author,
            session: session.id,
            expires_at: session.expires_at.min(idle_expires_at),
            is_owner: session.is_owner,
            remembered: session.remembered,
            proved_at: session.proved_at,
        };
        let mut found = self.found();
        if found.len() >= CACHE_MAX {
            found.clear();
        }
        found.insert(hash, (now, signed.clone()));
        Ok(Some(signed))
    }

    /// Says that the password was typed again in a session, which gets another token: whoever had the old one has
    /// nothing.
    pub(crate) async fn prove(&self, signed: &Signed) -> Result<Token, Error> {
        let mut tx = self.db.begin().await?;
        let token = self.prove_in(&mut tx, signed).await?;
        tx.commit().await?;
        self.forget_session(signed.session);
        Ok(token)
    }

    /// As [`Sessions::prove`], together with what else a transaction does. After it what was believed of the session is
    /// to be forgotten.
    pub(crate) async fn prove_in(&self, tx: &mut Tx, signed: &Signed) -> Result<Token, Error> {
        let token = Token::random()?;
        if !store::update_session_proved(tx, signed.session, self.clock.now(), &token.hash()).await? {
            return Err(ApiError::NotSignedIn.into());
        }
        Ok(token)
    }

    /// Gives a session another token, because what its person may do has changed. The password was not typed for it.
    pub(crate) async fn renew(&self, signed: &Signed) -> Result<Opened, Error> {
        let token = Token::random()?;
        let mut tx = self.db.begin().await?;
        store::update_session_proved(&mut tx, signed.session, signed.proved_at, &token.hash()).await?;
        tx.commit().await?;
        self.forget_person(signed.person);
        Ok(Opened { token, max_age: signed.remembered.then_some(REMEMBERED) })
    }

    /// Closes the sockets of those who were shut out lately, by whichever process, and believes their sessions no more.
    /// To be called every second: one query.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn shut_out(&self) -> Result<(), Error> {
        if self.hub.connection_count() == 0 {
            return Ok(());
        }
        let since = self.clock.now().plus_seconds(-SHUT_OUT_LOOK);
        for person in telicat_store::owners::list_shut_out_since(&self.db, since).await? {
            self.have_ended(person, None);
            self.hub.depart(person);
        }
        Ok(())
    }

    /// What was believed of a person's sessions is asked anew: something about the person has changed.
    pub(crate) fn forget_person(&self, person: PersonId) {
        self.found().retain(|_, (_, signed)| signed.person != person);
    }

    fn forget_session(&self, session: SessionId) {
        self.found().retain(|_, (_, signed)| signed.session != session);
    }

    /// Whether a session has not ended.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_live(&self, session: SessionId) -> Result<bool, Error> {
        Ok(store::is_session_live(&self.db, session, self.clock.now()).await?)
    }

    /// Ends a session, and closes its sockets before it returns.
    ///
    /// # Errors
    /// When the database does not answer; the session may then live on.
    pub async fn end(&self, session: SessionId) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        store::delete_session(&mut tx, session).await?;
        tx.commit().await?;
        self.forget_session(session);
        self.hub.close_session(session);
        Ok(())
    }

    /// Ends one of a person's own sessions, and closes its sockets before it returns.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when it is nobody's or somebody else's, or has ended before.
    pub async fn end_own(&self, signed: &Signed, session: SessionId) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        if !store::delete_own_session(&mut tx, session, signed.person).await? {
            return Err(ApiError::NotFound.into());
        }
        tx.commit().await?;
        self.forget_session(session);
        self.hub.close_session(session);
        tracing::info!(person = %signed.person, "ended a session");
        Ok(())
    }

    /// Ends all of a person's sessions but the one that asks, and closes their sockets before it returns. Whoever calls
    /// it has asked for the password first.
    ///
    /// # Errors
    /// When the database does not answer; they may then live on.
    pub async fn end_others(&self, signed: &Signed) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        store::delete_sessions(&mut tx, signed.person, Some(signed.session)).await?;
        tx.commit().await?;
        self.have_ended(signed.person, Some(signed.session));
        tracing::info!(person = %signed.person, "ended all other sessions");
        Ok(())
    }

    /// After all sessions of a person were deleted, but one if that goes on: nothing is believed of them any more, and
    /// their sockets are closed.
    pub(crate) fn have_ended(&self, person: PersonId, but: Option<SessionId>) {
        self.forget_person(person);
        self.hub.close_person(person, but);
    }

    fn found(&self) -> MutexGuard<'_, HashMap<TokenHash, (Timestamp, Signed)>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
