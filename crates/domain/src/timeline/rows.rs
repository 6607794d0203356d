//! The timeline as it is laid out: grouped by author, under days.

use super::{Outgoing, SendState, Timeline};
use crate::{
    error::ApiError,
    event::{Message, Quote, Reaction, Replies},
    id::{MessageId, Nonce},
    limits::GROUP_MINUTES,
    person::Author,
    rich::RichText,
    timestamp::{Day, Timestamp},
};

/// One message as it stands in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What stays the same from the first keystroke of its sender to the last reload: the key of the list.
    pub nonce: Nonce,
    /// Who wrote it.
    pub author: Author,
    /// What was written.
    pub body: String,
    /// What was written, as a tree, when it is more than plain text.
    pub rich: Option<Box<RichText>>,
    /// Whether its author took it back for good.
    pub erased: bool,
    /// Whether it was deleted.
    pub deleted: bool,
    /// When its text was changed last.
    pub edited_at: Option<Timestamp>,
    /// The message that it answers.
    pub reply_to: Option<Box<Quote>>,
    /// The thread that it is the first message of.
    pub replies: Option<Replies>,
    /// Reactions to it.
    pub reactions: Vec<Reaction>,
    /// Whether it calls the reader.
    pub calls_me: bool,
    /// Whether it is pinned.
    pub pinned: bool,
    /// Whether the reader keeps it among the saved ones.
    pub saved: bool,
    /// Whether it is the first that the reader had not read when the room was opened.
    pub first_unread: bool,
    /// When, by the server's clock once it has the message.
    pub at: Timestamp,
    /// Whether it continues the message above it, under the same name.
    pub more: bool,
    /// The day that begins with it.
    pub day: Option<Day>,
    /// How it stands.
    pub state: RowState,
}

/// How a message stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowState {
    /// The server has it.
    Sent {
        /// Its number in the room.
        seq: i64,
        /// Its identifier.
        id: MessageId,
    },
    /// It is on its way.
    Sending,
    /// It did not get there.
    Failed(ApiError),
}

impl Timeline {
    /// The rows, oldest first; own messages that are not confirmed come last. `me` writes those, `offset` says how
    /// many minutes the reader's clock is ahead of UTC at a moment, and `divider` is the number of the last event that
    /// had been read when the room was opened, unless all had.
    #[must_use]
    pub fn rows(&self, me: &Author, offset: impl Fn(Timestamp) -> i32, divider: Option<i64>) -> Vec<Row> {
        let sent = self.root.iter().chain(&self.messages).map(|message| sent_row(message, me));
        let outgoing = self.outgoing.iter().map(|outgoing| outgoing_row(outgoing, me));
        let mut rows: Vec<Row> = Vec::with_capacity(1 + self.messages.len() + self.outgoing.len());
        let mut last_day = None;
        let mut divider = divider;
        for mut row in sent.chain(outgoing) {
            let day = row.at.day(offset(row.at));
            if let (Some(read), RowState::Sent { seq, .. }) = (divider, &row.state)
                && *seq > read
                && row.author.id != me.id
            {
                // Above the first message of the window there may be more that was not read.
                row.first_unread = !self.older || rows.len() > usize::from(self.root.is_some());
                divider = None;
            }
            // A sender's clock that is wrong must not put yesterday below today.
            let later = rows.last().is_none_or(|above| row.at >= above.at);
            if last_day != Some(day) && (later || last_day.is_none()) {
                row.day = Some(day);
                last_day = Some(day);
            } else if let Some(above) = rows.last() {
                row.more = !row.first_unread
                    && row.reply_to.is_none()
                    && above.deleted == row.deleted
                    && above.author.id == row.author.id
                    && row.at.0 - above.at.0 < GROUP_MINUTES * 60 * Timestamp::SECOND;
            }
            rows.push(row);
        }
        rows
    }
}

fn sent_row(message: &Message, me: &Author) -> Row {
    Row {
        nonce: message.nonce,
        author: message.author.clone(),
        body: message.body.clone(),
        rich: message.rich.clone(),
        erased: message.erased,
        deleted: message.deleted,
        edited_at: message.edited_at,
        reply_to: message.reply_to.clone(),
        replies: message.replies,
        reactions: message.reactions.clone(),
        calls_me: message.calls(me.id),
        pinned: message.pinned,
        saved: message.saved,
        first_unread: false,
        at: message.at,
        more: false,
        day: None,
        state: RowState::Sent { seq: message.seq, id: message.id },
    }
}

fn outgoing_row(outgoing: &Outgoing, me: &Author) -> Row {
    Row {
        nonce: outgoing.nonce,
        author: me.clone(),
        body: outgoing.body.clone(),
        rich: None,
        erased: false,
        deleted: false,
        edited_at: None,
        reply_to: outgoing.reply_to.clone(),
        replies: None,
        reactions: Vec::new(),
        calls_me: false,
        pinned: false,
        saved: false,
        first_unread: false,
        at: outgoing.at,
        more: false,
        day: None,
        state: match &outgoing.state {
            SendState::Sending => RowState::Sending,
            SendState::Failed(error) => RowState::Failed(error.clone()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{handle::Handle, id::PersonId};
    use uuid::Uuid;

    const HOUR: i64 = 3600 * Timestamp::SECOND;

    fn author(name: &str) -> Author {
        Author {
            id: PersonId(Uuid::from_u128(name.bytes().fold(7, |id, byte| id * 256 + u128::from(byte)))),
            handle: Handle::parse(name).unwrap(),
            name: None,
            picture: None,
            deleted: false,
        }
    }

    fn message(seq: i64, name: &str, at: i64) -> Message {
        let id = Uuid::from_u128(seq.unsigned_abs().into());
        Message::new(seq, MessageId(id), Nonce(id), author(name), seq.to_string(), Timestamp(at))
    }

    fn opened(messages: Vec<Message>) -> Timeline {
        let cursor = messages.len() as i64;
        Timeline::new(author("mei").id, messages, cursor, false, 0)
    }

    #[test]
    fn the_divider_stands_above_the_first_message_of_others_that_was_not_read() {
        let messages = vec![message(1, "ines", 0), message(2, "mei", 1), message(3, "ines", 2), message(4, "ines", 3)];
        let place = |divider| {
            let rows = opened(messages.clone()).rows(&author("mei"), |_| 0, divider);
            rows.iter().position(|row| row.first_unread)
        };
        assert_eq!((place(None), place(Some(0)), place(Some(1)), place(Some(4))), (None, Some(0), Some(2), None));
    }

    #[test]
    fn one_author_within_minutes_is_a_group_and_a_day_begins_a_new_one() {
        let minute = 60 * Timestamp::SECOND;
        let messages = vec![
            message(1, "mei", 0),
            message(2, "mei", 4 * minute),
            message(3, "mei", 9 * minute),
            message(4, "ines", 9 * minute),
            message(5, "ines", 24 * HOUR),
        ];
        let rows = opened(messages).rows(&author("mei"), |_| 0, None);
        let shape: Vec<(bool, bool)> = rows.iter().map(|row| (row.more, row.day.is_some())).collect();
        assert_eq!(shape, [(false, true), (true, false), (false, false), (false, false), (false, true)]);
    }

    #[test]
    fn the_days_are_those_of_the_reader() {
        let messages = vec![message(1, "mei", 22 * HOUR), message(2, "mei", 22 * HOUR + 1)];
        let timeline = opened(messages);
        assert_eq!(timeline.rows(&author("mei"), |_| 0, None)[0].day.unwrap().iso(), "1970-01-01");
        assert_eq!(timeline.rows(&author("mei"), |_| 180, None)[0].day.unwrap().iso(), "1970-01-02");
    }

    #[test]
    fn a_sender_whose_clock_is_behind_opens_no_day_twice() {
        let mut timeline = opened(vec![message(1, "mei", 50 * HOUR)]);
        timeline.echo(Outgoing {
            nonce: Nonce(Uuid::nil()),
            body: "x".into(),
            reply_to: None,
            root: None,
            at: Timestamp(0),
            state: SendState::Sending,
        });
        let rows = timeline.rows(&author("mei"), |_| 0, None);
        assert_eq!(rows[1].day, None);
        assert!(rows[1].more);
    }
}
