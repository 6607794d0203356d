//! Who may be here: invitations, the first owner, what the command line does, leaving for good, copies of one's data.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use serde_json::{Value, json};
use std::{collections::BTreeMap, io::Read, os::unix::fs::PermissionsExt, path::PathBuf, sync::Arc, time::Duration};
use telicat_domain::{
    ApiError, Event, Field, Message, Problem, RoomSlug, Timestamp,
    account::{Export, ExportState},
    frame::CloseCode,
    invitation::Terms,
};
use telicat_service::{
    Settings, Signed, Signups,
    accounts::{LogIn, SignUp, SignedUp},
    admin::{Admin, Refusal},
    clock::Clock,
    deletion::Fate,
    live::{Connection, WireFrame},
    messages::new_nonce,
    secret::Secret,
    sessions::Opened,
    testing::{ADDRESS, PASSWORD, TestService, origin, settings},
};
use telicat_store::{
    Db, exports, new_id,
    testing::{both, dump},
};
use uuid::Uuid;

const ROOM: &str = "public-chat";
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

async fn site(db: &Db, signups: Signups) -> TestService {
    TestService::with(db.clone(), Settings { signups, rate_limits: false, ..settings() }).await
}

fn admin(db: &Db, service: &TestService) -> Admin {
    Admin::new(db.clone(), service.clock.clone() as Arc<dyn Clock>, "https://chat.example".to_owned()).unwrap()
}

fn form<'a>(email: &'a str, username: &'a str) -> SignUp<'a> {
    SignUp { email, username, password: Secret::new(PASSWORD.to_owned()) }
}

/// The owner of the site, signed in.
async fn owner(db: &Db, service: &TestService) -> Signed {
    admin(db, service).create_owner(form("olga@hollowhill.example", "olga")).await.unwrap();
    log_in(service, "olga").await.unwrap()
}

async fn log_in(service: &TestService, login: &str) -> Result<Signed, ApiError> {
    let form = LogIn { login, password: Secret::new(PASSWORD.to_owned()), remember: false };
    let opened = service.services.accounts.log_in(form, ADDRESS, &origin()).await.map_err(|error| error.api())?;
    Ok(service.signed(&opened).await.unwrap())
}

/// Nobody waits here for an address to be confirmed.
fn opened(signed_up: SignedUp) -> Opened {
    let SignedUp::In(opened) = signed_up else { panic!("an address has to be confirmed first") };
    opened
}

async fn join(service: &TestService, name: &str, invitation: Option<&str>) -> Result<Opened, ApiError> {
    let email = format!("{name}@hollowhill.example");
    let accounts = &service.services.accounts;
    let joined = accounts.sign_up_invited(form(&email, name), invitation, ADDRESS, &origin()).await;
    joined.map(opened).map_err(|error| error.api())
}

async fn invite(service: &TestService, who: &Signed, uses: &str, days: &str) -> String {
    let terms = Terms::parse("the club", uses, days).unwrap();
    service.services.invite(who, terms).await.unwrap().text()
}

async fn post(service: &TestService, who: &Signed, body: &str) -> Message {
    service.services.messages.post(who, ROOM, body, None).await.unwrap()
}

/// All events that are known of the room.
async fn history(service: &TestService, who: &Signed) -> Vec<Message> {
    let page = service.services.rooms.since(who, ROOM, 0).await.unwrap();
    page.events.iter().filter_map(Event::posted).cloned().collect()
}

async fn listen(service: &TestService, who: &Signed) -> Arc<Connection> {
    service.services.listen(who).await.unwrap().unwrap()
}

/// The frames that wait, of which there is at least one.
async fn hear(connection: &Connection) -> Vec<Value> {
    let mut deliveries: Vec<WireFrame> = Vec::new();
    connection.next(&mut deliveries).await.unwrap();
    let texts = deliveries.iter().filter(|frame| !frame.is_ping());
    texts.map(|frame| serde_json::from_slice(frame.content()).unwrap()).collect()
}

async fn closed(connection: &Connection) -> CloseCode {
    let closed = tokio::time::timeout(Duration::from_secs(60), connection.closed()).await;
    closed.unwrap().0
}

async fn delete(service: &TestService, who: &Signed, fate: Fate) -> Result<(), ApiError> {
    let password = Secret::new(PASSWORD.to_owned());
    service.services.delete_account(who, password, fate).await.map_err(|error| error.api())
}

fn refused<T>(outcome: Result<T, telicat_service::Error>) -> ApiError {
    outcome.err().unwrap().api()
}

fn refusal<T>(outcome: Result<T, Refusal>) -> String {
    outcome.err().unwrap().to_string()
}

#[tokio::test]
async fn by_invitation_only_who_is_invited_signs_up() {
    both(|db| async move {
        let service = site(&db, Signups::Invite).await;
        let olga = owner(&db, &service).await;
        let nobody = "0".repeat(64);
        for bad in [None, Some(""), Some("nonsense"), Some(nobody.as_str())] {
            assert_eq!(join(&service, "mei", bad).await.unwrap_err(), ApiError::InvitationNeeded, "{bad:?}");
            assert_eq!(refused(service.services.accounts.may_sign_up(bad).await), ApiError::InvitationNeeded);
        }
        let token = invite(&service, &olga, "2", "7").await;
        service.services.accounts.may_sign_up(Some(&token)).await.unwrap();
        join(&service, "mei", Some(&token)).await.unwrap();
        // Who is refused for another reason has not used it.
        let taken = ApiError::field(Field::Username, Problem::Taken);
        assert_eq!(join(&service, "MEI", Some(&token)).await.unwrap_err(), taken);
        assert_eq!(service.services.invitations(&olga).await.unwrap()[0].uses_left, 1);
        join(&service, "ines", Some(&token)).await.unwrap();
        assert_eq!(join(&service, "tomasz", Some(&token)).await.unwrap_err(), ApiError::InvitationNeeded);
        assert!(service.services.invitations(&olga).await.unwrap().is_empty(), "one that is used up is not listed");
        assert!(dump(&db).await.iter().all(|row| !row.contains(&token)), "only its hash is kept");
    })
    .await;
}

#[tokio::test]
async fn of_many_who_want_the_last_use_at_once_one_gets_it() {
    both(|db| async move {
        let service = Arc::new(site(&db, Signups::Invite).await);
        let olga = owner(&db, &service).await;
        let token = invite(&service, &olga, "1", "7").await;
        let mut tries = tokio::task::JoinSet::new();
        for n in 0..6 {
            let (service, token) = (service.clone(), token.clone());
            tries.spawn(async move { join(&service, &format!("guest{n}"), Some(&token)).await.map(drop) });
        }
        let outcomes = tries.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert!(outcomes.into_iter().filter_map(Result::err).all(|error| error == ApiError::InvitationNeeded));
        assert_eq!(admin(&db, &service).members().await.unwrap().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn an_invitation_ends_when_it_expires_or_is_taken_back() {
    both(|db| async move {
        let service = site(&db, Signups::Invite).await;
        let olga = owner(&db, &service).await;
        let (brief, long) = (invite(&service, &olga, "5", "1").await, invite(&service, &olga, "5", "90").await);
        service.clock.advance_seconds(DAY);
        assert_eq!(join(&service, "mei", Some(&brief)).await.unwrap_err(), ApiError::InvitationNeeded);
        let listed = service.services.invitations(&olga).await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!((listed[0].note.as_str(), listed[0].created_by.handle.as_str()), ("the club", "olga"));
        let opened = join(&service, "mei", Some(&long)).await.unwrap();
        let mei = service.signed(&opened).await.unwrap();
        // For whoever does not run the site there is nothing.
        assert_eq!(refused(service.services.invitations(&mei).await), ApiError::NotFound);
        assert_eq!(refused(service.services.revoke_invitation(&mei, listed[0].id).await), ApiError::NotFound);
        let terms = Terms::parse("", "1", "1").unwrap();
        assert_eq!(refused(service.services.invite(&mei, terms).await), ApiError::NotFound);

        service.services.revoke_invitation(&olga, listed[0].id).await.unwrap();
        assert_eq!(join(&service, "ines", Some(&long)).await.unwrap_err(), ApiError::InvitationNeeded);
        assert_eq!(refused(service.services.revoke_invitation(&olga, listed[0].id).await), ApiError::NotFound);
        assert_eq!(refused(service.services.revoke_invitation(&olga, Uuid::nil()).await), ApiError::NotFound);
        service.services.tidy().await.unwrap();
        assert!(dump(&db).await.iter().all(|row| !row.starts_with("invitations")));
    })
    .await;
}

#[tokio::test]
async fn where_signups_are_closed_no_invitation_helps() {
    both(|db| async move {
        let inviting = site(&db, Signups::Invite).await;
        let olga = owner(&db, &inviting).await;
        let token = invite(&inviting, &olga, "5", "7").await;
        let closed = site(&db, Signups::Closed).await;
        assert_eq!(join(&closed, "mei", Some(&token)).await.unwrap_err(), ApiError::SignupsClosed);
        // Where everybody may sign up an invitation is not used, good or not.
        let open = site(&db, Signups::Open).await;
        join(&open, "mei", Some(&token)).await.unwrap();
        join(&open, "ines", Some("nonsense")).await.unwrap();
        assert_eq!(open.services.invitations(&olga).await.unwrap()[0].uses_left, 5);
    })
    .await;
}

#[tokio::test]
async fn of_many_who_want_one_address_at_once_one_gets_it() {
    both(|db| async move {
        let service = Arc::new(site(&db, Signups::Open).await);
        let mut tries = tokio::task::JoinSet::new();
        for n in 0..8 {
            let service = service.clone();
            let email = if n % 2 == 0 { "mei@hollowhill.example" } else { "MEI@HollowHill.example" };
            tries.spawn(async move {
                let name = format!("mei{n}");
                service.services.accounts.sign_up(form(email, &name), ADDRESS, &origin()).await.map(drop)
            });
        }
        let outcomes = tries.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let taken = ApiError::field(Field::Email, Problem::Taken);
        assert!(outcomes.into_iter().filter_map(Result::err).all(|error| error.api() == taken));
        assert_eq!(admin(&db, &service).members().await.unwrap().len(), 1, "nothing is left of the others");
    })
    .await;
}

fn token_of(link: &str) -> String {
    link.strip_prefix("https://chat.example/accounts/first-owner/").unwrap().to_owned()
}

#[tokio::test]
async fn the_first_owner_comes_by_the_newest_link_once() {
    both(|db| async move {
        let service = site(&db, Signups::Closed).await;
        let older = token_of(&service.services.first_owner_link().await.unwrap().unwrap());
        let token = token_of(&service.services.first_owner_link().await.unwrap().unwrap());
        assert!(dump(&db).await.iter().all(|row| !row.contains(&token)));
        for bad in [older.as_str(), "", "nonsense"] {
            assert_eq!(refused(service.services.check_first_owner(bad).await), ApiError::LinkExpired);
            let accounts = &service.services.accounts;
            let outcome = accounts.sign_up_as_owner(form("o@h.example", "olga"), bad, ADDRESS, &origin()).await;
            assert_eq!(refused(outcome), ApiError::LinkExpired);
        }
        service.services.check_first_owner(&token).await.unwrap();
        // A slip does not use it up.
        let accounts = &service.services.accounts;
        let slip = accounts.sign_up_as_owner(form("nowhere", "olga"), &token, ADDRESS, &origin()).await;
        assert_eq!(refused(slip), ApiError::field(Field::Email, Problem::Malformed));
        let opened = accounts.sign_up_as_owner(form("o@h.example", "olga"), &token, ADDRESS, &origin()).await.unwrap();
        assert!(service.signed(&opened).await.unwrap().is_owner);
        let again = accounts.sign_up_as_owner(form("p@h.example", "paul"), &token, ADDRESS, &origin()).await;
        assert_eq!(refused(again), ApiError::LinkExpired);
        assert_eq!(service.services.first_owner_link().await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn who_is_signed_in_becomes_the_owner_with_another_token() {
    both(|db| async move {
        let service = site(&db, Signups::Open).await;
        let opened = join(&service, "mei", None).await.unwrap();
        let mei = service.signed(&opened).await.unwrap();
        let token = token_of(&service.services.first_owner_link().await.unwrap().unwrap());
        service.clock.advance_seconds(HOUR);
        let renewed = service.services.become_first_owner(&mei, &token).await.unwrap();
        assert!(service.signed(&opened).await.is_none(), "the token from before is worth nothing");
        let now = service.signed(&renewed).await.unwrap();
        assert!(now.is_owner);
        assert_eq!((now.session, now.proved_at), (mei.session, mei.proved_at), "the password was not typed for it");
        assert_eq!(refused(service.services.become_first_owner(&now, &token).await), ApiError::LinkExpired);
    })
    .await;
}

#[tokio::test]
async fn of_two_with_the_link_one_becomes_the_owner_and_after_a_week_nobody() {
    both(|db| async move {
        let service = Arc::new(site(&db, Signups::Open).await);
        let late = token_of(&service.services.first_owner_link().await.unwrap().unwrap());
        service.clock.advance_seconds(7 * DAY);
        assert_eq!(refused(service.services.check_first_owner(&late).await), ApiError::LinkExpired);
        let token = token_of(&service.services.first_owner_link().await.unwrap().unwrap());
        let mut tries = tokio::task::JoinSet::new();
        for n in 0..4 {
            let (service, token) = (service.clone(), token.clone());
            tries.spawn(async move {
                let (email, name) = (format!("o{n}@h.example"), format!("olga{n}"));
                let accounts = &service.services.accounts;
                accounts.sign_up_as_owner(form(&email, &name), &token, ADDRESS, &origin()).await.map(drop)
            });
        }
        let outcomes = tries.join_all().await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert_eq!(admin(&db, &service).members().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn an_owner_who_was_made_elsewhere_ends_the_link() {
    both(|db| async move {
        let service = site(&db, Signups::Open).await;
        let token = token_of(&service.services.first_owner_link().await.unwrap().unwrap());
        service.sign_up("mei").await;
        admin(&db, &service).grant_owner("@MEI").await.unwrap();
        assert_eq!(refused(service.services.check_first_owner(&token).await), ApiError::LinkExpired);
        assert!(log_in(&service, "mei").await.unwrap().is_owner);
    })
    .await;
}

#[tokio::test]
async fn who_is_deactivated_is_out_within_a_look() {
    both(|db| async move {
        let service = site(&db, Signups::Open).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        let (socket, other) = (listen(&service, &mei).await, listen(&service, &ines).await);
        let admin = admin(&db, &service);
        assert_eq!(admin.deactivate(" @Mei").await.unwrap().as_str(), "mei");
        assert!(!service.services.sessions.is_live(mei.session).await.unwrap());
        service.services.sessions.shut_out().await.unwrap();
        assert_eq!(closed(&socket).await, CloseCode::SignedOut);
        assert_eq!(log_in(&service, "mei").await.unwrap_err(), ApiError::WrongLogin);
        assert_eq!(refusal(admin.reset_link("mei").await), "@mei is deactivated; reactivate @mei first");
        assert_eq!(refusal(admin.grant_owner("mei").await), "@mei is deactivated; reactivate @mei first");
        hear(&other).await;
        other.pong();
        assert_eq!(hear(&other).await, [json!({"type": "pong"})], "nobody else is concerned");

        admin.reactivate("mei").await.unwrap();
        let mei = log_in(&service, "mei").await.unwrap();
        let socket = listen(&service, &mei).await;
        service.services.sessions.shut_out().await.unwrap();
        hear(&socket).await;
        socket.pong();
        assert_eq!(hear(&socket).await, [json!({"type": "pong"})], "who is in again stays");
    })
    .await;
}

#[tokio::test]
async fn the_last_owner_stays() {
    both(|db| async move {
        let service = site(&db, Signups::Open).await;
        let olga = owner(&db, &service).await;
        let mei = service.sign_up("mei").await;
        let admin = admin(&db, &service);
        let last = "@olga is the only owner of the site; make somebody else an owner first";
        assert_eq!(refusal(admin.revoke_owner("olga").await), last);
        assert_eq!(refusal(admin.deactivate("olga").await), last);
        assert_eq!(delete(&service, &olga, Fate::Keep).await.unwrap_err(), ApiError::LastOwner);
        assert!(log_in(&service, "olga").await.unwrap().is_owner, "nothing was done to her");
        assert_eq!(refusal(admin.deactivate("nobody").await), "there is nobody called @nobody");
        assert_eq!(refusal(admin.reset_link("nobody").await), "there is nobody called @nobody");

        admin.grant_owner("mei").await.unwrap();
        delete(&service, &olga, Fate::Keep).await.unwrap();
        assert_eq!(refusal(admin.revoke_owner("mei").await), last.replace("olga", "mei"));
        assert_eq!(delete(&service, &mei, Fate::Keep).await.unwrap_err(), ApiError::LastOwner);
    })
    .await;
}

#[tokio::test]
async fn of_two_owners_who_leave_at_once_one_stays() {
    both(|db| async move {
        let service = Arc::new(site(&db, Signups::Open).await);
        for round in 0..4 {
            let names = [format!("a{round}"), format!("b{round}")];
            let admin = Arc::new(admin(&db, &service));
            for name in &names {
                let email = format!("{name}@h.example");
                admin.create_owner(form(&email, name)).await.unwrap();
            }
            let mut tries = tokio::task::JoinSet::new();
            let owners = admin.members().await.unwrap().into_iter().filter(|member| member.is_owner);
            for owner in owners {
                let admin = admin.clone();
                tries.spawn(async move { admin.revoke_owner(&owner.handle).await.map(drop) });
            }
            tries.join_all().await;
            let left = admin.members().await.unwrap().into_iter().filter(|member| member.is_owner).count();
            assert_eq!(left, 1);
        }
    })
    .await;
}

#[tokio::test]
async fn a_link_for_another_password_is_made_and_no_password_set() {
    both(|db| async move {
        let service = site(&db, Signups::Open).await;
        service.sign_up("mei").await;
        let admin = admin(&db, &service);
        let link = admin.reset_link("mei").await.unwrap();
        let token = link.strip_prefix("https://chat.example/accounts/password/reset/").unwrap();
        assert_eq!(token.len(), 64);
        let rows = dump(&db).await;
        assert!(rows.iter().all(|row| !row.contains(token)));
        // Beside the one that confirms her address.
        let tokens = |rows: &[String]| {
            let resets = rows.iter().filter(|row| row.starts_with("tokens") && row.contains("reset"));
            resets.cloned().collect::<Vec<_>>()
        };
        let first = tokens(&rows);
        assert!(first.len() == 1 && first[0].contains("mei@hollowhill.example"), "{first:?}");
        admin.reset_link("mei").await.unwrap();
        let second = tokens(&dump(&db).await);
        assert!(second.len() == 1 && second != first, "the earlier link has ended");
        log_in(&service, "mei").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_deleted_account_leaves_nothing_but_messages_without_a_name() {
    both(|db| async move {
        let service = site(&db, Signups::Open).await;
        let (mei, ines) = (service.sign_up("Mei-Lin").await, service.sign_up("ines").await);
        service.clock.advance_seconds(1);
        let elsewhere = log_in(&service, "mei-lin").await.unwrap();
        let sent = post(&service, &mei, "the key is under the stone").await;
        let (own, other) = (listen(&service, &elsewhere).await, listen(&service, &ines).await);
        hear(&other).await;

        let wrong = Secret::new("not the lantern".to_owned());
        let outcome = service.services.delete_account(&mei, wrong, Fate::Keep).await;
        assert_eq!(refused(outcome), ApiError::field(Field::Password, Problem::Wrong));
        let outcome = service.services.delete_account(&mei, Secret::new(String::new()), Fate::Keep).await;
        assert_eq!(refused(outcome), ApiError::field(Field::Password, Problem::Empty), "however fresh the session is");
        delete(&service, &mei, Fate::Keep).await.unwrap();

        assert_eq!(closed(&own).await, CloseCode::SignedOut);
        for signed in [&mei, &elsewhere] {
            assert!(!service.services.sessions.is_live(signed.session).await.unwrap());
        }
        for login in ["mei-lin", "mei-lin@hollowhill.example"] {
            assert_eq!(log_in(&service, login).await.unwrap_err(), ApiError::WrongLogin);
        }
        assert_eq!(refused(service.services.people.profile(None, "mei-lin").await), ApiError::NotFound);

        let left = history(&service, &ines).await.remove(0);
        assert_eq!((left.id, left.body.as_str(), left.erased), (sent.id, "the key is under the stone", false));
        assert_eq!((left.author.id, left.author.called(), left.author.deleted), (mei.person, "Deleted person", true));
        let handle = left.author.handle.as_str();
        assert!(handle.len() == 16 && handle.starts_with("deleted-"), "{handle}");
        assert_eq!(refused(service.services.people.profile(None, handle).await), ApiError::NotFound);
        let told = hear(&other).await;
        assert_eq!(told, [json!({"type": "person", "author": serde_json::to_value(&left.author).unwrap()})]);

        // The receipt is all that has the name, and the handle that nobody may take.
        let rows: Vec<String> =
            dump(&db).await.into_iter().filter(|row| row.to_lowercase().contains("mei-lin")).collect();
        let tables: Vec<&str> = rows.iter().map(|row| row.split(':').next().unwrap()).collect();
        assert_eq!(tables.iter().filter(|table| **table == "mails").count(), 1, "{rows:?}");
        assert!(tables.iter().all(|table| matches!(*table, "mails" | "retired_handles")), "{rows:?}");
        assert!(rows.iter().any(|row| row.starts_with("mails") && row.contains("@Mei-Lin on chat.example is deleted")));
        assert_eq!(
            delete(&service, &mei, Fate::Keep).await.unwrap_err().status(),
            422,
            "a second time there is nobody"
        );
    })
    .await;
}

#[tokio::test]
async fn the_handle_of_a_deleted_account_is_free_after_thirty_days_and_the_address_at_once() {
    both(|db| async move {
        let service = site(&db, Signups::Open).await;
        let mei = service.sign_up("mei").await;
        delete(&service, &mei, Fate::Keep).await.unwrap();
        let accounts = &service.services.accounts;
        let origin = origin();
        let taken = ApiError::field(Field::Username, Problem::Taken);
        let try_again = async |name: &str| {
            let joined = accounts.sign_up(form("mei@hollowhill.example", name), ADDRESS, &origin).await;
            joined.map(opened).map_err(|error| error.api())
        };
        assert_eq!(try_again("MEI").await.unwrap_err(), taken);
        service.clock.advance_seconds(30 * DAY - 1);
        service.services.tidy().await.unwrap();
        assert_eq!(try_again("mei").await.unwrap_err(), taken);
        service.clock.advance_seconds(1);
        let opened = try_again("mei").await.unwrap();
        assert_ne!(service.signed(&opened).await.unwrap().person, mei.person);
    })
    .await;
}

#[tokio::test]
async fn erased_messages_are_gone_everywhere_and_their_numbers_stay() {
    both(|db| async move {
        let service = site(&db, Signups::Open).await;
        let (mei, ines) = (service.sign_up("mei").await, service.sign_up("ines").await);
        for n in 0..3 {
            post(&service, &mei, &format!("secret word {n}")).await;
            post(&service, &ines, &format!("plain word {n}")).await;
        }
        let other = listen(&service, &ines).await;
        hear(&other).await;
        delete(&service, &mei, Fate::Erase).await.unwrap();

        let frames = hear(&other).await;
        assert_eq!(frames[0], json!({"type": "erased", "author": mei.person}));
        assert_eq!((&frames[1]["type"], &frames[1]["author"]["deleted"]), (&json!("person"), &json!(true)));
        assert!(dump(&db).await.iter().all(|row| !row.contains("secret word")), "the text is nowhere");
        for messages in
            [history(&service, &ines).await, service.services.rooms.page(&ines, ROOM).await.unwrap().messages]
        {
            let shown: Vec<(i64, bool, bool)> =
                messages.iter().map(|message| (message.seq, message.erased, message.body.is_empty())).collect();
            let expected: Vec<_> = (1..=6).map(|seq| (seq, seq % 2 == 1, seq % 2 == 1)).collect();
            assert_eq!(shown, expected);
        }
        // What was kept at hand for short gaps is not said again.
        let cursors = BTreeMap::from([(RoomSlug::public_chat(), 0)]);
        service.services.hub.resume(&other, &cursors);
        assert_eq!(hear(&other).await, [json!({"type": "behind", "room": ROOM, "seq": 6})]);
        post(&service, &ines, "and on").await;
        assert_eq!(hear(&other).await[0]["event"]["seq"], 7);
        service.services.hub.resume(&other, &BTreeMap::from([(RoomSlug::public_chat(), 6)]));
        assert_eq!(hear(&other).await[0]["event"]["body"], "and on");
        // Who was away is told when they come, also after a restart.
        let late = listen(&service, &ines).await;
        assert_eq!(hear(&late).await[1], json!({"type": "erased", "author": mei.person}));
        service.clock.advance_seconds(DAY);
        let restarted = site(&db, Signups::Open).await;
        let late = listen(&restarted, &ines).await;
        assert_eq!(hear(&late).await[1], json!({"type": "erased", "author": mei.person}));
    })
    .await;
}

#[tokio::test]
async fn who_posts_while_the_account_ends_leaves_nothing_that_was_to_be_erased() {
    both(|db| async move {
        let service = Arc::new(site(&db, Signups::Open).await);
        let ines = service.sign_up("ines").await;
        for round in 0..5 {
            let mei = service.sign_up(&format!("mei{round}")).await;
            let mut posts = tokio::task::JoinSet::new();
            for n in 0..20 {
                let (service, mei) = (service.clone(), mei.clone());
                posts.spawn(async move {
                    let nonce = Some(new_nonce().unwrap());
                    service.services.messages.post(&mei, ROOM, &format!("secret {n}"), nonce).await.map(drop)
                });
            }
            // Others in the same batch are not concerned.
            let (others, them) = (service.clone(), ines.clone());
            posts.spawn(async move { others.services.messages.post(&them, ROOM, "plain", None).await.map(drop) });
            delete(&service, &mei, Fate::Erase).await.unwrap();
            let outcomes = posts.join_all().await;
            for error in outcomes.into_iter().filter_map(Result::err) {
                assert_eq!(error.api(), ApiError::NotSignedIn);
            }
            assert!(dump(&db).await.iter().all(|row| !row.contains("secret")), "a text outlived its author's wish");
            assert_eq!(refused(service.services.messages.post(&mei, ROOM, "late", None).await), ApiError::NotSignedIn);
        }
        let messages = history(&service, &ines).await;
        assert_eq!(messages.iter().filter(|message| message.body == "plain").count(), 5);
        assert!(messages.iter().map(|message| message.seq).eq(1..=messages.len() as i64), "no number is missing");
    })
    .await;
}

#[tokio::test]
async fn deletion_is_tried_no_more_often_than_a_login() {
    both(|db| async move {
        let service = TestService::on(db).await;
        let mei = service.sign_up("mei").await;
        for _ in 0..5 {
            let wrong = Secret::new("wrong".to_owned());
            let outcome = service.services.delete_account(&mei, wrong, Fate::Keep).await;
            assert_eq!(refused(outcome), ApiError::field(Field::Password, Problem::Wrong));
        }
        assert!(matches!(delete(&service, &mei, Fate::Keep).await, Err(ApiError::RateLimited { .. })));
        service.clock.advance_seconds(60);
        delete(&service, &mei, Fate::Keep).await.unwrap();
    })
    .await;
}

/// The copy once it is made, or could not be.
async fn made(service: &TestService, who: &Signed) -> Export {
    let done = async {
        loop {
            match service.services.exports.latest(who).await.unwrap() {
                Some(export) if !matches!(export.state, ExportState::Making { .. }) => return export,
                _ => tokio::task::yield_now().await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), done).await.unwrap()
}

/// The files in an archive.
fn unpack(path: &PathBuf) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut files = BTreeMap::new();
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(file.name().unwrap().into_owned(), text);
    }
    files
}

#[tokio::test]
async fn a_copy_has_all_that_is_known_of_a_person_and_nothing_of_others() {
    both(|db| async move {
        let service = site(&db, Signups::Open).await;
        let olga = owner(&db, &service).await;
        let ines = service.sign_up("ines").await;
        invite(&service, &olga, "3", "7").await;
        let nasty = "\"}]</script>\n=cmd|' /C calc'!A0 \u{2028} ü 🐈";
        post(&service, &olga, nasty).await;
        post(&service, &ines, "of another").await;
        // More than a page, so that the pages meet without a hole.
        for n in 0..450 {
            post(&service, &olga, &format!("word {n}")).await;
        }
        let messages = &service.services.messages;
        let others = service.services.rooms.before(&olga, ROOM, Some(3), Some(1)).await.unwrap().events[0].clone();
        let (other, own) = (others.message().unwrap().id, post(&service, &olga, "as it was").await.id);
        messages.edit(&olga, own, "as it is").await.unwrap();
        messages.react(&olga, other, "👍", true).await.unwrap();
        messages.save(&olga, other, true).await.unwrap();
        service.services.exports.request(&olga).await.unwrap();
        let export = made(&service, &olga).await;
        let ExportState::Ready { size, expires_at } = export.state else { panic!("{export:?}") };
        assert_eq!(expires_at, service.services.now().plus_seconds(7 * DAY));
        let path = service.services.exports.file(&olga, export.id).await.unwrap();
        let file = path.metadata().unwrap();
        assert_eq!((file.len() as i64, file.permissions().mode() & 0o777), (size, 0o600));
        assert_eq!(path.parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);

        let files = unpack(&path);
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "account.json",
                "addresses.json",
                "invitations.json",
                "messages/public-chat.json",
                "profile.json",
                "reactions.json",
                "saved.json",
                "sessions.json"
            ]
        );
        let json = |name: &str| serde_json::from_str::<Value>(&files[name]).unwrap();
        assert_eq!(
            (&json("account.json")["username"], &json("account.json")["joined_at"]),
            (&json!("olga"), &json!("2026-01-01T00:00:00Z"))
        );
        let address = json!([{"address": "olga@hollowhill.example", "confirmed": false, "primary": true}]);
        assert_eq!(json("addresses.json"), address);
        assert_eq!(json("sessions.json")[0]["address"], ADDRESS.to_string());
        assert_eq!(
            (&json("invitations.json")[0]["note"], &json("invitations.json")[0]["uses_left"]),
            (&json!("the club"), &json!(3))
        );
        let room = json("messages/public-chat.json");
        assert_eq!((&room["room"], &room["name"]), (&json!("public-chat"), &json!("Public chat")));
        let messages = room["messages"].as_array().unwrap();
        assert_eq!(messages.len(), 452);
        let edited = &messages[451];
        assert_eq!((&edited["body"], &edited["before"][0]["body"]), (&json!("as it is"), &json!("as it was")));
        assert!(edited["edited_at"].is_string() && messages[0].get("edited_at").is_none());
        let named = json!({"id": other, "room": ROOM, "seq": 2, "at": "2026-01-01T00:00:00Z"});
        assert_eq!(json("saved.json"), json!([named]));
        let mut reaction = named;
        reaction["emoji"] = json!("👍");
        assert_eq!(json("reactions.json"), json!([reaction]));
        assert_eq!((&messages[0]["body"], &messages[0]["at"]), (&json!(nasty), &json!("2026-01-01T00:00:00Z")));
        let bodies: Vec<&str> = messages[1..451].iter().map(|message| message["body"].as_str().unwrap()).collect();
        assert!(
            bodies.into_iter().eq((0..450).map(|n| format!("word {n}")).collect::<Vec<_>>().iter().map(String::as_str))
        );
        assert!(files.values().all(|text| !text.contains("of another") && !text.contains("argon2")));

        assert_eq!(refused(service.services.exports.file(&ines, export.id).await), ApiError::NotFound);
        assert_eq!(refused(service.services.exports.file(&olga, Uuid::nil()).await), ApiError::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_copy_is_made_once_an_hour_and_gone_after_a_week() {
    both(|db| async move {
        let service = site(&db, Signups::Open).await;
        let mei = service.sign_up("mei").await;
        service.services.exports.request(&mei).await.unwrap();
        // While one is being made another request is the same one; afterwards it has to wait.
        match service.services.exports.request(&mei).await {
            Ok(()) => {}
            Err(error) => assert_eq!(error.api(), ApiError::RateLimited { retry_after: 3600 }),
        }
        let first = made(&service, &mei).await;
        service.clock.advance_seconds(HOUR - 1);
        let outcome = service.services.exports.request(&mei).await;
        assert_eq!(refused(outcome), ApiError::RateLimited { retry_after: 1 });
        let path = service.services.exports.file(&mei, first.id).await.unwrap();
        service.clock.advance_seconds(1);
        service.services.exports.request(&mei).await.unwrap();
        let second = made(&service, &mei).await;
        assert_ne!(second.id, first.id);
        assert!(!path.exists(), "the one before is gone");
        let path = service.services.exports.file(&mei, second.id).await.unwrap();
        service.clock.advance_seconds(7 * DAY);
        assert_eq!(refused(service.services.exports.file(&mei, second.id).await), ApiError::NotFound);
        assert_eq!(service.services.exports.latest(&mei).await.unwrap(), None);
        assert!(path.exists());
        service.services.tidy().await.unwrap();
        assert!(!path.exists());
        assert_eq!(std::fs::read_dir(path.parent().unwrap()).unwrap().count(), 0);
    })
    .await;
}

#[tokio::test]
async fn of_many_requests_at_once_one_copy_is_made() {
    both(|db| async move {
        let service = Arc::new(site(&db, Signups::Open).await);
        let mei = service.sign_up("mei").await;
        let mut requests = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (service, mei) = (service.clone(), mei.clone());
            requests.spawn(async move { service.services.exports.request(&mei).await });
        }
        for outcome in requests.join_all().await {
            assert!(outcome.is_ok() || matches!(outcome, Err(ref error) if error.api().retry_after().is_some()));
        }
        made(&service, &mei).await;
        assert_eq!(exports::list_exports(&db).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_copy_that_was_wanted_before_a_restart_is_made_after_it() {
    both(|db| async move {
        let before = site(&db, Signups::Open).await;
        let mei = before.sign_up("mei").await;
        // Written down by a program that ended before it came to it.
        let (id, now) = (new_id(Timestamp(0)), before.services.now());
        let mut tx = db.begin().await.unwrap();
        exports::insert_export(&mut tx, id, mei.person, now, now.plus_seconds(DAY)).await.unwrap();
        tx.commit().await.unwrap();
        let after = site(&db, Signups::Open).await;
        let export = made(&after, &mei).await;
        assert!(matches!(export.state, ExportState::Ready { .. }), "{export:?}");
        assert!(after.services.exports.file(&mei, id).await.unwrap().exists());
    })
    .await;
}

#[tokio::test]
async fn a_copy_that_cannot_be_written_says_so_and_can_be_tried_again() {
    both(|db| async move {
        let service = site(&db, Signups::Open).await;
        let mei = service.sign_up("mei").await;
        // Where the folder should be stands a file.
        std::fs::write(service.exports(), "in the way").unwrap();
        service.services.exports.request(&mei).await.unwrap();
        assert_eq!(made(&service, &mei).await.state, ExportState::Failed);
        std::fs::remove_file(service.exports()).unwrap();
        service.services.exports.request(&mei).await.unwrap();
        assert!(matches!(made(&service, &mei).await.state, ExportState::Ready { .. }));
    })
    .await;
}

#[tokio::test]
async fn copies_go_with_their_account() {
    both(|db| async move {
        let service = site(&db, Signups::Open).await;
        let mei = service.sign_up("mei").await;
        service.services.exports.request(&mei).await.unwrap();
        let export = made(&service, &mei).await;
        let path = service.services.exports.file(&mei, export.id).await.unwrap();
        delete(&service, &mei, Fate::Keep).await.unwrap();
        assert!(!path.exists());
        assert!(exports::list_exports(&db).await.unwrap().is_empty());
    })
    .await;
}
