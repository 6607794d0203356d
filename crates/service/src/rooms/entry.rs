//! A room, as it stands in the list of one person.

use super::entry;
use crate::{Error, Services};
use telicat_domain::{
    PersonId, RoomId,
    limits::DIRECT_MAX,
    permission::{Action, Standing, may},
    room::{RoomEntry, RoomKind},
};
use telicat_store::{members, rooms as store};

impl Services {
    /// How a person stands to a room at this moment; nothing when it does not exist for them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn room_entry(&self, person: PersonId, room: RoomId) -> Result<Option<RoomEntry>, Error> {
        let found = store::find_room_by_id(&self.db, room, person).await?;
        let readable = |room: &store::Room| {
            may(Action::Read, room.summary.place(), Standing::of(room.summary.kind, room.role, false))
        };
        let Some(found) = found.filter(readable) else { return Ok(None) };
        let mut entry = entry(found);
        if entry.room.kind == RoomKind::Direct {
            entry.room.people = members::list_others(&self.db, room, person, DIRECT_MAX as i64).await?;
        }
        Ok(Some(entry))
    }
}
