//! Controllers that the tool must not touch.

use std::fs;
use std::io;
use std::path::Path;

use super::RunError;

/// LSI Logic, today Broadcom.
const VENDOR: u16 = 0x1000;

/// A family of controllers that stalls or crashes under the tool.
struct Family {
    /// First and last PCI device id.
    devices: (u16, u16),
    name: &'static str,
}

/// Aero, the generation after the last one that the tool knows. On a SAS 3916 any `-aALL` query
/// stops all I/O of the host for minutes and ends in a firmware fault and a controller reset:
/// <https://github.com/eLvErDe/hwraid/issues/131>, <https://github.com/eLvErDe/hwraid/issues/136>.
/// The ids are those of `PCI_DEVICE_ID_LSI_AERO_*` in Linux' `megaraid_sas.h`. The reports name
/// `SAS39xx`; `SAS38xx` is the same generation with the same firmware interface, and refused with it.
const UNSAFE: &[Family] = &[
    Family {
        devices: (0x10e0, 0x10e3),
        name: "MegaRAID SAS39xx",
    },
    Family {
        devices: (0x10e4, 0x10e7),
        name: "MegaRAID SAS38xx",
    },
];

/// Refuses a host that has a controller of a family known to stall or crash. `devices` is
/// `/sys/bus/pci/devices`; a host without it has no PCI bus.
pub(super) fn refuse_unsafe(devices: &Path) -> Result<(), RunError> {
    let what = || format!("cannot read {}", devices.display());
    let entries = match fs::read_dir(devices) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(RunError::os(what())(error)),
    };
    for entry in entries {
        let device = entry.map_err(RunError::os(what()))?.path();
        if id(&device.join("vendor"))? != Some(VENDOR) {
            continue;
        }
        let Some(found) = id(&device.join("device"))? else {
            continue;
        };
        let family = UNSAFE
            .iter()
            .find(|it| it.devices.0 <= found && found <= it.devices.1);
        if let Some(family) = family {
            let address = device.file_name().unwrap_or_default();
            return Err(RunError::UnsafeController {
                address: address.to_string_lossy().into_owned(),
                model: format!("{} [{VENDOR:04x}:{found:04x}]", family.name),
            });
        }
    }
    Ok(())
}

/// The id in a file such as `0x10e2`; `None` if the device went away meanwhile.
fn id(file: &Path) -> Result<Option<u16>, RunError> {
    let what = || format!("cannot read {}", file.display());
    match fs::read_to_string(file) {
        Ok(text) => {
            let digits = text.trim().trim_start_matches("0x");
            let id = u16::from_str_radix(digits, 16).map_err(io::Error::other);
            id.map(Some).map_err(RunError::os(what()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(RunError::os(what())(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bus(devices: &[(&str, &str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (address, vendor, device) in devices {
            let folder = root.path().join(address);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("vendor"), format!("{vendor}\n")).unwrap();
            fs::write(folder.join("device"), format!("{device}\n")).unwrap();
        }
        root
    }

    #[test]
    fn refuses_the_whole_aero_family_with_address_and_ids() {
        for id in 0x10e0..=0x10e7 {
            let root = bus(&[
                ("0000:18:00.0", "0x1000", &format!("{id:#06x}")),
                ("0000:00:1f.2", "0x8086", "0xa182"),
            ]);
            let error = refuse_unsafe(root.path()).unwrap_err().to_string();
            assert!(error.contains(" at 0000:18:00.0 "), "{error}");
            assert!(error.contains(&format!("[1000:{id:04x}]")), "{error}");
        }
    }

    #[test]
    fn lets_older_controllers_and_other_vendors_pass() {
        let root = bus(&[
            ("0000:02:00.0", "0x1000", "0x005d"),
            ("0000:03:00.0", "0x1000", "0x0014"),
            ("0000:04:00.0", "0x8086", "0x10e2"),
        ]);
        assert!(refuse_unsafe(root.path()).is_ok());
        assert!(refuse_unsafe(&root.path().join("no/such/folder")).is_ok());
    }

    #[test]
    fn an_unreadable_id_is_an_error_and_not_a_safe_controller() {
        let root = bus(&[("0000:02:00.0", "0x1000", "what")]);
        assert!(matches!(
            refuse_unsafe(root.path()),
            Err(RunError::Os { .. })
        ));
    }
}
