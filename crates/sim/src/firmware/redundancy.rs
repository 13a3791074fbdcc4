//! What the members of a virtual drive make of it.

use crate::state::{Array, Controller, DriveState, VirtualDrive, VirtualState};

/// How a span keeps data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Striping: nothing may be lost.
    Stripe,
    /// Mirrored pairs: arms 0 and 1, 2 and 3, and so on.
    Mirror,
    /// One parity.
    SingleParity,
    /// Two parities.
    DoubleParity,
}

impl Level {
    /// By the primary level of the DDF standard.
    pub fn of(it: &VirtualDrive) -> Self {
        match it.primary_level {
            1 | 0x11 => Self::Mirror,
            5 => Self::SingleParity,
            6 => Self::DoubleParity,
            _ => Self::Stripe,
        }
    }

    /// How many of `arms` drives hold data, as far as capacity goes.
    pub fn data_drives(self, arms: usize) -> u64 {
        let arms = u64::try_from(arms).unwrap_or_default();
        match self {
            Self::Stripe => arms,
            Self::Mirror => arms / 2,
            Self::SingleParity => arms.saturating_sub(1),
            Self::DoubleParity => arms.saturating_sub(2),
        }
    }
}

/// What is left of a span's redundancy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Redundancy {
    /// More is lost than the level bears.
    Lost,
    /// The next loss in this span loses data. Striping has never more.
    None,
    /// Something is lost, and one more may be.
    Reduced,
    /// Nothing is lost.
    Full,
}

/// Whether the member at `arm` works.
pub(super) fn works(controller: &Controller, array: &Array, arm: usize) -> bool {
    let member = array.members.get(arm).copied().flatten();
    let state = member
        .and_then(|id| controller.drive(id))
        .map(|drive| drive.state);
    matches!(
        state,
        Some(DriveState::Online | DriveState::ShieldConfigured)
    )
}

/// What is left of the redundancy that `it` has in `array`.
pub(super) fn of_span(controller: &Controller, it: &VirtualDrive, array: &Array) -> Redundancy {
    let arms = 0..array.members.len();
    let lost: Vec<usize> = arms.filter(|&arm| !works(controller, array, arm)).collect();
    without(Level::of(it), &lost)
}

/// What is left of the redundancy of a span without the arms `lost`.
pub(super) fn without(level: Level, lost: &[usize]) -> Redundancy {
    match (level, lost.len()) {
        (Level::Stripe, 0) => Redundancy::Full,
        (Level::Stripe, _) => Redundancy::Lost,
        (_, 0) => Redundancy::Full,
        (Level::Mirror, _) => {
            let pair_is_lost = |arm: usize| lost.contains(&arm) && lost.contains(&(arm ^ 1));
            if lost.iter().any(|&arm| pair_is_lost(arm)) {
                Redundancy::Lost
            } else {
                Redundancy::None
            }
        }
        (Level::SingleParity, 1) | (Level::DoubleParity, 2) => Redundancy::None,
        (Level::DoubleParity, 1) => Redundancy::Reduced,
        (Level::SingleParity | Level::DoubleParity, _) => Redundancy::Lost,
    }
}

/// The state that the members give to `it`: that of its worst span.
pub(super) fn state_of(controller: &Controller, it: &VirtualDrive) -> VirtualState {
    let spans = it.spans.iter();
    let worst = spans
        .map(|span| {
            controller
                .array(span.array)
                .map_or(Redundancy::Lost, |array| of_span(controller, it, array))
        })
        .min();
    worst.map_or(VirtualState::Optimal, Redundancy::state)
}

impl Redundancy {
    /// The state of a virtual drive whose worst span has this.
    pub(super) fn state(self) -> VirtualState {
        match self {
            Self::Full => VirtualState::Optimal,
            Self::Reduced => VirtualState::PartiallyDegraded,
            Self::None => VirtualState::Degraded,
            Self::Lost => VirtualState::Offline,
        }
    }
}
