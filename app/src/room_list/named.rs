//! Naming rooms in messages.

use super::RoomList;
use leptos::prelude::*;
use telicat_domain::{
    RoomSlug,
    room::{RoomKind, RoomSummary},
};

impl RoomList {
    /// How a room is named in a text, when it is one of the reader's. A direct room has no name to say.
    pub(crate) fn sign_of(self, slug: &RoomSlug) -> Option<String> {
        let sign = |room: &RoomSummary| (room.kind != RoomKind::Direct).then(|| format!("#{}", room.name));
        untrack(|| self.entry(slug, |entry| sign(&entry.room))).flatten()
    }

    /// The rooms whose name or address has a text in it, those that begin with it first.
    pub(crate) fn like(self, text: &str, most: usize) -> Vec<RoomSummary> {
        let text = text.to_lowercase();
        let place = |room: &RoomSummary| {
            let (name, slug) = (room.name.to_lowercase(), room.slug.as_str());
            [name.find(&text), slug.find(&text)].into_iter().flatten().min()
        };
        let named = untrack(|| self.summaries()).into_iter().filter(|room| room.kind != RoomKind::Direct);
        let mut found: Vec<(usize, RoomSummary)> =
            named.filter_map(|room| Some((place(&room)?.min(1), room))).collect();
        found.sort_by(|one, other| (one.0, &one.1.name).cmp(&(other.0, &other.1.name)));
        found.into_iter().take(most).map(|(_, room)| room).collect()
    }
}
