//! One room, as far as it is heard: its listeners, and its last events.
//!
//! Whoever has committed events gives them in afterwards, and may be overtaken by somebody who committed later. So what
//! comes before its turn waits here for what is missing, and what follows from an event (that somebody hears the room
//! from now on, or no more) is done in its turn too. What was committed elsewhere, or by somebody who never gives it in,
//! is waited for only so long.

use super::{connection::Connection, wire::WireFrame};
use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use telicat_domain::{Message, PersonId, RoomId, RoomSlug, event::Event, frame::ServerFrame, room::RoomEntry};

/// Events that are kept at hand, so that a short gap costs no query.
const RECENT_EVENTS: usize = 256;
/// Bytes of frames that are kept at hand.
const RECENT_BYTES: usize = 1024 * 1024;

/// How long an event waits for the one before it. Between a commit and its publication lie microseconds, and the time
/// that a busy machine takes to come back to a task.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// An event, and what follows from it for who hears its room.
pub(super) struct News {
    pub(super) event: Event,
    pub(super) moves: Vec<Move>,
}

/// What follows from an event for who hears its room.
#[derive(Debug, Clone)]
pub(crate) enum Move {
    /// Somebody hears it from here on, or stands to it in another way.
    Has(PersonId, Box<RoomEntry>),
    /// Somebody hears it no more.
    Lost(PersonId),
}

/// What became of news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offered {
    /// It was said, with all that waited for it.
    Said,
    /// It waits for its turn.
    Early,
}

/// Whether news is said in its order, or after something that came later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    InTurn,
    Late,
}

pub(super) struct Topic {
    room: RoomId,
    slug: RoomSlug,
    /// What came before its turn. Held while anything is said, so that everything is said in order. Whoever holds it may
    /// take the hub's connections, and then `inner`; never the other way round.
    early: Mutex<BTreeMap<i64, News>>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    listeners: Vec<Arc<Connection>>,
    /// How often a listener came or went.
    changes: u64,
    /// Encoded frames of the last events, without a hole between them.
    recent: VecDeque<(i64, WireFrame)>,
    bytes: usize,
    /// The last event that was published here, 0 before the first.
    last: i64,
    /// The last event of which the first listener had no need, 0 before there was one: what is published next follows it.
    base: i64,
    /// Authors who took back all that they wrote.
    erased: HashSet<PersonId>,
}

/// What a room has for somebody who asks for what was missed.
pub(super) enum Missed {
    /// Nothing, or it was sent.
    Sent,
    /// More than is at hand.
    Behind {
        /// The last event known here.
        seq: i64,
    },
}

impl Topic {
    pub(super) fn new(room: RoomId, slug: RoomSlug) -> Self {
        Self { room, slug, early: Mutex::default(), inner: Mutex::default() }
    }

    pub(super) fn room(&self) -> RoomId {
        self.room
    }

    pub(super) fn slug(&self) -> &RoomSlug {
        &self.slug
    }

    /// Takes news in, and gives `say` whatever is due by that, in order.
    pub(super) fn offer(&self, news: News, mut say: impl FnMut(News, Order)) -> Offered {
        let mut early = self.early.lock().unwrap_or_else(PoisonError::into_inner);
        let seq = news.event.seq();
        let known = self.known();
        if known != 0 && seq > known + 1 {
            early.insert(seq, news);
            return Offered::Early;
        }
        say(news, if seq <= self.last() { Order::Late } else { Order::InTurn });
        self.say_due(&mut early, say);
        Offered::Said
    }

    /// Waits no longer for what should have come before an event that came early.
    pub(super) fn give_up(&self, seq: i64, mut say: impl FnMut(News, Order)) {
        let mut early = self.early.lock().unwrap_or_else(PoisonError::into_inner);
        if !early.contains_key(&seq) {
            return;
        }
        while let Some(first) = early.first_entry().filter(|first| *first.key() <= seq) {
            say(first.remove(), Order::InTurn);
        }
        self.say_due(&mut early, say);
    }

    fn say_due(&self, early: &mut BTreeMap<i64, News>, mut say: impl FnMut(News, Order)) {
        while let Some(first) = early.first_entry().filter(|first| *first.key() <= self.known() + 1) {
            say(first.remove(), Order::InTurn);
        }
    }

    /// The last event that needs no waiting for, 0 when nothing is known.
    fn known(&self) -> i64 {
        let inner = self.lock();
        inner.last.max(inner.base)
    }

    fn last(&self) -> i64 {
        self.lock().last
    }

    /// Adds a listener, and says which event is the last that it will not hear. `head` is what the database said
    /// before: an event that was published since is newer.
    pub(super) fn attach(&self, connection: &Arc<Connection>, head: i64) -> i64 {
        let mut inner = self.lock();
        inner.listeners.push(connection.clone());
        if inner.last == 0 && inner.base == 0 {
            inner.base = head;
        }
        inner.changes += 1;
        head.max(inner.last)
    }

    pub(super) fn detach(&self, connection: &Arc<Connection>) {
        let mut inner = self.lock();
        inner.listeners.retain(|other| !Arc::ptr_eq(other, connection));
        inner.changes += 1;
    }

    /// How often a listener came or went.
    pub(super) fn changes(&self) -> u64 {
        self.lock().changes
    }

    /// Gives a frame that is true for a moment to all who listen but one person.
    pub(super) fn pass_on(&self, frame: &WireFrame, but: PersonId) {
        for listener in self.lock().listeners.iter().filter(|listener| listener.person != but) {
            listener.send(frame);
        }
    }

    /// Who listens now.
    pub(super) fn listeners(&self) -> Vec<Arc<Connection>> {
        self.lock().listeners.clone()
    }

    /// Encodes an event once and gives it to all who listen. To be called in the event's turn.
    pub(super) fn publish(&self, event: Event) {
        let (seq, author) = (event.seq(), event.message().map(|message| message.author.id));
        let mut event = ServerFrame::Event { room: self.slug.clone(), event: Box::new(event) };
        let Some(mut frame) = WireFrame::encode(&event) else { return };
        let mut inner = self.lock();
        if author.is_some_and(|author| inner.erased.contains(&author)) {
            // It was written a moment before it was taken back, and comes after that.
            if let ServerFrame::Event { event, .. } = &mut event {
                event.message_mut().into_iter().for_each(Message::erase);
            }
            let Some(encoded) = WireFrame::encode(&event) else { return };
            frame = encoded;
        }
        let is_late = seq <= inner.last;
        inner.last = inner.last.max(seq);
        if is_late || inner.recent.back().is_some_and(|(last, _)| seq != last + 1) {
            inner.recent.clear();
            inner.bytes = 0;
        }
        // What is late has no place among the others: whoever missed it asks the database.
        if !is_late {
            inner.bytes += frame.len();
            inner.recent.push_back((seq, frame.clone()));
        }
        while inner.recent.len() > RECENT_EVENTS || inner.bytes > RECENT_BYTES {
            if let Some((_, old)) = inner.recent.pop_front() {
                inner.bytes -= old.len();
            }
        }
        inner.listeners.retain(|listener| listener.send(&frame));
    }

    /// The room is gone: nobody hears it, and nothing of it is kept.
    pub(super) fn end(&self) {
        self.early.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let mut inner = self.lock();
        inner.listeners.clear();
        inner.recent.clear();
        inner.bytes = 0;
    }

    /// Keeps nothing that an author wrote, neither of what is at hand nor of what may still come.
    pub(super) fn erase(&self, author: PersonId) {
        let mut inner = self.lock();
        inner.erased.insert(author);
        inner.recent.clear();
        inner.bytes = 0;
    }

    /// Sends what came after `cursor`, when all of it is at hand.
    pub(super) fn resume(&self, connection: &Connection, cursor: i64, head: i64) -> Missed {
        let inner = self.lock();
        // Whoever has lost the room meanwhile gets nothing of it.
        if !inner.listeners.iter().any(|listener| std::ptr::eq(&raw const **listener, connection)) {
            return Missed::Sent;
        }
        let cursor = cursor.max(0);
        let head = head.max(inner.last);
        if cursor >= head {
            return Missed::Sent;
        }
        let first = inner.recent.front().map_or(i64::MAX, |(seq, _)| *seq);
        let missed = usize::try_from(head - cursor).unwrap_or(usize::MAX);
        if first > cursor + 1 || missed > connection.room() {
            return Missed::Behind { seq: head };
        }
        for (_, frame) in inner.recent.iter().filter(|(seq, _)| *seq > cursor) {
            connection.send(frame);
        }
        Missed::Sent
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::hub::Hears, *};
    use crate::{Signed, live::Hub};
    use telicat_domain::{Author, Handle, MessageId, Nonce, RoomId, SessionId, Timestamp};
    use uuid::Uuid;

    const ROOM: RoomId = RoomId(Uuid::from_u128(1));
    const MEI: PersonId = PersonId(Uuid::from_u128(2));
    const INES: PersonId = PersonId(Uuid::from_u128(3));

    fn slug() -> RoomSlug {
        RoomSlug::parse("dome").unwrap()
    }

    fn author(id: PersonId) -> Author {
        let handle = Handle::from_stored("somebody".to_owned());
        Author { id, handle, name: None, picture: None, deleted: false }
    }

    fn event(seq: i64) -> Event {
        let (id, nonce) = (MessageId(Uuid::from_u128(9)), Nonce(Uuid::from_u128(9)));
        Event::Posted(Message::new(seq, id, nonce, author(MEI), seq.to_string(), Timestamp(0)))
    }

    /// Somebody who hears the room from an event on, or another room.
    fn listen(hub: &Arc<Hub>, person: PersonId, room: Option<i64>) -> Arc<Connection> {
        let signed = Signed {
            person,
            author: author(person),
            session: SessionId(Uuid::from_u128(4)),
            expires_at: Timestamp(i64::MAX),
            is_owner: false,
            remembered: false,
            proved_at: Timestamp(0),
        };
        let rooms = room.map(|head| Hears { id: ROOM, slug: slug(), head }).into_iter().collect();
        hub.attach(&signed, rooms, hub.changes_so_far(), Timestamp(0)).unwrap()
    }

    fn entry(head: i64) -> Box<RoomEntry> {
        let room = serde_json::json!({
            "room": {"slug": "dome", "kind": "group", "name": "Dome", "topic": ""}, "role": "member", "head": head,
            "read": 0, "read_version": 0, "unread": 0, "mentions": 0, "last": null, "active_at": 0, "favourite": false,
            "involvement": "everything", "muted_until": 0,
        });
        serde_json::from_value(room).unwrap()
    }

    /// What waits for a connection: types of frames, numbers of events.
    async fn heard(connection: &Connection) -> Vec<String> {
        let mut frames = Vec::new();
        connection.pong();
        connection.next(&mut frames).await.unwrap();
        let said = |frame: &WireFrame| {
            let frame: serde_json::Value = serde_json::from_slice(frame.content()).unwrap();
            let kind = frame["type"].as_str().unwrap().to_owned();
            frame["event"]["seq"].as_i64().map_or(kind, |seq| seq.to_string())
        };
        frames.iter().map(said).filter(|said| said != "hello" && said != "pong").collect()
    }

    /// Lets a time pass, on a clock that stands still otherwise.
    async fn pass(time: Duration) {
        // First whoever wants to be woken says so, and afterwards does what is due.
        tokio::task::yield_now().await;
        tokio::time::advance(time).await;
        tokio::task::yield_now().await;
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_early_waits_for_what_was_committed_before() {
        let hub = Arc::new(Hub::default());
        let mei = listen(&hub, MEI, Some(2));
        for seq in [5, 4] {
            hub.publish(ROOM, &slug(), event(seq));
        }
        assert!(heard(&mei).await.is_empty());
        hub.publish(ROOM, &slug(), event(3));
        assert_eq!(heard(&mei).await, ["3", "4", "5"]);
        hub.publish(ROOM, &slug(), event(6));
        assert_eq!(heard(&mei).await, ["6"]);
        // Whoever comes back is sent all of it, in order.
        hub.resume(&mei, &[(slug(), 2)].into());
        assert_eq!(heard(&mei).await, ["3", "4", "5", "6"]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_never_comes_is_waited_for_only_so_long() {
        let hub = Arc::new(Hub::default());
        let mei = listen(&hub, MEI, Some(2));
        for seq in [6, 5, 3] {
            hub.publish(ROOM, &slug(), event(seq));
        }
        assert_eq!(heard(&mei).await, ["3"]);
        pass(PATIENCE / 2).await;
        assert!(heard(&mei).await.is_empty());
        pass(PATIENCE).await;
        assert_eq!(heard(&mei).await, ["5", "6"]);
        // When it comes after all it is said, for whoever waits for it; and it is not at hand among the others.
        hub.publish(ROOM, &slug(), event(4));
        assert_eq!(heard(&mei).await, ["4"]);
        hub.resume(&mei, &[(slug(), 3)].into());
        assert_eq!(heard(&mei).await, ["behind"]);
        hub.publish(ROOM, &slug(), event(7));
        assert_eq!(heard(&mei).await, ["7"]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_loses_the_room_hears_nothing_that_came_after_and_who_gains_it_nothing_before() {
        let hub = Arc::new(Hub::default());
        let (mei, ines) = (listen(&hub, MEI, Some(2)), listen(&hub, INES, None));
        hub.publish(ROOM, &slug(), event(5));
        hub.publish_with(ROOM, &slug(), event(4), vec![Move::Lost(MEI), Move::Has(INES, entry(3))]);
        hub.publish(ROOM, &slug(), event(3));
        assert_eq!(heard(&mei).await, ["3", "lost"]);
        assert_eq!(heard(&ines).await, ["room", "4", "5"]);
        hub.resume(&mei, &[(slug(), 0)].into());
        assert!(heard(&mei).await.is_empty());
        // The opposite, one right after the other and told the other way round.
        hub.publish_with(ROOM, &slug(), event(7), vec![Move::Lost(INES)]);
        hub.publish_with(ROOM, &slug(), event(6), vec![Move::Has(INES, entry(6))]);
        hub.publish(ROOM, &slug(), event(8));
        assert_eq!(heard(&ines).await, ["room", "6", "lost"]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_change_that_was_overtaken_is_not_believed() {
        let hub = Arc::new(Hub::default());
        let ines = listen(&hub, INES, None);
        listen(&hub, MEI, Some(2));
        hub.publish(ROOM, &slug(), event(4));
        pass(PATIENCE * 2).await;
        hub.publish_with(ROOM, &slug(), event(3), vec![Move::Has(INES, entry(3))]);
        // She comes again at once, and the database says what she hears.
        assert!(ines.next(&mut Vec::new()).await.is_err());
    }

    #[test]
    fn who_is_about_to_hear_their_rooms_asks_again_when_they_have_changed() {
        let hub = Arc::new(Hub::default());
        let asked = hub.changes_so_far();
        hub.have_come_anew(INES);
        assert!(!hub.changes().has_changed(MEI, asked) && hub.changes().has_changed(INES, asked));
        hub.end(ROOM, &slug());
        assert!(hub.changes().has_changed(MEI, asked));
        let asked = hub.changes_so_far();
        assert!(!hub.changes().has_changed(MEI, asked));
        // More than is remembered: it may have been anybody.
        (0..300).for_each(|_| hub.have_come_anew(INES));
        assert!(hub.changes().has_changed(MEI, asked));
    }

    #[tokio::test(start_paused = true)]
    async fn a_room_that_ends_is_lost_by_all() {
        let hub = Arc::new(Hub::default());
        let (mei, ines) = (listen(&hub, MEI, Some(2)), listen(&hub, INES, Some(2)));
        hub.publish(ROOM, &slug(), event(4));
        hub.end(ROOM, &slug());
        pass(PATIENCE * 2).await;
        assert_eq!((heard(&mei).await, heard(&ines).await), (vec!["lost".to_owned()], vec!["lost".to_owned()]));
    }
}
