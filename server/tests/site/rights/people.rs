//! Who tries.

use crate::{app::App, owners::first_owner_named, site::User};
use std::collections::BTreeMap;

/// Everybody, by how they stand to the rooms of these tests. `runner` runs the site. The spare ones are further members.
const EVERYBODY: [&str; 8] = ["stranger", "runner", "removed", "member", "admin", "owner", "spare1", "spare2"];

pub(super) struct People {
    users: BTreeMap<&'static str, User>,
    ids: BTreeMap<&'static str, String>,
}

/// The handle of somebody.
pub(super) fn handle(who: &str) -> String {
    format!("the-{who}")
}

impl People {
    pub(super) async fn sign_up(app: &App) -> Self {
        let mut people = Self { users: BTreeMap::new(), ids: BTreeMap::new() };
        people.users.insert("visitor", User { site: **app, cookie: String::new() });
        for who in EVERYBODY {
            let handle = handle(who);
            let user = if who == "runner" { first_owner_named(app, &handle).await } else { app.sign_up(&handle).await };
            let profile = user.get(&format!("/api/people/show?handle={handle}")).await.json();
            people.ids.insert(who, profile["author"]["id"].as_str().unwrap().to_owned());
            people.users.insert(who, user);
        }
        people
    }

    /// Who has names, and does not exist.
    pub(super) fn nobody() -> Self {
        Self { users: BTreeMap::new(), ids: EVERYBODY.into_iter().map(|who| (who, String::new())).collect() }
    }

    pub(super) fn user(&self, who: &str) -> &User {
        &self.users[who]
    }

    pub(super) fn id(&self, who: &str) -> &str {
        &self.ids[who]
    }
}
