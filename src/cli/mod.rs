//! Everything between a terminal and a command: flags, environment, streams, exit codes. The only
//! place that reads the environment, asks whether a stream is a terminal, and looks at the clock.

pub mod config;
pub mod context;
pub mod exit;
pub mod failure;
pub mod report;
mod run_failure;
mod session;
pub mod terminal;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ColorChoice, Parser};
use jiff::Timestamp;

use crate::commands::{Command, Run};
use crate::output::Format;
use config::Config;
use context::{Context, OutputSettings};
use exit::Code;
use failure::Failure;
use report::ReportSettings;
pub use session::Session;
use terminal::ColorEnvironment;

/// RAID controllers and memory of bare-metal servers, without a cheat sheet
///
/// Start with `ironkeep health`: it says what is wrong, why, and what to type next. Every command
/// also reads saved MegaCLI output: `ironkeep --replay FILE-OR-FOLDER health`.
#[derive(Debug, Parser)]
#[command(
    name = "ironkeep",
    version,
    propagate_version = true,
    max_term_width = 100,
    infer_subcommands = false
)]
pub struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// Options that every command takes.
#[derive(Debug, Default, Args)]
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
    pub color: ColorChoice,

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

    /// The host's sysfs, procfs and device nodes, below one folder
    ///
    /// Together with --replay, joins a capture to a saved tree of the same host.
    #[arg(long, global = true, hide = true, value_name = "DIR")]
    pub host_root: Option<PathBuf>,

    /// The folder for the lock file and the private folders of runs
    #[arg(long, global = true, hide = true, value_name = "DIR")]
    pub run_dir: Option<PathBuf>,
}

fn controller(text: &str) -> Result<u32, String> {
    let digits = text.trim_start_matches('/').trim_start_matches(['c', 'C']);
    digits
        .parse()
        .map_err(|_| "expected a controller's number, from 0".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok())
        .filter(|limit| !limit.is_zero())
        .ok_or_else(|| "expected seconds, more than 0".to_owned())
}

/// What the program takes from its environment.
#[derive(Debug, Default)]
struct Environment {
    path: Option<OsString>,
    columns: Option<String>,
    locale: [Option<String>; 3],
    no_color: Option<String>,
    clicolor_force: Option<String>,
    term: Option<String>,
}

impl Environment {
    fn read() -> Self {
        let text =
            |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        Self {
            path: std::env::var_os("PATH"),
            columns: text("COLUMNS"),
            locale: ["LC_ALL", "LC_CTYPE", "LANG"].map(text),
            no_color: text("NO_COLOR"),
            clicolor_force: text("CLICOLOR_FORCE"),
            term: text("TERM"),
        }
    }

    fn color(&self, choice: ColorChoice, is_terminal: bool) -> bool {
        let environment = ColorEnvironment {
            no_color: self.no_color.as_deref(),
            clicolor_force: self.clicolor_force.as_deref(),
            term: self.term.as_deref(),
        };
        terminal::color(choice, environment, is_terminal)
    }

    fn unicode(&self) -> bool {
        let [all, ctype, lang] = &self.locale;
        terminal::unicode(all.as_deref(), ctype.as_deref(), lang.as_deref())
    }

    fn folders(&self) -> Vec<PathBuf> {
        self.path
            .as_ref()
            .map(|path| std::env::split_paths(path).collect())
            .unwrap_or_default()
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Nobody is left to tell if this cannot be printed.
            drop(error.print());
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(Code::Usage.number()));
        }
    };
    let environment = Environment::read();
    let (stdout, stderr) = (io::stdout(), io::stderr());
    let report = ReportSettings {
        format: cli.globals.format,
        color: environment.color(cli.globals.color, stderr.is_terminal()),
        unicode: environment.unicode(),
    };
    let output = OutputSettings {
        format: cli.globals.format,
        color: environment.color(cli.globals.color, stdout.is_terminal()),
        unicode: environment.unicode(),
        width: terminal::width(environment.columns.as_deref(), terminal::columns(&stdout)),
        columns: cli.globals.columns.clone(),
        sort: cli.globals.sort.clone(),
        header: cli.globals.header,
    };
    let mut stdout = io::BufWriter::new(stdout.lock());
    let mut stderr = stderr.lock();
    let result = run(cli, &environment, output, &mut stdout, &mut stderr);
    let result = result.and_then(|code| {
        stdout.flush()?;
        Ok(code)
    });
    match result {
        Ok(code) => code.into(),
        Err(failure) => {
            // What was printed before the failure stays useful; nobody is left to tell otherwise.
            drop(stdout.flush());
            drop(report::report(&failure, &mut stderr, report));
            failure.kind().code().into()
        }
    }
}

fn run(
    cli: Cli,
    environment: &Environment,
    output: OutputSettings,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Result<Code, Failure> {
    let config = Config::load(cli.globals.config.as_deref())?;
    let session = Session::new(cli.globals, config, environment.folders());
    let mut context = Context {
        stdout,
        stderr,
        now: Timestamp::now(),
        output,
        session,
    };
    cli.command.run(&mut context)
}
