//! A socket, from the client's side.

use crate::site::within;
use futures::{SinkExt, StreamExt};
use http::{HeaderValue, header};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, Utf8Bytes, client::IntoClientRequest},
};

#[derive(Debug)]
pub(crate) struct Listener {
    socket: WebSocketStream<TcpStream>,
}

impl Listener {
    /// Asks for a socket. `Err` is the status that came instead.
    pub(crate) async fn knock(stream: TcpStream, cookie: Option<&str>, origin: Option<&str>) -> Result<Self, u16> {
        let url = format!("ws://{}/live", stream.peer_addr().unwrap());
        let mut request = url.into_client_request().unwrap();
        for (name, value) in [(header::COOKIE, cookie), (header::ORIGIN, origin)] {
            if let Some(value) = value {
                request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
            }
        }
        // A client may offer it; whether the server takes it up is what shows.
        let offer = HeaderValue::from_static("permessage-deflate");
        request.headers_mut().insert(header::SEC_WEBSOCKET_EXTENSIONS, offer);
        match within(client_async(request, stream)).await {
            Ok((socket, answer)) => {
                assert!(!answer.headers().contains_key(header::SEC_WEBSOCKET_EXTENSIONS));
                Ok(Self { socket })
            }
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// The next text, or why there is none any more.
    pub(crate) async fn text(&mut self) -> Result<Utf8Bytes, (u16, String)> {
        loop {
            match within(self.socket.next()).await {
                Some(Ok(Message::Text(text))) => return Ok(text),
                Some(Ok(Message::Close(Some(frame)))) => return Err((frame.code.into(), frame.reason.to_string())),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                Some(Ok(Message::Close(None))) => return Err((1005, String::new())),
                Some(Err(_)) | None => return Err((1006, String::new())),
                Some(Ok(other)) => panic!("{other:?}"),
            }
        }
    }

    pub(crate) async fn frame(&mut self) -> Value {
        serde_json::from_str(&self.text().await.unwrap()).unwrap()
    }

    /// The next frame, which is an event.
    pub(crate) async fn event(&mut self) -> Value {
        let mut frame = self.frame().await;
        assert_eq!(frame["type"], "event", "{frame}");
        frame["event"].take()
    }

    pub(crate) async fn events(&mut self, count: usize) -> Vec<Value> {
        let mut events = Vec::with_capacity(count);
        while events.len() < count {
            events.push(self.event().await);
        }
        events
    }

    /// With which code and reason the server closes, whatever it says before.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        loop {
            if let Err(end) = self.text().await {
                return end;
            }
        }
    }

    pub(crate) async fn sends(&mut self, message: impl Into<Message>) {
        within(self.socket.send(message.into())).await.unwrap();
    }

    /// Sends what the server may cut off before it is through.
    pub(crate) async fn tries_to_send(&mut self, message: impl Into<Message>) {
        drop(within(self.socket.send(message.into())).await);
    }

    pub(crate) async fn resumes(&mut self, seq: i64) {
        self.sends(serde_json::json!({"type": "resume", "cursors": {"public-chat": seq}}).to_string()).await;
    }

    /// Nothing waits: what is asked for now comes first.
    pub(crate) async fn hears_nothing(&mut self) {
        self.sends(r#"{"type":"ping"}"#).await;
        assert_eq!(self.frame().await["type"], "pong");
    }

    /// Says goodbye, and hears it back.
    pub(crate) async fn leaves(&mut self) -> (u16, String) {
        within(self.socket.close(None)).await.unwrap();
        self.closed().await
    }
}
