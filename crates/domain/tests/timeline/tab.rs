//! A tab: its timeline, and the pages that are on their way to it.

use crate::server::{ME, Part, Server, author};
use proptest::prelude::*;
use std::collections::BTreeSet;
use telicat_domain::{
    ApiError, Event, EventPage, Message, MessageId, Nonce, Timeline, Timestamp,
    timeline::{Bounds, Fits, Outgoing, SendState},
};

/// A page that was asked for.
#[derive(Debug, Clone)]
pub enum Asked {
    Since(EventPage),
    Before(i64, Part),
    After(i64, Part),
    Show(Part),
}

pub struct Tab {
    pub timeline: Timeline,
    pub root: Option<MessageId>,
    pub asked: Vec<Asked>,
    /// What was written and to which message it was the answer; the box does not forget it over a reload.
    written: Vec<(Nonce, Option<MessageId>)>,
}

fn messages(part: &Part) -> Vec<Message> {
    part.page.events.iter().filter_map(Event::posted).cloned().collect()
}

impl Tab {
    pub fn open(server: &Server, root: Option<MessageId>, size: usize, at: Option<i64>, bounds: Bounds) -> Self {
        let part = match at {
            Some(at) => server.round(root, at, size),
            None => server.newest(root, size),
        };
        let (me, messages, cursor) = (author(ME).id, messages(&part), server.head());
        let timeline = match root {
            None => {
                let last_post = server.newest(None, 1).page.events.first().map_or(0, Event::seq);
                Timeline::new(me, messages, cursor, part.older, last_post)
            }
            Some(root) => {
                // A thread opens at its end.
                let part = server.newest(Some(root), size);
                let replies = part.page.events.iter().filter_map(Event::posted).cloned().collect();
                Timeline::of_thread(me, server.message(root), replies, cursor, part.older)
            }
        };
        Self { timeline: timeline.within(bounds), root, asked: Vec::new(), written: Vec::new() }
    }

    /// Pages that were on their way are lost with the document.
    pub fn reload(self, server: &Server, size: usize, at: Option<i64>, bounds: Bounds) -> Self {
        let mut tab = Self { written: self.written, ..Self::open(server, self.root, size, at, bounds) };
        for outgoing in self.timeline.outgoing() {
            tab.timeline.echo(outgoing.clone());
        }
        tab
    }

    pub fn write(&mut self, server: &Server, nonce: Nonce, answers: Option<MessageId>) {
        self.written.push((nonce, answers));
        self.timeline.echo(Outgoing {
            nonce,
            body: "own".into(),
            reply_to: answers.map(|id| Box::new(server.message(id).quote())),
            root: self.root,
            at: Timestamp(0),
            state: SendState::Sending,
        });
    }

    pub fn post(&self, server: &mut Server, nonce: Nonce) -> Event {
        let answers = self.written.iter().find(|(written, _)| *written == nonce).and_then(|(_, answers)| *answers);
        server.post(ME, nonce, self.root, answers)
    }

    pub fn fail(&mut self, nonce: Nonce) {
        self.timeline.fail(nonce, ApiError::NoAnswer);
    }

    pub fn ask_before(&self, server: &Server, size: usize) -> Asked {
        let first = self.timeline.first();
        Asked::Before(first, server.before(self.root, first, size))
    }

    pub fn ask_after(&self, server: &Server, size: usize) -> Asked {
        let last = self.timeline.last();
        Asked::After(last, server.after(self.root, last, size))
    }

    pub fn arrive(&mut self, asked: Asked) -> Fits {
        match asked {
            Asked::Since(page) => {
                self.timeline.catch_up(page);
                Fits::Yes
            }
            Asked::Before(first, part) => self.timeline.prepend(first, &part.page),
            Asked::After(last, part) => self.timeline.append(last, &part.page),
            Asked::Show(part) => self.timeline.show(&part.page, part.older, part.newer),
        }
    }

    /// What holds at every moment: what is shown is a part of what the server has, whole, in its order, and each once.
    pub fn check(&self, server: &Server) -> Result<(), TestCaseError> {
        let shown: Vec<MessageId> = self.timeline.messages().iter().map(|message| message.id).collect();
        let all = server.ids(self.root);
        let start = shown.first().and_then(|first| all.iter().position(|id| id == first)).unwrap_or(0);
        prop_assert_eq!(all.get(start..start + shown.len()), Some(&*shown), "a hole or a double");
        prop_assert!(self.timeline.has_older() || start == 0, "the beginning is hidden");
        let end = start + shown.len();
        let behind = server.frames.iter().filter_map(Event::posted).filter(|message| all[end..].contains(&message.id));
        let known = behind.filter(|message| message.seq <= self.timeline.cursor()).count();
        prop_assert!(self.timeline.has_newer() || known == 0, "the end is hidden");
        let rows = self.timeline.rows(&author(ME), |_| 0, None);
        let nonces: BTreeSet<Nonce> = rows.iter().map(|row| row.nonce).collect();
        prop_assert_eq!(nonces.len(), rows.len(), "a message is shown twice");
        Ok(())
    }

    /// The line is back.
    pub fn come_back(&mut self, server: &mut Server) -> Result<(), TestCaseError> {
        let (renamed, erased) = server.people();
        if let Some(author) = renamed {
            self.timeline.rename(&author);
        }
        for author in erased {
            self.timeline.erase(author);
        }
        for outgoing in self.timeline.outgoing().to_vec() {
            self.timeline.retry(outgoing.nonce);
            let event = self.post(server, outgoing.nonce);
            self.timeline.apply(event);
        }
        loop {
            let page = server.since(self.timeline.cursor(), 3);
            let more = page.next.is_some();
            self.timeline.catch_up(page);
            if !more {
                break;
            }
        }
        self.is_as_the_server_has_it(server)
    }

    /// Loads page after page to one end.
    pub fn scroll(&mut self, server: &Server, to_the_end: bool) -> Result<(), TestCaseError> {
        for _page in 0..=server.frames.len() {
            let more = if to_the_end { self.timeline.has_newer() } else { self.timeline.has_older() };
            if !more {
                let (all, shown) = (server.ids(self.root), self.timeline.messages());
                let (edge, there) = if to_the_end { (all.last(), shown.last()) } else { (all.first(), shown.first()) };
                prop_assert_eq!(edge.copied(), there.map(|message| message.id));
                return Ok(());
            }
            let asked = if to_the_end { self.ask_after(server, 3) } else { self.ask_before(server, 3) };
            prop_assert_eq!(self.arrive(asked), Fits::Yes);
            self.check(server)?;
            self.is_as_the_server_has_it(server)?;
        }
        Err(TestCaseError::fail("there is always more"))
    }

    fn is_as_the_server_has_it(&self, server: &Server) -> Result<(), TestCaseError> {
        for message in self.timeline.root().into_iter().chain(self.timeline.messages()) {
            prop_assert_eq!(seen(message, server), seen(&server.message(message.id), server));
        }
        Ok(())
    }
}

/// A message without what is not promised: the order of reactions, when the last reply came, and what the reader had
/// given to a message that was brought back out of sight.
fn seen(message: &Message, server: &Server) -> Message {
    let mut message = message.clone();
    let restored = |event: &Event| matches!(event, Event::Restored { message: back, .. } if back.id == message.id);
    let was_restored = server.frames.iter().any(restored);
    message.reactions.sort_by(|one, other| one.emoji.cmp(&other.emoji));
    for reaction in &mut message.reactions {
        reaction.mine &= !was_restored;
    }
    if !message.has_text() {
        // A tombstone shows nothing of it.
        message.reactions.clear();
        message.pinned = false;
        message.edited_at = None;
    }
    message.replies = message.replies.filter(|replies| replies.count > 0);
    if let Some(replies) = &mut message.replies {
        (replies.last_at, replies.unread) = (message.at, None);
    }
    // Only what is told on the way counts the replies of a thread.
    message.root = None;
    message
}
