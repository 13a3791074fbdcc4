//! The key of self-encrypting drives. MegaCLI takes passphrases as arguments only.

use super::words;
use crate::change::SecurityChange;
use crate::change::security::{Passphrase, SecurityAction as Action};
use crate::runner::Invocation;

pub(super) fn invocation(change: &SecurityChange) -> Invocation {
    match &change.action {
        Action::Create {
            passphrase,
            at_boot,
            id,
        } => {
            let mut line = Line::new("-CreateSecurityKey");
            line.secret("-SecurityKey", passphrase);
            line.further(at_boot.as_ref(), id.as_deref())
        }
        Action::Change {
            old,
            passphrase,
            at_boot,
            id,
        } => {
            let mut line = Line::new("-ChangeSecurityKey");
            line.secret("-OldSecurityKey", old);
            line.secret("-SecurityKey", passphrase);
            line.further(at_boot.as_ref(), id.as_deref())
        }
        Action::Verify { passphrase } => {
            let mut line = Line::new("-VerifySecurityKey");
            line.secret("-SecurityKey", passphrase);
            line.0
        }
        Action::SetId(id) => words(["-SetKeyID", "-KeyID", id]),
        Action::Destroy => words(["-DestroySecurityKey"]),
    }
}

/// A command line with secrets in the making.
struct Line(Invocation);

impl Line {
    fn new(command: &str) -> Self {
        Self(words([command]))
    }

    fn secret(&mut self, option: &str, passphrase: &Passphrase) {
        let arguments = &mut self.0.arguments;
        arguments.push(option.to_owned());
        self.0.secret.push(arguments.len());
        arguments.push(passphrase.reveal().to_owned());
    }

    fn further(mut self, at_boot: Option<&Passphrase>, id: Option<&str>) -> Invocation {
        if let Some(passphrase) = at_boot {
            self.secret("-Passphrase", passphrase);
        }
        if let Some(id) = id {
            self.0
                .arguments
                .extend(["-KeyID".to_owned(), id.to_owned()]);
        }
        self.0
    }
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::ControllerId;

    use super::*;

    #[test]
    fn no_passphrase_is_shown() {
        let passphrase = |words: &str| Passphrase::new(words.to_owned()).unwrap();
        let run = invocation(&SecurityChange {
            controller: ControllerId(0),
            action: Action::Change {
                old: passphrase("Open-Sesame-1"),
                passphrase: passphrase("Open-Sesame-2"),
                at_boot: Some(passphrase("Open-Sesame-3")),
                id: Some("night".to_owned()),
            },
        });
        let shown = run.shown().join(" ");
        assert_eq!(
            shown,
            "-ChangeSecurityKey -OldSecurityKey *** -SecurityKey *** -Passphrase *** -KeyID night"
        );
        assert!(run.arguments.join(" ").contains("Open-Sesame-3"));
    }
}
