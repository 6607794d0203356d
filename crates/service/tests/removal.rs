//! Whoever is removed while something is read for them is told nothing of what came after.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::sync::Arc;
use telicat_domain::{ApiError, Event, Message, MessageId, RoomSlug, Timestamp};
use telicat_service::{
    Error, Services, Settings, Signed, messages,
    testing::{TestService, settings},
};
use telicat_store::testing::both;
use tokio::{sync::Barrier, task::JoinSet};

/// Removals, each of which falls between two queries of some of those who read, and not of others.
const ROUNDS: usize = 24;
/// So many read at once in each way.
const READERS: usize = 3;

/// Each way to read what is in a room.
const WAYS: [Way; 9] =
    [Way::Page, Way::Room, Way::At, Way::Before, Way::After, Way::Since, Way::Thread, Way::Replies, Way::Day];

#[derive(Debug, Clone, Copy)]
enum Way {
    Page,
    Room,
    At,
    Before,
    After,
    Since,
    Thread,
    Replies,
    Day,
}

fn last_of(messages: &[Message]) -> i64 {
    messages.iter().map(|message| message.seq).max().unwrap_or(0)
}

fn last_in(events: &[Event]) -> i64 {
    events.iter().map(Event::seq).max().unwrap_or(0)
}

impl Way {
    /// Reads, and says the largest number that was told.
    async fn read(self, services: &Services, who: &Signed, place: &Place) -> Result<i64, Error> {
        let Place { room, root, seq, day } = place;
        let (room, root, seq, day) = (room.as_str(), *root, *seq, *day);
        let (rooms, threads) = (&services.rooms, &services.messages);
        Ok(match self {
            Self::Page => last_of(&rooms.page(who, room).await?.messages),
            Self::Room => last_of(&rooms.page_at(who, room, None, false).await?.messages),
            Self::At => last_of(&rooms.page_at(who, room, Some(seq), false).await?.messages),
            Self::Before => last_in(&rooms.before(who, room, None, None).await?.events),
            Self::After => last_in(&rooms.after(who, room, seq, None).await?.events),
            Self::Since => last_in(&rooms.since(who, room, seq).await?.events),
            Self::Thread => last_of(&threads.thread(who, root).await?.replies),
            Self::Replies => last_in(&threads.replies_before(who, root, i64::MAX).await?.events),
            Self::Day => rooms.first_since(who, room, day).await?.unwrap_or(0),
        })
    }
}

/// Where somebody reads.
#[derive(Clone)]
struct Place {
    room: RoomSlug,
    root: MessageId,
    /// The last event before anything happens.
    seq: i64,
    /// A moment after all that is written before the removal.
    day: Timestamp,
}

struct Cast {
    service: TestService,
    mei: Signed,
    ines: Signed,
    room: RoomSlug,
    root: MessageId,
}

impl Cast {
    async fn post(&self, root: Option<MessageId>) -> Message {
        let place = messages::Place { reply_to: None, root };
        self.service.services.messages.post_at(&self.mei, self.room.as_str(), "a word", None, place).await.unwrap()
    }

    /// Says something in the room and in its thread.
    async fn talk(&self) -> Message {
        let first = self.post(None).await;
        self.post(Some(self.root)).await;
        first
    }
}

#[tokio::test]
async fn whoever_is_removed_while_they_read_is_told_nothing_of_what_came_after() {
    both(|db| async move {
        let service = TestService::with(db, Settings { rate_limits: false, ..settings() }).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let room = service.services.create_room(&mei, "Dome", "").await.unwrap();
        let root = service.services.messages.post(&mei, room.as_str(), "a thread", None).await.unwrap().id;
        let cast = Cast { service, mei, ines, room, root };
        for _ in 0..ROUNDS {
            round(&cast).await;
        }
    })
    .await;
}

/// Many read again and again, while somebody writes, removes them, and writes on.
async fn round(cast: &Cast) {
    let services = &cast.service.services;
    services.add_members(&cast.mei, cast.room.as_str(), "ines").await.unwrap();
    // What is written after the removal is of another day.
    let day = services.now().plus_seconds(1);
    let place = Place { room: cast.room.clone(), root: cast.root, seq: cast.post(None).await.seq, day };
    let ways = WAYS.repeat(READERS);
    // Whoever is never told anything proves nothing.
    let all_were_told = Arc::new(Barrier::new(ways.len() + 1));
    let mut readers = JoinSet::new();
    for way in ways {
        let (services, ines, place) = (services.clone(), cast.ines.clone(), place.clone());
        let all_were_told = all_were_told.clone();
        readers.spawn(async move {
            let mut largest = way.read(&services, &ines, &place).await.unwrap();
            all_were_told.wait().await;
            loop {
                match way.read(&services, &ines, &place).await {
                    Ok(seq) => largest = largest.max(seq),
                    Err(error) => {
                        assert_eq!(error.api(), ApiError::NotFound, "{way:?}");
                        return (way, largest);
                    }
                }
            }
        });
    }
    all_were_told.wait().await;
    cast.talk().await;
    cast.service.clock.advance_seconds(1);
    services.remove_member(&cast.mei, cast.room.as_str(), cast.ines.person).await.unwrap();
    let after = cast.talk().await.seq;
    for (way, largest) in readers.join_all().await {
        assert!(largest < after, "{way:?}: {largest} was told, and what came after the removal begins with {after}");
    }
}
