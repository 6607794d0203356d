//! Connections: accepted, served, and finished when the program stops.

use crate::request::Peer;
use axum::{Router, body::Body};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_util::task::TaskTracker;
use tower::Service;

/// A client that does not send its headers within this time is dropped.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// Bytes of a request's head, at most.
const HEAD_MAX: usize = 32 * 1024;
/// The pause after the system refused a connection, because it has no more descriptors, say.
const PAUSE: Duration = Duration::from_millis(200);

/// Accepts connections until `stop` says so; those that are open then finish what they are at. `open` counts them.
pub async fn accept(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>, open: &TaskTracker) {
    let stopping = stop.clone();
    let mut failing = false;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    failing = false;
                    open.spawn(serve(stream, peer, router.clone(), stopping.clone()));
                }
                Err(error) => {
                    if !failing {
                        tracing::error!(%error, "no connection can be accepted");
                    }
                    failing = true;
                    pause().await;
                }
            },
            () = wait_for(&mut stop) => return,
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "nothing says when the system has descriptors again")]
async fn pause() {
    tokio::time::sleep(PAUSE).await;
}

async fn serve(stream: TcpStream, peer: SocketAddr, router: Router, mut stop: watch::Receiver<bool>) {
    // Frames are small and each is written at once: waiting for more to send only delays them.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection was gone at once");
        return;
    }
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().call(request.map(Body::new))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(HEAD_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = wait_for(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Waits until `stop` says so, and holds nothing of it meanwhile.
pub(crate) async fn wait_for(stop: &mut watch::Receiver<bool>) {
    // An error means that nobody can say so any more, which says so too.
    let _said = stop.wait_for(|stop| *stop).await.map(drop);
}
