//! `-PdGetMissing -aALL`: the members that drive groups lack.

use crate::Report;
use crate::grammar;
use crate::megacli::section;
use crate::model::{Arm, MissingDrive, Section};
use crate::report::Reason;
use crate::scan::Scan;
use crate::text::Line;
use crate::units::Bytes;

/// Reads the missing members of every controller. A controller that lacks none has an empty list.
pub fn pd_missing(text: &str) -> Report<Vec<Section<Vec<MissingDrive>>>> {
    let mut scan = Scan::new(text);
    let mut sections: Vec<Section<Vec<MissingDrive>>> = Vec::new();
    while let Some(line) = scan.next() {
        if is_header(&line) {
            continue;
        }
        if let Some((controller, rest)) = grammar::adapter_prefix(line.text) {
            match rest.trim_start_matches('-').trim_ascii() {
                "Missing Physical drives"
                | "Missing Physical Drives"
                | "No Missing Drive is Found."
                | "No Missing drive is found." => section::begin(&mut sections, controller),
                _ => scan.frame(line),
            }
            continue;
        }
        match (row(line.text), sections.last_mut()) {
            (Some(missing), Some(section)) => section.value.push(missing),
            (Some(_), None) => scan.leave(&line, Reason::Unclaimed),
            (None, _) => scan.frame(line),
        }
    }
    scan.finish(sections)
}

/// `No.   Array   Row   Size Expected`; older `No   Row  Column  SizeExpected(MB)`.
fn is_header(line: &Line<'_>) -> bool {
    const WORDS: [&str; 8] = [
        "No.",
        "No",
        "Array",
        "Row",
        "Column",
        "Size",
        "Expected",
        "SizeExpected(MB)",
    ];
    line.text.starts_with("No")
        && line
            .text
            .split_ascii_whitespace()
            .all(|word| WORDS.contains(&word))
}

/// `0     2       1     952720 MB`; without a unit, the older header says MB.
fn row(text: &str) -> Option<MissingDrive> {
    let mut words = text.split_ascii_whitespace();
    let mut number = || words.next().and_then(grammar::small);
    let (index, span_reference, arm) = (number()?, number()?, number()?);
    let size = words.next()?;
    let expected_size = match (words.next(), words.next()) {
        (None, None) => grammar::decimal(size)?.checked_mul(1 << 20).map(Bytes)?,
        (Some(unit), None) => grammar::size(&format!("{size} {unit}"))?,
        _ => return None,
    };
    Some(MissingDrive {
        index,
        span_reference,
        arm: Arm(arm),
        expected_size,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ControllerId;

    #[test]
    fn rows_name_span_arm_and_expected_size() {
        let report = pd_missing(
            "    Adapter 0 - Missing Physical drives\n\n    \
             No.   Array   Row   Size Expected\n    0     2       1     952720 MB\n\nExit Code: 0x00\n",
        );
        assert_eq!(
            report.value[0].value,
            [MissingDrive {
                index: 0,
                span_reference: 2,
                arm: Arm(1),
                expected_size: Bytes(952_720 << 20),
            }]
        );
        assert!(report.is_complete());
    }

    #[test]
    fn the_older_header_holds_the_unit() {
        let report = pd_missing(
            "Adapter 0 - Missing Physical drives\n\nNo Row Column SizeExpected(MB)\n0 0 1 139392\n",
        );
        assert_eq!(report.value[0].value[0].span_reference, 0);
        assert_eq!(report.value[0].value[0].arm, Arm(1));
        assert_eq!(report.value[0].value[0].expected_size, Bytes(139_392 << 20));
        assert_eq!(report.leftovers, []);
    }

    #[test]
    fn nothing_missing_is_an_empty_list() {
        let report = pd_missing("    Adapter 0 - No Missing Drive is Found.\n\nExit Code: 0x00\n");
        assert_eq!(
            report.value,
            [Section {
                controller: Some(ControllerId(0)),
                value: Vec::new(),
            }]
        );
        assert!(report.complaints.is_empty() && report.is_complete());
    }
}
