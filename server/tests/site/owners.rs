//! Invitations, the first owner, leaving for good and copies of one's data: as a program does, and as a browser without
//! script does.

use crate::{
    app::{App, How},
    executable::mode,
    site::{PASSWORD, ROOM, User, newcomer, within},
};
use serde_json::{Value, json};
use std::{fs, io::Cursor, io::Read};
use telicat_service::{Signups, secret::Token};
use telicat_store::testing::dump;

const SIGN_UP: &str = "/api/accounts/signup";
const FIRST_OWNER: &str = "/api/accounts/first-owner";
const CREATE: &str = "/api/invitations/create";
const DELETE: &str = "/api/profile/delete";
const EXPORT: &str = "/api/profile/export";
const TERMS: [(&str, &str); 3] = [("note", "the <club>"), ("uses", "2"), ("days", "7")];

async fn by_invitation() -> App {
    App::with(How { signups: Signups::Invite, ..How::default() }).await
}

/// The token of a link for the first owner.
async fn first_owner(app: &App) -> String {
    let link = app.services.first_owner_link().await.unwrap().unwrap();
    link.strip_prefix("http://chat.example/accounts/first-owner/").unwrap().to_owned()
}

/// Somebody who runs the site.
async fn owner(app: &App) -> User {
    first_owner_named(app, "olga").await
}

/// The first who runs the site, under a name.
pub(crate) async fn first_owner_named(app: &App, name: &str) -> User {
    let token = first_owner(app).await;
    let fields = newcomer(name);
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("token", &token));
    let answer = app.call(FIRST_OWNER, &fields, "").await;
    assert_eq!((answer.status, answer.json()), (200, json!({"next": "/chat", "notice": {"notice": "owner_made"}})));
    User { site: **app, cookie: answer.cookie("telicat") }
}

fn invited<'a>(fields: &'a [(&'static str, String); 3], token: &'a str) -> Vec<(&'a str, &'a str)> {
    let fields = fields.iter().map(|(name, value)| (*name, value.as_str()));
    fields.chain([("invitation", token)]).collect()
}

#[tokio::test]
async fn an_invitation_is_made_shown_once_and_used() {
    let app = by_invitation().await;
    let olga = owner(&app).await;
    let answer = olga.call(CREATE, &TERMS).await;
    let link = answer.json()["link"].as_str().unwrap().to_owned();
    let token = link.strip_prefix("http://chat.example/accounts/signup?invitation=").unwrap();
    assert_eq!((answer.status, &answer.json()["next"]), (200, &json!("/invitations")));

    // The browser that made it is shown the link, once.
    let cookies = format!("{}; {}", olga.cookie, answer.cookie("telicat-invitation"));
    let page = app.get_with("/invitations", &cookies).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains(&format!("value=\"{link}\"")), "{}", page.text());
    assert!(page.text().contains("the &lt;club&gt;") && page.text().contains("2 uses left"), "{}", page.text());
    assert!(page.set_cookie("telicat-invitation").unwrap().contains("Max-Age=0"));
    assert!(!olga.get("/invitations").await.text().contains(token));

    let path = format!("/accounts/signup?invitation={token}");
    let html = app.get(&path).await;
    assert!(html.status == 200 && html.text().contains(&format!("name=\"invitation\" value=\"{token}\"")));
    // The way to the login page and back keeps it.
    assert!(html.text().contains(&format!("href=\"/accounts/login?invitation={token}\"")), "{}", html.text());
    let log_in = app.get(&format!("/accounts/login?next=/chat&invitation={token}")).await;
    let back = format!("href=\"/accounts/signup?next=/chat&amp;invitation={token}\"");
    assert!(log_in.text().contains(&back), "{}", log_in.text());

    let fields = newcomer("mei");
    assert_eq!(app.call(SIGN_UP, &invited(&fields, token), "").await.status, 200);
    let fields = newcomer("MEI");
    assert_eq!(app.call(SIGN_UP, &invited(&fields, token), "").await.status, 422, "which uses nothing up");
    let fields = newcomer("ines");
    assert_eq!(app.call(SIGN_UP, &invited(&fields, token), "").await.status, 200);
    let fields = newcomer("tomasz");
    let over = app.call(SIGN_UP, &invited(&fields, token), "").await;
    assert_eq!(over.error(), (403, "invitation_needed".to_owned()));
    let page = app.get(&path).await;
    assert_eq!(page.status, 410);
    assert!(page.text().contains("This invitation works no more") && !page.text().contains("name=\"username\""));
}

#[tokio::test]
async fn without_script_an_invitation_is_made_kept_over_mistakes_and_taken_back() {
    let app = by_invitation().await;
    let olga = owner(&app).await;
    let wrong = [("note", "for <you>"), ("uses", "0"), ("days", "soon")];
    let back = app.submit(CREATE, "/invitations", &wrong, &olga.cookie).await;
    assert_eq!((back.status, back.location()), (303, "/invitations"));
    let cookies = format!("{}; {}", olga.cookie, back.cookie("telicat-flash"));
    let shown = app.get_with("/invitations", &cookies).await;
    for text in
        ["Type a number from 1 to 1000.", "Type a number from 1 to 90.", "value=\"for &lt;you", "value=\"soon\""]
    {
        assert!(shown.text().contains(text), "{text}: {}", shown.text());
    }
    let made = app.submit(CREATE, "/invitations", &TERMS, &olga.cookie).await;
    assert_eq!((made.status, made.location()), (303, "/invitations"));
    let token = made.cookie("telicat-invitation").split_once('=').unwrap().1.to_owned();
    let page = app.get_with("/invitations", &format!("{}; telicat-invitation={token}", olga.cookie)).await;
    assert!(page.text().contains(&format!("value=\"http://chat.example/accounts/signup?invitation={token}\"")));

    // A mistake in the form for signing up comes back to the same address, and the invitation is written down nowhere.
    let path = format!("/accounts/signup?invitation={token}");
    let mut fields = newcomer("mei");
    fields[1].1 = "a b".to_owned();
    let back = app.submit(SIGN_UP, &path, &invited(&fields, &token), "").await;
    assert_eq!((back.status, back.location()), (303, path.as_str()));
    let shown = app.get_with(&path, &back.cookie("telicat-flash")).await;
    assert!(shown.text().contains("value=\"mei@hollowhill.example\"") && shown.text().contains("value=\"a b\""));
    assert!(shown.text().contains(&format!("name=\"invitation\" value=\"{token}\"")));

    let list = olga.get("/api/invitations/list").await.json();
    let id = list["invitations"][0]["id"].as_str().unwrap().to_owned();
    let gone = app.submit("/api/invitations/revoke", "/invitations", &[("invitation", &id)], &olga.cookie).await;
    assert_eq!((gone.status, gone.location()), (303, "/invitations"));
    let cookies = format!("{}; {}", olga.cookie, gone.cookie("telicat-flash"));
    let page = app.get_with("/invitations", &cookies).await;
    assert!(
        page.text().contains("The invitation works no more.") && page.text().contains("There is no open invitation.")
    );
    assert_eq!(app.get(&path).await.status, 410);
    assert!(dump(&app.db.db).await.iter().all(|row| !row.contains(&token)), "only the hash is kept");
}

#[tokio::test]
async fn for_everybody_but_owners_there_are_no_invitations() {
    let app = App::start().await;
    let olga = owner(&app).await;
    let mei = app.sign_up("mei").await;
    assert_eq!(mei.get("/invitations").await.status, 404);
    assert_eq!(app.get("/invitations").await.status, 404);
    for (path, fields) in
        [(CREATE, &TERMS[..]), ("/api/invitations/revoke", &[("invitation", "00000000-0000-0000-0000-000000000000")])]
    {
        assert_eq!(mei.call(path, fields).await.error(), (404, "not_found".to_owned()), "{path}");
        assert_eq!(app.call(path, fields, "").await.error(), (401, "not_signed_in".to_owned()), "{path}");
    }
    assert_eq!(mei.get("/api/invitations/list").await.status, 404);
    let menu = "href=\"/invitations\"";
    assert!(olga.room().await.text().contains(menu) && !mei.room().await.text().contains(menu));
}

#[tokio::test]
async fn who_may_not_sign_up_is_told_why_instead_of_a_form() {
    let app = by_invitation().await;
    let page = app.get("/accounts/signup").await;
    assert_eq!(page.status, 200);
    assert!(
        page.text().contains("by invitation only") && !page.text().contains("name=\"username\""),
        "{}",
        page.text()
    );
    let fields = newcomer("mei");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(app.call(SIGN_UP, &fields, "").await.error(), (403, "invitation_needed".to_owned()));
    assert_eq!(app.get("/accounts/signup?invitation=%22%3E%3Cscript").await.status, 410);
    let closed = App::with(How { signups: Signups::Closed, ..How::default() }).await;
    let page = closed.get("/accounts/signup").await;
    assert!(page.text().contains("Signups are closed") && !page.text().contains("name=\"username\""));
}

#[tokio::test]
async fn the_first_owner_is_made_by_the_link_where_signups_are_closed() {
    let app = App::with(How { signups: Signups::Closed, ..How::default() }).await;
    let token = first_owner(&app).await;
    let path = format!("/accounts/first-owner/{token}");
    let page = app.get(&path).await;
    assert!(page.status == 200 && page.text().contains("Create the owner"), "{}", page.text());
    // With a mistake first.
    let fields = [
        ("token", token.as_str()),
        ("page", &path),
        ("email", "olga@h.example"),
        ("username", "o l"),
        ("password", "x"),
    ];
    let back = app.submit(FIRST_OWNER, &path, &fields, "").await;
    assert_eq!((back.status, back.location()), (303, path.as_str()));
    let shown = app.get_with(&path, &back.cookie("telicat-flash")).await;
    assert!(shown.text().contains("value=\"o l\"") && shown.text().contains("Too short."), "{}", shown.text());
    let fields = [("token", token.as_str()), ("email", "olga@h.example"), ("username", "olga"), ("password", PASSWORD)];
    let on = app.submit(FIRST_OWNER, &path, &fields, "").await;
    assert_eq!((on.status, on.location()), (303, "/chat"));
    assert_eq!(app.get_with("/invitations", &on.cookie("telicat")).await.status, 200);
    assert_eq!(app.get(&path).await.status, 410);
    assert_eq!(app.call(FIRST_OWNER, &fields, "").await.error(), (410, "link_expired".to_owned()));
    assert!(dump(&app.db.db).await.iter().all(|row| !row.contains(&token)), "the link is written down nowhere");
}

#[tokio::test]
async fn who_is_signed_in_becomes_the_owner_with_a_new_session_token() {
    let app = App::start().await;
    let mei = app.sign_up("mei").await;
    let token = first_owner(&app).await;
    let path = format!("/accounts/first-owner/{token}");
    let page = mei.get(&path).await;
    assert!(page.text().contains("You are signed in as @mei") && !page.text().contains("name=\"password\""));
    let on = app.submit(FIRST_OWNER, &path, &[("token", &token)], &mei.cookie).await;
    assert_eq!((on.status, on.location()), (303, "/chat"));
    let session = on.cookie("telicat");
    assert_ne!(session, mei.cookie);
    assert_eq!(mei.room().await.status, 302, "the token from before is worth nothing");
    assert_eq!(app.get_with("/invitations", &session).await.status, 200);
    let nobody = Token::random().unwrap().text();
    assert_eq!(app.call(FIRST_OWNER, &[("token", &nobody)], &session).await.status, 410);
}

#[tokio::test]
async fn deleting_the_account_signs_out_everywhere_and_keeps_the_messages_without_a_name() {
    let app = App::start().await;
    let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
    let elsewhere = app.log_in("mei").await;
    mei.posts("what I said").await;
    let (mut own, mut other) = (elsewhere.listens().await, ines.listens().await);

    assert_eq!(app.get("/profile/delete").await.location(), "/accounts/login?next=/profile/delete");
    let page = mei.get("/profile/delete").await;
    assert!(page.text().contains("@mei, your picture") && page.text().contains("value=\"erase\""), "{}", page.text());
    let wrong = [("password", "wrong"), ("messages", "erase")];
    let back = app.submit(DELETE, "/profile/delete", &wrong, &mei.cookie).await;
    assert_eq!((back.status, back.location()), (303, "/profile/delete"));
    let cookies = format!("{}; {}", mei.cookie, back.cookie("telicat-flash"));
    let shown = app.get_with("/profile/delete", &cookies).await;
    assert!(shown.text().contains("This is not your password."), "{}", shown.text());
    let erase = shown.text().split("value=\"erase\"").nth(1).unwrap().split('>').next().unwrap();
    assert!(erase.contains("checked"), "the choice stays: {erase}");
    assert_eq!(mei.call(DELETE, &[]).await.status, 400);
    assert_eq!(mei.call(DELETE, &[("password", "")]).await.status, 422);
    assert_eq!(mei.call(DELETE, &[("password", PASSWORD), ("messages", "burn")]).await.status, 400);

    let gone =
        app.submit(DELETE, "/profile/delete", &[("password", PASSWORD), ("messages", "keep")], &mei.cookie).await;
    assert_eq!((gone.status, gone.location()), (303, "/"));
    assert!(gone.set_cookie("telicat").unwrap().contains("Max-Age=0"));
    let home = app.get_with("/", &gone.cookie("telicat-flash")).await;
    assert!(home.text().contains("Your account is deleted."), "{}", home.text());
    assert_eq!(own.closed().await.0, 4401);
    assert_eq!((mei.room().await.status, elsewhere.room().await.status), (302, 302));
    assert_eq!(app.get("/@mei").await.status, 404);

    let frame = other.frame().await;
    assert_eq!((&frame["type"], &frame["author"]["name"]), (&json!("person"), &json!("Deleted person")));
    let handle = frame["author"]["handle"].as_str().unwrap();
    assert_eq!(app.get(&format!("/@{handle}")).await.status, 404);
    let room = ines.room().await;
    assert!(room.text().contains(">what I said<") && room.text().contains("Deleted person"), "{}", room.text());
    assert!(!room.text().contains(&format!("href=\"/@{handle}\"")), "there is no profile to lead to");
}

#[tokio::test]
async fn erased_messages_are_a_line_that_says_so() {
    let app = App::start().await;
    let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
    mei.posts("what I said").await;
    let mut other = ines.listens().await;
    let gone = mei.call(DELETE, &[("password", PASSWORD), ("messages", "erase")]).await;
    assert_eq!(gone.json(), json!({"next": "/", "notice": {"notice": "account_deleted"}}));
    assert_eq!(other.frame().await["type"], "erased");
    let event = &ines.since(0).await[0];
    assert_eq!((&event["body"], &event["erased"], &event["seq"]), (&json!(""), &json!(true), &json!(1)));
    let room = ines.room().await;
    assert!(
        room.text().contains("This message was deleted.") && !room.text().contains("what I said"),
        "{}",
        room.text()
    );
    assert!(room.text().contains("message--deleted"));
    let before = ines.get(&format!("/api/messages/before?room={ROOM}")).await.json();
    assert_eq!(before["events"][0]["erased"], true);
}

#[tokio::test]
async fn the_only_owner_is_told_why_the_account_stays() {
    let app = App::start().await;
    let olga = owner(&app).await;
    let fields = [("password", PASSWORD)];
    assert_eq!(olga.call(DELETE, &fields).await.error(), (409, "last_owner".to_owned()));
    let back = app.submit(DELETE, "/profile/delete", &fields, &olga.cookie).await;
    let cookies = format!("{}; {}", olga.cookie, back.cookie("telicat-flash"));
    assert!(app.get_with("/profile/delete", &cookies).await.text().contains("You are the only owner of this site."));
    assert_eq!(olga.room().await.status, 200);
}

/// The state of the copy, once it is not being made any more.
async fn made(who: &User) -> Value {
    let done = async {
        loop {
            let export = who.get(EXPORT).await.json();
            if export["state"]["state"] != "making" {
                return export;
            }
        }
    };
    within(done).await
}

#[tokio::test]
async fn a_copy_of_all_data_is_made_and_handed_to_its_owner_alone() {
    let app = App::start().await;
    let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
    mei.posts("what I said").await;
    assert_eq!(app.call(EXPORT, &[], "").await.error(), (401, "not_signed_in".to_owned()));
    assert_eq!(mei.get(EXPORT).await.json(), Value::Null);
    let started = app.submit(EXPORT, "/profile/settings", &[], &mei.cookie).await;
    assert_eq!((started.status, started.location()), (303, "/profile/settings"));
    let export = made(&mei).await;
    let path = format!("/media/exports/{}", export["id"].as_str().unwrap());
    let settings = mei.get("/profile/settings").await;
    assert!(settings.text().contains("A copy is ready:") && settings.text().contains(&path), "{}", settings.text());
    assert_eq!(mei.call(EXPORT, &[]).await.error(), (429, "rate_limited".to_owned()));

    let file = mei.get(&path).await;
    assert_eq!((file.status, file.header("content-type")), (200, "application/zip"));
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"telicat-mei.zip\"");
    assert_eq!(file.header("cache-control"), "no-store");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert_eq!(file.header("content-length"), file.body.len().to_string());
    assert_eq!(export["state"]["size"], file.body.len());
    let mut archive = zip::ZipArchive::new(Cursor::new(file.body.to_vec())).unwrap();
    let mut text = String::new();
    archive.by_name(&format!("messages/{ROOM}.json")).unwrap().read_to_string(&mut text).unwrap();
    assert!(text.contains("what I said"), "{text}");

    assert_eq!(ines.get(&path).await.status, 404);
    assert_eq!(app.get(&path).await.status, 404);
    for other in ["nonsense", "00000000-0000-0000-0000-000000000000", "..%2Ftelicat.db"] {
        assert_eq!(mei.get(&format!("/media/exports/{other}")).await.status, 404, "{other}");
    }
    let files: Vec<_> = fs::read_dir(&app.exports).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!((files.len(), mode(&files[0]), mode(&app.exports)), (1, 0o600, 0o700));
    mei.call(DELETE, &[("password", PASSWORD)]).await;
    assert_eq!(fs::read_dir(&app.exports).unwrap().count(), 0, "it goes with its account");
}
