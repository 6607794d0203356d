//! The figures, how they are kept between runs, and how they are shown.

mod markdown;
mod quantity;
mod row;

use crate::{machine::Machine, measure::Measure};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fs, io::ErrorKind};

pub(crate) use self::row::Row;

const KEPT: &str = "target/bench.json";
const SHOWN: &str = "docs/benchmarks.md";

/// All figures there are, from this run and from earlier ones.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    measures: BTreeMap<Measure, Measured>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Measured {
    rows: Vec<Row>,
    /// The share of the machine's CPU time that other programs used meanwhile, 0 to 1.
    others: f64,
}

impl Report {
    /// What earlier runs have left.
    ///
    /// # Errors
    ///
    /// When it is there and cannot be read.
    pub(crate) fn load() -> Result<Self> {
        match fs::read(KEPT) {
            Ok(kept) => {
                serde_json::from_slice(&kept).with_context(|| format!("{KEPT} is not understood; it can be deleted"))
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {KEPT}")),
        }
    }

    pub(crate) fn replace(&mut self, measure: Measure, rows: Vec<Row>, others: f64) {
        self.measures.insert(measure, Measured { rows, others });
    }

    /// Writes the figures for programs and for people.
    ///
    /// # Errors
    ///
    /// When a file cannot be written.
    pub(crate) fn save(&self) -> Result<()> {
        let mut kept = serde_json::to_vec_pretty(self)?;
        kept.push(b'\n');
        fs::write(KEPT, kept).with_context(|| format!("cannot write {KEPT}"))?;
        fs::write(SHOWN, markdown::document(self)).with_context(|| format!("cannot write {SHOWN}"))
    }

    /// How disturbed each measure was.
    fn others(&self) -> impl Iterator<Item = (Measure, f64)> {
        self.measures.iter().map(|(measure, measured)| (*measure, measured.others))
    }

    fn rows(&self) -> impl Iterator<Item = (Measure, &Row)> {
        self.measures.iter().flat_map(|(measure, measured)| measured.rows.iter().map(move |row| (*measure, row)))
    }
}

/// For a terminal.
pub(crate) fn table(rows: &[(Measure, Row)]) -> String {
    let mut lines = vec![row::HEAD.map(str::to_owned)];
    lines.extend(rows.iter().map(|(measure, row)| row.cells(*measure)));
    let mut widths = [0; row::HEAD.len()];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut table = String::new();
    for line in lines {
        let padded = line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        table.push_str(padded.collect::<Vec<_>>().join("  ").trim_end());
        table.push('\n');
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_other_measures_stay() {
        let mut report = Report::default();
        report.replace(Measure::B4, vec![Row::new("old", 1.0, "ms")], 0.0);
        report.replace(Measure::B1, vec![Row::new("other", 2.0, "KiB")], 0.0);
        report.replace(Measure::B4, vec![Row::new("new", 3.0, "ms")], 0.0);
        let kept = serde_json::to_string(&report).unwrap();
        let again: Report = serde_json::from_str(&kept).unwrap();
        let rows: Vec<_> = again.rows().map(|(measure, row)| (measure, row.work())).collect();
        assert_eq!(rows, [(Measure::B1, "other"), (Measure::B4, "new")]);
    }

    #[test]
    fn the_table_is_aligned() {
        let rows =
            [(Measure::B1, Row::new("a", 2.5, "KiB").at_most(10.0)), (Measure::B12, Row::new("longer", 1e6, "/s"))];
        let table = table(&rows);
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[0].find("Telicat"), lines[1].find("2.50 KiB"));
        assert_eq!(lines[0].find("Telicat"), lines[2].find("1,000,000 /s"));
    }
}
