//! What Telicat does: each use case once, whoever asks.
//!
//! Pages, server functions, the socket and the command line all come here. A call takes who asks ([`Signed`]) and
//! plain values, decides the right with `domain::permission`, and answers with domain types or an [`Error`]. Nothing
//! here knows of HTTP or of HTML. Time comes through [`clock::Clock`], so that every rule about it can be tested.

pub mod accounts;
pub mod addresses;
pub mod admin;
pub mod clock;
mod cores;
pub mod deletion;
mod error;
pub mod exports;
pub mod flash;
pub mod limiter;
pub mod live;
pub mod mail;
pub mod markdown;
pub mod messages;
mod owners;
pub mod people;
pub mod reading;
pub mod rooms;
pub mod secret;
pub mod sessions;
mod settings;
#[cfg(feature = "testing")]
pub mod testing;

pub use error::Error;
pub use sessions::Signed;

use clock::Clock;
use std::{path::PathBuf, sync::Arc};
use telicat_store::Db;

/// Pages that were open before a restart are told who took back their messages in these last days.
const ERASED_DAYS: i64 = 30;

/// Who may make an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signups {
    /// Everybody.
    Open,
    /// Who bears an invitation.
    Invite,
    /// Nobody.
    Closed,
}

/// What the one who runs the site decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address that people type, without a slash at its end: links in mail begin with it, and never with what a
    /// request says.
    pub base_url: String,
    /// Who may make an account.
    pub signups: Signups,
    /// Whether anything is limited by rate. Off only for measuring.
    pub rate_limits: bool,
    /// Whether an account begins only when its address is confirmed.
    pub verify_signups: bool,
    /// Who takes mail.
    pub mail: Arc<dyn mail::Transport>,
    /// The folder for copies of people's data. It is made when it is needed.
    pub exports: PathBuf,
    /// The address of the site's files. Clients compare it with that of their page, to see that there is a new version.
    pub assets: String,
}

/// Everything, put together. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// Sign up, log in.
    pub accounts: Arc<accounts::Accounts>,
    /// Addresses, and how they are confirmed.
    pub addresses: Arc<addresses::Addresses>,
    /// Mail that waits. Somebody has to run it.
    pub mails: Arc<mail::Mails>,
    /// Who is signed in where.
    pub sessions: Arc<sessions::Sessions>,
    /// Profiles and pictures.
    pub people: Arc<people::People>,
    /// What a person has read, and wants to hear.
    pub reading: Arc<reading::Reading>,
    /// Rooms and their history.
    pub rooms: Arc<rooms::Rooms>,
    /// Posting, and everything one does with a message.
    pub messages: Arc<messages::Messages>,
    /// Copies of all of one's data.
    pub exports: Arc<exports::Exports>,
    /// What a form without script carries over a redirect.
    pub flashes: Arc<flash::Flashes>,
    /// Who listens to what.
    pub hub: Arc<live::Hub>,
    base_url: Arc<str>,
    db: Db,
    clock: Arc<dyn Clock>,
}

impl Services {
    /// Puts the services on a database that was migrated, makes the public room if there is none, and starts the task
    /// that writes messages. Must be called inside a tokio runtime.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn start(db: Db, clock: Arc<dyn Clock>, settings: Settings) -> Result<Self, Error> {
        let rate_limits = settings.rate_limits;
        // Who was away for longer has closed the page, or loads it anew.
        let since = clock.now().plus_seconds(-ERASED_DAYS * 24 * 3600);
        let erased = telicat_store::messages::list_erased_authors(&db, since).await?;
        let hub = Arc::new(live::Hub::new(erased, settings.assets.clone()));
        let sessions = Arc::new(sessions::Sessions::new(db.clone(), clock.clone(), hub.clone()));
        let reading = Arc::new(reading::Reading::new(db.clone(), clock.clone(), hub.clone()));
        let rooms = rooms::Rooms::new(db.clone(), clock.clone(), reading.clone(), rate_limits);
        let rooms = Arc::new(rooms);
        rooms.ensure_public_room(clock.now()).await?;
        let mails = Arc::new(mail::Mails::new(db.clone(), clock.clone(), settings.mail.clone()));
        let base_url = settings.base_url.clone();
        let addresses =
            addresses::Addresses::new(db.clone(), clock.clone(), mails.clone(), base_url, settings.rate_limits);
        let addresses = Arc::new(addresses);
        let accounts = accounts::Accounts::new(
            db.clone(),
            clock.clone(),
            sessions.clone(),
            addresses.clone(),
            mails.clone(),
            &settings,
        )?;
        let exports = exports::Exports::start(db.clone(), clock.clone(), settings.exports.clone());
        Ok(Self {
            base_url: settings.base_url.as_str().into(),
            exports: Arc::new(exports),
            accounts: Arc::new(accounts),
            addresses,
            mails,
            people: Arc::new(people::People::new(
                db.clone(),
                clock.clone(),
                sessions.clone(),
                hub.clone(),
                rooms.clone(),
                rate_limits,
            )),
            messages: Arc::new(messages::Messages::start(
                db.clone(),
                clock.clone(),
                hub.clone(),
                rooms.clone(),
                rate_limits,
            )),
            flashes: Arc::new(flash::Flashes::new(db.clone(), clock.clone(), rate_limits)),
            sessions,
            reading,
            rooms,
            hub,
            db,
            clock,
        })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ready(&self) -> Result<(), Error> {
        Ok(self.db.ping().await?)
    }

    /// The moment, by the service's clock.
    #[must_use]
    pub fn now(&self) -> telicat_domain::Timestamp {
        self.clock.now()
    }

    /// Removes what has expired. To be called now and then.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tidy(&self) -> Result<(), Error> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        telicat_store::sessions::delete_expired_sessions(&mut tx, now).await?;
        telicat_store::flashes::delete_expired_flashes(&mut tx, now).await?;
        telicat_store::tokens::delete_expired_tokens(&mut tx, now).await?;
        // As long as the link that would have begun them works.
        let before = now.plus_seconds(-3 * 24 * 3600);
        telicat_store::people::delete_waiting_people(&mut tx, before).await?;
        telicat_store::invitations::delete_dead_invitations(&mut tx, now).await?;
        telicat_store::handles::delete_free_handles(&mut tx, now).await?;
        tx.commit().await?;
        self.purge_rooms().await?;
        self.forget_deleted().await?;
        self.exports.tidy().await
    }

    /// Removes for good the texts of deleted messages that can no longer be brought back. To be called twice a minute.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn forget_deleted(&self) -> Result<(), Error> {
        let before = self.clock.now().plus_seconds(-2 * telicat_domain::limits::UNDO_SECONDS);
        let mut tx = self.db.begin().await?;
        telicat_store::messages::delete_old_versions(&mut tx, before).await?;
        Ok(tx.commit().await?)
    }

    /// Moves what was written from the database's log into the database. To be called every second or so.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn checkpoint(&self) -> Result<(), Error> {
        Ok(self.db.checkpoint().await?)
    }

    /// Finishes the posts that are under way and closes the database.
    pub async fn stop(&self) {
        self.messages.stop().await;
        self.exports.stop().await;
        self.db.close().await;
    }
}
