//! The end of an account.

use crate::{
    Error, Services, Signed,
    mail::letters::Letter,
    rooms::{News, hand_over},
    secret::{Secret, random_bytes},
};
use telicat_domain::{
    ApiError, Author, Handle, PersonId, frame::ServerFrame, limits::HANDLE_RETIRED_DAYS, person::DELETED_PERSON,
};
use telicat_store::{
    Constraint, deletion as store, exports, handles, mails, members, messages::erase_messages, owners,
};
use uuid::Uuid;

/// Tries to find a tombstone that nobody has: one in four thousand million is taken by each account that was deleted.
const TRIES: usize = 5;

/// What becomes of the messages of somebody who goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// They stay, by "Deleted person".
    Keep,
    /// Their texts go too, everywhere and for good.
    Erase,
}

/// What was done inside the transaction, and is to be said after it.
struct Gone {
    author: Author,
    exports: Vec<Uuid>,
    rooms: Vec<News>,
}

impl Services {
    /// Deletes the account of who is signed in: whatever is known of the person but the authorship of the messages. A
    /// receipt is sent to the first address. When this returns, all sessions are over and their sockets closed.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] when the password, which is always asked for, is wrong; [`ApiError::LastOwner`] when the
    /// site would have nobody to run it; [`ApiError::RateLimited`], [`ApiError::Busy`].
    pub async fn delete_account(&self, signed: &Signed, password: Secret, fate: Fate) -> Result<(), Error> {
        self.accounts.insist(signed, password).await?;
        let signed = signed.clone();
        self.carry_out(|services| async move { services.delete(&signed, fate).await }).await
    }

    async fn delete(&self, signed: &Signed, fate: Fate) -> Result<(), Error> {
        let mut tries = 1;
        let gone = loop {
            match self.bury(signed.person, fate).await {
                Ok(None) | Err(Error::Store(telicat_store::Error::Conflict(Constraint::Handle))) if tries < TRIES => {}
                outcome => break outcome?.ok_or(ApiError::Busy { retry_after: 1 })?,
            }
            tries += 1;
        };
        self.mails.wake();
        self.sessions.have_ended(signed.person, None);
        self.hub.depart(signed.person);
        self.rooms.forget_pages();
        if fate == Fate::Erase {
            self.hub.erase(signed.person);
        }
        self.hub.tell_everybody(&ServerFrame::Person { author: gone.author });
        for news in gone.rooms {
            self.tell(news).await;
        }
        self.exports.remove_files(&gone.exports).await;
        tracing::info!(person = %signed.person, erased = fate == Fate::Erase, "deleted the account");
        Ok(())
    }

    /// Nothing when the person was brought into a room meanwhile, and all has to be done again.
    async fn bury(&self, person: PersonId, fate: Fate) -> Result<Option<Gone>, Error> {
        let now = self.now();
        let tombstone = Handle::tombstone(u32::from_le_bytes(random_bytes()?));
        let mut tx = self.db.begin().await?;
        // Rooms before people, as whoever posts holds them, or each might wait for the other.
        let rooms = members::list_private_rooms(&mut tx, person).await?;
        for room in &rooms {
            telicat_store::rooms::lock_room_by_id(&mut tx, room.id, person).await?;
        }
        if owners::list_owners_for_update(&mut tx).await? == [person] {
            return Err(ApiError::LastOwner.into());
        }
        let ending = store::find_ending(&mut tx, person).await?.ok_or(ApiError::NotSignedIn)?;
        // First the person: from here on nobody posts for them.
        store::update_to_tombstone(&mut tx, person, &tombstone, DELETED_PERSON, now).await?;
        let author = Author {
            id: person,
            handle: tombstone,
            name: Some(DELETED_PERSON.to_owned()),
            picture: None,
            deleted: true,
        };
        // From here on nobody brings the person into a room; and who left one before has nothing to hand over.
        let still_in = members::list_private_rooms(&mut tx, person).await?;
        if !still_in.iter().all(|room| rooms.contains(room)) {
            return Ok(None);
        }
        let rooms = hand_over(&mut tx, &author, &still_in, now).await?;
        let free_at = now.plus_seconds(HANDLE_RETIRED_DAYS * 24 * 3600);
        handles::insert_retired_handle(&mut tx, &ending.handle.folded(), None, free_at).await?;
        if fate == Fate::Erase {
            erase_messages(&mut tx, person, now).await?;
        }
        store::delete_belongings(&mut tx, person).await?;
        let exports = exports::delete_exports_of(&mut tx, person).await?;
        mails::insert_mail(&mut tx, &receipt(&ending.handle, &self.base_url, fate).to(&ending.address, now)).await?;
        tx.commit().await?;
        Ok(Some(Gone { author, exports, rooms }))
    }
}

/// What whoever goes is written last.
fn receipt(handle: &Handle, base_url: &str, fate: Fate) -> Letter<'static> {
    let site = base_url.split_once("://").map_or(base_url, |(_, host)| host);
    let messages = match fate {
        Fate::Keep => "The messages that you wrote stay where they are, without your name.",
        Fate::Erase => "The texts of all messages that you wrote are gone, too.",
    };
    Letter {
        subject: format!("Your account on {site} is deleted"),
        paragraphs: vec![
            format!("Your account @{handle} on {site} is deleted, as was asked for with its password."),
            format!(
                "Your profile, your picture, your addresses, your sessions and the copies of your data are gone, and \
                 nobody can take the name @{handle} for {HANDLE_RETIRED_DAYS} days. {messages}"
            ),
        ],
        link: None,
        foot: vec![
            "This is the last mail from there. If it was not you who asked for this, write to whoever runs the site."
                .to_owned(),
        ],
    }
}
