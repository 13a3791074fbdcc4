//! The board's table of memory modules: SMBIOS structures of type 16, 17, 19 and 20.
//!
//! Layouts are those of the DMTF's DSP0134 (3.7). Which fields a structure has is told by its own
//! length, from version 2.1 on, so that the version is not asked.

use std::path::Path;

use super::Dmi;
use super::source::{self, named};

/// What was found in the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) state: Dmi,
    pub(super) arrays: Vec<Array>,
    pub(super) devices: Vec<Device>,
    pub(super) ranges: Vec<Range>,
}

/// An array of slots (type 16) for the memory of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Array {
    pub(super) handle: u16,
    /// Whether it corrects errors of single bits at least; `None` if the firmware does not know.
    pub(super) ecc: Option<bool>,
}

/// A slot (type 17).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Device {
    pub(super) handle: u16,
    pub(super) array: Option<u16>,
    /// `Device Locator`.
    pub(super) locator: Option<String>,
    /// `Bank Locator`.
    pub(super) bank: Option<String>,
    /// Whether a module is in it; `None` if the firmware does not know.
    pub(super) populated: Option<bool>,
    /// In bytes.
    pub(super) size: Option<u64>,
    /// Whether the module is wider by the bits that ECC needs.
    pub(super) ecc: Option<bool>,
    pub(super) kind: Option<String>,
    pub(super) technology: Option<&'static str>,
    pub(super) ranks: Option<u8>,
    pub(super) rated_mts: Option<u32>,
    pub(super) configured_mts: Option<u32>,
    pub(super) manufacturer: Option<String>,
    pub(super) serial: Option<String>,
    pub(super) part: Option<String>,
}

/// Which addresses an array (type 19) or a slot (type 20) holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) holder: Holder,
    /// In bytes.
    pub(super) first: u64,
    /// In bytes, of the last byte.
    pub(super) last: u64,
    /// Whether the addresses are this holder's alone. Where they are interleaved with others', or the
    /// firmware does not know, an address leads to several.
    pub(super) alone: bool,
}

/// The handle of who holds a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    Array(u16),
    Device(u16),
}

/// Reads the table that the kernel shows below `sysfs`; an empty one where there is none.
pub(super) fn read(sysfs: &Path, unread: &mut Vec<String>) -> Table {
    let tables = sysfs.join("firmware/dmi/tables");
    let path = tables.join("DMI");
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if source::is_absent(&error) => return Table::default(),
        Err(error) => {
            unread.push(source::unread(&path, &error));
            return Table {
                state: Dmi::Unreadable,
                ..Table::default()
            };
        }
    };
    // Without it, the table's own end is all there is to go by.
    let entry = std::fs::read(tables.join("smbios_entry_point")).unwrap_or_default();
    let (table, complaint) = parse(&bytes, declared(&entry));
    unread.extend(complaint.map(|words| format!("{}: {words}", path.display())));
    table
}

/// The length of the table by a 32-bit entry point. That of a 64-bit one is a bound, and says nothing.
fn declared(entry: &[u8]) -> Option<usize> {
    entry.starts_with(b"_SM_").then_some(())?;
    Fields(entry).word(0x16).map(usize::from)
}

/// What `bytes` hold, and what is wrong with them.
pub(super) fn parse(bytes: &[u8], declared: Option<usize>) -> (Table, Option<String>) {
    let mut table = Table {
        state: Dmi::Read,
        ..Table::default()
    };
    let mut foreign = Vec::new();
    let mut rest = bytes;
    let complaint = loop {
        if rest.is_empty() {
            // Tables before version 2.2 need no structure at their end.
            break (declared != Some(bytes.len())).then_some("it has no end");
        }
        let Some((structure, further)) = structure(rest) else {
            break Some("a structure in it is cut off or malformed");
        };
        rest = further;
        match structure.kind {
            16 => match structure.array() {
                Some(Ok(array)) => table.arrays.push(array),
                Some(Err(handle)) => foreign.push(handle),
                None => break Some("a memory array in it is too short"),
            },
            17 => match structure.device() {
                Some(device) => table.devices.push(device),
                None => break Some("a memory device in it is too short"),
            },
            19 => table
                .ranges
                .extend(structure.range(0x0C, 0x0F, Holder::Array)),
            20 => table
                .ranges
                .extend(structure.range(0x0C, 0x13, Holder::Device)),
            127 => break None,
            _ => {}
        }
    };
    // Slots for the firmware's own chips and for video memory.
    table
        .devices
        .retain(|device| device.array.is_none_or(|array| !foreign.contains(&array)));
    let at = bytes.len() - rest.len();
    (
        table,
        complaint.map(|words| format!("{words} (after {at} of {} bytes)", bytes.len())),
    )
}

/// Little-endian fields at offsets.
#[derive(Clone, Copy)]
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn array<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..)?.first_chunk().copied()
    }

    fn byte(self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    fn word(self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_le_bytes)
    }

    fn double(self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }

    fn quad(self, at: usize) -> Option<u64> {
        self.array(at).map(u64::from_le_bytes)
    }
}

/// One structure of the table.
struct Structure<'a> {
    kind: u8,
    handle: u16,
    /// The formatted part, header and all.
    fields: Fields<'a>,
    /// The strings behind it, each ended by a 0.
    strings: &'a [u8],
}

/// The structure at the beginning of `bytes`, and what follows it.
fn structure(bytes: &[u8]) -> Option<(Structure<'_>, &[u8])> {
    let head = Fields(bytes);
    let length = usize::from(head.byte(1)?);
    if length < 4 {
        return None;
    }
    let (formatted, tail) = bytes.split_at_checked(length)?;
    // Two zeros end the strings; the first of them belongs to the last string where there is one.
    let end = tail.windows(2).position(|pair| pair == [0, 0])?;
    let (strings, further) = tail.split_at_checked(end + 2)?;
    let structure = Structure {
        kind: head.byte(0)?,
        handle: head.word(2)?,
        fields: Fields(formatted),
        strings,
    };
    Some((structure, further))
}

impl Structure<'_> {
    /// The string whose number is in the field at `at`, if it says something.
    fn string(&self, at: usize) -> Option<String> {
        let number = usize::from(self.fields.byte(at)?).checked_sub(1)?;
        let text = self.strings.split(|&byte| byte == 0).nth(number)?;
        named(&String::from_utf8_lossy(text))
    }

    /// An array; its handle alone if it is not the host's memory.
    fn array(&self) -> Option<Result<Array, u16>> {
        const SYSTEM_MEMORY: u8 = 3;
        let purpose = self.fields.byte(0x05)?;
        let ecc = match self.fields.byte(0x06)? {
            // None, parity: errors are at best seen.
            3 | 4 => Some(false),
            // Single-bit, multi-bit, CRC.
            5..=7 => Some(true),
            _ => None,
        };
        let handle = self.handle;
        Some(if purpose == SYSTEM_MEMORY {
            Ok(Array { handle, ecc })
        } else {
            Err(handle)
        })
    }

    fn device(&self) -> Option<Device> {
        let fields = self.fields;
        let (populated, size) = match fields.word(0x0C)? {
            0 => (Some(false), None),
            0xFFFF => (None, None),
            0x7FFF => {
                let megabytes = fields.double(0x1C).map(|it| u64::from(it & 0x7FFF_FFFF));
                (Some(true), megabytes.map(|it| it << 20))
            }
            small if small & 0x8000 != 0 => (Some(true), Some(u64::from(small & 0x7FFF) << 10)),
            megabytes => (Some(true), Some(u64::from(megabytes) << 20)),
        };
        let slot = Device {
            handle: self.handle,
            array: fields.word(0x04),
            locator: self.string(0x10),
            bank: self.string(0x11),
            populated,
            ..Device::default()
        };
        if populated == Some(false) {
            // What some firmware writes of an empty slot is left from another time.
            return Some(slot);
        }
        let width = |at| fields.word(at).filter(|it| ![0, 0xFFFF].contains(it));
        let ranks = fields.byte(0x1B).map(|it| it & 0x0F);
        Some(Device {
            size,
            ecc: width(0x08)
                .zip(width(0x0A))
                .map(|(total, data)| total > data),
            kind: fields.byte(0x12).and_then(kind).map(str::to_owned),
            technology: fields.byte(0x28).and_then(technology),
            ranks: ranks.filter(|&it| it != 0),
            rated_mts: self.speed(0x15, 0x54),
            configured_mts: self.speed(0x20, 0x58),
            manufacturer: self.string(0x17),
            serial: self.string(0x18),
            part: self.string(0x1A),
            ..slot
        })
    }

    /// A speed, or the extended one that stands in for what 16 bits cannot hold.
    fn speed(&self, at: usize, extended: usize) -> Option<u32> {
        let speed = match self.fields.word(at)? {
            0xFFFF => self.fields.double(extended)? & 0x7FFF_FFFF,
            speed => u32::from(speed),
        };
        (speed != 0).then_some(speed)
    }

    /// A range; `None` if it is none. Kilobytes, or from `extended` on bytes.
    fn range(&self, holder: usize, extended: usize, of: fn(u16) -> Holder) -> Option<Range> {
        let fields = self.fields;
        let of = of(fields.word(holder)?);
        let (first, last) = if fields.double(0x04)? == u32::MAX {
            (fields.quad(extended)?, fields.quad(extended + 8)?)
        } else {
            let bytes = |kilobytes: u32| u64::from(kilobytes) << 10;
            (
                bytes(fields.double(0x04)?),
                bytes(fields.double(0x08)?) | 0x3FF,
            )
        };
        let alone = match of {
            Holder::Array(_) => true,
            // The position in an interleave; 0 is none, 255 not known.
            Holder::Device(_) => fields.byte(0x11)? == 0,
        };
        (first <= last).then_some(Range {
            holder: of,
            first,
            last,
            alone,
        })
    }
}

impl Table {
    /// The slots in which the byte at `address` can be, and whether that is certain of a single one.
    pub(super) fn at(&self, address: u64) -> (Vec<usize>, bool) {
        let covering = || {
            self.ranges
                .iter()
                .filter(|it| (it.first..=it.last).contains(&address))
        };
        let mut alone = true;
        let mut found = Vec::new();
        for (index, device) in self.devices.iter().enumerate() {
            let mut own = covering()
                .filter(|it| it.holder == Holder::Device(device.handle))
                .peekable();
            if own.peek().is_some() {
                found.push(index);
                alone &= own.all(|range| range.alone);
            }
        }
        if found.is_empty() {
            // Ranges of single modules are optional: those of their array remain.
            let arrays: Vec<Holder> = covering().map(|it| it.holder).collect();
            let devices = self.devices.iter().enumerate().filter(|(_, device)| {
                let array = device.array.map(Holder::Array);
                device.populated != Some(false) && array.is_some_and(|it| arrays.contains(&it))
            });
            found.extend(devices.map(|(index, _)| index));
        }
        let certain = alone && found.len() == 1;
        (found, certain)
    }

    /// Whether the board corrects memory errors; `None` if nobody says.
    pub(super) fn ecc(&self) -> Option<bool> {
        let board: Vec<bool> = self.arrays.iter().filter_map(|array| array.ecc).collect();
        let modules: Vec<bool> = self
            .devices
            .iter()
            .filter_map(|device| device.ecc)
            .collect();
        if board.is_empty() && modules.is_empty() {
            return None;
        }
        if board.iter().all(|ecc| !ecc) && !board.is_empty() {
            return Some(false);
        }
        // Hypervisors claim ECC for modules of no width. It takes both.
        match (modules.iter().any(|ecc| *ecc), modules.is_empty()) {
            (true, _) if !board.is_empty() => Some(true),
            (false, false) => Some(false),
            _ => None,
        }
    }
}

fn kind(code: u8) -> Option<&'static str> {
    Some(match code {
        0x03 => "DRAM",
        0x07 => "RAM",
        0x0F => "SDRAM",
        0x12 => "DDR",
        0x13 => "DDR2",
        0x14 => "DDR2 FB-DIMM",
        0x18 => "DDR3",
        0x1A => "DDR4",
        0x1B => "LPDDR",
        0x1C => "LPDDR2",
        0x1D => "LPDDR3",
        0x1E => "LPDDR4",
        0x1F => "non-volatile",
        0x20 => "HBM",
        0x21 => "HBM2",
        0x22 => "DDR5",
        0x23 => "LPDDR5",
        0x24 => "HBM3",
        _ => return None,
    })
}

fn technology(code: u8) -> Option<&'static str> {
    Some(match code {
        0x03 => "DRAM",
        0x04 => "NVDIMM-N",
        0x05 => "NVDIMM-F",
        0x06 => "NVDIMM-P",
        0x07 => "Intel Optane persistent memory",
        _ => return None,
    })
}

#[cfg(test)]
#[path = "../../tests/dimm/tables.rs"]
#[expect(unreachable_pub, reason = "shared with tests/dimm.rs")]
pub(super) mod tables;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::tables::{Module, Tables};
    use super::*;

    const KIB: u64 = 1;
    const GIB: u64 = KIB << 20;

    fn one(module: &Module, length: usize) -> Device {
        let bytes = Tables::default().device(1, 0x1000, module, length).end();
        let (table, complaint) = parse(&bytes, None);
        assert_eq!(complaint, None);
        table.devices[0].clone()
    }

    #[test]
    fn a_module_is_read_whole() {
        let device = one(&Module::default(), 0x5C);
        assert_eq!(device.locator.as_deref(), Some("DIMM_A1"));
        assert_eq!(device.bank.as_deref(), Some("BANK 0"));
        assert_eq!(device.populated, Some(true));
        assert_eq!(device.size, Some(32 << 30));
        assert_eq!(device.ecc, Some(true));
        assert_eq!(device.kind.as_deref(), Some("DDR4"));
        assert_eq!(device.technology, Some("DRAM"));
        assert_eq!(device.ranks, Some(2));
        assert_eq!(
            (device.rated_mts, device.configured_mts),
            (Some(3200), Some(3200))
        );
        assert_eq!(device.manufacturer.as_deref(), Some("Samsung"));
        assert_eq!(device.serial.as_deref(), Some("40A1B2C3"));
        assert_eq!(device.part.as_deref(), Some("M393A4K40DB3-CWE"));
    }

    #[test]
    fn sizes_and_speeds_beyond_16_bits_are_read_from_their_long_fields() {
        let module = Module {
            megabytes: 256 << 10,
            speed: (70_000, 66_000),
            ..Module::default()
        };
        let device = one(&module, 0x5C);
        assert_eq!(device.size, Some(256 << 30));
        assert_eq!(
            (device.rated_mts, device.configured_mts),
            (Some(70_000), Some(66_000))
        );
        // A firmware that has no such fields does not say.
        let device = one(&module, 0x1B);
        assert_eq!(
            (device.populated, device.size, device.rated_mts),
            (Some(true), None, None)
        );
    }

    #[test]
    fn old_structures_end_where_their_length_says() {
        let device = one(&Module::default(), 0x15);
        assert_eq!(device.kind.as_deref(), Some("DDR4"));
        assert_eq!(
            (device.rated_mts, device.serial, device.ranks),
            (None, None, None)
        );
    }

    #[test]
    fn an_empty_slot_has_nothing_but_names_of_its_own() {
        let device = one(&Module::empty("DIMM_A2", "BANK 1", "NO DIMM"), 0x5C);
        let expected = Device {
            handle: 1,
            array: Some(0x1000),
            locator: Some("DIMM_A2".to_owned()),
            bank: Some("BANK 1".to_owned()),
            populated: Some(false),
            ..Device::default()
        };
        assert_eq!(device, expected);
    }

    #[test]
    fn slots_of_the_firmwares_own_chips_are_left_out() {
        let mut tables = Tables::default();
        tables.array(1, 3, 6, 1).array(2, 5, 3, 1);
        tables
            .device(17, 1, &Module::default(), 0x5C)
            .device(18, 2, &Module::default(), 0x5C);
        let (table, _) = parse(&tables.end(), None);
        assert_eq!(
            table.arrays,
            [Array {
                handle: 1,
                ecc: Some(true)
            }]
        );
        assert_eq!(table.devices.len(), 1);
    }

    #[test]
    fn an_address_leads_to_a_module_or_to_all_that_it_is_interleaved_with() {
        let mut tables = Tables::default();
        tables.array(1, 3, 6, 4);
        for handle in 10..14 {
            tables.device(handle, 1, &Module::default(), 0x5C);
        }
        tables.device_range(30, 10, 0, 32 * GIB - 1, 0);
        tables.device_range(31, 11, 32 * GIB, 96 * GIB - 1, 1);
        tables.device_range(32, 12, 32 * GIB, 96 * GIB - 1, 2);
        // Beyond 4 TiB addresses have 64 bits.
        tables.device_range(33, 13, 4096 * GIB, 4128 * GIB - 1, 0xFF);
        tables.array_range(40, 1, 4128 * GIB, 4160 * GIB - 1);
        let (table, _) = parse(&tables.end(), None);
        let at = |gib: u64| table.at(gib << 30);
        assert_eq!(at(1), (vec![0], true));
        assert_eq!(table.at((32 << 30) - 1), (vec![0], true));
        assert_eq!(at(32), (vec![1, 2], false));
        assert_eq!(
            at(4100),
            (vec![3], false),
            "the firmware does not know its interleave"
        );
        assert_eq!(at(4130), (vec![0, 1, 2, 3], false));
        assert_eq!(at(5000), (vec![], false));
    }

    #[test]
    fn ecc_takes_the_board_and_the_modules() {
        let ecc = |of_array, width| {
            let module = Module {
                width,
                ..Module::default()
            };
            let mut tables = Tables::default();
            tables.array(1, 3, of_array, 1).device(2, 1, &module, 0x5C);
            parse(&tables.end(), None).0.ecc()
        };
        assert_eq!(ecc(6, (72, 64)), Some(true));
        assert_eq!(ecc(3, (72, 64)), Some(false));
        assert_eq!(ecc(6, (64, 64)), Some(false));
        assert_eq!(ecc(6, (0xFFFF, 0xFFFF)), None, "as hypervisors have it");
        assert_eq!(ecc(2, (72, 64)), None);
    }

    #[test]
    fn what_stands_before_a_break_is_kept_and_the_break_is_told() {
        let mut tables = Tables::default();
        tables
            .array(1, 3, 6, 2)
            .device(2, 1, &Module::default(), 0x5C);
        let before = tables.device(3, 1, &Module::default(), 0x5C).end();
        for length in 0..before.len() {
            let (table, complaint) = parse(&before[..length], None);
            assert!(complaint.is_some(), "{length}");
            assert!(table.devices.len() <= 2);
        }
        let (table, complaint) = parse(&before[..before.len() - 8], None);
        assert_eq!(table.devices.len(), 1);
        assert_eq!(
            complaint.unwrap(),
            "a structure in it is cut off or malformed (after 167 of 307 bytes)"
        );
    }

    #[test]
    fn old_tables_end_where_the_entry_point_says() {
        let mut tables = Tables::default();
        let mut bytes = tables.device(1, 0, &Module::default(), 0x1B).end();
        bytes.truncate(bytes.len() - 6);
        assert_eq!(parse(&bytes, Some(bytes.len())).1, None);
        assert_eq!(declared(&tables.old_entry_point()), Some(bytes.len() + 6));
        assert_eq!(declared(&tables.entry_point()), None);
        assert_eq!(declared(b"_SM_"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..512), declared in any::<Option<usize>>()) {
            parse(&bytes, declared);
        }

        #[test]
        fn no_damage_is_too_odd(at in 0_usize..300, byte in any::<u8>(), length in 0_usize..320, address in any::<u64>()) {
            let mut tables = Tables::default();
            tables.array(1, 3, 6, 2).device(2, 1, &Module::default(), 0x5C);
            tables.device(3, 1, &Module::default(), 0x5C).device_range(4, 3, 0, GIB, 0);
            let mut bytes = tables.end();
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            bytes.truncate(length);
            let (table, _) = parse(&bytes, None);
            table.at(address);
            table.ecc();
        }
    }
}
