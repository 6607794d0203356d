//! A room, held inside a transaction by somebody who wants to change it.

use crate::{Error, Signed};
use telicat_domain::{
    ApiError, RoomId, RoomSlug,
    permission::{self, Action, Standing, may},
};
use telicat_store::{Tx, rooms};

/// A room that who asks may read. Until the end of the transaction nobody else changes it, so that what is decided by it
/// stays true.
pub(super) struct Inside {
    pub(super) room: rooms::Room,
    standing: Standing,
}

impl Inside {
    /// Finds and holds a room.
    ///
    /// # Errors
    /// [`ApiError::NotFound`] when there is no such room for this person.
    pub(super) async fn enter(tx: &mut Tx, signed: &Signed, slug: &str) -> Result<Self, Error> {
        let slug = RoomSlug::parse(slug).map_err(|_| ApiError::NotFound)?;
        let room = rooms::lock_room(tx, slug.as_str(), signed.person).await?.ok_or(ApiError::NotFound)?;
        let standing = Standing::of(room.summary.kind, room.role, signed.is_owner);
        let inside = Self { room, standing };
        if inside.may(Action::Read) { Ok(inside) } else { Err(ApiError::NotFound.into()) }
    }

    /// Whether who asks may do something here.
    pub(super) fn may(&self, action: Action) -> bool {
        may(action, self.room.summary.place(), self.standing)
    }

    /// That who asks may do something here.
    ///
    /// # Errors
    /// As [`permission::require`].
    pub(super) fn require(&self, action: Action) -> Result<(), Error> {
        Ok(permission::require(action, self.room.summary.place(), self.standing)?)
    }

    pub(super) fn id(&self) -> RoomId {
        self.room.id
    }

    pub(super) fn slug(&self) -> &RoomSlug {
        &self.room.summary.slug
    }
}
