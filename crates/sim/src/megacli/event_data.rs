//! The data behind an event's description, as the event files show it: the firmware's structures
//! (`MR_EVT_ARGS`), of which some are passed over in silence or called "None".

use super::answer::put;
use crate::state::Event;
use crate::time;

/// Writes what an event carries.
#[expect(clippy::too_many_lines, reason = "a table of the structures")]
pub(super) fn write(event: &Event, text: &mut String) {
    let it = Data(&event.arguments);
    match event.argument_type {
        1 => sense(it, text),
        2 => target(it, 0, text),
        3 => {
            put!(text, "LD Count: {}\n", it.u64(4));
            target(it, 0, text);
        }
        4 => {
            put!(text, "LBA: {}\n", it.u64(0));
            target(it, 8, text);
        }
        5 => {
            put!(text, "Previous Owner: {}\n", it.u32(4));
            put!(text, "New Owner: {}\n", it.u32(8));
            target(it, 0, text);
        }
        6 => {
            put!(text, "VD LBA: {}\nPD LBA: {}\n", it.u64(0), it.u64(8));
            drive(it, 20, text);
        }
        8 => {
            target(it, 0, text);
            states(it, text);
        }
        9 => {
            target(it, 8, text);
            put!(text, "Strip: {}\n", it.u64(0));
        }
        10 => drive(it, 0, text),
        11 => {
            drive(it, 0, text);
            put!(text, "Error: {}\n", it.u32(4));
        }
        12 => {
            drive(it, 8, text);
            put!(text, "LBA: {}\n", it.u64(0));
        }
        13 => {
            drive(it, 8, text);
            target(it, 12, text);
            put!(text, "LBA: {}\n", it.u64(0));
        }
        // The progress of something on a drive.
        14 => {}
        15 => {
            drive(it, 0, text);
            states(it, text);
        }
        16 => {
            let names = ["VendorId", "DeviceId", "SubVendorId", "SubDeviceId"];
            for (at, name) in (0..).step_by(2).zip(names) {
                put!(text, "{name}: {:x}\n", it.u16(at));
            }
        }
        17 => put!(text, "Rate: {}\n", it.u32(0)),
        18 => put!(text, "String: {}\n", it.string(0, 96)),
        19 => {
            put!(text, "Elapsed Time since power-on: {}\n", it.u32(4));
            put!(text, "Time: {}\n\n", time::ctime(it.u32(0)));
        }
        20 => {
            put!(text, "ECAR Register: 0x{:08x}\n", it.u32(0));
            put!(text, "ELOG Register: 0x{:08x}\n", it.u32(4));
            put!(text, "Description: {}\n", it.string(8, 64));
        }
        21 => {
            target(it, 0, text);
            put!(text, "Previous LD Properties\n");
            properties(it, 4, text);
            put!(text, "New LD Properties\n");
            properties(it, 36, text);
        }
        // No capture shows a kind of spare that has a name.
        22 => {
            drive(it, 0, text);
            put!(text, "Spare Type:   \nArrays Dedicated to:\n");
        }
        23 => {
            drive(it, 0, text);
            put!(text, "Index: {}\n", it.u32(4));
        }
        24 => {
            put!(text, "Pass Count: {}\n", it.u32(0));
            put!(text, "Diag Name : {}\n", it.string(4, 32));
        }
        25 => {
            put!(text, "Pass Count: {}\n", it.u32(0));
            put!(text, "Offset of Failure: {}\n", it.u32(4));
            put!(text, "Good Data: {}\n", it.u32(8));
            put!(text, "Bad Data: {}\n", it.u32(12));
            put!(text, "Diag Name : {}\n", it.string(16, 32));
        }
        26 => {
            drive(it, 16, text);
            put!(text, "Bad LBA     : {}\n", it.u64(0));
            put!(text, "Remapped LBA: {}\n", it.u64(8));
        }
        27 => put!(text, "Port: {}\nPhy : {}\n", it.u32(0), it.u32(4)),
        28 => {
            drive(it, 0, text);
            put!(text, "Array: {}\nRow: {}\n", it.u16(4), it.u16(6));
        }
        29 => {
            put!(text, "Device ID: {}\n", it.u16(0));
            put!(text, "Enclosure Device ID: {}\n", it.u16(2));
            put!(text, "Enclosure Index: {}\n", it.u8(4));
            put!(text, "Slot Number: {}\n", it.u8(5));
            put!(text, "SAS Address 1: {:x}\n", it.u64(8));
            put!(text, "SAS Address 2: {:x}\n", it.u64(16));
        }
        34 => put!(text, "Redundant path is {} \n", it.u8(4)),
        _ => put!(text, "None\n"),
    }
}

/// A command to a drive, and what the drive said to it.
fn sense(it: Data<'_>, text: &mut String) {
    drive(it, 0, text);
    put!(text, "CDB Length: {}\n", it.u8(4));
    put!(text, "CDB Data:\n");
    for at in 8..24 {
        put!(text, "{:04x} ", it.u8(at));
    }
    put!(text, "Sense Length: {}\n", it.u8(5));
    put!(text, "Sense Data:\n");
    for at in 24..88 {
        put!(text, "{:04x} ", it.u8(at));
    }
}

fn drive(it: Data<'_>, at: usize, text: &mut String) {
    put!(text, "Device ID: {}\n", it.u16(at));
    put!(text, "Enclosure Index: {}\n", it.u8(at + 2));
    put!(text, "Slot Number: {}\n", it.u8(at + 3));
}

fn target(it: Data<'_>, at: usize, text: &mut String) {
    put!(text, "Target Id: {}\n", it.u16(at));
}

fn states(it: Data<'_>, text: &mut String) {
    put!(text, "Previous state: {}\n", it.u32(4));
    put!(text, "New state: {}\n", it.u32(8));
}

/// What can be set on a virtual drive (`MR_LD_PROPERTIES`).
fn properties(it: Data<'_>, at: usize, text: &mut String) {
    put!(text, "Access Policy: {}\n", it.u8(at + 21));
    put!(text, "Current Cache Policy: {}\n", it.u8(at + 23));
    put!(text, "Default Cache Policy: {}\n", it.u8(at + 20));
    put!(text, "Disk Cache Policy: {}\n", it.u8(at + 22));
    put!(text, "Name: {}\n", it.string(at + 4, 16));
    put!(text, "NoBgi: {}\n", it.u8(at + 24));
}

/// Bytes of the firmware, little-endian. What is not there is zero.
#[derive(Clone, Copy)]
struct Data<'a>(&'a [u8]);

impl Data<'_> {
    fn bytes<const N: usize>(self, at: usize) -> [u8; N] {
        let mut bytes = [0; N];
        for (byte, &found) in bytes.iter_mut().zip(self.0.iter().skip(at)) {
            *byte = found;
        }
        bytes
    }

    fn u8(self, at: usize) -> u8 {
        u8::from_le_bytes(self.bytes(at))
    }

    fn u16(self, at: usize) -> u16 {
        u16::from_le_bytes(self.bytes(at))
    }

    fn u32(self, at: usize) -> u32 {
        u32::from_le_bytes(self.bytes(at))
    }

    fn u64(self, at: usize) -> u64 {
        u64::from_le_bytes(self.bytes(at))
    }

    /// A text of at most `length` bytes.
    fn string(self, at: usize, length: usize) -> String {
        let bytes = self.0.iter().skip(at).take(length);
        let bytes: Vec<u8> = bytes.copied().take_while(|&byte| byte != 0).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
