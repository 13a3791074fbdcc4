//! `-DirectPdMapping -Dsply -aALL`: whether slots have fixed device ids.

use crate::Report;
use crate::grammar;
use crate::model::Section;
use crate::report::Reason;
use crate::scan::Scan;

/// Reads the setting of every controller: `Adapter 0: Direct Pd Mapping is: Disabled`.
pub fn direct_pd_mapping(text: &str) -> Report<Vec<Section<bool>>> {
    let mut scan = Scan::new(text);
    let mut sections = Vec::new();
    while let Some(line) = scan.next() {
        let found = grammar::adapter_prefix(line.text).and_then(|(controller, rest)| {
            let value = rest.strip_prefix("Direct Pd Mapping is")?;
            Some((controller, value.trim_start_matches(':').trim_ascii()))
        });
        match found.map(|(controller, value)| (controller, grammar::yes_no(value))) {
            Some((controller, Some(value))) => sections.push(Section {
                controller: Some(controller),
                value,
            }),
            Some((_, None)) => scan.leave(&line, Reason::Unreadable),
            None => scan.frame(line),
        }
    }
    scan.finish(sections)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ControllerId;

    #[test]
    fn the_setting_is_a_boolean() {
        let report =
            direct_pd_mapping("Adapter 0: Direct Pd Mapping is: Disabled \n\nExit Code: 0x00\n");
        assert_eq!(
            report.value,
            [Section {
                controller: Some(ControllerId(0)),
                value: false,
            }]
        );
        assert!(report.is_complete());
    }
}
