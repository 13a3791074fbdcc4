//! `-AdpGetConnectorMode`: whether connectors are internal or external.

use crate::Report;
use crate::scan::Scan;

/// Reads what the tool complains about. No output of a controller that knows the command is known;
/// its lines would be left over.
pub fn adp_get_connector_mode(text: &str) -> Report<()> {
    let mut scan = Scan::new(text);
    while let Some(line) = scan.next() {
        scan.frame(line);
    }
    scan.finish(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_firmware_that_does_not_know_the_command_is_a_complaint() {
        let report = adp_get_connector_mode(
            "Adapter 0: Operation Failed.\n\nFW error description: \n\
             \u{20} The requested command is invalid.  \n\nExit Code: 0x02\n",
        );
        assert!(report.is_complete());
        assert_eq!(
            report.complaints[0].firmware.as_deref(),
            Some("The requested command is invalid.")
        );
    }
}
