//! `telicat serve`, from the first line to the last.

use crate::{
    assets::Site,
    background,
    data::DataFolder,
    listener, router,
    settings::{Settings, Signups, Switch},
    state::{AppState, Reach, leptos_options},
};
use anyhow::{Context, bail};
use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};
use telicat_service::{Services, clock::SystemClock, mail, secret::Secret};
use telicat_store::Db;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};
use tokio_util::task::TaskTracker;

/// Milliseconds over which clients are spread that come back after a restart: one for each socket, within these bounds.
const SPREAD_MS: (u32, u32) = (500, 5_000);
/// Requests that are open when the program is told to stop have this long.
const FINISH_TIME: Duration = Duration::from_secs(10);

/// Serves until the system says stop.
///
/// # Errors
/// One sentence for whoever started it.
pub async fn serve(settings: &Settings) -> anyhow::Result<()> {
    let folder = DataFolder::take(&settings.data)?;
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("the address {} cannot be listened on", settings.listen))?;
    let address = listener.local_addr()?;
    let db = open_database(settings, &folder).await?;
    let leptos = leptos_options()?;
    let site = Arc::new(Site::new(&leptos.site_root));
    let of_service = of_service(settings, address, &folder, &site)?;
    let services = Services::start(db, Arc::new(SystemClock), of_service).await?;
    let first_owner = services.first_owner_link().await?;
    let state = AppState { site, leptos, reach: Arc::new(Reach::new(settings)), services, open: TaskTracker::new() };
    let stop = told_to_stop()?;
    announce(address, &folder, first_owner.as_deref());
    run(listener, state, stop).await
}

/// Accepts until `stop` completes, then finishes what is open.
pub async fn run(listener: TcpListener, state: AppState, stop: impl Future<Output = ()>) -> anyhow::Result<()> {
    let (services, open) = (state.services.clone(), state.open.clone());
    let router = router::router(state)?;
    let (say_stop, stopping) = watch::channel(false);
    let background = tokio::spawn(background::work(services.clone(), stopping.clone()));
    let mail = tokio::spawn(background::send_mail(services.clone(), stopping.clone()));
    tokio::select! {
        () = listener::accept(listener, router, stopping, &open) => {}
        () = stop => {}
    }
    tracing::info!("stopping");
    let _heard = say_stop.send(true);
    let sockets = u32::try_from(services.hub.connection_count()).unwrap_or(u32::MAX);
    services.hub.restart(sockets.clamp(SPREAD_MS.0, SPREAD_MS.1));
    open.close();
    if tokio::time::timeout(FINISH_TIME, open.wait()).await.is_err() {
        tracing::warn!("some requests were not finished in time");
    }
    for work in [background, mail] {
        if let Err(error) = work.await {
            tracing::error!(%error, "the work in the background died");
        }
    }
    services.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Brings the database up to date.
///
/// # Errors
/// One sentence for whoever started it.
pub async fn migrate(settings: &Settings) -> anyhow::Result<()> {
    let folder = DataFolder::take(&settings.data)?;
    let db = open_database(settings, &folder).await?;
    db.close().await;
    Ok(())
}

async fn open_database(settings: &Settings, folder: &DataFolder) -> anyhow::Result<Db> {
    let db = open(settings, &folder.database()).await?;
    db.migrate().await?;
    Ok(db)
}

/// Opens the database that the settings name, or else the one in the data folder.
pub(crate) async fn open(settings: &Settings, usual: &Path) -> anyhow::Result<Db> {
    Ok(match settings.database.as_ref().map(Secret::reveal) {
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Db::open_postgres(url).await?
        }
        Some(file) => {
            let file = file.strip_prefix("sqlite:").unwrap_or(file);
            let file = file.strip_prefix("//").unwrap_or(file);
            if file.contains("://") {
                bail!("the setting database is no URL that Telicat knows: it takes postgres://… or the name of a file");
            }
            Db::open_sqlite(file.as_ref()).await?
        }
        None => Db::open_sqlite(usual).await?,
    })
}

/// What links begin with: the address that people type, or else the one that is listened on.
pub(crate) fn base_url(settings: &Settings, address: SocketAddr) -> String {
    let public = settings.public_url.as_ref().map(|url| url.to_string().trim_end_matches('/').to_owned());
    public.unwrap_or_else(|| format!("http://{address}"))
}

fn of_service(
    settings: &Settings,
    address: SocketAddr,
    folder: &DataFolder,
    site: &Site,
) -> anyhow::Result<telicat_service::Settings> {
    let base_url = base_url(settings, address);
    let mail = mail::choose(settings.mail.as_ref(), settings.mail_from.as_deref(), &base_url, folder.outbox())?;
    Ok(telicat_service::Settings {
        base_url,
        signups: match settings.signups {
            Signups::Open => telicat_service::Signups::Open,
            Signups::Invite => telicat_service::Signups::Invite,
            Signups::Closed => telicat_service::Signups::Closed,
        },
        rate_limits: settings.rate_limits == Switch::On,
        verify_signups: settings.verify_signups == Switch::On,
        mail,
        exports: folder.exports(),
        assets: site.root.to_string(),
    })
}

/// The line that says where to look, for which programs wait that start Telicat; and while nobody runs the site, one
/// for the person who started it. Whoever has that link owns the site, so it is no line of the log.
#[expect(clippy::print_stdout, reason = "it is the program's answer, and no log line")]
fn announce(address: SocketAddr, folder: &DataFolder, first_owner: Option<&str>) {
    println!("Telicat listens on http://{address} and keeps its data in {}", folder.path().display());
    if let Some(link) = first_owner {
        println!("The site has no owner yet. Become it within 7 days: {link}");
    }
}

fn told_to_stop() -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("signals cannot be heard")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("signals cannot be heard")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
