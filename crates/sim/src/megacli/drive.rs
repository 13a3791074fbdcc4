//! A physical drive's block, as `-PDList`, `-pdInfo`, `-LdPdInfo`, `-CfgDsply` and `-CfgForeign`
//! print it.

use super::answer::{line, put};
use super::opcode;
use super::words::{Size, speed, yes_no};
use super::{Answer, Arguments, Bay};
use crate::state::bits::operations2;
use crate::state::{Controller, Drive, DriveState, Interface, NO_ENCLOSURE, Power, Spare};

/// Bits of [`Drive::security`].
mod security {
    pub(super) const CAPABLE: u8 = 0x01;
    pub(super) const ENABLED: u8 = 0x02;
    pub(super) const SECURED: u8 = 0x04;
    pub(super) const LOCKED: u8 = 0x08;
    pub(super) const FOREIGN_KEY: u8 = 0x10;
    pub(super) const NEEDS_KEY_MANAGEMENT: u8 = 0x20;
}

/// The block, with the three blank lines that end it; only these where the firmware does not tell
/// about the drive.
pub(super) fn block(answer: &mut Answer, controller: &Controller, drive: &Drive) {
    if controller.fault(opcode::DRIVE_INFO).is_none() {
        place(answer, controller, drive);
        errors(answer, drive);
        line!(answer, "PD Type: {}", interface(drive.interface));
        spare(answer, controller, drive);
        sizes(answer, controller, drive);
        identity(answer, controller, drive);
        protection(answer, drive);
        links(answer, drive);
    }
    blank(answer);
}

/// What ends a block, and all there is of a drive that nothing is known of.
pub(super) fn blank(answer: &mut Answer) {
    put!(answer, "\n\n\n");
}

/// An enclosure's device id as the lines about drives have it.
pub(super) fn enclosure(drive: &Drive) -> String {
    match drive.enclosure {
        NO_ENCLOSURE => "N/A".to_owned(),
        enclosure => enclosure.to_string(),
    }
}

/// The drives in the bays that a command line names; `Err` is a bay without one. None is found where
/// the firmware does not list the drives.
pub(super) fn in_bays<'a>(
    controller: &'a Controller,
    arguments: &Arguments,
) -> Vec<Result<&'a Drive, Bay>> {
    let bays = arguments.drives.as_deref().unwrap_or_default();
    bays.iter().map(|bay| in_bay(controller, *bay)).collect()
}

/// The drive in a bay; `Err` if there is none.
pub(super) fn in_bay(controller: &Controller, bay: Bay) -> Result<&Drive, Bay> {
    let is_listed = controller.fault(opcode::DRIVE_LIST).is_none();
    let enclosure = bay.enclosure.unwrap_or(NO_ENCLOSURE);
    let slot = u8::try_from(bay.slot).ok().filter(|_| is_listed);
    let drive = slot.and_then(|slot| controller.drive_at(enclosure, slot));
    drive.ok_or(bay)
}

/// Says that a bay is empty.
pub(super) fn not_found(answer: &mut Answer, number: u32, bay: Bay) {
    let enclosure = bay
        .enclosure
        .map_or_else(|| "N/A".to_owned(), |enclosure| enclosure.to_string());
    line!(
        answer,
        "Adapter {number}: Device at Enclosure - {enclosure}, Slot - {} is not found.",
        bay.slot
    );
}

fn place(answer: &mut Answer, controller: &Controller, drive: &Drive) {
    line!(answer, "Enclosure Device ID: {}", enclosure(drive));
    line!(answer, "Slot Number: {}", drive.slot);
    let is_known = controller.fault(opcode::CONFIGURATION).is_none();
    let position = controller.position(drive.device_id);
    if let Some((group, span, arm)) = position.filter(|_| is_known) {
        line!(
            answer,
            "Drive's position: DiskGroup: {group}, Span: {span}, Arm: {arm}"
        );
    }
    if drive.enclosure == NO_ENCLOSURE {
        line!(answer, "Enclosure position: N/A");
    } else {
        line!(answer, "Enclosure position: {}", drive.enclosure_position);
    }
    line!(answer, "Device Id: {}", drive.device_id);
    line!(answer, "WWN: {}", wwn(drive));
}

/// The tool writes a SATA drive's name as the drive tells it, a SAS drive's in capitals. One without
/// a name has an empty value.
fn wwn(drive: &Drive) -> String {
    if drive.wwn == 0 {
        String::new()
    } else if drive.interface == Interface::Sata {
        format!("{:016x}", drive.wwn)
    } else {
        format!("{:016X}", drive.wwn)
    }
}

fn errors(answer: &mut Answer, drive: &Drive) {
    line!(answer, "Sequence Number: {}", drive.sequence);
    line!(answer, "Media Error Count: {}", drive.media_errors);
    line!(answer, "Other Error Count: {}", drive.other_errors);
    line!(
        answer,
        "Predictive Failure Count: {}",
        drive.predictive_failures
    );
    line!(
        answer,
        "Last Predictive Failure Event Seq Number: {}",
        drive.predictive_failure_event
    );
}

/// A drive's interface.
pub(super) fn interface(interface: Interface) -> &'static str {
    match interface {
        Interface::ParallelScsi => "Parallel SCSI",
        Interface::Sas => "SAS",
        Interface::Sata => "SATA",
        Interface::FibreChannel => "FC",
        Interface::Unknown | Interface::Code(_) => "Unknown",
    }
}

/// What the drive is a hot spare of, and the blank line that stands there for all drives but
/// dedicated spares.
fn spare(answer: &mut Answer, controller: &Controller, drive: &Drive) {
    let is_known = controller.fault(opcode::CONFIGURATION).is_none();
    let mut spares = controller.spares.iter().filter(|_| is_known);
    let Some(spare) = spares.find(|spare| spare.device_id == drive.device_id) else {
        line!(answer);
        return;
    };
    line!(answer, "Hotspare Information: ");
    put!(
        answer,
        "Type: {}",
        if spare.is_dedicated() {
            "Dedicated"
        } else {
            "Global"
        }
    );
    if spare.kind & Spare::ENCLOSURE_AFFINITY != 0 {
        put!(answer, ", with enclosure affinity");
    }
    if spare.kind & Spare::REVERTIBLE != 0 {
        put!(answer, ", is revertible");
    }
    line!(answer);
    if spare.is_dedicated() {
        let arrays: Vec<_> = spare.arrays.iter().map(u16::to_string).collect();
        put!(answer, "Array #: {}", arrays.join(", "));
    }
    line!(answer);
}

fn sizes(answer: &mut Answer, controller: &Controller, drive: &Drive) {
    let sector_size = drive.sector_size;
    for (name, sectors) in [
        ("Raw", drive.raw_size),
        ("Non Coerced", drive.non_coerced_size),
        ("Coerced", drive.coerced_size),
    ] {
        let size = Size {
            sectors,
            sector_size,
        };
        line!(answer, "{name} Size: {size} [{sectors:#x} Sectors]");
    }
    line!(answer, "Sector Size:  {sector_size}");
    if controller.info.operations2 & operations2::EMULATED_DRIVES != 0 {
        line!(answer, "Logical Sector Size:  {sector_size}");
        line!(answer, "Physical Sector Size:  {sector_size}");
    }
}

/// `Online, Spun Up`; only drives that work have a power state.
pub(super) fn firmware_state(drive: &Drive) -> String {
    let (state, has_power) = match drive.state {
        DriveState::UnconfiguredGood => ("Unconfigured(good)", true),
        DriveState::UnconfiguredBad => ("Unconfigured(bad)", false),
        DriveState::HotSpare => ("Hotspare", true),
        DriveState::Offline => ("Offline", false),
        DriveState::Failed => ("Failed", false),
        DriveState::Rebuild => ("Rebuild", false),
        DriveState::Online => ("Online", true),
        DriveState::Copyback => ("Copyback", false),
        DriveState::Jbod => ("JBOD", false),
        DriveState::ShieldUnconfigured => ("UnConfigured - shielded", false),
        DriveState::ShieldHotSpare => ("Hot Spare - shielded", false),
        DriveState::ShieldConfigured => ("Configured - shielded", false),
        DriveState::Code(_) => ("Unknown", false),
    };
    if !has_power {
        return state.to_owned();
    }
    let power = match drive.power {
        Power::SpunUp => "Spun Up",
        Power::SpunDown | Power::Code(_) => "Spun down",
        Power::Transition => "Transition",
    };
    format!("{state}, {power}")
}

/// The revision that an INQUIRY of a drive yields. For a SATA drive, four of its eight characters: the
/// last ones unless they are blank (SCSI/ATA translation).
pub(super) fn firmware_level(drive: &Drive) -> String {
    let characters = || drive.firmware.chars();
    let last: String = characters().skip(4).take(4).collect();
    if drive.interface == Interface::Sata && !last.trim().is_empty() {
        return last;
    }
    characters().take(4).collect()
}

/// What a drive says of itself in columns: vendor, model, revision and serial number of a SAS drive;
/// serial number, model and revision of a SATA drive.
pub(super) fn inquiry(drive: &Drive) -> String {
    let Drive {
        vendor,
        model,
        firmware,
        serial,
        ..
    } = drive;
    if drive.interface == Interface::Sata {
        format!("{serial:>20.20}{model:<40.40}{firmware:<8.8}")
    } else {
        format!("{vendor:<8.8}{model:<16.16}{firmware:<4.4}{serial:<20.20}")
    }
}

fn identity(answer: &mut Answer, controller: &Controller, drive: &Drive) {
    line!(answer, "Firmware state: {}", firmware_state(drive));
    if controller.info.operations2 & operations2::EMERGENCY_SPARES != 0 {
        let commission = drive.commission.as_ref();
        let is_spare = commission.map(|commission| commission.spare.is_some());
        let commissioned = yes_no(is_spare == Some(true));
        line!(answer, "Commissioned Spare : {commissioned}");
        line!(
            answer,
            "Emergency Spare : {}",
            yes_no(is_spare == Some(false))
        );
    }
    line!(answer, "Device Firmware Level: {}", firmware_level(drive));
    line!(answer, "Shield Counter: {}", drive.shield_count);
    // Even of drives that were diagnosed: no capture shows a date here.
    line!(answer, "Successful diagnostics completion on :  N/A");
    let paths = drive.sas_addresses.iter().take(usize::from(drive.paths));
    for (path, address) in paths.enumerate() {
        line!(answer, "SAS Address({path}): {address:#x}");
    }
    line!(
        answer,
        "Connected Port Number: {}(path0) ",
        drive.connected_port
    );
    line!(answer, "Inquiry Data: {}", inquiry(drive));
}

fn protection(answer: &mut Answer, drive: &Drive) {
    let one_of = |bit: u8, yes: &'static str, no: &'static str| {
        if drive.security & bit == 0 { no } else { yes }
    };
    let capable = one_of(security::CAPABLE, "Capable", "Not Capable");
    line!(answer, "FDE Capable: {capable}");
    let enabled = one_of(security::ENABLED, "Enable", "Disable");
    line!(answer, "FDE Enable: {enabled}");
    let secured = one_of(security::SECURED, "Secured", "Unsecured");
    line!(answer, "Secured: {secured}");
    let locked = one_of(security::LOCKED, "Locked", "Unlocked");
    line!(answer, "Locked: {locked}");
    let attention = one_of(security::NEEDS_KEY_MANAGEMENT, "Yes", "No");
    line!(answer, "Needs EKM Attention: {attention}");
    if drive.foreign {
        line!(answer, "Foreign State: Foreign ");
        let is = one_of(security::FOREIGN_KEY, "is", "is not");
        line!(
            answer,
            "Foreign Secure: Drive {is} secured by a foreign lock key"
        );
    } else {
        line!(answer, "Foreign State: None ");
    }
}

/// Readings of the temperature that the tool takes for none.
const NO_TEMPERATURE: [u8; 2] = [0, 254];

fn links(answer: &mut Answer, drive: &Drive) {
    line!(answer, "Device Speed: {} ", speed(drive.device_speed));
    line!(answer, "Link Speed: {} ", speed(drive.link_speed));
    let media = if drive.solid_state {
        "Solid State Device"
    } else {
        "Hard Disk Device"
    };
    line!(answer, "Media Type: {media}");
    let celsius = drive.temperature;
    if drive.power == Power::SpunUp && !NO_TEMPERATURE.contains(&celsius) {
        let tenths = u32::from(celsius) * 18 + 320;
        let (fahrenheit, tenth) = (tenths / 10, tenths % 10);
        line!(
            answer,
            "Drive Temperature :{celsius}C ({fahrenheit}.{tenth}0 F)"
        );
    } else {
        line!(answer, "Drive Temperature : N/A");
    }
    let eligible = yes_no(drive.protection_eligible);
    line!(answer, "PI Eligibility:  {eligible} ");
    let formatted = if drive.protection & 0x08 == 0 {
        "No"
    } else {
        "Yes "
    };
    line!(
        answer,
        "Drive is formatted for PI information:  {formatted}"
    );
    match drive.protection & 0x07 {
        0 => line!(answer, "PI: No PI"),
        kind => line!(answer, "PI: PI with type {kind}"),
    }
    if drive.interface == Interface::Sata {
        line!(answer, "Drive's NCQ setting : N/A");
    }
    let paths = drive.sas_addresses.iter().take(usize::from(drive.paths));
    for (path, address) in paths.enumerate() {
        line!(answer, "Port-{path} :");
        line!(answer, "Port status: Active");
        let code = if *address == 0 { 0 } else { drive.link_speed };
        line!(answer, "Port's Linkspeed: {} ", speed(code));
    }
    let alert = yes_no(drive.predictive_failures > 0);
    line!(answer, "Drive has flagged a S.M.A.R.T alert : {alert}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Commission;

    fn text(controller: &Controller, drive: &Drive) -> String {
        let mut answer = Answer::default();
        block(&mut answer, controller, drive);
        answer.text()
    }

    #[test]
    fn a_drive_can_lack_a_name_and_be_locked_with_a_foreign_key() {
        let drive = Drive {
            foreign: true,
            security: security::FOREIGN_KEY,
            ..Drive::default()
        };
        let text = text(&Controller::default(), &drive);
        assert!(text.contains("\nWWN: \n"), "{text}");
        assert!(text.contains("\nForeign Secure: Drive is secured by a foreign lock key\n"));
        assert!(!text.contains("Emergency Spare"));
    }

    #[test]
    fn a_spare_on_duty_is_told_where_the_controller_knows_emergency_spares() {
        let mut controller = Controller::default();
        controller.info.operations2 = operations2::EMERGENCY_SPARES;
        let spare = |spare| Drive {
            commission: Some(Commission { spare }),
            ..Drive::default()
        };
        let emergency = text(&controller, &spare(None));
        assert!(emergency.contains("Commissioned Spare : No\nEmergency Spare : Yes\n"));
        let commissioned = text(&controller, &spare(Some(Spare::default())));
        assert!(commissioned.contains("Commissioned Spare : Yes\nEmergency Spare : No\n"));
    }
}
