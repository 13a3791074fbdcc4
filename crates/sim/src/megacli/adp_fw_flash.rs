//! `-AdpFwFlash -f FILE`: a new firmware.
//!
//! The simulated board takes images of its own kind only, a text that nobody mistakes for firmware:
//!
//! ```text
//! ironkeep simulated firmware
//! package 23.34.0-0019
//! APP 3.460.115-6465
//! ```

use super::answer::line;
use super::{Answer, Arguments, firmware_status, opcode, selected_mut};
use crate::firmware::{control, status};
use crate::state::{FirmwareImage, Host};

/// The first line of an image.
const MARK: &str = "ironkeep simulated firmware";

/// What an image holds.
struct Package {
    version: Option<String>,
    images: Vec<FirmwareImage>,
}

impl Package {
    /// Reads a file; `None` if it is no image.
    fn of_text(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()?.trim() != MARK {
            return None;
        }
        let mut read = Self {
            version: None,
            images: Vec::new(),
        };
        for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
            let (name, version) = line.split_once(' ')?;
            let version = version.trim().to_owned();
            if name == "package" {
                read.version = Some(version);
            } else {
                read.images.push(FirmwareImage {
                    name: name.to_owned(),
                    version,
                    ..FirmwareImage::default()
                });
            }
        }
        Some(read)
    }
}

pub(super) fn answer(host: &mut Host, arguments: &Arguments, answer: &mut Answer) {
    let text = arguments
        .file
        .as_ref()
        .and_then(|file| std::fs::read_to_string(file).ok());
    let package = text.as_deref().and_then(Package::of_text);
    for (number, controller) in selected_mut(host, arguments) {
        let fault = controller.fault(opcode::FLASH);
        match (&package, fault) {
            (Some(package), None) => {
                control::flash(controller, package.version.as_deref(), &package.images);
                // No capture shows a flash that succeeds: the words are the simulator's own.
                line!(answer, "Adapter {number}: Flash Completed.");
                line!(
                    answer,
                    "Please reboot the system for the changes to take effect"
                );
            }
            (_, fault) => {
                // As a published session has it.
                line!(answer, "Firmware Failed to FLASH flash. Stop!!!");
                let code = fault.unwrap_or(status::IMAGE_CORRUPT);
                firmware_status::explain(code, answer);
            }
        }
    }
}
