//! A site that is asked, and the people who use it.

use crate::listener::Listener;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header, request::Builder};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::{error::Error, net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};

pub(crate) const PASSWORD: &str = "a lantern on the hill";
pub(crate) const ROOM: &str = "public-chat";

/// Longer than anything may take, so that what hangs fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is waited for, which comes or fails the test.
pub(crate) async fn within<T>(wait: impl Future<Output = T>) -> T {
    timeout(PATIENCE, wait).await.unwrap()
}

/// Where a site listens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A header that stands there once, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        let values: Vec<_> = self.headers.get_all(name).iter().collect();
        assert!(values.len() < 2, "{name} is said more than once: {values:?}");
        values.first().map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// The whole `Set-Cookie` of a cookie.
    pub(crate) fn set_cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
        let mut lines = lines.filter(|line| line.split_once('=').is_some_and(|(key, _)| key == name));
        let found = lines.next();
        assert_eq!(lines.next(), None, "{name} is set twice");
        found
    }

    /// A cookie as the browser sends it back.
    pub(crate) fn cookie(&self, name: &str) -> String {
        let line = self.set_cookie(name).unwrap_or_else(|| panic!("{name} is not set: {self:?}"));
        line.split(';').next().unwrap().to_owned()
    }

    /// The error's code.
    pub(crate) fn error(&self) -> (u16, String) {
        (self.status, self.json()["error"].as_str().unwrap_or_default().to_owned())
    }
}

/// A form's body.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(fields).unwrap()
}

/// The fields of the form for signing up.
pub(crate) fn newcomer(name: &str) -> [(&'static str, String); 3] {
    [("email", format!("{name}@hollowhill.example")), ("username", name.to_owned()), ("password", PASSWORD.to_owned())]
}

impl Site {
    pub(crate) fn origin(self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks on a connection of its own. An error is no answer at all.
    pub(crate) async fn try_send(
        self,
        request: Builder,
        body: impl Into<Bytes>,
    ) -> Result<Answer, Box<dyn Error + Send + Sync>> {
        let request = request.header(header::HOST, self.address.to_string()).body(Full::new(body.into()))?;
        let stream = TcpStream::connect(self.address).await?;
        let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let (head, body) = sender.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        connection.abort();
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
    }

    pub(crate) async fn send(self, request: Builder, body: impl Into<Bytes>) -> Answer {
        within(self.try_send(request, body)).await.unwrap()
    }

    pub(crate) async fn get(self, path: &str) -> Answer {
        self.send(Request::get(path), "").await
    }

    /// A page or a question to the API, with cookies.
    pub(crate) async fn get_with(self, path: &str, cookie: &str) -> Answer {
        self.send(Request::get(path).header(header::COOKIE, cookie), "").await
    }

    /// A function of the API, as a program calls it.
    pub(crate) async fn call(self, path: &str, fields: &[(&str, &str)], cookie: &str) -> Answer {
        self.send(call(path).header(header::COOKIE, cookie), form(fields)).await
    }

    /// A form, as a browser without script sends it from a page of this site.
    pub(crate) async fn submit(self, path: &str, page: &str, fields: &[(&str, &str)], cookie: &str) -> Answer {
        let request = Request::post(path)
            .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, self.origin())
            .header(header::REFERER, format!("{}{page}", self.origin()))
            .header("sec-fetch-site", "same-origin")
            .header(header::COOKIE, cookie);
        self.send(request, form(fields)).await
    }

    pub(crate) async fn sign_up(self, name: &str) -> User {
        let fields = newcomer(name);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = self.call("/api/accounts/signup", &fields, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        User { site: self, cookie: answer.cookie("telicat") }
    }

    /// One more session of somebody who has an account.
    pub(crate) async fn log_in(self, name: &str) -> User {
        let answer = self.call("/api/accounts/login", &[("login", name), ("password", PASSWORD)], "").await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        User { site: self, cookie: answer.cookie("telicat") }
    }
}

/// A request as a program makes it that calls a function.
pub(crate) fn call(path: &str) -> Builder {
    Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(header::ACCEPT, "application/json")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) site: Site,
    /// Name and value.
    pub(crate) cookie: String,
}

impl User {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.site.get_with(path, &self.cookie).await
    }

    pub(crate) async fn room(&self) -> Answer {
        self.get(&format!("/chat/room/{ROOM}")).await
    }

    pub(crate) async fn call(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.site.call(path, fields, &self.cookie).await
    }

    /// The message that came of it.
    pub(crate) async fn posts(&self, text: &str) -> Value {
        let answer = self.call("/api/messages/post", &[("room", ROOM), ("body", text)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        answer.json()
    }

    /// All messages after a number.
    pub(crate) async fn since(&self, seq: i64) -> Vec<Value> {
        let (mut all, mut next) = (Vec::new(), Some(seq));
        while let Some(seq) = next {
            let answer = self.get(&format!("/api/messages/since?room={ROOM}&seq={seq}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
            let page = answer.json();
            all.extend(page["events"].as_array().unwrap().iter().cloned());
            next = page["next"].as_i64();
        }
        all
    }

    /// A socket that has said hello.
    pub(crate) async fn listens(&self) -> Listener {
        let mut listener = self.knocks().await;
        assert_eq!(listener.frame().await["type"], "hello");
        listener
    }

    /// A socket that has said nothing yet.
    pub(crate) async fn knocks(&self) -> Listener {
        let stream = TcpStream::connect(self.site.address).await.unwrap();
        Listener::knock(stream, Some(&self.cookie), Some(&self.site.origin())).await.unwrap()
    }
}

/// The numbers of events.
pub(crate) fn numbers(events: &[Value]) -> Vec<i64> {
    events.iter().map(|event| event["seq"].as_i64().unwrap()).collect()
}
