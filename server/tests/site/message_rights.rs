//! Who may do what with the messages of a group, by every function and page that does something with one.

use crate::{
    rights::{Group, People, Try, WHO, call, get, on_both, slug_in, try_all},
    site::User,
};
use serde_json::Value;

/// Messages of a group, and who wrote them. Whoever was never in it has no own one: theirs is the member's.
struct Messages {
    group: Group,
    /// One of each of [`WHO`].
    own: Vec<String>,
    /// The same, deleted by who wrote it.
    gone: Vec<String>,
    /// One for each of [`WHO`], by somebody who was removed afterwards.
    others: Vec<String>,
    /// Of the same person, deleted by the owner.
    taken: String,
    /// The first message of a thread, and a reply in it.
    root: String,
    reply: String,
}

/// Where in [`WHO`] those begin who were in the group.
const REMOVED: usize = 2;

async fn post(writer: &User, room: &str, body: &str, more: &[(&str, &str)]) -> String {
    let answer = writer.call("/api/messages/post", &[&[("room", room), ("body", body)], more].concat()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn delete(who: &User, message: &str) {
    assert_eq!(who.call("/api/messages/delete", &[("message", message)]).await.status, 200);
}

impl Messages {
    async fn begin(people: &People) -> Self {
        let group = people.begin().await;
        let room = group.slug.as_str();
        let (owner, removed) = (people.user("owner"), people.user("removed"));
        let back = [("room", room), ("people", "the-removed")];
        assert_eq!(owner.call("/api/rooms/add", &back).await.status, 200);
        let (mut own, mut gone, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for who in &WHO[REMOVED..] {
            let writer = people.user(who);
            own.push(post(writer, room, who, &[]).await);
            gone.push(post(writer, room, who, &[]).await);
            delete(writer, gone.last().unwrap()).await;
        }
        for of in [&mut own, &mut gone] {
            let of_member = of[1].clone();
            of.splice(0..0, [of_member.clone(), of_member]);
        }
        for who in WHO {
            others.push(post(removed, room, who, &[]).await);
        }
        let taken = post(removed, room, "taken", &[]).await;
        delete(owner, &taken).await;
        let root = post(owner, room, "a thread", &[]).await;
        let reply = post(removed, room, "a reply", &[("root", &root)]).await;
        let removal = [("room", room), ("person", people.id("removed"))];
        assert_eq!(owner.call("/api/rooms/remove", &removal).await.status, 200);
        Self { group, own, gone, others, taken, root, reply }
    }
}

/// Does something with a message.
fn with(path: &'static str, message: &str, more: &[(&'static str, &str)]) -> Try {
    let message = ("message", message.to_owned());
    let more = more.iter().map(|(name, value)| (*name, (*value).to_owned()));
    Try::Call(path, [message].into_iter().chain(more).collect())
}

fn ask(path: &str, name: &str, message: &str) -> Try {
    Try::Get(format!("{path}{name}={message}"))
}

fn thread(path: &'static str, root: &str, more: (&'static str, &str)) -> Try {
    Try::Call(path, vec![("root", root.to_owned()), (more.0, more.1.to_owned())])
}

type Attempt = fn(&Messages, usize) -> Try;

/// What a member and everybody above may do.
const MEMBERS: [u16; 6] = [401, 404, 404, 200, 200, 200];
/// The same for a page.
const PAGE: [u16; 6] = [302, 404, 404, 200, 200, 200];
/// What those may do who look after the group.
const ADMINS: [u16; 6] = [401, 404, 404, 403, 200, 200];
/// What nobody may.
const NOBODY: [u16; 6] = [401, 404, 404, 403, 403, 403];

/// Each way in, with the place of who takes it in [`WHO`], and what comes of it for each of them.
const TABLE: &[(&str, Attempt, [u16; 6])] = &[
    ("edit one's own", |m, who| with("/api/messages/edit", &m.own[who], &[("body", "new")]), MEMBERS),
    ("edit another's", |m, who| with("/api/messages/edit", &m.others[who], &[("body", "new")]), NOBODY),
    ("delete one's own", |m, who| with("/api/messages/delete", &m.own[who], &[]), MEMBERS),
    ("delete another's", |m, who| with("/api/messages/delete", &m.others[who], &[]), ADMINS),
    ("restore what one deleted", |m, who| with("/api/messages/restore", &m.gone[who], &[]), MEMBERS),
    (
        "restore what the owner deleted",
        |m, _| with("/api/messages/restore", &m.taken, &[]),
        [401, 404, 404, 403, 403, 200],
    ),
    ("react", |m, who| with("/api/messages/react", &m.others[who], &[("emoji", "👍"), ("on", "true")]), MEMBERS),
    ("pin", |m, who| with("/api/messages/pin", &m.others[who], &[("on", "true")]), MEMBERS),
    ("save", |m, who| with("/api/messages/save", &m.others[who], &[("on", "true")]), MEMBERS),
    ("save no more", |m, who| with("/api/messages/save", &m.others[who], &[("on", "false")]), MEMBERS),
    ("history of one's own", |m, who| ask("/api/messages/history?", "message", &m.own[who]), MEMBERS),
    ("history of another's", |m, who| ask("/api/messages/history?", "message", &m.others[who]), ADMINS),
    ("reacted", |m, who| ask("/api/messages/reacted?emoji=%F0%9F%91%8D&", "message", &m.others[who]), MEMBERS),
    ("pinned", |m, _| get("/api/messages/pinned?room=SLUG", &m.group), MEMBERS),
    ("around", |m, _| get("/api/rooms/show?room=SLUG&at=3", &m.group), MEMBERS),
    ("before", |m, _| get("/api/messages/before?room=SLUG&seq=9", &m.group), MEMBERS),
    ("after", |m, _| get("/api/messages/after?room=SLUG&seq=0", &m.group), MEMBERS),
    ("day", |m, _| get("/api/messages/day?room=SLUG&day=0", &m.group), MEMBERS),
    ("a thread", |m, _| ask("/api/threads/show?", "root", &m.root), MEMBERS),
    ("a thread, by a reply", |m, _| ask("/api/threads/show?", "root", &m.reply), MEMBERS),
    ("replies before", |m, _| ask("/api/threads/before?seq=99&", "root", &m.root), MEMBERS),
    ("follow", |m, _| thread("/api/threads/follow", &m.root, ("on", "true")), MEMBERS),
    ("follow no more", |m, _| thread("/api/threads/follow", &m.root, ("on", "false")), MEMBERS),
    ("read a thread", |m, _| thread("/api/threads/read", &m.root, ("seq", "1")), MEMBERS),
    ("reply", |m, _| call("/api/messages/post", &m.group, &[("body", "x"), ("root", &m.root)]), MEMBERS),
    ("answer", |m, who| call("/api/messages/post", &m.group, &[("body", "x"), ("reply_to", &m.others[who])]), MEMBERS),
    ("read", |m, _| call("/api/rooms/read", &m.group, &[("seq", "3")]), MEMBERS),
    ("unread", |m, _| call("/api/rooms/unread", &m.group, &[("seq", "3")]), MEMBERS),
    ("favourite", |m, _| call("/api/rooms/favourite", &m.group, &[("on", "true")]), MEMBERS),
    ("involve", |m, _| call("/api/rooms/involve", &m.group, &[("involvement", "nothing")]), MEMBERS),
    ("complete", |m, _| get("/api/people/complete?room=SLUG&q=", &m.group), MEMBERS),
    ("the page at a message", |m, _| get("/chat/room/SLUG?at=3", &m.group), PAGE),
    ("the page with its pins", |m, _| get("/chat/room/SLUG?pinned=1", &m.group), PAGE),
    ("the page with a thread", |m, _| get(&format!("/chat/room/SLUG?thread={}", m.root), &m.group), PAGE),
    ("the page with a message", |m, who| get(&format!("/chat/room/SLUG?message={}", m.own[who]), &m.group), PAGE),
];

#[tokio::test]
async fn every_verb_of_a_message_by_every_way_in() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        for (what, attempt, expected) in TABLE {
            let messages = Messages::begin(&people).await;
            let found = try_all(&people, |who| attempt(&messages, who)).await;
            assert_eq!(found, expected, "{what}, for {WHO:?}");
        }
    })
    .await;
}

/// What was saved in a group goes with it, and comes back with it.
#[tokio::test]
async fn what_one_has_saved_is_there_as_long_as_one_may_read_it() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let messages = Messages::begin(&people).await;
        let (owner, member) = (people.user("owner"), people.user("member"));
        let saved = async || {
            let saved = member.get("/api/messages/saved").await.json();
            saved.as_array().unwrap().iter().map(|saved| saved["message"]["id"].clone()).collect::<Vec<Value>>()
        };
        let keep = [("message", messages.root.as_str()), ("on", "true")];
        assert_eq!(member.call("/api/messages/save", &keep).await.status, 200);
        let room = ("room", messages.group.slug.as_str());
        assert_eq!(owner.call("/api/rooms/remove", &[room, ("person", people.id("member"))]).await.status, 200);
        assert!(saved().await.is_empty());
        assert_eq!(owner.call("/api/rooms/add", &[room, ("people", "the-member")]).await.status, 200);
        assert_eq!(saved().await, [messages.root.as_str()]);
    })
    .await;
}

/// Also for who may read both rooms.
#[tokio::test]
async fn a_message_of_another_room_is_no_thread_and_no_answer_here() {
    on_both(async |app| {
        let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
        let here = slug_in(&mei.call("/api/rooms/create", &[("name", "Dome")]).await);
        let there = slug_in(&mei.call("/api/rooms/create", &[("name", "Hill")]).await);
        assert_eq!(mei.call("/api/rooms/add", &[("room", &there), ("people", "ines")]).await.status, 200);
        let root = post(&ines, &there, "what stands there", &[]).await;
        let reply = post(&mei, &there, "what was said there", &[("root", &root)]).await;
        // What was said last stands in the list of rooms.
        post(&mei, &there, "the last word", &[]).await;
        let own = post(&mei, &here, "what stands here", &[]).await;
        for more in [
            vec![("root", root.as_str())],
            vec![("root", &reply)],
            vec![("reply_to", &root)],
            vec![("reply_to", &reply)],
            vec![("root", &own), ("reply_to", &root)],
            vec![("root", &root), ("reply_to", &own)],
        ] {
            let fields = [vec![("room", here.as_str()), ("body", "astray")], more].concat();
            let refused = mei.call("/api/messages/post", &fields).await;
            assert_eq!(refused.error(), (404, "not_found".into()), "{fields:?}");
        }
        for (room, messages, replies) in [(&here, 1, Value::Null), (&there, 2, 1.into())] {
            let history = mei.get(&format!("/api/messages/before?room={room}")).await.json();
            let events = history["events"].as_array().unwrap();
            assert_eq!(events.iter().filter(|event| event["kind"] == "posted").count(), messages, "{history}");
            assert_eq!(events.first().unwrap()["replies"]["count"], replies, "{history}");
        }
        // Nor does it stand beside the other room.
        for query in [format!("thread={root}"), format!("thread={reply}"), format!("message={root}")] {
            let page = mei.get(&format!("/chat/room/{here}?{query}")).await;
            assert_eq!((page.status, page.text().contains("stands there")), (404, false), "{query}");
            assert!(page.text().contains("what stands here"));
            let page = mei.get(&format!("/chat/room/{there}?{query}")).await;
            assert_eq!((page.status, page.text().contains("stands there")), (200, true), "{query}");
        }
        let page = mei.get(&format!("/chat/room/{here}?reply={root}")).await;
        assert_eq!((page.status, page.text().contains("reply_to\" value")), (200, false));
        for (room, status) in [(&here, 404), (&there, 200)] {
            let thread = mei.get(&format!("/api/threads/show?root={root}&room={room}")).await;
            assert_eq!(thread.status, status, "{room}");
        }
    })
    .await;
}
