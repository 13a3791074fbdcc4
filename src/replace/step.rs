//! What comes next in a replacement.

use std::fmt;

use ironkeep_parsers::model::Progress;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::change::{Check, Request, Ruling};

/// What comes next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Do this.
    Act {
        /// What.
        request: Request,
        /// Why now, for people.
        why: String,
        /// Whether it was agreed to beforehand although it destroys something: by a choice.
        chosen: bool,
    },
    /// Look again later.
    Wait(Wait),
    /// Somebody has to choose first.
    Ask(Question),
    /// It does not go on like this.
    Refuse(Refusal),
    /// All is done: what was found.
    Done(Vec<Fact>),
}

/// A wait.
#[derive(Debug, Clone, PartialEq)]
pub struct Wait {
    /// For what.
    pub what: WaitFor,
    /// In words: `drive 252:3 is being rebuilt`.
    pub words: String,
    /// Until when at the longest; `None` for as long as it takes.
    pub until: Option<Timestamp>,
    /// How far it is, where something runs.
    pub progress: Option<Progress>,
}

/// What is waited for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum WaitFor {
    /// A spare to begin to step in.
    Spare,
    /// The old drive to be copied to a spare.
    Copy,
    /// The end of a copyback that was not begun here.
    OtherCopy,
    /// Somebody to pull the old drive.
    Pull,
    /// Somebody to insert the new drive.
    Drive,
    /// The controller to begin the rebuild by itself.
    AutoRebuild,
    /// The end of a rebuild.
    Rebuild,
    /// The end of the rebuild of the spare that stepped in.
    SpareRebuild,
    /// The controller to begin by itself to copy the data back.
    AutoCopyback,
    /// The end of that.
    Copyback,
    /// The virtual drives to be Optimal again.
    Optimal,
}

impl WaitFor {
    /// Whether a person has to do something with their hands.
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Pull | Self::Drive)
    }

    /// The word for scripts.
    pub fn token(self) -> &'static str {
        match self {
            Self::Spare => "spare",
            Self::Copy => "copy",
            Self::OtherCopy => "other_copy",
            Self::Pull => "pull",
            Self::Drive => "drive",
            Self::AutoRebuild => "auto_rebuild",
            Self::Rebuild => "rebuild",
            Self::SpareRebuild => "spare_rebuild",
            Self::AutoCopyback => "auto_copyback",
            Self::Copyback => "copyback",
            Self::Optimal => "optimal",
        }
    }
}

/// Something that somebody has to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// The new drive brings a configuration.
    Foreign {
        /// What it is.
        observed: String,
    },
    /// The host has the new drive as it is: its data would be lost.
    Jbod {
        /// What was seen.
        observed: String,
    },
    /// The drive in the bay could be the new one, or the one to replace.
    Inserted {
        /// What was seen.
        observed: String,
    },
}

/// Why it does not go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Refusal {
    /// The stable reason, as the checks of changes have it.
    pub code: &'static str,
    /// What was seen, with figures.
    pub observed: String,
    /// Why it is not safe, or cannot work.
    pub why: String,
    /// What would make it possible, the most useful first.
    pub possible: Vec<String>,
    /// Whether a person may insist, with `--override CODE`.
    pub overridable: bool,
}

impl Refusal {
    /// It cannot go on, whoever insists.
    pub fn new(code: &'static str, observed: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            code,
            observed: observed.into(),
            why: why.into(),
            possible: Vec::new(),
            overridable: false,
        }
    }

    /// Adds what would make it possible.
    #[must_use]
    pub fn possible(mut self, how: impl Into<String>) -> Self {
        self.possible.push(how.into());
        self
    }

    /// A person may insist.
    #[must_use]
    pub fn overridable(mut self) -> Self {
        self.overridable = true;
        self
    }

    /// The refusal of a check; `None` if it is none.
    pub fn of(check: &Check) -> Option<Self> {
        match &check.ruling {
            Ruling::Refuses {
                why,
                possible,
                overridable,
            } => Some(Self {
                code: check.code,
                observed: check.observed.clone(),
                why: why.clone(),
                possible: possible.clone(),
                overridable: *overridable,
            }),
            Ruling::Holds | Ruling::Warns { .. } => None,
        }
    }
}

impl From<Refusal> for Step {
    fn from(refusal: Refusal) -> Self {
        Self::Refuse(refusal)
    }
}

/// Something that was verified at the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Fact {
    /// What was looked at.
    pub code: &'static str,
    /// Whether it is as it should be.
    pub good: bool,
    /// What was seen.
    pub observed: String,
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.observed)
    }
}
