//! The whole site in this process, on a database and with files of its own.

use crate::site::{Site, User, within};
use std::{ops::Deref, path::PathBuf, sync::Arc};
use telicat_app::cookies::Cookies;
use telicat_server::{
    assets, serve,
    state::{AppState, Reach, leptos_options},
};
use telicat_service::{
    Services, Settings, Signups,
    clock::SystemClock,
    mail::{Mail, Memory},
};
use telicat_store::{Db, testing::TestDb};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, task::JoinSet};
use tokio_util::task::TaskTracker;

/// What sockets are told of where the site's files are.
pub(crate) const ASSETS: &str = "/a/test";

/// How a site is run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How {
    pub(crate) rate_limits: bool,
    pub(crate) signups: Signups,
    pub(crate) verify_signups: bool,
    pub(crate) public_url: Option<&'static str>,
}

impl Default for How {
    fn default() -> Self {
        Self { rate_limits: false, signups: Signups::Open, verify_signups: false, public_url: None }
    }
}

pub(crate) struct App {
    site: Site,
    pub(crate) services: Services,
    /// Who takes its mail.
    pub(crate) mail: Arc<Memory>,
    stop: oneshot::Sender<()>,
    server: JoinHandle<anyhow::Result<()>>,
    pub(crate) db: TestDb,
    pub(crate) exports: PathBuf,
    _files: TempDir,
    _data: TempDir,
}

impl Deref for App {
    type Target = Site;

    fn deref(&self) -> &Site {
        &self.site
    }
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::with(How::default()).await
    }

    pub(crate) async fn with(how: How) -> Self {
        Self::on(TestDb::sqlite().await, how).await
    }

    pub(crate) async fn on(db: TestDb, how: How) -> Self {
        let base_url = how.public_url.unwrap_or("http://chat.example").to_owned();
        let mail = Arc::new(Memory::default());
        let data = tempfile::tempdir().unwrap();
        let exports = data.path().join("exports");
        let settings = Settings {
            base_url,
            signups: how.signups,
            rate_limits: how.rate_limits,
            verify_signups: how.verify_signups,
            mail: mail.clone(),
            exports: exports.clone(),
            assets: ASSETS.to_owned(),
        };
        let services = Services::start(db.db.clone(), Arc::new(SystemClock), settings).await.unwrap();
        let files = crate::files::some();
        let reach = Reach {
            public_url: how.public_url.map(|url| url.parse().unwrap()),
            trusted_proxies: Vec::new(),
            cookies: Cookies { secure: how.public_url.is_some_and(|url| url.starts_with("https:")) },
        };
        let state = AppState {
            services: services.clone(),
            site: Arc::new(assets::Site::new(files.path().to_str().unwrap())),
            leptos: leptos_options().unwrap(),
            reach: Arc::new(reach),
            open: TaskTracker::new(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let site = Site { address: listener.local_addr().unwrap() };
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(serve::run(listener, state, async move { drop(stopped.await) }));
        Self { site, services, mail, stop, server, db, exports, _files: files, _data: data }
    }

    /// The database, for what cannot be seen from outside.
    pub(crate) fn db(&self) -> &Db {
        &self.db.db
    }

    /// Signs several people up at once.
    pub(crate) async fn sign_up_all(&self, names: impl IntoIterator<Item = String>) -> Vec<User> {
        let mut people = JoinSet::new();
        for name in names {
            let site = self.site;
            people.spawn(async move { site.sign_up(&name).await });
        }
        people.join_all().await
    }

    /// The mail that was taken since the last time, once there are that many.
    pub(crate) async fn mail(&self, count: usize) -> Vec<Mail> {
        within(self.mail.take_many(count)).await
    }

    /// Stops, and waits until that is done.
    pub(crate) async fn stop(self) -> TestDb {
        drop(self.stop);
        within(self.server).await.unwrap().unwrap();
        self.db
    }
}
