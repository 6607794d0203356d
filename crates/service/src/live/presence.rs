//! Who is here, who writes, and how many are in a room: what is true at this moment and nowhere written down.
//!
//! A person is as their connections are, so nothing has to be mended after a crash, and a socket that dies silently
//! counts until the sweep closes it. Differences are told once a second, to those whose pages show the person or the
//! room; a moment without a connection, as between two pages, is none.

use super::{
    Hub,
    connection::{Connection, Shown},
    hub::Heard,
    topic::Topic,
    wire::WireFrame,
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering},
};
use telicat_domain::{
    Author, MessageId, PersonId, RoomId, RoomSlug, Timestamp, frame::ServerFrame, presence::Presence,
};

/// Who has closed the last page is still here for so long, in microseconds.
const GRACE: i64 = 20 * Timestamp::SECOND;
/// Of one connection and room, typing is passed on once in this time, in microseconds.
const TYPING_EVERY: i64 = 3 * Timestamp::SECOND;
/// People whom one connection may watch.
const WATCHED_MAX: usize = 500;

/// What is known of everybody who is here.
#[derive(Default)]
pub(super) struct Presences(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    people: HashMap<PersonId, Known>,
    /// Those who may be otherwise than they were told.
    stirred: HashSet<PersonId>,
    /// The rooms that somebody looks at.
    rooms: HashMap<RoomId, Looked>,
}

struct Known {
    /// As who typing is told.
    author: Author,
    /// How those who watch were told that the person is.
    told: Presence,
    /// Since when there is no connection.
    left: Option<Timestamp>,
    /// Whether the account has ended, so that nobody waits for them.
    departed: bool,
}

struct Looked {
    slug: RoomSlug,
    topic: Arc<Topic>,
    /// Whether somebody has begun to look.
    fresh: bool,
    /// The topic's count of comings and goings when its people were counted.
    changes: u64,
    /// Who is in the room.
    people: HashSet<PersonId>,
}

impl Presences {
    /// A person has a connection more.
    pub(super) fn arrive(&self, author: &Author) {
        let mut inner = self.lock();
        let new = || Known { author: author.clone(), told: Presence::Gone, left: None, departed: false };
        let known = inner.people.entry(author.id).or_insert_with(new);
        known.author.clone_from(author);
        known.departed = false;
        inner.stirred.insert(author.id);
    }

    /// A person has a connection less, or does something again, or has done nothing for a while.
    pub(super) fn stir(&self, person: PersonId) {
        self.lock().stirred.insert(person);
    }

    /// A person is called otherwise now.
    pub(super) fn rename(&self, author: &Author) {
        if let Some(known) = self.lock().people.get_mut(&author.id) {
            known.author.clone_from(author);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Takes in how many connections a person has, and whether all of them are idle. Something comes back when that is
    /// worth telling.
    fn settle(&mut self, person: PersonId, connections: Option<bool>, now: Timestamp) -> Option<Presence> {
        let known = self.people.get_mut(&person)?;
        let is = match connections {
            _ if known.departed => Presence::Gone,
            Some(idle) => {
                known.left = None;
                if idle { Presence::Away } else { Presence::Here }
            }
            None if now.0 - known.left.get_or_insert(now).0 >= GRACE => Presence::Gone,
            None => {
                // Looked at again until it is over.
                self.stirred.insert(person);
                return None;
            }
        };
        let changed = is != known.told;
        known.told = is;
        if is == Presence::Gone {
            self.people.remove(&person);
        }
        changed.then_some(is)
    }
}

impl Looked {
    /// Counts anew when somebody came or went. Says whether there is another number.
    fn count(&mut self, people: &HashMap<PersonId, Known>, gone: bool) -> bool {
        let changes = self.topic.changes();
        if changes == self.changes && !gone {
            return false;
        }
        self.changes = changes;
        let before = self.people.len();
        let mut here: HashSet<PersonId> = self.topic.listeners().iter().map(|listener| listener.person).collect();
        // Between two pages one is still in the room.
        let still = |person: &&PersonId| people.get(person).is_some_and(|known| known.left.is_some());
        here.extend(self.people.iter().filter(still));
        self.people = here;
        self.people.len() != before
    }
}

impl Hub {
    /// Passes on that somebody writes: to all who hear the room, but to no page of the one who does. What comes too often
    /// is dropped, and what is about a room that the connection does not hear.
    pub fn typing(&self, connection: &Arc<Connection>, slug: &RoomSlug, root: Option<MessageId>, now: Timestamp) {
        let Some(heard) = self.heard(connection, slug) else { return };
        if !connection.shown().may_type(heard.room, now) {
            return;
        }
        let Some(person) = self.presences.lock().people.get(&connection.person).map(|known| known.author.clone())
        else {
            return;
        };
        if let Some(frame) = WireFrame::encode(&ServerFrame::Typing { room: slug.clone(), root, person }) {
            heard.topic.pass_on(&frame, connection.person);
        }
    }

    /// The page of a connection shows a room, and is told how many are in it from now on; or shows none.
    pub fn look(&self, connection: &Arc<Connection>, slug: Option<&RoomSlug>) {
        let heard = slug.and_then(|slug| Some((slug, self.heard(connection, slug)?)));
        let mut shown = connection.shown();
        shown.room = heard.as_ref().map(|(_, heard)| heard.room);
        shown.told = None;
        drop(shown);
        let Some((slug, Heard { topic, room, .. })) = heard else { return };
        let mut presences = self.presences.lock();
        let begin = || Looked { slug: slug.clone(), topic, fresh: true, changes: 0, people: HashSet::new() };
        presences.rooms.entry(room).or_insert_with(begin).fresh = true;
    }

    /// The page of a connection shows people: it is told how they are now, and who of them is otherwise later. Those that
    /// were named before are forgotten.
    pub fn watch(&self, connection: &Arc<Connection>, mut people: Vec<PersonId>) {
        people.sort_unstable();
        people.dedup();
        people.truncate(WATCHED_MAX);
        // Under one lock with the telling of differences: none can fall between the answer and the first of them.
        let presences = self.presences.lock();
        let told = |person| presences.people.get(person).map(|known| known.told).unwrap_or_default();
        let people_now = people.iter().map(|person| (*person, told(person))).collect();
        connection.shown().people = people.into_boxed_slice();
        if let Some(frame) = WireFrame::encode(&ServerFrame::Presence { people: people_now }) {
            connection.send(&frame);
        }
    }

    /// Nobody has done anything in a connection's page for a while; or somebody does again.
    pub fn idle(&self, connection: &Connection, idle: bool) {
        if connection.idle.swap(idle, Ordering::Relaxed) != idle {
            self.presences.stir(connection.person);
        }
    }

    /// A person will not come back: there is no grace for an account that has ended.
    pub(crate) fn depart(&self, person: PersonId) {
        let mut presences = self.presences.lock();
        if let Some(known) = presences.people.get_mut(&person) {
            known.departed = true;
            presences.stirred.insert(person);
        }
    }

    /// Tells who is otherwise than they were told, and which rooms have another number of people. To be called once a
    /// second. What it costs is in proportion to what has changed.
    pub fn tell_presences(&self, now: Timestamp) {
        let stirred = std::mem::take(&mut self.presences.lock().stirred);
        // Whether each has connections, and whether all of them are idle.
        let states: Vec<(PersonId, Option<bool>)> = {
            let connections = self.connections();
            let idle = |own: &Vec<super::hub::Attached>| own.iter().all(|one| one.connection.is_idle());
            stirred.into_iter().map(|person| (person, connections.get(&person).map(idle))).collect()
        };
        let connections = if states.is_empty() { Vec::new() } else { self.all() };

        let mut presences = self.presences.lock();
        let mut changed: BTreeMap<PersonId, Presence> = BTreeMap::new();
        for (person, state) in states {
            if let Some(presence) = presences.settle(person, state, now) {
                changed.insert(person, presence);
            }
        }
        tell_people(&connections, &changed);
        presences.tell_rooms(&changed);
    }

    /// A room that a connection hears.
    fn heard(&self, connection: &Arc<Connection>, slug: &RoomSlug) -> Option<Heard> {
        let connections = self.connections();
        let own = connections.get(&connection.person)?;
        own.iter().find(|attached| Arc::ptr_eq(&attached.connection, connection))?.rooms.get(slug).cloned()
    }
}

/// Tells each connection of the people whom it watches. Most of them watch the same few who have changed.
fn tell_people(connections: &[Arc<Connection>], changed: &BTreeMap<PersonId, Presence>) {
    if changed.is_empty() {
        return;
    }
    let mut frames: HashMap<Vec<PersonId>, Option<WireFrame>> = HashMap::new();
    for connection in connections {
        let watched = connection.shown().watched(changed);
        if watched.is_empty() {
            continue;
        }
        let encode = |watched: &Vec<PersonId>| {
            let people = watched.iter().filter_map(|person| Some((*person, *changed.get(person)?))).collect();
            WireFrame::encode(&ServerFrame::Presence { people })
        };
        let frame = frames.entry(watched).or_insert_with_key(encode);
        if let Some(frame) = frame {
            connection.send(frame);
        }
    }
}

impl Inner {
    /// Tells those who look at a room how many are in it, when they do not know.
    fn tell_rooms(&mut self, changed: &BTreeMap<PersonId, Presence>) {
        let gone: Vec<&PersonId> =
            changed.iter().filter(|(_, presence)| **presence == Presence::Gone).map(|(person, _)| person).collect();
        let people = &self.people;
        self.rooms.retain(|room, looked| {
            let gone = gone.iter().any(|person| looked.people.contains(person));
            if !looked.count(people, gone) && !std::mem::take(&mut looked.fresh) {
                return true;
            }
            looked.fresh = false;
            let count = u32::try_from(looked.people.len()).unwrap_or(u32::MAX);
            let frame = WireFrame::encode(&ServerFrame::Here { room: looked.slug.clone(), count });
            let mut watched = false;
            // Among those who hear it: who has lost the room is told nothing of it, whatever the page shows.
            for listener in looked.topic.listeners() {
                let mut shown = listener.shown();
                if shown.room == Some(*room) {
                    watched = true;
                    if shown.told.replace(count) != Some(count)
                        && let Some(frame) = &frame
                    {
                        drop(shown);
                        listener.send(frame);
                    }
                }
            }
            watched
        });
    }
}

impl Shown {
    /// Those of the people who are watched. Whichever of the two is shorter is gone through.
    fn watched(&self, changed: &BTreeMap<PersonId, Presence>) -> Vec<PersonId> {
        if self.people.len() < changed.len() {
            self.people.iter().filter(|person| changed.contains_key(person)).copied().collect()
        } else {
            changed.keys().filter(|person| self.people.binary_search(person).is_ok()).copied().collect()
        }
    }

    /// Whether typing in a room is passed on now.
    fn may_type(&mut self, room: RoomId, now: Timestamp) -> bool {
        self.typed.retain(|(_, at)| now.0 - at.0 < TYPING_EVERY);
        let may = self.typed.iter().all(|(typed, _)| *typed != room);
        if may {
            self.typed.push((room, now));
        }
        may
    }
}
