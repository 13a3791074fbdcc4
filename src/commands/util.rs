//! `util`: files for shells, manuals and scripts.

mod complete;
mod glossary;
pub mod man;
mod metrics;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};

use super::{Run, schema};
use crate::backend::sudoers;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::exporter::collector::Collector;
use crate::reading::Part;

/// Write completions, manual pages and JSON schemas
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Print the completions for a shell
    ///
    /// They complete drives, virtual drives, enclosures and controllers as well: of the capture that
    /// the line names with --replay or, for root, of this host, if MegaCLI answers within a second.
    ///
    /// bash: `ironkeep util completions bash > /etc/bash_completion.d/ironkeep`; zsh: into a file
    /// `_ironkeep` in a folder of `$fpath`; fish: into `/etc/fish/completions/ironkeep.fish`.
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print what may stand at the end of a command line
    #[command(hide = true)]
    Complete {
        /// The words of the line, the program's name first; the last one is to be completed
        #[arg(last = true, allow_hyphen_values = true)]
        words: Vec<OsString>,
    },
    /// Write the manual page of each command, and the glossary, into a folder
    Man {
        /// The folder; made if it is not there
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Print a sudo rule that lets the exporter's user read this host
    ///
    /// It allows the commands of MegaCLI that `export` runs, and nothing else.
    #[command(hide = true)]
    Sudoers {
        /// Where MegaCLI is
        #[arg(value_name = "PATH", default_value = USUAL_MEGACLI)]
        program: PathBuf,
    },
    /// Write the JSON Schema of each command's JSON output into a folder
    Schema {
        /// The folder; made if it is not there
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

/// The shells that have completions.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Fish,
    Zsh,
}

impl Shell {
    fn completions(self) -> &'static str {
        match self {
            Self::Bash => include_str!("util/completions/ironkeep.bash"),
            Self::Fish => include_str!("util/completions/ironkeep.fish"),
            Self::Zsh => include_str!("util/completions/ironkeep.zsh"),
        }
    }
}

/// A file to write: its name and its text.
pub type File = (String, String);

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        match self.verb {
            Verb::Completions { shell } => {
                context.stdout.write_all(shell.completions().as_bytes())?;
            }
            Verb::Complete { words } => {
                let lines = complete::lines(&words, &context.session.brief(&words));
                context.stdout.write_all(lines.as_bytes())?;
            }
            Verb::Man { folder } => write(context, &folder, &man::pages()?)?,
            Verb::Sudoers { program } => {
                context.stdout.write_all(sudo_rule(&program).as_bytes())?;
            }
            Verb::Schema { folder } => write(context, &folder, &schemas()?)?,
        }
        Ok(Code::Done)
    }
}

/// Where LSI's own packages put the tool.
pub const USUAL_MEGACLI: &str = "/opt/MegaRAID/MegaCli/MegaCli64";

/// The sudo rule with which the exporter reads this host through the MegaCLI at `program`.
pub fn sudo_rule(program: &Path) -> String {
    let collectors = Collector::ALL.iter().copied();
    let parts: Vec<Part> = collectors
        .flat_map(|collector| collector.parts().iter().copied())
        .collect();
    sudoers::rule(program, &parts)
}

/// The schemas: `pd-list.json`, `event-list-follow.json`.
///
/// # Errors
/// If a schema is no JSON, which would be a bug.
pub fn schemas() -> Result<Vec<File>, Failure> {
    let file = |command: &str| {
        let mut text = serde_json::to_string_pretty(&schema::of_command(command))
            .map_err(|error| Failure::because(Kind::Internal, "cannot make JSON", error))?;
        text.push('\n');
        let name = command.replace(" --", "-").replace(' ', "-");
        Ok((format!("{name}.json"), text))
    };
    schema::commands().map(file).collect()
}

fn write(context: &mut Context<'_>, folder: &Path, files: &[File]) -> Result<(), Failure> {
    let failed = |path: &Path, error| {
        let what = format!("cannot write {}", path.display());
        Failure::because(Kind::Environment, what, error)
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| failed(&path, error))?;
    }
    let line = format!("{} files written to {}", files.len(), folder.display());
    context.say("", &line)
}
