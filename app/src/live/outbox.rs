//! Own messages that the server has not confirmed, kept over a reload.

use crate::browser;
use telicat_domain::{Nonce, PersonId, RoomSlug, timeline::Outgoing};

/// The outbox of one person in one room. Every change reads what is kept first, because other tabs write it too.
pub(super) struct Outbox {
    person: PersonId,
    name: String,
}

impl Outbox {
    pub(super) fn of(person: PersonId, room: &RoomSlug) -> Self {
        Self { person, name: format!("outbox.{room}") }
    }

    /// What is in it, in the order in which it was written.
    pub(super) fn load(&self) -> Vec<Outgoing> {
        let text = browser::load(self.person, &self.name);
        text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// Puts a message in, or replaces the one with its nonce.
    pub(super) fn put(&self, outgoing: &Outgoing) {
        let mut all = self.load();
        match all.iter_mut().find(|other| other.nonce == outgoing.nonce) {
            Some(other) => *other = outgoing.clone(),
            None => all.push(outgoing.clone()),
        }
        self.save(&all);
    }

    /// Takes a message out.
    pub(super) fn remove(&self, nonce: Nonce) {
        let mut all = self.load();
        let before = all.len();
        all.retain(|outgoing| outgoing.nonce != nonce);
        if all.len() != before {
            self.save(&all);
        }
    }

    fn save(&self, all: &[Outgoing]) {
        let text = if all.is_empty() { String::new() } else { serde_json::to_string(all).unwrap_or_default() };
        browser::store(self.person, &self.name, &text);
    }
}
