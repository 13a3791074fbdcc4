//! `-GetPreservedCacheList -aALL`: virtual drives whose data are pinned in the controller's cache.

use crate::Report;
use crate::grammar;
use crate::megacli::section;
use crate::model::{PreservedCache, PreservedCacheState, Section};
use crate::report::Reason;
use crate::scan::Scan;

/// Reads the pinned data of every controller.
pub fn preserved_cache(text: &str) -> Report<Vec<Section<Vec<PreservedCache>>>> {
    let mut scan = Scan::new(text);
    let mut sections: Vec<Section<Vec<PreservedCache>>> = Vec::new();
    while let Some(line) = scan.next() {
        if let Some((name, rest)) = grammar::virtual_drive_prefix(line.text) {
            match (pinned(name, rest), section::current(&mut sections)) {
                (Some(pinned), Some(list)) => list.push(pinned),
                _ => scan.leave(&line, Reason::Unreadable),
            }
            continue;
        }
        match grammar::adapter_prefix(line.text) {
            Some((controller, "" | "No Virtual Drive has Preserved Cache Data.")) => {
                section::begin(&mut sections, controller);
            }
            _ => scan.frame(line),
        }
    }
    scan.finish(sections)
}

/// `data, Size:1142272MB, Offline .` or `Missing.`; the name can contain anything.
fn pinned(name: grammar::VirtualDriveName, rest: &str) -> Option<PreservedCache> {
    let rest = rest.strip_suffix('.')?.trim_ascii_end();
    let (size, state, label) = match rest.rsplit_once(',') {
        None => (None, rest, None),
        Some((rest, state)) => {
            let (label, size) = rest.rsplit_once(", Size:").or_else(|| {
                let size = rest.strip_prefix("Size:")?;
                Some(("", size))
            })?;
            let label = (!label.is_empty()).then(|| label.to_owned());
            (Some(grammar::size(size.trim_ascii())?), state, label)
        }
    };
    Some(PreservedCache {
        target_id: name.target_id,
        number: name.number,
        name: label,
        size,
        state: PreservedCacheState::from_words(state.trim_ascii()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ControllerId, TargetId};
    use crate::units::Bytes;

    #[test]
    fn offline_and_missing_virtual_drives_are_listed() {
        let report = preserved_cache(
            "Adapter #0

Virtual Drive:00(Target ID 00): data, new, Size:1142272MB, Offline .
Virtual Drive(Target ID 03): Missing.

Exit Code: 0x00
",
        );
        assert!(report.is_complete());
        assert_eq!(
            report.value[0].value,
            [
                PreservedCache {
                    target_id: TargetId(0),
                    number: Some(0),
                    name: Some("data, new".to_owned()),
                    size: Some(Bytes(1_142_272 << 20)),
                    state: PreservedCacheState::Offline,
                },
                PreservedCache {
                    target_id: TargetId(3),
                    number: None,
                    name: None,
                    size: None,
                    state: PreservedCacheState::Missing,
                }
            ]
        );
    }

    #[test]
    fn none_is_an_empty_section() {
        let report = preserved_cache("Adapter 0: No Virtual Drive has Preserved Cache Data.\n");
        assert_eq!(
            report.value,
            [Section {
                controller: Some(ControllerId(0)),
                value: Vec::new()
            }]
        );
    }
}
