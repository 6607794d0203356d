//! `/live`: the socket. Events go down, and the client says what it has; `docs/protocol.md` describes both.

mod handshake;
mod sending;

use crate::state::{AppState, Reach};
use axum::{
    Extension,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use futures::{SinkExt, StreamExt};
use handshake::{Handshake, Socket};
use http::{HeaderMap, Uri, header::ORIGIN};
use sending::Sending;
use std::{sync::Arc, time::Duration};
use telicat_app::request::RequestContext;
use telicat_domain::{
    ApiError, Timestamp,
    allowance::Allowance,
    frame::{ClientFrame, CloseCode},
    limits::{FRAME_MAX, FRAMES_A_MINUTE},
};
use telicat_service::{Services, Signed, live::Connection};
use tokio_tungstenite::tungstenite::{
    self, Message,
    protocol::{CloseFrame, WebSocketConfig, frame::coding::CloseCode as Code},
};

/// Bytes that a socket reads at once: frames of clients are small, and there are many sockets. What it writes through a
/// buffer is smaller still: answers to pings, and the close.
const BUFFER: usize = 2 * 1024;
/// Bytes that are read of one frame: more than it may have, so that one which is too large is read off, and its sender
/// gets to know why the socket is closed.
const READ_MAX: usize = 16 * FRAME_MAX;
/// A peer that is told why it is cut off has this long to take the news.
const CLOSE_TIME: Duration = Duration::from_secs(1);

/// Opens a socket for who is signed in and comes from a page of this site.
pub async fn live(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    request: Request,
) -> Response {
    if !is_own_origin(request.headers(), &state.reach) {
        return crate::forms::refuse(&ApiError::Forbidden);
    }
    let Some(signed) = context.signed else { return crate::forms::refuse(&ApiError::NotSignedIn) };
    let handshake = match Handshake::read(request) {
        Ok(handshake) => handshake,
        Err(refusal) => return refusal.into_response(),
    };
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_frame_size(Some(READ_MAX))
        .max_message_size(Some(READ_MAX));
    let (answer, socket) = handshake.accept(config);
    state.open.spawn(async move {
        if let Some(socket) = socket.await {
            serve(socket, state.services, signed).await;
        }
    });
    answer
}

/// Whether the page that opens the socket is of this site. Cookies alone do not say so (RFC 6455 section 10.2).
fn is_own_origin(headers: &HeaderMap, reach: &Reach) -> bool {
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()?.parse::<Uri>().ok());
    origin.as_ref().and_then(Uri::authority).is_some_and(|authority| reach.is_own(authority, headers))
}

async fn serve(mut socket: Socket, services: Services, signed: Signed) {
    let connection = match services.listen(&signed).await {
        Ok(Ok(connection)) => connection,
        Ok(Err(_)) => return close(&mut socket, Sending::default(), CloseCode::TooMany.number(), "").await,
        Err(error) => {
            tracing::error!(%error, "a socket could not be opened");
            return close(&mut socket, Sending::default(), Code::Error.into(), "").await;
        }
    };
    let attached = Attached { services, connection };
    let mut sending = Sending::default();
    if let Some((code, reason)) = attached.run(&mut socket, &mut sending).await {
        close(&mut socket, sending, code, &reason).await;
    }
}

/// A connection that leaves the hub when its task ends, however it ends.
struct Attached {
    services: Services,
    connection: Arc<Connection>,
}

impl Drop for Attached {
    fn drop(&mut self) {
        self.services.hub.detach(&self.connection);
    }
}

/// Why a socket is closed from this side; nothing when the other side has gone.
type End = Option<(u16, String)>;

impl Attached {
    async fn run(&self, socket: &mut Socket, sending: &mut Sending) -> End {
        let mut allowance = Allowance::new(FRAMES_A_MINUTE);
        loop {
            tokio::select! {
                // What waits goes first: most wakes are for it, and reading is looked at whenever nothing waits.
                biased;
                next = self.connection.next(sending) => {
                    if let Err((code, reason)) = next {
                        return Some((code.number(), reason));
                    }
                    // Who takes nothing for too long is found silent by the sweep, and closed.
                    let took = || self.connection.heard(self.services.now());
                    tokio::select! {
                        biased;
                        sent = sending.send(socket, took) => {
                            if sent.is_err() {
                                return None;
                            }
                        }
                        (code, reason) = self.connection.closed() => return Some((code.number(), reason)),
                    }
                }
                received = socket.next() => {
                    let now = self.services.now();
                    self.connection.heard(now);
                    sending.flush_first();
                    match received {
                        Some(Ok(message)) => {
                            if let Some(end) = self.hear(&message, &mut allowance, now) {
                                // The answer to a close waits to be sent.
                                let _said = tokio::time::timeout(CLOSE_TIME, socket.flush()).await;
                                return end;
                            }
                        }
                        Some(Err(error)) => return of_error(&error),
                        None => return None,
                    }
                }
            }
        }
    }

    /// Does what the client says. Something comes back when that was the end.
    fn hear(&self, message: &Message, allowance: &mut Allowance, now: Timestamp) -> Option<End> {
        if !allowance.take(now) {
            return Some(Some((CloseCode::TooMany.number(), String::new())));
        }
        let end = |code: CloseCode| Some((code.number(), String::new()));
        let length = match message {
            Message::Text(text) => text.len(),
            Message::Binary(bytes) => bytes.len(),
            _ => 0,
        };
        if length > FRAME_MAX {
            return Some(end(CloseCode::TooBig));
        }
        match message {
            Message::Text(text) => match serde_json::from_str(text) {
                Ok(ClientFrame::Resume { cursors, people }) => {
                    self.services.hub.resume(&self.connection, &cursors);
                    if let Some(since) = people {
                        self.tell_changes(since);
                    }
                }
                Ok(ClientFrame::Ping) => self.connection.pong(),
                Ok(ClientFrame::Typing { room, root }) => {
                    self.services.hub.typing(&self.connection, &room, root, now);
                }
                Ok(ClientFrame::Look { room }) => self.services.hub.look(&self.connection, room.as_ref()),
                Ok(ClientFrame::Watch { people }) => self.services.hub.watch(&self.connection, people),
                Ok(ClientFrame::Idle { idle }) => self.services.hub.idle(&self.connection, idle),
                Err(_) => return Some(end(CloseCode::BadFrame)),
            },
            Message::Binary(_) => return Some(end(CloseCode::BadFrame)),
            Message::Close(_) => return Some(None),
            // The library answers pings, and gives out whole messages only.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
        }
        None
    }
}

/// What takes a query is done beside the socket, which goes on meanwhile.
impl Attached {
    fn tell_changes(&self, since: Timestamp) {
        let (services, connection) = (self.services.clone(), self.connection.clone());
        tokio::spawn(async move {
            if let Err(error) = services.tell_changes(&connection, since).await {
                // Who gets no answer asks again with the next socket.
                tracing::warn!(%error, "who changed could not be told");
                connection.close(CloseCode::TooSlow, "");
            }
        });
    }
}

/// Tells the other side why, if it still listens.
async fn close(socket: &mut Socket, mut sending: Sending, code: u16, reason: &str) {
    let frame = Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() }));
    let said = async {
        sending.finish(socket).await?;
        socket.send(frame).await?;
        // The other side answers with a close of its own (RFC 6455 section 7.1.2): then its buffers were read.
        while let Some(Ok(_)) = socket.next().await {}
        Ok::<(), tungstenite::Error>(())
    };
    // A peer that does not listen is left alone all the same.
    let _said = tokio::time::timeout(CLOSE_TIME, said).await;
}

/// The code for a frame that could not be read (RFC 6455 section 7.4.1).
fn of_error(error: &tungstenite::Error) -> End {
    let code = match error {
        tungstenite::Error::Capacity(_) => Code::Size,
        tungstenite::Error::Utf8(_) => Code::Invalid,
        tungstenite::Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => return None,
        tungstenite::Error::Protocol(_) => Code::Protocol,
        _ => return None,
    };
    Some((code.into(), String::new()))
}
