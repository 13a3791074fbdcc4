//! Physical drives, their work, and the links that they hang on.

use std::collections::HashSet;
use std::fmt::{self, Display};

use ironkeep_parsers::model::{
    DriveAddress, DriveState, HotSpareKind, Inquiry, Interface, MediaType, PhysicalDrive, Position,
    Power, TargetId,
};

use super::{Maybe, running};
use crate::exporter::exposition::Exposition;
use crate::exporter::family::families;
use crate::reading::Controller;

pub(super) const STATES: &[&str] = &[
    "online",
    "rebuild",
    "copyback",
    "failed",
    "offline",
    "hot_spare_global",
    "hot_spare_dedicated",
    "hot_spare",
    "unconfigured_good",
    "unconfigured_bad",
    "jbod",
    "shielded",
    "unknown",
];

families! {
    INFO = "megaraid_physical_drive_info", Info,
        ["controller", "enclosure", "slot", "device_id", "vendor_model", "serial", "firmware", "interface", "media", "wwn"],
        "Identity of a physical drive.";
    MEMBERSHIP = "megaraid_physical_drive_membership_info", Info,
        ["controller", "enclosure", "slot", "drive_group", "span", "arm", "virtual_drive"],
        "What a physical drive belongs to: one series for each virtual drive of its drive group. It changes with a rebuild or a copyback.";
    STATE = "megaraid_physical_drive_state", Gauge, ["controller", "enclosure", "slot", "state"] of STATES,
        "The firmware's state of a physical drive. A hot spare without global or dedicated is one of which nothing tells whom it serves. A missing drive has no slot: see megaraid_missing_drive_expected_size_bytes.";
    SPUN_UP = "megaraid_physical_drive_spun_up", Gauge, ["controller", "enclosure", "slot"],
        "1 if the drive turns, 0 if it stopped to save power, as hot spares do: no fault.";
    FOREIGN = "megaraid_physical_drive_foreign", Gauge, ["controller", "enclosure", "slot"],
        "1 if the drive carries the configuration of another controller.";
    COMMISSIONED = "megaraid_physical_drive_commissioned_spare", Gauge, ["controller", "enclosure", "slot"],
        "1 if a hot spare serves in the place of a drive that failed.";
    EMERGENCY = "megaraid_physical_drive_emergency_spare", Gauge, ["controller", "enclosure", "slot"],
        "1 if an unconfigured drive was taken as a spare because there was no other.";
    SIZE = "megaraid_physical_drive_size_bytes", Gauge, ["controller", "enclosure", "slot"],
        "What the controller uses of a drive, from the exact number of sectors: the coerced size.";
    SECTOR = "megaraid_physical_drive_sector_size_bytes", Gauge, ["controller", "enclosure", "slot"],
        "Size of a logical sector: 512 and 4096 do not mix.";
    PHYSICAL_SECTOR = "megaraid_physical_drive_physical_sector_size_bytes", Gauge, ["controller", "enclosure", "slot"],
        "Size of a physical sector.";
    MEDIA_ERRORS = "megaraid_physical_drive_media_errors_total", Counter, ["controller", "enclosure", "slot"],
        "Sectors that the drive could not read or write, since the controller knows it. It begins anew with another drive.";
    OTHER_ERRORS = "megaraid_physical_drive_other_errors_total", Counter, ["controller", "enclosure", "slot"],
        "Commands that failed otherwise. Commands that a drive does not support raise it too, and so may monitoring itself: do not alert on it alone.";
    PREDICTIVE = "megaraid_physical_drive_predictive_failures_total", Counter, ["controller", "enclosure", "slot"],
        "Times that the drive predicted its failure.";
    LAST_PREDICTIVE = "megaraid_physical_drive_last_predictive_failure_event_seq", Gauge, ["controller", "enclosure", "slot"],
        "The number of the event that told of the last predicted failure; 0 where there was none.";
    SMART = "megaraid_physical_drive_smart_alert", Gauge, ["controller", "enclosure", "slot"],
        "1 if the drive itself raised a S.M.A.R.T. alert: replace it.";
    SHIELD = "megaraid_physical_drive_shield_errors_total", Counter, ["controller", "enclosure", "slot"],
        "Times that the firmware took the drive out of use to diagnose it.";
    TEMPERATURE = "megaraid_physical_drive_temperature_celsius", Gauge, ["controller", "enclosure", "slot"],
        "Temperature of the drive.";
    LINK_SPEED = "megaraid_physical_drive_link_speed_bytes_per_second", Gauge, ["controller", "enclosure", "slot"],
        "Speed of the link to the drive, as negotiated: 6 Gb/s are 750000000 bytes a second.";
    DEVICE_SPEED = "megaraid_physical_drive_device_speed_bytes_per_second", Gauge, ["controller", "enclosure", "slot"],
        "Speed that the drive itself is made for: 6 Gb/s are 750000000 bytes a second.";
    SECURED = "megaraid_physical_drive_secured", Gauge, ["controller", "enclosure", "slot"],
        "1 if a self-encrypting drive is locked with a key.";
    LOCKED = "megaraid_physical_drive_locked", Gauge, ["controller", "enclosure", "slot"],
        "1 if a self-encrypting drive cannot be read at present, because its key is not there.";
    EKM = "megaraid_physical_drive_needs_ekm_attention", Gauge, ["controller", "enclosure", "slot"],
        "1 if the drive waits for a key of an external key manager.";
    PROGRESS = "megaraid_physical_drive_operation_progress_ratio", Gauge, ["controller", "enclosure", "slot", "operation"],
        "How far a long operation is. Present only while it runs.";
    ELAPSED = "megaraid_physical_drive_operation_elapsed_seconds", Gauge, ["controller", "enclosure", "slot", "operation"],
        "How long an operation has been running, in whole minutes. Present only while it runs.";
    INVALID_DWORDS = "megaraid_phy_invalid_dwords_total", Counter, ["controller", "phy"],
        "Words on a SAS link that were no words: a bad cable, backplane or expander. Read only with phy_errors = true in the section export of the configuration, as all families of links.";
    DISPARITY = "megaraid_phy_disparity_errors_total", Counter, ["controller", "phy"],
        "Errors of running disparity on a SAS link.";
    SYNC_LOSSES = "megaraid_phy_dword_sync_losses_total", Counter, ["controller", "phy"],
        "Times that a SAS link lost its synchronisation.";
    RESETS = "megaraid_phy_reset_problems_total", Counter, ["controller", "phy"],
        "Times that the reset of a SAS link failed.";
}

pub(super) fn describe(known: &Controller, controller: &dyn Display, metrics: &mut Exposition) {
    let drives = known.physical_drives.iter().flatten();
    for (address, drive) in drives.filter_map(|drive| Some((drive.address()?, drive))) {
        let at: [&dyn Display; 3] = [controller, &Maybe(address.enclosure), &address.slot];
        identity(drive, &at, metrics);
        metrics.add_states(&STATE, &at, state(drive));
        flags(drive, &at, metrics);
        measured(drive, &at, metrics);
    }
    memberships(known, controller, metrics);
    for (running, operation, progress) in running(known.drive_operations.iter().flatten()) {
        if let Some(address) = running.physical_drive {
            let enclosure = Maybe(address.enclosure);
            let at: [&dyn Display; 4] = [controller, &enclosure, &address.slot, &operation];
            metrics.add(&PROGRESS, &at, progress.done);
            metrics.add(&ELAPSED, &at, progress.elapsed);
        }
    }
    for phy in known.phy_errors.iter().flatten() {
        let at: [&dyn Display; 2] = [controller, &phy.number];
        metrics.add_some(&INVALID_DWORDS, &at, phy.invalid_dwords);
        metrics.add_some(&DISPARITY, &at, phy.running_disparity_errors);
        metrics.add_some(&SYNC_LOSSES, &at, phy.losses_of_dword_synchronization);
        metrics.add_some(&RESETS, &at, phy.reset_problems);
    }
}

/// The value of the label `state`.
pub(super) fn state(drive: &PhysicalDrive) -> &'static str {
    match &drive.state {
        Some(DriveState::Online) => "online",
        Some(DriveState::Rebuild) => "rebuild",
        Some(DriveState::Copyback) => "copyback",
        Some(DriveState::Failed) => "failed",
        Some(DriveState::Offline) => "offline",
        Some(DriveState::HotSpare) => {
            match drive
                .hot_spare
                .as_ref()
                .and_then(|spare| spare.kind.as_ref())
            {
                Some(HotSpareKind::Global) => "hot_spare_global",
                Some(HotSpareKind::Dedicated) => "hot_spare_dedicated",
                Some(HotSpareKind::Other(_) | _) | None => "hot_spare",
            }
        }
        Some(DriveState::UnconfiguredGood) => "unconfigured_good",
        Some(DriveState::UnconfiguredBad) => "unconfigured_bad",
        Some(DriveState::Jbod) => "jbod",
        Some(
            DriveState::ConfiguredShielded
            | DriveState::HotSpareShielded
            | DriveState::UnconfiguredShielded,
        ) => "shielded",
        Some(DriveState::Unknown | DriveState::Other(_) | _) | None => "unknown",
    }
}

fn identity(drive: &PhysicalDrive, at: &[&dyn Display; 3], metrics: &mut Exposition) {
    let [controller, enclosure, slot] = at;
    let inquiry = drive.inquiry.as_ref();
    let firmware = drive.firmware.as_ref();
    metrics.add(
        &INFO,
        &[
            controller,
            enclosure,
            slot,
            &Maybe(drive.device_id),
            &Maybe(inquiry.map(VendorModel)),
            &Maybe(drive.serial()),
            &Maybe(firmware.or_else(|| inquiry?.firmware.as_ref())),
            &Maybe(drive.interface.as_ref().map(Interface::token)),
            &Maybe(drive.media_type.as_ref().map(MediaType::token)),
            &Maybe(drive.wwn),
        ],
        true,
    );
}

/// What a drive calls itself. Where the text does not tell its parts, all of it.
struct VendorModel<'a>(&'a Inquiry);

impl Display for VendorModel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inquiry {
            raw, vendor, model, ..
        } = self.0;
        match (vendor, model) {
            (Some(vendor), Some(model)) => write!(f, "{vendor} {model}"),
            (None, Some(model)) => f.write_str(model),
            (_, None) => f.write_str(raw),
        }
    }
}

fn flags(drive: &PhysicalDrive, at: &[&dyn Display; 3], metrics: &mut Exposition) {
    let spun_up = match &drive.power {
        Some(Power::SpunUp) => Some(true),
        Some(Power::SpunDown) => Some(false),
        Some(Power::Transition | Power::Other(_) | _) | None => None,
    };
    for (family, flag) in [
        (&SPUN_UP, spun_up),
        (&FOREIGN, drive.foreign),
        (&COMMISSIONED, drive.commissioned_spare),
        (&EMERGENCY, drive.emergency_spare),
        (&SMART, drive.smart_alert),
        (&SECURED, drive.secured),
        (&LOCKED, drive.locked),
        (&EKM, drive.needs_ekm_attention),
    ] {
        metrics.add_some(family, at, flag);
    }
}

fn measured(drive: &PhysicalDrive, at: &[&dyn Display; 3], metrics: &mut Exposition) {
    for (family, count) in [
        (&MEDIA_ERRORS, drive.media_errors),
        (&OTHER_ERRORS, drive.other_errors),
        (&PREDICTIVE, drive.predictive_failures),
        (&LAST_PREDICTIVE, drive.last_predictive_failure_event),
        (&SHIELD, drive.shield_count),
    ] {
        metrics.add_some(family, at, count);
    }
    metrics.add_some(&SIZE, at, drive.coerced_size);
    // A printed 0 means that the firmware does not say.
    let sector = |size: Option<ironkeep_parsers::units::Bytes>| size.filter(|size| size.0 > 0);
    metrics.add_some(&SECTOR, at, sector(drive.logical_sector_size));
    metrics.add_some(&PHYSICAL_SECTOR, at, sector(drive.physical_sector_size));
    metrics.add_some(&TEMPERATURE, at, drive.temperature);
    metrics.add_some(&LINK_SPEED, at, drive.link_speed);
    metrics.add_some(&DEVICE_SPEED, at, drive.device_speed);
}

/// The members of virtual drives; then drives with a place in a drive group of which no virtual drive is
/// known.
fn memberships(known: &Controller, controller: &dyn Display, metrics: &mut Exposition) {
    let mut add = |address: DriveAddress, place: Position, target: Option<TargetId>| {
        let labels: [&dyn Display; 7] = [
            controller,
            &Maybe(address.enclosure),
            &address.slot,
            &place.drive_group,
            &place.span,
            &place.arm,
            &Maybe(target),
        ];
        metrics.add(&MEMBERSHIP, &labels, true);
    };
    let placed = |drive: &PhysicalDrive| Some((drive.address()?, drive.position?));
    let mut members = HashSet::new();
    for virtual_drive in known.virtual_drives.iter().flatten() {
        let all = virtual_drive.spans.iter().flat_map(|span| &span.members);
        for (address, place) in all.filter_map(|member| placed(member.drive.as_ref()?)) {
            members.insert(address);
            add(address, place, virtual_drive.target_id);
        }
    }
    for (address, place) in known.physical_drives.iter().flatten().filter_map(placed) {
        if !members.contains(&address) {
            add(address, place, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_firmware_has_a_state() {
        for word in DriveState::KNOWN {
            let drive = PhysicalDrive {
                state: Some(word.clone()),
                ..PhysicalDrive::default()
            };
            let state = state(&drive);
            assert!(STATES.contains(&state), "{state}");
            assert_eq!(state == "unknown", *word == DriveState::Unknown, "{word}");
        }
    }

    #[test]
    fn a_drive_whose_inquiry_is_not_told_apart_is_shown_by_all_of_it() {
        let shown = |vendor: Option<&str>, model: Option<&str>| {
            VendorModel(&Inquiry {
                raw: "SEAGATE ST1 SER".into(),
                vendor: vendor.map(Into::into),
                model: model.map(Into::into),
                ..Inquiry::default()
            })
            .to_string()
        };
        assert_eq!(shown(Some("SEAGATE"), Some("ST1")), "SEAGATE ST1");
        assert_eq!(shown(None, Some("ST1")), "ST1");
        assert_eq!(shown(None, None), "SEAGATE ST1 SER");
    }
}
