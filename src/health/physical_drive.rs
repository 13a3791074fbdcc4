//! Physical drives, missing ones, and hot spares.

use ironkeep_parsers::model::{DriveState, MediaType, PhysicalDrive, VirtualDriveState};

use crate::output::human;

use super::lost::{self, CanWait};
use super::{Code, Findings, Object, Severity, redundancy};
use crate::reading::Part;

pub(super) fn judge(about: &mut Findings<'_>) {
    let controller = about.controller;
    let foreign =
        |drive: &PhysicalDrive| drive.foreign == Some(true) || drive.foreign_locked == Some(true);
    for drive in controller.physical_drives.iter().flatten() {
        let object = Object::PhysicalDrive {
            address: drive.address(),
            serial: drive.serial().map(str::to_owned),
        };
        state(about, drive, &object);
        errors(about, drive, &object);
        temperature(about, drive, &object);
        if foreign(drive) {
            let words = if drive.foreign_locked == Some(true) {
                "it carries a foreign configuration, locked by another security key"
            } else {
                "it carries a foreign configuration"
            };
            about.add(Code::DriveForeign, object.clone(), words);
        }
        if drive.locked == Some(true) {
            about.add(
                Code::DriveLocked,
                object.clone(),
                "it is locked by a security key",
            );
        }
        if drive.needs_ekm_attention == Some(true) {
            about.add(
                Code::DriveLocked,
                object.clone(),
                "its key manager needs attention",
            );
        }
    }
    if !controller.physical_drives.iter().flatten().any(foreign) {
        foreign_configurations(about);
    }
    missing(about);
    spares(about);
}

/// Foreign configurations that no drive shows: those of drives that cannot be read, or a capture
/// without a list of drives.
fn foreign_configurations(about: &mut Findings<'_>) {
    let all = about.controller.foreign.iter().flatten();
    let count = all.filter(|foreign| !foreign.after_import).count();
    if count > 0 {
        let count = human::count(
            u64::try_from(count).unwrap_or(u64::MAX),
            "foreign configuration is",
            "foreign configurations are",
        );
        let reason = format!("{count} known, and no drive shows that it is foreign");
        about.add(Code::ForeignConfiguration, Object::Controller, reason);
    }
}

fn state(about: &mut Findings<'_>, drive: &PhysicalDrive, object: &Object) {
    let model = drive
        .model()
        .map_or_else(String::new, |model| format!(" ({model})"));
    let place = drive.position.map_or_else(String::new, |at| {
        format!(
            ", drive group {} span {} arm {}",
            at.drive_group, at.span, at.arm
        )
    });
    let odd;
    let (code, words) = match &drive.state {
        Some(DriveState::Online) if drive.commissioned_spare == Some(true) => (
            Code::SpareCommissioned,
            "this hot spare serves in the place of a failed drive",
        ),
        Some(
            DriveState::Online
            | DriveState::HotSpare
            | DriveState::UnconfiguredGood
            | DriveState::Jbod,
        ) => return,
        Some(DriveState::Failed) => (Code::DriveFailed, "the drive failed"),
        Some(DriveState::Offline) => (Code::DriveOffline, "the drive is off line"),
        Some(DriveState::UnconfiguredBad) => {
            (Code::DriveUnconfiguredBad, "the drive is marked bad")
        }
        Some(DriveState::Rebuild) => (Code::DriveRebuilding, "the drive is being rebuilt"),
        Some(DriveState::Copyback) => (Code::DriveCopyback, "a copyback to this drive is running"),
        Some(
            DriveState::ConfiguredShielded
            | DriveState::HotSpareShielded
            | DriveState::UnconfiguredShielded,
        ) => (Code::DriveShielded, "the firmware is diagnosing the drive"),
        Some(other) => {
            odd = format!("its state is “{other}”");
            (Code::DriveUnknown, odd.as_str())
        }
        None => (Code::DriveUnknown, "its state was not read"),
    };
    let (severity, why) = if matches!(code, Code::DriveFailed | Code::DriveOffline) {
        CanWait::told(lost::drive(about.controller, drive))
    } else {
        (code.severity(), "")
    };
    let reason = format!("{words}{model}{place}{why}");
    about.add_as(code, severity, object.clone(), reason);
}

/// Errors of the drive itself. The count of other errors is no evidence: commands that a drive does
/// not support raise it, and so do monitoring tools.
fn errors(about: &mut Findings<'_>, drive: &PhysicalDrive, object: &Object) {
    let predicted = drive.predictive_failures.unwrap_or(0);
    if drive.smart_alert == Some(true) || predicted > 0 {
        let reason = match (drive.smart_alert, predicted) {
            (Some(true), 0) => "the drive raised a S.M.A.R.T. alert".to_owned(),
            (Some(true), count) => {
                format!(
                    "the drive raised a S.M.A.R.T. alert and predicted its failure {count} times"
                )
            }
            (_, count) => format!("the drive predicted its failure {count} times"),
        };
        about.add(Code::DriveSmart, object.clone(), reason);
    }
    let media = drive.media_errors.unwrap_or(0);
    // A drive that is out of use endangers nothing any more.
    let in_use = !matches!(
        drive.state,
        Some(DriveState::UnconfiguredBad | DriveState::UnconfiguredGood)
    );
    let severity = if in_use && media >= about.limits.media_errors_critical.max(1) {
        Severity::Critical
    } else if media >= about.limits.media_errors_warning.max(1) {
        Severity::Warning
    } else {
        return;
    };
    let reason = human::count(media, "media error", "media errors");
    about.add_as(Code::DriveMediaErrors, severity, object.clone(), reason);
}

fn temperature(about: &mut Findings<'_>, drive: &PhysicalDrive, object: &Object) {
    let limit = match drive.media_type {
        Some(MediaType::SolidState) => about.limits.solid_state_celsius,
        _ => about.limits.hard_disk_celsius,
    };
    if let Some(temperature) = drive
        .temperature
        .filter(|temperature| temperature.0 >= limit)
    {
        about.add(
            Code::DriveHot,
            object.clone(),
            format!("{} °C, limit {limit} °C", temperature.0),
        );
    }
}

/// Empty places: from the controller's own table, and, where a capture has no such table, from the
/// members of the virtual drives.
fn missing(about: &mut Findings<'_>) {
    let controller = about.controller;
    if let Some(missing) = &controller.missing_drives {
        for place in missing {
            let size = human::bytes(place.expected_size);
            let object = Object::MissingDrive {
                drive_group: place.span_reference,
                arm: place.arm.0,
            };
            let (severity, why) = CanWait::told(lost::place(controller, place));
            let reason = format!("the place is empty; a replacement needs at least {size}{why}");
            about.add_as(Code::DriveMissing, severity, object, reason);
        }
        return;
    }
    for drive in controller.virtual_drives.iter().flatten() {
        for span in &drive.spans {
            for member in span.members.iter().filter(|member| member.drive.is_none()) {
                let object = Object::VirtualDrive {
                    target_id: drive.target_id,
                    name: drive.name.clone(),
                };
                let (severity, why) = CanWait::told(lost::span(drive, span));
                let reason = format!("span {} arm {} has no drive{why}", span.number, member.arm);
                about.add_as(Code::DriveMissing, severity, object, reason);
            }
        }
    }
}

/// No hot spare although something would need one. Information, unless the site asks for more.
fn spares(about: &mut Findings<'_>) {
    let controller = about.controller;
    let (Some(drives), Some(virtual_drives)) =
        (&controller.physical_drives, &controller.virtual_drives)
    else {
        return;
    };
    let redundant = virtual_drives
        .iter()
        .filter(|drive| drive.state != Some(VirtualDriveState::Offline))
        .any(|drive| {
            drive
                .raid_level
                .as_ref()
                .and_then(redundancy::tolerance)
                .is_some_and(|lost| lost > 0)
        });
    // A spare that failed, or that serves as a member already, will take nobody's place.
    let spare = drives.iter().any(|drive| match drive.state {
        Some(DriveState::HotSpare | DriveState::HotSpareShielded) => true,
        None => drive.hot_spare.is_some(),
        Some(_) => false,
    });
    let complete = !controller.unread.contains_key(&Part::PhysicalDrives);
    if redundant && !spare && complete {
        let severity = if about.limits.require_hot_spare {
            Severity::Warning
        } else {
            Severity::Info
        };
        about.add_as(
            Code::NoHotSpare,
            severity,
            Object::Controller,
            "no hot spare is configured",
        );
    }
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{
        Arm, ForeignConfiguration, HotSpare, Member, MissingDrive, RaidLevel, Span, VirtualDrive,
    };
    use ironkeep_parsers::units::{Bytes, Celsius};

    use super::*;
    use crate::health::Thresholds;
    use crate::health::example::{found, reading};
    use crate::reading::Controller;

    fn drive(state: DriveState) -> PhysicalDrive {
        PhysicalDrive {
            state: Some(state),
            ..PhysicalDrive::default()
        }
    }

    fn controller(drive: PhysicalDrive) -> Controller {
        Controller {
            physical_drives: Some(vec![drive]),
            ..Controller::default()
        }
    }

    fn judged(drive: PhysicalDrive) -> Vec<(Code, Severity)> {
        found(controller(drive))
    }

    #[test]
    fn media_errors_of_a_drive_that_is_out_of_use_are_no_emergency() {
        let of = |state| {
            let worn = PhysicalDrive {
                media_errors: Some(1_000),
                ..drive(state)
            };
            let found = judged(worn).into_iter();
            let mut media = found.filter(|(code, _)| *code == Code::DriveMediaErrors);
            media.next().unwrap().1
        };
        assert_eq!(of(DriveState::Online), Severity::Critical);
        assert_eq!(of(DriveState::HotSpare), Severity::Critical);
        assert_eq!(of(DriveState::UnconfiguredBad), Severity::Warning);
    }

    #[test]
    fn every_state_has_its_verdict() {
        let expected = [
            (DriveState::Online, None),
            (DriveState::HotSpare, None),
            (DriveState::UnconfiguredGood, None),
            (DriveState::Jbod, None),
            (DriveState::Failed, Some(Severity::Critical)),
            (DriveState::Offline, Some(Severity::Critical)),
            (DriveState::UnconfiguredBad, Some(Severity::Warning)),
            (DriveState::Rebuild, Some(Severity::Info)),
            (DriveState::Copyback, Some(Severity::Info)),
            (DriveState::ConfiguredShielded, Some(Severity::Warning)),
            (DriveState::HotSpareShielded, Some(Severity::Warning)),
            (DriveState::UnconfiguredShielded, Some(Severity::Warning)),
            (DriveState::Unknown, Some(Severity::Unknown)),
            (DriveState::Other("Odd".to_owned()), Some(Severity::Unknown)),
        ];
        for (state, severity) in expected {
            let found = judged(drive(state.clone()));
            let severities: Vec<_> = found.iter().map(|&(_, severity)| severity).collect();
            assert_eq!(severities, Vec::from_iter(severity), "{state}");
        }
        assert_eq!(
            judged(PhysicalDrive::default()),
            [(Code::DriveUnknown, Severity::Unknown)]
        );
    }

    #[test]
    fn errors_count_whatever_the_drive_is_for() {
        for state in [DriveState::Jbod, DriveState::HotSpare] {
            let drive = PhysicalDrive {
                media_errors: Some(2),
                predictive_failures: Some(1),
                ..drive(state)
            };
            let expected = [
                (Code::DriveSmart, Severity::Warning),
                (Code::DriveMediaErrors, Severity::Warning),
            ];
            assert_eq!(judged(drive), expected);
        }
    }

    #[test]
    fn other_errors_are_no_evidence() {
        let drive = PhysicalDrive {
            other_errors: Some(5000),
            ..drive(DriveState::Online)
        };
        assert_eq!(judged(drive), []);
    }

    #[test]
    fn a_failed_drive_that_predicted_it_is_still_critical() {
        let drive = PhysicalDrive {
            predictive_failures: Some(4),
            ..drive(DriveState::Failed)
        };
        assert_eq!(judged(drive)[0], (Code::DriveFailed, Severity::Critical));
    }

    #[test]
    fn media_errors_follow_the_limits_and_none_are_never_a_fault() {
        let judged = |errors, warning, critical| -> Vec<Severity> {
            let drive = PhysicalDrive {
                media_errors: Some(errors),
                ..drive(DriveState::Online)
            };
            let limits = Thresholds {
                media_errors_warning: warning,
                media_errors_critical: critical,
                ..Thresholds::default()
            };
            let findings = crate::health::judge(&reading(vec![controller(drive)]), &limits);
            findings.iter().map(|finding| finding.severity).collect()
        };
        assert_eq!(judged(99, 1, 100), [Severity::Warning]);
        assert_eq!(judged(100, 1, 100), [Severity::Critical]);
        // A critical limit below that of warnings holds all the same.
        assert_eq!(judged(20, 50, 10), [Severity::Critical]);
        assert_eq!(judged(0, 0, 0), []);
        assert_eq!(judged(1, 0, 0), [Severity::Critical]);
    }

    #[test]
    fn a_solid_state_drive_may_be_warmer_than_a_hard_disk() {
        let at = |media_type| PhysicalDrive {
            temperature: Some(Celsius(65)),
            media_type,
            ..drive(DriveState::Online)
        };
        assert_eq!(judged(at(Some(MediaType::SolidState))), []);
        for media_type in [Some(MediaType::HardDisk), None] {
            assert_eq!(
                judged(at(media_type)),
                [(Code::DriveHot, Severity::Warning)]
            );
        }
    }

    #[test]
    fn foreign_and_locked_drives_are_told_once_each() {
        let drive = PhysicalDrive {
            foreign: Some(true),
            foreign_locked: Some(true),
            locked: Some(true),
            ..drive(DriveState::UnconfiguredGood)
        };
        let expected = [
            (Code::DriveForeign, Severity::Warning),
            (Code::DriveLocked, Severity::Warning),
        ];
        assert_eq!(judged(drive), expected);
    }

    #[test]
    fn a_foreign_configuration_that_no_drive_shows_is_told() {
        let listed = |foreign, after_import| {
            let mut controller = controller(PhysicalDrive {
                foreign: Some(foreign),
                ..drive(DriveState::UnconfiguredGood)
            });
            controller.foreign = Some(vec![ForeignConfiguration {
                after_import,
                ..ForeignConfiguration::default()
            }]);
            found(controller)
                .into_iter()
                .map(|(code, _)| code)
                .collect::<Vec<_>>()
        };
        assert_eq!(listed(false, false), [Code::ForeignConfiguration]);
        assert_eq!(listed(true, false), [Code::DriveForeign]);
        assert_eq!(listed(false, true), []);
    }

    fn mirror(members: Vec<Member>) -> VirtualDrive {
        VirtualDrive {
            raid_level: Some(RaidLevel::Raid1),
            state: Some(VirtualDriveState::Optimal),
            spans: vec![Span { number: 0, members }],
            ..VirtualDrive::default()
        }
    }

    #[test]
    fn an_empty_place_is_told_from_the_table_or_else_from_the_members() {
        let empty = Member {
            arm: Arm(1),
            drive: None,
        };
        let codes = |missing_drives| -> usize {
            let controller = Controller {
                virtual_drives: Some(vec![mirror(vec![empty.clone()])]),
                missing_drives,
                ..Controller::default()
            };
            let found = found(controller);
            found
                .iter()
                .filter(|&&(code, _)| code == Code::DriveMissing)
                .count()
        };
        assert_eq!(codes(None), 1);
        let row = MissingDrive {
            index: 0,
            span_reference: 0,
            arm: Arm(1),
            expected_size: Bytes(1 << 30),
        };
        assert_eq!(codes(Some(vec![row])), 1);
    }

    /// Whether `spare`, beside a mirror, is one.
    fn is_spare(spare: PhysicalDrive) -> bool {
        let mut controller = controller(spare);
        controller.virtual_drives = Some(vec![mirror(Vec::new())]);
        let found = found(controller);
        !found.contains(&(Code::NoHotSpare, Severity::Info))
    }

    #[test]
    fn a_hot_spare_that_failed_or_serves_already_is_no_spare() {
        let once = |state| PhysicalDrive {
            hot_spare: Some(HotSpare::default()),
            ..drive(state)
        };
        assert!(is_spare(drive(DriveState::HotSpare)));
        assert!(!is_spare(drive(DriveState::UnconfiguredGood)));
        assert!(!is_spare(once(DriveState::Failed)));
        assert!(!is_spare(once(DriveState::Online)));
    }

    #[test]
    fn a_commissioned_spare_is_worth_knowing() {
        let serves = |state| PhysicalDrive {
            commissioned_spare: Some(true),
            ..drive(state)
        };
        assert_eq!(
            judged(serves(DriveState::Online)),
            [(Code::SpareCommissioned, Severity::Info)]
        );
        assert_eq!(judged(serves(DriveState::HotSpare)), []);
    }
}
