//! `-AdpBIOS -Dsply`: the controller's BIOS at boot.

use crate::Report;
use crate::grammar;
use crate::megacli::section;
use crate::model::{Bios, BiosErrorHandling, Section};
use crate::scan::Scan;
use crate::text::Line;

/// Reads the BIOS settings of every controller.
pub fn adp_bios(text: &str) -> Report<Vec<Section<Bios>>> {
    let mut scan = Scan::new(text);
    let mut controllers = Vec::new();
    while let Some(line) = scan.next() {
        let sentence = ["BIOS on ", "Auto select Boot on "]
            .into_iter()
            .find_map(|subject| line.text.strip_prefix(subject))
            .and_then(grammar::adapter_prefix);
        if let Some((controller, _)) = sentence {
            section::of(&mut controllers, Some(controller));
        }
        let state = sentence.and_then(|(_, rest)| rest.strip_prefix("is "));
        if !section::offer(&mut controllers, |bios| take(bios, &mut scan, &line, state)) {
            scan.frame(line);
        }
    }
    scan.finish(controllers)
}

/// Takes a sentence about a controller that ends in `state`, or the one that names no controller.
fn take<'a>(bios: &mut Bios, scan: &mut Scan<'a>, line: &Line<'a>, state: Option<&'a str>) -> bool {
    if let Some(words) = line.text.strip_prefix("BIOS will ") {
        let words = words.trim_end_matches('.');
        scan.set_value(
            &mut bios.error_handling,
            line,
            words,
            BiosErrorHandling::read,
        );
        return true;
    }
    let Some(state) = state else { return false };
    let switch = if line.text.starts_with("BIOS") {
        &mut bios.enabled
    } else {
        &mut bios.auto_select_boot
    };
    scan.set_value(switch, line, state, grammar::yes_no);
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ControllerId;

    #[test]
    fn three_sentences_are_one_setting_each() {
        let report = adp_bios(
            "BIOS on Adapter 0 is Enabled.\n    BIOS will Stop on error.\n\
             Auto select Boot on Adapter 0 is Disabled.\n\
             BIOS on Adapter 1 is Disabled.\n\nExit Code: 0x00\n",
        );
        assert!(report.is_complete());
        assert_eq!(
            report.value,
            [
                Section {
                    controller: Some(ControllerId(0)),
                    value: Bios {
                        enabled: Some(true),
                        error_handling: Some(BiosErrorHandling::Stop),
                        auto_select_boot: Some(false),
                    }
                },
                Section {
                    controller: Some(ControllerId(1)),
                    value: Bios {
                        enabled: Some(false),
                        ..Bios::default()
                    }
                }
            ]
        );
    }
}
