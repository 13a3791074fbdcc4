//! The RAID levels that somebody can ask for.

use super::Level;
use crate::state::Info;

/// A RAID level, as its number on a command line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RaidLevel {
    /// How each span keeps data.
    pub span: Level,
    /// Whether it has several spans.
    pub is_spanned: bool,
}

impl RaidLevel {
    /// `0`, `1`, `5`, `6`, `00`, `10`, `50`, `60`.
    pub fn of_number(number: &str) -> Option<Self> {
        let (first, is_spanned) = match number.strip_suffix('0') {
            Some(first) if !first.is_empty() => (first, true),
            _ => (number, false),
        };
        let span = match first {
            "0" => Level::Stripe,
            "1" => Level::Mirror,
            "5" => Level::SingleParity,
            "6" => Level::DoubleParity,
            _ => return None,
        };
        Some(Self { span, is_spanned })
    }

    /// Primary level, qualifier and secondary level of the DDF standard. A spanned mirror has no
    /// secondary level here: so the captured controllers and those of published outputs have it.
    pub fn ddf(self) -> (u8, u8, u8) {
        let secondary = if self.is_spanned && self.span != Level::Mirror {
            3
        } else {
            0
        };
        match self.span {
            Level::Stripe => (0, 0, secondary),
            Level::Mirror => (1, 0, secondary),
            Level::SingleParity => (5, 3, secondary),
            Level::DoubleParity => (6, 3, secondary),
        }
    }

    /// The fewest drives of a span.
    pub fn fewest(self, info: &Info) -> usize {
        // The low byte of each limit is the fewest drives.
        let (limit, usual) = match self.span {
            Level::Stripe => (info.raid0, 1),
            Level::Mirror => (info.raid1, 2),
            Level::SingleParity => (info.raid5, 3),
            Level::DoubleParity => (info.raid6, 3),
        };
        let [fewest, ..] = limit.to_le_bytes();
        usize::from(if fewest == 0 { usual } else { fewest })
    }

    /// Whether a controller knows the level of the spans. A controller that names no level at all is
    /// taken to know them all.
    pub fn is_known(self, info: &Info) -> bool {
        let bit = match self.span {
            Level::Stripe => 1 << 0,
            Level::Mirror => 1 << 1,
            Level::SingleParity => 1 << 2,
            Level::DoubleParity => 1 << 4,
        };
        info.raid_levels == 0 || info.raid_levels & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_levels() {
        let ddf = |number: &str| RaidLevel::of_number(number).map(RaidLevel::ddf);
        assert_eq!(ddf("0"), Some((0, 0, 0)));
        assert_eq!(ddf("5"), Some((5, 3, 0)));
        assert_eq!(ddf("10"), Some((1, 0, 0)));
        assert_eq!(ddf("00"), Some((0, 0, 3)));
        assert_eq!(ddf("60"), Some((6, 3, 3)));
        for wrong in ["", "9", "100", "x", "90"] {
            assert_eq!(ddf(wrong), None, "{wrong}");
        }
    }
}
