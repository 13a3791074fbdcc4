//! `-PdGetMissing` and `-PdReplaceMissing`: the members that drive groups lack.

use super::answer::line;
use super::order::{each, say};
use super::virtual_drive::Configuration;
use super::{Answer, Arguments, opcode, selected};
use crate::firmware::drives;
use crate::state::Host;

pub(super) fn answer(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        if controller.fault(opcode::CONFIGURATION).is_some() {
            answer.status = 1;
            continue;
        }
        // Of a controller without drives the tool says nothing at all.
        if controller.drives.is_empty() {
            continue;
        }
        let configuration = Configuration::of(controller);
        let missing: Vec<_> = controller
            .arrays
            .iter()
            .flat_map(|array| {
                let members = array.members.iter().enumerate();
                let missing = members.filter(|(_, member)| member.is_none());
                missing.map(move |(row, _)| (array, row))
            })
            .collect();
        if missing.is_empty() {
            line!(answer, "    Adapter {number} - No Missing Drive is Found.");
            continue;
        }
        line!(answer, "    Adapter {number} - Missing Physical drives");
        line!(answer);
        line!(answer, "    No.   Array   Row   Size Expected");
        for (index, (array, row)) in missing.into_iter().enumerate() {
            let size = configuration.size_of(array).mib();
            let reference = array.reference;
            line!(answer, "    {index:<6}{reference:<8}{row:<6}{size} MB");
        }
    }
}

/// `-PdReplaceMissing`. The tool looks itself whether there is such a row.
pub(super) fn replace(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let number = |option: &str| {
        let numbers = arguments.numbers(option).unwrap_or_default();
        numbers.first().copied().unwrap_or_default()
    };
    let (array, row) = (number("-array"), number("-row"));
    each(host, arguments, answer, |answer, mut order| {
        let adapter = order.number;
        let known = order.controller.array(array);
        if known.is_none_or(|known| usize::from(row) >= known.members.len()) {
            line!(
                answer,
                "Adapter: {adapter}: Row number specified is out of range."
            );
            answer.status = 1;
            return false;
        }
        let outcome = order.give(opcode::REPLACE_MISSING, |controller, id| {
            drives::replace_missing(controller, id, array, usize::from(row))
        });
        let place = format!("Missing PD at Array {array}, Row {row}");
        let done = format!("Adapter: {adapter}: {place} is replaced.");
        let failed = format!("Adapter: {adapter}: Failed to replace {place}.");
        say(answer, outcome, &done, &failed)
    });
}
