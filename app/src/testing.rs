//! What tests of several parts begin with.

use telicat_domain::{
    Message, RoomSlug, Timestamp,
    room::{Involvement, RoomEntry, RoomKind, RoomPage, RoomSummary},
};

/// The public room with these messages, all of which were read.
pub(crate) fn room_page(messages: Vec<Message>) -> RoomPage {
    let last = messages.last().map_or(0, |last| last.seq);
    let room = RoomSummary {
        slug: RoomSlug::public_chat(),
        kind: RoomKind::Public,
        name: "Public chat".to_owned(),
        topic: String::new(),
        archived: false,
        people: Vec::new(),
    };
    let entry = RoomEntry {
        room,
        role: None,
        head: last,
        read: last,
        read_version: 0,
        unread: 0,
        mentions: 0,
        threads: Vec::new(),
        last: None,
        active_at: Timestamp(0),
        favourite: false,
        involvement: Involvement::Everything,
        muted_until: Timestamp(0),
    };
    RoomPage {
        room: entry.clone(),
        messages,
        cursor: last,
        older: false,
        newer: false,
        last_post: last,
        rooms: vec![entry],
        people: Timestamp(0),
        members: 0,
        pinned: 0,
    }
}
