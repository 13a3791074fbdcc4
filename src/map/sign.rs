//! The sign of each state: one letter that stays the same without colour, on any terminal.

use ironkeep_parsers::model::DriveState;

/// What a bay shows of its state. In the order of the legend: the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// A working member.
    Online,
    /// A hot spare.
    HotSpare,
    /// Usable, belongs to nothing.
    Unconfigured,
    /// Given to the host as it is.
    Jbod,
    /// The target of a copyback.
    Copyback,
    /// Being rebuilt.
    Rebuild,
    /// Carries the configuration of another controller.
    Foreign,
    /// Under diagnosis.
    Shielded,
    /// Taken off line.
    Offline,
    /// Not usable, belongs to nothing.
    UnconfiguredBad,
    /// Given up.
    Failed,
    /// No drive answers there.
    Empty,
    /// Not known: the state of the drive, or whether there is one.
    Unknown,
}

impl Sign {
    /// The sign of a drive in `state`.
    pub fn of(state: Option<&DriveState>, foreign: bool) -> Self {
        let Some(state) = state else {
            return Self::Unknown;
        };
        match state {
            DriveState::UnconfiguredGood if foreign => Self::Foreign,
            DriveState::Online => Self::Online,
            DriveState::Rebuild => Self::Rebuild,
            DriveState::Copyback => Self::Copyback,
            DriveState::Failed => Self::Failed,
            DriveState::Offline => Self::Offline,
            DriveState::HotSpare => Self::HotSpare,
            DriveState::UnconfiguredGood => Self::Unconfigured,
            DriveState::UnconfiguredBad => Self::UnconfiguredBad,
            DriveState::Jbod => Self::Jbod,
            DriveState::ConfiguredShielded
            | DriveState::HotSpareShielded
            | DriveState::UnconfiguredShielded => Self::Shielded,
            DriveState::Unknown | DriveState::Other(_) | _ => Self::Unknown,
        }
    }

    /// The one character that stands for it.
    pub fn symbol(self, unicode: bool) -> char {
        match self {
            Self::Online if unicode => '●',
            Self::Online => 'o',
            Self::HotSpare => 'S',
            Self::Unconfigured => 'U',
            Self::Jbod => 'J',
            Self::Copyback => 'C',
            Self::Rebuild => 'R',
            Self::Foreign => 'F',
            Self::Shielded => 'D',
            Self::Offline => '/',
            Self::UnconfiguredBad => 'B',
            Self::Failed => 'X',
            Self::Empty if unicode => '·',
            Self::Empty => '.',
            Self::Unknown => '?',
        }
    }

    /// A word for it, of eight letters at most.
    pub fn word(self) -> &'static str {
        match self {
            Self::Online => "Online",
            Self::HotSpare => "Hotspare",
            Self::Unconfigured => "UGood",
            Self::Jbod => "JBOD",
            Self::Copyback => "Copyback",
            Self::Rebuild => "Rebuild",
            Self::Foreign => "Foreign",
            Self::Shielded => "Shielded",
            Self::Offline => "Offline",
            Self::UnconfiguredBad => "UBad",
            Self::Failed => "Failed",
            Self::Empty => "empty",
            Self::Unknown => "unknown",
        }
    }

    /// What the legend says of it.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::HotSpare => "hot spare",
            Self::Unconfigured => "unconfigured, good",
            Self::Jbod => "JBOD",
            Self::Copyback => "copyback",
            Self::Rebuild => "rebuild",
            Self::Foreign => "foreign",
            Self::Shielded => "shielded: being diagnosed",
            Self::Offline => "off line",
            Self::UnconfiguredBad => "unconfigured, bad",
            Self::Failed => "failed",
            Self::Empty => "empty: no drive answers",
            Self::Unknown => "not known",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::lookup;

    #[test]
    fn every_word_of_the_drawing_is_explained() {
        let states = DriveState::KNOWN.iter();
        let signs = states.map(|state| Sign::of(Some(state), false));
        for sign in signs.chain([Sign::Foreign, Sign::Empty, Sign::Unknown]) {
            let found = lookup(sign.word(), &[]).explanations;
            assert!(!found.is_empty(), "{}", sign.word());
        }
    }

    #[test]
    fn no_two_states_share_a_symbol() {
        let mut signs: Vec<Sign> = DriveState::KNOWN
            .iter()
            .map(|state| Sign::of(Some(state), false))
            .chain([Sign::Foreign, Sign::Empty])
            .collect();
        signs.sort();
        signs.dedup();
        assert_eq!(signs.len(), 13);
        for unicode in [true, false] {
            let mut symbols: Vec<char> = signs.iter().map(|it| it.symbol(unicode)).collect();
            symbols.sort_unstable();
            symbols.dedup();
            assert_eq!(symbols.len(), signs.len());
            assert!(unicode || symbols.iter().all(char::is_ascii));
        }
        assert!(signs.iter().all(|sign| sign.word().len() <= 8));
    }
}
