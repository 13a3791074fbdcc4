//! The replacement of a drive, from "failing" to "replaced, rebuilt, verified". Pure: no input, no
//! output, no clock.
//!
//! [`next_step`] decides from what is *observed* now, never from how far a script got, so that it does
//! not matter who did the steps before: this program, one that was killed in the middle, the
//! controller by itself, or a person by hand. What an observation cannot tell (which drive it was, what
//! it was for, how things were before) is the [`Memory`]; what was chosen beforehand is the [`Policy`].
//!
//! * [`begin`] makes the memory of a first look; [`verdict()`] says whether the drive is safe to pull.
//! * [`plan()`] says what will be done as far as one can see.
//! * `fit` compares a new drive with what its place needs.

mod fit;
mod join;
mod leave;
mod memory;
mod next;
mod plan;
mod policy;
mod spares;
mod start;
mod step;
#[cfg(test)]
mod tests;
mod undo;
mod verdict;
mod verify;
mod view;

pub use memory::{
    Copied, Duty, Ended, Identity, Light, Memory, Place, SpareDuty, VirtualDriveBefore, Waiting,
};
pub use next::next_step;
pub use plan::{PlanStep, plan};
pub use policy::{ForeignPolicy, Given, Policy, SparePolicy};
pub use start::{Beginning, begin};
pub use step::{Fact, Question, Refusal, Step, Wait, WaitFor};
pub use undo::undo_step;
pub use verdict::{Verdict, because, verdict, warnings};

use crate::reading::Part;

/// What is read before each step.
pub const PARTS: &[Part] = &[
    Part::Controllers,
    Part::PhysicalDrives,
    Part::VirtualDrives,
    Part::DriveGroups,
    Part::MissingDrives,
    Part::ForeignConfigurations,
    Part::PreservedCache,
    Part::DriveOperations,
];
