//! What a client has to say on `/live` and has not said yet.

use crate::{
    Timestamp, allowance::Allowance, frame::ClientFrame, id::MessageId, id::PersonId, limits::FRAMES_A_MINUTE,
    slug::RoomSlug,
};
use std::collections::BTreeMap;

/// Frames that wait to be sent, at most one of a kind: who goes through fifty rooms in a breath says what they look at
/// now. It gives out fewer frames than the server takes in a minute, so that it is never closed for them.
#[derive(Debug)]
pub struct Unsaid {
    ping: bool,
    resume: Option<Resume>,
    look: Option<Option<RoomSlug>>,
    watch: Option<Vec<PersonId>>,
    idle: Option<bool>,
    typing: Option<(RoomSlug, Option<MessageId>)>,
    allowance: Allowance,
}

#[derive(Debug, Default)]
struct Resume {
    cursors: BTreeMap<RoomSlug, i64>,
    people: Option<Timestamp>,
}

impl Default for Unsaid {
    fn default() -> Self {
        // A quarter stays for frames that were under way for longer than those after them.
        let allowance = Allowance::new(FRAMES_A_MINUTE * 3 / 4);
        Self { ping: false, resume: None, look: None, watch: None, idle: None, typing: None, allowance }
    }
}

impl Unsaid {
    /// Adds a frame to those that wait.
    pub fn add(&mut self, frame: ClientFrame) {
        match frame {
            ClientFrame::Ping => self.ping = true,
            ClientFrame::Resume { cursors, people } => self.resume.get_or_insert_default().add(cursors, people),
            ClientFrame::Look { room } => self.look = Some(room),
            ClientFrame::Watch { people } => self.watch = Some(people),
            ClientFrame::Idle { idle } => self.idle = Some(idle),
            ClientFrame::Typing { room, root } => self.typing = Some((room, root)),
        }
    }

    /// Gives out the frame that is to be sent now. Nothing when none waits, or when they have to wait for longer: then
    /// this wants asking again, in a second or so.
    pub fn next(&mut self, now: Timestamp) -> Option<ClientFrame> {
        let nothing_waits = !self.ping
            && self.resume.is_none()
            && self.look.is_none()
            && self.watch.is_none()
            && self.idle.is_none()
            && self.typing.is_none();
        if nothing_waits {
            return None;
        }
        if !self.allowance.take(now) {
            // Later it would not be true.
            self.typing = None;
            return None;
        }
        let ping = std::mem::take(&mut self.ping).then_some(ClientFrame::Ping);
        ping.or_else(|| self.resume.take().map(|Resume { cursors, people }| ClientFrame::Resume { cursors, people }))
            .or_else(|| self.look.take().map(|room| ClientFrame::Look { room }))
            .or_else(|| self.typing.take().map(|(room, root)| ClientFrame::Typing { room, root }))
            .or_else(|| self.watch.take().map(|people| ClientFrame::Watch { people }))
            .or_else(|| self.idle.take().map(|idle| ClientFrame::Idle { idle }))
    }
}

impl Resume {
    /// From the earlier of two moments all that comes after the later one is told as well.
    fn add(&mut self, cursors: BTreeMap<RoomSlug, i64>, people: Option<Timestamp>) {
        for (room, cursor) in cursors {
            self.cursors.entry(room).and_modify(|least| *least = cursor.min(*least)).or_insert(cursor);
        }
        self.people = match (self.people, people) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
