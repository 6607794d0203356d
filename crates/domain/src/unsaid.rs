//! What a client has to say on `/live` and has not said yet.

use crate::{Timestamp, allowance::Allowance, frame::ClientFrame, limits::FRAMES_A_MINUTE};
use std::collections::BTreeMap;

/// Frames that wait to be sent, at most one of a kind: who goes through fifty rooms in a breath says what they look at
/// now. It gives out fewer frames than the server takes in a minute, so that it is never closed for them.
#[derive(Debug)]
pub struct Unsaid {
    /// By kind, the first to be sent first.
    waiting: BTreeMap<Kind, ClientFrame>,
    allowance: Allowance,
}

/// In the order in which they are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Ping,
    Resume,
    Look,
    Typing,
    Watch,
    Idle,
}

impl Kind {
    fn of(frame: &ClientFrame) -> Self {
        match frame {
            ClientFrame::Ping => Self::Ping,
            ClientFrame::Resume { .. } => Self::Resume,
            ClientFrame::Look { .. } => Self::Look,
            ClientFrame::Typing { .. } => Self::Typing,
            ClientFrame::Watch { .. } => Self::Watch,
            ClientFrame::Idle { .. } => Self::Idle,
        }
    }
}

impl Default for Unsaid {
    fn default() -> Self {
        // A quarter stays for frames that were under way for longer than those after them.
        Self { waiting: BTreeMap::new(), allowance: Allowance::new(FRAMES_A_MINUTE * 3 / 4) }
    }
}

impl Unsaid {
    /// Adds a frame to those that wait.
    pub fn add(&mut self, frame: ClientFrame) {
        let kind = Kind::of(&frame);
        let frame = match (self.waiting.remove(&kind), frame) {
            // From the earlier of two moments all that comes after the later one is told as well.
            (
                Some(ClientFrame::Resume { mut cursors, people }),
                ClientFrame::Resume { cursors: more, people: other },
            ) => {
                for (room, cursor) in more {
                    cursors.entry(room).and_modify(|least| *least = cursor.min(*least)).or_insert(cursor);
                }
                ClientFrame::Resume { cursors, people: people.into_iter().chain(other).min() }
            }
            (_, frame) => frame,
        };
        self.waiting.insert(kind, frame);
    }

    /// Gives out the frame that is to be sent now. Nothing when none waits, or when they have to wait for longer: then
    /// this wants asking again, in a second or so.
    pub fn next(&mut self, now: Timestamp) -> Option<ClientFrame> {
        if self.waiting.is_empty() {
            return None;
        }
        if !self.allowance.take(now) {
            // Later it would not be true.
            self.waiting.remove(&Kind::Typing);
            return None;
        }
        self.waiting.pop_first().map(|(_, frame)| frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slug::RoomSlug;

    const START: Timestamp = Timestamp(0);

    fn room(name: &str) -> RoomSlug {
        RoomSlug::parse(name).unwrap()
    }

    fn look(name: &str) -> ClientFrame {
        ClientFrame::Look { room: Some(room(name)) }
    }

    fn typing(name: &str) -> ClientFrame {
        ClientFrame::Typing { room: room(name), root: None }
    }

    #[test]
    fn of_each_kind_the_last_is_said_and_nothing_that_was_missed_is_left_out() {
        let mut unsaid = Unsaid::default();
        assert_eq!(unsaid.next(START), None);
        let resume = |cursors: &[(&str, i64)], people: Option<i64>| ClientFrame::Resume {
            cursors: cursors.iter().map(|(name, cursor)| (room(name), *cursor)).collect(),
            people: people.map(Timestamp),
        };
        for frame in [
            look("one"),
            resume(&[("one", 7), ("two", 2)], Some(9)),
            ClientFrame::Idle { idle: true },
            resume(&[("one", 8), ("three", 3)], None),
            look("two"),
            ClientFrame::Idle { idle: false },
            resume(&[("one", 5)], Some(8)),
            ClientFrame::Watch { people: Vec::new() },
            typing("two"),
            ClientFrame::Ping,
        ] {
            unsaid.add(frame);
        }
        let said: Vec<ClientFrame> = std::iter::from_fn(|| unsaid.next(START)).collect();
        let expected = [
            ClientFrame::Ping,
            resume(&[("one", 5), ("two", 2), ("three", 3)], Some(8)),
            look("two"),
            typing("two"),
            ClientFrame::Watch { people: Vec::new() },
            ClientFrame::Idle { idle: false },
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn a_server_is_never_told_more_in_a_minute_than_it_takes() {
        let mut unsaid = Unsaid::default();
        let mut server = Allowance::new(FRAMES_A_MINUTE);
        let mut last = None;
        // Somebody holds down the keys that lead to the next room.
        for step in 0..3_000_i64 {
            let now = Timestamp(step * Timestamp::SECOND / 30);
            last = Some(look(if step % 2 == 0 { "even" } else { "odd" }));
            unsaid.add(last.clone().unwrap());
            unsaid.add(typing("even"));
            while unsaid.next(now).is_some() {
                assert!(server.take(now), "at {now:?}");
            }
        }
        let rested = Timestamp(200 * Timestamp::SECOND);
        unsaid.add(last.clone().unwrap());
        assert_eq!([unsaid.next(rested), unsaid.next(rested)], [last, None], "what somebody typed before is not said");
    }
}
