//! A `PostgreSQL` for one test run: its own cluster, on a socket in a temporary folder, gone afterwards.
//!
//! Tests make and drop their own databases in it. It is as durable as in production, because tests ask for that.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::packages::{self, Package};
use crate::process;

const PACKAGE: Package =
    Package { debian: "postgresql", homebrew: "postgresql@17", purpose: "the tests on PostgreSQL" };

const USER: &str = "telicat";
/// Names the socket's file; nothing listens on the network.
const PORT: u16 = 5432;
/// Knows all letters, and sorts by code point on every machine.
const LOCALE: &str = if cfg!(target_os = "macos") { "en_US.UTF-8" } else { "C.UTF-8" };

/// Waits until this program is gone or asks, then stops the cluster and removes it. It ignores signals, so that
/// Ctrl-C ends the tests and not the one who cleans up, and it notices even when this program is killed: its input
/// ends. `$1` is `pg_ctl` and `$2` the cluster's folder.
const KEEPER: &str = r#"
trap '' HUP INT TERM
read -r _
"$1" stop --silent --mode=immediate --pgdata="$2/data"
rm -rf "$2"
"#;

/// A running cluster. Dropping it stops it and removes all that it wrote.
pub(crate) struct Cluster {
    url: String,
    keeper: Child,
}

impl Cluster {
    /// Installs `PostgreSQL` first where that is ours to do.
    ///
    /// # Errors
    ///
    /// When there is no `PostgreSQL`, or it does not start.
    pub(crate) fn start() -> Result<Self> {
        let programs = match Programs::find() {
            Some(programs) => programs,
            None => {
                packages::install(&PACKAGE)?;
                Programs::find()
                    .context("PostgreSQL was installed, and its programs are not where they are expected")?
            }
        };
        Self::start_with(&programs)
    }

    /// For sqlx, as the cluster's superuser.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    fn start_with(programs: &Programs) -> Result<Self> {
        let owner = Owner::choose()?;
        let folder = make_folder(&owner)?;
        // Before anything that would have to be cleaned up.
        let keeper = owner
            .command("/bin/sh", &folder)
            .args(["-c", KEEPER, "sh"])
            .arg(&programs.pg_ctl)
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Its own group: Ctrl-C goes to this program's.
            .process_group(0)
            .spawn()
            .context("cannot start `sh`")?;
        let cluster = Self { url: url(&folder), keeper };

        let data = folder.join("data");
        let mut initdb = owner.command(&programs.initdb, &folder);
        initdb.args(["--auth=trust", "--encoding=UTF8", "--no-sync"]);
        initdb.args([format!("--username={USER}"), format!("--locale={LOCALE}")]).arg("--pgdata").arg(&data);
        process::output(&mut initdb)?;
        configure(&data, &folder)?;

        let log = folder.join("log");
        let mut pg_ctl = owner.command(&programs.pg_ctl, &folder);
        pg_ctl.args(["start", "--silent", "--wait", "--pgdata"]).arg(&data).arg("--log").arg(&log);
        process::output(&mut pg_ctl).with_context(|| {
            let log = fs::read_to_string(&log).unwrap_or_default();
            format!("PostgreSQL does not start. Its log:\n{log}")
        })?;
        Ok(cluster)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("The throw-away PostgreSQL may still run: {error}");
        }
    }
}

fn configure(data: &Path, folder: &Path) -> Result<()> {
    let settings = format!(
        "listen_addresses = ''\n\
         unix_socket_directories = '{}'\n\
         port = {PORT}\n\
         max_connections = 200\n\
         shared_buffers = '64MB'\n",
        folder.display()
    );
    // Read after postgresql.conf, so that what initdb wrote there does not matter.
    let path = data.join("postgresql.auto.conf");
    fs::write(&path, settings).with_context(|| format!("cannot write {}", path.display()))
}

/// The folder of the socket as the host, percent-encoded, which is how sqlx tells a socket from a name. The port is
/// stated because sqlx would else take one from `PGPORT`.
fn url(folder: &Path) -> String {
    let mut host = String::new();
    for byte in folder.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => host.push(char::from(*byte)),
            _ => host.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("postgres://{USER}@{host}:{PORT}/postgres")
}

/// The one who runs the cluster. `PostgreSQL` refuses root, so root hands it to the user that the package made.
struct Owner(Option<(u32, u32)>);

impl Owner {
    fn choose() -> Result<Self> {
        if !packages::is_root()? {
            return Ok(Self(None));
        }
        let postgres = packages::user_and_group_of("postgres");
        Ok(Self(Some(postgres.context("PostgreSQL does not run as root, and there is no user `postgres`")?)))
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder);
        if let Some((user, group)) = self.0 {
            command.uid(user).gid(group);
        }
        command
    }

    /// Root's own temporary folder may be closed to others.
    fn temporary(&self) -> PathBuf {
        if self.0.is_some() { "/tmp".into() } else { std::env::temp_dir() }
    }
}

/// Only its owner and root may enter: everybody who can reach the socket is the cluster's superuser.
fn make_folder(owner: &Owner) -> Result<PathBuf> {
    for attempt in 0..100 {
        // A short name: the path of a socket has about a hundred bytes.
        let folder = owner.temporary().join(format!("telicat-pg-{}-{attempt}", std::process::id()));
        match DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => {
                if let Some((user, group)) = owner.0 {
                    chown(&folder, Some(user), Some(group))?;
                }
                return Ok(folder);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).with_context(|| format!("cannot make {}", folder.display())),
        }
    }
    bail!("{} is full of clusters of earlier runs: remove telicat-pg-*", owner.temporary().display())
}

struct Programs {
    initdb: PathBuf,
    pg_ctl: PathBuf,
}

impl Programs {
    /// On PATH; else where Debian keeps the programs of each version, the newest first; else where `pg_config` says.
    fn find() -> Option<Self> {
        let on_path = process::find("initdb").and_then(|initdb| initdb.parent().map(Path::to_owned));
        on_path
            .into_iter()
            .chain(debian_folders())
            .chain(configured_folder())
            .find_map(|folder| Self::in_folder(&folder))
    }

    fn in_folder(folder: &Path) -> Option<Self> {
        let programs = Self { initdb: folder.join("initdb"), pg_ctl: folder.join("pg_ctl") };
        (programs.initdb.is_file() && programs.pg_ctl.is_file()).then_some(programs)
    }
}

fn debian_folders() -> Vec<PathBuf> {
    let Ok(versions) = fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let mut versions: Vec<PathBuf> = versions.flatten().map(|version| version.path()).collect();
    versions.sort_by_key(|version| version.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    versions.into_iter().rev().map(|version| version.join("bin")).collect()
}

fn configured_folder() -> Option<PathBuf> {
    let printed = process::output(Command::new("pg_config").arg("--bindir")).ok()?;
    Some(printed.trim().into())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;

    use super::*;

    #[test]
    fn the_socket_folder_is_the_host_of_the_url() {
        assert_eq!(url(Path::new("/tmp/a b-1")), "postgres://telicat@%2Ftmp%2Fa%20b-1:5432/postgres");
    }

    /// Says hello as the protocol's version 3 wants it and returns the type of the server's first message.
    fn first_answer(socket: &Path) -> io::Result<u8> {
        let hello = b"\0\x03\0\0user\0telicat\0database\0postgres\0\0";
        let mut stream = UnixStream::connect(socket)?;
        stream.write_all(&u32::try_from(hello.len() + 4).unwrap().to_be_bytes())?;
        stream.write_all(hello)?;
        let mut answer = [0];
        stream.read_exact(&mut answer)?;
        Ok(answer[0])
    }

    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        let Some(programs) = Programs::find() else {
            eprintln!("skipped: there is no PostgreSQL on this machine");
            return;
        };
        let cluster = Cluster::start_with(&programs).unwrap();
        let host = cluster.url().split_once('@').unwrap().1.split_once(':').unwrap().0;
        let folder = PathBuf::from(host.replace("%2F", "/"));
        let socket = folder.join(format!(".s.PGSQL.{PORT}"));
        assert_eq!(first_answer(&socket).unwrap(), b'R', "an answer about authentication, not an error");
        drop(cluster);
        assert!(!folder.exists(), "{} is still there", folder.display());
    }
}
