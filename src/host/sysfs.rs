//! Reading directories and attributes of sysfs.

use std::path::Path;
use std::str::FromStr;

/// The entries of a directory, sorted so that `sda2` stands before `sda10`; none where it does not exist.
pub(crate) fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(directory)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    names
}

/// An attribute's text without the blanks around it; `None` where it is absent, unreadable or empty.
pub(crate) fn text(directory: &Path, attribute: &str) -> Option<String> {
    let bytes = std::fs::read(directory.join(attribute)).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// An attribute as a value; `None` where it is absent or not of this kind.
pub(crate) fn value<T: FromStr>(directory: &Path, attribute: &str) -> Option<T> {
    text(directory, attribute)?.parse().ok()
}

/// An attribute such as `0x1000`.
pub(crate) fn hexadecimal(directory: &Path, attribute: &str) -> Option<u16> {
    let text = text(directory, attribute)?;
    u16::from_str_radix(text.strip_prefix("0x")?, 16).ok()
}
