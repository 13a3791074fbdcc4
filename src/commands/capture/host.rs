//! What the operating system knows of the controllers, as a file of a capture.

use ironkeep_parsers::units::Bytes;
use serde::Serialize;

use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::host::machine::Machine;
use crate::host::{Host, HostDrive, PciAddress, ScsiHost};

/// The file. What lives on the block devices is nobody's business in a support case.
#[derive(Debug, Serialize)]
struct HostFile<'a> {
    /// The program and its version.
    tool: &'static str,
    /// When it was recorded.
    recorded: String,
    host_name: Option<&'a str>,
    kernel: Option<&'a str>,
    /// The machine, where this is the one that the program runs on.
    #[serde(skip_serializing_if = "Option::is_none")]
    machine: Option<Machine>,
    /// The version of the `megaraid_sas` driver.
    driver_version: Option<&'a str>,
    /// The SCSI hosts of that driver.
    scsi_hosts: Vec<ScsiHostEntry<'a>>,
    /// What could not be read.
    unread: &'a [crate::host::Unread],
}

#[derive(Debug, Serialize)]
struct ScsiHostEntry<'a> {
    number: u32,
    pci: Option<PciAddress>,
    vendor_id: Option<u16>,
    device_id: Option<u16>,
    subsystem_vendor_id: Option<u16>,
    subsystem_device_id: Option<u16>,
    block_devices: Vec<BlockDeviceEntry<'a>>,
}

#[derive(Debug, Serialize)]
struct BlockDeviceEntry<'a> {
    name: &'a str,
    #[serde(flatten)]
    target: crate::host::Target,
    size_bytes: Option<Bytes>,
    vendor: Option<&'a str>,
    model: Option<&'a str>,
}

/// What is known of the host, and its name: of this host, or what a replayed capture holds of its own.
pub(super) fn of(context: &mut Context<'_>) -> Result<Option<Vec<u8>>, Failure> {
    let source = context.session.whole_source()?;
    let is_live = source.is_live();
    if let Some(recorded) = source.recorded_host() {
        return Ok(Some(recorded.to_vec()));
    }
    let Some(host) = context.session.host_of(is_live) else {
        return Ok(None);
    };
    let file = HostFile {
        tool: concat!("ironkeep ", env!("CARGO_PKG_VERSION")),
        recorded: context.now.to_string(),
        host_name: host.name(),
        kernel: host.kernel(),
        machine: context.session.is_this_host(is_live).then(Machine::read),
        driver_version: host.driver_version(),
        scsi_hosts: host.controllers().iter().map(scsi_host).collect(),
        unread: host.unread(),
    };
    let mut text = serde_json::to_vec_pretty(&file)
        .map_err(|error| Failure::because(Kind::Internal, "cannot make JSON", error))?;
    text.push(b'\n');
    Ok(Some(text))
}

/// The name of the host that is recorded, where it is this one.
pub(super) fn name(context: &mut Context<'_>) -> Result<Option<String>, Failure> {
    let is_live = context.session.whole_source()?.is_live();
    let host: Option<Host> = context.session.host_of(is_live);
    Ok(host.and_then(|host| host.name().map(str::to_owned)))
}

fn scsi_host(host: &ScsiHost) -> ScsiHostEntry<'_> {
    ScsiHostEntry {
        number: host.number,
        pci: host.pci,
        vendor_id: host.vendor_id,
        device_id: host.device_id,
        subsystem_vendor_id: host.subsystem_vendor_id,
        subsystem_device_id: host.subsystem_device_id,
        block_devices: host.drives.iter().map(block_device).collect(),
    }
}

fn block_device(drive: &HostDrive) -> BlockDeviceEntry<'_> {
    BlockDeviceEntry {
        name: &drive.block_device.name,
        target: drive.target,
        size_bytes: drive.block_device.size,
        vendor: drive.block_device.vendor.as_deref(),
        model: drive.block_device.model.as_deref(),
    }
}
