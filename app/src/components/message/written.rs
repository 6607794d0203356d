//! A message as the server writes it: the markup of [`Message`](super::Message), which a browser takes over.

use crate::{
    conversation::{name_of_day, time_of_day},
    markup::Markup,
};
use telicat_domain::{
    face::{hue, initial},
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
    let class = match (row.more, own) {
        (false, false) => "message",
        (false, true) => "message message--own",
        (true, false) => "message message--more",
        (true, true) => "message message--more message--own",
    };
    match row.state {
        RowState::Sent { seq, id } => {
            let (seq, id) = (seq.to_string(), id.to_string());
            html.element("article", &[("data-seq", &seq), ("data-message-id", &id), ("class", class)], |html| {
                inside(html, row);
            });
        }
        // The server has whatever it shows.
        RowState::Sending | RowState::Failed(_) => {}
    }
    html.mark();
}

fn inside(html: &mut Markup, row: &Row) {
    let profile = format!("/@{}", row.author.handle);
    let called = row.author.called();
    if row.more {
        let class = "message__author unseen";
        html.text("a", &[("href", &profile), ("tabindex", "-1"), ("class", class)], called);
        time(html, row);
    } else {
        let hidden = ("aria-hidden", "true");
        html.element("a", &[("href", &profile), ("tabindex", "-1"), hidden, ("class", "message__face")], |html| {
            let class = format!("avatar avatar--hue-{}", hue(&row.author));
            html.element("span", &[hidden, ("class", &class)], |html| html.text("span", &[], &initial(&row.author)));
        });
        html.element("header", &[("class", "message__head")], |html| {
            html.text("a", &[("href", &profile), ("class", "message__author")], called);
            time(html, row);
            html.mark();
        });
    }
    html.mark();
    html.element("div", &[("class", "message__body")], |html| html.text("p", &[], &row.body));
    html.nothing();
    html.mark();
}

fn time(html: &mut Markup, row: &Row) {
    html.text("time", &[("datetime", &row.at.rfc3339()), ("class", "message__time")], &time_of_day(row.at));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{components::message::Message, conversation::Conversation};
    use leptos::prelude::*;
    use telicat_domain::{Author, Handle, Message as Posted, MessageId, Nonce, RoomSlug, Timestamp, room};
    use uuid::Uuid;

    fn author(handle: &str, name: Option<&str>) -> Author {
        Author { handle: Handle::parse(handle).unwrap(), name: name.map(str::to_owned) }
    }

    /// Everything that may differ between two messages.
    fn messages() -> Vec<Posted> {
        let day = 24 * 3600;
        let written = [
            ("mei", None, "hello", 0),
            ("mei", None, "a <b>tag</b>, an &amp;, \"quotes\" and 'more'\nanother line", 60),
            ("ines", Some("<Inés> & \"co\""), "другой", 90),
            ("ines", Some("<Inés> & \"co\""), "> below", 100),
            ("mei", None, "the next day", day),
        ];
        let post = |(seq, (handle, name, body, at)): (i64, (&str, Option<&str>, &str, i64))| {
            let id = Uuid::from_u128(u128::MAX / 3 + seq.unsigned_abs() as u128);
            let at = Timestamp(1_763_247_720_000_000).plus_seconds(at);
            Posted { seq, id: MessageId(id), nonce: Nonce(id), author: author(handle, name), body: body.to_owned(), at }
        };
        (1..).zip(written).map(post).collect()
    }

    #[test]
    fn the_server_writes_the_markup_that_a_browser_takes_over() {
        let summary = room::RoomSummary {
            slug: RoomSlug::public_chat(),
            kind: room::RoomKind::Public,
            name: "Public chat".to_owned(),
            topic: String::new(),
        };
        let (messages, rooms) = (messages(), vec![summary.clone()]);
        let page = room::RoomPage { room: summary, messages, cursor: 5, older: false, rooms };
        let owner = Owner::new_root(None);
        owner.with(|| {
            let conversation = Conversation::open(&page, author("mei", None));
            let rows = conversation.rows.get_untracked();
            assert_eq!(rows.iter().filter(|row| row.more).count(), 2);
            assert_eq!(rows.iter().filter(|row| row.day.is_some()).count(), 2);
            for row in rows {
                let mut html = String::new();
                write(&mut Markup::after(&mut html), &row, conversation.is_own(&row.author));
                assert_eq!(html, view! { <Message row conversation/> }.to_html());
            }
        });
    }
}
