//! `-AdpAllInfo`: all about a controller. What it supports and its limits are in
//! [`adp_all_info_support`](super::adp_all_info_support).

use super::adp_all_info_support::{
    capabilities, default_settings, limitations, supported_operations,
};
use super::adp_get_prop::{backplanes, load_balance, power_save};
use super::answer::line;
use super::words::{coercion, enabled, present, yes_no};
use super::{Answer, Arguments, firmware_status, opcode, selected};
use crate::state::bits::{hardware, security_key, switches};
use crate::state::{Boot, Controller, DriveState, FirmwareImage, Host, Info, VirtualState};
use crate::time;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if let Some(status) = controller.fault(opcode::DEFAULTS) {
            line!(
                answer,
                "Adapter #{number}: Failed to Perform AdpAll information Operation."
            );
            firmware_status::explain(status, answer);
            return;
        }
        line!(answer, "Adapter #{number}");
        line!(answer);
        line!(answer, "{}", "=".repeat(78));
        identity(controller, answer);
        pci(&controller.info, answer);
        board(controller, answer);
        settings(&controller.info, controller, answer);
        capabilities(&controller.info, answer);
        title("Status", answer);
        let buckets = controller.info.ecc_buckets;
        line!(answer, "ECC Bucket Count                 : {buckets}");
        line!(answer);
        limitations(&controller.info, answer);
        devices(controller, answer);
        supported_operations(&controller.info, answer);
        errors(&controller.info, answer);
        default_settings(controller, answer);
    }
}

/// The heading of a section.
pub(super) fn title(name: &str, answer: &mut Answer) {
    let under = if name == "Versions" { "    " } else { "" };
    line!(answer, "                {under}{name}");
    line!(answer, "                ================");
}

fn identity(controller: &Controller, answer: &mut Answer) {
    let (info, made) = (&controller.info, &controller.manufacturing);
    title("Versions", answer);
    line!(answer, "Product Name    : {}", info.product);
    line!(answer, "Serial No       : {}", made.serial);
    line!(answer, "FW Package Build: {}", info.package);
    line!(answer);
    line!(answer, "                    Mfg. Data");
    line!(answer, "                ================");
    line!(answer, "Mfg. Date       : {}", day(made.date));
    line!(answer, "Rework Date     : {}", day(made.rework));
    line!(answer, "Revision No     : {}", made.revision);
    // No capture shows another.
    line!(answer, "Battery FRU     : N/A");
    line!(answer);
    title("Image Versions in Flash:", answer);
    put_images(&controller.images, answer);
    line!(answer);
    title("Pending Images in Flash", answer);
    let pending = &controller.at_restart.images;
    if pending.is_empty() {
        line!(answer, "None");
    }
    put_images(pending, answer);
    line!(answer);
}

fn put_images(images: &[FirmwareImage], answer: &mut Answer) {
    for image in images {
        let name = match image.name.as_str() {
            "APP" => "FW Version",
            "BIOS" => "BIOS Version",
            "BOOT" => "BOOT Version",
            "BTBL" => "Boot Block Version",
            "CTLR" => "Ctrl-R Version",
            "NVDT" => "NVDATA Version",
            "PCLI" => "Preboot CLI Version",
            "WEBB" => "WebBIOS Version",
            other => other,
        };
        line!(answer, "{name:19}: {}", image.version);
    }
}

/// A packed date: day in the low 5 bits, then 4 bits of the month, then the year.
fn day(packed: u16) -> String {
    let (day, month, year) = (packed & 0x1f, packed >> 5 & 0xf, packed >> 9);
    format!("{month:02}/{day:02}/{year:02}")
}

/// An interface by its bits: MegaCLI takes those of the devices for those of the host.
pub(super) fn interface(bits: u32) -> &'static str {
    match bits.trailing_zeros() {
        0 => "PCIX",
        1 => "PCIE",
        2 => "iSCSI",
        3 => "SAS-3G",
        _ => "UNKNOWN",
    }
}

fn pci(info: &Info, answer: &mut Answer) {
    title("PCI Info", answer);
    // Of this and the link's speed no capture shows another value.
    line!(answer, "Controller Id\t: 0000");
    line!(answer, "Vendor Id       : {:04x}", info.vendor_id);
    line!(answer, "Device Id       : {:04x}", info.device_id);
    line!(answer, "SubVendorId     : {:04x}", info.subvendor_id);
    line!(answer, "SubDeviceId     : {:04x}", info.subdevice_id);
    line!(answer);
    line!(
        answer,
        "Host Interface  : {}",
        interface(info.host_interface)
    );
    line!(answer);
    line!(answer, "Link Speed \t     : 0 ");
    line!(answer, "Number of Frontend Port: {} ", info.host_ports);
    let devices = interface(info.device_interface);
    line!(answer, "Device Interface  : {devices}");
    line!(answer);
    line!(answer, "Number of Backend Port: {} ", info.device_ports);
    line!(answer, "Port  :  Address");
    let known = [info.port0, info.port1, info.port2, info.port3];
    let all = known.into_iter().chain(std::iter::repeat(0));
    for (port, address) in (0..info.device_ports).zip(all) {
        line!(answer, "{port}        {address:016x} ");
    }
    line!(answer);
}

fn board(controller: &Controller, answer: &mut Answer) {
    let info = &controller.info;
    let has = |part| info.hardware & part != 0;
    title("HW Configuration", answer);
    let address = controller.defaults.sas_address;
    line!(answer, "SAS Address      : {address:016x}");
    for (part, name) in [
        (hardware::BBU, "BBU"),
        (hardware::ALARM, "Alarm"),
        (hardware::NVRAM, "NVRAM"),
        (hardware::SERIAL_DEBUGGER, "Serial Debugger"),
        (hardware::MEMORY, "Memory"),
        (hardware::FLASH, "Flash"),
    ] {
        line!(answer, "{name:17}: {}", present(has(part)));
    }
    line!(answer, "Memory Size      : {}MB", info.memory_mib);
    for (part, name) in [
        (hardware::TPM, "TPM              "),
        (hardware::EXPANDER, "On board Expander"),
        (hardware::UPGRADE_KEY, "Upgrade Key      "),
        (hardware::CHIP_SENSOR, "Temperature sensor for ROC    "),
        (
            hardware::CONTROLLER_SENSOR,
            "Temperature sensor for controller    ",
        ),
    ] {
        line!(answer, "{name}: {}", present(has(part)));
    }
    line!(answer);
    if has(hardware::CHIP_SENSOR) {
        let degrees = info.chip_temperature;
        line!(answer, "ROC temperature : {degrees}  degree Celsius");
    }
    if has(hardware::CONTROLLER_SENSOR) {
        let degrees = info.controller_temperature;
        line!(answer, "Controller temperature : {degrees}  degree Celcius");
    }
    line!(answer);
}

fn settings(info: &Info, controller: &Controller, answer: &mut Answer) {
    title("Settings", answer);
    let now = time::civil(info.time);
    let (hour, minute, second) = (now.hour(), now.minute(), now.second());
    let (month, day, year) = (now.month(), now.day(), now.year());
    let now = format!("{hour}:{minute}:{second} {month}/{day}, {year}");
    let mut set = |name: &str, value: &dyn std::fmt::Display| {
        line!(answer, "{name:33}: {value}");
    };
    let percent = |rate| format!("{rate}%");
    let on = |property: u32| enabled(property != 0);
    let off = |property: u32| enabled(property == 0);
    set("Current Time", &now);
    let poll = info.predictive_failure_poll;
    set("Predictive Fail Poll Interval", &format!("{poll}sec"));
    set(
        "Interrupt Throttle Active Count",
        &info.interrupt_throttle_count,
    );
    let throttle = format!("{}us", info.interrupt_throttle_time);
    set("Interrupt Throttle Completion", &throttle);
    set("Rebuild Rate", &percent(info.rebuild_rate));
    set("PR Rate", &percent(info.patrol_rate));
    set("BGI Rate", &percent(info.background_rate));
    set("Check Consistency Rate", &percent(info.consistency_rate));
    set("Reconstruction Rate", &percent(info.reconstruction_rate));
    set("Cache Flush Interval", &format!("{}s", info.flush_interval));
    set("Max Drives to Spinup at One Time", &info.spin_up_count);
    set(
        "Delay Among Spinup Groups",
        &format!("{}s", info.spin_up_delay),
    );
    set(
        "Physical Drive Coercion Mode",
        &coercion(info.coercion_mode),
    );
    set("Cluster Mode", &on(info.cluster));
    set("Alarm", &on(info.alarm));
    set("Auto Rebuild", &off(info.no_auto_rebuild));
    set("Battery Warning", &off(info.no_battery_warning));
    set("Ecc Bucket Size", &info.ecc_bucket_size);
    set(
        "Ecc Bucket Leak Rate",
        &format!("{} Minutes", info.ecc_leak_rate),
    );
    set(
        "Restore HotSpare on Insertion",
        &on(info.restore_hot_spare_on_insertion),
    );
    set("Expose Enclosure Devices", &on(info.expose_enclosures));
    set("Maintain PD Fail History", &on(info.keep_failure_history));
    set("Host Request Reordering", &off(info.no_reordering));
    let looked_for = backplanes(!info.no_backplane_detection);
    set("Auto Detect BackPlane Enabled", &looked_for);
    set("Load Balance Mode", &load_balance(info.load_balance));
    let switch = |bit| yes_no(info.switches & bit != 0);
    let key = |bit| yes_no(info.security_key & bit != 0);
    set("Use FDE Only", &switch(switches::FDE_ONLY));
    set("Security Key Assigned", &key(security_key::ASSIGNED));
    set("Security Key Failed", &key(security_key::FAILED));
    set(
        "Security Key Not Backedup",
        &key(security_key::NOT_BACKED_UP),
    );
    set(
        "Default LD PowerSave Policy",
        &power_save(info.power_save_policy),
    );
    let direct = info.direct_spin_up_count;
    line!(
        answer,
        "Maximum number of direct attached drives to spin up in 1 min : {direct} "
    );
    more_settings(info, controller, answer);
}

fn more_settings(info: &Info, controller: &Controller, answer: &mut Answer) {
    let switch = |bit| yes_no(info.switches & bit != 0);
    let mut set = |name: &str, is: &str| line!(answer, "{name:33}: {is}");
    set("Auto Enhanced Import", switch(switches::AUTO_IMPORT));
    let is_kept = !controller.preserved_cache.is_empty();
    set("Any Offline VD Cache Preserved", yes_no(is_kept));
    let boots = switch(switches::BOOT_WITH_PRESERVED_CACHE);
    set("Allow Boot with Preserved Cache", boots);
    set(
        "Disable Online Controller Reset",
        switch(switches::NO_ONLINE_RESET),
    );
    // No capture shows another.
    set("PFK in NVRAM", "No");
    set(
        "Use disk activity for locate",
        switch(switches::LOCATE_BY_ACTIVITY),
    );
    let Boot {
        delay,
        continues_on_error,
        ..
    } = controller.boot;
    line!(answer, "POST delay\t\t\t : {delay} seconds");
    let handling = if continues_on_error {
        "Ignore Errors"
    } else {
        "Stop On Errors"
    };
    line!(answer, "BIOS Error Handling          \t : {handling}");
    // No capture shows another.
    line!(answer, "Current Boot Mode \t\t  :Normal");
}

/// What there is, as the firmware counts it.
fn devices(controller: &Controller, answer: &mut Answer) {
    let virtual_drives = |states: &[VirtualState]| {
        let all = controller.virtual_drives.iter();
        all.filter(|it| states.contains(&it.state)).count()
    };
    let drives = controller.drives.len();
    let failed = [DriveState::Failed, DriveState::UnconfiguredBad];
    let failed = controller
        .drives
        .iter()
        .filter(|it| failed.contains(&it.state));
    let critical = controller
        .drives
        .iter()
        .filter(|it| it.predictive_failures > 0);
    title("Device Present", answer);
    for (name, count) in [
        ("Virtual Drives    ", controller.virtual_drives.len()),
        (
            "  Degraded        ",
            virtual_drives(&[VirtualState::Degraded, VirtualState::PartiallyDegraded]),
        ),
        (
            "  Offline         ",
            virtual_drives(&[VirtualState::Offline]),
        ),
        ("Physical Devices  ", drives + controller.enclosures.len()),
        ("  Disks           ", drives),
        ("  Critical Disks  ", critical.count()),
        ("  Failed Disks    ", failed.count()),
    ] {
        line!(answer, "{name}: {count} ");
    }
    line!(answer);
}

fn errors(info: &Info, answer: &mut Answer) {
    title("Error Counters", answer);
    line!(
        answer,
        "Memory Correctable Errors   : {} ",
        info.ecc_correctable
    );
    line!(
        answer,
        "Memory Uncorrectable Errors : {} ",
        info.ecc_uncorrectable
    );
    line!(answer);
    title("Cluster Information", answer);
    // No capture shows a cluster.
    line!(answer, "Cluster Permitted     : No");
    line!(answer, "Cluster Active        : No");
    line!(answer);
}
