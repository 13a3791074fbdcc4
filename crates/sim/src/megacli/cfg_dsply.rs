//! `-CfgDsply` and `-CfgCacheCadeDsply`: drive groups with their virtual and physical drives.

use super::answer::line;
use super::disk_group::{self, DiskGroup, Headings};
use super::virtual_drive::{self, Configuration};
use super::{Answer, Arguments, opcode, selected};
use crate::state::{Array, Controller, Host};

/// `-CfgDsply`.
pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        title(number, controller, answer);
        let Some(groups) = groups(controller, answer) else {
            continue;
        };
        line!(answer, "Number of DISK GROUPS: {}", groups.len());
        line!(answer);
        let mut headings = Headings::default();
        for group in &groups {
            line!(answer, "{}", headings.next(group));
            if group.is_cachecade() {
                cache(controller, group, answer);
            } else {
                spans(controller, group, answer);
            }
        }
    }
}

/// `-CfgCacheCadeDsply`: drive groups that cache others, and, for no good reason, the headings of
/// spanned ones.
pub(super) fn cachecade(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        title(number, controller, answer);
        let Some(groups) = groups(controller, answer) else {
            continue;
        };
        let mut headings = Headings::default();
        for group in &groups {
            let heading = headings.next(group);
            if group.is_cachecade() {
                line!(answer, "{heading}");
                spans(controller, group, answer);
            } else if group.spans.len() > 1 {
                line!(answer, "{heading}");
            }
        }
    }
}

/// The drive groups, if the controller tells them.
pub(super) fn groups<'a>(
    controller: &'a Controller,
    answer: &mut Answer,
) -> Option<Vec<DiskGroup<'a>>> {
    let lists = [opcode::CONFIGURATION, opcode::DRIVE_LIST];
    if lists.iter().any(|&list| controller.fault(list).is_some()) {
        line!(answer, "Failed to get Disk Group list");
        answer.status = 1;
        return None;
    }
    Some(DiskGroup::all(
        &controller.arrays,
        &controller.virtual_drives,
    ))
}

fn title(number: u32, controller: &Controller, answer: &mut Answer) {
    let rule = "=".repeat(78);
    let battery = match controller.battery {
        Some(_) => "Present",
        None => "Absent",
    };
    line!(answer, "{rule}");
    line!(answer, "Adapter: {number}");
    line!(answer, "Product Name: {}", controller.info.product);
    line!(answer, "Memory: {}MB", controller.info.memory_mib);
    line!(answer, "BBU: {battery}");
    line!(answer, "Serial No: {}", controller.info.serial);
    line!(answer, "{rule}");
}

fn spans(controller: &Controller, group: &DiskGroup<'_>, answer: &mut Answer) {
    line!(answer, "Number of Spans: {}", group.spans.len());
    for (span, array) in group.spans.iter().enumerate() {
        counts(span, controller, array, group, answer);
        line!(answer, "Virtual Drive Information:");
        let configuration = Configuration::of(controller);
        for (index, drive) in group.drives.iter().enumerate() {
            if drive.is_cachecade {
                line!(
                    answer,
                    "Virtual Drive: {index} (Target Id: {})",
                    drive.target
                );
                virtual_drive::body(answer, configuration, drive);
            } else {
                let target = usize::from(drive.target);
                virtual_drive::block(answer, configuration, target, drive);
            }
        }
        disk_group::members(answer, controller, array);
    }
}

fn counts(
    span: usize,
    controller: &Controller,
    array: &Array,
    group: &DiskGroup<'_>,
    answer: &mut Answer,
) {
    let spares = controller.spares.iter();
    let spares = spares.filter(|spare| spare.is_dedicated());
    let spares = spares.filter(|spare| spare.arrays.contains(&array.reference));
    line!(answer, "SPAN: {span}");
    line!(answer, "Span Reference: 0x{:02x}", array.reference);
    line!(answer, "Number of PDs: {}", array.members.len());
    line!(answer, "Number of VDs: {}", group.drives.len());
    line!(answer, "Number of dedicated Hotspares: {}", spares.count());
}

/// A drive group that caches others, in the words of `-CfgDsply`.
fn cache(controller: &Controller, group: &DiskGroup<'_>, answer: &mut Answer) {
    line!(answer, "CacheCade Virtual Drive Information:");
    for (index, drive) in group.drives.iter().enumerate() {
        virtual_drive::block(answer, Configuration::of(controller), index, drive);
        line!(answer, " ");
    }
    for array in &group.spans {
        disk_group::members(answer, controller, array);
    }
}
