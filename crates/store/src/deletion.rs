//! The end of an account: nothing about the person is left but the authorship of the messages.

use crate::{Error, Tx, backend::each_backend};
use telicat_domain::{Handle, PersonId, Timestamp};

#[cfg(test)]
pub(crate) const ALL: &[&str] = &[
    FIND_ENDING,
    BURY_PERSON,
    DELETE_MAILS_TO,
    DELETE_ADDRESSES,
    DELETE_SESSIONS,
    DELETE_TOKENS,
    DELETE_PICTURES,
    DELETE_INVITATIONS,
    DELETE_MEMBERSHIPS,
    DELETE_ROOM_LINKS,
    DELETE_SAVED,
    DELETE_FOLLOWS,
    DELETE_REMOVALS,
    FORGET_EARLIER_HANDLES,
];

/// What has to be known of somebody whose account ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// The handle, as it was written.
    pub handle: Handle,
    /// Where the receipt goes.
    pub address: String,
}

const FIND_ENDING: &str = "
    SELECT p.handle, e.address FROM people p JOIN email_addresses e ON e.person_id = p.id AND e.is_primary
    WHERE p.id = $1 AND p.deleted_at IS NULL";

/// Finds somebody who wants to go, unless they have gone.
///
/// # Errors
/// [`Error::Database`].
pub async fn find_ending(tx: &mut Tx, person: PersonId) -> Result<Option<Ending>, Error> {
    let row: Option<(String, String)> =
        each_backend!(write tx, on => sqlx::query_as(FIND_ENDING).bind(person.0).fetch_optional(on).await)?;
    Ok(row.map(|(handle, address)| Ending { handle: Handle::from_stored(handle), address }))
}

// A hash that no password has: it is none.
const BURY_PERSON: &str = "
    UPDATE people SET handle = $2, handle_folded = $2, display_name = $3, about = '', picture_id = NULL,
        password_hash = '!', password_changed_at = NULL, is_public = FALSE, is_owner = FALSE, deactivated_at = NULL,
        changed_at = $4, deleted_at = $4
    WHERE id = $1";

/// Leaves of a person what the messages need. Whoever posts for the person at this moment is waited for, and whoever
/// does so later is refused.
///
/// # Errors
/// [`Error::Conflict`] with [`Constraint::Handle`](crate::Constraint::Handle) when the tombstone is taken: do all again
/// with another. [`Error::Database`].
pub async fn update_to_tombstone(
    tx: &mut Tx,
    person: PersonId,
    tombstone: &Handle,
    name: &str,
    at: Timestamp,
) -> Result<(), Error> {
    each_backend!(write tx, on => sqlx::query(BURY_PERSON)
        .bind(person.0)
        .bind(tombstone.as_str())
        .bind(name)
        .bind(at.0)
        .execute(on).await.map(drop))?;
    Ok(())
}

// Only what is surely this person's: an address that was merely claimed may be another's, whose mail must go.
const DELETE_MAILS_TO: &str = "
    DELETE FROM mails WHERE recipient IN (
        SELECT address FROM email_addresses WHERE person_id = $1 AND (is_primary OR verified))";

const DELETE_ADDRESSES: &str = "DELETE FROM email_addresses WHERE person_id = $1";
const DELETE_SESSIONS: &str = "DELETE FROM sessions WHERE person_id = $1";
const DELETE_TOKENS: &str = "DELETE FROM tokens WHERE person_id = $1";
const DELETE_PICTURES: &str = "DELETE FROM pictures WHERE person_id = $1";
const DELETE_INVITATIONS: &str = "DELETE FROM invitations WHERE created_by = $1";
// Those who talked with the person in a direct room still see with whom: with somebody whose account is gone.
const DELETE_MEMBERSHIPS: &str = "
    DELETE FROM memberships WHERE person_id = $1 AND room_id NOT IN (SELECT id FROM rooms WHERE kind = 'direct')";
const DELETE_ROOM_LINKS: &str = "DELETE FROM room_links WHERE created_by = $1";
const DELETE_SAVED: &str = "DELETE FROM saved_messages WHERE person_id = $1";
const DELETE_FOLLOWS: &str = "DELETE FROM thread_follows WHERE person_id = $1";
const DELETE_REMOVALS: &str = "DELETE FROM removals WHERE person_id = $1";
const FORGET_EARLIER_HANDLES: &str = "UPDATE retired_handles SET person_id = NULL WHERE person_id = $1";

/// Removes mail that waits, addresses, sessions, tokens, pictures, invitations, links into rooms, what was saved and
/// followed, and memberships of a person, but those in direct rooms. Handles that the person left before lead to nobody.
///
/// # Errors
/// [`Error::Database`].
pub async fn delete_belongings(tx: &mut Tx, person: PersonId) -> Result<(), Error> {
    let all = [
        DELETE_MAILS_TO,
        DELETE_ADDRESSES,
        DELETE_SESSIONS,
        DELETE_TOKENS,
        DELETE_PICTURES,
        DELETE_INVITATIONS,
        DELETE_MEMBERSHIPS,
        DELETE_ROOM_LINKS,
        DELETE_SAVED,
        DELETE_FOLLOWS,
        DELETE_REMOVALS,
        FORGET_EARLIER_HANDLES,
    ];
    for text in all {
        each_backend!(write tx, on => sqlx::query(text).bind(person.0).execute(on).await.map(drop))?;
    }
    Ok(())
}
