//! What a parser gives back: the value, and an account of everything that is not in it.

use serde::Serialize;

use crate::model::{Arm, ControllerId, DriveAddress, TargetId};

/// The outcome of reading one output: what was understood, and what was not.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report<T> {
    /// What was read.
    pub value: T,
    /// What the tool itself said went wrong, in order.
    pub complaints: Vec<Complaint>,
    /// What the text shows to be missing: a cut block, fewer members than announced.
    pub gaps: Vec<Gap>,
    /// Lines that no field took. Empty for every output that is fully understood.
    pub leftovers: Vec<Leftover>,
    /// How the output ends.
    pub ending: Ending,
    /// The command that printed it, where a pasted shell prompt shows it.
    pub command: Option<String>,
}

impl<T> Report<T> {
    /// Whether every line was taken, nothing is missing and the output ends as it should.
    pub fn is_complete(&self) -> bool {
        self.leftovers.is_empty()
            && self.gaps.is_empty()
            && matches!(self.ending, Ending::Exit { .. })
    }

    /// The same report with its value changed by `change`.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Report<U> {
        Report {
            value: change(self.value),
            complaints: self.complaints,
            gaps: self.gaps,
            leftovers: self.leftovers,
            ending: self.ending,
            command: self.command,
        }
    }
}

/// A line that no field took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Leftover {
    /// Line number, from 1.
    pub line: u32,
    /// The line as printed, trimmed.
    pub text: String,
    /// Why nobody took it.
    pub reason: Reason,
}

/// Why a line is left over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No field has this key.
    Unclaimed,
    /// The key is known, its value is not of the expected form.
    Unreadable,
    /// The field was filled before, with another value.
    Repeated,
}

/// Something that the text shows to be missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Gap {
    /// The line where it should have been, from 1.
    pub line: u32,
    /// What is missing, in words.
    pub what: String,
}

/// How an output ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// `Exit Code: 0xNN`. 0xffff means that an ioctl failed.
    Exit {
        /// The printed number.
        code: u32,
    },
    /// A crash message stands in the text.
    Crashed {
        /// The message.
        words: String,
    },
    /// No `Exit Code` line: cut off, or a build that prints none.
    Unmarked,
}

impl Ending {
    /// The printed exit code, where there is one.
    pub fn code(&self) -> Option<u32> {
        match self {
            Self::Exit { code } => Some(*code),
            Self::Crashed { .. } | Self::Unmarked => None,
        }
    }
}

/// The tool's own statement that something did not work or does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Complaint {
    /// Line number, from 1.
    pub line: u32,
    /// The controller it is about, where named.
    pub controller: Option<ControllerId>,
    /// What it is about, where named.
    pub subject: Subject,
    /// What kind of trouble it is.
    pub kind: ComplaintKind,
    /// The tool's words, trimmed.
    pub text: String,
    /// The sentence behind `FW error description:`, where there is one.
    pub firmware: Option<String>,
}

/// What a complaint is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The controller, or the command as a whole.
    Command,
    /// A physical drive.
    PhysicalDrive(DriveAddress),
    /// A virtual drive.
    VirtualDrive(TargetId),
    /// A foreign configuration, by its index in the scan.
    ForeignConfiguration(u32),
    /// A place that misses its drive.
    MissingDrive {
        /// `Array`: the controller's span reference, neither virtual drive nor slot.
        array: u32,
        /// `Row`.
        row: Arm,
    },
}

/// Kinds of trouble that the tool reports in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ComplaintKind {
    /// The named controller is not there.
    ControllerAbsent,
    /// The named drive is not there.
    PhysicalDriveAbsent,
    /// The named virtual drive is not there.
    VirtualDriveAbsent,
    /// There is no virtual drive at all.
    NoVirtualDrives,
    /// There is no physical drive at all.
    NoPhysicalDrives,
    /// The controller, its firmware or a part lacks the feature.
    NotSupported,
    /// The arguments were not understood or not allowed.
    InvalidArgument,
    /// The firmware says that a part which the command needs, such as the battery, is not there.
    HardwareAbsent,
    /// The operation failed.
    Failed,
    /// The shell or the loader says that the tool did not run at all.
    NotRun,
    /// The loader did not find a library; the tool may have gone on without it.
    LibraryMissing,
}
