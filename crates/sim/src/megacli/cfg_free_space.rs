//! `-CfgFreeSpaceInfo`: free space in the drive groups.

use super::answer::line;
use super::{Answer, Arguments, cfg_dsply, selected};
use crate::firmware::creation;
use crate::state::{Array, Host, VirtualDrive};

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (_, controller) in selected(host, arguments) {
        let Some(groups) = cfg_dsply::groups(controller, answer) else {
            continue;
        };
        line!(answer, "Number of DISK GROUPS: {}", groups.len());
        line!(answer);
        for (number, group) in groups.iter().enumerate() {
            let spans = group.spans.len();
            line!(answer, "DISK GROUP: {number} Number of Spans: {spans}");
            line!(answer);
            for (span, array) in group.spans.iter().enumerate() {
                let free = free_slots(array, &group.drives);
                line!(answer, "SPAN: {span} Number of Free Space Slots: {free}");
            }
        }
    }
}

/// Stretches of the array that no virtual drive lies on. Where there are some, MegaCLI may say more
/// of them than their number: no capture has any.
fn free_slots(array: &Array, drives: &[&VirtualDrive]) -> usize {
    creation::gaps(array, drives.iter().copied()).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Span;

    #[test]
    fn gaps_between_virtual_drives_are_free() {
        let array = Array {
            size: 1000,
            ..Array::default()
        };
        let on = |parts: &[(u64, u64)]| VirtualDrive {
            spans: parts
                .iter()
                .map(|&(start, size)| Span {
                    start,
                    size,
                    ..Span::default()
                })
                .collect(),
            ..VirtualDrive::default()
        };
        let free = |parts: &[(u64, u64)]| free_slots(&array, &[&on(parts)]);
        assert_eq!(free(&[]), 1);
        assert_eq!(free(&[(0, 1000)]), 0);
        assert_eq!(free(&[(0, 400)]), 1);
        assert_eq!(free(&[(500, 100), (0, 400)]), 2);
        assert_eq!(free(&[(0, 400), (400, 600)]), 0);
    }
}
