//! A message as the server writes it: the markup of [`Message`](super::Message), which a browser takes over.

use crate::{
    components::avatar::picture_path,
    conversation::{name_of_day, time_of_day},
    markup::Markup,
    text,
    visit::Visit,
};
use telicat_domain::{
    Author,
    face::{hue, initial},
    limits::PICTURE_SIZES,
    timeline::{Row, RowState},
};

/// Writes a message that the server has, with the heading of the day that begins with it.
pub(crate) fn write(html: &mut Markup, row: &Row, own: bool) {
    match row.day {
        Some(day) => html.element("h2", &[("class", "day")], |html| {
            html.text("time", &[("datetime", &day.iso())], &name_of_day(day));
        }),
        None => html.mark(),
    }
    let class = super::class_of(row.more, own, &row.state, row.erased);
    match row.state {
        RowState::Sent { seq, id } => {
            let (seq, id) = (seq.to_string(), id.to_string());
            html.element("article", &[("data-seq", &seq), ("data-message-id", &id), ("class", &class)], |html| {
                inside(html, row);
            });
        }
        // The server has whatever it shows.
        RowState::Sending | RowState::Failed(_) => {}
    }
    html.mark();
}

fn inside(html: &mut Markup, row: &Row) {
    if row.author.deleted {
        gone(html, row);
    } else {
        head(html, row);
    }
    html.mark();
    html.element("div", &[("class", "message__body")], |html| {
        if row.erased {
            icon(html, "bin");
            html.text("p", &[], text::site::ERASED);
            html.mark();
        } else {
            html.text("p", &[], &row.body);
        }
    });
    html.nothing();
    html.mark();
}

fn head(html: &mut Markup, row: &Row) {
    let profile = format!("/@{}", row.author.handle);
    let called = row.author.called();
    if row.more {
        let class = "message__author unseen";
        html.text("a", &[("href", &profile), ("tabindex", "-1"), ("class", class)], called);
        time(html, row);
        return;
    }
    let face = ("class", "message__face");
    html.element("a", &[("href", &profile), ("tabindex", "-1"), HIDDEN, face], |html| self::face(html, &row.author));
    html.element("header", &[("class", "message__head")], |html| {
        html.text("a", &[("href", &profile), ("class", "message__author")], called);
        time(html, row);
        html.mark();
    });
}

/// The head of a message whose author has deleted the account.
fn gone(html: &mut Markup, row: &Row) {
    let called = row.author.called();
    if row.more {
        html.text("span", &[("class", "message__author unseen")], called);
        time(html, row);
        return;
    }
    html.element("span", &[HIDDEN, ("class", "message__face")], |html| face(html, &row.author));
    html.element("header", &[("class", "message__head")], |html| {
        html.text("span", &[("class", "message__author")], called);
        time(html, row);
        html.mark();
    });
}

const HIDDEN: (&str, &str) = ("aria-hidden", "true");

fn face(html: &mut Markup, author: &Author) {
    let class = format!("avatar avatar--hue-{}", hue(author));
    html.element("span", &[HIDDEN, ("class", &class)], |html| match author.picture {
        Some(picture) => {
            let [side, _] = PICTURE_SIZES;
            let (path, side) = (picture_path(picture, side), side.to_string());
            let attributes = [("src", &*path), ("width", &side), ("height", &side), ("alt", ""), ("decoding", "async")];
            html.void("img", &attributes);
        }
        None => html.text("span", &[], &initial(author)),
    });
}

fn icon(html: &mut Markup, name: &'static str) {
    let href = format!("{}/icons.svg#{name}", Visit::get().assets);
    html.element("svg", &[HIDDEN, ("class", "icon icon--s")], |html| {
        html.empty("use", &[("href", &href)]);
    });
}

fn time(html: &mut Markup, row: &Row) {
    html.text("time", &[("datetime", &row.at.rfc3339()), ("class", "message__time")], &time_of_day(row.at));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{components::message::Message, conversation::Conversation};
    use leptos::prelude::*;
    use telicat_domain::{Handle, Message as Posted, MessageId, Nonce, PersonId, PictureId, Timestamp};
    use uuid::Uuid;

    fn author(handle: &str, name: Option<&str>) -> Author {
        let number = u128::from(handle.as_bytes()[0]);
        Author {
            id: PersonId(Uuid::from_u128(number)),
            handle: Handle::from_stored(handle.to_owned()),
            name: name.map(str::to_owned),
            picture: (handle == "tomasz").then(|| PictureId(Uuid::from_u128(number << 64))),
            deleted: handle.starts_with("deleted"),
        }
    }

    /// Everything that may differ between two messages.
    fn messages() -> Vec<Posted> {
        let day = 24 * 3600;
        let written = [
            ("mei", None, "hello", 0),
            ("mei", None, "a <b>tag</b>, an &amp;, \"quotes\" and 'more'\nanother line", 60),
            ("ines", Some("<Inés> & \"co\""), "другой", 90),
            ("ines", Some("<Inés> & \"co\""), "> below", 100),
            ("tomasz", None, "with a picture", 110),
            ("deleted-0", Some("Deleted person"), "kept", 120),
            ("deleted-0", Some("Deleted person"), "kept, too", 130),
            ("deleted-0", Some("Deleted person"), "", 140),
            ("mei", None, "the next day", day),
        ];
        let post = |(seq, (handle, name, body, at)): (i64, (&str, Option<&str>, &str, i64))| {
            let id = Uuid::from_u128(u128::MAX / 3 + seq.unsigned_abs() as u128);
            let at = Timestamp(1_763_247_720_000_000).plus_seconds(at);
            let message = Posted::new(seq, MessageId(id), Nonce(id), author(handle, name), body.to_owned(), at);
            Posted { erased: body.is_empty(), ..message }
        };
        (1..).zip(written).map(post).collect()
    }

    #[test]
    fn the_server_writes_the_markup_that_a_browser_takes_over() {
        let page = crate::testing::room_page(messages());
        let owner = Owner::new_root(None);
        owner.with(|| {
            let conversation = Conversation::open(&page, author("mei", None));
            let rows = conversation.rows.get_untracked();
            assert_eq!(rows.iter().filter(|row| row.more).count(), 4);
            assert_eq!(rows.iter().filter(|row| row.day.is_some()).count(), 2);
            for row in rows {
                let mut html = String::new();
                write(&mut Markup::after(&mut html), &row, conversation.is_own(&row.author));
                assert_eq!(html, view! { <Message row conversation/> }.to_html());
            }
        });
    }
}
