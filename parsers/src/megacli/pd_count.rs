//! `-PDGetNum -aALL`: how many physical drives each controller has. The process status is the count,
//! too.

use crate::Report;
use crate::grammar;
use crate::model::{ControllerId, Section};
use crate::report::Reason;
use crate::scan::Scan;
use crate::text::Line;

/// Reads the count of every controller.
pub fn pd_count(text: &str) -> Report<Vec<Section<u32>>> {
    let mut scan = Scan::new(text);
    let mut sections = Vec::new();
    while let Some(line) = scan.next() {
        let Some(controller) = controller(&line) else {
            scan.frame(line);
            continue;
        };
        match grammar::small(line.value) {
            Some(value) => sections.push(Section {
                controller: Some(controller),
                value,
            }),
            None => scan.leave(&line, Reason::Unreadable),
        }
    }
    scan.finish(sections)
}

/// The controller of `Number of Physical Drives on Adapter 0: 8`.
fn controller(line: &Line<'_>) -> Option<ControllerId> {
    let adapter = line
        .key
        .strip_prefix("Number of Physical Drives on ")
        .or_else(|| line.key.strip_prefix("Number of Physical Disks on "))?;
    match grammar::adapter_prefix(adapter) {
        Some((controller, "")) => Some(controller),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Ending;

    #[test]
    fn every_controller_has_its_count_and_the_status_is_the_last_one() {
        let report = pd_count(
            "                                     \n \
             Number of Physical Drives on Adapter 0: 8\n \
             Number of Physical Drives on Adapter 1: 4\n\nExit Code: 0x04\n",
        );
        let counts: Vec<_> = report
            .value
            .iter()
            .map(|section| (section.controller, section.value))
            .collect();
        assert_eq!(
            counts,
            [(Some(ControllerId(0)), 8), (Some(ControllerId(1)), 4)]
        );
        assert_eq!(report.ending, Ending::Exit { code: 4 });
        assert_eq!(report.leftovers, []);
    }

    #[test]
    fn a_failure_is_a_complaint_and_no_count() {
        let report = pd_count("Adapter 0: Failed to get PD Count\n\nExit Code: 0x01\n");
        assert_eq!(report.value, []);
        assert_eq!(report.complaints.len(), 1);
    }
}
