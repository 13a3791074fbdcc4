//! `-PhyInfo`, `-PhyErrorCounters` and `-PhySetLinkSpeed`: the controller's SAS links.

use super::answer::line;
use super::{Answer, Arguments, Selection, firmware_status, selected};
use crate::state::{Host, Phy};

/// `-PhyInfo -phyN`.
pub(super) fn info(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (_, controller) in selected(host, arguments) {
        for phy in controller
            .phys
            .iter()
            .filter(|phy| is_meant(phy, arguments))
        {
            line!(answer, "    Phy {} Information:", phy.number);
            line!(answer, "    SAS Address   : 0x{:016X}", phy.sas_address);
            line!(answer, "    Phy Identifier: {}", phy.id);
            line!(answer, "    Device Type   : {}", device_type(phy));
            line!(answer, "    Link Speed is : {} ", limit(phy.speed));
        }
    }
}

/// `-PhyErrorCounters`.
pub(super) fn errors(host: &Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, controller) in selected(host, arguments) {
        line!(answer, "Adapter #{number}");
        line!(answer);
        line!(answer, "================");
        for phy in &controller.phys {
            line!(answer, "Phy No: {} ", phy.number);
            for (name, count) in [
                ("Invalid DWord Count", phy.invalid_dwords),
                ("Running Disparity Error Count", phy.disparity_errors),
                ("Loss of DWord Synch Count", phy.synchronization_losses),
                ("Phy Reset problem Count", phy.reset_problems),
            ] {
                line!(answer, "{name:<30}: {count} ");
            }
            line!(answer);
        }
    }
}

/// `-PhySetLinkSpeed -phyN -SPEED`. No captured firmware does it.
pub(super) fn set_speed(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    for (number, _) in selected(host, arguments) {
        line!(answer, "Failed to Get Phy Information on Adapter {number}");
        firmware_status::explain(firmware_status::INVALID_COMMAND, answer);
    }
}

fn is_meant(phy: &Phy, arguments: &Arguments) -> bool {
    match &arguments.phys {
        Some(Selection::These(numbers)) => numbers.contains(&u32::from(phy.number)),
        Some(Selection::All) | None => true,
    }
}

/// What hangs on the phy. Captures show the words for what MegaCLI sees in a drive, and none for
/// nothing.
fn device_type(phy: &Phy) -> &'static str {
    match phy.device_type {
        0 => "",
        _ => "SMP Initiator",
    }
}

/// The fastest that the phy may be.
fn limit(speed: u8) -> &'static str {
    match speed {
        1 => "1.5Gb/s",
        2 => "3.0Gb/s",
        3 => "6.0Gb/s",
        4 => "12.0Gb/s",
        _ => "No limit ",
    }
}

#[cfg(test)]
mod tests {
    use crate::megacli;
    use crate::state::{Controller, Host, Phy};

    #[test]
    fn counters_stand_under_their_phy() {
        let phy = Phy {
            number: 2,
            invalid_dwords: 6,
            disparity_errors: 2,
            ..Phy::default()
        };
        let mut host = Host {
            controllers: vec![Controller {
                phys: vec![Phy::default(), phy],
                ..Controller::default()
            }],
            ..Host::default()
        };
        let text = megacli::run(&mut host, &["-PhyErrorCounters", "-aALL"]).text();
        let part = "Phy No: 2 \nInvalid DWord Count           : 6 \n\
                    Running Disparity Error Count : 2 \n";
        assert!(text.contains(part), "{text}");
        let text = megacli::run(&mut host, &["-PhyInfo", "-phy2", "-a0"]).text();
        assert!(text.contains("Phy 2 Information") && !text.contains("Phy 0"));
    }
}
