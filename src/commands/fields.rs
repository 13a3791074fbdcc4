//! Fields of the model as fields of a record. A struct is taken apart completely, so that the
//! compiler refuses a field that is not shown.

use ironkeep_parsers::model::{
    ActivityState, AutoLearn, Backplane, BatteryState, BiosContinue, BiosErrorHandling, BootMode,
    Bus, CacheProtectionKind, ChargerStatus, ChargingStatus, Coercion, ConsistencyCheckMode,
    DefaultReadPolicy, DefaultWritePolicy, DeviceTypes, EnclosureId, EnclosureKind, Grade,
    Interface, LearnStatus, LoadBalance, Mix, NextStart, OperationKind, PatrolReadMode, PowerSave,
    PowerSavings, SasAddress, ServiceLife, SmartMode, SpinDownMode, UncertifiedDrives,
    ZeroChannelRaid,
};
use ironkeep_parsers::units::{
    Bytes, Celsius, Hours, Joules, Microseconds, MilliampHours, Milliamps, Millivolts, Minutes,
    Percent, Seconds,
};

use crate::output::{Cell, Tone};

/// The fields of a struct: `fields!(&info.limits, Limits { arms_per_span, … })`. A label is made of
/// the field's name. `field: "Label"` gives another, `field => cell` makes the cell in another way,
/// and what stands behind `elsewhere` is shown elsewhere.
macro_rules! fields {
    (
        $value:expr,
        $type:ident {
            $( $field:ident $(: $label:literal)? $(=> $cell:expr)? ),+ $(,)?
        }
        $( elsewhere { $( $other:ident ),+ $(,)? } )?
    ) => {{
        let $type { $( $field, )+ $( $( $other: _, )+ )? } = $value;
        vec![$( (
            $crate::commands::fields::field_label!($field $(, $label)?),
            $crate::commands::fields::field_cell!($field $(, $cell)?),
        ) ),+]
    }};
}
pub(super) use fields;

macro_rules! field_label {
    ($field:ident) => {
        $crate::commands::fields::label(stringify!($field))
    };
    ($field:ident, $label:literal) => {
        $label.to_owned()
    };
}
pub(super) use field_label;

macro_rules! field_cell {
    ($field:ident) => {
        $crate::commands::fields::ToCell::to_cell($field)
    };
    ($field:ident, $cell:expr) => {
        $cell
    };
}
pub(super) use field_cell;

/// The label of a field by its name: `sas_address` is `SAS address`.
pub(super) fn label(name: &str) -> String {
    let words: Vec<String> = name
        .split('_')
        .enumerate()
        .map(|(position, word)| match abbreviation(word) {
            Some(abbreviation) => abbreviation.to_owned(),
            None if position == 0 => capitalised(word),
            None => word.to_owned(),
        })
        .collect();
    words.join(" ")
}

pub(crate) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Words that are not written in lower case.
fn abbreviation(word: &str) -> Option<&'static str> {
    const ABBREVIATIONS: &[&str] = &[
        "BBU", "BIOS", "CME", "ECC", "ESM", "FDE", "FRU", "I/O", "I2C", "JBOD", "LED", "NVRAM",
        "PCI", "POST", "RAID", "ROC", "SAS", "SATA", "SCSI", "SIM", "SMART", "SMP", "SSD", "STP",
        "T10", "TPM",
    ];
    match word {
        "io" => Some("I/O"),
        "cachecade" => Some("CacheCade"),
        _ => ABBREVIATIONS
            .iter()
            .find(|abbreviation| abbreviation.eq_ignore_ascii_case(word))
            .copied(),
    }
}

/// A value of the model as a cell.
pub(crate) trait ToCell {
    /// The cell.
    fn to_cell(&self) -> Cell;
}

impl<T: ToCell> ToCell for &T {
    fn to_cell(&self) -> Cell {
        (*self).to_cell()
    }
}

impl<T: ToCell> ToCell for Option<T> {
    fn to_cell(&self) -> Cell {
        self.as_ref().map_or(Cell::Absent, ToCell::to_cell)
    }
}

/// The values in one cell: `SAS, SATA`; `none` for an empty list, which says more than nothing.
impl<T: ToCell> ToCell for Vec<T> {
    fn to_cell(&self) -> Cell {
        list(self.iter().map(|item| item.to_cell().shown()))
    }
}

/// Words in one cell, `none` where there are none.
pub(super) fn list(words: impl Iterator<Item = String>) -> Cell {
    let words: Vec<String> = words.collect();
    if words.is_empty() {
        "none".into()
    } else {
        words.join(", ").into()
    }
}

impl ToCell for String {
    fn to_cell(&self) -> Cell {
        self.into()
    }
}

macro_rules! copied {
    ($($type:ty),+ $(,)?) => {$(
        impl ToCell for $type {
            fn to_cell(&self) -> Cell {
                (*self).into()
            }
        }
    )+};
}
copied! {
    bool, u32, u64, Bytes, Celsius, Hours, Joules, Microseconds, MilliampHours, Milliamps,
    Millivolts, Minutes, Percent, Seconds,
}

macro_rules! displayed {
    ($($type:ty),+ $(,)?) => {$(
        impl ToCell for $type {
            fn to_cell(&self) -> Cell {
                self.to_string().into()
            }
        }
    )+};
}
displayed! { SasAddress, EnclosureId, jiff::civil::Date }

impl ToCell for jiff::civil::DateTime {
    fn to_cell(&self) -> Cell {
        clock(*self).into()
    }
}

/// A time on a controller's clock, which has no zone: `2026-11-20 03:00:00`.
pub(super) fn clock(time: jiff::civil::DateTime) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

impl ToCell for NextStart {
    fn to_cell(&self) -> Cell {
        match self {
            Self::At(time) => time.to_cell(),
            Self::On(date) => date.to_cell(),
            Self::Unset(_) => Cell::state("not set", "unset", Tone::Neutral),
            Self::None => Cell::state("none", "none", Tone::Neutral),
        }
    }
}

/// Words of the firmware: people see the word, machines read the token.
macro_rules! words {
    ($($type:ty),+ $(,)?) => {$(
        impl ToCell for $type {
            fn to_cell(&self) -> $crate::output::Cell {
                $crate::output::Cell::state(
                    self.as_str(),
                    self.token(),
                    $crate::output::Tone::Neutral,
                )
            }
        }
    )+};
}
pub(super) use words;

words! {
    ActivityState, AutoLearn, Backplane, BatteryState, BiosContinue, BiosErrorHandling, BootMode,
    Bus, CacheProtectionKind, ChargerStatus, ChargingStatus, Coercion, ConsistencyCheckMode,
    DefaultReadPolicy, DefaultWritePolicy, DeviceTypes, EnclosureKind, Grade, Interface,
    LearnStatus, LoadBalance, Mix, OperationKind, PatrolReadMode, PowerSave, PowerSavings,
    ServiceLife, SmartMode, SpinDownMode, UncertifiedDrives, ZeroChannelRaid,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_made_of_names() {
        assert_eq!(label("rebuild_rate"), "Rebuild rate");
        assert_eq!(label("sas_address"), "SAS address");
        assert_eq!(label("roc_temperature"), "ROC temperature");
        assert_eq!(label("strips_per_io"), "Strips per I/O");
        assert_eq!(label("max_cachecade_size"), "Max CacheCade size");
    }

    #[test]
    fn an_empty_list_is_not_an_absent_one() {
        assert_eq!(Some(Vec::<String>::new()).to_cell(), Cell::from("none"));
        assert_eq!(None::<Vec<String>>.to_cell(), Cell::Absent);
        assert_eq!(
            vec![Mix::Enclosure].to_cell(),
            Cell::from("Mix in Enclosure Allowed")
        );
    }
}
