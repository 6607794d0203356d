//! Whoever is removed while something is read for them is told nothing of what came after.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
};
use telicat_domain::{ApiError, Event, Message, MessageId, RoomSlug, Timestamp};
use telicat_service::{
    Error, Services, Settings, Signed, messages,
    testing::{TestService, settings},
};
use telicat_store::testing::both;

/// Each way to read what is in a room.
const WAYS: [Way; 9] =
    [Way::Page, Way::Room, Way::At, Way::Before, Way::After, Way::Since, Way::Thread, Way::Replies, Way::Day];

/// How often each of them is interrupted by a removal when it was allowed and is not at its end.
const ENOUGH: usize = 10;
/// Tries until then, at most: how many steps a query takes is the database's affair.
const ROUNDS_MAX: usize = 500;

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
        for way in WAYS {
            let (mut steps, mut between) = (0, 0);
            for _ in 0..ROUNDS_MAX {
                match removed_after(steps, way, &cast).await {
                    Removal::AfterTheEnd => steps = 0,
                    Removal::BeforeTheBeginning => steps += 1,
                    Removal::Between => {
                        between += 1;
                        steps += 1;
                    }
                }
                if between == ENOUGH {
                    break;
                }
            }
            assert_eq!(between, ENOUGH, "how often {way:?} was interrupted between two queries");
        }
    })
    .await;
}

/// When somebody was removed, as far as what they read goes.
enum Removal {
    BeforeTheBeginning,
    Between,
    AfterTheEnd,
}

/// Somebody reads, and after a number of steps is removed while they wait; then they read on.
async fn removed_after(steps: usize, way: Way, cast: &Cast) -> Removal {
    let services = &cast.service.services;
    services.add_members(&cast.mei, cast.room.as_str(), "ines").await.unwrap();
    // What is written after the removal is of another day.
    let day = services.now().plus_seconds(1);
    let place = Place { room: cast.room.clone(), root: cast.root, seq: cast.post(None).await.seq, day };
    cast.talk().await;
    let mut reading = pin!(way.read(services, &cast.ines, &place));
    for _ in 0..steps {
        if let Some(whole) = step(reading.as_mut()).await {
            whole.unwrap();
            return Removal::AfterTheEnd;
        }
    }
    cast.service.clock.advance_seconds(1);
    services.remove_member(&cast.mei, cast.room.as_str(), cast.ines.person).await.unwrap();
    let after = cast.talk().await.seq;
    match reading.await {
        Ok(told) => {
            assert!(told < after, "{way:?} after {steps} steps: {told} was told, and {after} was after the removal");
            Removal::Between
        }
        Err(error) => {
            assert_eq!(error.api(), ApiError::NotFound, "{way:?} after {steps} steps");
            Removal::BeforeTheBeginning
        }
    }
}

/// Lets a future go on as far as it can, and waits until it could go further.
async fn step<F: Future>(mut future: Pin<&mut F>) -> Option<F::Output> {
    let mut went = false;
    poll_fn(|context| {
        if std::mem::replace(&mut went, true) {
            // Nothing else wakes this task.
            return Poll::Ready(None);
        }
        future.as_mut().poll(context).map(Some)
    })
    .await
}
