//! `/live`: the socket. Events go down, and the client says what it has; `docs/protocol.md` describes both.

use crate::state::{AppState, Reach};
use axum::{
    Extension,
    extract::{
        State,
        ws::{
            CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code,
            rejection::WebSocketUpgradeRejection,
        },
    },
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::SinkExt;
use http::{HeaderMap, Uri, header::ORIGIN};
use std::{sync::Arc, time::Duration};
use telicat_app::request::RequestContext;
use telicat_domain::{
    ApiError, Timestamp,
    frame::{ClientFrame, CloseCode},
    limits::FRAME_MAX,
};
use telicat_service::{
    Services, Signed,
    live::{Connection, Delivery},
};

/// Bytes that a socket reads at once, and writes at once: frames are small, and there are many sockets.
const BUFFER: usize = 2 * 1024;
/// Bytes that are read of one frame: more than it may have, so that one which is too large is read off, and its sender
/// gets to know why the socket is closed.
const READ_MAX: usize = 16 * FRAME_MAX;
/// Frames from one socket in a minute.
const FRAMES_A_MINUTE: u32 = 120;
/// A peer that takes nothing for this long is gone.
const SEND_TIME: Duration = Duration::from_secs(20);
/// A peer that is told why it is cut off has this long to take the news.
const CLOSE_TIME: Duration = Duration::from_secs(1);

/// Opens a socket for who is signed in and comes from a page of this site.
pub async fn live(
    State(state): State<AppState>,
    Extension(context): Extension<RequestContext>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    if !is_own_origin(&headers, &state.reach) {
        return crate::forms::refuse(&ApiError::Forbidden);
    }
    let Some(signed) = context.signed else { return crate::forms::refuse(&ApiError::NotSignedIn) };
    let upgrade = match upgrade {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    upgrade
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_frame_size(READ_MAX)
        .max_message_size(READ_MAX)
        .on_upgrade(move |socket| state.open.track_future(serve(socket, state.services, signed)))
}

/// Whether the page that opens the socket is of this site. Cookies alone do not say so (RFC 6455 section 10.2).
fn is_own_origin(headers: &HeaderMap, reach: &Reach) -> bool {
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok()?.parse::<Uri>().ok());
    origin.as_ref().and_then(Uri::authority).is_some_and(|authority| reach.is_own(authority, headers))
}

async fn serve(mut socket: WebSocket, services: Services, signed: Signed) {
    let connection = match services.listen(&signed).await {
        Ok(Ok(connection)) => connection,
        Ok(Err(_)) => return close(&mut socket, CloseCode::TooMany.number(), "").await,
        Err(error) => {
            tracing::error!(%error, "a socket could not be opened");
            return close(&mut socket, close_code::ERROR, "").await;
        }
    };
    let attached = Attached { services, connection };
    if let Some((code, reason)) = attached.run(&mut socket).await {
        close(&mut socket, code, &reason).await;
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
    async fn run(&self, socket: &mut WebSocket) -> End {
        let mut batch = Vec::new();
        let mut allowance = Allowance::default();
        loop {
            tokio::select! {
                next = self.connection.next(&mut batch) => {
                    if let Err((code, reason)) = next {
                        return Some((code.number(), reason));
                    }
                    tokio::select! {
                        sent = tokio::time::timeout(SEND_TIME, send(socket, &mut batch)) => match sent {
                            Ok(Ok(())) => {}
                            Ok(Err(_)) | Err(_) => return None,
                        },
                        (code, reason) = self.connection.closed() => return Some((code.number(), reason)),
                    }
                }
                received = socket.recv() => {
                    let now = self.services.now();
                    self.connection.heard(now);
                    match received {
                        Some(Ok(message)) => {
                            if let Some(end) = self.hear(&message, &mut allowance, now) {
                                // The answer to a close waits to be sent.
                                let _said = tokio::time::timeout(CLOSE_TIME, socket.flush()).await;
                                return end;
                            }
                        }
                        Some(Err(error)) => return of_error(error),
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
                Ok(ClientFrame::Resume { cursors }) => self.services.hub.resume(&self.connection, &cursors),
                Ok(ClientFrame::Ping) => self.connection.pong(),
                Err(_) => return Some(end(CloseCode::BadFrame)),
            },
            Message::Binary(_) => return Some(end(CloseCode::BadFrame)),
            Message::Close(_) => return Some(None),
            Message::Ping(_) | Message::Pong(_) => {}
        }
        None
    }
}

/// Feeds all that waits and flushes once.
async fn send(socket: &mut WebSocket, batch: &mut Vec<Delivery>) -> Result<(), axum::Error> {
    for delivery in batch.drain(..) {
        let message = match delivery {
            // Frames are made from strings, so this looks and copies nothing.
            Delivery::Frame(bytes) => Message::Text(Utf8Bytes::try_from(bytes).map_err(axum::Error::new)?),
            Delivery::Ping => Message::Ping(Bytes::new()),
        };
        socket.feed(message).await?;
    }
    if batch.capacity() > 16 {
        *batch = Vec::new();
    }
    socket.flush().await
}

/// Tells the other side why, if it still listens.
async fn close(socket: &mut WebSocket, code: u16, reason: &str) {
    let frame = Message::Close(Some(CloseFrame { code, reason: reason.into() }));
    let said = async {
        socket.send(frame).await?;
        // The other side answers with a close of its own (RFC 6455 section 7.1.2): then its buffers were read.
        while let Some(Ok(_)) = socket.recv().await {}
        Ok::<(), axum::Error>(())
    };
    // A peer that does not listen is left alone all the same.
    let _said = tokio::time::timeout(CLOSE_TIME, said).await;
}

/// The code for a frame that could not be read (RFC 6455 section 7.4.1).
fn of_error(error: axum::Error) -> End {
    let error = error.into_inner().downcast::<tungstenite::Error>().ok()?;
    let code = match *error {
        tungstenite::Error::Capacity(_) => close_code::SIZE,
        tungstenite::Error::Utf8(_) => close_code::INVALID,
        tungstenite::Error::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => return None,
        tungstenite::Error::Protocol(_) => close_code::PROTOCOL,
        _ => return None,
    };
    Some((code, String::new()))
}

/// Frames that a socket may still send in this minute.
#[derive(Default)]
struct Allowance {
    minute: i64,
    used: u32,
}

impl Allowance {
    fn take(&mut self, now: Timestamp) -> bool {
        let minute = now.0.div_euclid(60 * Timestamp::SECOND);
        if minute != self.minute {
            *self = Self { minute, used: 0 };
        }
        self.used += 1;
        self.used <= FRAMES_A_MINUTE
    }
}
