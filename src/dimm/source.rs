//! Reading attributes, and the little that is asked of procfs and of the board's identity.

use std::io::{self, Read};
use std::path::Path;

/// The names of the board and of the product, for people and for files of labels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Board {
    pub(super) vendor: Option<String>,
    pub(super) name: Option<String>,
    pub(super) product_vendor: Option<String>,
    pub(super) product: Option<String>,
}

impl Board {
    pub(super) fn read(sysfs: &Path) -> Self {
        let id = sysfs.join("class/dmi/id");
        let field = |name: &str| named(&attribute(&id.join(name)).ok()??);
        Self {
            vendor: field("board_vendor"),
            name: field("board_name"),
            product_vendor: field("sys_vendor"),
            product: field("product_name"),
        }
    }

    /// `Supermicro H12DSi-N6`.
    pub(super) fn words(&self) -> Option<String> {
        let words: Vec<&str> = self
            .vendor
            .iter()
            .chain(&self.name)
            .map(String::as_str)
            .collect();
        (!words.is_empty()).then(|| words.join(" "))
    }
}

/// An attribute without the blanks around it; `None` where it does not exist.
pub(super) fn attribute(path: &Path) -> io::Result<Option<String>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).trim().to_owned())),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether nothing is there, as opposed to something that cannot be read.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// A line of what was not read: the file and why, and whether it takes root.
pub(super) fn unread(path: &Path, error: &io::Error) -> String {
    let is_denied = error.kind() == io::ErrorKind::PermissionDenied;
    let remedy = if is_denied { "; run this as root" } else { "" };
    format!("{}: {error}{remedy}", path.display())
}

/// `text`, unless it is one of the words by which firmware says that it has nothing to say.
pub(super) fn named(text: &str) -> Option<String> {
    /// Boards count some of them: `SerNum00`, `Manufacturer1`.
    const NOTHING: &[&str] = &[
        "none",
        "null",
        "n/a",
        "no dimm",
        "nodimm",
        "no module installed",
        "empty",
        "[empty]",
        "not specified",
        "not available",
        "not provided",
        "not present",
        "not installed",
        "undefined",
        "unknown",
        "default string",
        "o.e.m.",
        "sernum",
        "partnum",
        "manufacturer",
        "assettagnum",
        "modulepartnumber",
    ];
    let text = text.trim_matches(|it: char| it.is_whitespace() || it == '\0');
    let lower = text.to_ascii_lowercase();
    let digits = lower.strip_prefix("0x").unwrap_or(&lower);
    let is_nothing = NOTHING.contains(&lower.trim_end_matches(|it: char| it.is_ascii_digit()))
        || lower.starts_with("to be filled")
        || lower.starts_with("<bad")
        || (lower.starts_with("array") || lower.starts_with("dimm"))
            && ["_partnum", "_sernum", "_manufacturer"].iter().any(|it| lower.contains(it))
        // Erased or never written: also no text at all.
        || digits.chars().all(|it| matches!(it, '0' | '-' | ' ' | '.'))
        || digits.chars().all(|it| it == 'f');
    (!is_nothing).then(|| text.to_owned())
}

/// A line of `meminfo`, in bytes.
pub(super) fn meminfo(procfs: &Path, key: &str) -> Option<u64> {
    let text = attribute(&procfs.join("meminfo")).ok()??;
    let rest = text
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    let kilobytes: u64 = rest.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

/// The memory that the kernel has; `None` where a hypervisor may take some of it back at any time.
pub(super) fn usable(procfs: &Path) -> Option<u64> {
    // The first processor tells, and a host has hundreds.
    let mut first = Vec::new();
    let file = std::fs::File::open(procfs.join("cpuinfo")).ok()?;
    file.take(8 << 10).read_to_end(&mut first).ok()?;
    let text = String::from_utf8_lossy(&first);
    let flags = text.lines().find(|line| line.starts_with("flags"))?;
    if flags.split_whitespace().any(|flag| flag == "hypervisor") {
        return None;
    }
    meminfo(procfs, "MemTotal")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_no_names() {
        for text in [
            "",
            "  ",
            "NO DIMM",
            "Not Specified",
            "To Be Filled By O.E.M.",
            "SerNum00",
            "Manufacturer1",
            "Array1_PartNumber0",
            "Dimm1_PartNum",
            "Undefined",
            "00000000",
            "0x0000",
            "FFFFFFFF",
            "[Empty]",
            "N/A",
            "Default string",
            "<BAD INDEX>",
            "Unknown",
        ] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn names_are() {
        for text in [
            "Samsung",
            "M393A4K40DB3-CWE",
            "12345678",
            "1",
            "DIMM_A1",
            "00CE012104",
            "A1",
            "NODE 1",
        ] {
            assert_eq!(named(text).as_deref(), Some(text));
        }
        assert_eq!(named(" 80CE \0").as_deref(), Some("80CE"));
    }
}
