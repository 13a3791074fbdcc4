//! The machine that this program runs on: what whoever helps asks for first.

use serde::Serialize;
use sysinfo::{Motherboard, Product, System};

/// The machine; `None` is what it does not say. No serial numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// The distribution and its version, as `Debian GNU/Linux 12`.
    pub operating_system: Option<String>,
    /// As the kernel calls it: `x86_64`.
    pub architecture: Option<String>,
    /// Who made the server, and which one it is, by its firmware.
    pub server_vendor: Option<String>,
    /// See `server_vendor`.
    pub server_model: Option<String>,
    /// Who made its board, and which one it is, by its firmware.
    pub board_vendor: Option<String>,
    /// See `board_vendor`.
    pub board_model: Option<String>,
}

impl Machine {
    /// Reads `/etc/os-release` and what the kernel took over of DMI or the device tree; sysinfo knows no
    /// other root.
    pub fn read() -> Self {
        let name = System::name().ok().map(|name| match System::os_version() {
            Ok(version) => format!("{name} {version}"),
            // Some roll, and have none.
            Err(_) => name,
        });
        let board = Motherboard::new().ok();
        Self {
            operating_system: said(name),
            architecture: said(Some(System::cpu_arch())),
            server_vendor: said(Product::vendor_name().ok()),
            server_model: said(Product::name().ok()),
            board_vendor: said(board.as_ref().and_then(Motherboard::vendor_name)),
            board_model: said(board.as_ref().and_then(Motherboard::name)),
        }
    }
}

/// What says something.
fn said(text: Option<String>) -> Option<String> {
    let text = text?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_says_what_it_runs() {
        let machine = Machine::read();
        assert_eq!(
            machine.architecture.as_deref(),
            Some(std::env::consts::ARCH)
        );
        let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
        let name = release.lines().find_map(|line| line.strip_prefix("NAME="));
        let name = name.map(|name| name.trim_matches('"').to_owned());
        let says = machine.operating_system;
        assert_eq!(says.is_some(), name.is_some());
        assert!(
            says.unwrap_or_default()
                .starts_with(&name.unwrap_or_default())
        );
    }

    #[test]
    fn blanks_say_nothing() {
        assert_eq!(said(Some(" \n".to_owned())), None);
        assert_eq!(said(Some(" R740\n".to_owned())).as_deref(), Some("R740"));
    }
}
