//! The number of a sample, in base units.
//!
//! What the firmware prints is decimal, and is shown as the same decimal: 30 % is 0.3, 3937 mV are 3.937.

use std::fmt::{self, Display};
use std::time::Duration;

use ironkeep_parsers::units::{
    BitsPerSecond, Bytes, Celsius, Joules, MilliampHours, Milliamps, Millivolts, Minutes, Percent,
    Seconds,
};
use jiff::{SignedDuration, Timestamp};

/// A number of a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A whole number.
    Whole(u64),
    /// A whole number divided by so many powers of ten.
    Decimal(i64, u32),
    /// Any other. One that is not finite is no number, and is shown nowhere.
    Real(f64),
}

impl Value {
    /// `part` of `whole`; `None` of nothing.
    pub fn ratio(part: u64, whole: u64) -> Option<Self> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a ratio needs no more than 15 digits"
        )]
        let ratio = part as f64 / whole as f64;
        (whole != 0).then_some(Self::Real(ratio))
    }

    /// Whether it is a number.
    pub fn is_number(self) -> bool {
        match self {
            Self::Whole(_) | Self::Decimal(..) => true,
            Self::Real(number) => number.is_finite(),
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Whole(number) => number.fmt(f),
            Self::Real(number) => number.fmt(f),
            Self::Decimal(number, 0) => number.fmt(f),
            Self::Decimal(number, places) => {
                let (mut rest, mut places) = (number.unsigned_abs(), places);
                while places > 0 && rest.is_multiple_of(10) {
                    (rest, places) = (rest / 10, places - 1);
                }
                let sign = if number < 0 { "-" } else { "" };
                let power = 10_u64.saturating_pow(places);
                write!(f, "{sign}{}", rest / power)?;
                match usize::try_from(places) {
                    Ok(width @ 1..) => write!(f, ".{:0width$}", rest % power),
                    _ => Ok(()),
                }
            }
        }
    }
}

/// `number` as far as it goes; nothing that is measured reaches the end.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

macro_rules! values {
    ($( $from:ty: $number:ident => $value:expr; )+) => {
        $( impl From<$from> for Value {
            fn from($number: $from) -> Self {
                $value
            }
        } )+
    };
}

values! {
    u64: number => Self::Whole(number);
    u32: number => Self::Whole(number.into());
    usize: number => Self::Whole(u64::try_from(number).unwrap_or(u64::MAX));
    bool: yes => Self::Whole(yes.into());
    i64: number => Self::Decimal(number, 0);
    f64: number => Self::Real(number);
    Bytes: size => Self::Whole(size.0);
    // Eight bits are a byte.
    BitsPerSecond: speed => Self::Decimal(signed(speed.0.saturating_mul(125)), 3);
    Joules: energy => Self::Whole(energy.0);
    Seconds: time => Self::Whole(time.0);
    Minutes: time => Self::Whole(time.0.saturating_mul(60));
    Celsius: temperature => Self::Decimal(temperature.0.into(), 0);
    Percent: share => Self::Decimal(share.0.into(), 2);
    Millivolts: voltage => Self::Decimal(voltage.0, 3);
    Milliamps: current => Self::Decimal(current.0, 3);
    // An ampere-hour is 3600 coulombs.
    MilliampHours: charge => Self::Decimal(signed(charge.0.saturating_mul(36)), 1);
    Duration: time => Self::Decimal(i64::try_from(time.as_micros()).unwrap_or(i64::MAX), 6);
    SignedDuration: time => Self::Decimal(time.as_secs(), 0);
    Timestamp: time => Self::Decimal(time.as_millisecond(), 3);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: impl Into<Value>) -> String {
        value.into().to_string()
    }

    #[test]
    fn what_is_decimal_stays_decimal() {
        assert_eq!(shown(Percent(30)), "0.3");
        assert_eq!(shown(Percent(7)), "0.07");
        assert_eq!(shown(Percent(100)), "1");
        assert_eq!(shown(Percent(108)), "1.08");
        assert_eq!(shown(Percent(0)), "0");
        assert_eq!(shown(Millivolts(3937)), "3.937");
        assert_eq!(shown(Milliamps(-15)), "-0.015");
        assert_eq!(shown(MilliampHours(1350)), "4860");
        assert_eq!(shown(BitsPerSecond(1_500_000_000)), "187500000");
        assert_eq!(shown(Celsius(-3)), "-3");
        assert_eq!(shown(Duration::from_millis(1500)), "1.5");
        assert_eq!(shown(Minutes(43)), "2580");
        assert_eq!(shown(i64::MIN), i64::MIN.to_string());
    }

    #[test]
    fn a_share_of_nothing_is_no_number() {
        assert_eq!(Value::ratio(1, 0), None);
        assert_eq!(
            Value::ratio(1, 4).map(|it| it.to_string()),
            Some("0.25".to_owned())
        );
        assert!(!Value::Real(f64::NAN).is_number() && !Value::Real(f64::INFINITY).is_number());
    }
}
