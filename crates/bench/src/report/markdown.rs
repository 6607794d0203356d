//! `docs/benchmarks.md`.

use super::{Report, row};

/// How each figure comes about, by hand.
const NOTES: &str = include_str!("notes.md");

/// The whole document.
pub(super) fn document(report: &Report) -> String {
    let gibibytes = report.machine.memory as f64 / f64::from(1 << 30);
    let cores = report.machine.cores;
    let mut document = format!(
        "# Benchmarks

`cargo xtask bench` builds the release, measures it and writes this page; `cargo xtask bench B2 B4` measures only those
and leaves the other rows. It needs Linux and takes a few minutes. `--smoke` is a short run that writes nothing.

These are the figures of a machine with {cores} cores and {gibibytes:.0} GiB of memory. The load comes from the same
machine and shares its cores, so rates are lower than the server alone would reach; CPU time and memory are those of
the server's process alone. Every run also checks what it counts: if a message is lost, doubled or out of order, there
is no figure.

"
    );
    document.push_str(&line(&row::HEAD.map(str::to_owned)));
    document.push_str(&line(&["---", "---", "---:", "---:", "---:", "---:", "---"].map(str::to_owned)));
    for (measure, row) in report.rows() {
        document.push_str(&line(&row.cells(measure)));
    }
    let others: Vec<_> = report.others().map(|(measure, share)| format!("{measure} {:.0} %", share * 100.0)).collect();
    document.push_str(&format!(
        "
What other programs used of the machine's CPU time meanwhile, and so how far the figures can be trusted:
{}.

",
        others.join(", ")
    ));
    document.push_str(NOTES);
    document
}

fn line(cells: &[String; row::HEAD.len()]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{machine::Machine, measure::Measure, report::Row};

    #[test]
    fn the_document_has_the_machine_the_table_and_the_notes() {
        let mut report = Report { machine: Machine { cores: 2, memory: 24 << 30 }, ..Report::default() };
        report.replace(Measure::B1, vec![Row::new("memory", 8.0, "KiB").beside(2.0).at_most(10.0)], 0.25);
        let document = document(&report);
        assert!(document.contains("2 cores and 24 GiB"));
        assert!(document.contains("\n| B1 | memory | 8.00 KiB | 2.00 KiB | 4.00 | ≤ 10 KiB | yes |\n"));
        assert!(document.contains("can be trusted:\nB1 25 %."));
        for measure in Measure::ALL {
            assert!(document.contains(&format!("**{measure}**")), "how {measure} is measured is said");
        }
    }
}
