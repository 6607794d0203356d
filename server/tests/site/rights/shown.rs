//! What shows a room without being asked for it: lists, and the way back to where one was.

use super::{
    on_both,
    people::{People, handle},
    scene::{Kind, SECRET, Scene, Talk},
};
use crate::site::{ROOM, User};

/// Whether somebody finds the room in each of these places.
async fn shown(user: &User, scene: &Scene<'_>) -> Vec<(&'static str, bool)> {
    let slug = scene.slug.as_str();
    let list = user.get("/api/rooms/list").await;
    assert!(list.status == 200 && list.text().contains(ROOM));
    let beside = user.get(&format!("/api/rooms/show?room={ROOM}")).await;
    let page = user.get(&format!("/chat/room/{ROOM}")).await;
    let remembered = format!("{}; telicat-room={slug}", user.cookie);
    let last = user.site.get_with("/api/rooms/last", &remembered).await;
    let way_back = user.site.get_with("/chat", &remembered).await;
    vec![
        ("the list", list.text().contains(slug)),
        ("the list of a page", beside.text().contains(slug)),
        ("the page of another room", page.text().contains(slug)),
        ("the last room", last.text().contains(slug)),
        ("the way back", way_back.location().ends_with(slug)),
    ]
}

#[tokio::test]
async fn a_room_is_shown_to_those_who_are_in_it_alone() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        for kind in Kind::ALL {
            let scene = Scene::begin(&people, kind, Talk::Little).await;
            for who in &kind.who()[1..] {
                for (place, found) in shown(people.user(who), &scene).await {
                    assert_eq!(found, kind.has(who), "{place}, in {kind:?}, for {who}");
                }
            }
        }
    })
    .await;
}

/// The words of a room are on no page of somebody who is not in it.
#[tokio::test]
async fn the_last_words_in_a_list_are_those_of_ones_own_rooms() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        for kind in [Kind::Group, Kind::Archived, Kind::Direct] {
            Scene::begin(&people, kind, Talk::Little).await;
        }
        for (who, has) in [("stranger", false), ("runner", false), ("removed", false), ("member", true)] {
            for path in ["/api/rooms/list".to_owned(), format!("/chat/room/{ROOM}")] {
                let answer = people.user(who).get(&path).await;
                assert_eq!(answer.text().contains(SECRET), has, "{path}, for {who}");
            }
        }
    })
    .await;
}

/// The room of two is found by either of them by the other's name, and by nobody else.
#[tokio::test]
async fn the_room_of_two_is_found_by_the_two() {
    on_both(async |app| {
        let people = People::sign_up(&app).await;
        let scene = Scene::begin(&people, Kind::Direct, Talk::Little).await;
        for (who, with, has) in [
            ("owner", "member", true),
            ("member", "owner", true),
            ("stranger", "owner", false),
            ("stranger", "member", false),
            ("runner", "owner", false),
        ] {
            let user = people.user(who);
            let found = user.get(&format!("/api/rooms/with?handle={}", handle(with))).await;
            assert_eq!((found.status, found.text().contains(&scene.slug)), (200, has), "{who}, {with}");
            let way = user.get(&format!("/chat/with/{}", handle(with))).await;
            assert_eq!(way.location().ends_with(&scene.slug), has, "{who}, {with}");
        }
    })
    .await;
}
