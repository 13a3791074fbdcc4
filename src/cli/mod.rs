//! Everything between a terminal and a command: flags, environment, streams, exit codes. The only
//! place that reads the environment, asks whether a stream is a terminal, and looks at the clock.

pub mod config;
pub mod context;
pub mod exit;
pub mod failure;
pub mod report;
mod run_failure;
pub mod terminal;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser};

use crate::commands::{Command, Run};
use crate::output::Format;
use config::Config;
use context::Context;
use exit::Code;
use failure::{Failure, Kind};

/// RAID controllers and memory of bare-metal servers, without a cheat sheet
///
/// Start with `ironkeep health`: it says what is wrong, why, and what to type next. Every command
/// also reads saved MegaCLI output: `ironkeep --replay FILE-OR-FOLDER health`.
#[derive(Debug, Parser)]
#[command(name = "ironkeep", version, propagate_version = true, max_term_width = 100, infer_subcommands = false)]
pub struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// Look at this controller only (needed by no command on a host with one)
    #[arg(short, long, global = true, value_name = "NUMBER", value_parser = controller)]
    pub controller: Option<u32>,

    /// How to print the result
    #[arg(long, global = true, value_name = "FORMAT", default_value = "table")]
    pub format: Format,

    /// Which columns to print, in this order (`all` prints every one)
    #[arg(long, global = true, value_name = "KEY,…", value_delimiter = ',')]
    pub columns: Option<Vec<String>>,

    /// Sort by this column; a leading - reverses
    #[arg(long, global = true, value_name = "[-]KEY", allow_hyphen_values = true)]
    pub sort: Option<String>,

    /// Begin plain output with a line of column keys
    #[arg(long, global = true)]
    pub header: bool,

    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,

    /// Read saved MegaCLI output instead of this host: a folder, a file, or - for standard input
    ///
    /// Files may have any name and hold the outputs of several commands; what printed what is
    /// recognised from the text. May be given several times.
    #[arg(long, global = true, value_name = "PATH")]
    pub replay: Vec<PathBuf>,

    /// The MegaCLI program (otherwise looked for in the usual places)
    #[arg(long, global = true, value_name = "PATH", env = "IRONKEEP_MEGACLI")]
    pub megacli: Option<PathBuf>,

    /// How long one run of MegaCLI may take before it is killed (default 60)
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<Duration>,

    /// Run MegaCLI through `sudo -n` when not root
    #[arg(long, global = true)]
    pub sudo: bool,

    /// Run MegaCLI even on a controller that is known to stall under it
    #[arg(long, global = true)]
    pub force_unsafe_controller: bool,

    /// The configuration file (default /etc/ironkeep.toml, if it exists)
    #[arg(long, global = true, value_name = "FILE", env = "IRONKEEP_CONFIG")]
    pub config: Option<PathBuf>,

    /// Say on standard error what was run and which lines were not understood
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// Fail if any line of the tool's output was not understood
    #[arg(long, global = true)]
    pub strict: bool,

    /// Where sysfs is mounted
    #[arg(long, global = true, hide = true, value_name = "DIR", default_value = "/sys")]
    pub sysfs: PathBuf,

    /// Where procfs is mounted
    #[arg(long, global = true, hide = true, value_name = "DIR", default_value = "/proc")]
    pub procfs: PathBuf,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

fn controller(text: &str) -> Result<u32, String> {
    let digits = text.trim_start_matches('/').trim_start_matches(['c', 'C']);
    digits.parse().map_err(|_| "expected a controller's number, from 0".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok())
        .filter(|limit| !limit.is_zero())
        .ok_or_else(|| "expected seconds, more than 0".to_owned())
}
