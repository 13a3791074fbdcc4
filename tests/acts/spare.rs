//! Hot spares.

use ironkeep_sim::state::DriveState;

use crate::host::Host;

#[test]
fn a_spare_is_added_and_removed_with_its_duties() {
    let host = Host::new("healthy");
    host.does("spare remove 252:7 --yes");
    assert_eq!(host.drive(7).state, DriveState::UnconfiguredGood);
    let added =
        host.does("spare add 252:7 --dedicated-to vd0 --enclosure-affinity --non-revertible --yes");
    assert!(
        added.contains("Dedicated, array 0, enclosure affinity, not revertible"),
        "{added}"
    );
    host.refuses("spare add 252:7 --yes", "state");
    host.does("spare remove 252:7 --yes");
    host.does("spare add 252:7 --dedicated-to 0 --yes");
    host.refuses("spare remove 252:0 --yes", "state");
}

#[test]
fn a_spare_that_fits_nothing_is_refused() {
    let host = Host::new("healthy");
    host.happens("pull 252:7");
    host.happens("insert 252:7 small");
    host.refuses("spare add 252:7 --yes", "fit");
    host.refuses("spare add 252:7 --dedicated-to 0 --yes", "size");
}

#[test]
fn a_spare_for_nothing_is_refused_by_name() {
    let host = Host::new("unconfigured");
    let answer = host.run("spare add 252:3 --dedicated-to 4 --yes");
    assert_eq!(answer.code, 2);
    assert!(answer.stderr.contains("no drive group 4"), "{answer:?}");
}

#[test]
fn a_spare_of_several_spans_serves_all_of_them() {
    let host = Host::new("raid50");
    let spare = host.controller().drives;
    let spare = spare
        .iter()
        .find(|it| it.state == DriveState::HotSpare)
        .unwrap();
    let spare = format!("{}:{}", spare.enclosure, spare.slot);
    host.does(&format!("spare remove {spare} --yes"));
    let added = host.does(&format!("spare add {spare} --dedicated-to vd0 --yes"));
    assert!(added.contains("array 0, 1"), "{added}");
}
