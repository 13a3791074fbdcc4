//! A configuration as a file keeps it.

use serde::{Deserialize, Serialize};

use super::creation::{self, Plan};
use super::drives::Outcome;
use super::{policy, status};
use crate::state::{
    Array, Controller, DeviceId, DriveState, Spare, VirtualActivities, VirtualDrive,
};

/// What a file of ours begins with.
const MAGIC: &str = "ironkeep simulated configuration 1\n";

/// What somebody saved. The real tool writes the firmware's structures, which no source describes: this
/// is a format of our own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Saved {
    arrays: Vec<Array>,
    virtual_drives: Vec<VirtualDrive>,
    spares: Vec<Spare>,
    /// States of the members that did not work.
    states: Vec<(DeviceId, DriveState)>,
}

/// The configuration of a controller as a file holds it.
pub fn save(controller: &Controller) -> String {
    let still = |it: &VirtualDrive| VirtualDrive {
        activities: VirtualActivities::default(),
        ..it.clone()
    };
    let members = controller
        .arrays
        .iter()
        .flat_map(|array| array.members.iter().flatten());
    let drives = members.filter_map(|&id| controller.drive(id));
    let saved = Saved {
        arrays: controller.arrays.clone(),
        virtual_drives: controller.virtual_drives.iter().map(still).collect(),
        spares: controller.spares.clone(),
        states: drives
            .filter(|drive| drive.state != DriveState::Online)
            .map(|drive| {
                // What was rebuilt so far is not known any more.
                let is_rebuilt = drive.state == DriveState::Rebuild;
                let state = if is_rebuilt {
                    DriveState::Offline
                } else {
                    drive.state
                };
                (drive.device_id, state)
            })
            .collect(),
    };
    let text = serde_json::to_string(&saved).unwrap_or_default();
    format!("{MAGIC}{text}\n")
}

/// Makes the configuration in the text of a file the controller's again. There must be none.
///
/// # Errors
/// If the text is none of ours, or the drives cannot be used.
pub fn restore(controller: &mut Controller, text: &str) -> Outcome {
    let text = text.strip_prefix(MAGIC).ok_or(status::INVALID_ARGUMENTS)?;
    let saved: Saved = serde_json::from_str(text).map_err(|_| status::INVALID_ARGUMENTS)?;
    if !controller.arrays.is_empty() || !controller.virtual_drives.is_empty() {
        return Err(status::IN_USE);
    }
    let before = saved.virtual_drives.clone();
    creation::add(
        controller,
        Plan {
            arrays: saved.arrays,
            virtual_drives: saved.virtual_drives,
            spares: saved.spares,
        },
    )?;
    for it in &mut controller.virtual_drives {
        // It is no new one: what is on the drives is what it was.
        let was = before.iter().find(|was| was.target == it.target);
        it.background_due = was.and_then(|was| was.background_due);
    }
    for (id, state) in saved.states {
        policy::set_state(controller, id, state);
    }
    policy::settle(controller);
    Ok(())
}
