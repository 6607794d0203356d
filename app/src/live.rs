//! The line to the server, in the browser: one WebSocket a tab, opened again and again until it holds.
//!
//! It tells open rooms what the server says ([`listen`]) and knows nothing of messages. Whatever it misses while it is
//! cut, the rooms fetch.

pub(crate) mod actions;
mod beside;
mod choosing;
mod completing;
mod composing;
mod editing;
mod history;
mod list_keys;
mod messages;
mod outbox;
mod pointing;
mod read_marks;
mod room_list;
mod scroll;
mod socket;
mod work;

pub(crate) use work::Work;

use crate::{
    api::Failure,
    browser,
    line::{Line, LineState},
};
use futures::{
    FutureExt,
    channel::oneshot,
    future::{Either, select},
};
use leptos::{ev, prelude::*};
pub(crate) use room_list::{keep_list, say_typing};
use socket::{End, Socket};
use std::{cell::RefCell, collections::BTreeMap, rc::Rc};
use telicat_domain::{
    ApiError, Author, PersonId, RoomSlug, Timestamp,
    backoff::delay_ms,
    event::Event,
    frame::{ClientFrame, ServerFrame},
};

/// A cut is worth a word after this many milliseconds.
const SILENCE_MS: u32 = 5_000;
/// A tab that was hidden for longer than this many milliseconds doubts its line.
const HIDDEN_MS: i64 = 60_000;

/// An open room, as far as the line knows it.
pub(crate) struct Listener {
    pub(crate) room: RoomSlug,
    /// The last event that it has applied.
    pub(crate) cursor: Box<dyn Fn() -> i64>,
    /// Something happened.
    pub(crate) event: Box<dyn Fn(Event)>,
    /// A person took back all that they wrote.
    pub(crate) erased: Box<dyn Fn(PersonId)>,
    /// More was missed than the server has at hand.
    pub(crate) behind: Box<dyn Fn()>,
    /// Somebody has another name, handle or picture.
    pub(crate) person: Box<dyn Fn(&Author)>,
    /// Up to when the page that it shows knew how people are called.
    pub(crate) people: Timestamp,
}

impl Listener {
    /// Asks for what it has missed, and who has changed since.
    fn resume(&self, people: Option<Timestamp>) -> ClientFrame {
        ClientFrame::Resume { cursors: BTreeMap::from([(self.room.clone(), (self.cursor)())]), people }
    }
}

/// Hears all frames.
type Hearer = Rc<dyn Fn(&ServerFrame)>;

#[derive(Default)]
struct Shared {
    listeners: Vec<Rc<Listener>>,
    hearers: Vec<Hearer>,
    socket: Option<Socket>,
    /// Up to when the open rooms know how people are called, once there was one.
    people: Option<Timestamp>,
    wake: Option<oneshot::Sender<()>>,
    when_open: Vec<oneshot::Sender<()>>,
    started: bool,
}

thread_local! {
    static SHARED: RefCell<Shared> = RefCell::default();
}

fn shared<T>(with: impl FnOnce(&mut Shared) -> T) -> T {
    SHARED.with_borrow_mut(with)
}

/// Opens the line, once a tab.
pub(crate) fn start(line: Line) {
    if shared(|shared| std::mem::replace(&mut shared.started, true)) {
        return;
    }
    watch_the_browser(line);
    leptos::task::spawn_local(keep_open(line));
    leptos::task::spawn_local(keep_time(line));
}

/// Hears a room until the owner is gone.
pub(crate) fn listen(listener: Listener) {
    let listener = Rc::new(listener);
    shared(|shared| {
        shared.listeners.push(listener.clone());
        // What changed after the page was made may have been told before it was here to hear it.
        shared.people = Some(shared.people.map_or(listener.people, |people| people.min(listener.people)));
        if let Some(socket) = &shared.socket {
            socket.say(listener.resume(shared.people));
        }
    });
    let listener = StoredValue::new_local(listener);
    on_cleanup(move || {
        let listener = listener.get_value();
        shared(|shared| shared.listeners.retain(|other| !Rc::ptr_eq(other, &listener)));
    });
}

/// Hears every frame until the owner is gone, before those who listen to a room do.
pub(crate) fn hear(hearer: impl Fn(&ServerFrame) + 'static) {
    let hearer: Hearer = Rc::new(hearer);
    shared(|shared| shared.hearers.push(hearer.clone()));
    let hearer = StoredValue::new_local(hearer);
    on_cleanup(move || {
        let hearer = hearer.get_value();
        shared(|shared| shared.hearers.retain(|other| !Rc::ptr_eq(other, &hearer)));
    });
}

/// Says something to the server, if the line is open. What must not be lost goes another way.
pub(crate) fn say(frame: ClientFrame) {
    if let Some(socket) = shared(|shared| shared.socket.clone()) {
        socket.say(frame);
    }
}

/// Tries again now.
pub(crate) fn wake() {
    let wake = shared(|shared| shared.wake.take());
    match wake {
        // An error means that the wait ended by itself.
        Some(wake) => drop(wake.send(())),
        None => shared(|shared| {
            if let Some(socket) = &shared.socket {
                socket.doubt();
            }
        }),
    }
}

/// Waits until the line is open.
pub(crate) async fn opened(line: Line) {
    if line.state.get_untracked() == LineState::Open {
        return;
    }
    let (sender, receiver) = oneshot::channel();
    shared(|shared| shared.when_open.push(sender));
    let _open = receiver.await;
}

async fn keep_open(line: Line) {
    let mut attempt = 0;
    loop {
        line.state.set(LineState::Trying);
        let end = socket::run(|| {
            attempt = 0;
            line.state.set(LineState::Open);
            for waiting in shared(|shared| std::mem::take(&mut shared.when_open)) {
                let _gone = waiting.send(());
            }
        })
        .await;
        let end = if end == End::Refused && is_signed_out().await { End::SignedOut } else { end };
        let delay = match end {
            End::SignedOut => {
                line.state.set(LineState::SignedOut);
                return;
            }
            End::Restart { wait_ms } => wait_ms,
            End::Lost | End::Refused => delay_ms(attempt, browser::random()),
        };
        attempt += 1;
        let now = browser::now().millis();
        line.now.set(now);
        line.state.set(LineState::Waiting { until: now + i64::from(delay) });
        let (sender, receiver) = oneshot::channel();
        shared(|shared| shared.wake = Some(sender));
        select(browser::wait(delay).boxed_local(), receiver).await;
        shared(|shared| shared.wake = None);
    }
}

/// Whether the server no longer knows the session. A page cannot see why a WebSocket was refused.
async fn is_signed_out() -> bool {
    let room = RoomSlug::public_chat().to_string();
    let answer = crate::api::messages::events_since(room, Some(i64::MAX)).await;
    matches!(answer, Err(Failure(ApiError::NotSignedIn)))
}

/// Counts the seconds while the line is cut, and says that it is cut after the first few.
async fn keep_time(line: Line) {
    let mut cut_since = None;
    loop {
        browser::wait(1_000).await;
        let now = browser::now().millis();
        if line.state.get_untracked() == LineState::Open {
            cut_since = None;
            if line.trouble.get_untracked() {
                line.trouble.set(false);
            }
            continue;
        }
        line.now.set(now);
        let since = *cut_since.get_or_insert(now);
        if now - since >= i64::from(SILENCE_MS) - 1_000 && !line.trouble.get_untracked() {
            line.trouble.set(true);
        }
    }
}

/// Takes the browser's word for it when the network goes or comes back, or when somebody looks again after a while.
fn watch_the_browser(line: Line) {
    let hidden_at = StoredValue::new(None::<i64>);
    std::mem::forget(window_event_listener(ev::online, |_| wake()));
    std::mem::forget(window_event_listener(ev::offline, |_| {
        shared(|shared| {
            if let Some(socket) = &shared.socket {
                socket.drop_now();
            }
        });
    }));
    std::mem::forget(window_event_listener(ev::focus, move |_| {
        if line.state.get_untracked() != LineState::Open {
            wake();
        }
    }));
    std::mem::forget(window_event_listener(ev::visibilitychange, move |_| {
        let now = browser::now().millis();
        if !browser::is_visible() {
            hidden_at.set_value(Some(now));
        } else if hidden_at.get_value().is_some_and(|at| now - at > HIDDEN_MS) {
            wake();
        }
    }));
}

/// A request that was not answered within this many milliseconds is given up, or made again.
const ANSWER_MS: u32 = 15_000;

/// Asks the server, and does not wait for ever.
pub(crate) async fn ask<T>(request: impl Future<Output = Result<T, Failure>>) -> Result<T, ApiError> {
    match within(ANSWER_MS, request).await {
        Some(answer) => answer.map_err(|Failure(error)| error),
        None => Err(ApiError::NoAnswer),
    }
}

/// Waits for a future, but no longer than a number of milliseconds.
pub(crate) async fn within<T>(milliseconds: u32, future: impl Future<Output = T>) -> Option<T> {
    match select(future.boxed_local(), browser::wait(milliseconds).boxed_local()).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}
