//! Sizes, speeds and truth values as MegaCLI writes them.

use std::fmt;

use crate::state::Progress;

/// A number of sectors as a size: `278.875 GB`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// Number of sectors.
    pub(super) sectors: u64,
    /// Bytes of each.
    pub(super) sector_size: u16,
}

impl Size {
    fn bytes(self) -> u128 {
        u128::from(self.sectors) * u128::from(self.sector_size)
    }

    /// Whole MiB.
    pub(super) fn mib(self) -> u128 {
        self.bytes() >> 20
    }
}

/// Whole units and three digits, cut off and not rounded, of what the next smaller unit has left
/// over; where these digits are the exact value they lose their zeros at the end, down to one digit.
impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kib = self.bytes() / 1024;
        if kib < 1024 {
            return write!(f, "{kib} KB");
        }
        let (mut whole, mut rest) = (kib, 0);
        let mut unit = "";
        for name in ["MB", "GB", "TB", "PB", "EB", "ZB"] {
            (whole, rest) = (whole / 1024, whole % 1024);
            unit = name;
            if whole < 1024 {
                break;
            }
        }
        let digits = format!("{:03}", rest * 1000 / 1024);
        let is_exact = rest % 128 == 0;
        let digits = match digits.trim_end_matches('0') {
            _ if !is_exact => digits.as_str(),
            "" => "0",
            cut => cut,
        };
        write!(f, "{whole}.{digits} {unit}")
    }
}

/// `Yes` or `No`.
pub(super) fn yes_no(is: bool) -> &'static str {
    if is { "Yes" } else { "No" }
}

/// `Enabled` or `Disabled`.
pub(super) fn enabled(is: bool) -> &'static str {
    if is { "Enabled" } else { "Disabled" }
}

/// `Present` or `Absent`.
pub(super) fn present(is: bool) -> &'static str {
    if is { "Present" } else { "Absent" }
}

/// To what sizes of drives are rounded down.
pub(super) fn coercion(mode: u32) -> &'static str {
    match mode {
        0 => "Disabled",
        2 => "1GB",
        _ => "128MB",
    }
}

/// A link's speed by its code.
pub(super) fn speed(code: u8) -> &'static str {
    match code {
        1 => "1.5Gb/s",
        2 => "3.0Gb/s",
        3 => "6.0Gb/s",
        4 => "12.0Gb/s",
        _ => "Unknown",
    }
}

/// Whole percent that are done.
pub(super) fn percent(progress: Progress) -> u32 {
    u32::from(progress.fraction) * 100 / 0xffff
}

/// Whole minutes since the beginning.
pub(super) fn minutes(progress: Progress) -> u16 {
    progress.elapsed / 60
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Out of the sweeps of sizes through the real tool.
    #[test]
    fn sizes_are_cut_off_as_the_tool_does() {
        for (sectors, words) in [
            (0, "0 KB"),
            (3, "1 KB"),
            (0x7ff, "1023 KB"),
            (0x800, "1.0 MB"),
            (0x80e, "1.006 MB"),
            (0x001f_ffff, "1023.999 MB"),
            (0x0020_0000, "1.0 GB"),
            (0x0020_0400, "1.0 GB"),
            (0x0020_0800, "1.000 GB"),
            (0x0020_5800, "1.010 GB"),
            (0x0038_0000, "1.75 GB"),
            (0x22ec_9470, "279.392 GB"),
            (0x8000_0000, "1.0 TB"),
            (0x000f_ffff_ffff, "31.999 TB"),
            // The size of a drive that the firmware could not read.
            (0xffff_ffff_fff0_0000, "7.999 ZB"),
        ] {
            let sector_size = 512;
            let size = Size {
                sectors,
                sector_size,
            };
            assert_eq!(size.to_string(), words, "{sectors:#x}");
        }
        let big = Size {
            sectors: 0x7470_0000,
            sector_size: 4096,
        };
        assert_eq!(big.to_string(), "7.277 TB");
    }
}
