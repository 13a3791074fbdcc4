//! `-LDGetProp -Cache|-Access|-Name|-DskCache|-PSPolicy|-Consistency -LALL -aALL`: one property of
//! every virtual drive.

use crate::Report;
use crate::grammar::{self, VirtualDriveName};
use crate::megacli::section;
use crate::megacli::virtual_drive::cache_policy;
use crate::model::{
    AccessPolicy, DiskCachePolicy, PowerSavingPolicy, Section, VirtualDriveProperties,
};
use crate::report::{ComplaintKind, Reason};
use crate::scan::Scan;
use crate::text::Line;

type Sections = Vec<Section<Vec<VirtualDriveProperties>>>;

/// Reads the property that was asked for. `-PSPolicy` and `-Consistency` do not name the controller.
pub fn ld_get_prop(text: &str) -> Report<Sections> {
    let mut scan = Scan::new(text);
    let mut sections = Sections::new();
    while let Some(line) = scan.next() {
        if let Some((name, rest)) = grammar::virtual_drive_prefix(line.text) {
            property(&mut sections, &mut scan, &line, name, rest);
        } else if line.text == "Adapter does not support Power savings on logical drives." {
            scan.refuse(&line, None, ComplaintKind::NotSupported);
        } else if !following(&mut sections, &mut scan, &line) {
            scan.frame(line);
        }
    }
    scan.finish(sections)
}

/// `Adapter 0-VD 0(target id: 0): Name: data` and `Virtual Drive:00(Target ID 00): Consistent.`
fn property<'a>(
    sections: &mut Sections,
    scan: &mut Scan<'a>,
    line: &Line<'a>,
    name: VirtualDriveName,
    rest: &'a str,
) {
    let Some(drives) = section::of(sections, name.controller) else {
        return;
    };
    drives.push(VirtualDriveProperties {
        number: name.number,
        target_id: Some(name.target_id),
        ..VirtualDriveProperties::default()
    });
    let Some(vd) = drives.last_mut() else {
        return;
    };
    let (key, value) = match rest.split_once(':') {
        Some((key, value)) => (key.trim_ascii_end(), value.trim_ascii()),
        None => (rest.trim_end_matches(['.', ' ']), ""),
    };
    match key {
        "Cache Policy" => scan.set_value(&mut vd.cache, line, value, cache_policy),
        "Access Policy" => scan.set_value(&mut vd.access, line, value, AccessPolicy::read),
        "Name" => scan.set_value(&mut vd.name, line, value, grammar::text),
        "Disk Write Cache" => {
            scan.set_value(&mut vd.disk_cache, line, value, DiskCachePolicy::read);
        }
        // -PSPolicy: the policies follow on lines of their own.
        "" => {}
        "Consistent" => vd.consistent = Some(true),
        "Inconsistent" | "Not Consistent" => vd.consistent = Some(false),
        _ => scan.leave(line, Reason::Unclaimed),
    }
}

/// `Current Access Policy: Read/Write`, on a line below the virtual drive it is about.
fn following<'a>(sections: &mut Sections, scan: &mut Scan<'a>, line: &Line<'a>) -> bool {
    let drives = sections.last_mut().map(|section| &mut section.value);
    let Some(vd) = drives.and_then(|drives| drives.last_mut()) else {
        return false;
    };
    match line.key {
        "Current Access Policy" => scan.set(&mut vd.current_access, line, AccessPolicy::read),
        "Default power saving policy" => {
            scan.set(&mut vd.default_power_saving, line, PowerSavingPolicy::read);
        }
        "Current power saving policy" => {
            scan.set(&mut vd.current_power_saving, line, PowerSavingPolicy::read);
        }
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ControllerId, TargetId, WritePolicy};

    fn only(text: &str) -> VirtualDriveProperties {
        let report = ld_get_prop(text);
        assert_eq!(report.leftovers, []);
        report.value[0].value[0].clone()
    }

    #[test]
    fn a_name_can_be_empty_or_have_a_colon() {
        let text =
            "Adapter 0-VD 0(target id: 0): Name:\nAdapter 0-VD 1(target id: 2): Name: a: b\n";
        let report = ld_get_prop(text);
        assert_eq!(report.value[0].controller, Some(ControllerId(0)));
        let drives = &report.value[0].value;
        assert_eq!(drives[0].name, None);
        assert_eq!(drives[1].target_id, Some(TargetId(2)));
        assert_eq!(drives[1].name.as_deref(), Some("a: b"));
    }

    #[test]
    fn policies_stand_on_the_same_line_or_below() {
        let cache = only(
            "Adapter 0-VD 0(target id: 0): Cache Policy:WriteThrough, ReadAhead, Direct, No Write Cache if bad BBU\n",
        );
        let cache = cache.cache.unwrap();
        assert_eq!(cache.write, Some(WritePolicy::WriteThrough));
        assert_eq!(cache.write_cache_with_bad_battery, Some(false));
        let access = only(
            "Adapter 0-VD 0(target id: 0): Access Policy: Read Only\n    Current Access Policy: Read/Write\n",
        );
        assert_eq!(access.access, Some(AccessPolicy::ReadOnly));
        assert_eq!(access.current_access, Some(AccessPolicy::ReadWrite));
        let power = only(
            "Virtual Drive:00(Target ID 00):  .\n\nDefault power saving policy : Controller Defined\n",
        );
        assert_eq!(
            power.default_power_saving,
            Some(PowerSavingPolicy::ControllerDefined)
        );
    }

    #[test]
    fn consistency_is_a_sentence() {
        let vd = only("Virtual Drive:01(Target ID 01): Consistent.\n");
        assert_eq!(
            (vd.target_id, vd.consistent),
            (Some(TargetId(1)), Some(true))
        );
    }
}
