//! Physical drives, missing ones, and hot spares.

use ironkeep_parsers::model::{DriveState, MediaType, PhysicalDrive, VirtualDriveState};

use crate::output::human;

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
    let mut add =
        |code, words: &str| about.add(code, object.clone(), format!("{words}{model}{place}"));
    match &drive.state {
        Some(DriveState::Online) if drive.commissioned_spare == Some(true) => add(
            Code::SpareCommissioned,
            "this hot spare serves in the place of a failed drive",
        ),
        Some(
            DriveState::Online
            | DriveState::HotSpare
            | DriveState::UnconfiguredGood
            | DriveState::Jbod,
        ) => {}
        Some(DriveState::Failed) => add(Code::DriveFailed, "the drive failed"),
        Some(DriveState::Offline) => add(Code::DriveOffline, "the drive is off line"),
        Some(DriveState::UnconfiguredBad) => {
            add(Code::DriveUnconfiguredBad, "the drive is marked bad");
        }
        Some(DriveState::Rebuild) => add(Code::DriveRebuilding, "the drive is being rebuilt"),
        Some(DriveState::Copyback) => {
            add(Code::DriveCopyback, "a copyback to this drive is running");
        }
        Some(
            DriveState::ConfiguredShielded
            | DriveState::HotSpareShielded
            | DriveState::UnconfiguredShielded,
        ) => add(Code::DriveShielded, "the firmware is diagnosing the drive"),
        Some(other) => add(Code::DriveUnknown, &format!("its state is “{other}”")),
        None => add(Code::DriveUnknown, "its state was not read"),
    }
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
    let severity = if media >= about.limits.media_errors_critical.max(1) {
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
            about.add(
                Code::DriveMissing,
                object,
                format!("the place is empty; a replacement needs at least {size}"),
            );
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
                let reason = format!("span {} arm {} has no drive", span.number, member.arm);
                about.add(Code::DriveMissing, object, reason);
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
