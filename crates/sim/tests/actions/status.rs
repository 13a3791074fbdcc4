//! Changing commands under every status of the firmware: the sweep `actions/mfi_status/SUMMARY.tsv`,
//! which gives the words with single blanks between them.

use std::collections::BTreeMap;

use ironkeep_sim::megacli;
use ironkeep_sim::state::Host;

use crate::starts::{STARTS, captures, state_of};

/// A command of the sweep: its name there, the folder whose state it started from, the command line,
/// and the operation (DCMD) that failed. Commands that are not here are not swept.
const SWEPT: &[(&str, &str, &str, u32)] = &[
    (
        "AlarmDsbl",
        "single/healthy_raid5_hs",
        "-AdpSetProp AlarmDsbl -a0",
        0x0103_0300,
    ),
    (
        "AlarmSilence",
        "single/healthy_raid5_hs",
        "-AdpSetProp AlarmSilence -a0",
        0x0103_0400,
    ),
    (
        "BbuLearn",
        "single/healthy_raid5_hs",
        "-AdpBbuCmd -BbuLearn -a0",
        0x0504_0000,
    ),
    (
        "EventClear",
        "single/healthy_raid5_hs",
        "-AdpEventLog -Clear -a0",
        0x0104_0200,
    ),
    (
        "CfgClr",
        "single/healthy_raid5_hs",
        "-CfgClr -a0",
        0x0403_0000,
    ),
    (
        "CfgForeignClear",
        "single/foreign_drive",
        "-CfgForeign -Clear -a0",
        0x0406_0500,
    ),
    (
        "CfgForeignImport",
        "single/foreign_drive",
        "-CfgForeign -Import -a0",
        0x0406_0400,
    ),
    (
        "CfgLdAdd",
        "single/unconfigured",
        "-CfgLdAdd -r0[252:3] -a0",
        0x0402_0000,
    ),
    (
        "CfgLdDel",
        "single/healthy_raid5_hs",
        "-CfgLdDel -L0 -a0",
        0x0309_0000,
    ),
    (
        "CfgSpanAdd",
        "single/sizes",
        "-CfgSpanAdd -r10 -Array0[252:3,252:4] -Array1[252:5,252:6] -a0",
        0x0402_0000,
    ),
    (
        "LDCCStart",
        "single/healthy_raid5_hs",
        "-LDCC -Start -L0 -a0",
        0x0307_0100,
    ),
    (
        "LDInitStart",
        "single/healthy_raid5_hs",
        "-LDInit -Start -L0 -a0",
        0x0306_0100,
    ),
    (
        "LDReconStart",
        "single/unconfigured",
        "-LDRecon -Start -r5 -Add -PhysDrv[252:3] -L0 -a0",
        0x030a_0100,
    ),
    (
        "LDSetProp",
        "single/healthy_raid5_hs",
        "-LDSetProp WT -L0 -a0",
        0x0304_0000,
    ),
    (
        "PDClearStart",
        "single/unconfigured",
        "-PDClear -Start -PhysDrv [252:3] -a0",
        0x0205_0100,
    ),
    (
        "PDCpyBkStart",
        "single/unconfigured",
        "-PDCpyBk -Start -PhysDrv [252:0,252:3] -a0",
        0x02f3_0100,
    ),
    (
        "PDHSPRmv",
        "single/healthy_raid5_hs",
        "-PDHSP -Rmv -PhysDrv [252:7] -a0",
        0x0405_0000,
    ),
    (
        "PDHSPSet",
        "single/unconfigured",
        "-PDHSP -Set -PhysDrv [252:3] -a0",
        0x0404_0000,
    ),
    (
        "PDMakeGood",
        "single/unconfigured",
        "-PDMakeGood -PhysDrv [252:5] -a0",
        0x0203_0100,
    ),
    (
        "PDMakeJBOD",
        "single/unconfigured",
        "-PDMakeJBOD -PhysDrv [252:3] -a0",
        0x0203_0100,
    ),
    (
        "PDMarkMissing",
        "single/degraded_raid5_failed",
        "-PDMarkMissing -PhysDrv [252:2] -a0",
        0x0203_0100,
    ),
    (
        "PDOffline",
        "single/healthy_raid5_hs",
        "-PDOffline -PhysDrv [252:1] -a0",
        0x0203_0100,
    ),
    (
        "PDOnline",
        "single/degraded_raid5_failed",
        "-PDOnline -PhysDrv [252:2] -a0",
        0x0203_0100,
    ),
    (
        "PDPrpRmv",
        "single/unconfigured",
        "-PDPrpRmv -PhysDrv [252:3] -a0",
        0x02f2_0100,
    ),
    (
        "PDRbldStart",
        "single/degraded_raid5_failed",
        "-PDRbld -Start -PhysDrv [252:2] -a0",
        0x0204_0100,
    ),
    (
        "PDRbldStop",
        "single/rebuilding",
        "-PDRbld -Stop -PhysDrv [252:2] -a0",
        0x0204_0200,
    ),
    (
        "PdLocateStart",
        "single/healthy_raid5_hs",
        "-PdLocate -start -PhysDrv [252:1] -a0",
        0x0207_0100,
    ),
    (
        "PdReplaceMissing",
        "replmiss_ok_first",
        "-PdReplaceMissing -PhysDrv [252:1] -Array0 -row1 -a0",
        0x02f1_0000,
    ),
    (
        "PRStart",
        "single/healthy_raid5_hs",
        "-AdpPR -Start -a0",
        0x0107_0400,
    ),
    (
        "SetRebuildRate",
        "single/healthy_raid5_hs",
        "-AdpSetProp RebuildRate -60 -a0",
        0x0102_0200,
    ),
];

/// The status of a row: `00`, `3f`, or `errno16` for an error of the ioctl itself.
fn status(word: &str) -> u16 {
    match word.strip_prefix("errno") {
        Some(errno) => 0x1000 + errno.parse::<u16>().expect("an errno"),
        None => u16::from_str_radix(word, 16).expect("a status"),
    }
}

/// The words of an answer with single blanks, and the exit status.
fn words(host: &mut Host, line: &str) -> (String, u8) {
    let line: Vec<&str> = line.split(' ').collect();
    let answer = megacli::run(host, &line);
    let text = answer.text();
    let words: Vec<&str> = text.split_whitespace().collect();
    (words.join(" "), answer.process_status())
}

#[test]
fn every_status_is_told_in_the_tools_words() {
    let Some(folder) = captures() else {
        println!("skipped: the captures do not lie beside the repository");
        return;
    };
    let file = folder.join("actions/mfi_status/SUMMARY.tsv");
    let sweep = std::fs::read_to_string(file).expect("the sweep");
    let mut unequal: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut all = 0;
    for row in sweep.lines() {
        let columns: Vec<&str> = row.split('\t').collect();
        let [name, code, exit, expected] = columns[..] else {
            continue;
        };
        let found = SWEPT.iter().find(|(swept, ..)| *swept == name);
        let Some((_, start, line, opcode)) = found else {
            continue;
        };
        let start = STARTS.iter().find(|it| it.folder == *start);
        let mut host = state_of(start.expect("a start")).expect("a state");
        if code != "00" {
            host.controllers[0].faults.insert(*opcode, status(code));
        }
        let (words, status) = words(&mut host, line);
        all += 1;
        if words != expected.trim() || exit != format!("rc={status}") {
            let difference = format!("{code}: {words} {status} instead of {expected} {exit}");
            unequal.entry(name).or_default().push(difference);
        }
    }
    println!("{all} statuses swept");
    assert!(unequal.is_empty(), "{unequal:#?}");
}
