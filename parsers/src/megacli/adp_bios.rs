//! `-AdpBIOS -Dsply`: the controller's BIOS at boot.

use crate::Report;
use crate::grammar;
use crate::megacli::sections::Sections;
use crate::model::{Bios, BiosErrorHandling, Section};
use crate::scan::Scan;
use crate::text::Line;

/// Reads the BIOS settings of every controller.
pub fn adp_bios(text: &str) -> Report<Vec<Section<Bios>>> {
    let mut scan = Scan::new(text);
    let mut controllers: Sections<Bios> = Sections::default();
    while let Some(line) = scan.next() {
        if !take(&mut controllers, &mut scan, &line) {
            scan.frame(line);
        }
    }
    scan.finish(controllers.finish())
}

fn take<'a>(controllers: &mut Sections<Bios>, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let text = line.text;
    if let Some(words) = text.strip_prefix("BIOS will ") {
        let words = words.trim_end_matches('.');
        let field = &mut controllers.current().error_handling;
        scan.set_value(field, line, words, BiosErrorHandling::read);
        return true;
    }
    let about = |prefix| {
        let (controller, rest) = grammar::adapter_prefix(text.strip_prefix(prefix)?)?;
        Some((controller, rest.strip_prefix("is ")?))
    };
    if let Some((controller, state)) = about("BIOS on ") {
        let field = &mut controllers.of(Some(controller)).enabled;
        scan.set_value(field, line, state, grammar::yes_no);
    } else if let Some((controller, state)) = about("Auto select Boot on ") {
        let field = &mut controllers.of(Some(controller)).auto_select_boot;
        scan.set_value(field, line, state, grammar::yes_no);
    } else {
        return false;
    }
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
