//! `-v` and `-Version -Cli`, `-Ctrl`, `-Driver`, `-Pd`: versions.

use crate::Report;
use crate::grammar;
use crate::model::{DriveVersion, DriverVersion, EnclosureId, FirmwareVersion, ToolVersion};
use crate::report::Reason;
use crate::scan::Scan;
use crate::text::Line;

/// Reads `-v` and `-Version -Cli`; the latter says it once for each controller.
pub fn tool(text: &str) -> Report<Vec<ToolVersion>> {
    let mut scan = Scan::new(text);
    let mut versions: Vec<ToolVersion> = Vec::new();
    while let Some(line) = scan.next() {
        if let Some(version) = tool_version(line.text) {
            versions.push(version);
        } else if let Some(version) = versions.last_mut()
            && line.text.contains("Copyright")
        {
            scan.set_value(&mut version.copyright, &line, line.text, grammar::text);
        } else {
            scan.frame(line);
        }
    }
    scan.finish(versions)
}

/// `MegaCLI SAS RAID Management Tool  Ver 8.07.14 Dec 16, 2013`.
fn tool_version(text: &str) -> Option<ToolVersion> {
    let (name, version) = text.split_once(" Ver ")?;
    let (version, date) = version.split_once(' ').unwrap_or((version, ""));
    version
        .starts_with(|first: char| first.is_ascii_digit())
        .then(|| ToolVersion {
            name: name.trim_ascii().to_owned(),
            version: version.to_owned(),
            date: grammar::month_day_year(date.trim_ascii()),
            copyright: None,
        })
}

/// Reads `-Version -Ctrl`.
pub fn controllers(text: &str) -> Report<Vec<FirmwareVersion>> {
    blocks(
        text,
        "CTRL VERSION",
        |controller: &mut FirmwareVersion, scan, line| {
            let field = match line.key {
                "Product Name" => &mut controller.product_name,
                "Serial No" => &mut controller.serial,
                "Fw Package Build" | "FW Package Build" => &mut controller.firmware_package,
                "FW Version" | "Fw Version" => &mut controller.firmware,
                _ => return false,
            };
            scan.set(field, line, grammar::text);
            true
        },
    )
}

/// Reads `-Version -Driver`.
pub fn drivers(text: &str) -> Report<Vec<DriverVersion>> {
    blocks(
        text,
        "DRIVER VERSION",
        |driver: &mut DriverVersion, scan, line| {
            let field = match line.key {
                "Driver Name" => &mut driver.name,
                "Driver Version" => &mut driver.version,
                _ => return false,
            };
            scan.set(field, line, grammar::text);
            true
        },
    )
}

/// Blocks under a heading that is underlined with `=`.
fn blocks<'a, T: Default>(
    text: &'a str,
    heading: &str,
    take: impl Fn(&mut T, &mut Scan<'a>, &Line<'a>) -> bool,
) -> Report<Vec<T>> {
    let mut scan = Scan::new(text);
    let mut blocks: Vec<T> = Vec::new();
    while let Some(line) = scan.next() {
        let is_rule = line.text.bytes().all(|byte| byte == b'=');
        if line.key == heading {
            blocks.push(T::default());
        } else if !is_rule
            && !blocks
                .last_mut()
                .is_some_and(|block| take(block, &mut scan, &line))
        {
            scan.frame(line);
        }
    }
    scan.finish(blocks)
}

/// Reads `-Version -Pd`.
pub fn drives(text: &str) -> Report<Vec<DriveVersion>> {
    let mut scan = Scan::new(text);
    let mut drives = Vec::new();
    let mut in_table = false;
    while let Some(line) = scan.next() {
        if line.text.starts_with("Location") && line.text.ends_with("Fw Version") {
            in_table = true;
        } else if in_table && line.text.starts_with(|first: char| first.is_ascii_digit()) {
            match drive_version(line.text) {
                Some(drive) => drives.push(drive),
                None => scan.leave(&line, Reason::Unreadable),
            }
        } else {
            scan.frame(line);
        }
    }
    scan.finish(drives)
}

/// `252 0 \t\tST3300657SS     ES646SJ02E88N`. What stands behind the tabs is not the columns that the
/// heading promises but the drive's inquiry data: 16 characters product, 4 revision, 20 serial.
fn drive_version(text: &str) -> Option<DriveVersion> {
    let (location, inquiry) = text.split_once('\t')?;
    let (enclosure, slot) = location.trim_ascii().split_once(' ')?;
    let enclosure = grammar::small(enclosure)?;
    let inquiry = inquiry.trim_start_matches('\t');
    let (product, rest) = at_character(inquiry, 16);
    let (revision, serial) = at_character(rest, 4);
    let field = |text: &str| {
        let text = text.trim_ascii();
        (!text.is_empty()).then(|| text.to_owned())
    };
    Some(DriveVersion {
        enclosure: (enclosure != 0xffff).then_some(EnclosureId(enclosure)),
        slot: Some(grammar::slot(slot.trim_ascii())?),
        model: field(product),
        firmware: field(revision),
        serial: field(serial),
    })
}

/// Splits behind `count` characters, or at the end.
fn at_character(text: &str, count: usize) -> (&str, &str) {
    text.char_indices()
        .nth(count)
        .and_then(|(at, _)| text.split_at_checked(at))
        .unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::model::Slot;

    #[test]
    fn the_tool_prints_short_and_long_months() {
        let report = tool(
            "\n\n      MegaCLI SAS RAID Management Tool  Ver 8.07.14 Dec 16, 2013\n\n    \
             (c)Copyright 2013, LSI Corporation, All Rights Reserved.\n\nExit Code: 0x00\n",
        );
        assert!(report.is_complete());
        assert_eq!(
            report.value,
            [ToolVersion {
                name: "MegaCLI SAS RAID Management Tool".to_owned(),
                version: "8.07.14".to_owned(),
                date: Some(date(2013, 12, 16)),
                copyright: Some(
                    "(c)Copyright 2013, LSI Corporation, All Rights Reserved.".to_owned()
                ),
            }]
        );
        let report = tool("MegaCLI SAS RAID Management Tool  Ver 8.02.16 July 01, 2011\n");
        assert_eq!(report.value[0].date, Some(date(2011, 7, 1)));
    }

    #[test]
    fn controllers_are_told_apart_by_their_serial_number() {
        let report = controllers(
            "\t\tCTRL VERSION:\n\t\t================\n\nProduct Name : LSI MegaRAID SAS 9271-8i\n\
             Serial No : SV31012345\nFw Package Build : 23.28.0-0015\n\
             FW Version : 3.400.45-3507\n\t\tCTRL VERSION:\n\t\t================\n\n\
             Serial No : SV02233445\n\nExit Code: 0x00\n",
        );
        assert!(report.is_complete());
        assert_eq!(
            report.value,
            [
                FirmwareVersion {
                    product_name: Some("LSI MegaRAID SAS 9271-8i".to_owned()),
                    serial: Some("SV31012345".to_owned()),
                    firmware_package: Some("23.28.0-0015".to_owned()),
                    firmware: Some("3.400.45-3507".to_owned()),
                },
                FirmwareVersion {
                    serial: Some("SV02233445".to_owned()),
                    ..FirmwareVersion::default()
                }
            ]
        );
    }

    #[test]
    fn an_empty_driver_version_is_none() {
        let report = drivers(
            "\t\tDRIVER VERSION:\n\t\t================\n\nDriver Name:        megaraid_sas\n\
             Driver Version:     \n\nExit Code: 0x00\n",
        );
        assert!(report.is_complete());
        assert_eq!(
            report.value,
            [DriverVersion {
                name: Some("megaraid_sas".to_owned()),
                version: None
            }]
        );
    }

    #[test]
    fn a_drive_s_versions_are_its_inquiry_data() {
        let report = drives(
            "Location\tModel\t        Fw Version\n\
             252 7 \t\tST3300657SS     ES646SJ0493FN                                   \n\
             65535 3 \t\tST2000NM0033-9ZMSN04            Z1X02AB7                        \n\
             252 4 \t\tINTEL SSDSC2BB480370     BTWL00002DCC800                            \n\
             \n\nExit Code: 0x00\n",
        );
        assert!(report.is_complete());
        let drive = |enclosure, slot, model: &str, firmware: &str, serial: &str| DriveVersion {
            enclosure,
            slot: Some(Slot(slot)),
            model: Some(model.to_owned()),
            firmware: Some(firmware.to_owned()),
            serial: Some(serial.to_owned()),
        };
        assert_eq!(
            report.value,
            [
                drive(
                    Some(EnclosureId(252)),
                    7,
                    "ST3300657SS",
                    "ES64",
                    "6SJ0493FN"
                ),
                drive(None, 3, "ST2000NM0033-9ZM", "SN04", "Z1X02AB7"),
                drive(
                    Some(EnclosureId(252)),
                    4,
                    "INTEL SSDSC2BB48",
                    "0370",
                    "BTWL00002DCC800"
                ),
            ]
        );
    }
}
