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

/// The users in a file like `/etc/passwd`, with their numbers. The system's own lookup would need
/// libraries that a static program does not have.
pub(crate) fn users(passwd: &str) -> impl Iterator<Item = (&str, u32)> {
    passwd.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let id: u32 = fields.nth(1)?.parse().ok()?;
        Some((name, id))
    })
}

/// The name of the user `uid` in such a file.
pub(crate) fn user_name(passwd: &str, uid: u32) -> Option<String> {
    let (name, _) = users(passwd).find(|(_, id)| *id == uid)?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_user_stands_before_its_number() {
        let passwd = "root:x:0:0:root:/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/sh\n";
        assert_eq!(user_name(passwd, 1000).as_deref(), Some("anna"));
        assert_eq!(user_name(passwd, 5), None);
    }
}
