//! The timeline as it is laid out: grouped by author, under days.

use super::{SendState, Timeline};
use crate::{
    error::ApiError,
    event::Message,
    id::{MessageId, Nonce},
    limits::GROUP_MINUTES,
    person::Author,
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
    /// Whether its author took it back for good.
    pub erased: bool,
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
    /// The rows, oldest first; own messages that are not confirmed come last. `me` writes those, and `offset` says how
    /// many minutes the reader's clock is ahead of UTC at a moment.
    #[must_use]
    pub fn rows(&self, me: &Author, offset: impl Fn(Timestamp) -> i32) -> Vec<Row> {
        let sent = self.messages.iter().map(sent_row);
        let outgoing = self.outgoing.iter().map(|outgoing| Row {
            nonce: outgoing.nonce,
            author: me.clone(),
            body: outgoing.body.clone(),
            erased: false,
            at: outgoing.at,
            more: false,
            day: None,
            state: match &outgoing.state {
                SendState::Sending => RowState::Sending,
                SendState::Failed(error) => RowState::Failed(error.clone()),
            },
        });
        let mut rows: Vec<Row> = Vec::with_capacity(self.messages.len() + self.outgoing.len());
        let mut last_day = None;
        for mut row in sent.chain(outgoing) {
            let day = row.at.day(offset(row.at));
            // A sender's clock that is wrong must not put yesterday below today.
            let later = rows.last().is_none_or(|above| row.at >= above.at);
            if last_day != Some(day) && (later || last_day.is_none()) {
                row.day = Some(day);
                last_day = Some(day);
            } else if let Some(above) = rows.last() {
                row.more =
                    above.author.id == row.author.id && row.at.0 - above.at.0 < GROUP_MINUTES * 60 * Timestamp::SECOND;
            }
            rows.push(row);
        }
        rows
    }
}

fn sent_row(message: &Message) -> Row {
    Row {
        nonce: message.nonce,
        author: message.author.clone(),
        body: message.body.clone(),
        erased: message.erased,
        at: message.at,
        more: false,
        day: None,
        state: RowState::Sent { seq: message.seq, id: message.id },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{handle::Handle, id::PersonId, timeline::Outgoing};
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
        Message {
            seq,
            id: MessageId(id),
            nonce: Nonce(id),
            author: author(name),
            body: seq.to_string(),
            at: Timestamp(at),
            erased: false,
        }
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
        let rows = Timeline::new(messages, 5, false).rows(&author("mei"), |_| 0);
        let shape: Vec<(bool, bool)> = rows.iter().map(|row| (row.more, row.day.is_some())).collect();
        assert_eq!(shape, [(false, true), (true, false), (false, false), (false, false), (false, true)]);
    }

    #[test]
    fn the_days_are_those_of_the_reader() {
        let messages = vec![message(1, "mei", 22 * HOUR), message(2, "mei", 22 * HOUR + 1)];
        let timeline = Timeline::new(messages, 2, false);
        assert_eq!(timeline.rows(&author("mei"), |_| 0)[0].day.unwrap().iso(), "1970-01-01");
        assert_eq!(timeline.rows(&author("mei"), |_| 180)[0].day.unwrap().iso(), "1970-01-02");
    }

    #[test]
    fn a_sender_whose_clock_is_behind_opens_no_day_twice() {
        let mut timeline = Timeline::new(vec![message(1, "mei", 50 * HOUR)], 1, false);
        timeline.echo(Outgoing {
            nonce: Nonce(Uuid::nil()),
            body: "x".into(),
            at: Timestamp(0),
            state: SendState::Sending,
        });
        let rows = timeline.rows(&author("mei"), |_| 0);
        assert_eq!(rows[1].day, None);
        assert!(rows[1].more);
    }
}
