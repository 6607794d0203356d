//! The rooms of the reader: one list for the tab, which outlives its pages.
//!
//! A page brings it; from then on `live` keeps it right. What a row shows is worked out here, for the server, which writes
//! it, and for the browser, which shows what has changed.

mod named;

use crate::{
    conversation::shown_in,
    text,
    until_gone::{get_until_gone, track_until_gone},
};
use leptos::prelude::*;
use std::collections::BTreeMap;
use telicat_domain::{
    Author, PersonId, RoomSlug, Timestamp,
    directory::{Badge, Directory, Outcome},
    face::hue,
    limits::UNREAD_MAX,
    person::DELETED_PERSON,
    presence::Presence,
    room::{Involvement, RoomEntry, RoomKind, RoomPage, RoomSummary},
};

/// The list's signals. Cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct RoomList {
    /// The rooms, once a page has brought them.
    pub(crate) directory: RwSignal<Option<Directory>>,
    /// In which order they are shown.
    pub(crate) layout: Memo<Layout>,
    /// The room that is shown, or about to be.
    pub(crate) open: RwSignal<Option<RoomSlug>>,
    /// How the people are who are watched; who is not in it is gone.
    pub(crate) presences: RwSignal<BTreeMap<PersonId, Presence>>,
    /// How many people are in the room that is shown.
    pub(crate) here: RwSignal<Option<(RoomSlug, u32)>>,
    /// The time, as far as silence and the names of days go by it.
    pub(crate) now: RwSignal<Timestamp>,
    /// The title of the room that is shown. The document's title is looked at once more when the room's own signals are
    /// gone, so it cannot be one of them.
    pub(crate) title: RwSignal<String>,
}

/// Rooms in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Layout {
    pub(crate) favourites: Vec<RoomSlug>,
    pub(crate) rooms: Vec<RoomSlug>,
    pub(crate) people: Vec<RoomSlug>,
}

impl Layout {
    /// Favourites, other rooms and people, in each of them first where something was said last.
    fn of(directory: &Directory) -> Self {
        let mut entries: Vec<&RoomEntry> = directory.rooms().collect();
        entries.sort_by(|a, b| b.active_at.cmp(&a.active_at).then_with(|| a.room.slug.cmp(&b.room.slug)));
        let mut layout = Self::default();
        for entry in entries {
            let section = match entry.room.kind {
                _ if entry.favourite => &mut layout.favourites,
                RoomKind::Direct => &mut layout.people,
                RoomKind::Public | RoomKind::Group => &mut layout.rooms,
            };
            section.push(entry.room.slug.clone());
        }
        layout
    }

    /// From top to bottom.
    pub(crate) fn all(&self) -> impl Iterator<Item = &RoomSlug> {
        self.favourites.iter().chain(&self.rooms).chain(&self.people)
    }
}

/// What stands for a room.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Look {
    /// The house's mark.
    #[default]
    House,
    /// A letter.
    Letter(String),
    /// The one whom it is shared with.
    Person(Author),
    /// So many others.
    Several(usize),
}

impl Look {
    /// What stands for a room.
    pub(crate) fn of(room: &RoomSummary) -> Self {
        match (room.kind, room.people.as_slice()) {
            (RoomKind::Public, _) => Self::House,
            (RoomKind::Direct, [person]) => Self::Person(person.clone()),
            (RoomKind::Direct, people) if people.len() > 1 => Self::Several(people.len()),
            _ => Self::Letter(name_of(room).chars().take(1).flat_map(char::to_uppercase).collect()),
        }
    }
}

impl Look {
    /// The class of the sign.
    pub(crate) fn class(&self) -> String {
        match self {
            Self::House => "avatar avatar--house".to_owned(),
            Self::Letter(_) | Self::Several(_) => "avatar avatar--room".to_owned(),
            Self::Person(author) => format!("avatar avatar--hue-{}", hue(author)),
        }
    }
}

/// A row of the list, as far as it changes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) look: Look,
    /// Whether it stands out.
    pub(crate) unread: bool,
    /// Messages that call the reader; 0 when the room is silent.
    pub(crate) mentions: u32,
    /// Messages that count as unread for the reader.
    pub(crate) count: u32,
    pub(crate) muted: bool,
    /// Whether there is something new in a thread that the reader follows.
    pub(crate) threads: bool,
    /// What was said last, with who said it.
    pub(crate) last: Option<(String, Timestamp)>,
    /// Whom a direct room is shared with, when it is one person.
    pub(crate) with: Option<PersonId>,
}

impl Row {
    /// The row of a room at a moment, for one reader.
    pub(crate) fn of(entry: &RoomEntry, me: PersonId, now: Timestamp) -> Self {
        let (muted, unread) = (entry.is_muted(now), entry.is_unread(now));
        let counts = unread && entry.involvement == Involvement::Everything;
        let last = entry.last.as_ref().map(|last| {
            let said = if last.text.is_empty() { text::site::ERASED } else { &last.text };
            let author = if last.author.id == me { text::room_list::YOU } else { last.author.called() };
            (format!("{author}: {said}"), last.at)
        });
        Self {
            name: name_of(&entry.room),
            look: Look::of(&entry.room),
            unread,
            mentions: if unread { entry.mentions } else { 0 },
            count: if counts { entry.unread } else { 0 },
            muted,
            threads: !muted && !entry.threads.is_empty(),
            last,
            with: partner(&entry.room).map(|person| person.id),
        }
    }

    /// The number at its end, and what it is a number of.
    pub(crate) fn number(&self) -> Option<(String, String)> {
        match (self.mentions, self.count) {
            (0, 0) => None,
            (0, count) => Some((number(count), text::room_list::unread(None))),
            (mentions, count) => {
                let unread = text::room_list::unread(Some((mentions, (count > 0).then(|| number(count)))));
                Some((format!("@{}", number(mentions)), unread))
            }
        }
    }

    /// What the eye sees by signs, in words.
    pub(crate) fn words(&self, presence: Presence) -> Option<String> {
        let here = self.with.and_then(|_| text::room_list::presence(presence));
        let signs = [here, self.muted.then_some(text::room_list::MUTED), self.threads.then_some(text::room_list::NEWS)];
        let words: String = signs.into_iter().flatten().flat_map(|sign| [", ", sign]).collect();
        (!words.is_empty()).then_some(words)
    }
}

/// A number that is counted no further than to a thousand.
fn number(count: u32) -> String {
    if count >= UNREAD_MAX { format!("{}+", UNREAD_MAX - 1) } else { count.to_string() }
}

/// What a room is called, also one whose people are all gone.
pub(crate) fn name_of(room: &RoomSummary) -> String {
    let called = room.called();
    if called.is_empty() { DELETED_PERSON.to_owned() } else { called }
}

/// Whom a direct room is shared with, when it is one person.
pub(crate) fn partner(room: &RoomSummary) -> Option<&Author> {
    match (room.kind, room.people.as_slice()) {
        (RoomKind::Direct, [person]) => Some(person),
        _ => None,
    }
}

impl RoomList {
    /// A list that no page has brought yet, provided to all below.
    pub(crate) fn provide(now: Timestamp) -> Self {
        let directory = RwSignal::new(None::<Directory>);
        let layout =
            Memo::new(move |_| directory.with(|directory| directory.as_ref().map(Layout::of).unwrap_or_default()));
        let list = Self {
            directory,
            layout,
            open: RwSignal::new(None),
            presences: RwSignal::new(BTreeMap::new()),
            here: RwSignal::new(None),
            now: RwSignal::new(now),
            title: RwSignal::new(String::new()),
        };
        provide_context(list);
        list
    }

    /// The one that was provided.
    pub(crate) fn get() -> Self {
        use_context().unwrap_or_else(|| Self::provide(Timestamp(0)))
    }

    /// Whether a page has brought the rooms, so that the next need not.
    pub(crate) fn is_filled(self) -> bool {
        self.directory.with_untracked(Option::is_some)
    }

    /// Takes what a room's page brings.
    pub(crate) fn fill(self, page: &RoomPage, me: PersonId) {
        let outcome = self.directory.try_update(|directory| match directory {
            Some(directory) => directory.enter(page.room.clone()),
            None => {
                *directory = Some(Directory::new(me, page.rooms.clone()));
                // What was told while the page was on its way was told to no list.
                Outcome::Fetch
            }
        });
        self.open.set(Some(page.room.room.slug.clone()));
        if outcome == Some(Outcome::Fetch) {
            self.refresh();
        }
    }

    /// Something of a room, when it is there.
    pub(crate) fn entry<T>(self, slug: &RoomSlug, get: impl FnOnce(&RoomEntry) -> T) -> Option<T> {
        self.directory.with(|directory| directory.as_ref()?.room(slug).map(get))
    }

    /// What the rooms are, in the order in which they are shown.
    pub(crate) fn summaries(self) -> Vec<RoomSummary> {
        let layout = self.layout.get();
        layout.all().filter_map(|slug| self.entry(slug, |entry| entry.room.clone())).collect()
    }

    /// The row of a room.
    pub(crate) fn row(self, slug: &RoomSlug) -> Row {
        let now = get_until_gone(self.now);
        self.directory.with(|directory| {
            let directory = directory.as_ref();
            let entry = directory.and_then(|directory| Some((directory.room(slug)?, directory.me())));
            entry.map(|(entry, me)| Row::of(entry, me, now)).unwrap_or_default()
        })
    }

    /// How a person is.
    pub(crate) fn presence(self, person: Option<PersonId>) -> Presence {
        let Some(person) = person else { return Presence::Gone };
        track_until_gone(self.presences);
        self.presences.with_untracked(|presences| presences.get(&person).copied().unwrap_or_default())
    }

    /// What stands out in all rooms.
    pub(crate) fn badge(self) -> Badge {
        let now = get_until_gone(self.now);
        self.directory.with(|directory| directory.as_ref().map(|directory| directory.badge(now)).unwrap_or_default())
    }

    /// The room below the one that is open, or above it, in the order in which they are shown; of those that stand out
    /// only, if it says so. Behind the last comes the first.
    pub(crate) fn neighbour(self, down: bool, unread: bool) -> Option<RoomSlug> {
        let now = self.now.get_untracked();
        let rooms: Vec<RoomSlug> = self.layout.with_untracked(|layout| layout.all().cloned().collect());
        let open = self.open.get_untracked();
        let count = rooms.len();
        let here = rooms.iter().position(|slug| Some(slug) == open.as_ref());
        // From outside the first is the one below, and the last the one above.
        let start = here.unwrap_or(if down { count.saturating_sub(1) } else { 0 });
        let steps = (1..=count).map(|step| if down { start + step } else { start + count - step });
        let stands_out = |slug: &RoomSlug| {
            self.directory.with_untracked(|directory| {
                directory.as_ref().and_then(|directory| directory.room(slug)).is_some_and(|room| room.is_unread(now))
            })
        };
        let mut others = steps.map(|place| rooms[place % count].clone()).filter(|slug| Some(slug) != open.as_ref());
        others.find(|slug| !unread || stands_out(slug))
    }

    /// When something was said, as short as a row has room for it.
    pub(crate) fn when(self, at: Timestamp) -> String {
        shown_in(|time_of_day, offset| text::room_list::when(at, get_until_gone(self.now), offset, time_of_day))
    }
}

/// What only a browser does with the list.
#[cfg(not(feature = "hydrate"))]
impl RoomList {
    pub(crate) fn refresh(self) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::room_page;
    use telicat_domain::{Handle, MessageId, room::LastMessage};
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

    fn entry(slug: &str, kind: RoomKind, active_at: i64) -> RoomEntry {
        let mut entry = room_page(Vec::new()).room;
        entry.room.slug = RoomSlug::parse(slug).unwrap();
        entry.room.kind = kind;
        entry.room.name = slug.to_owned();
        entry.active_at = Timestamp(active_at);
        entry
    }

    fn me() -> PersonId {
        author("mei").id
    }

    fn row(entry: &RoomEntry) -> Row {
        Row::of(entry, me(), Timestamp(1_000))
    }

    #[test]
    fn rooms_stand_by_what_they_are_and_when_something_was_said() {
        let favourite = RoomEntry { favourite: true, ..entry("fd", RoomKind::Direct, 1) };
        let entries = vec![
            entry("old", RoomKind::Group, 1),
            entry("same-b", RoomKind::Group, 5),
            entry("same-a", RoomKind::Public, 5),
            entry("mei-and-ines", RoomKind::Direct, 9),
            favourite,
        ];
        let layout = Layout::of(&Directory::new(me(), entries));
        let names = |slugs: &[RoomSlug]| slugs.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(&layout.favourites), ["fd"]);
        assert_eq!(names(&layout.rooms), ["same-a", "same-b", "old"]);
        assert_eq!(names(&layout.people), ["mei-and-ines"]);
        assert_eq!(layout.all().count(), 5);
    }

    #[test]
    fn one_walks_through_the_rooms_as_they_are_shown() {
        let owner = Owner::new_root(None);
        owner.with(|| {
            let list = RoomList::provide(Timestamp(0));
            let step = |down, unread| list.neighbour(down, unread).map(|slug| slug.to_string());
            assert_eq!(step(true, false), None);
            let unread = RoomEntry { unread: 1, ..entry("c", RoomKind::Direct, 1) };
            let rooms = vec![entry("a", RoomKind::Public, 3), entry("b", RoomKind::Group, 2), unread];
            list.directory.set(Some(Directory::new(me(), rooms)));
            assert_eq!((step(true, false), step(false, false)), (Some("a".into()), Some("c".into())));
            list.open.set(RoomSlug::parse("a").ok());
            assert_eq!((step(true, false), step(false, false)), (Some("b".into()), Some("c".into())));
            assert_eq!((step(true, true), step(false, true)), (Some("c".into()), Some("c".into())));
            list.open.set(RoomSlug::parse("c").ok());
            assert_eq!((step(true, false), step(true, true)), (Some("a".into()), None));
        });
    }

    #[test]
    fn a_row_says_what_its_reader_wants_to_hear() {
        let loud = RoomEntry { unread: 14, mentions: 2, ..entry("dome", RoomKind::Group, 1) };
        let number = |entry: &RoomEntry| row(entry).number();
        let said = |number: &str, of: &str| Some((number.to_owned(), of.to_owned()));
        assert_eq!(number(&loud), said("@2", " mentions, 14 unread"));
        assert_eq!(number(&RoomEntry { mentions: 0, ..loud.clone() }), said("14", " unread"));
        assert_eq!(
            number(&RoomEntry { mentions: 1, unread: UNREAD_MAX, ..loud.clone() }),
            said("@1", " mention, 999+ unread")
        );
        let some = RoomEntry { involvement: Involvement::Mentions, ..loud.clone() };
        assert_eq!(number(&some), said("@2", " mentions"));
        let quiet = RoomEntry { mentions: 0, ..some };
        assert!(number(&quiet).is_none() && !row(&quiet).unread && !row(&quiet).muted);
        for silent in [
            RoomEntry { involvement: Involvement::Nothing, ..loud.clone() },
            RoomEntry { muted_until: Timestamp(1_001), ..loud.clone() },
        ] {
            let row = row(&silent);
            assert!(row.number().is_none() && !row.unread && row.muted);
            assert_eq!(row.words(Presence::Here).as_deref(), Some(", muted"), "nobody is here in a group");
        }
        let over = RoomEntry { muted_until: Timestamp(1_000), threads: vec![MessageId(Uuid::nil())], ..loud };
        assert!(row(&over).unread);
        assert_eq!(row(&over).words(Presence::Gone).as_deref(), Some(", new replies"));
    }

    #[test]
    fn a_direct_room_is_called_by_its_people() {
        let mut direct = entry("d", RoomKind::Direct, 1);
        direct.room.name.clear();
        assert_eq!((row(&direct).name.as_str(), row(&direct).look), (DELETED_PERSON, Look::Letter("D".to_owned())));
        direct.room.people = vec![author("ines")];
        let one = row(&direct);
        assert_eq!((one.name.as_str(), one.look.clone()), ("ines", Look::Person(author("ines"))));
        assert_eq!(one.words(Presence::Away).as_deref(), Some(", away"));
        direct.room.people.push(author("tomasz"));
        assert_eq!((row(&direct).name.as_str(), row(&direct).look), ("ines, tomasz", Look::Several(2)));
        assert_eq!(row(&direct).words(Presence::Here), None);
    }

    #[test]
    fn what_was_said_last_stands_in_a_line() {
        let mut said = entry("dome", RoomKind::Group, 1);
        assert_eq!(row(&said).last, None);
        let mut last = LastMessage {
            seq: 1,
            id: MessageId(Uuid::nil()),
            author: author("ines"),
            text: "flats at dawn".to_owned(),
            at: Timestamp(7),
        };
        said.last = Some(last.clone());
        assert_eq!(row(&said).last, Some(("ines: flats at dawn".to_owned(), Timestamp(7))));
        last.author = author("mei");
        last.text.clear();
        said.last = Some(last);
        assert_eq!(row(&said).last.unwrap().0, format!("You: {}", text::site::ERASED));
    }
}
