//! `-AdpAlILog -aALL` (a report for the vendor's support) and `-ELF -GetSafeId|-ControllerFeatures`:
//! kept as text. What they hold is read from the outputs of its own.

use crate::Report;
use crate::frame;
use crate::model::TextLog;
use crate::report::{Complaint, ComplaintKind, Subject};
use crate::scan::Scan;
use crate::text::Line;

/// Reads everything that is not of the tool's frame: exit line, errors, crash messages.
pub fn text_log(text: &str) -> Report<TextLog> {
    let mut scan = Scan::new(text);
    let mut log = TextLog::default();
    let mut last = None;
    while let Some(line) = scan.next() {
        if let Some(complaint) = feature_complaint(&line) {
            scan.complain(complaint);
            continue;
        }
        if frame::take(&mut scan, line) {
            continue;
        }
        let blank = last.map_or(0, |last| line.number.saturating_sub(last).saturating_sub(1));
        log.lines.extend((0..blank).map(|_| String::new()));
        log.lines.push(line.raw.trim_ascii_end().to_owned());
        last = Some(line.number);
    }
    scan.finish(log)
}

/// `This Feature is not supported`; `Failed to Get Safe ID`.
fn feature_complaint(line: &Line<'_>) -> Option<Complaint> {
    let kind = match line.text {
        "This Feature is not supported" => ComplaintKind::NotSupported,
        "Failed to Get Safe ID" | "Failed to Get Advanced Software Option(s)" => {
            ComplaintKind::Failed
        }
        _ => return None,
    };
    Some(Complaint {
        line: line.number,
        controller: None,
        subject: Subject::Command,
        kind,
        text: line.text.to_owned(),
        firmware: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_keeps_its_indentation_and_blank_lines() {
        let report = text_log("\r   \n  Title \n  =====\n\n\nAdapter #0\r\n\nExit Code: 0x00\n");
        assert_eq!(
            report.value.lines,
            ["  Title", "  =====", "", "", "Adapter #0"]
        );
        assert!(report.is_complete());
    }

    #[test]
    fn a_missing_feature_is_a_complaint() {
        let report = text_log("This Feature is not supported\n\nExit Code: 0x01\n");
        assert_eq!(report.complaints[0].kind, ComplaintKind::NotSupported);
        assert!(report.value.lines.is_empty());
    }
}
