//! A server under measurement, as a process of its own.

use crate::usage::Usage;
use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    collections::VecDeque,
    ffi::OsString,
    net::SocketAddr,
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufRead, AsyncBufReadExt, BufReader, Lines},
    process::{Child, Command},
    time::timeout,
};

const START: Duration = Duration::from_secs(30);
const STOP: Duration = Duration::from_secs(15);
/// Lines of its log that are shown when a run fails.
const LOG_LINES: usize = 20;

/// A server that accepts connections. It is killed when this is dropped before [`Server::stop`].
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) usage: Usage,
    pub(crate) begun: Instant,
    child: Child,
    log: Log,
    ended: bool,
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<VecDeque<String>>>);

impl Server {
    /// Telicat, as anybody runs it, but for the limits on how often one may post.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub(crate) async fn telicat(executable: &Path, data: &Path) -> Result<Self> {
        let mut command = Command::new(executable);
        for (name, _) in std::env::vars_os().filter(|(name, _)| is_setting(name)) {
            command.env_remove(name);
        }
        command.args(["serve", "--listen", "127.0.0.1:0", "--rate-limits", "off", "--data"]).arg(data);
        Self::start(command).await.context("Telicat does not start")
    }

    /// The floor: this program, as the bare server.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub(crate) async fn bare() -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("bare-server");
        Self::start(command).await.context("the bare server does not start")
    }

    async fn start(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let begun = Instant::now();
        let mut child = command.spawn()?;
        let process = child.id().context("it ended at once")?;
        let output = child.stdout.take().context("it has no output")?;
        let errors = child.stderr.take().context("it has no error output")?;
        let log = Log::default();
        tokio::spawn(log.clone().keep(BufReader::new(errors).lines()));
        let mut output = BufReader::new(output).lines();
        let address = match timeout(START, announced(&mut output, &log)).await {
            Ok(Ok(address)) => address,
            failed => {
                log.show();
                failed.context("it does not say in time where it listens")??;
                bail!("it does not say where it listens");
            }
        };
        tokio::spawn(log.clone().keep(output));
        Ok(Self { address, usage: Usage::of(process), begun, child, log, ended: false })
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Errors
    ///
    /// When it does not end, or ended before.
    pub(crate) async fn stop(mut self) -> Result<()> {
        self.signal(Signal::TERM)?;
        timeout(STOP, self.child.wait()).await.context("the server does not stop")??;
        self.ended = true;
        Ok(())
    }

    /// Ends it as a crash would.
    ///
    /// # Errors
    ///
    /// When it ended before.
    pub(crate) async fn kill(mut self) -> Result<()> {
        self.signal(Signal::KILL)?;
        self.child.wait().await?;
        self.ended = true;
        Ok(())
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let process = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        kill_process(process.context("the server ended by itself")?, signal).context("the server ended by itself")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !self.ended {
            self.log.show();
        }
    }
}

impl Log {
    async fn keep(self, mut lines: Lines<impl AsyncBufRead + Unpin>) {
        while let Ok(Some(line)) = lines.next_line().await {
            self.push(line);
        }
    }

    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LOG_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn show(&self) {
        for line in &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            eprintln!("  server: {line}");
        }
    }
}

/// A setting of the person's own Telicat is not one of the measured one.
fn is_setting(name: &OsString) -> bool {
    name.to_str().is_some_and(|name| name.starts_with("TELICAT_"))
}

async fn announced(output: &mut Lines<impl AsyncBufRead + Unpin>, log: &Log) -> Result<SocketAddr> {
    while let Some(line) = output.next_line().await? {
        if let Some(address) = address_in(&line) {
            return Ok(address);
        }
        log.push(line);
    }
    bail!("it ended before it accepted connections")
}

/// The address in a line that contains `http://127.0.0.1:PORT`.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("http://")?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ':').unwrap_or(rest.len());
    rest[..end].trim_end_matches(['.', ':']).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_the_line_that_says_it() {
        let address = Some(SocketAddr::from(([127, 0, 0, 1], 4321)));
        for line in [
            "http://127.0.0.1:4321",
            "Telicat is at http://127.0.0.1:4321/ (stop: Ctrl-C)",
            "open http://127.0.0.1:4321.",
            "\u{1b}[1mhttp://127.0.0.1:4321\u{1b}[0m",
        ] {
            assert_eq!(address_in(line), address, "{line}");
        }
        assert_eq!(address_in("see http://localhost or 127.0.0.1:4321"), None);
    }
}
