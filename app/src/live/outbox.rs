//! Own messages that the server has not confirmed: kept over a reload, and sent whatever page the tab shows.
//!
//! Each room has its queue, in which its threads take their turn too: messages arrive in the order in which they were
//! written. Whether a room is open matters to nobody here; an open one hears what became of its messages.

use super::{ask, messages::TRIES, opened};
use crate::{
    api::messages::post_message,
    browser, json,
    line::{Line, LineState},
};
use leptos::{prelude::*, task::spawn_local};
use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    rc::Rc,
};
use telicat_domain::{
    ApiError, Nonce, PersonId, RoomSlug,
    backoff::delay_ms,
    event::Event,
    timeline::{Outgoing, SendState},
};

const NAME: &str = "outbox";

/// What became of a message.
pub(super) type Outcome = Result<Event, ApiError>;
type Hearer = Rc<dyn Fn(&RoomSlug, Nonce, &Outcome)>;

#[derive(Default)]
struct Tab {
    queues: BTreeMap<RoomSlug, VecDeque<Outgoing>>,
    hearers: Vec<Hearer>,
    /// Whose messages they are, and by which line they go.
    sender: Option<(PersonId, Line)>,
}

thread_local! {
    static TAB: RefCell<Tab> = RefCell::default();
}

fn tab<T>(with: impl FnOnce(&mut Tab) -> T) -> T {
    TAB.with_borrow_mut(with)
}

/// Sends what this browser has kept, once a tab.
pub(super) fn start(person: PersonId, line: Line) {
    if tab(|tab| tab.sender.replace((person, line))).is_some() {
        return;
    }
    for name in browser::names(person, NAME) {
        if let Ok(room) = RoomSlug::parse(&name) {
            for outgoing in load(person, &room).into_iter().filter(|outgoing| outgoing.state == SendState::Sending) {
                enqueue(&room, outgoing);
            }
        }
    }
}

/// Hears what becomes of messages, until the owner is gone.
pub(super) fn hear(hearer: impl Fn(&RoomSlug, Nonce, &Outcome) + 'static) {
    let hearer: Hearer = Rc::new(hearer);
    tab(|tab| tab.hearers.push(hearer.clone()));
    let hearer = StoredValue::new_local(hearer);
    on_cleanup(move || {
        let hearer = hearer.get_value();
        tab(|tab| tab.hearers.retain(|other| !Rc::ptr_eq(other, &hearer)));
    });
}

/// Keeps a message, and sends it when its turn comes.
pub(super) fn send(room: &RoomSlug, outgoing: Outgoing) {
    if let Some((person, _)) = tab(|tab| tab.sender) {
        put(person, room, &outgoing);
    }
    enqueue(room, outgoing);
}

fn enqueue(room: &RoomSlug, outgoing: Outgoing) {
    let idle = tab(|tab| {
        let queue = tab.queues.entry(room.clone()).or_default();
        let idle = queue.is_empty();
        if !queue.iter().any(|other| other.nonce == outgoing.nonce) {
            queue.push_back(outgoing);
        }
        idle
    });
    if idle {
        spawn_local(work_off(room.clone()));
    }
}

/// Sends one message after the other until none is left.
async fn work_off(room: RoomSlug) {
    let Some((person, line)) = tab(|tab| tab.sender) else { return };
    while let Some(outgoing) = tab(|tab| tab.queues.get(&room).and_then(VecDeque::front).cloned()) {
        let outcome = send_until_answered(&room, &outgoing, line).await;
        tab(|tab| tab.queues.get_mut(&room).map(VecDeque::pop_front));
        match &outcome {
            Ok(_) => remove(person, &room, outgoing.nonce),
            Err(error) => {
                if *error == ApiError::NotSignedIn {
                    line.state.set(LineState::SignedOut);
                }
                put(person, &room, &Outgoing { state: SendState::Failed(error.clone()), ..outgoing.clone() });
            }
        }
        for hearer in tab(|tab| tab.hearers.clone()) {
            hearer(&room, outgoing.nonce, &outcome);
        }
    }
}

/// Sends one message as often as it makes sense. Its nonce makes all tries one.
async fn send_until_answered(room: &RoomSlug, outgoing: &Outgoing, line: Line) -> Outcome {
    let mut tries = 0;
    loop {
        let reply_to = outgoing.reply_to.as_ref().map(|quote| quote.message.to_string());
        let root = outgoing.root.map(|root| root.to_string());
        let (body, nonce) = (outgoing.body.clone(), outgoing.nonce.to_string());
        let post = post_message(room.to_string(), body, Some(nonce), reply_to, root);
        let error = match ask(post).await {
            Ok(message) => return Ok(Event::Posted(message)),
            Err(error) => error,
        };
        match error {
            ApiError::RateLimited { retry_after } | ApiError::Busy { retry_after } => {
                browser::wait(retry_after.saturating_mul(1000).saturating_add(50)).await;
            }
            ApiError::NoAnswer => {
                if line.state.get_untracked() == LineState::Open {
                    tries += 1;
                    if tries >= TRIES {
                        return Err(error);
                    }
                    browser::wait(delay_ms(tries, browser::random())).await;
                } else if line.state.get_untracked() == LineState::SignedOut {
                    return Err(ApiError::NotSignedIn);
                }
                opened(line).await;
            }
            error => return Err(error),
        }
    }
}

fn name(room: &RoomSlug) -> String {
    format!("{NAME}.{room}")
}

/// What is kept of a room, in the order in which it was written.
pub(super) fn load(person: PersonId, room: &RoomSlug) -> Vec<Outgoing> {
    let text = browser::load(person, &name(room));
    text.and_then(|text| json::read(&text).ok()).unwrap_or_default()
}

/// Puts a message in, or replaces the one with its nonce. Every change reads what is kept first, because other tabs
/// write it too.
fn put(person: PersonId, room: &RoomSlug, outgoing: &Outgoing) {
    let mut all = load(person, room);
    match all.iter_mut().find(|other| other.nonce == outgoing.nonce) {
        Some(other) => *other = outgoing.clone(),
        None => all.push(outgoing.clone()),
    }
    save(person, room, &all);
}

/// Takes a message out.
pub(super) fn remove(person: PersonId, room: &RoomSlug, nonce: Nonce) {
    let mut all = load(person, room);
    let before = all.len();
    all.retain(|outgoing| outgoing.nonce != nonce);
    if all.len() != before {
        save(person, room, &all);
    }
}

fn save(person: PersonId, room: &RoomSlug, all: &[Outgoing]) {
    let text = if all.is_empty() { String::new() } else { serde_json::to_string(all).unwrap_or_default() };
    browser::store(person, &name(room), &text);
}
