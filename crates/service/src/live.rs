//! Who listens to what, and how they hear it.
//!
//! A frame is encoded once and its bytes are shared by all who hear it. Each connection has a bounded queue; one that
//! is full is cut off, so nobody's slowness reaches anybody else. What a connection hears is decided here, on the
//! server, and never asked of the client.

mod connection;
mod hub;
mod moves;
mod presence;
mod topic;
mod wire;

pub use connection::Connection;
pub use hub::{Hub, Refused};
pub(crate) use topic::Move;
pub use wire::WireFrame;

use crate::{Error, Services, Signed, people::known_by};
use hub::{Hears, Unattached};
use std::sync::Arc;
use telicat_domain::{
    Timestamp,
    frame::{CloseCode, ServerFrame},
};

/// People in one answer about who is called otherwise now, at most.
const PEOPLE_MAX: usize = 200;

impl Services {
    /// Opens a connection that hears all rooms of its person from now on. Two queries.
    ///
    /// # Errors
    /// When the database does not answer. The inner error: the person has too many sockets.
    pub async fn listen(&self, signed: &Signed) -> Result<Result<Arc<Connection>, Refused>, Error> {
        let connection = loop {
            let asked = self.hub.changes_so_far();
            let heads = telicat_store::rooms::list_heads(&self.db, signed.person).await?;
            let hears = heads.into_iter().map(|room| Hears { id: room.id, slug: room.slug, head: room.last_seq });
            match self.hub.attach(signed, hears.collect(), asked, self.now()) {
                Ok(connection) => break connection,
                Err(Unattached::Refused) => return Ok(Err(Refused)),
                Err(Unattached::Outdated) => {}
            }
        };
        // The session may have ended between the request and here, when there was no socket yet to be closed.
        match self.sessions.is_live(signed.session).await {
            Ok(true) => {}
            Ok(false) => connection.close(CloseCode::SignedOut, ""),
            Err(error) => {
                self.hub.detach(&connection);
                return Err(error);
            }
        }
        Ok(Ok(connection))
    }

    /// Tells a connection who has another name, handle or picture since a moment, and up to when it knows that now. One
    /// query.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn tell_changes(&self, connection: &Connection, since: Timestamp) -> Result<(), Error> {
        let all_until = known_by(self.now());
        // As many as the queue takes: who is cut off for asking would ask again.
        let most = PEOPLE_MAX.min(connection.room().saturating_sub(1)).max(1);
        let mut changed =
            telicat_store::profiles::list_changed(&self.db, connection.person, since, most as i64 + 1).await?;
        let more = changed.len() > most;
        changed.truncate(most);
        let last = changed.last().map(|(_, at)| *at);
        let at = if more { last.unwrap_or(since) } else { all_until.max(since) };
        let people = changed.into_iter().map(|(author, _)| ServerFrame::Person { author });
        for frame in people.chain([ServerFrame::People { at, more }]) {
            if let Some(frame) = WireFrame::encode(&frame) {
                connection.send(&frame);
            }
        }
        Ok(())
    }
}
