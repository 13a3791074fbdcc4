//! `-PdGetMissing`: the members that drive groups lack.

use super::answer::line;
use super::virtual_drive::Configuration;
use super::{Answer, Arguments, opcode, selected};
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
