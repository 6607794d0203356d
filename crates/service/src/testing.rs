//! A whole service on a throw-away database, with a clock that is set by hand.

use crate::{
    Services, Settings, Signed, Signups,
    accounts::{SignUp, SignedUp},
    clock::{Clock, ManualClock},
    mail::{Mail, Memory},
    secret::Secret,
    sessions::{Opened, Origin},
};
use std::path::PathBuf;
use std::{
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
};
use telicat_domain::Timestamp;
use telicat_store::Db;

/// A password that is good enough.
pub const PASSWORD: &str = "a lantern on the hill";

/// Where the site is.
pub const BASE_URL: &str = "https://chat.example";

/// The address that requests of tests come from.
pub const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// Services, and the clock they go by.
pub struct TestService {
    /// The services.
    pub services: Services,
    /// Their clock.
    pub clock: Arc<ManualClock>,
    /// Who takes their mail. Nothing is sent until [`TestService::deliver`] says so.
    pub mail: Arc<Memory>,
    folder: tempfile::TempDir,
}

impl TestService {
    /// On a database that was migrated; 2026-01-01T00:00:00Z, signups open, rates limited.
    ///
    /// # Panics
    /// When it cannot be started.
    pub async fn on(db: Db) -> Self {
        Self::with(db, settings()).await
    }

    /// As [`TestService::on`], with settings, of which who takes mail is replaced.
    ///
    /// # Panics
    /// When it cannot be started.
    #[expect(clippy::expect_used, reason = "a test that cannot begin should stop")]
    pub async fn with(db: Db, settings: Settings) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let settings = Settings { exports: folder.path().join("exports"), ..settings };
        let clock = Arc::new(ManualClock::at(Timestamp(1_767_225_600_000_000)));
        let mail = Arc::new(Memory::default());
        let settings = Settings { mail: mail.clone(), ..settings };
        let services = Services::start(db, clock.clone() as Arc<dyn Clock>, settings).await.expect("services start");
        Self { services, clock, mail, folder }
    }

    /// Where copies of people's data are.
    #[must_use]
    pub fn exports(&self) -> PathBuf {
        self.folder.path().join("exports")
    }

    /// Signs somebody up, and in.
    ///
    /// # Panics
    /// When it is refused.
    #[expect(clippy::expect_used, reason = "a test that cannot begin should stop")]
    pub async fn sign_up(&self, name: &str) -> Signed {
        let email = format!("{name}@hollowhill.example");
        let form = SignUp { email: &email, username: name, password: Secret::new(PASSWORD.to_owned()) };
        let signed_up = self.services.accounts.sign_up(form, ADDRESS, &origin()).await.expect("signed up");
        let SignedUp::In(opened) = signed_up else { panic!("an address has to be confirmed first") };
        self.signed(&opened).await.expect("signed in")
    }

    /// Sends what is due, and returns what was taken since the last time.
    ///
    /// # Panics
    /// When the database does not answer.
    #[expect(clippy::expect_used, reason = "a test that cannot go on should stop")]
    pub async fn deliver(&self) -> Vec<Mail> {
        self.services.mails.send_due().await.expect("the database answers");
        self.mail.take()
    }

    /// Who has the session that was opened, if it lives.
    ///
    /// # Panics
    /// When the database does not answer.
    #[expect(clippy::expect_used, reason = "a test that cannot go on should stop")]
    pub async fn signed(&self, opened: &Opened) -> Option<Signed> {
        self.services.sessions.find(&opened.token).await.expect("the database answers")
    }
}

/// Signups open, rates limited.
#[must_use]
pub fn settings() -> Settings {
    Settings {
        base_url: BASE_URL.to_owned(),
        signups: Signups::Open,
        rate_limits: true,
        verify_signups: false,
        mail: Arc::new(Memory::default()),
        exports: PathBuf::new(),
        assets: "/a/test".to_owned(),
    }
}

/// The token in a letter's link.
///
/// # Panics
/// When there is not exactly one link, or not with a token.
#[must_use]
#[expect(clippy::expect_used, reason = "a test that cannot go on should stop")]
pub fn token_in(mail: &Mail) -> String {
    let mut links = mail.text.lines().filter(|line| line.starts_with(BASE_URL));
    let (link, more) = (links.next().expect("a link"), links.next());
    assert!(more.is_none() && mail.html.contains(link), "one link, in both parts");
    let token = link.rsplit('/').next().expect("a last part");
    assert_eq!(token.len(), 64, "{link}");
    token.to_owned()
}

/// Where requests of tests come from.
#[must_use]
pub fn origin() -> Origin {
    Origin { address: ADDRESS.to_string(), agent: "test".to_owned() }
}
