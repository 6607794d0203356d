//! The server's markup, held against the one that a browser takes over.

use super::*;
use crate::{components::message::Message, room_list::RoomList};
use leptos::prelude::*;
use telicat_domain::{
    Handle, Message as Posted, MessageId, Nonce, PersonId, PictureId, RoomSlug, Timestamp,
    event::Replies,
    permission::Role,
    rich::{Block, CodeSpan, Inline, RichText, Token},
};
use uuid::Uuid;

const START: Timestamp = Timestamp(1_763_247_720_000_000);

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

fn post(seq: i64, handle: &str, name: Option<&str>, body: &str, seconds: i64) -> Posted {
    let id = Uuid::from_u128(u128::MAX / 3 + seq.unsigned_abs() as u128);
    let at = START.plus_seconds(seconds);
    Posted::new(seq, MessageId(id), Nonce(id), author(handle, name), body.to_owned(), at)
}

/// What may differ between two messages in who wrote them and when.
fn plain() -> Vec<Posted> {
    let strange = Some("<Inés> & \"co\"");
    let written = [
        ("mei", None, "hello", 0),
        ("mei", None, "a <b>tag</b>, an &amp;, \"quotes\" and 'more'\nanother line", 60),
        ("ines", strange, "другой", 90),
        ("ines", strange, "> below", 100),
        ("tomasz", None, "with a picture", 110),
        ("deleted-0", Some("Deleted person"), "kept", 120),
        ("deleted-0", Some("Deleted person"), "kept, too", 130),
        ("deleted-0", Some("Deleted person"), "", 140),
        ("mei", None, "the next day", 24 * 3600),
    ];
    let post = |(seq, (handle, name, body, at)): (i64, (&str, Option<&str>, &str, i64))| Posted {
        erased: body.is_empty(),
        ..post(seq, handle, name, body, at)
    };
    (1..).zip(written).map(post).collect()
}

/// A tree with every node.
fn tree() -> RichText {
    let text = |text: &str| Inline::Text(text.to_owned());
    let span = |token, text: &str| CodeSpan { token, text: text.to_owned() };
    let mei = author("mei", None).id;
    let tokens =
        [Token::Keyword, Token::String, Token::Comment, Token::Number, Token::Function, Token::Type, Token::Attribute];
    let coloured = tokens.into_iter().map(|token| span(Some(token), "<fn>")).collect::<Vec<_>>();
    RichText(vec![
        Block::Heading(vec![text("a "), Inline::Emphasis(vec![text("heading")])]),
        Block::Paragraph(vec![
            text("one"),
            text("two <b>"),
            Inline::Break,
            Inline::Strong(vec![text("strong"), Inline::Strike(vec![text("struck")])]),
            Inline::Code("a < b && \"c\"".to_owned()),
            text(""),
            Inline::Link { href: "https://example.org/?a=1&b=\"2\"".to_owned(), content: vec![text("there")] },
            Inline::Link { href: "javascript:alert(1)".to_owned(), content: vec![text("nowhere")] },
            Inline::Mention { handle: "mei".to_owned(), person: mei },
            text(" "),
            Inline::Mention { handle: "ines".to_owned(), person: author("ines", None).id },
            Inline::MentionAll,
            Inline::Room(RoomSlug::public_chat()),
            Inline::Room(RoomSlug::parse("not-mine").unwrap()),
        ]),
        Block::Quote(vec![Block::Paragraph(vec![text("said")]), Block::Quote(vec![Block::Rule])]),
        Block::List { start: None, items: vec![vec![Block::Paragraph(vec![text("one")])], vec![]] },
        Block::List { start: Some(3), items: vec![vec![Block::Paragraph(vec![text("three")]), Block::Rule]] },
        Block::Code { language: None, spans: vec![span(None, "plain\n"), span(None, "more")] },
        Block::Code { language: Some("rust".to_owned()), spans: coloured },
        Block::Paragraph(vec![]),
        Block::Rule,
    ])
}

/// Everything that can become of a message.
fn eventful() -> Vec<Posted> {
    let message = |seq: i64, handle: &str| post(seq, handle, None, "said", seq * 400);
    let quoted = message(1, "tomasz");
    let reaction = |emoji: &str, count, mine| Reaction { emoji: emoji.to_owned(), count, mine };
    let replies = |count, unread| Some(Replies { count, last_at: START, unread: Some(unread) });
    let mei = author("mei", None).id;
    vec![
        quoted.clone(),
        Posted { rich: Some(Box::new(tree())), ..message(2, "ines") },
        Posted { rich: Some(Box::new(tree())), mentions: vec![mei], mentions_all: true, ..message(3, "mei") },
        Posted { reply_to: Some(Box::new(quoted.quote())), ..message(4, "ines") },
        Posted {
            reply_to: Some(Box::new(Quote { text: String::new(), gone: true, ..quoted.quote() })),
            ..message(5, "mei")
        },
        Posted { reply_to: Some(Box::new(message(1, "deleted-0").quote())), ..message(6, "deleted-1") },
        Posted { deleted: true, body: String::new(), replies: replies(2, 0), ..message(7, "mei") },
        Posted { deleted: true, body: String::new(), ..message(8, "ines") },
        Posted { edited_at: Some(START), ..message(9, "mei") },
        Posted { edited_at: Some(START), pinned: true, ..message(10, "ines") },
        Posted { saved: true, pinned: true, ..message(11, "ines") },
        Posted {
            reactions: vec![reaction("👍", 3, true), reaction("🪐", 1, false), reaction("<", 1, false)],
            ..message(12, "ines")
        },
        Posted { replies: replies(1, 0), ..message(13, "ines") },
        Posted { replies: replies(12, 3), ..message(14, "ines") },
        Posted { replies: replies(0, 0), ..message(15, "ines") },
        Posted { mentions: vec![mei], ..message(16, "ines") },
        Posted { mentions_all: true, ..message(17, "mei") },
        Posted { erased: true, body: String::new(), ..message(18, "ines") },
    ]
}

/// Writes all rows both ways.
fn compare(conversation: Conversation) -> String {
    let mut all = String::new();
    for row in conversation.rows.get_untracked() {
        let mut html = String::new();
        write(&mut Markup::after(&mut html), &row, conversation);
        assert_eq!(html, view! { <Message row conversation/> }.to_html());
        all.push_str(&html);
    }
    all
}

fn in_page<T>(messages: Vec<Posted>, role: Option<Role>, with: impl FnOnce(Conversation) -> T) -> T {
    let mut page = crate::testing::room_page(messages);
    page.room.role = role;
    Owner::new_root(None).with(|| {
        let mei = author("mei", None);
        RoomList::get().fill(&page, mei.id);
        with(Conversation::open(&page, mei))
    })
}

#[test]
fn the_server_writes_the_markup_that_a_browser_takes_over() {
    in_page(plain(), None, |conversation| {
        let rows = conversation.rows.get_untracked();
        assert_eq!(rows.iter().filter(|row| row.more).count(), 4);
        assert_eq!(rows.iter().filter(|row| row.day.is_some()).count(), 2);
        compare(conversation);
    });
}

#[test]
fn so_it_does_whatever_became_of_a_message() {
    in_page(eventful(), None, |conversation| {
        conversation.divider.set(Some(9));
        let html = compare(conversation);
        let count = |part: &str| html.matches(part).count();
        assert_eq!(count("class=\"new\""), 1);
        assert_eq!(count("message--deleted"), 3);
        assert_eq!(count("message--mention"), 1, "one does not call oneself");
        assert_eq!(count("mention mention--me"), 2, "a name and everybody, in what somebody else wrote");
        assert_eq!(count(">#Public chat<!></a>"), 2, "a room is called by its name");
        assert_eq!((count("#not-mine"), count("room/not-mine")), (2, 0), "a room of others stays a text");
        assert_eq!(count("class=\"thread-link\""), 3);
        assert_eq!(count("data-history"), 1, "what others said before is for those who look after the room");
        assert_eq!(count("javascript:"), 0);
        assert_eq!(count("<b>tag"), 0);
        for class in ["keyword", "string", "comment", "number", "function", "type", "attribute"] {
            assert_eq!(count(&format!("class=\"code__{class}\"")), 2, "{class}");
        }
    });
}

#[test]
fn who_looks_after_the_room_may_see_what_others_said_before() {
    in_page(eventful(), Some(Role::Admin), |conversation| {
        assert_eq!(compare(conversation).matches("data-history").count(), 2);
    });
}

#[test]
fn so_it_does_in_a_thread() {
    in_page(plain(), None, |room| {
        let page = telicat_domain::event::ThreadPage {
            root: Posted {
                replies: Some(Replies { count: 2, last_at: START, unread: Some(1) }),
                ..post(1, "mei", None, "root", 0)
            },
            replies: vec![post(2, "mei", None, "first", 1), post(3, "mei", None, "second", 2)],
            cursor: 3,
            older: false,
            following: true,
            read: 0,
        };
        let thread = room.open_thread(&page);
        let html = compare(thread);
        assert_eq!(html.matches("thread-link").count(), 0, "a thread does not lead to itself");
        assert_eq!(html.matches("message--more").count(), 1, "the first reply stands for itself");
        let rows = thread.rows.get_untracked();
        assert_eq!(thread.address_of(1), "/chat/room/public-chat?at=1");
        assert_eq!(thread.address_of(3), format!("/chat/room/public-chat?thread={}", page.root.id));
        assert_eq!(rows.len(), 3);
    });
}
