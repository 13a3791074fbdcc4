//! Where a run's readings come from: the backend that the flags and the configuration choose, opened
//! when it is first needed.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ironkeep_parsers::model::ControllerId;
use jiff::Timestamp;

use super::config::Config;
use super::failure::{Failure, Kind};
use super::pause::{Pause, pause};
use super::{Brief, Globals};
use crate::act::audit::{self, Who};
use crate::act::replace::store;
use crate::backend::applied::Applied;
use crate::backend::capture::Capture;
use crate::backend::megacli::MegaCli;
use crate::backend::{Backend, HandOut, Tool};
use crate::change::Request;
use crate::cli::consent::Consent;
use crate::demo::{Choice, Demo, Witness};
use crate::dimm;
use crate::follow::EventRequest;
use crate::host::Host;
use crate::reading::{Controller, Part, Reading, Unread};
use crate::runner::interrupt::{Attention, Interrupt};
use crate::runner::tally::{Observer, Tally};
use crate::runner::{Invocation, RawOutput, process};

/// The flags, the configuration, and the backend that they choose.
#[derive(Debug, Default)]
pub struct Session {
    globals: Globals,
    config: Config,
    folders: Vec<PathBuf>,
    demo: Choice,
    backend: Option<Box<dyn Backend>>,
    /// How a person stops what waits or runs the tool.
    interrupt: Option<Interrupt>,
    /// How many controllers the last reading had before `--controller` left one of them.
    controllers: usize,
    /// Who runs the program.
    who: Who,
    /// How many changes were begun.
    changes: usize,
    /// Who is told of every run of the tool.
    observer: Option<Observer>,
}

impl Session {
    /// A session that has opened nothing yet. `folders` are those of `$PATH`.
    pub fn new(globals: Globals, config: Config, folders: Vec<PathBuf>, who: Who) -> Self {
        Self {
            demo: Choice {
                scenario: globals.demo.clone(),
                state: globals.demo_state.clone(),
                speed: globals.demo_speed,
                witness: None,
            },
            globals,
            config,
            folders,
            backend: None,
            interrupt: None,
            controllers: 0,
            who,
            changes: 0,
            observer: None,
        }
    }

    /// The same session, of whose runs on a simulated host `witness` learns.
    #[must_use]
    pub fn witnessed(mut self, witness: Option<Witness>) -> Self {
        self.demo.witness = witness;
        self
    }

    /// The same session over a source that is open already.
    #[must_use]
    pub fn over(mut self, backend: Box<dyn Backend>) -> Self {
        self.backend = Some(backend);
        self
    }

    /// From now on `observer` is told of every run of the tool. To be called before the first reading.
    pub(crate) fn observe(&mut self, observer: Observer) {
        self.observer = Some(observer);
    }

    /// From now on `config` holds. The tool is looked for anew; a simulated host lives on.
    pub(crate) fn reconfigure(&mut self, config: Config) {
        self.config = config;
        if !self.is_demo() && !self.replays() {
            self.backend = None;
        }
    }

    /// The configuration file that was named.
    pub(crate) fn config_path(&self) -> Option<&Path> {
        self.globals.config.as_deref()
    }

    /// How long one run of the tool takes at most, with the wait for the host's lock.
    pub(crate) fn longest_run(&self) -> Duration {
        self.config.megacli.lock_wait() + self.limit_of_a_run()
    }

    fn limit_of_a_run(&self) -> Duration {
        let configured = || self.config.megacli.timeout();
        self.globals.timeout.unwrap_or_else(configured)
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Whether readings come from saved output, which a further part costs nothing.
    pub fn replays(&self) -> bool {
        !self.globals.replay.is_empty()
    }

    /// The simulated host that was asked for.
    pub fn demo(&self) -> &Choice {
        &self.demo
    }

    /// Whether a simulated host was asked for.
    pub fn is_demo(&self) -> bool {
        self.demo.scenario.is_some() || self.demo.state.is_some()
    }

    /// The number that `--controller` gives.
    pub fn controller_number(&self) -> Option<u32> {
        self.globals.controller
    }

    /// What the completion of a line may read.
    pub(crate) fn brief(&self, words: &[OsString]) -> Brief {
        Brief::of(words, &self.folders)
    }

    /// Whether `--verbose` was given.
    pub fn is_verbose(&self) -> bool {
        self.globals.verbose
    }

    /// The flags that read the same source again, each with a blank before it, as a shell takes them;
    /// empty where none was given.
    pub fn source_flags(&self) -> String {
        let Globals {
            replay,
            megacli,
            config,
            ..
        } = &self.globals;
        let program = megacli
            .iter()
            .filter(|_| replay.is_empty() && !self.is_demo());
        let paths = replay
            .iter()
            .map(|path| ("--replay", path))
            .chain(program.map(|path| ("--megacli", path)))
            .chain(config.iter().map(|path| ("--config", path)));
        let mut flags = String::new();
        if let Some(scenario) = &self.demo.scenario {
            flags.push_str(" --demo=");
            flags.push_str(&shell_word(scenario));
        }
        if let Some(state) = &self.demo.state {
            flags.push_str(" --demo-state ");
            flags.push_str(&shell_word(&state.to_string_lossy()));
        }
        for (flag, path) in paths {
            flags.extend([" ", flag, " "]);
            flags.push_str(&shell_word(&path.to_string_lossy()));
        }
        if self.globals.sudo {
            flags.push_str(" --sudo");
        }
        if self.globals.force_unsafe_controller {
            flags.push_str(" --force-unsafe-controller");
        }
        flags
    }

    /// What `--timeout` says.
    pub fn time_limit(&self) -> Option<Duration> {
        self.globals.timeout
    }

    /// Whether `--strict` was given.
    pub fn is_strict(&self) -> bool {
        self.globals.strict
    }

    /// Whether the backend can say `part` at all: a capture may not hold it.
    pub fn is_able(&self, part: Part) -> bool {
        let backend = self.backend.as_ref();
        backend.is_none_or(|backend| backend.capabilities().contains(&part))
    }

    /// How many controllers there are where the last reading comes from: `--controller` leaves one of
    /// them in the reading, which says nothing about the host.
    pub fn controllers_on_host(&self) -> usize {
        self.controllers
    }

    /// Reads `parts` of the controllers that were asked for.
    ///
    /// # Errors
    /// If there is nothing to read from, nothing can be read, the named controller is not there, or,
    /// with `--strict`, a line was not understood.
    pub fn read(&mut self, parts: &[Part]) -> Result<Reading, Failure> {
        let backend = self.open()?;
        let able = backend.capabilities();
        let (asked, lacking): (Vec<Part>, Vec<Part>) =
            parts.iter().partition(|&part| able.contains(part));
        // Of what it cannot say at all, the backend says why.
        let mut reading = backend.read(if asked.is_empty() { parts } else { &asked })?;
        for controller in &mut reading.controllers {
            for &part in &lacking {
                if !controller.has(part) {
                    controller
                        .unread
                        .entry(part)
                        .or_insert(Unread::NotAvailable);
                }
            }
        }
        if asked.contains(&Part::PhysicalDrives) {
            doubt_empty_lists(backend, &mut reading)?;
        }
        self.finish(reading)
    }

    /// Reads where the event logs of the controllers that were asked for stand, and the events that
    /// `request` names. Where the source allows it, nothing else of the logs is read.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_events(&mut self, request: &EventRequest) -> Result<Reading, Failure> {
        let reading = self.open()?.read_events(request)?;
        self.finish(reading)
    }

    /// The vendor's tool: see [`Backend::tool`].
    pub(crate) fn tool(&mut self, known: Option<Tool>) -> Option<Tool> {
        self.open().ok()?.tool(known)
    }

    /// From now on `interrupt` is what stops a running tool, and no signal: the caller has its own way to
    /// hear of them.
    pub(crate) fn listen(&mut self, interrupt: Interrupt) {
        self.interrupt = Some(interrupt);
    }

    /// Until the result is dropped, SIGINT and SIGTERM do not end the program: pauses and readings
    /// are interrupted instead. For whoever looks again and again.
    ///
    /// # Errors
    /// If the system refuses the handlers.
    pub(crate) fn attend(&mut self) -> Result<Attention, Failure> {
        Ok(listener(&mut self.interrupt)?.attend())
    }

    /// Waits for so long, or until somebody interrupts, or nobody reads standard output any more.
    ///
    /// # Errors
    /// If the system refuses to tell.
    pub fn pause(&mut self, limit: Duration) -> Result<Pause, Failure> {
        pause(limit, &listener(&mut self.interrupt)?)
    }

    /// Takes note of an interrupt, and says whether there was one: what follows, to put things in order,
    /// runs to its end.
    ///
    /// # Errors
    /// If the system refuses to listen for signals.
    pub(crate) fn heed(&mut self) -> Result<bool, Failure> {
        Ok(listener(&mut self.interrupt)?.heed())
    }

    /// Asks to stop again, after [`Self::heed`] put it off.
    ///
    /// # Errors
    /// If the system refuses to listen for signals.
    pub(crate) fn ask_again(&mut self) -> Result<(), Failure> {
        listener(&mut self.interrupt)?.ask();
        Ok(())
    }

    /// The backend, opened if it is not yet.
    fn open(&mut self) -> Result<&mut dyn Backend, Failure> {
        let backend = match self.backend.take() {
            Some(backend) => backend,
            None if self.demo.scenario.is_some() || self.demo.state.is_some() => {
                simulated(&self.demo, self.observer.clone())?
            }
            None => self.open_tool()?,
        };
        Ok(self.backend.insert(backend).as_mut())
    }

    /// MegaCLI on this host, or saved output.
    fn open_tool(&mut self) -> Result<Box<dyn Backend>, Failure> {
        let (globals, config) = (&self.globals, &self.config);
        if !globals.replay.is_empty() {
            return Ok(Box::new(Capture::open(
                &globals.replay,
                &mut io::stdin().lock(),
            )?));
        }
        let defaults = process::Settings::default();
        let program = globals
            .megacli
            .clone()
            .or_else(|| config.megacli.path.clone());
        let name = program
            .as_ref()
            .map_or_else(|| "MegaCLI".to_owned(), |path| path.display().to_string());
        let sudo = (globals.sudo || config.megacli.sudo).then(|| PathBuf::from("/usr/bin/sudo"));
        let mut settings = process::Settings {
            program,
            folders: self.folders.clone(),
            sudo,
            allow_unsafe_controller: globals.force_unsafe_controller,
            lock_wait: config.megacli.lock_wait(),
            time_limit: self.limit_of_a_run(),
            interrupt: listener(&mut self.interrupt)?,
            ..defaults
        };
        if let Some(folder) = &globals.run_dir {
            settings.locks = vec![folder.join("ironkeep.lock")];
            settings.temporary.clone_from(folder);
        }
        if let Some(root) = &globals.host_root {
            settings.pci_devices = root.join("sys/bus/pci/devices");
        }
        let runner = Tally::new(process::MegaCli::new(settings), self.observer.clone());
        Ok(Box::new(MegaCli::new(runner, name)))
    }

    /// Keeps everybody else from reading and changing the host until [`Self::release`].
    ///
    /// # Errors
    /// If somebody else holds it for longer than one waits, or nothing can be changed there.
    pub(crate) fn hold(&mut self) -> Result<(), Failure> {
        self.open()?.hold()
    }

    /// Ends what [`Self::hold`] began.
    pub(crate) fn release(&mut self) {
        if let Some(backend) = &mut self.backend {
            backend.release();
        }
    }

    /// The run that would make a change.
    ///
    /// # Errors
    /// If nothing can be changed there.
    pub(crate) fn translate(&mut self, request: &Request) -> Result<Invocation, Failure> {
        self.open()?.translate(request)
    }

    /// Makes a change: see [`Backend::apply`].
    ///
    /// # Errors
    /// If the tool could not be run to its end.
    pub(crate) fn apply(
        &mut self,
        request: &Request,
        consent: &Consent,
    ) -> Result<Applied, Failure> {
        self.open()?.apply(request, consent)
    }

    /// Has a controller hand out `what` as a file: see [`Backend::hand_out`].
    ///
    /// # Errors
    /// If it cannot.
    pub(crate) fn hand_out(
        &mut self,
        what: HandOut,
        controller: ControllerId,
    ) -> Result<Vec<u8>, Failure> {
        self.open()?.hand_out(what, controller)
    }

    /// Runs the tool with somebody's own arguments: see [`Backend::pass`].
    ///
    /// # Errors
    /// If the tool could not be run to its end.
    pub(crate) fn pass(
        &mut self,
        invocation: &Invocation,
        consent: &Consent,
    ) -> Result<RawOutput, Failure> {
        self.open()?.pass(invocation, consent)
    }

    /// The record of changes; `None` where nothing real is changed: a simulated host in memory, or one
    /// that the caller brought.
    pub(crate) fn audit_log(&self) -> Option<audit::Log> {
        let path = if let Some(state) = &self.demo.state {
            let mut name = state.clone().into_os_string();
            name.push(".audit");
            PathBuf::from(name)
        } else if self.is_demo() || self.backend.as_ref().is_some_and(|it| !it.is_live()) {
            return None;
        } else if let Some(path) = &self.config.audit.path {
            path.clone()
        } else if let Some(folder) = &self.globals.run_dir {
            folder.join("audit.jsonl")
        } else {
            PathBuf::from(audit::DEFAULT_PATH)
        };
        Some(audit::Log::new(path))
    }

    /// The folder for what is remembered of replacements; `None` where nothing lasts: a simulated host
    /// in memory, saved output.
    pub(crate) fn replacements(&self) -> Option<PathBuf> {
        if let Some(state) = &self.demo.state {
            let mut name = state.clone().into_os_string();
            name.push(".replace");
            return Some(PathBuf::from(name));
        }
        if self.is_demo() || self.replays() {
            return None;
        }
        let configured = self.config.replace.folder.clone();
        let beside = || Some(self.globals.run_dir.as_ref()?.join("replace"));
        configured
            .or_else(beside)
            .or_else(|| Some(PathBuf::from(store::DEFAULT_FOLDER)))
    }

    /// The file in which an exporter keeps what outlasts it, called `name`; `None` where nothing lasts: a
    /// simulated host in memory, saved output.
    pub(crate) fn exporter_state(&self, name: &str) -> Option<PathBuf> {
        if let Some(state) = &self.demo.state {
            return Some(state.with_added_extension(name));
        }
        if self.is_demo() || self.replays() {
            return None;
        }
        let folder = self.globals.run_dir.as_deref();
        Some(folder.unwrap_or(Path::new("/var/lib/ironkeep")).join(name))
    }

    /// Who runs the program.
    pub(crate) fn who(&self) -> &Who {
        &self.who
    }

    /// The name of the host that changes are made on; `None` for a simulated one.
    pub(crate) fn host_name(&self) -> Option<String> {
        let host = self.host_of(!self.is_demo() && !self.replays())?;
        host.name().map(str::to_owned)
    }

    /// The number of the next change, for the record.
    pub(crate) fn change_id(&mut self) -> String {
        self.changes += 1;
        format!("{}-{}", std::process::id(), self.changes)
    }

    /// What every reading ends with.
    fn finish(&mut self, mut reading: Reading) -> Result<Reading, Failure> {
        self.controllers = reading.controllers.len();
        let checked = if self.globals.strict {
            strict(&reading)
        } else {
            Ok(())
        };
        let chosen = checked.and_then(|()| match self.globals.controller {
            Some(number) => only(&mut reading, ControllerId(number)),
            None => Ok(()),
        });
        match chosen {
            Ok(()) => Ok(reading),
            Err(failure) => Err(failure.after(reading)),
        }
    }

    /// What readings come from, for what is more than a reading: a capture.
    ///
    /// # Errors
    /// If there is nothing to read from, or `--controller` was given, which nothing but a reading can
    /// be narrowed to.
    pub fn whole_source(&mut self) -> Result<&mut dyn Backend, Failure> {
        if self.globals.controller.is_some() {
            let message = "a capture is of every controller";
            return Err(Failure::new(Kind::Usage, message).hint("leave out --controller"));
        }
        self.open()
    }

    /// From now on signals do not end the program: they ask the result to stop, which a running reading
    /// obeys, and which the caller has to look at. To be called before the first reading.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn hold_signals(&mut self) -> Result<Interrupt, Failure> {
        let interrupt = Interrupt::holding_signals().map_err(no_signals)?;
        Ok(self.interrupt.insert(interrupt).clone())
    }

    /// What the operating system knows of the host that `reading` describes; `None` for a capture,
    /// which may be of another host.
    pub fn host(&self, reading: &Reading) -> Option<Host> {
        self.host_of(reading.live)
    }

    /// The folder below which a saved host's files are, where one was named.
    pub(crate) fn host_root(&self) -> Option<&Path> {
        self.globals.host_root.as_deref()
    }

    /// Where the host's memory modules are read of, as [`Self::host`]; `None` for a capture and for
    /// a simulated host, which have none.
    pub(crate) fn modules(
        &self,
        since: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<dimm::Sources> {
        let is_this_host = !self.replays() && !self.is_demo();
        let this_host = is_this_host.then_some(Path::new("/"));
        let root = self.host_root().or(this_host)?;
        Some(dimm::Sources::below(root, since, now))
    }

    /// As [`Self::host`], of a source that shows this host, or does not.
    pub fn host_of(&self, is_live: bool) -> Option<Host> {
        match &self.globals.host_root {
            Some(root) => Some(Host::new(
                root.join("sys"),
                root.join("proc"),
                root.join("dev"),
            )),
            None if is_live => Some(Host::default()),
            None => None,
        }
    }

    /// Whether what `host_of` gives is the host that the program runs on.
    pub const fn is_this_host(&self, is_live: bool) -> bool {
        is_live && self.globals.host_root.is_none()
    }
}

/// A simulated host.
fn simulated(choice: &Choice, observer: Option<Observer>) -> Result<Box<dyn Backend>, Failure> {
    let name = match (&choice.state, &choice.scenario) {
        (Some(path), _) => format!("the simulated host in {}", path.display()),
        (None, Some(name)) => format!("the simulated host {name}"),
        (None, None) => "the simulated host".to_owned(),
    };
    let runner = Tally::new(Demo::open(choice)?, observer);
    Ok(Box::new(MegaCli::new(runner, name).simulated()))
}

/// The one listener to signals of a run.
fn listener(place: &mut Option<Interrupt>) -> Result<Interrupt, Failure> {
    if let Some(interrupt) = place {
        return Ok(interrupt.clone());
    }
    let interrupt = Interrupt::from_signals().map_err(no_signals)?;
    Ok(place.insert(interrupt).clone())
}

fn no_signals(error: io::Error) -> Failure {
    Failure::because(Kind::Environment, "cannot watch for signals", error)
}

/// Where reading every single drive failed, the tool prints a list without drives and says nothing
/// else: an empty list is no answer where the controller counts drives.
fn doubt_empty_lists(backend: &mut dyn Backend, reading: &mut Reading) -> Result<(), Failure> {
    let is_empty = |it: &Controller| it.physical_drives.as_ref().is_some_and(Vec::is_empty);
    let mut empty = reading.controllers.iter().filter(|it| is_empty(it));
    let is_able = backend.capabilities().contains(&Part::Controllers);
    if is_able && empty.any(|controller| controller.info.is_none()) {
        let counts = match backend.read(&[Part::Controllers]) {
            Ok(counts) => counts,
            Err(failure) if failure.kind() == Kind::Hardware => return Ok(()),
            Err(failure) => return Err(failure),
        };
        for controller in &mut reading.controllers {
            let counted = counts.controllers.iter().find(|it| it.id == controller.id);
            controller.info = counted.and_then(|it| it.info.clone());
        }
    }
    for controller in reading.controllers.iter_mut().filter(|it| is_empty(it)) {
        let info = controller.info.as_ref();
        let counted = info.and_then(|info| info.devices.physical_drives);
        if let Some(counted) = counted.filter(|&counted| counted > 0) {
            let words = format!("the controller counts {counted}, the list shows none");
            controller.physical_drives = None;
            let why = Unread::Failed(words);
            controller.unread.insert(Part::PhysicalDrives, why);
        }
    }
    Ok(())
}

/// `word` as a shell takes it for one word.
pub(crate) fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "@%+=:,./_-".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Leaves one controller in the reading.
///
/// # Errors
/// If it is not there.
pub(crate) fn only(reading: &mut Reading, id: ControllerId) -> Result<(), Failure> {
    let present: Vec<String> = reading
        .controllers
        .iter()
        .filter_map(|controller| controller.id)
        .map(|id| id.to_string())
        .collect();
    reading.narrowed |= reading.controllers.len() > 1;
    reading
        .controllers
        .retain(|controller| controller.id == Some(id));
    if reading.controllers.is_empty() {
        let there = if present.is_empty() {
            "a controller without a number".to_owned()
        } else {
            present.join(", ")
        };
        return Err(Failure::new(
            Kind::Usage,
            format!("there is no controller {id}; there is {there}"),
        )
        .hint("look at them: ironkeep controller list"));
    }
    Ok(())
}

fn strict(reading: &Reading) -> Result<(), Failure> {
    let leftovers: Vec<String> = reading
        .asked
        .iter()
        .flat_map(|asked| {
            asked
                .leftovers
                .iter()
                .map(|leftover| format!("{}: {leftover}", asked.source))
        })
        .collect();
    match leftovers.first() {
        None => Ok(()),
        Some(first) => Err(Failure::because(
            Kind::Hardware,
            format!(
                "{} lines of the tool's output were not understood",
                leftovers.len()
            ),
            format!("the first is {first}"),
        )
        .hint("--verbose lists them all; without --strict they are passed over")),
    }
}
