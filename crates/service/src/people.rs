//! Profiles: what people say of themselves, who may see it, and telling others when it changes.

mod picture;

use crate::{Error, Signed, clock::Clock, cores::Cores, limiter::Limiter, live::Hub, rooms::Rooms, sessions::Sessions};
use std::sync::Arc;
use telicat_domain::{
    About, ApiError, Author, DisplayName, Field, FieldError, Handle, PersonId, PictureId, Problem, Profile, RoomId,
    Timestamp,
    account::OwnProfile,
    limits::{HANDLE_RETIRED_DAYS, PICTURE_MAX},
    permission::may_see_profile,
};
use telicat_store::{
    Constraint, Db,
    completion::{self, Typed},
    handles, new_id, people, pictures, profiles, rooms,
};
use tokio::sync::Mutex;

pub use telicat_store::pictures::Size;

/// Pictures that may wait for a core: each of them is in memory.
const QUEUE: usize = 4;
/// People in one answer about what somebody begins to type.
const COMPLETED: i64 = 10;
/// Whoever reads now may miss a change that was stamped this many seconds ago and is still being written.
const UNSETTLED: i64 = 30;

/// Up to when all changes of people are known to whoever reads now.
pub(crate) fn known_by(now: Timestamp) -> Timestamp {
    now.plus_seconds(-UNSETTLED)
}

/// Profiles.
pub struct People {
    db: Db,
    clock: Arc<dyn Clock>,
    sessions: Arc<Sessions>,
    hub: Arc<Hub>,
    pages: Arc<Rooms>,
    cores: Cores,
    edits_by_person: Limiter<PersonId>,
    renames_by_person: Limiter<PersonId>,
    /// Held while somebody's name is read and told, so that of two changes the last is told last.
    telling: Mutex<()>,
}

/// What somebody changes about their profile. What is nothing stays as it is.
#[derive(Debug, Default)]
pub struct Edit<'a> {
    /// The display name; empty to go by the handle.
    pub display_name: Option<&'a str>,
    /// What they say of themselves.
    pub about: Option<&'a str>,
    /// Their picture.
    pub picture: Picture,
}

/// What becomes of a picture.
#[derive(Debug, Default)]
pub enum Picture {
    /// It stays.
    #[default]
    Keep,
    /// It goes.
    Remove,
    /// This file takes its place.
    Replace(Vec<u8>),
    /// A file that is larger than can be taken was to take its place.
    TooLarge,
}

impl People {
    pub(crate) fn new(
        db: Db,
        clock: Arc<dyn Clock>,
        sessions: Arc<Sessions>,
        hub: Arc<Hub>,
        pages: Arc<Rooms>,
        rate_limits: bool,
    ) -> Self {
        Self {
            db,
            clock,
            sessions,
            hub,
            pages,
            cores: Cores::new(QUEUE),
            edits_by_person: Limiter::new(20, 60, rate_limits),
            renames_by_person: Limiter::new(10, 24 * 3600, rate_limits),
            telling: Mutex::new(()),
        }
    }

    /// What others see of the person with this handle, in any letter case; of the one who has left the handle for
    /// another, which is then the one in the profile. One query.
    ///
    /// # Errors
    /// [`ApiError::NotFound`], also when a visitor may not see it.
    pub async fn profile(&self, viewer: Option<&Signed>, handle: &str) -> Result<Profile, Error> {
        let handle = Handle::parse(handle).map_err(|_| ApiError::NotFound)?;
        let found = profiles::find_profile(&self.db, &handle.folded(), self.clock.now()).await?;
        let seen = found.filter(|found| may_see_profile(found.is_public, viewer.is_some()));
        Ok(seen.ok_or(ApiError::NotFound)?.profile)
    }

    /// People whom one may want to call in a room, or to bring into one when none is named: those whose handle or name has
    /// something in it, at most 10. Of a room its people, in a public one everybody; who wrote last comes first. Two
    /// queries, or one.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn complete(&self, signed: &Signed, room: Option<&str>, typed: &str) -> Result<Vec<Author>, Error> {
        let typed = Typed::new(typed.trim().trim_start_matches('@'));
        Ok(match room.filter(|room| !room.is_empty()) {
            Some(slug) => {
                let room = self.pages.readable(signed, slug).await?;
                completion::complete_in_room(&self.db, room.id, signed.person, &typed, COMPLETED).await?
            }
            None => completion::complete_anywhere(&self.db, signed.person, &typed, COMPLETED).await?,
        })
    }

    /// What somebody sees of their own profile. One query.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn own(&self, signed: &Signed) -> Result<OwnProfile, Error> {
        Ok(people::get_own_profile(&self.db, signed.person).await?.0)
    }

    /// A file of a picture, as WebP. One query.
    ///
    /// # Errors
    /// [`ApiError::NotFound`], also when a visitor may not see whose it is.
    pub async fn picture(&self, viewer: Option<&Signed>, picture: PictureId, size: Size) -> Result<Vec<u8>, Error> {
        let found = pictures::find_picture(&self.db, picture, size).await?;
        let seen = found.filter(|(_, is_public)| may_see_profile(*is_public, viewer.is_some()));
        Ok(seen.ok_or(ApiError::NotFound)?.0)
    }

    /// Changes a profile, all of it or nothing.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] with every field that cannot be taken, [`ApiError::RateLimited`], [`ApiError::Busy`].
    pub async fn edit(&self, signed: &Signed, edit: Edit<'_>) -> Result<(), Error> {
        self.edits_by_person.take(signed.person, self.clock.now())?;
        let before = self.own(signed).await?.profile;
        let name = edit.display_name.map_or_else(
            || Ok(before.author.name.clone()),
            |typed| DisplayName::parse(typed).map(|name| name.map(|name| name.as_str().to_owned())),
        );
        let about = edit.about.map_or_else(
            || Ok(before.about.clone()),
            |typed| About::parse(typed).map(|about| about.as_str().to_owned()),
        );
        let too_large = match &edit.picture {
            Picture::TooLarge => true,
            Picture::Replace(file) => file.len() > PICTURE_MAX,
            Picture::Keep | Picture::Remove => false,
        };
        let problems = [
            (Field::DisplayName, name.as_ref().err().copied()),
            (Field::About, about.as_ref().err().copied()),
            (Field::Avatar, too_large.then_some(Problem::TooLarge { max_bytes: PICTURE_MAX })),
        ];
        let (Ok(name), Ok(about), false) = (name, about, too_large) else {
            let fields =
                problems.into_iter().filter_map(|(field, problem)| Some(FieldError { field, problem: problem? }));
            return Err(Error::invalid(fields.collect()));
        };

        let removes = matches!(edit.picture, Picture::Remove) && before.author.picture.is_some();
        let converted = match edit.picture {
            Picture::Replace(file) => Some(self.cores.run(move || picture::convert(&file)).await??),
            Picture::Keep | Picture::Remove | Picture::TooLarge => None,
        };
        let now = self.clock.now();
        let shows = name != before.author.name || removes || converted.is_some();
        let mut tx = self.db.begin().await?;
        if !profiles::update_profile(&mut tx, signed.person, name.as_deref(), &about, now).await? {
            return Err(ApiError::NotSignedIn.into());
        }
        if let Some(picture::Converted { small, large }) = converted {
            let new = pictures::NewPicture { id: PictureId(new_id(now)), person: signed.person, small, large, at: now };
            pictures::replace_picture(&mut tx, &new).await?;
        } else if removes {
            pictures::remove_picture(&mut tx, signed.person, now).await?;
        }
        tx.commit().await?;
        if shows {
            self.tell(signed.person).await;
        }
        Ok(())
    }

    /// Takes one's picture away. Doing so twice is no error.
    ///
    /// # Errors
    /// [`ApiError::RateLimited`]; when the database does not answer.
    pub async fn remove_picture(&self, signed: &Signed) -> Result<(), Error> {
        self.edit(signed, Edit { picture: Picture::Remove, ..Edit::default() }).await
    }

    /// Gives somebody another handle. Who comes by the old one is led on for 30 days, in which nobody else can take it.
    /// The one who asks must have proved who they are.
    ///
    /// # Errors
    /// [`ApiError::Invalid`] for [`Field::Username`]; [`ApiError::RateLimited`] after 10 in a day.
    pub async fn rename(&self, signed: &Signed, username: &str) -> Result<(), Error> {
        let refuse = |problem| Error::from(ApiError::field(Field::Username, problem));
        let handle = Handle::parse(username).map_err(refuse)?;
        let now = self.clock.now();
        self.renames_by_person.look(&signed.person, now)?;
        let free_at = now.plus_seconds(HANDLE_RETIRED_DAYS * 24 * 3600);
        let mut tx = self.db.begin().await?;
        match handles::update_handle(&mut tx, signed.person, &handle, now, free_at).await {
            Ok(old) if old == handle => return Err(refuse(Problem::Unchanged)),
            Ok(old) => {
                tx.commit().await?;
                tracing::info!(person = %signed.person, %old, new = %handle, "took another handle");
            }
            Err(telicat_store::Error::Conflict(Constraint::Handle)) => return Err(refuse(Problem::Taken)),
            Err(error) if error.is_missing() => return Err(ApiError::NotSignedIn.into()),
            Err(error) => return Err(error.into()),
        }
        self.renames_by_person.count(signed.person, now);
        self.tell(signed.person).await;
        Ok(())
    }

    /// Says whether visitors see one's profile.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn set_public(&self, signed: &Signed, is_public: bool) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        profiles::update_visibility(&mut tx, signed.person, is_public).await?;
        Ok(tx.commit().await?)
    }

    /// Tells everybody who shares a room with a person how they are called and look now. What was written stays written
    /// when this fails: whoever was not told asks when they come back.
    pub(crate) async fn tell(&self, person: PersonId) {
        self.sessions.forget_person(person);
        self.pages.forget_pages();
        let _turn = self.telling.lock().await;
        let told = async {
            let author = profiles::get_author(&self.db, person).await?;
            let rooms = rooms::list_heads(&self.db, person).await?;
            let rooms: Vec<RoomId> = rooms.into_iter().map(|room| room.id).collect();
            self.hub.publish_person(&author, &rooms);
            Ok::<(), telicat_store::Error>(())
        };
        if let Err(error) = told.await {
            tracing::warn!(%error, %person, "the change of a person could not be told");
        }
    }
}
