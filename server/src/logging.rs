//! Log lines, on standard error.

use crate::settings::{LogFormat, Settings};
use anyhow::Context;
use tracing_subscriber::{EnvFilter, fmt};

/// Says the whole address of each request, and the addresses that mail leads to hold a token. What it refuses is logged by
/// [`crate::observe`].
const SILENT: &str = "tower_http::csrf=off";

/// Starts logging.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(settings: &Settings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&settings.log)
        .ok()
        .with_context(|| format!("the setting log is {:?}, which is no level and no filter", settings.log))?;
    let filter = filter.add_directive(SILENT.parse()?);
    let lines = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match settings.log_format {
        LogFormat::Text => lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init(),
        LogFormat::Json => lines.json().init(),
    }
    Ok(())
}
