//! `-CfgCacheCadeAdd`, `-CfgCacheCadeDel`, `-Cachecade`: solid-state drives that cache virtual drives. No
//! capture shows these commands; the words are those of `-CfgLdAdd`, `-CfgLdDel` and of a published run
//! of `-CfgLdAdd … -Cache`.

use super::answer::line;
use super::cfg_ld_add::{can_be_used, configured, created, fail, find, make};
use super::firmware_status::explain;
use super::virtual_drive_order::{STRIPE, level, order};
use super::{Answer, Arguments, opcode, selected_mut, targets};
use crate::firmware::creation::Order;
use crate::firmware::status;
use crate::firmware::virtual_drives::{self, Property};
use crate::state::Host;

/// `-CfgCacheCadeAdd [-rX] -PhysDrv[252:0] [-Name NAME] [-assign -L0]`.
pub(super) fn add(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let level = level(arguments).and_then(Result::ok).unwrap_or(STRIPE);
    let bays = arguments.drives.clone().unwrap_or_default();
    let mut words = arguments.words.iter();
    words.find(|word| word.eq_ignore_ascii_case("-name"));
    let name = words.next().cloned().unwrap_or_default();
    for (number, controller) in selected_mut(host, arguments) {
        let Some(drives) = find(controller, &bays, answer) else {
            fail(answer, number, status::NO_SUCH_DEVICE);
            continue;
        };
        let spans = vec![drives];
        if !can_be_used(controller, &spans, answer) {
            continue;
        }
        let is_flash = |id: &u16| controller.drive(*id).is_some_and(|drive| drive.solid_state);
        if !spans.iter().flatten().all(is_flash) {
            fail(answer, number, status::WRONG_KIND);
            continue;
        }
        let order = Order {
            spans,
            is_cachecade: true,
            is_cached: false,
            name: name.chars().take(15).collect(),
            ..order(controller, arguments, level)
        };
        let is_first = !controller.virtual_drives.iter().any(|it| it.is_cachecade);
        let assigned: Vec<u16> = if arguments.has("-assign") {
            let wanted = targets::wanted(controller, arguments).into_iter();
            wanted.flatten().map(|it| it.target).collect()
        } else {
            Vec::new()
        };
        let Ok(made) = make(controller, number, &order, answer) else {
            continue;
        };
        created(answer, number, &made, &order);
        for it in &mut controller.virtual_drives {
            let is_assigned = assigned.contains(&it.target);
            it.is_uncached = !is_assigned && (is_first || it.is_uncached);
            if is_assigned {
                line!(answer, "Successfully assigned VD to Cache");
            }
        }
        configured(answer, number);
    }
}

/// `-CfgCacheCadeDel -L1`.
pub(super) fn delete(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected_mut(host, arguments) {
        for target in targets::chosen(answer, number, controller, arguments) {
            if !controller
                .virtual_drive(target)
                .is_some_and(|it| it.is_cachecade)
            {
                targets::missing(answer, number, u32::from(target));
                continue;
            }
            let done = controller
                .allows(opcode::DELETE_VIRTUAL_DRIVE)
                .and_then(|()| virtual_drives::delete(controller, target));
            if let Err(why) = done {
                let words = "Failed to delete Virtual Drive";
                line!(answer, "Adapter {number}: {words}-{target}");
                explain(why, answer);
            } else {
                let words = format!("Deleted Virtual Drive-{target}(target id-{target})");
                line!(answer, "Adapter {number}: {words}");
            }
        }
    }
}

/// `-Cachecade -assign -L0`.
pub(super) fn assign(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set(
        host,
        arguments,
        answer,
        true,
        "Successfully assigned VD to Cache",
    );
}

/// `-Cachecade -remove -L0`.
pub(super) fn remove(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    set(
        host,
        arguments,
        answer,
        false,
        "Successfully removed VD from Cache",
    );
}

fn set(
    host: &mut Host,
    arguments: &Arguments,
    answer: &mut Answer,
    is_cached: bool,
    words: &'static str,
) {
    for (number, controller) in selected_mut(host, arguments) {
        for target in targets::chosen(answer, number, controller, arguments) {
            let done = controller
                .allows(opcode::SET_VIRTUAL_DRIVE)
                .and_then(|()| {
                    if controller.virtual_drives.iter().any(|it| it.is_cachecade) {
                        Ok(())
                    } else {
                        Err(status::NO_SUCH_OBJECT)
                    }
                })
                .and_then(|()| {
                    virtual_drives::set(controller, target, &Property::Cached(is_cached))
                });
            match done {
                Ok(()) => line!(answer, "{words}"),
                Err(why) => {
                    let what = if is_cached {
                        "assign VD to"
                    } else {
                        "remove VD from"
                    };
                    line!(answer, "Failed to {what} Cache");
                    explain(why, answer);
                }
            }
        }
    }
}
