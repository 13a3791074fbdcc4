//! What `-AdpAllInfo` says of a controller's capabilities, limits and factory defaults.

use super::Answer;
use super::adp_all_info::title;
use super::answer::line;
use super::virtual_drive;
use super::words::yes_no;
use crate::state::bits::{
    drive_mix, drive_operations, operations, operations2, switches, virtual_drive_operations,
};
use crate::state::{Controller, Info};

pub(super) fn capabilities(info: &Info, answer: &mut Answer) {
    let allows = |bit| info.drive_mix & bit != 0;
    title("Capabilities", answer);
    let levels: Vec<_> = raid_levels(info.raid_levels).collect();
    let levels = levels.join(", ");
    line!(answer, "RAID Level Supported             : {levels}");
    let drives = match (allows(drive_mix::SAS), allows(drive_mix::SATA)) {
        (true, true) => "SAS, SATA",
        (true, false) => "SAS",
        (false, true) => "SATA",
        (false, false) => "NONE",
    };
    line!(answer, "Supported Drives                 : {drives}");
    line!(answer);
    line!(answer, "Allowed Mixing:");
    line!(answer);
    let enclosure = allows(drive_mix::ENCLOSURE);
    let virtual_drive = allows(drive_mix::VIRTUAL_DRIVE);
    if enclosure {
        line!(answer, "Mix in Enclosure Allowed");
    }
    if virtual_drive {
        line!(answer, "Mix of SAS/SATA of HDD type in VD Allowed");
    }
    if !enclosure && !virtual_drive {
        line!(answer, "NONE");
    }
    line!(answer);
}

/// The names of the RAID levels whose bits are set. RAID 00 has no bit.
pub(super) fn raid_levels(bits: u32) -> impl Iterator<Item = &'static str> {
    const LEVELS: [(u32, &str); 14] = [
        (1 << 0, "RAID0"),
        (1 << 1, "RAID1"),
        (1 << 2, "RAID5"),
        (1 << 3, "RAID1E"),
        (1 << 4, "RAID6"),
        (u32::MAX, "RAID00"),
        (1 << 5, "RAID10"),
        (1 << 6, "RAID50"),
        (1 << 7, "RAID60"),
        (1 << 8, "PRL 11"),
        (1 << 9, "PRL 11 with spanning"),
        (1 << 10, "SRL 3 supported"),
        (1 << 11, "PRL11-RLQ0 DDF layout with no span"),
        (1 << 12, "PRL11-RLQ0 DDF layout with span"),
    ];
    let is_supported = move |bit: u32| bit == u32::MAX || bits & bit != 0;
    LEVELS
        .into_iter()
        .filter(move |(bit, _)| is_supported(*bit))
        .map(|(_, name)| name)
}

pub(super) fn limitations(info: &Info, answer: &mut Answer) {
    title("Limitations", answer);
    for (name, limit, unit) in [
        ("Max Arms Per VD          ", info.most_arms, ""),
        ("Max Spans Per VD         ", info.most_spans, ""),
        ("Max Arrays               ", info.most_arrays, ""),
        ("Max Number of VDs        ", info.most_virtual_drives, ""),
        ("Max Parallel Commands    ", info.most_commands, ""),
        ("Max SGE Count            ", info.most_sge, ""),
        ("Max Data Transfer Size   ", info.most_request, "sectors "),
        ("Max Strips PerIO         ", info.most_strips, ""),
        (
            "Max LD per array         ",
            info.most_virtual_drives_per_array,
            "",
        ),
    ] {
        line!(answer, "{name}: {limit} {unit}");
    }
    let (min, max) = (info.smallest_strip, info.largest_strip);
    line!(answer, "Min Strip Size           : {}", strip_size(min));
    line!(answer, "Max Strip Size           : {}", strip_size(max));
    for (name, size, unit) in [
        (
            "Max Configurable CacheCade Size",
            info.most_cachecade_gib,
            "GB",
        ),
        (
            "Current Size of CacheCade      ",
            info.current_cachecade_gib,
            "GB",
        ),
        ("Current Size of FW Cache       ", info.cache_memory, "MB"),
    ] {
        line!(answer, "{name}: {size} {unit}");
    }
    line!(answer);
}

pub(super) fn supported_operations(info: &Info, answer: &mut Answer) {
    adapter_operations(info, answer);
    let offers = |bit| info.virtual_drive_operations & bit != 0;
    title("Supported VD Operations", answer);
    for (bit, name) in [
        (virtual_drive_operations::READ_POLICY, "Read Policy"),
        (virtual_drive_operations::WRITE_POLICY, "Write Policy"),
        (virtual_drive_operations::IO_POLICY, "IO Policy"),
        (virtual_drive_operations::ACCESS_POLICY, "Access Policy"),
        (
            virtual_drive_operations::DISK_CACHE_POLICY,
            "Disk Cache Policy",
        ),
        (virtual_drive_operations::RECONSTRUCTION, "Reconstruction"),
        (virtual_drive_operations::DENY_LOCATE, "Deny Locate"),
        (virtual_drive_operations::DENY_CONSISTENCY_CHECK, "Deny CC"),
        (
            virtual_drive_operations::CONTROLLER_ENCRYPTION,
            "Allow Ctrl Encryption",
        ),
        (virtual_drive_operations::BAD_BLOCK_TABLE, "Enable LDBBM"),
        (
            virtual_drive_operations::BREAK_MIRROR,
            "Support Breakmirror",
        ),
        (virtual_drive_operations::POWER_SAVINGS, "Power Savings"),
    ] {
        line!(answer, "{name:21}: {}", yes_no(offers(bit)));
    }
    line!(answer);
    drive_operations(info, answer);
}

fn adapter_operations(info: &Info, answer: &mut Answer) {
    title("Supported Adapter Operations", answer);
    for (bit, name) in [
        (operations::REBUILD_RATE, "Rebuild Rate"),
        (operations::CONSISTENCY_RATE, "CC Rate"),
        (operations::BACKGROUND_RATE, "BGI Rate"),
        (operations::RECONSTRUCTION_RATE, "Reconstruct Rate"),
        (operations::PATROL_RATE, "Patrol Read Rate"),
        (operations::ALARM_CONTROL, "Alarm Control"),
        (operations::CLUSTER, "Cluster Support"),
        (operations::BBU, "BBU"),
        (operations::SPANNING, "Spanning"),
        (operations::DEDICATED_HOT_SPARES, "Dedicated Hot Spare"),
        (operations::REVERTIBLE_HOT_SPARES, "Revertible Hot Spares"),
        (operations::FOREIGN_IMPORT, "Foreign Config Import"),
        (operations::SELF_DIAGNOSTIC, "Self Diagnostic"),
        (
            operations::MIXED_REDUNDANCY,
            "Allow Mixed Redundancy on Array",
        ),
        (operations::GLOBAL_HOT_SPARES, "Global Hot Spares"),
        (operations::DENY_SCSI_PASSTHROUGH, "Deny SCSI Passthrough"),
        (operations::DENY_SMP_PASSTHROUGH, "Deny SMP Passthrough"),
        (operations::DENY_STP_PASSTHROUGH, "Deny STP Passthrough"),
        (operations::SECURITY, "Support Security"),
        (operations::SNAPSHOT, "Snapshot Enabled"),
        (
            operations::EXPANSION_IN_PLACE,
            "Support the OCE without adding drives ",
        ),
        (operations::PREMIUM_FEATURES, "Support PFK"),
    ] {
        line!(answer, "{name:32}: {}", yes_no(info.operations & bit != 0));
    }
    let offers = |bit| info.operations2 & bit != 0;
    for (bit, name) in [
        (operations2::PROTECTION, "Support PI"),
        (
            operations2::FEATURE_CHANGE_AT_BOOT,
            "Support Boot Time PFK Change",
        ),
        (
            operations2::NO_ONLINE_FEATURE_CHANGE,
            "Disable Online PFK Change",
        ),
    ] {
        line!(answer, "{name:32}: {}", yes_no(offers(bit)));
    }
    if offers(operations2::PROTECTION) {
        for (bit, kind) in [
            (operations2::PROTECTION_TYPE1, 1),
            (operations2::PROTECTION_TYPE2, 2),
            (operations2::PROTECTION_TYPE3, 3),
        ] {
            let is = yes_no(offers(bit));
            line!(
                answer,
                "Support LDPI Type{kind}                      : {is}"
            );
        }
    }
    if info.operations & operations::PREMIUM_FEATURES != 0 {
        // No capture shows a trial that runs.
        line!(answer, "PFK TrailTime Remaining         : 0 days 0 hours");
    }
    for (bit, name) in [
        (operations2::SHIELD_STATE, "Support Shield State"),
        (
            operations2::BLOCK_SSD_CACHE_CHANGE,
            "Block SSD Write Disk Cache Change",
        ),
    ] {
        line!(answer, "{name:32}: {}", yes_no(offers(bit)));
    }
    line!(answer);
}

fn drive_operations(info: &Info, answer: &mut Answer) {
    let offers = |bit| info.drive_operations & bit != 0;
    let switch = |bit| info.switches & bit != 0;
    title("Supported PD Operations", answer);
    for (bit, name) in [
        (drive_operations::FORCE_ONLINE, "Force Online"),
        (drive_operations::FORCE_OFFLINE, "Force Offline"),
        (drive_operations::FORCE_REBUILD, "Force Rebuild"),
        (drive_operations::DENY_FORCE_FAILED, "Deny Force Failed"),
        (drive_operations::DENY_FORCE_GOOD_BAD, "Deny Force Good/Bad"),
        (
            drive_operations::DENY_MISSING_REPLACE,
            "Deny Missing Replace",
        ),
        (drive_operations::DENY_CLEAR, "Deny Clear"),
        (drive_operations::DENY_LOCATE, "Deny Locate"),
        (drive_operations::TEMPERATURE, "Support Temperature"),
        (drive_operations::NCQ, "NCQ"),
    ] {
        line!(answer, "{name:40}: {}", yes_no(offers(bit)));
    }
    for (bit, name) in [
        (switches::NO_COPYBACK, "Disable Copyback"),
        (switches::JBOD, "Enable JBOD"),
        (switches::SMART_COPYBACK, "Enable Copyback on SMART"),
        (
            switches::SSD_SMART_COPYBACK,
            "Enable Copyback to SSD on SMART Error",
        ),
        (switches::SSD_PATROL_READ, "Enable SSD Patrol Read"),
        (
            switches::PATROL_CORRECTS_UNCONFIGURED,
            "PR Correct Unconfigured Areas",
        ),
    ] {
        line!(answer, "{name:40}: {}", yes_no(switch(bit)));
    }
    if !offers(drive_operations::POWER_STATE) {
        return;
    }
    for (bit, name) in [
        (
            switches::SPIN_DOWN_UNCONFIGURED,
            "Enable Spin Down of UnConfigured Drives",
        ),
        (
            switches::NO_SPIN_DOWN_SPARES,
            "Disable Spin Down of hot spares",
        ),
    ] {
        line!(answer, "{name:40}: {}", yes_no(switch(bit)));
    }
    let minutes = info.spin_down_time;
    line!(
        answer,
        "Spin Down time                          : {minutes} "
    );
    let t10 = yes_no(offers(drive_operations::T10_POWER_STATE));
    line!(answer, "T10 Power State                         : {t10}");
}

/// The factory defaults. Those without a field are alike in all captures.
pub(super) fn default_settings(controller: &Controller, answer: &mut Answer) {
    let (defaults, info) = (&controller.defaults, &controller.info);
    title("Default Settings", answer);
    let mut set = |name: &str, value: &str| line!(answer, "{name:33}: {value}");
    let is = |flag: u8| yes_no(flag != 0);
    set("Phy Polarity", "0 ");
    set("Phy PolaritySplit", "0 ");
    set("Background Rate", "0 ");
    // MegaCLI does not let it be larger than the controller can have it.
    let strip = u32::from(defaults.strip_size).min(info.largest_strip);
    set("Strip Size", &short_strip_size(strip));
    set(
        "Flush Time",
        &format!("{} seconds", defaults.flush_interval),
    );
    set(
        "Write Policy",
        if defaults.write_back == 0 { "WT" } else { "WB" },
    );
    let read = match defaults.read_ahead {
        0 => "None",
        1 => "RA",
        _ => "Adaptive",
    };
    set("Read Policy", read);
    set("Cache When BBU Bad", "Disabled");
    set("Cached IO", "No");
    let smart = if defaults.smart == 0 {
        "Mode 6"
    } else {
        "Disabled"
    };
    set("SMART Mode", smart);
    set("Alarm Disable", "Yes");
    let coercion = match defaults.coercion {
        0 => "None",
        2 => "1GB",
        _ => "128MB",
    };
    set("Coercion Mode", coercion);
    set("ZCR Config", "Unknown");
    set("Dirty LED Shows Drive Activity", "No");
    set(
        "BIOS Continue on Error",
        &format!("{} ", defaults.bios_continues),
    );
    set("Spin Down Mode", "None");
    set("Allowed Device Type", "SAS/SATA Mix");
    set("Allow Mix in Enclosure", is(defaults.mix_enclosures));
    set("Allow HDD SAS/SATA Mix in VD", is(defaults.mix_drives));
    set("Allow SSD SAS/SATA Mix in VD", "No");
    set("Allow HDD/SSD Mix in VD", "No");
    set("Allow SATA in Cluster", "No");
    set(
        "Max Chained Enclosures",
        &format!("{} ", defaults.most_chained),
    );
    set("Disable Ctrl-R", "No");
    set("Enable Web BIOS", is(defaults.web_bios));
    set("Direct PD Mapping", "No");
    set("BIOS Enumerate VDs", is(defaults.bios_enumeration));
    set(
        "Restore Hot Spare on Insertion",
        is(defaults.restore_hot_spare),
    );
    set("Expose Enclosure Devices", is(defaults.expose_enclosures));
    set(
        "Maintain PD Fail History",
        is(defaults.keep_failure_history),
    );
    set("Disable Puncturing", "No");
    set("Zero Based Enclosure Enumeration", "No");
    set("PreBoot CLI Enabled", "Yes");
    set("LED Show Drive Activity", "No");
    set("Cluster Disable", "No");
    set("SAS Disable", "No");
    let backplanes = if defaults.detect_backplane == 0 {
        "None"
    } else {
        "SGPIO/i2c SEP"
    };
    set("Auto Detect BackPlane Enable", backplanes);
    set("Use FDE Only", "Yes");
    set("Enable Led Header", "No");
    set("Delay during POST", "0 ");
    set("EnableCrashDump", "No");
    set("Disable Online Controller Reset", "No");
    set("EnableLDBBM", "No");
    set("Un-Certified Hard Disk Drives", "Block");
    set("Treat Single span R1E as R10", "No");
    set("Max LD per array", "16");
    set(
        "Power Saving option",
        "All power saving options are enabled",
    );
    set("Default spin down time in minutes", "0 ");
    set("Enable JBOD", "No");
    set("Time taken to detect CME", "60s");
}

/// A strip size by its code: `64 KB`.
fn strip_size(code: u32) -> String {
    virtual_drive::strip_size(u8::try_from(code).unwrap_or(u8::MAX), 512)
}

/// A strip size as the defaults have it: `64kB`.
fn short_strip_size(code: u32) -> String {
    match code {
        0 => strip_size(0),
        1..=10 => format!("{}kB", 1_u32 << (code - 1)),
        _ => format!("{}MB", 1_u32 << (code - 11).min(20)),
    }
}
