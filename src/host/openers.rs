//! Who holds a block device, or has it open: what leaves no trace in mounts, swap and holders.

use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;

use super::address::DeviceNumber;
use super::block::BlockDevice;

/// Whom `device`, or something on it, is opened by. The device's node is `node`.
///
/// # Errors
/// If nobody can say: why.
pub(super) fn of(procfs: &Path, node: &Path, device: &BlockDevice) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    if is_held(node)? {
        found.push("the kernel holds it for a file system, a RAID or a pool".to_owned());
    }
    let numbers: Vec<_> = device
        .walk()
        .iter()
        .filter_map(|path| Some(path.last()?.number))
        .collect();
    let processes = fs::read_dir(procfs);
    let processes =
        processes.map_err(|why| format!("{} cannot be read: {why}", procfs.display()))?;
    for process in processes.flatten() {
        let name = process.file_name();
        let Some(number) = name.to_str().and_then(|it| it.parse::<u32>().ok()) else {
            continue;
        };
        if has_open(&process.path(), &numbers) {
            let name = fs::read_to_string(process.path().join("comm")).unwrap_or_default();
            let name = name.trim();
            found.push(format!("program {name} (process {number}) has it open"));
        }
    }
    Ok(found)
}

/// Whether somebody in the kernel has claimed it: then it cannot be opened exclusively. ZFS claims its
/// drives this way and no other.
fn is_held(node: &Path) -> Result<bool, String> {
    let is_block = |it: fs::Metadata| it.file_type().is_block_device();
    // A host that is read from copied files has none.
    if !fs::metadata(node).is_ok_and(is_block) {
        return Ok(false);
    }
    let flags = OFlags::RDONLY | OFlags::EXCL | OFlags::CLOEXEC | OFlags::NONBLOCK;
    match rustix::fs::open(node, flags, Mode::empty()) {
        // What cannot be read any more is held by nobody.
        Ok(_) | Err(Errno::NXIO | Errno::NODEV | Errno::IO | Errno::NOMEDIUM) => Ok(false),
        Err(Errno::BUSY) => Ok(true),
        Err(why) => Err(format!("{} cannot be opened: {why}", node.display())),
    }
}

/// Whether a process has one of the devices open. A process that ends meanwhile has not.
fn has_open(process: &Path, numbers: &[DeviceNumber]) -> bool {
    let Ok(files) = fs::read_dir(process.join("fd")) else {
        return false;
    };
    files.flatten().any(|file| {
        // Only nodes are asked: a file on a dead network share would hang.
        let is_node = fs::read_link(file.path()).is_ok_and(|to| to.starts_with("/dev"));
        is_node
            && fs::metadata(file.path()).is_ok_and(|it| {
                let number = DeviceNumber {
                    major: rustix::fs::major(it.rdev()),
                    minor: rustix::fs::minor(it.rdev()),
                };
                it.file_type().is_block_device() && numbers.contains(&number)
            })
    })
}
