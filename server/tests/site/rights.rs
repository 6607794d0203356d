//! Who may do what in a room, by every way in: pages, functions, and the socket.

use crate::{
    app::{App, How},
    listener::Listener,
    site::{Answer, User, within},
};
use serde_json::{Value, json};
use telicat_store::testing::TestDb;

/// How somebody stands to the group of a test. Who may do least comes first.
pub(crate) const WHO: [&str; 6] = ["visitor", "stranger", "removed", "member", "admin", "owner"];

/// A group with somebody of each sort, and two more members.
pub(crate) struct Group {
    pub(crate) slug: String,
    code: String,
}

/// Everybody, by name.
pub(crate) struct People {
    users: Vec<User>,
    ids: Vec<String>,
}

impl People {
    pub(crate) async fn sign_up(app: &App) -> Self {
        let mut people = Self { users: vec![User { site: **app, cookie: String::new() }], ids: vec![String::new()] };
        for name in WHO.iter().skip(1).map(|who| format!("the-{who}")).chain(["spare1".into(), "spare2".into()]) {
            let user = app.sign_up(&name).await;
            let profile = user.get(&format!("/api/people/show?handle={name}")).await.json();
            people.ids.push(profile["author"]["id"].as_str().unwrap().to_owned());
            people.users.push(user);
        }
        people
    }

    pub(crate) fn user(&self, who: &str) -> &User {
        &self.users[WHO.iter().position(|known| *known == who).unwrap()]
    }

    pub(crate) fn id(&self, who: &str) -> &str {
        &self.ids[WHO.iter().position(|known| *known == who).unwrap()]
    }

    /// The identifiers of the two further members.
    fn spare(&self, number: usize) -> &str {
        &self.ids[WHO.len() + number]
    }

    pub(crate) async fn begin(&self) -> Group {
        let owner = self.user("owner");
        let made = owner.call("/api/rooms/create", &[("name", "Dome")]).await;
        let slug = slug_in(&made);
        let room = ("room", slug.as_str());
        let named = [room, ("people", "the-admin, the-member, the-removed, spare1 spare2")];
        assert_eq!(owner.call("/api/rooms/add", &named).await.status, 200);
        let admin = [room, ("person", self.id("admin")), ("role", "admin")];
        assert_eq!(owner.call("/api/rooms/role", &admin).await.status, 200);
        let removed = [room, ("person", self.id("removed"))];
        assert_eq!(owner.call("/api/rooms/remove", &removed).await.status, 200);
        let settings = owner.get(&format!("/api/rooms/settings?room={slug}")).await.json();
        let code = settings["link"]["code"].as_str().unwrap().to_owned();
        Group { slug, code }
    }
}

pub(crate) fn slug_in(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["next"].as_str().unwrap().strip_prefix("/chat/room/").unwrap().to_owned()
}

pub(crate) async fn on_both<F: Future<Output = ()>>(case: impl Fn(App) -> F) {
    for db in [Some(TestDb::sqlite().await), TestDb::postgres().await].into_iter().flatten() {
        case(App::on(db, How::default()).await).await;
    }
}

/// What somebody tries: a function with fields, or something to be got.
pub(crate) enum Try {
    Call(&'static str, Vec<(&'static str, String)>),
    Get(String),
}

type Attempt = fn(&Group, &People, &str) -> Try;

pub(crate) fn call(path: &'static str, group: &Group, more: &[(&'static str, &str)]) -> Try {
    let room = ("room", group.slug.clone());
    Try::Call(path, [room].into_iter().chain(more.iter().map(|(name, value)| (*name, (*value).to_owned()))).collect())
}

pub(crate) fn get(path: &str, group: &Group) -> Try {
    Try::Get(path.replace("SLUG", &group.slug))
}

/// Each way in, and what comes of it for each of [`WHO`].
const TABLE: &[(&str, Attempt, [u16; 6])] = &[
    ("the page", |group, _, _| get("/chat/room/SLUG", group), [302, 404, 404, 200, 200, 200]),
    ("its settings", |group, _, _| get("/chat/room/SLUG/settings", group), [302, 404, 404, 200, 200, 200]),
    ("show", |group, _, _| get("/api/rooms/show?room=SLUG", group), [401, 404, 404, 200, 200, 200]),
    ("settings", |group, _, _| get("/api/rooms/settings?room=SLUG", group), [401, 404, 404, 200, 200, 200]),
    ("members", |group, _, _| get("/api/rooms/members?room=SLUG", group), [401, 404, 404, 200, 200, 200]),
    ("since", |group, _, _| get("/api/messages/since?room=SLUG&seq=0", group), [401, 404, 404, 200, 200, 200]),
    ("before", |group, _, _| get("/api/messages/before?room=SLUG", group), [401, 404, 404, 200, 200, 200]),
    ("post", |group, _, who| call("/api/messages/post", group, &[("body", who)]), [401, 404, 404, 200, 200, 200]),
    (
        "edit",
        |group, _, who| call("/api/rooms/edit", group, &[("name", who), ("topic", "")]),
        [401, 404, 404, 403, 200, 200],
    ),
    ("add", |group, _, _| call("/api/rooms/add", group, &[("people", "the-stranger")]), [401, 404, 404, 403, 200, 200]),
    (
        "add nobody",
        |group, _, _| call("/api/rooms/add", group, &[("people", "nobody")]),
        [401, 404, 404, 403, 422, 422],
    ),
    ("make a link", |group, _, _| call("/api/rooms/link", group, &[("days", "1")]), [401, 404, 404, 403, 200, 200]),
    ("end the link", |group, _, _| call("/api/rooms/link/revoke", group, &[]), [401, 404, 404, 403, 200, 200]),
    (
        "remove a member",
        |group, people, who| {
            let person = people.spare(usize::from(who == "owner"));
            call("/api/rooms/remove", group, &[("person", person)])
        },
        [401, 404, 404, 403, 200, 200],
    ),
    (
        "remove nobody",
        |group, _, _| call("/api/rooms/remove", group, &[("person", "00000000-0000-0000-0000-000000000000")]),
        [401, 404, 404, 403, 404, 404],
    ),
    (
        "remove an admin",
        |group, people, _| call("/api/rooms/remove", group, &[("person", people.id("admin"))]),
        [401, 404, 404, 403, 403, 200],
    ),
    (
        "remove an owner",
        |group, people, _| call("/api/rooms/remove", group, &[("person", people.id("owner"))]),
        [401, 404, 404, 403, 403, 403],
    ),
    (
        "give a role",
        |group, people, _| call("/api/rooms/role", group, &[("person", people.spare(0)), ("role", "owner")]),
        [401, 404, 404, 403, 403, 200],
    ),
    ("archive", |group, _, _| call("/api/rooms/archive", group, &[("on", "true")]), [401, 404, 404, 403, 403, 200]),
    ("delete", |group, _, _| call("/api/rooms/delete", group, &[("name", "Dome")]), [401, 404, 404, 403, 403, 200]),
    // The last owner hands over first.
    ("leave", |group, _, _| call("/api/rooms/leave", group, &[]), [401, 404, 404, 200, 200, 409]),
    (
        "look at the door",
        |group, _, _| Try::Get(format!("/api/rooms/door?code={}", group.code)),
        [401, 200, 410, 200, 200, 200],
    ),
    ("the way in", |group, _, _| Try::Get(format!("/chat/join/{}", group.code)), [302, 200, 410, 302, 302, 302]),
    (
        "join",
        |group, _, _| Try::Call("/api/rooms/join", vec![("code", group.code.clone())]),
        [401, 200, 410, 200, 200, 200],
    ),
];

/// What comes of something for each of [`WHO`], by their places there.
pub(crate) async fn try_all(people: &People, attempt: impl Fn(usize) -> Try) -> Vec<u16> {
    let mut found = Vec::new();
    for (who, user) in people.users.iter().take(WHO.len()).enumerate() {
        let answer = match attempt(who) {
            Try::Get(path) => user.get(&path).await,
            Try::Call(path, fields) => {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, of)| (*name, of.as_str())).collect();
                user.call(path, &fields).await
            }
        };
        found.push(answer.status);
    }
    found
}

#[tokio::test]
async fn every_right_by_every_way_in() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        for (what, attempt, expected) in TABLE {
            let group = people.begin().await;
            let found = try_all(&people, |who| attempt(&group, &people, WHO[who])).await;
            assert_eq!(found, expected, "{what}, for {WHO:?}");
        }
    })
    .await;
}

/// In an archived room nothing is written and nobody comes; what is there is read.
#[tokio::test]
async fn an_archived_room_is_read_and_no_more() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let group = people.begin().await;
        let room = ("room", group.slug.as_str());
        assert_eq!(people.user("owner").call("/api/rooms/archive", &[room, ("on", "true")]).await.status, 200);
        for who in ["member", "admin", "owner"] {
            let user = people.user(who);
            let refused = user.call("/api/messages/post", &[room, ("body", "late")]).await;
            assert_eq!(refused.error(), (409, "archived".into()), "{who}");
            assert_eq!(user.get(&format!("/chat/room/{}", group.slug)).await.status, 200, "{who}");
        }
        let admin = people.user("admin");
        for (path, more) in [
            ("/api/rooms/edit", vec![("name", "x"), ("topic", "")]),
            ("/api/rooms/add", vec![("people", "the-stranger")]),
            ("/api/rooms/link", vec![]),
        ] {
            let fields: Vec<_> = [room].into_iter().chain(more).collect();
            assert_eq!(admin.call(path, &fields).await.error(), (409, "archived".into()), "{path}");
        }
        let stranger = people.user("stranger").call("/api/rooms/join", &[("code", &group.code)]).await;
        assert_eq!(stranger.error(), (410, "link_expired".into()));
    })
    .await;
}

async fn hello(user: &User) -> (Listener, Value) {
    let mut listener = user.knocks().await;
    let hello = listener.frame().await;
    (listener, hello)
}

/// The kinds of frames and events that wait.
async fn kinds(listener: &mut Listener) -> Vec<String> {
    listener.sends(r#"{"type":"ping"}"#).await;
    let mut kinds = Vec::new();
    loop {
        let frame = listener.frame().await;
        let kind = frame["event"]["kind"].as_str().or(frame["type"].as_str()).unwrap();
        if kind == "pong" {
            return kinds;
        }
        kinds.push(kind.to_owned());
    }
}

#[tokio::test]
async fn a_socket_hears_the_rooms_of_its_person_and_no_others() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let group = people.begin().await;
        for who in &WHO[1..] {
            let inside = !matches!(*who, "stranger" | "removed");
            let (mut listener, hello) = hello(people.user(who)).await;
            assert_eq!(hello["rooms"][&group.slug].is_i64(), inside, "{who}");
            let resume = json!({"type": "resume", "cursors": {&group.slug: 0}}).to_string();
            listener.sends(resume.as_str()).await;
            let answered = kinds(&mut listener).await;
            assert_eq!(!answered.is_empty(), inside, "{who}: {answered:?}");
            let fields = [("room", group.slug.as_str()), ("body", who)];
            assert_eq!(people.user("owner").call("/api/messages/post", &fields).await.status, 200);
            assert_eq!(kinds(&mut listener).await, if inside { vec!["posted"] } else { Vec::new() }, "{who}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_is_removed_or_leaves_keeps_no_open_socket_to_the_room() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let group = people.begin().await;
        let room = ("room", group.slug.as_str());
        let (owner, member, admin) = (people.user("owner"), people.user("member"), people.user("admin"));
        let elsewhere = app.log_in("the-member").await;
        let mut open = [member.listens().await, elsewhere.listens().await];
        let mut left = admin.listens().await;
        let removal = [room, ("person", people.id("member"))];
        assert_eq!(owner.call("/api/rooms/remove", &removal).await.status, 200);
        assert_eq!(admin.call("/api/rooms/leave", &[room]).await.status, 200);
        assert_eq!(owner.call("/api/messages/post", &[room, ("body", "not for them")]).await.status, 200);
        let resume = json!({"type": "resume", "cursors": {&group.slug: 0}}).to_string();
        for listener in &mut open {
            assert_eq!(kinds(listener).await, ["lost"]);
            listener.sends(resume.as_str()).await;
            assert!(kinds(listener).await.is_empty(), "nothing by asking for it");
        }
        assert_eq!(kinds(&mut left).await, ["member", "lost"]);
        // Brought in again, and heard at once.
        assert_eq!(owner.call("/api/rooms/add", &[room, ("people", "the-member")]).await.status, 200);
        assert_eq!(owner.call("/api/messages/post", &[room, ("body", "welcome back")]).await.status, 200);
        for listener in &mut open {
            assert_eq!(kinds(listener).await, ["room", "member", "posted"]);
        }
        // And the end of the room is heard by all who are in it.
        assert_eq!(owner.call("/api/rooms/delete", &[room, ("name", "Dome")]).await.status, 200);
        assert_eq!(kinds(&mut open[0]).await, ["lost"]);
        assert!(within(kinds(&mut left)).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_direct_room_is_there_for_its_people_alone() {
    on_both(async |app| {
        let (mei, ines, tom) = (app.sign_up("mei").await, app.sign_up("ines").await, app.sign_up("tomasz").await);
        let slug = slug_in(&mei.call("/api/rooms/direct", &[("people", "ines")]).await);
        let room = ("room", slug.as_str());
        assert_eq!(ines.call("/api/messages/post", &[room, ("body", "between us")]).await.status, 200);
        for path in [
            format!("/chat/room/{slug}"),
            format!("/chat/room/{slug}/settings"),
            format!("/api/rooms/show?room={slug}"),
            format!("/api/rooms/members?room={slug}"),
            format!("/api/messages/since?room={slug}&seq=0"),
            format!("/api/messages/before?room={slug}"),
        ] {
            let statuses = [mei.get(&path).await.status, ines.get(&path).await.status, tom.get(&path).await.status];
            assert_eq!(statuses, [200, 200, 404], "{path}");
        }
        for (path, more, own) in [
            ("/api/messages/post", ("body", "me too"), 200),
            ("/api/rooms/add", ("people", "tomasz"), 403),
            ("/api/rooms/link", ("days", ""), 403),
            ("/api/rooms/archive", ("on", "true"), 403),
            ("/api/rooms/delete", ("name", ""), 403),
            ("/api/rooms/leave", ("x", ""), 403),
        ] {
            let statuses = [mei.call(path, &[room, more]).await.status, tom.call(path, &[room, more]).await.status];
            assert_eq!(statuses, [own, 404], "{path}");
        }
    })
    .await;
}
