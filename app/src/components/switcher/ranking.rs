//! Which rooms are meant by a few letters.

use crate::room_list::name_of;
use telicat_domain::{
    RoomSlug, Timestamp,
    directory::Directory,
    room::{RoomEntry, RoomKind},
};

/// The rooms that fit what was typed, the best first: by how they fit, then by when something was said. When nothing is
/// typed, those that stand out come first, and the room that is open is left out, because one is there.
pub(super) fn rank<'a>(
    directory: &'a Directory,
    typed: &str,
    open: Option<&RoomSlug>,
    now: Timestamp,
) -> Vec<&'a RoomEntry> {
    let typed = typed.trim().trim_start_matches(['@', '#']).to_lowercase();
    let fit = |entry: &RoomEntry| -> Option<u8> {
        if typed.is_empty() {
            return (open != Some(&entry.room.slug)).then(|| u8::from(!entry.is_unread(now)));
        }
        let people = entry.room.people.iter().filter(|_| entry.room.kind == RoomKind::Direct);
        let handles = people.map(|person| person.handle.folded());
        [name_of(&entry.room).to_lowercase()].into_iter().chain(handles).filter_map(|name| fits(&name, &typed)).min()
    };
    let mut found: Vec<(u8, &RoomEntry)> = directory.rooms().filter_map(|entry| Some((fit(entry)?, entry))).collect();
    found.sort_by(|(a, one), (b, other)| {
        a.cmp(b).then_with(|| other.active_at.cmp(&one.active_at)).then_with(|| one.room.slug.cmp(&other.room.slug))
    });
    found.into_iter().map(|(_, entry)| entry).collect()
}

/// How well a name fits: it is that, begins like that, has a word that begins like that, or has it somewhere.
fn fits(name: &str, typed: &str) -> Option<u8> {
    if name == typed {
        return Some(0);
    }
    let place = name.find(typed)?;
    let begins = |place: usize| name[..place].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
    Some(if place == 0 {
        1
    } else if name.match_indices(typed).any(|(place, _)| begins(place)) {
        2
    } else {
        3
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::room_page;
    use telicat_domain::{Author, Handle, PersonId};
    use uuid::Uuid;

    fn room(name: &str, active_at: i64, unread: u32) -> RoomEntry {
        let mut entry = room_page(Vec::new()).room;
        let letters = |c: char| c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase());
        entry.room.slug = RoomSlug::parse(&name.chars().filter_map(letters).collect::<String>()).unwrap();
        entry.room.kind = RoomKind::Group;
        entry.room.name = name.to_owned();
        RoomEntry { active_at: Timestamp(active_at), unread, ..entry }
    }

    fn ranked(entries: Vec<RoomEntry>, typed: &str) -> Vec<String> {
        let directory = Directory::new(PersonId(Uuid::nil()), entries);
        let open = RoomSlug::parse("open").unwrap();
        rank(&directory, typed, Some(&open), Timestamp(0))
            .into_iter()
            .map(|entry| entry.room.slug.to_string())
            .collect()
    }

    #[test]
    fn what_fits_better_comes_first_and_then_what_was_heard_last() {
        let rooms = || {
            vec![
                room("Domestic", 9, 0),
                room("Dome", 1, 0),
                room("The dome rota", 3, 0),
                room("Random-dome", 5, 0),
                room("Freedom", 8, 0),
                room("Elsewhere", 9, 0),
            ]
        };
        assert_eq!(ranked(rooms(), "dome"), ["dome", "domestic", "randomdome", "thedomerota"]);
        assert_eq!(ranked(rooms(), "DOM"), ["domestic", "dome", "randomdome", "thedomerota", "freedom"]);
        assert!(ranked(rooms(), "moon").is_empty());
    }

    #[test]
    fn when_nothing_is_typed_what_is_unread_comes_first() {
        let rooms = vec![room("Old", 1, 0), room("New", 9, 0), room("Unread", 2, 1), room("Open", 10, 5)];
        assert_eq!(ranked(rooms.clone(), " "), ["unread", "new", "old"]);
        assert_eq!(ranked(rooms, "open"), ["open"]);
    }

    #[test]
    fn people_are_found_by_handle_too() {
        let mut direct = room("x", 1, 0);
        direct.room.kind = RoomKind::Direct;
        direct.room.people = vec![Author {
            id: PersonId(Uuid::from_u128(1)),
            handle: Handle::parse("Tomasz.K").unwrap(),
            name: Some("Łukasz".to_owned()),
            picture: None,
            deleted: false,
        }];
        for typed in ["@tomasz", "łuk", "k"] {
            assert_eq!(ranked(vec![direct.clone()], typed), ["x"], "{typed}");
        }
    }
}
