//! `Inquiry Data`: what the drive calls itself, in columns of fixed width.
//!
//! Two layouts exist. ATA drives give serial (20), model (40) and firmware (8). SCSI drives, and ATA
//! drives behind an expander that translates, give vendor (8), model (16), revision (4) and twenty
//! columns of the vendor's, which begin with or consist of the serial number.
//!
//! People pull drives by the serial number, so a part is given only where the columns are proved to be
//! intact: published outputs have lost leading, trailing or repeated blanks.

use smol_str::{SmolStr, SmolStrBuilder};

use crate::model::{Inquiry, Interface};

/// The inquiry text in its columns: what stands behind the colon, less the one blank that the tool
/// puts there.
pub fn columns(raw_line: &str) -> &str {
    let text = raw_line.split_once(':').map_or("", |(_, value)| value);
    text.strip_prefix(' ')
        .unwrap_or(text)
        .trim_end_matches('\r')
}

/// Splits `columns`. `interface` and `level` (`Device Firmware Level`) are witnesses: where they
/// contradict a layout, the parts stay empty.
pub fn inquiry(columns: &str, interface: Option<&Interface>, level: Option<&str>) -> Inquiry {
    ata(columns, interface, level)
        .or_else(|| scsi(columns, interface, level))
        .unwrap_or_else(|| whole(columns))
}

/// The text without its parts.
fn whole(columns: &str) -> Inquiry {
    Inquiry {
        raw: fold(columns),
        ..Inquiry::default()
    }
}

/// Serial (20), model (40), firmware (8).
fn ata(columns: &str, interface: Option<&Interface>, level: Option<&str>) -> Option<Inquiry> {
    if columns.len() > 68 || interface.is_some_and(|interface| *interface == Interface::Sas) {
        return None;
    }
    let (serial, model) = (columns.get(..20)?, columns.get(20..60)?);
    let firmware = columns.get(60..)?;
    // Text up to the last column proves that no blank is lost. So does a firmware that begins its
    // column behind a blank: with lost leading blanks it would begin further left.
    let in_place = columns.trim_ascii_end().len() == 68
        || (model.ends_with(' ') && firmware.starts_with(printable));
    let firmware = word(firmware)?;
    // The level holds the last four characters: `0362` for `4PC10362`.
    let agrees = level.is_none_or(|level| firmware.ends_with(level));
    if !in_place || !agrees || !model.starts_with(printable) {
        return None;
    }
    Some(Inquiry {
        vendor: None,
        model: Some(fold(model)),
        firmware: Some(firmware.into()),
        serial: Some(word(serial)?.into()),
        ..whole(columns)
    })
}

/// Vendor (8), model (16), revision (4), and up to 20 columns of the vendor's.
fn scsi(columns: &str, interface: Option<&Interface>, level: Option<&str>) -> Option<Inquiry> {
    if columns.trim_ascii_end().len() > 48 {
        return None;
    }
    let vendor = word(columns.get(..8)?)?;
    let model = columns.get(8..24)?;
    let revision = word(columns.get(24..28)?)?;
    let own = columns.get(28..)?;
    let intact = has_gap(columns) || level == Some(revision);
    let agrees = level.is_none_or(|level| level == revision);
    let translated = vendor == "ATA";
    let fits = match interface {
        Some(Interface::Sata) => translated,
        Some(Interface::Sas) => !translated,
        _ => true,
    };
    let in_place = columns.starts_with(printable)
        && model.starts_with(printable)
        && revision.len() == 4
        && own.is_ascii();
    if !(intact && agrees && fits && in_place) {
        return None;
    }
    Some(Inquiry {
        vendor: Some(vendor.into()),
        model: Some(fold(model)),
        firmware: Some(revision.into()),
        serial: scsi_serial(vendor, revision, own).map(SmolStr::new),
        ..whole(columns)
    })
}

/// The serial number in the vendor's columns. Drives made for IBM and Lenovo have eight characters
/// and then a code and the revision once more, up to three times: `6XS3H1JY0808B55C`,
/// `ZHZ2EFC7ECH8ECH8ECH8`. All others have nothing but the serial number.
fn scsi_serial<'a>(vendor: &str, revision: &str, own: &'a str) -> Option<&'a str> {
    if matches!(vendor, "IBM-ESXS" | "LENOVO-X") {
        return word(own.get(..8)?).filter(|serial| serial.len() == 8);
    }
    word(own).filter(|serial| serial.len() <= 20 && !serial.ends_with(revision))
}

/// A single word with blanks around it: blanks or other bytes inside say that the columns are not
/// what they seem. A row of `X` or `*` is what people put in the place of a serial number.
fn word(text: &str) -> Option<&str> {
    let word = text.trim_ascii();
    let masked = ["XXXX", "xxxx", "****"]
        .iter()
        .any(|mask| word.starts_with(mask));
    (!word.is_empty() && !masked && word.bytes().all(|byte| byte.is_ascii_graphic()))
        .then_some(word)
}

fn printable(c: char) -> bool {
    c.is_ascii_graphic()
}

/// Whether two blanks stand side by side. A search for the text of two blanks takes far longer.
fn has_gap(text: &str) -> bool {
    let mut blank = false;
    text.bytes().any(|byte| {
        let before = std::mem::replace(&mut blank, byte.is_ascii_whitespace());
        before && blank
    })
}

/// Repeated blanks as one.
fn fold(text: &str) -> SmolStr {
    let text = text.trim_ascii();
    if !has_gap(text) {
        return SmolStr::new(text);
    }
    let mut folded = SmolStrBuilder::new();
    for (at, word) in text.split_ascii_whitespace().enumerate() {
        if at > 0 {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vendor, model, firmware and serial of a line.
    fn parts(line: &str, interface: &Interface, level: Option<&str>) -> [Option<String>; 4] {
        let read = inquiry(columns(line), Some(interface), level);
        [read.vendor, read.model, read.firmware, read.serial].map(|part| part.map(String::from))
    }

    fn some<const N: usize>(parts: [&str; N]) -> [Option<String>; N] {
        parts.map(|part| (!part.is_empty()).then(|| part.to_owned()))
    }

    #[test]
    fn ata_drives_give_serial_model_and_firmware() {
        for (line, level, expected) in [
            (
                "Inquiry Data:       MK0311YHGXHPPAHitachi HDS723030ALA640                 MKAOA5C0",
                None,
                ["", "Hitachi HDS723030ALA640", "MKAOA5C0", "MK0311YHGXHPPA"],
            ),
            (
                "Inquiry Data:             W1F3ZE1TST3000DM001-1CH166                      CC27    ",
                None,
                ["", "ST3000DM001-1CH166", "CC27", "W1F3ZE1T"],
            ),
            (
                "Inquiry Data:      WD-WMAW30959975WDC WD1003FBYX-01Y7B1                   01.01V02",
                Some("1V02"),
                ["", "WDC WD1003FBYX-01Y7B1", "01.01V02", "WD-WMAW30959975"],
            ),
            (
                "Inquiry Data: BTPR311401EG600FGN  INTEL SSDSA2BW600G3D                    4PC10362",
                Some("0362"),
                ["", "INTEL SSDSA2BW600G3D", "4PC10362", "BTPR311401EG600FGN"],
            ),
            (
                "Inquiry Data: S45NNX0M433873      SAMSUNG MZ7LH960HAJR-00005              HXT7304Q",
                Some("304Q"),
                [
                    "",
                    "SAMSUNG MZ7LH960HAJR-00005",
                    "HXT7304Q",
                    "S45NNX0M433873",
                ],
            ),
            (
                "Inquiry Data:             9XF1922XST9500620NS                                 AA09",
                Some("AA09"),
                ["", "ST9500620NS", "AA09", "9XF1922X"],
            ),
            (
                "Inquiry Data:         STM00012F8ADSTEC    MACH8 IOPS   43W7701 42C0340IBM 2582    ",
                None,
                [
                    "",
                    "STEC MACH8 IOPS 43W7701 42C0340IBM",
                    "2582",
                    "STM00012F8AD",
                ],
            ),
        ] {
            assert_eq!(
                parts(line, &Interface::Sata, level),
                some(expected),
                "{line}"
            );
        }
    }

    #[test]
    fn scsi_drives_give_vendor_model_revision_and_serial() {
        for (line, level, expected) in [
            (
                "Inquiry Data: SEAGATE ST600MM0026     0001S0M03T5C            ",
                Some("0001"),
                ["SEAGATE", "ST600MM0026", "0001", "S0M03T5C"],
            ),
            (
                "Inquiry Data: TOSHIBA AL13SEB600      010133A0A00ZFTR8        ",
                Some("0101"),
                ["TOSHIBA", "AL13SEB600", "0101", "33A0A00ZFTR8"],
            ),
            (
                "Inquiry Data: MAXTOR  ATLAS10K5_147SASBP00J498LV8K    ",
                None,
                ["MAXTOR", "ATLAS10K5_147SAS", "BP00", "J498LV8K"],
            ),
            (
                "Inquiry Data: HP      EG0600FBLSH     HPD66XR6ZAJB            ",
                None,
                ["HP", "EG0600FBLSH", "HPD6", "6XR6ZAJB"],
            ),
            (
                "Inquiry Data: FUJITSU MAX3073RC       0104DQA0P67008EM        ",
                None,
                ["FUJITSU", "MAX3073RC", "0104", "DQA0P67008EM"],
            ),
            (
                "Inquiry Data: WD      WD1460BKFG-18P2VD1E4WXM1E31XNR61",
                None,
                ["WD", "WD1460BKFG-18P2V", "D1E4", "WXM1E31XNR61"],
            ),
        ] {
            assert_eq!(
                parts(line, &Interface::Sas, level),
                some(expected),
                "{line}"
            );
        }
    }

    #[test]
    fn ibm_and_lenovo_drives_repeat_the_revision_behind_eight_characters() {
        for (line, level, expected) in [
            (
                "Inquiry Data: IBM-ESXSST9900805SS     B55C6XS3H1JY0808B55C    ",
                None,
                ["IBM-ESXS", "ST9900805SS", "B55C", "6XS3H1JY"],
            ),
            (
                "Inquiry Data: IBM-ESXSST14000NM0288 E ECH8ZHZ2EFC7ECH8ECH8ECH8",
                Some("ECH8"),
                ["IBM-ESXS", "ST14000NM0288 E", "ECH8", "ZHZ2EFC7"],
            ),
            (
                "Inquiry Data: IBM-ESXSCBRCA300C3ETS0 NC610PFVEUH0ECCXSA610    ",
                None,
                ["IBM-ESXS", "CBRCA300C3ETS0 N", "C610", "PFVEUH0E"],
            ),
            (
                "Inquiry Data: LENOVO-XAL13SEB600      TB3775S03QHCTB37TB37TB37",
                None,
                ["LENOVO-X", "AL13SEB600", "TB37", "75S03QHC"],
            ),
        ] {
            assert_eq!(
                parts(line, &Interface::Sas, level),
                some(expected),
                "{line}"
            );
        }
    }

    #[test]
    fn ata_drives_behind_an_expander_use_the_scsi_columns() {
        assert_eq!(
            parts(
                "Inquiry Data: ATA     ST9500620NS     FTA1            9XF1L4SC",
                &Interface::Sata,
                None
            ),
            some(["ATA", "ST9500620NS", "FTA1", "9XF1L4SC"])
        );
    }

    #[test]
    fn a_serial_is_absent_where_the_columns_are_in_doubt() {
        let none: [Option<String>; 4] = [None, None, None, None];
        for (line, interface, level) in [
            // leading blanks lost
            (
                "Inquiry Data: MK0311YHGXHPPAHitachi HDS723030ALA640                 MKAOA5C0",
                Interface::Sata,
                None,
            ),
            (
                "Inquiry Data: WD-WMAW3095997WDC WD1003FBYX-01Y7B1                   01.01V02",
                Interface::Sata,
                Some("1V02"),
            ),
            // repeated blanks lost
            (
                "Inquiry Data: SEAGATE ST3450857SS ES643SK1NLYN",
                Interface::Sas,
                None,
            ),
            (
                "Inquiry Data: WD-WMAW30959975WDC WD1003FBYX-01Y7B1 01.01V02",
                Interface::Sata,
                None,
            ),
            // cut off, or masked by the publisher
            ("Inquiry Data: IBM-ESXSM", Interface::Sas, Some("SB1A")),
            (
                "Inquiry Data: IBM-ESXSMBE2147RC       XXXXXXXXXXXXX17SC17SC17",
                Interface::Sas,
                None,
            ),
            // the witness says another revision
            (
                "Inquiry Data: SEAGATE ST600MM0026     0001S0M03T5C            ",
                Interface::Sas,
                Some("0002"),
            ),
        ] {
            assert_eq!(parts(line, &interface, level), none, "{line}");
        }
    }

    #[test]
    fn bytes_that_are_not_ascii_never_become_a_serial() {
        let read = inquiry(
            "SEAGATE ST600MM0026     0001S0\u{fffd}03T5C            ",
            None,
            None,
        );
        assert_eq!(read.serial, None);
    }
}
