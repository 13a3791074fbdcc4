//! `util`: files for shells, manuals and scripts.

pub mod man;

use std::path::{Path, PathBuf};

use clap::{CommandFactory, Subcommand};
use clap_complete::Shell;

use super::{Run, schema};
use crate::cli::Cli;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::output::escape;

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
    /// For bash: `ironkeep util completions bash > /etc/bash_completion.d/ironkeep`
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual page of each command into a folder
    Man {
        /// The folder; made if it is not there
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Write the JSON Schema of each command's JSON output into a folder
    Schema {
        /// The folder; made if it is not there
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

/// A file to write: its name and its text.
pub type File = (String, String);

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        match self.verb {
            Verb::Completions { shell } => {
                // In memory first: the generator panics where it cannot write.
                let mut text = Vec::new();
                clap_complete::generate(shell, &mut Cli::command(), "ironkeep", &mut text);
                context.stdout.write_all(&text)?;
            }
            Verb::Man { folder } => write(context, &folder, &man::pages()?)?,
            Verb::Schema { folder } => write(context, &folder, &schemas()?)?,
        }
        Ok(Code::Done)
    }
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
    let line = escape::terminal(&line, context.output.unicode);
    writeln!(context.stderr, "{line}")?;
    Ok(())
}
