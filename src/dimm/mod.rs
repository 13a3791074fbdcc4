//! The memory modules of a host: what the board says of them, which errors were counted, and by what
//! evidence the two belong together.
//!
//! ```text
//! smbios, edac, labels, rasdaemon, kernel_log: each reads one source -> join -> Modules -> watch: a sentence
//!                                                                                \-> health
//! ```
//!
//! A module is named by the label of its slot on the board, or not at all: nothing is guessed.

mod edac;
mod events;
mod join;
mod kernel_log;
mod labels;
mod rasdaemon;
mod smbios;
mod source;
mod sqlite;
mod watch;

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

pub use watch::sentence;

/// Where to look.
#[derive(Debug, Clone)]
pub struct Sources {
    /// The host's sysfs, as `/sys`.
    pub sysfs: PathBuf,
    /// Its procfs, as `/proc`.
    pub procfs: PathBuf,
    /// Its configuration, as `/etc`.
    pub etc: PathBuf,
    /// Its data, as `/var`; `None` where recorded errors are not wanted: their number is not bounded.
    pub var: Option<PathBuf>,
    /// Its devices, as `/dev`, for the kernel's log; `None` where logged errors are not wanted.
    pub dev: Option<PathBuf>,
    /// From when on recorded and logged errors count; all of them if not set. The driver's counters know no time.
    pub since: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
}

impl Sources {
    /// Those of a host whose folders are below `root`.
    pub fn below(root: &Path, since: Option<Timestamp>, now: Timestamp) -> Self {
        Self {
            sysfs: root.join("sys"),
            procfs: root.join("proc"),
            etc: root.join("etc"),
            var: Some(root.join("var")),
            dev: Some(root.join("dev")),
            since,
            now,
        }
    }

    /// How large the record of errors is, in bytes; 0 where there is none.
    pub fn record_size(&self) -> u64 {
        self.var.as_deref().map_or(0, rasdaemon::size)
    }
}

/// Reads what a host says of its memory modules. What it does not say is `None`, or among the unread.
pub fn read(sources: &Sources) -> Modules {
    let mut unread = Vec::new();
    let board = source::Board::read(&sources.sysfs);
    let table = smbios::read(&sources.sysfs, &mut unread);
    let edac = edac::read(&sources.sysfs, sources.now, &mut unread);
    let labels = labels::read(&sources.etc, &board, &mut unread);
    let var = sources.var.as_deref();
    let events = var.and_then(|var| rasdaemon::read(var, sources.since, &mut unread));
    let watch = watch::of(&table, &edac);
    let log = log(sources, &watch, table.state, &mut unread);
    let joined = join::join(
        &table,
        &edac,
        &labels,
        events.as_ref(),
        log.as_ref().map(|it| &it.events),
        &mut unread,
    );
    Modules {
        board: board.words(),
        watch,
        dmi: table.state,
        edac: edac.state,
        slots: joined.slots,
        unplaced: edac.unplaced(),
        record: events.map(|_| Record {
            since: sources.since,
            elsewhere: joined.elsewhere,
        }),
        log: log.map(|log| Log {
            record: Record {
                since: sources.since,
                elsewhere: joined.logged_elsewhere,
            },
            begins: log.begins,
            whole: log.is_whole,
        }),
        watched: edac.size(),
        usable: source::usable(&sources.procfs),
        hardware_corrupted: source::meminfo(&sources.procfs, "HardwareCorrupted"),
        unread,
    }
}

/// The kernel's log, where no driver counts what it tells: each error would be told twice.
fn log(
    sources: &Sources,
    watch: &Watch,
    dmi: Dmi,
    unread: &mut Vec<String>,
) -> Option<kernel_log::Log> {
    match watch {
        Watch::NoDriver | Watch::FirmwareFirst | Watch::Unknown => {
            // Who may not read it and lacks nothing else is not sent for root: with ghes_edac the errors are
            // counted as well, and a host that knows of no ECC has none to log.
            let matters = *watch == Watch::NoDriver || dmi == Dmi::Unreadable;
            kernel_log::read(sources, matters, unread)
        }
        Watch::Edac { .. } | Watch::EccOff => None,
    }
}

/// The memory modules of a host and how their errors are watched.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Modules {
    /// The board, as its maker names it; `None` where the firmware does not say.
    pub board: Option<String>,
    /// How errors are watched.
    pub watch: Watch,
    /// Whether the firmware's table of slots was read.
    pub dmi: Dmi,
    /// What the kernel shows of its counters.
    pub edac: Edac,
    /// Every slot, populated or not, in the order of the board's table; then what only the driver names.
    pub slots: Vec<Slot>,
    /// Controllers' errors that belong to no slot (`ce_noinfo_count`, `ue_noinfo_count`).
    pub unplaced: Errors,
    /// The database of rasdaemon; `None` where there is none or it could not be read.
    pub record: Option<Record>,
    /// The kernel's log; `None` where a driver counts, where there is none, or where it could not be read.
    pub log: Option<Log>,
    /// The memory that the driver's controllers see (`size_mb`), in bytes.
    #[serde(rename = "watched_bytes")]
    pub watched: Option<u64>,
    /// The memory that the kernel has (`MemTotal`), in bytes; `None` also where a hypervisor lends it.
    #[serde(rename = "usable_bytes")]
    pub usable: Option<u64>,
    /// Memory that the kernel took out of use (`HardwareCorrupted`), in bytes.
    #[serde(rename = "hardware_corrupted_bytes")]
    pub hardware_corrupted: Option<u64>,
    /// What could not be read, in words.
    pub unread: Vec<String>,
}

/// Whether the firmware's table of slots was read (`/sys/firmware/dmi/tables`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Dmi {
    /// There is none.
    #[default]
    Absent,
    /// There is one, and it could not be read: it needs root.
    Unreadable,
    /// It was read, or a part of it.
    Read,
}

/// What the kernel shows of its counters (`/sys/devices/system/edac/mc`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Edac {
    /// The kernel has no EDAC, or not loaded it.
    Absent,
    /// It has, and no driver found a memory controller that it knows.
    NoController,
    /// Controllers are shown, and none of their counters could be read.
    Unreadable,
    /// Counters were read.
    Counting,
}

/// How memory errors are watched on this host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Watch {
    /// A driver of the memory controller counts them.
    Edac {
        /// The drivers, as `skx_edac`, `amd64_edac`.
        drivers: Vec<String>,
    },
    /// The firmware sees errors first and hands over what it likes (`ghes_edac`).
    FirmwareFirst,
    /// The board has ECC, and no driver is loaded: errors are not counted.
    NoDriver,
    /// The board says that ECC is off, or its modules have none.
    EccOff,
    /// Neither driver nor board say anything.
    Unknown,
}

/// Errors since the counters began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Errors {
    /// Corrected; `None` where nobody counts.
    pub corrected: Option<u64>,
    /// Not corrected; `None` where nobody counts.
    pub uncorrected: Option<u64>,
    /// Since when the counters count.
    pub since: Option<Timestamp>,
}

/// By what evidence counters were given to a slot. In falling order of trust.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The driver's label was set by somebody and is none of the kernel's defaults.
    DriverLabel,
    /// A file of labels for this board names it.
    LabelFile,
    /// The firmware names the module of its own table (`ghes_edac`, the kernel's log).
    FirmwareHandle,
    /// The address of an error lies in the range of this module alone.
    ErrorAddress,
    /// The names of slot and location follow one pattern, and counts and sizes agree. Probable.
    Pattern,
    /// The table of the board alone: no counter belongs to it.
    Board,
    /// The driver's location alone: it is not known which slot that is.
    LocationOnly,
}

/// A slot for a memory module.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Slot {
    /// The label on the board; `None` where no evidence gives one.
    pub label: Option<String>,
    /// The bank's name (`Bank Locator`).
    pub bank: Option<String>,
    /// Where the driver places it, as `mc0 channel 1 slot 0`; several for a module of several ranks.
    pub locations: Vec<String>,
    /// How the two were joined.
    pub evidence: Evidence,
    /// Whether a module is in it; `None` where only a counter is known.
    pub populated: Option<bool>,
    /// The module's size in bytes.
    #[serde(rename = "size_bytes")]
    pub size: Option<u64>,
    /// The kind, as `DDR4`.
    pub kind: Option<String>,
    /// What it is made of, as `DRAM`; `None` where an older firmware does not say.
    pub technology: Option<String>,
    /// Ranks.
    pub ranks: Option<u8>,
    /// What the module can do, in million transfers per second.
    pub rated_mts: Option<u32>,
    /// At what it runs, in million transfers per second.
    pub configured_mts: Option<u32>,
    /// Whether it is wider by the bits that ECC needs.
    pub ecc: Option<bool>,
    /// The module's maker.
    pub manufacturer: Option<String>,
    /// Its part number.
    pub part: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// Its errors.
    pub errors: Errors,
    /// Its errors as rasdaemon's database has them in the asked-for time; `None` without a database.
    pub recorded: Option<Recorded>,
    /// Its errors of which the firmware told the kernel's log in the asked-for time, at least: the kernel
    /// leaves out what repeats. `None` where the log was not read.
    pub logged: Option<Recorded>,
}

/// What was recorded of a module, or logged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Recorded {
    /// Corrected errors.
    pub corrected: u64,
    /// Errors that were not corrected.
    pub uncorrected: u64,
    /// The oldest of them.
    pub first: Option<Timestamp>,
    /// The newest of them.
    pub last: Option<Timestamp>,
}

/// The database of rasdaemon, or the kernel's log: what belongs to no slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Record {
    /// From when on errors were asked for; `None` for all.
    pub since: Option<Timestamp>,
    /// Errors that no evidence gives to one module.
    pub elsewhere: Vec<Elsewhere>,
}

/// The kernel's log: a ring, in which new messages take the place of old ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Log {
    /// What it tells.
    #[serde(flatten)]
    pub record: Record,
    /// When its oldest message was written; `None` where the system does not say how long it runs.
    pub begins: Option<Timestamp>,
    /// Whether it goes back to the start of the system. If not, older errors are not known.
    pub whole: bool,
}

/// Recorded errors that no evidence gives to one module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Elsewhere {
    /// The labels of the modules of which it is one, as their addresses are interleaved; empty where
    /// nothing narrows it down.
    pub modules: Vec<String>,
    /// What the driver or the firmware called the place.
    pub place: String,
    /// The errors.
    pub recorded: Recorded,
}
