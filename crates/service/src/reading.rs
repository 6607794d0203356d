//! The list of a person's rooms, how far they have read in each, and what they want to hear of it.

use crate::{Error, Signed, clock::Clock, live::Hub};
use std::sync::Arc;
use telicat_domain::{
    ApiError, PersonId, RoomId, RoomSlug, Timestamp,
    frame::ServerFrame,
    permission::{Action, Standing, may},
    room::{Involvement, ReadState, RoomEntry},
};
use telicat_store::{
    Db, Tx, reading as store,
    rooms::{RoomKey, find_role_in, find_room, find_room_in},
};
use tokio::sync::Mutex;

/// The longest time for which a room may be silent, in minutes: a year. Longer is [`Involvement::Nothing`].
const MUTE_MAX: i64 = 365 * 24 * 60;

/// Reading positions.
pub struct Reading {
    db: Db,
    clock: Arc<dyn Clock>,
    hub: Arc<Hub>,
    /// Held while a choice is read and told, so that of two the last is told last. Reading positions have numbers of
    /// their own.
    telling: Mutex<()>,
}

/// Where a person's reading is moved to.
#[derive(Debug, Clone, Copy)]
enum Move {
    /// On to an event.
    To(i64),
    /// To before a message, forwards or back.
    Before(i64),
}

impl Reading {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, hub: Arc<Hub>) -> Self {
        Self { db, clock, hub, telling: Mutex::new(()) }
    }

    /// The rooms of a person, in no order. Two queries, however many there are.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list(&self, signed: &Signed) -> Result<Vec<RoomEntry>, Error> {
        Ok(self.list_with_ids(signed.person).await?.into_iter().map(|(_, entry)| entry).collect())
    }

    /// The same, each with its identifier.
    pub(crate) async fn list_with_ids(&self, person: PersonId) -> Result<Vec<(RoomId, RoomEntry)>, Error> {
        let mut entries = store::list_entries(&self.db, person).await?;
        entries.retain(|(_, entry)| entry.may(Action::Read, false));
        Ok(entries)
    }

    /// One room as the person's list shows it: all that the frame `room` says.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when it is no room of this person.
    pub async fn entry(&self, person: PersonId, room: RoomId) -> Result<RoomEntry, Error> {
        let entry = store::find_entry(&self.db, person, room).await?;
        Ok(entry.filter(|entry| entry.may(Action::Read, false)).ok_or(ApiError::NotFound)?)
    }

    /// The same by its name in the address, with its identifier. Two queries.
    pub(crate) async fn entry_named(&self, person: PersonId, room: &str) -> Result<(RoomId, RoomEntry), Error> {
        let slug = RoomSlug::parse(room).map_err(|_| ApiError::NotFound)?;
        let entry = store::find_entry_named(&self.db, person, &slug).await?;
        Ok(entry.filter(|(_, entry)| entry.may(Action::Read, false)).ok_or(ApiError::NotFound)?)
    }

    /// The room of that name if the person may read it, or else the public one: where who comes back goes.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn last_room(&self, signed: &Signed, remembered: Option<&RoomSlug>) -> Result<RoomSlug, Error> {
        let Some(slug) = remembered else { return Ok(RoomSlug::public_chat()) };
        let found = find_room(&self.db, slug.as_str(), signed.person).await?;
        let readable = found.is_some_and(|room| {
            may(Action::Read, room.summary.place(), Standing::of(room.summary.kind, room.role, false))
        });
        Ok(if readable { slug.clone() } else { RoomSlug::public_chat() })
    }

    /// The person has read a room up to an event. What was read stays read, and nothing is read that is not there yet.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn read(&self, signed: &Signed, room: &str, seq: i64) -> Result<ReadState, Error> {
        self.move_reading(signed, room, Move::To(seq)).await
    }

    /// The person has read a room up to before the message `seq`, wherever that was before.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn unread(&self, signed: &Signed, room: &str, seq: i64) -> Result<ReadState, Error> {
        self.move_reading(signed, room, Move::Before(seq)).await
    }

    async fn move_reading(&self, signed: &Signed, room: &str, to: Move) -> Result<ReadState, Error> {
        let mut tx = self.db.begin().await?;
        let room = self.own_room(&mut tx, signed, room).await?;
        let changed = match to {
            Move::To(seq) => store::update_read(&mut tx, room.id, signed.person, seq).await?,
            Move::Before(seq) => store::update_unread(&mut tx, room.id, signed.person, seq.saturating_sub(1)).await?,
        };
        let state = match store::get_read_state(&mut tx, room.id, signed.person).await {
            // Who was removed at this moment.
            Err(error) if error.is_missing() => return Err(ApiError::NotFound.into()),
            state => state?,
        };
        tx.commit().await?;
        if changed {
            self.hub.tell(&[signed.person], &ServerFrame::Read { room: room.slug, state: state.clone() });
        }
        Ok(state)
    }

    /// Puts a room above the others of a person, or not.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn favour(&self, signed: &Signed, room: &str, on: bool) -> Result<RoomEntry, Error> {
        let mut tx = self.db.begin().await?;
        let room = self.own_room(&mut tx, signed, room).await?;
        store::update_favourite(&mut tx, room.id, signed.person, on).await?;
        tx.commit().await?;
        self.tell_choice(signed, room.id).await
    }

    /// Says what a person wants to hear of a room, by name, and for how many minutes from now on nothing at all: 0 is no
    /// longer, and when nothing is said that stays as it is.
    ///
    /// # Errors
    /// [`ApiError::BadRequest`] when there is no such involvement, or for more than a year;
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub async fn involve(
        &self,
        signed: &Signed,
        room: &str,
        involvement: &str,
        mute: Option<i64>,
    ) -> Result<RoomEntry, Error> {
        let involvement = Involvement::named(involvement).ok_or(ApiError::BadRequest)?;
        let muted_until = match mute {
            None => None,
            Some(0) => Some(Timestamp(0)),
            Some(minutes @ 1..=MUTE_MAX) => Some(self.clock.now().plus_seconds(minutes * 60)),
            Some(_) => return Err(ApiError::BadRequest.into()),
        };
        let mut tx = self.db.begin().await?;
        let room = self.own_room(&mut tx, signed, room).await?;
        store::update_involvement(&mut tx, room.id, signed.person, involvement, muted_until).await?;
        tx.commit().await?;
        self.tell_choice(signed, room.id).await
    }

    /// A room that the person may read, with a row of theirs in it.
    async fn own_room(&self, tx: &mut Tx, signed: &Signed, room: &str) -> Result<RoomKey, Error> {
        let slug = RoomSlug::parse(room).map_err(|_| ApiError::NotFound)?;
        let room = find_room_in(tx, slug.as_str()).await?.ok_or(ApiError::NotFound)?;
        let role = find_role_in(tx, room.id, signed.person).await?;
        if !may(Action::Read, room.place(), Standing::of(room.kind, role, false)) {
            return Err(ApiError::NotFound.into());
        }
        if role.is_none() {
            store::insert_reader(tx, room.id, signed.person, self.clock.now()).await?;
        }
        Ok(room)
    }

    async fn tell_choice(&self, signed: &Signed, room: RoomId) -> Result<RoomEntry, Error> {
        let _turn = self.telling.lock().await;
        let entry = self.entry(signed.person, room).await?;
        self.hub.tell(&[signed.person], &ServerFrame::Room { room: Box::new(entry.clone()) });
        Ok(entry)
    }
}
