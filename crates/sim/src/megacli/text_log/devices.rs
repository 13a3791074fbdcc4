//! The drives and enclosures in `-AdpAlILog`.

use super::super::answer::{line, put};
use super::super::words::{minutes, percent, speed};
use super::super::{Answer, drive, opcode};
use super::{Ended, pair, refuse};
use crate::state::{Controller, Drive, DriveState, Enclosure, Interface};

pub(super) fn tell(controller: &Controller, answer: &mut Answer) -> Result<(), Ended> {
    if let Some(status) = controller.fault(opcode::DRIVE_LIST) {
        return Err(refuse(status, answer));
    }
    line!(answer);
    line!(answer, "{:30}Device Information", "");
    line!(answer, "{:30}==================", "");
    for drive in &controller.drives {
        if let Some(status) = controller.fault(opcode::DRIVE_INFO) {
            return Err(refuse(status, answer));
        }
        tell_drive(drive, answer);
    }
    for enclosure in &controller.enclosures {
        tell_enclosure(enclosure, answer);
    }
    Ok(())
}

fn tell_drive(drive: &Drive, answer: &mut Answer) {
    let serial = if drive.interface == Interface::Sata {
        format!("{:>20.20}", drive.serial)
    } else {
        format!("{:20.20}", drive.serial)
    };
    let mib = |sectors: u64| {
        let bytes = u128::from(sectors) * u128::from(drive.sector_size);
        format!("{} MB", bytes >> 20)
    };
    let [address, other] = drive.sas_addresses.map(|address| format!("{address:#x}"));
    line!(answer);
    pair(
        answer,
        ("Device Name:", &format!("{:8.8}", drive.vendor)),
        ("Product Id:", &format!("{:16.16}", drive.model)),
    );
    pair(
        answer,
        ("Rev:", &drive::firmware_level(drive)),
        ("Vendor Specific:", &serial),
    );
    pair(
        answer,
        ("Device Type:", "DISK"),
        ("Device ID:", &format!("{} ", drive.device_id)),
    );
    pair(
        answer,
        ("SAS Address 0:", &address),
        ("SAS Address 1:", &other),
    );
    pair(
        answer,
        ("Media Error:", &drive.media_errors.to_string()),
        ("Other Error:", &drive.other_errors.to_string()),
    );
    pair(
        answer,
        ("PredictiveFail:", &drive.predictive_failures.to_string()),
        ("Firmware State:", &state(drive)),
    );
    pair(
        answer,
        ("Speed:", speed(drive.device_speed)),
        ("DDF State:", drive::interface(drive.interface)),
    );
    // The firmware does not count the drive's own lists of defects.
    pair(
        answer,
        ("Primary Defect:", "0"),
        ("Grown Defect:", &format!("{:25}", "0")),
    );
    pair(
        answer,
        ("Raw size:", &mib(drive.raw_size)),
        ("Non-coerced size:", &mib(drive.non_coerced_size)),
    );
    pair(
        answer,
        ("Coerced size:", &mib(drive.coerced_size)),
        ("Enclosure index:", &format!("{} ", drive.enclosure_index)),
    );
    pair(
        answer,
        ("Path Count:", &drive.paths.to_string()),
        ("Slot Number", &format!("{} ", drive.slot)),
    );
    // A copyback is not told; of other activities there is no capture.
    if let Some(rebuild) = drive.activities.rebuild {
        line!(
            answer,
            "Drive Progress Information          :Rebuild in progress                 : \
             Progress = {}; Elapsed Seconds = {}",
            percent(rebuild),
            // Minutes, in truth.
            minutes(rebuild)
        );
        line!(answer);
    }
    line!(answer);
}

/// Only drives that belong to nothing have a power state here, and newer states have no word.
fn state(drive: &Drive) -> String {
    let newer = [
        DriveState::Jbod,
        DriveState::ShieldUnconfigured,
        DriveState::ShieldHotSpare,
        DriveState::ShieldConfigured,
    ];
    if newer.contains(&drive.state) {
        return "Unknown".to_owned();
    }
    let state = drive::firmware_state(drive);
    match state.split_once(", ") {
        Some((state, _)) if drive.state != DriveState::UnconfiguredGood => state.to_owned(),
        _ => state,
    }
}

fn tell_enclosure(enclosure: &Enclosure, answer: &mut Answer) {
    let address = format!("{:#x}", enclosure.sas_address);
    let id = enclosure.device_id.to_string();
    line!(answer);
    pair(
        answer,
        ("Device Name:", &format!("{:8.8}", enclosure.vendor)),
        ("Product Id:", &format!("{:16.16}", enclosure.product)),
    );
    pair(
        answer,
        ("Rev:", &enclosure.revision),
        (
            "Vendor Specific:",
            &format!("{:20.20}", enclosure.vendor_specific),
        ),
    );
    pair(answer, ("Device ID:", &id), ("Sequence Number:", "0"));
    let index = enclosure.index.to_string();
    pair(
        answer,
        ("Enclosure's ID:", &id),
        ("Enclosure index:", &index),
    );
    pair(
        answer,
        ("Device Type:", "SES ENCLOSURE"),
        ("Path Count:", "1"),
    );
    line!(answer);
    pair(
        answer,
        ("SAS Address 0:", &address),
        ("SAS Address 1:", "0x0"),
    );
    put!(answer, "\n");
}
