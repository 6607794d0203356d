//! In an archived room nothing is written and nobody comes; what is there is read.

use super::{
    on_both,
    people::{People, handle},
    scene::{Kind, Scene, Talk},
};

#[tokio::test]
async fn an_archived_group_says_why_it_refuses() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let scene = Scene::begin(&people, Kind::Archived, Talk::Much).await;
        let room = ("room", scene.slug.as_str());
        for who in ["member", "admin", "owner"] {
            let user = people.user(who);
            let refused = user.call("/api/messages/post", &[room, ("body", "late")]).await;
            assert_eq!(refused.error(), (409, "archived".into()), "{who}");
            assert_eq!(user.get(&format!("/chat/room/{}", scene.slug)).await.status, 200, "{who}");
        }
        let stranger = handle("stranger");
        for (path, more) in [
            ("/api/rooms/edit", vec![("name", "x"), ("topic", "")]),
            ("/api/rooms/add", vec![("people", stranger.as_str())]),
            ("/api/rooms/link", vec![]),
        ] {
            let fields: Vec<_> = [room].into_iter().chain(more).collect();
            assert_eq!(people.user("admin").call(path, &fields).await.error(), (409, "archived".into()), "{path}");
        }
        let stranger = people.user("stranger").call("/api/rooms/join", &[("code", &scene.code)]).await;
        assert_eq!(stranger.error(), (410, "link_expired".into()));
    })
    .await;
}

/// Who runs the site closes the public room for everybody, and still takes away what should not stand there.
#[tokio::test]
async fn a_public_room_that_is_archived_is_read_by_all_and_written_by_nobody() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let scene = Scene::begin(&people, Kind::Public, Talk::Much).await;
        scene.call("archive", &[("on", "true")]).await;
        let room = ("room", scene.slug.as_str());
        for (place, who) in scene.kind.who().iter().enumerate().skip(1) {
            let (user, own, other) = (people.user(who), scene.own[place].as_str(), scene.others[place].as_str());
            for (path, fields) in [
                ("/api/messages/post", vec![room, ("body", "late")]),
                ("/api/messages/post", vec![room, ("body", "late"), ("root", &scene.root)]),
                ("/api/messages/edit", vec![("message", own), ("body", "late")]),
                ("/api/messages/react", vec![("message", other), ("emoji", "👍"), ("on", "true")]),
            ] {
                assert_eq!(user.call(path, &fields).await.error(), (409, "archived".into()), "{path}, {who}");
            }
            let runs = *who == "runner";
            for (path, message, refused) in [
                ("/api/messages/delete", own, 409),
                ("/api/messages/restore", scene.gone[place].as_str(), 409),
                ("/api/messages/delete", other, 403),
            ] {
                let answer = user.call(path, &[("message", message)]).await;
                assert_eq!(answer.status, if runs { 200 } else { refused }, "{path}, {who}");
            }
            let pin = user.call("/api/messages/pin", &[("message", &scene.root), ("on", "true")]).await;
            assert_eq!(pin.status, if runs { 409 } else { 403 }, "{who}");
            for path in ["/chat/room/SLUG", "/api/messages/since?room=SLUG&seq=0", "/api/rooms/members?room=SLUG"] {
                assert_eq!(user.get(&path.replace("SLUG", &scene.slug)).await.status, 200, "{path}, {who}");
            }
            let read = user.call("/api/rooms/read", &[room, ("seq", "9")]).await;
            assert_eq!(read.status, 200, "{who}");
        }
    })
    .await;
}
