//! `-AdpBbuCmd -aALL` and its parts (`-GetBbuStatus`, `-GetBbuCapacityInfo`, `-GetBbuDesignInfo`,
//! `-GetBbuProperties`, `-ScheduleLearn -Info`), and `-GetBbumodes`.
//!
//! Voltage, temperature and charge occur several times with different meanings, so the heading that
//! a line stands under decides what it is; where one heading covers two meanings, the value does.

use jiff::civil::DateTime;

use crate::Report;
use crate::grammar;
use crate::megacli::section;
use crate::model::{
    AutoLearn, BackupTime, BatteryCapacity, BatteryDesign, BatteryState, CacheProtection,
    CacheProtectionFlags, CacheProtectionKind, ChargerStatus, ChargingStatus, ControllerId,
    GasGauge, Grade, LearnProperties, LearnStatus, RetentionMode, RetentionModes, Section,
    ServiceLife,
};
use crate::scan::{Scan, is_absent};
use crate::text::Line;
use crate::units::{Hours, Minutes, Seconds};

/// The heading that the lines stand under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Status,
    Capacity,
    Design,
    Properties,
}

/// Reads the cache protection of every controller. A controller without any has a complaint, and no
/// section.
pub fn cache_protection(text: &str) -> Report<Vec<Section<CacheProtection>>> {
    let mut scan = Scan::new(text);
    let mut sections: Vec<Section<CacheProtection>> = Vec::new();
    let mut part = Part::Status;
    while let Some(line) = scan.next() {
        if let Some((heading, controller)) = heading(&line) {
            part = heading;
            section::of(&mut sections, Some(controller));
            continue;
        }
        let Some(section) = sections.last_mut() else {
            scan.frame(line);
            continue;
        };
        let module = &mut section.value;
        let line = with_equals_sign(line);
        let taken = match part {
            Part::Status => status(module, &mut scan, &line),
            Part::Capacity => capacity(module.capacity.get_or_insert_default(), &mut scan, &line),
            Part::Design => design(module.design.get_or_insert_default(), &mut scan, &line),
            Part::Properties => properties(module.learn.get_or_insert_default(), &mut scan, &line),
        };
        // The backup time is printed behind whatever part stands last.
        let taken = taken || backup_time(module, &mut scan, &line);
        if !taken {
            scan.frame(line);
        }
    }
    if let Some(section) = sections.last() {
        close(section, part, &mut scan);
    }
    scan.finish(sections)
}

/// States that the text ends in `part` of the last controller: before the charge, behind which no
/// flag stands, or before the last of what every build prints.
fn close(section: &Section<CacheProtection>, part: Part, scan: &mut Scan<'_>) {
    let module = &section.value;
    let has_charge = module
        .gas_gauge
        .as_ref()
        .is_some_and(|gauge| gauge.relative_charge.is_some() || gauge.pack_energy.is_some());
    // Without a pack the tool prints no charge either.
    let has_pack = module.flags.as_ref().and_then(|flags| flags.pack_missing) != Some(true);
    let learn = module
        .learn
        .as_ref()
        .and_then(|learn| learn.auto_learn.as_ref());
    let design = module
        .design
        .as_ref()
        .and_then(|design| design.name.as_ref());
    let lacking = match part {
        Part::Status if has_pack && !has_charge => "the charge",
        Part::Design if design.is_none() => "the design's name",
        Part::Properties if learn.is_none() => "the learn mode",
        Part::Status | Part::Capacity | Part::Design | Part::Properties => return,
    };
    if scan.breaks_off() {
        let name = section::name(section.controller);
        let gap = format!("the output breaks off in the battery of {name}, before {lacking}");
        scan.gap(scan.line_number(), gap);
    }
}

/// `BBU Capacity Info for Adapter: 0`.
fn heading(line: &Line<'_>) -> Option<(Part, ControllerId)> {
    let part = match line.key {
        "BBU status for Adapter" | "BBU Status for Adapter" => Part::Status,
        "BBU Capacity Info for Adapter" => Part::Capacity,
        "BBU Design Info for Adapter" => Part::Design,
        "BBU Properties for Adapter" => Part::Properties,
        _ => return None,
    };
    Some((part, grammar::small(line.value).map(ControllerId)?))
}

/// Some keys are separated from their value by `=`.
fn with_equals_sign(line: Line<'_>) -> Line<'_> {
    match line.split_at_any(&['=']) {
        Some((key, value)) if !line.has_colon() => Line { key, value, ..line },
        _ => line,
    }
}

/// A line of `BBU status`.
fn status<'a>(module: &mut CacheProtection, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    match line.key {
        "BatteryType" => scan.set(&mut module.kind, line, CacheProtectionKind::read),
        "Battery State" | "Battery state" => {
            scan.set(&mut module.state, line, BatteryState::read);
        }
        "Voltage" if is_measured(line) => {
            scan.set(&mut module.voltage, line, grammar::millivolts);
        }
        "Current" => scan.set(&mut module.current, line, grammar::milliamps),
        "Temperature" if is_measured(line) => {
            scan.set(&mut module.temperature, line, grammar::celsius);
        }
        "Design Mode" => scan.set(&mut module.retention_mode, line, retention_mode),
        "BBU Firmware Status" => {
            module.flags.get_or_insert_default();
            scan.expect_value(line, "");
        }
        "GasGuageStatus" | "GasGaugeStatus" => {
            module.gas_gauge.get_or_insert_default();
            scan.expect_value(line, "");
        }
        _ => {
            return with(&mut module.flags, |part| flags(part, scan, line))
                || with(&mut module.gas_gauge, |part| alarms(part, scan, line))
                || with(&mut module.gas_gauge, |part| gauge(part, scan, line));
        }
    }
    true
}

/// Lets `take` fill the part, which comes into being only if it takes the line.
fn with<T: Default>(part: &mut Option<T>, take: impl FnOnce(&mut T) -> bool) -> bool {
    if let Some(part) = part {
        return take(part);
    }
    let mut new = T::default();
    let taken = take(&mut new);
    if taken {
        *part = Some(new);
    }
    taken
}

/// Whether the line gives a number and not a verdict.
fn is_measured(line: &Line<'_>) -> bool {
    line.value
        .starts_with(|c: char| c.is_ascii_digit() || c == '-')
}

/// A line of `BBU Firmware Status`.
fn flags<'a>(flags: &mut CacheProtectionFlags, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let flag = match line.key {
        "Firmware Status" => {
            scan.set(&mut flags.code, line, code);
            return true;
        }
        "Charging Status" => {
            scan.set(&mut flags.charging, line, ChargingStatus::read);
            return true;
        }
        "Voltage" => {
            scan.set(&mut flags.voltage, line, Grade::read);
            return true;
        }
        "Temperature" => {
            scan.set(&mut flags.temperature, line, Grade::read);
            return true;
        }
        "Learn Cycle Status" => {
            scan.set(&mut flags.learn_status, line, LearnStatus::read);
            return true;
        }
        "Learn Cycle Requested" => &mut flags.learn_requested,
        "Learn Cycle Active" => &mut flags.learn_active,
        "Learn Cycle Timeout" => &mut flags.learn_timeout,
        "I2c Errors Detected" => &mut flags.i2c_errors,
        "Battery Pack Missing" => &mut flags.pack_missing,
        "Battery Replacement required" => &mut flags.replacement_required,
        "Remaining Capacity Low" => &mut flags.remaining_capacity_low,
        "Periodic Learn Required" => &mut flags.periodic_learn_required,
        "Transparent Learn" => &mut flags.transparent_learn,
        "No space to cache offload" => &mut flags.no_space_to_offload,
        "Pack is about to fail & should be replaced" => &mut flags.pack_about_to_fail,
        "Cache Offload premium feature required" => &mut flags.offload_feature_required,
        "Module microcode update required" => &mut flags.microcode_update_required,
        _ => return false,
    };
    scan.set(flag, line, grammar::yes_no);
    true
}

/// A flag of the gas gauge.
fn alarms<'a>(gauge: &mut GasGauge, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let flag = match line.key {
        "Fully Discharged" => &mut gauge.fully_discharged,
        "Fully Charged" => &mut gauge.fully_charged,
        "Discharging" => &mut gauge.discharging,
        "Initialized" => &mut gauge.initialized,
        "Remaining Time Alarm" => &mut gauge.remaining_time_alarm,
        "Remaining Capacity Alarm" => &mut gauge.remaining_capacity_alarm,
        "Discharge Terminated" => &mut gauge.discharge_terminated,
        "Over Temperature" => &mut gauge.over_temperature,
        "Charging Terminated" => &mut gauge.charging_terminated,
        "Over Charged" => &mut gauge.over_charged,
        "isSOHGood" => &mut gauge.healthy,
        _ => return false,
    };
    scan.set(flag, line, grammar::yes_no);
    true
}

/// A value of the gas gauge.
fn gauge<'a>(gauge: &mut GasGauge, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let percent = grammar::percent;
    match line.key {
        "BBU GasGauge Status" => scan.set(&mut gauge.code, line, code),
        "Relative State of Charge" => scan.set(&mut gauge.relative_charge, line, percent),
        "Absolute state of charge" | "Absolute State of charge" => {
            scan.set(&mut gauge.absolute_charge, line, percent);
        }
        "Charger System State" => scan.set(&mut gauge.charger_state, line, grammar::decimal),
        "Charger System Ctrl" => scan.set(&mut gauge.charger_control, line, grammar::decimal),
        "Charger Status" => scan.set(&mut gauge.charger_status, line, ChargerStatus::read),
        "Charging current" => scan.set(&mut gauge.charging_current, line, grammar::milliamps),
        "Max Error" => scan.set(&mut gauge.max_error, line, percent),
        "Remaining Capacity" => {
            scan.set(&mut gauge.remaining_capacity, line, grammar::milliamp_hours);
        }
        "Full Charge Capacity" => {
            scan.set(
                &mut gauge.full_charge_capacity,
                line,
                grammar::milliamp_hours,
            );
        }
        "Pack energy" => scan.set(&mut gauge.pack_energy, line, grammar::joules),
        "Capacitance" => scan.set(&mut gauge.capacitance, line, percent),
        "Remaining reserve space" => {
            scan.set(&mut gauge.remaining_reserve_space, line, grammar::decimal);
        }
        _ => return false,
    }
    true
}

/// `Battery backup charge time : 48 hours +`.
fn backup_time<'a>(module: &mut CacheProtection, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    if line.key != "Battery backup charge time" {
        return false;
    }
    let gauge = module.gas_gauge.get_or_insert_default();
    scan.set(&mut gauge.backup_time, line, |text| {
        let (hours, or_more) = match text.strip_suffix('+') {
            Some(hours) => (hours.trim_ascii_end(), true),
            None => (text, false),
        };
        grammar::hours(hours).map(|hours| BackupTime { hours, or_more })
    });
    true
}

/// A line of `BBU Capacity Info`.
fn capacity<'a>(capacity: &mut BatteryCapacity, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let charge = grammar::milliamp_hours;
    match line.key {
        "Relative State of Charge" => {
            scan.set(&mut capacity.relative_charge, line, grammar::percent);
        }
        "Absolute State of charge" | "Absolute state of charge" => {
            scan.set(&mut capacity.absolute_charge, line, grammar::percent);
        }
        "Remaining Capacity" => scan.set(&mut capacity.remaining_capacity, line, charge),
        "Full Charge Capacity" => scan.set(&mut capacity.full_charge_capacity, line, charge),
        "Run time to empty" => time(&mut capacity.run_time_to_empty, scan, line),
        "Average time to empty" => time(&mut capacity.average_time_to_empty, scan, line),
        "Estimated Time to full recharge" | "Average Time to full" => {
            time(&mut capacity.time_to_full, scan, line);
        }
        "Cycle Count" => scan.set(&mut capacity.cycles, line, grammar::decimal),
        "Max Error" => scan.set(&mut capacity.max_error, line, grammar::percent),
        "Remaining Capacity Alarm" => {
            scan.set(&mut capacity.remaining_capacity_alarm, line, charge);
        }
        "Remining Time Alarm" | "Remaining Time Alarm" => {
            scan.set(&mut capacity.remaining_time_alarm, line, grammar::minutes);
        }
        _ => return false,
    }
    true
}

/// `1 Hour, 42 Min.`, `20 Min.`, or the sentence that there is nothing to wait for.
fn time<'a>(field: &mut Option<Minutes>, scan: &mut Scan<'a>, line: &Line<'a>) {
    let idle = line.value.trim_end_matches('.');
    if matches!(
        idle,
        "Battery is not being charged" | "Battery is not being discharged"
    ) {
        return;
    }
    scan.set(field, line, |text| {
        let (hours, rest) = match text.split_once(',') {
            Some((hours, rest)) => (grammar::hours(hours)?, rest.trim_ascii()),
            None => (Hours(0), text),
        };
        let minutes = grammar::minutes(rest)?;
        Some(Minutes(hours.0.checked_mul(60)?.checked_add(minutes.0)?))
    });
}

/// A line of `BBU Design Info`.
fn design<'a>(design: &mut BatteryDesign, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let text = grammar::text;
    match line.key {
        // A module that was never programmed has no date.
        "Date of Manufacture" if line.value.starts_with("00/00") => {}
        "Date of Manufacture" => scan.set(&mut design.manufactured, line, grammar::date),
        "Design Capacity" if line.value.ends_with('J') => {
            scan.set(&mut design.energy, line, grammar::joules);
        }
        "Design Capacity" => scan.set(&mut design.capacity, line, grammar::milliamp_hours),
        "Design Voltage" => scan.set(&mut design.voltage, line, grammar::millivolts),
        "Specification Info" => scan.set(&mut design.specification, line, grammar::decimal),
        "Serial Number" => scan.set(&mut design.serial, line, text),
        "Pack Stat Configuration" => scan.set(&mut design.pack_configuration, line, code),
        "Manufacture Name" => scan.set(&mut design.manufacturer, line, text),
        "Firmware Version" => scan.set(&mut design.firmware, line, text),
        "Device Name" => scan.set(&mut design.name, line, text),
        "Device Chemistry" => scan.set(&mut design.chemistry, line, text),
        "Battery FRU" => scan.set(&mut design.fru, line, text),
        "TMM FRU" => scan.set(&mut design.memory_fru, line, text),
        "Module Version" => scan.set(&mut design.module_version, line, text),
        "Transparent Learn" => scan.set(&mut design.transparent_learn, line, bit),
        "App Data" => scan.set(&mut design.application_data, line, grammar::decimal),
        _ => return false,
    }
    true
}

/// A line of `BBU Properties`.
fn properties<'a>(learn: &mut LearnProperties, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    match line.key {
        "Auto Learn Period" => scan.set(&mut learn.period, line, period),
        "Next Learn time" => next_learn(learn, scan, line),
        "Learn Delay Interval" => scan.set(&mut learn.delay, line, grammar::hours),
        "Auto-Learn Mode" => scan.set(&mut learn.auto_learn, line, AutoLearn::read),
        "BBU Mode" => scan.set(&mut learn.mode, line, grammar::small),
        _ => return false,
    }
    true
}

/// `28 Days` or `2592000 Sec`.
fn period(text: &str) -> Option<Seconds> {
    match grammar::days(text) {
        Some(days) => days.0.checked_mul(86_400).map(Seconds),
        None => grammar::seconds(text),
    }
}

/// `Fri Dec 22 16:32:00 2023`, `Dec 25 2012 08:11:16`, `391455080 Sec` (since the year 2000), or
/// `None`, behind which 8.07.14 forgets the line's end: `None  Learn Delay Interval:0 Hours`.
fn next_learn<'a>(learn: &mut LearnProperties, scan: &mut Scan<'a>, line: &Line<'a>) {
    let (time, delay) = match line.value.split_once("Learn Delay Interval:") {
        Some((time, delay)) => (time.trim_ascii_end(), delay.trim_ascii()),
        None => (line.value, ""),
    };
    scan.set_value(&mut learn.delay, line, delay, grammar::hours);
    if time.eq_ignore_ascii_case("None") {
        return;
    }
    let mut next = None;
    scan.set_value(&mut next, line, time, |text| {
        grammar::ctime(text)
            .or_else(|| grammar::month_day_year_time(text))
            .or_else(|| grammar::since_2000(grammar::seconds(text)?))
    });
    // The first and the last second of the firmware's clock mean "never".
    let never = [0, u64::from(u32::MAX)].map(|second| grammar::since_2000(Seconds(second)));
    let next: Option<DateTime> = next.filter(|next| !never.contains(&Some(*next)));
    if next.is_some() {
        learn.next = next;
    }
}

/// `0x64b0` or `00000000`.
fn code(text: &str) -> Option<u64> {
    grammar::hex(text).or_else(|| grammar::bare_hex(text))
}

/// `0` or `1`.
fn bit(text: &str) -> Option<bool> {
    match text {
        "0" => Some(false),
        "1" => Some(true),
        _ => grammar::yes_no(text),
    }
}

/// `48+ Hrs retention with a non-transparent learn cycle and moderate service life.`
fn retention_mode(text: &str) -> Option<RetentionMode> {
    let (hours, rest) = text.split_once("+ Hrs retention with a ")?;
    let (learn, rest) = rest.split_once(" learn cycle and ")?;
    let transparent_learn = match learn {
        "transparent" => true,
        "non-transparent" => false,
        _ => return None,
    };
    let life = rest.trim_end_matches('.').strip_suffix(" service life")?;
    Some(RetentionMode {
        retention: grammar::decimal(hours).map(Hours)?,
        transparent_learn,
        service_life: ServiceLife::from_words(life),
    })
}

/// Reads the modes that the battery can be put into.
pub fn retention_modes(text: &str) -> Report<RetentionModes> {
    let mut scan = Scan::new(text);
    let mut modes = RetentionModes::default();
    while let Some(line) = scan.next() {
        let sentence = if is_absent(line.value) {
            line.text
        } else {
            line.value
        };
        if line.text == "Undefined BBU Modes." {
            modes.undefined = true;
        } else if let Some(mode) = retention_mode(sentence) {
            modes.modes.push(mode);
        } else {
            scan.frame(line);
        }
    }
    scan.finish(modes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EnergyStore;
    use crate::report::{ComplaintKind, Ending};
    use crate::units::{Celsius, Joules, MilliampHours, Milliamps, Millivolts, Percent};

    /// The one module of a text, with nothing left over.
    fn module(text: &str) -> CacheProtection {
        let mut report = cache_protection(text);
        assert_eq!(report.leftovers, []);
        report.value.remove(0).value
    }

    #[test]
    fn voltage_and_temperature_are_values_first_and_verdicts_later() {
        let read = module(
            "BBU status for Adapter: 0\n\nBatteryType: iBBU\nVoltage: 4034 mV\nCurrent: -512 mA\n\
             Temperature: 31 C\nBattery State: Degraded(Need Attention) \nBBU Firmware Status:\n\n  \
             Charging Status              : Discharging\n  \
             Voltage                                 : Low\n  \
             Temperature                             : High\n  \
             Learn Cycle Requested\t                  : Yes\n  \
             Learn Cycle Status                      : Failed\n  \
             Pack is about to fail & should be replaced : Yes\n",
        );
        assert_eq!(read.kind, Some(CacheProtectionKind::Ibbu));
        assert_eq!(read.state, Some(BatteryState::DegradedNeedsAttention));
        assert_eq!(read.voltage, Some(Millivolts(4034)));
        assert_eq!(read.current, Some(Milliamps(-512)));
        assert_eq!(read.temperature, Some(Celsius(31)));
        let flags = read.flags.unwrap();
        assert_eq!(flags.voltage, Some(Grade::Low));
        assert_eq!(flags.temperature, Some(Grade::High));
        assert_eq!(flags.charging, Some(ChargingStatus::Discharging));
        assert_eq!(flags.learn_requested, Some(true));
        assert_eq!(flags.learn_status, Some(LearnStatus::Failed));
        assert_eq!(flags.pack_about_to_fail, Some(true));
        assert_eq!(flags.pack_missing, None);
    }

    #[test]
    fn an_empty_battery_state_is_absent() {
        let read = module("BBU status for Adapter: 0\nBatteryType: BBU\nBattery state: \n");
        assert_eq!(read.state, None);
    }

    #[test]
    fn a_plain_battery_has_its_capacity_in_the_status() {
        let read = module(
            "BBU status for Adapter: 0\nFirmware Status: 00000000\nBattery state: \n\
             GasGuageStatus:\n  Fully Charged           : Yes\n  Remaining Capacity Alarm: No\n\n\
             Relative State of Charge: 100 %\nCharger Status: Complete\n\
             Remaining Capacity: 867 mAh\nFull Charge Capacity: 867 mAh\nisSOHGood: Yes\n",
        );
        assert_eq!(read.flags.unwrap().code, Some(0));
        let gauge = read.gas_gauge.unwrap();
        assert_eq!(gauge.fully_charged, Some(true));
        assert_eq!(gauge.remaining_capacity_alarm, Some(false));
        assert_eq!(gauge.remaining_capacity, Some(MilliampHours(867)));
        assert_eq!(gauge.charger_status, Some(ChargerStatus::Complete));
        assert_eq!(gauge.healthy, Some(true));
    }

    #[test]
    fn a_supercapacitor_has_energy_instead_of_charge() {
        let read = module(
            "BBU status for Adapter: 0\nBatteryType: CVPM02\nBBU GasGauge Status: 0x66e9\n  \
             Pack energy             : 233 J\n  Capacitance             : 102\n  \
             Remaining reserve space : 0\n\n  Battery backup charge time : 0 hours\n\n\
             BBU Design Info for Adapter: 0\n\nDate of Manufacture: 02/21, 2017\n\
             Design Capacity: 288 J\nDevice Chemistry: EDLC\nBattery FRU: N/A\n\
             Module Version = 6635-02A\n  Transparent Learn = 1\n",
        );
        let kind = read.kind.unwrap();
        assert_eq!(kind.energy_store(), Some(EnergyStore::Supercapacitor));
        let gauge = read.gas_gauge.unwrap();
        assert_eq!(gauge.code, Some(0x66e9));
        assert_eq!(gauge.pack_energy, Some(Joules(233)));
        assert_eq!(gauge.capacitance, Some(Percent(102)));
        assert_eq!(gauge.remaining_reserve_space, Some(0));
        let design = read.design.unwrap();
        assert_eq!(design.energy, Some(Joules(288)));
        assert_eq!((design.capacity, design.fru), (None, None));
        assert_eq!(design.module_version.as_deref(), Some("6635-02A"));
        assert_eq!(design.transparent_learn, Some(true));
        assert_eq!(design.manufactured, Some(jiff::civil::date(2017, 2, 21)));
    }

    #[test]
    fn a_text_that_ends_in_the_flags_is_a_gap() {
        let gaps = |text: &str| cache_protection(text).gaps.len();
        let flags = "BBU status for Adapter: 0\nBattery State: Optimal\n\
                     BBU Firmware Status:\n  Voltage : OK\n";
        assert_eq!(gaps(flags), 1);
        assert_eq!(gaps(&format!("{flags}Segmentation fault\n")), 1);
        assert_eq!(gaps(&format!("{flags}Exit Code: 0x00\n")), 0);
        assert_eq!(gaps(&format!("{flags}Battery Pack Missing : Yes\n")), 0);
        let gauge = "GasGuageStatus:\nRelative State of Charge: 97 %\n";
        assert_eq!(gaps(&format!("{flags}{gauge}")), 0);
    }

    #[test]
    fn times_to_empty_and_full_are_minutes_or_absent() {
        let read = module(
            "BBU Capacity Info for Adapter: 0\n\n  Relative State of Charge: 89 %\n  \
             Run time to empty: Battery is not being charged.  \n  \
             Average time to empty: 20 Min. \n  \
             Estimated Time to full recharge: 1 Hour, 42 Min. \n  Cycle Count: 3\n\
             Max Error = 2 %\nRemaining Capacity Alarm = 120 mAh\nRemining Time Alarm = 10 Min\n",
        );
        let capacity = read.capacity.unwrap();
        assert_eq!(capacity.run_time_to_empty, None);
        assert_eq!(capacity.average_time_to_empty, Some(Minutes(20)));
        assert_eq!(capacity.time_to_full, Some(Minutes(102)));
        assert_eq!(capacity.max_error, Some(Percent(2)));
        assert_eq!(capacity.remaining_capacity_alarm, Some(MilliampHours(120)));
        assert_eq!(capacity.remaining_time_alarm, Some(Minutes(10)));
        // The user guide's own spelling.
        let read = module(
            "BBU Capacity Info for Adapter: 0\n\nAverage Time to full: 45 Min.\nExit Code: 0x00\n",
        );
        assert_eq!(read.capacity.unwrap().time_to_full, Some(Minutes(45)));
    }

    #[test]
    fn backup_time_may_be_longer_than_said() {
        let read = module(
            "BBU status for Adapter: 0\nDesign Mode  : 48+ Hrs retention with a non-transparent \
             learn cycle and moderate service life.\n  Battery backup charge time : 48 hours +\n",
        );
        assert_eq!(
            read.gas_gauge.unwrap().backup_time,
            Some(BackupTime {
                hours: Hours(48),
                or_more: true,
            })
        );
        assert_eq!(
            read.retention_mode,
            Some(RetentionMode {
                retention: Hours(48),
                transparent_learn: false,
                service_life: ServiceLife::Moderate,
            })
        );
    }

    #[test]
    fn the_next_learn_time_has_four_forms() {
        let learn = |time: &str| {
            module(&format!(
                "BBU Properties for Adapter: 0\nNext Learn time: {time}\n"
            ))
            .learn
            .unwrap()
        };
        let at = |year, month, day, hour, minute, second| {
            Some(jiff::civil::date(year, month, day).at(hour, minute, second, 0))
        };
        assert_eq!(
            learn("Fri Dec 22 16:32:00 2023").next,
            at(2023, 12, 22, 16, 32, 0)
        );
        assert_eq!(
            learn("Feb  3 2014 18:11:42  ").next,
            at(2014, 2, 3, 18, 11, 42)
        );
        assert_eq!(learn("391455080 Sec").next, at(2012, 5, 27, 17, 31, 20));
        let none = learn("None  Learn Delay Interval:7 Hours");
        assert_eq!((none.next, none.delay), (None, Some(Hours(7))));
        assert_eq!(learn("4294967295 Sec").next, None);
    }

    #[test]
    fn the_learn_period_is_given_in_days_or_seconds() {
        let period = |text: &str| {
            module(&format!(
                "BBU Properties for Adapter: 0\nAuto Learn Period: {text}\n"
            ))
            .learn
            .unwrap()
            .period
        };
        assert_eq!(period("30 Days"), Some(Seconds(2_592_000)));
        assert_eq!(period("2592000 Sec"), Some(Seconds(2_592_000)));
    }

    #[test]
    fn learn_modes_are_words() {
        for (word, mode) in [
            ("Enabled", AutoLearn::Enabled),
            ("Disabled", AutoLearn::Disabled),
            ("Warn via Event", AutoLearn::WarnByEvent),
            ("Transparent", AutoLearn::Transparent),
        ] {
            let read = module(&format!(
                "BBU Properties for Adapter: 0\n  Auto-Learn Mode: {word}\n"
            ));
            assert_eq!(read.learn.unwrap().auto_learn, Some(mode));
        }
    }

    #[test]
    fn a_controller_without_a_battery_is_a_complaint() {
        let report = cache_protection(
            "Adapter 0: Get BBU Status Failed.\n\nFW error description: \n \
             The required hardware component is not present.  \n\nExit Code: 0x22\n",
        );
        assert_eq!(report.value, []);
        assert_eq!(report.complaints[0].kind, ComplaintKind::HardwareAbsent);
        assert_eq!(
            report.complaints[0].firmware.as_deref(),
            Some("The required hardware component is not present.")
        );
        assert_eq!(report.leftovers, []);
    }

    #[test]
    fn a_crash_keeps_what_was_read() {
        let report = cache_protection(
            "BBU status for Adapter: 0\n\nBatteryType: iBBU-09\nVoltage: 3767 mV \n\
             Battery State: Optimal\nSegmentation fault (core dumped)\n",
        );
        assert_eq!(report.value[0].value.state, Some(BatteryState::Optimal));
        assert!(matches!(report.ending, Ending::Crashed { .. }));
    }

    #[test]
    fn modes_are_listed_without_a_controller() {
        let report = retention_modes(
            "Undefined BBU Modes.\n   12+ Hrs retention with a non-transparent learn cycle and \
             moderate service life.\n\nExit Code: 0x00\n",
        );
        assert!(report.value.undefined && report.is_complete());
        assert_eq!(report.value.modes[0].retention, Hours(12));
    }
}
