//! Measures Telicat: memory, CPU, times and bytes, beside a bare fan-out server that does nothing but deliver.
//!
//! This program is the load. It starts the server, speaks to it as a stranger would who has only read
//! `docs/protocol.md`, and reads from `/proc` what the server's process used. Whatever it measures it also checks:
//! a run in which a message was lost, doubled or out of order has no figure.
#![expect(clippy::print_stdout, reason = "a benchmark speaks to the person who typed it")]

mod bare;
mod chat;
mod client;
mod crowd;
mod dialect;
mod disk;
mod document;
mod machine;
mod measure;
mod message;
mod options;
mod report;
mod server;
mod statistics;
mod usage;

use crate::{
    machine::Machine,
    options::{Command, Options},
    report::{Report, Row},
    usage::Occupation,
};
use anyhow::{Context, Result};
use std::process::ExitCode;

const USAGE: &str = "\
telicat-bench [names… | all] [--smoke]

  names      of the measures: B1 B2 B4 B6 B12 B14; all of them when none is named
  --smoke    a short run that only shows whether everything works; nothing is written

TELICAT_BIN names the server's executable. Run it from the root of the checkout: `cargo xtask bench` does both.
The figures go to docs/benchmarks.md and target/bench.json; rows of measures that were not named stay.";

/// The share of the CPU time that others may use before figures are not to be trusted.
const QUIET: f64 = 0.05;

#[tokio::main]
async fn main() -> ExitCode {
    let command = match Command::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("{error}\n\n{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    let done = match command {
        Command::Help => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        Command::BareServer => bare::run().await.map(|()| ExitCode::SUCCESS),
        Command::Measure(options) => measure(&options).await,
    };
    done.unwrap_or_else(|error| {
        eprintln!("telicat-bench: {error:#}");
        ExitCode::FAILURE
    })
}

async fn measure(options: &Options) -> Result<ExitCode> {
    machine::raise_open_files()?;
    let bench = measure::Bench::from_environment(options.extent)?;
    let mut report = if options.is_smoke() { Report::default() } else { Report::load()? };
    report.machine = Machine::read()?;
    let mut sound = true;
    let mut rows = Vec::new();
    for name in &options.names {
        eprintln!("{name}: {} …", name.subject());
        let before = Occupation::now()?;
        let measured = match name.run(&bench).await {
            Ok(measured) => measured,
            Err(error) => {
                eprintln!("{name}: no figure: {error:#}");
                sound = false;
                vec![Row::without_figure(*name, &error)]
            }
        };
        let others = Occupation::now()?.others_since(before, report.machine.cores);
        if others > QUIET {
            eprintln!("{name}: other programs used {:.0} % of the CPU; the figures are disturbed", others * 100.0);
        }
        rows.extend(measured.iter().cloned().map(|row| (*name, row)));
        report.replace(*name, measured, others);
    }
    print!("{}", report::table(&rows));
    if !options.is_smoke() {
        report.save().context("the report could not be written")?;
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
