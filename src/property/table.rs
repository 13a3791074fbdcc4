//! The table of properties.

use ironkeep_parsers::model::ControllerProperty as Is;
use serde::Serialize;

use super::Kind::{Pause, Switch, Word};
use super::Setter::{Inverse, Option as Choice, Place, Words};
use super::Unit::{Count, Minutes, Seconds};
use super::{Facts, RATE, Setter, Value, always, number, when};
use crate::reading::Part;

/// Declares the properties. `answer` is a pattern of the parsers' answer with the expression that makes
/// a [`Value`] of it; `setting` an expression over the settings of `-AdpAllInfo`.
macro_rules! properties {
    ($(
        $(#[$doc:meta])*
        $variant:ident = $name:literal: $help:literal,
            asked $asked:literal, set $setter:expr, kind $kind:expr,
            $( answer $answer:pat => $value:expr, )?
            $( setting |$settings:ident| $setting:expr, )?
            $( caution $caution:expr, )?
        ;
    )+) => {
        /// A property of a controller.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Property {
            $( $(#[$doc])* #[doc = $help] $variant, )+
        }

        impl Property {
            /// Every property, by name.
            pub const ALL: &'static [Self] = &[$( Self::$variant ),+];

            /// Everything about it.
            pub fn facts(self) -> &'static Facts {
                match self {
                    $( Self::$variant => {
                        static FACTS: Facts = Facts {
                            name: $name,
                            help: $help,
                            asked: $asked,
                            question: &["-AdpGetProp", $asked],
                            setter: $setter,
                            kind: $kind,
                            answer: |it| match it {
                                $( $answer => Some($value), )?
                                _ => { let _ = it; None }
                            },
                            setting: |it| {
                                let _ = it;
                                $( let $settings = it; return $setting; )?
                                #[allow(
                                    unreachable_code,
                                    clippy::allow_attributes,
                                    reason = "not every property is a setting"
                                )]
                                None
                            },
                            caution: properties!(@caution $( $caution )?),
                        };
                        &FACTS
                    } )+
                }
            }

            /// The part that its own question answers for.
            pub(super) fn own_part(self) -> &'static [Part] {
                match self { $( Self::$variant => &[Part::Property(Self::$variant)], )+ }
            }
        }
    };
    (@caution) => { None };
    (@caution $caution:expr) => { $caution };
}

/// A switch.
fn switch(is: bool) -> Value {
    Value::Switch(is)
}

/// A number.
fn count(is: impl Into<u64>) -> Value {
    Value::Number(is.into())
}

const REBOOT: &str = "it takes effect when the controller starts again";

properties! {
    AbortCheckOnError = "abort-check-on-error": "End a consistency check at the first error",
        asked "AbortCCOnError", set Setter::Value("AbortCCOnError"), kind Switch,
        answer Is::AbortConsistencyCheckOnError(is) => switch(*is),
        caution when(true, "a check then ends at the first difference and leaves the rest unchecked"),
    ;
    Alarm = "alarm": "Let the buzzer sound when something is wrong",
        asked "AlarmDsply", set Words(&["AlarmEnbl"], &["AlarmDsbl"]), kind Switch,
        answer Is::Alarm(is) => switch(*is),
        setting |it| it.alarm.map(switch),
        caution when(false, "the next failure is silent too; to quieten only this one: \
            ironkeep controller alarm silence"),
    ;
    AutoImport = "auto-import": "Import foreign configurations without asking, at start",
        asked "AutoEnhancedImportDsply",
        set Words(&["AutoEnhancedImportEnbl"], &["AutoEnhancedImportDsbl"]), kind Switch,
        answer Is::AutoEnhancedImport(is) => switch(*is),
        setting |it| it.auto_enhanced_import.map(switch),
        caution when(true, "a drive from another host, or an old one of this host, brings its virtual \
            drives back unasked, with data that may be stale"),
    ;
    AutoRebuild = "auto-rebuild": "Start a rebuild by itself once a spare or a new drive is there",
        asked "AutoRebuild", set Words(&["-Enbl"], &["-Dsbl"]), kind Switch,
        answer Is::AutoRebuild(is) => switch(*is),
        setting |it| it.auto_rebuild.map(switch),
        caution when(false, "hot spares no longer step in: after a failure the array stays degraded \
            until somebody starts the rebuild"),
    ;
    BackplaneDetection = "backplane-detection": "Ways in which backplanes are looked for",
        asked "AutoDetectBackPlaneDsbl", set Place("-AutoDetectBackPlaneDsbl"),
        kind Word(&["sgpio-and-i2c", "i2c", "sgpio", "none"]),
        // MegaCLI tells what is not tried.
        answer Is::BackplaneDetectionDisabled(off) => backplanes(off),
        caution always("a backplane that is not found has no lights and no bay numbers"),
    ;
    BatteryWarning = "battery-warning": "Warn of a missing battery at boot and in the event log",
        asked "BatWarnDsbl", set Inverse("BatWarnDsbl"), kind Switch,
        answer Is::BatteryWarning(is) => switch(*is),
        setting |it| it.battery_warning.map(switch),
        caution when(false, "nobody is told any more when the battery is gone, and with it the \
            protection of the write cache"),
    ;
    BgiRate = "bgi-rate": "Share of the controller's power for background initialisation",
        asked "BgiRate", set Setter::Value("BgiRate"), kind RATE,
        answer Is::BackgroundInitializationRate(is) => count(is.0),
        setting |it| it.background_initialization_rate.map(|is| count(is.0)),
    ;
    BootWithPreservedCache = "boot-with-preserved-cache":
        "Go on with the boot although unwritten data waits in the cache",
        asked "BootWithPinnedCache", set Setter::Value("BootWithPinnedCache"), kind Switch,
        answer Is::BootWithPreservedCache(is) => switch(*is),
        setting |it| it.boot_with_preserved_cache.map(switch),
        caution when(true, "the host starts although data of a missing virtual drive still waits in \
            the cache, and nobody at the console is asked about it"),
    ;
    CacheBypass = "cache-bypass": "Let large I/O go past the cache",
        asked "DsblCacheBypass", set Inverse("-DsblCacheBypass"), kind Switch,
    ;
    CacheFlushInterval = "cache-flush-interval": "How often the write cache is written out",
        asked "CacheFlushInterval", set Setter::Value("CacheFlushInterval"),
        kind number(0, 255, Seconds),
        answer Is::CacheFlushInterval(is) => count(is.0),
        setting |it| it.cache_flush_interval.map(|is| count(is.0)),
    ;
    CheckRate = "check-rate": "Share of the controller's power for consistency checks",
        asked "CCRate", set Setter::Value("CCRate"), kind RATE,
        answer Is::ConsistencyCheckRate(is) => count(is.0),
        setting |it| it.consistency_check_rate.map(|is| count(is.0)),
    ;
    Cluster = "cluster": "Share drives with another controller",
        asked "ClusterEnable", set Setter::Value("ClusterEnable"), kind Switch,
        answer Is::Cluster(is) => switch(*is),
        setting |it| it.cluster_mode.map(switch),
        caution always("two hosts that write to the same drives without cluster software destroy \
            their data"),
    ;
    CoercionMode = "coercion-mode": "Multiple to which the size of a new drive is rounded down",
        asked "CoercionMode", set Place("CoercionMode"),
        kind Word(&["none", "128-mib", "1-gib"]),
        answer Is::Coercion(is) => Value::token(is.token()),
        setting |it| it.coercion.as_ref().map(|is| Value::token(is.token())),
        caution always("drives that are added from now on get another usable size than those that are \
            there; with a coarser multiple a replacement of the same model can be too small"),
    ;
    Copyback = "copyback": "Carry data back to its bay once the drive there is replaced",
        asked "CopyBackDsbl", set Inverse("-CopyBackDsbl"), kind Switch,
        answer Is::Copyback(is) => switch(*is),
        caution when(false, "a hot spare that stepped in stays a member: the new drive is no spare \
            unless somebody makes it one"),
    ;
    CopybackOnSmart = "copyback-on-smart": "Leave a hard disk that predicts its failure for a spare",
        asked "SMARTCpyBkEnbl", set Setter::Value("SMARTCpyBkEnbl"), kind Switch,
        answer Is::CopybackOnSmart(is) => switch(*is),
    ;
    CopybackOnSmartSsd = "copyback-on-smart-ssd":
        "Leave a solid state drive that predicts its failure for a spare",
        asked "SSDSMARTCpyBkEnbl", set Setter::Value("SSDSMARTCpyBkEnbl"), kind Switch,
        answer Is::CopybackOnSmartForSolidState(is) => switch(*is),
    ;
    DrivePerformanceMonitoring = "drive-performance-monitoring": "Measure how the drives answer",
        asked "DPMenable", set Setter::Value("-DPMenable"), kind Switch,
    ;
    EccBucketCount = "ecc-bucket-count": "Correctable memory errors in the leaky bucket",
        asked "EccBucketCount", set Setter::None("the controller counts it by itself"),
        kind number(0, u64::MAX, Count),
        answer Is::EccBucketCount(is) => count(*is),
    ;
    EccBucketLeak = "ecc-bucket-leak": "Time after which one correctable memory error is forgotten",
        asked "EccBucketLeakRate", set Setter::Value("EccBucketLeakRate"),
        kind number(0, 65535, Minutes),
        answer Is::EccBucketLeak(is) => count(is.0),
        setting |it| it.ecc_bucket_leak.map(|is| count(is.0)),
    ;
    EccBucketSize = "ecc-bucket-size": "Correctable memory errors that raise an event",
        asked "EccBucketSize", set Setter::Value("EccBucketSize"), kind number(0, 255, Count),
        answer Is::EccBucketSize(is) => count(*is),
        setting |it| it.ecc_bucket_size.map(count),
    ;
    EmergencySpareGlobal = "emergency-spare-global":
        "Take a global hot spare in an emergency although it does not fit",
        asked "ENABLEEGHSP", set Setter::Value("-ENABLEEGHSP"), kind Switch,
    ;
    EmergencySpareOnSmart = "emergency-spare-on-smart":
        "Take an emergency spare for a drive that predicts its failure",
        asked "ENABLEESMARTER", set Setter::Value("-ENABLEESMARTER"), kind Switch,
    ;
    EmergencySpareUnconfigured = "emergency-spare-unconfigured":
        "Take an unconfigured drive as a spare in an emergency",
        asked "ENABLEEUG", set Setter::Value("-ENABLEEUG"), kind Switch,
        caution when(true, "any unconfigured good drive is overwritten as soon as a member fails"),
    ;
    EncryptWithDrivesOnly = "encrypt-with-drives-only":
        "Encrypt with self-encrypting drives only, never in the controller",
        asked "UseFDEOnlyEncrypt", set Setter::Value("-UseFDEOnlyEncrypt"), kind Switch,
        answer Is::UseFdeOnly(is) => switch(*is),
        setting |it| it.use_fde_only.map(switch),
    ;
    ExposeEnclosures = "expose-enclosures": "Show enclosures to the host as SCSI devices",
        asked "ExposeEnclDevicesEnbl", set Setter::Value("ExposeEnclDevicesEnbl"), kind Switch,
        answer Is::ExposeEnclosures(is) => switch(*is),
        setting |it| it.expose_enclosures.map(switch),
    ;
    ForceSgpio = "force-sgpio": "Talk to the backplane by SGPIO, whatever it is",
        asked "ForceSGPIO", set Setter::Value("ForceSGPIO"), kind Switch,
        answer Is::ForceSgpio(is) => switch(*is),
    ;
    Jbod = "jbod": "Let drives be given to the host as they are",
        asked "EnableJBOD", set Setter::Value("-EnableJBOD"), kind Switch,
        answer Is::Jbod(is) => switch(*is),
        caution when(true, "new and unconfigured drives go to the host as they are: they are no \
            spares, and a rebuild does not find them"),
    ;
    KeepFailureHistory = "keep-failure-history":
        "Let a drive that failed stay failed when it is put back",
        asked "MaintainPdFailHistoryEnbl", set Setter::Value("MaintainPdFailHistoryEnbl"),
        kind Switch,
        answer Is::KeepFailedDriveHistory(is) => switch(*is),
        setting |it| it.keep_failed_drive_history.map(switch),
        caution when(false, "a drive that failed once looks good again after a restart"),
    ;
    LoadBalance = "load-balance": "Spread I/O over two paths to a drive",
        asked "LoadBalanceMode", set Place("-LoadBalanceMode"), kind Word(&["auto", "none"]),
        answer Is::LoadBalance(is) => Value::token(is.token()),
        setting |it| it.load_balance.as_ref().map(|is| Value::token(is.token())),
    ;
    LocateWithActivityLed = "locate-with-activity-led":
        "Blink the activity light of a drive to locate it, where there is no other",
        asked "UseDiskActivityforLocate", set Setter::Value("UseDiskActivityforLocate"), kind Switch,
        answer Is::LocateWithActivityLed(is) => switch(*is),
        setting |it| it.locate_with_activity_led.map(switch),
    ;
    NativeCommandQueuing = "native-command-queuing": "Let drives order their commands (NCQ)",
        asked "NCQDsply", set Words(&["NCQEnbl"], &["NCQDsbl"]), kind Switch,
        answer Is::NativeCommandQueuing(is) => switch(*is),
        caution always(REBOOT),
    ;
    OnlineReset = "online-reset": "Let the driver reset a controller that hangs while the host runs",
        asked "DisableOCR", set Inverse("DisableOCR"), kind Switch,
        answer Is::OnlineControllerReset(is) => switch(*is),
        setting |it| it.disable_online_controller_reset.map(|is| switch(!is)),
        caution when(false, "a controller that hangs stays away until the host is restarted"),
    ;
    PatrolCorrectsUnconfigured = "patrol-corrects-unconfigured":
        "Let patrol read repair areas outside any virtual drive",
        asked "PrCorrectUncfgdAreas", set Setter::Value("-PrCorrectUncfgdAreas"), kind Switch,
        answer Is::PatrolReadCorrectsUnconfiguredAreas(is) => switch(*is),
    ;
    PatrolRate = "patrol-rate": "Share of the controller's power for patrol reads",
        asked "PatrolReadRate", set Setter::Value("PatrolReadRate"), kind RATE,
        answer Is::PatrolReadRate(is) => count(is.0),
        setting |it| it.patrol_read_rate.map(|is| count(is.0)),
    ;
    PatrolSsd = "patrol-ssd": "Let patrol read look at solid state drives",
        asked "SupportSSDPatrolRead", set Setter::Value("-SupportSSDPatrolRead"), kind Switch,
        answer Is::SolidStatePatrolRead(is) => switch(*is),
    ;
    PowerSavePause = "power-save-pause": "Hours of each day without power saving of virtual drives",
        asked "DisableLdPsInterval", set Setter::Pause("-DisableLdPS"), kind Pause,
        answer Is::VirtualDrivePowerSavePause(is) => count(is.0),
    ;
    PowerSavePauseStart = "power-save-pause-start":
        "Minute of the day from which power saving of virtual drives pauses",
        asked "DisableLdPsTime",
        set Setter::None("it is set with the pause: ironkeep controller set power-save-pause 2@03:00"),
        kind number(0, 1439, Minutes),
        answer Is::VirtualDrivePowerSavePauseStart(is) => minute_of(*is),
    ;
    PowerSavePolicy = "power-save-policy": "Power saving of virtual drives that say nothing themselves",
        asked "DefaultLdPSPolicy",
        set Choice(
            "-DefaultLdPSPolicy",
            &["-Automatic", "-None", "-Maximum", "-MaximumWithoutCaching"],
        ),
        kind Word(&["automatic", "none", "maximum", "maximum-without-caching"]),
        answer Is::VirtualDrivePowerSave(is) => Value::token(is.token()),
        setting |it| it.virtual_drive_power_save.as_ref().map(|is| Value::token(is.token())),
    ;
    PredictiveFailurePoll = "predictive-failure-poll":
        "How often the drives are asked whether they predict their failure",
        asked "PredFailPollInterval", set Setter::Value("PredFailPollInterval"),
        kind number(0, 65535, Seconds),
        answer Is::PredictiveFailurePollInterval(is) => count(is.0),
        setting |it| it.predictive_failure_poll_interval.map(|is| count(is.0)),
    ;
    PreventProtectedImport = "prevent-protected-import":
        "Refuse foreign configurations with protection information (T10 PI)",
        asked "PreventPIImport", set Setter::Value("PreventPIImport"), kind Switch,
        answer Is::PreventProtectedImport(is) => switch(*is),
    ;
    ProtectionInformation = "protection-information":
        "Allow virtual drives with protection information (T10 PI)",
        asked "enblPI", set Setter::Value("enblPI"), kind Switch,
        answer Is::ProtectionInformation(is) => switch(*is),
    ;
    RebuildRate = "rebuild-rate": "Share of the controller's power for rebuilds",
        asked "RebuildRate", set Setter::Value("RebuildRate"), kind RATE,
        answer Is::RebuildRate(is) => count(is.0),
        setting |it| it.rebuild_rate.map(|is| count(is.0)),
    ;
    ReconstructionRate = "reconstruction-rate":
        "Share of the controller's power for reconstructions and expansions",
        asked "ReconRate", set Setter::Value("ReconRate"), kind RATE,
        answer Is::ReconstructionRate(is) => count(is.0),
        setting |it| it.reconstruction_rate.map(|is| count(is.0)),
    ;
    RestoreHotSpare = "restore-hot-spare": "Make a former hot spare one again when it is put back",
        asked "RstrHotSpareOnInsert", set Setter::Value("RstrHotSpareOnInsert"), kind Switch,
        answer Is::RestoreHotSpareOnInsertion(is) => switch(*is),
        setting |it| it.restore_hot_spare_on_insertion.map(switch),
    ;
    SpinDownHotSpares = "spin-down-hot-spares": "Let hot spares stop turning",
        asked "DsblSpinDownHSP", set Inverse("-DsblSpinDownHSP"), kind Switch,
        answer Is::SpinDownHotSpares(is) => switch(*is),
    ;
    SpinDownTime = "spin-down-time": "Idle time after which a drive stops turning",
        asked "SpinDownTime", set Setter::Value("SpinDownTime"), kind number(0, 65535, Minutes),
        answer Is::SpinDownTime(is) => count(is.0),
    ;
    SpinDownUnconfigured = "spin-down-unconfigured": "Let unconfigured drives stop turning",
        asked "EnblSpinDownUnConfigDrvs", set Setter::Value("EnblSpinDownUnConfigDrvs"), kind Switch,
        answer Is::SpinDownUnconfigured(is) => switch(*is),
    ;
    SpinUpDelay = "spin-up-delay": "Time between two groups of drives that start to turn",
        asked "SpinupDelay", set Setter::Value("SpinupDelay"), kind number(0, 255, Seconds),
        answer Is::SpinUpDelay(is) => count(is.0),
        setting |it| it.spin_up_delay.map(|is| count(is.0)),
    ;
    SpinUpDrives = "spin-up-drives": "Drives that start to turn at one time",
        asked "SpinupDriveCount", set Setter::Value("SpinupDriveCount"), kind number(0, 255, Count),
        answer Is::SpinUpDrives(is) => count(*is),
        setting |it| it.spin_up_drives.map(count),
        caution always("more drives at one time need more power at boot than the supply may have"),
    ;
    SpinUpEnclosureDelay = "spin-up-enclosure-delay":
        "Time between two groups of drives of an enclosure that start to turn",
        asked "SpinUpEncDelay", set Setter::Value("SpinUpEncDelay"), kind number(0, 255, Seconds),
        answer Is::SpinUpEnclosureDelay(is) => count(is.0),
    ;
    SpinUpEnclosureDrives = "spin-up-enclosure-drives":
        "Drives of an enclosure that start to turn at one time",
        asked "SpinUpEncDrvCnt", set Setter::Value("SpinUpEncDrvCnt"), kind number(0, 255, Count),
        answer Is::SpinUpEnclosureDrives(is) => count(*is),
    ;
    WriteBackPossible = "write-back-possible": "Whether the cache can write back at this moment",
        asked "WBSupport",
        set Setter::None("it follows from the battery: ironkeep bbu show"), kind Switch,
        answer Is::WriteBack { possible, .. } => switch(*possible),
    ;
}

/// What is tried, of what is not.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a word that nobody has seen yet is shown as it is"
)]
fn backplanes(off: &ironkeep_parsers::model::Backplane) -> Value {
    use ironkeep_parsers::model::Backplane;
    match off {
        Backplane::SgpioAndI2c => Value::token("none"),
        Backplane::Sgpio => Value::token("i2c"),
        Backplane::I2c => Value::token("sgpio"),
        Backplane::None => Value::token("sgpio-and-i2c"),
        other => Value::token(other.token()),
    }
}

/// A time of day as the minute of the day.
fn minute_of(time: jiff::civil::Time) -> Value {
    let minute = i64::from(time.hour()) * 60 + i64::from(time.minute());
    Value::Number(minute.unsigned_abs())
}
