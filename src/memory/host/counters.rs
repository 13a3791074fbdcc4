//! What the kernel counts beside `meminfo`: pressure, events, the free lists of CPUs.

use std::io;

use rustix::io::Errno;
use serde::Serialize;

use super::plausible;

/// How much time is lost to lack of memory (PSI).
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(tag = "known", rename_all = "snake_case")]
pub enum Pressure {
    /// The kernel measures it.
    Measured {
        /// At least one task waited.
        some: Stall,
        /// All tasks that had work waited.
        full: Stall,
    },
    /// The kernel could, and was told not to (`psi=0`).
    Disabled,
    /// The kernel is older than 4.20, built without it, or hides it.
    #[default]
    Absent,
    /// The answer could not be read or understood.
    Failed,
}

/// How much of the time tasks waited for memory.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Stall {
    /// Of the last 10 seconds, in percent.
    #[serde(rename = "avg10_percent")]
    pub avg10: f64,
    /// Of the last minute, in percent.
    #[serde(rename = "avg60_percent")]
    pub avg60: f64,
    /// Of the last five minutes, in percent.
    #[serde(rename = "avg300_percent")]
    pub avg300: f64,
    /// Since the host was started, in microseconds.
    #[serde(rename = "total_microseconds")]
    pub total: u64,
}

impl Pressure {
    /// Understands `pressure/memory`. The crate procfs is not used: it panics on a short line.
    ///
    /// `psi=0` leaves the file away on some kernels; on others it is there and says “not supported”.
    pub(super) fn understand(text: io::Result<Vec<u8>>, unread: &mut Vec<String>) -> Self {
        let text = match text {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Self::Absent,
            Err(error) if error.raw_os_error() == Some(Errno::OPNOTSUPP.raw_os_error()) => {
                return Self::Disabled;
            }
            Err(error) => {
                unread.push(error.to_string());
                return Self::Failed;
            }
        };
        let text = String::from_utf8_lossy(&text);
        let stall = |name| {
            let mut lines = text.split_inclusive('\n');
            lines.find_map(|line| Stall::understand(line.strip_suffix('\n')?, name))
        };
        if let (Some(some), Some(full)) = (stall("some"), stall("full")) {
            Self::Measured { some, full }
        } else {
            unread.push("not understood".to_owned());
            Self::Failed
        }
    }
}

impl Stall {
    /// `some avg10=0.00 avg60=0.00 avg300=0.00 total=4665918`
    fn understand(line: &str, name: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        (words.next()? == name).then_some(())?;
        let value = |key| {
            let mut words = words.clone();
            words.find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
        };
        Some(Self {
            avg10: percent(value("avg10")?)?,
            avg60: percent(value("avg60")?)?,
            avg300: percent(value("avg300")?)?,
            total: value("total")?.parse().ok()?,
        })
    }
}

/// A share of time. To the parser, “NaN” and “inf” are numbers, too.
fn percent(text: &str) -> Option<f64> {
    let percent: f64 = text.parse().ok()?;
    (percent.is_finite() && percent >= 0.0).then_some(percent)
}

/// What has happened since the host was started (`vmstat`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Counters {
    /// Processes that the kernel killed for want of memory (`oom_kill`, Linux 4.13).
    pub oom_kills: Option<u64>,
    /// Allocations that had to wait until others' memory was taken back (`allocstall`, of all zones).
    pub allocation_stalls: Option<u64>,
    /// Pages read from swap space (`pswpin`).
    pub swapped_in_pages: Option<u64>,
    /// Pages written to swap space (`pswpout`).
    pub swapped_out_pages: Option<u64>,
}

impl Counters {
    /// Understands `vmstat`; says of each line that it cannot understand what it is.
    pub(super) fn understand(text: &[u8], unread: &mut Vec<String>) -> Self {
        let mut counters = Self::default();
        let mut stalls = Some(0_u64);
        for line in String::from_utf8_lossy(text).split_inclusive('\n') {
            // What does not end in a line's end was cut off, and may lack digits.
            let (key, value) = line.trim_end().split_once(' ').unwrap_or((line.trim(), ""));
            let value = || value.parse::<u64>().ok().filter(|_| line.ends_with('\n'));
            let counter = match key {
                "oom_kill" => &mut counters.oom_kills,
                "pswpin" => &mut counters.swapped_in_pages,
                "pswpout" => &mut counters.swapped_out_pages,
                // One line until Linux 4.9, one for each zone since.
                _ if key.starts_with("allocstall") => &mut counters.allocation_stalls,
                _ => continue,
            };
            *counter = value();
            if counter.is_none() {
                unread.push(format!("“{}”", line.trim()));
            }
            if key.starts_with("allocstall") {
                stalls = stalls
                    .zip(*counter)
                    .and_then(|(sum, it)| sum.checked_add(it));
                *counter = stalls;
            }
        }
        counters
    }
}

/// How much programs may reserve (`vm.overcommit_memory`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Overcommit {
    /// All but what is plainly too much (0).
    Heuristic,
    /// Whatever they ask for (1).
    Always,
    /// As much as `CommitLimit` (2).
    Strict,
}

impl Overcommit {
    pub(super) fn understand(text: &[u8]) -> Option<Self> {
        match text.trim_ascii() {
            b"0" => Some(Self::Heuristic),
            b"1" => Some(Self::Always),
            b"2" => Some(Self::Strict),
            _ => None,
        }
    }
}

/// The bytes on the free lists of CPUs, of `zoneinfo`.
///
/// It counts in pages. How large one is follows from `total`, which is the sum of all zones' managed pages
/// in other words: a saved host may have larger ones than this.
pub(super) fn cpu_lists(text: &[u8], total: u64) -> Option<u64> {
    let (mut managed, mut listed) = (0_u64, 0_u64);
    for line in String::from_utf8_lossy(text).lines() {
        let mut words = line.split_ascii_whitespace();
        let sum = match words.next() {
            Some("managed") => &mut managed,
            Some("count:") => &mut listed,
            _ => continue,
        };
        *sum = sum.checked_add(words.next()?.parse().ok()?)?;
    }
    let page = total.checked_div(managed)?.checked_next_power_of_two()?;
    // MemTotal may change between two files (hotplug, balloons), but not to another size of page.
    (4096..=65536).contains(&page).then_some(())?;
    plausible(listed.checked_mul(page)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressure(text: &str) -> Pressure {
        Pressure::understand(Ok(text.as_bytes().to_vec()), &mut Vec::new())
    }

    #[test]
    fn pressure_is_measured_disabled_or_absent() {
        let measured = pressure(
            "some avg10=1.50 avg60=0.20 avg300=0.00 total=4665918\nfull avg10=0.70 avg60=0.00 avg300=0.00 total=2579075\n",
        );
        let Pressure::Measured { some, full } = measured else {
            panic!("{measured:?}");
        };
        assert!((some.avg10 - 1.5).abs() < 1e-9 && some.total == 4_665_918);
        assert!((full.avg10 - 0.7).abs() < 1e-9 && full.total == 2_579_075);

        let disabled = io::Error::from_raw_os_error(Errno::OPNOTSUPP.raw_os_error());
        assert_eq!(
            Pressure::understand(Err(disabled), &mut Vec::new()),
            Pressure::Disabled
        );
        let absent = io::Error::from(io::ErrorKind::NotFound);
        assert_eq!(
            Pressure::understand(Err(absent), &mut Vec::new()),
            Pressure::Absent
        );
    }

    #[test]
    fn damaged_pressure_is_not_zero() {
        for text in [
            "",
            "some",
            "some avg10=0.00 avg60=0.00 avg300=0.00 total=1\n",
            "some avg10=0.00 avg60=0.00 avg300=0.00 total=1\nfull avg10=NaN avg60=0 avg300=0 total=1\n",
            "some avg10=0.00 avg60=0.00 avg300=0.00 total=1\nfull avg10=0.00 avg60=0.00 avg300=0.00\n",
            "some avg10=0.00 avg60=0.00 avg300=0.00 total=1\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=12",
        ] {
            assert_eq!(pressure(text), Pressure::Failed, "{text:?}");
        }
    }

    #[test]
    fn stalls_of_all_zones_are_added_up() {
        let counters = Counters::understand(
            b"pswpin 3\npswpout 4\nallocstall_dma 1\nallocstall_normal 10\nallocstall_movable 100\noom_kill 7", &mut Vec::new(),
        );
        assert_eq!(counters.allocation_stalls, Some(111));
        assert_eq!(counters.swapped_in_pages, Some(3));
        assert_eq!(counters.swapped_out_pages, Some(4));
        assert_eq!(counters.oom_kills, None, "a line that was cut off");
    }

    #[test]
    fn the_size_of_pages_follows_from_the_total() {
        let text = b"Node 0, zone Normal\n  pages free 2\n        managed  1000\n  pagesets\n    cpu: 0\n              count:    3\n              high:     9\n    cpu: 1\n              count:    4\n";
        assert_eq!(cpu_lists(text, 4_096_000), Some(7 * 4096));
        assert_eq!(cpu_lists(text, 65_536_000), Some(7 * 65536));
        assert_eq!(cpu_lists(text, 0), None);
        assert_eq!(cpu_lists(b"", 4096), None);
        assert_eq!(cpu_lists(b"managed x\n", 4096), None);
    }
}
