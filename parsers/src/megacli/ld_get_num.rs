//! `-LDGetNum -aALL`: how many virtual drives there are. The exit status is the number as well.

use crate::Report;
use crate::grammar;
use crate::model::{ControllerId, Section};
use crate::report::Reason;
use crate::scan::Scan;

/// Reads the number of virtual drives of every controller.
pub fn ld_get_num(text: &str) -> Report<Vec<Section<u32>>> {
    let mut scan = Scan::new(text);
    let mut sections = Vec::new();
    while let Some(line) = scan.next() {
        match controller(line.key) {
            Some(controller) => match grammar::small(line.value) {
                Some(value) => sections.push(Section {
                    controller: Some(controller),
                    value,
                }),
                None => scan.leave(&line, Reason::Unreadable),
            },
            None => scan.frame(line),
        }
    }
    scan.finish(sections)
}

/// `Number of Virtual Drives Configured on Adapter 0`; older builds say `Virtual Disks configured`.
fn controller(key: &str) -> Option<ControllerId> {
    let rest = key
        .strip_prefix("Number of Virtual Drives ")
        .or_else(|| key.strip_prefix("Number of Virtual Disks "))?;
    let (verb, rest) = rest.split_once(' ')?;
    let (controller, rest) = grammar::adapter_prefix(rest.strip_prefix("on ")?)?;
    (verb.eq_ignore_ascii_case("configured") && rest.is_empty()).then_some(controller)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Ending;

    #[test]
    fn the_exit_code_is_the_number_as_well() {
        let report =
            ld_get_num(" Number of Virtual Drives Configured on Adapter 0: 2\n\nExit Code: 0x02\n");
        assert_eq!(
            report.value,
            [Section {
                controller: Some(ControllerId(0)),
                value: 2
            }]
        );
        assert_eq!(report.complaints, []);
        assert_eq!(report.ending, Ending::Exit { code: 2 });
    }
}
