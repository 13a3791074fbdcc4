//! What the operating system knows: MegaRAID controllers as SCSI hosts, the block devices behind
//! them, and what lives on those. Read from sysfs and procfs at one moment.
//!
//! The join between a controller's drives and block devices is certain or absent: by PCI address, or
//! because there is one controller and one SCSI host. Sizes and names are never compared.

mod address;
mod block;
pub mod machine;
mod nodes;
mod openers;
pub mod process;
pub(crate) mod sysfs;
#[cfg(test)]
pub(crate) mod tests;
mod usage;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

pub use address::{DeviceNumber, NotAnAddress, PciAddress, ScsiAddress, Target};
pub use block::{BlockDevice, Kind};
pub use usage::{Mount, Swap};

use block::Reader;
use nodes::Nodes;
use usage::Usage;
pub(crate) use usage::{MountInfo, unescape};

/// The host's controllers, their block devices and their use, as read at one moment.
#[derive(Debug)]
pub struct Host {
    sysfs: PathBuf,
    procfs: PathBuf,
    nodes: Nodes,
    name: Option<String>,
    kernel: Option<String>,
    driver_version: Option<String>,
    controllers: Vec<ScsiHost>,
    unread: Vec<Unread>,
}

/// A MegaRAID controller as the `megaraid_sas` driver shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ScsiHost {
    /// The number of the SCSI host.
    pub number: u32,
    /// Where the controller sits; absent if its path in sysfs leads over no PCI device.
    pub pci: Option<PciAddress>,
    /// The PCI vendor id.
    pub vendor_id: Option<u16>,
    /// The PCI device id.
    pub device_id: Option<u16>,
    /// The PCI vendor id of the card's maker.
    pub subsystem_vendor_id: Option<u16>,
    /// The PCI device id that the card's maker gave.
    pub subsystem_device_id: Option<u16>,
    /// The drives that the host sees, in the order of their SCSI addresses.
    pub drives: Vec<HostDrive>,
}

/// A drive of a controller as a block device of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct HostDrive {
    /// What it is on its controller.
    pub target: Target,
    /// The block device.
    pub block_device: BlockDevice,
}

/// Which controller and which of its drives a block device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Owner {
    /// The number of the SCSI host.
    pub host: u32,
    /// The controller's PCI address; absent as in [`ScsiHost::pci`].
    pub pci: Option<PciAddress>,
    /// The drive.
    pub target: Target,
}

/// Something that could not be read, so that an absence is not taken for a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Unread {
    /// The file or directory.
    pub path: String,
    /// Why.
    pub reason: String,
}

impl Unread {
    fn new(path: &Path, reason: impl fmt::Display) -> Self {
        Self {
            path: path.display().to_string(),
            reason: reason.to_string(),
        }
    }
}

/// Why a drive and a block device could not be joined with certainty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unjoined {
    /// The driver shows no controller.
    #[error("the megaraid_sas driver shows no controller on this host")]
    NoController,
    /// Nothing says which SCSI host a controller is.
    #[error(
        "the controllers' PCI addresses are not known, and with {controllers} controllers and {hosts} SCSI hosts nothing else tells which is which"
    )]
    WhichController {
        /// Controllers that were read.
        controllers: usize,
        /// SCSI hosts of the driver.
        hosts: usize,
    },
    /// No SCSI host has the PCI address.
    #[error("no SCSI host of the megaraid_sas driver is at PCI address {0}")]
    NoSuchPciAddress(PciAddress),
    /// SCSI hosts in several PCI domains have the address.
    #[error("several SCSI hosts are at PCI address {0}, in different domains")]
    AmbiguousPciAddress(PciAddress),
    /// The controller does not show the drive to the host.
    #[error("the host has no block device for {0}")]
    NotShown(Target),
    /// The path leads to no block device.
    #[error("{0} is no block device of this host")]
    NotABlockDevice(String),
    /// The block device is built on others.
    #[error("{name} is built on other block devices ({})", below.join(", "))]
    Stacked {
        /// The block device.
        name: String,
        /// The block devices below it.
        below: Vec<String>,
    },
    /// The block device belongs to something else.
    #[error("{0} is not behind a MegaRAID controller")]
    NotMegaRaid(String),
}

impl Default for Host {
    /// Reads the host that the program runs on.
    fn default() -> Self {
        Self::new("/sys", "/proc", "/dev")
    }
}

impl Host {
    /// Reads a host whose sysfs, procfs and device nodes are below these directories.
    pub fn new(
        sysfs: impl Into<PathBuf>,
        procfs: impl AsRef<Path>,
        dev: impl Into<PathBuf>,
    ) -> Self {
        let sysfs = sysfs.into();
        let nodes = Nodes::new(dev.into(), sysfs.clone());
        let mut unread = Vec::new();
        let usage = Usage::read(procfs.as_ref(), &sysfs, &nodes, &mut unread);
        let reader = Reader {
            sysfs: &sysfs,
            usage: &usage,
        };
        let controllers = controllers(&reader, &mut unread);
        let kernel = procfs.as_ref().join("sys/kernel");
        Self {
            name: sysfs::text(&kernel, "hostname"),
            kernel: sysfs::text(&kernel, "osrelease"),
            driver_version: sysfs::text(&sysfs.join("module/megaraid_sas"), "version"),
            controllers,
            unread,
            nodes,
            procfs: procfs.as_ref().to_owned(),
            sysfs,
        }
    }

    /// Who holds `device` or has it open, beside its mounts, swap and holders.
    ///
    /// # Errors
    /// If nobody can say: why.
    pub fn openers(&self, device: &BlockDevice) -> Result<Vec<String>, String> {
        openers::of(&self.procfs, &self.nodes.node(&device.name), device)
    }

    /// The host's name; absent if procfs does not say.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The release of the kernel (`6.1.0-18-amd64`); absent if procfs does not say.
    pub fn kernel(&self) -> Option<&str> {
        self.kernel.as_deref()
    }

    /// The version of the `megaraid_sas` driver; absent if it is not loaded.
    pub fn driver_version(&self) -> Option<&str> {
        self.driver_version.as_deref()
    }

    /// The controllers that the driver shows, by SCSI host number.
    pub fn controllers(&self) -> &[ScsiHost] {
        &self.controllers
    }

    /// What could not be read.
    pub fn unread(&self) -> &[Unread] {
        &self.unread
    }

    /// Returns the SCSI host that a controller is: by its PCI address where the reading has it, or
    /// because there is exactly one of each.
    ///
    /// # Errors
    /// Why it is not certain.
    pub fn controller(
        &self,
        pci: Option<PciAddress>,
        controllers_on_host: usize,
    ) -> Result<&ScsiHost, Unjoined> {
        if self.controllers.is_empty() {
            return Err(Unjoined::NoController);
        }
        let Some(pci) = pci else {
            return match self.controllers.as_slice() {
                [only] if controllers_on_host == 1 => Ok(only),
                hosts => Err(Unjoined::WhichController {
                    controllers: controllers_on_host,
                    hosts: hosts.len(),
                }),
            };
        };
        let mut there = self
            .controllers
            .iter()
            .filter(|host| host.pci.is_some_and(|address| address.matches(pci)));
        match (there.next(), there.next()) {
            (Some(host), None) => Ok(host),
            (None, _) => Err(Unjoined::NoSuchPciAddress(pci)),
            (Some(_), Some(_)) => Err(Unjoined::AmbiguousPciAddress(pci)),
        }
    }

    /// Returns the block device of a controller's drive.
    ///
    /// # Errors
    /// Why it is not certain, or that the host does not see the drive.
    pub fn block_device(
        &self,
        pci: Option<PciAddress>,
        controllers_on_host: usize,
        target: Target,
    ) -> Result<&BlockDevice, Unjoined> {
        self.controller(pci, controllers_on_host)?
            .drives
            .iter()
            .find(|drive| drive.target == target)
            .map(|drive| &drive.block_device)
            .ok_or(Unjoined::NotShown(target))
    }

    /// Returns the drive that a device node is, or is a partition of. The node may be a symbolic link
    /// (`/dev/disk/by-id/…`) or a bare name (`sda`).
    ///
    /// Which controller of a reading that is: the one for which [`Self::controller`] returns the SCSI
    /// host of this number.
    ///
    /// # Errors
    /// Why it is none.
    pub fn owner(&self, node: &Path) -> Result<Owner, Unjoined> {
        let not_a_device = || Unjoined::NotABlockDevice(node.display().to_string());
        let name = self.nodes.name(node).ok_or_else(not_a_device)?;
        let class = self.sysfs.join("class/block").join(&name);
        let directory = class.canonicalize().map_err(|_| not_a_device())?;
        let whole = if directory.join("partition").exists() {
            directory.parent().ok_or_else(not_a_device)?
        } else {
            &directory
        };
        let below = sysfs::names(&whole.join("slaves"));
        if !below.is_empty() {
            return Err(Unjoined::Stacked { name, below });
        }
        let disk = whole.file_name().and_then(|disk| disk.to_str());
        self.controllers
            .iter()
            .flat_map(|host| host.drives.iter().map(move |drive| (host, drive)))
            .find(|(_, drive)| Some(drive.block_device.name.as_str()) == disk)
            .map(|(host, drive)| Owner {
                host: host.number,
                pci: host.pci,
                target: drive.target,
            })
            .ok_or(Unjoined::NotMegaRaid(name))
    }
}

/// The SCSI hosts of the `megaraid_sas` driver.
fn controllers(reader: &Reader<'_>, unread: &mut Vec<Unread>) -> Vec<ScsiHost> {
    let class = reader.sysfs.join("class/scsi_host");
    sysfs::names(&class)
        .iter()
        .filter(|name| {
            sysfs::text(&class.join(name), "proc_name").as_deref() == Some("megaraid_sas")
        })
        .filter_map(|name| {
            let number = name
                .strip_prefix("host")
                .and_then(|digits| digits.parse().ok());
            let directory = class.join(name).join("device").canonicalize().ok();
            let Some((number, directory)) = number.zip(directory) else {
                unread.push(Unread::new(&class.join(name), "is no SCSI host"));
                return None;
            };
            Some(controller(number, &directory, reader, unread))
        })
        .collect()
}

/// Reads one SCSI host. `directory` is its real one, below that of its PCI device.
fn controller(
    number: u32,
    directory: &Path,
    reader: &Reader<'_>,
    unread: &mut Vec<Unread>,
) -> ScsiHost {
    let device = directory.ancestors().find_map(|ancestor| {
        let address: PciAddress = ancestor.file_name()?.to_str()?.parse().ok()?;
        Some((ancestor, address))
    });
    let id = |attribute| sysfs::hexadecimal(device?.0, attribute);
    ScsiHost {
        number,
        pci: device.map(|(_, address)| address),
        vendor_id: id("vendor"),
        device_id: id("device"),
        subsystem_vendor_id: id("subsystem_vendor"),
        subsystem_device_id: id("subsystem_device"),
        drives: drives(directory, reader, unread),
    }
}

/// The disks below a SCSI host: `host0/target0:2:0/0:2:0:0/block/sda`.
fn drives(host: &Path, reader: &Reader<'_>, unread: &mut Vec<Unread>) -> Vec<HostDrive> {
    let mut drives = Vec::new();
    let targets = sysfs::names(host)
        .into_iter()
        .filter(|name| name.starts_with("target"));
    for target in targets.map(|name| host.join(name)) {
        for unit in sysfs::names(&target) {
            let Ok(address) = unit.parse::<ScsiAddress>() else {
                continue;
            };
            for name in sysfs::names(&target.join(&unit).join("block")) {
                let Some(target) = address.target() else {
                    unread.push(Unread::new(
                        &host.join(&unit),
                        format!("{name} has a SCSI address that the driver gives to no drive"),
                    ));
                    continue;
                };
                if let Some(block_device) = reader.device(&name, unread) {
                    drives.push((
                        address,
                        HostDrive {
                            target,
                            block_device,
                        },
                    ));
                }
            }
        }
    }
    drives.sort_by_key(|(address, _)| *address);
    drives.into_iter().map(|(_, drive)| drive).collect()
}
