//! What a RAID level asks of the drives of a span.

use ironkeep_parsers::model::RaidLevel;
use ironkeep_parsers::units::Bytes;

/// What a RAID level asks of a span, and what of its drives holds data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// The number of drives that a span has at least.
    pub least: usize,
    /// Whether the number must be even.
    pub even: bool,
    /// Whether there are several spans.
    pub spanned: bool,
    /// Drives of a span that parity takes; a mirror takes half of them.
    parity: usize,
}

/// The levels that can be made.
pub const LEVELS: [RaidLevel; 7] = [
    RaidLevel::Raid0,
    RaidLevel::Raid1,
    RaidLevel::Raid5,
    RaidLevel::Raid6,
    RaidLevel::Raid10,
    RaidLevel::Raid50,
    RaidLevel::Raid60,
];

impl Shape {
    /// The shape of a level; `None` for one that cannot be made here.
    pub fn of(level: &RaidLevel) -> Option<Self> {
        let (least, even, spanned, parity) = match level {
            RaidLevel::Raid0 => (1, false, false, 0),
            RaidLevel::Raid1 | RaidLevel::Raid1E => (2, true, false, 0),
            RaidLevel::Raid5 => (3, false, false, 1),
            RaidLevel::Raid6 => (3, false, false, 2),
            RaidLevel::Raid10 => (2, true, true, 0),
            RaidLevel::Raid50 => (3, false, true, 1),
            RaidLevel::Raid60 => (3, false, true, 2),
            RaidLevel::Raid00 | RaidLevel::Other(_) | _ => return None,
        };
        Some(Self {
            least,
            even,
            spanned,
            parity,
        })
    }

    /// How many of `drives` drives of a span hold data.
    pub fn data_drives(self, drives: usize) -> usize {
        if self.even {
            drives / 2
        } else {
            drives.saturating_sub(self.parity)
        }
    }

    /// What `spans` spans of `drives` drives hold that give `share` each.
    pub fn capacity(self, spans: usize, drives: usize, share: Bytes) -> Bytes {
        let factor = spans.saturating_mul(self.data_drives(drives));
        let factor = u64::try_from(factor).unwrap_or(u64::MAX);
        Bytes(share.0.saturating_mul(factor))
    }
}

/// The number behind `-r`: `10`.
pub fn digits(level: &RaidLevel) -> Option<&'static str> {
    Some(match level {
        RaidLevel::Raid0 => "0",
        RaidLevel::Raid1 => "1",
        RaidLevel::Raid5 => "5",
        RaidLevel::Raid6 => "6",
        RaidLevel::Raid10 => "10",
        RaidLevel::Raid50 => "50",
        RaidLevel::Raid60 => "60",
        RaidLevel::Raid1E | RaidLevel::Raid00 | RaidLevel::Other(_) | _ => return None,
    })
}

/// The level as the tool shows one that was made: a mirror of more than two drives in one span is shown
/// as RAID 1E by its numbers.
pub(super) fn is_shown_as(made: &RaidLevel, shown: &RaidLevel) -> bool {
    made == shown || (*made == RaidLevel::Raid1 && *shown == RaidLevel::Raid1E)
}
