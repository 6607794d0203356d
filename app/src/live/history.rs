//! Moving through the history: page after page in both directions, or to another place at once.

use super::{ask, messages::TRIES};
use crate::{
    api::{
        Failure,
        messages::{events_since, message_at_day, messages_after, messages_before},
        rooms::show_room,
        threads::{replies_before, show_thread},
    },
    browser,
    conversation::{Conversation, Edge},
    text,
};
use leptos::{prelude::*, task::spawn_local};
use telicat_domain::{ApiError, Event, EventPage, MessageId, limits::HISTORY_PAGE, timeline::Fits};

/// Where the list goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// To its end, and stays there.
    End,
    /// To the message with a number, in the middle of the view and marked.
    Message(i64),
    /// To the first message that was not read, or the one with a number.
    Unread(i64),
    /// To the first message with that number or behind it, at the top of the view.
    From(i64),
}

impl Conversation {
    /// Fetches the page before the first message, once at a time. Asked for by somebody who wants to hear if it fails.
    pub(crate) fn load_older(self) {
        self.load(Edge::Older, true);
    }

    /// Fetches the page behind the last message, once at a time.
    pub(crate) fn load_newer(self) {
        self.load(Edge::Newer, true);
    }

    /// Fetches the next page at one end.
    pub(super) fn load(self, edge: Edge, asked: bool) {
        if self.loading.with_untracked(Option::is_some) || self.wanted(edge).is_none() {
            return;
        }
        self.loading.set(Some(edge));
        spawn_local(async move {
            let result = self.load_page(edge).await;
            if !self.is_open() {
                return;
            }
            if let Err(error) = result {
                if asked {
                    self.complain(text::error(&error));
                } else {
                    // The button stays there. Scrolling on tries again, after a while.
                    browser::wait(1_000).await;
                }
            }
            if self.is_open() {
                self.loading.set(None);
            }
        });
    }

    /// The number to ask with, when there is something.
    fn wanted(self, edge: Edge) -> Option<i64> {
        self.timeline.with_untracked(|timeline| match edge {
            Edge::Older => timeline.has_older().then(|| timeline.first()),
            Edge::Newer => timeline.has_newer().then(|| timeline.last()),
            Edge::Elsewhere => None,
        })
    }

    async fn load_page(self, edge: Edge) -> Result<(), ApiError> {
        for _try in 0..TRIES {
            let Some(from) = self.is_open().then(|| self.wanted(edge)).flatten() else { return Ok(()) };
            let page = ask(self.fetch(edge, from)).await?;
            let fits = self.timeline.try_update(|timeline| match edge {
                Edge::Older => timeline.prepend(from, &page),
                _ => timeline.append(from, &page),
            });
            if matches!(fits, Some(Fits::Yes) | None) {
                return Ok(());
            }
        }
        Err(ApiError::Busy { retry_after: 1 })
    }

    async fn fetch(self, edge: Edge, from: i64) -> Result<EventPage, Failure> {
        match (self.root, edge) {
            (None, Edge::Older) => messages_before(self.room(), Some(from), Some(HISTORY_PAGE)).await,
            (None, _) => messages_after(self.room(), from, Some(HISTORY_PAGE)).await,
            (Some(root), Edge::Older) => replies_before(root.to_string(), from).await,
            (Some(root), _) => replies_after(self.room(), root, from).await,
        }
    }

    /// Puts another part of the history into the list: round the message with a number, or the newest.
    async fn put_part(self, at: Option<i64>) -> Result<(), ApiError> {
        for _try in 0..TRIES {
            let (page, older, newer) = ask(self.fetch_part(at)).await?;
            // Until it is where it should be, where the list is means nothing.
            let _gone = self.work.moving.try_set_value(true);
            let fits = self.timeline.try_update(|timeline| timeline.show(&page, older, newer));
            if matches!(fits, Some(Fits::Yes) | None) {
                return Ok(());
            }
            self.work.moving.set_value(false);
        }
        Err(ApiError::Busy { retry_after: 1 })
    }

    async fn fetch_part(self, at: Option<i64>) -> Result<(EventPage, bool, bool), Failure> {
        let page = |messages: Vec<_>, at| EventPage {
            events: messages.into_iter().map(Event::Posted).collect(),
            next: None,
            at,
        };
        if let Some(root) = self.root {
            let thread = show_thread(root.to_string(), None).await?;
            return Ok((page(thread.replies, thread.cursor), thread.older, false));
        }
        let room = show_room(self.room(), at, Some(false)).await?;
        Ok((page(room.messages, room.cursor), room.older, room.newer))
    }

    /// Goes somewhere in the history, wherever the list is now.
    pub(super) fn go_to(self, goal: Goal) {
        let loaded = self.timeline.with_untracked(|timeline| match goal {
            Goal::End => !timeline.has_newer(),
            Goal::Message(seq) | Goal::Unread(seq) | Goal::From(seq) => {
                let shown = timeline.messages().iter().any(|message| message.seq == seq);
                shown
                    || (timeline.first() <= seq && seq <= timeline.last())
                    || (!timeline.has_newer() && seq > timeline.last())
            }
        });
        if loaded {
            self.reveal(goal);
            return;
        }
        let at = match goal {
            Goal::End => None,
            Goal::Message(seq) | Goal::Unread(seq) | Goal::From(seq) => Some(seq),
        };
        self.loading.set(Some(Edge::Elsewhere));
        spawn_local(async move {
            let mut result = self.put_part(at).await;
            // What was written meanwhile, by the reader perhaps, may stand behind a page that was read before it.
            for _ in 0..TRIES {
                let behind = || self.timeline.with_untracked(telicat_domain::Timeline::has_newer);
                if goal != Goal::End || result.is_err() || !self.is_open() || !behind() {
                    break;
                }
                result = self.put_part(None).await;
            }
            if !self.is_open() {
                return;
            }
            self.loading.set(None);
            match result {
                Ok(()) => {
                    self.work.moving.set_value(false);
                    self.reveal(goal);
                }
                Err(error) => self.complain(text::error(&error)),
            }
        });
    }

    /// Goes to the newest messages and stays with them.
    pub(crate) fn follow_end(self) {
        self.go_to(Goal::End);
    }

    /// Goes to a message and marks it, wherever it is in the history.
    pub(crate) fn show_message(self, seq: i64) {
        self.go_to(Goal::Message(seq));
    }

    /// Goes to the first message that was not read.
    pub(crate) fn jump_to_unread(self) {
        if let Some(read) = self.divider.get_untracked() {
            self.met_unread.set(true);
            self.go_to(Goal::Unread(read + 1));
        }
    }

    /// Goes to the first message on a day of the reader's calendar, `2026-11-15`, or to the first one after it.
    pub(crate) fn jump_to_day(self, date: &str) {
        let Some(midnight) = browser::midnight(date) else { return };
        spawn_local(async move {
            let found = ask(message_at_day(self.room(), midnight.0)).await;
            if !self.is_open() {
                return;
            }
            match found {
                Ok(Some(seq)) => self.go_to(Goal::From(seq)),
                Ok(None) => self.go_to(Goal::End),
                Err(error) => self.complain(text::error(&error)),
            }
        });
    }
}

/// A page of replies behind a number. Threads have no page of their own in that direction: it is found among what
/// happened in the room since.
async fn replies_after(room: String, root: MessageId, seq: i64) -> Result<EventPage, Failure> {
    let mut replies = EventPage { at: i64::MAX, ..EventPage::default() };
    let mut from = seq;
    loop {
        let page = events_since(room.clone(), Some(from)).await?;
        let here = |event: &Event| event.posted().is_some_and(|message| message.root.is_some_and(|of| of.id == root));
        replies.events.extend(page.events.into_iter().filter(here));
        replies.at = replies.at.min(page.at);
        replies.next = page.next;
        match page.next {
            Some(next) if replies.events.is_empty() => from = next,
            _ => return Ok(replies),
        }
    }
}
