//! Whoever is removed while something is read for them is told nothing of what came after.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use telicat_domain::{ApiError, Event, Message, MessageId, RoomSlug, Timestamp};
use telicat_service::{
    Error, Services, Settings, Signed,
    messages::Place,
    testing::{TestService, settings},
};
use telicat_store::testing::both;
use tokio::task::JoinSet;

const ROUNDS: usize = 12;
/// Messages before the removal, and after it; as many in a thread.
const POSTS: usize = 4;

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
    async fn read(
        self,
        services: &Services,
        who: &Signed,
        room: &str,
        root: MessageId,
        day: Timestamp,
    ) -> Result<i64, Error> {
        let (rooms, messages) = (&services.rooms, &services.messages);
        Ok(match self {
            Self::Page => last_of(&rooms.page(who, room).await?.messages),
            Self::Room => last_of(&rooms.page_at(who, room, None, false).await?.messages),
            Self::At => last_of(&rooms.page_at(who, room, Some(4), false).await?.messages),
            Self::Before => last_in(&rooms.before(who, room, None, None).await?.events),
            Self::After => last_in(&rooms.after(who, room, 0, None).await?.events),
            Self::Since => last_in(&rooms.since(who, room, 0).await?.events),
            Self::Thread => last_of(&messages.thread(who, root).await?.replies),
            Self::Replies => last_in(&messages.replies_before(who, root, i64::MAX).await?.events),
            Self::Day => rooms.first_since(who, room, day).await?.unwrap_or(0),
        })
    }
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
        let place = Place { reply_to: None, root };
        self.service.services.messages.post_at(&self.mei, self.room.as_str(), "a word", None, place).await.unwrap()
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
        let mut told = 0;
        for _ in 0..ROUNDS {
            told += round(&cast).await;
        }
        assert!(told > ROUNDS * WAYS.len(), "whoever is never told anything proves nothing: {told}");
    })
    .await;
}

/// Everything is read again and again, while others write, remove the reader, and write on. Says how often somebody was
/// told something.
async fn round(cast: &Cast) -> usize {
    let services = &cast.service.services;
    services.add_members(&cast.mei, cast.room.as_str(), "ines").await.unwrap();
    // What is written after the removal is of another day.
    let later = services.now().plus_seconds(1);
    let mut readers = JoinSet::new();
    for way in WAYS {
        for _ in 0..2 {
            let (services, ines, room, root) = (services.clone(), cast.ines.clone(), cast.room.clone(), cast.root);
            readers.spawn(async move {
                let (mut told, mut largest) = (0, 0);
                loop {
                    match way.read(&services, &ines, room.as_str(), root, later).await {
                        Ok(seq) => {
                            told += 1;
                            largest = largest.max(seq);
                        }
                        Err(error) => {
                            assert_eq!(error.api(), ApiError::NotFound, "{way:?}");
                            return (way, told, largest);
                        }
                    }
                }
            });
        }
    }
    for _ in 0..POSTS {
        cast.post(None).await;
        cast.post(Some(cast.root)).await;
    }
    cast.service.clock.advance_seconds(1);
    services.remove_member(&cast.mei, cast.room.as_str(), cast.ines.person).await.unwrap();
    let after = cast.post(None).await.seq;
    cast.post(Some(cast.root)).await;
    for _ in 1..POSTS {
        cast.post(None).await;
        cast.post(Some(cast.root)).await;
    }
    let mut all = 0;
    for (way, told, largest) in readers.join_all().await {
        assert!(largest < after, "{way:?}: {largest} was told, and what came after the removal begins with {after}");
        all += told;
    }
    all
}
