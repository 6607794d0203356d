//! What is done now and then, whoever asks or not.

use crate::listener::wait_for;
use std::time::Duration;
use telicat_domain::frame::CloseCode;
use telicat_service::Services;
use tokio::{sync::watch, time::interval};

const SWEEP_EVERY: Duration = Duration::from_secs(5);
/// Whoever is shut out by another process hears nothing more after about this long.
const SHUT_OUT_EVERY: Duration = Duration::from_millis(500);
const CHECKPOINT_EVERY: Duration = Duration::from_secs(1);
/// What was deleted is gone for good about so long after it can be taken back no more.
const FORGET_EVERY: Duration = Duration::from_secs(30);
const TIDY_EVERY: Duration = Duration::from_secs(600);

/// Does it until `stop` says so.
pub async fn work(services: Services, mut stop: watch::Receiver<bool>) {
    let (mut sweep, mut checkpoint, mut tidy) =
        (interval(SWEEP_EVERY), interval(CHECKPOINT_EVERY), interval(TIDY_EVERY));
    let (mut shut_out, mut forget) = (interval(SHUT_OUT_EVERY), interval(FORGET_EVERY));
    loop {
        let outcome = tokio::select! {
            () = wait_for(&mut stop) => return,
            _ = sweep.tick() => look_at_sockets(&services).await,
            _ = shut_out.tick() => services.sessions.shut_out().await,
            _ = checkpoint.tick() => services.checkpoint().await,
            _ = forget.tick() => services.forget_deleted().await,
            _ = tidy.tick() => services.tidy().await,
        };
        if let Err(error) = outcome {
            tracing::warn!(%error, "work in the background failed; it is tried again");
        }
    }
}

/// Sends mail until `stop` says so.
pub async fn send_mail(services: Services, mut stop: watch::Receiver<bool>) {
    services.mails.clone().run(wait_for(&mut stop)).await;
}

/// Pings, and closes what is dead or whose session has ended somewhere else.
async fn look_at_sockets(services: &Services) -> Result<(), telicat_service::Error> {
    let mut failed = Ok(());
    for connection in services.hub.sweep(services.now()) {
        match services.sessions.is_live(connection.session).await {
            Ok(true) => {}
            Ok(false) => connection.close(CloseCode::SignedOut, ""),
            // The others are looked at all the same.
            Err(error) => failed = Err(error),
        }
    }
    failed
}
