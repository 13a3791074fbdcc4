//! The security key: `-GetKeyID`, `-SetKeyID`, `-CreateSecurityKey`, `-ChangeSecurityKey`,
//! `-VerifySecurityKey`, `-DestroySecurityKey`.
//!
//! No controller that was ever captured can have one: but for "Encryption is disabled" and the failures
//! of `-GetKeyID` the words are made after those, and the statuses are those that the vendor's list of
//! statuses has for the case.

use super::answer::line;
use super::{Answer, Arguments, firmware_status, selected, selected_mut};
use crate::firmware::drives::Outcome;
use crate::firmware::status;
use crate::state::bits::{operations, security_key};
use crate::state::{Controller, Host, Security};

/// Bit of a drive's security: it is locked by the key.
const SECURED: u8 = 0x04;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    let controllers = selected(host, arguments);
    answer.status = 1;
    let Some((number, controller)) = controllers.first() else {
        return;
    };
    if controller.info.operations & operations::SECURITY == 0 {
        // The real tool prints memory that it never set in place of the number.
        line!(answer, "Encryption is disabled on adapter {number} ");
        return;
    }
    if let Some(bay) = arguments.drives.as_ref().and_then(|bays| bays.first()) {
        let enclosure = bay.enclosure.map(|it| it.to_string()).unwrap_or_default();
        let slot = bay.slot;
        line!(
            answer,
            "Failed to get the Key ID on Device (Encl-{enclosure} Slot-{slot})"
        );
    } else if has_key(controller) {
        line!(
            answer,
            "Adapter {number}: Key ID: {}",
            controller.security.key_id
        );
        answer.status = 0;
    } else {
        line!(answer, "Failed to get the Key ID on Adapter-{number}");
    }
}

/// Whether the controller has a security key.
pub(super) fn has_key(controller: &Controller) -> bool {
    controller.info.security_key & security_key::ASSIGNED != 0
}

/// What stands behind a word of the command line.
fn behind<'a>(arguments: &'a Arguments, word: &str) -> Option<&'a str> {
    let place = arguments.place_of(word)?;
    arguments.words.get(place + 1).map(String::as_str)
}

/// Eight to 32 characters, with a digit, a small letter, a capital and something else, as the tool's help
/// demands.
fn is_strong(key: &str) -> bool {
    let has = |is: fn(&char) -> bool| key.chars().any(|c| is(&c));
    (8..=32).contains(&key.chars().count())
        && has(char::is_ascii_digit)
        && has(char::is_ascii_lowercase)
        && has(char::is_ascii_uppercase)
        && has(|c| !c.is_alphanumeric())
}

/// Does something to the key of each controller that can have one. `done` and `failed` are the words.
fn each(
    (host, arguments, answer): (&mut Host, &Arguments, &mut Answer),
    (done, failed): (&str, &str),
    change: impl Fn(&mut Controller) -> Outcome,
) {
    for (number, controller) in selected_mut(host, arguments) {
        if controller.info.operations & operations::SECURITY == 0 {
            line!(answer, "Encryption is disabled on adapter {number} ");
            answer.status = 1;
            continue;
        }
        match change(controller) {
            Ok(()) => line!(answer, "Adapter {number}: {done}"),
            Err(status) => {
                line!(answer, "Failed to {failed} on Adapter-{number}");
                firmware_status::explain(status, answer);
            }
        }
    }
}

/// Whether `key` is the controller's.
fn verified(controller: &Controller, key: Option<&str>) -> Outcome {
    if !has_key(controller) {
        return Err(status::NOT_SECURED);
    }
    if key.map(Security::check) != controller.security.key_check {
        return Err(status::KEY_WRONG);
    }
    Ok(())
}

/// Keeps what the command line says of a new key.
fn keep(controller: &mut Controller, arguments: &Arguments) -> Outcome {
    let key = behind(arguments, "-SecurityKey");
    let passphrase = behind(arguments, "-Passphrase");
    let key = key.filter(|key| is_strong(key));
    let key = key.ok_or(status::KEY_INVALID)?;
    let security = &mut controller.security;
    security.key_check = Some(Security::check(key));
    security.passphrase_check = passphrase.map(Security::check);
    if let Some(id) = behind(arguments, "-KeyID") {
        id.clone_into(&mut security.key_id);
    }
    controller.info.security_key |= security_key::ASSIGNED;
    Ok(())
}

/// `-CreateSecurityKey -SecurityKey KEY [-Passphrase WORDS] [-KeyID ID]`.
pub(super) fn create(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let words = ("Security Key is created.", "create the Security Key");
    each((host, arguments, answer), words, |controller| {
        if has_key(controller) {
            return Err(status::KEY_EXISTS);
        }
        keep(controller, arguments)
    });
}

/// `-ChangeSecurityKey [-OldSecurityKey KEY] -SecurityKey KEY …`.
pub(super) fn change(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let words = ("Security Key is changed.", "change the Security Key");
    each((host, arguments, answer), words, |controller| {
        if !has_key(controller) {
            return Err(status::NOT_SECURED);
        }
        if let Some(old) = behind(arguments, "-OldSecurityKey") {
            verified(controller, Some(old))?;
        }
        keep(controller, arguments)
    });
}

/// `-VerifySecurityKey -SecurityKey KEY`.
pub(super) fn verify(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let words = ("Security Key is verified.", "verify the Security Key");
    each((host, arguments, answer), words, |controller| {
        verified(controller, behind(arguments, "-SecurityKey"))
    });
}

/// `-SetKeyID -KeyID ID`.
pub(super) fn set_id(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let Some(id) = behind(arguments, "-KeyID").filter(|id| id.chars().count() < 256) else {
        answer.misread();
        return;
    };
    let words = ("Key ID is set.", "set the Key ID");
    each((host, arguments, answer), words, |controller| {
        if !has_key(controller) {
            return Err(status::NOT_SECURED);
        }
        id.clone_into(&mut controller.security.key_id);
        Ok(())
    });
}

/// `-DestroySecurityKey [-Force]`: with it, also while drives are secured; what they hold is lost then.
pub(super) fn destroy(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let force = arguments.has("-Force");
    let words = ("Security Key is destroyed.", "destroy the Security Key");
    each((host, arguments, answer), words, |controller| {
        if !has_key(controller) {
            return Err(status::NOT_SECURED);
        }
        let is_needed = controller
            .drives
            .iter()
            .any(|drive| drive.security & SECURED != 0);
        if is_needed && !force {
            return Err(status::SECURED_EXISTS);
        }
        controller.info.security_key &= !security_key::ASSIGNED;
        controller.security = Security::default();
        Ok(())
    });
}

#[cfg(test)]
mod tests {
    use crate::megacli;
    use crate::state::bits::operations;
    use crate::state::{Controller, Host, Info};

    #[test]
    fn a_key_is_made_verified_changed_and_destroyed() {
        let info = Info {
            operations: operations::SECURITY,
            ..Info::default()
        };
        let mut host = Host {
            controllers: vec![Controller {
                info,
                ..Controller::default()
            }],
            ..Host::default()
        };
        for (line, status) in [
            ("-GetKeyID -a0", 1),
            ("-DestroySecurityKey -a0", 0x42),
            ("-CreateSecurityKey -SecurityKey weak -a0", 0x46),
            (
                "-CreateSecurityKey -SecurityKey {Open-Sesame-1} -KeyID night -a0",
                0,
            ),
            ("-CreateSecurityKey -SecurityKey Open-Sesame-2 -a0", 0x43),
            ("-GetKeyID -a0", 0),
            ("-VerifySecurityKey -SecurityKey Open-Sesame-1 -a0", 0x48),
            ("-VerifySecurityKey -SecurityKey {Open-Sesame-1} -a0", 0),
            ("-SetKeyID -KeyID day -a0", 0),
            (
                "-ChangeSecurityKey -OldSecurityKey wrong -SecurityKey Open-Sesame-2 -a0",
                0x48,
            ),
            (
                "-ChangeSecurityKey -OldSecurityKey {Open-Sesame-1} -SecurityKey Open-Sesame-2 -a0",
                0,
            ),
            ("-VerifySecurityKey -SecurityKey Open-Sesame-2 -a0", 0),
        ] {
            let words: Vec<&str> = line.split(' ').collect();
            let answer = megacli::run(&mut host, &words);
            assert_eq!(answer.status, status, "{line}: {}", answer.text());
            assert!(!answer.text().contains("Sesame"), "{}", answer.text());
        }
        assert_eq!(host.controllers[0].security.key_id, "day");
        let kept = serde_json::to_string(&host).unwrap();
        assert!(!kept.contains("Sesame"), "{kept}");
        let answer = megacli::run(&mut host, &["-DestroySecurityKey", "-a0"]);
        assert_eq!(answer.status, 0);
        assert_eq!(host.controllers[0].security.key_check, None);
    }
}
