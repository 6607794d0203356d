//! Saying how far the reader has read: what was in view while somebody looked at the page.
//!
//! The first word goes at once, later ones at most every two seconds, and the last one is never lost: it is repeated
//! until it is answered, also when the room is no longer open.

use super::{ask, opened};
use crate::{
    api::{
        rooms::{read_room, unread_room},
        threads::read_thread,
    },
    browser,
    conversation::Conversation,
    line::Line,
    text,
};
use leptos::{ev, prelude::*, task::spawn_local};
use std::{cell::Cell, rc::Rc};
use telicat_domain::{ApiError, MessageId};

/// Milliseconds between two words.
const PAUSE_MS: u32 = 2_000;

/// How far one room or thread was read.
#[derive(Clone)]
pub(super) struct ReadMarks(Rc<Marks>);

struct Marks {
    room: String,
    root: Option<MessageId>,
    line: Line,
    /// The last message that was seen.
    seen: Cell<i64>,
    /// Up to where the server knows of it.
    told: Cell<i64>,
    /// Whether something is being said.
    busy: Cell<bool>,
    /// The message before which the reader put the mark by hand, until they read on.
    held: Cell<Option<i64>>,
}

impl ReadMarks {
    /// A message was seen.
    fn see(&self, seq: i64) {
        if self.0.held.get().is_none() && seq > self.0.seen.get() {
            self.0.seen.set(seq);
            self.tell();
        }
    }

    fn tell(&self) {
        if self.0.busy.replace(true) {
            return;
        }
        let marks = self.0.clone();
        spawn_local(async move {
            while marks.seen.get() > marks.told.get() {
                marks.tell_once().await;
                browser::wait(PAUSE_MS).await;
            }
            marks.busy.set(false);
        });
    }

    /// Says the last word with the last breath of the page: what is still waiting for its pause.
    fn tell_in_passing(&self) {
        let marks = &self.0;
        if marks.seen.get() <= marks.told.get() {
            return;
        }
        let seq = marks.seen.get().to_string();
        match marks.root {
            None => browser::say_in_passing("/api/rooms/read", &[("room", &marks.room), ("seq", &seq)]),
            Some(root) => browser::say_in_passing("/api/threads/read", &[("root", &root.to_string()), ("seq", &seq)]),
        }
    }
}

impl Marks {
    async fn tell_once(&self) {
        let seq = self.seen.get();
        let answer = ask(async {
            match self.root {
                None => read_room(self.room.clone(), seq).await.map(drop),
                Some(root) => read_thread(root.to_string(), seq).await,
            }
        })
        .await;
        match answer {
            Err(ApiError::RateLimited { retry_after } | ApiError::Busy { retry_after }) => {
                browser::wait(retry_after.saturating_mul(1000)).await;
            }
            Err(ApiError::NoAnswer) => opened(self.line).await,
            // What is refused would be refused again.
            Ok(()) | Err(_) => self.told.set(self.told.get().max(seq)),
        }
        // What was on its way when the mark was put back by hand may have come after that.
        if let Some(held) = self.held.get() {
            let _again = unread_room(self.room.clone(), held).await;
        }
    }
}

impl Conversation {
    /// Begins to take note of what is read.
    pub(super) fn begin_marks(self) {
        let read = match self.root {
            None => self.entry.with_untracked(|entry| entry.read),
            Some(_) => self.divider.get_untracked().unwrap_or(0),
        };
        let marks = ReadMarks(Rc::new(Marks {
            room: self.room(),
            root: self.root,
            line: self.work.line,
            seen: Cell::new(read),
            told: Cell::new(read),
            busy: Cell::new(false),
            held: Cell::new(None),
        }));
        self.work.marks.set_value(Some(marks.clone()));
        let looked = move || request_animation_frame(move || self.note_read());
        let focus = window_event_listener(ev::focus, move |_| looked());
        let visible = window_event_listener(ev::visibilitychange, move |_| looked());
        let leaving = StoredValue::new_local(marks);
        let hide = window_event_listener(ev::pagehide, move |_| leaving.with_value(ReadMarks::tell_in_passing));
        on_cleanup(move || {
            focus.remove();
            visible.remove();
            hide.remove();
        });
        looked();
    }

    /// Takes note of what is in view, while somebody looks at it.
    pub(super) fn note_read(self) {
        if !self.is_open() || self.work.moving.get_value() || !browser::is_looked_at() {
            return;
        }
        let Some(last) = self.last_in_view() else { return };
        // Own messages need no mark.
        let seen = self.timeline.with_untracked(|timeline| {
            let others = timeline.messages().iter().rev().filter(|message| !self.is_own(&message.author));
            others.map(|message| message.seq).find(|seq| *seq <= last)
        });
        if let Some(seen) = seen {
            self.work.marks.with_value(|marks| marks.iter().for_each(|marks| marks.see(seen)));
        }
    }

    /// The reader reads on after putting the mark back by hand.
    pub(super) fn resume_marks(self) {
        self.work.marks.with_value(|marks| marks.iter().for_each(|marks| marks.0.held.set(None)));
    }

    /// Says that a message and all behind it are not read. It stays so until the reader leaves, or comes to the end again.
    pub(crate) fn mark_unread(self, seq: i64) {
        self.work.marks.with_value(|marks| {
            if let Some(ReadMarks(marks)) = marks {
                marks.held.set(Some(seq));
                marks.seen.set(seq - 1);
                marks.told.set(seq - 1);
            }
        });
        self.divider.set(Some(seq - 1));
        self.met_unread.set(true);
        let room = self.room();
        spawn_local(async move {
            let Err(error) = ask(unread_room(room, seq)).await else { return };
            if self.is_open() {
                self.resume_marks();
                self.complain(text::error(&error));
            }
        });
    }
}
