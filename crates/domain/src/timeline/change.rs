//! What happens to messages after they were posted.

use super::Timeline;
use crate::{
    event::{Event, Message, Quote, Reaction, Replies},
    id::{MessageId, PersonId},
};

/// Deleted messages whose reactions by the reader are remembered: a deletion can be taken back for seconds only.
const GIVEN_MAX: usize = 16;
/// Threads that are remembered as followed, beside those that pages tell of.
const FOLLOWED_MAX: usize = 256;

impl Timeline {
    /// Changes whatever is shown of what an event is about.
    pub(super) fn change_all(&mut self, event: &Event) {
        if let Event::Deleted { message: gone, .. } = event {
            self.keep_given(gone.id);
        }
        let reader = self.reader(event);
        for message in self.root.iter_mut().chain(&mut self.messages) {
            change(message, event, &reader);
        }
        for quote in self.outgoing.iter_mut().filter_map(|outgoing| outgoing.reply_to.as_mut()) {
            change_quote(quote, event);
        }
    }

    /// Keeps a change for pages that do not know of it.
    pub(super) fn remember(&mut self, event: Event) {
        if matches!(event, Event::Room { .. } | Event::Member { .. }) {
            return;
        }
        self.changes.push_back(event);
        if self.changes.len() > self.bounds.changes
            && let Some(dropped) = self.changes.pop_front()
        {
            self.forgotten = dropped.seq();
        }
    }

    /// Changes a message that was read when the room was at `at` by what has happened to it since.
    pub(super) fn change_since(&self, message: &mut Message, at: i64) {
        for event in self.changes.iter().filter(|event| event.seq() > at) {
            change(message, event, &self.reader(event));
        }
    }

    fn keep_given(&mut self, id: MessageId) {
        let Some(message) = self.message(id) else { return };
        let given: Vec<String> =
            message.reactions.iter().filter(|reaction| reaction.mine).map(|reaction| reaction.emoji.clone()).collect();
        if given.is_empty() {
            return;
        }
        // Identifiers are made in the order of time, so the first is the oldest.
        self.given.insert(id, given);
        if self.given.len() > GIVEN_MAX {
            self.given.pop_first();
        }
    }

    /// What the reader has to do with what an event is about.
    fn reader(&self, event: &Event) -> Reader {
        let given = match event {
            Event::Restored { message, .. } => self.given.get(&message.id).cloned().unwrap_or_default(),
            _ => Vec::new(),
        };
        let root = event.posted().and_then(|message| message.root);
        Reader { me: self.me, given, follows: root.is_some_and(|root| self.followed.contains(&root.id)) }
    }
}

/// What the reader has to do with an event.
struct Reader {
    me: PersonId,
    /// What they had given to the message that it brings back.
    given: Vec<String>,
    /// Whether they are known to follow the thread that it replies in.
    follows: bool,
}

/// What an event does to a message. An event that the message knows of already does nothing worse than to bring back,
/// until the events after it have been applied too, what the message was at its time.
fn change(message: &mut Message, event: &Event, reader: &Reader) {
    match event {
        Event::Posted(reply) => {
            if let Some(root) = reply.root.filter(|root| root.id == message.id) {
                // A page may have told of this reply already, and of later ones.
                let before = message.replies;
                let known = before.is_some_and(|replies| {
                    replies.last_at > reply.at || (replies.last_at == reply.at && replies.count >= root.replies)
                });
                // Only in a thread that one follows something is new.
                let unread = before.and_then(|replies| replies.unread).or(reader.follows.then_some(0));
                let fresh = u32::from(!known && reply.author.id != reader.me);
                let last_at = before.map_or(reply.at, |replies| replies.last_at.max(reply.at));
                message.replies =
                    Some(Replies { count: root.replies, last_at, unread: unread.map(|unread| unread + fresh) });
            }
        }
        Event::Edited { message: edited, .. } => {
            if edited.id == message.id && message.has_text() && edited.has_text() {
                take_text(message, edited);
            }
        }
        Event::Restored { message: restored, .. } => {
            if restored.id == message.id {
                message.deleted = restored.deleted;
                if message.has_text() && restored.has_text() {
                    take_text(message, restored);
                    message.reactions.clone_from(&restored.reactions);
                    for reaction in &mut message.reactions {
                        reaction.mine |= reader.given.contains(&reaction.emoji);
                    }
                    message.pinned = restored.pinned;
                }
            }
            if let Some(root) = restored.root.filter(|root| root.id == message.id) {
                let before = message.replies.map_or((restored.at, None), |replies| (replies.last_at, replies.unread));
                message.replies = Some(Replies { count: root.replies, last_at: before.0, unread: before.1 });
            }
        }
        Event::Deleted { message: gone, .. } => {
            if gone.id == message.id {
                message.delete();
            }
            if let Some(root) = gone.root.filter(|root| root.id == message.id)
                && let Some(replies) = &mut message.replies
            {
                replies.count = root.replies;
                replies.unread = replies.unread.map(|unread| unread.min(root.replies));
            }
        }
        Event::Reacted { message: id, emoji, person, on, count, .. } => {
            if *id == message.id && message.has_text() {
                react(&mut message.reactions, emoji, *count, *on, (*person == reader.me).then_some(*on));
            }
        }
        Event::Pinned { message: id, on, .. } => {
            if *id == message.id && message.has_text() {
                message.pinned = *on;
            }
        }
        Event::Room { .. } | Event::Member { .. } => {}
    }
    if let Some(quote) = &mut message.reply_to {
        change_quote(quote, event);
    }
}

/// A quote says what its message says now. Whoever wrote that is called as before: people have a word of their own.
fn change_quote(quote: &mut Quote, event: &Event) {
    match event {
        Event::Edited { message, .. } | Event::Restored { message, .. } if message.id == quote.message => {
            let Quote { text, gone, .. } = message.quote();
            (quote.text, quote.gone) = (text, gone);
        }
        Event::Deleted { message: gone, .. } if gone.id == quote.message => {
            quote.text = String::new();
            quote.gone = true;
        }
        _ => {}
    }
}

fn take_text(message: &mut Message, from: &Message) {
    message.body.clone_from(&from.body);
    message.rich.clone_from(&from.rich);
    message.edited_at = from.edited_at;
    message.mentions.clone_from(&from.mentions);
    message.mentions_all = from.mentions_all;
    if message.reply_to.is_none() {
        message.reply_to.clone_from(&from.reply_to);
    }
}

/// The emoji that comes to a message stands behind those that are there; also when the message is known from later and has
/// it already, somewhere before others that have not come yet.
fn react(reactions: &mut Vec<Reaction>, emoji: &str, count: u32, on: bool, mine: Option<bool>) {
    match reactions.iter().position(|reaction| reaction.emoji == emoji) {
        Some(place) if count == 0 => drop(reactions.remove(place)),
        Some(place) if count == 1 && on => {
            let mut reaction = reactions.remove(place);
            reaction.count = count;
            reaction.mine = mine.unwrap_or(reaction.mine);
            reactions.push(reaction);
        }
        Some(place) => {
            if let Some(reaction) = reactions.get_mut(place) {
                reaction.count = count;
                reaction.mine = mine.unwrap_or(reaction.mine);
            }
        }
        None if count > 0 => {
            reactions.push(Reaction { emoji: emoji.to_owned(), count, mine: mine.unwrap_or(false) });
        }
        None => {}
    }
}

impl Timeline {
    /// There is a new reply of somebody else, with the number `seq`, in a thread that the reader follows. What came of the
    /// thread from that one on was not known to be new.
    pub fn thread_has_news(&mut self, root: MessageId, seq: i64) {
        self.follow(root);
        let of_others = |event: &&Event| {
            let reply = event.posted().filter(|reply| reply.root.is_some_and(|of| of.id == root));
            reply.is_some_and(|reply| reply.seq >= seq && reply.author.id != self.me)
        };
        let here = self.changes.iter().filter(of_others).count();
        // It may have been dropped from what is remembered; it came all the same.
        let missed = u32::try_from(here).unwrap_or(u32::MAX).max(u32::from(seq <= self.cursor));
        for message in self.root.iter_mut().chain(&mut self.messages).filter(|message| message.id == root) {
            if let Some(replies) = &mut message.replies {
                replies.unread.get_or_insert(missed.min(replies.count));
            }
        }
    }

    /// Nothing in a thread is new to the reader, who follows it or does not.
    pub fn thread_is_read(&mut self, root: MessageId, following: bool) {
        if following {
            self.follow(root);
        } else {
            self.followed.remove(&root);
        }
        for message in self.root.iter_mut().chain(&mut self.messages).filter(|message| message.id == root) {
            if let Some(replies) = &mut message.replies {
                replies.unread = following.then_some(0);
            }
        }
    }

    fn follow(&mut self, root: MessageId) {
        self.followed.insert(root);
        if self.followed.len() > FOLLOWED_MAX {
            // The oldest: identifiers are made in the order of time.
            self.followed.pop_first();
        }
    }

    /// The reader keeps a message among the saved ones, or does not any more.
    pub fn save(&mut self, id: MessageId, saved: bool) {
        for message in self.root.iter_mut().chain(&mut self.messages).filter(|message| message.id == id) {
            message.saved = saved;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::{Gone, Root},
        handle::Handle,
        id::Nonce,
        person::Author,
        timestamp::Timestamp,
    };
    use uuid::Uuid;

    fn author(name: &str) -> Author {
        Author {
            id: PersonId(Uuid::from_u128(name.bytes().fold(7, |id, byte| id * 256 + u128::from(byte)))),
            handle: Handle::parse(name).unwrap(),
            name: None,
            picture: None,
            deleted: false,
        }
    }

    fn message(seq: i64, name: &str) -> Message {
        let id = Uuid::from_u128(seq.unsigned_abs().into());
        Message::new(seq, MessageId(id), Nonce(id), author(name), seq.to_string(), Timestamp(seq))
    }

    /// A room with one message, which is told of some replies.
    struct Room(Timeline);

    impl Room {
        /// As a page that says of a thread with one reply how much of it is unread.
        fn opened(unread: Option<Option<u32>>) -> Self {
            let mut root = message(1, "mei");
            root.replies = unread.map(|unread| Replies { count: 1, last_at: Timestamp(2), unread });
            Self(Timeline::new(author("mei").id, vec![root], 2, false, 1))
        }

        fn reply(&mut self, seq: i64, name: &str) {
            let mut reply = message(seq, name);
            reply.root = Some(Root { id: self.root().id, replies: u32::try_from(seq - 1).unwrap() });
            self.0.apply(Event::Posted(reply));
        }

        fn news(&mut self, seq: i64) {
            self.0.thread_has_news(self.root().id, seq);
        }

        fn is_read(&mut self, following: bool) {
            self.0.thread_is_read(self.root().id, following);
        }

        fn root(&self) -> &Message {
            &self.0.messages()[0]
        }

        fn unread(&self) -> Option<u32> {
            self.root().replies.unwrap().unread
        }
    }

    #[test]
    fn only_in_a_thread_that_one_follows_replies_are_new() {
        let mut room = Room::opened(Some(None));
        room.reply(3, "ines");
        assert_eq!((room.unread(), room.root().replies.unwrap().count), (None, 2));
        let mut room = Room::opened(Some(Some(1)));
        room.reply(3, "ines");
        room.news(3);
        room.reply(4, "mei");
        assert_eq!(room.unread(), Some(2), "of others, and once each");
    }

    #[test]
    fn whoever_hears_of_news_follows_from_then_on() {
        for replies_first in [true, false] {
            let mut room = Room::opened(None);
            if replies_first {
                (3..=5).for_each(|seq| room.reply(seq, if seq == 4 { "mei" } else { "ines" }));
            }
            room.news(3);
            room.news(5);
            if !replies_first {
                (3..=5).for_each(|seq| room.reply(seq, if seq == 4 { "mei" } else { "ines" }));
            }
            assert_eq!(room.unread(), Some(2), "replies first: {replies_first}");
        }
    }

    #[test]
    fn what_was_said_before_one_followed_is_not_new() {
        let mut room = Room::opened(Some(None));
        room.reply(3, "ines");
        room.reply(4, "ines");
        room.news(4);
        assert_eq!(room.unread(), Some(1));
        room.is_read(true);
        room.reply(5, "ines");
        assert_eq!(room.unread(), Some(1));
        room.is_read(false);
        room.reply(6, "ines");
        assert_eq!(room.unread(), None);
        room.is_read(true);
        room.reply(7, "ines");
        assert_eq!(room.unread(), Some(1));
    }

    #[test]
    fn no_more_is_new_than_there_is() {
        let mut room = Room::opened(Some(Some(1)));
        let root = Some(Root { id: room.root().id, replies: 0 });
        let gone = Gone {
            id: message(2, "x").id,
            seq: 2,
            author: author("ines").id,
            root,
            called: vec![],
            called_all: false,
            pins: None,
        };
        room.0.apply(Event::Deleted { seq: 3, message: gone });
        assert_eq!(room.unread(), Some(0));
    }
}
