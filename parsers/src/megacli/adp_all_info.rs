//! `-AdpAllInfo`: everything about every controller.
//!
//! The output has sections, each a heading above a row of `=`. Keys repeat across them (`Alarm`,
//! `BBU`, `Rebuild Rate`, `Deny Locate`, …), so a key is only looked up in the section it stands in.

use crate::Report;
use crate::grammar;
use crate::megacli::adp_all_info_support as support;
use crate::megacli::section;
use crate::model::{
    Backplane, BiosErrorHandling, BootMode, Bus, Coercion, ControllerInfo, FlashImage, Hardware,
    LoadBalance, Manufacture, PciInfo, PortAddress, PowerSave, SasAddress, Section, Settings,
};
use crate::report::Reason;
use crate::scan::{Scan, is_absent};
use crate::text::Line;

/// A section, by its heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heading {
    Versions,
    Manufacture,
    Images,
    PendingImages,
    Pci,
    Hardware,
    Settings,
    Capabilities,
    Status,
    Limits,
    Devices,
    ControllerOperations,
    VirtualDriveOperations,
    PhysicalDriveOperations,
    Errors,
    Cluster,
    Defaults,
}

impl Heading {
    /// In the order of the output. Every known build prints all of them.
    const ALL: [(Self, &'static str); 17] = [
        (Self::Versions, "Versions"),
        (Self::Manufacture, "Mfg. Data"),
        (Self::Images, "Image Versions in Flash"),
        (Self::PendingImages, "Pending Images in Flash"),
        (Self::Pci, "PCI Info"),
        (Self::Hardware, "HW Configuration"),
        (Self::Settings, "Settings"),
        (Self::Capabilities, "Capabilities"),
        (Self::Status, "Status"),
        (Self::Limits, "Limitations"),
        (Self::Devices, "Device Present"),
        (Self::ControllerOperations, "Supported Adapter Operations"),
        (Self::VirtualDriveOperations, "Supported VD Operations"),
        (Self::PhysicalDriveOperations, "Supported PD Operations"),
        (Self::Errors, "Error Counters"),
        (Self::Cluster, "Cluster Information"),
        (Self::Defaults, "Default Settings"),
    ];

    /// `Versions`; `Image Versions In Flash:` with another case and a colon in old builds.
    fn read(line: &Line<'_>) -> Option<Self> {
        if !line.value.is_empty() {
            return None;
        }
        Self::ALL
            .iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(line.key))
            .map(|(heading, _)| *heading)
    }
}

/// Reads every controller.
pub fn adp_all_info(text: &str) -> Report<Vec<Section<ControllerInfo>>> {
    let mut scan = Scan::new(text);
    let mut controllers: Vec<Section<ControllerInfo>> = Vec::new();
    let mut seen: Vec<Heading> = Vec::new();
    let mut heading = None;
    while let Some(line) = scan.next() {
        if let Some((controller, "")) = grammar::adapter_prefix(line.text) {
            close(controllers.last(), &seen, &mut scan);
            section::begin(&mut controllers, controller);
            seen.clear();
            heading = None;
        } else if let Some(next) = Heading::read(&line) {
            heading = Some(next);
            seen.push(next);
            section::current(&mut controllers);
        } else if is_heading(&mut scan, &line) {
            heading = None;
            scan.leave(&line, Reason::Unclaimed);
        } else if !is_rule(&line)
            && !heading.is_some_and(|heading| {
                section::offer(&mut controllers, |info| {
                    take(heading, info, &mut scan, &line)
                })
            })
        {
            scan.frame(line);
        }
    }
    close(controllers.last(), &seen, &mut scan);
    scan.finish(controllers)
}

/// A row of `=`.
fn is_rule(line: &Line<'_>) -> bool {
    line.text.bytes().all(|byte| byte == b'=')
}

/// Whether an unknown line heads a section: the keys below must not be read as the section above.
fn is_heading(scan: &mut Scan<'_>, line: &Line<'_>) -> bool {
    line.value.is_empty() && scan.peek().is_some_and(|next| is_rule(&next))
}

/// States which sections a controller's part lacks: the output was cut off.
fn close(part: Option<&Section<ControllerInfo>>, seen: &[Heading], scan: &mut Scan<'_>) {
    let Some(part) = part else { return };
    let name = section::name(part.controller);
    for (heading, title) in Heading::ALL {
        if !seen.contains(&heading) {
            let gap = format!("{name} has no section \"{title}\"");
            scan.gap(scan.line_number(), gap);
        }
    }
    let pci = &part.value.pci;
    let listed = pci.port_addresses.len();
    section::expect_count(scan, &name, pci.backend_ports, listed, "back-end ports");
}

/// Takes `line` as a line of the section under `heading`.
fn take<'a>(
    heading: Heading,
    info: &mut ControllerInfo,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    match heading {
        Heading::Versions => versions(info, scan, line),
        Heading::Manufacture => manufacture(&mut info.manufacture, scan, line),
        Heading::Images => image(&mut info.images, line),
        Heading::PendingImages => image(&mut info.pending_images, line),
        Heading::Pci => pci(&mut info.pci, scan, line),
        Heading::Hardware => hardware(&mut info.hardware, scan, line),
        Heading::Settings => settings(&mut info.settings, scan, line),
        Heading::Capabilities => support::capabilities(&mut info.capabilities, scan, line),
        Heading::Status => status(info, scan, line),
        Heading::Limits => support::limits(&mut info.limits, scan, line),
        Heading::Devices => devices(info, scan, line),
        Heading::ControllerOperations => {
            support::controller_operations(&mut info.controller_operations, scan, line)
        }
        Heading::VirtualDriveOperations => {
            support::virtual_drive_operations(&mut info.virtual_drive_operations, scan, line)
        }
        Heading::PhysicalDriveOperations => {
            support::physical_drive_operations(&mut info.physical_drive_operations, scan, line)
        }
        Heading::Errors => errors(info, scan, line),
        Heading::Cluster => cluster(info, scan, line),
        Heading::Defaults => support::defaults(&mut info.defaults, scan, line),
    }
}

fn versions<'a>(info: &mut ControllerInfo, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let field = match line.key {
        "Product Name" => &mut info.product_name,
        "Serial No" => &mut info.serial,
        "FW Package Build" => &mut info.firmware_package,
        _ => return false,
    };
    scan.set(field, line, grammar::text);
    true
}

fn manufacture<'a>(made: &mut Manufacture, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    match line.key {
        "Mfg. Date" | "Rework Date" if line.value == "00/00/00" => {}
        "Mfg. Date" => scan.set(&mut made.date, line, grammar::date),
        "Rework Date" => scan.set(&mut made.rework_date, line, grammar::date),
        "Revision No" => scan.set(&mut made.revision, line, grammar::text),
        "Battery FRU" => scan.set(&mut made.battery_fru, line, grammar::text),
        _ => return false,
    }
    true
}

/// `BIOS Version       : 5.46.02.2`: the firmware lists its images, so the names are open.
fn image(images: &mut Vec<FlashImage>, line: &Line<'_>) -> bool {
    if line.text.eq_ignore_ascii_case("None") {
        return true;
    }
    let Some(name) = line
        .key
        .strip_suffix(" Version")
        .filter(|_| line.has_colon())
    else {
        return false;
    };
    if !is_absent(line.value) {
        images.push(FlashImage {
            name: name.to_owned(),
            version: line.value.to_owned(),
        });
    }
    true
}

fn pci<'a>(pci: &mut PciInfo, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    match line.key {
        "Controller Id" => scan.set(&mut pci.controller_id, line, grammar::small_hex),
        "Vendor Id" => scan.set(&mut pci.vendor, line, grammar::small_hex),
        "Device Id" => scan.set(&mut pci.device, line, grammar::small_hex),
        "SubVendorId" => scan.set(&mut pci.subsystem_vendor, line, grammar::small_hex),
        "SubDeviceId" => scan.set(&mut pci.subsystem_device, line, grammar::small_hex),
        "Host Interface" => scan.set(&mut pci.host_interface, line, Bus::read),
        "ChipRevision" => scan.set(&mut pci.chip_revision, line, grammar::text),
        "Link Speed" => scan.set(&mut pci.link_speed, line, grammar::small),
        "Number of Frontend Port" => scan.set(&mut pci.frontend_ports, line, grammar::small),
        "Device Interface" => scan.set(&mut pci.device_interface, line, Bus::read),
        "Number of Backend Port" => scan.set(&mut pci.backend_ports, line, grammar::small),
        "Port" => scan.expect_value(line, "Address"),
        _ => match port_address(line.text) {
            Some(port) => pci.port_addresses.push(port),
            None => return false,
        },
    }
    true
}

/// `0        4433221103000000`.
fn port_address(text: &str) -> Option<PortAddress> {
    let (port, address) = text.split_once(char::is_whitespace)?;
    let address = grammar::sas_address(address.trim_ascii())?;
    Some(PortAddress {
        port: grammar::small(port)?,
        address: (address != 0).then_some(SasAddress(address)),
    })
}

fn hardware<'a>(hardware: &mut Hardware, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let part = match line.key {
        "SAS Address" => {
            scan.set(&mut hardware.sas_address, line, |text| {
                grammar::sas_address(text).map(SasAddress)
            });
            return true;
        }
        "Memory Size" => {
            scan.set(&mut hardware.memory_size, line, grammar::size);
            return true;
        }
        "ROC temperature" => {
            scan.set(&mut hardware.roc_temperature, line, grammar::celsius);
            return true;
        }
        "Controller temperature" => {
            scan.set(&mut hardware.controller_temperature, line, grammar::celsius);
            return true;
        }
        "BBU" => &mut hardware.bbu,
        "Alarm" => &mut hardware.alarm,
        "NVRAM" => &mut hardware.nvram,
        "Serial Debugger" => &mut hardware.serial_debugger,
        "Memory" => &mut hardware.memory,
        "Flash" => &mut hardware.flash,
        "TPM" => &mut hardware.tpm,
        "On board Expander" => &mut hardware.onboard_expander,
        "Upgrade Key" => &mut hardware.upgrade_key,
        "Temperature sensor for ROC" => &mut hardware.roc_temperature_sensor,
        "Temperature sensor for controller" => &mut hardware.controller_temperature_sensor,
        _ => return false,
    };
    scan.set(part, line, grammar::yes_no);
    true
}

fn settings<'a>(settings: &mut Settings, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    use grammar::{decimal, microseconds, minutes, percent, seconds, small};
    let s = settings;
    match line.key {
        "Current Time" => scan.set(&mut s.current_time, line, grammar::time_date),
        "Predictive Fail Poll Interval" => {
            scan.set(&mut s.predictive_failure_poll_interval, line, seconds);
        }
        "Interrupt Throttle Active Count" => {
            scan.set(&mut s.interrupt_throttle_count, line, small);
        }
        "Interrupt Throttle Completion" => {
            scan.set(&mut s.interrupt_throttle_completion, line, microseconds);
        }
        "Rebuild Rate" => scan.set(&mut s.rebuild_rate, line, percent),
        "PR Rate" => scan.set(&mut s.patrol_read_rate, line, percent),
        "BGI Rate" | "Resynch Rate" => {
            scan.set(&mut s.background_initialization_rate, line, percent);
        }
        "Check Consistency Rate" => scan.set(&mut s.consistency_check_rate, line, percent),
        "Reconstruction Rate" => scan.set(&mut s.reconstruction_rate, line, percent),
        "Cache Flush Interval" => scan.set(&mut s.cache_flush_interval, line, seconds),
        "Max Drives to Spinup at One Time" => scan.set(&mut s.spin_up_drives, line, small),
        "Delay Among Spinup Groups" => scan.set(&mut s.spin_up_delay, line, seconds),
        "Physical Drive Coercion Mode" => scan.set(&mut s.coercion, line, Coercion::read),
        "Ecc Bucket Size" => scan.set(&mut s.ecc_bucket_size, line, decimal),
        "Ecc Bucket Leak Rate" => scan.set(&mut s.ecc_bucket_leak, line, minutes),
        "Auto Detect BackPlane Enabled" => {
            scan.set(&mut s.backplane_detection, line, Backplane::read);
        }
        "Load Balance Mode" => scan.set(&mut s.load_balance, line, LoadBalance::read),
        "Default LD PowerSave Policy" => {
            scan.set(&mut s.virtual_drive_power_save, line, PowerSave::read);
        }
        "Maximum number of direct attached drives to spin up in 1 min" => {
            scan.set(&mut s.spin_up_direct_attached_per_minute, line, small);
        }
        "POST delay" => scan.set(&mut s.post_delay, line, seconds),
        "BIOS Error Handling" => {
            scan.set(&mut s.bios_error_handling, line, BiosErrorHandling::read);
        }
        "Current Boot Mode" => scan.set(&mut s.boot_mode, line, BootMode::read),
        _ => return switches(s, scan, line),
    }
    true
}

/// The settings that are on or off.
fn switches<'a>(s: &mut Settings, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let switch = match line.key {
        "Cluster Mode" => &mut s.cluster_mode,
        "Alarm" => &mut s.alarm,
        "Auto Rebuild" => &mut s.auto_rebuild,
        "Battery Warning" => &mut s.battery_warning,
        "Restore HotSpare on Insertion" => &mut s.restore_hot_spare_on_insertion,
        "Expose Enclosure Devices" => &mut s.expose_enclosures,
        "Maintain PD Fail History" => &mut s.keep_failed_drive_history,
        "Host Request Reordering" => &mut s.host_request_reordering,
        "Use FDE Only" => &mut s.use_fde_only,
        "Security Key Assigned" => &mut s.security_key_assigned,
        "Security Key Failed" => &mut s.security_key_failed,
        "Security Key Not Backedup" => &mut s.security_key_not_backed_up,
        "Auto Enhanced Import" => &mut s.auto_enhanced_import,
        "Any Offline VD Cache Preserved" => &mut s.preserved_cache,
        "Allow Boot with Preserved Cache" => &mut s.boot_with_preserved_cache,
        "Disable Online Controller Reset" => &mut s.disable_online_controller_reset,
        "PFK in NVRAM" => &mut s.premium_feature_key,
        "Use disk activity for locate" => &mut s.locate_with_activity_led,
        _ => return false,
    };
    scan.set(switch, line, grammar::yes_no);
    true
}

fn status<'a>(info: &mut ControllerInfo, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let known = line.key == "ECC Bucket Count";
    if known {
        scan.set(&mut info.ecc_bucket_count, line, grammar::decimal);
    }
    known
}

fn devices<'a>(info: &mut ControllerInfo, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let count = match line.key {
        "Virtual Drives" => &mut info.devices.virtual_drives,
        "Degraded" => &mut info.devices.degraded_virtual_drives,
        "Offline" => &mut info.devices.offline_virtual_drives,
        "Physical Devices" => &mut info.devices.physical_devices,
        "Disks" => &mut info.devices.physical_drives,
        "Critical Disks" => &mut info.devices.critical_drives,
        "Failed Disks" => &mut info.devices.failed_drives,
        _ => return false,
    };
    scan.set(count, line, grammar::small);
    true
}

fn errors<'a>(info: &mut ControllerInfo, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let count = match line.key {
        "Memory Correctable Errors" => &mut info.errors.memory_correctable,
        "Memory Uncorrectable Errors" => &mut info.errors.memory_uncorrectable,
        _ => return false,
    };
    scan.set(count, line, grammar::decimal);
    true
}

fn cluster<'a>(info: &mut ControllerInfo, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let fact = match line.key {
        "Cluster Permitted" => &mut info.cluster.permitted,
        "Cluster Active" => &mut info.cluster.active,
        _ => return false,
    };
    scan.set(fact, line, grammar::yes_no);
    true
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::ControllerId;
    use crate::units::{Bytes, Celsius, Percent, Seconds};

    /// The value of the only controller in `text`, and the report without its value.
    fn only(text: &str) -> (ControllerInfo, Report<()>) {
        let mut report = adp_all_info(text);
        assert_eq!(report.value.len(), 1);
        let info = report.value.remove(0).value;
        (info, report.map(|_| ()))
    }

    #[test]
    fn the_same_key_means_another_thing_in_another_section() {
        let (info, report) = only(
            "Adapter #0\n\n\
             ================================\n\
             HW Configuration\n                ================\n\
             BBU              : Absent\n\
             Alarm            : Present\n\
             Settings\n                ================\n\
             Rebuild Rate                     : 30%\n\
             Alarm                            : Disabled\n\
             Supported Adapter Operations\n                ================\n\
             Rebuild Rate                    : Yes\n\
             BBU                             : Yes\n\nExit Code: 0x00\n",
        );
        assert_eq!(report.leftovers, []);
        assert_eq!(
            (info.hardware.bbu, info.hardware.alarm),
            (Some(false), Some(true))
        );
        assert_eq!(info.settings.alarm, Some(false));
        assert_eq!(info.settings.rebuild_rate, Some(Percent(30)));
        assert_eq!(info.controller_operations.rebuild_rate, Some(true));
        assert_eq!(info.controller_operations.bbu, Some(true));
    }

    #[test]
    fn pci_ids_are_hexadecimal_and_an_empty_port_has_no_address() {
        let (info, report) = only(
            "PCI Info\n                ================\n\
             Controller Id\t: 0000\nVendor Id       : 1000\nDevice Id       : 005b\n\
             SubVendorId     : 1028\nSubDeviceId     : 1f35\n\nHost Interface  : PCIE\n\n\
             ChipRevision    : B4\n\nLink Speed \t     : 0 \n\
             Number of Backend Port: 3 \nPort  :  Address\n\
             0        4433221103000000 \n1        0000000000000000 \n",
        );
        assert_eq!(report.leftovers, []);
        assert_eq!(
            (info.pci.vendor, info.pci.device),
            (Some(0x1000), Some(0x5b))
        );
        assert_eq!(
            (info.pci.subsystem_vendor, info.pci.subsystem_device),
            (Some(0x1028), Some(0x1f35))
        );
        assert_eq!(info.pci.host_interface, Some(Bus::PciExpress));
        assert_eq!(
            info.pci.port_addresses,
            [
                PortAddress {
                    port: 0,
                    address: Some(SasAddress(0x4433_2211_0300_0000))
                },
                PortAddress {
                    port: 1,
                    address: None
                }
            ]
        );
        assert!(
            report
                .gaps
                .iter()
                .any(|gap| { gap.what == "the controller lists 2 of 3 back-end ports" })
        );
    }

    #[test]
    fn temperatures_are_printed_in_two_spellings() {
        let (info, report) = only(
            "HW Configuration\n                ================\n\
             Memory Size      : 1024MB\n\
             ROC temperature : 55  degree Celsius\n\
             Controller temperature : 48  degree Celcius\n",
        );
        assert_eq!(report.leftovers, []);
        assert_eq!(info.hardware.memory_size, Some(Bytes(1 << 30)));
        assert_eq!(info.hardware.roc_temperature, Some(Celsius(55)));
        assert_eq!(info.hardware.controller_temperature, Some(Celsius(48)));
    }

    #[test]
    fn settings_are_typed_and_the_time_has_no_leading_zeros() {
        let (info, report) = only(
            "Settings\n                ================\n\
             Current Time                     : 9:6:56 11/19, 2012\n\
             Predictive Fail Poll Interval    : 300sec\n\
             Resynch Rate                     : 30%\n\
             Physical Drive Coercion Mode     : 1GB\n\
             Any Offline VD Cache Preserved   : Yes\n\
             POST delay\t\t\t : 90 seconds\n\
             BIOS Error Handling          \t : Stop On Errors\n\
             Current Boot Mode \t\t  :Normal\n",
        );
        assert_eq!(report.leftovers, []);
        assert_eq!(
            info.settings.current_time,
            Some(date(2012, 11, 19).at(9, 6, 56, 0))
        );
        assert_eq!(
            info.settings.predictive_failure_poll_interval,
            Some(Seconds(300))
        );
        assert_eq!(
            info.settings.background_initialization_rate,
            Some(Percent(30))
        );
        assert_eq!(info.settings.coercion, Some(Coercion::Gib1));
        assert_eq!(info.settings.preserved_cache, Some(true));
        assert_eq!(info.settings.post_delay, Some(Seconds(90)));
        assert_eq!(info.settings.boot_mode, Some(BootMode::Normal));
    }

    #[test]
    fn a_date_of_zeros_is_no_date_and_an_empty_revision_no_revision() {
        let (info, report) = only(
            "Mfg. Data\n                ================\n\
             Mfg. Date       : 08/31/12\nRework Date     : 00/00/00\n\
             Revision No     : \nBattery FRU     : N/A\n",
        );
        assert_eq!(report.leftovers, []);
        assert_eq!(
            info.manufacture,
            Manufacture {
                date: Some(date(2012, 8, 31)),
                ..Manufacture::default()
            }
        );
    }

    #[test]
    fn images_are_an_open_list_and_none_pending_is_an_empty_one() {
        let (info, report) = only(
            "Image Versions In Flash:\n                ================\n\
             FW Version         : 1.11.52-0349\nBIOS Version       : NT13-2\n\
             Preboot CLI Version: 05.07-00:#%00011\n\
             Pending Images In Flash\n                ================\nNone\n",
        );
        assert_eq!(report.leftovers, []);
        assert_eq!(info.image("FW"), Some("1.11.52-0349"));
        assert_eq!(info.image("Preboot CLI"), Some("05.07-00:#%00011"));
        assert_eq!(info.image("MPT"), None);
        assert_eq!(info.pending_images, []);
    }

    #[test]
    fn what_the_firmware_counts_is_kept_and_a_missing_section_is_a_gap() {
        let (info, report) = only(
            "Adapter #0\n\
             Device Present\n                ================\n\
             Virtual Drives    : 4 \n  Degraded        : 1 \n  Offline         : 2 \n\
             Physical Devices  : 9 \n  Disks           : 8 \n  Critical Disks  : 3 \n\
             \u{20} Failed Disks    : 0 \n\
             Error Counters\n                ================\n\
             Memory Correctable Errors   : 17 \nMemory Uncorrectable Errors : 1 \n",
        );
        assert_eq!(report.leftovers, []);
        assert_eq!(info.devices.virtual_drives, Some(4));
        assert_eq!(info.devices.degraded_virtual_drives, Some(1));
        assert_eq!(info.devices.offline_virtual_drives, Some(2));
        assert_eq!(info.devices.critical_drives, Some(3));
        assert_eq!(info.devices.failed_drives, Some(0));
        assert_eq!(info.errors.memory_correctable, Some(17));
        assert_eq!(info.errors.memory_uncorrectable, Some(1));
        let missing = |title: &str| {
            report
                .gaps
                .iter()
                .any(|gap| gap.what == format!("controller 0 has no section \"{title}\""))
        };
        assert!(missing("Versions") && missing("Default Settings"));
        assert!(!missing("Device Present") && !missing("Error Counters"));
    }

    #[test]
    fn keys_below_an_unknown_heading_are_not_read_as_the_section_above() {
        let (info, report) = only(
            "Cluster Information\n                ================\n\
             Cluster Active        : No\n\
             Peer Information\n                ================\n\
             Cluster Permitted     : Yes\n",
        );
        assert_eq!(info.cluster.active, Some(false));
        assert_eq!(info.cluster.permitted, None);
        let left: Vec<&str> = report
            .leftovers
            .iter()
            .map(|left| left.text.as_str())
            .collect();
        assert_eq!(left, ["Peer Information", "Cluster Permitted     : Yes"]);
    }

    #[test]
    fn each_controller_has_its_part() {
        let report = adp_all_info(
            "Adapter #0\n\
             Versions\n                ================\nSerial No       : SV31012345\n\
             Default Settings\n                ================\n\
             Time taken to detect CME         : 60s\nAdapter #1\n\n\
             ====\n Versions\n                ================\nSerial No       : SV02233445\n",
        );
        assert_eq!(report.leftovers, []);
        let serials: Vec<_> = report
            .value
            .iter()
            .map(|section| (section.controller, section.value.serial.as_deref()))
            .collect();
        assert_eq!(
            serials,
            [
                (Some(ControllerId(0)), Some("SV31012345")),
                (Some(ControllerId(1)), Some("SV02233445"))
            ]
        );
    }

    #[test]
    fn a_controller_that_failed_to_answer_is_a_complaint_and_no_controller() {
        let report = adp_all_info(
            "Adapter #0: Failed to Perform AdpAll information Operation.\n\n\
             FW error description: \n The requested command is invalid.  \n\nExit Code: 0x02\n",
        );
        assert_eq!(report.value, []);
        assert_eq!(report.leftovers, []);
        assert_eq!(report.complaints.len(), 1);
        assert_eq!(report.complaints[0].controller, Some(ControllerId(0)));
        assert_eq!(
            report.complaints[0].firmware.as_deref(),
            Some("The requested command is invalid.")
        );
    }
}
