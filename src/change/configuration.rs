//! The configuration of a controller as a whole: cleared, or restored from a file.

use ironkeep_parsers::model::{ControllerId, VirtualDrive};

use super::{Act, Check, Risk, Scene, Seen, whole};
use crate::output::human;
use crate::reading::{Controller, Part};

/// A change of the whole configuration of a controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigurationChange {
    /// The controller.
    pub controller: ControllerId,
    /// What is done.
    pub action: ConfigurationAction,
}

/// What is done to a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigurationAction {
    /// Every virtual drive, drive group and hot spare is given up.
    Clear,
    /// It becomes what a file says.
    Restore(SavedFile),
}

/// A file with a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedFile {
    /// Its name, for people.
    pub name: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
    /// What was noted beside it when it was saved; absent where nothing is.
    pub note: Option<Note>,
}

/// What is noted beside a saved configuration, so that it is not restored to another controller or after
/// damage: MegaCLI looks at neither.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Note {
    /// The serial number of the controller.
    pub controller_serial: Option<String>,
    /// The size of the file.
    pub size_bytes: usize,
    /// A checksum of it: FNV-1a, 64 bits.
    pub checksum: String,
    /// The virtual drives, for people: `0: RAID 5, 558.911 GB, data`.
    pub virtual_drives: Vec<String>,
    /// When it was saved.
    pub saved: jiff::Timestamp,
}

/// The checksum of a file: FNV-1a, 64 bits. It tells damage, not malice.
pub fn checksum(bytes: &[u8]) -> String {
    let mix = |sum: u64, byte: &u8| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    let sum = bytes.iter().fold(0xcbf2_9ce4_8422_2325, mix);
    format!("{sum:016x}")
}

/// The largest file that can be a configuration. The firmware's record of one has some ten KiB.
pub const LARGEST: u64 = 4 << 20;

use ConfigurationAction as Action;

impl Act for ConfigurationChange {
    fn name(&self) -> &'static str {
        match self.action {
            Action::Clear => "controller.config_clear",
            Action::Restore(_) => "controller.config_restore",
        }
    }

    fn words(&self) -> String {
        let it = self.controller;
        match &self.action {
            Action::Clear => {
                format!("give up every virtual drive and hot spare of controller {it}")
            }
            Action::Restore(file) => {
                format!(
                    "put the configuration in {} onto controller {it}",
                    file.name
                )
            }
        }
    }

    fn object(&self) -> String {
        whole::name(self.controller)
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        Risk::Destroy
    }

    fn parts(&self) -> &'static [Part] {
        &[
            Part::Controllers,
            Part::VirtualDrives,
            Part::PhysicalDrives,
            Part::DriveOperations,
            Part::PreservedCache,
        ]
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let at = scene.controller;
        let mut checks = vec![whole::is_there(at)];
        match &self.action {
            Action::Clear => checks.extend(whole::unused(scene, "its data is lost")),
            Action::Restore(file) => {
                checks.extend(file.checks(at));
                checks.push(empty(at));
            }
        }
        checks.push(whole::no_preserved_cache(at, "the data that waits is lost"));
        checks.push(whole::idle(at, "what runs is broken off"));
        if matches!(self.action, Action::Clear) {
            checks.push(lost(at));
        }
        checks
    }

    fn seen(&self, _: &Controller, after: &Controller) -> Seen {
        let Some(drives) = &after.virtual_drives else {
            return Seen::Invisible("the virtual drives could not be read");
        };
        let words = count(drives);
        let is_empty = drives.is_empty();
        match &self.action {
            Action::Clear if is_empty => Seen::Done(words),
            Action::Restore(file) => {
                let wanted = file.note.as_ref().map(|it| it.virtual_drives.len());
                match wanted {
                    Some(wanted) if wanted == drives.len() => Seen::Done(words),
                    None if !is_empty => Seen::Done(words),
                    Some(_) | None => Seen::Otherwise(words),
                }
            }
            Action::Clear => Seen::Otherwise(words),
        }
    }

    fn state(&self, at: &Controller) -> Option<String> {
        at.virtual_drives.as_deref().map(count)
    }
}

fn count(drives: &[VirtualDrive]) -> String {
    match drives.len() {
        0 => "no virtual drive".to_owned(),
        1 => "1 virtual drive".to_owned(),
        more => format!("{more} virtual drives"),
    }
}

/// What is lost.
fn lost(at: &Controller) -> Check {
    const CODE: &str = "effect";
    let Some(drives) = &at.virtual_drives else {
        return Check::unread(CODE, at, Part::VirtualDrives);
    };
    let named: Vec<String> = drives.iter().map(describe).collect();
    if named.is_empty() {
        return Check::holds(CODE, "there is no virtual drive");
    }
    Check::warns(
        CODE,
        format!("virtual drives: {}", named.join("; ")),
        "they are gone afterwards; keep the configuration first: ironkeep controller config save FILE",
    )
}

/// A virtual drive, for people: `0: RAID 5, data`.
pub fn describe(drive: &VirtualDrive) -> String {
    let id = human::or_unknown(drive.target_id);
    let level = drive.raid_level.as_ref().map(ToString::to_string);
    let more: Vec<String> = level.into_iter().chain(drive.name.clone()).collect();
    format!("{id}: {}", more.join(", "))
}

/// Whether there is no configuration in the way.
fn empty(at: &Controller) -> Check {
    const CODE: &str = "configuration";
    let Some(drives) = &at.virtual_drives else {
        return Check::unread(CODE, at, Part::VirtualDrives);
    };
    if drives.is_empty() {
        return Check::holds(CODE, "the controller has no virtual drive");
    }
    Check::refuses(
        CODE,
        format!("the controller has {}", count(drives)),
        "a restored configuration takes the place of what is there, and its data is lost",
    )
    .possible("if it is not needed: ironkeep controller config clear")
}

impl SavedFile {
    /// Whether it is what was saved of this controller.
    fn checks(&self, at: &Controller) -> Vec<Check> {
        const FILE: &str = "file";
        const CONTROLLER: &str = "same_controller";
        let Self { name, bytes, note } = self;
        if bytes.is_empty() {
            let why = "MegaCLI does not look at what it restores";
            return vec![Check::forbids(FILE, format!("{name} is empty"), why)];
        }
        let Some(note) = note else {
            let observed = format!("{name} has no note beside it ({name}.about)");
            let why =
                "whether it is whole, and of this controller, is not known; MegaCLI does not look";
            return vec![
                Check::refuses(FILE, observed, why).possible(
                    "use a file that was saved with: ironkeep controller config save FILE",
                ),
            ];
        };
        if note.size_bytes != bytes.len() || note.checksum != checksum(bytes) {
            let observed = format!("{name} is not as it was when it was saved");
            let why = "a damaged configuration makes wrong arrays of the drives";
            return vec![Check::forbids(FILE, observed, why)];
        }
        let whole = Check::holds(
            FILE,
            format!(
                "{name} is as it was saved on {}: {}",
                note.saved,
                note.virtual_drives.join("; ")
            ),
        );
        let serial = at.info.as_ref().and_then(|it| it.serial.as_deref());
        let same = match (serial, note.controller_serial.as_deref()) {
            (Some(is), Some(was)) if is == was => Check::holds(
                CONTROLLER,
                format!("it was saved from this controller, {is}"),
            ),
            (Some(is), Some(was)) => Check::refuses(
                CONTROLLER,
                format!("it was saved from controller {was}, and this is {is}"),
                "the same bays hold other drives here",
            )
            .possible("right only where the controller was replaced and all its drives moved here"),
            (None, _) | (_, None) => Check::warns(
                CONTROLLER,
                "the serial number of one of the controllers is not known",
                "it may be of another controller",
            ),
        };
        let order = Check::warns(
            "effect",
            "data comes back only where every drive is in its place and was not written to",
            "an array that is put together in another order or with another drive is damaged",
        );
        vec![whole, same, order]
    }
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::ControllerInfo;

    use super::*;

    fn at(serial: &str) -> Controller {
        Controller {
            info: Some(ControllerInfo {
                serial: Some(serial.to_owned()),
                ..ControllerInfo::default()
            }),
            ..Controller::default()
        }
    }

    fn file(bytes: &[u8], note: bool) -> SavedFile {
        SavedFile {
            name: "cfg".to_owned(),
            bytes: bytes.to_vec(),
            note: note.then(|| Note {
                controller_serial: Some("SV1".to_owned()),
                size_bytes: 4,
                checksum: checksum(b"data"),
                virtual_drives: vec!["0: RAID 5".to_owned()],
                saved: jiff::Timestamp::UNIX_EPOCH,
            }),
        }
    }

    #[test]
    fn a_file_is_of_this_controller_and_whole_or_not_restored() {
        let refuses = |file: &SavedFile, serial: &str, overrides: &[&str]| {
            let overrides: Vec<String> = overrides.iter().map(|&it| it.to_owned()).collect();
            let checks = file.checks(&at(serial));
            checks.iter().any(|it| it.stands_against(&overrides))
        };
        assert!(!refuses(&file(b"data", true), "SV1", &[]));
        assert!(refuses(&file(b"data", true), "SV2", &[]));
        assert!(!refuses(&file(b"data", true), "SV2", &["same_controller"]));
        assert!(refuses(&file(b"dat!", true), "SV1", &["file"]));
        assert!(refuses(&file(b"", false), "SV1", &["file"]));
        assert!(refuses(&file(b"data", false), "SV1", &[]));
        assert!(!refuses(&file(b"data", false), "SV1", &["file"]));
    }

    #[test]
    fn a_cleared_controller_has_no_virtual_drive() {
        let clear = ConfigurationChange {
            controller: ControllerId(0),
            action: Action::Clear,
        };
        let after = |count| Controller {
            virtual_drives: Some(vec![VirtualDrive::default(); count]),
            ..Controller::default()
        };
        let before = Controller::default();
        assert!(matches!(clear.seen(&before, &after(0)), Seen::Done(_)));
        assert!(matches!(clear.seen(&before, &after(1)), Seen::Otherwise(_)));
    }
}
