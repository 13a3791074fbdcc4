//! From a path below `/dev` to the kernel's name of a block device.

use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::address::DeviceNumber;

/// The device nodes of a host.
#[derive(Debug, Clone)]
pub(super) struct Nodes {
    dev: PathBuf,
    sysfs: PathBuf,
}

impl Nodes {
    pub(super) fn new(dev: PathBuf, sysfs: PathBuf) -> Self {
        Self { dev, sysfs }
    }

    /// The node of the block device that sysfs calls `name`.
    pub(super) fn node(&self, name: &str) -> PathBuf {
        self.dev.join(name.replace('!', "/"))
    }

    /// The name in `/sys/class/block` of the block device that `path` leads to, through any symbolic
    /// link (`/dev/disk/by-id/…`, `/dev/mapper/…`); `None` if it leads to none. A bare name is taken as
    /// one below `/dev`.
    pub(super) fn name(&self, path: &Path) -> Option<String> {
        let path = match path.strip_prefix("/dev") {
            Ok(below) => self.dev.join(below),
            Err(_) if path.is_relative() => self.dev.join(path),
            Err(_) => path.to_owned(),
        };
        let node = path.canonicalize().ok()?;
        let metadata = node.metadata().ok()?;
        let name = if metadata.file_type().is_block_device() {
            // The number is the truth, whatever the node is called.
            let number = DeviceNumber {
                major: rustix::fs::major(metadata.rdev()),
                minor: rustix::fs::minor(metadata.rdev()),
            };
            let link = self.sysfs.join("dev/block").join(number.to_string());
            link.canonicalize().ok()?.file_name()?.to_str()?.to_owned()
        } else {
            // sysfs writes the slashes of nodes in folders as `!`.
            let below = node.strip_prefix(self.dev.canonicalize().ok()?).ok()?;
            below.to_str()?.replace('/', "!")
        };
        let known = !name.is_empty() && self.sysfs.join("class/block").join(&name).exists();
        known.then_some(name)
    }
}
