//! `telicat admin`, and the link for the first owner: the executable itself, alone and beside a server that runs.

use crate::{
    executable::{Telicat, command, empty_folder, executable, refusal},
    site::{PASSWORD, within},
};
use serde_json::Value;
use std::{path::Path, process::Stdio};
use telicat_store::testing::TestDb;
use tokio::io::AsyncWriteExt;

/// What it prints when it did what was asked.
async fn admin(home: &Path, args: &[&str], variables: &[(&str, &str)], typed: &str) -> String {
    let args: Vec<&str> = ["admin"].iter().chain(args).copied().collect();
    let mut child = command(&executable(), home, &args, variables).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(typed.as_bytes()).await.unwrap();
    drop(stdin);
    let output = within(child.wait_with_output()).await.unwrap();
    let (said, log) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{args:?}: {said}{log}");
    assert!(!log.contains(PASSWORD) && !said.contains(PASSWORD), "{said}{log}");
    said
}

async fn create_owner(home: &Path, name: &str, variables: &[(&str, &str)]) -> String {
    let email = format!("{name}@hollowhill.example");
    let args = ["create-owner", "--email", &email, "--username", name];
    admin(home, &args, variables, &format!("{PASSWORD}\n")).await
}

async fn list(home: &Path, variables: &[(&str, &str)]) -> Vec<Value> {
    let json = admin(home, &["list", "--json"], variables, "").await;
    serde_json::from_str::<Value>(&json).unwrap().as_array().unwrap().clone()
}

#[tokio::test]
async fn the_first_owner_is_asked_for_on_one_line_until_there_is_one() {
    let folder = empty_folder();
    let telicat = Telicat::start(folder.path(), &[]).await;
    telicat.terminate().await;
    let (_, said) = telicat.ended().await;
    let link = |said: &str| {
        let lines: Vec<&str> = said.lines().filter(|line| line.contains("/accounts/first-owner/")).collect();
        assert!(lines.len() < 2, "{lines:?}");
        lines.first().map(|line| line.split_whitespace().last().unwrap().to_owned())
    };
    let first = link(&said).unwrap();
    assert!(said.lines().next().unwrap().starts_with("Telicat listens on http://"), "{said}");
    assert!(said.lines().nth(1).unwrap().contains(&first), "it is the second line, and no line of the log: {said}");

    let telicat = Telicat::start(folder.path(), &[("TELICAT_SIGNUPS", "closed")]).await;
    let path = |link: &str| format!("/accounts/first-owner/{}", link.rsplit('/').next().unwrap());
    assert_eq!(telicat.site.get(&path(&first)).await.status, 410, "a newer one was printed");
    telicat.terminate().await;
    let (_, said) = telicat.ended().await;
    let second = link(&said).unwrap();
    assert!(!said.contains(&first[first.len() - 64..]) && second != first);

    create_owner(folder.path(), "olga", &[]).await;
    let telicat = Telicat::start(folder.path(), &[]).await;
    assert_eq!(telicat.site.get(&path(&second)).await.status, 410);
    telicat.terminate().await;
    assert_eq!(link(&telicat.ended().await.1), None);
}

async fn beside_a_server(variables: &[(&str, &str)]) {
    let folder = empty_folder();
    let home = folder.path();
    let telicat = Telicat::start(home, variables).await;
    let mei = telicat.site.sign_up("mei").await;
    let mut socket = mei.listens().await;
    assert_eq!(create_owner(home, "olga", variables).await, "@olga runs the site.\n");
    let olga = telicat.site.log_in("olga").await;
    assert_eq!(olga.get("/invitations").await.status, 200);
    assert_eq!(mei.get("/invitations").await.status, 404);

    // The session is known to the server, and the socket is open: both end without anybody telling it.
    assert_eq!(mei.room().await.status, 200);
    assert_eq!(admin(home, &["deactivate", "@Mei"], variables, "").await, "@mei is kept out.\n");
    assert_eq!(socket.closed().await.0, 4401);
    let out = async { while mei.room().await.status == 200 {} };
    within(out).await;
    let refused = telicat.site.call("/api/accounts/login", &[("login", "mei"), ("password", PASSWORD)], "").await;
    assert_eq!(refused.error(), (403, "wrong_login".to_owned()));
    assert_eq!(admin(home, &["reactivate", "mei"], variables, "").await, "@mei may log in again.\n");
    let mei = telicat.site.log_in("mei").await;

    assert_eq!(admin(home, &["grant-owner", "mei"], variables, "").await, "@mei runs the site.\n");
    let is_owner = async { while mei.get("/invitations").await.status == 404 {} };
    within(is_owner).await;
    assert_eq!(admin(home, &["revoke-owner", "olga"], variables, "").await, "@olga runs the site no more.\n");
    let sentence = refusal(home, &["admin", "revoke-owner", "mei"], variables).await;
    assert!(sentence.contains("@mei is the only owner of the site"), "{sentence}");

    let said = admin(home, &["reset-password", "mei", "--public-url", "https://chat.example"], variables, "").await;
    assert!(
        said.contains("within 60 minutes") && said.contains(": https://chat.example/accounts/password/reset/"),
        "{said}"
    );
    assert_eq!(said.trim_end().rsplit('/').next().unwrap().len(), 64);

    let members = list(home, variables).await;
    let shown: Vec<_> = members.iter().map(|member| (member["handle"].as_str().unwrap(), &member["owner"])).collect();
    assert_eq!(shown, [("mei", &Value::Bool(true)), ("olga", &Value::Bool(false))]);
    assert_eq!(members[0]["address"], "mei@hollowhill.example");
    assert!(members[0]["last_seen_at"].as_str().unwrap().ends_with('Z') && members[0]["deactivated_at"].is_null());
    let table = admin(home, &["list"], variables, "").await;
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines.len() == 3 && lines[0].starts_with("HANDLE  NAME  ADDRESS"), "{table}");
    assert!(lines[1].starts_with("@mei ") && lines[1].contains("mei@hollowhill.example"), "{table}");
    telicat.terminate().await;
    let (status, said) = telicat.ended().await;
    assert!(status.success() && !said.contains("ERROR") && !said.contains("WARN"), "{said}");
    // And without a server.
    assert_eq!(list(home, variables).await.len(), 2);
}

#[tokio::test]
async fn accounts_are_looked_after_beside_a_server_on_sqlite() {
    beside_a_server(&[]).await;
}

#[tokio::test]
async fn accounts_are_looked_after_beside_a_server_on_postgres() {
    let Some(db) = TestDb::postgres().await else { return };
    beside_a_server(&[("TELICAT_DATABASE", &db.location())]).await;
    db.drop_database().await;
}

#[tokio::test]
async fn what_cannot_be_done_to_an_account_is_said_in_one_sentence() {
    let folder = empty_folder();
    let home = folder.path();
    let sentence = refusal(home, &["admin", "list"], &[]).await;
    assert!(sentence.contains("there is no database in the data folder ./data"), "{sentence}");
    assert!(!home.join("data").exists(), "looking makes nothing");
    // Nothing is piped in: the password is empty.
    let args = ["admin", "create-owner", "--email", "nowhere", "--username", "a b"];
    let sentence = refusal(home, &args, &[]).await;
    for part in
        ["e-mail address is refused: malformed", "username is refused: characters", "password is refused: empty"]
    {
        assert!(sentence.contains(part), "{sentence}");
    }
    create_owner(home, "olga", &[]).await;
    let args = ["admin", "create-owner", "--email", "other@hollowhill.example", "--username", "Olga"];
    let output = async {
        let mut child = command(&executable(), home, &args, &[]).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).await.unwrap();
        child.wait_with_output().await.unwrap()
    };
    let output = within(output).await;
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "telicat: the username is refused: taken\n");
    for (args, told) in [
        (&["admin", "deactivate", "@Olga"][..], "@olga is the only owner of the site"),
        (&["admin", "revoke-owner", "olga"], "@olga is the only owner of the site"),
        (&["admin", "reset-password", "nobody"], "there is nobody called @nobody"),
        (&["admin", "grant-owner"], "HANDLE"),
        (&["admin", "dance"], "dance"),
        (&["admin", "list", "--data", "elsewhere"], "there is no database in the data folder elsewhere"),
    ] {
        let sentence = refusal(home, args, &[]).await;
        assert!(sentence.contains(told), "{args:?}: {sentence}");
    }
}

#[tokio::test]
async fn help_explains_all_that_can_be_done_to_accounts() {
    let folder = empty_folder();
    let output = within(command(&executable(), folder.path(), &["admin", "--help"], &[]).output()).await.unwrap();
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    for name in ["create-owner", "list", "reset-password", "deactivate", "reactivate", "grant-owner", "revoke-owner"] {
        let line = help.lines().find(|line| line.trim_start().starts_with(&format!("{name} ")));
        assert!(line.is_some_and(|line| line.trim().len() > name.len() + 10), "{name}: {help}");
    }
    assert!(!folder.path().join("data").exists());
}
