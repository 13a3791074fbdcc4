//! Quantities for people: three digits, a unit, and never more precision than there is.

use std::fmt::Display;

use ironkeep_parsers::units::{BitsPerSecond, Bytes, Seconds};

/// A size in binary units with three digits: `3.64 TiB`. Fewer digits mean an exact value:
/// `64 KiB` is 65 536 bytes, `64.0 KiB` is nearly that.
pub fn bytes(size: Bytes) -> String {
    scaled(
        size.0,
        1024,
        &["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"],
    )
}

/// A size between two bounds, in three digits of each: `≤ 12.3 GiB`, `3.10–3.40 GiB`. What is the same in
/// so many digits is one figure.
pub fn bytes_between(at_least: Bytes, at_most: Bytes) -> String {
    let most = bytes(at_most);
    if at_least.0 == 0 && at_most.0 > 0 {
        return format!("≤ {most}");
    }
    let least = bytes(at_least);
    if least == most {
        return most;
    }
    match (least.split_once(' '), most.split_once(' ')) {
        (Some((number, unit)), Some((_, other))) if unit == other => format!("{number}–{most}"),
        _ => format!("{least}–{most}"),
    }
}

/// What something is, or `?` where that is not told: for words, where a gap would mislead.
pub fn or_unknown(known: Option<impl Display>) -> String {
    known.map_or_else(|| "?".to_owned(), |it| it.to_string())
}

/// A link speed in decimal units: `6 Gb/s`.
pub fn speed(speed: BitsPerSecond) -> String {
    scaled(
        speed.0,
        1000,
        &["b/s", "kb/s", "Mb/s", "Gb/s", "Tb/s", "Pb/s", "Eb/s"],
    )
}

/// A time span in its two largest units, rounded to the smaller of them: `2 h 13 min`. From a week
/// on in days alone: `45 days`.
pub fn duration(span: Seconds) -> String {
    let seconds = u128::from(span.0);
    if seconds < HOUR {
        return two(seconds / MINUTE, "min", seconds % MINUTE, "s");
    }
    let minutes = rounded(seconds, MINUTE);
    if minutes < DAY / MINUTE {
        return two(minutes / 60, "h", minutes % 60, "min");
    }
    let hours = rounded(seconds, HOUR);
    if hours < WEEK / HOUR {
        let unit = if hours / 24 == 1 { "day" } else { "days" };
        return two(hours / 24, unit, hours % 24, "h");
    }
    format!("{} days", rounded(seconds, DAY))
}

/// A time span in seconds and parts of them, rounded to seconds; a negative one is none.
pub fn seconds(span: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast of a float ends at the bounds"
    )]
    let whole = span.round() as u64;
    duration(Seconds(whole))
}

/// A number of things: `1 drive`, `24 drives`.
pub fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Two parts of a time span; a part that is 0 is left out.
fn two(large: u128, large_unit: &str, small: u128, small_unit: &str) -> String {
    match (large, small) {
        (0, _) => format!("{small} {small_unit}"),
        (_, 0) => format!("{large} {large_unit}"),
        _ => format!("{large} {large_unit} {small} {small_unit}"),
    }
}

/// `value` in the largest of `units` (each `base` times the one before) that leaves a whole part.
fn scaled(value: u64, base: u64, units: &[&str]) -> String {
    let (value, base) = (u128::from(value), u128::from(base));
    let mut factor = 1;
    let mut text = String::new();
    for unit in units {
        text = format!("{} {unit}", three_digits(value, factor));
        // What rounds up to the next unit belongs there: 1023.9 GiB is 1.00 TiB, not 1024 GiB.
        if rounded(value, factor) < base {
            break;
        }
        factor *= base;
    }
    text
}

/// `value / factor` with three digits, or with as few as are exact; 1000 and more keep all four.
fn three_digits(value: u128, factor: u128) -> String {
    // Looks at the rounded number, because rounding may carry: 9.996 is 10.0, not 10.00.
    let fits = |&(_, scale): &(usize, u128)| rounded(value * scale, factor) < 1000;
    let Some((decimals, scale)) = [(2, 100), (1, 10)].into_iter().find(fits) else {
        return rounded(value, factor).to_string();
    };
    let shown = rounded(value * scale, factor);
    let text = format!("{}.{:0decimals$}", shown / scale, shown % scale);
    if shown * factor == value * scale {
        let text = text.trim_end_matches('0').trim_end_matches('.');
        return text.to_owned();
    }
    text
}

/// `value` in units of `unit`, half rounded up.
fn rounded(value: u128, unit: u128) -> u128 {
    (value * 2 + unit) / (unit * 2)
}

const MINUTE: u128 = 60;
const HOUR: u128 = 60 * MINUTE;
const DAY: u128 = 24 * HOUR;
const WEEK: u128 = 7 * DAY;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_have_three_digits() {
        assert_eq!(bytes(Bytes(4_000_787_030_016)), "3.64 TiB");
        assert_eq!(bytes(Bytes(1_000_204_886_016)), "932 GiB");
        assert_eq!(bytes(Bytes(40_000_000_000)), "37.3 GiB");
        assert_eq!(bytes(Bytes(u64::MAX)), "16.0 EiB");
    }

    #[test]
    fn exact_sizes_have_no_needless_digits() {
        assert_eq!(bytes(Bytes(0)), "0 B");
        assert_eq!(bytes(Bytes(512)), "512 B");
        assert_eq!(bytes(Bytes(1023)), "1023 B");
        assert_eq!(bytes(Bytes(64 << 10)), "64 KiB");
        assert_eq!(bytes(Bytes(3 << 29)), "1.5 GiB");
        assert_eq!(bytes(Bytes((1 << 40) + 1)), "1.00 TiB");
    }

    #[test]
    fn rounding_never_reaches_1024_of_a_unit() {
        assert_eq!(bytes(Bytes((1 << 40) - 1)), "1.00 TiB");
        assert_eq!(bytes(Bytes(1023 << 30)), "1023 GiB");
        assert_eq!(bytes(Bytes((1023 << 30) + (1 << 29))), "1.00 TiB");
        assert_eq!(bytes(Bytes((1 << 20) - 1)), "1.00 MiB");
    }

    #[test]
    fn rounding_carries_without_a_fourth_digit() {
        // 9.996 and 99.96 of a unit.
        assert_eq!(bytes(Bytes(10_235)), "10.0 KiB");
        assert_eq!(bytes(Bytes(102_359)), "100 KiB");
    }

    #[test]
    fn bounds_are_shown_as_such_where_they_differ() {
        let shown = |least: u64, most: u64| bytes_between(Bytes(least), Bytes(most));
        assert_eq!(shown(0, 12 << 30), "≤ 12 GiB");
        assert_eq!(shown(0, 0), "0 B");
        assert_eq!(shown(3 << 30, 7 << 29), "3–3.5 GiB");
        assert_eq!(shown(900 << 20, 3 << 30), "900 MiB–3 GiB");
        assert_eq!(shown((3 << 30) + 1, (3 << 30) + 2), "3.00 GiB");
    }

    #[test]
    fn speeds_are_decimal() {
        assert_eq!(speed(BitsPerSecond(6_000_000_000)), "6 Gb/s");
        assert_eq!(speed(BitsPerSecond(1_500_000_000)), "1.5 Gb/s");
        assert_eq!(speed(BitsPerSecond(22_500_000_000)), "22.5 Gb/s");
    }

    fn shown(seconds: u128) -> String {
        duration(Seconds(seconds.try_into().unwrap()))
    }

    #[test]
    fn durations_show_two_units() {
        assert_eq!(shown(0), "0 s");
        assert_eq!(shown(59), "59 s");
        assert_eq!(shown(125), "2 min 5 s");
        assert_eq!(shown(7_980), "2 h 13 min");
        assert_eq!(shown(2 * HOUR), "2 h");
        assert_eq!(shown(DAY), "1 day");
        assert_eq!(shown(3 * DAY), "3 days");
        assert_eq!(shown(3 * DAY + 5 * HOUR), "3 days 5 h");
        assert_eq!(shown(45 * DAY + 13 * HOUR), "46 days");
    }

    #[test]
    fn durations_round_up_into_the_next_unit() {
        assert_eq!(shown(DAY - 1), "1 day");
        assert_eq!(shown(2 * HOUR - 1), "2 h");
        assert_eq!(shown(WEEK - 1), "7 days");
        assert_eq!(shown(u64::MAX.into()), "213503982334601 days");
    }

    #[test]
    fn counts_know_the_singular() {
        assert_eq!(count(1, "drive", "drives"), "1 drive");
        assert_eq!(count(0, "drive", "drives"), "0 drives");
    }

    proptest! {
        #[test]
        fn sizes_are_true_to_half_a_digit(size: u64, shift in 0_u32..64) {
            let size = size >> shift;
            let text = bytes(Bytes(size));
            let (number, unit) = text.split_once(' ').unwrap();
            let power = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
                .iter()
                .position(|it| *it == unit)
                .unwrap();
            let factor = 1024_u128.pow(power.try_into().unwrap());
            let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
            let scale = 10_u128.pow(decimals.len().try_into().unwrap());
            let shown: u128 = format!("{whole}{decimals}").parse().unwrap();
            // Twice the error, in 1 / scale bytes, is at most the last digit shown.
            let error = (shown * factor).abs_diff(u128::from(size) * scale);
            prop_assert!(error * 2 <= factor, "{} {}", size, text);
            prop_assert!(whole.parse::<u32>().unwrap() < 1024, "{} {}", size, text);
            prop_assert!(size == 0 || shown > 0, "{} {}", size, text);
            prop_assert!(error == 0 || number.len() >= 3, "{} {}", size, text);
        }
    }
}
