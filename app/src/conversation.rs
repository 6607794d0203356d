//! One open room: the signals round its [`Timeline`]. What is done with it in the browser stands in `live`.

use crate::visit::Visit;
use leptos::prelude::*;
#[cfg(not(feature = "hydrate"))]
use telicat_domain::Nonce;
use telicat_domain::{
    ApiError, Author, MessageId, RoomSlug, Timeline, Timestamp, event::Quote, room::RoomPage, timeline::Row,
    timestamp::Day,
};

/// The signals of an open room. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Conversation {
    pub(crate) slug: StoredValue<RoomSlug>,
    pub(crate) me: StoredValue<Author>,
    pub(crate) timeline: RwSignal<Timeline>,
    /// Up to when the page knew how people are called.
    pub(crate) people: Timestamp,
    /// The timeline as it is laid out.
    pub(crate) rows: Memo<Vec<Row>>,
    /// Up to which event the reader had read when the room was opened, unless that was all.
    pub(crate) divider: RwSignal<Option<i64>>,
    /// The message that the next one answers.
    pub(crate) answering: RwSignal<Option<Quote>>,
    /// The own message that is being changed.
    pub(crate) editing: RwSignal<Option<MessageId>>,
    /// The thread that it is, by its first message; nothing when it is the room itself.
    pub(crate) root: Option<MessageId>,
    /// What is wrong with the text in the composer.
    pub(crate) refusal: RwSignal<Option<ApiError>>,
    /// Whether older messages are on their way.
    pub(crate) loading: RwSignal<bool>,
    /// Whether a gap could not be filled.
    pub(crate) gap: RwSignal<bool>,
    /// Whether the newest messages are in view.
    pub(crate) at_end: RwSignal<bool>,
    /// Messages that came while they were not.
    pub(crate) unseen: RwSignal<usize>,
    /// What a screen reader is told.
    pub(crate) announcement: RwSignal<String>,
}

impl Conversation {
    /// Opens a room from its page, and provides it to all below.
    pub(crate) fn open(page: &RoomPage, me: Author) -> Self {
        let timeline = RwSignal::new({
            let (messages, cursor) = (page.messages.clone(), page.cursor);
            Timeline::new(me.id, messages, cursor, page.older, page.last_post)
        });
        let me = StoredValue::new(me);
        let divider = RwSignal::new(None);
        let rows = Memo::new(move |_| {
            me.with_value(|me| timeline.with(|timeline| timeline.rows(me, local_offset(), divider.get())))
        });
        let conversation = Self {
            slug: StoredValue::new(page.room.room.slug.clone()),
            me,
            timeline,
            people: page.people,
            rows,
            divider,
            answering: RwSignal::new(None),
            editing: RwSignal::new(None),
            root: None,
            refusal: RwSignal::new(None),
            loading: RwSignal::new(false),
            gap: RwSignal::new(false),
            at_end: RwSignal::new(true),
            unseen: RwSignal::new(0),
            announcement: RwSignal::new(String::new()),
        };
        provide_context(conversation);
        conversation
    }

    /// Whether the reader wrote a message.
    pub(crate) fn is_own(self, author: &Author) -> bool {
        self.me.with_value(|me| me.id == author.id)
    }
}

/// Whether the page speaks of times by the reader's clock: not before it was taken over, because the server does not
/// know that clock and both must begin with the same words.
#[derive(Clone, Copy)]
pub(crate) struct Localised(pub(crate) RwSignal<bool>);

/// Whether it does by now.
#[cfg(feature = "hydrate")]
pub(crate) fn is_localised() -> bool {
    use_context::<Localised>().is_some_and(|localised| localised.0.get())
}

#[cfg(not(feature = "hydrate"))]
pub(crate) fn is_localised() -> bool {
    false
}

/// Minutes that the reader's clock is ahead of UTC at a moment.
fn local_offset() -> impl Fn(Timestamp) -> i32 {
    let localised = is_localised();
    move |at| if localised { clock_offset(at) } else { 0 }
}

/// The time of a message, as its reader's clock and language have it.
pub(crate) fn time_of_day(at: Timestamp) -> String {
    if is_localised() { local_time(at) } else { at.hour_minute(0) }
}

/// A moment in words: by the reader's clock once that is known, until then in UTC, and it says so.
pub(crate) fn moment(at: Timestamp) -> String {
    let localised = use_context::<Localised>().is_some_and(|localised| localised.0.get());
    if !localised {
        return crate::text::password::moment(at.day(0), &format!("{} UTC", at.hour_minute(0)), None);
    }
    let local = |at: Timestamp| at.day(clock_offset(at));
    crate::text::password::moment(local(at), &local_time(at), now().map(local))
}

#[cfg(feature = "hydrate")]
use crate::browser::{clock_offset, local_time};

#[cfg(not(feature = "hydrate"))]
fn clock_offset(_at: Timestamp) -> i32 {
    0
}

#[cfg(not(feature = "hydrate"))]
fn local_time(at: Timestamp) -> String {
    at.hour_minute(0)
}

/// What `show` makes of the reader's clock, once that is known, until then of UTC: it is given how to tell a time of day,
/// and how many minutes the clock is ahead of UTC at a moment.
pub(crate) fn shown_in<T>(show: impl FnOnce(fn(Timestamp) -> String, fn(Timestamp) -> i32) -> T) -> T {
    if is_localised() { show(local_time, clock_offset) } else { show(|at| at.hour_minute(0), |_| 0) }
}

/// The composer's text, when it came back from a form without script.
pub(crate) fn returned_text() -> Option<(String, ApiError)> {
    let visit = Visit::get();
    let flash = visit.returned("/api/messages/post")?;
    Some((flash.field("body").unwrap_or_default().to_owned(), flash.error()?.clone()))
}

/// The name of a day, with its relation to today once the reader's clock is known.
pub(crate) fn name_of_day(day: Day) -> String {
    let now = if is_localised() { now() } else { None };
    let local = |at: Timestamp| at.day(clock_offset(at));
    crate::text::day(day, now.map(local), now.map(|now| local(now.plus_seconds(-24 * 3600))))
}

#[cfg(feature = "hydrate")]
fn now() -> Option<Timestamp> {
    Some(crate::browser::now())
}

#[cfg(not(feature = "hydrate"))]
fn now() -> Option<Timestamp> {
    None
}

/// What only a browser does with a room; on the server nothing calls it, and it does nothing.
#[cfg(not(feature = "hydrate"))]
impl Conversation {
    pub(crate) fn connect(self) {}
    pub(crate) fn retry(self, _nonce: Nonce) {}
    pub(crate) fn copy(self, _nonce: Nonce) {}
    pub(crate) fn discard(self, _nonce: Nonce) {}
    pub(crate) fn load_older(self) {}
    pub(crate) fn fill_gap(self) {}
    pub(crate) fn follow_end(self) {}
    pub(crate) fn scrolled(self) {}
    pub(crate) fn hold_position(self, _scroller: NodeRef<leptos::html::Div>) {}
    pub(crate) fn keep_draft(self, _text_box: NodeRef<leptos::html::Textarea>) {}
    pub(crate) fn typed(self, _text_box: NodeRef<leptos::html::Textarea>) {}
    pub(crate) fn submit(self, _event: &leptos::ev::SubmitEvent, _text_box: NodeRef<leptos::html::Textarea>) {}
    pub(crate) fn key_pressed(self, _event: &leptos::ev::KeyboardEvent, _text_box: NodeRef<leptos::html::Textarea>) {}
}
