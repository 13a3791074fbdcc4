//! Makes the table that a board's firmware would, structure by structure (DSP0134). Figures are bare;
//! a string is its text. For tests, and for the tables in `fixtures/host`.

/// A memory module, or an empty slot, as type 17 has it.
#[derive(Clone)]
pub struct Module {
    pub locator: &'static str,
    pub bank: &'static str,
    /// In MiB; 0 is an empty slot.
    pub megabytes: u32,
    /// Total and data width in bits.
    pub width: (u16, u16),
    pub kind: u8,
    /// Rated and configured.
    pub speed: (u32, u32),
    pub ranks: u8,
    /// Manufacturer, serial number, part number.
    pub names: [String; 3],
    pub technology: u8,
}

impl Default for Module {
    fn default() -> Self {
        Self {
            locator: "DIMM_A1",
            bank: "BANK 0",
            megabytes: 32 << 10,
            width: (72, 64),
            kind: 0x1A,
            speed: (3200, 3200),
            ranks: 2,
            names: ["Samsung", "40A1B2C3", "M393A4K40DB3-CWE"].map(str::to_owned),
            technology: 3,
        }
    }
}

impl Module {
    /// An empty slot, with what this firmware writes instead of names.
    pub fn empty(locator: &'static str, bank: &'static str, nothing: &str) -> Self {
        Self {
            locator,
            bank,
            megabytes: 0,
            width: (0xFFFF, 0xFFFF),
            kind: 2,
            speed: (0, 0),
            ranks: 0,
            names: [nothing; 3].map(str::to_owned),
            technology: 2,
        }
    }
}

/// A table that grows.
#[derive(Default)]
pub struct Tables {
    bytes: Vec<u8>,
    structures: u16,
    longest: u16,
}

impl Tables {
    /// Adds a structure: what follows its header, and its strings.
    pub fn add(&mut self, kind: u8, handle: u16, body: &[u8], strings: &[&str]) -> &mut Self {
        let begin = self.bytes.len();
        self.bytes
            .extend([kind, u8::try_from(body.len() + 4).unwrap()]);
        self.bytes.extend(handle.to_le_bytes());
        self.bytes.extend(body);
        for text in strings {
            self.bytes.extend(text.as_bytes());
            self.bytes.push(0);
        }
        self.bytes.extend(if strings.is_empty() {
            &[0, 0][..]
        } else {
            &[0]
        });
        self.structures += 1;
        let length = u16::try_from(self.bytes.len() - begin).unwrap();
        self.longest = self.longest.max(length);
        self
    }

    /// Type 16. `ecc` as the specification counts: 3 none, 5 single-bit, 6 multi-bit.
    pub fn array(&mut self, handle: u16, purpose: u8, ecc: u8, slots: u16) -> &mut Self {
        let mut body = vec![3, purpose, ecc];
        body.extend(0x8000_0000_u32.to_le_bytes());
        body.extend(0xFFFE_u16.to_le_bytes());
        body.extend(slots.to_le_bytes());
        body.extend((1_u64 << 41).to_le_bytes());
        self.add(16, handle, &body, &[])
    }

    /// Type 17 of version 3.3, or shorter: its first `length` bytes.
    pub fn device(&mut self, handle: u16, array: u16, module: &Module, length: usize) -> &mut Self {
        let mut body = Vec::new();
        let mut word = |it: u16| body.extend(it.to_le_bytes());
        word(array);
        word(0xFFFE);
        word(module.width.0);
        word(module.width.1);
        let is_large = module.megabytes >= 0x7FFF;
        word(if is_large {
            0x7FFF
        } else {
            u16::try_from(module.megabytes).unwrap()
        });
        body.extend([9, 0, 1, 2, module.kind]);
        body.extend(0x2080_u16.to_le_bytes());
        let small = |speed: u32| u16::try_from(speed).unwrap_or(0xFFFF).to_le_bytes();
        body.extend(small(module.speed.0));
        body.extend([3, 4, 0, 5, module.ranks]);
        body.extend((if is_large { module.megabytes } else { 0 }).to_le_bytes());
        body.extend(small(module.speed.1));
        // Voltages.
        body.extend([0; 6]);
        body.push(module.technology);
        // Operating modes, firmware, identifiers, sizes by kind.
        body.resize(0x54 - 4, 0);
        let large = |speed: u32| (if speed >= 0xFFFF { speed } else { 0 }).to_le_bytes();
        body.extend(large(module.speed.0));
        body.extend(large(module.speed.1));
        body.truncate(length - 4);
        let [maker, serial, part] = &module.names;
        self.add(
            17,
            handle,
            &body,
            &[module.locator, module.bank, maker, serial, part],
        )
    }

    /// Type 19: from `first` to `last` in KiB, the last included.
    pub fn array_range(&mut self, handle: u16, array: u16, first: u64, last: u64) -> &mut Self {
        let (short, long) = range(first, last);
        let body = [&short[..], &array.to_le_bytes(), &[1], &long].concat();
        self.add(19, handle, &body, &[])
    }

    /// Type 20. `position` is that in an interleave; 0 is none.
    pub fn device_range(
        &mut self,
        handle: u16,
        device: u16,
        first: u64,
        last: u64,
        position: u8,
    ) -> &mut Self {
        let (short, long) = range(first, last);
        let body = [
            &short[..],
            &device.to_le_bytes(),
            &[0, 0, 0xFF, position, 0xFF],
            &long,
        ]
        .concat();
        self.add(20, handle, &body, &[])
    }

    /// The table with its end.
    pub fn end(&mut self) -> Vec<u8> {
        self.add(127, 0xFEFF, &[], &[]);
        self.bytes.clone()
    }

    /// A 64-bit entry point of version 3.3 for it.
    pub fn entry_point(&self) -> Vec<u8> {
        let mut entry = b"_SM3_\0\x18\x03\x03\x00\x01\0".to_vec();
        entry.extend(u32::try_from(self.bytes.len()).unwrap().to_le_bytes());
        entry.extend(0x7A00_0000_u64.to_le_bytes());
        entry[5] = sum(&entry);
        entry
    }

    /// A 32-bit entry point of version 2.6 for it.
    pub fn old_entry_point(&self) -> Vec<u8> {
        let mut entry = b"_SM_\0\x1F\x02\x06".to_vec();
        entry.extend(self.longest.to_le_bytes());
        entry.extend([0; 6]);
        entry.extend(b"_DMI_\0");
        entry.extend(u16::try_from(self.bytes.len()).unwrap().to_le_bytes());
        entry.extend(0x000F_0000_u32.to_le_bytes());
        entry.extend(self.structures.to_le_bytes());
        entry.push(0x26);
        entry[21] = sum(&entry[16..]);
        entry[4] = sum(&entry);
        entry
    }
}

/// A range in KiB as both forms of an address have it: the long one in bytes, where the short is too short.
fn range(first: u64, last: u64) -> ([u8; 8], [u8; 16]) {
    let mut short = [0xFF; 8];
    let mut long = [0; 16];
    if let (Ok(first), Ok(last)) = (u32::try_from(first), u32::try_from(last)) {
        short[..4].copy_from_slice(&first.to_le_bytes());
        short[4..].copy_from_slice(&last.to_le_bytes());
    } else {
        long[..8].copy_from_slice(&(first << 10).to_le_bytes());
        long[8..].copy_from_slice(&((last << 10) | 0x3FF).to_le_bytes());
    }
    (short, long)
}

/// What makes the sum of all bytes 0.
fn sum(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0_u8, |sum, &byte| sum.wrapping_sub(byte))
}
