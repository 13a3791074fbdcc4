//! The memory modules of a host: what the board says of them, which errors were counted, and by what
//! evidence the two belong together.
//!
//! ```text
//! smbios, edac, labels, rasdaemon, apei: each reads one source -> join -> Modules -> health
//! ```
//!
//! A module is named by the label of its slot on the board, or not at all: nothing is guessed.

use jiff::Timestamp;
use serde::Serialize;

/// The memory modules of a host and how their errors are watched.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Modules {
    /// The board, as its maker names it; `None` where the firmware does not say.
    pub board: Option<String>,
    /// How errors are watched.
    pub watch: Watch,
    /// Every slot, populated or not, in the order of the board's table; then what only the driver names.
    pub slots: Vec<Slot>,
    /// Controllers' errors that belong to no slot (`ce_noinfo_count`, `ue_noinfo_count`).
    pub unplaced: Errors,
    /// Memory that the kernel took out of use (`HardwareCorrupted`), in bytes.
    #[serde(rename = "hardware_corrupted_bytes")]
    pub hardware_corrupted: Option<u64>,
    /// What could not be read, in words.
    pub unread: Vec<String>,
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
    /// The firmware names the module of its own table (`ghes_edac`).
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
}

/// What rasdaemon recorded of a module.
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
