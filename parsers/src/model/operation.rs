//! Long operations of the firmware: rebuilds, copybacks, checks, initialisations.

use serde::Serialize;

use super::{DriveAddress, TargetId, words};
use crate::units::{Minutes, Percent};

words! {
    /// What kind of long operation it is.
    OperationKind {
        /// A member's data is restored onto a new drive.
        Rebuild = "rebuild": "Rebuild",
        /// A member's data is copied onto another drive.
        Copyback = "copyback": "Copyback" | "Copy Back",
        /// A drive is overwritten.
        Clear = "clear": "Clear",
        /// A drive's data is destroyed through its key or by overwriting.
        SecureErase = "secure_erase": "Secure Erase" | "Erase",
        /// Redundancy is compared with the data.
        ConsistencyCheck = "consistency_check": "Check Consistency" | "Consistency Check",
        /// Redundancy is written while the virtual drive is in use.
        BackgroundInitialization = "background_initialization": "Background Initialization",
        /// The virtual drive is overwritten with zeros.
        ForegroundInitialization = "foreground_initialization": "Foreground Initialization" | "Initialization",
        /// RAID level or number of drives are changed.
        Reconstruction = "reconstruction": "Reconstruction",
        /// All drives are read in search of bad media.
        PatrolRead = "patrol_read": "Patrol Read",
        /// A battery is discharged and charged again, to measure it.
        LearnCycle = "learn_cycle": "Learn Cycle",
    }
}

/// How far a running operation is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Progress {
    /// The part that is done. Rounded down: 100 % can be printed while the operation still runs.
    #[serde(rename = "percent")]
    pub done: Percent,
    /// Time since it started.
    #[serde(rename = "elapsed_minutes")]
    pub elapsed: Minutes,
}

/// A long operation of which the tool says how far it is, or that it is not running.
///
/// "Not running" means finished *or* never started: only the state of the drive tells which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Operation {
    /// What is done.
    pub kind: OperationKind,
    /// The physical drive it runs on; `None` where it runs on a virtual drive, and where the tool
    /// does not name the drive ("Physical Drive is not in Copyback state.").
    pub physical_drive: Option<DriveAddress>,
    /// The virtual drive it runs on; `None` where it runs on a physical drive.
    pub virtual_drive: Option<TargetId>,
    /// How far it is; `None` where the tool says that it is not running.
    pub progress: Option<Progress>,
}

impl Operation {
    /// Whether the operation runs.
    pub fn is_running(&self) -> bool {
        self.progress.is_some()
    }
}
