//! What happens to messages after they were posted.

use super::Timeline;
use crate::{
    event::{Event, Message, Quote, Reaction, Replies},
    id::{MessageId, PersonId},
};

/// Deleted messages whose reactions by the reader are remembered: a deletion can be taken back for seconds only.
const GIVEN_MAX: usize = 16;

impl Timeline {
    /// Changes whatever is shown of what an event is about.
    pub(super) fn change_all(&mut self, event: &Event) {
        let me = self.me;
        if let Event::Deleted { message: gone, .. } = event {
            self.keep_given(gone.id);
        }
        let given = self.given_before(event);
        for message in self.root.iter_mut().chain(&mut self.messages) {
            change(message, event, me, &given);
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
            change(message, event, self.me, &self.given_before(event));
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

    /// What the reader had given to the message that an event brings back.
    fn given_before(&self, event: &Event) -> Vec<String> {
        match event {
            Event::Restored { message, .. } => self.given.get(&message.id).cloned().unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}

/// What an event does to a message. An event that the message knows of already does nothing worse than to bring back,
/// until the events after it have been applied too, what the message was at its time. `given` is what the reader had given
/// to a message before it was deleted.
fn change(message: &mut Message, event: &Event, me: PersonId, given: &[String]) {
    match event {
        Event::Posted(reply) => {
            if let Some(root) = reply.root.filter(|root| root.id == message.id) {
                // A page may have told of this reply already, and of later ones.
                let before = message.replies;
                let known = before.is_some_and(|replies| {
                    replies.last_at > reply.at || (replies.last_at == reply.at && replies.count >= root.replies)
                });
                let unread = before.map_or(0, |replies| replies.unread);
                let fresh = u32::from(!known && reply.author.id != me);
                let last_at = before.map_or(reply.at, |replies| replies.last_at.max(reply.at));
                message.replies = Some(Replies { count: root.replies, last_at, unread: unread + fresh });
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
                        reaction.mine |= given.contains(&reaction.emoji);
                    }
                    message.pinned = restored.pinned;
                }
            }
            if let Some(root) = restored.root.filter(|root| root.id == message.id) {
                let before = message.replies.map_or((restored.at, 0), |replies| (replies.last_at, replies.unread));
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
                replies.unread = replies.unread.min(root.replies);
            }
        }
        Event::Reacted { message: id, emoji, person, on, count, .. } => {
            if *id == message.id && message.has_text() {
                react(&mut message.reactions, emoji, *count, *on, (*person == me).then_some(*on));
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
    /// The reader has read a thread: nothing in it is new.
    pub fn thread_is_read(&mut self, root: MessageId) {
        for message in self.root.iter_mut().chain(&mut self.messages).filter(|message| message.id == root) {
            if let Some(replies) = &mut message.replies {
                replies.unread = 0;
            }
        }
    }

    /// The reader keeps a message among the saved ones, or does not any more.
    pub fn save(&mut self, id: MessageId, saved: bool) {
        for message in self.root.iter_mut().chain(&mut self.messages).filter(|message| message.id == id) {
            message.saved = saved;
        }
    }
}
