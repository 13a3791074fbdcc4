//! `-AdpGetPciInfo`: where the controller is on the host's bus.

use crate::Report;
use crate::grammar;
use crate::megacli::sections::Sections;
use crate::model::{PciLocation, Section};
use crate::scan::Scan;

/// Reads the place of every controller. The numbers are hexadecimal: programs in use put them into
/// sysfs paths as they are.
pub fn adp_get_pci_info(text: &str) -> Report<Vec<Section<PciLocation>>> {
    let mut scan = Scan::new(text);
    let mut controllers: Sections<PciLocation> = Sections::default();
    while let Some(line) = scan.next() {
        let field = match line.key {
            "Bus Number" => &mut controllers.current().bus,
            "Device Number" => &mut controllers.current().device,
            "Function Number" => &mut controllers.current().function,
            key => {
                let heading = key.strip_prefix("PCI information for ");
                if let Some((controller, "")) = heading.and_then(grammar::adapter_prefix) {
                    controllers.begin(Some(controller));
                } else if !key.bytes().all(|byte| byte == b'-') {
                    scan.frame(line);
                }
                continue;
            }
        };
        scan.set(field, &line, grammar::small_hex);
    }
    scan.finish(controllers.finish())
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
