//! What is asked of the controller itself: that each property which is set is read back, and that what
//! is ordered happens.

#![expect(clippy::expect_used, reason = "a test")]

use ironkeep_sim::firmware::advance;
use ironkeep_sim::megacli::{self, Answer};
use ironkeep_sim::play::play;
use ironkeep_sim::scenario;
use ironkeep_sim::state::bits::{drive_operations, operations2, virtual_drive_operations};
use ironkeep_sim::state::{Controller, Host, ScheduleState};

fn host() -> Host {
    scenario::build("failed-drive").expect("a scenario")
}

fn run(host: &mut Host, line: &str) -> Answer {
    let words: Vec<&str> = line.split(' ').collect();
    megacli::run(host, &words)
}

fn said(host: &mut Host, line: &str) -> String {
    let answer = run(host, line);
    assert_eq!(answer.status, 0, "{line}: {}", answer.text());
    answer.text()
}

/// The newest event.
fn event(controller: &Controller) -> (u32, &str) {
    let event = controller.events.entries.last().expect("an event");
    (event.code, event.description.as_str())
}

/// Every property that the tool's help knows and some controller has: how it is set, and what
/// `-AdpGetProp` or `-AdpAllInfo` then say.
const READ_BACK: &[(&str, &str, &str)] = &[
    (
        "AbortCCOnError -1",
        "AbortCCOnError",
        "Abort CC on Error : 1.",
    ),
    ("AlarmDsbl", "AlarmDsply", "Alarm Status is Disabled"),
    ("AlarmEnbl", "AlarmDsply", "Alarm Status is Enabled"),
    ("AlarmSilence", "AlarmDsply", "Alarm Status is Enabled"),
    (
        "-AutoDetectBackPlaneDsbl -2",
        "AutoDetectBackPlaneDsbl",
        "Disabled : i2c SEP.",
    ),
    (
        "AutoEnhancedImportEnbl",
        "AutoEnhancedImportDsply",
        "Import is Enabled",
    ),
    (
        "AutoEnhancedImportDsbl",
        "AutoEnhancedImportDsply",
        "Import is Disabled",
    ),
    (
        "BatWarnDsbl -1",
        "BatWarnDsbl",
        "Battery Warning : Disabled",
    ),
    ("BgiRate -11", "BgiRate", "BGI Rate = 11%"),
    (
        "BootWithPinnedCache -1",
        "BootWithPinnedCache",
        "Pinned Cache : Enabled.",
    ),
    (
        "CacheFlushInterval -12",
        "CacheFlushInterval",
        "Flush Interval = 12s",
    ),
    ("CCRate -13", "CCRate", "Consistency Rate = 13%"),
    ("ClusterEnable -1", "ClusterEnable", "Cluster : Enabled"),
    ("CoercionMode -2", "CoercionMode", "Coercion Mode : 1GB"),
    ("-CopyBackDsbl -1", "CopyBackDsbl", "Copyback: Disabled"),
    ("-CopyBackDsbl -0", "CopyBackDsbl", "Copyback: Enabled"),
    (
        "-DefaultLdPSPolicy -Maximum",
        "DefaultLdPSPolicy",
        "policy : Maximum ",
    ),
    (
        "-DisableLdPS -interval 8 -time 61",
        "DisableLdPsInterval",
        "interval : 8 hour(s)",
    ),
    (
        "-DisableLdPS -interval 8 -time 61",
        "DisableLdPsTime",
        "time : 1:1 ",
    ),
    (
        "DisableOCR -1",
        "DisableOCR",
        "Controller Reset : Disabled.",
    ),
    (
        "-DsblSpinDownHSP -1",
        "DsblSpinDownHSP",
        "Hot Spares: Disabled",
    ),
    (
        "EccBucketLeakRate -100",
        "EccBucketLeakRate",
        "Leak Rate: 100minutes",
    ),
    ("EccBucketSize -20", "EccBucketSize", "Bucket Size : 20"),
    ("-EnableJBOD -1", "EnableJBOD", "JBOD: Enabled"),
    ("enblPI -1", "enblPI", "PI : Enabled"),
    (
        "EnblSpinDownUnConfigDrvs -1",
        "EnblSpinDownUnConfigDrvs",
        "Drives: Enabled",
    ),
    (
        "ExposeEnclDevicesEnbl -0",
        "ExposeEnclDevicesEnbl",
        "Devices is: Disabled",
    ),
    ("ForceSGPIO -1", "ForceSGPIO", "ForceSGPIO : Enabled"),
    (
        "-LoadBalanceMode -1",
        "LoadBalanceMode",
        "Balance Mode: None",
    ),
    (
        "MaintainPdFailHistoryEnbl -0",
        "MaintainPdFailHistoryEnbl",
        "History is: Disabled",
    ),
    ("NCQDsbl", "NCQDsply", "NCQ Status is Disabled"),
    ("NCQEnbl", "NCQDsply", "NCQ Status is Enabled"),
    (
        "PatrolReadRate -14",
        "PatrolReadRate",
        "Patrol Read Rate = 14%",
    ),
    (
        "-PrCorrectUncfgdAreas -1",
        "PrCorrectUncfgdAreas",
        "Areas: Enabled",
    ),
    (
        "PredFailPollInterval -600",
        "PredFailPollInterval",
        "Interval = 600s",
    ),
    (
        "PreventPIImport -1",
        "PreventPIImport",
        "PI Import : Enabled",
    ),
    ("RebuildRate -15", "RebuildRate", "Rebuild Rate = 15%"),
    ("RebuildRate 16", "RebuildRate", "Rebuild Rate = 16%"),
    ("ReconRate -17", "ReconRate", "Reconstruction Rate = 17%"),
    (
        "RstrHotSpareOnInsert -1",
        "RstrHotSpareOnInsert",
        "Insertion : Enabled.",
    ),
    (
        "SMARTCpyBkEnbl -1",
        "SMARTCpyBkEnbl",
        "SMART error: Enabled",
    ),
    ("SpinDownTime -90", "SpinDownTime", "time is: 90 Minutes"),
    ("SpinupDelay -7", "SpinupDelay", "Drive Delay = 7s"),
    ("SpinupDriveCount -3", "SpinupDriveCount", "Drive Count = 3"),
    ("SpinUpEncDelay -9", "SpinUpEncDelay", "delay : 9 second(s)"),
    ("SpinUpEncDrvCnt -5", "SpinUpEncDrvCnt", "drive count : 5 "),
    (
        "SSDSMARTCpyBkEnbl -1",
        "SSDSMARTCpyBkEnbl",
        "SSD device: Enabled",
    ),
    (
        "-SupportSSDPatrolRead -1",
        "SupportSSDPatrolRead",
        "SSD Devices: Enabled",
    ),
    (
        "UseDiskActivityforLocate -1",
        "UseDiskActivityforLocate",
        "locate : Enabled",
    ),
    (
        "-UseFDEOnlyEncrypt -1",
        "UseFDEOnlyEncrypt",
        "Encryption: Enabled",
    ),
];

#[test]
fn what_is_set_is_read_back() {
    let mut fresh = host();
    let info = &mut fresh.controllers[0].info;
    info.drive_operations |= drive_operations::POWER_STATE;
    info.virtual_drive_operations |= virtual_drive_operations::POWER_SAVINGS;
    info.operations2 |= operations2::PROTECTION;
    for (set, get, expected) in READ_BACK {
        let mut host = fresh.clone();
        let text = said(&mut host, &format!("-AdpSetProp {set} -a0"));
        assert!(
            text.contains("Adapter 0: Set ") && text.contains(" success."),
            "{text}"
        );
        let text = said(&mut host, &format!("-AdpGetProp {get} -a0"));
        assert!(text.contains(expected), "{set}: no {expected:?} in {text}");
    }
}

#[test]
fn a_property_that_the_controller_lacks_is_refused() {
    let before = host();
    for (line, words) in [
        (
            "-AdpSetProp SpinDownTime -30 -a0",
            "option is not supported",
        ),
        (
            "-AdpSetProp SpinUpEncDelay -3 -a0",
            "does not support Power savings",
        ),
        ("-AdpSetProp enblPI -1 -a0", "PI is not supported"),
        (
            "-AdpSetProp -ENABLEEUG -1 -a0",
            "does not support Emergency Spare",
        ),
        ("-AdpSetProp Perfmode -1 -a0", "Fw Not Support Perf Tuning"),
        (
            "-AdpSetProp -DPMenable -1 -a0",
            "The requested command is invalid.",
        ),
        ("-AdpSetProp -DsblCacheBypass -1 -a0", "Not Supported"),
        (
            "-AdpSetProp RebuildRate -101 -a0",
            "Failed to parse command.",
        ),
        (
            "-AdpSetProp BgiRate -a0",
            "Invalid input at or near token -a ",
        ),
        (
            "-AdpSetProp BgiRate -aALL",
            "Invalid input at or near token -aALL ",
        ),
        (
            "-AdpSetTime 20230229 00:00:00 -a0",
            "Failed to parse command.",
        ),
        (
            "-AdpPR -SetStartTime 2023 00 -a0",
            "Failed to parse command.",
        ),
    ] {
        let mut host = before.clone();
        let info = &mut host.controllers[0].info;
        info.drive_operations &= !drive_operations::POWER_STATE;
        info.virtual_drive_operations &= !virtual_drive_operations::POWER_SAVINGS;
        info.operations2 &= !operations2::PROTECTION;
        let unchanged = host.clone();
        let text = run(&mut host, line).text();
        assert!(text.contains(words), "{line}: {text}");
        assert!(host == unchanged, "{line}");
    }
}

/// The help says that the dash may be left out.
#[test]
fn a_dash_may_be_left_out() {
    let mut host = host();
    said(&mut host, "AdpPR EnblMan -a0");
    assert!(said(&mut host, "adppr info -a0").contains("Patrol Read Mode: Manual"));
}

#[test]
fn orders_are_written_to_the_log() {
    let mut host = host();
    for (line, code, words) in [
        ("-AdpSetProp AlarmDsbl -a0", 0x07, "Alarm disabled by user"),
        (
            "-AdpSetProp RebuildRate -77 -a0",
            0x28,
            "Rebuild rate changed to 77%",
        ),
        (
            "-AdpSetProp CacheFlushInterval -9 -a0",
            0x1c,
            "Flush rate changed to 9 seconds",
        ),
        (
            "-AdpSetProp -EnableJBOD -1 -a0",
            0x12f,
            "Controller properties changed",
        ),
        (
            "-AdpPR -SetDelay 336 -a0",
            0x130,
            "Patrol Read properties changed",
        ),
        (
            "-AdpCcSched -SetDelay 100 -a0",
            0x131,
            "CC Schedule properties changed",
        ),
        ("-AdpEventLog -Clear -a0", 0x1e, "Event log cleared"),
        (
            "-AdpShutDown -a0",
            0x2a,
            "Shutdown command received from host",
        ),
    ] {
        said(&mut host, line);
        assert_eq!(event(&host.controllers[0]), (code, words), "{line}");
    }
    let log = &host.controllers[0].events;
    assert_eq!(log.shutdown, log.newest());
    said(&mut host, "-AdpSetTime 20240102 13:14:15 -a0");
    let (code, words) = event(&host.controllers[0]);
    assert_eq!(code, 0x2c);
    assert!(
        words.starts_with("Time established as 01/02/24 13:14:15; ("),
        "{words}"
    );
}

#[test]
fn a_patrol_read_waits_and_ends_by_command() {
    let mut host = host();
    host.controllers[0].info.operations2 |= operations2::SUSPEND_RESUME;
    let done = |host: &Host| {
        let drives = host.controllers[0].drives.iter();
        let patrols = drives.filter_map(|drive| drive.activities.patrol);
        patrols.map(|it| it.fraction).max()
    };
    said(&mut host, "-AdpPR -Start -a0");
    assert_eq!(run(&mut host, "-AdpPR -Start -a0").status, 0x2f);
    advance(&mut host, 60);
    said(&mut host, "-AdpPR -Suspend -a0");
    let at = done(&host);
    advance(&mut host, 600);
    assert_eq!(done(&host), at);
    said(&mut host, "-AdpPR -Resume -a0");
    advance(&mut host, 600);
    assert!(done(&host) > at);
    assert!(said(&mut host, "-AdpPR -Stop -a0").contains("Patrol Read is stopped."));
    assert_eq!(done(&host), None);
    assert_eq!(host.controllers[0].patrol.state, ScheduleState::Aborted);
    assert!(said(&mut host, "-AdpPR -Stop -a0").contains("No Patrol Read is in progress"));
    said(&mut host, "-AdpPR -Dsbl -a0");
    assert_eq!(run(&mut host, "-AdpPR -Start -a0").status, 0x27);
}

#[test]
fn factory_defaults_and_firmware_come_with_the_next_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("fw.rom");
    let name = file.to_str().expect("a name");
    let mut host = host();
    let flash = format!("-AdpFwFlash -f {name} -a0");
    let text = run(&mut host, &flash).text();
    assert!(text.contains("The requested command cannot be completed as the image is corrupted."));
    let image = "ironkeep simulated firmware\npackage 99.0.1-0001\nAPP 9.9.9\n";
    std::fs::write(&file, image).expect("a file");
    said(&mut host, &flash);
    said(&mut host, "-AdpSetProp RebuildRate -80 -a0");
    said(&mut host, "-AdpFacDefSet -a0");
    let text = said(&mut host, "-AdpAllInfo -a0");
    assert!(text.contains(
        "Pending Images in Flash\n                ================\nFW Version         : 9.9.9\n"
    ));
    assert!(!text.contains("FW Package Build: 99.0.1-0001"));
    assert!(said(&mut host, "-AdpGetProp RebuildRate -a0").contains("80%"));
    play(&mut host, 0, "reboot").unwrap_or_else(|why| panic!("{why}"));
    let text = said(&mut host, "-AdpAllInfo -a0");
    assert!(text.contains("FW Package Build: 99.0.1-0001"), "{text}");
    assert!(text.contains("Pending Images in Flash\n                ================\nNone\n"));
    assert!(said(&mut host, "-AdpGetProp RebuildRate -a0").contains("30%"));
    let log = &host.controllers[0].events;
    assert!(log.boot > log.shutdown && log.shutdown > 0);
}

#[test]
fn a_battery_takes_its_properties_from_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bbu.txt");
    std::fs::write(&file, "autoLearnMode = 1\nlearnDelayInterval = 24hours\n").expect("a file");
    let name = file.to_str().expect("a name");
    let mut host = scenario::build("healthy").expect("a scenario");
    said(
        &mut host,
        &format!("-AdpBbuCmd -SetBbuProperties -f {name} -a0"),
    );
    let text = said(&mut host, "-AdpBbuCmd -GetBbuProperties -a0");
    assert!(
        text.contains("Learn Delay Interval:24 Hours\n  Auto-Learn Mode: Disabled"),
        "{text}"
    );
    let missing = format!("-AdpBbuCmd -SetBbuProperties -f {name}x -a0");
    assert_eq!(run(&mut host, &missing).status, 1);
}
