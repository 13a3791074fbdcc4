//! What was chosen beforehand.

use std::time::Duration;

use ironkeep_parsers::model::DriveAddress;
use serde::Serialize;

/// What was chosen beforehand about what may come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What to do with a configuration that the new drive brings.
    pub foreign: Given<ForeignPolicy>,
    /// Whether a new drive that the host has as it is (JBOD) may be taken, and its data lost.
    pub jbod: Given<bool>,
    /// Who is the spare afterwards, if one stepped in.
    pub spare: SparePolicy,
    /// Whether a drive that still works is copied to a spare before it is taken out.
    pub copy_first: bool,
    /// How long the controller may take to begin by itself what it is set to do.
    pub auto_rebuild_wait: Duration,
    /// How long people may take to pull a drive and insert another.
    pub wait_for_drive: Duration,
    /// The bay of the new drive, where it is not the old one's.
    pub new_bay: Option<DriveAddress>,
    /// Whether the drive that sits in the bay is the new one already.
    pub inserted: bool,
    /// The checks that somebody insists to pass over.
    pub overrides: Vec<String>,
}

/// A choice, or that a person is asked when it comes to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given<T> {
    /// Nothing was chosen: ask.
    Ask,
    /// This was chosen.
    Chosen(T),
}

/// What to do with the foreign configuration of a new drive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ForeignPolicy {
    /// Clear it, and only it: what the drive held before is lost.
    Clear,
    /// Import it: only where the new drive belongs to this controller.
    Import,
    /// Stop.
    Refuse,
}

/// Who is the spare after a spare stepped in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SparePolicy {
    /// The data goes back to the bay, and the spare stands by again.
    Return,
    /// The spare stays where it is, and the new drive stands by in its place.
    Keep,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            foreign: Given::Ask,
            jbod: Given::Ask,
            spare: SparePolicy::Return,
            copy_first: true,
            auto_rebuild_wait: Duration::from_mins(2),
            wait_for_drive: Duration::from_hours(24),
            new_bay: None,
            inserted: false,
            overrides: Vec::new(),
        }
    }
}

impl Policy {
    /// Whether somebody insists to pass over the check `code`.
    pub fn overrides(&self, code: &str) -> bool {
        self.overrides.iter().any(|it| it == code)
    }
}
