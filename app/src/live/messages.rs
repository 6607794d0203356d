//! What is done with an open room: hearing, catching up, sending, loading what was before.

use super::{Listener, listen, opened, outbox::Outbox, within};
use crate::{
    api::{
        Failure,
        messages::{events_since, messages_before, post_message},
    },
    browser,
    components::toasts::Toasts,
    conversation::Conversation,
    line::{Line, LineState},
    text,
};
use leptos::{ev, html::Textarea, prelude::*, task::spawn_local};
use telicat_domain::{
    ApiError, Author, Field, MessageBody, Nonce,
    backoff::delay_ms,
    event::Event,
    limits::HISTORY_PAGE,
    timeline::{Applied, Outgoing, SendState},
};

/// A post that was not answered within this many milliseconds is sent again.
const ANSWER_MS: u32 = 15_000;
/// Tries on an open line before a message is said to have failed.
const TRIES: u32 = 4;
/// Messages that arrive within this many milliseconds are announced together.
const ANNOUNCE_MS: u32 = 700;
/// More than this many messages at once are counted, not read out.
const ANNOUNCE_MAX: usize = 3;

/// What the browser keeps of an open room beside its signals.
#[derive(Clone, Copy)]
struct Work {
    sending: StoredValue<bool>,
    catching_up: StoredValue<bool>,
    news: StoredValue<Vec<String>>,
    line: Line,
}

thread_local! {
    static WORK: std::cell::Cell<Option<Work>> = const { std::cell::Cell::new(None) };
}

impl Conversation {
    /// Takes up the outbox and begins to listen.
    pub(crate) fn connect(self) {
        let work = Work {
            sending: StoredValue::new(false),
            catching_up: StoredValue::new(false),
            news: StoredValue::new(Vec::new()),
            line: Line::get(),
        };
        WORK.set(Some(work));
        // After the page was taken over, so that it begins with what the server rendered.
        Effect::new(move |_| {
            let kept = self.outbox().load();
            self.timeline.update(|timeline| kept.into_iter().for_each(|outgoing| timeline.echo(outgoing)));
            self.send_all();
            listen(Listener {
                room: self.slug.get_value(),
                cursor: Box::new(move || self.timeline.with_untracked(telicat_domain::Timeline::cursor)),
                event: Box::new(move |event| self.hear(event, true)),
                erased: Box::new(move |author| self.timeline.update(|timeline| timeline.erase(author))),
                behind: Box::new(move || self.catch_up()),
                person: Box::new(move |author| self.rename(author)),
                people: self.people,
            });
        });
    }

    /// Somebody has another name, handle or picture; perhaps the reader, in another tab.
    fn rename(self, author: &Author) {
        if self.is_own(author) {
            self.me.set_value(author.clone());
        }
        self.timeline.update(|timeline| timeline.rename(author));
    }

    fn work(self) -> Option<Work> {
        WORK.get()
    }

    fn outbox(self) -> Outbox {
        self.me.with_value(|me| self.slug.with_value(|slug| Outbox::of(me.id, slug)))
    }

    /// Takes in an event, whether it came by the line or as an answer.
    fn hear(self, event: Event, news: bool) {
        let posted = event.posted().filter(|message| message.root.map(|root| root.id) == self.root);
        if let Some(message) = event.posted().filter(|message| self.is_own(&message.author)) {
            self.outbox().remove(message.nonce);
        } else if let Some(message) = posted
            && news
            && self.timeline.with_untracked(|timeline| message.seq > timeline.cursor())
        {
            self.announce(text::announce(message.author.called(), &message.body));
            if !self.at_end.get_untracked() {
                self.unseen.update(|count| *count += 1);
            }
        }
        let applied = self.timeline.try_update(|timeline| {
            let applied = timeline.apply(event);
            if self.at_end.get_untracked() && !timeline.has_newer() {
                timeline.trim();
            }
            applied
        });
        if applied == Some(Applied::Gap) {
            self.catch_up();
        }
    }

    /// Fetches what is missing, however much it is.
    fn catch_up(self) {
        let Some(work) = self.work() else { return };
        if work.catching_up.get_value() {
            return;
        }
        work.catching_up.set_value(true);
        spawn_local(async move {
            let mut failures = 0;
            loop {
                let (room, seq) = (self.slug.with_value(ToString::to_string), self.cursor());
                match within(ANSWER_MS, events_since(room, Some(seq))).await {
                    Some(Ok(page)) => {
                        failures = 0;
                        let more = page.next.is_some();
                        for event in page.events {
                            self.hear(event, true);
                        }
                        let gap = self.timeline.with_untracked(telicat_domain::Timeline::has_gap);
                        if !more && !gap {
                            self.gap.set(false);
                            break;
                        }
                    }
                    _ => {
                        failures += 1;
                        if failures >= TRIES {
                            self.gap.set(true);
                            break;
                        }
                        browser::wait(delay_ms(failures, browser::random())).await;
                    }
                }
            }
            work.catching_up.set_value(false);
        });
    }

    fn cursor(self) -> i64 {
        self.timeline.with_untracked(telicat_domain::Timeline::cursor)
    }

    /// Tries again to fetch what is missing.
    pub(crate) fn fill_gap(self) {
        self.gap.set(false);
        self.catch_up();
    }

    /// Fetches the page before the first message, once at a time.
    pub(crate) fn load_older(self) {
        let (has_older, first) = self
            .timeline
            .with_untracked(|timeline| (timeline.has_older(), timeline.messages().first().map(|first| first.seq)));
        if self.loading.get_untracked() || !has_older {
            return;
        }
        self.loading.set(true);
        spawn_local(async move {
            let room = self.slug.with_value(ToString::to_string);
            match within(ANSWER_MS, messages_before(room, first, Some(HISTORY_PAGE))).await {
                Some(Ok(page)) => self.timeline.update(|timeline| {
                    let _fits = timeline.prepend(page);
                }),
                Some(Err(Failure(error))) => self.complain(text::error(&error)),
                None => self.complain(text::error(&ApiError::NoAnswer)),
            }
            self.loading.set(false);
        });
    }

    fn complain(self, text: String) {
        if let Some(toasts) = Toasts::get() {
            toasts.error(text);
        }
    }

    /// Reads out what came, a little later and together.
    fn announce(self, said: String) {
        let Some(work) = self.work() else { return };
        let first = work.news.with_value(Vec::is_empty);
        work.news.update_value(|news| news.push(said));
        if !first {
            return;
        }
        spawn_local(async move {
            browser::wait(ANNOUNCE_MS).await;
            let news = work.news.try_update_value(std::mem::take).unwrap_or_default();
            let said = if news.len() > ANNOUNCE_MAX { text::announce_many(news.len()) } else { news.join(" ") };
            self.announcement.set(said);
        });
    }
}

/// Sending.
impl Conversation {
    /// Sends what is in the composer. It is cleared only when the outbox has it.
    pub(crate) fn submit(self, event: &ev::SubmitEvent, text_box: NodeRef<Textarea>) {
        event.prevent_default();
        let Some(text_box) = text_box.get_untracked() else { return };
        let body = match MessageBody::parse(&text_box.value()) {
            Ok(body) => body,
            Err(telicat_domain::Problem::Empty) => {
                let _focused = text_box.focus();
                return;
            }
            Err(problem) => {
                self.refusal.set(Some(ApiError::field(Field::Body, problem)));
                return;
            }
        };
        let Some(nonce) = browser::new_nonce() else { return };
        let outgoing = Outgoing {
            nonce,
            body: body.into_string(),
            reply_to: self.answering.get_untracked().map(Box::new),
            root: self.root,
            at: browser::now(),
            state: SendState::Sending,
        };
        self.outbox().put(&outgoing);
        self.timeline.update(|timeline| timeline.echo(outgoing));
        text_box.set_value("");
        self.keep("");
        self.refusal.set(None);
        self.follow_end();
        let _focused = text_box.focus();
        self.send_all();
    }

    /// Sends the outbox, one message after the other, so that they arrive in the order in which they were written.
    fn send_all(self) {
        let Some(work) = self.work() else { return };
        if work.sending.get_value() {
            return;
        }
        work.sending.set_value(true);
        spawn_local(async move {
            let mut answered: Vec<Nonce> = Vec::new();
            while let Some(outgoing) = self.next_to_send(&answered) {
                match self.send_until_answered(&outgoing, work.line).await {
                    Ok(event) => {
                        answered.push(outgoing.nonce);
                        self.hear(event, false);
                    }
                    Err(error) => {
                        if error == ApiError::NotSignedIn {
                            work.line.state.set(LineState::SignedOut);
                        }
                        self.timeline.update(|timeline| timeline.fail(outgoing.nonce, error.clone()));
                        self.outbox().put(&Outgoing { state: SendState::Failed(error), ..outgoing });
                    }
                }
            }
            work.sending.set_value(false);
        });
    }

    fn next_to_send(self, answered: &[Nonce]) -> Option<Outgoing> {
        self.timeline.with_untracked(|timeline| {
            let waiting = timeline.outgoing().iter().filter(|outgoing| outgoing.state == SendState::Sending);
            waiting.clone().find(|outgoing| !answered.contains(&outgoing.nonce)).cloned()
        })
    }

    /// Sends one message as often as it makes sense. Its nonce makes all tries one.
    async fn send_until_answered(self, outgoing: &Outgoing, line: Line) -> Result<Event, ApiError> {
        let mut tries = 0;
        loop {
            let room = self.slug.with_value(ToString::to_string);
            let reply_to = outgoing.reply_to.as_ref().map(|quote| quote.message.to_string());
            let root = outgoing.root.map(|root| root.to_string());
            let (body, nonce) = (outgoing.body.clone(), outgoing.nonce.to_string());
            let post = post_message(room, body, Some(nonce), reply_to, root);
            let error = match within(ANSWER_MS, post).await {
                Some(Ok(message)) => return Ok(Event::Posted(message)),
                Some(Err(Failure(error))) => error,
                None => ApiError::NoAnswer,
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

    /// Sends a message that failed again.
    pub(crate) fn retry(self, nonce: Nonce) {
        self.timeline.update(|timeline| timeline.retry(nonce));
        self.send_all();
    }

    /// Copies the text of a message that failed.
    pub(crate) fn copy(self, nonce: Nonce) {
        let body = self.timeline.with_untracked(|timeline| {
            timeline.outgoing().iter().find(|outgoing| outgoing.nonce == nonce).map(|outgoing| outgoing.body.clone())
        });
        let (Some(body), Some(toasts)) = (body, Toasts::get()) else { return };
        spawn_local(async move {
            if browser::copy(&body).await { toasts.good(text::COPIED) } else { toasts.error(text::NOT_COPIED) }
        });
    }

    /// Takes back a message that failed.
    pub(crate) fn discard(self, nonce: Nonce) {
        self.outbox().remove(nonce);
        self.timeline.update(|timeline| timeline.discard(nonce));
    }
}

/// The composer.
impl Conversation {
    /// Enter sends, Shift and Enter breaks the line, Ctrl or Cmd and Enter always sends; under a finger Enter breaks the
    /// line. Never while an input method composes.
    pub(crate) fn key_pressed(self, event: &ev::KeyboardEvent, text_box: NodeRef<Textarea>) {
        if event.key() != "Enter" || event.is_composing() || event.shift_key() || event.alt_key() {
            return;
        }
        if !(event.ctrl_key() || event.meta_key()) && browser::is_touch() {
            return;
        }
        event.prevent_default();
        if let Some(form) = text_box.get_untracked().and_then(|text_box| text_box.form()) {
            let _sent = form.request_submit();
        }
    }

    /// Keeps the draft, and takes back the complaint about it.
    pub(crate) fn typed(self, text_box: NodeRef<Textarea>) {
        if let Some(text_box) = text_box.get_untracked() {
            let text = text_box.value();
            self.keep(&text);
            if !text.is_empty() {
                crate::components::typing::typing_now(self);
            }
        }
        if self.refusal.with_untracked(Option::is_some) {
            self.refusal.set(None);
        }
    }

    /// Puts back the draft that was kept, unless something stands there.
    pub(crate) fn keep_draft(self, text_box: NodeRef<Textarea>) {
        Effect::new(move |_| {
            let Some(text_box) = text_box.get() else { return };
            if text_box.value().is_empty()
                && let Some(draft) = self.me.with_value(|me| browser::load(me.id, &self.draft_name()))
            {
                text_box.set_value(&draft);
            }
        });
    }

    fn keep(self, draft: &str) {
        self.me.with_value(|me| browser::store(me.id, &self.draft_name(), draft));
    }

    fn draft_name(self) -> String {
        self.slug.with_value(|slug| format!("draft.{slug}"))
    }
}
