//! A room, as it stands in the list of one person.

use crate::{Error, Services};
use telicat_domain::{ApiError, PersonId, RoomId, room::RoomEntry};

impl Services {
    /// How a person stands to a room at this moment; nothing when it does not exist for them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn room_entry(&self, person: PersonId, room: RoomId) -> Result<Option<RoomEntry>, Error> {
        match self.reading.entry(person, room).await {
            Ok(entry) => Ok(Some(entry)),
            Err(Error::Api(ApiError::NotFound)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
