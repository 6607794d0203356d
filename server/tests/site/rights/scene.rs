//! A room of each kind, with somebody of each standing and messages of everybody.

use super::people::{People, handle};
use crate::site::{Answer, ROOM, User};
use futures::{future::join_all, join};

/// A word of everything that is said in these rooms.
pub(super) const SECRET: &str = "lantern";

/// What sort of a room something is tried in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Group,
    Archived,
    Public,
    Direct,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::Group, Self::Archived, Self::Public, Self::Direct];

    /// How one can stand to it. Who may do least comes first.
    pub(super) fn who(self) -> &'static [&'static str] {
        match self {
            Self::Group | Self::Archived => &["visitor", "stranger", "runner", "removed", "member", "admin", "owner"],
            Self::Public => &["visitor", "stranger", "runner"],
            Self::Direct => &["visitor", "stranger", "runner", "member", "owner"],
        }
    }

    /// Whether somebody is in it.
    pub(super) fn has(self, who: &str) -> bool {
        match self {
            Self::Group | Self::Archived => matches!(who, "member" | "admin" | "owner"),
            Self::Public => who != "visitor",
            Self::Direct => matches!(who, "member" | "owner"),
        }
    }

    /// Who looks after it.
    pub(super) fn boss(self) -> &'static str {
        if self == Self::Public { "runner" } else { "owner" }
    }

    /// Who wrote what somebody finds in it as another's.
    fn other(self, who: &str) -> &'static str {
        match self {
            Self::Direct if who == "owner" => "member",
            Self::Direct => "owner",
            _ => "removed",
        }
    }
}

/// How much is said in a room beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Talk {
    /// A word, by who looks after it.
    Little,
    /// Something of everybody.
    Much,
}

/// A room of a test.
pub(super) struct Scene<'a> {
    pub(super) people: &'a People,
    pub(super) kind: Kind,
    pub(super) slug: String,
    /// Of its link. Rooms that are no groups have none.
    pub(super) code: String,
    /// A message of each of [`Kind::who`]. Whoever was never in the room has no own one: theirs is the member's.
    pub(super) own: Vec<String>,
    /// The same, deleted by who wrote it.
    pub(super) gone: Vec<String>,
    /// One for each of [`Kind::who`], by somebody else.
    pub(super) others: Vec<String>,
    /// One that was deleted by who looks after the room.
    pub(super) taken: String,
    /// The first message of a thread, and a reply in it.
    pub(super) root: String,
    pub(super) reply: String,
}

pub(crate) fn slug_in(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["next"].as_str().unwrap().strip_prefix("/chat/room/").unwrap().to_owned()
}

pub(super) async fn post(writer: &User, room: &str, body: &str, more: &[(&str, &str)]) -> String {
    let answer = writer.call("/api/messages/post", &[&[("room", room), ("body", body)], more].concat()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["id"].as_str().unwrap().to_owned()
}

impl<'a> Scene<'a> {
    pub(super) async fn begin(people: &'a People, kind: Kind, talk: Talk) -> Self {
        let mut scene = Self { kind, slug: slug(people, kind).await, ..Self::nowhere(people) };
        let boss = people.user(kind.boss());
        if matches!(kind, Kind::Group | Kind::Archived) {
            let everybody = ["admin", "member", "removed", "spare1", "spare2"].map(handle).join(" ");
            scene.call("add", &[("people", &everybody)]).await;
            scene.call("role", &[("person", people.id("admin")), ("role", "admin")]).await;
            let settings = boss.get(&format!("/api/rooms/settings?room={}", scene.slug)).await.json();
            settings["link"]["code"].as_str().unwrap().clone_into(&mut scene.code);
        }
        if talk == Talk::Much {
            scene.talk().await;
        } else {
            scene.root = post(boss, &scene.slug, SECRET, &[]).await;
        }
        if matches!(kind, Kind::Group | Kind::Archived) {
            scene.call("remove", &[("person", people.id("removed"))]).await;
        }
        if kind == Kind::Archived {
            scene.call("archive", &[("on", "true")]).await;
        }
        scene
    }

    /// A room that does not exist.
    pub(super) fn nowhere(people: &'a People) -> Self {
        let none = || vec![String::new()];
        let (kind, nothing) = (Kind::Group, String::new());
        let (slug, code, taken, root, reply) =
            (nothing.clone(), "nothing".to_owned(), nothing.clone(), nothing.clone(), nothing);
        Self { people, kind, slug, code, own: none(), gone: none(), others: none(), taken, root, reply }
    }

    /// Who looks after the room changes it.
    pub(super) async fn call(&self, what: &str, fields: &[(&str, &str)]) {
        let fields = [&[("room", self.slug.as_str())], fields].concat();
        let answer = self.people.user(self.kind.boss()).call(&format!("/api/rooms/{what}"), &fields).await;
        assert_eq!(answer.status, 200, "{what}: {answer:?}");
    }

    /// The one of that place in [`Kind::who`].
    pub(super) fn name(&self, place: usize) -> &'static str {
        self.kind.who()[place]
    }

    /// Somebody in the room who is not the one that tries.
    pub(super) fn witness(&self, who: &str) -> &User {
        self.people.user(if self.kind == Kind::Direct { self.kind.other(who) } else { "spare1" })
    }

    /// Everybody says something, all at once where the order does not matter.
    async fn talk(&mut self) {
        let (people, kind) = (self.people, self.kind);
        // Who was removed was there before.
        let writes = |who: &str| kind.has(who) || who == "removed";
        let first = if kind == Kind::Public { "stranger" } else { "member" };
        let writer = |who: &&'static str| if writes(who) { *who } else { first };
        let says =
            async |who: &'static str| post(people.user(who), &self.slug, &format!("{SECRET} of {who}"), &[]).await;
        let (boss, other) = (kind.boss(), kind.other("owner"));
        // Where nobody deletes what others wrote, it is one's own.
        let taken = says(if kind == Kind::Direct { "owner" } else { other });
        let (own, gone, others, taken, root) = join!(
            join_all(kind.who().iter().map(|who| says(writer(who)))),
            join_all(kind.who().iter().map(|who| says(writer(who)))),
            join_all(kind.who().iter().map(|who| says(kind.other(who)))),
            taken,
            says(boss),
        );
        let deletions = gone.iter().zip(kind.who()).map(|(message, who)| delete(people.user(writer(who)), message));
        let body = format!("{SECRET} in a thread");
        let in_thread = [("root", root.as_str())];
        let (_, (), reply) = join!(
            join_all(deletions),
            delete(people.user(boss), &taken),
            post(people.user(other), &self.slug, &body, &in_thread),
        );
        (self.own, self.gone, self.others) = (own, gone, others);
        (self.taken, self.root, self.reply) = (taken, root, reply);
    }
}

/// The room's name in its address. There is one public room, and one direct room of two people.
async fn slug(people: &People, kind: Kind) -> String {
    let boss = people.user(kind.boss());
    match kind {
        Kind::Group | Kind::Archived => {
            let fields = [("name", "Dome"), ("topic", SECRET)];
            slug_in(&boss.call("/api/rooms/create", &fields).await)
        }
        Kind::Direct => slug_in(&boss.call("/api/rooms/direct", &[("people", &handle("member"))]).await),
        Kind::Public => {
            let open = [("room", ROOM), ("on", "false")];
            assert_eq!(boss.call("/api/rooms/archive", &open).await.status, 200);
            ROOM.to_owned()
        }
    }
}

async fn delete(who: &User, message: &str) {
    assert_eq!(who.call("/api/messages/delete", &[("message", message)]).await.status, 200);
}
