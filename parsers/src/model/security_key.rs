//! The key that locks self-encrypting drives.

use serde::Serialize;

/// What the controller says of its key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SecurityKey {
    /// Whether the controller encrypts. `None` where the tool could not find out.
    pub encryption_enabled: Option<bool>,
}
