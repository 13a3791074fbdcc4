//! Who has the shared memory: file systems in memory, and segments of System V.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use rustix::fs::{Mode, OFlags};
use serde::Serialize;

use super::plausible;
use crate::host::{DeviceNumber, MountInfo, unescape};

/// A file system in memory, once, however often it is mounted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Tmpfs {
    /// Where it is mounted.
    pub point: String,
    /// Its device number.
    pub device: DeviceNumber,
    /// What its files occupy, in memory and in swap space; `None` where that is not known: the host is
    /// not this one, something is mounted over it, or it has no limit and therefore does not count.
    #[serde(rename = "used_bytes")]
    pub used: Option<u64>,
}

/// A mount, as far as it matters here.
struct Mount {
    id: i32,
    parent: i32,
    number: DeviceNumber,
    whole: bool,
    point: String,
    kind: String,
}

impl Mount {
    fn understand(line: &str) -> Option<Self> {
        let info = MountInfo::from_line(line).ok()?;
        Some(Self {
            id: info.mnt_id,
            parent: info.pid,
            number: info.majmin.parse().ok()?,
            whole: info.root == "/",
            point: unescape(info.mount_point.to_str()?),
            kind: info.fs_type,
        })
    }

    /// Whether it keeps files as shared memory. ramfs does not: its pages are page cache, and it does
    /// not count them.
    fn is_tmpfs(&self) -> bool {
        matches!(self.kind.as_str(), "tmpfs" | "devtmpfs")
    }

    /// Whether the kernel walks through it without asking anybody: a server that is gone would hold us
    /// up for ever. What is not known to be local is not.
    fn is_local(&self) -> bool {
        let on_a_disk = self.number.major != 0;
        match self.kind.as_str() {
            _ if self.point == "/" => true,
            "fuseblk" | "gfs2" | "ocfs2" => false,
            "tmpfs" | "devtmpfs" | "ramfs" | "rootfs" | "sysfs" | "proc" | "cgroup" | "cgroup2"
            | "btrfs" | "zfs" | "bcachefs" | "hugetlbfs" => true,
            _ => on_a_disk,
        }
    }

    /// Whether the way to `point` leads through this mount's.
    fn is_on_the_way_to(&self, point: &str) -> bool {
        self.point == "/"
            || point
                .strip_prefix(self.point.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// Says what the file system at a place with a device number has in use; `None` if it does not count.
pub(super) type AskUse<'a> = &'a dyn Fn(&str, DeviceNumber) -> io::Result<Option<u64>>;

/// The file systems in memory of a list of mounts, largest first.
pub(super) fn tmpfs(text: &[u8], ask: Option<AskUse<'_>>, unread: &mut Vec<String>) -> Vec<Tmpfs> {
    let mut mounts = Vec::new();
    for line in String::from_utf8_lossy(text).lines() {
        match Mount::understand(line) {
            Some(mount) => mounts.push(mount),
            None => unread.push(format!("not a mount: “{line}”")),
        }
    }
    let by_id: BTreeMap<i32, &Mount> = mounts.iter().map(|mount| (mount.id, mount)).collect();
    let mut places: BTreeMap<DeviceNumber, Vec<&Mount>> = BTreeMap::new();
    for mount in mounts.iter().filter(|mount| mount.is_tmpfs()) {
        places.entry(mount.number).or_default().push(mount);
    }
    let mut found: Vec<Tmpfs> = places
        .into_iter()
        .filter_map(|(device, mut places)| {
            // Bound folders of it come last.
            places.sort_by_key(|place| !place.whole);
            let reachable = places
                .iter()
                .find(|place| is_reachable(place, &mounts, &by_id));
            let point = reachable.or(places.first())?.point.clone();
            let used = match (ask, reachable) {
                (Some(ask), Some(_)) => ask(&point, device).unwrap_or_else(|error| {
                    unread.push(format!("how full {point} is: {error}"));
                    None
                }),
                _ => None,
            };
            Some(Tmpfs {
                used: used.and_then(plausible),
                point,
                device,
            })
        })
        .collect();
    found.sort_by(|a, b| b.used.cmp(&a.used).then_with(|| a.point.cmp(&b.point)));
    found
}

/// Whether a path leads to the mount, past local file systems only.
fn is_reachable(mount: &Mount, mounts: &[Mount], by_id: &BTreeMap<i32, &Mount>) -> bool {
    let mut beneath = BTreeSet::from([mount.id]);
    let mut at = mount;
    while let Some(parent) = by_id.get(&at.parent) {
        if !parent.is_local() {
            return false;
        }
        if !beneath.insert(parent.id) {
            break;
        }
        at = parent;
    }
    // Another mount on the way, at the place itself or above it, hides this one.
    mounts
        .iter()
        .all(|other| beneath.contains(&other.id) || !other.is_on_the_way_to(&mount.point))
}

/// Asks this host. Nothing is opened: the file system alone is looked at, and it must be the one meant.
pub(super) fn ask_kernel(point: &str, device: DeviceNumber) -> io::Result<Option<u64>> {
    let place = rustix::fs::open(point, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
    let status = rustix::fs::fstat(&place)?;
    let there = (
        rustix::fs::major(status.st_dev),
        rustix::fs::minor(status.st_dev),
    );
    if there != (device.major, device.minor) {
        return Err(io::Error::other("something else is mounted there"));
    }
    let figures = rustix::fs::fstatvfs(&place)?;
    // Without a limit (size=0) it does not count.
    if figures.f_blocks == 0 {
        return Ok(None);
    }
    let blocks = figures.f_blocks.saturating_sub(figures.f_bfree);
    Ok(blocks.checked_mul(figures.f_frsize))
}

/// A segment of System V shared memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Segment {
    /// Its number.
    pub id: i64,
    /// How large it is, touched or not.
    #[serde(rename = "size_bytes")]
    pub size: u64,
    /// What of it is in memory, in pages of hugetlbfs or others.
    #[serde(rename = "rss_bytes")]
    pub rss: u64,
    /// What of it is in swap space.
    #[serde(rename = "swap_bytes")]
    pub swap: u64,
}

/// The segments of `sysvipc/shm`. Its first line names the columns.
pub(super) fn segments(text: &[u8], unread: &mut Vec<String>) -> Option<Vec<Segment>> {
    let text = String::from_utf8_lossy(text);
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next()?.split_ascii_whitespace().collect();
    let column = |name| names.iter().position(|it| *it == name);
    let columns = (
        column("shmid")?,
        column("size")?,
        column("rss")?,
        column("swap")?,
    );
    let mut found = Vec::new();
    for line in lines {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        match segment(&words, names.len(), columns) {
            Some(segment) => found.push(segment),
            None => unread.push(format!("not a segment: “{line}”")),
        }
    }
    Some(found)
}

fn segment(
    words: &[&str],
    width: usize,
    (id, size, rss, swap): (usize, usize, usize, usize),
) -> Option<Segment> {
    (words.len() == width).then_some(())?;
    let bytes = |at: usize| words.get(at)?.parse().ok();
    Some(Segment {
        id: words.get(id)?.parse().ok()?,
        size: bytes(size)?,
        rss: bytes(rss).and_then(plausible)?,
        swap: bytes(swap).and_then(plausible)?,
    })
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    const MOUNTS: &str = "\
21 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
22 21 0:20 / /proc rw shared:2 - proc proc rw
23 21 0:5 / /dev rw shared:3 - devtmpfs devtmpfs rw,size=4k
24 23 0:22 / /dev/shm rw shared:4 - tmpfs tmpfs rw
25 21 0:24 / /run rw shared:5 - tmpfs tmpfs rw
26 25 0:24 /lock /srv/bound rw shared:5 - tmpfs tmpfs rw
27 21 0:50 / /mnt/nfs rw shared:6 - nfs4 server:/export rw
28 27 0:51 / /mnt/nfs/scratch rw shared:7 - tmpfs tmpfs rw
29 21 0:52 / /covered rw shared:8 - tmpfs tmpfs rw
30 29 0:53 / /covered rw shared:9 - nfs4 server:/other rw
31 21 0:54 / /with\\040blank rw shared:10 - tmpfs tmpfs rw
32 21 0:55 / /mem rw shared:11 - ramfs ramfs rw
34 21 8:17 / /ntfs rw shared:13 - fuseblk /dev/sdb1 rw
35 34 0:57 / /ntfs/mem rw shared:14 - tmpfs tmpfs rw
33 21 0:56 / /run-alike rw shared:12 - tmpfs tmpfs rw,size=0
";

    #[test]
    fn only_what_is_local_and_in_sight_is_asked() {
        let asked = RefCell::new(Vec::new());
        let ask = |point: &str, _| {
            asked.borrow_mut().push(point.to_owned());
            match point {
                "/run" => Ok(Some(100)),
                "/dev/shm" => Ok(Some(200)),
                "/run-alike" => Ok(None),
                "/dev" => Err(io::Error::from(io::ErrorKind::PermissionDenied)),
                _ => Ok(Some(0)),
            }
        };
        let mut unread = Vec::new();
        let found = tmpfs(MOUNTS.as_bytes(), Some(&ask), &mut unread);
        let shown: Vec<_> = found
            .iter()
            .map(|it| (it.point.as_str(), it.used))
            .collect();
        assert_eq!(
            shown,
            [
                ("/dev/shm", Some(200)),
                ("/run", Some(100)),
                ("/with blank", Some(0)),
                ("/covered", None),
                ("/dev", None),
                ("/mnt/nfs/scratch", None),
                ("/ntfs/mem", None),
                ("/run-alike", None),
            ]
        );
        let mut asked = asked.into_inner();
        asked.sort();
        assert_eq!(
            asked,
            ["/dev", "/dev/shm", "/run", "/run-alike", "/with blank"]
        );
        assert_eq!(unread, ["how full /dev is: permission denied"]);
    }

    #[test]
    fn another_host_is_not_asked() {
        let found = tmpfs(MOUNTS.as_bytes(), None, &mut Vec::new());
        assert_eq!(found.len(), 8);
        assert!(found.iter().all(|it| it.used.is_none()));
    }

    #[test]
    fn damaged_mounts_are_named() {
        let mut unread = Vec::new();
        let text = b"1 1 0:1 / / rw - tmpfs tmpfs rw\n2 1\n\xff\n3 3 x / /y rw - tmpfs t rw\n";
        let found = tmpfs(text, None, &mut unread);
        assert_eq!(found.len(), 1);
        assert_eq!(unread.len(), 3);
    }

    #[test]
    fn mounts_that_are_their_own_parents_do_not_loop() {
        let text = b"1 2 0:1 / /a rw - tmpfs t rw\n2 1 0:2 / /b rw - tmpfs t rw\n";
        let found = tmpfs(text, Some(&|_, _| Ok(Some(1))), &mut Vec::new());
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn segments_are_read_by_the_names_of_columns() {
        let text = b"       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid      atime      dtime      ctime                   rss                  swap\n         0          2   600             104857600   123   123      1     0     0     0     0 1700000000          0 1700000000              52428800                  4096\n 7 3 600\n";
        let mut unread = Vec::new();
        let found = segments(text, &mut unread);
        let expected = Segment {
            id: 2,
            size: 104_857_600,
            rss: 52_428_800,
            swap: 4096,
        };
        assert_eq!(found, Some(vec![expected]));
        assert_eq!(unread, ["not a segment: “ 7 3 600”"]);
        assert_eq!(segments(b"", &mut unread), None);
        assert_eq!(segments(b"key shmid size\n", &mut unread), None);
    }
}
