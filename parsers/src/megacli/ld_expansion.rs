//! `-getLdExpansionInfo -LALL -aALL`: whether virtual drives can grow.

use crate::Report;
use crate::report::ComplaintKind;
use crate::scan::Scan;

/// Reads the refusal, the only answer that is known: there is nothing to report beyond it, and any
/// other text is left over.
pub fn ld_expansion(text: &str) -> Report<()> {
    let mut scan = Scan::new(text);
    while let Some(line) = scan.next() {
        if line.text == "Online Capacity Expansion without adding drives is not supported" {
            scan.refuse(&line, None, ComplaintKind::NotSupported);
        } else {
            scan.frame(line);
        }
    }
    scan.finish(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_refusal_is_a_complaint() {
        let text =
            "Online Capacity Expansion without adding drives is not supported\n\nExit Code: 0x00\n";
        let report = ld_expansion(text);
        assert!(report.is_complete());
        assert_eq!(report.complaints[0].kind, ComplaintKind::NotSupported);
    }
}
