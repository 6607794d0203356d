//! How a server wants to be listened to, and what it says.

use crate::{bare, chat, message};
use anyhow::{Context, Result, bail};
use http::{HeaderValue, Request, header};
use serde::Deserialize;
use std::{borrow::Cow, collections::HashMap, net::SocketAddr};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{client::IntoClientRequest, protocol::WebSocketConfig},
};

pub(crate) type Socket = WebSocketStream<TcpStream>;

/// Small, because there are thousands; a frame is below 1 KiB.
const READ_BUFFER: usize = 4 * 1024;

/// Which server it is, with the cookie of whoever listens.
#[derive(Debug, Clone)]
pub(crate) enum Dialect {
    Telicat { cookie: String },
    Bare,
}

/// A frame, as far as a listener cares.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// The events up to this one happened before.
    Hello { seq: i64 },
    /// The message with this number; with its place in the room, where the server counts.
    Message { number: u64, seq: Option<i64> },
    /// What is of no concern here.
    Other,
}

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    room: Option<Cow<'a, str>>,
    #[serde(borrow)]
    event: Option<Event<'a>>,
    #[serde(borrow)]
    rooms: Option<HashMap<Cow<'a, str>, i64>>,
}

#[derive(Deserialize)]
struct Event<'a> {
    seq: i64,
    #[serde(borrow)]
    body: Option<Cow<'a, str>>,
}

impl Dialect {
    /// A socket that listens.
    ///
    /// # Errors
    ///
    /// When it is refused.
    pub(crate) async fn listen(&self, address: SocketAddr) -> Result<Socket> {
        match self {
            Self::Telicat { cookie } => {
                let mut request = format!("ws://{address}/live").into_client_request()?;
                let origin = HeaderValue::from_str(&format!("http://{address}"))?;
                request.headers_mut().insert(header::ORIGIN, origin);
                request.headers_mut().insert(header::COOKIE, HeaderValue::from_str(cookie)?);
                open(address, request).await
            }
            Self::Bare => open_bare(address, bare::LISTEN).await,
        }
    }

    /// Whether the server speaks first.
    pub(crate) fn greets(&self) -> bool {
        matches!(self, Self::Telicat { .. })
    }

    /// # Errors
    ///
    /// When the frame is not what the server's protocol says.
    pub(crate) fn understand(&self, text: &str) -> Result<Said> {
        match self {
            Self::Telicat { .. } => understand_telicat(text).with_context(|| format!("a strange frame: {text}")),
            Self::Bare => {
                let number = message::number(text).with_context(|| format!("a strange frame: {text}"))?;
                Ok(Said::Message { number, seq: None })
            }
        }
    }
}

/// A socket that all listeners of the bare server hear.
///
/// # Errors
///
/// When it is refused.
pub(crate) async fn bare_publisher(address: SocketAddr) -> Result<Socket> {
    open_bare(address, bare::PUBLISH).await
}

async fn open_bare(address: SocketAddr, path: &str) -> Result<Socket> {
    open(address, format!("ws://{address}{path}").into_client_request()?).await
}

async fn open(address: SocketAddr, request: Request<()>) -> Result<Socket> {
    let stream = TcpStream::connect(address).await.context("a socket is not accepted")?;
    stream.set_nodelay(true)?;
    let small = WebSocketConfig::default().read_buffer_size(READ_BUFFER).write_buffer_size(0);
    let (socket, _) = client_async_with_config(request, stream, Some(small)).await.context("a socket is refused")?;
    Ok(socket)
}

fn understand_telicat(text: &str) -> Result<Said> {
    let frame: Frame = serde_json::from_str(text)?;
    match &*frame.kind {
        "hello" => {
            let rooms = frame.rooms.context("hello names no rooms")?;
            let seq = *rooms.get(chat::ROOM).context("hello does not name the public room")?;
            Ok(Said::Hello { seq })
        }
        "event" if frame.room.as_deref() == Some(chat::ROOM) => {
            let event = frame.event.context("an event that is none")?;
            let body = event.body.context("an event that is no message")?;
            let number = message::number(&body).context("a message that nobody posted")?;
            Ok(Said::Message { number, seq: Some(event.seq) })
        }
        "behind" => bail!("a listener is behind that never resumed"),
        _ => Ok(Said::Other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn telicat(text: &str) -> Result<Said> {
        Dialect::Telicat { cookie: String::new() }.understand(text)
    }

    #[test]
    fn telicats_frames_are_understood() {
        let hello = r#"{"type":"hello","version":1,"person":"mei","rooms":{"public-chat":41,"tea":2}}"#;
        assert_eq!(telicat(hello).unwrap(), Said::Hello { seq: 41 });
        let posted = r#"{"type":"event","room":"public-chat","event":{"kind":"posted","seq":42,"id":"x","nonce":"y",
            "author":{"handle":"mei"},"body":"m000000007 coffee","at":1}}"#;
        assert_eq!(telicat(posted).unwrap(), Said::Message { number: 7, seq: Some(42) });
        let elsewhere = r#"{"type":"event","room":"tea","event":{"kind":"posted","seq":1,"body":"hi"}}"#;
        assert_eq!(telicat(elsewhere).unwrap(), Said::Other);
        assert_eq!(telicat(r#"{"type":"presence","online":3}"#).unwrap(), Said::Other);
    }

    #[test]
    fn what_cannot_be_right_is_no_frame() {
        for bad in [
            "",
            r#"{"type":"hello","rooms":{}}"#,
            r#"{"type":"behind","room":"public-chat","seq":9}"#,
            r#"{"type":"event","room":"public-chat","event":{"kind":"posted","seq":42,"body":"stranger"}}"#,
        ] {
            assert!(telicat(bad).is_err(), "{bad}");
        }
        assert!(Dialect::Bare.understand("hello").is_err());
    }
}
