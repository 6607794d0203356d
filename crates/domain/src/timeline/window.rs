//! The part of the history that is shown.

use super::Timeline;
use crate::{
    event::{Event, EventPage, Message},
    limits::TIMELINE_MAX,
};

/// Whether a page had a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Fits {
    /// It is shown.
    Yes,
    /// It does not belong where the window ends: it was asked for before the window moved, or twice.
    No,
    /// It is older than the changes that are remembered: ask for it again.
    TooOld,
}

impl Timeline {
    /// Takes in a page of `messages/before`: what stands before the window. What is then too much goes at the other end.
    pub fn prepend(&mut self, page: EventPage) -> Fits {
        let first = self.messages.first().map_or(self.last_post + 1, |message| message.seq);
        let Some(mut messages) = self.messages_of(&page) else { return Fits::TooOld };
        let Some(last) = messages.last() else {
            self.older = page.next.is_some();
            return Fits::Yes;
        };
        if last.seq >= first {
            return Fits::No;
        }
        self.older = page.next.is_some();
        messages.append(&mut self.messages);
        self.messages = messages;
        if self.messages.len() > TIMELINE_MAX {
            self.messages.truncate(TIMELINE_MAX);
        }
        Fits::Yes
    }

    /// Takes in a page of `messages/after`: what stands behind the window. What is then too much goes at the other end.
    pub fn append(&mut self, page: EventPage) -> Fits {
        let last = self.messages.last().map_or(0, |message| message.seq);
        let Some(messages) = self.messages_of(&page) else { return Fits::TooOld };
        let Some(first) = messages.first() else {
            // Nothing is behind the window, as far as the page knows.
            if page.at >= self.last_post {
                self.last_post = last;
            }
            return Fits::Yes;
        };
        if first.seq <= last {
            return Fits::No;
        }
        self.messages.extend(messages);
        self.reaches(page.next);
        self.trim();
        Fits::Yes
    }

    /// Shows another part of the history, round some message or at the end.
    pub fn show(&mut self, page: EventPage, older: bool, newer: bool) -> Fits {
        let Some(messages) = self.messages_of(&page) else { return Fits::TooOld };
        self.messages = messages;
        self.older = older;
        self.reaches(newer.then_some(page.at));
        Fits::Yes
    }

    /// Forgets the oldest messages while the reader follows the newest, so that a tab which is left open stays small.
    pub fn trim(&mut self) {
        if self.messages.len() > TIMELINE_MAX {
            self.messages.drain(..self.messages.len() - TIMELINE_MAX);
            self.older = true;
        }
    }

    /// The last message of the window is the newest one, or there is one behind it.
    fn reaches(&mut self, newer: Option<i64>) {
        let last = self.messages.last().map_or(0, |message| message.seq);
        self.last_post = self.last_post.max(last);
        if newer.is_some() && self.last_post <= last {
            self.last_post = last + 1;
        }
    }

    /// The messages of a page as they are now; nothing when the page is too old for that.
    fn messages_of(&mut self, page: &EventPage) -> Option<Vec<Message>> {
        if page.at < self.forgotten {
            return None;
        }
        // A reload may have put an own message back into the outbox that had arrived, further up than was loaded.
        page.events.iter().for_each(|event| self.settle(event));
        let posted = page.events.iter().filter_map(Event::posted).cloned();
        Some(posted.map(|message| self.as_it_is_now(self.changed_since(message, page.at))).collect())
    }
}
