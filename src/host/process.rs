//! What the kernel says of this process.

use std::time::Duration;

use jiff::Timestamp;
use procfs::process::{LimitValue, Process};

/// This process.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProcessFacts {
    /// When it started.
    pub started: Timestamp,
    /// CPU time so far.
    pub cpu: Duration,
    /// Resident memory in bytes.
    pub resident: u64,
    /// Virtual memory in bytes.
    pub virtual_memory: u64,
    /// Open file descriptors.
    pub open_files: u64,
    /// The limit on them.
    pub open_files_limit: u64,
}

/// What the kernel says of this process now; `None` if it does not.
pub fn facts() -> Option<ProcessFacts> {
    let process = Process::myself().ok()?;
    let stat = process.stat().ok()?;
    let limit = process.limits().ok()?.max_open_files.soft_limit;
    let ticks = |count: u64| {
        let a_second = procfs::ticks_per_second().max(1);
        let milliseconds = count.saturating_mul(1000).checked_div(a_second);
        Duration::from_millis(milliseconds.unwrap_or_default())
    };
    let booted = i64::try_from(procfs::boot_time_secs().ok()?).ok()?;
    let booted = Timestamp::from_second(booted).ok()?;
    Some(ProcessFacts {
        started: booted.checked_add(ticks(stat.starttime)).ok()?,
        cpu: ticks(stat.utime.saturating_add(stat.stime)),
        resident: stat.rss.saturating_mul(procfs::page_size()),
        virtual_memory: stat.vsize,
        open_files: u64::try_from(process.fd_count().ok()?).ok()?,
        open_files_limit: match limit {
            LimitValue::Value(limit) => limit,
            LimitValue::Unlimited => u64::MAX,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_known() {
        let facts = facts().unwrap();
        assert!(facts.started <= Timestamp::now());
        assert!(facts.resident > 0 && facts.resident <= facts.virtual_memory);
        assert!(facts.open_files >= 3 && facts.open_files <= facts.open_files_limit);
    }
}
