//! Every development task of Telicat, as `cargo xtask <command>`.
//!
//! Rust rather than shell or make, so that a task needs no tool that the project does not need anyway, and works the
//! same on Linux and macOS. The dependencies are few, because everybody compiles them before anything else happens.
#![expect(clippy::print_stdout, reason = "a task speaks to the person who typed it")]

mod bench;
mod emoji;
mod packages;
mod postgres;
mod process;
mod release;
mod serve;
mod size;
mod suite;
mod tools;
mod version;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::workspace::Workspace;

const COMMANDS: &str = "\
cargo xtask <command>

  run [-- args]           build the release and serve it on http://127.0.0.1:3000, with SQLite in ./data;
                          args go to `telicat serve`
  dev [args]              serve, and rebuild and reload when a file changes (`cargo leptos watch`)
  release                 build the release into target/telicat: one file, everything inside
  test                    format, lints, host tests, browser tests: all that must pass
  test lint               only format and lints
  test host [names]       only the tests that run without a browser
  test browser [args]     only the browser tests; args go to Playwright
  size                    what a visit and the executable weigh, against their budgets
  bench [args]            measure; args go to the benchmark
  emoji <folder>          write public/emoji.txt anew, from the unpacked npm package `emojibase-data`";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = arguments.split_first() else {
        println!("{COMMANDS}");
        return ExitCode::SUCCESS;
    };
    perform(command, rest).unwrap_or_else(|error| {
        eprintln!("xtask {command}: {error:#}");
        ExitCode::FAILURE
    })
}

/// Success and failure are the returned code; an error is for what kept the command from doing its work.
fn perform(command: &str, arguments: &[String]) -> Result<ExitCode> {
    // `cargo xtask run -- --port 4000`: the dashes separate, they are nobody's argument.
    let passed_on = match arguments.split_first() {
        Some((first, rest)) if first == "--" => rest,
        _ => arguments,
    };
    match command {
        "run" => serve::run(&Workspace::locate()?, passed_on),
        "dev" => serve::dev(&Workspace::locate()?, passed_on),
        "release" => release::deliver(&Workspace::locate()?),
        "test" => suite::run(&Workspace::locate()?, arguments),
        "size" => size::run(&Workspace::locate()?),
        "emoji" => emoji::write(&Workspace::locate()?, arguments),
        "bench" => bench::run(&Workspace::locate()?, passed_on),
        "help" | "--help" | "-h" => {
            println!("{COMMANDS}");
            Ok(ExitCode::SUCCESS)
        }
        _ => anyhow::bail!("there is no such command.\n\n{COMMANDS}"),
    }
}
