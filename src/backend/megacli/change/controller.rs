//! Changes of a controller as a whole.

use std::time::Duration;

use super::{reading, virtual_drives, words};
use crate::change::configuration::ConfigurationAction;
use crate::change::controller::{BiosSetting, ControllerAction as Action};
use crate::change::{ConfigurationChange, ControllerChange, FirmwareChange};
use crate::runner::Invocation;

pub(super) fn invocation(change: &ControllerChange) -> Invocation {
    match change.action {
        Action::SilenceAlarm => words(["-AdpSetProp", "AlarmSilence"]),
        Action::SetTime(time) => {
            let (day, hour) = (time.strftime("%Y%m%d"), time.strftime("%H:%M:%S"));
            words(["-AdpSetTime".to_owned(), day.to_string(), hour.to_string()])
        }
        Action::FlushCache => words(["-AdpCacheFlush"]),
        Action::Bios(setting) => words(["-AdpBIOS", bios(setting)]),
        Action::SetBootDrive(target) => {
            words(["-AdpBootDrive", "-Set", &virtual_drives(&[target])])
        }
        Action::UnsetBootDrive(target) => {
            words(["-AdpBootDrive", "-Unset", &virtual_drives(&[target])])
        }
        Action::Diagnose(seconds) => Invocation {
            // It answers when the test is over.
            at_least: Duration::from_secs(u64::from(seconds) + 60),
            ..words(["-AdpDiag".to_owned(), seconds.to_string()])
        },
        Action::FactoryDefaults => words(["-AdpFacDefSet"]),
        Action::ShutDown => words(["-AdpShutDown"]),
    }
}

fn bios(setting: BiosSetting) -> &'static str {
    match setting {
        BiosSetting::Enabled(true) => "-Enbl",
        BiosSetting::Enabled(false) => "-Dsbl",
        BiosSetting::AutoSelectBoot(true) => "EnblAutoSelectBootLd",
        BiosSetting::AutoSelectBoot(false) => "DsblAutoSelectBootLd",
        BiosSetting::StopOnErrors => "-SOE",
        BiosSetting::IgnoreErrors => "-BE",
        BiosSetting::HeadlessContinue => "-HCOE",
        BiosSetting::HeadlessSafeMode => "-HSM",
    }
}

pub(super) fn configuration(change: &ConfigurationChange) -> Invocation {
    const FILE: &str = "configuration";
    match &change.action {
        // Without it, MegaCLI refuses where the host boots from the controller: which was checked.
        ConfigurationAction::Clear => words(["-CfgClr", "-Force"]),
        ConfigurationAction::Restore(file) => {
            reading(["-CfgRestore", "-f", FILE], FILE, &file.bytes)
        }
    }
}

/// Writing the flash memory takes minutes; nobody knows what a controller is in the middle of it.
const FLASH: Duration = Duration::from_mins(20);

pub(super) fn firmware(change: &FirmwareChange) -> Invocation {
    const FILE: &str = "firmware.rom";
    let mut arguments = vec!["-AdpFwFlash", "-f", FILE];
    if change.no_signature_check {
        arguments.push("-NoSigChk");
    }
    if change.no_version_check {
        arguments.push("-NoVerChk");
    }
    Invocation {
        at_least: FLASH,
        ..reading(arguments, FILE, &change.image.bytes)
    }
}
