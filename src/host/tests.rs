//! Fake sysfs, procfs and device nodes, with the symbolic links that real ones have.

use std::fs;
use std::os::unix::fs::symlink;

use ironkeep_parsers::model::{DeviceId, TargetId};
use ironkeep_parsers::units::Bytes;

use super::*;

/// A fake host in a temporary directory.
pub(crate) struct Fake {
    root: tempfile::TempDir,
}

impl Fake {
    pub(crate) fn new() -> Self {
        let fake = Self {
            root: tempfile::tempdir().unwrap(),
        };
        fake.write("proc/self/mountinfo", "");
        fake.write("proc/swaps", "Filename Type Size Used Priority\n");
        fake.write("sys/module/megaraid_sas/version", "07.727.03.00-rc1\n");
        fake
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// A symbolic link at `link`; `to` is a path in the fake.
    fn link(&self, link: &str, to: &str) {
        let link = self.path(link);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(self.path(to), link).unwrap();
    }

    /// A controller's SCSI host.
    pub(crate) fn controller(&self, number: u32, pci: &str, driver: &str) {
        let device = format!("sys/devices/pci0000:00/0000:00:03.0/{pci}");
        let host = format!("{device}/host{number}");
        self.write(&format!("{device}/vendor"), "0x1000\n");
        self.write(&format!("{device}/device"), "0x005b\n");
        self.write(&format!("{device}/subsystem_vendor"), "0x1028\n");
        self.write(&format!("{device}/subsystem_device"), "0x1f35\n");
        let class = format!("{host}/scsi_host/host{number}");
        self.write(&format!("{class}/proc_name"), format!("{driver}\n"));
        self.link(&format!("{class}/device"), &host);
        self.link(&format!("sys/class/scsi_host/host{number}"), &class);
    }

    /// A SCSI disk `name` at `address` below the PCI device.
    pub(crate) fn disk(&self, pci: &str, address: &str, name: &str, number: &str) {
        let mut parts = address.split(':');
        let (host, channel, id) = (
            parts.next().unwrap(),
            parts.next().unwrap(),
            parts.next().unwrap(),
        );
        let unit = format!(
            "sys/devices/pci0000:00/0000:00:03.0/{pci}/host{host}/target{host}:{channel}:{id}/{address}"
        );
        self.write(&format!("{unit}/vendor"), "DELL    \n");
        self.write(&format!("{unit}/model"), "PERC H710P      \n");
        let directory = format!("{unit}/block/{name}");
        self.block(&directory, name, number);
        self.link(&format!("{directory}/device"), &unit);
    }

    /// A block device with its node, in `directory`.
    fn block(&self, directory: &str, name: &str, number: &str) {
        self.write(&format!("{directory}/dev"), format!("{number}\n"));
        self.write(&format!("{directory}/size"), "2048\n");
        fs::create_dir_all(self.path(&format!("{directory}/holders"))).unwrap();
        fs::create_dir_all(self.path(&format!("{directory}/slaves"))).unwrap();
        self.link(&format!("sys/class/block/{name}"), directory);
        self.write(&format!("dev/{name}"), "");
    }

    fn partition(&self, disk: &str, index: u32, number: &str) {
        let directory = fs::canonicalize(self.path(&format!("sys/class/block/{disk}"))).unwrap();
        let root = self.root.path().canonicalize().unwrap();
        let directory = directory.strip_prefix(root).unwrap().to_str().unwrap();
        let name = format!("{disk}{index}");
        let directory = format!("{directory}/{name}");
        self.block(&directory, &name, number);
        self.write(&format!("{directory}/partition"), format!("{index}\n"));
    }

    /// A device that is built on others (`dm-0`, `md127`).
    fn stacked(&self, name: &str, number: &str, below: &[&str]) {
        let directory = format!("sys/devices/virtual/block/{name}");
        self.block(&directory, name, number);
        for lower in below {
            self.link(
                &format!("sys/class/block/{lower}/holders/{name}"),
                &directory,
            );
            self.link(
                &format!("{directory}/slaves/{lower}"),
                &format!("sys/class/block/{lower}"),
            );
        }
    }

    fn mapped(&self, name: &str, number: &str, title: &str, uuid: &str, below: &[&str]) {
        self.stacked(name, number, below);
        let mapper = format!("sys/devices/virtual/block/{name}/dm");
        self.write(&format!("{mapper}/name"), format!("{title}\n"));
        self.write(&format!("{mapper}/uuid"), format!("{uuid}\n"));
        self.link(&format!("dev/mapper/{title}"), &format!("dev/{name}"));
    }

    pub(crate) fn host(&self) -> Host {
        Host::new(self.path("sys"), self.path("proc"), self.path("dev"))
    }
}

const FIRST: &str = "0000:03:00.0";
const SECOND: &str = "0000:04:00.0";

fn pci(text: &str) -> Option<PciAddress> {
    text.parse().ok()
}

fn virtual_drive(target: u32) -> Target {
    Target::VirtualDrive(TargetId(target))
}

fn one_controller() -> Fake {
    let fake = Fake::new();
    fake.controller(0, FIRST, "megaraid_sas");
    fake.disk(FIRST, "0:2:0:0", "sda", "8:0");
    fake.disk(FIRST, "0:2:1:0", "sdb", "8:16");
    fake
}

fn two_controllers() -> Fake {
    let fake = one_controller();
    fake.controller(1, SECOND, "megaraid_sas");
    fake.disk(SECOND, "1:2:0:0", "sdc", "8:32");
    fake
}

fn owner(host: &Host, node: &str) -> Result<Owner, Unjoined> {
    host.owner(Path::new(node))
}

#[test]
fn a_world_wide_name_is_taken_as_it_is_or_not_at_all() {
    let fake = one_controller();
    let unit = "sys/devices/pci0000:00/0000:00:03.0/0000:03:00.0/host0/target0:2:0/0:2:0:0";
    let wwn = |wwid: &str| {
        fake.write(&format!("{unit}/wwid"), wwid);
        let host = fake.host();
        let disk = host.block_device(None, 1, virtual_drive(0)).unwrap();
        disk.wwn.clone()
    };
    assert_eq!(
        wwn("naa.600605B00A5F3C901D7F1A2B3C4D5E6F\n").as_deref(),
        Some("600605b00a5f3c901d7f1a2b3c4d5e6f")
    );
    assert_eq!(
        wwn("naa.5000c500abcdef01\n").as_deref(),
        Some("5000c500abcdef01")
    );
    for other in [
        "",
        "naa.",
        "naa.0000000000000000",
        "naa.600605b",
        "t10.DELL PERC",
        "naa.60é",
    ] {
        assert_eq!(wwn(other), None, "{other}");
    }
    let host = fake.host();
    assert_eq!(
        host.block_device(None, 1, virtual_drive(1)).unwrap().wwn,
        None
    );
}

#[test]
fn one_controller_is_joined_without_a_pci_address() {
    let host = one_controller().host();
    assert_eq!(host.unread(), []);
    assert_eq!(host.driver_version(), Some("07.727.03.00-rc1"));
    let [controller] = host.controllers() else {
        panic!("{:?}", host.controllers());
    };
    assert_eq!(controller.pci, pci(FIRST));
    assert_eq!(controller.vendor_id, Some(0x1000));
    assert_eq!(controller.device_id, Some(0x5b));
    assert_eq!(controller.subsystem_vendor_id, Some(0x1028));
    assert_eq!(controller.subsystem_device_id, Some(0x1f35));
    let device = host.block_device(None, 1, virtual_drive(1)).unwrap();
    assert_eq!(device.name, "sdb");
    assert_eq!(device.kind, Kind::Disk);
    assert_eq!(device.number.to_string(), "8:16");
    assert_eq!(device.size, Some(Bytes(1_048_576)));
    assert_eq!(device.vendor.as_deref(), Some("DELL"));
    assert_eq!(device.model.as_deref(), Some("PERC H710P"));
    assert_eq!(device.scsi.unwrap().to_string(), "0:2:1:0");
    assert_eq!(device.mounts, Some(vec![]));
    assert_eq!(device.swaps, Some(vec![]));
    assert_eq!(
        host.block_device(None, 1, virtual_drive(2)),
        Err(Unjoined::NotShown(virtual_drive(2)))
    );
}

#[test]
fn a_printed_address_that_no_host_has_is_not_overridden_by_the_count() {
    let host = one_controller().host();
    assert!(
        host.block_device(pci("03:00.0"), 1, virtual_drive(0))
            .is_ok()
    );
    assert_eq!(
        host.block_device(pci("04:00.0"), 1, virtual_drive(0)),
        Err(Unjoined::NoSuchPciAddress(pci("04:00.0").unwrap()))
    );
}

#[test]
fn two_controllers_are_told_apart_by_their_pci_addresses() {
    let host = two_controllers().host();
    let name = |address, target| {
        let device = host.block_device(pci(address), 2, virtual_drive(target));
        device.map(|device| device.name.as_str())
    };
    assert_eq!(name("03:00.0", 0), Ok("sda"));
    assert_eq!(name("04:00.0", 0), Ok("sdc"));
    assert_eq!(
        name("04:00.0", 1),
        Err(Unjoined::NotShown(virtual_drive(1)))
    );
}

#[test]
fn two_controllers_without_pci_addresses_are_not_joined() {
    let host = two_controllers().host();
    let which = |controllers| Unjoined::WhichController {
        controllers,
        hosts: 2,
    };
    assert_eq!(host.block_device(None, 2, virtual_drive(0)), Err(which(2)));
    // MegaCLI saw only one of them: still not certain which.
    assert_eq!(host.block_device(None, 1, virtual_drive(0)), Err(which(1)));
}

#[test]
fn two_readings_for_one_scsi_host_are_not_joined() {
    let host = one_controller().host();
    assert_eq!(
        host.block_device(None, 2, virtual_drive(0)),
        Err(Unjoined::WhichController {
            controllers: 2,
            hosts: 1
        })
    );
}

#[test]
fn the_same_slot_in_two_pci_domains_is_ambiguous_without_domain() {
    let fake = one_controller();
    fake.controller(1, "0001:03:00.0", "megaraid_sas");
    let host = fake.host();
    assert_eq!(
        host.controller(pci("03:00.0"), 2),
        Err(Unjoined::AmbiguousPciAddress(pci("03:00.0").unwrap()))
    );
    assert_eq!(host.controller(pci(FIRST), 2).unwrap().number, 0);
}

#[test]
fn jbod_drives_are_found_by_device_id_in_both_directions() {
    let fake = one_controller();
    fake.disk(FIRST, "0:0:38:0", "sdc", "8:32");
    fake.disk(FIRST, "0:1:2:0", "sdd", "8:48");
    let host = fake.host();
    let drive = |id| Target::PhysicalDrive(DeviceId(id));
    assert_eq!(host.block_device(None, 1, drive(38)).unwrap().name, "sdc");
    assert_eq!(host.block_device(None, 1, drive(130)).unwrap().name, "sdd");
    assert_eq!(owner(&host, "/dev/sdc").unwrap().target, drive(38));
}

#[test]
fn nodes_links_and_partitions_lead_to_their_drive() {
    let fake = two_controllers();
    fake.partition("sdc", 1, "8:33");
    fake.link("dev/disk/by-id/wwn-0x6000-part1", "dev/sdc1");
    let host = fake.host();
    let expected = Owner {
        host: 1,
        pci: pci(SECOND),
        target: virtual_drive(0),
    };
    for node in [
        "/dev/sdc",
        "/dev/sdc1",
        "sdc",
        "/dev/disk/by-id/wwn-0x6000-part1",
    ] {
        assert_eq!(owner(&host, node), Ok(expected), "{node}");
    }
    assert_eq!(
        host.controller(pci("04:00.0"), 2).unwrap().number,
        expected.host
    );
}

#[test]
fn what_belongs_to_no_controller_says_why() {
    let fake = one_controller();
    fake.block(
        "sys/devices/pci0000:00/nvme/nvme0/nvme0n1",
        "nvme0n1",
        "259:0",
    );
    fake.mapped("dm-0", "253:0", "vg-root", "LVM-abc", &["sda", "sdb"]);
    fake.write("dev/null", "");
    let host = fake.host();
    assert_eq!(
        owner(&host, "/dev/nvme0n1"),
        Err(Unjoined::NotMegaRaid("nvme0n1".into()))
    );
    assert_eq!(
        owner(&host, "/dev/mapper/vg-root"),
        Err(Unjoined::Stacked {
            name: "dm-0".into(),
            below: vec!["sda".into(), "sdb".into()],
        })
    );
    for node in [
        "/dev/null",
        "/dev/sdz",
        "/etc/passwd",
        "/dev/../proc/swaps",
        "",
    ] {
        assert_eq!(
            owner(&host, node),
            Err(Unjoined::NotABlockDevice(node.into())),
            "{node}"
        );
    }
}

#[test]
fn partitions_volumes_and_mounts_are_followed_upwards() {
    let fake = one_controller();
    fake.partition("sda", 1, "8:1");
    fake.partition("sda", 10, "8:10");
    fake.partition("sda", 2, "8:2");
    fake.mapped(
        "dm-0",
        "253:0",
        "luks-home",
        "CRYPT-LUKS2-1234-luks-home",
        &["sda2"],
    );
    fake.mapped("dm-1", "253:1", "vg-home", "LVM-abc", &["dm-0"]);
    let mounts = "22 1 8:1 / /boot rw,relatime shared:29 - ext4 /dev/sda1 rw\n\
                  23 1 253:1 / /home/my\\040data rw,relatime - xfs /dev/mapper/vg-home rw\n\
                  24 1 253:1 /sub /srv/bind rw,relatime - xfs /dev/mapper/vg-home rw\n\
                  25 1 0:22 / /proc rw - proc proc rw\n";
    fake.write("proc/self/mountinfo", mounts);
    fake.write(
        "proc/1/mountinfo",
        format!("{mounts}26 1 8:10 / /only/outside rw - ext4 /dev/sda10 rw\n"),
    );
    let host = fake.host();
    assert_eq!(host.unread(), []);
    let disk = host.block_device(None, 1, virtual_drive(0)).unwrap();
    let seen: Vec<String> = disk
        .walk()
        .iter()
        .map(|path| {
            let titles: Vec<_> = path.iter().map(|device| device.title()).collect();
            let last = path.last().unwrap();
            let mounts: Vec<_> = last
                .mounts
                .iter()
                .flatten()
                .map(|mount| mount.point.as_str())
                .collect();
            format!("{} {}", titles.join(" > "), mounts.join(" "))
        })
        .collect();
    assert_eq!(
        seen,
        [
            "sda ",
            "sda > sda1 /boot",
            "sda > sda2 ",
            "sda > sda2 > luks-home ",
            "sda > sda2 > luks-home > vg-home /home/my data /srv/bind",
            "sda > sda10 /only/outside",
        ]
    );
    assert_eq!(
        disk.partitions[1].holders[0].kind,
        Kind::Mapped {
            mapped_name: Some("luks-home".into()),
            maker: Some("CRYPT".into()),
        }
    );
    let json = serde_json::to_value(disk).unwrap();
    assert_eq!(json["kind"], "disk");
    assert_eq!(
        json["partitions"][1]["holders"][0]["mapped_name"],
        "luks-home"
    );
}

#[test]
fn btrfs_is_found_on_every_one_of_its_devices() {
    let fake = one_controller();
    fake.write(
        "proc/self/mountinfo",
        "40 1 0:45 / /data rw - btrfs /dev/sda rw,subvol=/\n",
    );
    fake.write("sys/fs/btrfs/features/x", "");
    fake.link("sys/fs/btrfs/1f2e/devices/sda", "sys/class/block/sda");
    fake.link("sys/fs/btrfs/1f2e/devices/sdb", "sys/class/block/sdb");
    let host = fake.host();
    for target in [0, 1] {
        let device = host.block_device(None, 1, virtual_drive(target)).unwrap();
        let mount = Mount {
            point: "/data".into(),
            file_system: "btrfs".into(),
        };
        assert_eq!(device.mounts, Some(vec![mount]));
    }
}

#[test]
fn swap_and_software_raid_are_found() {
    let fake = one_controller();
    fake.partition("sda", 1, "8:1");
    fake.partition("sdb", 1, "8:17");
    fake.stacked("md127", "9:127", &["sda1", "sdb1"]);
    fake.write("sys/devices/virtual/block/md127/md/level", "raid1\n");
    fake.write(
        "proc/swaps",
        "Filename\t\t\tType\t\tSize\t\tUsed\t\tPriority\n\
         /dev/md127                              partition\t8388604\t\t1024\t\t-2\n\
         /swapfile                               file\t\t1048576\t\t0\t\t-3\n",
    );
    let host = fake.host();
    assert_eq!(host.unread(), []);
    for target in [0, 1] {
        let disk = host.block_device(None, 1, virtual_drive(target)).unwrap();
        let raid = &disk.partitions[0].holders[0];
        assert_eq!(
            raid.kind,
            Kind::SoftwareRaid {
                level: Some("raid1".into())
            }
        );
        let swap = Swap {
            size: Bytes(8_388_604 * 1024),
            used: Bytes(1024 * 1024),
        };
        assert_eq!(raid.swaps, Some(vec![swap]));
    }
}

#[test]
fn a_host_without_megaraid_has_no_controllers() {
    let fake = Fake::new();
    fake.controller(0, FIRST, "ahci");
    fake.disk(FIRST, "0:0:0:0", "sda", "8:0");
    let host = fake.host();
    assert_eq!(host.controllers(), []);
    assert_eq!(
        host.block_device(None, 1, virtual_drive(0)),
        Err(Unjoined::NoController)
    );
    assert_eq!(
        owner(&host, "/dev/sda"),
        Err(Unjoined::NotMegaRaid("sda".into()))
    );
    let nothing = tempfile::tempdir().unwrap();
    let host = Host::new(nothing.path(), nothing.path(), nothing.path());
    assert_eq!(host.controllers(), []);
    assert_eq!(host.driver_version(), None);
}

#[test]
fn garbage_is_reported_and_never_taken_for_an_answer() {
    let fake = one_controller();
    fake.partition("sda", 1, "8:1");
    fake.write(
        "proc/self/mountinfo",
        b"garbage\n\xff\xfe 1 2\n22 1 8:1 / /boot rw - ext4 /dev/sda1 rw\n",
    );
    fake.write(
        "proc/swaps",
        "Filename Type Size Used Priority\n/dev/sdb partition x y z\nodd\n",
    );
    fake.write("sys/class/block/sda/size", "many\n");
    fake.write("sys/class/block/sdb/dev", "no number\n");
    fake.disk(FIRST, "0:7:0:0", "sdx", "65:112");
    fake.write("sys/class/scsi_host/garbage", "");
    fake.write("sys/class/scsi_host/hostile/proc_name", "megaraid_sas\n");
    // A loop that no kernel makes.
    fake.link("sys/class/block/sda1/holders/sda", "sys/class/block/sda");
    let host = fake.host();
    let unread: Vec<String> = host
        .unread()
        .iter()
        .map(|unread| unread.reason.clone())
        .collect();
    assert_eq!(
        unread,
        [
            "not a mount: “garbage”",
            "not a mount: “\u{fffd}\u{fffd} 1 2”",
            "not a swap space: “/dev/sdb partition x y z”",
            "not a swap space: “odd”",
            "is stacked on itself",
            "is no device number",
            "sdx has a SCSI address that the driver gives to no drive",
            "is no SCSI host",
        ]
    );
    let disk = host.block_device(None, 1, virtual_drive(0)).unwrap();
    assert_eq!(disk.size, None);
    assert_eq!(disk.partitions[0].mounts.as_ref().unwrap().len(), 1);
    assert_eq!(
        host.block_device(None, 1, virtual_drive(1)),
        Err(Unjoined::NotShown(virtual_drive(1)))
    );
}

#[test]
fn unreadable_mounts_and_swap_are_unknown_not_none() {
    let fake = one_controller();
    fs::remove_file(fake.path("proc/self/mountinfo")).unwrap();
    fs::remove_file(fake.path("proc/swaps")).unwrap();
    fs::create_dir(fake.path("proc/swaps")).unwrap();
    let host = fake.host();
    let disk = host.block_device(None, 1, virtual_drive(0)).unwrap();
    assert_eq!(disk.mounts, None);
    assert_eq!(disk.swaps, None);
    assert_eq!(host.unread().len(), 2);
}

#[test]
fn this_machine_is_read_without_trouble_to_its_own_nodes() {
    let host = Host::default();
    let nodes = Nodes::new("/dev".into(), "/sys".into());
    for name in sysfs::names(Path::new("/sys/class/block")) {
        let node = Path::new("/dev").join(&name);
        if node.exists() {
            assert_eq!(nodes.name(&node), Some(name));
        }
    }
    assert!(host.unread().iter().all(|unread| !unread.reason.is_empty()));
}
