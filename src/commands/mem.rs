//! `mem`: who uses the memory of this host, and where the rest of it is.

pub mod dimm;
mod flags;
mod gaps;
mod live;
mod machine;
mod order;
mod place;
mod rows;

use ironkeep_parsers::units::Bytes;
use jiff::Timestamp;
use serde::Serialize;

use self::flags::Flags;
use self::machine::Page;
use self::order::Order;
use self::place::Place;
use self::rows::GroupRow;
use super::{Run, watch};
use crate::cli::context::{Context, OutputSettings};
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::dimm as modules;
use crate::memory::Process;
use crate::memory::balance::{Balance, balance};
use crate::memory::group::{Bounds, By};
use crate::memory::host::{self, HostMemory};
use crate::memory::proc::Proc;
use crate::memory::survey::{Filter, Pss, Request, Survey};
use crate::output::{self, Envelope, Format, Layout, Line, Tone, human};

/// Say who uses the memory of this host, and where the rest of it is
///
/// First all memory of the host, in lines that add up; how long programs wait for memory (pressure), and
/// swap; then the largest processes, and what could not be read, which is never taken for 0.
///
/// PSS divides each shared page among those who map it: it is the figure for sums, over programs or
/// users. USS is what nobody else maps: what is free again when the process ends. RSS counts shared pages
/// in full with each process: its sum can be many times what is used. PSS+SWAP is what a process would
/// need without swap space. Huge pages of hugetlbfs are in none of them.
///
/// PSS is dear for the kernel to work out, so it is read only of as many as it takes until the largest are
/// certain. Other users' processes need root: without it they have upper bounds (≤ 1.2 GiB).
///
/// --sort ranks, too: the largest by the first of `pss`, `uss`, `swap`, `pss_swap` and `rss` in it are
/// shown, in the order that it says. `--sort -swap` begins with the largest, `--sort swap` ends with it.
///
/// Plain output has the processes or groups alone, in bytes; where there is only a bound the field is
/// empty, and the columns `pss_at_most` and `not_read` say more. JSON has everything.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    Dimm(dimm::Args),
}

/// The JSON form.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Memory {
    /// All memory of the host, in lines that add up.
    balance: Balance,
    /// What the kernel says of it.
    host: HostMemory,
    /// How memory errors are watched; `None` where only some processes were asked for.
    ecc: Option<Ecc>,
    /// The column by which the largest are chosen.
    ranked_by: &'static str,
    /// By what processes were put together; `None` for single processes.
    grouped_by: Option<By>,
    /// Whether root looked.
    as_root: bool,
    /// The processes or groups, and what could not be read of them.
    survey: Survey,
}

/// How memory errors are watched. `mem dimm` has everything about the modules.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Ecc {
    /// By whom.
    watch: modules::Watch,
    /// What is to be said of it, for people.
    words: String,
    #[serde(skip)]
    tone: Tone,
}

/// Where it comes from, beside the data in JSON.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Origin {
    /// The procfs.
    source: String,
    /// When it was read.
    taken: String,
    /// What is not in the data, and what would bring it in, in words.
    missing: Vec<String>,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        if let Some(Verb::Dimm(dimm)) = self.verb {
            if self.flags.are_given() {
                return Err(Failure::new(
                    Kind::Usage,
                    "the flags of `mem` say nothing to `mem dimm`",
                )
                .hint("put those of `mem dimm` behind it: ironkeep mem dimm --help"));
            }
            return dimm.run(context);
        }
        let flags = self.flags;
        let place = Place::of(&context.session, flags.procfs.clone())?;
        if flags.command() {
            show_commands(&mut context.output);
        }
        let order = Order::of(&context.output, &flags)?;
        let request = flags.request(&place, order)?;
        check(&mut context.output, request.by)?;
        if order::is_help(&context.output) {
            match request.by {
                Some(_) => output::print_columns::<GroupRow>(context)?,
                None => output::print_columns::<Process>(context)?,
            }
            return Ok(Code::Done);
        }
        if let Some(interval) = flags.watch {
            watch::check_screen(context, "mem --watch", "ironkeep mem")?;
            return live::run(context, place, &flags, request, interval);
        }
        let mut memory = Memory::read(&place, &request)?;
        memory.check(&place, &request)?;
        if context.output.format != Format::Plain {
            memory.look_at_modules(&place, &request, context.now);
        }
        print(context, &memory, &place, &flags, &request)?;
        Ok(Code::Done)
    }
}

/// Adds the column of command lines. There is hardly room for others beside it in a table; JSON has
/// everything in any case.
fn show_commands(settings: &mut OutputSettings) {
    if settings.format == Format::Table && settings.columns.is_none() {
        let columns = ["pss", "swap", "pid", "user"].map(str::to_owned);
        settings.columns = Some(columns.to_vec());
    }
    if settings.format != Format::Json {
        output::show_also::<Process>(settings, order::COMMAND);
    }
}

/// Checks `--columns` and `--sort`. JSON is whole and in the order of the ranking: there `--sort` only
/// says what that is.
fn check(settings: &mut OutputSettings, by: Option<By>) -> Result<(), Failure> {
    let only_ranks = settings.format == Format::Json && settings.columns.is_none();
    let looked_at = OutputSettings {
        format: if only_ranks {
            Format::Plain
        } else {
            settings.format
        },
        ..settings.clone()
    };
    if only_ranks {
        settings.sort = None;
    }
    match by {
        Some(_) => output::check_request::<GroupRow>(&looked_at),
        None => output::check_request::<Process>(&looked_at),
    }
}

impl Memory {
    /// Reads it.
    ///
    /// # Errors
    /// If there is no procfs.
    fn read(place: &Place, request: &Request) -> Result<Self, Failure> {
        let mut survey = Proc::open(&place.procfs)
            .and_then(|mut proc| proc.survey(request))
            .map_err(|error| {
                let words = format!("cannot read the processes below {}", place.procfs.display());
                Failure::because(Kind::Environment, words, error)
                    .hint("--procfs ROOT names the place where a procfs is mounted")
            })?;
        for process in &mut survey.processes {
            process.user = process.uid.and_then(|uid| place.user(uid));
        }
        if request.by == Some(By::User) {
            for group in &mut survey.groups {
                let uid = group.name.as_deref().and_then(|it| it.parse().ok());
                if let Some(name) = uid.and_then(|uid| place.user(uid)) {
                    group.name = Some(name);
                }
            }
        }
        let host = host::read(&place.procfs, &place.sysfs);
        Ok(Self {
            balance: balance(&host),
            host,
            ranked_by: Order::column(request.key),
            ecc: None,
            grouped_by: request.by,
            as_root: place.as_root,
            survey,
        })
    }

    /// Reads how memory errors are watched, where the whole host was asked for.
    fn look_at_modules(&mut self, place: &Place, request: &Request, now: Timestamp) {
        if request.keep == Filter::default() {
            self.ecc = Some(Ecc::read(&place.modules(now)));
        }
    }

    /// Whether there is anything to print.
    ///
    /// # Errors
    /// If nothing could be read, or nothing is there of what was named by its number.
    fn check(&self, place: &Place, request: &Request) -> Result<(), Failure> {
        let survey = &self.survey;
        let found = survey.total.processes + survey.kernel_threads + survey.zombies;
        let named = &request.keep.pids;
        if found == 0 && self.balance.total.is_none() && survey.unknown.is_empty() {
            let words = format!(
                "{} has neither processes nor meminfo",
                place.procfs.display()
            );
            return Err(Failure::new(Kind::Environment, words)
                .hint("--procfs ROOT names the place where a procfs is mounted"));
        }
        if survey.total.processes == 0 && !named.is_empty() {
            let numbers: Vec<String> = named.iter().map(u32::to_string).collect();
            let numbers = numbers.join(", ");
            let words = match (survey.kernel_threads, survey.zombies) {
                (0, 0) => format!("there is no process {numbers}"),
                (0, _) => format!("process {numbers} has ended and waits for its parent"),
                (_, _) => format!(
                    "process {numbers} is a thread of the kernel: it has no memory of its own"
                ),
            };
            return Err(Failure::new(Kind::Usage, words).hint("the largest: ironkeep mem"));
        }
        Ok(())
    }
}

/// Prints it in the format that was asked for.
fn print(
    context: &mut Context<'_>,
    memory: &Memory,
    place: &Place,
    flags: &Flags,
    request: &Request,
) -> Result<(), Failure> {
    let missing = gaps::gaps(memory, flags);
    let layout = memory.layout(request);
    if context.output.format == Format::Table {
        let mut page = Page::new(&context.output);
        if request.keep == Filter::default() {
            page.whole(&memory.host, &memory.balance);
        }
        let shown = memory.survey.processes.len() + memory.survey.groups.len();
        if shown > 0 {
            page.say(&title(&memory.survey, request, shown), Tone::Neutral);
        }
        write(context, &page.lines())?;
    }
    let rows = group_rows(memory);
    let origin = Origin {
        source: place.procfs.display().to_string(),
        taken: context.now.to_string(),
        missing,
    };
    let nothing = if request.keep == Filter::default() {
        "There are no processes to be seen."
    } else {
        "No process matches."
    };
    let envelope = Envelope::new("mem", memory).with(&origin);
    if request.by.is_some() {
        output::print_list_in(context, &envelope, &rows, nothing, &layout)?;
    } else {
        let rows = &memory.survey.processes;
        output::print_list_in(context, &envelope, rows, nothing, &layout)?;
    }
    tell_missing(context, &origin.missing)?;
    tell_of_errors(context, memory.ecc.as_ref())
}

/// A line on memory errors, where people read.
fn tell_of_errors(context: &mut Context<'_>, ecc: Option<&Ecc>) -> Result<(), Failure> {
    let mut page = Page::new(&context.output);
    if let Some(ecc) = ecc.filter(|_| context.output.format == Format::Table) {
        page.say(&ecc.line(), ecc.tone);
    }
    let lines = page.lines();
    write(context, &lines)
}

/// The groups as rows.
fn group_rows(memory: &Memory) -> Vec<GroupRow> {
    let by = memory.grouped_by.unwrap_or(By::Program);
    let groups = memory.survey.groups.iter();
    groups
        .map(|group| GroupRow {
            group: group.clone(),
            by,
        })
        .collect()
}

/// What could not be read: a part of what people read, and beside what machines do.
fn tell_missing(context: &mut Context<'_>, missing: &[String]) -> Result<(), Failure> {
    match context.output.format {
        Format::Table => {
            let mut page = Page::new(&context.output);
            for words in missing {
                page.say(words, Tone::Warn);
            }
            write(context, &page.lines())
        }
        Format::Plain => missing
            .iter()
            .try_for_each(|words| context.say(output::NOTE, words)),
        Format::Json => Ok(()),
    }
}

fn write(context: &mut Context<'_>, lines: &[Line]) -> Result<(), Failure> {
    for line in lines {
        writeln!(context.stdout, "{}", line.render(&context.output))?;
    }
    Ok(())
}

impl Ecc {
    fn read(sources: &modules::Sources) -> Self {
        let read = modules::read(sources);
        let slots = read.slots.iter().map(|slot| &slot.errors);
        let errors: Vec<_> = slots.chain([&read.unplaced]).collect();
        let is_some = |number: Option<u64>| number > Some(0);
        let tone = if errors.iter().any(|it| is_some(it.uncorrected)) {
            Tone::Bad
        } else if errors.iter().any(|it| is_some(it.corrected)) {
            Tone::Warn
        } else {
            Tone::Neutral
        };
        Self {
            words: modules::sentence(&read),
            watch: read.watch,
            tone,
        }
    }

    /// The line about it.
    fn line(&self) -> String {
        let more = if self.tone == Tone::Neutral {
            ""
        } else {
            "; more: ironkeep mem dimm"
        };
        format!("modules: {}{more}", self.words)
    }
}

impl Memory {
    fn layout(&self, request: &Request) -> Layout {
        let has_swap = self.survey.total.swap.at_most > 0;
        order::layout(request.key, request.pss, has_swap)
    }
}

/// What the list is: `the 15 largest of 212 processes by PSS; all of them: PSS 3.1 GiB, swap 12 MiB`.
fn title(survey: &Survey, request: &Request, shown: usize) -> String {
    let (one, many) = match request.by {
        None => ("process", "processes"),
        Some(By::Program) => ("program", "programs"),
        Some(By::Unit) => ("unit", "units"),
        Some(By::Cgroup) => ("cgroup", "cgroups"),
        Some(By::User) => ("user", "users"),
        Some(By::Container) => ("container", "containers"),
    };
    let all = survey.processes.len() + survey.groups.len() + survey.others;
    let is_whole = shown == all;
    let all = human_count(all, one, many);
    let by = Order::words(request.key);
    let list = if is_whole {
        format!("{all} by {by}")
    } else {
        format!("the {shown} largest of {all} by {by}")
    };
    let total = &survey.total;
    let between = |it: Bounds| human::bytes_between(Bytes(it.at_least), Bytes(it.at_most));
    let sum = if request.pss == Pss::Off {
        format!("RSS adds up to {}", human::bytes(Bytes(total.rss)))
    } else {
        format!("PSS {}, swap {}", between(total.pss), between(total.swap))
    };
    let aside: Vec<String> = [
        (survey.kernel_threads, "kernel thread", "kernel threads"),
        (survey.zombies, "zombie", "zombies"),
        (
            survey.vanished,
            "that ended meanwhile",
            "that ended meanwhile",
        ),
    ]
    .into_iter()
    .filter(|(number, ..)| *number > 0)
    .map(|(number, one, many)| human_count(number, one, many))
    .collect();
    let aside = if aside.is_empty() {
        String::new()
    } else {
        format!("; besides {}", aside.join(", "))
    };
    format!("{list}; all together: {sum}{aside}")
}

fn human_count(number: usize, one: &str, many: &str) -> String {
    human::count(u64::try_from(number).unwrap_or(u64::MAX), one, many)
}
