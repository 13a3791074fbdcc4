//! `-AdpGetPciInfo`: where the controller is on the host's bus.

use crate::Report;
use crate::grammar;
use crate::megacli::section;
use crate::model::{PciLocation, Section};
use crate::scan::Scan;
use crate::text::Line;

/// Reads the place of every controller. The numbers are hexadecimal: programs in use put them into
/// sysfs paths as they are.
pub fn adp_get_pci_info(text: &str) -> Report<Vec<Section<PciLocation>>> {
    let mut scan = Scan::new(text);
    let mut controllers = Vec::new();
    while let Some(line) = scan.next() {
        let heading = line.text.strip_prefix("PCI information for ");
        if let Some((controller, "")) = heading.and_then(grammar::adapter_prefix) {
            section::begin(&mut controllers, controller);
        } else if !section::offer(&mut controllers, |place| take(place, &mut scan, &line)) {
            scan.frame(line);
        }
    }
    scan.finish(controllers)
}

fn take<'a>(place: &mut PciLocation, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let number = match line.key {
        "Bus Number" => &mut place.bus,
        "Device Number" => &mut place.device,
        "Function Number" => &mut place.function,
        rule => return rule.bytes().all(|byte| byte == b'-'),
    };
    scan.set(number, line, grammar::small_hex);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ControllerId;

    #[test]
    fn numbers_are_hexadecimal() {
        let report = adp_get_pci_info(
            "PCI information for Controller 1\n--------------------------------\n\
             Bus Number      : 3b\nDevice Number   : 0\nFunction Number : 0\n\nExit Code: 0x00\n",
        );
        assert!(report.is_complete());
        assert_eq!(
            report.value,
            [Section {
                controller: Some(ControllerId(1)),
                value: PciLocation {
                    bus: Some(0x3b),
                    device: Some(0),
                    function: Some(0)
                }
            }]
        );
    }
}
