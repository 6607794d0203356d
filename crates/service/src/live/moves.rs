//! Who hears a room from now on, and who no more, while their connections are open.

use super::{
    hub::{Heard, Hub},
    topic::Topic,
    wire::WireFrame,
};
use std::{collections::VecDeque, sync::Arc};
use telicat_domain::{
    PersonId, RoomId, RoomSlug,
    frame::{CloseCode, ServerFrame},
    room::RoomEntry,
};

/// Changes that are remembered, for whoever is between asking the database for their rooms and hearing them.
const REMEMBERED: usize = 256;

/// Who has gained or lost a room lately.
#[derive(Default)]
pub(super) struct Changes {
    so_far: u64,
    /// The last of them; nobody in particular when it concerns all who had a room.
    last: VecDeque<Option<PersonId>>,
}

impl Changes {
    /// How many there were.
    pub(super) fn so_far(&self) -> u64 {
        self.so_far
    }

    fn note(&mut self, person: Option<PersonId>) {
        self.so_far += 1;
        self.last.push_back(person);
        if self.last.len() > REMEMBERED {
            self.last.pop_front();
        }
    }

    /// Whether one of those after the first `asked` may concern a person.
    pub(super) fn has_changed(&self, person: PersonId, asked: u64) -> bool {
        let missed = usize::try_from(self.so_far - asked).unwrap_or(usize::MAX);
        missed > self.last.len() || self.last.iter().rev().take(missed).any(|who| who.is_none_or(|who| who == person))
    }
}

impl Hub {
    /// All connections of a person hear a room from now on, if they do not yet, and are told how the person stands to it.
    pub(super) fn gain(&self, topic: &Arc<Topic>, person: PersonId, entry: RoomEntry) {
        let head = entry.head;
        let frame = WireFrame::encode(&ServerFrame::Room { room: Box::new(entry) });
        let mut connections = self.connections();
        self.changes().note(Some(person));
        for attached in connections.get_mut(&person).into_iter().flatten() {
            let rooms = Arc::make_mut(&mut attached.rooms);
            if let Some(frame) = &frame {
                attached.connection.send(frame);
            }
            if !rooms.contains_key(topic.slug()) {
                let head = topic.attach(&attached.connection, head);
                rooms.insert(topic.slug().clone(), Heard { topic: topic.clone(), head });
            }
        }
    }

    /// No connection of a person hears a room any more, and each is told so.
    pub(super) fn lose(&self, topic: &Arc<Topic>, person: PersonId) {
        let frame = WireFrame::encode(&ServerFrame::Lost { room: topic.slug().clone() });
        let mut connections = self.connections();
        self.changes().note(Some(person));
        for attached in connections.get_mut(&person).into_iter().flatten() {
            if Arc::make_mut(&mut attached.rooms).remove(topic.slug()).is_some() {
                topic.detach(&attached.connection);
                if let Some(frame) = &frame {
                    attached.connection.send(frame);
                }
            }
        }
    }

    /// A room is gone: nobody hears it any more, and who did is told so.
    pub(crate) fn end(&self, room: RoomId, slug: &RoomSlug) {
        let frame = WireFrame::encode(&ServerFrame::Lost { room: slug.clone() });
        let mut connections = self.connections();
        self.changes().note(None);
        for attached in connections.values_mut().flatten().filter(|attached| attached.rooms.contains_key(slug)) {
            Arc::make_mut(&mut attached.rooms).remove(slug);
            if let Some(frame) = &frame {
                attached.connection.send(frame);
            }
        }
        drop(connections);
        if let Some(topic) = self.remove_topic(room) {
            topic.end();
        }
    }

    /// Has all connections of a person come again, because what they should hear is not known here.
    pub(crate) fn have_come_anew(&self, person: PersonId) {
        let mut connections = self.connections();
        self.changes().note(Some(person));
        for attached in connections.get_mut(&person).into_iter().flatten() {
            attached.connection.close(CloseCode::TooSlow, "");
        }
    }
}
