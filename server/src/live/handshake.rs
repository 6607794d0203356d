//! The opening handshake of a WebSocket (RFC 6455 section 4.2).
//!
//! Not axum's, because its sockets hide the connection under them, and frames that many get are written to it directly
//! (`sending`).

use axum::{
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
    header::{ALLOW, CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE},
};
use hyper::upgrade::{OnUpgrade, Parts};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        handshake::derive_accept_key,
        protocol::{Role, WebSocketConfig},
    },
};

/// A socket that was opened.
pub(super) type Socket = WebSocketStream<TcpStream>;

/// A request that is a handshake.
pub(super) struct Handshake {
    upgrade: OnUpgrade,
    key: HeaderValue,
}

/// Why a request is no handshake.
#[derive(Debug, Clone, Copy)]
pub(super) enum NoHandshake {
    /// It is not a GET.
    Method,
    /// It asks for no upgrade to a WebSocket.
    Upgrade,
    /// It asks for another version than 13, the only one there is.
    Version,
    /// It has no key, or its connection cannot be upgraded.
    Bad,
}

impl IntoResponse for NoHandshake {
    fn into_response(self) -> Response {
        match self {
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET")]).into_response(),
            Self::Upgrade => (StatusCode::UPGRADE_REQUIRED, [(UPGRADE, "websocket")]).into_response(),
            Self::Version => (StatusCode::UPGRADE_REQUIRED, [(SEC_WEBSOCKET_VERSION, "13")]).into_response(),
            Self::Bad => StatusCode::BAD_REQUEST.into_response(),
        }
    }
}

impl Handshake {
    /// Reads the handshake.
    pub(super) fn read(mut request: Request) -> Result<Self, NoHandshake> {
        if request.method() != Method::GET {
            return Err(NoHandshake::Method);
        }
        let headers = request.headers();
        if !names(headers, &CONNECTION, "upgrade") || !names(headers, &UPGRADE, "websocket") {
            return Err(NoHandshake::Upgrade);
        }
        if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
            return Err(NoHandshake::Version);
        }
        let key = headers.get(SEC_WEBSOCKET_KEY).cloned().ok_or(NoHandshake::Bad)?;
        let upgrade = request.extensions_mut().remove::<OnUpgrade>().ok_or(NoHandshake::Bad)?;
        Ok(Self { upgrade, key })
    }

    /// The answer that accepts it, and the socket that comes of it.
    pub(super) fn accept(self, config: WebSocketConfig) -> (Response, impl Future<Output = Option<Socket>>) {
        let Self { upgrade, key } = self;
        let accepted = HeaderValue::from_str(&derive_accept_key(key.as_bytes()));
        let headers = [
            (CONNECTION, HeaderValue::from_static("upgrade")),
            (UPGRADE, HeaderValue::from_static("websocket")),
            (SEC_WEBSOCKET_ACCEPT, accepted.unwrap_or_else(|_| HeaderValue::from_static(""))),
        ];
        let socket = async move {
            let upgraded =
                upgrade.await.inspect_err(|error| tracing::debug!(%error, "a socket was not opened")).ok()?;
            // What the listener put in.
            let Parts { io, read_buf, .. } = upgraded.downcast::<TokioIo<TcpStream>>().ok()?;
            let read = read_buf.to_vec();
            Some(WebSocketStream::from_partially_read(io.into_inner(), read, Role::Server, Some(config)).await)
        };
        ((StatusCode::SWITCHING_PROTOCOLS, headers).into_response(), socket)
    }
}

/// Whether a header, a list with commas, has a word in any letter case.
fn names(headers: &HeaderMap, header: &HeaderName, word: &str) -> bool {
    let lines = headers.get_all(header).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|part| part.trim().eq_ignore_ascii_case(word))
}
