//! What a person sees of their own account, at one place.

use crate::{Error, Services, Signed};
use telicat_domain::{
    Timestamp,
    account::{AccountSettings, Address, Addresses, SessionSummary, SignedIn},
    limits::PROOF_MINUTES,
};
use telicat_store::{addresses, exports, people, sessions};

/// A link to confirm an address may be sent again after this long, in seconds.
pub(crate) const LINK_EVERY: i64 = 180;

impl Services {
    /// All that the settings show. Four queries.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn account_settings(&self, signed: &Signed) -> Result<AccountSettings, Error> {
        let now = self.now();
        let (profile, password_changed_at) = people::get_own_profile(&self.db, signed.person).await?;
        Ok(AccountSettings {
            profile,
            addresses: self.addresses_of(signed, now).await?,
            password_changed_at,
            needs_password: needs_password(signed, now),
            sessions: self.sessions_of(signed, now).await?,
            export: exports::find_latest_export(&self.db, signed.person, now).await?,
        })
    }

    /// Where the person is signed in. One query.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn signed_in(&self, signed: &Signed) -> Result<SignedIn, Error> {
        let now = self.now();
        let sessions = self.sessions_of(signed, now).await?;
        Ok(SignedIn { sessions, needs_password: needs_password(signed, now) })
    }

    async fn addresses_of(&self, signed: &Signed, now: Timestamp) -> Result<Addresses, Error> {
        let found = addresses::list_addresses(&self.db, signed.person).await?;
        let (mut primary, mut others): (Vec<_>, Vec<_>) = found.into_iter().partition(|address| address.is_primary);
        let shown = |address: addresses::Address| Address {
            next_link_at: address.sent_at.map(|sent| sent.plus_seconds(LINK_EVERY)).filter(|next| *next > now),
            address: address.address,
            verified: address.verified,
        };
        others.truncate(1);
        Ok(Addresses {
            primary: primary.pop().map(shown).ok_or(Error::Fault("a person without an address"))?,
            pending: others.pop().map(shown),
        })
    }

    async fn sessions_of(&self, signed: &Signed, now: Timestamp) -> Result<Vec<SessionSummary>, Error> {
        let listed = sessions::list_sessions(&self.db, signed.person, now).await?;
        let mut sessions: Vec<SessionSummary> = listed
            .into_iter()
            .map(|session| SessionSummary {
                current: session.id == signed.session,
                id: session.id,
                agent: session.agent,
                address: session.address,
                created_at: session.created_at,
                last_seen_at: session.last_seen_at,
            })
            .collect();
        sessions.sort_by_key(|session| !session.current);
        Ok(sessions)
    }
}

/// Whether the password that was typed last no longer vouches for its person.
pub(crate) fn needs_password(signed: &Signed, now: Timestamp) -> bool {
    now >= signed.proved_at.plus_seconds(PROOF_MINUTES * 60)
}
