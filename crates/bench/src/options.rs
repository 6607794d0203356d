//! What the person asked for.

use crate::measure::{Extent, Measure};
use anyhow::{Result, bail};

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    /// Become the server that the others are compared with.
    BareServer,
    Measure(Options),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) names: Vec<Measure>,
    pub(crate) extent: Extent,
}

impl Command {
    /// # Errors
    ///
    /// When an argument means nothing.
    pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut names = Vec::new();
        let mut extent = Extent::Full;
        for argument in arguments {
            match argument.as_str() {
                "bare-server" => return Ok(Self::BareServer),
                "help" | "-h" | "--help" => return Ok(Self::Help),
                "--smoke" => extent = Extent::Smoke,
                "all" => names.extend(Measure::ALL),
                name => match Measure::named(name) {
                    Some(measure) => names.push(measure),
                    None => bail!("there is no measure {name}"),
                },
            }
        }
        if names.is_empty() {
            names.extend(Measure::ALL);
        }
        names.sort_unstable();
        names.dedup();
        Ok(Self::Measure(Options { names, extent }))
    }
}

impl Options {
    pub(crate) fn is_smoke(&self) -> bool {
        self.extent == Extent::Smoke
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(words: &str) -> Result<Command> {
        Command::parse(words.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn nothing_and_all_mean_everything() {
        let everything = Command::Measure(Options { names: Measure::ALL.to_vec(), extent: Extent::Full });
        assert_eq!(parsed("").unwrap(), everything);
        assert_eq!(parsed("all b4").unwrap(), everything);
    }

    #[test]
    fn measures_are_named_in_any_case_and_order() {
        let two = Command::Measure(Options { names: vec![Measure::B2, Measure::B12], extent: Extent::Smoke });
        assert_eq!(parsed("b12 --smoke B2").unwrap(), two);
    }

    #[test]
    fn unknown_words_are_refused() {
        assert!(parsed("B3").is_err());
        assert!(parsed("--fast").is_err());
    }
}
