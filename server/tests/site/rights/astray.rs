//! Messages that are not where somebody looks for them.

use super::{
    on_both,
    people::People,
    scene::{Kind, Scene, Talk, post, slug_in},
};
use serde_json::Value;

/// What was saved in a group goes with it, and comes back with it.
#[tokio::test]
async fn what_one_has_saved_is_there_as_long_as_one_may_read_it() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let scene = Scene::begin(&people, Kind::Group, Talk::Much).await;
        let (owner, member) = (people.user("owner"), people.user("member"));
        let saved = async || {
            let saved = member.get("/api/messages/saved").await.json();
            saved.as_array().unwrap().iter().map(|saved| saved["message"]["id"].clone()).collect::<Vec<Value>>()
        };
        let keep = [("message", scene.root.as_str()), ("on", "true")];
        assert_eq!(member.call("/api/messages/save", &keep).await.status, 200);
        let room = ("room", scene.slug.as_str());
        assert_eq!(owner.call("/api/rooms/remove", &[room, ("person", people.id("member"))]).await.status, 200);
        assert!(saved().await.is_empty());
        assert_eq!(owner.call("/api/rooms/add", &[room, ("people", "the-member")]).await.status, 200);
        assert_eq!(saved().await, [scene.root.as_str()]);
    })
    .await;
}

/// Also for who may read both rooms.
#[tokio::test]
async fn a_message_of_another_room_is_no_thread_and_no_answer_here() {
    on_both(async |app| {
        let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
        let here = slug_in(&mei.call("/api/rooms/create", &[("name", "Dome")]).await);
        let there = slug_in(&mei.call("/api/rooms/create", &[("name", "Hill")]).await);
        assert_eq!(mei.call("/api/rooms/add", &[("room", &there), ("people", "ines")]).await.status, 200);
        let root = post(&ines, &there, "what stands there", &[]).await;
        let reply = post(&mei, &there, "what was said there", &[("root", &root)]).await;
        // What was said last stands in the list of rooms.
        post(&mei, &there, "the last word", &[]).await;
        let own = post(&mei, &here, "what stands here", &[]).await;
        for more in [
            vec![("root", root.as_str())],
            vec![("root", &reply)],
            vec![("reply_to", &root)],
            vec![("reply_to", &reply)],
            vec![("root", &own), ("reply_to", &root)],
            vec![("root", &root), ("reply_to", &own)],
        ] {
            let fields = [vec![("room", here.as_str()), ("body", "astray")], more].concat();
            let refused = mei.call("/api/messages/post", &fields).await;
            assert_eq!(refused.error(), (404, "not_found".into()), "{fields:?}");
        }
        for (room, messages, replies) in [(&here, 1, Value::Null), (&there, 2, 1.into())] {
            let history = mei.get(&format!("/api/messages/before?room={room}")).await.json();
            let events = history["events"].as_array().unwrap();
            assert_eq!(events.iter().filter(|event| event["kind"] == "posted").count(), messages, "{history}");
            assert_eq!(events.first().unwrap()["replies"]["count"], replies, "{history}");
        }
        // Nor does it stand beside the other room.
        for query in [format!("thread={root}"), format!("thread={reply}"), format!("message={root}")] {
            let page = mei.get(&format!("/chat/room/{here}?{query}")).await;
            assert_eq!((page.status, page.text().contains("stands there")), (404, false), "{query}");
            assert!(page.text().contains("what stands here"));
            let page = mei.get(&format!("/chat/room/{there}?{query}")).await;
            assert_eq!((page.status, page.text().contains("stands there")), (200, true), "{query}");
        }
        let page = mei.get(&format!("/chat/room/{here}?reply={root}")).await;
        assert_eq!((page.status, page.text().contains("reply_to\" value")), (200, false));
        for (room, status) in [(&here, 404), (&there, 200)] {
            let thread = mei.get(&format!("/api/threads/show?root={root}&room={room}")).await;
            assert_eq!(thread.status, status, "{room}");
        }
    })
    .await;
}
