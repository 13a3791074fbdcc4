//! Changes of foreign configurations.

use super::words;
use crate::change::ForeignChange;
use crate::change::foreign::{ForeignAction, Which};
use crate::runner::Invocation;

pub(super) fn invocation(change: &ForeignChange) -> Invocation {
    let verb = match change.action {
        ForeignAction::Import => "-Import",
        ForeignAction::Clear => "-Clear",
    };
    match &change.which {
        Which::One(it) => words(["-CfgForeign", verb, &it.index.to_string()]),
        // Without a number MegaCLI means all.
        Which::All(_) => words(["-CfgForeign", verb]),
    }
}
