//! Where mail goes: to a server over SMTP, or into a folder. The server is a peer that says what the test wants.
#![expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};
use telicat_domain::Timestamp;
use telicat_service::{
    mail::{Mail, Undelivered, choose},
    secret::Secret,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    time::timeout,
};

const BASE_URL: &str = "https://chat.example";

fn mail() -> Mail {
    let link = format!("{BASE_URL}/accounts/email/confirm/{}", "0a".repeat(32));
    Mail {
        id: "0199aaaa-0000-7000-8000-000000000000".parse().unwrap(),
        recipient: "mei@hollowhill.example".to_owned(),
        subject: "Confirm your address".to_owned(),
        text: format!("Open this:\n{link}\n.\nThe end.\n"),
        html: format!("<p><a href=\"{link}\">Open</a></p>\n"),
        created_at: Timestamp(1_767_225_600_000_000),
        attempts: 1,
    }
}

/// A mail server that answers some commands as it is told, and what it took.
struct Peer {
    address: String,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    /// `offers` stands in the answer to EHLO; the first commands that begin like `refuses.0` get `refuses.1`, one each.
    async fn start(offers: &'static str, refuses: &[(&'static str, &'static str)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let refuses = Arc::new(Mutex::new(refuses.to_vec()));
        let peer = Self { address, taken: taken.clone() };
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(speak(stream, offers, refuses.clone(), taken.clone()));
            }
        });
        peer
    }

    fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }

    async fn is_given(&self, options: &str) -> Result<(), Undelivered> {
        let url = Secret::new(format!("smtp://{}{options}", self.address));
        let transport = choose(Some(&url), None, BASE_URL, PathBuf::new()).unwrap();
        timeout(Duration::from_secs(30), transport.hand_over(&mail())).await.unwrap()
    }
}

async fn speak(
    stream: TcpStream,
    offers: &'static str,
    refuses: Arc<Mutex<Vec<(&'static str, &'static str)>>>,
    taken: Arc<Mutex<Vec<String>>>,
) {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 peer\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        let refusal = {
            let mut refuses = refuses.lock().unwrap();
            let found = refuses.iter().position(|(command, _)| line.starts_with(command));
            found.map(|found| refuses.remove(found).1)
        };
        let answer = match refusal {
            Some(refusal) => refusal.to_owned(),
            None if line.starts_with("EHLO") => format!("250-peer\r\n{offers}250 SMTPUTF8"),
            None if line == "DATA" => {
                writer.write_all(b"354 go on\r\n").await.unwrap();
                let mut message = String::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    message.push_str(line.strip_prefix('.').unwrap_or(&line));
                    message.push('\n');
                }
                taken.lock().unwrap().push(message);
                "250 taken".to_owned()
            }
            None => "250 well".to_owned(),
        };
        if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

fn reason(outcome: Result<(), Undelivered>) -> String {
    let Err(Undelivered::Later(reason)) = outcome else { panic!("not for later: {outcome:?}") };
    reason
}

#[tokio::test]
async fn a_server_gets_both_parts_with_the_link_whole() {
    let peer = Peer::start("", &[]).await;
    peer.is_given("").await.unwrap();
    let taken = peer.taken();
    assert_eq!(taken.len(), 1);
    for part in ["From: telicat@chat.example", "To: mei@hollowhill.example", "text/plain", "text/html", "\n.\nThe end."]
    {
        assert!(taken[0].contains(part), "{part}: {}", taken[0]);
    }
    assert!(taken[0].contains(&format!("\n{BASE_URL}/accounts/email/confirm/{}\n", "0a".repeat(32))), "{}", taken[0]);
}

#[tokio::test]
async fn a_server_that_refuses_for_now_takes_it_later_and_once() {
    for (command, refusal) in [
        ("MAIL", "451 4.3.0 greylisted"),
        ("RCPT", "450 4.2.0 the mailbox is busy"),
        ("RCPT", "550 5.1.1 no such person"),
        ("DATA", "452 4.3.1 no room"),
        ("EHLO", "421 closing"),
    ] {
        let peer = Peer::start("", &[(command, refusal), ("HELO", refusal)]).await;
        let reason = reason(peer.is_given("").await);
        assert!(reason.contains(&refusal[..3]), "{refusal}: {reason}");
        assert!(peer.taken().is_empty());
        peer.is_given("").await.unwrap();
        assert_eq!(peer.taken().len(), 1);
    }
}

#[tokio::test]
async fn without_the_encryption_that_is_required_nothing_is_said() {
    // One that does not offer it, and one that offers it and then refuses.
    for (offers, refuses) in [("", &[][..]), ("250-STARTTLS\r\n", &[("STARTTLS", "454 not available")])] {
        let peer = Peer::start(offers, refuses).await;
        let url = "?tls=required";
        let reason = reason(peer.is_given(url).await);
        assert!(!reason.is_empty() && !reason.contains("mei@"), "{reason}");
        assert!(peer.taken().is_empty());
    }
}

#[tokio::test]
async fn nobody_who_listens_is_for_later() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let nobody = Peer { address, taken: Arc::default() };
    assert!(!reason(nobody.is_given("").await).is_empty());
}

#[tokio::test]
async fn without_a_server_a_mail_is_a_file_that_its_owner_alone_can_read() {
    let data = tempfile::tempdir().unwrap();
    let outbox = data.path().join("outbox");
    let transport = choose(None, Some("watch@hollowhill.example"), BASE_URL, outbox.clone()).unwrap();
    transport.hand_over(&mail()).await.unwrap();
    // The same mail again, after a crash, is the same file.
    transport.hand_over(&mail()).await.unwrap();
    let files: Vec<PathBuf> = fs::read_dir(&outbox).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files, [outbox.join("0199aaaa-0000-7000-8000-000000000000.eml")]);
    let mode = |path: &PathBuf| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&outbox), mode(&files[0])), (0o700, 0o600));
    let text = fs::read_to_string(&files[0]).unwrap();
    assert!(text.contains("From: watch@hollowhill.example\r\n"), "{text}");
    assert!(text.contains(&format!("\n{BASE_URL}/accounts/email/confirm/{}\r\n", "0a".repeat(32))), "{text}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_for_later() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("outbox"), "in the way").unwrap();
    let transport = choose(None, None, BASE_URL, data.path().join("outbox")).unwrap();
    assert!(reason(transport.hand_over(&mail()).await).contains("outbox"));
    fs::remove_file(data.path().join("outbox")).unwrap();
    transport.hand_over(&mail()).await.unwrap();
}
