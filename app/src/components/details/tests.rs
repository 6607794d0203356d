//! What stands beside a room, as it is read without a script.

use super::{wanted::About, *};
use telicat_domain::{
    Author, Handle, Message, MessageId, Nonce, PersonId, Timestamp,
    event::{Reaction, Replies, Root, ThreadPage, Version},
    permission::Role,
    rich::{Block, Inline, RichText},
};
use uuid::Uuid;

fn author(handle: &str) -> Author {
    let id = PersonId(Uuid::from_u128(handle.as_bytes()[0].into()));
    Author { id, handle: Handle::from_stored(handle.to_owned()), name: None, picture: None, deleted: false }
}

fn message(seq: i64, handle: &str, body: &str) -> Message {
    let id = Uuid::from_u128(seq.unsigned_abs().into());
    Message::new(seq, MessageId(id), Nonce(id), author(handle), body.to_owned(), Timestamp(seq * Timestamp::SECOND))
}

/// The pane of a room whose reader is mei, as a member of that role.
fn shown(pane: Pane, role: Option<Role>) -> String {
    let owner = Owner::new_root(None);
    owner.with(|| {
        let mut page = crate::testing::room_page(vec![message(1, "ines", "in the room")]);
        page.room.role = role;
        let conversation = Conversation::open(&page, author("mei"));
        let beside = Beside::open(conversation, Details { pane: Some(pane), ..Details::default() });
        view! { <DetailsPane beside room="Public chat".to_owned()/> }.to_html()
    })
}

fn about(message: Message) -> Pane {
    Pane::Message(Box::new(About { message, thread: None, versions: None }))
}

fn has_form(html: &str, action: &str) -> bool {
    html.contains(&format!("action=\"{action}\""))
}

#[test]
fn an_own_message_has_a_form_for_everything_that_can_be_done_with_it() {
    let html = shown(about(message(5, "mei", "mine & <b>\"yours\"</b>")), None);
    for action in
        ["/api/messages/react", "/api/messages/edit", "/api/messages/delete", "/api/messages/save", "/api/rooms/unread"]
    {
        assert!(has_form(&html, action), "{action}");
    }
    assert!(!has_form(&html, "/api/messages/pin"), "members pin nothing in a public room");
    let id = MessageId(Uuid::from_u128(5));
    assert!(html.contains(&format!("?reply={id}\"")) && html.contains(&format!("?thread={id}\"")));
    assert!(html.contains("?at=5\""));
    assert!(html.contains("mine &amp; &lt;b>\"yours\"&lt;/b>"), "the source stands in the box: {html}");
    assert!(!html.contains("<b>\"yours\"") && !html.contains("<!></textarea>"));
}

#[test]
fn of_others_one_changes_nothing_unless_one_looks_after_the_room() {
    let html = shown(about(message(5, "ines", "hers")), None);
    assert!(!has_form(&html, "/api/messages/edit") && !has_form(&html, "/api/messages/delete"));
    assert!(has_form(&html, "/api/messages/react") && has_form(&html, "/api/messages/save"));
    let html = shown(about(message(5, "ines", "hers")), Some(Role::Admin));
    assert!(!has_form(&html, "/api/messages/edit"));
    assert!(has_form(&html, "/api/messages/delete") && has_form(&html, "/api/messages/pin"));
}

#[test]
fn what_was_deleted_by_a_slip_has_a_way_back() {
    let mut gone = message(5, "mei", "slip");
    gone.delete();
    let html = shown(about(gone), None);
    assert!(has_form(&html, "/api/messages/restore") && !has_form(&html, "/api/messages/delete"));
    let mut gone = message(5, "ines", "slip");
    gone.delete();
    assert!(!has_form(&shown(about(gone.clone()), None), "/api/messages/restore"));
    assert!(has_form(&shown(about(gone), Some(Role::Admin)), "/api/messages/restore"), "perhaps they deleted it");
}

#[test]
fn reactions_are_given_and_taken_back_by_forms() {
    let reactions = vec![
        Reaction { emoji: "👍".into(), count: 2, mine: true },
        Reaction { emoji: "🪐".into(), count: 1, mine: false },
    ];
    let html = shown(about(Message { reactions, ..message(5, "ines", "hers") }), None);
    assert_eq!(html.matches("action=\"/api/messages/react\"").count(), 7, "six at hand and the one that was given");
    assert_eq!(html.matches("name=\"on\" value=\"false\"").count(), 1, "the own one is taken back");
    assert_eq!(html.matches("aria-pressed=\"true\"").count(), 1);
}

#[test]
fn what_a_message_said_before_is_shown_as_it_was_typed() {
    let versions = vec![Version { body: "<i>before</i>".into(), at: Timestamp(0) }];
    let message = Message { edited_at: Some(Timestamp(9)), ..message(5, "mei", "now") };
    let html = shown(Pane::Message(Box::new(About { message, thread: None, versions: Some(versions) })), None);
    assert!(html.contains("&lt;i&gt;before&lt;/i&gt;") && html.contains("(edited)"));
}

#[test]
fn a_thread_has_its_first_message_its_replies_and_a_box() {
    let replies = Some(Replies { count: 2, last_at: Timestamp(0), unread: None });
    let root = Message { replies, ..message(5, "ines", "who comes") };
    let in_thread =
        |seq, handle, body| Message { root: Some(Root { id: root.id, replies: 2 }), ..message(seq, handle, body) };
    let page = ThreadPage {
        root: root.clone(),
        replies: vec![in_thread(6, "mei", "I do"), in_thread(7, "ines", "good")],
        cursor: 7,
        older: true,
        following: false,
        read: 0,
    };
    let html = shown(Pane::Thread { page: Box::new(page), reply: None }, None);
    let places: Vec<usize> = ["who comes", "2 replies", "I do", "good", "/api/messages/post"]
        .into_iter()
        .map(|part| html.find(part).unwrap_or_else(|| panic!("{part} is missing")))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(has_form(&html, "/api/threads/follow") && html.contains("name=\"on\" value=\"true\""));
    assert!(html.contains(&format!("?thread={}&amp;older=6\"", root.id)), "older replies are reached by a link");
    assert!(html.contains(&format!("?thread={}&amp;message={}\"", root.id, MessageId(Uuid::from_u128(6)))));
}

#[test]
fn pinned_messages_are_listed_and_taken_off_by_those_who_may() {
    let rich = RichText(vec![Block::Paragraph(vec![Inline::Text("<script>".into()), Inline::Code("x".into())])]);
    let pins = vec![Message { rich: Some(Box::new(rich)), ..message(5, "ines", "") }, message(2, "mei", "second")];
    let html = shown(Pane::Pinned(pins.clone()), None);
    assert!(html.contains("&lt;script&gt;") && html.contains("<code>x") && !html.contains("<script>"));
    assert!(html.contains("?at=5\"") && html.contains("?at=2\"") && !has_form(&html, "/api/messages/pin"));
    let html = shown(Pane::Pinned(pins), Some(Role::Admin));
    assert_eq!(html.matches("action=\"/api/messages/pin\"").count(), 2);
    assert!(shown(Pane::Pinned(Vec::new()), None).contains("Nothing is pinned here."));
}

#[test]
fn what_is_not_there_is_said() {
    assert!(shown(Pane::Failed(ApiError::NotFound), None).contains("It does not exist any more."));
}
