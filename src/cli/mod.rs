//! Everything between a terminal and a command: flags, environment, streams, exit codes. The only
//! place that reads the environment, asks whether a stream is a terminal, and looks at the clock.

mod brief;
pub mod config;
pub mod consent;
pub mod context;
pub mod exit;
pub mod failure;
pub mod join;
mod pause;
pub mod report;
mod run_failure;
mod session;
pub mod terminal;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, ColorChoice, Parser, Subcommand};
use jiff::Timestamp;

use crate::act::audit::Who;
use crate::backend::Backend;
use crate::commands::{Command, Run, Typed, sim};
use crate::demo::{self, Witness};
use crate::output::Format;
pub(crate) use crate::runner::ProcessEnd;
pub use crate::runner::interrupt::Interrupt;
pub(crate) use crate::runner::tally::{Observer, Run as ToolRun, RunEnd};
pub(crate) use brief::Brief;
use config::Config;
use context::{Context, OutputSettings, Zone};
use exit::Code;
use failure::{Failure, Kind};
pub use pause::Pause;
use report::ReportSettings;
pub use session::Session;
pub(crate) use session::{only, shell_word};
use terminal::ColorEnvironment;

/// RAID controllers and memory of bare-metal servers, without a cheat sheet
///
/// Start with `ironkeep health`: it says what is wrong, why, and what to type next. What eats the
/// memory: `ironkeep mem`. Every command about controllers also reads saved MegaCLI output:
/// `ironkeep --replay FILE-OR-FOLDER health`. What a word on the screen means: `ironkeep explain WORD`.
#[derive(Debug, Parser)]
#[command(
    name = "ironkeep",
    version,
    propagate_version = true,
    max_term_width = 100,
    infer_subcommands = false
)]
pub struct Line<C: Subcommand> {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Option<C>,
}

/// The command line, with every command described.
pub type Cli = Line<Command>;

impl Cli {
    /// Reads a command line, and describes only what that needs.
    fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        match Line::<Typed>::try_parse_from(&arguments) {
            Ok(Line { globals, command }) => Ok(Self {
                globals,
                command: command.map(|Typed(command)| command),
            }),
            Err(error) if error.kind() == ErrorKind::DisplayVersion => Err(error),
            // Help, and what is said of mistakes, name the other commands.
            Err(_) => Self::try_parse_from(arguments),
        }
    }
}

/// Options that every command takes.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// Look at this controller only (never needed on a host with one)
    #[arg(short, long, global = true, value_name = "NUMBER", value_parser = controller)]
    pub controller: Option<u32>,

    /// How to print the result
    #[arg(long, global = true, value_name = "FORMAT", default_value = "table")]
    pub format: Format,

    /// Which columns to print, in this order (`all` prints every one, `help` lists them)
    #[arg(long, global = true, value_name = "KEY,…", value_delimiter = ',')]
    pub columns: Option<Vec<String>>,

    /// Sort by these columns, the most important first; a leading - reverses one
    #[arg(
        long,
        global = true,
        value_name = "[-]KEY,…",
        allow_hyphen_values = true
    )]
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
    /// recognised from the text. They may be compressed (.gz, .tar.gz). May be given several times, for outputs of one host.
    #[arg(long, global = true, value_name = "PATH")]
    pub replay: Vec<PathBuf>,

    /// Use a simulated host instead of this one (--demo=list lists the scenarios)
    ///
    /// Needs no hardware and no MegaCLI. Time passes on the host while the command runs.
    #[arg(
        long, global = true, value_name = "SCENARIO", num_args = 0..=1, require_equals = true,
        default_missing_value = ironkeep_sim::scenario::DEFAULT
    )]
    pub demo: Option<String>,

    /// Keep the simulated host in a file, where it lives on between commands
    #[arg(long, global = true, value_name = "FILE")]
    pub demo_state: Option<PathBuf>,

    /// Seconds that pass on the simulated host in a real one; 0 stops its time (default 1)
    #[arg(long, global = true, value_name = "FACTOR")]
    pub demo_speed: Option<u32>,

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

/// Reads a time limit in seconds.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok())
        .filter(|limit| !limit.is_zero())
        .ok_or_else(|| "expected seconds, more than 0".to_owned())
}

/// Reads a time span: seconds, or `90s`, `15m`, `2h30m`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    if let Ok(limit) = seconds(text) {
        return Ok(limit);
    }
    let span: Option<jiff::SignedDuration> = text.parse().ok();
    span.and_then(|span| Duration::try_from(span).ok())
        .filter(|span| !span.is_zero())
        .ok_or_else(|| "expected a time span, as 90s, 15m or 2h30m".to_owned())
}

/// What the program takes from its surroundings: environment variables and terminals. Tests make
/// their own.
#[derive(Debug, Clone, Default)]
pub struct Surroundings {
    /// `PATH`.
    pub path: Option<OsString>,
    /// `COLUMNS`.
    pub columns: Option<String>,
    /// `LC_ALL`, `LC_CTYPE` and `LANG`.
    pub locale: [Option<String>; 3],
    /// `NO_COLOR`.
    pub no_color: Option<String>,
    /// `CLICOLOR_FORCE`.
    pub clicolor_force: Option<String>,
    /// `TERM`.
    pub term: Option<String>,
    /// Whether standard input is a terminal.
    pub stdin_is_terminal: bool,
    /// Whether standard output is a terminal.
    pub stdout_is_terminal: bool,
    /// Whether standard error is a terminal.
    pub stderr_is_terminal: bool,
    /// Columns of the terminal behind standard output.
    pub terminal_columns: Option<u16>,
    /// Columns of the terminal behind standard error.
    pub stderr_columns: Option<u16>,
    /// Whether standard error is the journal of the system (`JOURNAL_STREAM`).
    pub stderr_is_journal: bool,
    /// The time, fixed for the whole run.
    pub now: Timestamp,
    /// The zone that times are shown in.
    pub zone: Zone,
    /// Who runs the program.
    pub who: Who,
    /// What tests do after each run of the tool on a simulated host.
    pub witness: Option<Witness>,
}

impl Surroundings {
    /// Those of this process.
    fn of_process() -> Self {
        let text =
            |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
        Self {
            path: std::env::var_os("PATH"),
            columns: text("COLUMNS"),
            locale: ["LC_ALL", "LC_CTYPE", "LANG"].map(text),
            no_color: text("NO_COLOR"),
            clicolor_force: text("CLICOLOR_FORCE"),
            term: text("TERM"),
            stdin_is_terminal: io::stdin().is_terminal(),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            terminal_columns: terminal::columns(io::stdout()),
            stderr_columns: terminal::columns(io::stderr()),
            stderr_is_journal: is_journal(text("JOURNAL_STREAM").as_deref()),
            now: Timestamp::now(),
            zone: Zone::Host,
            who: who(text("SUDO_USER")),
            witness: None,
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

    /// The width of standard error; `None` where it is no terminal, so that no log gets broken lines.
    fn stderr_width(&self) -> Option<u16> {
        let width = || terminal::width(self.columns.as_deref(), self.stderr_columns);
        self.stderr_is_terminal.then(width).flatten()
    }

    /// Why nothing can be drawn on the whole screen and steered by keys; `None` where it can.
    fn no_screen(&self) -> Option<&'static str> {
        if !self.stdout_is_terminal {
            Some("standard output is no terminal")
        } else if !self.stdin_is_terminal {
            Some("standard input is no terminal")
        } else if self.term.as_deref() == Some("dumb") {
            Some("this terminal cannot be drawn on: TERM=dumb")
        } else {
            None
        }
    }

    fn folders(&self) -> Vec<PathBuf> {
        self.path
            .as_ref()
            .map(|path| std::env::split_paths(path).collect())
            .unwrap_or_default()
    }

    fn output(&self, globals: &Globals) -> OutputSettings {
        OutputSettings {
            format: globals.format,
            color: self.color(globals.color, self.stdout_is_terminal),
            unicode: self.unicode(),
            width: terminal::width(self.columns.as_deref(), self.terminal_columns),
            stderr_width: self.stderr_width(),
            zone: self.zone,
            columns: globals.columns.clone(),
            sort: globals.sort.clone(),
            header: globals.header,
        }
    }
}

/// Whether standard error is the stream that `JOURNAL_STREAM` names by its device and inode: then the
/// journal reads it, and not whoever redirected it since.
fn is_journal(named: Option<&str>) -> bool {
    let stream = rustix::fs::fstat(io::stderr());
    let is_named = |named: &str| {
        let stream = stream.ok()?;
        let (device, inode) = named.split_once(':')?;
        let same = |text: &str, number: u64| text.parse() == Ok(number);
        Some(same(device, stream.st_dev) && same(inode, stream.st_ino))
    };
    named.and_then(is_named).unwrap_or(false)
}

/// Who runs the program. Nobody is told by a name that the environment gives alone, except by sudo's.
fn who(sudo_user: Option<String>) -> Who {
    let uid = rustix::process::getuid().as_raw();
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    Who {
        uid,
        user: crate::who::user_name(&passwd, uid),
        sudo_user,
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let surroundings = Surroundings::of_process();
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    let mut stderr = io::stderr().lock();
    execute(std::env::args_os(), &surroundings, &mut stdout, &mut stderr).into()
}

/// Runs a command line (the program's name first) in the given surroundings.
pub fn execute(
    arguments: impl IntoIterator<Item = OsString>,
    surroundings: &Surroundings,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Code {
    execute_on(None, arguments, surroundings, stdout, stderr)
}

/// As [`execute`], on a host that the caller has opened.
pub fn execute_on(
    backend: Option<Box<dyn Backend>>,
    arguments: impl IntoIterator<Item = OsString>,
    surroundings: &Surroundings,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Code {
    let cli = match Cli::read(arguments) {
        Ok(cli) => cli,
        Err(error) => return explain_usage(&error, surroundings, stdout, stderr),
    };
    let report = ReportSettings {
        format: cli.globals.format,
        color: surroundings.color(cli.globals.color, surroundings.stderr_is_terminal),
        unicode: surroundings.unicode(),
        width: surroundings.stderr_width(),
    };
    let result = run(cli, backend, surroundings, stdout, stderr).and_then(|code| {
        stdout.flush()?;
        Ok(code)
    });
    match result {
        Ok(code) => code,
        Err(failure) => {
            // What was printed before the failure stays useful; nobody is left to tell otherwise.
            drop(stdout.flush());
            drop(report::report(&failure, stderr, report));
            failure.kind().code()
        }
    }
}

/// Help and version go to standard output, usage errors to standard error.
fn explain_usage(
    error: &clap::Error,
    surroundings: &Surroundings,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Code {
    let text = error.render();
    let is_error = error.use_stderr();
    let is_terminal = if is_error {
        surroundings.stderr_is_terminal
    } else {
        surroundings.stdout_is_terminal
    };
    let text = if surroundings.color(ColorChoice::Auto, is_terminal) {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    let print = |stream: &mut dyn Write| {
        stream
            .write_all(text.as_bytes())
            .and_then(|()| stream.flush())
    };
    // Nobody is left to tell if this cannot be printed.
    drop(if is_error {
        print(stderr)
    } else {
        print(stdout)
    });
    if is_error { Code::Usage } else { Code::Done }
}

fn run(
    cli: Cli,
    backend: Option<Box<dyn Backend>>,
    surroundings: &Surroundings,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> Result<Code, Failure> {
    one_source(&cli.globals)?;
    let wants_list = cli.globals.demo.as_deref() == Some(demo::LIST);
    let config = Config::load(cli.globals.config.as_deref())?;
    let output = surroundings.output(&cli.globals);
    let who = surroundings.who.clone();
    let mut session = Session::new(cli.globals, config, surroundings.folders(), who)
        .witnessed(surroundings.witness);
    if let Some(backend) = backend {
        session = session.over(backend);
    }
    let mut context = Context {
        stdout,
        stderr,
        now: surroundings.now,
        no_screen: surroundings.no_screen(),
        stderr_is_journal: surroundings.stderr_is_journal,
        is_interactive: surroundings.stdin_is_terminal && surroundings.stderr_is_terminal,
        output,
        session,
    };
    let result = match cli.command {
        _ if wants_list => sim::list(&mut context),
        Some(command) => command.run(&mut context),
        None => Err(Failure::new(Kind::Usage, "say what to do")
            .hint("the first to try: ironkeep health")
            .hint("all commands: ironkeep help")),
    };
    let source = context.session.source_flags();
    result.map_err(|failure| failure.at(&source))
}

/// Refuses flags that name several hosts at once.
fn one_source(globals: &Globals) -> Result<(), Failure> {
    let is_demo = globals.demo.is_some() || globals.demo_state.is_some();
    let other = if !globals.replay.is_empty() {
        "--replay"
    } else if globals.sudo {
        "--sudo"
    } else {
        return Ok(());
    };
    if is_demo {
        let words = format!("{other} and a simulated host cannot be used together");
        return Err(Failure::new(Kind::Usage, words).hint("leave one of them out"));
    }
    Ok(())
}
