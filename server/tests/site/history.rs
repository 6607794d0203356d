//! The history of a room, as pages that are reached by links.

use crate::{
    app::App,
    site::{ROOM, User},
};

/// The numbers of the messages on a page.
fn shown(html: &str) -> Vec<i64> {
    html.split("data-seq=\"").skip(1).map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
}

/// Where a link of the page leads whose address has such a query.
fn link(html: &str, query: &str) -> Option<String> {
    let hrefs = html.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    hrefs.map(|href| href.replace("&amp;", "&")).find(|href| href.contains(query))
}

async fn html(reader: &User, path: &str) -> String {
    let page = reader.get(path).await;
    assert_eq!(page.status, 200, "{path}");
    page.text().to_owned()
}

#[tokio::test]
async fn every_message_is_reached_by_links_from_the_newest() {
    let app = App::start().await;
    let mei = app.sign_up("mei").await;
    for number in 1..=120 {
        mei.posts(&format!("message {number}")).await;
    }
    let mut page = html(&mei, &format!("/chat/room/{ROOM}")).await;
    let mut seen = shown(&page);
    assert_eq!(link(&page, "?after="), None, "nothing is newer than the newest");
    while let Some(older) = link(&page, "?before=") {
        page = html(&mei, &older).await;
        assert!(link(&page, "?after=").is_some(), "and there is a way back");
        seen.splice(0..0, shown(&page));
    }
    assert_eq!(seen, (1..=120).collect::<Vec<_>>());
    let nonsense = html(&mei, &format!("/chat/room/{ROOM}?before=x")).await;
    assert_eq!(shown(&nonsense).last(), Some(&120));
    let before_all = html(&mei, &format!("/chat/room/{ROOM}?before=1")).await;
    assert_eq!(shown(&before_all).last(), Some(&120), "there is nothing before the first");
}

#[tokio::test]
async fn an_answer_is_written_below_what_it_answers_and_leads_back_to_the_room() {
    let app = App::start().await;
    let mei = app.sign_up("mei").await;
    let question = mei.posts("who has the key?").await;
    let id = question["id"].as_str().unwrap();
    let path = format!("/chat/room/{ROOM}?reply={id}");
    let page = html(&mei, &path).await;
    assert!(page.contains(&format!("name=\"reply_to\" value=\"{id}\"")), "{page}");
    let plain = html(&mei, &format!("/chat/room/{ROOM}")).await;
    assert!(!plain.contains("name=\"reply_to\""));
    let room = format!("/chat/room/{ROOM}");
    let fields = [("room", ROOM), ("body", "I have"), ("reply_to", id), ("done", &room)];
    let answer = mei.site.submit("/api/messages/post", &path, &fields, &mei.cookie).await;
    assert_eq!((answer.status, answer.location()), (303, &*room));
    let refused = [("room", ROOM), ("body", " "), ("reply_to", id), ("done", &room)];
    let answer = mei.site.submit("/api/messages/post", &path, &refused, &mei.cookie).await;
    assert_eq!(answer.location(), path, "what was refused is answered where it was written");
    let elsewhere = [("room", ROOM), ("body", "x"), ("done", "//evil.example")];
    let answer = mei.site.submit("/api/messages/post", &path, &elsewhere, &mei.cookie).await;
    assert_eq!(answer.location(), path);
}
