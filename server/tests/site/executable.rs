//! The executable alone: copied into an empty folder, without any variable of the environment.
//!
//! `TELICAT_BIN` names another one than the one that cargo has just built, such as a release.

use crate::site::{Answer, Site, User, numbers, within};
use http::{Request, header};
use serde_json::Value;
use std::{
    collections::HashMap,
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    sync::Arc,
};
use telicat_store::testing::TestDb;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    net::TcpListener,
    process::{Child, Command},
    sync::Notify,
    task::{JoinHandle, JoinSet},
};

const SECRET: &str = "hunter2secret";
const FREE_PORT: (&str, &str) = ("TELICAT_LISTEN", "127.0.0.1:0");

pub(crate) fn executable() -> PathBuf {
    env::var_os("TELICAT_BIN").map_or_else(|| env!("CARGO_BIN_EXE_telicat").into(), PathBuf::from)
}

pub(crate) fn command(program: &Path, home: &Path, args: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    command.args(args).env_clear().envs(variables.iter().copied()).current_dir(home);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// A program that serves.
pub(crate) struct Telicat {
    pub(crate) site: Site,
    first_line: String,
    child: Child,
    output: JoinHandle<String>,
    errors: JoinHandle<String>,
}

impl Telicat {
    pub(crate) async fn start(home: &Path, variables: &[(&str, &str)]) -> Self {
        Self::run(&executable(), home, variables).await
    }

    async fn run(program: &Path, home: &Path, variables: &[(&str, &str)]) -> Self {
        let variables: Vec<(&str, &str)> = [FREE_PORT].iter().chain(variables).copied().collect();
        let mut child = command(program, home, &[], &variables).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let errors = tokio::spawn(async move {
            let mut text = String::new();
            stderr.read_to_string(&mut text).await.unwrap();
            text
        });
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut first_line = String::new();
        within(stdout.read_line(&mut first_line)).await.unwrap();
        if first_line.is_empty() {
            panic!("it does not start: {}", errors.await.unwrap());
        }
        let output = tokio::spawn(async move {
            let mut text = String::new();
            stdout.read_to_string(&mut text).await.unwrap();
            text
        });
        let address = first_line.split("http://").nth(1).unwrap().split_whitespace().next().unwrap();
        Self { site: Site { address: address.parse().unwrap() }, first_line, child, output, errors }
    }

    async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    pub(crate) async fn terminate(&self) {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    }

    /// How it ended, and all that it said.
    pub(crate) async fn ended(mut self) -> (ExitStatus, String) {
        let status = within(self.child.wait()).await.unwrap();
        let said = format!("{}{}{}", self.first_line, self.output.await.unwrap(), self.errors.await.unwrap());
        (status, said)
    }
}

/// The sentence with which it does not start.
pub(crate) async fn refusal(home: &Path, args: &[&str], variables: &[(&str, &str)]) -> String {
    let mut variables = variables.to_vec();
    if !variables.iter().any(|(name, _)| *name == FREE_PORT.0) && !args.contains(&"--listen") {
        variables.push(FREE_PORT);
    }
    let output = within(command(&executable(), home, args, &variables).output()).await.unwrap();
    let (said, sentence) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(
        matches!(output.status.code(), Some(1 | 2)),
        "{args:?} {variables:?}: {:?} {said} {sentence}",
        output.status
    );
    assert_eq!(said, "", "{args:?} {variables:?}");
    assert_eq!(sentence.lines().count(), 1, "{args:?} {variables:?}: {sentence}");
    assert!(sentence.starts_with("telicat: ") && sentence.len() < 400, "{sentence}");
    assert!(!sentence.contains("panicked") && !sentence.contains(SECRET), "{sentence}");
    sentence
}

pub(crate) fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

pub(crate) fn empty_folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[tokio::test]
async fn alone_in_an_empty_folder_it_serves() {
    let folder = empty_folder();
    let program = folder.path().join("telicat");
    fs::copy(executable(), &program).unwrap();
    let telicat = Telicat::run(&program, folder.path(), &[]).await;
    let expected = format!("Telicat listens on http://{} and keeps its data in ./data\n", telicat.site.address);
    assert_eq!(telicat.first_line, expected);
    let data = folder.path().join("data");
    assert_eq!(mode(&data), 0o700);
    assert!(data.join("telicat.db").is_file());
    assert_eq!(telicat.site.get("/healthz").await.text(), "ok");
    assert_eq!(telicat.site.get("/readyz").await.status, 200);
    let home = telicat.site.get("/").await;
    assert_eq!(home.status, 200);
    assert!(home.text().contains("</html>"));
    let alice = telicat.site.sign_up("alice").await;
    alice.posts("hi").await;
    assert!(alice.room().await.text().contains(">hi<"));
    files_of_a_release(telicat.site, home.text()).await;

    telicat.terminate().await;
    let (status, said) = telicat.ended().await;
    assert!(status.success(), "{status:?} {said}");
    assert!(!said.contains("ERROR") && !said.contains("WARN") && !said.contains("panicked"), "{said}");
    let mut left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["data", "telicat"], "it writes nowhere else");
}

/// The files that a page names, when they are inside the executable.
async fn files_of_a_release(site: Site, page: &str) {
    let root = page.split("href=\"/a/").nth(1).unwrap().split('/').next().unwrap();
    if root == "dev" {
        return;
    }
    assert_eq!(root.len(), 16, "{root}");
    let fetch = async |path: &str, encoding: &str| -> Answer {
        site.send(Request::get(path).header(header::ACCEPT_ENCODING, encoding), "").await
    };
    for (name, kind) in [
        ("telicat.js", "text/javascript; charset=utf-8"),
        ("telicat.wasm", "application/wasm"),
        ("telicat.css", "text/css; charset=utf-8"),
    ] {
        let path = format!("/a/{root}/pkg/{name}");
        assert!(page.contains(&path), "{path}");
        let packed = fetch(&path, "gzip, deflate, br").await;
        assert_eq!((packed.status, packed.header("content-encoding")), (200, "br"), "{path}");
        assert_eq!(packed.header("content-type"), kind);
        assert_eq!(packed.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(packed.header("vary"), "Accept-Encoding");
        let plain = fetch(&path, "identity").await;
        assert_eq!((plain.status, plain.header("content-encoding")), (200, ""), "{path}");
        assert!(packed.body.len() < plain.body.len(), "{path}");
        let known = Request::get(&path).header(header::IF_NONE_MATCH, plain.header("etag"));
        assert_eq!(site.send(known, "").await.status, 304, "{path}");
        assert_eq!(fetch(&format!("/a/0000000000000000/pkg/{name}"), "br").await.status, 404);
    }
    let wasm = fetch(&format!("/a/{root}/pkg/telicat.wasm"), "").await;
    assert_eq!(wasm.body[..4], *b"\0asm");
    for name in ["/favicon.svg", "/icons.svg", "/manifest.webmanifest", "/robots.txt"] {
        let file = fetch(name, "").await;
        assert_eq!((file.status, file.header("content-encoding")), (200, ""), "{name}");
    }
}

#[tokio::test]
async fn a_data_folder_has_one_program() {
    let folder = empty_folder();
    let mut first = Telicat::start(folder.path(), &[]).await;
    let sentence = refusal(folder.path(), &[], &[]).await;
    assert!(sentence.contains("another telicat uses the data folder ./data"), "{sentence}");
    assert_eq!(first.site.get("/healthz").await.status, 200);
    first.kill().await;
    // A program that was killed holds nothing.
    let second = Telicat::start(folder.path(), &[]).await;
    assert_eq!(second.site.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn a_setting_that_cannot_be_used_is_refused_with_one_sentence() {
    let folder = empty_folder();
    let home = folder.path();
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    fs::write(home.join("file"), "x").unwrap();
    fs::write(home.join("no.db"), "this is no database, and long enough to be seen as none. ".repeat(100)).unwrap();
    for (args, variables, told) in [
        (&["--listen", "127.0.0.1:99999"][..], &[][..], "127.0.0.1:99999"),
        (&["--listen", "nowhere"], &[], "nowhere"),
        (&[], &[("TELICAT_LISTEN", "127.0.0.1")], "127.0.0.1"),
        (&["--listen", taken.as_str()], &[], taken.as_str()),
        (&["--data", "file"], &[], "file"),
        (&["--data", "file/below"], &[], "file/below"),
        (&["--database", "no.db"], &[], "no.db"),
        (&["--database", "missing/folder/x.db"], &[], "missing/folder"),
        (&[], &[("TELICAT_LISTN", "127.0.0.1:0")], "TELICAT_LISTN"),
        (&["--nonsense"], &[], "--nonsense"),
        (&["--signups", "maybe"], &[], "maybe"),
        (&["--public-url", "chat.example"], &[], "chat.example"),
        (&[], &[("TELICAT_TRUSTED_PROXIES", "10.0.0.0/99")], "10.0.0.0/99"),
        (&["--log", "telicat=loud=louder"], &[], "loud"),
    ] {
        let sentence = refusal(home, args, variables).await;
        assert!(sentence.contains(told), "{args:?} {variables:?}: {sentence}");
    }
}

#[tokio::test]
async fn a_password_in_a_setting_is_printed_nowhere() {
    let folder = empty_folder();
    let home = folder.path();
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for url in [
        format!("postgres://telicat:{SECRET}@{nobody}/telicat"),
        format!("postgres://telicat:{SECRET}@127.0.0.1:port/telicat"),
        format!("postgres://telicat:{SECRET}@[::/telicat"),
        format!("postgres://telicat:{SECRET}@nowhere.invalid/telicat"),
        format!("mysql://telicat:{SECRET}@127.0.0.1/telicat"),
    ] {
        refusal(home, &[], &[("TELICAT_DATABASE", &url)]).await;
        refusal(home, &["--database", &url], &[]).await;
        refusal(home, &["--databse", &url], &[]).await;
        refusal(home, &[&format!("--databse={url}")], &[]).await;
        let output = command(&executable(), home, &["--help"], &[("TELICAT_DATABASE", &url)]).output();
        let help = within(output).await.unwrap();
        assert!(help.status.success());
        let help = String::from_utf8(help.stdout).unwrap();
        assert!(help.contains("--database") && !help.contains(SECRET), "{help}");
    }
}

#[tokio::test]
async fn a_password_that_works_is_printed_nowhere() {
    let Some(db) = TestDb::postgres().await else { return };
    let location = db.location();
    let (scheme, rest) = location.split_once("://").unwrap();
    let (user, place) = rest.split_once('@').unwrap();
    let user = user.split(':').next().unwrap();
    let folder = empty_folder();
    // The server for tests lets everybody in, whatever the password.
    let url = format!("{scheme}://{user}:{SECRET}@{place}");
    let telicat = Telicat::start(folder.path(), &[("TELICAT_DATABASE", &url), ("TELICAT_LOG", "trace")]).await;
    let alice = telicat.site.sign_up("alice").await;
    alice.posts("a word that no log needs").await;
    let token = "0a".repeat(32);
    for path in ["/accounts/password/reset", "/accounts/email/confirm", "/accounts/first-owner"] {
        telicat.site.get(&format!("{path}/{token}")).await;
    }
    telicat.site.call("/api/accounts/password/reset/finish", &[("token", &token), ("password", SECRET)], "").await;
    telicat.terminate().await;
    let (status, said) = telicat.ended().await;
    assert!(status.success(), "{status:?}");
    let session = alice.cookie.split_once('=').unwrap().1;
    for unsaid in [SECRET, crate::site::PASSWORD, "a word that no log needs", session, &token] {
        let line = said.lines().find(|line| line.contains(unsaid));
        assert_eq!(line, None, "{unsaid}");
    }
    assert!(!folder.path().join("data/telicat.db").exists());
    db.drop_database().await;
}

#[tokio::test]
async fn migrating_alone_makes_the_database_and_ends() {
    let folder = empty_folder();
    let output = within(command(&executable(), folder.path(), &["migrate"], &[]).output()).await.unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(folder.path().join("data/telicat.db").is_file());
}

#[tokio::test]
async fn told_to_stop_it_says_goodbye_and_ends_well() {
    let folder = empty_folder();
    let telicat = Telicat::start(folder.path(), &[]).await;
    let alice = telicat.site.sign_up("alice").await;
    let mut listener = alice.listens().await;
    alice.posts("the last word").await;
    // What still waits when it stops is dropped, because whoever comes back catches up.
    assert_eq!(listener.event().await["body"], "the last word");
    telicat.terminate().await;
    let (code, reason) = listener.closed().await;
    assert_eq!(code, 1012);
    assert!(reason.parse::<u32>().unwrap() < 5_000, "{reason}");
    let (status, said) = telicat.ended().await;
    assert!(status.success(), "{status:?} {said}");
    assert!(!said.contains("WARN") && !said.contains("ERROR"), "{said}");

    let again = Telicat::start(folder.path(), &[]).await;
    let alice = User { site: again.site, ..alice };
    assert_eq!(alice.since(0).await[0]["body"], "the last word");
    again.terminate().await;
    assert!(again.ended().await.0.success());
}

/// A message that is on its way, or was acknowledged.
#[derive(Debug, Clone)]
struct Sent {
    nonce: String,
    body: String,
    answer: Option<Value>,
}

/// Posts one after the other until no answer comes. The last one is the one without an answer.
async fn post_until_the_end(who: User, name: String, acknowledged: Arc<Notify>) -> Vec<Sent> {
    let mut sent: Vec<Sent> = Vec::new();
    loop {
        let body = format!("{name} says {}", sent.len());
        let nonce = telicat_service::messages::new_nonce().unwrap().to_string();
        let answer = post(&who, &nonce, &body).await;
        let ended = answer.is_none();
        sent.push(Sent { nonce, body, answer });
        if ended {
            return sent;
        }
        acknowledged.notify_one();
    }
}

/// The message, when an answer came.
async fn post(who: &User, nonce: &str, body: &str) -> Option<Value> {
    let fields = crate::site::form(&[("room", crate::site::ROOM), ("body", body), ("nonce", nonce)]);
    let request = crate::site::call("/api/messages/post").header(header::COOKIE, &who.cookie);
    let answer = within(who.site.try_send(request, fields)).await.ok()?;
    assert_eq!(answer.status, 200, "{answer:?}");
    Some(answer.json())
}

async fn killed_while_people_post(variables: &[(&str, &str)]) {
    const PEOPLE: usize = 6;
    const ROUNDS: usize = 3;
    let folder = empty_folder();
    let variables: Vec<(&str, &str)> = variables.iter().copied().chain([("TELICAT_RATE_LIMITS", "off")]).collect();
    let mut telicat = Telicat::start(folder.path(), &variables).await;
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        people.push(telicat.site.sign_up(&format!("person{n}")).await);
    }
    let mut acknowledged: HashMap<String, Value> = HashMap::new();
    for round in 0..ROUNDS {
        let ticks = Arc::new(Notify::new());
        let mut posters = JoinSet::new();
        for (n, who) in people.iter().enumerate() {
            posters.spawn(post_until_the_end(who.clone(), format!("person{n} in round {round}"), ticks.clone()));
        }
        for _ in 0..80 + round * 7 {
            within(ticks.notified()).await;
        }
        telicat.kill().await;
        let sent = within(posters.join_all()).await;

        telicat = Telicat::start(folder.path(), &variables).await;
        for who in &mut people {
            who.site = telicat.site;
        }
        let mut unanswered = Vec::new();
        for one in sent.into_iter().flatten() {
            match &one.answer {
                Some(message) => drop(acknowledged.insert(one.nonce, message.clone())),
                None => unanswered.push(one),
            }
        }
        holds_exactly(&people[0], &acknowledged).await;
        assert_eq!(unanswered.len(), PEOPLE);
        // Sent again with the same nonce, each is there once, whatever became of it before.
        for one in unanswered {
            let n: usize = one.body["person".len()..].split(' ').next().unwrap().parse().unwrap();
            let message = post(&people[n], &one.nonce, &one.body).await.unwrap();
            acknowledged.insert(one.nonce, message);
        }
        assert_eq!(holds_exactly(&people[0], &acknowledged).await, acknowledged.len());
    }
    telicat.terminate().await;
    assert!(telicat.ended().await.0.success());
}

/// All that was acknowledged is there as it was said, once, and the numbers have no gap. How many there are.
async fn holds_exactly(who: &User, acknowledged: &HashMap<String, Value>) -> usize {
    let events = who.since(0).await;
    assert!(numbers(&events).into_iter().eq(1..=events.len() as i64));
    let mut found: HashMap<&str, &Value> = HashMap::new();
    for event in &events {
        assert!(found.insert(event["nonce"].as_str().unwrap(), event).is_none(), "twice: {event}");
    }
    for (nonce, message) in acknowledged {
        let mut expected = message.clone();
        expected["kind"] = "posted".into();
        assert_eq!(found.get(nonce.as_str()), Some(&&expected));
    }
    events.len()
}

#[tokio::test]
async fn killed_under_load_it_loses_nothing_on_sqlite() {
    killed_while_people_post(&[]).await;
}

#[tokio::test]
async fn killed_under_load_it_loses_nothing_on_postgres() {
    let Some(db) = TestDb::postgres().await else { return };
    killed_while_people_post(&[("TELICAT_DATABASE", &db.location())]).await;
    db.drop_database().await;
}
