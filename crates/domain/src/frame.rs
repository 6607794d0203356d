//! What travels over `/live`: text frames, one JSON object each. `docs/protocol.md` describes them for strangers.

use crate::{
    event::Event,
    handle::Handle,
    id::{MessageId, PersonId},
    person::Author,
    presence::Presence,
    room::{ReadState, RoomEntry},
    slug::RoomSlug,
    timestamp::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the protocol, said in `hello`.
pub const VERSION: u32 = 1;

/// From the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The first frame: the socket hears its rooms from here on.
    Hello {
        /// The protocol's version.
        version: u32,
        /// Whose socket it is.
        person: Handle,
        /// The last event of each room that the socket hears, at this moment.
        rooms: BTreeMap<RoomSlug, i64>,
        /// The last change of a person that a client knows of which has read whatever it has just now.
        people: Timestamp,
        /// The address of the site's files: another one than the page's means that the page is of another version.
        #[serde(default)]
        assets: String,
    },
    /// Something happened in a room.
    Event {
        /// Where.
        room: RoomSlug,
        /// What.
        event: Box<Event>,
    },
    /// The answer to `resume` when more was missed than the server keeps at hand: ask `messages/since`.
    Behind {
        /// Where.
        room: RoomSlug,
        /// The last event of the room.
        seq: i64,
    },
    /// A person who shares a room with the reader has another name, handle or picture.
    Person {
        /// As they are now.
        author: Author,
    },
    /// The end of the answer to `resume` with `people`: the client knows of all changes up to a moment.
    People {
        /// The moment, for the next `resume`.
        at: Timestamp,
        /// Whether there are more changes, which want asking for at once.
        more: bool,
    },
    /// A person took back all that they wrote, for good.
    Erased {
        /// Who.
        author: PersonId,
    },
    /// The person has a room that they had not, or stands to it in another way. From here on the socket hears it.
    Room {
        /// The room, at this moment.
        room: Box<RoomEntry>,
    },
    /// The person has lost a room. The socket hears it no more.
    Lost {
        /// Which.
        room: RoomSlug,
    },
    /// The person has read a room up to somewhere, here or elsewhere.
    Read {
        /// Which room.
        room: RoomSlug,
        /// Up to where.
        state: ReadState,
    },
    /// There is a reply of somebody else in a thread that the person follows, which they have not read: a new one, one that
    /// is there again, or one that calls them now.
    ThreadNews {
        /// Where.
        room: RoomSlug,
        /// The first message of the thread.
        root: MessageId,
        /// The number of the reply.
        seq: i64,
    },
    /// Nothing in a thread is new to the person: they have read it, begin to follow it, or do so no more.
    ThreadRead {
        /// Where.
        room: RoomSlug,
        /// The first message of the thread.
        root: MessageId,
        /// Whether the person follows it.
        following: bool,
    },
    /// The person keeps a message among the saved ones, or does not any more.
    Saved {
        /// Where.
        room: RoomSlug,
        /// Which message.
        message: MessageId,
        /// Kept or not.
        on: bool,
    },
    /// Somebody writes. It is true for six seconds, unless it is said again.
    Typing {
        /// Where.
        room: RoomSlug,
        /// In a thread, by its first message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        root: Option<MessageId>,
        /// Who.
        person: Author,
    },
    /// How people are whom the client watches: all of them first, then those who change.
    Presence {
        /// Each of them.
        people: BTreeMap<PersonId, Presence>,
    },
    /// How many people are in the room that the client looks at.
    Here {
        /// Which room.
        room: RoomSlug,
        /// How many are here or away.
        count: u32,
    },
    /// The answer to `ping`.
    Pong,
}

/// From the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// The last event that the client has applied, for each room that it wants brought up to date.
    Resume {
        /// By room.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        cursors: BTreeMap<RoomSlug, i64>,
        /// Up to when it knows how people are called, when it wants to know what has changed since.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        people: Option<Timestamp>,
    },
    /// Somebody is writing. At most one in three seconds is passed on.
    Typing {
        /// Where.
        room: RoomSlug,
        /// In a thread, by its first message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        root: Option<MessageId>,
    },
    /// The page shows a room and wants to know how many are in it; or shows none.
    Look {
        /// Which.
        room: Option<RoomSlug>,
    },
    /// The page shows people and wants to know whether they are here, instead of those that it named before: at most
    /// 500.
    Watch {
        /// Whom.
        people: Vec<PersonId>,
    },
    /// Nobody has done anything in this page for five minutes; or somebody does again.
    Idle {
        /// Nobody.
        idle: bool,
    },
    /// Asks whether the server is there. A page cannot see the pings of the WebSocket itself.
    Ping,
}

/// Why the server closed a socket. Codes below 4000 are those of RFC 6455 section 7.4.1 and of the registry it founded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum CloseCode {
    /// The frame was larger than 64 KiB.
    TooBig = 1009,
    /// The server restarts. The reason is the number of milliseconds to wait before coming back.
    Restart = 1012,
    /// The frame was no object of a known type.
    BadFrame = 4400,
    /// The session ended.
    SignedOut = 4401,
    /// The client did not read what it was sent. It may come back at once, and catch up.
    TooSlow = 4408,
    /// Too many frames, or too many sockets.
    TooMany = 4429,
}

impl CloseCode {
    /// The code as it is sent.
    #[must_use]
    pub fn number(self) -> u16 {
        self as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frames_are_what_the_protocol_says() {
        let resume: ClientFrame = serde_json::from_str(r#"{"type":"resume","cursors":{"public-chat":7}}"#).unwrap();
        let cursors = BTreeMap::from([(RoomSlug::public_chat(), 7)]);
        assert_eq!(resume, ClientFrame::Resume { cursors, people: None });
        let resume: ClientFrame = serde_json::from_str(r#"{"type":"resume","people":9}"#).unwrap();
        assert_eq!(resume, ClientFrame::Resume { cursors: BTreeMap::new(), people: Some(Timestamp(9)) });
        let people = ServerFrame::People { at: Timestamp(9), more: false };
        assert_eq!(serde_json::to_string(&people).unwrap(), r#"{"type":"people","at":9,"more":false}"#);
        let behind = ServerFrame::Behind { room: RoomSlug::public_chat(), seq: 9 };
        assert_eq!(serde_json::to_string(&behind).unwrap(), r#"{"type":"behind","room":"public-chat","seq":9}"#);
        let erased = ServerFrame::Erased { author: PersonId(uuid::Uuid::nil()) };
        let expected = r#"{"type":"erased","author":"00000000-0000-0000-0000-000000000000"}"#;
        assert_eq!(serde_json::to_string(&erased).unwrap(), expected);
        for bad in ["", "[]", "{}", r#"{"type":"nothing"}"#, r#"{"type":"resume","cursors":{"Ä":1}}"#] {
            assert!(serde_json::from_str::<ClientFrame>(bad).is_err(), "{bad}");
        }
    }
}
