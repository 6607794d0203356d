//! Rooms, as a browser without script begins, joins and arranges them.

use crate::{
    app::App,
    rights::slug_in,
    site::{Answer, User, form},
};
use http::{Request, header};
use telicat_store::testing::{dump, flashes};

async fn code_of(owner: &User, slug: &str) -> String {
    let settings = owner.get(&format!("/api/rooms/settings?room={slug}")).await.json();
    settings["link"]["code"].as_str().unwrap().to_owned()
}

/// A form from a page of this site that sends no Referer.
async fn submit_from_nowhere(user: &User, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request = Request::post(path)
        .header(header::ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ORIGIN, "null")
        .header(header::COOKIE, &user.cookie);
    user.site.send(request, form(fields)).await
}

#[tokio::test]
async fn a_group_is_begun_by_a_form_and_what_was_typed_comes_back() {
    let app = App::start().await;
    let mei = app.sign_up("mei").await;
    let page = mei.get("/chat/new").await;
    assert!(page.status == 200 && page.text().contains("action=\"/api/rooms/create\""));
    assert_eq!(app.get("/chat/new").await.location(), "/accounts/login?next=/chat/new");
    let fields = [("name", ""), ("topic", "what is <up>")];
    let refused = app.submit("/api/rooms/create", "/chat/new", &fields, &mei.cookie).await;
    assert_eq!((refused.status, refused.location()), (303, "/chat/new"));
    let cookies = format!("{}; {}", mei.cookie, refused.cookie("telicat-flash"));
    let again = app.get_with("/chat/new", &cookies).await;
    assert!(again.text().contains("what is &lt;up&gt;") && again.text().contains("Type a name."), "{}", again.text());
    let made = app.submit("/api/rooms/create", "/chat/new", &[("name", "Moon watch")], &mei.cookie).await;
    assert!(made.status == 303 && made.location().starts_with("/chat/room/moon-watch-"), "{made:?}");
    let room = mei.get(made.location()).await;
    // An empty group shows its link.
    assert!(room.text().contains("/chat/join/") && room.text().contains("You are the only one."));
}

#[tokio::test]
async fn looking_changes_nothing() {
    let app = App::start().await;
    let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
    let slug = slug_in(&mei.call("/api/rooms/create", &[("name", "Dome")]).await);
    let code = code_of(&mei, &slug).await;
    // Letters that wait are sent meanwhile.
    let rows = || async {
        let mut rows = dump(app.db()).await;
        rows.retain(|row| !row.starts_with("mails:"));
        rows.sort();
        rows
    };
    let before = rows().await;
    for path in [
        format!("/chat/join/{code}"),
        format!("/api/rooms/door?code={code}"),
        "/chat/with/mei".to_owned(),
        "/api/rooms/with?handle=mei".to_owned(),
        "/chat/new".to_owned(),
    ] {
        assert_eq!(ines.get(&path).await.status, 200, "{path}");
    }
    assert_eq!(mei.get(&format!("/chat/room/{slug}/settings")).await.status, 200);
    for path in ["create", "direct", "join", "leave", "edit", "archive", "delete", "link", "add", "remove", "role"] {
        assert_eq!(mei.get(&format!("/api/rooms/{path}?room={slug}&code={code}")).await.status, 405, "{path}");
    }
    assert_eq!(before, rows().await);
}

#[tokio::test]
async fn a_link_leads_in_by_a_button_and_its_code_is_kept_nowhere() {
    let app = App::start().await;
    let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
    let slug = slug_in(&mei.call("/api/rooms/create", &[("name", "Dome")]).await);
    let code = code_of(&mei, &slug).await;
    let path = format!("/chat/join/{code}");
    let door = ines.get(&path).await;
    assert_eq!((door.status, door.header("referrer-policy")), (200, "no-referrer"));
    assert!(door.text().contains("Dome") && door.text().contains("1 member") && door.text().contains("Join"));
    let visitor = app.get(&path).await;
    assert_eq!((visitor.status, visitor.location()), (302, &*format!("/accounts/login?next={path}")));

    // The page sends no Referer, so a browser says `Origin: null` of it; of nothing else that is taken.
    let fields = [("code", code.as_str()), ("page", path.as_str())];
    assert_eq!(submit_from_nowhere(&ines, "/api/rooms/create", &[("name", "x")]).await.status, 403);
    let joined = submit_from_nowhere(&ines, "/api/rooms/join", &fields).await;
    assert_eq!((joined.status, joined.location()), (303, &*format!("/chat/room/{slug}")));
    assert_eq!(ines.get(&path).await.location(), format!("/chat/room/{slug}"), "who is in just goes in");

    assert_eq!(mei.call("/api/rooms/link/revoke", &[("room", &slug)]).await.status, 200);
    let tom = app.sign_up("tomasz").await;
    let late = submit_from_nowhere(&tom, "/api/rooms/join", &fields).await;
    assert_eq!((late.status, late.location()), (303, &*path));
    let kept = flashes(app.db()).await.unwrap();
    assert!(!kept.is_empty() && kept.iter().all(|flash| !flash.contains(&code)), "{kept:?}");
    assert_eq!(tom.get(&path).await.status, 410);
}

#[tokio::test]
async fn the_way_to_somebody_leads_on_or_asks() {
    let app = App::start().await;
    let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
    assert!(mei.get("/@ines").await.text().contains("href=\"/chat/with/ines\""));
    assert!(!mei.get("/@mei").await.text().contains("/chat/with/"));
    let ask = mei.get("/chat/with/INES").await;
    assert!(ask.status == 200 && ask.text().contains("Start the conversation"));
    // An unknown handle answered 500.
    for (path, status) in [("/chat/with/nobody", 404), ("/chat/with/a%20b", 404), ("/chat/with/mei", 422)] {
        assert_eq!(mei.get(path).await.status, status, "{path}");
    }
    assert_eq!(app.get("/chat/with/ines").await.location(), "/accounts/login?next=/chat/with/ines");
    let made = app.submit("/api/rooms/direct", "/chat/with/ines", &[("people", "ines")], &mei.cookie).await;
    assert_eq!(made.status, 303);
    for (who, other) in [(&mei, "ines"), (&ines, "mei")] {
        let on = who.get(&format!("/chat/with/{other}")).await;
        assert_eq!((on.status, on.location()), (302, made.location()));
        assert_eq!(who.get(made.location()).await.status, 200);
    }
    // Leaving by GET answered 500.
    assert_eq!(mei.get("/api/rooms/leave?room=x").await.status, 405);
    assert_eq!(mei.call("/api/rooms/direct", &[("people", "nobody")]).await.error(), (422, "invalid".into()));
}

#[tokio::test]
async fn the_settings_show_each_what_they_may_do() {
    let app = App::start().await;
    let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
    let slug = slug_in(&mei.call("/api/rooms/create", &[("name", "Dome"), ("topic", "stars")]).await);
    let room = ("room", slug.as_str());
    assert_eq!(mei.call("/api/rooms/add", &[room, ("people", "ines")]).await.status, 200);
    let path = format!("/chat/room/{slug}/settings");
    let (own, hers) = (mei.get(&path).await, ines.get(&path).await);
    for form in ["edit", "add", "remove", "role", "link", "link/revoke", "leave", "archive", "delete"] {
        let action = format!("action=\"/api/rooms/{form}\"");
        assert_eq!((own.text().contains(&action), hers.text().contains(&action)), (true, form == "leave"), "{form}");
    }
    assert!(hers.text().contains("stars") && !hers.text().contains("/chat/join/"), "the link is not hers to see");
    let fields = [room, ("name", "Dome"), ("topic", &"t".repeat(251))];
    let refused = app.submit("/api/rooms/edit", &path, &fields, &mei.cookie).await;
    assert_eq!((refused.status, refused.location()), (303, &*path));
    let cookies = format!("{}; {}", mei.cookie, refused.cookie("telicat-flash"));
    let again = app.get_with(&path, &cookies).await;
    assert!(again.text().contains("Use at most 250 characters."));
    for (form, more, to) in [
        ("edit", vec![("name", "Moon"), ("topic", "")], &*path),
        ("archive", vec![("on", "true")], &path),
        ("archive", vec![("on", "false")], &path),
        ("delete", vec![("name", "Moon")], "/chat/room/public-chat"),
    ] {
        let fields: Vec<_> = [room].into_iter().chain(more).collect();
        let answer = app.submit(&format!("/api/rooms/{form}"), &path, &fields, &mei.cookie).await;
        assert_eq!((answer.status, answer.location()), (303, to), "{form}");
    }
    assert_eq!(mei.get(&path).await.status, 404);
}
