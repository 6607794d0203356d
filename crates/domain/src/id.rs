//! Identifiers. Each is a type of its own, so that a room cannot be passed for a person.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

identifier! {
    /// A person: an account with its profile.
    PersonId
}
identifier! {
    /// A room.
    RoomId
}
identifier! {
    /// A message.
    MessageId
}
identifier! {
    /// A picture of a person. A new picture has a new one, so what is behind it never changes.
    PictureId
}
identifier! {
    /// A session: one sign-in of one person in one browser. It is no secret; the token is.
    SessionId
}
identifier! {
    /// Chosen by the sender, once for each message. A second post with the same nonce by the same person answers with
    /// the first one's result.
    Nonce
}
