//! What an address asks for beside the room, and where that comes from.

use crate::api::{
    Failure,
    messages::{message_history, pinned_messages},
    threads::{replies_before, show_thread},
};
use leptos_router::params::ParamsMap;
use serde::{Deserialize, Serialize};
use telicat_domain::{
    ApiError, Event, Message, MessageId,
    event::{Quote, ThreadPage, Version},
};

/// Pages of a thread that are looked through for a message, at most.
const PAGES: usize = 20;

/// What an address asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Wanted {
    /// The thread of a message.
    pub(crate) thread: Option<MessageId>,
    /// Its replies before a number, for who has no script.
    pub(crate) older: Option<i64>,
    /// What can be done with a message, for who has no script.
    pub(crate) message: Option<MessageId>,
    /// The message that is to be answered.
    pub(crate) reply: Option<MessageId>,
    /// The pinned messages.
    pub(crate) pinned: bool,
}

impl Wanted {
    /// Reads it from the query of an address.
    pub(crate) fn of(query: &ParamsMap) -> Self {
        let id = |name| query.get_str(name).and_then(|text| text.parse().ok());
        Self {
            thread: id("thread"),
            older: query.get_str("older").and_then(|text| text.parse().ok()),
            message: id("message"),
            reply: id("reply"),
            pinned: query.get_str("pinned").is_some(),
        }
    }

    /// Whether there is something to show beside the room.
    pub(crate) fn is_pane(self) -> bool {
        self.thread.is_some() || self.message.is_some() || self.pinned
    }

    /// Fetches it. What is in another room than the one beside it is not there.
    pub(crate) async fn load(self, room: String) -> Details {
        let pane = match self {
            Self { message: Some(message), .. } => Some(self.about(&room, message).await.map(Pane::Message)),
            Self { thread: Some(thread), .. } => Some(self.thread(&room, thread).await),
            Self { pinned: true, .. } => Some(pinned_messages(room.clone()).await.map(Pane::Pinned)),
            _ => None,
        };
        let pane = pane.map(|pane| pane.unwrap_or_else(|Failure(error)| Pane::Failed(error)));
        let reply = match (self.reply, self.thread) {
            (Some(reply), None) => show_thread(reply.to_string(), Some(room)).await.ok().map(|page| page.root),
            _ => None,
        };
        // What stands in a thread is answered there.
        let reply = reply.filter(|message| Some(message.id) == self.reply).map(|message| message.quote());
        Details { wanted: self, pane, reply: reply.filter(|quote| !quote.gone) }
    }

    async fn thread(self, room: &str, thread: MessageId) -> Result<Pane, Failure> {
        let mut page = show_thread(thread.to_string(), Some(room.to_owned())).await?;
        let reply = match self.reply {
            Some(reply) => find(&page, reply).await?.map(|message| message.quote()),
            None => None,
        };
        if let Some(seq) = self.older {
            let older = replies_before(thread.to_string(), seq).await?;
            (page.older, page.cursor) = (older.next.is_some(), page.cursor.min(older.at));
            page.replies = older.events.into_iter().filter_map(posted).collect();
        }
        Ok(Pane::Thread { page: Box::new(page), reply: reply.filter(|quote| !quote.gone) })
    }

    async fn about(self, room: &str, message: MessageId) -> Result<Box<About>, Failure> {
        let page = show_thread(self.thread.unwrap_or(message).to_string(), Some(room.to_owned())).await?;
        let message = find(&page, message).await?.ok_or(Failure(ApiError::NotFound))?;
        // Whoever may not see what it said before is told so, and sees the rest.
        let versions = match message.edited_at {
            Some(_) => message_history(message.id.to_string()).await.ok(),
            None => None,
        };
        let thread = self.thread.or(message.root.map(|root| root.id));
        Ok(Box::new(About { message, thread, versions }))
    }
}

/// A message of a thread.
async fn find(page: &ThreadPage, id: MessageId) -> Result<Option<Message>, Failure> {
    if let Some(found) = std::iter::once(&page.root).chain(&page.replies).find(|message| message.id == id) {
        return Ok(Some(found.clone()));
    }
    let mut before = page.replies.first().filter(|_| page.older).map(|first| first.seq);
    for _ in 0..PAGES {
        let Some(seq) = before else { break };
        let older = replies_before(page.root.id.to_string(), seq).await?;
        before = older.next;
        if let Some(found) = older.events.into_iter().filter_map(posted).find(|message| message.id == id) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn posted(event: Event) -> Option<Message> {
    match event {
        Event::Posted(message) => Some(message),
        _ => None,
    }
}

/// What is shown beside the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Pane {
    /// A thread.
    Thread {
        /// At its newest replies.
        page: Box<ThreadPage>,
        /// What is to be answered in it.
        reply: Option<Quote>,
    },
    /// The pinned messages.
    Pinned(Vec<Message>),
    /// What can be done with a message.
    Message(Box<About>),
    /// It is on its way.
    Loading,
    /// It is not to be had.
    Failed(ApiError),
}

/// A message, and what it said before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    pub(crate) message: Message,
    /// The thread that it was found in.
    pub(crate) thread: Option<MessageId>,
    /// For those who may know.
    pub(crate) versions: Option<Vec<Version>>,
}

/// What came for an address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Details {
    /// What the address asked for.
    pub(crate) wanted: Wanted,
    pub(crate) pane: Option<Pane>,
    /// What is to be answered in the room.
    pub(crate) reply: Option<Quote>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn of(query: &[(&str, &str)]) -> Wanted {
        let mut map = ParamsMap::new();
        query.iter().for_each(|(name, value)| map.insert((*name).to_owned(), (*value).to_owned()));
        Wanted::of(&map)
    }

    #[test]
    fn an_address_says_what_stands_beside_the_room() {
        let id = MessageId(Uuid::from_u128(7));
        let text = id.to_string();
        assert_eq!(of(&[]), Wanted::default());
        assert!(!of(&[("at", "3")]).is_pane() && !of(&[("reply", &text)]).is_pane());
        assert_eq!(of(&[("thread", &text), ("older", "9")]), Wanted { thread: Some(id), older: Some(9), ..of(&[]) });
        assert!(of(&[("thread", &text)]).is_pane() && of(&[("message", &text)]).is_pane());
        assert!(of(&[("pinned", "1")]).is_pane());
        assert_eq!(of(&[("thread", "no"), ("message", ""), ("older", "x")]), Wanted::default());
    }
}
