//! The rooms that the reader may name in a message.

use leptos::prelude::*;
use telicat_domain::room::{RoomKind, RoomSummary};

/// The rooms of this page. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct KnownRooms(Signal<Vec<RoomSummary>>);

impl KnownRooms {
    /// Provides them to all below.
    pub(crate) fn provide(rooms: impl Into<Signal<Vec<RoomSummary>>>) {
        provide_context(Self(rooms.into()));
    }

    pub(crate) fn get() -> Self {
        use_context().unwrap_or_else(|| Self(Signal::stored(Vec::new())))
    }

    /// Those whose name or address has a text in it, those that begin with it first. A direct room has no name to say.
    pub(crate) fn like(self, text: &str, most: usize) -> Vec<RoomSummary> {
        let text = text.to_lowercase();
        let place = |room: &RoomSummary| {
            let (name, slug) = (room.name.to_lowercase(), room.slug.as_str());
            [name.find(&text), slug.find(&text)].into_iter().flatten().min()
        };
        let mut found: Vec<(usize, RoomSummary)> = self.0.with_untracked(|rooms| {
            let named = rooms.iter().filter(|room| room.kind != RoomKind::Direct);
            named.filter_map(|room| Some((place(room)?.min(1), room.clone()))).collect()
        });
        found.sort_by(|one, other| (one.0, &one.1.name).cmp(&(other.0, &other.1.name)));
        found.into_iter().take(most).map(|(_, room)| room).collect()
    }
}
