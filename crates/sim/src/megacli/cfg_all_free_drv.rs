//! `-CfgAllFreeDrv` and `-CfgEachDskRaid0`: virtual drives are made of all unconfigured drives.

use super::answer::line;
use super::cfg_ld_add::{configured, created, fail, make};
use super::drive::enclosure;
use super::virtual_drive_order::{STRIPE, level, order};
use super::{Answer, Arguments, selected_mut};
use crate::firmware::creation::{self, Order};
use crate::firmware::{RaidLevel, status};
use crate::state::{Controller, DeviceId, Drive, Host, Interface};

/// The unconfigured good drives of a controller.
fn free(controller: &Controller) -> impl Iterator<Item = &Drive> {
    let is_free = |drive: &&Drive| creation::check_drives(controller, &[drive.device_id]).is_ok();
    let unseated = |drive: &&Drive| controller.seat(drive.device_id).is_none();
    controller.drives.iter().filter(unseated).filter(is_free)
}

/// `-CfgAllFreeDrv -r5 [-SATAOnly] [-SpanCount N] [-HspCount N]`: one virtual drive of all of them.
pub(super) fn all_free(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let Some(level) = level(arguments) else {
        let word = arguments.words.get(1).cloned().unwrap_or_default();
        answer.reject(&word);
        return;
    };
    let count = |name: &str| behind(arguments, name).and_then(|it| usize::try_from(it).ok());
    let spans = count("-spancount").unwrap_or(1).max(1);
    let spares = count("-hspcount").unwrap_or(0);
    let sata_only = arguments.has("-sataonly");
    for (number, controller) in selected_mut(host, arguments) {
        let mut drives: Vec<DeviceId> = free(controller)
            .filter(|drive| !sata_only || drive.interface == Interface::Sata)
            .map(|drive| drive.device_id)
            .collect();
        if drives.is_empty() {
            line!(answer);
            // The letters stand so in the captures.
            let words = "No Configurable Disk Available for Configuraiton on";
            line!(answer, "{words} Adapter {number}.");
            answer.status = status::NO_SUCH_DEVICE;
            continue;
        }
        let level = match level {
            Ok(level) => level,
            Err(why) => {
                fail(answer, number, why);
                continue;
            }
        };
        let spares = drives.split_off(drives.len().saturating_sub(spares));
        let per_span = drives.len() / spans;
        let order = Order {
            spans: drives
                .chunks(per_span.max(1))
                .take(spans)
                .map(<[_]>::to_vec)
                .collect(),
            spares,
            ..order(
                controller,
                arguments,
                RaidLevel {
                    is_spanned: spans > 1,
                    ..level
                },
            )
        };
        if let Ok(targets) = make(controller, number, &order, answer) {
            created(answer, number, &targets, &order);
            configured(answer, number);
        }
    }
}

/// The number in the word behind `name`: 2 of `-SpanCount 2`.
fn behind(arguments: &Arguments, name: &str) -> Option<u64> {
    let mut words = arguments.words.iter();
    words.find(|word| word.eq_ignore_ascii_case(name))?;
    words.next()?.trim_start_matches('-').parse().ok()
}

/// `-CfgEachDskRaid0`: a RAID 0 of each. Drives that cannot be used leave their status behind.
pub(super) fn each_drive(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        if controller.drives.is_empty() {
            line!(answer);
            let words = "There is no configurable physical drive available on";
            line!(answer, "{words} adapter {number}.");
            answer.status = status::NO_SUCH_DEVICE;
            continue;
        }
        let drives: Vec<Drive> = free(controller).cloned().collect();
        if drives.len() < controller.drives.len() {
            answer.status = status::IN_USE;
        }
        let mut count = 0;
        for drive in drives {
            let order = Order {
                spans: vec![vec![drive.device_id]],
                ..order(controller, arguments, STRIPE)
            };
            if let Ok(targets) = make(controller, number, &order, answer) {
                created(answer, number, &targets, &order);
                let (enclosure, slot) = (enclosure(&drive), drive.slot);
                let words = "Configured physical device at";
                line!(answer, "{words} Encl-{enclosure}:Slot-{slot}.");
                count += 1;
            }
        }
        if count == 0 {
            let words = "Failed to Perform configuration Operation.";
            line!(answer, "Adapter #{number}: {words}");
        } else {
            line!(answer);
            let words = "physical devices are Configured on adapter";
            line!(answer, "{count} {words} {number}.");
        }
    }
}
