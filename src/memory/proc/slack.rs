//! How far the kernel's quick counters of memory may be off.
//!
//! `VmRSS` and `statm` come from counters that are kept in pieces, for speed:
//!
//! * Before Linux 6.2 each thread keeps what its last page faults changed, up to 64 of them
//!   (`TASK_RSS_EVENTS_THRESH`, `check_sync_rss_stat` in `mm/memory.c`). One fault on a file maps up to 16 pages
//!   (`fault_around_bytes`, 64 KiB), each of them counted.
//! * From 6.2 each processor keeps less than a batch for each of the four counters, and readers pass that over
//!   (f1a7941243c1, "mm: convert mm's rss stats into `percpu_counter`"; `percpu_counter_batch` is the larger of
//!   32 and twice the number of online processors). On 256 processors that may hide 512 MiB of each.
//! * From 6.17 `statm` and `status` add the pieces up (82241a83cd15 "mm: fix the inaccurate memory statistics
//!   issue for users"; the same patch in stable kernels cannot be told by their release).
//!
//! Distributors put newer code into older releases, RHEL 9 (5.14) per-processor counters among it, so that a
//! release below 6.2 gets the larger of the first two. What is mapped can never be more than what may be
//! mapped: the size of the process is a bound where these are none.

/// How far a counter may be below the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slack {
    /// Not at all.
    None,
    /// By so many pages.
    Pages {
        /// Of each counter of a process.
        counter: u64,
        /// Of each thread.
        thread: u64,
    },
    /// By an unknown number of pages.
    Unknown,
}

/// More than 64 events are synchronised, at the fault after: 66 of 16 pages each.
const PAGES_OF_A_THREAD: u64 = 66 * 16;

impl Slack {
    /// That of a kernel of this release, as `6.1.0-18-amd64`, on so many processors.
    pub(super) fn of(release: Option<&str>, processors: Option<u64>) -> Self {
        let Some(release) = release.and_then(version) else {
            return Self::Unknown;
        };
        if release >= (6, 17) {
            return Self::None;
        }
        let Some(processors) = processors else {
            return Self::Unknown;
        };
        let batch = processors.saturating_mul(2).max(32);
        Self::Pages {
            counter: batch.saturating_sub(1).saturating_mul(processors),
            thread: if release < (6, 2) {
                PAGES_OF_A_THREAD
            } else {
                0
            },
        }
    }

    /// Whether the processors must be counted for this release.
    pub(super) fn needs_processors(release: Option<&str>) -> bool {
        release.and_then(version).is_some_and(|it| it < (6, 17))
    }

    /// Whether it depends on the number of threads.
    pub(super) const fn needs_threads(self) -> bool {
        matches!(self, Self::Pages { thread: 1.., .. })
    }

    /// How many pages may be missing from a sum of `counters` counters of a process with `threads` threads.
    pub(super) fn pages(self, counters: u64, threads: u32) -> u64 {
        match self {
            Self::None => 0,
            Self::Pages { counter, thread } => counter
                .saturating_mul(counters)
                .max(thread.saturating_mul(threads.into())),
            Self::Unknown => u64::MAX,
        }
    }
}

/// The first two numbers of a release.
fn version(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.trim().splitn(3, '.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next()?;
    let digits = minor.bytes().take_while(u8::is_ascii_digit).count();
    Some((major, minor.get(..digits)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_age_of_the_kernel_has_its_own() {
        let new = Slack::of(Some("6.18.44-cloud"), None);
        assert_eq!(new, Slack::None);
        assert_eq!(new.pages(3, 900), 0);
        let middle = Slack::of(Some("6.8.0-49-generic"), Some(256));
        assert_eq!(middle.pages(3, 900), 511 * 256 * 3);
        assert!(!middle.needs_threads());
        let old = Slack::of(Some("5.10.0-32-amd64\n"), Some(2));
        assert_eq!(old.pages(3, 1), 1056);
        assert_eq!(old.pages(3, 50), 52_800);
        assert!(old.needs_threads());
        assert_eq!(old.pages(3, 0), 31 * 2 * 3, "as RHEL has it");
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        for release in [None, Some(""), Some("six"), Some("6"), Some("6.x")] {
            assert_eq!(Slack::of(release, Some(4)), Slack::Unknown, "{release:?}");
        }
        assert_eq!(Slack::of(Some("6.1.0"), None), Slack::Unknown);
        assert_eq!(Slack::Unknown.pages(3, 1), u64::MAX);
        assert_eq!(version("6.17-rc1"), Some((6, 17)));
    }
}
