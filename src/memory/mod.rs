//! Who uses the memory of a host: processes by their proportional share, and where the rest of it is.
//!
//! ```text
//! proc (reads procfs) -> survey: what to read of whom -> Survey -> group: programs, units, users
//! host (reads procfs, sysfs) -> balance: lines that add up
//! ```
//!
//! PSS divides each shared page among those who map it, so that it adds up over processes; RSS counts it
//! for each of them. What could not be read is never 0: a figure has a [`Share`] that says what is known.

pub mod balance;
pub mod cgroup;
pub mod group;
pub mod host;
pub mod proc;
pub mod survey;

use serde::Serialize;

/// What `smaps_rollup` says of a process, in bytes. Absent is not printed: the kernel is older.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Rollup {
    /// Resident pages, shared ones counted in full (`Rss`).
    #[serde(rename = "rss_bytes")]
    pub rss: u64,
    /// Resident pages, each divided by the number of processes that map it (`Pss`).
    #[serde(rename = "pss_bytes")]
    pub pss: u64,
    /// The part of `pss` that no file backs (`Pss_Anon`, Linux 5.4).
    #[serde(rename = "pss_anon_bytes")]
    pub pss_anon: Option<u64>,
    /// The part of `pss` that files back (`Pss_File`).
    #[serde(rename = "pss_file_bytes")]
    pub pss_file: Option<u64>,
    /// The part of `pss` in shared memory and tmpfs (`Pss_Shmem`).
    #[serde(rename = "pss_shmem_bytes")]
    pub pss_shmem: Option<u64>,
    /// Pages that nobody else maps, huge ones aside: what ends with the process (`Private_Clean` and
    /// `Private_Dirty`).
    #[serde(rename = "uss_bytes")]
    pub uss: u64,
    /// Swapped out (`Swap`).
    #[serde(rename = "swap_bytes")]
    pub swap: u64,
    /// Swapped out, each page divided as in `pss` (`SwapPss`, Linux 4.3).
    #[serde(rename = "swap_pss_bytes")]
    pub swap_pss: Option<u64>,
    /// Huge pages of hugetlbfs, which are in none of the above (`Private_Hugetlb`, Linux 4.4).
    #[serde(rename = "private_hugetlb_bytes")]
    pub private_hugetlb: Option<u64>,
    /// Huge pages of hugetlbfs that several processes map (`Shared_Hugetlb`), counted in full.
    #[serde(rename = "shared_hugetlb_bytes")]
    pub shared_hugetlb: Option<u64>,
}

/// What is known of the proportional share of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "known", rename_all = "snake_case")]
pub enum Share {
    /// It was read.
    Read(Rollup),
    /// It was not read, as it is not needed: it is at most this many bytes.
    AtMost {
        /// The bound: RSS, and how far the kernel's counter may be off.
        bound_bytes: u64,
        /// Why it was not read.
        because: NotRead,
    },
    /// It has no memory of its own: a kernel thread or a zombie.
    Nothing,
}

/// Why a share was not read.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum NotRead {
    /// It cannot be among the largest that were asked for.
    NotNeeded,
    /// Nobody asked for shares.
    NotAsked,
    /// The kernel did not allow it: another user's process.
    Denied,
    /// The process is larger than the limit above which reading would hold it up for too long.
    TooLarge,
    /// The time for reading was used up.
    OutOfTime,
    /// The kernel's answer could not be read or understood.
    Failed,
}

/// A process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// Its name as the kernel keeps it, of 15 bytes at most (`comm`); for people and programs that have no
    /// file.
    pub name: String,
    /// The file name of the program that it runs; `None` if the kernel did not say (another user's
    /// process, a kernel thread). A script is called by its interpreter.
    pub program: Option<String>,
    /// The command line, where it was asked for: it may carry secrets.
    pub command: Option<String>,
    /// The user's number (effective).
    pub uid: Option<u32>,
    /// The user's name, where the host knows one.
    pub user: Option<String>,
    /// The control group, as `/system.slice/ssh.service`.
    pub cgroup: Option<String>,
    /// The unit of systemd that it belongs to, as `ssh.service`.
    pub unit: Option<String>,
    /// The container that it belongs to: the first 12 digits of its id, or its name.
    pub container: Option<String>,
    /// Threads.
    pub threads: Option<u32>,
    /// Resident memory, shared pages counted in full, by the kernel's quick counter.
    #[serde(rename = "rss_bytes")]
    pub rss: u64,
    /// Swapped out by the kernel's quick counter (`VmSwap`; without shared memory).
    #[serde(rename = "swap_bytes")]
    pub swap: Option<u64>,
    /// Huge pages of hugetlbfs (`HugetlbPages`): outside of RSS and PSS.
    #[serde(rename = "hugetlb_bytes")]
    pub hugetlb: Option<u64>,
    /// What is known of its proportional share.
    pub share: Share,
}
