//! What somebody can do with a message. The server decides; a page offers nothing that it would refuse.

use crate::conversation::Conversation;
use leptos::prelude::WithValue;
use telicat_domain::{Message, PersonId, permission::Action};

/// How a reader stands to the messages of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rights {
    me: PersonId,
    post: bool,
    pin: bool,
    moderate: bool,
}

impl Rights {
    pub(crate) fn of(conversation: Conversation) -> Self {
        Self {
            me: conversation.me.with_value(|me| me.id),
            post: conversation.may(Action::Post),
            pin: conversation.may(Action::Pin),
            moderate: conversation.may(Action::Moderate),
        }
    }
}

/// What can be done with one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Offer {
    /// React, and answer.
    pub(crate) answer: bool,
    /// Open its thread, or begin one.
    pub(crate) thread: bool,
    /// Change it.
    pub(crate) edit: bool,
    /// Copy what it says.
    pub(crate) copy: bool,
    /// Say that it and what follows was not read.
    pub(crate) unread: bool,
    /// Pin it (`true`) or take it off.
    pub(crate) pin: Option<bool>,
    /// Save it (`true`) or not any more.
    pub(crate) save: Option<bool>,
    /// See what it said before.
    pub(crate) history: bool,
    /// Delete it.
    pub(crate) delete: bool,
}

impl Offer {
    pub(crate) fn of(message: &Message, rights: Rights) -> Self {
        let Rights { me, post, pin, moderate } = rights;
        let own = message.author.id == me;
        let in_room = message.root.is_none();
        if !message.has_text() {
            // A thread outlives its first message.
            let thread = in_room && message.replies.is_some_and(|replies| replies.count > 0);
            return Self { thread, unread: in_room, save: message.saved.then_some(false), ..Self::default() };
        }
        Self {
            answer: post,
            thread: in_room && (post || message.replies.is_some()),
            edit: own && post,
            copy: true,
            unread: in_room,
            pin: (pin && in_room).then_some(!message.pinned),
            save: Some(!message.saved),
            history: message.edited_at.is_some() && (own || moderate),
            delete: (own && post) || moderate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use telicat_domain::{
        Author, Handle, MessageId, Nonce, Timestamp,
        event::{Replies, Root},
    };
    use uuid::Uuid;

    fn person(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn message(author: u128) -> Message {
        let handle = Handle::from_stored("somebody".to_owned());
        let author = Author { id: person(author), handle, name: None, picture: None, deleted: false };
        let id = Uuid::from_u128(9);
        Message::new(1, MessageId(id), Nonce(id), author, "said".to_owned(), Timestamp(0))
    }

    const MEMBER: Rights = Rights { me: PersonId(Uuid::from_u128(1)), post: true, pin: false, moderate: false };

    #[test]
    fn one_changes_and_deletes_what_one_has_written() {
        let own = Offer::of(&message(1), MEMBER);
        assert!(own.edit && own.delete && own.answer && own.thread && own.copy && own.unread);
        let other = Offer::of(&message(2), MEMBER);
        assert!(!other.edit && !other.delete && other.answer && other.thread && other.copy && other.unread);
        assert_eq!((own.pin, own.save, own.history), (None, Some(true), false));
    }

    #[test]
    fn who_looks_after_a_room_deletes_and_sees_what_was_said_before_and_changes_nothing() {
        let admin = Rights { moderate: true, pin: true, ..MEMBER };
        let edited = Message { edited_at: Some(Timestamp(1)), pinned: true, saved: true, ..message(2) };
        let offer = Offer::of(&edited, admin);
        assert!(offer.delete && offer.history && !offer.edit);
        assert_eq!((offer.pin, offer.save), (Some(false), Some(false)));
        assert!(!Offer::of(&edited, MEMBER).history);
    }

    #[test]
    fn in_a_room_where_nothing_is_written_one_reads_and_saves() {
        let archived = Rights { post: false, ..MEMBER };
        let offer = Offer::of(&message(1), archived);
        assert!(!offer.answer && !offer.thread && !offer.edit && !offer.delete && offer.copy);
        assert_eq!(offer.save, Some(true));
        let replies = Some(Replies { count: 1, last_at: Timestamp(0), unread: None });
        assert!(Offer::of(&Message { replies, ..message(1) }, archived).thread, "a thread can be read");
    }

    #[test]
    fn what_is_deleted_can_be_left_behind_and_nothing_else() {
        let mut gone = Message { saved: true, ..message(1) };
        gone.delete();
        let all = Rights { pin: true, moderate: true, ..MEMBER };
        let expected = Offer { unread: true, save: Some(false), ..Offer::default() };
        assert_eq!(Offer::of(&gone, all), expected);
    }

    #[test]
    fn a_reply_in_a_thread_begins_none_and_is_not_pinned() {
        let root = Some(Root { id: MessageId(Uuid::from_u128(3)), replies: 1 });
        let reply = Message { root, ..message(1) };
        let offer = Offer::of(&reply, Rights { pin: true, ..MEMBER });
        assert!(offer.answer && offer.edit && !offer.thread && !offer.unread && offer.pin.is_none());
    }
}
