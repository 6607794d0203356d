//! The list as the server writes it: the markup of [`super::row`], which a browser takes over.

use super::{Section, address, class_of, dot_class, number_class};
use crate::{
    components::{
        avatar::picture_path,
        logo::{EYES, HEAD},
    },
    markup::Markup,
    room_list::{Look, RoomList},
    visit::Visit,
};
use leptos::prelude::*;
use telicat_domain::{Author, RoomSlug, face::initial, limits::PICTURE_SIZES, presence::Presence};

const HIDDEN: (&str, &str) = ("aria-hidden", "true");

/// Writes all sections.
pub(super) fn write(html: &mut Markup, list: RoomList) {
    let icons = format!("{}/icons.svg", Visit::get().assets);
    list.layout.with_untracked(|layout| {
        for section in Section::ALL {
            let rooms = section.rooms(layout);
            let hidden: &[_] = if section.add().is_none() && rooms.is_empty() { &[("hidden", "")] } else { &[] };
            html.element("section", hidden, |html| {
                html.element("div", &[("class", "rooms__title")], |html| {
                    html.text("h2", &[], section.title());
                    match section.add() {
                        Some((href, label)) => {
                            let class = ("class", "button button--icon button--quiet");
                            let attributes = [("href", href), ("aria-label", label), ("title", label), class];
                            html.element("a", &attributes, |html| icon(html, &icons, "plus", "icon"));
                        }
                        None => html.mark(),
                    }
                    html.mark();
                });
                html.element("ul", &[], |html| {
                    for slug in rooms {
                        row(html, list, slug, &icons);
                    }
                    html.mark();
                });
                html.mark();
            });
        }
        html.mark();
    });
}

fn row(html: &mut Markup, list: RoomList, slug: &RoomSlug, icons: &str) {
    let row = list.row(slug);
    let href = address(slug);
    let open = list.open.with_untracked(|open| open.as_ref() == Some(slug));
    let current: &[_] = if open { &[("aria-current", "page")] } else { &[] };
    let attributes = [&[("href", &*href)], current, &[("class", class_of(&row))]].concat();
    html.element("li", &[], |html| {
        html.element("a", &attributes, |html| {
            face(html, &row.look, list.presence(row.with));
            html.element("span", &[("class", "rooms__name")], |html| {
                html.plain(&row.name);
                match row.words(list.presence(row.with)) {
                    Some(words) => html.text("span", &[("class", "rooms__signs")], &words),
                    None => html.mark(),
                }
                if row.muted {
                    icon(html, icons, "quiet", "icon icon--s");
                } else {
                    html.mark();
                }
                html.mark();
            });
            if let Some((said, at)) = &row.last {
                html.text("span", &[("class", "rooms__last")], said);
                html.text("time", &[("datetime", &at.rfc3339()), ("class", "rooms__when")], &list.when(*at));
                html.mark();
            } else {
                html.mark();
            }
            match row.number() {
                Some((number, of)) => html.element("span", &[("class", number_class(&row))], |html| {
                    html.plain(&number);
                    html.text("span", &[("class", "unseen")], &of);
                    html.mark();
                }),
                None => html.mark(),
            }
            html.mark();
        });
    });
}

fn face(html: &mut Markup, look: &Look, presence: Presence) {
    let class = look.class();
    html.element("span", &[HIDDEN, ("class", &class)], |html| {
        match look {
            Look::House => html.element("svg", &[("viewBox", "0 0 32 32")], |html| {
                html.empty("path", &[("fill-rule", "evenodd"), ("d", &format!("{HEAD}{EYES}"))]);
            }),
            Look::Person(Author { picture: Some(picture), .. }) => {
                let [side, _] = PICTURE_SIZES;
                let (path, side) = (picture_path(*picture, side), side.to_string());
                let size = [("width", &*side), ("height", &side)];
                let attributes = [&[("src", &*path)], &size[..], &[("alt", ""), ("decoding", "async")]].concat();
                html.void("img", &attributes);
            }
            Look::Person(author) => html.text("span", &[], &initial(author)),
            Look::Letter(letter) => html.text("span", &[], letter),
            Look::Several(count) => html.text("span", &[], &count.to_string()),
        }
        match dot_class(presence) {
            Some(class) => html.empty("span", &[("class", class)]),
            None => html.mark(),
        }
        html.mark();
    });
}

fn icon(html: &mut Markup, icons: &str, name: &str, class: &str) {
    let href = format!("{icons}#{name}");
    html.element("svg", &[HIDDEN, ("class", class)], |html| html.empty("use", &[("href", &href)]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{components::rooms::row::sections, testing::room_page};
    use telicat_domain::{
        Handle, MessageId, PersonId, PictureId, Timestamp,
        room::{Involvement, LastMessage, RoomEntry, RoomKind},
    };
    use uuid::Uuid;

    fn author(name: &str, picture: bool) -> Author {
        let id = Uuid::from_u128(u128::from(name.as_bytes()[0]));
        Author {
            id: PersonId(id),
            handle: Handle::parse(name).unwrap(),
            name: name.starts_with('i').then(|| "<Inés> & \"co\"".to_owned()),
            picture: picture.then_some(PictureId(id)),
            deleted: false,
        }
    }

    fn entry(number: i64, kind: RoomKind, people: Vec<Author>) -> RoomEntry {
        let mut entry = room_page(Vec::new()).room;
        entry.room.slug = RoomSlug::parse(&format!("room-{number}")).unwrap();
        entry.room.kind = kind;
        entry.room.name = format!("Room <{number}>");
        entry.room.people = people;
        entry.active_at = Timestamp(1_768_478_400_000_000 - number * 86_400_000_000);
        entry
    }

    fn said(entry: RoomEntry, text: &str) -> RoomEntry {
        let last = LastMessage {
            seq: 1,
            id: MessageId(Uuid::nil()),
            author: author("ines", false),
            text: text.to_owned(),
            at: entry.active_at,
        };
        RoomEntry { last: Some(last), ..entry }
    }

    /// Everything that may differ between two rows.
    fn entries() -> Vec<RoomEntry> {
        let room = |number| entry(number, RoomKind::Group, Vec::new());
        let direct = |number, people| entry(number, RoomKind::Direct, people);
        vec![
            entry(0, RoomKind::Public, Vec::new()),
            said(room(1), "a <b>tag</b> & more"),
            RoomEntry { unread: 3, ..room(2) },
            RoomEntry { unread: 1_000, mentions: 2, threads: vec![MessageId(Uuid::nil())], ..said(room(3), "x") },
            RoomEntry { involvement: Involvement::Nothing, unread: 3, ..said(room(4), "") },
            RoomEntry { favourite: true, ..room(5) },
            direct(6, vec![author("ines", true)]),
            said(direct(7, vec![author("tomasz", false)]), "y"),
            direct(8, vec![author("ines", true), author("tomasz", false)]),
            direct(9, Vec::new()),
        ]
    }

    fn written(entries: Vec<RoomEntry>) -> (String, String) {
        let owner = Owner::new_root(None);
        owner.with(|| {
            let list = RoomList::provide(Timestamp(1_768_478_400_000_000));
            let page = telicat_domain::room::RoomPage { rooms: entries, ..room_page(Vec::new()) };
            list.fill(&page, author("mei", false).id);
            list.open.set(Some(RoomSlug::parse("room-1").unwrap()));
            let here = [author("tomasz", false), author("ines", false)].map(|person| person.id);
            list.presences.set(here.into_iter().zip([Presence::Here, Presence::Away]).collect());
            let mut html = String::new();
            write(&mut Markup::after(&mut html), list);
            (html, sections(list).to_html())
        })
    }

    #[test]
    fn the_server_writes_the_list_that_a_browser_takes_over() {
        for entries in [entries(), Vec::new(), entries().into_iter().take(3).collect()] {
            let (written, rendered) = written(entries);
            assert_eq!(written, rendered);
        }
    }
}
