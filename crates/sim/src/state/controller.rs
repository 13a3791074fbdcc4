//! A controller's identity, limits, capabilities and properties.

use serde::{Deserialize, Serialize};

/// What `-AdpAllInfo` tells of a controller.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Info {
    /// Number of the SCSI host.
    pub host: u32,
    /// The controller's clock.
    pub time: u32,
    /// PCI vendor.
    #[serde(alias = "vendor")]
    pub vendor_id: u32,
    /// PCI device.
    #[serde(alias = "device")]
    pub device_id: u32,
    /// PCI subsystem vendor.
    #[serde(alias = "subvendor")]
    pub subvendor_id: u32,
    /// PCI subsystem.
    #[serde(alias = "subdevice")]
    pub subdevice_id: u32,
    /// Kind of the host interface: bits.
    #[serde(alias = "hosttype")]
    pub host_interface: u32,
    /// Ports to the host.
    #[serde(alias = "hostports")]
    pub host_ports: u32,
    /// Kind of the device interface: bits.
    #[serde(alias = "devtype")]
    pub device_interface: u32,
    /// Ports to the devices.
    #[serde(alias = "devports")]
    pub device_ports: u32,
    /// SAS address of the first port.
    pub port0: u64,
    /// SAS address of the second port.
    pub port1: u64,
    /// SAS address of the third port.
    pub port2: u64,
    /// SAS address of the fourth port.
    pub port3: u64,
    /// Product name.
    pub product: String,
    /// Serial number.
    pub serial: String,
    /// What is on the board: bits.
    #[serde(alias = "hw")]
    pub hardware: u32,
    /// At most this many: commands.
    #[serde(alias = "maxcmds")]
    pub most_commands: u32,
    /// At most this many: sge.
    #[serde(alias = "maxsge")]
    pub most_sge: u32,
    /// At most this many: request.
    #[serde(alias = "maxreq")]
    pub most_request: u32,
    /// NVRAM, KiB.
    #[serde(alias = "nvram")]
    pub nvram_kib: u32,
    /// Memory, MiB.
    #[serde(alias = "memory")]
    pub memory_mib: u32,
    /// Flash, MiB.
    #[serde(alias = "flash")]
    pub flash_mib: u32,
    /// At most this many: arms.
    #[serde(alias = "maxarms")]
    pub most_arms: u32,
    /// At most this many: spans.
    #[serde(alias = "maxspans")]
    pub most_spans: u32,
    /// At most this many: arrays.
    #[serde(alias = "maxarrays")]
    pub most_arrays: u32,
    /// At most this many: virtual drives.
    #[serde(alias = "maxlds")]
    pub most_virtual_drives: u32,
    /// At most this many: strips.
    #[serde(alias = "maxstrips")]
    pub most_strips: u32,
    /// RAID levels: bits.
    #[serde(alias = "raidlevels")]
    pub raid_levels: u32,
    /// What the controller can do: bits.
    #[serde(alias = "adpops")]
    pub operations: u32,
    /// What can be set on virtual drives: bits.
    #[serde(alias = "ldops")]
    pub virtual_drive_operations: u32,
    /// 512 bytes shifted left by this.
    #[serde(alias = "stripemin")]
    pub smallest_strip: u32,
    /// 512 bytes shifted left by this.
    #[serde(alias = "stripemax")]
    pub largest_strip: u32,
    /// What can be done with drives: bits.
    #[serde(alias = "pdops")]
    pub drive_operations: u32,
    /// Which drives may be mixed: bits.
    #[serde(alias = "pdmix")]
    pub drive_mix: u32,
    /// Ecc buckets.
    #[serde(alias = "eccbuckets")]
    pub ecc_buckets: u32,
    /// Property sequence.
    #[serde(alias = "seq")]
    pub property_sequence: u32,
    /// Seconds.
    #[serde(alias = "pfpoll")]
    pub predictive_failure_poll: u32,
    /// Interrupt throttle count.
    #[serde(alias = "thrcnt")]
    pub interrupt_throttle_count: u32,
    /// Microseconds.
    #[serde(alias = "thrto")]
    pub interrupt_throttle_time: u32,
    /// Percent.
    #[serde(alias = "rbldrate")]
    pub rebuild_rate: u32,
    /// Percent.
    #[serde(alias = "prrate")]
    pub patrol_rate: u32,
    /// Percent.
    #[serde(alias = "bgirate")]
    pub background_rate: u32,
    /// Percent.
    #[serde(alias = "ccrate")]
    pub consistency_rate: u32,
    /// Percent.
    #[serde(alias = "reconrate")]
    pub reconstruction_rate: u32,
    /// Seconds.
    #[serde(alias = "flushint")]
    pub flush_interval: u32,
    /// Spin up count.
    #[serde(alias = "spincnt")]
    pub spin_up_count: u32,
    /// Seconds.
    #[serde(alias = "spindelay")]
    pub spin_up_delay: u32,
    /// Coercion mode.
    #[serde(alias = "coercion")]
    pub coercion_mode: u32,
    /// 0 off, 1 on, 2 silenced.
    #[serde(alias = "alarmen")]
    pub alarm: u32,
    /// Ecc bucket size.
    #[serde(alias = "eccsize")]
    pub ecc_bucket_size: u32,
    /// Minutes.
    #[serde(alias = "eccleak")]
    pub ecc_leak_rate: u32,
    /// Restore hot spare on insertion.
    #[serde(alias = "rstrhs")]
    pub restore_hot_spare_on_insertion: u32,
    /// Expose enclosures.
    #[serde(alias = "exposeencl")]
    pub expose_enclosures: u32,
    /// Keep failure history.
    #[serde(alias = "failhist")]
    pub keep_failure_history: u32,
    /// Version of the firmware package.
    #[serde(alias = "pkg")]
    pub package: String,
    /// At most this many: drives.
    #[serde(alias = "maxpds")]
    pub most_drives: u32,
    /// At most this many: dedicated spares.
    #[serde(alias = "maxdedhsp")]
    pub most_dedicated_spares: u32,
    /// At most this many: global spares.
    #[serde(alias = "maxglobhsp")]
    pub most_global_spares: u32,
    /// At most this many: virtual drives per array.
    #[serde(alias = "maxldsperarray")]
    pub most_virtual_drives_per_array: u32,
    /// Highest target.
    #[serde(alias = "maxtgt")]
    pub highest_target: u32,
    /// At most this many: configured drives.
    #[serde(alias = "maxcfgpds")]
    pub most_configured_drives: u32,
    /// Degrees Celsius; 0 for none.
    #[serde(alias = "temproc")]
    pub chip_temperature: u32,
    /// Degrees Celsius; 0 for none.
    #[serde(alias = "tempctrl")]
    pub controller_temperature: u32,
    /// What else the controller can do: bits.
    #[serde(alias = "adpops2")]
    pub operations2: u32,
    /// Version of the driver as the firmware knows it.
    #[serde(alias = "drvver")]
    pub driver_version: String,
    /// Cache, MiB, where it is told apart.
    #[serde(alias = "cachemem")]
    pub cache_memory: u32,
    /// Limits of RAID 0: fewest drives in the low byte.
    #[serde(alias = "r0")]
    pub raid0: u32,
    /// Limits of RAID 1: fewest drives in the low byte.
    #[serde(alias = "r1")]
    pub raid1: u32,
    /// Limits of RAID 5: fewest drives in the low byte.
    #[serde(alias = "r5")]
    pub raid5: u32,
    /// Limits of RAID 1E: fewest drives in the low byte.
    #[serde(alias = "r1e")]
    pub raid1e: u32,
    /// Limits of RAID 6: fewest drives in the low byte.
    #[serde(alias = "r6")]
    pub raid6: u32,
    /// Limits of RAID 10: fewest drives in the low byte.
    #[serde(alias = "r10")]
    pub raid10: u32,
    /// Limits of RAID 50: fewest drives in the low byte.
    #[serde(alias = "r50")]
    pub raid50: u32,
    /// Limits of RAID 60: fewest drives in the low byte.
    #[serde(alias = "r60")]
    pub raid60: u32,
    /// Limits of RAID 1E without qualifier: fewest drives in the low byte.
    #[serde(alias = "r1erlq0")]
    pub raid1e_rlq0: u32,
    /// Limits of RAID 1E0 without qualifier: fewest drives in the low byte.
    #[serde(alias = "r1e0rlq0")]
    pub raid1e0_rlq0: u32,
    /// Properties that are on: bits (`OnOffProperties`).
    #[serde(alias = "onoff")]
    pub switches: u32,
    /// CacheCade at most, GiB.
    #[serde(alias = "maxssc")]
    pub most_cachecade_gib: u32,
    /// CacheCade in use, GiB.
    #[serde(alias = "curssc")]
    pub current_cachecade_gib: u32,
    /// Whether the cluster mode is on.
    pub cluster: u32,
    /// Whether failed members are left as they are, spare or not.
    pub no_auto_rebuild: u32,
    /// Whether it keeps silent about a missing battery.
    pub no_battery_warning: u32,
    /// Whether the host's requests are carried out in their order.
    pub no_reordering: u32,
    /// Whether a consistency check ends at the first error.
    pub abort_check_on_error: u32,
    /// 0 automatic, 1 none.
    pub load_balance: u32,
    /// Backplanes that are not looked for: bit 0 SGPIO, 1 I2C.
    pub no_backplane_detection: u32,
    /// Minutes until an unused drive spins down.
    pub spin_down_time: u32,
    /// Power savings of virtual drives: 0 as the controller has it, 1 automatic, 2 none, 3 maximum,
    /// 4 maximum without caching.
    pub power_save_policy: u32,
    /// Hours for which power savings pause.
    pub power_save_pause: u32,
    /// Minute of the day at which they pause.
    pub power_save_pause_start: u32,
    /// Drives of an enclosure that spin up at the same time.
    pub enclosure_spin_up_count: u32,
    /// Seconds between two of them.
    pub enclosure_spin_up_delay: u32,
    /// Drives on the controller itself that spin up within a minute.
    pub direct_spin_up_count: u32,
    /// The security key: bits.
    pub security_key: u32,
    /// PCI bus.
    pub bus: u32,
    /// PCI device on the bus.
    pub bus_device: u32,
    /// PCI function of the device.
    pub bus_function: u32,
    /// Correctable memory errors.
    #[serde(alias = "ecccorr")]
    pub ecc_correctable: u32,
    /// Uncorrectable memory errors.
    #[serde(alias = "eccuncorr")]
    pub ecc_uncorrectable: u32,
}

/// An image in the flash.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FirmwareImage {
    /// Name: `BIOS`, `APP` and so on.
    pub name: String,
    /// Version.
    #[serde(alias = "ver")]
    pub version: String,
    /// Date of the build.
    pub date: String,
    /// Time of the build.
    pub time: String,
}

/// Manufacturing data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Manufacturing {
    /// Date, packed: `-AdpAllInfo` prints it as `MM/DD/YY`.
    pub date: u16,
    /// Serial number of the board.
    pub serial: String,
    /// Date of the rework, packed; 0 for none.
    pub rework: u16,
    /// Revision.
    #[serde(alias = "rev")]
    pub revision: String,
}

/// Factory defaults.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Defaults {
    /// SAS address of the controller.
    #[serde(alias = "sas")]
    pub sas_address: u64,
    /// Strip size: 512 bytes shifted left by this.
    #[serde(alias = "stripe")]
    pub strip_size: u8,
    /// Seconds between flushes of the cache.
    #[serde(alias = "flush")]
    pub flush_interval: u8,
    /// Write-back.
    #[serde(alias = "wb")]
    pub write_back: u8,
    /// Read ahead.
    #[serde(alias = "ra")]
    pub read_ahead: u8,
    /// S.M.A.R.T. mode.
    pub smart: u8,
    /// Coercion mode.
    pub coercion: u8,
    /// Whether the BIOS goes on after errors.
    #[serde(alias = "bioscont")]
    pub bios_continues: u8,
    /// Most enclosures in a chain.
    #[serde(alias = "maxchain")]
    pub most_chained: u8,
    /// Whether the configuration utility is there at boot.
    #[serde(alias = "webbios")]
    pub web_bios: u8,
    /// Whether the BIOS shows the drives one by one.
    #[serde(alias = "biosenum")]
    pub bios_enumeration: u8,
    /// Whether a hot spare that returns is a hot spare again.
    #[serde(alias = "rsths")]
    pub restore_hot_spare: u8,
    /// Whether enclosures are shown to the host.
    #[serde(alias = "exposeencl")]
    pub expose_enclosures: u8,
    /// Whether the history of failures is kept.
    #[serde(alias = "failhist")]
    pub keep_failure_history: u8,
    /// Whether a drive group may span enclosures.
    #[serde(alias = "mixencl")]
    pub mix_enclosures: u8,
    /// Whether SAS and SATA may be mixed in a virtual drive.
    #[serde(alias = "mixld")]
    pub mix_drives: u8,
    /// Whether the backplane is detected.
    #[serde(alias = "autobp")]
    pub detect_backplane: u8,
    /// Whether the device ids of drives follow from their bays (direct PD mapping).
    pub direct_drive_mapping: bool,
}

/// Link counters of a phy.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Phy {
    /// Number.
    #[serde(alias = "n")]
    pub number: u8,
    /// SAS address of what hangs on it; 0 for nothing.
    #[serde(alias = "sas")]
    pub sas_address: u64,
    /// Identifier of the phy at the other end.
    pub id: u8,
    /// Device type at the other end, as the link layer tells.
    #[serde(alias = "type")]
    pub device_type: u8,
    /// Target ports at the other end: bits.
    #[serde(alias = "tgt")]
    pub targets: u8,
    /// Link speed code.
    pub speed: u8,
    /// Invalid dwords.
    #[serde(alias = "inv")]
    pub invalid_dwords: u32,
    /// Running disparity errors.
    #[serde(alias = "disp")]
    pub disparity_errors: u32,
    /// Losses of synchronization.
    #[serde(alias = "sync")]
    pub synchronization_losses: u32,
    /// Resets of the phy that failed.
    #[serde(alias = "reset")]
    pub reset_problems: u32,
}
