//! The sections of `-AdpAllInfo` about what the firmware can do, and what the maker chose.

use crate::grammar;
use crate::model::{
    Backplane, BiosContinue, Capabilities, Coercion, ControllerDefaults, ControllerOperations,
    DefaultReadPolicy, DefaultWritePolicy, DeviceTypes, Interface, Limits, Mix,
    PhysicalDriveOperations, PowerSavings, SmartMode, SpinDownMode, UncertifiedDrives,
    VirtualDriveOperations, ZeroChannelRaid,
};
use crate::scan::Scan;
use crate::text::Line;
use crate::units::Minutes;

/// Takes a line of section `Capabilities`.
pub fn capabilities<'a>(
    capabilities: &mut Capabilities,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    match line.key {
        "RAID Level Supported" => scan.set(&mut capabilities.raid_levels, line, |text| {
            names(text, grammar::text)
        }),
        "Supported Drives" => scan.set(&mut capabilities.interfaces, line, |text| {
            names(text, Interface::read)
        }),
        "Allowed Mixing" => {
            capabilities.mixing = Some(Vec::new());
            return line.value.is_empty() || is_none(line.value);
        }
        _ => {
            let Some(mixing) = &mut capabilities.mixing else {
                return false;
            };
            // "Mix in Enclosure Allowed" stands alone on its line, and so does "NONE".
            let lower = line.text.to_ascii_lowercase();
            if lower.starts_with("mix ") && lower.ends_with(" allowed") {
                mixing.push(Mix::from_words(line.text));
            } else if !is_none(line.text) {
                return false;
            }
        }
    }
    true
}

fn is_none(text: &str) -> bool {
    text.eq_ignore_ascii_case("None")
}

/// A list with commas between the parts, `NONE` for an empty one.
fn names<T>(text: &str, part: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    if is_none(text) {
        return Some(Vec::new());
    }
    grammar::list(text, part)
}

/// Takes a line of section `Limitations`.
pub fn limits<'a>(limits: &mut Limits, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let size = match line.key {
        "Min Strip Size" | "Min Stripe Size" => &mut limits.min_strip_size,
        "Max Strip Size" | "Max Stripe Size" => &mut limits.max_strip_size,
        "Max Configurable CacheCade Size" => &mut limits.max_cachecade_size,
        "Current Size of CacheCade" => &mut limits.cachecade_size,
        "Current Size of FW Cache" => &mut limits.firmware_cache_size,
        _ => return counts(limits, scan, line),
    };
    scan.set(size, line, grammar::size);
    true
}

fn counts<'a>(limits: &mut Limits, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let count = match line.key {
        "Max Arms Per VD" => &mut limits.arms_per_span,
        "Max Spans Per VD" => &mut limits.spans_per_virtual_drive,
        "Max Arrays" => &mut limits.drive_groups,
        "Max Number of VDs" => &mut limits.virtual_drives,
        "Max Parallel Commands" => &mut limits.parallel_commands,
        "Max SGE Count" => &mut limits.scatter_gather_elements,
        "Max Strips PerIO" => &mut limits.strips_per_io,
        "Max LD per array" => &mut limits.virtual_drives_per_drive_group,
        "Max Data Transfer Size" => {
            scan.set(
                &mut limits.transfer_size_sectors,
                line,
                grammar::sector_count,
            );
            return true;
        }
        _ => return false,
    };
    scan.set(count, line, grammar::small);
    true
}

/// Takes a line of section `Supported Adapter Operations`.
pub fn controller_operations<'a>(
    can: &mut ControllerOperations,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    let operation = match line.key {
        "Rebuild Rate" => &mut can.rebuild_rate,
        "CC Rate" => &mut can.consistency_check_rate,
        "BGI Rate" => &mut can.background_initialization_rate,
        "Reconstruct Rate" => &mut can.reconstruction_rate,
        "Patrol Read Rate" => &mut can.patrol_read_rate,
        "Alarm Control" => &mut can.alarm_control,
        "Cluster Support" => &mut can.cluster,
        "BBU" => &mut can.bbu,
        "Spanning" => &mut can.spanning,
        "Dedicated Hot Spare" => &mut can.dedicated_hot_spares,
        "Revertible Hot Spares" => &mut can.revertible_hot_spares,
        "Foreign Config Import" => &mut can.foreign_import,
        "Self Diagnostic" => &mut can.self_diagnostic,
        "Allow Mixed Redundancy on Array" => &mut can.mixed_redundancy,
        "Global Hot Spares" => &mut can.global_hot_spares,
        "Deny SCSI Passthrough" => &mut can.deny_scsi_passthrough,
        "Deny SMP Passthrough" => &mut can.deny_smp_passthrough,
        "Deny STP Passthrough" => &mut can.deny_stp_passthrough,
        "Support Security" => &mut can.security,
        "Snapshot Enabled" => &mut can.snapshots,
        "Support the OCE without adding drives" => &mut can.expansion_without_adding_drives,
        "Support PFK" => &mut can.premium_feature_keys,
        "Support PI" => &mut can.protection_information,
        "Support LDPI Type1" => &mut can.protection_type_1,
        "Support LDPI Type2" => &mut can.protection_type_2,
        "Support LDPI Type3" => &mut can.protection_type_3,
        "Support Boot Time PFK Change" => &mut can.premium_feature_key_change_at_boot,
        "Disable Online PFK Change" => &mut can.disable_online_premium_feature_key_change,
        "Support Shield State" => &mut can.shield_state,
        "Block SSD Write Disk Cache Change" => &mut can.block_ssd_write_cache_change,
        "PFK TrailTime Remaining" => {
            let trial = &mut can.premium_feature_key_trial;
            scan.set(trial, line, grammar::days_and_hours);
            return true;
        }
        _ => return false,
    };
    scan.set(operation, line, grammar::yes_no);
    true
}

/// Takes a line of section `Supported VD Operations`.
pub fn virtual_drive_operations<'a>(
    can: &mut VirtualDriveOperations,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    let operation = match line.key {
        "Read Policy" => &mut can.read_policy,
        "Write Policy" => &mut can.write_policy,
        "IO Policy" => &mut can.io_policy,
        "Access Policy" => &mut can.access_policy,
        "Disk Cache Policy" => &mut can.disk_cache_policy,
        "Reconstruction" => &mut can.reconstruction,
        "Deny Locate" => &mut can.deny_locate,
        "Deny CC" => &mut can.deny_consistency_check,
        "Allow Ctrl Encryption" => &mut can.controller_encryption,
        "Enable LDBBM" => &mut can.bad_block_management,
        "Support Breakmirror" => &mut can.break_mirror,
        "Power Savings" => &mut can.power_savings,
        _ => return false,
    };
    scan.set(operation, line, grammar::yes_no);
    true
}

/// Takes a line of section `Supported PD Operations`.
pub fn physical_drive_operations<'a>(
    can: &mut PhysicalDriveOperations,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    let operation = match line.key {
        "Force Online" => &mut can.force_online,
        "Force Offline" => &mut can.force_offline,
        "Force Rebuild" => &mut can.force_rebuild,
        "Deny Force Failed" => &mut can.deny_force_failed,
        "Deny Force Good/Bad" => &mut can.deny_force_good_bad,
        "Deny Missing Replace" => &mut can.deny_missing_replace,
        "Deny Clear" => &mut can.deny_clear,
        "Deny Locate" => &mut can.deny_locate,
        "Support Temperature" => &mut can.temperature,
        "NCQ" => &mut can.native_command_queuing,
        "Disable Copyback" => &mut can.disable_copyback,
        "Enable JBOD" => &mut can.jbod,
        "Enable Copyback on SMART" => &mut can.copyback_on_smart,
        "Enable Copyback to SSD on SMART Error" | "Enable Copyback to SSD on SMART error" => {
            &mut can.copyback_to_ssd_on_smart
        }
        "Enable SSD Patrol Read" => &mut can.ssd_patrol_read,
        "PR Correct Unconfigured Areas" => &mut can.patrol_read_corrects_unconfigured_areas,
        "Enable Spin Down of UnConfigured Drives" => &mut can.spin_down_unconfigured,
        "Disable Spin Down of hot spares" => &mut can.disable_spin_down_hot_spares,
        "T10 Power State" => &mut can.t10_power_state,
        "Spin Down time" => {
            scan.set(&mut can.spin_down_time, line, bare_minutes);
            return true;
        }
        _ => return false,
    };
    scan.set(operation, line, grammar::yes_no);
    true
}

/// `30`, where the key or another output says that it is minutes.
fn bare_minutes(text: &str) -> Option<Minutes> {
    grammar::decimal(text).map(Minutes)
}

/// Takes a line of section `Default Settings`.
pub fn defaults<'a>(
    defaults: &mut ControllerDefaults,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
) -> bool {
    let d = defaults;
    match line.key {
        "Phy Polarity" => scan.set(&mut d.phy_polarity, line, grammar::small),
        "Phy PolaritySplit" => scan.set(&mut d.phy_polarity_split, line, grammar::small),
        "Background Rate" => scan.set(&mut d.background_rate, line, grammar::percent),
        "Strip Size" | "Stripe Size" => scan.set(&mut d.strip_size, line, grammar::size),
        "Flush Time" => scan.set(&mut d.flush_time, line, grammar::seconds),
        "Write Policy" => scan.set(&mut d.write_policy, line, DefaultWritePolicy::read),
        "Read Policy" => scan.set(&mut d.read_policy, line, DefaultReadPolicy::read),
        "SMART Mode" => scan.set(&mut d.smart_mode, line, SmartMode::read),
        "Coercion Mode" => scan.set(&mut d.coercion, line, Coercion::read),
        "ZCR Config" => scan.set(&mut d.zero_channel_raid, line, ZeroChannelRaid::read),
        "BIOS Continue on Error" => {
            scan.set(&mut d.bios_continue_on_error, line, BiosContinue::read);
        }
        "Spin Down Mode" => scan.set(&mut d.spin_down_mode, line, SpinDownMode::read),
        "Allowed Device Type" => scan.set(&mut d.device_types, line, DeviceTypes::read),
        "Max Chained Enclosures" => scan.set(&mut d.max_chained_enclosures, line, grammar::small),
        "Auto Detect BackPlane Enable" => {
            scan.set(&mut d.backplane_detection, line, Backplane::read);
        }
        "Delay during POST" => scan.set(&mut d.post_delay, line, grammar::small),
        "Un-Certified Hard Disk Drives" => {
            scan.set(&mut d.uncertified_drives, line, UncertifiedDrives::read);
        }
        "Max LD per array" => {
            scan.set(&mut d.virtual_drives_per_drive_group, line, grammar::small);
        }
        "Power Saving option" => d.power_savings = vec![PowerSavings::from_words(line.value)],
        // Where there are several, each of the others has a line of its own.
        words if !d.power_savings.is_empty() && is_power_savings(words) => {
            d.power_savings.push(PowerSavings::from_words(words));
        }
        "Default spin down time in minutes" => {
            scan.set(&mut d.spin_down_time, line, bare_minutes);
        }
        "Time taken to detect CME" => scan.set(&mut d.cme_detection, line, grammar::seconds),
        _ => return default_switches(d, scan, line),
    }
    true
}

/// Whether `words` are one of the sentences behind `Power Saving option`.
fn is_power_savings(words: &str) -> bool {
    !matches!(PowerSavings::from_words(words), PowerSavings::Other(_))
}

/// The defaults that are on or off.
fn default_switches<'a>(d: &mut ControllerDefaults, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let switch = match line.key {
        "Cache When BBU Bad" => &mut d.cache_when_bbu_bad,
        "Cached IO" => &mut d.cached_io,
        "Alarm Disable" => &mut d.alarm_disable,
        "Dirty LED Shows Drive Activity" => &mut d.dirty_led_shows_activity,
        "Allow Mix in Enclosure" | "Allow Mix In Enclosure" => &mut d.mix_in_enclosure,
        "Allow HDD SAS/SATA Mix in VD" | "Allow HDD SAS/SATA Mix In VD" => &mut d.mix_hard_disks,
        "Allow SSD SAS/SATA Mix in VD" | "Allow SSD SAS/SATA Mix In VD" => &mut d.mix_solid_state,
        // "HDD/SAS" is the misprint of a build of 2010 on a PERC 6/i.
        "Allow HDD/SSD Mix in VD" | "Allow HDD/SSD Mix In VD" | "Allow HDD/SAS Mix In VD" => {
            &mut d.mix_hard_disks_and_solid_state
        }
        "Allow SATA in Cluster" | "Allow SATA In Cluster" => &mut d.sata_in_cluster,
        "Disable Ctrl-R" => &mut d.disable_ctrl_r,
        "Enable Web BIOS" => &mut d.web_bios,
        "Direct PD Mapping" => &mut d.direct_drive_mapping,
        "BIOS Enumerate VDs" => &mut d.bios_enumerates_virtual_drives,
        "Restore Hot Spare on Insertion" => &mut d.restore_hot_spare_on_insertion,
        "Expose Enclosure Devices" => &mut d.expose_enclosures,
        "Maintain PD Fail History" => &mut d.keep_failed_drive_history,
        "Disable Puncturing" => &mut d.disable_puncturing,
        "Zero Based Enclosure Enumeration" => &mut d.zero_based_enclosures,
        "PreBoot CLI Enabled" => &mut d.preboot_cli,
        "LED Show Drive Activity" => &mut d.led_shows_activity,
        "Cluster Disable" => &mut d.cluster_disable,
        "SAS Disable" => &mut d.sas_disable,
        "Use FDE Only" => &mut d.use_fde_only,
        "Enable Led Header" => &mut d.led_header,
        "EnableCrashDump" => &mut d.crash_dump,
        "Disable Online Controller Reset" => &mut d.disable_online_controller_reset,
        "EnableLDBBM" => &mut d.bad_block_management,
        "Treat Single span R1E as R10" => &mut d.treat_single_span_raid1e_as_raid10,
        "Enable JBOD" => &mut d.jbod,
        "TTY Log In Flash" => &mut d.firmware_log_in_flash,
        "Auto Enhanced Import" => &mut d.auto_enhanced_import,
        "BreakMirror RAID Support" => &mut d.break_mirror,
        "Disable Join Mirror" => &mut d.disable_join_mirror,
        "Enable Shield State" => &mut d.shield_state,
        _ => return false,
    };
    scan.set(switch, line, grammar::yes_no);
    true
}

#[cfg(test)]
mod tests {
    use crate::megacli::adp_all_info::adp_all_info;
    use crate::model::{ControllerInfo, Interface, Mix, PowerSavings};
    use crate::units::{Bytes, Hours, Minutes};

    fn only(text: &str) -> ControllerInfo {
        let mut report = adp_all_info(text);
        assert_eq!(report.leftovers, []);
        assert_eq!(report.value.len(), 1);
        report.value.remove(0).value
    }

    #[test]
    fn mixing_is_a_list_of_sentences() {
        let capabilities = only(
            "Capabilities\n                ================\n\
             RAID Level Supported             : RAID0, RAID10, SRL 3 supported\n\
             Supported Drives                 : SAS, SATA\n\nAllowed Mixing:\n\n\
             Mix In Enclosure Allowed\nMix of SAS/SATA of HDD type in VD Allowed\n",
        )
        .capabilities;
        assert_eq!(
            capabilities.raid_levels.unwrap(),
            ["RAID0", "RAID10", "SRL 3 supported"]
        );
        assert_eq!(
            capabilities.interfaces.unwrap(),
            [Interface::Sas, Interface::Sata]
        );
        assert_eq!(
            capabilities.mixing.unwrap(),
            [Mix::Enclosure, Mix::HardDisks]
        );
    }

    #[test]
    fn none_in_capital_letters_is_an_empty_list() {
        let capabilities = only(
            "Capabilities\n                ================\n\
             Supported Drives                 : NONE\n\nAllowed Mixing:\n\nNONE\n",
        )
        .capabilities;
        assert_eq!(capabilities.interfaces, Some(vec![]));
        assert_eq!(capabilities.mixing, Some(vec![]));
        assert_eq!(capabilities.raid_levels, None);
    }

    #[test]
    fn limits_are_numbers_and_sizes_in_every_spelling() {
        let limits = only(
            "Limitations\n                ================\n\
             Max Arms Per VD         : 32 \nMax Data Transfer Size  : 8192 sectors \n\
             Min Stripe Size         : 8kB\nMax Strip Size           : 1.0 MB\n\
             Current Size of FW Cache       : 873 MB\n",
        )
        .limits;
        assert_eq!(limits.arms_per_span, Some(32));
        assert_eq!(limits.transfer_size_sectors, Some(8192));
        assert_eq!(limits.min_strip_size, Some(Bytes(8192)));
        assert_eq!(limits.max_strip_size, Some(Bytes(1 << 20)));
        assert_eq!(limits.firmware_cache_size, Some(Bytes(873 << 20)));
    }

    #[test]
    fn sentences_about_power_savings_stand_between_the_defaults() {
        let defaults = only(
            "Default Settings\n                ================\n\
             Power Saving option              : Don't spin down Hot spares\n\
             Don't Auto spin down Configured Drives\n\
             Max power savings option is  not allowed for LDs. Only T10 power conditions are to be used.\n\
             Default spin down time in minutes: 30 \n",
        )
        .defaults;
        assert_eq!(
            defaults.power_savings,
            [
                PowerSavings::NotHotSpares,
                PowerSavings::NotConfiguredDrives,
                PowerSavings::NotMaximum
            ]
        );
        assert_eq!(defaults.spin_down_time, Some(Minutes(30)));
    }

    #[test]
    fn operations_include_a_span_of_time() {
        let info = only(
            "Supported Adapter Operations\n                ================\n\
             PFK TrailTime Remaining         : 1 days 2 hours\nSupport Shield State : Yes\n\
             Supported PD Operations\n                ================\n\
             Disable Copyback                        : No\n\
             Enable Copyback to SSD on SMART error   : Yes\n\
             Enable JBOD                             : No\n\
             Spin Down time                          : 30 \n",
        );
        assert_eq!(
            info.controller_operations.premium_feature_key_trial,
            Some(Hours(26))
        );
        let drives = info.physical_drive_operations;
        assert_eq!(
            (drives.disable_copyback, drives.jbod),
            (Some(false), Some(false))
        );
        assert_eq!(drives.copyback_to_ssd_on_smart, Some(true));
        assert_eq!(drives.spin_down_time, Some(Minutes(30)));
    }
}
