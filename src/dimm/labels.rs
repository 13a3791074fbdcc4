//! Files of slot labels by board, as rasdaemon (`ras-mc-ctl(8)`) and edac-utils (`edac-ctl(8)`) keep them.
//!
//! ```text
//! Vendor: Dell Inc.
//!   Product: PowerEdge R640, PowerEdge R740
//!     A1: 0.0.0;  A2: 0.1.0;
//!   Model: 0ABC12
//!     DIMM_A1: 0.0.0, 0.1.0;
//! ```
//! The numbers are controller and layers of the driver's location. rasdaemon's may be of any driver,
//! those of edac-utils are chip-select rows and channels.

use std::path::{Path, PathBuf};

use super::edac::Place;
use super::source::{Board, is_absent, unread as told};

/// The labels for one board.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Labels {
    entries: Vec<Entry>,
    /// Whether they say something of rows and channels alone.
    rows_only: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    label: String,
    mc: u32,
    layers: Vec<u32>,
}

/// Reads the files below `etc` for `board`. rasdaemon's stand before those of edac-utils.
pub(super) fn read(etc: &Path, board: &Board, unread: &mut Vec<String>) -> Labels {
    for (name, rows_only) in [("ras/dimm_labels", false), ("edac/labels", true)] {
        let mut entries = Vec::new();
        for path in files(etc, name, unread) {
            match std::fs::read(&path) {
                Ok(bytes) => {
                    let wrong = parse(&String::from_utf8_lossy(&bytes), board, &mut entries);
                    unread.extend(
                        wrong.map(|line| format!("{}: line {line} is no label", path.display())),
                    );
                }
                Err(error) if is_absent(&error) => {}
                Err(error) => unread.push(told(&path, &error)),
            }
        }
        if !entries.is_empty() {
            return Labels { entries, rows_only };
        }
    }
    Labels::default()
}

/// `NAME.db` and the files in `NAME.d`, in order.
fn files(etc: &Path, name: &str, unread: &mut Vec<String>) -> Vec<PathBuf> {
    let folder = etc.join(format!("{name}.d"));
    let mut files: Vec<PathBuf> = match std::fs::read_dir(&folder) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        Err(error) => {
            if !is_absent(&error) {
                unread.push(told(&folder, &error));
            }
            Vec::new()
        }
    };
    files.retain(|path| path.is_file());
    files.sort();
    files.insert(0, etc.join(format!("{name}.db")));
    files
}

/// Adds the labels that `text` has for `board`; returns the first line that is none, of this board's.
fn parse(text: &str, board: &Board, entries: &mut Vec<Entry>) -> Option<usize> {
    let mut vendor = "";
    let mut is_ours = false;
    let mut wrong = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let key = line
            .split_once(':')
            .map(|(key, value)| (key.trim().to_ascii_lowercase(), value.trim()));
        match key.as_ref().map(|(key, value)| (key.as_str(), *value)) {
            Some(("vendor", value)) => (vendor, is_ours) = (value, false),
            Some(("model" | "board", value)) => {
                is_ours =
                    is(board.vendor.as_deref(), vendor) && among(board.name.as_deref(), value);
            }
            Some(("product", value)) => {
                let product_vendor = board.product_vendor.as_deref().or(board.vendor.as_deref());
                is_ours = is(product_vendor, vendor) && among(board.product.as_deref(), value);
            }
            _ if is_ours => {
                for item in line.split(';').map(str::trim).filter(|it| !it.is_empty()) {
                    match label(item) {
                        Some(found) => entries.extend(found),
                        None => wrong = wrong.or(Some(index + 1)),
                    }
                }
            }
            _ => {}
        }
    }
    wrong
}

fn is(ours: Option<&str>, named: &str) -> bool {
    ours.is_some_and(|ours| ours.trim().eq_ignore_ascii_case(named.trim()))
}

fn among(ours: Option<&str>, list: &str) -> bool {
    list.split([',', ';']).any(|named| is(ours, named))
}

/// `DIMM_A1: 0.0.0, 0.1.0`
fn label(item: &str) -> Option<Vec<Entry>> {
    let (label, targets) = item.split_once(':')?;
    let targets = targets.split([',', ' ', '\t']).filter(|it| !it.is_empty());
    targets
        .map(|target| {
            let numbers = target.split(['.', ':']).map(|it| it.parse().ok());
            let numbers: Option<Vec<u32>> = numbers.collect();
            let numbers = numbers.filter(|it| (2..=4).contains(&it.len()))?;
            let (&mc, layers) = numbers.split_first()?;
            Some(Entry {
                label: label.trim().to_owned(),
                mc,
                layers: layers.to_vec(),
            })
        })
        .collect()
}

impl Labels {
    /// The label of `place`; the last one where the files name it several times.
    pub(super) fn of(&self, place: &Place) -> Option<&str> {
        if self.rows_only && !place.by_row || place.layers.is_empty() {
            return None;
        }
        let mut entries = self.entries.iter().rev();
        let entry = entries.find(|entry| entry.mc == place.mc && entry.layers == place.layers)?;
        Some(&entry.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board() -> Board {
        Board {
            vendor: Some("Dell Inc.".to_owned()),
            name: Some("0ABC12".to_owned()),
            product_vendor: None,
            product: Some("PowerEdge R640".to_owned()),
        }
    }

    fn entry(label: &str, mc: u32, layers: [u32; 2]) -> Entry {
        Entry {
            label: label.to_owned(),
            mc,
            layers: layers.to_vec(),
        }
    }

    fn parsed(text: &str) -> (Vec<Entry>, Option<usize>) {
        let mut entries = Vec::new();
        let wrong = parse(text, &board(), &mut entries);
        (entries, wrong)
    }

    #[test]
    fn labels_are_those_of_the_board_or_the_product() {
        let text = "# a comment\nVendor: dell inc.\n  Model: 0XYZ99\n  B9: 0.0.0;\n\
                    Product: PowerEdge R440, poweredge r640\n  A1: 0.0.0; A2: 1.2.1, 1.3.1\n\
                    Vendor: Other\n Product: PowerEdge R640\n C1: 0.0.0\n";
        let (found, wrong) = parsed(text);
        let expected = [
            entry("A1", 0, [0, 0]),
            entry("A2", 1, [2, 1]),
            entry("A2", 1, [3, 1]),
        ];
        assert_eq!(found, expected);
        assert_eq!(wrong, None);
    }

    #[test]
    fn a_line_that_is_no_label_is_told_only_of_this_board() {
        let text =
            "Vendor: Dell Inc.\nModel: other\nwhat\nModel: 0ABC12\nwhat\nA1: x.y\nA2: 0.1.0\n";
        let (found, wrong) = parsed(text);
        assert_eq!(found, [entry("A2", 0, [1, 0])]);
        assert_eq!(wrong, Some(5));
    }
}
