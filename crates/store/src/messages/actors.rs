//! Whoever does something in a room.

use crate::{Error, Tx, backend::each_backend, many::Many};
use std::sync::LazyLock;
use telicat_domain::{PersonId, RoomId, permission::Role};

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[];
#[cfg(test)]
pub(crate) const ALL_MANY: &[&LazyLock<Many>] = &[&FIND_ACTOR];

/// The person stays as found until the end of the transaction: who deletes the account waits.
static FIND_ACTOR: LazyLock<Many> = LazyLock::new(|| {
    Many::new(
        "WITH wanted (room_id, person_id) AS (VALUES",
        2,
        ") SELECT k.role, p.is_owner FROM wanted w JOIN people p ON p.id = w.person_id
            LEFT JOIN memberships k ON k.room_id = w.room_id AND k.person_id = w.person_id
        WHERE p.deleted_at IS NULL AND p.deactivated_at IS NULL",
    )
    .locking(" FOR KEY SHARE OF p")
});

/// Finds the role that a person has in a room, and whether they run the site; nothing when there is no account any more
/// that could do anything.
///
/// # Errors
/// [`Error::Database`], [`Error::Corrupt`].
pub async fn find_actor(tx: &mut Tx, room: RoomId, person: PersonId) -> Result<Option<(Option<Role>, bool)>, Error> {
    let (text, _) = FIND_ACTOR.room_for(tx, 1);
    let row: Option<(Option<String>, bool)> = each_backend!(write tx, on =>
        sqlx::query_as(text).bind(room.0).bind(person.0).fetch_optional(on).await)?;
    row.map(|(role, runs_site)| {
        let role = role.map(|name| Role::named(&name).ok_or(Error::Corrupt("the role of a member"))).transpose()?;
        Ok((role, runs_site))
    })
    .transpose()
}
