//! Everything about a controller as a record: what a person looks for first, first.

use ironkeep_parsers::model::{
    Capabilities, ClusterInformation, ControllerDefaults, ControllerId, ControllerInfo,
    ControllerOperations, DevicesPresent, ErrorCounters, FlashImage, Hardware, Limits, Manufacture,
    PciInfo, PhysicalDriveOperations, Settings, VirtualDriveOperations,
};

use super::{ControllerData, pci_address, trouble};
use crate::commands::fields::{ToCell, fields};
use crate::output::{Cell, Section, Tone};

type Fields = Vec<(String, Cell)>;

/// The sections of the record.
pub(super) fn sections(id: Option<ControllerId>, data: &ControllerData) -> Vec<Section> {
    let ControllerData { info, pci_location } = data;
    let ControllerInfo {
        product_name,
        serial,
        firmware_package,
        manufacture,
        images,
        pending_images,
        pci,
        hardware,
        settings,
        capabilities,
        ecc_bucket_count,
        limits,
        devices,
        controller_operations,
        virtual_drive_operations,
        physical_drive_operations,
        errors,
        cluster,
        defaults,
    } = info;
    let identity: Fields = vec![
        ("Number".to_owned(), id.map(|id| id.0).into()),
        ("Product".to_owned(), product_name.to_cell()),
        ("Serial".to_owned(), serial.to_cell()),
        ("Firmware package".to_owned(), firmware_package.to_cell()),
        (
            "PCI address".to_owned(),
            pci_location.as_ref().and_then(pci_address).into(),
        ),
    ];
    let mut counters = self::errors(errors);
    counters.push(("ECC bucket count".to_owned(), ecc_bucket_count.to_cell()));
    vec![
        Section::new("Controller", identity),
        Section::new("Devices", self::devices(devices)),
        Section::new("Error counters", counters),
        Section::new("Hardware", self::hardware(hardware)),
        Section::new("Manufacture", self::manufacture(manufacture)),
        Section::new("Images", self::images(images)),
        Section::new("Pending images", self::images(pending_images)),
        Section::new("Settings", self::settings(settings)),
        Section::new("PCI", self::pci(pci)),
        Section::new("Back-end ports", ports(pci)),
        Section::new("Capabilities", self::capabilities(capabilities)),
        Section::new("Limits", self::limits(limits)),
        Section::new(
            "Controller operations",
            self::controller_operations(controller_operations),
        ),
        Section::new(
            "Virtual drive operations",
            self::virtual_drive_operations(virtual_drive_operations),
        ),
        Section::new(
            "Physical drive operations",
            self::physical_drive_operations(physical_drive_operations),
        ),
        Section::new("Cluster", self::cluster(cluster)),
        Section::new("Defaults", self::defaults(defaults)),
    ]
}

fn devices(devices: &DevicesPresent) -> Fields {
    fields!(devices, DevicesPresent {
        virtual_drives,
        degraded_virtual_drives => trouble(degraded_virtual_drives.as_ref(), Tone::Bad),
        offline_virtual_drives => trouble(offline_virtual_drives.as_ref(), Tone::Bad),
        physical_devices,
        physical_drives,
        critical_drives: "Drives predicting failure" => trouble(critical_drives.as_ref(), Tone::Warn),
        failed_drives => trouble(failed_drives.as_ref(), Tone::Bad),
    })
}

fn errors(errors: &ErrorCounters) -> Fields {
    fields!(errors, ErrorCounters {
        memory_uncorrectable: "Memory uncorrectable errors"
            => trouble(memory_uncorrectable.as_ref(), Tone::Bad),
        memory_correctable: "Memory correctable errors"
            => trouble(memory_correctable.as_ref(), Tone::Warn),
    })
}

fn hardware(hardware: &Hardware) -> Fields {
    fields!(
        hardware,
        Hardware {
            memory_size,
            bbu: "Battery",
            alarm,
            roc_temperature,
            controller_temperature,
            sas_address,
            memory,
            flash,
            nvram,
            serial_debugger,
            tpm,
            onboard_expander,
            upgrade_key,
            roc_temperature_sensor,
            controller_temperature_sensor,
        }
    )
}

fn manufacture(manufacture: &Manufacture) -> Fields {
    fields!(
        manufacture,
        Manufacture {
            date,
            rework_date,
            revision,
            battery_fru,
        }
    )
}

fn images(images: &[FlashImage]) -> Fields {
    images
        .iter()
        .map(|image| (image.name.clone(), (&image.version).into()))
        .collect()
}

fn settings(settings: &Settings) -> Fields {
    fields!(
        settings,
        Settings {
            current_time,
            rebuild_rate,
            patrol_read_rate,
            background_initialization_rate,
            consistency_check_rate,
            reconstruction_rate,
            auto_rebuild,
            alarm,
            preserved_cache,
            boot_with_preserved_cache,
            battery_warning,
            cache_flush_interval,
            restore_hot_spare_on_insertion,
            keep_failed_drive_history,
            auto_enhanced_import,
            predictive_failure_poll_interval,
            coercion,
            spin_up_drives,
            spin_up_delay,
            spin_up_direct_attached_per_minute,
            virtual_drive_power_save,
            ecc_bucket_size,
            ecc_bucket_leak,
            expose_enclosures,
            backplane_detection,
            locate_with_activity_led,
            load_balance,
            host_request_reordering,
            interrupt_throttle_count,
            interrupt_throttle_completion,
            cluster_mode,
            use_fde_only,
            security_key_assigned,
            security_key_failed,
            security_key_not_backed_up,
            premium_feature_key,
            disable_online_controller_reset,
            post_delay,
            bios_error_handling,
            boot_mode,
        }
    )
}

fn pci(pci: &PciInfo) -> Fields {
    fields!(pci, PciInfo {
        controller_id,
        vendor => id(*vendor),
        device => id(*device),
        subsystem_vendor => id(*subsystem_vendor),
        subsystem_device => id(*subsystem_device),
        host_interface,
        chip_revision,
        link_speed,
        frontend_ports: "Front-end ports",
        device_interface,
        backend_ports: "Back-end ports",
    } elsewhere { port_addresses })
}

/// A PCI id as everybody writes it: `1000`.
fn id(number: Option<u32>) -> Cell {
    number.map(|number| format!("{number:04x}")).into()
}

fn ports(pci: &PciInfo) -> Fields {
    pci.port_addresses
        .iter()
        .map(|port| {
            let cell = match &port.address {
                Some(address) => address.to_cell(),
                None => "nothing attached".into(),
            };
            (format!("Port {}", port.port), cell)
        })
        .collect()
}

fn capabilities(capabilities: &Capabilities) -> Fields {
    fields!(
        capabilities,
        Capabilities {
            raid_levels,
            interfaces,
            mixing,
        }
    )
}

fn limits(limits: &Limits) -> Fields {
    fields!(
        limits,
        Limits {
            arms_per_span,
            spans_per_virtual_drive,
            drive_groups,
            virtual_drives,
            virtual_drives_per_drive_group,
            parallel_commands,
            scatter_gather_elements,
            transfer_size_sectors,
            strips_per_io,
            min_strip_size,
            max_strip_size,
            max_cachecade_size,
            cachecade_size,
            firmware_cache_size,
        }
    )
}

fn controller_operations(operations: &ControllerOperations) -> Fields {
    fields!(
        operations,
        ControllerOperations {
            rebuild_rate,
            consistency_check_rate,
            background_initialization_rate,
            reconstruction_rate,
            patrol_read_rate,
            alarm_control,
            cluster,
            bbu,
            spanning,
            dedicated_hot_spares,
            revertible_hot_spares,
            foreign_import,
            self_diagnostic,
            mixed_redundancy,
            global_hot_spares,
            deny_scsi_passthrough,
            deny_smp_passthrough,
            deny_stp_passthrough,
            security,
            snapshots,
            expansion_without_adding_drives,
            premium_feature_keys,
            protection_information,
            protection_type_1,
            protection_type_2,
            protection_type_3,
            premium_feature_key_change_at_boot,
            disable_online_premium_feature_key_change,
            premium_feature_key_trial,
            shield_state,
            block_ssd_write_cache_change,
        }
    )
}

fn virtual_drive_operations(operations: &VirtualDriveOperations) -> Fields {
    fields!(
        operations,
        VirtualDriveOperations {
            read_policy,
            write_policy,
            io_policy,
            access_policy,
            disk_cache_policy,
            reconstruction,
            deny_locate,
            deny_consistency_check,
            controller_encryption,
            bad_block_management,
            break_mirror,
            power_savings,
        }
    )
}

fn physical_drive_operations(operations: &PhysicalDriveOperations) -> Fields {
    fields!(
        operations,
        PhysicalDriveOperations {
            force_online,
            force_offline,
            force_rebuild,
            deny_force_failed,
            deny_force_good_bad,
            deny_missing_replace,
            deny_clear,
            deny_locate,
            temperature,
            native_command_queuing,
            disable_copyback,
            jbod,
            copyback_on_smart,
            copyback_to_ssd_on_smart,
            ssd_patrol_read,
            patrol_read_corrects_unconfigured_areas,
            spin_down_unconfigured,
            disable_spin_down_hot_spares,
            spin_down_time,
            t10_power_state,
        }
    )
}

fn cluster(cluster: &ClusterInformation) -> Fields {
    fields!(cluster, ClusterInformation { permitted, active })
}

fn defaults(defaults: &ControllerDefaults) -> Fields {
    fields!(
        defaults,
        ControllerDefaults {
            strip_size,
            write_policy,
            read_policy,
            cache_when_bbu_bad,
            cached_io,
            background_rate,
            flush_time,
            smart_mode,
            alarm_disable,
            coercion,
            restore_hot_spare_on_insertion,
            keep_failed_drive_history,
            auto_enhanced_import,
            jbod,
            spin_down_mode,
            spin_down_time,
            power_savings,
            shield_state,
            device_types,
            mix_in_enclosure,
            mix_hard_disks,
            mix_solid_state,
            mix_hard_disks_and_solid_state,
            sata_in_cluster,
            max_chained_enclosures,
            uncertified_drives,
            virtual_drives_per_drive_group,
            treat_single_span_raid1e_as_raid10,
            disable_puncturing,
            bad_block_management,
            break_mirror,
            disable_join_mirror,
            phy_polarity,
            phy_polarity_split,
            zero_channel_raid,
            dirty_led_shows_activity,
            led_shows_activity,
            led_header,
            direct_drive_mapping,
            expose_enclosures,
            zero_based_enclosures,
            backplane_detection,
            bios_continue_on_error,
            bios_enumerates_virtual_drives,
            disable_ctrl_r,
            web_bios,
            preboot_cli,
            post_delay,
            cluster_disable,
            sas_disable,
            use_fde_only,
            crash_dump,
            firmware_log_in_flash,
            disable_online_controller_reset,
            cme_detection,
        }
    )
}
