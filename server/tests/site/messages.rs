//! What one does with a message, over HTTP: the addresses, the fields and the shapes of the answers.

use crate::{
    app::App,
    site::{ROOM, User},
};
use serde_json::{Value, json};

async fn does(user: &User, verb: &str, fields: &[(&str, &str)]) -> Value {
    let answer = user.call(&format!("/api/{verb}"), fields).await;
    assert_eq!(answer.status, 200, "{verb}: {answer:?}");
    answer.json()
}

async fn asks(user: &User, question: &str) -> Value {
    let answer = user.get(&format!("/api/{question}")).await;
    assert_eq!(answer.status, 200, "{question}: {answer:?}");
    answer.json()
}

#[tokio::test]
async fn every_verb_has_its_address_and_its_answer() {
    let app = App::start().await;
    let (alice, bob) = (app.sign_up("alice").await, app.sign_up("bob").await);
    let first = alice.posts("hello **@bob**").await;
    let (id, bob_id) = (first["id"].as_str().unwrap().to_owned(), first["mentions"][0].clone());
    let rich = json!([{"b": "paragraph", "c": [
        {"i": "text", "c": "hello "},
        {"i": "strong", "c": [{"i": "mention", "c": {"handle": "bob", "person": bob_id}}]},
    ]}]);
    assert_eq!(first["rich"], rich);

    let edited = does(&alice, "messages/edit", &[("message", &id), ("body", "hello")]).await;
    assert_eq!((&edited["kind"], &edited["seq"], &edited["called"]), (&json!("edited"), &json!(2), &json!([bob_id])));
    assert_eq!((&edited["message"]["seq"], &edited["message"]["body"]), (&json!(1), &json!("hello")));
    assert!(edited["message"]["edited_at"].is_i64() && edited["message"].get("rich").is_none());
    let same = does(&alice, "messages/edit", &[("message", &id), ("body", "hello")]).await;
    assert_eq!((&same["kind"], &same["seq"]), (&json!("posted"), &json!(1)));

    let reacted = does(&bob, "messages/react", &[("message", &id), ("emoji", "👍"), ("on", "true")]).await;
    let expected =
        json!({"kind": "reacted", "seq": 3, "message": id, "emoji": "👍", "person": bob_id, "on": true, "count": 1});
    assert_eq!(reacted, expected);
    let again = does(&bob, "messages/react", &[("message", &id), ("emoji", "👍"), ("on", "true")]).await;
    assert_eq!(again, json!(null));
    let who = asks(&alice, &format!("messages/reacted?message={id}&emoji=%F0%9F%91%8D")).await;
    assert_eq!(who[0]["handle"], "bob");
    let history = asks(&alice, &format!("messages/history?message={id}")).await;
    assert_eq!(history[0]["body"], "hello **@bob**");
    assert_eq!(bob.get(&format!("/api/messages/history?message={id}")).await.error(), (403, "forbidden".into()));

    let fields = [("room", ROOM), ("body", "an answer"), ("reply_to", &id), ("root", ""), ("nonce", "")];
    let answer = does(&bob, "messages/post", &fields).await;
    let quote = json!({"message": id, "seq": 1, "author": first["author"], "text": "hello"});
    assert_eq!(answer["reply_to"], quote);
    let reply = does(&bob, "messages/post", &[("room", ROOM), ("body", "in the thread"), ("root", &id)]).await;
    assert_eq!(reply["root"], json!({"id": id, "replies": 1}));
    let thread = asks(&alice, &format!("threads/show?root={id}")).await;
    assert_eq!((&thread["replies"][0]["id"], &thread["following"]), (&reply["id"], &json!(true)));
    assert_eq!(thread["root"]["replies"]["unread"], 1);
    assert_eq!(does(&alice, "threads/read", &[("root", &id), ("seq", "5")]).await, json!(null));
    assert_eq!(does(&alice, "threads/follow", &[("root", &id), ("on", "false")]).await, json!(null));
    let before = asks(&alice, &format!("threads/before?root={id}&seq=99")).await;
    assert_eq!(
        (&before["events"][0]["kind"], &before["next"], &before["at"]),
        (&json!("posted"), &json!(null), &json!(5))
    );

    assert_eq!(does(&alice, "messages/save", &[("message", &id), ("on", "true")]).await, json!(null));
    let saved = asks(&alice, "messages/saved").await;
    assert_eq!((&saved[0]["room"]["slug"], &saved[0]["message"]["saved"]), (&json!(ROOM), &json!(true)));
    let refused = bob.call("/api/messages/pin", &[("message", &id), ("on", "true")]).await;
    assert_eq!(refused.error(), (403, "forbidden".to_owned()));
    assert_eq!(asks(&bob, &format!("messages/pinned?room={ROOM}")).await, json!([]));

    let deleted = does(&bob, "messages/delete", &[("message", reply["id"].as_str().unwrap())]).await;
    let gone = json!({"id": reply["id"], "seq": 5, "author": bob_id, "root": {"id": id, "replies": 0}});
    assert_eq!(deleted, json!({"kind": "deleted", "seq": 6, "message": gone}));
    let restored = does(&bob, "messages/restore", &[("message", reply["id"].as_str().unwrap())]).await;
    assert_eq!((&restored["kind"], &restored["message"]["body"]), (&json!("restored"), &json!("in the thread")));

    let page = asks(&bob, &format!("rooms/show?room={ROOM}&at=1&list=false")).await;
    assert_eq!((&page["rooms"], &page["last_post"], &page["cursor"]), (&json!([]), &json!(4), &json!(7)));
    let first = &page["messages"][0];
    assert_eq!(first["reactions"], json!([{"emoji": "👍", "count": 1, "mine": true}]));
    assert_eq!(first["replies"]["count"], 1);
    let after = asks(&bob, &format!("messages/after?room={ROOM}&seq=1")).await;
    assert_eq!((after["events"].as_array().unwrap().len(), &after["at"]), (1, &json!(7)));
    assert_eq!(asks(&bob, &format!("messages/day?room={ROOM}&day=0")).await, json!(1));
    assert_eq!(asks(&bob, &format!("messages/day?room={ROOM}&day={}", i64::MAX)).await, json!(null));
    let people = asks(&alice, &format!("people/complete?room={ROOM}&q=b")).await;
    assert_eq!((people[0]["handle"].clone(), people.as_array().unwrap().len()), (json!("bob"), 1));
    let kinds: Vec<Value> = alice.since(0).await.into_iter().map(|event| event["kind"].clone()).collect();
    assert_eq!(kinds, ["posted", "edited", "reacted", "posted", "posted", "deleted", "restored"]);
    app.stop().await.drop_database().await;
}

#[tokio::test]
async fn what_is_no_message_is_not_found() {
    let app = App::start().await;
    let alice = app.sign_up("alice").await;
    let nobody = "00000000-0000-0000-0000-000000000000";
    for message in ["", "1", "x", "'", nobody] {
        for (verb, more) in [
            ("messages/edit", ("body", "x")),
            ("messages/delete", ("", "")),
            ("messages/restore", ("", "")),
            ("messages/pin", ("on", "true")),
            ("messages/save", ("on", "true")),
        ] {
            let answer = alice.call(&format!("/api/{verb}"), &[("message", message), more]).await;
            assert_eq!(answer.error(), (404, "not_found".to_owned()), "{verb} {message}");
        }
        for question in ["messages/history?message=", "threads/show?root=", "threads/before?seq=1&root="] {
            let answer = alice.get(&format!("/api/{question}{message}")).await;
            assert_eq!(answer.error(), (404, "not_found".to_owned()), "{question}{message}");
        }
    }
    let odd = alice.call("/api/messages/react", &[("message", nobody), ("emoji", "<b>"), ("on", "true")]).await;
    assert_eq!((odd.status, &odd.json()["fields"][0]["field"]), (422, &json!("emoji")));
    for (path, cookie) in
        [("messages/saved", ""), ("people/complete?q=a", ""), ("messages/pinned?room=public-chat", "")]
    {
        assert_eq!(app.get_with(&format!("/api/{path}"), cookie).await.error(), (401, "not_signed_in".to_owned()));
    }
    app.stop().await.drop_database().await;
}
