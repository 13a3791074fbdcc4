//! Everything about a battery or supercapacitor as a record: what is wrong first.

use ironkeep_parsers::model::{
    BatteryCapacity, BatteryDesign, CacheProtection, CacheProtectionFlags, GasGauge,
    LearnProperties, RetentionMode,
};

use super::{Row, charge, sentence, state};
use crate::commands::fields::fields;
use crate::output::{Cell, Section};

type Fields = Vec<(String, Cell)>;

/// The sections of the record. What the output did not have is left out.
pub(super) fn sections(row: &Row) -> Vec<Section> {
    let CacheProtection {
        kind: _,
        state: _,
        voltage: _,
        current: _,
        temperature: _,
        retention_mode,
        flags,
        gas_gauge,
        capacity,
        design,
        learn,
    } = &row.data.value;
    let mut sections = vec![Section::new("Battery", summary(row))];
    let mut add = |title: &str, fields: Option<Fields>| {
        sections.extend(fields.map(|fields| Section::new(title, fields)));
    };
    add("Flags", flags.as_ref().map(self::flags).map(raised_first));
    add("Learn cycle", learn.as_ref().map(self::learn));
    add("Retention", retention_mode.as_ref().map(retention));
    add("Capacity", capacity.as_ref().map(self::capacity));
    add("Gas gauge", gas_gauge.as_ref().map(gauge));
    add("Design", design.as_ref().map(self::design));
    sections
}

fn summary(row: &Row) -> Fields {
    let protection = &row.data.value;
    let mut summary = vec![
        (
            "Controller".to_owned(),
            row.data.controller.map(|id| id.0).into(),
        ),
        ("State".to_owned(), state(row)),
        ("Meaning".to_owned(), sentence(row)),
        ("Notes".to_owned(), row.attention.cell()),
        ("Charge".to_owned(), charge(protection)),
    ];
    summary.extend(fields!(protection, CacheProtection {
        temperature,
        voltage,
        current,
        kind,
    } elsewhere {
        state, retention_mode, flags, gas_gauge, capacity, design, learn,
    }));
    summary
}

/// Raised flags before the others; otherwise in the order of the text.
fn raised_first(mut flags: Fields) -> Fields {
    let raised = Cell::from(true);
    flags.sort_by_key(|(_, cell)| *cell != raised);
    flags
}

fn flags(flags: &CacheProtectionFlags) -> Fields {
    fields!(flags, CacheProtectionFlags {
        pack_missing: "Battery pack missing",
        replacement_required: "Battery replacement required",
        pack_about_to_fail: "Pack about to fail",
        remaining_capacity_low,
        voltage,
        temperature,
        charging,
        learn_active: "Learn cycle active",
        learn_requested: "Learn cycle requested",
        learn_status: "Learn cycle status",
        learn_timeout: "Learn cycle timeout",
        periodic_learn_required,
        i2c_errors,
        transparent_learn,
        no_space_to_offload: "No space to offload the cache",
        offload_feature_required: "Cache offload feature required",
        microcode_update_required,
        code: "Flags as a number" => code.map(|code| format!("{code:#x}")).into(),
    })
}

fn learn(learn: &LearnProperties) -> Fields {
    fields!(
        learn,
        LearnProperties {
            auto_learn: "Starts by itself",
            next: "Next",
            period,
            delay,
            mode,
        }
    )
}

fn retention(retention: &RetentionMode) -> Fields {
    fields!(retention, RetentionMode {
        retention => Cell::quantity(
            f64::from(u32::try_from(retention.0).unwrap_or(u32::MAX)),
            format!("{} h or more", retention.0),
        ),
        transparent_learn,
        service_life,
    })
}

fn capacity(capacity: &BatteryCapacity) -> Fields {
    fields!(
        capacity,
        BatteryCapacity {
            relative_charge,
            absolute_charge,
            remaining_capacity,
            full_charge_capacity,
            cycles,
            run_time_to_empty,
            average_time_to_empty,
            time_to_full,
            max_error,
            remaining_capacity_alarm,
            remaining_time_alarm,
        }
    )
}

fn gauge(gauge: &GasGauge) -> Fields {
    fields!(gauge, GasGauge {
        healthy,
        relative_charge,
        absolute_charge,
        remaining_capacity,
        full_charge_capacity,
        pack_energy,
        capacitance,
        remaining_reserve_space,
        backup_time => match backup_time {
            Some(time) if time.or_more => format!("{} h or more", time.hours.0).into(),
            Some(time) => format!("{} h", time.hours.0).into(),
            None => Cell::Absent,
        },
        fully_charged,
        fully_discharged,
        discharging,
        initialized,
        remaining_time_alarm,
        remaining_capacity_alarm,
        discharge_terminated,
        charging_terminated,
        over_temperature,
        over_charged,
        charger_status,
        charging_current,
        charger_state,
        charger_control,
        max_error,
        code: "Flags as a number" => code.map(|code| format!("{code:#x}")).into(),
    })
}

fn design(design: &BatteryDesign) -> Fields {
    fields!(
        design,
        BatteryDesign {
            name,
            manufacturer,
            manufactured,
            serial,
            chemistry,
            capacity,
            energy,
            voltage,
            fru,
            memory_fru,
            firmware,
            module_version,
            transparent_learn,
            specification,
            pack_configuration,
            application_data,
        }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raised_flags_come_first() {
        let flags = flags(&CacheProtectionFlags {
            pack_missing: Some(false),
            periodic_learn_required: Some(true),
            ..CacheProtectionFlags::default()
        });
        let flags = raised_first(flags);
        assert_eq!(flags[0].0, "Periodic learn required");
        assert_eq!(flags[1].0, "Battery pack missing");
    }
}
