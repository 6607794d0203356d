//! The part of the history that is shown.

use super::Timeline;
use crate::event::{Event, EventPage, Message};

/// Whether a page had a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Fits {
    /// It is shown.
    Yes,
    /// It does not belong where the window ends: the window moved after it was asked for.
    No,
    /// It is older than the changes that are remembered: ask for it again.
    TooOld,
}

impl Timeline {
    /// The number to ask `messages/before` with for what stands before the window.
    #[must_use]
    pub fn first(&self) -> i64 {
        self.messages.first().map_or(self.cursor + 1, |message| message.seq)
    }

    /// The number to ask `messages/after` with for what stands behind the window.
    #[must_use]
    pub fn last(&self) -> i64 {
        self.messages.last().map_or(0, |message| message.seq)
    }

    /// Takes in the page of `messages/before` that was asked for with `before`. What is then too much goes at the other
    /// end.
    pub fn prepend(&mut self, before: i64, page: &EventPage) -> Fits {
        let Some(mut messages) = self.messages_of(page) else { return Fits::TooOld };
        if before != self.first() {
            return Fits::No;
        }
        self.older = page.next.is_some();
        messages.append(&mut self.messages);
        self.messages = messages;
        self.last_post = self.last_post.max(self.last());
        self.trim(false);
        Fits::Yes
    }

    /// Takes in the page of `messages/after` that was asked for with `after`. What is then too much goes at the other
    /// end.
    pub fn append(&mut self, after: i64, page: &EventPage) -> Fits {
        let Some(messages) = self.messages_of(page) else { return Fits::TooOld };
        if after != self.last() {
            return Fits::No;
        }
        // What the window had been given meanwhile would be there twice; but then its end would have moved.
        self.messages.extend(messages);
        self.reaches(page.next.is_some(), page.at);
        self.trim(true);
        Fits::Yes
    }

    /// Shows another part of the history, round some message or at the end. `older` and `newer` say whether there is
    /// more on either side.
    pub fn show(&mut self, page: &EventPage, older: bool, newer: bool) -> Fits {
        let Some(messages) = self.messages_of(page) else { return Fits::TooOld };
        self.messages = messages;
        self.older = older;
        self.reaches(newer, page.at);
        Fits::Yes
    }

    /// Forgets what is too much: at the beginning while the reader follows the newest messages, else at the end, where
    /// it is fetched again.
    pub fn trim(&mut self, following: bool) {
        let Some(excess) = self.messages.len().checked_sub(self.bounds.messages).filter(|excess| *excess > 0) else {
            return;
        };
        if following {
            self.messages.drain(..excess);
            self.older = true;
        } else {
            self.messages.truncate(self.bounds.messages);
        }
    }

    /// The window ends with the newest message, or there is one behind it, by what was known at `at`.
    fn reaches(&mut self, newer: bool, at: i64) {
        let last = self.last();
        if newer {
            self.last_post = self.last_post.max(last + 1);
        } else if at >= self.last_post || last > self.last_post {
            self.last_post = last;
        }
    }

    /// The messages of a page as they are now; nothing when the page is too old for that.
    fn messages_of(&mut self, page: &EventPage) -> Option<Vec<Message>> {
        if page.at < self.forgotten {
            return None;
        }
        // A reload may have put an own message back into the outbox that had arrived, further up than was loaded.
        page.events.iter().for_each(|event| self.settle(event));
        let here = page.events.iter().filter_map(Event::posted).filter(|message| self.is_here(message));
        let as_it_is_now = |message: &Message| {
            let mut message = message.clone();
            self.change_since(&mut message, page.at);
            self.bring_up_to_date(&mut message);
            message
        };
        Some(here.map(as_it_is_now).collect())
    }
}
