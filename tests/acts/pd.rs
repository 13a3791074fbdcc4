//! Physical drives.

use ironkeep_sim::state::{DriveState, VirtualState};
use serde_json::Value;

use crate::host::Host;

#[test]
fn a_failed_drive_is_replaced_step_by_step() {
    let host = Host::new("failed-drive");
    host.does("pd missing 252:3 --yes");
    host.does("pd prepare-removal 252:3 --yes");
    host.happens("pull 252:3");
    host.happens("insert 252:3 blank");
    // The controller rebuilds by itself: `cheat_sheet` plays the rest by hand.
    assert_eq!(host.drive(3).state, DriveState::Rebuild);
    host.happens("finish");
    assert_eq!(host.drive(3).state, DriveState::Online);
    let controller = host.controller();
    let mut states = controller.virtual_drives.iter().map(|it| it.state);
    assert!(states.all(|state| state == VirtualState::Optimal));
}

#[test]
fn the_cheat_sheet_works_for_a_drive_that_is_still_good() {
    let host = Host::new("healthy");
    host.does("spare remove 252:7 --yes");
    host.does("pd offline 252:2 --yes");
    host.does("pd missing 252:2 --yes");
    assert_eq!(host.drive(2).state, DriveState::UnconfiguredGood);
    host.does("pd prepare-removal 252:2 --yes");
    host.does("pd prepare-removal --undo 252:2 --yes");
    host.does("pd replace-missing 252:2 --yes");
    host.does("pd rebuild start 252:2 --yes");
    host.does("pd rebuild stop 252:2 --yes");
    assert_eq!(host.drive(2).state, DriveState::Offline);
}

#[test]
fn a_drive_whose_place_a_spare_takes_is_off_line_too() {
    let host = Host::new("healthy");
    let done = host.does("pd offline 252:2 --yes");
    assert!(done.contains("a hot spare took its place"), "{done}");
    assert_eq!(host.drive(7).state, DriveState::Rebuild);
}

#[test]
fn no_drive_leaves_a_span_that_needs_it() {
    let host = Host::new("failed-drive");
    host.refuses("pd offline 252:1 --yes", "redundancy");
    host.refuses("pd missing 252:1 --yes", "redundancy");
    assert_eq!(
        host.run("pd offline 252:1 --yes --override redundancy")
            .code,
        0
    );
    assert_eq!(host.drive(1).state, DriveState::Offline);
}

#[test]
fn nobody_insists_on_several_things_at_once() {
    let host = Host::new("failed-drive");
    let both = "pd offline 252:1 252:2 --yes --override redundancy";
    let answer = host.run(both);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.stderr.contains("252:1 and 252:2"), "{answer:?}");
    assert_eq!(host.run(&format!("{both} --dry-run")).code, 3);
    assert_eq!(host.drive(1).state, DriveState::Online);
}

#[test]
fn old_data_is_not_taken_for_good() {
    let host = Host::new("healthy");
    host.does("spare remove 252:7 --yes");
    host.does("pd offline 252:2 --yes");
    host.refuses("pd online 252:2 --yes", "stale_data");
    host.does("pd online 252:2 --yes --override stale_data");
    assert_eq!(host.drive(2).state, DriveState::Online);
}

#[test]
fn nothing_is_taken_off_line_while_its_group_is_rebuilt() {
    let host = Host::new("raid6-two-spares");
    let controller = host.controller();
    let members: Vec<_> = controller
        .drives
        .iter()
        .filter(|it| it.state == DriveState::Online)
        .map(|it| format!("{}:{}", it.enclosure, it.slot))
        .collect();
    let [first, second, ..] = members.as_slice() else {
        panic!("no members")
    };
    host.does(&format!("pd offline {first} --yes"));
    host.refuses(&format!("pd offline {second} --yes"), "operation_running");
}

#[test]
fn only_a_drive_that_fits_takes_an_empty_place() {
    let host = Host::new("replaced-too-small");
    let small = host.controller().drives;
    let small = small
        .iter()
        .find(|it| it.state == DriveState::UnconfiguredGood)
        .unwrap();
    let small = format!("{}:{}", small.enclosure, small.slot);
    host.refuses(&format!("pd replace-missing {small} --yes"), "size");
}

#[test]
fn a_drive_is_copied_while_it_can_still_be_read() {
    let host = Host::new("predictive-failure");
    let failing = host.controller().drives;
    let failing = failing
        .iter()
        .find(|it| it.predictive_failures > 0)
        .unwrap()
        .slot;
    host.happens("insert 252:7 blank");
    host.does(&format!("pd copyback start 252:{failing} --to 252:7 --yes"));
    assert_eq!(host.drive(7).state, DriveState::Copyback);
    host.refuses(&format!("pd copyback stop 252:{failing} --yes"), "state");
    host.does("pd copyback stop 252:7 --yes");
    assert_eq!(host.drive(7).state, DriveState::UnconfiguredGood);
}

#[test]
fn what_is_destroyed_is_named() {
    let host = Host::new("unconfigured");
    assert_eq!(host.run("pd clear start 252:0 --yes").code, 3);
    host.does("pd clear start 252:0 --yes=252:0");
    host.refuses("spare add 252:0 --yes", "operation_running");
    host.does("pd clear stop 252:0 --yes");
    host.refuses(
        "pd secure-erase start 252:0 --instant --yes=252:0",
        "encryption",
    );
}

#[test]
fn members_and_spares_are_not_overwritten_or_given_away() {
    let host = Host::new("healthy");
    host.refuses("pd clear start 252:0 --yes=252:0", "member");
    host.refuses("pd clear start 252:7 --yes=252:7", "state");
    host.refuses(
        "pd secure-erase start 252:0 --passes simple --yes=252:0",
        "member",
    );
    host.refuses("pd make-jbod 252:7 --yes", "state");
    host.refuses("pd make-good 252:0 --force --yes=252:0", "state");
    host.refuses("pd prepare-removal 252:7 --yes", "state");
}

#[test]
fn a_drive_of_the_host_is_given_up_only_when_it_is_said_twice() {
    let host = Host::new("jbod");
    host.refuses("pd make-good 252:0 --yes=252:0", "jbod");
    host.does("pd make-good 252:0 --force --yes=252:0");
    assert_eq!(host.drive(0).state, DriveState::UnconfiguredGood);
    host.does("pd make-jbod 252:0 --yes");
    assert_eq!(host.drive(0).state, DriveState::Jbod);
}

#[test]
fn lights_need_no_consent_and_go_out_again() {
    let host = Host::new("healthy");
    let lit = host.does("pd locate on --vd 0 --for 0s");
    assert_eq!(lit.lines().count(), 7);
    host.does("pd locate on 252:0");
    host.does("pd locate off 252:0 252:1");
    assert_eq!(host.run("pd locate on").code, 2);
}

#[test]
fn firmware_is_a_plain_file() {
    let host = Host::new("unconfigured");
    let answer = host.run("pd firmware-download /nonexistent 252:0 --yes");
    assert_eq!(answer.code, 2);
    assert!(answer.stderr.contains("/nonexistent"), "{answer:?}");
}

#[test]
fn a_plan_whose_first_step_would_be_refused_says_so() {
    let host = Host::new("failed-drive");
    let plan = host.run("pd replace 252:1 --plan --format json");
    assert_eq!(plan.code, 3, "{plan:?}");
    let planned = plan.data();
    assert_eq!(planned["verdict"]["safe_to_pull"], false);
    assert_eq!(planned["refusal"]["code"], "redundancy");
    let said = "the first step for drive 252:1 would be refused: span 0";
    assert!(plan.stderr.contains(said), "{plan:?}");
    // Somebody who insists sees that it would begin.
    let plan = host.run("pd replace 252:1 --plan --override redundancy --format json");
    assert_eq!((plan.code, &plan.data()["refusal"]), (0, &Value::Null));
    let plan = host.run("pd replace 252:3 --plan --format json");
    assert_eq!((plan.code, &plan.data()["refusal"]), (0, &Value::Null));
}

#[test]
fn what_no_reading_shows_is_not_told_as_seen() {
    let host = Host::new("failed-drive");
    let answer = host.run("pd replace 252:3 --no-wait --yes");
    assert_eq!(answer.code, 5, "{answer:?}");
    let told = answer.stderr;
    let light = "done, says MegaCLI; not seen: MegaCLI does not tell the lights";
    assert!(told.contains(light), "{told}");
    assert!(told.contains("\n  seen: Unconfigured(bad)"), "{told}");
}
