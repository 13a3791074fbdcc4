//! What MegaCLI says when the firmware refuses an operation.

use super::Answer;
use super::answer::line;

/// The firmware knows no such operation.
pub(super) const INVALID_COMMAND: u16 = 0x02;
/// The hardware is not there: no battery, for one.
pub(super) const HARDWARE_NOT_FOUND: u16 = 0x22;
/// The object does not exist: an event, for one.
pub(super) const OBJECT_NOT_FOUND: u16 = 0x23;

/// Statuses from here on stand for an error of the ioctl itself, not of the firmware: 0x1010 is `EBUSY`.
const IOCTL: u16 = 0x1000;

/// The exit status of a command whose ioctl failed; the process ends with its low byte.
const IOCTL_FAILED: u16 = 0xffff;

/// Ends a failed command: the firmware's sentence, and the exit status that it makes.
pub(super) fn explain(status: u16, answer: &mut Answer) {
    if status >= IOCTL {
        answer.status = IOCTL_FAILED;
        return;
    }
    line!(answer);
    line!(answer, "FW error description: ");
    line!(answer, " {} ", sentence(status));
    answer.status = status;
}

/// Ends a command that the firmware refuses. Captures show these words of some commands; the others that
/// use them have no captured failure.
pub(super) fn not_sent(number: u32, status: u16, answer: &mut Answer) {
    line!(answer, "Failed sending command to Adapter {number}");
    explain(status, answer);
}

/// What MegaCLI has to say about `status`; most sentences end in a blank of their own.
fn sentence(status: u16) -> String {
    let sentence = words(status);
    if sentence.ends_with('.') {
        format!("{sentence} ")
    } else {
        sentence.to_owned()
    }
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn words(status: u16) -> &'static str {
    match status {
        0x01 => "The requested command is not supported at this time.",
        0x02 => "The requested command is invalid.",
        0x03 => "The requested command has invalid arguments.",
        0x04 => "Please check the configuration and retry the operation.",
        0x05 => "The requested operation cannot be terminated.",
        0x06 => "The pre boot application is not found.",
        0x07 => "The pre boot application is already in use. Please try loading it later.",
        0x08 => "The pre boot application is not initialized. Please try again later.",
        0x09 => {
            "Specified array index is not valid. Please provide valid array index and try again."
        }
        0x0a => {
            "Unable to add a physical disk to the disk group, as a physical disk exists in the specified position in the disk group."
        }
        0x0b => {
            "The requested command cannot be completed, as specified resources are already in use."
        }
        0x0c => {
            "The requested command cannot be completed, as the specified device does not exist."
        }
        0x0d => {
            "The specified physical disk doesn't have enough capacity to complete the requested command."
        }
        0x0e => "There is not enough flash memory to complete the requested command.",
        0x0f => "Flash is in use. Please retry the command later.",
        0x10 => "The operation failed due to a flash error.",
        0x11 => "The requested command cannot be completed as the image is corrupted.",
        0x12 => "The image received by controller is incomplete.",
        0x13 => {
            "Failed to flash firmware image because flash command sequence is incorrect or previous firmware flash operation was terminated."
        }
        0x14 => "The flash operation is not currently in progress.",
        0x15 => "The controller cache memory could not be flushed.",
        0x16 => "Pre boot application is not found.",
        0x17 => {
            "The requested virtual disk operation cannot be performed because consistency check is in progress."
        }
        0x18 => {
            "The requested virtual disk operation cannot be performed because initialization is in progress."
        }
        0x19 => "The specified block is beyond the capacity of the virtual disk.",
        0x1a => {
            "Requested command cannot be completed as maximum supported virtual disks are already configured."
        }
        0x1b => {
            "The requested command cannot be completed as the virtual disk is not in an optimal state."
        }
        0x1c => {
            "The requested virtual disk operation cannot be performed because rebuild is in progress."
        }
        0x1d => {
            "The requested virtual disk operation cannot be performed because reconstruction is in progress."
        }
        0x1e => "The specified operation is not possible for the current RAID level.",
        0x1f => "The controller cannot support any additional hot spares.",
        0x20 => "Memory is unavailable to complete the requested command. Please try again later.",
        0x21 => "Manufacturing data could not be written due to a hardware error.",
        0x22 => "The required hardware component is not present.",
        0x23 => "The requested command cannot be completed as the specified object does not exist.",
        0x24 => "The device is not part of an enclosure.",
        0x25 => {
            "The current operation cannot be performed because the physical disk clear is in progress."
        }
        0x26 => {
            "The specified physical disk does not have the appropriate attributes to complete the requested command."
        }
        0x27 => "The Patrol Read operation cannot be performed, because it is disabled.",
        0x28 => {
            "Command cannot be completed as the specified position in the disk group in not valid."
        }
        0x2d => {
            "The requested operation could not be completed as device is busy or unexpected error occurred."
        }
        0x2e => "The requested I/O operation failed.",
        0x2f => "The resource is already in use.",
        0x30 => "The controller shut down command is not successful.",
        0x31 => "The controller real time is not set.",
        0x32 => "The specified device is in a state that doesn't support the requested command.",
        0x33 => "The requested command cannot be completed as the virtual disk is offline.",
        0x37 => "The requested operation cannot be completed due to a hardware error (I2C).",
        0x38 => "The requested operation cannot be completed due to a hardware error (PCI).",
        0x39 => "The diagnostic test failed. Please check the event log for more details.",
        0x3a => {
            "The requested operation is not possible because controller firmware is in boot message pending state."
        }
        0x3b => "Foreign drives cannot be imported, as they do not form a complete configuration.",
        0x3d => "The requested command is not supported by the hardware.",
        0x3e => "Consistency check is disabled.",
        0x3f => {
            "The requested operation cannot be initiated for the virtual disk as a copyback operation is in progress."
        }
        0x41 => "Microcode update operation failed.",
        0x42 => {
            "The requested operation cannot be completed because the physical disk security feature is not enabled."
        }
        0x43 => {
            "The requested command cannot be completed as the controller already has a passphrase."
        }
        0x44 => "The passphrase back up is not supported.",
        0x45 => "Verification of the passphrase back up is not supported.",
        0x46 => "The specified passphrase is not valid.",
        0x47 => {
            "The requested re-key operation cannot be initiated as the device must be first secured."
        }
        0x48 => "Passphrase is not valid, authentication failed.",
        0x49 => "The backup passphrase from escrow cannot be used.",
        0x4a => {
            "The passphrase must be backed-up, before the requested operation can be completed."
        }
        0x4b => {
            "The current operation cannot be completed because a secure virtual disk is present."
        }
        0x4c => {
            "The requested operation cannot be completed as the secure virtual disk is not permitted."
        }
        0x4d => "Instant secure erase is not allowed on this physical disk.",
        0x4e => {
            "The physical disks security properties are not valid for the requested operation."
        }
        0x4f => "The virtual disk security type is not supported.",
        0x50 => {
            "The requested command cannot be completed, as it will result in a mix of FDE and non-FDE physical disk in a disk group, where such a mix is not allowed."
        }
        0x51 => "Cannot mix secure and non secured virtual disk in the same disk group.",
        0x52 => "The passphrase is not allowed.",
        0x54 => {
            "The current operation is not allowed because the controller has data in cache for offline or missing virtual disks."
        }
        0x55 => "The requested power state update operation is in progress.",
        0x56 => {
            "The requested operation cannot be performed because another power state update operation is in progress."
        }
        0x57 => {
            "The requested command cannot be completed because the physical disks are not in the expected power state."
        }
        0x58 => "There are no physical disk(s) available to execute a patrol read operation.",
        0x59 => "To complete the requested operation, please reboot the system.",
        0x5f => {
            "The drive cannot be converted from JBOD to unconfigured good because, Maximum allowed drive conversion has been reached."
        }
        0x60 => "IO metrics are not being collected.",
        0x61 => "AEC capture need to be stopped before proceeding.",
        0x62 => "Unsupported level of protection information",
        0x63 => "PDs in LD have incompatible EEDP types",
        0x64 => "Request cannot be completed as protection information is not enabled.",
        0x65 => "PDs in LD have different block sizes",
        0x66 => "LD Cached data is present on a (this) SSCD",
        0x67 => "Config sequence number mismatch",
        0x68 => "Flash image is not supported",
        0xff => "Invalid error status.",
        0x29 | 0x2a | 0x2b | 0x2c | 0x34 | 0x35 | 0x36 | 0x3c | 0x40 | 0x53 => "",
        _ => "Unknown error",
    }
}
