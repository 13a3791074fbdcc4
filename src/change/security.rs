//! The key that locks self-encrypting drives.

use std::fmt;

use ironkeep_parsers::model::{ControllerId, PhysicalDrive};

use super::{Act, Check, Risk, Scene, Seen, whole};
use crate::output::human;
use crate::reading::{Controller, Part};

/// A passphrase. It is shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Passphrase(String);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Passphrase {
    /// A passphrase that the firmware takes: 8 to 32 characters, of which one each is a digit, a lower
    /// case letter, an upper case letter and a sign.
    ///
    /// # Errors
    /// If it is not: what it lacks. It says nothing of what it is.
    pub fn new(words: String) -> Result<Self, String> {
        let passphrase = Self::old(words)?;
        let words = &passphrase.0;
        let has = |is: fn(&char) -> bool| words.chars().any(|c| is(&c));
        let length = words.chars().count();
        let mut lacks = Vec::new();
        if !(8..=32).contains(&length) {
            lacks.push(format!("8 to 32 characters (it has {length})"));
        }
        for (has, what) in [
            (has(char::is_ascii_digit), "a digit"),
            (has(char::is_ascii_lowercase), "a lower case letter"),
            (has(char::is_ascii_uppercase), "an upper case letter"),
            (has(char::is_ascii_punctuation), "a sign such as - or !"),
        ] {
            if !has {
                lacks.push(what.to_owned());
            }
        }
        if lacks.is_empty() {
            Ok(passphrase)
        } else {
            Err(format!("the passphrase needs {}", lacks.join(", ")))
        }
    }

    /// One that was set already, whatever the rules were then.
    ///
    /// # Errors
    /// If it is none at all, or holds what no argument can.
    pub fn old(words: String) -> Result<Self, String> {
        if words.is_empty() {
            return Err("the passphrase is empty".to_owned());
        }
        if !words.chars().all(|c| c.is_ascii_graphic()) {
            return Err(
                "the passphrase has a blank or a character that is not ASCII, \
                        which MegaCLI does not take"
                    .to_owned(),
            );
        }
        Ok(Self(words))
    }

    /// The words, for the tool's command line.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

/// A change of the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityChange {
    /// The controller.
    pub controller: ControllerId,
    /// What is done.
    pub action: SecurityAction,
}

/// What is done to the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityAction {
    /// Makes the first key.
    Create {
        /// The passphrase that the key is made of.
        passphrase: Passphrase,
        /// One that is asked for at boot, before the key is used.
        at_boot: Option<Passphrase>,
        /// A name by which people know the key.
        id: Option<String>,
    },
    /// Makes another key.
    Change {
        /// The passphrase until now.
        old: Passphrase,
        /// The passphrase from then on.
        passphrase: Passphrase,
        /// One that is asked for at boot, before the key is used.
        at_boot: Option<Passphrase>,
        /// A name by which people know the key.
        id: Option<String>,
    },
    /// Compares a passphrase with the key.
    Verify {
        /// The passphrase.
        passphrase: Passphrase,
    },
    /// Gives the key another name.
    SetId(String),
    /// Destroys the key.
    Destroy,
}

use SecurityAction as Action;

impl SecurityAction {
    /// Whether MegaCLI gets a passphrase on its command line for it.
    pub fn has_passphrase(&self) -> bool {
        match self {
            Self::Create { .. } | Self::Change { .. } | Self::Verify { .. } => true,
            Self::SetId(_) | Self::Destroy => false,
        }
    }
}

impl Act for SecurityChange {
    fn name(&self) -> &'static str {
        match self.action {
            Action::Create { .. } => "security.create",
            Action::Change { .. } => "security.change",
            Action::Verify { .. } => "security.verify",
            Action::SetId(_) => "security.set_id",
            Action::Destroy => "security.destroy",
        }
    }

    fn words(&self) -> String {
        let it = self.controller;
        match &self.action {
            Action::Create { .. } => format!("create the security key of controller {it}"),
            Action::Change { .. } => format!("change the security key of controller {it}"),
            Action::Verify { .. } => {
                format!("compare the passphrase with the security key of controller {it}")
            }
            Action::SetId(id) => format!("call the security key of controller {it} {id}"),
            Action::Destroy => format!("destroy the security key of controller {it}"),
        }
    }

    fn object(&self) -> String {
        whole::name(self.controller)
    }

    fn risk(&self, _: &Scene<'_>) -> Risk {
        match self.action {
            Action::Verify { .. } => Risk::None,
            Action::Create { .. } | Action::Change { .. } | Action::SetId(_) => Risk::Change,
            Action::Destroy => Risk::Destroy,
        }
    }

    fn parts(&self) -> &'static [Part] {
        &[Part::Controllers, Part::PhysicalDrives]
    }

    fn checks(&self, scene: &Scene<'_>) -> Vec<Check> {
        let at = scene.controller;
        let mut checks = vec![supported(at), self.key(at)];
        match self.action {
            Action::Destroy => checks.push(no_secured_drives(at)),
            Action::Create { .. } | Action::Change { .. } => checks.push(Check::warns(
                "effect",
                "whoever loses the passphrase loses the data",
                "on another controller the drives open with the passphrase only; keep it in a safe \
                 place away from this host",
            )),
            Action::Verify { .. } | Action::SetId(_) => {}
        }
        if self.action.has_passphrase() {
            checks.push(visible());
        }
        checks
    }

    fn seen(&self, _: &Controller, after: &Controller) -> Seen {
        let assigned = assigned(after);
        let words = state(assigned);
        match (&self.action, assigned) {
            (Action::Create { .. }, Some(true)) | (Action::Destroy, Some(false)) => {
                Seen::Done(words.to_owned())
            }
            (Action::Create { .. } | Action::Destroy, Some(_)) => Seen::Otherwise(words.to_owned()),
            (Action::Change { .. } | Action::Verify { .. }, _) => {
                Seen::Invisible("no reading tells one key from another")
            }
            (Action::SetId(_), _) => {
                Seen::Invisible("no output is known that tells the key's name")
            }
            (_, None) => Seen::Invisible("the controller does not tell whether it has a key"),
        }
    }

    fn state(&self, at: &Controller) -> Option<String> {
        assigned(at).map(|it| state(Some(it)).to_owned())
    }
}

fn assigned(at: &Controller) -> Option<bool> {
    at.info.as_ref()?.settings.security_key_assigned
}

fn state(assigned: Option<bool>) -> &'static str {
    match assigned {
        Some(true) => "a security key is assigned",
        Some(false) => "no security key is assigned",
        None => "whether a security key is assigned is not told",
    }
}

/// Whether the controller encrypts.
fn supported(at: &Controller) -> Check {
    const CODE: &str = "supported";
    let Some(info) = &at.info else {
        return Check::unread(CODE, at, Part::Controllers);
    };
    match info.controller_operations.security {
        Some(true) => Check::holds(CODE, "the controller can lock drives with a key"),
        Some(false) => Check::forbids(
            CODE,
            "the controller cannot lock drives with a key",
            "its firmware lacks the feature, or needs a licence for it",
        ),
        None => Check::warns(
            CODE,
            "whether the controller can lock drives with a key is not told",
            "MegaCLI says so if it cannot",
        ),
    }
}

impl SecurityChange {
    /// Whether there is a key, as the action needs.
    fn key(&self, at: &Controller) -> Check {
        const CODE: &str = "state";
        let observed = state(assigned(at));
        match (&self.action, assigned(at)) {
            (Action::Create { .. }, Some(true)) => {
                Check::forbids(CODE, observed, "a second key is not possible")
                    .possible("put another in its place: ironkeep security change")
            }
            (Action::Create { .. }, Some(false)) | (_, Some(true)) => Check::holds(CODE, observed),
            (_, Some(false)) => Check::forbids(CODE, observed, "there is nothing to act on")
                .possible("make one: ironkeep security create"),
            (_, None) => Check::refuses(CODE, observed, "the wrong command may lock drives"),
        }
    }
}

/// Whether no drive is locked with the key.
fn no_secured_drives(at: &Controller) -> Check {
    const CODE: &str = "encryption";
    let Some(drives) = &at.physical_drives else {
        return Check::unread(CODE, at, Part::PhysicalDrives);
    };
    let is_secured = |it: &&PhysicalDrive| it.secured == Some(true);
    let named = |it: &PhysicalDrive| human::or_unknown(it.address());
    let secured: Vec<String> = drives.iter().filter(is_secured).map(named).collect();
    if secured.is_empty() {
        return Check::holds(CODE, "no drive is locked with the key");
    }
    Check::forbids(
        CODE,
        format!("drives locked with the key: {}", secured.join(", ")),
        "without the key nobody can read them any more, for ever",
    )
    .possible("give up their virtual drives and erase them first: ironkeep pd list")
}

/// MegaCLI takes passphrases as arguments, and a process shows its arguments to everybody.
fn visible() -> Check {
    Check::refuses(
        "passphrase_visible",
        "MegaCLI takes the passphrase as an argument only",
        "while it runs, every user of this host can read the passphrase in the list of processes, and \
         programs that watch processes may keep it",
    )
    .possible("hide the processes of others (mount -o remount,hidepid=2 /proc), or send other users away")
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{ControllerInfo, ControllerOperations, Settings};

    use super::*;
    use crate::change::tests::checks;

    fn passphrase() -> Passphrase {
        Passphrase::new("Open-Sesame-1".to_owned()).unwrap()
    }

    fn at(assigned: bool, secured: bool) -> Controller {
        Controller {
            id: Some(ControllerId(0)),
            info: Some(ControllerInfo {
                settings: Settings {
                    security_key_assigned: Some(assigned),
                    ..Settings::default()
                },
                controller_operations: ControllerOperations {
                    security: Some(true),
                    ..ControllerOperations::default()
                },
                ..ControllerInfo::default()
            }),
            physical_drives: Some(vec![PhysicalDrive {
                secured: Some(secured),
                ..PhysicalDrive::default()
            }]),
            ..Controller::default()
        }
    }

    fn refusals(action: SecurityAction, at: Controller) -> Vec<&'static str> {
        let change = SecurityChange {
            controller: ControllerId(0),
            action,
        };
        let checks = checks(&change, at);
        let refusing = checks.iter().filter(|it| it.stands_against(&[]));
        refusing.map(|it| it.code).collect()
    }

    #[test]
    fn the_rules_of_passphrases_are_checked_and_nothing_is_told() {
        assert!(Passphrase::new("Open-Sesame-1".to_owned()).is_ok());
        for (weak, lacks) in [
            ("Op-1", "8 to 32"),
            ("open-sesame-1", "upper"),
            ("OPEN-SESAME-1", "lower"),
            ("Open-Sesame", "digit"),
            ("OpenSesame1", "sign"),
            ("Open Sesame-1", "blank"),
            ("", "empty"),
        ] {
            let why = Passphrase::new(weak.to_owned()).unwrap_err();
            assert!(why.contains(lacks), "{weak}: {why}");
            assert!(weak.is_empty() || !why.contains(weak));
        }
        assert_eq!(format!("{:?}", passphrase()), "***");
    }

    #[test]
    fn a_key_that_is_needed_is_not_destroyed() {
        assert_eq!(refusals(Action::Destroy, at(true, true)), ["encryption"]);
        assert_eq!(refusals(Action::Destroy, at(true, false)), [] as [&str; 0]);
        assert_eq!(refusals(Action::Destroy, at(false, false)), ["state"]);
    }

    #[test]
    fn that_others_can_see_a_passphrase_is_said_first() {
        let verify = || Action::Verify {
            passphrase: passphrase(),
        };
        assert_eq!(refusals(verify(), at(true, false)), ["passphrase_visible"]);
        assert_eq!(
            refusals(verify(), at(false, false)),
            ["state", "passphrase_visible"]
        );
    }
}
