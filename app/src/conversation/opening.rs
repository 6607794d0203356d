//! Where a reader begins, by the address: at the end, round a message, or at a page of the history.

use super::Conversation;
use crate::api::{
    Failure,
    messages::{messages_after, messages_before},
    rooms::show_room,
};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use telicat_domain::{Event, EventPage, limits::HISTORY_PAGE, room::RoomPage};

/// Where a room is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Opening {
    /// At its newest messages.
    #[default]
    End,
    /// Round the message with a number.
    At(i64),
    /// At the page of messages before a number.
    Before(i64),
    /// At the page of messages after a number.
    After(i64),
}

impl Opening {
    /// The one of this page: its end, unless another one was provided.
    pub(crate) fn get() -> Self {
        use_context().unwrap_or_default()
    }

    /// What an address asks for: `at`, `before` or `after`.
    pub(crate) fn of(query: &ParamsMap) -> Self {
        let number = |name| query.get_str(name).and_then(|text| text.parse::<i64>().ok()).filter(|number| *number >= 0);
        number("at")
            .map(Self::At)
            .or_else(|| number("before").map(Self::Before))
            .or_else(|| number("after").map(Self::After))
            .unwrap_or_default()
    }

    /// The room's page at that place, with the list of rooms or without.
    ///
    /// # Errors
    /// Those of the server functions.
    pub(crate) async fn load(self, slug: String, list: bool) -> Result<RoomPage, Failure> {
        let at = if let Self::At(seq) = self { Some(seq) } else { None };
        let page = show_room(slug.clone(), at, Some(list)).await?;
        match self {
            Self::End | Self::At(_) => Ok(page),
            Self::Before(seq) => {
                let history = messages_before(slug, Some(seq), Some(HISTORY_PAGE)).await?;
                let (older, newer) = (history.next.is_some(), true);
                Ok(instead(page, history, older, newer))
            }
            Self::After(seq) => {
                let history = messages_after(slug, seq, Some(HISTORY_PAGE)).await?;
                let (older, newer) = (true, history.next.is_some());
                Ok(instead(page, history, older, newer))
            }
        }
    }
}

/// A room's page with another part of the history. One with nothing in it leaves the newest messages.
fn instead(page: RoomPage, history: EventPage, older: bool, newer: bool) -> RoomPage {
    if history.events.is_empty() {
        return page;
    }
    let cursor = page.cursor.min(history.at);
    // What the newest page ends with is known to be there.
    let last_post = page.messages.last().map_or(page.last_post, |last| last.seq.max(page.last_post));
    let posted = |event| if let Event::Posted(message) = event { Some(message) } else { None };
    let messages = history.events.into_iter().filter_map(posted).collect();
    RoomPage { messages, cursor, older, newer, last_post, ..page }
}

/// The pages beside the one that is shown, for who has no script.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct HistoryLinks {
    /// Where the messages before the first one are, when there are any.
    pub(crate) older: Option<String>,
    /// Where those after the last one are.
    pub(crate) newer: Option<String>,
    /// Where the first unread message is.
    pub(crate) unread: Option<String>,
}

impl HistoryLinks {
    /// The links of a room as it is shown first. A thread has none.
    pub(crate) fn of(conversation: Conversation) -> Self {
        if conversation.root.is_some() {
            return Self::default();
        }
        let room = conversation.address();
        let unread = conversation.divider.get_untracked().map(|read| format!("{room}?at={}", read + 1));
        conversation.timeline.with_untracked(|timeline| Self {
            older: timeline.has_older().then(|| format!("{room}?before={}", timeline.first())),
            newer: timeline.has_newer().then(|| format!("{room}?after={}", timeline.last())),
            unread,
        })
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use telicat_domain::{Author, Handle, Message, MessageId, Nonce, PersonId, Timestamp};
    use uuid::Uuid;

    fn messages(seqs: std::ops::RangeInclusive<i64>) -> Vec<Message> {
        let author = Author {
            id: PersonId(Uuid::nil()),
            handle: Handle::from_stored("mei".to_owned()),
            name: None,
            picture: None,
            deleted: false,
        };
        let message = |seq: i64| {
            let id = Uuid::from_u128(seq.unsigned_abs().into());
            Message::new(seq, MessageId(id), Nonce(id), author.clone(), seq.to_string(), Timestamp(seq))
        };
        seqs.map(message).collect()
    }

    #[test]
    fn an_address_says_where_a_reader_begins() {
        let of = |query: &[(&str, &str)]| {
            let mut map = ParamsMap::new();
            query.iter().for_each(|(name, value)| map.insert((*name).to_owned(), (*value).to_owned()));
            Opening::of(&map)
        };
        assert_eq!(of(&[]), Opening::End);
        assert_eq!(of(&[("at", "7")]), Opening::At(7));
        assert_eq!(of(&[("before", "7")]), Opening::Before(7));
        assert_eq!(of(&[("after", "0")]), Opening::After(0));
        for bad in ["", "-1", "x", "9999999999999999999999"] {
            assert_eq!(of(&[("at", bad)]), Opening::End, "{bad}");
        }
    }

    fn links(page: &RoomPage) -> HistoryLinks {
        Owner::new_root(None).with(|| HistoryLinks::of(Conversation::open(page, messages(1..=1)[0].author.clone())))
    }

    #[test]
    fn the_pages_beside_are_reached_by_links() {
        let newest = crate::testing::room_page(messages(60..=100));
        let path = "/chat/room/public-chat";
        let older = RoomPage { older: true, ..newest.clone() };
        assert_eq!(links(&older), HistoryLinks { older: Some(format!("{path}?before=60")), ..HistoryLinks::default() });
        assert_eq!(links(&newest), HistoryLinks::default(), "the room begins here");
        let history =
            EventPage { events: messages(10..=20).into_iter().map(Event::Posted).collect(), next: Some(10), at: 99 };
        let page = instead(newest.clone(), history, true, true);
        assert_eq!((page.cursor, page.last_post), (99, 100));
        let beside = links(&page);
        assert_eq!(beside.older, Some(format!("{path}?before=10")));
        assert_eq!(beside.newer, Some(format!("{path}?after=20")));
        assert_eq!(instead(newest.clone(), EventPage::default(), true, true), newest, "nothing is there");
    }

    #[test]
    fn what_is_unread_has_a_link_and_stands_below_a_line() {
        let mut page = RoomPage { older: true, ..crate::testing::room_page(messages(60..=100)) };
        assert_eq!(links(&page).unread, None);
        (page.room.unread, page.room.read) = (50, 12);
        assert_eq!(links(&page).unread.as_deref(), Some("/chat/room/public-chat?at=13"));
    }
}
