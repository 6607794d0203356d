//! What a process used, as the operating system counts it.

use anyhow::{Context, Result};
use std::{
    fs,
    time::{Duration, Instant},
};

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

/// CPU time of the whole machine, and of this process with the servers that it has started and seen end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occupation {
    at: Instant,
    machine: u64,
    own: u64,
}

impl Occupation {
    /// # Errors
    ///
    /// When the kernel does not say.
    pub(crate) fn now() -> Result<Self> {
        let machine = busy_ticks(&fs::read_to_string("/proc/stat")?).context("the kernel's stat is not as expected")?;
        let own = fs::read_to_string("/proc/self/stat")?;
        let own = own_ticks(&own).context("the kernel's stat is not as expected")?;
        Ok(Self { at: Instant::now(), machine, own })
    }

    /// The share of the machine's CPU time, 0 to 1, that others have used since `earlier`: what disturbs figures.
    pub(crate) fn others_since(self, earlier: Self, cores: usize) -> f64 {
        let ticks = (self.machine - earlier.machine).saturating_sub(self.own - earlier.own);
        let all = (self.at - earlier.at).as_secs_f64() * rustix::param::clock_ticks_per_second() as f64;
        ticks as f64 / (all * cores as f64)
    }
}

/// Of all cores, in programs and in the kernel for them, and what the machine's host took for others. Interrupts are
/// left out: those of the load itself are among them.
fn busy_ticks(stat: &str) -> Option<u64> {
    let mut fields = stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace().map(|field| field.parse().ok());
    let mut field = || fields.next().flatten();
    let (user, nice, system): (u64, u64, u64) = (field()?, field()?, field()?);
    let (_idle, _waiting, _irq, _softirq, stolen): (u64, u64, u64, u64, u64) =
        (field()?, field()?, field()?, field()?, field()?);
    Some(user + nice + system + stolen)
}

/// Like [`ticks`], and of the children that have ended.
fn own_ticks(stat: &str) -> Option<u64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let fields = after_name.split_whitespace().skip(11).take(4).map(|field| field.parse::<u64>().ok());
    fields.sum()
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
    fn what_others_use_is_what_is_left() {
        let stat = "cpu  100 20 30 4000 50 6 7 8 0 0\ncpu0 1 2 3 4 5 6 7 8 0 0\n";
        assert_eq!(busy_ticks(stat), Some(158));
        assert_eq!(own_ticks("42 (x) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 7 8 20 0 3"), Some(315));
        let at = Instant::now();
        let earlier = Occupation { at, machine: 1_000, own: 100 };
        let ticks = rustix::param::clock_ticks_per_second();
        let later = Occupation { at: at + Duration::from_secs(10), machine: 1_000 + 8 * ticks, own: 100 + 3 * ticks };
        assert!((later.others_since(earlier, 2) - 0.25).abs() < 1e-9);
        assert_eq!(Occupation { machine: 1_000, ..later }.others_since(earlier, 2), 0.0);
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
