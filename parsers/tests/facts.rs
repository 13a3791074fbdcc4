//! Facts that a person read in the captures, against what the parsers read there.
//!
//! The corpus test shows that no line is left over; this one shows that what was taken is true. Every
//! value was looked up in the file (sizes worked out from the sectors in brackets), not copied from
//! a parser's result. Add a fact whenever one was wrong.

#![cfg(test)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use ironkeep_parsers::megacli::Output;
use serde_json::Value;

/// In brackets a file and which output it is; below it what stands there, by its path in the JSON.
/// `null` means that the tool prints nothing, or nothing meant.
const FIXTURES: &str = r#"
[8.07.14-healthy_raid5_hs/PDList_aALL.txt pd-list]
/0/controller                             0
/0/value/0/enclosure                      252
/0/value/0/slot                           0
/0/value/0/position                       {"drive_group": 0, "span": 0, "arm": 0}
/0/value/0/wwn                            "5000c50000001a34"
/0/value/0/raw_size_bytes                 300000000000
/0/value/0/non_coerced_size_bytes         299463129088
/0/value/0/coerced_size_bytes             299439751168
/0/value/0/state                          "online"
/0/value/0/power                          "spun_up"
/0/value/0/inquiry/model                  "ST3300657SS"
/0/value/0/inquiry/serial                 "6SJ02E88N"
/0/value/1/inquiry/serial                 "6SJ03259N"
/0/value/0/sas_addresses                  ["5000c50000001a35", null]
/0/value/0/link_speed_bits_per_second     6000000000
/0/value/0/ports/1/link_speed_bits_per_second  null
/0/value/0/temperature_celsius            32
/0/value/0/smart_alert                    false
/0/value/6/hot_spare                      null
/0/value/7/position                       null
/0/value/7/hot_spare/kind                 "global"
/0/value/7/hot_spare/revertible           true

[8.07.14-healthy_raid5_hs/LDInfo_Lall_aALL.txt ld-info]
/0/value/0/name                           "data"
/0/value/0/raid_level                     "raid5"
/0/value/0/size_bytes                     1795502488158
/0/value/0/parity_size_bytes              299439751168
/0/value/0/strip_size_bytes               65536
/0/value/0/drives_per_span                7
/0/value/0/current_cache                  {"write": "write_back", "read": "read_ahead", "io": "direct", "write_cache_with_bad_battery": false}
/0/value/0/disk_cache                     "disk_default"
/0/value/0/bad_blocks                     null

[8.07.14-healthy_raid5_hs/AdpPR_Info_aALL.txt adp-pr]
/0/value/mode                             "auto"
/0/value/delay_hours                      168
/0/value/next_start                       {"at": "2023-12-18T16:00:00"}
/0/value/state                            "stopped"
/0/value/solid_state                      false

[8.07.14-healthy_raid5_hs/AdpCcSched_Info_aALL.txt adp-cc-sched]
/0/value/mode                             "sequential"
/0/value/next_start                       {"at": "2023-12-19T16:00:00"}

[8.07.14-healthy_raid5_hs/AdpGetTime_aALL.txt adp-get-time]
/0/value                                  {"date": "2023-12-15", "time": "16:32:00"}

[8.07.14-degraded_raid5_failed/LdPdInfo_aALL.txt ld-pd-info]
/0/value/0/state                          "degraded"
/0/value/0/spans/0/members/2/drive/state  "failed"
/0/value/0/spans/0/members/2/drive/power  null

[8.07.14-degraded_raid6_two_failed/LdPdInfo_aALL.txt ld-pd-info]
/0/value/0/raid_level                     "raid6"
/0/value/0/spans/0/members/4/drive/state  "failed"
/0/value/0/spans/0/members/5/drive/state  "offline"

[8.07.14-raid50/LdPdInfo_aALL.txt ld-pd-info]
/0/value/0/raid_level                     "raid50"
/0/value/0/drives_per_span                4
/0/value/0/spans/1/members/2/drive/slot   6
/0/value/0/spans/1/members/2/drive/position  {"drive_group": 0, "span": 1, "arm": 2}

[8.07.14-missing_drives/LdPdInfo_aALL.txt ld-pd-info]
/0/value/0/state                          "partially_degraded"
/0/value/0/spans/0/members/1              {"arm": 1, "drive": null}
/0/value/1/spans/0/members/2              {"arm": 2, "drive": null}

[8.07.14-missing_drives/PdGetMissing_aALL.txt pd-missing]
/0/value/0                                {"index": 0, "span_reference": 0, "arm": 1, "expected_size_bytes": 299439751168}
/0/value/1/span_reference                 1
/0/value/1/arm                            2

[8.07.14-rebuilding/PDRbld_ShowProg_PhysDrv_252_2_a0.txt pd-progress]
/0/kind                                   "rebuild"
/0/physical_drive                         {"enclosure": 252, "slot": 2}
/0/progress                               {"percent": 36, "elapsed_minutes": 43}

[8.07.14-foreign_drive/CfgForeign_Scan_aALL.txt cfg-foreign-scan]
/0                                        {"controller": 0, "value": 1}

[8.07.14-foreign_drive/CfgForeign_Dsply_0_a0.txt cfg-foreign-dsply]
/0/value/0/index                          0
/0/value/0/drive_groups/0/spans/0/virtual_drives/0/name        "old"
/0/value/0/drive_groups/0/spans/0/virtual_drives/0/raid_level  "raid0"

[8.07.14-foreign_drive/PDList_aALL.txt pd-list]
/0/value/4/foreign                        false
/0/value/5/foreign                        true
/0/value/5/foreign_locked                 false
/0/value/5/state                          "unconfigured_good"

[8.07.14-pinned_cache/GetPreservedCacheList_aALL.txt preserved-cache-list]
/0/value/0                                {"target_id": 0, "number": 0, "name": "data", "size_bytes": 1197759004672, "state": "offline"}
/0/value/1/target_id                      3
/0/value/1/state                          "missing"

[8.07.14-predictive_smart/PDList_aALL.txt pd-list]
/0/value/2/media_errors                   2
/0/value/2/predictive_failures            3
/0/value/2/last_predictive_failure_event  4711
/0/value/2/smart_alert                    true
/0/value/4/media_errors                   120
/0/value/4/smart_alert                    false

[8.07.14-bbu_cachevault/AdpBbuCmd_aALL.txt cache-protection]
/0/value/kind                             "cvpm02"
/0/value/state                            "optimal"
/0/value/voltage_millivolts               9437
/0/value/temperature_celsius              28
/0/value/flags/voltage                    "ok"
/0/value/flags/replacement_required       false
/0/value/flags/transparent_learn          true
/0/value/gas_gauge/pack_energy_joules     40
/0/value/design/design_energy_joules      332
/0/value/design/manufactured              "2013-06-21"
/0/value/learn/period_seconds             2332800
/0/value/learn/next                       "2023-12-22T16:32:00"

[8.07.14-bbu_learning/AdpBbuCmd_GetBbuStatus_aALL.txt cache-protection]
/0/value/state                            "learning"
/0/value/current_milliamps                -450
/0/value/flags/charging                   "discharging"
/0/value/flags/learn_active               true
/0/value/gas_gauge/relative_charge_percent  71

[8.07.14-ssd_cachecade/LDInfo_Lall_aALL.txt ld-info]
/0/value/0/cached                         true
/0/value/0/cachecade_type                 "read_only"
/0/value/1/is_cachecade                   true
/0/value/1/size_bytes                     799064706777
/0/value/1/associated                     [0]

[8.07.14-ssd_cachecade/PDList_aALL.txt pd-list]
/0/value/3/media_type                     "hard_disk"
/0/value/4/media_type                     "solid_state"

[8.07.14-enclosure_faults/EncStatus_aALL.txt enclosure-status]
/0/value/0/counts/slots                   24
/0/value/0/power_supplies/1/status        "critical"
/0/value/0/fans/1/status                  "non_critical"
/0/value/0/temperature_sensors/1          {"number": 1, "temperature_celsius": 65, "status": "critical"}

[8.07.14-two_controllers/AdpGetPciInfo_aALL.txt adp-get-pci-info]
/1                                        {"controller": 1, "value": {"bus": 4, "device": 0, "function": 0}}

[8.07.14-events_all_classes/AdpEventLog_GetEventLogInfo_aALL.txt event-log-info]
/0/value                                  {"newest": 50, "oldest": 1, "clear": 0, "shutdown": 0, "reboot": 1}

[8.07.14-events_all_classes/AdpEventLog_GetEvents_f_F_aALL.events event-file]
/0/value/logged                           50
/0/value/events/0/sequence                1
/0/value/events/0/time                    {"clock": "2023-12-14T12:45:20"}
/0/value/events/0/areas                   ["controller"]
/0/value/events/7/sequence                10
/0/value/events/7/code                    516
/0/value/events/7/class                   "critical"
/0/value/events/8/class                   "fatal"
/0/value/events/9/class                   "dead"
"#;

/// The same for the shared captures, from the folder on that holds them.
const SHARED: &str = r#"
[megacli-8.07.14/big_4k/PDList_aALL.txt pd-list]
/0/value/0/logical_sector_size_bytes      4096
/0/value/0/raw_size_bytes                 8001524072448
/0/value/0/coerced_size_bytes             7997229105152

[megacli-8.07.14/dedicated_spares/PDList_aALL.txt pd-list]
/0/value/5/hot_spare                      {"kind": "dedicated", "enclosure_affinity": false, "revertible": true, "drive_groups": [0]}
/0/value/6/hot_spare                      {"kind": "dedicated", "enclosure_affinity": true, "revertible": true, "drive_groups": [0, 1]}
/0/value/7/hot_spare                      {"kind": "global", "enclosure_affinity": false, "revertible": false, "drive_groups": []}

[megacli-8.07.14/dedicated_spares/LDInfo_Lall_aALL.txt ld-info]
/0/value/0/dedicated_hot_spares           [{"enclosure": 252, "slot": 5}, {"enclosure": 252, "slot": 6}]

[megacli-8.07.14/copyback_running/PDCpyBk_ShowProg_PhysDrv_252_6_a0.txt pd-progress]
/0/kind                                   "copyback"
/0/progress                               {"percent": 0, "elapsed_minutes": 0}

[public/megacli/glensc+nagios-plugin-check_raid/pdlist-legacy-MB-sizes.txt pd-list]
/0/value/0/enclosure                      8
/0/value/0/coerced_size_bytes             146163105792
/0/value/0/state                          "online"
/0/value/0/power                          null
/0/value/0/temperature_celsius            null

[public/megacli/glensc+nagios-plugin-check_raid/pdlist-jbod.txt pd-list]
/0/value/0/state                          "jbod"
/0/value/0/interface                      "sata"
/0/value/0/coerced_size_bytes             499558383616
/0/value/0/temperature_celsius            30

[public/megacli/glensc+nagios-plugin-check_raid/ldinfo-raid5-10drives.txt ld-info]
/0/value/0/size_bytes                     26998508020039
/0/value/0/strip_size_bytes               262144
/0/value/0/access                         "read_write"
/0/value/0/power_saving_with_cached_writes  true

[public/megacli/glensc+nagios-plugin-check_raid/ldinfo-raid10-perspan.txt ld-info]
/0/value/0/raid_level                     "raid10"
/0/value/0/mirror_size_bytes              1346901744025
/0/value/0/span_depth                     3

[public/megacli/glensc+nagios-plugin-check_raid/ldinfo-raid5-cachecade.txt ld-info]
/0/value/0/default_cache/write            "write_back"
/0/value/0/current_cache/write            "write_through"
/0/value/0/current_cache/io               "cached"
/0/value/0/disk_cache                     "enabled"

[public/megacli/glensc+nagios-plugin-check_raid/ldinfo-legacy-1.txt ld-info]
/0/value/0/name                           "OS"
/0/value/0/raid_level                     "raid1"
/0/value/0/strip_size_bytes               65536

[public/megacli/gerirgaudi+elesai/adpbbucmd-bbu-learn-cycle.txt cache-protection]
/0/value/kind                             "ibbu"
/0/value/state                            "non_operational"
/0/value/current_milliamps                -428
/0/value/flags/learn_requested            true
/0/value/flags/learn_active               true
/0/value/gas_gauge/relative_charge_percent  25
/0/value/gas_gauge/absolute_charge_percent  26
/0/value/capacity/absolute_charge_percent  25
/0/value/capacity/full_charge_capacity_milliamp_hours  1016
/0/value/capacity/run_time_to_empty_minutes  35
/0/value/capacity/time_to_full_minutes    null
/0/value/capacity/cycles                  62
/0/value/learn/period_seconds             2592000
/0/value/learn/next                       "2012-11-12T10:34:47"

[public/megacli/gerirgaudi+elesai/pdlist-media-errors.txt pd-list]
/0/value/0/media_errors                   10
/0/value/4/other_errors                   85614
/0/value/12/other_errors                  49802

[public/megacli/gerirgaudi+elesai/pdlist-unconfigured-bad-1.txt pd-list]
/0/value/12/slot                          4
/0/value/12/state                         "unconfigured_bad"
/0/value/12/non_coerced_size_bytes        null
/0/value/14/state                         "online"

[public/megacli/gerirgaudi+elesai/ldpdinfo-missing-form-span.txt ld-pd-info]
/0/value/1/spans/1/members/0              {"arm": 0, "drive": null}
/0/value/1/spans/1/members/1/drive/device_id  12

[public/megacli/gerirgaudi+elesai/ldpdinfo-4.txt ld-pd-info]
/0/value/0/operations/0/kind              "consistency_check"
/0/value/0/operations/0/progress          {"percent": 97, "elapsed_minutes": 91}

[public/megacli/gerirgaudi+elesai/adpallinfo-partially-degraded.txt adp-all-info]
/0/value/product_name                     "LSI MegaRAID SAS 9260CV-8i"
/0/value/firmware_package                 "12.12.0-0139"
/0/value/manufacture/date                 "2011-10-12"
/0/value/pci/vendor                       4096
/0/value/pci/device                       121
/0/value/pci/subsystem_device             37480
/0/value/hardware/bbu                     true
/0/value/hardware/memory_size_bytes       536870912
/0/value/settings/current_time            "2014-01-07T10:52:27"
/0/value/devices/degraded_virtual_drives  2
/0/value/devices/physical_drives          8
/0/value/errors/memory_uncorrectable      0

[public/cmdtool2/glensc+nagios-plugin-check_raid/adpallinfo-srcsas144e.txt adp-all-info]
/0/value/manufacture/date                 "2006-07-27"
/0/value/pci/device                       1041
/0/value/hardware/memory_size_bytes       134217728
/0/value/settings/rebuild_rate_percent    30

[public/megacli/unnamed+bean-li-blog/adpccsched-info-wrapped-time.txt adp-cc-sched]
/0/value/mode                             "concurrent"
/0/value/next_start                       {"on": "2016-08-13"}
"#;

/// Asks every question of `table` and gives how many there are.
fn check(base: &Path, table: &str) -> usize {
    let mut asked = 0;
    let mut wrong = String::new();
    let mut value = Value::Null;
    let mut file = "";
    for line in table.lines().filter(|line| !line.is_empty()) {
        if let Some(head) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            let (path, output) = head.rsplit_once(' ').unwrap();
            file = path;
            let text = fs::read(base.join(path)).unwrap();
            let parsed = Output::of_name(output)
                .unwrap()
                .read(&String::from_utf8_lossy(&text));
            value = serde_json::to_value(&parsed).unwrap()["value"].take();
            continue;
        }
        let (pointer, expected) = line.split_once("  ").unwrap();
        let expected: Value = serde_json::from_str(expected.trim()).unwrap();
        asked += 1;
        match value.pointer(pointer) {
            Some(read) if *read == expected => {}
            read => {
                let _ = writeln!(wrong, "{file} {pointer}: {expected}, but read {read:?}");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    asked
}

#[test]
fn the_fixtures_say_what_a_person_reads_there() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/megacli");
    assert!(check(&fixtures, FIXTURES) >= 90);
}

#[test]
fn the_shared_captures_say_what_a_person_reads_there() {
    let shared: Option<PathBuf> = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/captures"))
        .find(|folder| folder.is_dir());
    let Some(shared) = shared else {
        println!("skipped: no shared/captures above the repository");
        return;
    };
    assert!(check(&shared, SHARED) >= 60);
}
