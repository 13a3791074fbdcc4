//! Files that an earlier version saved. `saved/before-changes.json` is one of the version before the
//! simulated MegaCLI could change anything: `failed-drive` after ten minutes.

use ironkeep_sim::megacli;
use ironkeep_sim::saved::StateFile;
use ironkeep_sim::state::{AtRestart, DriveState, Security};

const BEFORE: &str = include_str!("saved/before-changes.json");

#[test]
fn an_earlier_file_is_loaded_and_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("state");
    std::fs::write(&path, BEFORE).expect("a file");
    let file = StateFile::lock(&path).expect("a lock");
    let mut saved = file.load().expect("a host").expect("a file");
    let controller = &saved.host.controllers[0];
    assert!(
        controller
            .drives
            .iter()
            .any(|it| it.state == DriveState::Failed)
    );
    // What the earlier version did not know has nothing in it.
    assert_eq!(controller.at_restart, AtRestart::default());
    assert_eq!(controller.security, Security::default());
    assert!(!controller.patrol.is_suspended);
    let line = ["-AdpSetProp", "RebuildRate", "-60", "-a0"];
    assert!(megacli::is_change(&line));
    assert_eq!(megacli::run(&mut saved.host, &line).status, 0);
    file.save(&saved).expect("saved");
    assert!(file.load().expect("a host") == Some(saved));
}
