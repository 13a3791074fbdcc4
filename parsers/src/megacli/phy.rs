//! `-PHYInfo -phyN -aN` and `-PhyErrorCounters -aALL`: the controller's SAS links.

use crate::Report;
use crate::grammar;
use crate::megacli::section;
use crate::model::{Phy, PhyDeviceType, PhyErrors, SasAddress, Section, SpeedLimit};
use crate::scan::Scan;

/// Reads the phys. No controller is named.
pub fn phy_info(text: &str) -> Report<Vec<Phy>> {
    let mut scan = Scan::new(text);
    let mut phys: Vec<Phy> = Vec::new();
    while let Some(line) = scan.next() {
        let number = line
            .key
            .strip_prefix("Phy ")
            .and_then(|rest| rest.strip_suffix(" Information"))
            .and_then(grammar::small);
        if let Some(number) = number {
            phys.push(Phy {
                number,
                ..Phy::default()
            });
            continue;
        }
        let Some(phy) = phys.last_mut() else {
            scan.frame(line);
            continue;
        };
        match line.key {
            "SAS Address" => match grammar::sas_address(line.value) {
                Some(0) => {}
                _ => scan.set(&mut phy.sas_address, &line, |text| {
                    grammar::sas_address(text).map(SasAddress)
                }),
            },
            "Phy Identifier" => scan.set(&mut phy.identifier, &line, grammar::small),
            "Device Type" => scan.set(&mut phy.device_type, &line, PhyDeviceType::read),
            "Link Speed is" => scan.set(&mut phy.speed_limit, &line, speed_limit),
            _ => scan.frame(line),
        }
    }
    scan.finish(phys)
}

/// `No limit`, or a speed.
fn speed_limit(text: &str) -> Option<SpeedLimit> {
    if text.eq_ignore_ascii_case("No limit") {
        return Some(SpeedLimit::Unlimited);
    }
    grammar::speed(text).map(SpeedLimit::BitsPerSecond)
}

/// Reads the error counters of every controller's phys.
pub fn phy_errors(text: &str) -> Report<Vec<Section<Vec<PhyErrors>>>> {
    let mut scan = Scan::new(text);
    let mut sections: Vec<Section<Vec<PhyErrors>>> = Vec::new();
    while let Some(line) = scan.next() {
        if let Some(controller) = section::heading(&line) {
            section::begin(&mut sections, controller);
            continue;
        }
        if line.text.bytes().all(|byte| byte == b'=') {
            continue;
        }
        let Some(phys) = sections.last_mut().map(|section| &mut section.value) else {
            scan.frame(line);
            continue;
        };
        if let ("Phy No", Some(number)) = (line.key, grammar::small(line.value)) {
            phys.push(PhyErrors {
                number,
                ..PhyErrors::default()
            });
            continue;
        }
        let Some(phy) = phys.last_mut() else {
            scan.frame(line);
            continue;
        };
        let count = grammar::decimal;
        match line.key {
            "Invalid DWord Count" => scan.set(&mut phy.invalid_dwords, &line, count),
            "Running Disparity Error Count" => {
                scan.set(&mut phy.running_disparity_errors, &line, count);
            }
            "Loss of DWord Synch Count" => {
                scan.set(&mut phy.losses_of_dword_synchronization, &line, count);
            }
            "Phy Reset problem Count" => scan.set(&mut phy.reset_problems, &line, count),
            _ => scan.frame(line),
        }
    }
    scan.finish(sections)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ControllerId;

    #[test]
    fn phy_info_reads_address_and_limit() {
        let report = phy_info(
            "    Phy 0 Information:\n    SAS Address   : 0x5000C50000001A35\n    \
             Phy Identifier: 0\n    Device Type   : SMP Initiator\n    \
             Link Speed is : No limit  \n\nExit Code: 0x00\n",
        );
        assert_eq!(
            report.value,
            [Phy {
                number: 0,
                sas_address: Some(SasAddress(0x5000_c500_0000_1a35)),
                identifier: Some(0),
                device_type: Some(PhyDeviceType::SmpInitiator),
                speed_limit: Some(SpeedLimit::Unlimited),
            }]
        );
        assert!(report.is_complete());
    }

    #[test]
    fn an_empty_device_type_and_address_zero_are_absent() {
        let report = phy_info("Phy 2 Information:\nSAS Address   : 0x0\nDevice Type   : \n");
        assert_eq!(report.value[0].device_type, None);
        assert_eq!(report.value[0].sas_address, None);
        assert_eq!(report.leftovers, []);
    }

    #[test]
    fn error_counters_stand_below_their_phy_and_controller() {
        let report = phy_errors(
            "Adapter #1\n\n================\nPhy No: 3 \nInvalid DWord Count           : 7 \n\
             Running Disparity Error Count : 5 \nLoss of DWord Synch Count     : 1 \n\
             Phy Reset problem Count       : 0 \n\n\nExit Code: 0x00\n",
        );
        assert_eq!(
            report.value,
            [Section {
                controller: Some(ControllerId(1)),
                value: vec![PhyErrors {
                    number: 3,
                    invalid_dwords: Some(7),
                    running_disparity_errors: Some(5),
                    losses_of_dword_synchronization: Some(1),
                    reset_problems: Some(0),
                }],
            }]
        );
        assert!(report.is_complete());
    }
}
