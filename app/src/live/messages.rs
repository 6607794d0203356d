//! What an open room or thread hears, and how it catches up.

use super::{Listener, ask, listen, outbox, work::EventHearer};
use crate::{
    api::messages::events_since,
    browser,
    conversation::{Conversation, Counted},
    text,
};
use leptos::{prelude::*, task::spawn_local};
use std::rc::Rc;
use telicat_domain::{
    Author, Nonce,
    backoff::delay_ms,
    event::Event,
    timeline::{Applied, SendState},
};

/// Tries to fetch something before it is said that it could not be fetched.
pub(super) const TRIES: u32 = 4;
/// Messages that arrive within this many milliseconds are announced together.
const ANNOUNCE_MS: u32 = 700;
/// More than this many messages at once are counted, not read out.
const ANNOUNCE_MAX: usize = 3;

impl Conversation {
    /// Takes up the outbox and begins to listen.
    pub(crate) fn connect(self) {
        // After the page was taken over, so that it begins with what the server rendered.
        Effect::new(move |_| {
            let (person, room) = (self.me.with_value(|me| me.id), self.slug.get_value());
            outbox::start(person, self.work.line);
            let kept = outbox::load(person, &room);
            // The tab that was to send them may be closed. If it is not, their nonces make both one.
            let waiting = kept.iter().filter(|outgoing| outgoing.state == SendState::Sending);
            waiting.for_each(|outgoing| outbox::send(&room, outgoing.clone()));
            self.timeline.update(|timeline| kept.into_iter().for_each(|outgoing| timeline.echo(outgoing)));
            let here = room.clone();
            outbox::hear(move |room, nonce, outcome| {
                if *room == here {
                    self.sent(nonce, outcome);
                }
            });
            self.begin_marks();
            listen(Listener {
                room,
                cursor: Box::new(move || self.cursor()),
                event: Box::new(move |event| self.hear(event, true)),
                erased: Box::new(move |author| self.timeline.update(|timeline| timeline.erase(author))),
                behind: Box::new(move || self.catch_up()),
                person: Box::new(move |author| self.rename(author)),
                people: self.people,
            });
        });
    }

    /// Whether it is still shown. What waited for an answer asks before it goes on.
    pub(super) fn is_open(self) -> bool {
        self.timeline.try_with_untracked(|_| ()).is_some()
    }

    /// The room's name in requests.
    pub(super) fn room(self) -> String {
        self.slug.try_with_value(ToString::to_string).unwrap_or_default()
    }

    fn cursor(self) -> i64 {
        self.timeline.with_untracked(telicat_domain::Timeline::cursor)
    }

    /// Somebody has another name, handle or picture; perhaps the reader, in another tab.
    fn rename(self, author: &Author) {
        if self.is_own(author) {
            self.me.set_value(author.clone());
        }
        self.timeline.update(|timeline| timeline.rename(author));
    }

    /// An own message was answered.
    fn sent(self, nonce: Nonce, outcome: &outbox::Outcome) {
        match outcome {
            Ok(event) => self.hear(event.clone(), false),
            Err(error) => self.timeline.update(|timeline| timeline.fail(nonce, error.clone())),
        }
    }

    /// Takes in an event, whether it came by the line or as an answer.
    pub(crate) fn hear(self, event: Event, news: bool) {
        // An answer may come when the room is no longer shown.
        if !self.is_open() {
            return;
        }
        let told = |count| Counted::at(event.seq(), count);
        if let Some(pins) = event.pins() {
            self.pins.maybe_update(|known| known.take(told(pins)));
        }
        if let Some(members) = event.members() {
            self.members.maybe_update(|known| known.take(told(members)));
        }
        self.work.hearers.get_value().iter().for_each(|hearer| hearer(&event));
        let posted = event.posted().filter(|message| message.root.map(|root| root.id) == self.root);
        if let Some(message) = event.posted().filter(|message| self.is_own(&message.author)) {
            self.me.with_value(|me| self.slug.with_value(|slug| outbox::remove(me.id, slug, message.nonce)));
        } else if let Some(message) = posted
            && news
            && self.timeline.with_untracked(|timeline| message.seq > timeline.cursor())
        {
            self.announce(text::announce(message.author.called(), &message.body));
            if !self.at_end.get_untracked() {
                self.unseen.update(|count| *count += 1);
            }
        }
        let following = self.at_end.get_untracked();
        let applied = self.timeline.try_update(|timeline| {
            let applied = timeline.apply(event);
            timeline.trim(following);
            applied
        });
        if applied == Some(Applied::Gap) {
            self.catch_up();
        }
    }

    /// Has every event of the room told, whether it came by the line, as an answer, or was fetched, until the owner is
    /// gone.
    pub(super) fn on_event(self, hearer: impl Fn(&Event) + 'static) {
        let hearer: EventHearer = Rc::new(hearer);
        let hearers = self.work.hearers;
        hearers.update_value(|all| all.push(hearer.clone()));
        let hearer = StoredValue::new_local(hearer);
        on_cleanup(move || {
            let hearer = hearer.get_value();
            let _gone = hearers.try_update_value(|all| all.retain(|other| !Rc::ptr_eq(other, &hearer)));
        });
    }

    /// Fetches what is missing, however much it is.
    fn catch_up(self) {
        let catching_up = self.work.catching_up;
        if catching_up.get_value() {
            return;
        }
        catching_up.set_value(true);
        spawn_local(async move {
            let complete = self.fetch_missing().await;
            if self.is_open() {
                self.gap.set(!complete);
                catching_up.set_value(false);
            }
        });
    }

    /// Whether nothing is missing any more.
    async fn fetch_missing(self) -> bool {
        let mut failures = 0;
        while self.is_open() {
            let page = ask(events_since(self.room(), Some(self.cursor()))).await;
            if !self.is_open() {
                break;
            }
            if let Ok(page) = page {
                failures = 0;
                let more = page.next.is_some();
                for event in page.events {
                    self.hear(event, true);
                }
                if !more && !self.timeline.with_untracked(telicat_domain::Timeline::has_gap) {
                    return true;
                }
            } else {
                failures += 1;
                if failures >= TRIES {
                    return false;
                }
                browser::wait(delay_ms(failures, browser::random())).await;
            }
        }
        true
    }

    /// Tries again to fetch what is missing.
    pub(crate) fn fill_gap(self) {
        self.gap.set(false);
        self.catch_up();
    }

    pub(super) fn complain(self, text: String) {
        if let Some(toasts) = self.work.toasts {
            toasts.error(text);
        }
    }

    /// Reads out what came, a little later and together.
    fn announce(self, said: String) {
        let announcer = self.announcer;
        let first = announcer.news.try_with_value(Vec::is_empty).unwrap_or(false);
        let _told = announcer.news.try_update_value(|news| news.push(said));
        if !first {
            return;
        }
        spawn_local(async move {
            browser::wait(ANNOUNCE_MS).await;
            let Some(news) = announcer.news.try_update_value(std::mem::take) else { return };
            let said = if news.len() > ANNOUNCE_MAX { text::announce_many(news.len()) } else { news.join(" ") };
            // The same words again are no news to a live region, unless something about them is another.
            let again = announcer.said.try_with_untracked(|before| *before == said).unwrap_or(false);
            let _gone = announcer.said.try_set(if again { format!("{said}\u{a0}") } else { said });
        });
    }
}
