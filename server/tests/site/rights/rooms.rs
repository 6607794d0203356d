//! What one does with a room.

use super::{
    Row, Scene, Try, call,
    expect::{ANYBODY, ARCHIVE, ARRANGE, EVERYBODY, Expect, INVITE, NOBODY, OWN, PAGE, POST, READ, REMOVE},
    get,
    people::handle,
    scene::{Kind, Talk},
    try_all, with,
};

/// Removes or names the member of that name.
fn person(path: &'static str, scene: &Scene<'_>, who: &str, more: &[(&'static str, &str)]) -> Try {
    call(path, scene, &[&[("person", scene.people.id(who))], more].concat())
}

pub(super) const TABLE: &[Row] = &[
    ("the page", |s, _| get("/chat/room/SLUG", s), PAGE),
    ("its settings", |s, _| get("/chat/room/SLUG/settings", s), PAGE),
    ("the page at a message", |s, _| get("/chat/room/SLUG?at=3", s), PAGE),
    ("show", |s, _| get("/api/rooms/show?room=SLUG", s), READ),
    ("show without the list", |s, _| get("/api/rooms/show?room=SLUG&list=false", s), READ),
    ("show around a message", |s, _| get("/api/rooms/show?room=SLUG&at=3", s), READ),
    ("settings", |s, _| get("/api/rooms/settings?room=SLUG", s), READ),
    ("members", |s, _| get("/api/rooms/members?room=SLUG", s), READ),
    ("members of a name", |s, _| get("/api/rooms/members?room=SLUG&q=the", s), READ),
    ("complete", |s, _| get("/api/people/complete?room=SLUG&q=", s), READ),
    ("since", |s, _| get("/api/messages/since?room=SLUG&seq=0", s), READ),
    ("before", |s, _| get("/api/messages/before?room=SLUG&seq=9", s), READ),
    ("the newest", |s, _| get("/api/messages/before?room=SLUG", s), READ),
    ("after", |s, _| get("/api/messages/after?room=SLUG&seq=0", s), READ),
    ("day", |s, _| get("/api/messages/day?room=SLUG&day=0", s), READ),
    ("read", |s, _| call("/api/rooms/read", s, &[("seq", "3")]), READ),
    ("unread", |s, _| call("/api/rooms/unread", s, &[("seq", "3")]), READ),
    ("favourite", |s, _| call("/api/rooms/favourite", s, &[("on", "true")]), READ),
    ("involve", |s, _| call("/api/rooms/involve", s, &[("involvement", "nothing")]), READ),
    ("mute", |s, _| call("/api/rooms/involve", s, &[("involvement", "everything"), ("mute", "5")]), READ),
    ("post", |s, place| call("/api/messages/post", s, &[("body", s.name(place))]), POST),
    ("edit", |s, place| call("/api/rooms/edit", s, &[("name", s.name(place)), ("topic", "")]), ARRANGE),
    ("add", |s, _| call("/api/rooms/add", s, &[("people", &handle("stranger"))]), INVITE),
    (
        "add nobody",
        |s, _| call("/api/rooms/add", s, &[("people", "nobody")]),
        Expect { group: [401, 404, 404, 404, 403, 422, 422], ..INVITE },
    ),
    ("make a link", |s, _| call("/api/rooms/link", s, &[("days", "1")]), INVITE),
    ("end the link", |s, _| call("/api/rooms/link/revoke", s, &[]), INVITE),
    (
        "remove a member",
        |s, place| person("/api/rooms/remove", s, if s.name(place) == "owner" { "spare2" } else { "spare1" }, &[]),
        REMOVE,
    ),
    (
        "remove nobody",
        |s, _| call("/api/rooms/remove", s, &[("person", "00000000-0000-0000-0000-000000000000")]),
        Expect { group: [401, 404, 404, 404, 403, 404, 404], archived: [401, 404, 404, 404, 403, 404, 404], ..REMOVE },
    ),
    ("remove an admin", |s, _| person("/api/rooms/remove", s, "admin", &[]), OWN),
    ("remove an owner", |s, _| person("/api/rooms/remove", s, "owner", &[]), NOBODY),
    ("make an owner", |s, _| person("/api/rooms/role", s, "spare1", &[("role", "owner")]), OWN),
    ("take a role", |s, _| person("/api/rooms/role", s, "admin", &[("role", "member")]), OWN),
    ("archive", |s, _| call("/api/rooms/archive", s, &[("on", "true")]), ARCHIVE),
    ("open again", |s, _| call("/api/rooms/archive", s, &[("on", "false")]), ARCHIVE),
    ("delete", |s, _| call("/api/rooms/delete", s, &[("name", "Dome")]), OWN),
    // The last owner hands over first.
    (
        "leave",
        |s, _| call("/api/rooms/leave", s, &[]),
        Expect { group: [401, 404, 404, 404, 200, 200, 409], archived: [401, 404, 404, 404, 200, 200, 409], ..NOBODY },
    ),
    ("look at the door", |s, _| Try::Get(format!("/api/rooms/door?code={}", s.code)), DOOR),
    ("join", |s, _| with("/api/rooms/join", ("code", &s.code), &[]), DOOR),
    (
        "the way in",
        |s, _| Try::Get(format!("/chat/join/{}", s.code)),
        Expect {
            group: [302, 200, 200, 410, 302, 302, 302],
            archived: [302, 410, 410, 410, 302, 302, 302],
            public: [302, 410, 410],
            direct: [302, 410, 410, 410, 410],
        },
    ),
    ("the rooms", |_, _| Try::Get("/api/rooms/list".to_owned()), ANYBODY),
    ("the last room", |_, _| Try::Get("/api/rooms/last".to_owned()), ANYBODY),
    ("begin a group", |_, _| with("/api/rooms/create", ("name", "Another"), &[]), ANYBODY),
    ("begin to talk", |_, _| with("/api/rooms/direct", ("people", &handle("spare1")), &[]), ANYBODY),
    ("the room with somebody", |_, _| Try::Get(format!("/api/rooms/with?handle={}", handle("spare1"))), ANYBODY),
    ("complete anywhere", |_, _| Try::Get("/api/people/complete?q=the".to_owned()), ANYBODY),
    ("a profile", |_, _| Try::Get(format!("/api/people/show?handle={}", handle("member"))), EVERYBODY),
];

/// A link lets in who was not removed, and tells them first where it leads. There are links into groups only.
const DOOR: Expect = Expect {
    group: [401, 200, 200, 410, 200, 200, 200],
    archived: [401, 410, 410, 410, 200, 200, 200],
    public: [401, 410, 410],
    direct: [401, 410, 410, 410, 410],
};

#[tokio::test]
async fn every_right_in_a_group_by_every_way_in() {
    try_all(Kind::Group, TABLE, Talk::Little).await;
}

#[tokio::test]
async fn every_right_in_an_archived_group_by_every_way_in() {
    try_all(Kind::Archived, TABLE, Talk::Little).await;
}

#[tokio::test]
async fn every_right_in_a_public_room_by_every_way_in() {
    try_all(Kind::Public, TABLE, Talk::Little).await;
}

#[tokio::test]
async fn every_right_in_a_direct_room_by_every_way_in() {
    try_all(Kind::Direct, TABLE, Talk::Little).await;
}
