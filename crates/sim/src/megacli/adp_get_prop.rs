//! `-AdpGetProp NAME`: a property of every controller. [`PROPERTIES`] is the one list of them.

use super::answer::line;
use super::words::{coercion, enabled};
use super::{Answer, Arguments, firmware_status, opcode, selected};
use crate::state::bits::{drive_operations, operations2, switches, virtual_drive_operations};
use crate::state::{Controller, Host, Info, battery_status};

/// How a property is answered.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// With the properties; MegaCLI dies where the firmware does not give them.
    Read(fn(&Info) -> String),
    /// With the controller's information, which it has already.
    Known(fn(&Info) -> String),
    /// As [`Kind::Read`], where unused drives can be spun down.
    SpinDown(fn(&Info) -> String),
    /// Where virtual drives can save power.
    PowerSaving(fn(&Info) -> String),
    /// By the alarm.
    Alarm,
    /// By the battery.
    WriteBack,
    /// Where protection information is supported.
    Protection,
    /// For no controller that was ever captured; for every controller in turn.
    UnsupportedEach(&'static str),
    /// For no controller that was ever captured; once, as an error.
    Unsupported(&'static str),
    /// The firmware knows no such operation.
    Refused,
}

/// A property by its name on the command line, and how it is answered: with what stands behind
/// `Adapter 0`.
const PROPERTIES: &[(&str, Kind)] = &[
    (
        "AbortCCOnError",
        Kind::Read(|it| format!(": Abort CC on Error : {}.", it.abort_check_on_error)),
    ),
    ("AlarmDsply", Kind::Alarm),
    (
        "AutoDetectBackPlaneDsbl",
        Kind::Read(|it| {
            format!(
                ": AutoDetect BackPlane Disabled : {}.",
                backplanes(it.no_backplane_detection)
            )
        }),
    ),
    (
        "AutoEnhancedImportDsply",
        Kind::Read(|it| {
            format!(
                ":Auto Enhanced Import is {}",
                switch(it, switches::AUTO_IMPORT)
            )
        }),
    ),
    (
        "BatWarnDsbl",
        Kind::Read(|it| {
            format!(
                ": Battery Warning : {}",
                enabled(it.no_battery_warning == 0)
            )
        }),
    ),
    (
        "BgiRate",
        Kind::Read(|it| format!(": BGI Rate = {}%", it.background_rate)),
    ),
    (
        "BootWithPinnedCache",
        Kind::Read(|it| {
            format!(
                ": Boot with Pinned Cache : {}.",
                switch(it, switches::BOOT_WITH_PRESERVED_CACHE)
            )
        }),
    ),
    (
        "CacheFlushInterval",
        Kind::Read(|it| format!(": Cache Flush Interval = {}s", it.flush_interval)),
    ),
    (
        "CCRate",
        Kind::Read(|it| format!(": Check Consistency Rate = {}%", it.consistency_rate)),
    ),
    (
        "ClusterEnable",
        Kind::Read(|it| format!(": Cluster : {}", enabled(it.cluster != 0))),
    ),
    (
        "CoercionMode",
        Kind::Read(|it| format!(": Coercion Mode : {}", coercion(it.coercion_mode))),
    ),
    (
        "CopyBackDsbl",
        Kind::Read(|it| format!(": Copyback: {}", unless(it, switches::NO_COPYBACK))),
    ),
    (
        "DefaultLdPSPolicy",
        Kind::PowerSaving(|it| {
            let policy = match it.power_save_policy {
                0 => "Controller defined",
                other => power_save(other),
            };
            format!(": Default power savings policy : {policy} ")
        }),
    ),
    (
        "DisableLdPsInterval",
        Kind::PowerSaving(|it| {
            format!(
                ": Power savings disabled interval : {} hour(s) ",
                it.power_save_pause
            )
        }),
    ),
    (
        "DisableLdPsTime",
        Kind::PowerSaving(|it| {
            let start = it.power_save_pause_start;
            format!(
                ": Power savings disabled time : {}:{} ",
                start / 60,
                start % 60
            )
        }),
    ),
    (
        "DisableOCR",
        Kind::Read(|it| {
            format!(
                ": Online Controller Reset : {}.",
                unless(it, switches::NO_ONLINE_RESET)
            )
        }),
    ),
    ("DPMenable", Kind::Refused),
    ("DsblCacheBypass", Kind::UnsupportedEach("Not Supported")),
    (
        "DsblSpinDownHSP",
        Kind::SpinDown(|it| {
            format!(
                ": Spin Down of Hot Spares: {}",
                unless(it, switches::NO_SPIN_DOWN_SPARES)
            )
        }),
    ),
    (
        "EccBucketCount",
        Kind::Known(|it| format!(": Ecc Bucket Count : {}", it.ecc_buckets)),
    ),
    (
        "EccBucketLeakRate",
        Kind::Read(|it| format!(": Ecc Bucket Leak Rate: {}minutes", it.ecc_leak_rate)),
    ),
    (
        "EccBucketSize",
        Kind::Read(|it| format!(": Ecc Bucket Size : {}", it.ecc_bucket_size)),
    ),
    ("ENABLEEGHSP", Kind::Unsupported(EMERGENCY)),
    ("ENABLEESMARTER", Kind::Unsupported(EMERGENCY)),
    ("ENABLEEUG", Kind::Unsupported(EMERGENCY)),
    (
        "EnableJBOD",
        Kind::Read(|it| format!(": JBOD: {}", switch(it, switches::JBOD))),
    ),
    ("enblPI", Kind::Protection),
    (
        "EnblSpinDownUnConfigDrvs",
        Kind::SpinDown(|it| {
            let is = switch(it, switches::SPIN_DOWN_UNCONFIGURED);
            format!(": Spin Down of UnConfigured Drives: {is}")
        }),
    ),
    (
        "ExposeEnclDevicesEnbl",
        Kind::Read(|it| {
            format!(
                ": Expose Enclosure Devices is: {}",
                enabled(it.expose_enclosures != 0)
            )
        }),
    ),
    (
        "ForceSGPIO",
        Kind::Read(|it| format!(": ForceSGPIO : {}", switch(it, switches::FORCE_SGPIO))),
    ),
    (
        "LoadBalanceMode",
        Kind::Read(|it| format!(": Load Balance Mode: {}", load_balance(it.load_balance))),
    ),
    (
        "MaintainPdFailHistoryEnbl",
        Kind::Read(|it| {
            format!(
                ": Maintain PD Fail History is: {}",
                enabled(it.keep_failure_history != 0)
            )
        }),
    ),
    (
        "NCQDsply",
        Kind::Read(|it| format!(": NCQ Status is {}", unless(it, switches::NO_NCQ))),
    ),
    (
        "PatrolReadRate",
        Kind::Read(|it| format!(": Patrol Read Rate = {}%", it.patrol_rate)),
    ),
    ("Perfmode", Kind::Unsupported(TUNING)),
    ("PerfModeValues", Kind::Unsupported(TUNING)),
    (
        "PrCorrectUncfgdAreas",
        Kind::Read(|it| {
            let is = switch(it, switches::PATROL_CORRECTS_UNCONFIGURED);
            format!(": PR Correct Unconfigured Areas: {is}")
        }),
    ),
    (
        "PredFailPollInterval",
        Kind::Read(|it| {
            format!(
                ": Predictive Fail Poll Interval = {}s",
                it.predictive_failure_poll
            )
        }),
    ),
    (
        "PreventPIImport",
        Kind::Read(|it| {
            format!(
                ": Prevent foreign PI Import : {}",
                switch(it, switches::NO_PROTECTED_IMPORT)
            )
        }),
    ),
    (
        "RebuildRate",
        Kind::Read(|it| format!(": Rebuild Rate = {}%", it.rebuild_rate)),
    ),
    (
        "ReconRate",
        Kind::Read(|it| format!(": Reconstruction Rate = {}%", it.reconstruction_rate)),
    ),
    (
        "RstrHotSpareOnInsert",
        Kind::Read(|it| {
            let is = enabled(it.restore_hot_spare_on_insertion != 0);
            format!(": Restore Hot Spare on Insertion : {is}.")
        }),
    ),
    (
        "SMARTCpyBkEnbl",
        Kind::Read(|it| {
            format!(
                ": Copyback on SMART error: {}",
                switch(it, switches::SMART_COPYBACK)
            )
        }),
    ),
    (
        "SpinDownTime",
        Kind::SpinDown(|it| format!(": Spin Down time is: {} Minutes", it.spin_down_time)),
    ),
    (
        "SpinupDelay",
        Kind::Read(|it| format!(": Spinup Drive Delay = {}s", it.spin_up_delay)),
    ),
    (
        "SpinupDriveCount",
        Kind::Read(|it| format!(": Spinup Drive Count = {}", it.spin_up_count)),
    ),
    (
        "SpinUpEncDelay",
        Kind::PowerSaving(|it| {
            format!(
                ": Spin up enclosure delay : {} second(s) ",
                it.enclosure_spin_up_delay
            )
        }),
    ),
    (
        "SpinUpEncDrvCnt",
        Kind::PowerSaving(|it| {
            format!(
                ": Spin up enclosure drive count : {} ",
                it.enclosure_spin_up_count
            )
        }),
    ),
    (
        "SSDSMARTCpyBkEnbl",
        Kind::Read(|it| {
            let is = switch(it, switches::SSD_SMART_COPYBACK);
            format!(": Copyback on SMART error for SSD device: {is}")
        }),
    ),
    (
        "SupportSSDPatrolRead",
        Kind::Read(|it| {
            format!(
                ": Patrol Read on SSD Devices: {}",
                switch(it, switches::SSD_PATROL_READ)
            )
        }),
    ),
    (
        "UseDiskActivityforLocate",
        Kind::Read(|it| {
            let is = switch(it, switches::LOCATE_BY_ACTIVITY);
            format!(": Use disk activity for locate : {is} ")
        }),
    ),
    (
        "UseFDEOnlyEncrypt",
        Kind::Read(|it| format!(": FDE Only Encryption: {}", switch(it, switches::FDE_ONLY))),
    ),
    ("WBSupport", Kind::WriteBack),
];

/// What a controller without emergency spares is said to lack.
pub(super) const EMERGENCY: &str = "Adapter does not support Emergency Spare.";
/// What a firmware without performance tuning is said to lack.
pub(super) const TUNING: &str = "Fw Not Support Perf Tuning";

/// What a controller must have for some of its properties.
#[derive(Debug, Clone, Copy)]
pub(super) enum Feature {
    /// Unused drives can be spun down.
    SpinDown,
    /// Virtual drives can save power.
    PowerSaving,
    /// Protection information.
    Protection,
}

impl Feature {
    pub(super) fn is_in(self, info: &Info) -> bool {
        let (has, bit) = match self {
            Self::SpinDown => (info.drive_operations, drive_operations::POWER_STATE),
            Self::PowerSaving => (
                info.virtual_drive_operations,
                virtual_drive_operations::POWER_SAVINGS,
            ),
            Self::Protection => (info.operations2, operations2::PROTECTION),
        };
        has & bit != 0
    }

    /// Says that a controller does not have it; `false` if the command ends there.
    pub(super) fn refuse(self, number: u32, answer: &mut Answer) -> bool {
        match self {
            Self::SpinDown => line!(
                answer,
                "\nAdapter {number}: Spin Down of UnConfigured drive option is not supported."
            ),
            Self::PowerSaving => {
                let lacking = "Adapter does not support Power savings on logical drives.";
                return unsupported(lacking, answer);
            }
            Self::Protection => line!(answer, "Adapter {number}: PI is not supported."),
        }
        true
    }
}

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let name = arguments.words.get(1).map_or("", String::as_str);
    let bare = name.trim_start_matches('-');
    let property = PROPERTIES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(bare));
    let Some((_, kind)) = property else {
        answer.reject(name);
        return;
    };
    for (number, controller) in selected(host, arguments) {
        if !tell(*kind, number, controller, answer) {
            return;
        }
    }
}

/// Tells a property of a controller; `false` if the command ends there.
fn tell(kind: Kind, number: u32, controller: &Controller, answer: &mut Answer) -> bool {
    let info = &controller.info;
    match kind {
        Kind::Read(sentence) => return read(sentence, number, controller, answer),
        Kind::Known(sentence) => line!(answer, "Adapter {number}{}", sentence(info)),
        Kind::SpinDown(sentence) => {
            if Feature::SpinDown.is_in(info) {
                return read(sentence, number, controller, answer);
            }
            return Feature::SpinDown.refuse(number, answer);
        }
        Kind::PowerSaving(sentence) => {
            if !Feature::PowerSaving.is_in(info) {
                return Feature::PowerSaving.refuse(number, answer);
            }
            line!(answer, "\n Adapter {number}{}", sentence(info));
        }
        Kind::Alarm => alarm(number, controller, answer),
        Kind::WriteBack => return write_back(number, controller, answer),
        Kind::Protection => {
            if Feature::Protection.is_in(info) {
                let sentence = |it: &Info| format!(": PI : {}", switch(it, switches::PROTECTION));
                return read(sentence, number, controller, answer);
            }
            return Feature::Protection.refuse(number, answer);
        }
        Kind::UnsupportedEach(lacking) => line!(answer, "{lacking}"),
        Kind::Unsupported(lacking) => return unsupported(lacking, answer),
        Kind::Refused => {
            line!(
                answer,
                "Adapter {number}: Failed to Get Adapter Properties."
            );
            firmware_status::explain(firmware_status::INVALID_COMMAND, answer);
            return false;
        }
    }
    true
}

fn read(
    sentence: fn(&Info) -> String,
    number: u32,
    controller: &Controller,
    answer: &mut Answer,
) -> bool {
    if controller.fault(opcode::PROPERTIES).is_some() {
        answer.crash();
        return false;
    }
    line!(answer, "Adapter {number}{}", sentence(&controller.info));
    true
}

fn unsupported(lacking: &str, answer: &mut Answer) -> bool {
    line!(answer, "{lacking}");
    answer.status = 1;
    false
}

fn alarm(number: u32, controller: &Controller, answer: &mut Answer) {
    if let Some(status) = controller.fault(opcode::ALARM_STATE) {
        line!(
            answer,
            "Adapter {number}: Failed to Get Adapter Properties."
        );
        firmware_status::explain(status, answer);
        return;
    }
    let is = enabled(controller.info.alarm != 0);
    line!(answer, "Adapter {number}: Alarm Status is {is}");
}

/// Whether the battery lets the cache be used for writes.
fn write_back(number: u32, controller: &Controller, answer: &mut Answer) -> bool {
    let needed = [opcode::CONFIGURATION, opcode::DRIVE_LIST];
    if needed.iter().any(|it| controller.fault(*it).is_some()) {
        answer.crash();
        return false;
    }
    let battery = controller.battery.as_ref();
    let battery = battery.filter(|_| controller.fault(opcode::BATTERY_STATUS).is_none());
    let mut is_possible = battery.is_some();
    let Some(battery) = battery else {
        line!(answer, "Adapter {number}: Get BBU Status Failed.");
        line!(answer, "\nAdapter {number}: Write Back is not possible now");
        return true;
    };
    for (bit, obstacle) in [
        (
            battery_status::LEARN_ACTIVE,
            "Learn cycle is active currently",
        ),
        (battery_status::REPLACE_PACK, "Battery needs replacement"),
    ] {
        if battery.firmware_status & bit != 0 {
            line!(answer, "{obstacle}");
            is_possible = false;
        }
    }
    let not = if is_possible { "" } else { "not " };
    line!(
        answer,
        "\nAdapter {number}: Write Back is {not}possible now"
    );
    true
}

fn switch(info: &Info, bit: u32) -> &'static str {
    enabled(info.switches & bit != 0)
}

/// As [`switch`], of a bit that switches off.
fn unless(info: &Info, bit: u32) -> &'static str {
    enabled(info.switches & bit == 0)
}

/// Kinds of backplanes by their bits.
pub(super) fn backplanes(bits: u32) -> &'static str {
    match bits & 3 {
        0 => "None",
        1 => "SGPIO",
        2 => "i2c SEP",
        _ => "SGPIO/i2c SEP",
    }
}

/// Modes of spreading load over two paths.
pub(super) fn load_balance(mode: u32) -> &'static str {
    if mode == 0 { "Auto" } else { "None" }
}

/// Power savings of virtual drives.
pub(super) fn power_save(policy: u32) -> &'static str {
    match policy {
        1 => "Automatic",
        2 => "None",
        3 => "Maximum",
        4 => "Maximum without caching",
        _ => "Controller Defined",
    }
}
