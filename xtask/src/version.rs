//! Versions, as programs print them and as `Cargo.lock` states them.

use std::fmt;

/// Three numbers are enough for every tool here; missing ones are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version {
    pub(crate) major: u64,
    pub(crate) minor: u64,
    pub(crate) patch: u64,
}

impl Version {
    pub(crate) const fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self { major, minor, patch }
    }

    /// The first version in what `--version` prints: `wasm-bindgen 0.2.130`, `wasm-opt version 132 (version_132)`,
    /// `v20.20.2`.
    pub(crate) fn find(text: &str) -> Option<Self> {
        text.split_whitespace().find_map(Self::parse)
    }

    fn parse(word: &str) -> Option<Self> {
        let mut numbers = word.strip_prefix('v').unwrap_or(word).split('.');
        let major = numbers.next()?.parse().ok()?;
        let mut next = || numbers.next().map_or(Some(0), leading_number);
        Some(Self { major, minor: next()?, patch: next()? })
    }

    /// The version of a package in the text of a `Cargo.lock`.
    pub(crate) fn locked(lock: &str, package: &str) -> Option<Self> {
        let name = format!("name = \"{package}\"");
        let mut lines = lock.lines().skip_while(|line| *line != name);
        lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"').and_then(Self::parse)
    }
}

/// `1-beta` counts as `1`: a pre-release is close enough to take or to refuse.
fn leading_number(text: &str) -> Option<u64> {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok()
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_in_what_tools_print() {
        for (printed, version) in [
            ("wasm-bindgen 0.2.130\n", Version::new(0, 2, 130)),
            ("cargo-leptos 0.3.10", Version::new(0, 3, 10)),
            ("wasm-opt version 132 (version_132)", Version::new(132, 0, 0)),
            ("wasm-opt 116 (version_116-1-g0)", Version::new(116, 0, 0)),
            ("v20.20.2", Version::new(20, 20, 2)),
            ("tool 1.2-beta.3", Version::new(1, 2, 3)),
        ] {
            assert_eq!(Version::find(printed), Some(version), "{printed}");
        }
        assert_eq!(Version::find("command not found"), None);
    }

    #[test]
    fn the_locked_version_is_that_of_the_whole_name() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.71\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"registry\"\n";
        assert_eq!(Version::locked(lock, "wasm-bindgen"), Some(Version::new(0, 2, 130)));
        assert_eq!(Version::locked(lock, "wasm"), None);
    }

    #[test]
    fn later_versions_are_greater() {
        assert!(Version::new(0, 2, 130) > Version::new(0, 2, 99));
        assert!(Version::new(119, 9, 9) < Version::new(120, 0, 0));
    }
}
