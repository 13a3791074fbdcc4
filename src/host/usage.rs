//! What mounts and swap say about block devices.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use ironkeep_parsers::units::Bytes;
pub(crate) use procfs::process::MountInfo;
use serde::Serialize;

use super::address::DeviceNumber;
use super::nodes::Nodes;
use super::{Unread, sysfs};

/// A place where a file system is mounted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Mount {
    /// The directory.
    pub point: String,
    /// The file system's type (`ext4`, `xfs`).
    pub file_system: String,
}

/// Swap space in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Swap {
    /// How large it is.
    #[serde(rename = "size_bytes")]
    pub size: Bytes,
    /// How much of it holds data now.
    #[serde(rename = "used_bytes")]
    pub used: Bytes,
}

/// The host's mounts and swap spaces, by block device.
#[derive(Debug, Default)]
pub(super) struct Usage {
    /// `None`: the list of mounts cannot be read.
    mounts: Option<Mounts>,
    /// By the device's name in sysfs. `None`: the list of swap spaces cannot be read.
    swaps: Option<BTreeMap<String, Swap>>,
}

/// Mounts by what the kernel names their device with.
#[derive(Debug, Default)]
struct Mounts {
    by_number: BTreeMap<DeviceNumber, Vec<Mount>>,
    /// File systems over several devices (btrfs, bcachefs) have a device number of their own
    /// (major 0), so they are kept by the names of their devices.
    by_name: BTreeMap<String, Vec<Mount>>,
}

impl Usage {
    /// Reads mounts and swap. What cannot be read is added to `unread`.
    pub(super) fn read(
        procfs: &Path,
        sysfs: &Path,
        nodes: &Nodes,
        unread: &mut Vec<Unread>,
    ) -> Self {
        Self {
            mounts: Mounts::read(procfs, sysfs, nodes, unread),
            swaps: swaps(&procfs.join("swaps"), nodes, unread),
        }
    }

    /// Where a device is mounted; `None` where that cannot be known.
    pub(super) fn mounts(&self, name: &str, number: DeviceNumber) -> Option<Vec<Mount>> {
        let mounts = self.mounts.as_ref()?;
        let mut found = mounts.by_number.get(&number).cloned().unwrap_or_default();
        found.extend(mounts.by_name.get(name).cloned().unwrap_or_default());
        Some(found)
    }

    /// A device's use as swap space; `None` where that cannot be known.
    pub(super) fn swaps(&self, name: &str) -> Option<Vec<Swap>> {
        Some(
            self.swaps
                .as_ref()?
                .get(name)
                .copied()
                .into_iter()
                .collect(),
        )
    }
}

impl Mounts {
    fn read(procfs: &Path, sysfs: &Path, nodes: &Nodes, unread: &mut Vec<Unread>) -> Option<Self> {
        let mut mounts = Self::default();
        let own = procfs.join("self/mountinfo");
        match std::fs::read(&own) {
            Ok(text) => mounts.take(&text, &own, nodes, unread),
            Err(error) => {
                unread.push(Unread::new(&own, &error));
                return None;
            }
        }
        // A service may run in a mount namespace of its own; the host's is that of process 1, which only
        // root may read.
        let first = procfs.join("1/mountinfo");
        if let Ok(text) = std::fs::read(&first) {
            mounts.take(&text, &first, nodes, unread);
        }
        mounts.spread_btrfs(sysfs);
        Some(mounts)
    }

    fn take(&mut self, text: &[u8], path: &Path, nodes: &Nodes, unread: &mut Vec<Unread>) {
        for line in text
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
        {
            let line = String::from_utf8_lossy(line);
            let parsed = MountInfo::from_line(&line)
                .ok()
                .and_then(|info| Some((info.majmin.parse::<DeviceNumber>().ok()?, info)));
            let Some((number, info)) = parsed else {
                unread.push(Unread::new(path, format!("not a mount: “{line}”")));
                continue;
            };
            let mount = Mount {
                point: unescape(&info.mount_point.to_string_lossy()),
                file_system: info.fs_type,
            };
            if number.major != 0 {
                add(self.by_number.entry(number).or_default(), mount);
                continue;
            }
            let source = info.mount_source.unwrap_or_default();
            for node in source.split(':').filter(|node| node.starts_with("/dev/")) {
                let node = unescape(node);
                match nodes.name(Path::new(&node)) {
                    Some(name) => add(self.by_name.entry(name).or_default(), mount.clone()),
                    None => unread.push(Unread::new(
                        path,
                        format!(
                            "{} is mounted from {node}, which is no block device here",
                            mount.point
                        ),
                    )),
                }
            }
        }
    }

    /// A btrfs mount names one of its devices; sysfs names them all.
    fn spread_btrfs(&mut self, sysfs: &Path) {
        let root = sysfs.join("fs/btrfs");
        for file_system in sysfs::names(&root) {
            let devices = sysfs::names(&root.join(file_system).join("devices"));
            let mounts: Vec<Mount> = devices
                .iter()
                .filter_map(|device| self.by_name.get(device))
                .flatten()
                .filter(|mount| mount.file_system == "btrfs")
                .cloned()
                .collect();
            for device in devices {
                for mount in &mounts {
                    add(
                        self.by_name.entry(device.clone()).or_default(),
                        mount.clone(),
                    );
                }
            }
        }
    }
}

/// The same mount shows up in several namespaces: it is listed once.
fn add(mounts: &mut Vec<Mount>, mount: Mount) {
    if !mounts.contains(&mount) {
        mounts.push(mount);
    }
}

/// Reads `/proc/swaps`. A swap file lies in a file system, which is found as a mount.
fn swaps(path: &Path, nodes: &Nodes, unread: &mut Vec<Unread>) -> Option<BTreeMap<String, Swap>> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        // A kernel without swap has no such file.
        Err(error) if error.kind() == ErrorKind::NotFound => return Some(BTreeMap::new()),
        Err(error) => {
            unread.push(Unread::new(path, &error));
            return None;
        }
    };
    let mut swaps = BTreeMap::new();
    for line in String::from_utf8_lossy(&text).lines().skip(1) {
        let mut words = line.split_whitespace();
        let (Some(node), Some(kind)) = (words.next(), words.next()) else {
            unread.push(Unread::new(path, format!("not a swap space: “{line}”")));
            continue;
        };
        if kind != "partition" {
            continue;
        }
        let name = nodes.name(Path::new(&unescape(node)));
        let mut size = || {
            words
                .next()?
                .parse::<u64>()
                .ok()?
                .checked_mul(1024)
                .map(Bytes)
        };
        match (name, size(), size()) {
            (Some(name), Some(size), Some(used)) => {
                swaps.insert(name, Swap { size, used });
            }
            _ => unread.push(Unread::new(path, format!("not a swap space: “{line}”"))),
        }
    }
    Some(swaps)
}

/// Undoes the kernel's escapes (`\040` is a blank) in paths.
pub(crate) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let byte = after
            .get(..3)
            .and_then(|digits| u8::from_str_radix(digits, 8).ok());
        match (byte, after.get(3..)) {
            (Some(byte), Some(tail)) if byte.is_ascii() => {
                plain.push(char::from(byte));
                rest = tail;
            }
            _ => {
                plain.push('\\');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unescape_undoes_octal_and_leaves_the_rest() {
        assert_eq!(unescape(r"/mnt/my\040disk"), "/mnt/my disk");
        assert_eq!(unescape(r"/a\134b\011c"), "/a\\b\tc");
        assert_eq!(unescape(r"/odd\9é"), r"/odd\9é");
        assert_eq!(unescape(r"/end\04"), r"/end\04");
    }
}
