//! What this browser keeps over a reload, for one person. A browser that keeps nothing (private windows of some) is no
//! error: then a reload forgets.

use crate::json;
use leptos::prelude::window;
use telicat_domain::{Notice, PersonId};
use web_sys::Storage;

const PREFIX: &str = "telicat";

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn key(person: PersonId, what: &str) -> String {
    // Not the handle, which may be another one tomorrow.
    format!("{PREFIX}.{person}.{what}")
}

/// What was kept under a name.
pub(crate) fn load(person: PersonId, what: &str) -> Option<String> {
    storage()?.get_item(&key(person, what)).ok().flatten()
}

/// Keeps a text under a name; nothing is kept of an empty one.
pub(crate) fn store(person: PersonId, what: &str, text: &str) {
    let Some(storage) = storage() else { return };
    let key = key(person, what);
    let _kept = if text.is_empty() { storage.remove_item(&key) } else { storage.set_item(&key, text) };
}

/// What is kept for a person under names that begin with `kind.`: the rest of each name.
pub(crate) fn names(person: PersonId, kind: &str) -> Vec<String> {
    let Some(storage) = storage() else { return Vec::new() };
    let prefix = key(person, &format!("{kind}."));
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok().flatten());
    keys.filter_map(|key| key.strip_prefix(&prefix).map(str::to_owned)).collect()
}

/// Forgets all that is kept for a person.
pub(crate) fn forget(person: PersonId) {
    let Some(storage) = storage() else { return };
    let prefix = key(person, "");
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok().flatten());
    let own: Vec<String> = keys.filter(|key| key.starts_with(&prefix)).collect();
    for key in own {
        let _removed = storage.remove_item(&key);
    }
}

const NOTICE: &str = "telicat.notice";

fn session() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Keeps a notice for the page that this tab opens next.
pub(crate) fn say_on_the_next_page(notice: &Notice) {
    if let (Some(session), Ok(text)) = (session(), serde_json::to_string(notice)) {
        let _kept = session.set_item(NOTICE, &text);
    }
}

/// The notice that the page before this one left, once.
pub(super) fn said_on_the_last_page() -> Option<Notice> {
    let session = session()?;
    let text = session.get_item(NOTICE).ok().flatten()?;
    let _removed = session.remove_item(NOTICE);
    json::read(&text).ok()
}
