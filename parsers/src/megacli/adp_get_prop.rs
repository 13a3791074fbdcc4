//! `-AdpGetProp X` and `-AdpAutoRbld -Dsply`: one setting of every controller.
//!
//! Each answer is one sentence with its own punctuation: `Adapter 0: Rebuild Rate = 30%`,
//! `Adapter 0: Alarm Status is Enabled`, `Adapter 0: Spin Down time is: 0 Minutes`,
//! `Adapter 0: Restore Hot Spare on Insertion : Disabled.` The sentence names the setting, so the
//! command that was given need not be known.

use crate::Report;
use crate::grammar;
use crate::model::{
    Backplane, Coercion, ControllerProperty, LoadBalance, PowerSave, Section, WriteBackObstacle,
};
use crate::report::{Complaint, ComplaintKind, Subject};
use crate::scan::Scan;
use crate::text::Line;

/// Reads the setting of every controller.
pub fn adp_get_prop(text: &str) -> Report<Vec<Section<ControllerProperty>>> {
    let mut scan = Scan::new(text);
    let mut properties = Vec::new();
    let mut obstacles = Vec::new();
    while let Some(line) = scan.next() {
        let obstacle = WriteBackObstacle::from_words(line.text);
        if WriteBackObstacle::KNOWN.contains(&obstacle) {
            obstacles.push(obstacle);
            continue;
        }
        let answer = grammar::adapter_prefix(line.text).and_then(|(controller, rest)| {
            let (label, value) = split(rest);
            Some((controller, reader(label)?, value))
        });
        match answer {
            // "PI is not supported." looks like an answer.
            Some((controller, read, value)) if value != "not supported" => {
                let mut property = None;
                scan.set_value(&mut property, &line, value, read);
                if let Some(ControllerProperty::WriteBack {
                    obstacles: known, ..
                }) = &mut property
                {
                    known.append(&mut obstacles);
                }
                properties.extend(property.map(|value| Section {
                    controller: Some(controller),
                    value,
                }));
            }
            _ if is_unsupported(line.text) => scan.complain(unsupported(&line)),
            _ => scan.frame(line),
        }
    }
    if !obstacles.is_empty() {
        scan.gap(
            scan.line_number(),
            "whether write back is possible is not said",
        );
    }
    scan.finish(properties)
}

/// The setting's name and its value.
fn split(sentence: &str) -> (&str, &str) {
    let (label, value) = sentence
        .split_once([':', '='])
        .or_else(|| sentence.split_once(" is "))
        .unwrap_or((sentence, ""));
    let label = label.trim_ascii_end();
    let label = label.strip_suffix(" is").unwrap_or(label);
    (label, value.trim_ascii().trim_end_matches('.'))
}

/// Sentences that name no controller.
fn is_unsupported(text: &str) -> bool {
    text.starts_with("Adapter does not support ")
        || text.starts_with("Fw Not Support ")
        || text == "Not Supported"
}

fn unsupported(line: &Line<'_>) -> Complaint {
    Complaint {
        line: line.number,
        controller: None,
        subject: Subject::Command,
        kind: ComplaintKind::NotSupported,
        text: line.text.to_owned(),
        firmware: None,
    }
}

/// How a value is read.
type Reader = fn(&str) -> Option<ControllerProperty>;

/// How the value behind `label` is read; `None` where no setting has this name.
fn reader(label: &str) -> Option<Reader> {
    switch(label).or_else(|| quantity(label))
}

/// Settings that are on or off.
fn switch(label: &str) -> Option<Reader> {
    use ControllerProperty as Is;
    use grammar::yes_no;
    Some(match label {
        "Abort CC on Error" => |text| zero_or_one(text).map(Is::AbortConsistencyCheckOnError),
        "Alarm Status" => |text| yes_no(text).map(Is::Alarm),
        "Auto Enhanced Import" => |text| yes_no(text).map(Is::AutoEnhancedImport),
        "AutoRebuild" => |text| yes_no(text).map(Is::AutoRebuild),
        "Battery Warning" => |text| yes_no(text).map(Is::BatteryWarning),
        "Boot with Pinned Cache" => |text| yes_no(text).map(Is::BootWithPreservedCache),
        "Cluster" => |text| yes_no(text).map(Is::Cluster),
        "Copyback" => |text| yes_no(text).map(Is::Copyback),
        "Copyback on SMART error" => |text| yes_no(text).map(Is::CopybackOnSmart),
        "Copyback on SMART error for SSD device" => {
            |text| yes_no(text).map(Is::CopybackOnSmartForSolidState)
        }
        "Online Controller Reset" => |text| yes_no(text).map(Is::OnlineControllerReset),
        "Spin Down of Hot Spares" => |text| yes_no(text).map(Is::SpinDownHotSpares),
        "Spin Down of UnConfigured Drives" => |text| yes_no(text).map(Is::SpinDownUnconfigured),
        "JBOD" => |text| yes_no(text).map(Is::Jbod),
        "Expose Enclosure Devices" => |text| yes_no(text).map(Is::ExposeEnclosures),
        "ForceSGPIO" => |text| yes_no(text).map(Is::ForceSgpio),
        "Maintain PD Fail History" => |text| yes_no(text).map(Is::KeepFailedDriveHistory),
        "NCQ Status" => |text| yes_no(text).map(Is::NativeCommandQueuing),
        "PR Correct Unconfigured Areas" => {
            |text| yes_no(text).map(Is::PatrolReadCorrectsUnconfiguredAreas)
        }
        "Prevent foreign PI Import" => |text| yes_no(text).map(Is::PreventProtectedImport),
        "Restore Hot Spare on Insertion" => |text| yes_no(text).map(Is::RestoreHotSpareOnInsertion),
        "Patrol Read on SSD Devices" => |text| yes_no(text).map(Is::SolidStatePatrolRead),
        "Use disk activity for locate" => |text| yes_no(text).map(Is::LocateWithActivityLed),
        "FDE Only Encryption" => |text| yes_no(text).map(Is::UseFdeOnly),
        "PI" => |text| yes_no(text).map(Is::ProtectionInformation),
        "Write Back" => write_back,
        _ => return None,
    })
}

/// Settings with a number or a word.
fn quantity(label: &str) -> Option<Reader> {
    use ControllerProperty as Is;
    use grammar::{decimal, hours, minutes, percent, seconds, small};
    Some(match label {
        "AutoDetect BackPlane Disabled" => {
            |text| Backplane::read(text).map(Is::BackplaneDetectionDisabled)
        }
        "BGI Rate" => |text| percent(text).map(Is::BackgroundInitializationRate),
        "Check Consistency Rate" => |text| percent(text).map(Is::ConsistencyCheckRate),
        "Cache Flush Interval" => |text| seconds(text).map(Is::CacheFlushInterval),
        "Coercion Mode" => |text| Coercion::read(text).map(Is::Coercion),
        "Default power savings policy" => {
            |text| PowerSave::read(text).map(Is::VirtualDrivePowerSave)
        }
        "Power savings disabled interval" => |text| hours(text).map(Is::VirtualDrivePowerSavePause),
        "Power savings disabled time" => {
            |text| grammar::hour_minute(text).map(Is::VirtualDrivePowerSavePauseStart)
        }
        "Ecc Bucket Count" => |text| decimal(text).map(Is::EccBucketCount),
        "Ecc Bucket Leak Rate" => |text| minutes(text).map(Is::EccBucketLeak),
        "Ecc Bucket Size" => |text| decimal(text).map(Is::EccBucketSize),
        "Load Balance Mode" => |text| LoadBalance::read(text).map(Is::LoadBalance),
        "Patrol Read Rate" => |text| percent(text).map(Is::PatrolReadRate),
        "Predictive Fail Poll Interval" => {
            |text| seconds(text).map(Is::PredictiveFailurePollInterval)
        }
        "Rebuild Rate" => |text| percent(text).map(Is::RebuildRate),
        "Reconstruction Rate" => |text| percent(text).map(Is::ReconstructionRate),
        "Spin Down time" => |text| minutes(text).map(Is::SpinDownTime),
        "Spin up enclosure delay" => |text| seconds(text).map(Is::SpinUpEnclosureDelay),
        "Spin up enclosure drive count" => |text| small(text).map(Is::SpinUpEnclosureDrives),
        "Spinup Drive Delay" => |text| seconds(text).map(Is::SpinUpDelay),
        "Spinup Drive Count" => |text| small(text).map(Is::SpinUpDrives),
        _ => return None,
    })
}

/// The one switch that is printed as a number.
fn zero_or_one(text: &str) -> Option<bool> {
    match text {
        "0" => Some(false),
        "1" => Some(true),
        _ => grammar::yes_no(text),
    }
}

/// `possible now` or `not possible now`.
fn write_back(text: &str) -> Option<ControllerProperty> {
    let possible = match text {
        "possible now" => true,
        "not possible now" => false,
        _ => return None,
    };
    Some(ControllerProperty::WriteBack {
        possible,
        obstacles: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ControllerId;
    use crate::units::{Hours, Minutes, Percent, Seconds};

    /// The only value in `text`, which is wholly understood and complains of nothing.
    fn only(text: &str) -> ControllerProperty {
        let mut report = adp_get_prop(text);
        assert_eq!(report.leftovers, [], "{text}");
        assert_eq!(report.complaints, [], "{text}");
        assert_eq!(report.value.len(), 1, "{text}");
        report.value.remove(0).value
    }

    #[test]
    fn every_punctuation_is_understood() {
        use ControllerProperty as Is;
        for (text, value) in [
            (
                "Adapter 0: Rebuild Rate = 30%",
                Is::RebuildRate(Percent(30)),
            ),
            ("Adapter 0: Alarm Status is Disabled", Is::Alarm(false)),
            ("Adapter 0: AutoRebuild is Enabled.", Is::AutoRebuild(true)),
            (
                "Adapter 0:Auto Enhanced Import is Disabled",
                Is::AutoEnhancedImport(false),
            ),
            (
                "Adapter 0: Spin Down time is: 0 Minutes",
                Is::SpinDownTime(Minutes(0)),
            ),
            (
                "Adapter 0: Ecc Bucket Leak Rate: 1440minutes",
                Is::EccBucketLeak(Minutes(1440)),
            ),
            (
                "Adapter 0: Restore Hot Spare on Insertion : Disabled.",
                Is::RestoreHotSpareOnInsertion(false),
            ),
            (
                "Adapter 0: Abort CC on Error : 0.",
                Is::AbortConsistencyCheckOnError(false),
            ),
            (
                "Adapter 0: Copyback on SMART error: Enabled",
                Is::CopybackOnSmart(true),
            ),
            (
                " Adapter 0: Spin up enclosure delay : 0 second(s) ",
                Is::SpinUpEnclosureDelay(Seconds(0)),
            ),
            (
                " Adapter 0: Power savings disabled interval : 3 hour(s) ",
                Is::VirtualDrivePowerSavePause(Hours(3)),
            ),
            (
                " Adapter 0: Power savings disabled time : 4:5 ",
                Is::VirtualDrivePowerSavePauseStart(jiff::civil::time(4, 5, 0, 0)),
            ),
            (
                "Adapter 0: AutoDetect BackPlane Disabled : None.",
                Is::BackplaneDetectionDisabled(Backplane::None),
            ),
        ] {
            assert_eq!(only(text), value);
        }
    }

    #[test]
    fn coercion_is_one_of_three_words() {
        use ControllerProperty::Coercion as Is;
        for (word, value) in [
            ("Disabled", Coercion::None),
            ("128MB", Coercion::Mib128),
            ("1GB", Coercion::Gib1),
        ] {
            assert_eq!(
                only(&format!("Adapter 0: Coercion Mode : {word}")),
                Is(value)
            );
        }
    }

    #[test]
    fn what_stands_against_write_back_comes_first() {
        let report = adp_get_prop(
            "Learn cycle is active currently\nAdapter 0: Write Back is not possible now\n\
             Adapter 1: Write Back is possible now\n\nExit Code: 0x00\n",
        );
        assert!(report.is_complete());
        assert_eq!(
            report.value,
            [
                Section {
                    controller: Some(ControllerId(0)),
                    value: ControllerProperty::WriteBack {
                        possible: false,
                        obstacles: vec![WriteBackObstacle::LearnCycle],
                    }
                },
                Section {
                    controller: Some(ControllerId(1)),
                    value: ControllerProperty::WriteBack {
                        possible: true,
                        obstacles: vec![],
                    }
                }
            ]
        );
    }

    #[test]
    fn what_is_not_supported_is_a_complaint_and_no_value() {
        for (text, controller) in [
            ("Adapter 0: PI is not supported.", Some(ControllerId(0))),
            (
                "Adapter 0: Spin Down of UnConfigured drive option is not supported.",
                Some(ControllerId(0)),
            ),
            ("Adapter does not support Emergency Spare.", None),
            ("Fw Not Support Perf Tuning", None),
            ("Not Supported", None),
        ] {
            let report = adp_get_prop(text);
            assert_eq!((report.value, report.leftovers), (vec![], vec![]), "{text}");
            assert_eq!(
                report.complaints[0].kind,
                ComplaintKind::NotSupported,
                "{text}"
            );
            assert_eq!(report.complaints[0].controller, controller, "{text}");
        }
    }

    #[test]
    fn an_unknown_setting_is_left_over() {
        let report = adp_get_prop("Adapter 0: Flux Rate = 30%\nAdapter 0: Rebuild Rate = much\n");
        assert_eq!(report.value, []);
        assert_eq!(report.leftovers.len(), 2);
    }
}
