//! Who changes something.

use serde::{Deserialize, Serialize};

/// Who changes something, as far as the system tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Who {
    /// The user id that the program runs as.
    pub uid: u32,
    /// That user's name, where `/etc/passwd` knows it.
    pub user: Option<String>,
    /// Who called sudo (`SUDO_USER`).
    pub sudo_user: Option<String>,
}
