//! The key that secures virtual drives.

use serde::{Deserialize, Serialize};

/// What a controller keeps of its security key. Whether there is one says
/// [`Info::security_key`](super::Info::security_key).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Security {
    /// The name that people gave to the key.
    pub key_id: String,
    /// By this a key is known again. It is much shorter than the key, so that nobody can find the key by
    /// it: one of 65,536 wrong keys is taken for the right one, which is good enough for a simulation.
    pub key_check: Option<u16>,
    /// As [`Security::key_check`], of the passphrase that is asked for at boot.
    pub passphrase_check: Option<u16>,
}

impl Security {
    /// The value by which `secret` is known again.
    pub fn check(secret: &str) -> u16 {
        // FNV-1a.
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let hash = secret.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
        let [low, high, ..] = (hash ^ hash >> 32).to_le_bytes();
        u16::from_le_bytes([low, high])
    }
}
