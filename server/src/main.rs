//! `telicat`

use clap::Parser;
use std::process::ExitCode;
use telicat_server::{
    admin, logging, serve,
    settings::{Cli, Command, unknown_variable},
};

/// What the shell is told about a setting that cannot be used; clap says the same for a flag that it does not know.
const BAD_SETTING: u8 = 2;

/// Rendering a page is thousands of small allocations; the system's allocator takes a quarter of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if let Some(name) = unknown_variable() {
        eprintln!("telicat: there is no setting {name}. `telicat --help` lists them all.");
        return ExitCode::from(BAD_SETTING);
    }
    let (command, settings) = match Cli::try_parse() {
        Ok(cli) => cli.into_parts(),
        Err(error) if error.use_stderr() => {
            // The first paragraph says what is wrong; the rest is advice that fills a screen.
            let text = error.to_string();
            let sentence: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
            eprintln!("telicat: {}", sentence.join(" ").trim_start_matches("error: "));
            return ExitCode::from(BAD_SETTING);
        }
        Err(help) => help.exit(),
    };
    if let Err(error) = logging::start(&settings) {
        eprintln!("telicat: {error:#}");
        return ExitCode::from(BAD_SETTING);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("telicat: the system gives no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(async {
        match command {
            Command::Serve => serve::serve(&settings).await,
            Command::Migrate => serve::migrate(&settings).await,
            Command::Admin(what) => admin::run(*what, &settings).await,
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("telicat: {error:#}");
            ExitCode::FAILURE
        }
    }
}
