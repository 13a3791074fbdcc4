//! A controller: what it is, how it is set and how it does.

use jiff::civil::{Date, DateTime};
use serde::Serialize;

use super::{
    Capabilities, ControllerDefaults, ControllerOperations, Limits, PhysicalDriveOperations,
    SasAddress, VirtualDriveOperations, words,
};
use crate::units::{Bytes, Celsius, Microseconds, Minutes, Percent, Seconds};

/// Everything that `-AdpAllInfo` says about one controller, by the sections of that output. Keys
/// repeat across its sections with another meaning: settings are what is in force, defaults what the
/// maker chose, operations what the firmware can do.
///
/// A field is `None` where the tool did not print it, or printed nothing or `N/A` behind it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ControllerInfo {
    /// `Product Name`.
    pub product_name: Option<String>,
    /// `Serial No`.
    pub serial: Option<String>,
    /// `FW Package Build`: the version by which firmware is published.
    pub firmware_package: Option<String>,
    /// `Mfg. Data`.
    pub manufacture: Manufacture,
    /// `Image Versions in Flash`.
    pub images: Vec<FlashImage>,
    /// `Pending Images in Flash`: take effect at the next start. Empty for `None`.
    pub pending_images: Vec<FlashImage>,
    /// `PCI Info`.
    pub pci: PciInfo,
    /// `HW Configuration`.
    pub hardware: Hardware,
    /// `Settings`.
    pub settings: Settings,
    /// `Capabilities`.
    pub capabilities: Capabilities,
    /// `ECC Bucket Count` of section `Status`: correctable memory errors in the leaky bucket.
    pub ecc_bucket_count: Option<u64>,
    /// `Limitations`.
    pub limits: Limits,
    /// `Device Present`.
    pub devices: DevicesPresent,
    /// `Supported Adapter Operations`.
    pub controller_operations: ControllerOperations,
    /// `Supported VD Operations`.
    pub virtual_drive_operations: VirtualDriveOperations,
    /// `Supported PD Operations`.
    pub physical_drive_operations: PhysicalDriveOperations,
    /// `Error Counters`.
    pub errors: ErrorCounters,
    /// `Cluster Information`.
    pub cluster: ClusterInformation,
    /// `Default Settings`.
    pub defaults: ControllerDefaults,
}

impl ControllerInfo {
    /// The version of the flash image called `name`, such as `FW` or `BIOS`.
    pub fn image(&self, name: &str) -> Option<&str> {
        self.images
            .iter()
            .find(|image| image.name.eq_ignore_ascii_case(name))
            .map(|image| image.version.as_str())
    }
}

/// When and how the board was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Manufacture {
    /// `Mfg. Date`; absent for `00/00/00`.
    pub date: Option<Date>,
    /// `Rework Date`; absent for `00/00/00`, which means never.
    pub rework_date: Option<Date>,
    /// `Revision No`.
    pub revision: Option<String>,
    /// `Battery FRU`: part number for ordering a new battery.
    pub battery_fru: Option<String>,
}

/// One program in the controller's flash memory. The firmware itself names them, so the list is open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FlashImage {
    /// `FW`, `BIOS`, `WebBIOS`, `Ctrl-R`, `Preboot CLI`, `NVDATA`, `Boot Block`, `BOOT`, `MPT`, …
    pub name: String,
    /// Its version, in its own format.
    pub version: String,
}

words! {
    /// The bus on one side of the controller.
    Bus {
        /// PCI Express.
        PciExpress = "pci_express": "PCIE",
        /// PCI-X.
        PciX = "pci_x": "PCIX" | "PCI-X",
        /// The tool does not know.
        Unknown = "unknown": "UNKNOWN",
    }
}

/// The controller on its bus. Ids are plain numbers; people read them as four hexadecimal digits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PciInfo {
    /// `Controller Id`: the firmware's own number, not the `-aN` one. Newer builds only.
    pub controller_id: Option<u32>,
    /// `Vendor Id`: 0x1000 is LSI.
    pub vendor: Option<u32>,
    /// `Device Id`: which chip it is.
    pub device: Option<u32>,
    /// `SubVendorId`: who sells it.
    pub subsystem_vendor: Option<u32>,
    /// `SubDeviceId`: which board it is.
    pub subsystem_device: Option<u32>,
    /// `Host Interface`.
    pub host_interface: Option<Bus>,
    /// `ChipRevision`.
    pub chip_revision: Option<String>,
    /// `Link Speed`, the tool's number; 0 where the firmware does not say.
    pub link_speed: Option<u32>,
    /// `Number of Frontend Port`.
    pub frontend_ports: Option<u32>,
    /// `Device Interface`.
    pub device_interface: Option<Bus>,
    /// `Number of Backend Port`.
    pub backend_ports: Option<u32>,
    /// The table of back-end ports.
    pub port_addresses: Vec<PortAddress>,
}

/// What a back-end port of the controller is connected to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PortAddress {
    /// Port number, from 0.
    pub port: u32,
    /// Address of the device there; `None` where nothing is attached (printed as zero).
    pub address: Option<SasAddress>,
}

/// What is on the board.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hardware {
    /// `SAS Address` of the controller.
    pub sas_address: Option<SasAddress>,
    /// `BBU`: whether a battery or supercapacitor is there.
    pub bbu: Option<bool>,
    /// `Alarm`: whether there is a buzzer. Whether it may sound is [`Settings::alarm`].
    pub alarm: Option<bool>,
    /// `NVRAM`.
    pub nvram: Option<bool>,
    /// `Serial Debugger`.
    pub serial_debugger: Option<bool>,
    /// `Memory`.
    pub memory: Option<bool>,
    /// `Flash`.
    pub flash: Option<bool>,
    /// `Memory Size`.
    #[serde(rename = "memory_size_bytes")]
    pub memory_size: Option<Bytes>,
    /// `TPM`.
    pub tpm: Option<bool>,
    /// `On board Expander`.
    pub onboard_expander: Option<bool>,
    /// `Upgrade Key`: a key that unlocks paid features.
    pub upgrade_key: Option<bool>,
    /// `Temperature sensor for ROC`.
    pub roc_temperature_sensor: Option<bool>,
    /// `Temperature sensor for controller`.
    pub controller_temperature_sensor: Option<bool>,
    /// `ROC temperature`: of the RAID-on-chip. Printed only where there is a sensor.
    #[serde(rename = "roc_temperature_celsius")]
    pub roc_temperature: Option<Celsius>,
    /// `Controller temperature`: of the board. Printed only where there is a sensor.
    #[serde(rename = "controller_temperature_celsius")]
    pub controller_temperature: Option<Celsius>,
}

words! {
    /// To which multiple the usable size of a new drive is rounded down.
    Coercion {
        /// Not at all.
        None = "none": "Disabled" | "None",
        /// Multiples of 128 MiB.
        Mib128 = "128_mib": "128MB" | "128 MB",
        /// Multiples of 1 GiB.
        Gib1 = "1_gib": "1GB" | "1 GB",
    }
}

words! {
    /// Ways of talking to a backplane.
    Backplane {
        /// SGPIO and I2C.
        SgpioAndI2c = "sgpio_and_i2c": "SGPIO/i2c SEP",
        /// SGPIO only.
        Sgpio = "sgpio": "SGPIO",
        /// I2C only.
        I2c = "i2c": "i2c SEP",
        /// Neither.
        None = "none": "None",
    }
}

words! {
    /// How I/O is spread over two paths to a drive.
    LoadBalance {
        /// The firmware decides.
        Auto = "auto": "Auto",
        /// Not at all.
        None = "none": "None" | "Disabled",
    }
}

words! {
    /// When drives of virtual drives may stop turning.
    PowerSave {
        /// As the controller says.
        ControllerDefined = "controller_defined": "Controller Defined",
        /// The firmware decides.
        Automatic = "automatic": "Automatic" | "Auto",
        /// Never.
        None = "none": "None",
        /// As much as possible.
        Maximum = "maximum": "Maximum",
        /// As much as possible, writes are not cached meanwhile.
        MaximumWithoutCaching = "maximum_without_caching": "Maximum without caching" | "MaximumWithoutCaching",
    }
}

words! {
    /// What the BIOS does at boot when it finds an error.
    BiosErrorHandling {
        /// Stops and waits for a person.
        Stop = "stop": "Stop On Errors" | "Stop on error",
        /// Shows it for a while, then goes on.
        Pause = "pause": "Pause on Errors",
        /// Goes on.
        Ignore = "ignore": "Ignore Errors" | "Bypass error",
        /// Starts in safe mode.
        SafeMode = "safe_mode": "Safe mode on Errors",
    }
}

words! {
    /// How the controller started.
    BootMode {
        /// As usual.
        Normal = "normal": "Normal",
        /// With most functions off, after an error.
        Safe = "safe": "Safe Mode",
    }
}

/// What is in force.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Settings {
    /// `Current Time`: the controller's clock, without a zone.
    pub current_time: Option<DateTime>,
    /// `Predictive Fail Poll Interval`.
    #[serde(rename = "predictive_failure_poll_interval_seconds")]
    pub predictive_failure_poll_interval: Option<Seconds>,
    /// `Interrupt Throttle Active Count`.
    pub interrupt_throttle_count: Option<u32>,
    /// `Interrupt Throttle Completion`.
    #[serde(rename = "interrupt_throttle_completion_microseconds")]
    pub interrupt_throttle_completion: Option<Microseconds>,
    /// `Rebuild Rate`: share of the controller's power for it. So are the other rates.
    #[serde(rename = "rebuild_rate_percent")]
    pub rebuild_rate: Option<Percent>,
    /// `PR Rate`: patrol read.
    #[serde(rename = "patrol_read_rate_percent")]
    pub patrol_read_rate: Option<Percent>,
    /// `BGI Rate`, in old builds `Resynch Rate`: background initialisation.
    #[serde(rename = "background_initialization_rate_percent")]
    pub background_initialization_rate: Option<Percent>,
    /// `Check Consistency Rate`.
    #[serde(rename = "consistency_check_rate_percent")]
    pub consistency_check_rate: Option<Percent>,
    /// `Reconstruction Rate`.
    #[serde(rename = "reconstruction_rate_percent")]
    pub reconstruction_rate: Option<Percent>,
    /// `Cache Flush Interval`.
    #[serde(rename = "cache_flush_interval_seconds")]
    pub cache_flush_interval: Option<Seconds>,
    /// `Max Drives to Spinup at One Time`.
    pub spin_up_drives: Option<u32>,
    /// `Delay Among Spinup Groups`.
    #[serde(rename = "spin_up_delay_seconds")]
    pub spin_up_delay: Option<Seconds>,
    /// `Physical Drive Coercion Mode`.
    pub coercion: Option<Coercion>,
    /// `Cluster Mode`.
    pub cluster_mode: Option<bool>,
    /// `Alarm`: whether the buzzer may sound.
    pub alarm: Option<bool>,
    /// `Auto Rebuild`: a rebuild starts by itself once a spare or a new drive is there.
    pub auto_rebuild: Option<bool>,
    /// `Battery Warning`: whether the firmware warns of a missing battery.
    pub battery_warning: Option<bool>,
    /// `Ecc Bucket Size`: so many correctable memory errors raise an event.
    pub ecc_bucket_size: Option<u64>,
    /// `Ecc Bucket Leak Rate`: after so long one error is forgotten.
    #[serde(rename = "ecc_bucket_leak_minutes")]
    pub ecc_bucket_leak: Option<Minutes>,
    /// `Restore HotSpare on Insertion`: a former hot spare put back becomes one again.
    pub restore_hot_spare_on_insertion: Option<bool>,
    /// `Expose Enclosure Devices`.
    pub expose_enclosures: Option<bool>,
    /// `Maintain PD Fail History`: a drive that failed stays failed when it is put back.
    pub keep_failed_drive_history: Option<bool>,
    /// `Host Request Reordering`.
    pub host_request_reordering: Option<bool>,
    /// `Auto Detect BackPlane Enabled`.
    pub backplane_detection: Option<Backplane>,
    /// `Load Balance Mode`.
    pub load_balance: Option<LoadBalance>,
    /// `Use FDE Only`: secured virtual drives need self-encrypting drives.
    pub use_fde_only: Option<bool>,
    /// `Security Key Assigned`.
    pub security_key_assigned: Option<bool>,
    /// `Security Key Failed`.
    pub security_key_failed: Option<bool>,
    /// `Security Key Not Backedup`.
    pub security_key_not_backed_up: Option<bool>,
    /// `Default LD PowerSave Policy`.
    pub virtual_drive_power_save: Option<PowerSave>,
    /// `Maximum number of direct attached drives to spin up in 1 min`.
    pub spin_up_direct_attached_per_minute: Option<u32>,
    /// `Auto Enhanced Import`: foreign configurations are imported without asking.
    pub auto_enhanced_import: Option<bool>,
    /// `Any Offline VD Cache Preserved`: written data waits in the cache for a virtual drive that is
    /// not there. Discarding it loses data.
    pub preserved_cache: Option<bool>,
    /// `Allow Boot with Preserved Cache`.
    pub boot_with_preserved_cache: Option<bool>,
    /// `Disable Online Controller Reset`.
    pub disable_online_controller_reset: Option<bool>,
    /// `PFK in NVRAM`: a premium feature key is stored.
    pub premium_feature_key: Option<bool>,
    /// `Use disk activity for locate`: for backplanes without a locate LED.
    pub locate_with_activity_led: Option<bool>,
    /// `POST delay`.
    #[serde(rename = "post_delay_seconds")]
    pub post_delay: Option<Seconds>,
    /// `BIOS Error Handling`.
    pub bios_error_handling: Option<BiosErrorHandling>,
    /// `Current Boot Mode`.
    pub boot_mode: Option<BootMode>,
}

/// How many devices there are, and how many are in trouble, as the firmware counts them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DevicesPresent {
    /// `Virtual Drives`.
    pub virtual_drives: Option<u32>,
    /// `Degraded` among the virtual drives.
    pub degraded_virtual_drives: Option<u32>,
    /// `Offline` among the virtual drives.
    pub offline_virtual_drives: Option<u32>,
    /// `Physical Devices`: drives, and enclosure processors as well.
    pub physical_devices: Option<u32>,
    /// `Disks` among the physical devices.
    pub physical_drives: Option<u32>,
    /// `Critical Disks`: drives that predict their failure.
    pub critical_drives: Option<u32>,
    /// `Failed Disks`.
    pub failed_drives: Option<u32>,
}

/// Errors in the controller's own memory since it started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorCounters {
    /// `Memory Correctable Errors`.
    pub memory_correctable: Option<u64>,
    /// `Memory Uncorrectable Errors`.
    pub memory_uncorrectable: Option<u64>,
}

/// Whether controllers share drives.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClusterInformation {
    /// `Cluster Permitted`.
    pub permitted: Option<bool>,
    /// `Cluster Active`.
    pub active: Option<bool>,
}
