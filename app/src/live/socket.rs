//! One WebSocket, from its opening to its end.

use super::{Listener, shared};
use crate::{browser, json};
use futures::{FutureExt, SinkExt, StreamExt, channel::mpsc, select, stream::Fuse};
use gloo_net::websocket::{Message, State, WebSocketError, futures::WebSocket};
use std::{collections::BTreeMap, rc::Rc};
use telicat_domain::{
    frame::{ClientFrame, CloseCode, ServerFrame},
    unsaid::Unsaid,
};

/// A line on which nothing was heard for this many milliseconds is asked.
const ASK_AFTER_MS: i64 = 30_000;
/// A line that does not answer within this many milliseconds is dead.
const ANSWER_MS: i64 = 10_000;
/// The line is looked at this often.
const LOOK_EVERY_MS: u32 = 2_500;

/// How a socket ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It was never open.
    Refused,
    /// It broke.
    Lost,
    /// The server restarts, and says after how many milliseconds to come back.
    Restart { wait_ms: u32 },
    /// The session ended.
    SignedOut,
}

enum Command {
    Send(ClientFrame),
    Doubt,
    Drop,
}

/// The handle of an open socket.
#[derive(Clone)]
pub(super) struct Socket(mpsc::UnboundedSender<Command>);

impl Socket {
    /// Says something.
    pub(super) fn say(&self, frame: ClientFrame) {
        self.command(Command::Send(frame));
    }

    /// Asks the other side whether it is there.
    pub(super) fn doubt(&self) {
        self.command(Command::Doubt);
    }

    /// Gives it up.
    pub(super) fn drop_now(&self) {
        self.command(Command::Drop);
    }

    fn command(&self, command: Command) {
        // An error means that the socket has ended, and with it the reason for the command.
        let _ended = self.0.unbounded_send(command);
    }
}

/// Opens a socket and serves it until it ends. `opened` is called at the server's first frame.
pub(super) async fn run(opened: impl FnOnce()) -> End {
    let Some(socket) = address().and_then(|address| WebSocket::open(&address).ok()) else { return End::Refused };
    let mut socket = socket.fuse();
    let mut unsaid = Unsaid::default();
    let (sender, mut commands) = mpsc::unbounded();
    let handle = Socket(sender);
    let mut opened = Some(opened);
    let mut heard_at = browser::now().millis();
    let mut asked_at = None;

    let end = loop {
        let mut look = std::pin::pin!(browser::wait(LOOK_EVERY_MS).fuse());
        select! {
            frame = socket.next() => match frame {
                Some(Ok(Message::Text(text))) => {
                    heard_at = browser::now().millis();
                    asked_at = None;
                    let frame = json::read(&text).ok();
                    if let (Some(ServerFrame::Hello { .. }), Some(opened)) = (&frame, opened.take_if(|_| is_hello(&frame))) {
                        shared(|shared| shared.socket = Some(handle.clone()));
                        // A room and a thread of it may be open together: from the earlier one on.
                        for listener in listeners() {
                            unsaid.add(listener.resume(None));
                        }
                        let people = shared(|shared| shared.people);
                        unsaid.add(ClientFrame::Resume { cursors: BTreeMap::new(), people });
                        opened();
                    }
                    // A frame of a newer server that this page does not know is passed over.
                    if let Some(frame) = frame {
                        tell(frame);
                    }
                }
                Some(Ok(Message::Bytes(_))) => {}
                Some(Err(WebSocketError::ConnectionClose(close))) => break of_close(close.code, &close.reason),
                Some(Err(_)) | None => break End::Lost,
            },
            command = commands.next() => match command {
                Some(Command::Send(frame)) => unsaid.add(frame),
                Some(Command::Doubt) => {
                    asked_at.get_or_insert_with(|| browser::now().millis());
                    unsaid.add(ClientFrame::Ping);
                }
                Some(Command::Drop) | None => break End::Lost,
            },
            () = look => {
                let now = browser::now().millis();
                if asked_at.is_some_and(|asked| now - asked > ANSWER_MS) || (opened.is_some() && now - heard_at > ANSWER_MS) {
                    break End::Lost;
                }
                if asked_at.is_none() && opened.is_none() && now - heard_at > ASK_AFTER_MS {
                    handle.doubt();
                }
            }
        }
        if say(&mut socket, &mut unsaid).await.is_err() {
            break End::Lost;
        }
    };
    shared(|shared| shared.socket = None);
    if opened.is_some() && end == End::Lost { End::Refused } else { end }
}

fn is_hello(frame: &Option<ServerFrame>) -> bool {
    matches!(frame, Some(ServerFrame::Hello { .. }))
}

/// Says what waits to be said, as long as the server wants to hear it.
async fn say(socket: &mut Fuse<WebSocket>, unsaid: &mut Unsaid) -> Result<(), ()> {
    // One that closes says so, and why, in the end.
    while matches!(socket.get_ref().state(), State::Open)
        && let Some(frame) = unsaid.next(browser::now())
    {
        let text = serde_json::to_string(&frame).map_err(drop)?;
        socket.send(Message::Text(text)).await.map_err(drop)?;
    }
    Ok(())
}

fn of_close(code: u16, reason: &str) -> End {
    if code == CloseCode::Restart.number() {
        End::Restart { wait_ms: reason.parse().unwrap_or(1_000) }
    } else if code == CloseCode::SignedOut.number() {
        End::SignedOut
    } else {
        End::Lost
    }
}

/// The listeners at this moment: one may come or go while they are told.
fn listeners() -> Vec<Rc<Listener>> {
    shared(|shared| shared.listeners.clone())
}

fn tell(frame: ServerFrame) {
    for hearer in shared(|shared| shared.hearers.clone()) {
        hearer(&frame);
    }
    match frame {
        ServerFrame::Event { room, event } => {
            for listener in listeners().iter().filter(|listener| listener.room == room) {
                (listener.event)((*event).clone());
            }
        }
        ServerFrame::Behind { room, .. } => {
            for listener in listeners().iter().filter(|listener| listener.room == room) {
                (listener.behind)();
            }
        }
        ServerFrame::Person { author } => {
            for listener in listeners() {
                (listener.person)(&author);
            }
        }
        ServerFrame::People { at, more } => shared(|shared| {
            // Only what was answered is known: a line that breaks before that asks again from where it was.
            if shared.people.is_some_and(|people| people < at) {
                shared.people = Some(at);
            }
            if let (true, Some(socket)) = (more, &shared.socket) {
                socket.say(ClientFrame::Resume { cursors: BTreeMap::new(), people: Some(at) });
            }
        }),
        ServerFrame::Erased { author } => listeners().iter().for_each(|listener| (listener.erased)(author)),
        // Whoever it concerns hears it by `hear`.
        _ => {}
    }
}

fn address() -> Option<String> {
    let location = leptos::prelude::window().location();
    let scheme = if location.protocol().ok()? == "https:" { "wss" } else { "ws" };
    Some(format!("{scheme}://{}/live", location.host().ok()?))
}
