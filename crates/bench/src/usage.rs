//! What a process used, as the operating system counts it.

use anyhow::{Context, Result};
use std::{fs, time::Duration};

/// The process whose use is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    process: u32,
}

/// In bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) resident: u64,
    /// The most that was ever resident.
    pub(crate) peak: u64,
}

impl Usage {
    pub(crate) fn of(process: u32) -> Self {
        Self { process }
    }

    /// CPU time since the process began, in user mode and in the kernel, of all its threads.
    ///
    /// # Errors
    ///
    /// When there is no such process any more.
    pub(crate) fn cpu(self) -> Result<Duration> {
        let stat = self.read("stat")?;
        let ticks = ticks(&stat).context("the kernel's stat is not as expected")?;
        Ok(Duration::from_secs_f64(ticks as f64 / rustix::param::clock_ticks_per_second() as f64))
    }

    /// # Errors
    ///
    /// When there is no such process any more.
    pub(crate) fn memory(self) -> Result<Memory> {
        memory(&self.read("status")?).context("the kernel's status is not as expected")
    }

    fn read(self, file: &str) -> Result<String> {
        fs::read_to_string(format!("/proc/{}/{file}", self.process)).context("the server's process is gone")
    }
}

/// `utime` + `stime`. The name in parentheses may itself contain spaces and parentheses; see proc(5).
fn ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn memory(status: &str) -> Option<Memory> {
    Some(Memory { resident: kibibytes(status, "VmRSS:")?, peak: kibibytes(status, "VmHWM:")? })
}

/// A line such as `MemTotal:       24105000 kB`, in bytes.
pub(crate) fn kibibytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    let number: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(number * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_is_found_behind_any_name() {
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 7 8 20 0 3 0 1000 0 0";
        assert_eq!(ticks(stat), Some(300));
        assert_eq!(ticks("42 (short) S 1"), None);
    }

    #[test]
    fn memory_is_in_bytes() {
        let status = "Name:\tx\nVmPeak:\t  900 kB\nVmHWM:\t  300 kB\nVmRSS:\t  200 kB\nThreads:\t3\n";
        assert_eq!(memory(status), Some(Memory { resident: 200 * 1024, peak: 300 * 1024 }));
        assert_eq!(memory("Name:\tx\n"), None);
    }

    #[test]
    fn this_very_process_can_be_read() {
        let own = Usage::of(std::process::id());
        assert!(own.memory().unwrap().resident > 100_000);
        own.cpu().unwrap();
    }
}
