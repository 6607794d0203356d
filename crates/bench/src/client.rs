//! One keep-alive connection over HTTP/1.1 and plain TCP.

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, Request, StatusCode, header, request::Builder};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, time::timeout};

/// Longer than any answer may take, so that a server that hangs ends the run.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection, with the cookie of whoever uses it.
pub(crate) struct Client {
    host: String,
    cookie: Option<String>,
    sender: SendRequest<Full<Bytes>>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// From the beginning of the request to the head of the answer.
    pub(crate) first_byte: Duration,
}

impl Client {
    /// A visitor's connection; with a cookie, that of somebody who is signed in.
    ///
    /// # Errors
    ///
    /// When the server does not accept it.
    pub(crate) async fn connect(address: SocketAddr, cookie: Option<&str>) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("the server does not accept a connection")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // It ends with the sender; what goes wrong in it, the sender's next request reports.
        tokio::spawn(async move { connection.await.ok() });
        Ok(Self { host: address.to_string(), cookie: cookie.map(str::to_owned), sender })
    }

    /// # Errors
    ///
    /// When no answer comes.
    pub(crate) async fn get(&mut self, path: &str, headers: &[(HeaderName, &str)]) -> Result<Answer> {
        let request = Request::builder().method(Method::GET).uri(path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(name, *value));
        self.send(request, Bytes::new()).await.with_context(|| format!("GET {path}"))
    }

    /// A page, as a browser asks for one.
    ///
    /// # Errors
    ///
    /// When no answer comes, or it is not a page.
    pub(crate) async fn page(&mut self, path: &str) -> Result<Answer> {
        let answer = self.get(path, &[(header::ACCEPT, "text/html")]).await?;
        ensure!(answer.status == StatusCode::OK, "GET {path}: {}", answer.status);
        Ok(answer)
    }

    /// What the API says to a question.
    ///
    /// # Errors
    ///
    /// When no answer comes, or it is a refusal.
    pub(crate) async fn ask(&mut self, path: &str) -> Result<Answer> {
        let answer = self.get(path, &[(header::ACCEPT, "application/json")]).await?;
        answer.accepted().with_context(|| format!("GET {path}"))
    }

    /// A form, as a program sends it. Keys and values are letters, digits and what else needs no encoding; a space is a
    /// plus.
    ///
    /// # Errors
    ///
    /// When no answer comes, or it is a refusal.
    pub(crate) async fn submit(&mut self, path: &str, form: String) -> Result<Answer> {
        let request = Request::builder().method(Method::POST).uri(path);
        let request = request.header(header::ACCEPT, "application/json");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = self.send(request, form.into()).await.and_then(Answer::accepted);
        answer.with_context(|| format!("POST {path}"))
    }

    async fn send(&mut self, mut request: Builder, body: Bytes) -> Result<Answer> {
        request = request.header(header::HOST, &self.host);
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Full::new(body))?;
        timeout(PATIENCE, self.exchange(request)).await.context("no answer in time")?
    }

    async fn exchange(&mut self, request: Request<Full<Bytes>>) -> Result<Answer> {
        self.sender.ready().await?;
        let begun = Instant::now();
        let (head, body) = self.sender.send_request(request).await?.into_parts();
        let first_byte = begun.elapsed();
        let body = body.collect().await?.to_bytes();
        Ok(Answer { status: head.status, headers: head.headers, body, first_byte })
    }
}

impl Answer {
    fn accepted(self) -> Result<Self> {
        let said = || String::from_utf8_lossy(&self.body[..self.body.len().min(300)]).into_owned();
        ensure!(self.status.is_success(), "{}: {}", self.status, said());
        Ok(self)
    }

    pub(crate) fn text(&self) -> Result<&str> {
        str::from_utf8(&self.body).context("the answer is not UTF-8")
    }
}
