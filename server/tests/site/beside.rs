//! What stands beside a room, and what is done there by forms.

use crate::{
    app::App,
    site::{Answer, ROOM, User},
};

const PATH: &str = "/chat/room/public-chat";

async fn html(reader: &User, path: &str) -> String {
    let page = reader.get(path).await;
    assert_eq!(page.status, 200, "{path}");
    page.text().to_owned()
}

/// A page as it is read: without what the script begins with.
fn read(html: &str) -> String {
    let parts = html.split("<script").map(|part| part.split_once("</script>").map_or(part, |(_, rest)| rest));
    parts.collect::<Vec<_>>().join("")
}

/// The tags of a page, without the values of their attributes.
fn tags(html: &str) -> Vec<String> {
    let tags = html.split('<').skip(1).map(|rest| {
        let mut quoted = false;
        let within = rest.chars().take_while(move |c| {
            quoted ^= *c == '"';
            quoted || *c != '>'
        });
        within.collect::<String>().split('"').step_by(2).collect::<String>()
    });
    tags.collect()
}

#[test]
fn a_handler_would_be_found() {
    let found = tags("<a href=\"x on y>\" onclick=\"z\">a on b</a>");
    assert_eq!(found, ["a href= onclick=", "/a"]);
}

async fn post(writer: &User, body: &str, more: &[(&str, &str)]) -> String {
    let answer = writer.call("/api/messages/post", &[&[("room", ROOM), ("body", body)], more].concat()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// A form of a page beside the room, which leads back to it.
async fn submit(writer: &User, action: &str, page: &str, fields: &[(&str, &str)]) -> Answer {
    let answer = writer.site.submit(action, page, fields, &writer.cookie).await;
    assert_eq!((answer.status, answer.location()), (303, page), "{action}");
    answer
}

#[tokio::test]
async fn a_thread_is_read_beside_its_room_and_nowhere_else() {
    let app = App::start().await;
    let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
    let root = post(&ines, "who comes up", &[]).await;
    let reply = post(&mei, "a seat for me", &[("root", &root)]).await;
    let path = format!("{PATH}?thread={root}");
    let page = read(&html(&ines, &path).await);
    assert_eq!(page.matches("a seat for me").count(), 1);
    assert_eq!(page.matches("class=\"app__details\"").count(), 1);
    assert!(page.contains(&format!("data-message-id=\"{reply}\"")) && page.contains("1 reply"));
    assert!(page.contains(&format!("name=\"root\" value=\"{root}\"")), "one replies into the thread");
    let room = read(&html(&ines, PATH).await);
    assert!(!room.contains("a seat for me") && !room.contains("app__details"));
    assert!(room.contains(&format!("href=\"{path}\"")), "the room leads to it");
    submit(&ines, "/api/messages/post", &path, &[("room", ROOM), ("body", "taken"), ("root", &root)]).await;
    assert!(read(&html(&mei, &path).await).contains("2 replies"));
    submit(&ines, "/api/threads/follow", &path, &[("root", &root), ("on", "false")]).await;
    assert!(html(&ines, &path).await.contains(">Follow<"));
}

#[tokio::test]
async fn a_reply_is_answered_in_its_thread_whatever_the_address_says() {
    let app = App::start().await;
    let mei = app.sign_up("mei").await;
    let root = post(&mei, "the first", &[]).await;
    let reply = post(&mei, "the reply", &[("root", &root)]).await;
    let panel = read(&html(&mei, &format!("{PATH}?message={reply}")).await);
    assert!(panel.contains(&format!("href=\"{PATH}?thread={root}&amp;reply={reply}\"")));
    let room = read(&html(&mei, &format!("{PATH}?reply={reply}")).await);
    assert!(!room.contains("name=\"reply_to\""));
    let thread = read(&html(&mei, &format!("{PATH}?thread={root}&reply={reply}")).await);
    assert_eq!(thread.matches(&format!("name=\"reply_to\" value=\"{reply}\"")).count(), 1);
    assert!(thread.contains(&format!("name=\"root\" value=\"{root}\"")));
}

#[tokio::test]
async fn what_is_not_there_has_the_status_that_says_so() {
    let app = App::start().await;
    let mei = app.sign_up("mei").await;
    mei.posts("something").await;
    let nowhere = "00000000-0000-7000-8000-000000000000";
    for query in ["thread", "message"] {
        let page = mei.get(&format!("{PATH}?{query}={nowhere}")).await;
        assert_eq!(page.status, 404, "{query}");
        assert!(page.text().contains("It does not exist any more.") && page.text().contains("something"));
    }
    for ignored in ["?thread=x", "?message=", "?reply=x", "?older=x"] {
        html(&mei, &format!("{PATH}{ignored}")).await;
    }
}

#[tokio::test]
async fn without_a_script_a_message_is_changed_deleted_and_brought_back() {
    let app = App::start().await;
    let mei = app.sign_up("mei").await;
    let id = post(&mei, "teh <word>", &[]).await;
    let panel = format!("{PATH}?message={id}");
    assert!(read(&html(&mei, &panel).await).contains("teh &lt;word>"), "the source stands in the box");

    let long = format!("</textarea>{}", "m".repeat(10_001));
    let refused = submit(&mei, "/api/messages/edit", &panel, &[("message", &id), ("body", &long)]).await;
    let flash = refused.cookie("telicat-flash");
    let cookies = format!("{}; {flash}", mei.cookie);
    let again = app.get_with(&panel, &cookies).await;
    let shown = read(again.text());
    assert!(shown.contains("A message has at most 10,000 characters."), "it is said beside the box");
    assert!(shown.contains(&format!("&lt;/textarea>{}", "m".repeat(10_001))), "what was typed stays");

    submit(&mei, "/api/messages/edit", &panel, &[("message", &id), ("body", "the word")]).await;
    let shown = read(&html(&mei, &panel).await);
    assert!(shown.contains("(edited)") && shown.contains("teh &lt;word"), "what it said before is listed");
    submit(&mei, "/api/messages/delete", &panel, &[("message", &id)]).await;
    let shown = html(&mei, &panel).await;
    assert!(!shown.contains("the word"), "nothing of it is left in the page");
    assert!(shown.contains("Message deleted") && shown.contains("action=\"/api/messages/restore\""));
    submit(&mei, "/api/messages/restore", &panel, &[("message", &id)]).await;
    assert!(read(&html(&mei, &panel).await).contains("the word"));
}

#[tokio::test]
async fn without_a_script_a_message_is_reacted_to_and_saved() {
    let app = App::start().await;
    let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
    let id = post(&ines, "twelve volts", &[]).await;
    let panel = format!("{PATH}?message={id}");
    submit(&mei, "/api/messages/react", &panel, &[("message", &id), ("emoji", "👍"), ("on", "true")]).await;
    assert!(html(&mei, PATH).await.contains("aria-label=\"Thumbs up, 1, you too\""));
    assert!(html(&ines, PATH).await.contains("aria-label=\"Thumbs up, 1\""));
    submit(&mei, "/api/messages/save", &panel, &[("message", &id), ("on", "true")]).await;
    let saved = read(&html(&mei, "/chat/saved").await);
    assert!(saved.contains("twelve volts") && saved.contains(&format!("{PATH}?at=1")));
    assert!(!html(&ines, "/chat/saved").await.contains("twelve volts"), "it is saved for mei alone");
    submit(&mei, "/api/messages/save", "/chat/saved", &[("message", &id), ("on", "false")]).await;
    assert!(html(&mei, "/chat/saved").await.contains("Nothing is saved yet."));
    let visitor = app.get("/chat/saved").await;
    assert_eq!((visitor.status, visitor.location()), (302, "/accounts/login?next=/chat/saved"));
}

#[tokio::test]
async fn a_text_is_a_text_wherever_it_is_shown() {
    let app = App::start().await;
    let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
    let traps = [
        "<script>caught()</script>",
        "<img src=x onerror=\"caught()\">",
        "</textarea></article><svg onload=\"caught()\">",
        "[here](javascript:caught())",
        "`<img src=x onerror=\"caught()\">`",
        "```html\n<script>caught()</script>\n```",
        "> <iframe src=\"javascript:caught()\">",
        "[here](https://example.org/\"onclick=\"caught())",
    ];
    let mut last = String::new();
    for trap in traps {
        let id = post(&ines, trap, &[]).await;
        post(&mei, "an answer", &[("reply_to", &id)]).await;
        post(&mei, trap, &[("root", &id)]).await;
        mei.call("/api/messages/save", &[("message", &id), ("on", "true")]).await;
        last = id;
    }
    let paths = [
        PATH.to_owned(),
        format!("{PATH}?thread={last}"),
        format!("{PATH}?message={last}"),
        format!("{PATH}?reply={last}"),
        "/chat/saved".to_owned(),
    ];
    for path in paths {
        let page = html(&mei, &path).await;
        for tag in ["<script>caught", "<img src=x", "<svg onload", "<iframe", "href=\"javascript:"] {
            assert!(!read(&page).contains(tag), "{tag} on {path}");
        }
        let handlers: Vec<String> = tags(&read(&page)).into_iter().filter(|tag| tag.contains(" on")).collect();
        assert_eq!(handlers, Vec::<String>::new(), "{path}");
        // What the script begins with is JSON in which no tag can end it.
        assert!(!page.contains("</script>caught") && !page.contains("<script>caught"), "{path}");
    }
}
