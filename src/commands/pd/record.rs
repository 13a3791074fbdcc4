//! The fields of a physical drive in titled sections.

use ironkeep_parsers::model::{ControllerId, HotSpare, PhysicalDrive, Port, SasAddress};

use crate::commands::cells;
use crate::commands::fields::ToCell;
use crate::output::Cell;

pub(in crate::commands) type Fields = Vec<(&'static str, Cell)>;

/// What a person looks for first, by section.
pub(in crate::commands) fn foremost(
    drive: &PhysicalDrive,
    controller: Option<ControllerId>,
) -> Vec<(&'static str, Fields)> {
    vec![
        ("place", place(drive, controller)),
        ("identity", identity(drive)),
        ("state", state(drive)),
        ("health", health(drive)),
    ]
}

/// Everything else that the tool says of `drive`, by section.
pub(in crate::commands) fn others(drive: &PhysicalDrive) -> Vec<(&'static str, Fields)> {
    vec![
        ("sizes", sizes(drive)),
        ("links", links(drive)),
        ("security", security(drive)),
        ("spare duties", spare(drive)),
    ]
}

fn identity(drive: &PhysicalDrive) -> Fields {
    let inquiry = drive.inquiry.as_ref();
    vec![
        ("Model", drive.model().into()),
        ("Serial number", drive.serial().into()),
        ("Firmware", drive.firmware.as_deref().into()),
        (
            "Vendor",
            inquiry.and_then(|inquiry| inquiry.vendor.as_deref()).into(),
        ),
        (
            "Inquiry data",
            inquiry.map(|inquiry| inquiry.raw.as_str()).into(),
        ),
        (
            "Inquiry firmware",
            inquiry
                .and_then(|inquiry| inquiry.firmware.as_deref())
                .into(),
        ),
        ("WWN", drive.wwn.map(|wwn| wwn.to_string()).into()),
        ("Device id", drive.device_id.map(|id| id.0).into()),
        ("FRU", drive.fru.as_ref().into()),
        ("Certification", drive.certification.to_cell()),
    ]
}

fn place(drive: &PhysicalDrive, controller: Option<ControllerId>) -> Fields {
    vec![
        ("Drive", drive.address().map(|at| at.to_string()).into()),
        ("Controller", controller.map(|id| id.0).into()),
        ("Enclosure", drive.enclosure.map(|id| id.0).into()),
        ("Slot", drive.slot.map(|slot| slot.0).into()),
        ("Enclosure position", drive.enclosure_position.into()),
        (
            "Drive group",
            drive.position.map(|at| at.drive_group).into(),
        ),
        ("Span", drive.position.map(|at| at.span).into()),
        ("Arm", drive.position.map(|at| at.arm).into()),
        ("Connected port", drive.connected_port.into()),
    ]
}

fn state(drive: &PhysicalDrive) -> Fields {
    vec![
        ("State", drive.state.to_cell()),
        ("Power", drive.power.to_cell()),
        ("Foreign", drive.foreign.into()),
        ("Foreign locked", drive.foreign_locked.into()),
        ("Sequence number", drive.sequence_number.into()),
    ]
}

fn health(drive: &PhysicalDrive) -> Fields {
    vec![
        ("Media errors", drive.media_errors.into()),
        ("Other errors", drive.other_errors.into()),
        ("Predictive failures", drive.predictive_failures.into()),
        (
            "Last predictive failure event",
            drive.last_predictive_failure_event.into(),
        ),
        ("SMART alert", cells::alarm(drive.smart_alert)),
        ("Temperature", drive.temperature.into()),
        ("Shield count", drive.shield_count.into()),
        (
            "Last diagnostics",
            drive.last_diagnostics.map(|time| time.to_string()).into(),
        ),
    ]
}

fn sizes(drive: &PhysicalDrive) -> Fields {
    vec![
        ("Coerced size", drive.coerced_size.into()),
        ("Non-coerced size", drive.non_coerced_size.into()),
        ("Raw size", drive.raw_size.into()),
        ("Logical sector size", drive.logical_sector_size.into()),
        ("Physical sector size", drive.physical_sector_size.into()),
        ("User data per sector", drive.user_data_per_sector.into()),
    ]
}

fn security(drive: &PhysicalDrive) -> Fields {
    vec![
        ("FDE", drive.fde.to_cell()),
        ("FDE enabled", drive.fde_enabled.into()),
        ("Secured", drive.secured.into()),
        ("Locked", drive.locked.into()),
        ("Needs EKM attention", drive.needs_ekm_attention.into()),
        ("PI eligible", drive.protection_eligible.into()),
        ("PI formatted", drive.protection_formatted.into()),
        ("PI", drive.protection.to_cell()),
    ]
}

fn links(drive: &PhysicalDrive) -> Fields {
    let address = |address: &Option<SasAddress>| {
        address.map_or_else(|| "none".to_owned(), |address| address.to_string())
    };
    let addresses: Vec<String> = drive.sas_addresses.iter().map(address).collect();
    let ports: Vec<String> = drive.ports.iter().map(port).collect();
    let listed = |words: Vec<String>| (!words.is_empty()).then(|| words.join(", "));
    vec![
        ("Interface", drive.interface.to_cell()),
        ("Media", drive.media_type.to_cell()),
        ("Link speed", drive.link_speed.into()),
        ("Device speed", drive.device_speed.into()),
        ("SAS addresses", listed(addresses).into()),
        ("Ports", listed(ports).into()),
        ("Write cache", drive.write_cache.into()),
        (
            "Native command queuing",
            drive.native_command_queuing.into(),
        ),
        ("Emulated", drive.emulated.into()),
    ]
}

/// `0: Active, 6 Gb/s`.
fn port(port: &Port) -> String {
    let status = port
        .status
        .as_ref()
        .map_or("status unknown", |status| status.as_str());
    match port.link_speed {
        Some(speed) => format!(
            "{}: {status} at {}",
            port.number,
            crate::output::human::speed(speed)
        ),
        None => format!("{}: {status}", port.number),
    }
}

fn spare(drive: &PhysicalDrive) -> Fields {
    let mut fields = match &drive.hot_spare {
        Some(HotSpare {
            kind,
            enclosure_affinity,
            revertible,
            drive_groups,
        }) => vec![
            ("Hot spare", kind.to_cell()),
            (
                "Drive groups",
                (!drive_groups.is_empty())
                    .then(|| cells::list(drive_groups, ""))
                    .into(),
            ),
            ("Enclosure affinity", (*enclosure_affinity).into()),
            ("Revertible", (*revertible).into()),
        ],
        None => Vec::new(),
    };
    fields.extend([
        ("Commissioned spare", drive.commissioned_spare.into()),
        ("Emergency spare", drive.emergency_spare.into()),
    ]);
    fields
}
