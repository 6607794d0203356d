//! Who listens to what, and how they hear it.
//!
//! A frame is encoded once and its bytes are shared by all who hear it. Each connection has a bounded queue; one that
//! is full is cut off, so nobody's slowness reaches anybody else. What a connection hears is decided here, on the
//! server, and never asked of the client.

mod connection;
mod hub;
mod topic;
mod wire;

pub use connection::Connection;
pub use hub::{Hub, Refused};
pub use wire::WireFrame;

use crate::{Error, Services, Signed};
use hub::Hears;
use std::sync::Arc;
use telicat_domain::frame::CloseCode;

impl Services {
    /// Opens a connection that hears all rooms of its person from now on. Two queries.
    ///
    /// # Errors
    /// When the database does not answer. The inner error: the person has too many sockets.
    pub async fn listen(&self, signed: &Signed) -> Result<Result<Arc<Connection>, Refused>, Error> {
        let heads = telicat_store::rooms::list_heads(&self.db, signed.person).await?;
        let hears = heads.into_iter().map(|room| Hears { id: room.id, slug: room.slug, head: room.last_seq }).collect();
        let Ok(connection) = self.hub.attach(signed, hears, self.now()) else { return Ok(Err(Refused)) };
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
}
