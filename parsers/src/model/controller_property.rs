//! One setting of a controller, as `-AdpGetProp` answers it.

use jiff::civil::Time;
use serde::Serialize;

use super::{Backplane, Coercion, LoadBalance, PowerSave, words};
use crate::units::{Hours, Minutes, Percent, Seconds};

words! {
    /// Why the cache cannot write back at the moment.
    WriteBackObstacle {
        /// The battery is discharged and charged to learn its capacity.
        LearnCycle = "learn_cycle": "Learn cycle is active currently",
        /// The battery is worn out.
        BatteryReplacement = "battery_replacement": "Battery needs replacement",
    }
}

/// One setting with its value. The name says what `true` means, whatever the option is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ControllerProperty {
    /// `AbortCCOnError`: a consistency check ends at the first error.
    AbortConsistencyCheckOnError(bool),
    /// `AlarmDsply`: whether the buzzer may sound.
    Alarm(bool),
    /// `AutoDetectBackPlaneDsbl`: what is *not* tried.
    BackplaneDetectionDisabled(Backplane),
    /// `AutoEnhancedImportDsply`: foreign configurations are imported without asking.
    AutoEnhancedImport(bool),
    /// `-AdpAutoRbld -Dsply`: a rebuild starts by itself once a spare or a new drive is there.
    AutoRebuild(bool),
    /// `BatWarnDsbl`: the firmware warns of a missing battery.
    BatteryWarning(bool),
    /// `BgiRate`: background initialisation.
    #[serde(rename = "background_initialization_rate_percent")]
    BackgroundInitializationRate(Percent),
    /// `BootWithPinnedCache`.
    BootWithPreservedCache(bool),
    /// `CCRate`.
    #[serde(rename = "consistency_check_rate_percent")]
    ConsistencyCheckRate(Percent),
    /// `CacheFlushInterval`.
    #[serde(rename = "cache_flush_interval_seconds")]
    CacheFlushInterval(Seconds),
    /// `ClusterEnable`.
    Cluster(bool),
    /// `CoercionMode`.
    Coercion(Coercion),
    /// `CopyBackDsbl`: data goes back to the slot once its drive is replaced.
    Copyback(bool),
    /// `SMARTCpyBkEnbl`: data leaves a drive that predicts its failure.
    CopybackOnSmart(bool),
    /// `SSDSMARTCpyBkEnbl`.
    CopybackOnSmartForSolidState(bool),
    /// `DefaultLdPSPolicy`.
    VirtualDrivePowerSave(PowerSave),
    /// `DisableLdPsInterval`: for so long power saving of virtual drives pauses each day.
    #[serde(rename = "virtual_drive_power_save_pause_hours")]
    VirtualDrivePowerSavePause(Hours),
    /// `DisableLdPsTime`: at this hour the pause begins.
    VirtualDrivePowerSavePauseStart(Time),
    /// `DisableOCR`: the driver may reset the controller while the host runs.
    OnlineControllerReset(bool),
    /// `DsblSpinDownHSP`: hot spares may stop.
    SpinDownHotSpares(bool),
    /// `EccBucketCount`: correctable memory errors in the leaky bucket.
    EccBucketCount(u64),
    /// `EccBucketLeakRate`: after so long one error is forgotten.
    #[serde(rename = "ecc_bucket_leak_minutes")]
    EccBucketLeak(Minutes),
    /// `EccBucketSize`: so many errors raise an event.
    EccBucketSize(u64),
    /// `EnableJBOD`: drives can be given to the host as they are.
    Jbod(bool),
    /// `EnblSpinDownUnConfigDrvs`.
    SpinDownUnconfigured(bool),
    /// `ExposeEnclDevicesEnbl`.
    ExposeEnclosures(bool),
    /// `ForceSGPIO`.
    ForceSgpio(bool),
    /// `LoadBalanceMode`.
    LoadBalance(LoadBalance),
    /// `MaintainPdFailHistoryEnbl`: a drive that failed stays failed when it is put back.
    KeepFailedDriveHistory(bool),
    /// `NCQDsply`.
    NativeCommandQueuing(bool),
    /// `PatrolReadRate`.
    #[serde(rename = "patrol_read_rate_percent")]
    PatrolReadRate(Percent),
    /// `PrCorrectUncfgdAreas`: patrol read repairs areas outside any virtual drive.
    PatrolReadCorrectsUnconfiguredAreas(bool),
    /// `PredFailPollInterval`.
    #[serde(rename = "predictive_failure_poll_interval_seconds")]
    PredictiveFailurePollInterval(Seconds),
    /// `PreventPIImport`: foreign configurations with protection information are refused.
    PreventProtectedImport(bool),
    /// `RebuildRate`.
    #[serde(rename = "rebuild_rate_percent")]
    RebuildRate(Percent),
    /// `ReconRate`.
    #[serde(rename = "reconstruction_rate_percent")]
    ReconstructionRate(Percent),
    /// `RstrHotSpareOnInsert`: a former hot spare put back becomes one again.
    RestoreHotSpareOnInsertion(bool),
    /// `SpinDownTime`.
    #[serde(rename = "spin_down_time_minutes")]
    SpinDownTime(Minutes),
    /// `SpinUpEncDelay`.
    #[serde(rename = "spin_up_enclosure_delay_seconds")]
    SpinUpEnclosureDelay(Seconds),
    /// `SpinUpEncDrvCnt`.
    SpinUpEnclosureDrives(u32),
    /// `SpinupDelay`.
    #[serde(rename = "spin_up_delay_seconds")]
    SpinUpDelay(Seconds),
    /// `SpinupDriveCount`.
    SpinUpDrives(u32),
    /// `SupportSSDPatrolRead`.
    SolidStatePatrolRead(bool),
    /// `UseDiskActivityforLocate`: for backplanes without a locate LED.
    LocateWithActivityLed(bool),
    /// `UseFDEOnlyEncrypt`: secured virtual drives need self-encrypting drives.
    UseFdeOnly(bool),
    /// `WBSupport`: whether the cache can write back at this moment.
    WriteBack {
        /// It can.
        possible: bool,
        /// What the tool says stands against it; often it says nothing.
        obstacles: Vec<WriteBackObstacle>,
    },
    /// `enblPI`: T10 protection information.
    ProtectionInformation(bool),
}
