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
}
