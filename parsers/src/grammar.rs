//! The values of MegaCLI: numbers, sizes, temperatures, speeds, positions, dates.
//!
//! Every function takes a trimmed value and gives `Some` only if *all* of it was understood. This is
//! the only file that names nom.

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::{char, one_of};
use nom::combinator::{all_consuming, map, map_opt, opt, recognize, value, verify};
use nom::sequence::{delimited, preceded, separated_pair, terminated};
use nom::{IResult, Parser};

use crate::model::{
    ControllerId, DriveAddress, EnclosureId, EventTime, Position, Progress, RaidLayout, Slot,
    TargetId,
};
use crate::units::{
    BitsPerSecond, Bytes, Celsius, Days, Hours, Joules, Microseconds, MilliampHours, Milliamps,
    Millivolts, Minutes, Percent, Seconds,
};

/// Runs `parser` over all of `text`.
fn whole<'a, T>(
    text: &'a str,
    parser: impl Parser<&'a str, Output = T, Error = nom::error::Error<&'a str>>,
) -> Option<T> {
    all_consuming(parser).parse(text).ok().map(|(_, read)| read)
}

/// `word` in any case. nom's own compares Unicode characters, which took a third of the time.
fn tag_no_case<'a>(
    word: &'static str,
) -> impl Parser<&'a str, Output = &'a str, Error = nom::error::Error<&'a str>> {
    move |text: &'a str| match text.split_at_checked(word.len()) {
        Some((head, rest)) if head.eq_ignore_ascii_case(word) => Ok((rest, head)),
        _ => Err(nom::Err::Error(nom::error::Error::new(
            text,
            nom::error::ErrorKind::Tag,
        ))),
    }
}

/// The longest beginning of `text` that consists of `wanted` ASCII bytes, and the rest. Both are
/// parts of `text` even where they are empty: nom measures distances between them.
fn run(text: &str, wanted: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text
        .bytes()
        .position(|byte| !byte.is_ascii() || !wanted(byte))
        .unwrap_or(text.len());
    text.split_at(end)
}

/// [`run`] as a parser that wants at least one byte. nom's own go character by character.
fn run1(text: &str, wanted: impl Fn(u8) -> bool) -> IResult<&str, &str> {
    match run(text, wanted) {
        ("", _) => Err(nom::Err::Error(nom::error::Error::new(
            text,
            nom::error::ErrorKind::TakeWhile1,
        ))),
        (taken, rest) => Ok((rest, taken)),
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn digit1(text: &str) -> IResult<&str, &str> {
    run1(text, |byte| byte.is_ascii_digit())
}

fn space1(text: &str) -> IResult<&str, &str> {
    run1(text, is_blank)
}

#[expect(clippy::unnecessary_wraps, reason = "the shape that nom gives parsers")]
fn space0(text: &str) -> IResult<&str, &str> {
    let (taken, rest) = run(text, is_blank);
    Ok((rest, taken))
}

/// The digits in `radix` that `text` begins with, as a number: one pass, where finding the digits
/// and having them read takes two.
#[inline]
fn unsigned(text: &str, radix: u32) -> IResult<&str, u64> {
    let mut read = Some(0_u64);
    let mut digits = 0;
    for byte in text.bytes() {
        let Some(digit) = char::from(byte).to_digit(radix) else {
            break;
        };
        read = read
            .and_then(|read| read.checked_mul(u64::from(radix)))
            .and_then(|read| read.checked_add(u64::from(digit)));
        digits += 1;
    }
    match (read, text.split_at_checked(digits)) {
        (Some(read), Some((_, rest))) if digits > 0 => Ok((rest, read)),
        _ => Err(nom::Err::Error(nom::error::Error::new(
            text,
            nom::error::ErrorKind::Digit,
        ))),
    }
}

fn number<T: TryFrom<u64>>(text: &str) -> IResult<&str, T> {
    map_opt(|text| unsigned(text, 10), |read| T::try_from(read).ok()).parse(text)
}

fn signed(text: &str) -> IResult<&str, i64> {
    map_opt(recognize((opt(char('-')), digit1)), |digits: &str| {
        digits.parse().ok()
    })
    .parse(text)
}

fn hexadecimal(text: &str) -> IResult<&str, u64> {
    preceded(alt((tag("0x"), tag("0X"))), |text| unsigned(text, 16)).parse(text)
}

/// `17`.
pub fn decimal(text: &str) -> Option<u64> {
    whole(text, number)
}

/// `17` or `-17`.
pub fn integer(text: &str) -> Option<i64> {
    whole(text, signed)
}

/// `17`, for ids and small counts.
pub fn small(text: &str) -> Option<u32> {
    whole(text, number)
}

/// `0x1f`.
pub fn hex(text: &str) -> Option<u64> {
    whole(text, hexadecimal)
}

/// `005b`: hexadecimal without a prefix, as PCI ids and SAS addresses are printed.
pub fn bare_hex(text: &str) -> Option<u64> {
    whole(text, |text| unsigned(text, 16))
}

/// `005b`, for ids.
pub fn small_hex(text: &str) -> Option<u32> {
    bare_hex(text).and_then(|id| u32::try_from(id).ok())
}

/// Any text, kept as printed.
pub fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// `Yes` or `No`, `Enabled` or `Disabled`, `True` or `False`, and their relatives.
pub fn yes_no(text: &str) -> Option<bool> {
    const YES: [&str; 6] = ["Yes", "Enabled", "Enable", "Present", "True", "On"];
    const NO: [&str; 6] = ["No", "Disabled", "Disable", "Absent", "False", "Off"];
    // The two words that nearly every line has, before the loops over the rest.
    match text {
        "Yes" => return Some(true),
        "No" => return Some(false),
        _ => {}
    }
    let text = text.trim_end_matches('.');
    if YES.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        Some(true)
    } else if NO.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        Some(false)
    } else {
        None
    }
}

/// A decimal fraction: whole part, digits of the fraction and how many there are.
fn fraction(text: &str) -> IResult<&str, (u64, u64, u32)> {
    map_opt(
        (number::<u64>, opt(preceded(char('.'), digit1))),
        |(whole, part)| {
            let Some(part) = part else {
                return Some((whole, 0, 0));
            };
            let digits = u32::try_from(part.len())
                .ok()
                .filter(|&digits| digits <= 9)?;
            Some((whole, part.parse().ok()?, digits))
        },
    )
    .parse(text)
}

fn scaled((whole, part, digits): (u64, u64, u32), unit: u64) -> Option<u64> {
    let part = match part.checked_mul(unit) {
        Some(part) => part / 10_u64.pow(digits),
        None => u64::try_from(u128::from(part) * u128::from(unit) / 10_u128.pow(digits)).ok()?,
    };
    whole.checked_mul(unit)?.checked_add(part)
}

/// MegaCLI says KB, MB, GB, TB and PB for the powers of 1024.
fn size_unit(text: &str) -> IResult<&str, u64> {
    alt((
        value(1, tag_no_case("Bytes")),
        value(1 << 10, tag_no_case("KB")),
        value(1 << 20, tag_no_case("MB")),
        value(1 << 30, tag_no_case("GB")),
        value(1 << 40, tag_no_case("TB")),
        value(1 << 50, tag_no_case("PB")),
        value(1, tag_no_case("B")),
    ))
    .parse(text)
}

fn rounded_size(text: &str) -> IResult<&str, Bytes> {
    map_opt((fraction, space0, size_unit), |(number, _, unit)| {
        scaled(number, unit).map(Bytes)
    })
    .parse(text)
}

/// `3.637 TB`, `67.986GB`, `64kB`, `512Bytes`, and a bare `0`. Rounded down by the tool: exact sizes
/// come from [`sectors`].
pub fn size(text: &str) -> Option<Bytes> {
    whole(
        text,
        alt((
            rounded_size,
            map(verify(number, |&bytes: &u64| bytes == 0), Bytes),
        )),
    )
}

/// `279.396 GB [0x22ecb25c Sectors]`: the bracket is exact, in units of 512 bytes. Where the rounded
/// text fits only sectors of 4096 bytes, those are meant.
pub fn sectors(text: &str) -> Option<Bytes> {
    let (rounded, count) = whole(
        text,
        separated_pair(
            rounded_size,
            space0,
            delimited(
                char('['),
                hexadecimal,
                (space0, tag_no_case("Sectors"), char(']')),
            ),
        ),
    )?;
    let exact = count.checked_mul(512)?;
    match count.checked_mul(4096) {
        Some(large) if rounded.0 > exact && rounded.0 <= large => Some(Bytes(large)),
        _ => Some(Bytes(exact)),
    }
}

/// `7.999 ZB [0xfffffffffff00000 Sectors]`: a count of sectors below zero, of which the tool makes a
/// size that no drive can have.
pub fn is_negative_sectors(text: &str) -> bool {
    let bracket = text
        .split_once('[')
        .and_then(|(_, count)| count.strip_suffix(" Sectors]"));
    bracket
        .and_then(hex)
        .is_some_and(|count| count.checked_mul(512).is_none())
}

/// `32C (89.60 F)`, `32 C`, `32 degree Celcius`, `37 Celsius`, `32`.
pub fn celsius(text: &str) -> Option<Celsius> {
    let unit = alt((
        tag_no_case("degree Celcius"),
        tag_no_case("degree Celsius"),
        tag_no_case("Celsius"),
        tag_no_case("C"),
    ));
    let fahrenheit = delimited(
        (space0, char('(')),
        take_while1(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | ' ' | 'F')),
        char(')'),
    );
    whole(
        text,
        map_opt(
            (signed, opt((space0, unit, opt(fahrenheit)))),
            |(degrees, _)| i32::try_from(degrees).ok().map(Celsius),
        ),
    )
}

/// A number with one of `units` behind it, blank or not between them.
fn quantity<'a>(text: &'a str, units: &[&str]) -> Option<u64> {
    let (rest, read) = terminated(number::<u64>, space0).parse(text).ok()?;
    let rest: &'a str = rest.trim_ascii_end();
    units
        .iter()
        .any(|unit| unit.eq_ignore_ascii_case(rest))
        .then_some(read)
}

fn signed_quantity(text: &str, units: &[&str]) -> Option<i64> {
    let (rest, read) = terminated(signed, space0).parse(text).ok()?;
    units
        .iter()
        .any(|unit| unit.eq_ignore_ascii_case(rest))
        .then_some(read)
}

/// `30%`, `97 %`, and a bare `30`.
pub fn percent(text: &str) -> Option<Percent> {
    quantity(text, &["%", ""])
        .and_then(|read| u32::try_from(read).ok())
        .map(Percent)
}

/// `4034 mV`, `5070 milli volts`.
pub fn millivolts(text: &str) -> Option<Millivolts> {
    signed_quantity(text, &["mV", "milli volts"]).map(Millivolts)
}

/// `-512 mA`.
pub fn milliamps(text: &str) -> Option<Milliamps> {
    signed_quantity(text, &["mA"]).map(Milliamps)
}

/// `1215 mAh`.
pub fn milliamp_hours(text: &str) -> Option<MilliampHours> {
    quantity(text, &["mAh"]).map(MilliampHours)
}

/// `283 J`.
pub fn joules(text: &str) -> Option<Joules> {
    quantity(text, &["J"]).map(Joules)
}

/// `50us`.
pub fn microseconds(text: &str) -> Option<Microseconds> {
    quantity(text, &["us"]).map(Microseconds)
}

/// A moment on the firmware's clock, which counts seconds from the beginning of the year 2000.
pub fn since_2000(seconds: Seconds) -> Option<DateTime> {
    let span = SignedDuration::from_secs(i64::try_from(seconds.0).ok()?);
    Date::constant(2000, 1, 1)
        .at(0, 0, 0, 0)
        .checked_add(span)
        .ok()
}

/// `300sec`, `4s`, `4 seconds`.
pub fn seconds(text: &str) -> Option<Seconds> {
    quantity(
        text,
        &["s", "sec", "secs", "second", "seconds", "second(s)"],
    )
    .map(Seconds)
}

/// `10`, where the key says that seconds are meant.
pub fn bare_seconds(text: &str) -> Option<Seconds> {
    decimal(text).map(Seconds)
}

/// `1440 Minutes`, `5 Min`.
pub fn minutes(text: &str) -> Option<Minutes> {
    quantity(text, &["min", "min.", "mins", "minute", "minutes"]).map(Minutes)
}

/// `168 hours`.
pub fn hours(text: &str) -> Option<Hours> {
    quantity(text, &["h", "hour", "hours", "hour(s)", "hrs"]).map(Hours)
}

/// `28 Days`.
pub fn days(text: &str) -> Option<Days> {
    quantity(text, &["d", "day", "days"]).map(Days)
}

/// `Completed 36% in 43 Minutes.`, also with `Complete`; `Completed 3%, Taken 5 min.`
pub fn progress(text: &str) -> Option<Progress> {
    let (percent, taken) = whole(
        text,
        preceded(
            (tag_no_case("Complete"), opt(tag_no_case("d")), space1),
            (
                terminated(number, (space0, char('%'))),
                delimited(
                    (
                        opt(char(',')),
                        space1,
                        alt((tag_no_case("in"), tag_no_case("Taken"))),
                        space1,
                    ),
                    number,
                    (
                        space1,
                        tag_no_case("min"),
                        opt(tag_no_case("ute")),
                        opt(tag_no_case("s")),
                        opt(char('.')),
                    ),
                ),
            ),
        ),
    )?;
    Some(Progress {
        done: Percent(percent),
        elapsed: Minutes(taken),
    })
}

/// `0 days 12 hours`.
pub fn days_and_hours(text: &str) -> Option<Hours> {
    let (days, hours) = text.split_once("days")?;
    let days = decimal(days.trim_ascii())?.checked_mul(24)?;
    let hours = self::hours(hours.trim_ascii())?;
    days.checked_add(hours.0).map(Hours)
}

/// `168 hours`, or `168` where the key or another output says that it is hours.
pub fn delay_hours(text: &str) -> Option<Hours> {
    quantity(text, &["h", "hour", "hours", ""]).map(Hours)
}

/// `8192 sectors`.
pub fn sector_count(text: &str) -> Option<u64> {
    quantity(text, &["sector", "sectors"])
}

/// `6.0Gb/s`. `Unknown` is a value of its own for the caller.
pub fn speed(text: &str) -> Option<BitsPerSecond> {
    whole(
        text,
        map_opt(
            (
                fraction,
                space0,
                alt((tag_no_case("Gb/s"), tag_no_case("Gbps"))),
            ),
            |(number, _, _)| scaled(number, 1_000_000_000).map(BitsPerSecond),
        ),
    )
}

/// `0x5000c50000001a35` or the same without its prefix: a SAS address or WWN, as 16 lower-case
/// digits. Zero means "no address" and is absent to the caller.
pub fn sas_address(text: &str) -> Option<u64> {
    hex(text).or_else(|| bare_hex(text))
}

/// `DiskGroup: 0, Span: 1, Arm: 2`.
pub fn position(text: &str) -> Option<Position> {
    let field = |name: &'static str| {
        preceded(
            (tag_no_case(name), space0, char(':'), space0),
            number::<u32>,
        )
    };
    let comma = || (space0, char(','), space0);
    whole(
        text,
        map(
            (
                field("DiskGroup"),
                preceded(comma(), field("Span")),
                preceded(comma(), field("Arm")),
            ),
            |(drive_group, span, arm)| Position {
                drive_group,
                span,
                arm,
            },
        ),
    )
}

/// `Primary-5, Secondary-0, RAID Level Qualifier-3`; the last part may be absent.
pub fn raid_layout(text: &str) -> Option<RaidLayout> {
    let part = |name: &'static str| preceded((tag_no_case(name), char('-')), number::<u32>);
    let comma = || (space0, char(','), space0);
    whole(
        text,
        map(
            (
                part("Primary"),
                preceded(comma(), part("Secondary")),
                opt(preceded(comma(), part("RAID Level Qualifier"))),
            ),
            |(primary, secondary, qualifier)| RaidLayout {
                primary,
                secondary,
                qualifier,
            },
        ),
    )
}

/// `(Target Id: 0)`, `(target id #0)`, `(Target ID 00)`.
fn target_id(text: &str) -> IResult<&str, TargetId> {
    delimited(
        (
            char('('),
            tag_no_case("Target Id"),
            space0,
            opt(one_of(":#-")),
            space0,
        ),
        map(number, TargetId),
        char(')'),
    )
    .parse(text)
}

/// `0 (Target Id: 0)` behind `Virtual Drive:`: place in the output, and target id.
pub fn number_and_target(text: &str) -> Option<(u32, TargetId)> {
    whole(text, separated_pair(number, space0, target_id))
}

/// What identifies a virtual drive at the beginning of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VirtualDriveName {
    /// The controller, where named.
    pub controller: Option<ControllerId>,
    /// Place in the controller's list, where given.
    pub number: Option<u32>,
    /// Target id.
    pub target_id: TargetId,
}

/// `Adapter 0-VD 0(target id: 0): Name: data`, `Virtual Drive:00(Target ID 00): Consistent.` and
/// `Virtual Drive(Target ID 03): Missing.`. Gives the rest of the text, trimmed.
pub fn virtual_drive_prefix(text: &str) -> Option<(VirtualDriveName, &str)> {
    let controller = map(
        delimited(
            (tag_no_case("Adapter"), opt(char(':')), space1),
            number,
            (space0, char('-'), space0, tag_no_case("VD"), space1),
        ),
        |id| Some(ControllerId(id)),
    );
    let unnamed = value(
        None,
        (
            alt((tag_no_case("Virtual Drive"), tag_no_case("Virtual Disk"))),
            opt(char(':')),
            space0,
        ),
    );
    let (rest, (controller, number, _, target_id, ..)) = (
        alt((controller, unnamed)),
        opt(number),
        space0,
        target_id,
        space0,
        char(':'),
    )
        .parse(text)
        .ok()?;
    Some((
        VirtualDriveName {
            controller,
            number,
            target_id,
        },
        rest.trim_ascii(),
    ))
}

/// `VD #3 (target id #3) Completed 4% in 808 Minutes.`, `VD #0 is not in progress.`, `VD 0 (target
/// id: 0) on Adapter 0`: number, target id where given, and the rest of the text, trimmed.
pub fn vd_prefix(text: &str) -> Option<(u32, Option<TargetId>, &str)> {
    let (rest, (number, target_id)) = preceded(
        (tag_no_case("VD"), space0, opt(char('#'))),
        (number, opt(preceded(space0, target_id))),
    )
    .parse(text)
    .ok()?;
    Some((number, target_id, rest.trim_ascii()))
}

/// `EnclId - 252 SlotId - 5`; `N/A` for a direct-attached drive.
pub fn enclosure_and_slot_words(text: &str) -> Option<DriveAddress> {
    let field = |name: &'static str| (tag_no_case(name), space0, char('-'), space0);
    whole(
        text,
        map(
            (
                preceded(
                    field("EnclId"),
                    alt((
                        map(number, |id| Some(EnclosureId(id))),
                        value(None, tag_no_case("N/A")),
                    )),
                ),
                preceded(space1, preceded(field("SlotId"), map(number, Slot))),
            ),
            |(enclosure, slot)| DriveAddress { enclosure, slot },
        ),
    )
}

/// `00:18:39` as a time span, hours unbounded.
pub fn elapsed(text: &str) -> Option<Seconds> {
    whole(
        text,
        map_opt(
            (
                number::<u64>,
                preceded(char(':'), two_digits),
                preceded(char(':'), two_digits),
            ),
            |(hours, minutes, seconds)| {
                let minutes = u64::try_from(minutes)
                    .ok()
                    .filter(|&minutes| minutes < 60)?;
                let seconds = u64::try_from(seconds)
                    .ok()
                    .filter(|&seconds| seconds < 60)?;
                let hours = hours.checked_mul(3600)?;
                hours.checked_add(minutes * 60 + seconds).map(Seconds)
            },
        ),
    )
}

/// `252`; `N/A` is for the caller.
pub fn enclosure(text: &str) -> Option<EnclosureId> {
    small(text).map(EnclosureId)
}

/// `4`.
pub fn slot(text: &str) -> Option<Slot> {
    small(text).map(Slot)
}

/// An enclosure (`252` or `N/A`) and a slot that a sentence names apart from each other.
pub fn drive_address(enclosure: &str, slot: &str) -> Option<DriveAddress> {
    let enclosure = if enclosure.eq_ignore_ascii_case("n/a") {
        None
    } else {
        Some(self::enclosure(enclosure)?)
    };
    Some(DriveAddress {
        enclosure,
        slot: self::slot(slot)?,
    })
}

/// `252:4`, `[252:4]`, `:4` or `N/A:4`.
pub fn enclosure_and_slot(text: &str) -> Option<(Option<EnclosureId>, Slot)> {
    let pair = |text| {
        map(
            (
                alt((
                    map(number::<u32>, |id| Some(EnclosureId(id))),
                    value(None, tag_no_case("N/A")),
                    value(None, tag("")),
                )),
                char(':'),
                map(number::<u32>, Slot),
            ),
            |(enclosure, _, slot)| (enclosure, slot),
        )
        .parse(text)
    };
    whole(text, alt((delimited(char('['), pair, char(']')), pair)))
}

/// `Adapter #0`, `Adapter 0`, `Adapter: 0`, `controller 0`, and the same with a colon behind it.
/// Gives the rest of the text, trimmed.
pub fn adapter_prefix(text: &str) -> Option<(ControllerId, &str)> {
    let (rest, id) = preceded(
        (
            alt((tag_no_case("Adapter"), tag_no_case("Controller"))),
            opt(char(':')),
            space0,
            opt(char('#')),
        ),
        number::<u32>,
    )
    .parse(text)
    .ok()?;
    if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    Some((
        ControllerId(id),
        rest.trim_ascii_start().trim_start_matches(':').trim_ascii(),
    ))
}

/// A list with commas between the parts: `0, 1, 5`.
pub fn list<T>(text: &str, part: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    text.split(',')
        .map(|word| part(word.trim_ascii()))
        .collect()
}

fn two_digits(text: &str) -> IResult<&str, i8> {
    map_opt(
        verify(digit1, |digits: &str| digits.len() <= 2),
        |digits: &str| digits.parse().ok(),
    )
    .parse(text)
}

fn clock(text: &str) -> IResult<&str, Time> {
    map_opt(
        (
            two_digits,
            preceded(char(':'), two_digits),
            preceded(char(':'), two_digits),
        ),
        |(hour, minute, second)| Time::new(hour, minute, second, 0).ok(),
    )
    .parse(text)
}

fn year(text: &str) -> IResult<&str, i16> {
    map_opt(
        verify(digit1, |digits: &str| digits.len() == 4),
        |digits: &str| digits.parse().ok(),
    )
    .parse(text)
}

/// `12/15/2023` or, with the century left out, `08/31/12` (read as 2012).
fn slash_date(text: &str) -> IResult<&str, Date> {
    map_opt(
        (
            two_digits,
            preceded(char('/'), two_digits),
            preceded(
                one_of("/,"),
                preceded(
                    space0,
                    alt((year, map(two_digits, |year| 2000 + i16::from(year)))),
                ),
            ),
        ),
        |(month, day, year)| Date::new(year, month, day).ok(),
    )
    .parse(text)
}

/// `12/15/2023`, `12/15, 2023` or `08/31/12`.
pub fn date(text: &str) -> Option<Date> {
    whole(text, slash_date)
}

/// `16:32:0`.
pub fn time(text: &str) -> Option<Time> {
    whole(text, clock)
}

/// `4:5`: hour and minute.
pub fn hour_minute(text: &str) -> Option<Time> {
    let (hour, minute) = whole(text, separated_pair(two_digits, char(':'), two_digits))?;
    Time::new(hour, minute, 0, 0).ok()
}

/// `12/16/2023, 16:00:00`.
pub fn date_time(text: &str) -> Option<DateTime> {
    whole(
        text,
        separated_pair(slash_date, (space0, opt(char(',')), space0), clock),
    )
    .map(|(date, time)| date.to_datetime(time))
}

/// The day of a [`date_time`] whose time is cut short: `08/13/2016, 10:00:`. A day that could be cut
/// itself (`08/13/201`) is none.
pub fn cut_date_time(text: &str) -> Option<Date> {
    let (rest, (date, _)) = (slash_date, char(',')).parse(text).ok()?;
    rest.bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b':' | b' '))
        .then_some(date)
}

/// `16:32:0 12/15, 2023`.
pub fn time_date(text: &str) -> Option<DateTime> {
    whole(text, separated_pair(clock, space1, slash_date))
        .map(|(time, date)| date.to_datetime(time))
}

/// The time at the beginning of a log line, and the rest: `11/06/21  3:32:08: …`, or `T17: …` in
/// seconds since the start.
pub fn log_time(text: &str) -> Option<(EventTime, &str)> {
    let clock = map(separated_pair(slash_date, space1, clock), |(date, time)| {
        EventTime::Clock(date.to_datetime(time))
    });
    let seconds = map(preceded(char('T'), number::<u64>), |seconds| {
        EventTime::SinceBootSeconds(Seconds(seconds))
    });
    let (rest, time) = terminated(alt((clock, seconds)), char(':'))
        .parse(text)
        .ok()?;
    Some((time, rest))
}

fn month(text: &str) -> IResult<&str, i8> {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    map_opt(
        take_while1(|c: char| c.is_ascii_alphabetic()),
        |word: &str| {
            let index = NAMES
                .iter()
                .position(|name| name.eq_ignore_ascii_case(word))?;
            i8::try_from(index + 1).ok()
        },
    )
    .parse(text)
}

/// `Dec 16, 2013` or `July 01, 2011`.
pub fn month_day_year(text: &str) -> Option<Date> {
    let (name, rest) = text.split_once(' ')?;
    let (month_of_year, _) = name.split_at_checked(3)?;
    let month = whole(month_of_year, month)?;
    let (day, year) = whole(
        rest.trim_ascii(),
        separated_pair(two_digits, (char(','), space0), year),
    )?;
    Date::new(year, month, day).ok()
}

/// `Fri Dec 22 16:32:00 2023`, also with a blank before a day of one digit.
pub fn ctime(text: &str) -> Option<DateTime> {
    let weekday = take_while1(|c: char| c.is_ascii_alphabetic());
    whole(
        text,
        map_opt(
            (
                weekday,
                preceded(space1, month),
                preceded(space1, two_digits),
                preceded(space1, clock),
                preceded(space1, year),
            ),
            |(_, month, day, time, year)| Some(Date::new(year, month, day).ok()?.to_datetime(time)),
        ),
    )
}

/// `Dec 25 2012 08:11:16`, also with two blanks before a day of one digit.
pub fn month_day_year_time(text: &str) -> Option<DateTime> {
    whole(
        text,
        map_opt(
            (
                month,
                preceded(space1, two_digits),
                preceded(space1, year),
                preceded(space1, clock),
            ),
            |(month, day, year, time)| Some(Date::new(year, month, day).ok()?.to_datetime(time)),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sectors_reads_the_bracketed_count() {
        assert_eq!(
            sectors("279.396 GB [0x22ecb25c Sectors]"),
            Some(Bytes(0x22ec_b25c * 512))
        );
        assert_eq!(sectors("0 KB [0x0 Sectors]"), Some(Bytes(0)));
        assert_eq!(
            sectors("286102MB [0x22ecb25c Sectors]"),
            Some(Bytes(0x22ec_b25c * 512))
        );
        assert_eq!(sectors("279.396 GB"), None);
    }

    #[test]
    fn a_size_below_zero_is_no_size() {
        let nonsense = "7.999 ZB [0xfffffffffff00000 Sectors]";
        assert!(is_negative_sectors(nonsense));
        assert_eq!(sectors(nonsense), None);
        assert!(!is_negative_sectors("31.999 TB [0xfffffffff Sectors]"));
    }

    #[test]
    fn sectors_of_4096_bytes_are_recognised_by_the_rounded_text() {
        assert_eq!(
            sectors("3.637 TB [0x3a381717 Sectors]"),
            Some(Bytes(0x3a38_1717 * 4096))
        );
    }

    #[test]
    fn size_takes_every_spelling() {
        assert_eq!(size("1.633 TB"), Some(Bytes(1_795_502_488_158)));
        assert_eq!(size("64kB"), Some(Bytes(65536)));
        assert_eq!(size("64 KB"), Some(Bytes(65536)));
        assert_eq!(size("512Bytes"), Some(Bytes(512)));
        assert_eq!(size("1427649MB"), Some(Bytes(1_427_649 << 20)));
        assert_eq!(size("0"), Some(Bytes(0)));
        assert_eq!(size("5"), None);
        assert_eq!(size("99999999999999999999 TB"), None);
    }

    #[test]
    fn celsius_ignores_fahrenheit() {
        assert_eq!(celsius("32C (89.60 F)"), Some(Celsius(32)));
        assert_eq!(celsius("31 C"), Some(Celsius(31)));
        assert_eq!(celsius("28"), Some(Celsius(28)));
        assert_eq!(celsius("28 degree Celcius"), Some(Celsius(28)));
        assert_eq!(celsius("warm"), None);
    }

    #[test]
    fn dates_keep_the_wall_clock() {
        assert_eq!(
            time_date("16:32:0 12/15, 2023").unwrap().to_string(),
            "2023-12-15T16:32:00"
        );
        assert_eq!(
            date_time("12/16/2023, 16:00:00").unwrap().to_string(),
            "2023-12-16T16:00:00"
        );
        assert_eq!(
            ctime("Fri Dec  2 16:32:00 2023").unwrap().to_string(),
            "2023-12-02T16:32:00"
        );
        assert_eq!(date("08/31/12").unwrap().to_string(), "2012-08-31");
        assert_eq!(date("00/00/00"), None);
    }

    #[test]
    fn adapter_prefix_gives_the_rest() {
        assert_eq!(adapter_prefix("Adapter #0"), Some((ControllerId(0), "")));
        assert_eq!(
            adapter_prefix("Adapter 1: Get BBU Status Failed."),
            Some((ControllerId(1), "Get BBU Status Failed."))
        );
        assert_eq!(
            adapter_prefix("Adapter: 0: EnclId-252"),
            Some((ControllerId(0), "EnclId-252"))
        );
        assert_eq!(adapter_prefix("Adapter does not"), None);
    }

    #[test]
    fn drive_address_needs_a_slot_and_knows_direct_attached_drives() {
        let address = |enclosure, slot| {
            Some(DriveAddress {
                enclosure,
                slot: Slot(slot),
            })
        };
        assert_eq!(
            drive_address("252", "4"),
            address(Some(EnclosureId(252)), 4)
        );
        assert_eq!(drive_address("N/A", "67"), address(None, 67));
        assert_eq!(drive_address("252", ""), None);
    }

    #[test]
    fn progress_reads_both_sentences() {
        let read = |done, elapsed| {
            Some(Progress {
                done: Percent(done),
                elapsed: Minutes(elapsed),
            })
        };
        assert_eq!(progress("Completed 36% in 43 Minutes."), read(36, 43));
        assert_eq!(progress("Complete 0% in 0 Minutes."), read(0, 0));
        assert_eq!(progress("Completed 3%, Taken 5 min."), read(3, 5));
        assert_eq!(progress("Completed 3%"), None);
    }

    #[test]
    fn raid_layout_may_lack_the_qualifier() {
        let layout = |primary, secondary, qualifier| {
            Some(RaidLayout {
                primary,
                secondary,
                qualifier,
            })
        };
        assert_eq!(
            raid_layout("Primary-5, Secondary-3, RAID Level Qualifier-3"),
            layout(5, 3, Some(3))
        );
        assert_eq!(raid_layout("Primary-0, Secondary-0"), layout(0, 0, None));
        assert_eq!(raid_layout("Primary-5"), None);
    }

    #[test]
    fn virtual_drives_are_named_in_many_ways() {
        assert_eq!(
            number_and_target("0 (Target Id: 1)"),
            Some((0, TargetId(1)))
        );
        assert_eq!(
            number_and_target("0 (target id: 0)"),
            Some((0, TargetId(0)))
        );
        let name = |controller, number, target_id| VirtualDriveName {
            controller,
            number,
            target_id: TargetId(target_id),
        };
        assert_eq!(
            virtual_drive_prefix("Adapter 1-VD 2(target id: 3): Name: a:b"),
            Some((name(Some(ControllerId(1)), Some(2), 3), "Name: a:b"))
        );
        assert_eq!(
            virtual_drive_prefix("Virtual Drive:00(Target ID 00): Consistent."),
            Some((name(None, Some(0), 0), "Consistent."))
        );
        assert_eq!(
            virtual_drive_prefix("Virtual Drive(Target ID 03): Missing."),
            Some((name(None, None, 3), "Missing."))
        );
        assert_eq!(
            virtual_drive_prefix("Virtual Drive: 0 (Target Id: 0)"),
            None
        );
        assert_eq!(
            vd_prefix("VD #3 (target id #3) Completed 4% in 808 Minutes."),
            Some((3, Some(TargetId(3)), "Completed 4% in 808 Minutes."))
        );
        assert_eq!(
            vd_prefix("VD #0 is not in progress."),
            Some((0, None, "is not in progress."))
        );
    }

    #[test]
    fn drives_are_addressed_in_words() {
        assert_eq!(
            enclosure_and_slot_words("EnclId - 252 SlotId - 5"),
            Some(DriveAddress {
                enclosure: Some(EnclosureId(252)),
                slot: Slot(5)
            })
        );
    }

    #[test]
    fn elapsed_is_a_time_span() {
        assert_eq!(elapsed("00:18:39"), Some(Seconds(18 * 60 + 39)));
        assert_eq!(elapsed("111:00:01"), Some(Seconds(111 * 3600 + 1)));
        assert_eq!(elapsed("1:60:00"), None);
    }

    #[test]
    fn days_and_hours_are_hours() {
        assert_eq!(days_and_hours("0 days 0 hours"), Some(Hours(0)));
        assert_eq!(days_and_hours("2 days 5 hours"), Some(Hours(53)));
        assert_eq!(days_and_hours("5 hours"), None);
    }

    #[test]
    fn a_time_that_is_cut_short_keeps_only_its_day() {
        let day = Some(Date::constant(2016, 8, 13));
        assert_eq!(date_time("08/13/2016, 10:00:"), None);
        assert_eq!(cut_date_time("08/13/2016, 10:00:"), day);
        assert_eq!(cut_date_time("08/13/2016,"), day);
        assert_eq!(cut_date_time("08/13/2016"), None);
        assert_eq!(cut_date_time("08/13/2016, soon"), None);
    }

    #[test]
    fn hour_and_minute_need_no_leading_zeros() {
        assert_eq!(hour_minute("4:5"), Some(Time::constant(4, 5, 0, 0)));
        assert_eq!(hour_minute("24:00"), None);
    }

    #[test]
    fn months_have_short_and_long_names() {
        assert_eq!(
            month_day_year("Dec 16, 2013"),
            Some(Date::constant(2013, 12, 16))
        );
        assert_eq!(
            month_day_year("July 01, 2011"),
            Some(Date::constant(2011, 7, 1))
        );
        assert_eq!(month_day_year("Dec 16"), None);
    }

    #[test]
    fn sectors_can_be_a_plain_count() {
        assert_eq!(sector_count("8192 sectors"), Some(8192));
        assert_eq!(sector_count("8192"), None);
    }

    #[test]
    fn position_needs_all_three() {
        assert_eq!(
            position("DiskGroup: 3, Span: 1, Arm: 2"),
            Some(Position {
                drive_group: 3,
                span: 1,
                arm: 2
            })
        );
        assert_eq!(position("DiskGroup: 3"), None);
    }
}
