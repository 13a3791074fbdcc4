//! `controller`.

use serde_json::json;

use crate::host::Host;

fn property(host: &Host, name: &str) -> serde_json::Value {
    host.data(&format!("controller get {name}"))[0]["value"].clone()
}

#[test]
fn every_property_that_the_board_has_is_set_and_read_back() {
    let host = Host::new("healthy");
    let all = host.data("controller get");
    let mut set = 0;
    for row in all.as_array().unwrap() {
        let name = row["property"].as_str().unwrap();
        if row["value"].is_null() || row["settable"] == json!(false) {
            continue;
        }
        if name == "power-save-policy" {
            // It stands among the settings of a board that cannot save power all the same.
            host.refused(&format!("controller set {name} none --yes"));
            continue;
        }
        let value = match &row["value"] {
            serde_json::Value::Bool(is) => if *is { "off" } else { "on" }.to_owned(),
            serde_json::Value::Number(_) => "7".to_owned(),
            serde_json::Value::String(word) => match (name, word.as_str()) {
                ("coercion-mode", _) => "128-mib".to_owned(),
                ("backplane-detection", _) => "i2c".to_owned(),
                ("load-balance", "auto") => "none".to_owned(),
                ("load-balance", _) => "auto".to_owned(),
                other => panic!("{other:?}"),
            },
            other @ (serde_json::Value::Null
            | serde_json::Value::Array(_)
            | serde_json::Value::Object(_)) => panic!("{name}: {other}"),
        };
        let row = host.done(&format!("controller set {name} {value} --yes"));
        assert_eq!(row["outcome"], "done", "{row}");
        assert!(row["seen"].as_str().unwrap().contains(&value), "{row}");
        set += 1;
    }
    assert!(set > 30, "{set}");
}

#[test]
fn what_the_board_lacks_is_refused_and_says_why() {
    let host = Host::new("healthy");
    let said = host.refused("controller set emergency-spare-global on --yes");
    assert!(said.contains("does not support Emergency Spare"), "{said}");
    let said = host.refused("controller set ecc-bucket-count 1 --yes");
    assert!(said.contains("counts it by itself"), "{said}");
    let answer = host.run("controller set rebuild-rate 101 --yes");
    assert_eq!(answer.code, 2);
    assert!(
        answer.stderr.contains("0 to 100 percent"),
        "{}",
        answer.stderr
    );
    assert_eq!(property(&host, "rebuild-rate"), json!(30));
}

#[test]
fn a_dry_run_and_a_missing_yes_change_nothing() {
    let host = Host::new("healthy");
    let planned = host.data("controller set copyback off --dry-run");
    assert_eq!(
        planned[0]["command"],
        json!(["-AdpSetProp", "-CopyBackDsbl", "-1", "-a0"])
    );
    host.refused("controller set copyback off");
    assert_eq!(property(&host, "copyback"), json!(true));
    assert_eq!(host.audit(), "");
}

#[test]
fn the_alarm_is_silenced_without_a_question_and_switched_with_one() {
    let host = Host::new("failed-drive");
    assert_eq!(host.done("controller alarm silence")["outcome"], "claimed");
    host.refused("controller alarm disable");
    host.done("controller alarm disable --yes");
    assert_eq!(host.data("controller alarm show")[0]["value"], json!(false));
    host.done("controller alarm enable --yes");
    assert_eq!(property(&host, "alarm"), json!(true));
}

#[test]
fn clock_boot_and_bios_are_read_back() {
    let host = Host::new("healthy");
    let clock = "controller time set 2023-12-16T03:00:00 --yes";
    assert_eq!(host.done(clock)["outcome"], "done");
    host.done("controller boot-drive unset 0 --yes");
    host.done("controller boot-drive set 0 --yes");
    let shown = host.data("controller boot-drive show");
    assert_eq!(shown[0]["boot_virtual_drive"], json!(0));
    host.done("controller bios on-errors ignore --yes");
    host.done("controller bios auto-select-boot on --yes");
    host.done("controller bios disable --yes");
    let bios = &host.data("controller bios show")[0]["bios"];
    assert_eq!(bios["enabled"], json!(false));
    assert_eq!(bios["error_handling"], json!("ignore"));
    assert_eq!(bios["auto_select_boot"], json!(true));
    host.done("controller flush");
    host.done("controller auto-rebuild off --yes");
    assert_eq!(property(&host, "auto-rebuild"), json!(false));
}

#[test]
fn jbod_mode_stays_on_while_there_are_such_drives() {
    let host = Host::new("jbod");
    let said = host.refused("controller jbod off --yes");
    assert!(said.contains("the host loses these drives"), "{said}");
    let host = Host::new("healthy");
    host.done("controller jbod on --yes");
    host.done("controller jbod off --yes");
}

#[test]
fn one_of_several_controllers_has_to_be_named() {
    let host = Host::new("several-controllers");
    let answer = host.run("controller set rebuild-rate 7 --yes");
    assert_eq!(answer.code, 2, "{}", answer.stderr);
    assert!(answer.stderr.contains("--controller"), "{}", answer.stderr);
    let row = host.done("--controller 1 controller set rebuild-rate 7 --yes");
    assert_eq!(row["command"].as_array().unwrap().last().unwrap(), "-a1");
    let rates = host.data("controller get rebuild-rate");
    let rates: Vec<_> = rates
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["value"].as_u64())
        .collect();
    assert_eq!(rates, [Some(30), Some(7), Some(30)]);
}

#[test]
fn a_configuration_is_saved_cleared_and_restored() {
    let host = Host::new("healthy");
    let file = host.word("configuration");
    let saved = host.data(&format!("controller config save {file}"));
    assert_eq!(saved[0]["virtual_drives"].as_array().unwrap().len(), 1);
    host.refused(&format!("controller config save {file}"));
    let restore = format!("controller config restore {file} --yes=controller0");
    assert!(host.refused(&restore).contains("has 1 virtual drive"));
    host.refused("controller config clear --yes");
    host.done("controller config clear --yes=controller0");
    assert_eq!(host.data("vd list"), json!([]));
    let row = host.done(&restore);
    assert_eq!(row["after"], "1 virtual drive");
}

#[test]
fn a_damaged_configuration_is_not_restored() {
    let host = Host::new("healthy");
    let file = host.word("configuration");
    host.data(&format!("controller config save {file}"));
    host.done("controller config clear --yes=controller0");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.pop();
    std::fs::write(&file, bytes).unwrap();
    let restore = format!("controller config restore {file} --yes=controller0 --override file");
    assert!(host.refused(&restore).contains("is not as it was"));
}

#[test]
fn firmware_is_looked_at_before_it_is_written() {
    let host = Host::new("healthy");
    let flash = |name: &str, text: &str, more: &str| {
        std::fs::write(host.path(name), text).unwrap();
        let file = host.word(name);
        host.run(&format!(
            "controller firmware flash {file} --yes=controller0 {more}"
        ))
    };
    let page = flash("page.rom", "<html>", "--override image");
    assert_eq!(page.code, 3);
    assert!(page.stderr.contains("a web page"), "{}", page.stderr);
    let old = "ironkeep simulated firmware\npackage 5.0.0-0001\nAPP 1.0\n";
    let answer = flash("old.rom", old, "");
    assert_eq!(answer.code, 3);
    assert!(
        answer.stderr.contains("an older firmware"),
        "{}",
        answer.stderr
    );
    let new = "ironkeep simulated firmware\npackage 99.1.0-0001\nAPP 9.1\n";
    let answer = flash("new.rom", new, "--no-version-check");
    assert!(
        answer.stderr.contains("--override no_version_check"),
        "{}",
        answer.stderr
    );
    let answer = flash("new.rom", new, "");
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(host.audit().contains("-AdpFwFlash"));
}

#[test]
fn what_stops_the_whole_controller_needs_its_name() {
    let host = Host::new("healthy");
    for verb in ["factory-defaults", "shutdown"] {
        host.refused(&format!("controller {verb} --yes"));
        host.done(&format!("controller {verb} --yes=controller0"));
    }
    let answer = host.run("controller diagnose --seconds 1 --yes");
    assert_eq!(answer.code, 1, "no simulated board can test itself");
    let host = Host::new("rebuilding");
    let said = host.refused("controller shutdown --yes=controller0");
    assert!(said.contains("running: rebuild"), "{said}");
}
