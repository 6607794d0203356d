//! The public rooms, by name: who writes `#name` of one makes a link to it. Others are not told of, so that a text does
//! not say which rooms there are.

use crate::{Error, clock::Clock};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};
use telicat_domain::{
    RoomSlug, Timestamp,
    room::{RoomKind, RoomSummary},
};
use telicat_store::{Db, rooms};

/// The names are believed for this long, in microseconds.
const BELIEVED: i64 = 10 * Timestamp::SECOND;

/// The names of the public rooms, in memory.
pub(crate) struct PublicRooms {
    db: Db,
    clock: Arc<dyn Clock>,
    known: Mutex<Option<(Timestamp, Arc<HashSet<RoomSlug>>)>>,
}

impl PublicRooms {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock, known: Mutex::default() }
    }

    /// Those that texts may name. No query unless one has a sign for it, and then one in ten seconds.
    pub(crate) async fn named_by(&self, texts: impl Iterator<Item = &str>) -> Result<Arc<HashSet<RoomSlug>>, Error> {
        let mut texts = texts;
        if !texts.any(|text| text.contains('#')) {
            return Ok(Arc::default());
        }
        let now = self.clock.now();
        if let Some(names) = self.known_at(now) {
            return Ok(names);
        }
        let names = rooms::list_public_slugs(&self.db).await?;
        Ok(self.keep(now, names.into_iter().collect()))
    }

    /// Somebody's list of rooms, read after `now`, has all public rooms in it: so there is no need to ask.
    pub(crate) fn learn<'a>(&self, now: Timestamp, list: impl Iterator<Item = &'a RoomSummary>) {
        if self.known_at(now).is_none() {
            self.keep(now, list.filter(|room| room.kind == RoomKind::Public).map(|room| room.slug.clone()).collect());
        }
    }

    fn known_at(&self, now: Timestamp) -> Option<Arc<HashSet<RoomSlug>>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = |(read_at, _): &&(Timestamp, _)| (0..BELIEVED).contains(&(now.0 - read_at.0));
        known.as_ref().filter(fresh).map(|(_, names)| names.clone())
    }

    fn keep(&self, now: Timestamp, names: HashSet<RoomSlug>) -> Arc<HashSet<RoomSlug>> {
        let names = Arc::new(names);
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, names.clone()));
        names
    }
}
