//! All connections and all topics of this process.

use super::{
    connection::Connection,
    moves::Changes,
    presence::Presences,
    topic::{Missed, Move, News, Offered, Order, PATIENCE, Topic},
    wire::WireFrame,
};
use crate::people::known_by;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, atomic::Ordering},
};
use telicat_domain::{
    Author, PersonId, RoomId, RoomSlug, SessionId, Timestamp,
    event::Event,
    frame::{CloseCode, ServerFrame, VERSION},
};

/// Sockets of one person, at most.
const SOCKETS_MAX: usize = 20;
/// A ping is sent this often, in microseconds.
const PING_EVERY: i64 = 25 * Timestamp::SECOND;
/// A connection that was not heard for this long is dead, in microseconds.
const DEAD_AFTER: i64 = 60 * Timestamp::SECOND;
/// A connection's session is looked at this often, in microseconds.
const CHECK_EVERY: i64 = 300 * Timestamp::SECOND;

/// Of those who took back all that they wrote, as many are told to who comes: a page that was open all the time may show
/// their texts still.
const ERASED_TOLD: usize = 100;

/// Connections and topics.
#[derive(Default)]
pub struct Hub {
    topics: RwLock<HashMap<RoomId, Arc<Topic>>>,
    connections: Mutex<HashMap<PersonId, Vec<Attached>>>,
    /// Authors who took back all that they wrote, lately or since this process began.
    erased: Mutex<Vec<PersonId>>,
    /// The spread of those who are told to come back, once the process is about to end.
    ending: OnceLock<u32>,
    /// Who has gained or lost a room lately. Taken after `connections`.
    changes: Mutex<Changes>,
    /// The address of the site's files.
    assets: String,
    pub(super) presences: Presences,
}

pub(super) struct Attached {
    pub(super) connection: Arc<Connection>,
    /// What it hears, by the name that the client uses, with the last event before it came.
    pub(super) rooms: Arc<BTreeMap<RoomSlug, Heard>>,
}

#[derive(Clone)]
pub(super) struct Heard {
    pub(super) topic: Arc<Topic>,
    pub(super) head: i64,
}

/// The person has too many sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// Why a connection was not added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unattached {
    /// The person has too many sockets.
    Refused,
    /// The person has gained or lost a room since the database was asked for them: it has to be asked again.
    Outdated,
}

/// A room that a connection is to hear.
#[derive(Debug, Clone)]
pub(crate) struct Hears {
    pub(crate) id: RoomId,
    pub(crate) slug: RoomSlug,
    /// Its last event, as the database said.
    pub(crate) head: i64,
}

impl Hub {
    /// A hub without connections. `erased` took back all that they wrote, lately: whoever was not connected then is
    /// told when they come. `assets` is the address of the site's files.
    pub(crate) fn new(erased: Vec<PersonId>, assets: String) -> Self {
        Self { erased: Mutex::new(erased), assets, ..Self::default() }
    }

    /// Adds a connection that hears `rooms` from now on, for which the database was asked after `asked`, which
    /// [`Hub::changes_so_far`] has said. Its first frame is `hello`.
    ///
    /// # Errors
    /// [`Unattached`].
    pub(crate) fn attach(
        &self,
        signed: &crate::Signed,
        rooms: Vec<Hears>,
        asked: u64,
        now: Timestamp,
    ) -> Result<Arc<Connection>, Unattached> {
        let connection = Arc::new(Connection::new(signed.person, signed.session, signed.expires_at, now));
        // Frames wait until `hello` is sent, so that it comes first whatever happens meanwhile.
        let mut connections = self.connections();
        if self.changes().has_changed(signed.person, asked) {
            return Err(Unattached::Outdated);
        }
        let own = connections.entry(signed.person).or_default();
        if own.len() >= SOCKETS_MAX {
            return Err(Unattached::Refused);
        }
        let topics: Vec<(Hears, Arc<Topic>)> =
            rooms.into_iter().map(|room| (room.clone(), self.topic(room.id, &room.slug))).collect();
        let rooms: BTreeMap<RoomSlug, Heard> = topics
            .into_iter()
            .map(|(room, topic)| {
                let head = topic.attach(&connection, room.head);
                (room.slug, Heard { topic, head })
            })
            .collect();
        let hello = ServerFrame::Hello {
            version: VERSION,
            person: signed.author.handle.clone(),
            rooms: rooms.iter().map(|(slug, heard)| (slug.clone(), heard.head)).collect(),
            people: known_by(now),
            assets: self.assets.clone(),
        };
        if let Some(hello) = WireFrame::encode(&hello) {
            connection.send_first(&hello);
        }
        for author in self.erased().iter().rev().take(ERASED_TOLD) {
            if let Some(frame) = WireFrame::encode(&ServerFrame::Erased { author: *author }) {
                connection.send(&frame);
            }
        }
        own.push(Attached { connection: connection.clone(), rooms: Arc::new(rooms) });
        self.presences.arrive(&signed.author);
        drop(connections);
        if let Some(spread) = self.ending.get() {
            send_away(&connection, *spread);
        }
        Ok(connection)
    }

    /// Removes a connection.
    pub fn detach(&self, connection: &Arc<Connection>) {
        let mut connections = self.connections();
        let Some(own) = connections.get_mut(&connection.person) else { return };
        let Some(place) = own.iter().position(|attached| Arc::ptr_eq(&attached.connection, connection)) else { return };
        let attached = own.swap_remove(place);
        if own.is_empty() {
            connections.remove(&connection.person);
        }
        self.presences.stir(connection.person);
        drop(connections);
        for heard in attached.rooms.values() {
            heard.topic.detach(connection);
        }
    }

    /// Gives an event to all who hear its room, in its turn, and keeps it at hand even when nobody does: somebody may be
    /// between asking the database and listening. To be called after the commit, by whoever committed it.
    pub(crate) fn publish(self: &Arc<Self>, room: RoomId, slug: &RoomSlug, event: Event) {
        self.publish_with(room, slug, event, Vec::new());
    }

    /// As [`Hub::publish`]. Who hears the room changes by it, before anybody hears of it.
    pub(crate) fn publish_with(self: &Arc<Self>, room: RoomId, slug: &RoomSlug, event: Event, moves: Vec<Move>) {
        let topic = self.topic(room, slug);
        let seq = event.seq();
        if topic.offer(News { event, moves }, |news, order| self.say(&topic, news, order)) == Offered::Early {
            let hub = self.clone();
            tokio::spawn(async move {
                #[expect(clippy::disallowed_methods, reason = "nobody says that what is waited for never comes")]
                tokio::time::sleep(PATIENCE).await;
                topic.give_up(seq, |news, order| hub.say(&topic, news, order));
            });
        }
    }

    fn say(&self, topic: &Arc<Topic>, news: News, order: Order) {
        for change in news.moves {
            match (order, change) {
                (Order::InTurn, Move::Has(person, entry)) => self.gain(topic, person, *entry),
                (Order::InTurn, Move::Lost(person)) => self.lose(topic, person),
                // It may have been overtaken by its opposite: the database knows.
                (Order::Late, Move::Has(person, _) | Move::Lost(person)) => self.have_come_anew(person),
            }
        }
        topic.publish(news.event);
    }

    /// Tells all who hear one of the rooms how a person is called now; each once, in however many of them.
    pub(crate) fn publish_person(&self, author: &Author, rooms: &[RoomId]) {
        self.presences.rename(author);
        let Some(frame) = WireFrame::encode(&ServerFrame::Person { author: author.clone() }) else { return };
        let topics: Vec<Arc<Topic>> = {
            let topics = self.topics.read().unwrap_or_else(PoisonError::into_inner);
            rooms.iter().filter_map(|room| topics.get(room).cloned()).collect()
        };
        let mut told = HashSet::new();
        for listener in topics.iter().flat_map(|topic| topic.listeners()) {
            if told.insert(Arc::as_ptr(&listener)) {
                listener.send(&frame);
            }
        }
    }

    /// Sends a connection what it missed, by the last event that it says it has of each room. Rooms that it does not
    /// hear are passed over.
    pub fn resume(&self, connection: &Arc<Connection>, cursors: &BTreeMap<RoomSlug, i64>) {
        let rooms = self.connections().get(&connection.person).and_then(|own| {
            own.iter().find(|attached| Arc::ptr_eq(&attached.connection, connection)).map(|found| found.rooms.clone())
        });
        let Some(rooms) = rooms else { return };
        for (slug, cursor) in cursors {
            let Some(heard) = rooms.get(slug) else { continue };
            if let Missed::Behind { seq } = heard.topic.resume(connection, *cursor, heard.head)
                && let Some(frame) = WireFrame::encode(&ServerFrame::Behind { room: slug.clone(), seq })
            {
                connection.send(&frame);
            }
        }
    }

    /// Closes the sockets of a session that ended.
    pub fn close_session(&self, session: SessionId) {
        for connection in self.all() {
            if connection.session == session {
                connection.close(CloseCode::SignedOut, "");
            }
        }
    }

    /// Closes the sockets of a person whose sessions ended, all but one if that goes on.
    pub(crate) fn close_person(&self, person: PersonId, but: Option<SessionId>) {
        let own: Vec<_> = self.connections().get(&person).into_iter().flatten().map(|a| a.connection.clone()).collect();
        for connection in own.iter().filter(|connection| Some(connection.session) != but) {
            connection.close(CloseCode::SignedOut, "");
        }
    }

    /// Says something to everybody.
    pub(crate) fn tell_everybody(&self, frame: &ServerFrame) {
        let Some(frame) = WireFrame::encode(frame) else { return };
        for connection in self.all() {
            connection.send(&frame);
        }
    }

    /// Says something to some people, on all their connections.
    pub(crate) fn tell(&self, people: &[PersonId], frame: &ServerFrame) {
        let listeners: Vec<Arc<Connection>> = {
            let connections = self.connections();
            let own = people.iter().filter_map(|person| connections.get(person)).flatten();
            own.map(|attached| attached.connection.clone()).collect()
        };
        if listeners.is_empty() {
            return;
        }
        let Some(frame) = WireFrame::encode(frame) else { return };
        for listener in listeners {
            listener.send(&frame);
        }
    }

    /// Keeps no text of an author, and takes the texts off the pages that are open.
    pub(crate) fn erase(&self, author: PersonId) {
        // First the mark: a topic that begins after it knows of it, and one that began before is found below.
        self.erased().push(author);
        let topics: Vec<Arc<Topic>> =
            self.topics.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        topics.iter().for_each(|topic| topic.erase(author));
        self.tell_everybody(&ServerFrame::Erased { author });
    }

    /// Tells every connection to come back, each after a time of its own, in milliseconds below `spread`.
    pub fn restart(&self, spread: u32) {
        // First the mark: who comes after it is sent away on arrival, who came before it is found below.
        let spread = *self.ending.get_or_init(|| spread);
        for connection in self.all() {
            send_away(&connection, spread);
        }
    }

    /// Pings who was pinged long ago and closes who was not heard for too long. Returns the connections whose session
    /// should be looked up again: all now and then, and those whose session is over unless it was extended.
    #[must_use]
    pub fn sweep(&self, now: Timestamp) -> Vec<Arc<Connection>> {
        let mut doubtful = Vec::new();
        for connection in self.all() {
            if now.0 - connection.silent_since() > DEAD_AFTER {
                connection.close(CloseCode::TooSlow, "");
            } else {
                if due(connection.pinged_at(), PING_EVERY, now) {
                    connection.ping();
                }
                // A session that was used since the socket was opened has been extended.
                if now >= connection.expires_at || due(connection.checked_at(), CHECK_EVERY, now) {
                    doubtful.push(connection);
                }
            }
        }
        doubtful
    }

    /// The number of connections.
    #[must_use]
    pub fn connection_count(&self) -> usize {
        self.connections().values().map(Vec::len).sum()
    }

    /// A number for [`Hub::attach`], to be taken before the database is asked.
    pub(crate) fn changes_so_far(&self) -> u64 {
        self.changes().so_far()
    }

    pub(super) fn changes(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a topic out, when there is one.
    pub(super) fn remove_topic(&self, room: RoomId) -> Option<Arc<Topic>> {
        self.topics.write().unwrap_or_else(PoisonError::into_inner).remove(&room)
    }

    pub(super) fn all(&self) -> Vec<Arc<Connection>> {
        self.connections().values().flatten().map(|attached| attached.connection.clone()).collect()
    }

    fn topic(&self, room: RoomId, slug: &RoomSlug) -> Arc<Topic> {
        if let Some(topic) = self.topics.read().unwrap_or_else(PoisonError::into_inner).get(&room) {
            return topic.clone();
        }
        let mut topics = self.topics.write().unwrap_or_else(PoisonError::into_inner);
        let make = || {
            let topic = Topic::new(room, slug.clone());
            self.erased().iter().for_each(|author| topic.erase(*author));
            Arc::new(topic)
        };
        topics.entry(room).or_insert_with(make).clone()
    }

    fn erased(&self) -> MutexGuard<'_, Vec<PersonId>> {
        self.erased.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn connections(&self) -> MutexGuard<'_, HashMap<PersonId, Vec<Attached>>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells a connection to come back after a time of its own, in milliseconds below `spread`.
fn send_away(connection: &Connection, spread: u32) {
    let random = crate::secret::random_bytes().map_or(0, u32::from_le_bytes);
    let wait = (u64::from(random) * u64::from(spread)) >> 32;
    connection.close(CloseCode::Restart, &wait.to_string());
}

/// Whether `every` has passed since `last`, which then becomes `now`.
fn due(last: &std::sync::atomic::AtomicI64, every: i64, now: Timestamp) -> bool {
    let passed = now.0 - last.load(Ordering::Relaxed) >= every;
    if passed {
        last.store(now.0, Ordering::Relaxed);
    }
    passed
}
