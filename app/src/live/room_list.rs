//! Keeping the list of rooms right: hearing what happens in all of them, and fetching it when that is not enough.

use super::{ask, hear, opened, say};
use crate::{
    api::{
        Failure,
        rooms::{list_rooms, read_room},
    },
    browser,
    components::{toasts::Toasts, typing::Writers},
    line::{Line, LineState},
    room_list::{RoomList, partner},
    text,
};
use leptos::{prelude::*, task::spawn_local};
use std::cell::Cell;
use telicat_domain::{
    PersonId, RoomSlug,
    backoff::delay_ms,
    directory::{Directory, Outcome},
    frame::{ClientFrame, ServerFrame},
    presence::Presence,
    room::RoomEntry,
};

/// What wants the list fetched within this many milliseconds is one wish.
const GATHER_MS: u32 = 150;
/// Whoever is said to write does so for this many milliseconds, unless it is said again.
const TYPING_MS: i64 = 6_000;
/// One says that one writes this often, in milliseconds.
const SAY_TYPING_MS: i64 = 3_000;
/// Silence ends, and days change, at some time within this many milliseconds.
const CLOCK_MS: u32 = 20_000;
/// People whom a page may watch.
const WATCHED_MAX: usize = 500;

thread_local! {
    /// Whether the list is being fetched, and whether it has to be again.
    static FETCHING: Cell<bool> = const { Cell::new(false) };
    static AGAIN: Cell<bool> = const { Cell::new(false) };
    /// The line, once it is there: what is told on it is why a list has to be fetched.
    static LINE: Cell<Option<Line>> = const { Cell::new(None) };
}

/// Begins to keep the list, for as long as the tab lives.
pub(crate) fn keep_list(list: RoomList, writers: Writers, line: Line, assets: String) {
    LINE.set(Some(line));
    hear(move |frame| match frame {
        ServerFrame::Hello { assets: now, .. } => {
            // What was read, chosen and lost meanwhile has no number that could be compared.
            list.refresh();
            list.say_what_is_shown();
            if !now.is_empty() && *now != assets {
                line.new_version.set(true);
            }
        }
        ServerFrame::Typing { room, root, person } => {
            let until = browser::now().millis() + TYPING_MS;
            writers.begin((room.clone(), *root), person.clone(), until);
            spawn_local(async move {
                browser::wait(TYPING_MS as u32 + 50).await;
                writers.expire(browser::now().millis());
            });
        }
        ServerFrame::Presence { people } => list.presences.update(|known| {
            for (person, presence) in people {
                match presence {
                    Presence::Gone => known.remove(person),
                    here => known.insert(*person, *here),
                };
            }
        }),
        ServerFrame::Here { room, count } => list.here.set(Some((room.clone(), *count))),
        frame => {
            if let ServerFrame::Event { room, event } = frame
                && let Some(message) = event.posted()
            {
                writers.end(&(room.clone(), message.root.map(|root| root.id)), message.author.id);
            }
            list.take_in(frame);
        }
    });
    Effect::new(move |_| list.say_what_is_watched());
    Effect::new(move |_| {
        let room = list.open.get();
        say(ClientFrame::Look { room });
    });
    Effect::new(move |_| browser::show_icon(list.badge().calls > 0));
    spawn_local(async move {
        loop {
            browser::wait(CLOCK_MS).await;
            list.now.set(browser::now());
        }
    });
    list.now.set(browser::now());
}

impl RoomList {
    fn take_in(self, frame: &ServerFrame) {
        let concerns = matches!(
            frame,
            ServerFrame::Event { .. }
                | ServerFrame::Room { .. }
                | ServerFrame::Lost { .. }
                | ServerFrame::Read { .. }
                | ServerFrame::ThreadNews { .. }
                | ServerFrame::ThreadRead { .. }
                | ServerFrame::Person { .. }
                | ServerFrame::Erased { .. }
        );
        if !concerns || !self.is_filled() {
            return;
        }
        let outcome =
            self.directory.try_update(|directory| directory.as_mut().map(|directory| apply(directory, frame)));
        if outcome.flatten() == Some(Outcome::Fetch) {
            self.refresh();
        }
    }

    /// Fetches the list, once at a time, until it is the last word.
    pub(crate) fn refresh(self) {
        let Some(line) = LINE.get().filter(|_| self.is_filled()) else { return };
        AGAIN.set(true);
        if FETCHING.replace(true) {
            return;
        }
        spawn_local(async move {
            let mut failures = 0;
            while AGAIN.get() {
                browser::wait(GATHER_MS).await;
                AGAIN.set(false);
                self.directory.update_untracked(|directory| {
                    if let Some(directory) = directory {
                        directory.ask();
                    }
                });
                match ask(list_rooms()).await {
                    Ok(rooms) => {
                        let outcome = self
                            .directory
                            .try_update(|directory| directory.as_mut().map(|directory| directory.replace(rooms)));
                        // What was told meanwhile is asked for again, and not as fast as it can be asked.
                        failures = if outcome.flatten() == Some(Outcome::Fetch) { failures + 1 } else { 0 };
                    }
                    Err(telicat_domain::ApiError::NotSignedIn) => break,
                    Err(_) => failures += 1,
                }
                if failures > 0 {
                    AGAIN.set(true);
                    browser::wait(delay_ms(failures - 1, browser::random())).await;
                    if line.state.get_untracked() == LineState::SignedOut {
                        break;
                    }
                    opened(line).await;
                }
            }
            FETCHING.set(false);
        });
    }

    /// The reader has read a room up to an event. It shows at once, and is told to the server, which tells all tabs.
    pub(crate) fn read(self, room: RoomSlug, seq: i64) {
        spawn_local(async move {
            if let Ok(state) = ask(read_room(room.to_string(), seq)).await {
                self.take_in(&ServerFrame::Read { room, state });
            }
        });
    }

    /// Sends a choice about a room, and shows what came of it.
    pub(crate) fn choose(self, answer: impl Future<Output = Result<RoomEntry, Failure>> + 'static) {
        let toasts = Toasts::get();
        spawn_local(async move {
            let error = match ask(answer).await {
                Ok(room) => return self.take_in(&ServerFrame::Room { room: Box::new(room) }),
                Err(error) => error,
            };
            if let Some(toasts) = toasts {
                toasts.error(text::error(&error));
            }
        });
    }

    /// Tells a new socket what this page shows.
    fn say_what_is_shown(self) {
        say(ClientFrame::Look { room: self.open.get_untracked() });
        let people = self.watched();
        if !people.is_empty() {
            say(ClientFrame::Watch { people });
        }
        if browser::is_idle() {
            say(ClientFrame::Idle { idle: true });
        }
    }

    /// Watches those with whom there are direct rooms.
    fn say_what_is_watched(self) {
        let people = self.directory.with(|directory| directory.as_ref().map(watched).unwrap_or_default());
        let changed = WATCHED.with_borrow_mut(|watched| {
            let changed = *watched != people;
            watched.clone_from(&people);
            changed
        });
        if changed {
            say(ClientFrame::Watch { people });
        }
    }

    fn watched(self) -> Vec<PersonId> {
        self.directory.with_untracked(|directory| directory.as_ref().map(watched).unwrap_or_default())
    }
}

thread_local! {
    static WATCHED: std::cell::RefCell<Vec<PersonId>> = const { std::cell::RefCell::new(Vec::new()) };
    /// Where the reader has said to write, and when.
    static TYPED: std::cell::RefCell<Option<(crate::components::typing::Place, i64)>> =
        const { std::cell::RefCell::new(None) };
}

fn watched(directory: &Directory) -> Vec<PersonId> {
    let mut people: Vec<_> =
        directory.rooms().filter_map(|entry| partner(&entry.room)).map(|person| person.id).collect();
    people.sort_unstable();
    people.dedup();
    people.truncate(WATCHED_MAX);
    people
}

fn apply(directory: &mut Directory, frame: &ServerFrame) -> Outcome {
    match frame {
        ServerFrame::Event { room, event } => return directory.apply(room, event),
        ServerFrame::Room { room } => return directory.enter(RoomEntry::clone(room)),
        ServerFrame::Read { room, state } => return directory.read(room, state.clone()),
        ServerFrame::Lost { room } => directory.lose(room),
        ServerFrame::ThreadNews { room, root, .. } => directory.thread_has_news(room, *root),
        ServerFrame::ThreadRead { room, root, .. } => directory.thread_is_read(room, *root),
        ServerFrame::Person { author } => directory.rename(author),
        ServerFrame::Erased { author } => directory.erase(*author),
        _ => {}
    }
    Outcome::Settled
}

/// Says that the reader writes somewhere, unless that was said a moment ago.
pub(crate) fn say_typing(place: crate::components::typing::Place) {
    let now = browser::now().millis();
    let said = TYPED.with_borrow_mut(|typed| {
        let before = typed.as_ref().is_some_and(|(at, when)| *at == place && now - when < SAY_TYPING_MS);
        if !before {
            *typed = Some((place.clone(), now));
        }
        before
    });
    if !said {
        let (room, root) = place;
        say(ClientFrame::Typing { room, root });
    }
}
