//! Changes of a physical drive.

use super::{drives, words};
use crate::change::PhysicalDriveChange;
use crate::change::physical_drive::PhysicalDriveAction as Action;
use crate::runner::Invocation;

pub(super) fn invocation(change: &PhysicalDriveChange) -> Invocation {
    let drive = drives(&[change.drive.address]);
    match change.action {
        Action::Offline => words(["-PDOffline", &drive]),
        Action::Online => words(["-PDOnline", &drive]),
        Action::Locate { on: true } => words(["-PdLocate", "-start", &drive]),
        Action::Locate { on: false } => words(["-PdLocate", "-stop", &drive]),
    }
}
