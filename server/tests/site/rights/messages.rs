//! What one does with messages.

use super::{
    Row, Scene, Try, call,
    expect::{ANYBODY, Expect, MODERATE, NOBODY, PAGE, PIN, POST, READ},
    get,
    scene::{Kind, Talk},
    try_all, with,
};

/// Does something with a message.
fn to(path: &'static str, message: &str, more: &[(&'static str, &str)]) -> Try {
    with(path, ("message", message), more)
}

/// Asks for something of a message or a thread.
fn ask(path: &str, name: &str, message: &str) -> Try {
    Try::Get(format!("{path}{name}={message}"))
}

/// The page of the room with something beside it.
fn beside(scene: &Scene<'_>, name: &str, message: &str) -> Try {
    get(&format!("/chat/room/SLUG?{name}={message}"), scene)
}

const THUMB: (&str, &str) = ("emoji", "👍");
const ON: (&str, &str) = ("on", "true");
const OFF: (&str, &str) = ("on", "false");

/// What one has written is one's own where one may write, and where one looks after the room.
const OWN_TEXT: Expect = Expect { archived: [401, 404, 404, 404, 409, 200, 200], ..POST };

/// Whoever deleted it brings it back.
const TAKEN: Expect = Expect {
    group: [401, 404, 404, 404, 403, 403, 200],
    archived: [401, 404, 404, 404, 403, 403, 200],
    public: [401, 403, 200],
    direct: [401, 404, 404, 403, 200],
};

pub(super) const TABLE: &[Row] = &[
    ("edit one's own", |s, who| to("/api/messages/edit", &s.own[who], &[("body", "new")]), POST),
    ("edit another's", |s, who| to("/api/messages/edit", &s.others[who], &[("body", "new")]), NOBODY),
    ("delete one's own", |s, who| to("/api/messages/delete", &s.own[who], &[]), OWN_TEXT),
    ("delete another's", |s, who| to("/api/messages/delete", &s.others[who], &[]), MODERATE),
    ("restore what one deleted", |s, who| to("/api/messages/restore", &s.gone[who], &[]), OWN_TEXT),
    ("restore what was taken", |s, _| to("/api/messages/restore", &s.taken, &[]), TAKEN),
    ("react", |s, who| to("/api/messages/react", &s.others[who], &[THUMB, ON]), POST),
    ("react no more", |s, who| to("/api/messages/react", &s.others[who], &[THUMB, OFF]), POST),
    ("pin", |s, who| to("/api/messages/pin", &s.others[who], &[ON]), PIN),
    ("pin no more", |s, who| to("/api/messages/pin", &s.own[who], &[OFF]), PIN),
    ("save", |s, who| to("/api/messages/save", &s.others[who], &[ON]), READ),
    ("save no more", |s, who| to("/api/messages/save", &s.others[who], &[OFF]), READ),
    ("history of one's own", |s, who| ask("/api/messages/history?", "message", &s.own[who]), READ),
    ("history of another's", |s, who| ask("/api/messages/history?", "message", &s.others[who]), MODERATE),
    ("who reacted", |s, who| ask("/api/messages/reacted?emoji=%F0%9F%91%8D&", "message", &s.others[who]), READ),
    ("pinned", |s, _| get("/api/messages/pinned?room=SLUG", s), READ),
    ("a thread", |s, _| ask("/api/threads/show?", "root", &s.root), READ),
    ("a thread, by a reply", |s, _| ask("/api/threads/show?", "root", &s.reply), READ),
    ("a thread of the room", |s, _| get(&format!("/api/threads/show?room=SLUG&root={}", s.root), s), READ),
    ("replies before", |s, _| ask("/api/threads/before?seq=9999&", "root", &s.root), READ),
    ("follow", |s, _| with("/api/threads/follow", ("root", &s.root), &[ON]), READ),
    ("follow no more", |s, _| with("/api/threads/follow", ("root", &s.root), &[OFF]), READ),
    ("read a thread", |s, _| with("/api/threads/read", ("root", &s.root), &[("seq", "1")]), READ),
    ("reply", |s, _| call("/api/messages/post", s, &[("body", "x"), ("root", &s.root)]), POST),
    ("reply to a reply", |s, _| call("/api/messages/post", s, &[("body", "x"), ("root", &s.reply)]), POST),
    ("answer", |s, who| call("/api/messages/post", s, &[("body", "x"), ("reply_to", &s.others[who])]), POST),
    ("what one has saved", |_, _| Try::Get("/api/messages/saved".to_owned()), ANYBODY),
    ("the page with its pins", |s, _| get("/chat/room/SLUG?pinned=1", s), PAGE),
    ("the page with a thread", |s, _| beside(s, "thread", &s.root), PAGE),
    ("the page with a message", |s, who| beside(s, "message", &s.own[who]), PAGE),
    ("the page with an answer", |s, who| beside(s, "reply", &s.others[who]), PAGE),
];

#[tokio::test]
async fn every_verb_of_a_message_in_a_group() {
    try_all(Kind::Group, TABLE, Talk::Much).await;
}

#[tokio::test]
async fn every_verb_of_a_message_in_an_archived_group() {
    try_all(Kind::Archived, TABLE, Talk::Much).await;
}

#[tokio::test]
async fn every_verb_of_a_message_in_a_public_room() {
    try_all(Kind::Public, TABLE, Talk::Much).await;
}

#[tokio::test]
async fn every_verb_of_a_message_in_a_direct_room() {
    try_all(Kind::Direct, TABLE, Talk::Much).await;
}
