//! Quantities with their unit in the type. JSON shows the bare number; the key names the unit.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident($inner:ty), $suffix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{}", $suffix), self.0)
            }
        }
    };
}

unit!(
    /// A size in bytes.
    Bytes(u64), " B"
);
unit!(
    /// A temperature in degrees Celsius.
    Celsius(i32), " °C"
);
unit!(
    /// Whole percent, as the firmware gives them.
    Percent(u32), " %"
);
unit!(
    /// Thousandths of a volt.
    Millivolts(i64), " mV"
);
unit!(
    /// Thousandths of an ampere; negative while discharging.
    Milliamps(i64), " mA"
);
unit!(
    /// Charge in thousandths of an ampere-hour.
    MilliampHours(u64), " mAh"
);
unit!(
    /// Energy in joules.
    Joules(u64), " J"
);
unit!(
    /// Power in milliwatts.
    Milliwatts(u64), " mW"
);
unit!(
    /// Electric capacity in percent or farad as the supercapacitor reports it: see the field.
    Farads(u64), " F"
);
unit!(
    /// A time span in microseconds.
    Microseconds(u64), " µs"
);
unit!(
    /// A time span in seconds.
    Seconds(u64), " s"
);
unit!(
    /// A time span in minutes.
    Minutes(u64), " min"
);
unit!(
    /// A time span in hours.
    Hours(u64), " h"
);
unit!(
    /// A time span in days.
    Days(u64), " d"
);
unit!(
    /// A link speed in bits per second: 1.5 Gb/s is 1 500 000 000.
    BitsPerSecond(u64), " b/s"
);
