//! Foreign configurations.

use ironkeep_sim::state::VirtualState;

use crate::host::Host;

#[test]
fn one_configuration_is_imported_and_its_virtual_drive_appears() {
    let host = Host::new("foreign-drive");
    let before = host.controller().virtual_drives.len();
    host.does("foreign preview");
    host.does("foreign import 0 --yes");
    let after = host.controller();
    assert_eq!(after.virtual_drives.len(), before + 1);
    assert!(after.foreign.is_empty());
}

#[test]
fn a_configuration_is_cleared_by_its_name_only() {
    let host = Host::new("foreign-drive");
    assert_eq!(host.run("foreign clear 0 --yes").code, 3);
    assert_eq!(
        host.run("foreign clear --yes=foreign0").code,
        2,
        "never all by default"
    );
    assert_eq!(host.run("foreign clear --all --yes=foreign0").code, 3);
    host.does("foreign clear 0 --yes=foreign0");
    assert!(host.controller().foreign.is_empty());
}

#[test]
fn one_of_two_configurations_goes_and_the_other_stays() {
    let host = Host::new("foreign-drive");
    let drives = host.controller().drives;
    let is_free = |slot: &u32| drives.iter().all(|it| u32::from(it.slot) != *slot);
    let free = (0..24).find(is_free).unwrap();
    host.happens(&format!("insert 252:{free} foreign"));
    assert_eq!(host.controller().foreign.len(), 2);
    host.does("foreign clear 0 --yes=foreign0");
    assert_eq!(host.controller().foreign.len(), 1);
    host.does("foreign clear --all --yes=foreign-all");
    assert!(host.controller().foreign.is_empty());
}

#[test]
fn an_incomplete_configuration_is_not_imported() {
    let host = Host::new("foreign-incomplete");
    host.refuses("foreign import 0 --yes", "incomplete");
}

#[test]
fn drives_that_were_pulled_by_mistake_come_back_and_their_cache_is_not_given_up() {
    let host = Host::new("foreign-own");
    let states = |host: &Host| -> Vec<VirtualState> {
        let drives = host.controller().virtual_drives;
        drives.iter().map(|it| it.state).collect()
    };
    assert!(states(&host).contains(&VirtualState::Offline));
    assert_eq!(host.controller().preserved_cache, [0]);
    host.refuses("foreign clear 0 --yes=foreign0", "preserved_cache");
    host.does("foreign import 0 --yes");
    assert!(!states(&host).contains(&VirtualState::Offline));
    assert_eq!(host.controller().preserved_cache, [] as [u16; 0], "written");
}

#[test]
fn an_old_member_is_not_imported_into_what_lives_on_without_it() {
    let host = Host::new("healthy");
    host.happens("pull 252:3");
    host.does("vd delete vd0 --yes=vd0");
    host.does("vd create raid5 --all-unconfigured --name data --yes");
    host.happens("insert 252:3 back");
    assert_eq!(host.controller().foreign.len(), 1);
    host.refuses("foreign import 0 --yes", "stale_data");
}
