//! What happens to messages after they were posted.

use super::Timeline;
use crate::{
    event::{Event, Message, Reaction, Replies},
    id::PersonId,
};

/// Changes that are remembered for pages which were read before them.
const CHANGES_MAX: usize = 512;

impl Timeline {
    /// Changes whatever is shown of what an event is about.
    pub(super) fn change_all(&mut self, event: &Event) {
        let me = self.me;
        for message in self.root.iter_mut().chain(&mut self.messages) {
            change(message, event, me);
        }
    }

    /// Keeps a change for pages that do not know of it.
    pub(super) fn remember(&mut self, event: Event) {
        if matches!(event, Event::Room { .. } | Event::Member { .. }) {
            return;
        }
        self.changes.push_back(event);
        if self.changes.len() > CHANGES_MAX
            && let Some(dropped) = self.changes.pop_front()
        {
            self.forgotten = dropped.seq();
        }
    }

    /// A message that was read when the room was at `at`, with what has happened to it since.
    pub(super) fn changed_since(&self, mut message: Message, at: i64) -> Message {
        for event in self.changes.iter().filter(|event| event.seq() > at) {
            change(&mut message, event, self.me);
        }
        message
    }
}

/// What an event does to a message. An event that the message knows of already does nothing worse than to bring back,
/// until the events after it have been applied too, what the message was at its time.
fn change(message: &mut Message, event: &Event, me: PersonId) {
    match event {
        Event::Posted(reply) => {
            if let Some(root) = reply.root.filter(|root| root.id == message.id) {
                // A page may have told of this reply already, and of later ones.
                let before = message.replies;
                let known = before.is_some_and(|replies| replies.last_at >= reply.at && replies.count >= root.replies);
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
            quote(message, edited);
        }
        Event::Restored { message: restored, .. } => {
            if restored.id == message.id && !message.erased {
                message.deleted = restored.deleted;
                take_text(message, restored);
                message.reactions.clone_from(&restored.reactions);
                message.pinned = restored.pinned;
            }
            if let Some(root) = restored.root.filter(|root| root.id == message.id) {
                recount(message, root.replies);
            }
            quote(message, restored);
        }
        Event::Deleted { message: gone, .. } => {
            if gone.id == message.id && !message.erased {
                message.delete();
            }
            if let Some(root) = gone.root.filter(|root| root.id == message.id) {
                recount(message, root.replies);
            }
            if let Some(quote) = message.reply_to.as_mut().filter(|quote| quote.message == gone.id) {
                quote.text = String::new();
                quote.gone = true;
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

/// A quote says what its message says now.
fn quote(message: &mut Message, of: &Message) {
    if let Some(quote) = message.reply_to.as_mut().filter(|quote| quote.message == of.id) {
        **quote = of.quote();
    }
}

fn recount(message: &mut Message, count: u32) {
    if let Some(replies) = &mut message.replies {
        replies.count = count;
        replies.unread = replies.unread.min(count);
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
    pub fn thread_is_read(&mut self, root: crate::id::MessageId) {
        for message in self.root.iter_mut().chain(&mut self.messages).filter(|message| message.id == root) {
            if let Some(replies) = &mut message.replies {
                replies.unread = 0;
            }
        }
    }

    /// The reader keeps a message among the saved ones, or does not any more.
    pub fn save(&mut self, id: crate::id::MessageId, saved: bool) {
        for message in self.root.iter_mut().chain(&mut self.messages).filter(|message| message.id == id) {
            message.saved = saved;
        }
    }
}
