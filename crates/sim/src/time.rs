//! The controllers' clocks: seconds since the beginning of the year 2000.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time, date};

/// The moment at which the clock counts 0.
pub const EPOCH: DateTime = date(2000, 1, 1).at(0, 0, 0, 0);

/// Date and time of `seconds` on the clock.
pub fn civil(seconds: u32) -> DateTime {
    EPOCH.saturating_add(SignedDuration::from_secs(i64::from(seconds)))
}

/// When something begins, as MegaCLI writes it: `12/19/2023, 16:00:00`. Only the hour counts.
pub fn next(seconds: u32) -> String {
    civil(seconds).strftime("%m/%d/%Y, %H:00:00").to_string()
}

/// `seconds` on the clock as C programs write them: `Fri Dec  1 16:32:00 2023`.
pub fn ctime(seconds: u32) -> String {
    civil(seconds).strftime("%a %b %e %H:%M:%S %Y").to_string()
}

/// The moment `20240115`, `03` or `03:04:05`, as people write it on MegaCLI's command line; `None` if
/// there is none, or the clock cannot show it.
pub fn of_words(day: &str, time: &str) -> Option<u32> {
    if day.len() != 8 || !day.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let day: u32 = day.parse().ok()?;
    let year = i16::try_from(day / 10_000).ok()?;
    let month = i8::try_from(day / 100 % 100).ok()?;
    let date = Date::new(year, month, i8::try_from(day % 100).ok()?).ok()?;
    let mut parts = time.split(':').map(|part| part.parse::<i8>().ok());
    let hour = parts.next().flatten()?;
    let mut part = || parts.next().map_or(Some(0), |part| part);
    let (minute, second) = (part()?, part()?);
    let time = Time::new(hour, minute, second, 0).ok()?;
    let passed = date.to_datetime(time).duration_since(EPOCH);
    u32::try_from(passed.as_secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_it_is_written() {
        let read = of_words("20240115", "03").unwrap();
        assert_eq!(next(read), "01/15/2024, 03:00:00");
        let read = of_words("20240102", "13:14:15").unwrap();
        assert_eq!(ctime(read), "Tue Jan  2 13:14:15 2024");
        for (day, time) in [
            ("20241302", "00"),
            ("20230229", "00"),
            ("19991231", "00"),
            ("20240102", "24"),
            ("20240102", "13:60:00"),
            ("2024012", "00"),
            ("", ""),
        ] {
            assert_eq!(of_words(day, time), None, "{day} {time}");
        }
    }
}
