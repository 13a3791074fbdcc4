//! Block devices and what is built on them.

use std::path::{Path, PathBuf};

use ironkeep_parsers::units::Bytes;
use serde::Serialize;

use super::address::{DeviceNumber, ScsiAddress};
use super::usage::{Mount, Swap, Usage};
use super::{Unread, sysfs};

/// A block device with its partitions, what is stacked on it, and where it is mounted.
///
/// A device without mounts, swap and holders is not proven to be unused: ZFS, and programs that open
/// the device itself, leave no trace in these places. See [`super::Host::openers`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct BlockDevice {
    /// The kernel's name (`sda`, `dm-0`); the node is below `/dev`.
    pub name: String,
    /// What kind of block device it is.
    #[serde(flatten)]
    pub kind: Kind,
    /// Its number.
    pub number: DeviceNumber,
    /// How large it is; absent if sysfs does not say.
    #[serde(rename = "size_bytes")]
    pub size: Option<Bytes>,
    /// The vendor that the SCSI device names.
    pub vendor: Option<String>,
    /// The model that the SCSI device names.
    pub model: Option<String>,
    /// The name that is its alone in the world (NAA), in hexadecimal, as the SCSI device gives it; absent
    /// where it gives none, or one of another kind.
    pub wwn: Option<String>,
    /// Its SCSI address; absent for what is not a SCSI disk.
    pub scsi: Option<ScsiAddress>,
    /// Where it is mounted; absent if the mounts cannot be read.
    pub mounts: Option<Vec<Mount>>,
    /// Its use as swap space, one at most; absent if the swap spaces cannot be read.
    pub swaps: Option<Vec<Swap>>,
    /// Its partitions, in order.
    pub partitions: Vec<Self>,
    /// What is built on it: mapped devices, software RAID.
    pub holders: Vec<Self>,
}

/// What kind of block device it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Kind {
    /// A whole disk.
    Disk,
    /// A part of a disk.
    Partition,
    /// A device-mapper device.
    Mapped {
        /// Its name below `/dev/mapper`.
        mapped_name: Option<String>,
        /// What made it, as its identifier begins: `LVM`, `CRYPT`, `mpath`; absent without identifier.
        maker: Option<String>,
    },
    /// Linux software RAID.
    SoftwareRaid {
        /// Its level (`raid1`).
        level: Option<String>,
    },
}

impl BlockDevice {
    /// The device and everything below it, each as the path from the device to it.
    pub fn walk(&self) -> Vec<Vec<&Self>> {
        let mut paths = vec![vec![self]];
        for child in self.partitions.iter().chain(&self.holders) {
            paths.extend(child.walk().into_iter().map(|mut path| {
                path.insert(0, self);
                path
            }));
        }
        paths
    }

    /// The name for people: that below `/dev/mapper` for a mapped device.
    pub fn title(&self) -> &str {
        match &self.kind {
            Kind::Mapped {
                mapped_name: Some(name),
                ..
            } => name,
            Kind::Disk | Kind::Partition | Kind::Mapped { .. } | Kind::SoftwareRaid { .. } => {
                &self.name
            }
        }
    }
}

/// Reads block devices from sysfs.
pub(super) struct Reader<'a> {
    /// The root of sysfs.
    pub(super) sysfs: &'a Path,
    /// Mounts and swap.
    pub(super) usage: &'a Usage,
}

impl Reader<'_> {
    /// The directory of a block device.
    pub(super) fn directory(&self, name: &str) -> Option<PathBuf> {
        self.sysfs
            .join("class/block")
            .join(name)
            .canonicalize()
            .ok()
    }

    /// Reads one device with all that is below it. What cannot be read is added to `unread`.
    pub(super) fn device(&self, name: &str, unread: &mut Vec<Unread>) -> Option<BlockDevice> {
        self.below(name, &mut Vec::new(), unread)
    }

    /// `above` are the devices that lead here. The kernel stacks no device on itself; a broken tree must
    /// not turn this into an endless walk.
    fn below(
        &self,
        name: &str,
        above: &mut Vec<String>,
        unread: &mut Vec<Unread>,
    ) -> Option<BlockDevice> {
        let class = self.sysfs.join("class/block").join(name);
        if above.iter().any(|seen| seen == name) {
            unread.push(Unread::new(&class, "is stacked on itself"));
            return None;
        }
        let Some(directory) = self.directory(name) else {
            unread.push(Unread::new(&class, "leads nowhere"));
            return None;
        };
        let Some(number) = sysfs::value(&directory, "dev") else {
            unread.push(Unread::new(&directory.join("dev"), "is no device number"));
            return None;
        };
        above.push(name.to_owned());
        let mut children = |names: Vec<String>| {
            names
                .iter()
                .filter_map(|name| self.below(name, above, unread))
                .collect::<Vec<_>>()
        };
        let partitions = children(
            sysfs::names(&directory)
                .into_iter()
                .filter(|entry| directory.join(entry).join("partition").exists())
                .collect(),
        );
        let holders = children(sysfs::names(&directory.join("holders")));
        above.pop();
        let scsi = directory.join("device");
        Some(BlockDevice {
            name: name.to_owned(),
            kind: kind(&directory),
            number,
            // `size` counts sectors of 512 bytes, whatever the device's own sector size is.
            size: sysfs::value::<u64>(&directory, "size")
                .and_then(|sectors| sectors.checked_mul(512))
                .map(Bytes),
            vendor: sysfs::text(&scsi, "vendor"),
            model: sysfs::text(&scsi, "model"),
            wwn: sysfs::text(&scsi, "wwid").as_deref().and_then(naa),
            scsi: scsi
                .canonicalize()
                .ok()
                .and_then(|path| path.file_name()?.to_str()?.parse().ok()),
            mounts: self.usage.mounts(name, number),
            swaps: self.usage.swaps(name),
            partitions,
            holders,
        })
    }
}

/// `naa.600605b00a5f3c901d7f1a2b3c4d5e6f` is an NAA of 16 bytes; others have 8. The kernel has it from the
/// page of identifiers (VPD 0x83), and gives a made-up text (`t10.…`) for a device without one.
fn naa(wwid: &str) -> Option<String> {
    let digits = wwid.strip_prefix("naa.")?;
    let is_name = matches!(digits.len(), 16 | 32)
        && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        && digits.bytes().any(|digit| digit != b'0');
    is_name.then(|| digits.to_ascii_lowercase())
}

fn kind(directory: &Path) -> Kind {
    let mapper = directory.join("dm");
    if mapper.is_dir() {
        Kind::Mapped {
            mapped_name: sysfs::text(&mapper, "name"),
            maker: sysfs::text(&mapper, "uuid")
                .and_then(|uuid| Some(uuid.split_once('-')?.0.to_owned())),
        }
    } else if directory.join("md").is_dir() {
        Kind::SoftwareRaid {
            level: sysfs::text(&directory.join("md"), "level"),
        }
    } else if directory.join("partition").exists() {
        Kind::Partition
    } else {
        Kind::Disk
    }
}
