//! What a transaction did in a room, and how it is told once it is committed.

use crate::{Error, Services, live::Move};
use telicat_domain::{Event, PersonId, RoomId, RoomSlug};
use tracing::Instrument;

/// What was done in a room. It is gathered inside the transaction, and told after the commit.
pub(crate) struct News {
    room: RoomId,
    slug: RoomSlug,
    events: Vec<(Event, Option<Standing>)>,
    ended: bool,
}

/// Whose connections have to do with an event in another way than to hear it.
enum Standing {
    /// They hear the room from here on, or stand to it in another way.
    Has(PersonId),
    /// They hear it no more.
    Lost(PersonId),
}

impl News {
    pub(crate) fn of(room: RoomId, slug: &RoomSlug) -> Self {
        Self { room, slug: slug.clone(), events: Vec::new(), ended: false }
    }

    /// Something that all who hear the room hear.
    pub(crate) fn push(&mut self, event: Event) {
        self.events.push((event, None));
    }

    /// Somebody has come, or has another role.
    pub(crate) fn push_gain(&mut self, event: Event, person: PersonId) {
        self.events.push((event, Some(Standing::Has(person))));
    }

    /// Somebody has gone.
    pub(crate) fn push_loss(&mut self, event: Event, person: PersonId) {
        self.events.push((event, Some(Standing::Lost(person))));
    }

    /// The room is there no more.
    pub(crate) fn end(&mut self) {
        self.ended = true;
    }
}

impl Services {
    /// Does something to its end, also when who asked for it is gone by then: what was committed has to be told.
    pub(crate) async fn carry_out<T, F>(&self, work: impl FnOnce(Self) -> F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let task = tokio::spawn(work(self.clone()).in_current_span());
        task.await.map_err(|_| Error::Fault("what was asked for ended before it was done"))?
    }

    /// Tells what was committed. It cannot fail: whoever cannot be told comes anew and asks.
    pub(crate) async fn tell(&self, news: News) {
        let News { room, slug, events, ended } = news;
        for (event, standing) in events {
            let change = match standing {
                Some(Standing::Has(person)) => self.gained(person, room).await,
                Some(Standing::Lost(person)) => Some(Move::Lost(person)),
                None => None,
            };
            self.hub.publish_with(room, &slug, event, change.into_iter().collect());
        }
        if ended {
            self.hub.end(room, &slug);
        }
    }

    async fn gained(&self, person: PersonId, room: RoomId) -> Option<Move> {
        match self.room_entry(person, room).await {
            Ok(entry) => entry.map(|entry| Move::Has(person, Box::new(entry))),
            Err(error) => {
                tracing::warn!(%error, %person, "somebody could not be told of a room");
                self.hub.have_come_anew(person);
                None
            }
        }
    }
}
