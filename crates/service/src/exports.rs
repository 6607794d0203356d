//! Copies of all of one's data: archives that are made in the background, one at a time.
//!
//! What is asked for is written down first, so that a restart takes it up again. The archive is written under another
//! name and gets its own when it is whole. Memory is bounded: messages are read and written page by page.

mod archive;

use crate::{Error, Signed, clock::Clock};
use archive::Part;
use serde::Serialize;
use serde_json::json;
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use telicat_domain::{
    ApiError, Message, PersonId, Timestamp,
    account::{Export, ExportState},
    event::Version,
};
use telicat_store::{Constraint, Db, addresses, exports as store, invitations, messages, new_id, people, sessions};
use tokio::{
    fs,
    sync::{Notify, mpsc, watch},
    task::{JoinHandle, spawn_blocking},
};
use uuid::Uuid;

/// An archive can be had for this long, in seconds.
const LIFETIME: i64 = 7 * 24 * 3600;
/// A new one can be asked for this long after the last, in seconds.
const EVERY: i64 = 3600;
/// Messages on a page; each is 40 kB at most.
const PAGE: i64 = 200;
/// What one message said before, at most so often.
const VERSIONS: i64 = 1_000;
/// Reactions and saved messages, at most: about 10 MB each.
const NAMED: i64 = 100_000;
/// Parts that wait to be written: pages of messages, mostly.
const WAITING: usize = 2;

/// Takes in who wants a copy, and hands them out.
pub struct Exports {
    db: Db,
    clock: Arc<dyn Clock>,
    folder: PathBuf,
    wake: Arc<Notify>,
    stop: watch::Sender<bool>,
    maker: Mutex<Option<JoinHandle<()>>>,
}

impl Exports {
    /// Starts the task that makes them, in a folder of their own.
    pub(crate) fn start(db: Db, clock: Arc<dyn Clock>, folder: PathBuf) -> Self {
        let (wake, stop) = (Arc::new(Notify::new()), watch::Sender::new(false));
        let maker = Maker { db: db.clone(), clock: clock.clone(), folder: folder.clone(), wake: wake.clone() };
        let maker = Mutex::new(Some(tokio::spawn(maker.run(stop.subscribe()))));
        Self { db, clock, folder, wake, stop, maker }
    }

    /// Has a copy made for who is signed in. While one is being made, that is it. The one before is gone.
    ///
    /// # Errors
    /// [`ApiError::RateLimited`] when the last one is less than an hour old.
    pub async fn request(&self, signed: &Signed) -> Result<(), Error> {
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        if let Some(last) = store::find_latest_export_in(&mut tx, signed.person).await? {
            let next_at = last.created_at.plus_seconds(EVERY);
            match last.state {
                ExportState::Making { .. } => return Ok(()),
                ExportState::Ready { .. } if now < next_at => {
                    let wait = (next_at.0 - now.0 + Timestamp::SECOND - 1) / Timestamp::SECOND;
                    return Err(ApiError::RateLimited { retry_after: u32::try_from(wait).unwrap_or(u32::MAX) }.into());
                }
                ExportState::Ready { .. } | ExportState::Failed => {}
            }
        }
        let before = store::delete_exports_of(&mut tx, signed.person).await?;
        let id = new_id(now);
        match store::insert_export(&mut tx, id, signed.person, now, now.plus_seconds(LIFETIME)).await {
            Ok(()) => tx.commit().await?,
            // Asked for twice at the same moment.
            Err(telicat_store::Error::Conflict(Constraint::Export)) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        self.remove_files(&before).await;
        tracing::info!(person = %signed.person, export = %id, "asked for a copy of all data");
        self.wake.notify_one();
        Ok(())
    }

    /// The copy that who is signed in asked for last, unless it has expired.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn latest(&self, signed: &Signed) -> Result<Option<Export>, Error> {
        Ok(store::find_latest_export(&self.db, signed.person, self.clock.now()).await?)
    }

    /// The file of a copy that is ready and belongs to who is signed in.
    ///
    /// # Errors
    /// [`ApiError::NotFound`].
    pub async fn file(&self, signed: &Signed, id: Uuid) -> Result<PathBuf, Error> {
        let ready = store::is_export_ready(&self.db, id, signed.person, self.clock.now()).await?;
        if ready { Ok(file_of(&self.folder, id)) } else { Err(ApiError::NotFound.into()) }
    }

    /// Removes the copies that have expired, and looks for one that waits. To be called now and then.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(crate) async fn tidy(&self) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        let expired = store::delete_expired_exports(&mut tx, self.clock.now()).await?;
        tx.commit().await?;
        self.remove_files(&expired).await;
        self.wake.notify_one();
        Ok(())
    }

    /// Removes the files of copies that are no longer known.
    pub(crate) async fn remove_files(&self, ids: &[Uuid]) {
        for id in ids {
            remove(&file_of(&self.folder, *id)).await;
        }
    }

    /// Stops making. What is not whole is begun again after the next start.
    pub(crate) async fn stop(&self) {
        self.stop.send_replace(true);
        let maker = self.maker.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(maker) = maker
            && let Err(error) = maker.await
        {
            tracing::error!(%error, "the maker of copies died");
        }
    }
}

fn file_of(folder: &Path, id: Uuid) -> PathBuf {
    folder.join(format!("{id}.zip"))
}

async fn remove(file: &Path) {
    match fs::remove_file(file).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(%error, file = %file.display(), "a copy of somebody's data could not be removed");
        }
        _ => {}
    }
}

/// The task that makes them.
struct Maker {
    db: Db,
    clock: Arc<dyn Clock>,
    folder: PathBuf,
    wake: Arc<Notify>,
}

impl Maker {
    async fn run(self, mut stop: watch::Receiver<bool>) {
        let work = async {
            if let Err(error) = self.remove_leftovers().await {
                tracing::warn!(%error, "what is left of copies could not be removed");
            }
            loop {
                match store::find_waiting_export(&self.db).await {
                    // Unless its end cannot even be written down: then not again at once.
                    Ok(Some((id, person))) if self.make(id, person).await => continue,
                    Ok(_) => {}
                    Err(error) => tracing::warn!(%error, "the copies that are wanted could not be looked up"),
                }
                self.wake.notified().await;
            }
        };
        tokio::select! {
            () = work => {}
            // An error means that nobody can say so any more, which says so too.
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }

    /// Removes files that no copy belongs to: of a crash in the middle, or of a database that was put back.
    async fn remove_leftovers(&self) -> Result<(), Error> {
        let Ok(mut files) = fs::read_dir(&self.folder).await else { return Ok(()) };
        let known = store::list_exports(&self.db).await?;
        while let Ok(Some(file)) = files.next_entry().await {
            let path = file.path();
            if !known.iter().any(|id| file_of(&self.folder, *id) == path) {
                remove(&path).await;
            }
        }
        Ok(())
    }

    /// Makes one. Says whether it was written down how that ended.
    async fn make(&self, id: Uuid, person: PersonId) -> bool {
        let file = file_of(&self.folder, id);
        let ended = match self.write(id, person, &file).await {
            Ok(Some(size)) => self.finish(id, size, &file).await,
            Ok(None) => Ok(()),
            Err(error) => {
                tracing::error!(%error, export = %id, "a copy of somebody's data could not be made");
                self.fail(id).await
            }
        };
        ended.inspect_err(|error| tracing::error!(%error, "the end of a copy could not be written down")).is_ok()
    }

    async fn finish(&self, id: Uuid, size: u64, file: &Path) -> Result<(), Error> {
        let expires_at = self.clock.now().plus_seconds(LIFETIME);
        let mut tx = self.db.begin().await?;
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        let wanted = store::update_export_ready(&mut tx, id, size, expires_at).await?;
        tx.commit().await?;
        if wanted {
            tracing::info!(export = %id, size, "made a copy of all data");
        } else {
            remove(file).await;
        }
        Ok(())
    }

    async fn fail(&self, id: Uuid) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        store::update_export_failed(&mut tx, id).await?;
        Ok(tx.commit().await?)
    }

    /// The bytes of the archive; nothing when nobody wants it any more.
    async fn write(&self, id: Uuid, person: PersonId, file: &Path) -> Result<Option<u64>, Error> {
        let (parts, waiting) = mpsc::channel(WAITING);
        let file = file.to_owned();
        let writing = spawn_blocking(move || archive::write(&file, waiting));
        let fed = Feed { maker: self, id, person, parts }.all().await;
        let written = writing.await.map_err(|_| Error::Fault("the writer of an archive died"))?;
        // When the disk is full, say, both have failed, and the writer knows why.
        let size = written.map_err(|error| {
            tracing::error!(%error, "an archive could not be written");
            Error::Fault("an archive could not be written")
        })?;
        fed?;
        Ok(size)
    }
}

/// Reads what goes into one archive, and gives it to its writer.
struct Feed<'a> {
    maker: &'a Maker,
    id: Uuid,
    person: PersonId,
    parts: mpsc::Sender<Part>,
}

/// A message in the archive.
#[derive(Serialize)]
struct Written<'a> {
    id: String,
    seq: i64,
    at: String,
    body: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    thread: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answers: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deleted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited_at: Option<String>,
    /// What it said before, the newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    before: Vec<Before>,
}

/// What a message said before.
#[derive(Serialize)]
struct Before {
    body: String,
    at: String,
}

impl Feed<'_> {
    /// Nothing more is given when nobody wants the archive any more; then it is not ended, and so not kept.
    async fn all(self) -> Result<(), Error> {
        let db = &self.maker.db;
        let all = messages::count_messages_of(db, self.person).await? + 1;
        if !self.is_at(0, all).await? {
            return Ok(());
        }
        self.account().await?;
        let mut done = 1;
        for (room, slug, name) in messages::list_rooms_of(db, self.person).await? {
            self.give(Part::Entry(format!("messages/{slug}.json"))).await?;
            let head = format!("{{\n\"room\": {},\n\"name\": {},\n\"messages\": [", json!(slug), json!(name));
            self.give(Part::Bytes(head.into_bytes())).await?;
            let (mut last, mut first) = (0, true);
            loop {
                let page = messages::list_messages_of(db, room, self.person, last, PAGE).await?;
                let Some(end) = page.last() else { break };
                last = end.seq;
                done += page.len() as i64;
                let before = self.versions(&page).await?;
                self.give(Part::Bytes(lines(&page, before, first)?)).await?;
                first = false;
                if !self.is_at(done.min(all), all).await? {
                    return Ok(());
                }
            }
            self.give(Part::Bytes(b"\n]\n}\n".to_vec())).await?;
        }
        self.give(Part::End).await
    }

    /// Everything but the messages.
    async fn account(&self) -> Result<(), Error> {
        let (db, now) = (&self.maker.db, self.maker.clock.now());
        let (own, password_changed_at) = people::get_own_profile(db, self.person).await?;
        let profile = own.profile;
        self.json(
            "account",
            &json!({
                "id": self.person,
                "username": profile.author.handle,
                "joined_at": profile.joined_at.rfc3339(),
                "password_changed_at": password_changed_at.map(Timestamp::rfc3339),
                "copied_at": now.rfc3339(),
            }),
        )
        .await?;
        self.json(
            "profile",
            &json!({ "display_name": profile.author.name, "about": profile.about, "visible_to_visitors": own.is_public }),
        )
        .await?;
        let addresses: Vec<_> = addresses::list_addresses(db, self.person).await?.into_iter().map(|address| {
            json!({ "address": address.address, "confirmed": address.verified, "primary": address.is_primary })
        }).collect();
        self.json("addresses", &addresses).await?;
        let sessions: Vec<_> = sessions::list_sessions(db, self.person, now)
            .await?
            .into_iter()
            .map(|session| {
                json!({
                    "created_at": session.created_at.rfc3339(),
                    "last_seen_at": session.last_seen_at.rfc3339(),
                    "address": session.address,
                    "browser": session.agent,
                })
            })
            .collect();
        self.json("sessions", &sessions).await?;
        let invitations: Vec<_> = invitations::list_invitations_by(db, self.person)
            .await?
            .into_iter()
            .map(|invitation| {
                json!({
                    "note": invitation.note,
                    "uses_left": invitation.uses_left,
                    "created_at": invitation.created_at.rfc3339(),
                    "expires_at": invitation.expires_at.rfc3339(),
                })
            })
            .collect();
        self.json("invitations", &invitations).await?;
        self.json("reactions", &named(messages::list_reactions_by(db, self.person, NAMED).await?)).await?;
        self.json("saved", &named(messages::list_saved_by(db, self.person, NAMED).await?)).await?;
        if let Some((small, large)) = store::find_picture_of(db, self.person).await? {
            for (name, bytes) in [("small", small), ("large", large)] {
                self.give(Part::Entry(format!("picture/{name}.webp"))).await?;
                self.give(Part::Bytes(bytes)).await?;
            }
        }
        Ok(())
    }

    /// What the messages of a page that were changed said before, each in its place.
    async fn versions(&self, page: &[Message]) -> Result<Vec<Vec<Version>>, Error> {
        let mut all = Vec::with_capacity(page.len());
        for message in page {
            all.push(match message.edited_at {
                Some(_) => messages::list_versions(&self.maker.db, message.id, VERSIONS).await?,
                None => Vec::new(),
            });
        }
        Ok(all)
    }

    async fn json(&self, name: &str, value: &impl Serialize) -> Result<(), Error> {
        let mut bytes = serde_json::to_vec_pretty(value).map_err(|_| Error::Fault("data that is no JSON"))?;
        bytes.push(b'\n');
        self.give(Part::Entry(format!("{name}.json"))).await?;
        self.give(Part::Bytes(bytes)).await
    }

    async fn give(&self, part: Part) -> Result<(), Error> {
        self.parts.send(part).await.map_err(|_| Error::Fault("the writer of an archive has stopped"))
    }

    /// Writes down how far it is. Says whether it is still wanted.
    async fn is_at(&self, done: i64, all: i64) -> Result<bool, Error> {
        let mut tx = self.maker.db.begin().await?;
        let wanted = store::update_export_progress(&mut tx, self.id, done, all).await?;
        tx.commit().await?;
        Ok(wanted)
    }
}

/// The messages of a page, each on a line.
fn lines(page: &[Message], before: Vec<Vec<Version>>, first: bool) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    for (place, (message, before)) in page.iter().zip(before).enumerate() {
        bytes.extend_from_slice(if first && place == 0 { b"\n" } else { b",\n" });
        let written = Written {
            id: message.id.to_string(),
            seq: message.seq,
            at: message.at.rfc3339(),
            body: &message.body,
            thread: message.root.map(|root| root.id.to_string()),
            answers: message.reply_to.as_ref().map(|quote| quote.message.to_string()),
            deleted: message.deleted,
            edited_at: message.edited_at.map(Timestamp::rfc3339),
            before: before.into_iter().map(|one| Before { body: one.body, at: one.at.rfc3339() }).collect(),
        };
        serde_json::to_writer(&mut bytes, &written).map_err(|_| Error::Fault("a message that is no JSON"))?;
    }
    Ok(bytes)
}

/// Reactions that were given, or messages that are kept: which, when, and what.
fn named(found: Vec<messages::Named>) -> Vec<serde_json::Value> {
    let one = |named: messages::Named| {
        let mut value = json!({ "id": named.id, "room": named.room, "seq": named.seq, "at": named.at.rfc3339() });
        if !named.emoji.is_empty() {
            value["emoji"] = named.emoji.into();
        }
        value
    };
    found.into_iter().map(one).collect()
}
