//! What went well, as the one who did it is told.

use serde::{Deserialize, Serialize};

/// Something that was done. Its sentence for people is in the application's texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// The profile is as it was typed.
    ProfileSaved,
    /// Who may see the profile is as it was chosen.
    VisibilitySaved,
    /// The handle is another one.
    UsernameChanged,
    /// A link is on its way to an address.
    LinkSent {
        /// Where to.
        address: String,
    },
    /// An address that waited for its confirmation was given up.
    AddressDropped,
    /// An address belongs to its person now.
    AddressConfirmed {
        /// Which.
        address: String,
    },
    /// The password is another one, and other sessions have ended.
    PasswordChanged,
    /// The password is another one, and all sessions have ended.
    PasswordReset,
    /// A session has ended.
    SessionEnded,
    /// All sessions but this one have ended.
    OtherSessionsEnded,
    /// A copy of all one's data is being made.
    ExportStarted,
    /// The account is gone.
    AccountDeleted,
    /// An invitation works no more.
    InvitationRevoked,
    /// The person runs the site from now on.
    OwnerMade,
    /// A room has the name and the topic that were typed.
    RoomSaved,
    /// Nothing is written in a room any more.
    RoomArchived,
    /// A room is open again.
    RoomReopened,
    /// A room is gone.
    RoomDeleted,
    /// The person is no member of a room any more.
    RoomLeft,
    /// People were brought into a room.
    PeopleAdded,
    /// Somebody was removed from a room.
    PersonRemoved,
    /// Somebody has another role in a room.
    RoleChanged,
    /// There is a new link into a room; the one before works no more.
    RoomLinkMade,
    /// The link into a room works no more.
    RoomLinkRevoked,
    /// What one wants to hear of a room is as it was chosen.
    InvolvementSaved,
    /// A message was changed.
    MessageEdited,
    /// A message was deleted.
    MessageDeleted,
    /// A message that was deleted is there again.
    MessageRestored,
}
