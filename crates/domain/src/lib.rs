//! What the browser and the server both know.
//!
//! Names and limits that parse at the edge, the errors that cross the wire, the events of a room, the frames of the
//! live socket, who may do what, and the reducer that turns events into what a reader sees. Nothing here reads a
//! clock, a database or a socket, so everything here is tested without one.

pub mod account;
pub mod allowance;
pub mod backoff;
pub mod body;
pub mod device;
pub mod directory;
pub mod email;
pub mod error;
pub mod event;
pub mod face;
pub mod frame;
pub mod handle;
pub mod id;
pub mod invitation;
pub mod limits;
pub mod notice;
pub mod path;
pub mod permission;
pub mod person;
pub mod presence;
pub mod profile_text;
pub mod rich;
pub mod room;
pub mod room_link;
pub mod room_text;
pub mod slug;
pub mod theme;
pub mod timeline;
pub mod timestamp;
pub mod unsaid;

pub use body::MessageBody;
pub use device::Device;
pub use directory::Directory;
pub use email::Email;
pub use error::{ApiError, Field, FieldError, Problem};
pub use event::{Event, EventPage, Message};
pub use handle::Handle;
pub use id::{MessageId, Nonce, PersonId, PictureId, RoomId, SessionId};
pub use notice::Notice;
pub use path::SafePath;
pub use person::{Author, Profile, Viewer};
pub use profile_text::{About, DisplayName};
pub use rich::RichText;
pub use room_text::{Emoji, RoomName, Topic};
pub use slug::RoomSlug;
pub use theme::Theme;
pub use timeline::Timeline;
pub use timestamp::Timestamp;
