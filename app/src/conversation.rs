//! One open room or thread: the signals round its [`Timeline`]. What is done with it in the browser stands in `live`.

mod announcer;
mod counted;
mod list_actions;
mod opening;

pub(crate) use announcer::Announcer;
pub(crate) use counted::Counted;
#[cfg(feature = "hydrate")]
pub(crate) use list_actions::Act;
pub(crate) use list_actions::ListActions;
pub(crate) use opening::{HistoryLinks, Opening};

use crate::{room_list::RoomList, until_gone::track_until_gone, visit::Visit};
use leptos::prelude::*;
#[cfg(not(feature = "hydrate"))]
use telicat_domain::Nonce;
use telicat_domain::{
    ApiError, Author, MessageId, RoomSlug, Timeline, Timestamp,
    event::{Quote, Reaction, ThreadPage},
    permission::Action,
    room::{RoomEntry, RoomPage},
    timeline::{Row, RowState},
    timestamp::Day,
};

/// The signals of an open room or thread. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Conversation {
    pub(crate) slug: StoredValue<RoomSlug>,
    pub(crate) me: StoredValue<Author>,
    pub(crate) timeline: RwSignal<Timeline>,
    /// Up to when the page knew how people are called.
    pub(crate) people: Timestamp,
    /// The room, as the reader stands to it.
    pub(crate) entry: RwSignal<RoomEntry>,
    /// How many of its messages are pinned.
    pub(crate) pins: RwSignal<Counted>,
    /// How many members it has; 0 where everybody is one.
    pub(crate) members: RwSignal<Counted>,
    /// Whether the reader is an owner of the site.
    pub(crate) runs_site: bool,
    /// The timeline as it is laid out.
    pub(crate) rows: Memo<Vec<Row>>,
    /// Up to which event the reader had read when the room was opened, unless that was all.
    pub(crate) divider: RwSignal<Option<i64>>,
    /// The message that the next one answers.
    pub(crate) answering: RwSignal<Option<Quote>>,
    /// The own message that is being changed.
    pub(crate) editing: RwSignal<Option<MessageId>>,
    /// What that message is to say, as it is typed.
    pub(crate) edited: RwSignal<String>,
    /// Reactions that the reader has given or taken back and that the server has not answered yet.
    pub(crate) reacting: RwSignal<Vec<Reacting>>,
    /// The thread that it is, by its first message; nothing when it is the room itself.
    pub(crate) root: Option<MessageId>,
    /// What is wrong with the text in the composer.
    pub(crate) refusal: RwSignal<Option<ApiError>>,
    /// Which part of the history is on its way.
    pub(crate) loading: RwSignal<Option<Edge>>,
    /// Whether a gap could not be filled.
    pub(crate) gap: RwSignal<bool>,
    /// Whether the newest messages are in view.
    pub(crate) at_end: RwSignal<bool>,
    /// Messages that came while they were not.
    pub(crate) unseen: RwSignal<usize>,
    /// Whether the first message that was not read has been in view, or there was none.
    pub(crate) met_unread: RwSignal<bool>,
    /// Where the reader began.
    pub(crate) opening: Opening,
    /// The reader's rooms.
    pub(crate) rooms: RoomList,
    /// What a screen reader is told.
    pub(crate) announcer: Announcer,
    /// What the keys of the list do with a message.
    pub(crate) actions: ListActions,
    /// What the browser keeps beside.
    #[cfg(feature = "hydrate")]
    pub(crate) work: crate::live::Work,
}

/// An end of the part of the history that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// Before the first message.
    Older,
    /// Behind the last.
    Newer,
    /// At another place.
    Elsewhere,
}

impl Conversation {
    /// Opens a room from its page, where the address says, and provides it to all below.
    pub(crate) fn open(page: &RoomPage, me: Author) -> Self {
        let timeline = RwSignal::new({
            let (messages, cursor) = (page.messages.clone(), page.cursor);
            Timeline::new(me.id, messages, cursor, page.older, page.last_post)
        });
        let entry = RwSignal::new(page.room.clone());
        let conversation = Self::new(timeline, entry, me, page.people, None);
        if page.room.unread > 0 {
            conversation.divider.set(Some(page.room.read));
            conversation.met_unread.set(false);
        }
        conversation.pins.set(Counted::at(page.cursor, page.pinned));
        conversation.members.set(Counted::at(page.cursor, page.members));
        // A window that begins in the middle is not at the end, whatever its size.
        conversation.at_end.set(!timeline.with_untracked(Timeline::has_newer));
        provide_context(conversation);
        conversation
    }

    /// Opens a thread of this room.
    pub(crate) fn open_thread(self, page: &ThreadPage) -> Self {
        let root = page.root.clone();
        let id = root.id;
        let me = self.me.get_value();
        let timeline = Timeline::of_thread(me.id, root, page.replies.clone(), page.cursor, page.older);
        let timeline = RwSignal::new(timeline);
        let thread = Self::new(timeline, self.entry, me.clone(), self.people, Some(id));
        let is_new = |message: &telicat_domain::Message| message.seq > page.read && message.author.id != me.id;
        if page.following && page.replies.iter().any(is_new) {
            thread.divider.set(Some(page.read));
            thread.met_unread.set(false);
        }
        thread
    }

    fn new(
        timeline: RwSignal<Timeline>,
        entry: RwSignal<RoomEntry>,
        me: Author,
        people: Timestamp,
        root: Option<MessageId>,
    ) -> Self {
        let me = StoredValue::new(me);
        let divider = RwSignal::new(None);
        let rows = Memo::new(move |_| {
            let mut rows = me.with_value(|me| timeline.with(|t| t.rows(me, local_offset(), divider.get())));
            // Between the first message of a thread and the replies stands how many there are.
            if let (Some(_), Some(reply)) = (root, rows.get_mut(1)) {
                reply.more = false;
            }
            rows
        });
        Self {
            slug: StoredValue::new(entry.with_untracked(|entry| entry.room.slug.clone())),
            me,
            timeline,
            people,
            entry,
            pins: RwSignal::new(Counted::default()),
            members: RwSignal::new(Counted::default()),
            runs_site: Visit::get().viewer.as_ref().is_some_and(|viewer| viewer.is_owner),
            rows,
            divider,
            answering: RwSignal::new(None),
            editing: RwSignal::new(None),
            edited: RwSignal::new(String::new()),
            reacting: RwSignal::new(Vec::new()),
            root,
            refusal: RwSignal::new(None),
            loading: RwSignal::new(None),
            gap: RwSignal::new(false),
            at_end: RwSignal::new(true),
            unseen: RwSignal::new(0),
            met_unread: RwSignal::new(true),
            opening: if root.is_none() { Opening::get() } else { Opening::End },
            rooms: RoomList::get(),
            announcer: Announcer::get(),
            actions: ListActions::get(),
            #[cfg(feature = "hydrate")]
            work: crate::live::Work::new(),
        }
    }

    /// Whether the reader may do something here.
    pub(crate) fn may(self, action: Action) -> bool {
        self.entry.with(|entry| entry.may(action, self.runs_site))
    }

    /// The room's address, or the thread's.
    pub(crate) fn address(self) -> String {
        self.slug.with_value(|slug| match self.root {
            Some(root) => format!("/chat/room/{slug}?thread={root}"),
            None => format!("/chat/room/{slug}"),
        })
    }

    /// The address of a message: the room round it, or its thread.
    pub(crate) fn address_of(self, seq: i64) -> String {
        let root = self.root.filter(|_| self.timeline.with_untracked(|t| t.root().is_none_or(|root| root.seq != seq)));
        self.slug.with_value(|slug| match root {
            Some(root) => format!("/chat/room/{slug}?thread={root}"),
            None => format!("/chat/room/{slug}?at={seq}"),
        })
    }

    /// The address of the thread that a message begins.
    pub(crate) fn address_of_thread(self, root: MessageId) -> String {
        self.slug.with_value(|slug| format!("/chat/room/{slug}?thread={root}"))
    }

    /// The address of what can be done with a message, for who has no script.
    pub(crate) fn address_of_actions(self, message: MessageId) -> String {
        self.slug.with_value(|slug| match self.root {
            Some(root) => format!("/chat/room/{slug}?thread={root}&message={message}"),
            None => format!("/chat/room/{slug}?message={message}"),
        })
    }

    /// The reactions of a message, as they will be when the server has taken what the reader just did.
    pub(crate) fn reactions_of(self, row: &Row) -> Vec<Reaction> {
        let mut reactions = row.reactions.clone();
        if let RowState::Sent { id, .. } = row.state {
            track_until_gone(self.reacting);
            self.reacting.with_untracked(|reacting| {
                reacting.iter().filter(|change| change.message == id).for_each(|change| change.apply(&mut reactions));
            });
        }
        reactions
    }

    /// Whether the reader wrote a message.
    pub(crate) fn is_own(self, author: &Author) -> bool {
        self.me.with_value(|me| me.id == author.id)
    }

    /// The name under which this browser keeps something of the room or thread.
    #[cfg(feature = "hydrate")]
    pub(crate) fn kept_as(self, what: &str) -> String {
        self.slug.with_value(|slug| match self.root {
            Some(root) => format!("{what}.{slug}.{root}"),
            None => format!("{what}.{slug}"),
        })
    }

    /// Whether the first unread message stands before the window.
    pub(crate) fn unread_is_elsewhere(self) -> bool {
        self.divider.with_untracked(Option::is_some)
            && !self.rows.with_untracked(|rows| rows.iter().any(|row| row.first_unread))
    }
}

/// A reaction on its way to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reacting {
    pub(crate) message: MessageId,
    pub(crate) emoji: String,
    pub(crate) on: bool,
}

impl Reacting {
    fn apply(&self, reactions: &mut Vec<Reaction>) {
        let place = reactions.iter().position(|reaction| reaction.emoji == self.emoji);
        match (place.and_then(|place| reactions.get_mut(place)), self.on) {
            (Some(reaction), on) if reaction.mine == on => {}
            (Some(reaction), true) => (reaction.count, reaction.mine) = (reaction.count.saturating_add(1), true),
            (Some(reaction), false) => {
                (reaction.count, reaction.mine) = (reaction.count.saturating_sub(1), false);
                reactions.retain(|reaction| reaction.count > 0);
            }
            (None, true) => reactions.push(Reaction { emoji: self.emoji.clone(), count: 1, mine: true }),
            (None, false) => {}
        }
    }
}

/// Whether the page speaks of times by the reader's clock: not before it was taken over, because the server does not
/// know that clock and both must begin with the same words.
#[derive(Clone, Copy)]
pub(crate) struct Localised(pub(crate) RwSignal<bool>);

/// Whether it does by now.
#[cfg(feature = "hydrate")]
pub(crate) fn is_localised() -> bool {
    // It is so from some moment on and never changes again. A signal keeps all who asked until it changes, be they gone.
    use_context::<Localised>().is_some_and(|localised| localised.0.get_untracked() || localised.0.get())
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
    if !is_localised() {
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

/// The composer's text, when it came back from a form without script: of the room, or of a thread.
pub(crate) fn returned_text(root: Option<MessageId>) -> Option<(String, ApiError)> {
    let visit = Visit::get();
    let flash = visit.returned("/api/messages/post")?;
    if flash.field("root").unwrap_or_default() != root.map(|root| root.to_string()).unwrap_or_default() {
        return None;
    }
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
    pub(crate) fn load_newer(self) {}
    pub(crate) fn jump_to_unread(self) {}
    pub(crate) fn jump_to_day(self, _date: &str) {}
    pub(crate) fn fill_gap(self) {}
    pub(crate) fn follow_end(self) {}
    pub(crate) fn scrolled(self) {}
    pub(crate) fn hold_position(self, _scroller: NodeRef<leptos::html::Div>) {}
    pub(crate) fn list_key(self, _event: &leptos::ev::KeyboardEvent) {}
    pub(crate) fn list_focused(self, _event: &leptos::ev::FocusEvent) {}
    pub(crate) fn keep_draft(self, _text_box: NodeRef<leptos::html::Textarea>) {}
    pub(crate) fn typed(self, _text_box: NodeRef<leptos::html::Textarea>) {}
    pub(crate) fn submit(self, _event: &leptos::ev::SubmitEvent, _text_box: NodeRef<leptos::html::Textarea>) {}
    pub(crate) fn key_pressed(self, _event: &leptos::ev::KeyboardEvent, _text_box: NodeRef<leptos::html::Textarea>) {}
    pub(crate) fn cancel_reply(self, _text_box: NodeRef<leptos::html::Textarea>) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn after(on: bool, count: u32, mine: bool) -> Vec<(u32, bool)> {
        let message = MessageId(Uuid::nil());
        let mut reactions: Vec<Reaction> =
            (count > 0).then(|| Reaction { emoji: "👍".into(), count, mine }).into_iter().collect();
        Reacting { message, emoji: "👍".into(), on }.apply(&mut reactions);
        reactions.iter().map(|reaction| (reaction.count, reaction.mine)).collect()
    }

    #[test]
    fn a_reaction_on_its_way_is_counted_once() {
        assert_eq!(after(true, 0, false), [(1, true)]);
        assert_eq!(after(true, 2, false), [(3, true)]);
        assert_eq!(after(true, 3, true), [(3, true)], "the server had it already");
        assert_eq!(after(false, 3, true), [(2, false)]);
        assert_eq!(after(false, 1, true), []);
        assert_eq!(after(false, 2, false), [(2, false)]);
        assert_eq!(after(false, 0, false), []);
    }
}
