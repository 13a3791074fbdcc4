//! `pd firmware-download`: the firmware of drives.

use std::path::{Path, PathBuf};

use super::act::Drives;
use crate::change::physical_drive::PhysicalDriveAction as Action;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::Run;

/// Write firmware to drives
///
/// One drive after the other, and only while nothing runs on it and every span survives without it: a
/// drive that gets new firmware does not answer for a while. Firmware for another model can end a
/// drive. The file is the drive maker's.
///
/// Example: ironkeep pd firmware-download /root/ES66.lod 252:3
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    /// The file with the firmware
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    drives: Drives,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let file = usable(&self.file)?;
        let action = Action::DownloadFirmware { file };
        self.drives.act(context, "pd firmware-download", &action)
    }
}

/// The whole path of a file that can be read and that MegaCLI understands.
fn usable(path: &Path) -> Result<PathBuf, Failure> {
    let what = || format!("cannot use {} as firmware", path.display());
    let whole = path
        .canonicalize()
        .map_err(|why| Failure::because(Kind::Usage, what(), why))?;
    let data = whole
        .metadata()
        .map_err(|why| Failure::because(Kind::Usage, what(), why))?;
    if !data.is_file() || data.len() == 0 {
        return Err(Failure::because(
            Kind::Usage,
            what(),
            "it is empty, or no file",
        ));
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let name = whole.to_str().filter(|name| name.bytes().all(is_plain));
    if name.is_none() {
        let why = "MegaCLI splits paths at other signs than letters, digits, . _ and -";
        return Err(Failure::because(Kind::Usage, what(), why)
            .hint("copy it to a plain name: cp … /root/firmware.bin"));
    }
    Ok(whole)
}
