//! Everything about an enclosure as a record.

use ironkeep_parsers::model::{
    Element, ElementCounts, ElementStatus, Enclosure, Fan, FanSpeed, TemperatureSensor,
    VoltageSensor,
};

use super::{Row, status};
use crate::commands::fields::fields;
use crate::output::{Align, Cell, Column, Section, Tabular, Tone};

/// The sections of the record.
pub(super) fn sections(row: &Row) -> Vec<Section> {
    let enclosure = &row.data.value;
    let mut identity = vec![
        (
            "Controller".to_owned(),
            row.data.controller.map(|id| id.0).into(),
        ),
        ("Status".to_owned(), status(row)),
        ("Notes".to_owned(), row.attention.cell()),
    ];
    identity.extend(self::identity(row));
    vec![
        Section::new("Enclosure", identity),
        Section::new("Counts", counts(&enclosure.counts)),
        Section::rows("Power supplies", &enclosure.power_supplies),
        Section::rows("Fans", &enclosure.fans),
        Section::rows("Temperature sensors", &enclosure.temperature_sensors),
        Section::rows("Voltage sensors", &enclosure.voltage_sensors),
        Section::rows("Alarms", &enclosure.alarms),
        Section::rows("SIM modules", &enclosure.sim_modules),
        Section::rows("Chassis", &enclosure.chassis),
        Section::rows("Slots", &enclosure.slots),
    ]
}

fn identity(row: &Row) -> Vec<(String, Cell)> {
    fields!(&row.data.value, Enclosure {
        id: "Device id",
        index,
        position,
        connector,
        kind,
        vendor,
        model,
        firmware,
        vendor_specific,
        serial,
        esm_serial,
        fru,
        zoning_mode,
        partner,
    } elsewhere {
        status, counts, slots, power_supplies, fans, temperature_sensors, voltage_sensors, alarms,
        sim_modules, chassis,
    })
}

fn counts(counts: &ElementCounts) -> Vec<(String, Cell)> {
    fields!(
        counts,
        ElementCounts {
            physical_drives,
            slots,
            power_supplies,
            fans,
            temperature_sensors,
            voltage_sensors,
            alarms,
            sim_modules,
            chassis,
        }
    )
}

/// The status of a part.
fn element(status: Option<&ElementStatus>) -> Cell {
    let Some(status) = status else {
        return Cell::Absent;
    };
    // As in the health judgement: many backplanes report parts that they do not have.
    let tone = match status {
        ElementStatus::Ok => Tone::Good,
        ElementStatus::NotInstalled
        | ElementStatus::Unknown
        | ElementStatus::NotAvailable
        | ElementStatus::Unsupported => Tone::Neutral,
        ElementStatus::Critical | ElementStatus::Unrecoverable => Tone::Bad,
        ElementStatus::NonCritical | ElementStatus::Other(_) | _ => Tone::Warn,
    };
    Cell::state(status.as_str(), status.token(), tone)
}

impl Tabular for Element {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("number", "NUMBER", Align::Right, |part| part.number.into()),
        Column::new("status", "STATUS", Align::Left, |part| {
            element(part.status.as_ref())
        }),
    ];
}

impl Tabular for Fan {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("number", "NUMBER", Align::Right, |fan| fan.number.into()),
        Column::new("status", "STATUS", Align::Left, |fan| {
            element(fan.status.as_ref())
        }),
        Column::new("speed", "SPEED", Align::Left, |fan| {
            let word = |speed: &FanSpeed| Cell::state(speed.as_str(), speed.token(), Tone::Neutral);
            fan.speed.as_ref().map(word).into()
        }),
    ];
}

impl Tabular for TemperatureSensor {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("number", "NUMBER", Align::Right, |sensor| {
            sensor.number.into()
        }),
        Column::new("status", "STATUS", Align::Left, |sensor| {
            element(sensor.status.as_ref())
        }),
        Column::new("temperature", "TEMP", Align::Right, |sensor| {
            sensor.temperature.into()
        }),
    ];
}

impl Tabular for VoltageSensor {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("number", "NUMBER", Align::Right, |sensor| {
            sensor.number.into()
        }),
        Column::new("status", "STATUS", Align::Left, |sensor| {
            element(sensor.status.as_ref())
        }),
        Column::new("voltage", "VOLTAGE", Align::Right, |sensor| {
            sensor.voltage.into()
        }),
    ];
}
