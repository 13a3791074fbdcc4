//! `-AdpSetProp NAME [VALUE]`: sets a property of controllers. [`PROPERTIES`] is the one list of them;
//! `-AdpGetProp` reads each back.
//!
//! Captures show the words of most; the comment "as it is read" marks those whose words follow what
//! `-AdpGetProp` calls the property.

use super::adp_get_prop::{EMERGENCY, Feature, TUNING, power_save};
use super::answer::line;
use super::words::enabled;
use super::{Answer, Arguments, Selection, firmware_status, opcode, selected_mut};
use crate::firmware::control::{self, Alarm};
use crate::state::bits::switches;
use crate::state::{Controller, Host, Info};

/// How a property is set.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// To a number up to this one; the text is what stands behind `Set`.
    Number(u32, fn(&mut Info, u32), fn(u32) -> String),
    /// As [`Kind::Number`], where the controller has the feature.
    Where(Feature, u32, fn(&mut Info, u32), fn(u32) -> String),
    /// By its name alone.
    Switch(fn(&mut Info), &'static str),
    /// The alarm, by its name alone.
    Alarm(Alarm, u32, &'static str),
    /// Power savings of virtual drives.
    PowerSavePolicy,
    /// When power savings pause.
    PowerSavePause,
    /// For no controller that was ever captured; for every controller in turn.
    UnsupportedEach(&'static str),
    /// For no controller that was ever captured; once, as an error.
    Unsupported(&'static str),
    /// The firmware knows no such operation.
    Refused,
}

/// The largest number of a byte of the firmware's record.
const BYTE: u32 = 0xff;
/// The largest number of two bytes.
const WORD: u32 = 0xffff;

/// A property by its name on the command line, and how it is set.
const PROPERTIES: &[(&str, Kind)] = &[
    (
        "AbortCCOnError",
        Kind::Number(
            1,
            |it, to| it.abort_check_on_error = to,
            |to| format!("Abort CC On Error to {}", enable(to)),
        ),
    ),
    (
        "AlarmDsbl",
        Kind::Alarm(Alarm::Off, opcode::ALARM_DISABLE, "Disabled"),
    ),
    (
        "AlarmEnbl",
        Kind::Alarm(Alarm::On, opcode::ALARM_ENABLE, "Enabled"),
    ),
    (
        "AlarmSilence",
        Kind::Alarm(Alarm::Silenced, opcode::ALARM_SILENCE, "Silenced"),
    ),
    (
        "AutoDetectBackPlaneDsbl",
        Kind::Number(
            3,
            |it, to| it.no_backplane_detection = to,
            |to| format!("AutoDetect Backplane Disabled to : {to}"),
        ),
    ),
    (
        "AutoEnhancedImportDsbl",
        Kind::Switch(
            |it| set(it, switches::AUTO_IMPORT, false),
            "Auto Enhanced Import to Disable",
        ),
    ),
    (
        "AutoEnhancedImportEnbl",
        Kind::Switch(
            |it| set(it, switches::AUTO_IMPORT, true),
            "Auto Enhanced Import to Enable",
        ),
    ),
    (
        "BatWarnDsbl",
        Kind::Number(
            1,
            |it, to| it.no_battery_warning = to,
            |to| format!("Battery Warning to {}", enable(1 - to)),
        ),
    ),
    (
        "BgiRate",
        Kind::Number(
            100,
            |it, to| it.background_rate = to,
            |to| format!("BGI Rate to {to}%"),
        ),
    ),
    (
        "BootWithPinnedCache",
        Kind::Number(
            1,
            |it, to| set(it, switches::BOOT_WITH_PRESERVED_CACHE, to != 0),
            |to| format!("Boot with Pinned Cache {}", enabled(to != 0)),
        ),
    ),
    (
        "CacheFlushInterval",
        Kind::Number(
            BYTE,
            |it, to| it.flush_interval = to,
            |to| format!("Cache Flash Interval to {to}"),
        ),
    ),
    (
        "CCRate",
        Kind::Number(
            100,
            |it, to| it.consistency_rate = to,
            |to| format!("Check consistency rate to {to}%"),
        ),
    ),
    (
        "ClusterEnable",
        Kind::Number(
            1,
            |it, to| it.cluster = to,
            |to| format!("cluster to {}", enable(to)),
        ),
    ),
    (
        "CoercionMode",
        Kind::Number(
            2,
            |it, to| it.coercion_mode = to,
            |to| format!("Coercion Mode to {to}"),
        ),
    ),
    (
        "CopyBackDsbl",
        Kind::Number(
            1,
            |it, to| set(it, switches::NO_COPYBACK, to != 0),
            |to| format!("CopyBack to {}", enable(1 - to)),
        ),
    ),
    ("DefaultLdPSPolicy", Kind::PowerSavePolicy),
    ("DisableLdPS", Kind::PowerSavePause),
    (
        "DisableOCR",
        Kind::Number(
            1,
            |it, to| set(it, switches::NO_ONLINE_RESET, to != 0),
            |to| format!("Online Controller Reset {}", enabled(to == 0)),
        ),
    ),
    ("DPMenable", Kind::Refused),
    ("DsblCacheBypass", Kind::UnsupportedEach("Not Supported")),
    (
        "DsblSpinDownHSP",
        Kind::Where(
            Feature::SpinDown,
            1,
            |it, to| set(it, switches::NO_SPIN_DOWN_SPARES, to != 0),
            // As it is read.
            |to| format!("Spin Down of Hot Spares to {}", enable(1 - to)),
        ),
    ),
    (
        "EccBucketLeakRate",
        Kind::Number(
            WORD,
            |it, to| it.ecc_leak_rate = to,
            |to| format!("Ecc Bucket leak rate to {to}minutes"),
        ),
    ),
    (
        "EccBucketSize",
        Kind::Number(
            BYTE,
            |it, to| it.ecc_bucket_size = to,
            |to| format!("Ecc Bucket size to {to}"),
        ),
    ),
    ("ENABLEEGHSP", Kind::Unsupported(EMERGENCY)),
    ("ENABLEESMARTER", Kind::Unsupported(EMERGENCY)),
    ("ENABLEEUG", Kind::Unsupported(EMERGENCY)),
    (
        "EnableJBOD",
        Kind::Number(
            1,
            |it, to| set(it, switches::JBOD, to != 0),
            |to| format!("JBOD to {}", enable(to)),
        ),
    ),
    (
        "enblPI",
        Kind::Where(
            Feature::Protection,
            1,
            |it, to| set(it, switches::PROTECTION, to != 0),
            // As it is read.
            |to| format!("PI to {}", enable(to)),
        ),
    ),
    (
        "EnblSpinDownUnConfigDrvs",
        Kind::Where(
            Feature::SpinDown,
            1,
            |it, to| set(it, switches::SPIN_DOWN_UNCONFIGURED, to != 0),
            // As it is read.
            |to| format!("Spin Down of UnConfigured Drives to {}", enable(to)),
        ),
    ),
    (
        "ExposeEnclDevicesEnbl",
        Kind::Number(
            1,
            |it, to| it.expose_enclosures = to,
            |to| format!("Expose Enclosure Devices to {}", enable(to)),
        ),
    ),
    (
        "ForceSGPIO",
        Kind::Number(
            1,
            |it, to| set(it, switches::FORCE_SGPIO, to != 0),
            // As it is read.
            |to| format!("ForceSGPIO to {}", enable(to)),
        ),
    ),
    (
        "LoadBalanceMode",
        Kind::Number(
            1,
            |it, to| it.load_balance = to,
            // As it is read.
            |to| format!("Load Balance Mode to {to}"),
        ),
    ),
    (
        "MaintainPdFailHistoryEnbl",
        Kind::Number(
            1,
            |it, to| it.keep_failure_history = to,
            |to| format!("Maintain PD Fail History is {}", enable(to)),
        ),
    ),
    (
        "NCQDsbl",
        Kind::Switch(|it| set(it, switches::NO_NCQ, true), "NCQ to Disabled"),
    ),
    (
        "NCQEnbl",
        Kind::Switch(|it| set(it, switches::NO_NCQ, false), "NCQ to Enabled"),
    ),
    (
        "PatrolReadRate",
        Kind::Number(
            100,
            |it, to| it.patrol_rate = to,
            |to| format!("Patrol Read Rate to {to}%"),
        ),
    ),
    ("Perfmode", Kind::Unsupported(TUNING)),
    (
        "PrCorrectUncfgdAreas",
        Kind::Number(
            1,
            |it, to| set(it, switches::PATROL_CORRECTS_UNCONFIGURED, to != 0),
            // As it is read.
            |to| format!("PR Correct Unconfigured Areas to {}", enable(to)),
        ),
    ),
    (
        "PredFailPollInterval",
        Kind::Number(
            WORD,
            |it, to| it.predictive_failure_poll = to,
            |to| format!("Predictive Fail Poll Interval to {to} Seconds"),
        ),
    ),
    (
        "PreventPIImport",
        Kind::Number(
            1,
            |it, to| set(it, switches::NO_PROTECTED_IMPORT, to != 0),
            // As it is read.
            |to| format!("Prevent foreign PI Import to {}", enable(to)),
        ),
    ),
    (
        "RebuildRate",
        Kind::Number(
            100,
            |it, to| it.rebuild_rate = to,
            |to| format!("rebuild rate to {to}%"),
        ),
    ),
    (
        "ReconRate",
        Kind::Number(
            100,
            |it, to| it.reconstruction_rate = to,
            |to| format!("Reconstruction Rate to {to}%"),
        ),
    ),
    (
        "RstrHotSpareOnInsert",
        Kind::Number(
            1,
            |it, to| it.restore_hot_spare_on_insertion = to,
            |to| format!("Restore Hot Spare on Insertion is {}", enabled(to != 0)),
        ),
    ),
    (
        "SMARTCpyBkEnbl",
        Kind::Number(
            1,
            |it, to| set(it, switches::SMART_COPYBACK, to != 0),
            |to| format!("Copyback on SMART error is {}", enable(to)),
        ),
    ),
    (
        "SpinDownTime",
        Kind::Where(
            Feature::SpinDown,
            WORD,
            |it, to| it.spin_down_time = to,
            // As it is read.
            |to| format!("Spin Down time to {to} Minutes"),
        ),
    ),
    (
        "SpinupDelay",
        Kind::Number(
            BYTE,
            |it, to| it.spin_up_delay = to,
            |to| format!("Spin up delay to {to}"),
        ),
    ),
    (
        "SpinupDriveCount",
        Kind::Number(
            BYTE,
            |it, to| it.spin_up_count = to,
            |to| format!("Spin up Drive Count to {to}"),
        ),
    ),
    (
        "SpinUpEncDelay",
        Kind::Where(
            Feature::PowerSaving,
            BYTE,
            |it, to| it.enclosure_spin_up_delay = to,
            // As it is read.
            |to| format!("Spin up enclosure delay to {to}"),
        ),
    ),
    (
        "SpinUpEncDrvCnt",
        Kind::Where(
            Feature::PowerSaving,
            BYTE,
            |it, to| it.enclosure_spin_up_count = to,
            // As it is read.
            |to| format!("Spin up enclosure drive count to {to}"),
        ),
    ),
    (
        "SSDSMARTCpyBkEnbl",
        Kind::Number(
            1,
            |it, to| set(it, switches::SSD_SMART_COPYBACK, to != 0),
            |to| format!("Copyback on SMART error for SSD device is {}", enable(to)),
        ),
    ),
    (
        "SupportSSDPatrolRead",
        Kind::Number(
            1,
            |it, to| set(it, switches::SSD_PATROL_READ, to != 0),
            // As it is read.
            |to| format!("Patrol Read on SSD Devices to {}", enable(to)),
        ),
    ),
    (
        "UseDiskActivityforLocate",
        Kind::Number(
            1,
            |it, to| set(it, switches::LOCATE_BY_ACTIVITY, to != 0),
            // As it is read.
            |to| format!("Use disk activity for locate to {}", enable(to)),
        ),
    ),
    (
        "UseFDEOnlyEncrypt",
        Kind::Number(
            1,
            |it, to| set(it, switches::FDE_ONLY, to != 0),
            // As it is read.
            |to| format!("FDE Only Encryption to {}", enable(to)),
        ),
    ),
];

fn set(info: &mut Info, bit: u32, is_on: bool) {
    if is_on {
        info.switches |= bit;
    } else {
        info.switches &= !bit;
    }
}

fn enable(value: u32) -> &'static str {
    if value == 0 { "Disable" } else { "Enable" }
}

/// What is to be done to each controller: a change, and what is said of it.
struct Change {
    feature: Option<Feature>,
    apply: Box<dyn Fn(&mut Info)>,
    said: String,
}

pub(super) fn answer(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let name = arguments.words.get(1).map_or("", String::as_str);
    let bare = name.strip_prefix('-').unwrap_or(name);
    let property = PROPERTIES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(bare));
    let Some((_, kind)) = property else {
        // What follows is not read any more.
        answer.echo.clear();
        answer.reject(name);
        return;
    };
    match *kind {
        Kind::Number(most, change, said) => {
            if let Some(it) = number(None, (most, change, said), arguments, answer) {
                each(host, arguments, answer, &it);
            }
        }
        Kind::Where(feature, most, change, said) => {
            if let Some(it) = number(Some(feature), (most, change, said), arguments, answer) {
                each(host, arguments, answer, &it);
            }
        }
        Kind::Switch(change, said) => {
            let it = Change {
                feature: None,
                apply: Box::new(change),
                said: said.to_owned(),
            };
            each(host, arguments, answer, &it);
        }
        Kind::Alarm(to, operation, said) => {
            for (number, controller) in selected_mut(host, arguments) {
                alarm((number, controller), (to, operation, said), answer);
            }
        }
        Kind::PowerSavePolicy => power_save_policy(host, arguments, answer),
        Kind::PowerSavePause => power_save_pause(host, arguments, answer),
        Kind::UnsupportedEach(lacking) => {
            for _ in selected_mut(host, arguments) {
                line!(answer, "{lacking}");
            }
        }
        Kind::Unsupported(lacking) => {
            line!(answer, "{lacking}");
            answer.status = 1;
        }
        Kind::Refused => {
            if let Some((number, _)) = selected_mut(host, arguments).first() {
                failed(*number, answer);
                firmware_status::explain(firmware_status::INVALID_COMMAND, answer);
            }
        }
    }
}

/// How a property is set to a number: the largest, how, and what is said.
type ByNumber = (u32, fn(&mut Info, u32), fn(u32) -> String);

/// The change to the number on the command line.
fn number(
    feature: Option<Feature>,
    (most, change, said): ByNumber,
    arguments: &Arguments,
    answer: &mut Answer,
) -> Option<Change> {
    let Some(value) = arguments.number(2) else {
        answer.reject(&unexpected(arguments, 2));
        return None;
    };
    if value > most {
        answer.misread();
        return None;
    }
    Some(Change {
        feature,
        apply: Box::new(move |info| change(info, value)),
        said: said(value),
    })
}

/// The word that stands where another was expected: at `place`, or the selector of controllers. The
/// tool reads `-a0` as two words, but `-aALL` as one.
fn unexpected(arguments: &Arguments, place: usize) -> String {
    arguments
        .words
        .get(place)
        .cloned()
        .unwrap_or_else(|| match arguments.controllers {
            Some(Selection::All) => "-aALL".to_owned(),
            _ => "-a".to_owned(),
        })
}

/// Sets a property of each controller.
fn each(host: &mut Host, arguments: &Arguments, answer: &mut Answer, change: &Change) {
    for (number, controller) in selected_mut(host, arguments) {
        let lacks = change
            .feature
            .filter(|feature| !feature.is_in(&controller.info));
        if let Some(feature) = lacks {
            if !feature.refuse(number, answer) {
                return;
            }
            continue;
        }
        // The properties are read, changed and written. MegaCLI tells no status of either.
        let needed = [opcode::PROPERTIES, opcode::SET_PROPERTIES];
        if needed.iter().any(|it| controller.fault(*it).is_some()) {
            failed(number, answer);
            answer.status = 1;
            continue;
        }
        control::set_properties(controller, |info| (change.apply)(info));
        line!(answer, "Adapter {number}: Set {} success.", change.said);
    }
}

fn failed(number: u32, answer: &mut Answer) {
    line!(
        answer,
        "Adapter {number}: Failed to Set Adapter Properties."
    );
}

fn alarm(
    (number, controller): (u32, &mut Controller),
    (to, operation, said): (Alarm, u32, &str),
    answer: &mut Answer,
) {
    if let Some(status) = controller.fault(operation) {
        failed(number, answer);
        firmware_status::explain(status, answer);
        return;
    }
    control::set_alarm(controller, to);
    line!(answer, "Adapter {number}: Set alarm to {said} success.");
}

/// `DefaultLdPSPolicy -Maximum`. No capture shows a controller that has it.
fn power_save_policy(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let policy = match arguments.word(2).trim_start_matches('-') {
        "automatic" => 1,
        "none" => 2,
        "maximum" => 3,
        "maximumwithoutcaching" => 4,
        _ => {
            answer.reject(&unexpected(arguments, 2));
            return;
        }
    };
    let change = Change {
        feature: Some(Feature::PowerSaving),
        apply: Box::new(move |info| info.power_save_policy = policy),
        said: format!("Default power savings policy to {}", power_save(policy)),
    };
    each(host, arguments, answer, &change);
}

/// `DisableLdPS -interval 8 -time 60`. No capture shows a controller that has it.
fn power_save_pause(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (place, name) in [(2, "interval"), (4, "time")] {
        let is_there = arguments.word(place).trim_start_matches('-') == name;
        if !is_there || arguments.number(place + 1).is_none() {
            let wrong = if is_there { place + 1 } else { place };
            answer.reject(&unexpected(arguments, wrong));
            return;
        }
    }
    let (hours, start) = (arguments.number(3), arguments.number(5));
    let (Some(hours @ ..=24), Some(start @ ..1440)) = (hours, start) else {
        answer.misread();
        return;
    };
    let change = Change {
        feature: Some(Feature::PowerSaving),
        apply: Box::new(move |info| {
            info.power_save_pause = hours;
            info.power_save_pause_start = start;
        }),
        said: format!("Power savings disabled interval to {hours} hour(s)"),
    };
    each(host, arguments, answer, &change);
}
