//! Pages: where they lead, and what stands in their source.

use crate::{app::App, site::ROOM};
use http::{Method, Request};

fn nonce_of(policy: &str) -> &str {
    policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0
}

#[tokio::test]
async fn visitors_are_sent_to_log_in_and_come_back() {
    let app = App::start().await;
    let room = app.get(&format!("/chat/room/{ROOM}")).await;
    assert_eq!((room.status, room.location()), (302, "/accounts/login?next=/chat/room/public-chat"));
    let login = app.get(room.location()).await;
    assert_eq!(login.status, 200);
    assert!(login.text().contains("name=\"next\" value=\"/chat/room/public-chat\""));
    let nowhere = app.get("/chat/room/nowhere").await;
    assert_eq!(nowhere.status, 302, "whether there is a room is not said");
    let alice = app.sign_up("alice").await;
    for (path, to) in [("/", "/chat"), ("/chat", "/chat/room/public-chat"), ("/accounts/signup", "/chat")] {
        let answer = alice.get(path).await;
        assert_eq!((answer.status, answer.location()), (302, to), "{path}");
    }
}

#[tokio::test]
async fn pages_are_whole_before_any_script() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    alice.posts("the first word").await;
    alice.posts("the second").await;
    let room = alice.room().await;
    let html = room.text();
    assert_eq!(room.header("content-type"), "text/html; charset=utf-8");
    assert!(html.starts_with("<!DOCTYPE html>") && html.contains("</html>"));
    let messages = html.split_once("role=\"log\"").unwrap().1;
    let (first, second) = (messages.find("the first word").unwrap(), messages.find("the second").unwrap());
    assert!(first < second && html.contains("data-seq=\"1\"") && html.contains("data-seq=\"2\""));
    assert!(html.contains("action=\"/api/messages/post\""));
    let token = alice.cookie.split_once('=').unwrap().1;
    assert!(!html.contains(token) && !html.contains("hollowhill.example"), "neither token nor address");
    for path in ["/", "/accounts/login", "/accounts/signup", "/@alice", "/@ALICE"] {
        let page = app.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text().contains("<h1") && page.text().contains("<title>"), "{path}");
        let head = app.send(Request::builder().method(Method::HEAD).uri(path), "").await;
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_has_a_page_that_says_so() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    for path in ["/nothing", "/accounts", "/accounts/nothing", "/chat/room", "/@nobody", "/%2e%2e/etc", "/a/b/c/d"] {
        let page = app.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        if !path.starts_with("/a/") {
            assert!(page.text().contains("This line ends here."), "{path}");
        }
    }
    let room = alice.get("/chat/room/nowhere").await;
    assert_eq!(room.status, 404);
    assert!(room.text().contains("This line ends here."));
}

#[tokio::test]
async fn a_slash_too_many_is_taken_off() {
    let app = App::start().await;
    for (path, to) in [
        ("/accounts/login/", "/accounts/login"),
        ("/chat/room/public-chat/", "/chat/room/public-chat"),
        ("/accounts/login//?next=/chat", "/accounts/login?next=/chat"),
        ("/chat/?a=b&c", "/chat?a=b&c"),
    ] {
        let answer = app.get(path).await;
        assert_eq!((answer.status, answer.location()), (308, to), "{path}");
    }
    for path in ["//evil.example/", "//evil.example/%2f/", "/%5cevil.example/", "/\\evil.example/"] {
        let Ok(answer) = app.try_send(Request::get(path), "").await else { continue };
        assert!(!answer.location().starts_with("//") && !answer.location().starts_with("/\\"), "{path} {answer:?}");
    }
}

#[tokio::test]
async fn each_page_has_a_nonce_of_its_own() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let mut nonces = std::collections::BTreeSet::new();
    for _ in 0..3 {
        for page in [alice.room().await, app.get("/").await, app.get("/nothing").await] {
            let policy = page.header("content-security-policy");
            let nonce = nonce_of(policy);
            assert!(nonce.len() >= 16, "{nonce}");
            assert!(policy.contains(&format!("script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval';")));
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
            let html = page.text();
            let scripts = html.matches("<script").count();
            assert!(scripts > 0);
            assert_eq!(html.matches(&format!("nonce=\"{nonce}\"")).count(), html.matches("nonce=\"").count());
            let bare = html.split("<script").skip(1).filter(|tag| !tag.split('>').next().unwrap().contains("nonce="));
            assert_eq!(bare.count(), 0, "every script of the page runs by the nonce");
            assert!(!html.contains(" onclick=") && !html.contains(" style=\""), "nothing else runs or styles");
            assert!(nonces.insert(nonce.to_owned()), "{nonce} was there before");
        }
    }
}

#[tokio::test]
async fn no_text_leaves_its_place_in_the_page() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let texts = [
        "</script><script>alert(1)</script>",
        "<!--<script>alert(2)//-->",
        "</title></textarea><img src=x onerror=alert(3)>",
        "\u{2028}alert(4)\u{2029}//",
        "\"><svg onload=alert(5)>",
        "${alert(6)} {{7*7}} \\u003c/script>",
        "]]></script ><script\n>alert(7)",
    ];
    for text in texts {
        alice.posts(text).await;
    }
    let before = app.sign_up("bob").await.get(&format!("/chat/room/{ROOM}")).await;
    let html = before.text();
    for forbidden in [
        "<script>alert",
        "</script><script>",
        "<!--<script",
        "<img src=x",
        "<svg onload",
        "</title></textarea>",
        "</script >",
    ] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    assert!(!html.contains('\u{2028}') || !scripts_of(html).iter().any(|script| script.contains('\u{2028}')));
    assert!(html.contains("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
    // The API says them as they are, and as nothing that a browser would run.
    let said = alice.get(&format!("/api/messages/since?room={ROOM}&seq=0")).await;
    assert!(said.header("content-type").starts_with("application/json"));
    let bodies: Vec<_> = said.json()["events"].as_array().unwrap().iter().map(|e| e["body"].clone()).collect();
    assert_eq!(bodies, texts);
}

fn scripts_of(html: &str) -> Vec<&str> {
    html.split("<script").skip(1).filter_map(|rest| rest.split("</script>").next()).collect()
}
