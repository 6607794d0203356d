//! The newest messages of rooms, in memory.
//!
//! They are kept under the number of the room's last event, and only whoever has just read that number from the
//! database finds them. What a room holds up to a number does not change, but for its authors, who may call themselves
//! otherwise or take back what they wrote. This process then forgets at once, and what another process did is known
//! after a second, for which a page is believed at most.
//!
//! They are the room's and no reader's: who may see the room is asked before, and what the reader has of the messages is
//! added after.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use telicat_domain::{Message, RoomId, Timestamp};
use telicat_store::messages::Facts;

/// Bytes of text in memory, at most: a thousand rooms of ordinary talk, two of nothing but the longest messages.
const BYTES_MAX: usize = 4 * 1024 * 1024;
/// What a message takes beside its text, about.
const MESSAGE_BYTES: usize = 400;
/// How much more the tree of a text takes than the text, about.
const TREE: usize = 8;
/// A page is believed for this long, in microseconds.
const BELIEVED: i64 = Timestamp::SECOND;

/// A page as everybody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shared {
    pub(super) messages: Vec<Message>,
    pub(super) older: bool,
    pub(super) facts: Facts,
}

/// The newest page of each room that was lately asked for.
#[derive(Default)]
pub(super) struct Newest(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    rooms: HashMap<RoomId, Page>,
    bytes: usize,
}

struct Page {
    last_seq: i64,
    read_at: Timestamp,
    page: Arc<Shared>,
    bytes: usize,
}

impl Newest {
    /// The page of a room whose last event has the number `last_seq`.
    pub(super) fn find(&self, room: RoomId, last_seq: i64, now: Timestamp) -> Option<Arc<Shared>> {
        let fresh = |kept: &&Page| kept.last_seq == last_seq && (0..BELIEVED).contains(&(now.0 - kept.read_at.0));
        self.kept().rooms.get(&room).filter(fresh).map(|kept| kept.page.clone())
    }

    /// Keeps a page that was read from the database after `read_at`, from `last_seq` backwards.
    pub(super) fn keep(&self, room: RoomId, last_seq: i64, read_at: Timestamp, page: Arc<Shared>) {
        let bytes = page.messages.iter().map(size).sum();
        let mut kept = self.kept();
        if let Some(old) = kept.rooms.remove(&room) {
            kept.bytes -= old.bytes;
        }
        if kept.bytes + bytes > BYTES_MAX {
            *kept = Kept::default();
        }
        kept.bytes += bytes;
        kept.rooms.insert(room, Page { last_seq, read_at, page, bytes });
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        *self.kept() = Kept::default();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(message: &Message) -> usize {
    let texts = if message.rich.is_some() { 1 + TREE } else { 1 };
    message.body.len() * texts + MESSAGE_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use telicat_domain::{Author, Handle, MessageId, Nonce, PersonId};
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp(1_763_247_720_000_000);

    fn room(number: u128) -> RoomId {
        RoomId(Uuid::from_u128(number))
    }

    fn page(bytes: usize) -> Arc<Shared> {
        let author = Author {
            id: PersonId(Uuid::nil()),
            handle: Handle::from_stored("mei".to_owned()),
            name: None,
            picture: None,
            deleted: false,
        };
        let (id, nonce) = (MessageId(Uuid::nil()), Nonce(Uuid::nil()));
        let message = Message::new(1, id, nonce, author, "x".repeat(bytes), NOW);
        let facts = Facts { last_post: 1, members: 1, pinned: 0 };
        Arc::new(Shared { messages: vec![message], older: false, facts })
    }

    #[test]
    fn a_page_is_found_by_who_knows_its_number_and_by_nobody_else() {
        let newest = Newest::default();
        newest.keep(room(1), 7, NOW, page(10));
        assert!(newest.find(room(1), 7, NOW).is_some());
        assert!(newest.find(room(1), 8, NOW).is_none());
        assert!(newest.find(room(1), 6, NOW).is_none());
        assert!(newest.find(room(2), 7, NOW).is_none());
    }

    #[test]
    fn a_page_is_believed_for_a_second_and_forgotten_when_somebody_changes() {
        let newest = Newest::default();
        newest.keep(room(1), 7, NOW, page(10));
        assert!(newest.find(room(1), 7, Timestamp(NOW.0 + BELIEVED - 1)).is_some());
        assert!(newest.find(room(1), 7, Timestamp(NOW.0 + BELIEVED)).is_none());
        assert!(newest.find(room(1), 7, Timestamp(NOW.0 - 1)).is_none(), "a clock that was set back");
        newest.clear();
        assert!(newest.find(room(1), 7, NOW).is_none());
    }

    #[test]
    fn what_is_kept_has_a_bound() {
        let newest = Newest::default();
        for number in 0..100 {
            newest.keep(room(number), 1, NOW, page(BYTES_MAX / 10));
            newest.keep(room(number), 2, NOW, page(BYTES_MAX / 10));
            assert!(newest.find(room(number), 2, NOW).is_some());
            let kept = newest.kept();
            assert!(kept.bytes <= BYTES_MAX);
            assert_eq!(kept.bytes, kept.rooms.values().map(|page| page.bytes).sum::<usize>());
        }
    }
}
