//! What the simulator's MegaCLI says of controllers in states that no captured scenario has, as sweeps of
//! single fields through the real tool show it; and of command lines that it does not understand.

use ironkeep_sim::megacli;
use ironkeep_sim::state::{Controller, Host, PatrolMode, ScheduleState, bits};

/// A host with one controller.
fn host(change: impl FnOnce(&mut Controller)) -> Host {
    let mut controller = Controller::default();
    change(&mut controller);
    Host {
        controllers: vec![controller],
        ..Host::default()
    }
}

fn run(host: &Host, line: &str) -> (String, u8) {
    let line: Vec<&str> = line.split(' ').collect();
    let answer = megacli::run(&mut host.clone(), &line);
    (answer.text(), answer.process_status())
}

/// The line of `text` that begins with `name`.
fn line<'a>(text: &'a str, name: &str) -> &'a str {
    let found = text
        .lines()
        .find(|line| line.trim_start().starts_with(name));
    found.unwrap_or("no such line")
}

#[test]
fn a_line_that_is_not_understood_is_refused_at_its_token() {
    let host = host(|_| ());
    for (words, token) in [
        ("-bogus -NoLog", "-bogus"),
        ("-AdpGetProp Nonsense -a0 -NoLog", "Nonsense"),
    ] {
        let blanks = " ".repeat(43);
        let expected =
            format!("\rInvalid input at or near token {token}{blanks}\n\nExit Code: 0x01\n");
        assert_eq!(run(&host, words), (expected, 1), "{words}");
    }
}

#[test]
fn of_several_controllers_those_that_are_there_answer() {
    let (text, status) = run(&host(|_| ()), "-AdpGetTime -a0,1 -NoLog");
    assert!(text.starts_with(",\r   "), "{text:?}");
    let missing = "\nFailed to get CpController object.\n\nExit Code: 0x01\n";
    assert!(text.ends_with(missing), "{text:?}");
    assert_eq!((line(&text, "User"), status), ("no such line", 1));
}

#[test]
fn states_of_patrol_reads_and_checks_have_their_words() {
    let numbers = [0, 1, 2, 3, 4, 0xff];
    let words = [
        "Stopped", "Ready", "Active", "Unknown", "Unknown", "Aborted",
    ];
    for (number, word) in numbers.into_iter().zip(words) {
        let host = host(|it| it.patrol.state = ScheduleState::of_code(number));
        let (text, _) = run(&host, "-AdpPR -Info -a0");
        assert_eq!(
            line(&text, "Current State"),
            format!("Current State: {word}")
        );
        assert_eq!(
            text.contains("Adapter 0: Number of PDs completed: 0"),
            number == 2
        );
    }
    for (number, word) in [(0, "Auto"), (1, "Manual"), (2, "Disabled"), (3, "Unknown")] {
        let host = host(|it| it.patrol.mode = PatrolMode::of_code(number));
        let (text, status) = run(&host, "-AdpPR -Info -a0");
        assert_eq!(
            line(&text, "Patrol Read Mode"),
            format!("Patrol Read Mode: {word}")
        );
        assert_eq!(status, u8::from(number == 3));
    }
    let words = ["Disabled", "Sequential", "Concurrent", "Invalid"];
    for (number, word) in (0..).zip(words) {
        let host = host(|it| it.consistency.mode = number);
        let (text, _) = run(&host, "-AdpCcSched -Info -a0");
        assert_eq!(
            line(&text, "Operation Mode"),
            format!("Operation Mode: {word}")
        );
    }
    let aborted = host(|it| it.consistency.state = ScheduleState::of_code(3));
    let (text, _) = run(&aborted, "-AdpCcSched -Info -a0");
    assert_eq!(line(&text, "Current State"), "Current State: Aborted");
}

#[test]
fn a_property_is_the_same_in_both_outputs() {
    let changed = host(|it| {
        it.info.rebuild_rate = 77;
        it.info.coercion_mode = 2;
        it.info.alarm = 2;
        it.info.no_auto_rebuild = 1;
        it.info.no_backplane_detection = 1;
        it.info.switches = bits::switches::JBOD | bits::switches::NO_COPYBACK;
    });
    let (all, _) = run(&changed, "-AdpAllInfo -aALL");
    for (name, one, label, other) in [
        (
            "RebuildRate",
            "Adapter 0: Rebuild Rate = 77%",
            "Rebuild Rate",
            "77%",
        ),
        (
            "CoercionMode",
            "Adapter 0: Coercion Mode : 1GB",
            "Physical Drive Coercion Mode",
            "1GB",
        ),
        (
            "EnableJBOD",
            "Adapter 0: JBOD: Enabled",
            "Enable JBOD",
            "Yes",
        ),
        (
            "CopyBackDsbl",
            "Adapter 0: Copyback: Disabled",
            "Disable Copyback",
            "Yes",
        ),
        (
            "AutoDetectBackPlaneDsbl",
            "Adapter 0: AutoDetect BackPlane Disabled : SGPIO.",
            "Auto Detect BackPlane Enabled",
            "i2c SEP",
        ),
    ] {
        let (text, _) = run(&changed, &format!("-AdpGetProp {name} -a0"));
        assert_eq!(line(&text, "Adapter"), one);
        let value = line(&all, label).split(": ").last();
        assert_eq!(value, Some(other), "{label}");
    }
    let (text, _) = run(&changed, "-AdpGetProp AlarmDsply -a0");
    assert_eq!(line(&text, "Adapter"), "Adapter 0: Alarm Status is Enabled");
    assert!(all.contains("\nAlarm                            : Enabled\n"));
    let (text, _) = run(&changed, "-AdpAutoRbld -Dsply -a0");
    assert_eq!(
        line(&text, "Adapter"),
        "Adapter 0: AutoRebuild is Disabled."
    );
}

#[test]
fn a_controller_that_tells_nothing_has_words_for_nothing() {
    let (text, _) = run(&host(|_| ()), "-AdpAllInfo -a0");
    for expected in [
        "Host Interface  : UNKNOWN",
        "Device Interface  : UNKNOWN",
        "RAID Level Supported             : RAID00",
        "Supported Drives                 : NONE",
        "Max Strip Size           : 512Bytes",
        "Rework Date     : 00/00/00",
    ] {
        let name = expected.split(" :").next().unwrap_or_default();
        assert_eq!(line(&text, name), expected);
    }
    let levels: Vec<&str> = text.lines().filter(|line| line.contains("NONE")).collect();
    assert_eq!(levels[1], "NONE");
}
