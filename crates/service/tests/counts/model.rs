//! What is unread, by looking at everything each time.

use std::collections::{BTreeMap, BTreeSet};
use telicat_domain::{
    MessageId,
    limits::UNDO_SECONDS,
    room::{ReadState, RoomEntry},
};

/// By their places: a member, the owner of the group, another member.
pub const PEOPLE: [&str; 3] = ["mei", "ines", "tom"];
pub const OWNER: usize = 1;

/// A text, whom it names, and whether it asks for everybody.
pub struct Text {
    pub text: &'static str,
    names: &'static [usize],
    everybody: bool,
}

pub const TEXTS: [Text; 8] = [
    Text { text: "a word", names: &[], everybody: false },
    Text { text: "`@mei` and `@room`", names: &[], everybody: false },
    Text { text: "@mei", names: &[0], everybody: false },
    Text { text: "@Mei, @mei, and @ines", names: &[0, 1], everybody: false },
    Text { text: "> @tom\n\nyes", names: &[2], everybody: false },
    Text { text: "**@tom** and @mei", names: &[0, 2], everybody: false },
    Text { text: "@room", names: &[], everybody: true },
    Text { text: "@room, and you, @mei", names: &[0], everybody: true },
];

struct Message {
    seq: i64,
    id: MessageId,
    author: usize,
    text: usize,
    root: Option<usize>,
    /// Who deleted it, and when.
    deleted: Option<(usize, i64)>,
    calls: BTreeSet<usize>,
    calls_all: bool,
}

struct Follow {
    following: bool,
    read: i64,
}

/// A room.
pub struct Room {
    public: bool,
    /// Who is in it.
    inside: [bool; 3],
    head: i64,
    read: [i64; 3],
    messages: Vec<Message>,
    /// By the place of the first message, and who follows.
    follows: BTreeMap<(usize, usize), Follow>,
    /// By the place of the first message, the last reply, whatever became of it.
    replied: BTreeMap<usize, i64>,
}

/// What is compared.
#[derive(Debug, PartialEq, Eq)]
pub struct Counts {
    head: i64,
    read: i64,
    unread: u32,
    mentions: u32,
    last: Option<MessageId>,
    threads: BTreeSet<MessageId>,
}

impl Counts {
    /// As the server says in a list.
    pub fn of(entry: &RoomEntry) -> Self {
        Self {
            head: entry.head,
            read: entry.read,
            unread: entry.unread,
            mentions: entry.mentions,
            last: entry.last.as_ref().map(|last| last.id),
            threads: entry.threads.iter().copied().collect(),
        }
    }

    /// That the server's answer to who reads says the same.
    pub fn assert_is(&self, state: &ReadState) {
        let told = (state.head, state.read, state.unread, state.mentions);
        assert_eq!(told, (self.head, self.read, self.unread, self.mentions));
    }
}

impl Room {
    /// A room in which nothing has been written.
    pub fn new(public: bool, head: i64, read: [i64; 3]) -> Self {
        let (follows, replied) = (BTreeMap::new(), BTreeMap::new());
        Self { public, inside: [true; 3], head, read, messages: Vec::new(), follows, replied }
    }

    pub fn has(&self, who: usize) -> bool {
        self.inside[who]
    }

    pub fn head(&self) -> i64 {
        self.head
    }

    pub fn len(&self) -> usize {
        self.messages.len()
    }

    pub fn id(&self, place: usize) -> MessageId {
        self.messages[place].id
    }

    pub fn author(&self, place: usize) -> usize {
        self.messages[place].author
    }

    fn number(&mut self) -> i64 {
        self.head += 1;
        self.head
    }

    /// Whom a text calls that somebody writes, where it called some before.
    fn called(&self, author: usize, text: usize, before: &BTreeSet<usize>, all: bool) -> (BTreeSet<usize>, bool) {
        let Text { names, everybody, .. } = &TEXTS[text];
        let known = |who: &&usize| before.contains(who) || self.inside[**who];
        let everybody = *everybody && (all || (!self.public && self.inside[author]));
        (names.iter().filter(known).copied().collect(), everybody)
    }

    pub fn posted(&mut self, id: MessageId, author: usize, text: usize, in_thread_of: Option<usize>) {
        let seq = self.number();
        let root = in_thread_of.map(|place| self.messages[place].root.unwrap_or(place));
        let (calls, calls_all) = self.called(author, text, &BTreeSet::new(), false);
        if let Some(root) = root {
            self.replied.insert(root, seq);
            // Who replies, who is called, and who began it when this is the first reply.
            let is_first = !self.messages.iter().any(|other| other.root == Some(root) && other.deleted.is_none());
            let began = (is_first && in_thread_of == Some(root)).then(|| self.messages[root].author);
            let began = began.filter(|who| self.inside[*who]);
            for who in calls.iter().copied().chain(began).filter(|who| *who != author) {
                self.begin_to_follow(root, who, seq - 1);
            }
            self.begin_to_follow(root, author, seq);
        }
        self.messages.push(Message { seq, id, author, text, root, deleted: None, calls, calls_all });
    }

    /// Says whether its author may do so, and does it.
    pub fn edit(&mut self, place: usize, text: usize) -> bool {
        let Message { author, deleted: None, .. } = self.messages[place] else { return false };
        if !self.inside[author] {
            return false;
        }
        if self.messages[place].text != text {
            self.number();
            let (calls, all) = self.called(author, text, &self.messages[place].calls, self.messages[place].calls_all);
            self.messages[place].text = text;
            self.call(place, calls, all);
        }
        true
    }

    /// Says whether somebody may do so, and does it.
    pub fn delete(&mut self, place: usize, by: usize, now: i64) -> bool {
        let Message { author, deleted: None, .. } = self.messages[place] else { return false };
        let may = self.inside[by] && (author == by || (!self.public && by == OWNER));
        if may {
            self.number();
            self.messages[place].deleted = Some((by, now));
            self.messages[place].calls.clear();
            self.messages[place].calls_all = false;
        }
        may
    }

    /// Says who brings it back, when somebody may, and does it.
    pub fn restore(&mut self, place: usize, now: i64) -> Option<usize> {
        let (by, at) = self.messages[place].deleted?;
        if now >= at + 2 * UNDO_SECONDS || !self.inside[by] {
            return None;
        }
        self.number();
        let Message { author, text, .. } = self.messages[place];
        self.messages[place].deleted = None;
        let (calls, all) = self.called(author, text, &BTreeSet::new(), false);
        self.call(place, calls, all);
        Some(by)
    }

    fn call(&mut self, place: usize, calls: BTreeSet<usize>, all: bool) {
        let Message { root, author, seq, .. } = self.messages[place];
        if let Some(root) = root {
            for who in calls.iter().copied().filter(|who| *who != author) {
                self.begin_to_follow(root, who, seq - 1);
            }
        }
        (self.messages[place].calls, self.messages[place].calls_all) = (calls, all);
    }

    /// Unless they do. Who has stopped begins again.
    fn begin_to_follow(&mut self, root: usize, who: usize, read: i64) {
        let follow = self.follows.entry((root, who)).or_insert(Follow { following: true, read });
        if !follow.following {
            *follow = Follow { following: true, read: follow.read.max(read) };
        }
    }

    pub fn read(&mut self, who: usize, seq: i64) {
        self.read[who] = self.read[who].max(seq.min(self.head));
    }

    pub fn unread(&mut self, who: usize, seq: i64) {
        self.read[who] = (seq - 1).clamp(0, self.head);
    }

    pub fn follow(&mut self, place: usize, who: usize, on: bool) {
        let root = self.messages[place].root.unwrap_or(place);
        let last = self.replied.get(&root).copied().unwrap_or(0);
        let follow = self.follows.entry((root, who)).or_insert(Follow { following: false, read: last });
        if !follow.following {
            follow.read = last;
        }
        follow.following = on;
    }

    pub fn read_thread(&mut self, place: usize, who: usize, seq: i64) {
        let root = self.messages[place].root.unwrap_or(place);
        let head = self.head;
        if let Some(follow) = self.follows.get_mut(&(root, who)) {
            follow.read = follow.read.max(seq.min(head));
        }
    }

    /// Somebody is removed, or comes back and has read what there is.
    pub fn door(&mut self, who: usize) {
        self.inside[who] = !self.inside[who];
        self.read[who] = self.number();
        self.follows.retain(|(_, follower), _| *follower != who);
    }

    /// What somebody's list says.
    pub fn counts(&self, who: usize) -> Counts {
        let shown = || self.messages.iter().filter(|message| message.root.is_none() && message.deleted.is_none());
        let new = || shown().filter(|message| message.author != who && message.seq > self.read[who]);
        let calls = |message: &&Message| message.calls_all || message.calls.contains(&who);
        let has_news = |root: usize, read: i64| {
            self.messages.iter().any(|message| {
                message.root == Some(root) && message.deleted.is_none() && message.author != who && message.seq > read
            })
        };
        let followed = self.follows.iter().filter(|((_, follower), follow)| *follower == who && follow.following);
        let news = followed.filter(|((root, _), follow)| has_news(*root, follow.read));
        Counts {
            head: self.head,
            read: self.read[who],
            unread: u32::try_from(new().count()).unwrap(),
            mentions: u32::try_from(new().filter(calls).count()).unwrap(),
            last: shown().max_by_key(|message| message.seq).map(|message| message.id),
            threads: news.map(|((root, _), _)| self.messages[*root].id).collect(),
        }
    }
}
