//! Who may do what in a room, by every way in: functions, pages, and the socket.
//!
//! A table says for each way what comes of it, in a group, an archived group, a public room and a direct one, for each
//! way of standing to that room. The tables are held against the functions that there are.

mod archived;
mod astray;
mod expect;
mod frames;
mod messages;
mod people;
mod removal;
mod rooms;
mod scene;
mod shown;
mod sockets;

use crate::{
    app::{App, How},
    site::{Answer, User},
};
use expect::Expect;
use http::Method;
use leptos::server_fn::axum::server_fn_paths;
use people::People;
pub(crate) use scene::slug_in;
use scene::{Kind, Scene, Talk};
use std::collections::BTreeSet;
use telicat_store::testing::{TestDb, dump};

async fn on_both<F: Future<Output = ()>>(case: impl Fn(App) -> F) {
    for db in [Some(TestDb::sqlite().await), TestDb::postgres().await].into_iter().flatten() {
        case(App::on(db, How::default()).await).await;
    }
}

/// What somebody tries: a function with fields, or something to be got.
enum Try {
    Call(&'static str, Vec<(&'static str, String)>),
    Get(String),
}

impl Try {
    async fn by(&self, user: &User) -> Answer {
        match self {
            Self::Get(path) => user.get(path).await,
            Self::Call(path, fields) => {
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, of)| (*name, of.as_str())).collect();
                user.call(path, &fields).await
            }
        }
    }
}

/// A function of the room.
fn call(path: &'static str, scene: &Scene<'_>, more: &[(&'static str, &str)]) -> Try {
    with(path, ("room", &scene.slug), more)
}

/// A function of something that a field names.
fn with(path: &'static str, what: (&'static str, &str), more: &[(&'static str, &str)]) -> Try {
    let fields = std::iter::once(&what).chain(more);
    Try::Call(path, fields.map(|(name, value)| (*name, (*value).to_owned())).collect())
}

/// Something to be got. `SLUG` stands for the room.
fn get(path: &str, scene: &Scene<'_>) -> Try {
    Try::Get(path.replace("SLUG", &scene.slug))
}

/// A way in: what it is, what the one of that place in [`Kind::who`] tries, and what comes of it for each of them.
type Row = (&'static str, fn(&Scene<'_>, usize) -> Try, Expect);

/// Functions that have nothing to do with a room. They are tried elsewhere.
const BESIDE: [&str; 4] = ["/api/accounts/", "/api/appearance/", "/api/invitations/", "/api/profile/"];

/// Whoever makes another function says in a table who may call it.
#[test]
fn every_function_of_rooms_messages_threads_and_people_is_in_a_table() {
    let mut tried = functions_of(rooms::TABLE);
    tried.extend(functions_of(messages::TABLE));
    let there = server_fn_paths().map(|(path, _)| path.to_owned());
    let there: BTreeSet<String> = there.filter(|path| !BESIDE.iter().any(|part| path.starts_with(part))).collect();
    assert_eq!(tried, there);
}

/// What is in the database, but for letters, which are sent meanwhile.
fn rows(mut dump: Vec<String>) -> Vec<String> {
    dump.retain(|row| !row.starts_with("mails:"));
    dump.sort();
    dump
}

/// A link that somebody is made to follow, or that a browser follows by itself, does nothing.
#[tokio::test]
async fn no_function_that_changes_something_is_got() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let scene = Scene::begin(&people, Kind::Group, Talk::Much).await;
        let gets: BTreeSet<&str> =
            server_fn_paths().filter(|(_, method)| *method == Method::GET).map(|(path, _)| path).collect();
        let before = dump(app.db()).await;
        let mut tried = 0;
        for table in [rooms::TABLE, messages::TABLE] {
            for (what, attempt, _) in table {
                for (place, who) in scene.kind.who().iter().enumerate() {
                    let Try::Call(path, fields) = attempt(&scene, place) else { continue };
                    assert!(!gets.contains(path), "{what}");
                    let query = serde_urlencoded::to_string(&fields).unwrap();
                    let answer = people.user(who).get(&format!("{path}?{query}")).await;
                    assert_eq!((answer.status, answer.header("allow")), (405, "POST"), "{what}, for {who}");
                    tried += 1;
                }
            }
        }
        assert!(tried > 200, "{tried}");
        let after = dump(app.db()).await;
        assert_eq!(rows(before), rows(after));
    })
    .await;
}

/// The functions that are in a table. Pages are none.
fn functions_of(table: &[Row]) -> BTreeSet<String> {
    let (people, mut paths) = (People::nobody(), BTreeSet::new());
    for (_, attempt, _) in table {
        let path = match attempt(&Scene::nowhere(&people), 0) {
            Try::Call(path, _) => path.to_owned(),
            Try::Get(path) => path.split('?').next().unwrap().to_owned(),
        };
        if path.starts_with("/api/") {
            paths.insert(path);
        }
    }
    paths
}

/// Tries a whole table: each row in a room of its own, but for those that only look, which changes nothing. Whoever is
/// refused is told no word of what is in the room.
async fn try_all(kind: Kind, table: &'static [Row], talk: Talk) {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let mut scene = Scene::begin(&people, kind, talk).await;
        for (what, attempt, expected) in table {
            let mut found = Vec::new();
            for (place, who) in kind.who().iter().enumerate() {
                let user = people.user(who);
                let answer = attempt(&scene, place).by(user).await;
                let refused = matches!(answer.status, 302 | 401 | 404 | 410);
                assert!(!refused || !answer.text().contains(scene::SECRET), "{what}, for {who}: {answer:?}");
                found.push(answer.status);
            }
            assert_eq!(found, expected.of(kind), "{what}, in {kind:?}, for {:?}", kind.who());
            if matches!(attempt(&scene, 0), Try::Call(..)) {
                scene = Scene::begin(&people, kind, talk).await;
            }
        }
    })
    .await;
}
