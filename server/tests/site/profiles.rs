//! Profiles over HTTP: who sees them and their pictures, and their form with and without script.

use crate::{
    app::{App, How},
    site::{Answer, PASSWORD, Site, User},
};
use http::{Request, header};
use image::{DynamicImage, ImageFormat, RgbImage};
use serde_json::json;
use std::{io::Cursor, sync::Arc};
use telicat_service::{accounts::SignUp, admin::Admin, clock::SystemClock, secret::Secret};
use telicat_store::testing::TestDb;

const EDIT: &str = "/api/profile/edit";
const PAGE: &str = "/profile/edit";
const MIB: usize = 1024 * 1024;

fn picture() -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(RgbImage::new(40, 30)).write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// A field of a form with files: its name, the name of a file, what is in it.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

fn text<'a>(name: &'a str, value: &'a str) -> Part<'a> {
    (name, None, value.as_bytes())
}

fn file<'a>(name: &'a str, bytes: &'a [u8]) -> Part<'a> {
    ("avatar", Some(name), bytes)
}

/// RFC 7578.
fn multipart(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, value) in parts {
        body.extend(format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"").bytes());
        if let Some(file) = file {
            body.extend(format!("; filename=\"{file}\"\r\nContent-Type: image/png").bytes());
        }
        body.extend(b"\r\n\r\n");
        body.extend(*value);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    body
}

async fn edit(site: Site, cookie: &str, accept: &str, page: &str, parts: &[Part<'_>]) -> Answer {
    let request = Request::post(EDIT)
        .header(header::ACCEPT, accept)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge")
        .header(header::ORIGIN, site.origin())
        .header(header::REFERER, format!("{}{page}", site.origin()))
        .header(header::COOKIE, cookie);
    site.send(request, multipart(parts)).await
}

impl User {
    /// As the page with a script does.
    async fn edits(&self, parts: &[Part<'_>]) -> Answer {
        edit(self.site, &self.cookie, "application/json", PAGE, parts).await
    }

    /// As a browser without script does.
    async fn fills_in(&self, page: &str, parts: &[Part<'_>]) -> Answer {
        edit(self.site, &self.cookie, "text/html,*/*;q=0.8", page, parts).await
    }

    /// The page that a form led back to.
    async fn sees_again(&self, page: &str, answer: &Answer) -> String {
        let cookies = format!("{}; {}", self.cookie, answer.cookie("telicat-flash"));
        self.site.get_with(page, &cookies).await.text().to_owned()
    }

    async fn picture_id(&self) -> Option<String> {
        let own = self.get("/api/profile/own").await.json();
        own["profile"]["author"]["picture"].as_str().map(str::to_owned)
    }
}

#[tokio::test]
async fn a_profile_is_saved_with_its_picture_on_both_databases() {
    for db in [Some(TestDb::sqlite().await), TestDb::postgres().await].into_iter().flatten() {
        let app = App::on(db, How::default()).await;
        let mei = app.sign_up("mei").await;
        let bytes = picture();
        let parts = [
            file("C:\\me.html", &bytes),
            text("display_name", "Mei at the eyepiece"),
            text("about", "Dew heaters,\r\n<b>soup</b>."),
            text("is_owner", "true"),
        ];
        let answer = mei.edits(&parts).await;
        assert_eq!(
            (answer.status, answer.json()),
            (200, json!({"next": "/@mei", "notice": {"notice": "profile_saved"}}))
        );
        let page = app.get("/@MEI").await;
        assert_eq!(page.status, 200);
        let id = mei.picture_id().await.unwrap();
        for there in
            ["Mei at the eyepiece", "@mei", "Dew heaters,\n&lt;b&gt;soup", &format!("/media/pictures/{id}/384.webp")]
        {
            assert!(page.text().contains(there), "{there}");
        }
        assert!(!page.text().contains("Edit profile"), "it is not this visitor's");
        assert!(mei.get("/@mei").await.text().contains("href=\"/profile/edit\""));
        mei.posts("hello").await;
        assert!(mei.room().await.text().contains(&format!("/media/pictures/{id}/96.webp")));
        let removed = mei.call("/api/profile/picture/remove", &[]).await;
        assert_eq!((removed.status, mei.picture_id().await), (200, None));
        app.stop().await.drop_database().await;
    }
}

#[tokio::test]
async fn whoever_has_an_account_has_a_profile_from_the_first_moment() {
    for db in [Some(TestDb::sqlite().await), TestDb::postgres().await].into_iter().flatten() {
        let app = App::on(db, How::default()).await;
        let admin = Admin::new(app.db().clone(), Arc::new(SystemClock), "http://chat.example".to_owned()).unwrap();
        let password = || Secret::new(PASSWORD.to_owned());
        let form = SignUp { email: "olga@hollowhill.example", username: "olga", password: password() };
        admin.create_owner(form).await.unwrap();
        let (mei, olga) = (app.sign_up("mei").await, app.log_in("olga").await);
        // Neither has said a word about themselves.
        for (own, name, other) in [(&mei, "mei", "olga"), (&olga, "olga", "mei")] {
            let mine = own.get("/api/profile/own").await;
            assert_eq!(mine.status, 200, "{mine:?}");
            let author = &mine.json()["profile"]["author"];
            assert_eq!((&author["handle"], &author["name"]), (&json!(name), &json!(null)));
            assert_eq!(own.get("/profile").await.location(), format!("/@{name}"));
            for page in [&format!("/@{name}"), &format!("/@{other}"), PAGE, "/profile/onboarding", "/profile/settings"]
            {
                assert_eq!(own.get(page).await.status, 200, "{name}: {page}");
            }
            let seen = app.get(&format!("/@{name}")).await;
            assert!(seen.status == 200 && seen.text().contains(&format!("@{name}")), "{seen:?}");
            assert_eq!(app.get(&format!("/api/people/show?handle={name}")).await.status, 200);
        }
        app.stop().await.drop_database().await;
    }
}

#[tokio::test]
async fn without_script_a_box_takes_the_picture_away() {
    let app = App::start().await;
    let mei = app.sign_up("mei").await;
    let has_box = async || mei.get(PAGE).await.text().contains("name=\"remove\"");
    assert!(!has_box().await, "there is nothing to take away");
    mei.edits(&[file("me.png", &picture())]).await;
    let id = mei.picture_id().await.unwrap();
    assert!(has_box().await);
    // The rest of the form comes with it, a file box that was left empty too.
    let parts = [text("display_name", "Mei"), text("about", "soup"), file("", b""), text("remove", "on")];
    let answer = mei.fills_in(PAGE, &parts).await;
    assert_eq!((answer.status, answer.location()), (303, "/@mei"));
    assert_eq!(mei.picture_id().await, None);
    assert!(!has_box().await);
    for side in [96, 384] {
        assert_eq!(mei.get(&format!("/media/pictures/{id}/{side}.webp")).await.status, 404, "the file is gone, too");
    }
}

#[tokio::test]
async fn two_hundred_thousand_characters_are_refused_beside_their_field() {
    let app = App::start().await;
    let mei = app.sign_up("mei").await;
    let pasted = "soup ".repeat(40_000);
    let parts = [text("display_name", "Mei"), text("about", &pasted)];
    let answer = mei.edits(&parts).await;
    let problem = json!({"field": "about", "problem": "too_long", "max": 2_000});
    assert_eq!((answer.status, answer.json()), (422, json!({"error": "invalid", "fields": [problem]})));

    let answer = mei.fills_in(PAGE, &parts).await;
    assert_eq!((answer.status, answer.location()), (303, PAGE));
    let shown = mei.sees_again(PAGE, &answer).await;
    let about = shown.split("name=\"about\"").nth(1).unwrap();
    assert!(about.contains("Too long. Use at most 2000 characters."), "{}", about.len());
    assert!(about.contains(pasted.trim_end()) && shown.contains("value=\"Mei\""), "every word is there to be cut");
    let own = mei.get("/api/profile/own").await.json();
    assert_eq!((&own["profile"]["about"], &own["profile"]["author"]["name"]), (&json!(""), &json!(null)));
}

#[tokio::test]
async fn a_picture_is_a_picture_and_nothing_else_for_who_may_have_it() {
    let app = App::start().await;
    let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
    mei.edits(&[file("me.png", &picture())]).await;
    let id = mei.picture_id().await.unwrap();
    for side in [96, 384] {
        let path = format!("/media/pictures/{id}/{side}.webp");
        let got = app.get(&path).await;
        assert_eq!((got.status, got.header("content-type")), (200, "image/webp"));
        assert_eq!(got.header("cache-control"), "private, max-age=31536000, immutable");
        assert_eq!(got.header("x-content-type-options"), "nosniff");
        assert!(got.header("content-security-policy").starts_with("default-src 'none'"));
        assert_eq!(image::guess_format(&got.body).unwrap(), ImageFormat::WebP);
        assert_eq!(image::load_from_memory(&got.body).unwrap().width(), side);
    }
    let path = format!("/media/pictures/{id}/96.webp");
    assert_eq!(mei.call("/api/profile/visibility", &[("visibility", "people")]).await.status, 200);
    assert_eq!(app.get(&path).await.status, 404);
    assert_eq!(app.get_with(&path, "telicat=0000").await.status, 404);
    assert_eq!(ines.get(&path).await.status, 200);
    let elsewhere = [
        format!("/media/pictures/{id}/97.webp"),
        format!("/media/pictures/{id}/96.webp/x"),
        format!("/media/pictures/{id}"),
        "/media/pictures/x/96.webp".to_owned(),
        "/media/pictures/..%2f..%2fetc/96.webp".to_owned(),
        "/media/pictures/00000000-0000-0000-0000-000000000000/96.webp".to_owned(),
    ];
    for path in elsewhere {
        assert_eq!(mei.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_hidden_profile_is_for_visitors_as_if_it_did_not_exist() {
    let app = App::start().await;
    let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
    let page = "/profile/settings";
    let answer = app.submit("/api/profile/visibility", page, &[("visibility", "people")], &mei.cookie).await;
    assert_eq!((answer.status, answer.location()), (303, page));
    assert!(mei.sees_again(page, &answer).await.contains("Saved."));
    let (hidden, unknown) = (app.get("/@mei").await, app.get("/@nobody").await);
    assert_eq!((hidden.status, unknown.status), (404, 404));
    let words = |answer: &Answer| answer.text().contains("This line ends here.") && !answer.text().contains("mei\"");
    assert!(words(&hidden) && words(&unknown));
    assert_eq!(app.get("/api/people/show?handle=mei").await.error(), (404, "not_found".to_owned()));
    assert_eq!((ines.get("/@Mei").await.status, mei.get("/@mei").await.status), (200, 200));
    assert_eq!(mei.call("/api/profile/visibility", &[("visibility", "everybody")]).await.status, 200);
    assert_eq!(app.get("/@mei").await.status, 200);
    assert_eq!(mei.call("/api/profile/visibility", &[("visibility", "x")]).await.error().0, 400);
}

#[tokio::test]
async fn my_own_pages_are_found_by_who_is_signed_in_and_lead_visitors_to_the_door() {
    let app = App::start().await;
    let mei = app.sign_up("Mei").await;
    let answer = mei.get("/profile").await;
    assert_eq!((answer.status, answer.location()), (302, "/@Mei"));
    for (path, label) in [("/profile/edit", "Cancel"), ("/profile/onboarding?next=/@ines", "Skip")] {
        let page = mei.get(path).await;
        assert_eq!(page.status, 200);
        for there in [
            "name=\"display_name\"",
            "name=\"about\"",
            "name=\"avatar\"",
            "multipart/form-data",
            "0 of 50 characters",
            label,
        ] {
            assert!(page.text().contains(there), "{path}: {there}");
        }
    }
    assert!(mei.get("/profile/onboarding?next=/@ines").await.text().contains("href=\"/@ines\""));
    assert!(mei.get("/profile/onboarding?next=//evil.example").await.text().contains("href=\"/chat\""));
    for (path, next) in [
        ("/profile", "/profile"),
        ("/profile/edit", "/profile/edit"),
        ("/profile/onboarding?next=/chat", "/profile/onboarding%3Fnext%3D/chat"),
    ] {
        let answer = app.get(path).await;
        assert_eq!((answer.status, answer.location()), (302, format!("/accounts/login?next={next}").as_str()));
    }
}

#[tokio::test]
async fn who_signs_up_with_a_way_on_is_led_there_after_saying_who_they_are() {
    let app = App::start().await;
    let fields = [("email", "mei@cats.example"), ("username", "mei"), ("password", PASSWORD), ("next", "/@ines?a=b")];
    let answer = app.submit("/api/accounts/signup", "/accounts/signup", &fields, "").await;
    assert_eq!(answer.location(), "/profile/onboarding?next=/@ines%3Fa%3Db");
    let mei = User { site: *app, cookie: answer.cookie("telicat") };
    let page = mei.get(answer.location()).await;
    assert!(page.text().contains("name=\"next\" value=\"/@ines?a=b\""));
    let parts = [text("display_name", "Mei"), text("about", ""), text("next", "/@ines?a=b"), file("", b"")];
    let saved = mei.fills_in(answer.location(), &parts).await;
    assert_eq!((saved.status, saved.location()), (303, "/@ines?a=b"));
    let elsewhere = mei.fills_in(PAGE, &[text("next", "//evil.example")]).await;
    assert_eq!(elsewhere.location(), "/@mei");
}

#[tokio::test]
async fn a_form_that_is_refused_keeps_every_word_and_says_that_the_picture_must_be_chosen_again() {
    let app = App::start().await;
    let mei = app.sign_up("mei").await;
    let about = "soup </textarea><script>alert(1)</script>";
    let long = "x".repeat(51);

    let not_a_picture: &[u8] = b"<html><script>alert(1)</script>";
    let parts = [file("me.png", not_a_picture), text("display_name", "Mei"), text("about", about)];
    let answer = mei.fills_in(PAGE, &parts).await;
    assert_eq!((answer.status, answer.location()), (303, PAGE));
    let shown = mei.sees_again(PAGE, &answer).await;
    assert!(shown.contains("This is no picture that can be shown. Choose a JPEG, PNG, GIF or WebP."), "{shown}");
    assert!(shown.contains("value=\"Mei\"") && shown.contains("soup &lt;/textarea>"), "{shown}");

    let bytes = picture();
    let parts = [file("me.png", &bytes), text("display_name", &long), text("about", about)];
    let answer = mei.fills_in(PAGE, &parts).await;
    let shown = mei.sees_again(PAGE, &answer).await;
    assert!(shown.contains("Too long. Use at most 50 characters.") && shown.contains(&long));
    assert!(shown.contains("The picture could not be kept meanwhile. Choose it again."));

    // Larger than can be taken: what comes behind it in the form is kept nevertheless.
    let heavy = vec![0; 11 * MIB];
    let parts = [file("me.png", &heavy), text("display_name", "Mei"), text("about", about)];
    let answer = mei.fills_in(PAGE, &parts).await;
    let shown = mei.sees_again(PAGE, &answer).await;
    assert!(shown.contains("Too large. Choose one of at most 10 MB.") && shown.contains("value=\"Mei\""));
    let answer = mei.edits(&parts).await;
    let expected = json!({"error": "invalid", "fields": [
        {"field": "avatar", "problem": "too_large", "max_bytes": 10 * MIB},
    ]});
    assert_eq!((answer.status, answer.json()), (422, expected));
    let own = mei.get("/api/profile/own").await.json();
    assert_eq!((&own["profile"]["about"], &own["profile"]["author"]["name"]), (&json!(""), &json!(null)));

    // Whoever was signed out meanwhile finds it all again, too.
    let late = edit(*app, "", "text/html", PAGE, &[text("display_name", "Mei"), text("about", about)]).await;
    assert_eq!((late.status, late.location()), (303, "/accounts/login?next=/profile/edit"));
    let shown = mei.sees_again(PAGE, &late).await;
    assert!(shown.contains("value=\"Mei\"") && !shown.contains("You are signed out."), "{shown}");
}

#[tokio::test]
async fn requests_that_make_no_sense_are_the_senders_and_leave_no_trace() {
    let app = App::start().await;
    let mei = app.sign_up("mei").await;
    assert_eq!(app.send(Request::get(EDIT), "").await.status, 405);
    let visitor = edit(*app, "", "application/json", PAGE, &[text("about", "x")]).await;
    assert_eq!(visitor.error(), (401, "not_signed_in".to_owned()));
    let send = |kind: &'static str, body: Vec<u8>| {
        let request = Request::post(EDIT)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, kind)
            .header(header::COOKIE, &mei.cookie);
        app.send(request, body)
    };
    for (kind, body) in [
        ("text/plain", b"about=x".to_vec()),
        ("multipart/form-data", b"--edge--".to_vec()),
        ("multipart/form-data; boundary=edge", b"--edge\r\nnonsense".to_vec()),
        ("multipart/form-data; boundary=edge", multipart(&[text("x", "y"); 40])),
    ] {
        assert_eq!(send(kind, body).await.error(), (400, "bad_request".to_owned()));
    }
    let long = "x".repeat(300_000);
    let answer = send("multipart/form-data; boundary=edge", multipart(&[text("about", &long)])).await;
    assert_eq!(answer.error(), (413, "too_large".to_owned()));
    // A program that sends no picture needs no parts; and what it does not name stays.
    let answer = send("application/x-www-form-urlencoded", b"display_name=Mei".to_vec()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    send("application/x-www-form-urlencoded", b"about=soup".to_vec()).await;
    let own = mei.get("/api/profile/own").await.json();
    assert_eq!((&own["profile"]["about"], &own["profile"]["author"]["name"]), (&json!("soup"), &json!("Mei")));
    let foreign = Request::post(EDIT)
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::COOKIE, &mei.cookie);
    assert_eq!(app.send(foreign, "about=x").await.status, 403);
}

#[tokio::test]
async fn another_username_is_taken_by_form_and_the_old_address_leads_to_it() {
    let app = App::start().await;
    let mei = app.sign_up("mei").await;
    app.sign_up("ines").await;
    let page = "/profile/settings";
    let answer = app.submit("/api/profile/username", page, &[("username", "INES")], &mei.cookie).await;
    assert_eq!((answer.status, answer.location()), (303, page));
    let shown = mei.sees_again(page, &answer).await;
    assert!(shown.contains("@INES is taken. Choose another username.") && shown.contains("value=\"INES\""), "{shown}");

    let fields = [("username", "mei.lin"), ("current_password", PASSWORD)];
    let answer = app.submit("/api/profile/username", page, &fields, &mei.cookie).await;
    assert_eq!((answer.status, answer.location()), (303, page), "{answer:?}");
    let moved = app.get("/@MEI").await;
    assert_eq!((moved.status, moved.location()), (302, "/@mei.lin"));
    let login = app.call("/api/accounts/login", &[("login", "mei.lin"), ("password", PASSWORD)], "").await;
    assert_eq!(login.status, 200);
    let wrong = [("username", "x"), ("current_password", "not it")];
    let again = User { site: *app, cookie: login.cookie("telicat") };
    let answer = again.call("/api/profile/username", &wrong).await;
    assert_eq!(answer.json()["fields"][0], json!({"field": "current_password", "problem": "wrong"}));
}

#[tokio::test]
async fn the_appearance_is_chosen_in_the_settings_too() {
    let app = App::start().await;
    let mei = app.sign_up("mei").await;
    let page = "/profile/settings";
    let answer = app.submit("/api/appearance/set", page, &[("theme", "contrast")], &mei.cookie).await;
    assert_eq!((answer.status, answer.location()), (303, page));
    let cookies = format!("{}; {}", mei.cookie, answer.cookie("telicat-theme"));
    let html = app.get_with(page, &cookies).await.text().to_owned();
    assert!(html.contains("data-theme=\"contrast\""));
    let radios = html.split("<input type=\"radio\" name=\"theme\" value=\"").skip(1);
    let checked: Vec<&str> = radios.filter(|radio| radio.split('>').next().unwrap().contains("checked")).collect();
    assert!(checked.len() == 1 && checked[0].starts_with("contrast"), "{checked:?}");
}

#[tokio::test]
async fn who_was_away_hears_over_the_socket_who_is_called_otherwise() {
    let app = App::start().await;
    let (mei, ines) = (app.sign_up("mei").await, app.sign_up("ines").await);
    let mut line = mei.listens().await;
    ines.edits(&[text("display_name", "Ines at the dome")]).await;
    let frame = line.frame().await;
    assert_eq!((&frame["type"], &frame["author"]["name"]), (&json!("person"), &json!("Ines at the dome")));
    line.sends(json!({"type": "resume", "people": 0}).to_string()).await;
    assert_eq!(line.frame().await, frame);
    let end = line.frame().await;
    assert_eq!((&end["type"], &end["more"]), (&json!("people"), &json!(false)));
}
