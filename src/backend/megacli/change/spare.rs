//! Changes of hot spares.

use super::{drives, words};
use crate::change::SpareChange;
use crate::change::spare::{Protects, SpareAction};
use crate::runner::Invocation;

pub(super) fn invocation(change: &SpareChange) -> Invocation {
    let drive = drives(&[change.drive.address]);
    let SpareAction::Add(duties) = &change.action else {
        return words(["-PDHSP", "-Rmv", &drive]);
    };
    let mut arguments = vec!["-PDHSP".to_owned(), "-Set".to_owned()];
    if let Protects::Arrays(arrays) = &duties.protects {
        let list: Vec<String> = arrays.iter().map(ToString::to_string).collect();
        arguments.push("-Dedicated".to_owned());
        arguments.push(format!("-Array{}", list.join(",")));
    }
    if duties.enclosure_affinity {
        arguments.push("-EnclAffinity".to_owned());
    }
    if !duties.revertible {
        arguments.push("-nonRevertible".to_owned());
    }
    arguments.push(drive);
    words(arguments)
}
