//! Virtual drives: made, changed, deleted.

use crate::host::Host;

/// What every command line becomes.
#[test]
fn command_lines_of_new_ones() {
    let free = Host::new("unconfigured");
    let table = [
        (
            "vd create raid5 252:0 252:1 252:2",
            "-CfgLdAdd -r5[252:0,252:1,252:2] -a0",
        ),
        (
            "vd create 1 252:0 252:1 --write through --read-ahead off --io cached \
             --bad-bbu write-through --size 10G --strip 256K --spare 252:7",
            "-CfgLdAdd -r1[252:0,252:1] WT NORA Cached NoCachedBadBBU -sz10240 -strpsz256 \
             -Hsp[252:7] -a0",
        ),
        (
            "vd create RAID10 --all-unconfigured",
            "-CfgSpanAdd -r10 -Array0[252:0,252:1] -Array1[252:2,252:3] -Array2[252:4,252:5] \
             -Array3[252:6,252:7] -a0",
        ),
        (
            "vd create raid10 --all-unconfigured --spans 2 --write back --read-ahead on",
            "-CfgSpanAdd -r10 -Array0[252:0,252:1,252:2,252:3] \
             -Array1[252:4,252:5,252:6,252:7] WB RA -a0",
        ),
        (
            "vd create raid50 --span 252:0,252:2,252:4 --span 252:1,252:3,252:5",
            "-CfgSpanAdd -r50 -Array0[252:0,252:2,252:4] -Array1[252:1,252:3,252:5] -a0",
        ),
        (
            "vd create raid0 --all-unconfigured --write always-back --disk-cache off",
            "-CfgLdAdd -r0[252:0,252:1,252:2,252:3,252:4,252:5,252:6,252:7] -a0",
        ),
    ];
    for (words, expected) in table {
        assert_eq!(free.commands(words), [expected], "{words}");
    }
}

#[test]
fn command_lines() {
    let healthy = Host::new("healthy");
    let table: &[(&str, &[&str])] = &[
        ("vd delete vd0", &["-CfgLdDel -L0 -a0"]),
        ("vd rename vd0 web", &["-LDSetProp -Name web -L0 -a0"]),
        (
            "vd set vd0 --write back --read-ahead adaptive --io direct --bad-bbu write-through",
            &[
                "-LDSetProp NoCachedBadBBU -L0 -a0",
                "-LDSetProp WB -L0 -a0",
                "-LDSetProp ADRA -L0 -a0",
                "-LDSetProp Direct -L0 -a0",
            ],
        ),
        (
            "vd set vd0 --access ro --disk-cache on --drop-protection --write always-back",
            &[
                "-LDSetProp RO -L0 -a0",
                "-LDSetProp ForcedWB -L0 -a0",
                "-LDSetProp -EnDskCache -L0 -a0",
                "-LDSetProp DsblPI -L0 -a0",
            ],
        ),
        (
            "vd set vd0 --access unblock --power max-without-caching",
            &[
                "-LDSetProp RemoveBlocked -L0 -a0",
                "-LDSetPowerPolicy -MaximumWithoutCaching -L0 -a0",
            ],
        ),
        ("vd init start vd0", &["-LDInit -Start -L0 -a0"]),
        (
            "vd init start vd0 --full",
            &["-LDInit -Start -full -L0 -a0"],
        ),
        ("vd init stop vd0", &["-LDInit -Abort -L0 -a0"]),
        ("vd check start vd0", &["-LDCC -Start -L0 -a0"]),
        (
            "vd check start vd0 --force",
            &["-LDCC -Start -force -L0 -a0"],
        ),
        ("vd check stop vd0", &["-LDCC -Abort -L0 -a0"]),
        ("vd check suspend vd0", &["-LDCC -Suspend -L0 -a0"]),
        ("vd check resume vd0", &["-LDCC -Resume -L0 -a0"]),
        ("vd background-init enable vd0", &["-LDBI -Enbl -L0 -a0"]),
        ("vd background-init disable vd0", &["-LDBI -Dsbl -L0 -a0"]),
        ("vd background-init stop vd0", &["-LDBI -Abort -L0 -a0"]),
        (
            "vd background-init suspend vd0",
            &["-LDBI -Suspend -L0 -a0"],
        ),
        ("vd background-init resume vd0", &["-LDBI -Resume -L0 -a0"]),
        (
            "vd reconstruct vd0 --level raid6 --add 252:7",
            &["-LDRecon -Start -r6 -Add -PhysDrv[252:7] -L0 -a0"],
        ),
        (
            "vd expand vd0 --percent 40",
            &["-LdExpansion -p40 -dontExpandArray -L0 -a0"],
        ),
        ("vd make-secure vd0", &["-LDMakeSecure -L0 -a0"]),
        ("vd clear-bad-blocks vd0", &["-LDBBMClr -L0 -a0"]),
        ("vd cachecade assign vd0", &["-Cachecade -assign -L0 -a0"]),
        ("vd cachecade remove vd0", &["-Cachecade -remove -L0 -a0"]),
        ("vd cachecade delete vd0", &["-CfgCacheCadeDel -L0 -a0"]),
        (
            "vd cachecade create 252:7 --name fast --write back --serve vd0",
            &["-CfgCacheCadeAdd -r0 -PhysDrv[252:7] -Name fast WB -assign -L0 -a0"],
        ),
    ];
    for (words, expected) in table {
        assert_eq!(healthy.commands(words), *expected, "{words}");
    }
}

#[test]
fn a_new_one_is_found_named_and_set() {
    let host = Host::new("unconfigured");
    let words = "vd create raid5 252:0 252:1 252:2 --strip 128K --name data --write always-back \
                 --disk-cache off --spare 252:3 -y";
    let done = [
        "new vd vd.create done",
        "vd0 vd.rename done",
        "vd0 vd.set_write_policy done",
        "vd0 vd.set_disk_cache done",
    ];
    assert_eq!(host.act(words), done);
    let drive = &host.data("vd list")[0];
    assert_eq!(drive["name"], "data");
    assert_eq!(drive["raid_level"], "raid5");
    assert_eq!(drive["strip_size_bytes"], 128 << 10);
    assert_eq!(drive["disk_cache"], "disabled");
    assert_eq!(host.data("spare list")[0]["slot"], 3);
    // What is left of a group is for a second one.
    let words = "vd create raid1 252:4 252:5 --size 20G -y";
    assert_eq!(host.act(words), ["new vd vd.create done"]);
    let words = "vd create raid1 --after vd1 --size 30G --name second -y";
    assert_eq!(
        host.act(words),
        ["new vd vd.create done", "vd2 vd.rename done"]
    );
    let words = "vd create raid1 --after vd1 --size 900G";
    assert_eq!(host.refusals(words), ["size"]);
}

#[test]
fn every_level_is_made() {
    let table = [
        ("raid0", "252:0", "raid0"),
        ("raid1", "252:0 252:1", "raid1"),
        ("raid5", "252:0 252:1 252:2", "raid5"),
        ("raid6", "252:0 252:1 252:2 252:3", "raid6"),
        ("raid10", "252:0 252:1 252:2 252:3", "raid10"),
        ("raid50", "--all-unconfigured --spans 2", "raid50"),
        ("raid60", "--all-unconfigured --spans 2", "raid60"),
    ];
    for (level, drives, shown) in table {
        let host = Host::new("unconfigured");
        let words = format!("vd create {level} {drives} -y");
        assert_eq!(host.act(&words), ["new vd vd.create done"], "{level}");
        assert_eq!(host.data("vd list")[0]["raid_level"], shown);
    }
}

#[test]
fn drives_that_cannot_be_taken_are_refused() {
    let member = Host::new("healthy");
    assert_eq!(member.refusals("vd create raid0 252:0"), ["state"]);
    let jbod = Host::new("jbod");
    let drives = jbod.data("pd list");
    let given = drives.as_array().unwrap().iter();
    let slot = given
        .filter(|drive| drive["state"] == "jbod")
        .find_map(|drive| drive["slot"].as_u64())
        .unwrap();
    let answer = jbod.run(&format!("vd create raid0 252:{slot} -y"));
    assert_eq!(answer.code, 3);
    assert!(answer.stderr.contains("make-good --force"), "{answer:?}");
    let foreign = Host::new("foreign-drive");
    let drives = foreign.data("pd list");
    let carries = drives.as_array().unwrap().iter();
    let slot = carries
        .filter(|drive| drive["foreign"] == true)
        .find_map(|drive| drive["slot"].as_u64())
        .unwrap();
    let refusals = foreign.refusals(&format!("vd create raid0 252:{slot}"));
    assert!(refusals.contains(&"foreign".to_owned()), "{refusals:?}");
}

#[test]
fn numbers_that_do_not_fit_a_level_are_refused() {
    let host = Host::new("unconfigured");
    for words in [
        "vd create raid5 252:0 252:1",
        "vd create raid1 252:0",
        "vd create raid1 252:0 252:1 252:2",
        "vd create raid6 252:0 252:1",
        "vd create raid10 252:0 252:1",
        "vd create raid50 --span 252:0,252:1 --span 252:2,252:3",
        "vd create raid60 --span 252:0,252:1,252:2 --span 252:3,252:4,252:5,252:6",
        "vd create raid5 --span 252:0,252:1,252:2 --span 252:3,252:4,252:5",
    ] {
        assert_eq!(host.refusals(words), ["level"], "{words}");
    }
    assert_eq!(host.refusals("vd create raid0 252:0 --strip 2M"), ["limit"]);
    assert_eq!(
        host.refusals("vd create raid0 252:0 --strip 96K"),
        ["limit"]
    );
    assert_eq!(
        host.refusals("vd create raid0 252:0 --name much-too-long-a-name"),
        ["name"]
    );
    assert_eq!(
        host.refusals("vd create raid0 252:0 --spare 252:1"),
        ["level"]
    );
    for words in [
        "vd create raid50 --all-unconfigured",
        "vd create raid10 --all-unconfigured --spans 3",
        "vd create raid5 252:0 252:0 252:1",
        "vd create raid5",
        "vd create raid5 --all-unconfigured --spans 2",
        "vd create raid10 --all-unconfigured --spare 252:9",
    ] {
        assert_eq!(host.run(words).code, 2, "{words}");
    }
}

#[test]
fn unwritten_data_in_the_cache_forbids_new_ones_and_is_given_up_by_name_only() {
    let host = Host::with("enclosure-lost", |controller| {
        // That of the virtual drive that is off line is kept already.
        assert_eq!(controller.preserved_cache, [1]);
        controller.preserved_cache.push(7);
    });
    let discard = "vd discard-preserved-cache vd1";
    assert_eq!(host.refusals(discard), ["drives_may_return"]);
    // Off line, it is deleted with its data; missing, there is nothing to delete.
    assert_eq!(
        host.commands(discard),
        ["-DiscardPreservedCache -L1 -force -a0"]
    );
    assert_eq!(
        host.commands("vd discard-preserved-cache vd7"),
        ["-DiscardPreservedCache -L7 -a0"]
    );
    assert_eq!(host.run("vd discard-preserved-cache vd0").code, 2);
    let insisted = format!("{discard} --override drives_may_return");
    assert_eq!(host.run(&format!("{insisted} -y")).code, 3);
    assert_eq!(host.run(&format!("{insisted} --yes=vd7")).code, 3);
    assert_eq!(
        host.act(&format!("{insisted} --yes=vd1")),
        ["vd1 vd.discard_preserved_cache done"]
    );
    let free = Host::with("unconfigured", |controller| {
        controller.preserved_cache.push(7);
    });
    let refusals = free.refusals("vd create raid0 252:0");
    assert_eq!(refusals, ["preserved_cache"]);
}

#[test]
fn settings_are_read_back() {
    let host = Host::new("healthy");
    let words = "vd set vd0 --write through --read-ahead off --io cached --access ro \
                 --disk-cache on --bad-bbu write-back -y";
    let done = host.act(words);
    assert_eq!(done.len(), 6);
    assert!(done.iter().all(|row| row.ends_with(" done")), "{done:?}");
    let drive = &host.data("vd list")[0];
    assert_eq!(drive["default_cache"]["write"], "write_through");
    assert_eq!(drive["default_cache"]["read"], "no_read_ahead");
    assert_eq!(drive["default_cache"]["io"], "cached");
    assert_eq!(drive["default_cache"]["write_cache_with_bad_battery"], true);
    assert_eq!(drive["disk_cache"], "enabled");
    assert_eq!(drive["default_access"], "read_only");
    assert_eq!(host.act("vd rename vd0 web -y"), ["vd0 vd.rename done"]);
    assert_eq!(host.act("vd rename name=web data -y").len(), 1);
    assert_eq!(
        host.run("vd rename vd0 averylongnamethatistoolong -y").code,
        3
    );
    assert_eq!(host.run("vd set vd0 -y").code, 2);
}

#[test]
fn write_back_without_a_battery_is_warned_of() {
    let host = Host::new("battery-failed");
    for words in ["--write always-back", "--bad-bbu write-back"] {
        let answer = host.run(&format!("vd set vd0 {words} -y"));
        assert_eq!(answer.code, 0, "{answer:?}");
        let warned = answer
            .stderr
            .contains("warning: the battery does not work: a power cut");
        assert!(warned, "{answer:?}");
    }
}

#[test]
fn what_destroys_needs_the_name() {
    let host = Host::new("healthy");
    for words in [
        "vd delete vd0",
        "vd init start vd0",
        "vd init start vd0 --full",
    ] {
        for yes in ["", "-y", "--yes=vd1"] {
            let answer = host.run(&format!("{words} {yes}"));
            assert_eq!(answer.code, 3, "{words} {yes}");
            assert!(answer.stderr.contains("--yes=vd0"), "{answer:?}");
        }
    }
    let words = "vd init start vd0 --full --yes=vd0";
    assert_eq!(host.act(words), ["vd0 vd.initialize_full running"]);
    assert_eq!(host.refusals("vd init start vd0"), ["operation_running"]);
    assert_eq!(
        host.act("vd init stop vd0 -y"),
        ["vd0 vd.stop_initialization done"]
    );
    assert_eq!(host.act("vd delete vd0 --yes=vd0"), ["vd0 vd.delete done"]);
    assert_eq!(host.data("vd list").as_array().unwrap().len(), 0);
}

#[test]
fn checks_and_background_work_start_and_stop() {
    let host = Host::new("healthy");
    assert_eq!(host.refusals("vd check stop vd0"), ["operation_running"]);
    assert_eq!(
        host.act("vd check start vd0"),
        ["vd0 vd.start_check running"]
    );
    assert_eq!(host.refusals("vd check start vd0"), ["operation_running"]);
    assert_eq!(host.act("vd check stop vd0 -y"), ["vd0 vd.stop_check done"]);
    assert_eq!(
        host.act("vd background-init disable vd0 -y"),
        ["vd0 vd.disable_background_initialization done"]
    );
    assert_eq!(
        host.act("vd background-init enable vd0 -y"),
        ["vd0 vd.enable_background_initialization done"]
    );
    let degraded = Host::new("failed-drive");
    let refusals = degraded.refusals("vd check start vd0");
    assert!(refusals.contains(&"state".to_owned()), "{refusals:?}");
}

#[test]
fn reconstruction_adds_drives_and_changes_the_level() {
    let host = Host::new("unconfigured");
    host.act("vd create raid5 252:0 252:1 252:2 -y");
    assert_eq!(
        host.refusals("vd reconstruct vd0 --level raid6"),
        ["supported", "size"]
    );
    assert_eq!(
        host.refusals("vd reconstruct vd0 --level raid0"),
        ["supported", "redundancy"]
    );
    assert_eq!(
        host.refusals("vd reconstruct vd0 --level raid10"),
        ["supported", "level", "size"]
    );
    let words = "vd reconstruct vd0 --level raid6 --add 252:3 --override supported -y";
    assert_eq!(host.act(words), ["vd0 vd.reconstruct running"]);
    assert_eq!(host.refusals("vd delete vd0"), ["operation_running"]);
    host.run("sim tick 5d");
    assert_eq!(host.data("vd list")[0]["raid_level"], "raid6");
}

#[test]
fn a_cache_on_flash_comes_and_goes() {
    let host = Host::new("cachecade");
    assert_eq!(host.refusals("vd delete vd0"), ["cachecade"]);
    for (words, done) in [
        ("vd cachecade remove vd0 -y", "vd0 vd.remove_cachecade done"),
        ("vd cachecade assign vd0 -y", "vd0 vd.assign_cachecade done"),
        (
            "vd cachecade delete vd1 --yes=vd1",
            "vd1 vd.delete_cachecade done",
        ),
        (
            "vd cachecade create 252:6 252:7 --level raid1 --serve vd0 -y",
            "new vd vd.create_cachecade done",
        ),
    ] {
        assert_eq!(host.act(words), [done], "{words}");
    }
    let plain = Host::new("unconfigured");
    let refusals = plain.refusals("vd cachecade create 252:0");
    assert_eq!(refusals, ["media_type"]);
}

#[test]
fn the_same_number_on_another_controller_is_another_virtual_drive() {
    let host = Host::new("several-controllers");
    let answer = host.run("vd delete c1/vd0 --yes=vd0");
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.stderr.contains("--yes=c1/vd0"), "{answer:?}");
    host.does("vd delete c1/vd0 --yes=c1/vd0");
    // Named beforehand, there is only one.
    host.does("vd delete vd0 --controller 0 --yes=vd0");
}
