//! Recording: every output that a host gives, for a support case. The one list of the commands that
//! are run for it, beside those that readings need.

use ironkeep_parsers::megacli::{Output, Parsed};
use ironkeep_parsers::model::{ControllerId, OperationKind};

use super::question;
use crate::cli::failure::Failure;
use crate::reading::Part;
use crate::runner::{Invocation, ProcessEnd, RawOutput, RunError, Runner};

/// Takes what was recorded, one output after the other.
pub type Keep<'a> = dyn FnMut(Recorded) -> Result<(), Failure> + 'a;

/// A command that would be recorded, or a file that would be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The name of its file, without `.txt`.
    pub name: String,
    /// The arguments; empty where nobody knows them.
    pub arguments: String,
    /// On what it depends: what was recorded before decides about it.
    pub when: Option<&'static str>,
}

/// How much of an output was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// All of it. What it says may be that something cannot be told.
    Whole,
    /// What was printed before the command crashed or had to be killed.
    Partial,
    /// Nothing.
    Failed,
    /// The command was not run.
    NotRun,
}

/// One recorded output.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// The name of its file, without `.txt`.
    pub name: String,
    /// The arguments, in one line; empty where nobody knows them.
    pub arguments: String,
    /// The exit status; absent where the process did not end by itself.
    pub exit_status: Option<u8>,
    /// How long it ran.
    pub seconds: Option<f64>,
    /// Standard output, byte for byte.
    pub output: Vec<u8>,
    /// The file that the command wrote: events.
    pub events: Option<Vec<u8>>,
    /// How much of it is there.
    pub state: State,
    /// What went wrong, in words; what the tool said on standard error.
    pub note: Option<String>,
}

/// How many runs in a row may have to be killed before the rest is left: each costs the time limit,
/// and a controller that answers nothing any more does not answer the next question either.
const HANGS: u32 = 3;

/// The recorded outputs that no reading needs. All are asked of every controller.
const FURTHER: &[&[&str]] = &[
    &["-v"],
    &["-adpCount"],
    &["-Version", "-Cli", "-aALL"],
    &["-Version", "-Ctrl", "-aALL"],
    &["-Version", "-Driver", "-aALL"],
    &["-Version", "-Pd", "-aALL"],
    &["-ShowSummary", "-aALL"],
    &["-AdpGetTime", "-aALL"],
    &["-AdpAutoRbld", "-Dsply", "-aALL"],
    &["-AdpGetConnectorMode", "-ConnectorAll", "-aALL"],
    &["-PDGetNum", "-aALL"],
    &["-LDGetNum", "-aALL"],
    &["-CfgCacheCadeDsply", "-aALL"],
    &["-CfgFreeSpaceInfo", "-aALL"],
    &["-LDCC", "-ShowProg", "-LALL", "-aALL"],
    &["-LDBI", "-ShowProg", "-LALL", "-aALL"],
    &["-LDInit", "-ShowProg", "-LALL", "-aALL"],
    &["-LDGetProp", "-Access", "-LALL", "-aALL"],
    &["-LDGetProp", "-Cache", "-LALL", "-aALL"],
    &["-LDGetProp", "-DskCache", "-LALL", "-aALL"],
    &["-LDGetProp", "-Name", "-LALL", "-aALL"],
    &["-LDGetProp", "-PSPolicy", "-LALL", "-aALL"],
    &["-getLdExpansionInfo", "-LALL", "-aALL"],
    &["-EncStatus", "-aALL"],
    &["-DirectPdMapping", "-Dsply", "-aALL"],
    &["-AdpBbuCmd", "-GetBbuStatus", "-aALL"],
    &["-AdpBbuCmd", "-GetBbuCapacityInfo", "-aALL"],
    &["-AdpBbuCmd", "-GetBbuDesignInfo", "-aALL"],
    &["-AdpBbuCmd", "-GetBbuProperties", "-aALL"],
    &["-AdpBbuCmd", "-GetBbumodes", "-aALL"],
    &["-AdpBbuCmd", "-ScheduleLearn", "-Info", "-aALL"],
    &["-ELF", "-ControllerFeatures", "-aALL"],
    &["-ELF", "-GetSafeId", "-aALL"],
    &["-AdpEventLog", "-GetCCIncon", "-f", "F", "-LALL", "-aALL"],
    &["-FwTermLog", "-BBUGet", "-aALL"],
    &["-FwTermLog", "-Dsply", "-aALL"],
    &["-AdpAlILog", "-aALL"],
];

/// What `-AdpGetProp` is asked for.
const PROPERTIES: &[&str] = &[
    "AbortCCOnError",
    "AlarmDsply",
    "AutoDetectBackPlaneDsbl",
    "AutoEnhancedImportDsply",
    "BatWarnDsbl",
    "BgiRate",
    "BootWithPinnedCache",
    "CCRate",
    "CacheFlushInterval",
    "ClusterEnable",
    "CoercionMode",
    "CopyBackDsbl",
    "DPMenable",
    "DefaultLdPSPolicy",
    "DisableLdPsInterval",
    "DisableLdPsTime",
    "DisableOCR",
    "DsblCacheBypass",
    "DsblSpinDownHSP",
    "ENABLEEGHSP",
    "ENABLEESMARTER",
    "ENABLEEUG",
    "EccBucketCount",
    "EccBucketLeakRate",
    "EccBucketSize",
    "EnableJBOD",
    "EnblSpinDownUnConfigDrvs",
    "ExposeEnclDevicesEnbl",
    "ForceSGPIO",
    "LoadBalanceMode",
    "MaintainPdFailHistoryEnbl",
    "NCQDsply",
    "PatrolReadRate",
    "PerfModeValues",
    "Perfmode",
    "PrCorrectUncfgdAreas",
    "PredFailPollInterval",
    "PreventPIImport",
    "RebuildRate",
    "ReconRate",
    "RstrHotSpareOnInsert",
    "SMARTCpyBkEnbl",
    "SSDSMARTCpyBkEnbl",
    "SpinDownTime",
    "SpinUpEncDelay",
    "SpinUpEncDrvCnt",
    "SpinupDelay",
    "SpinupDriveCount",
    "SupportSSDPatrolRead",
    "UseDiskActivityforLocate",
    "UseFDEOnlyEncrypt",
    "WBSupport",
    "enblPI",
];

/// What is run where the outputs before show that there is something to ask about.
const DEPENDING: &[(&str, &str)] = &[
    (
        "-PDRbld -ShowProg -PhysDrv[E:S,...] -aN",
        "drives are being rebuilt",
    ),
    (
        "-PDCpyBk -ShowProg -PhysDrv[E:S,...] -aN",
        "drives are being copied to",
    ),
    (
        "-PDClear -ShowProg -PhysDrv[E:S,...] -aN",
        "drives are unconfigured and may be being cleared",
    ),
    (
        "-LDRecon -ShowProg -LN -aN",
        "a virtual drive is being reconstructed",
    ),
    ("-PHYInfo -phyN -aN", "a controller has the SAS link"),
    ("-GetKeyID -aN", "there is a controller"),
];

fn invocation(arguments: impl IntoIterator<Item = impl Into<String>>) -> Invocation {
    let arguments: Vec<String> = arguments.into_iter().map(Into::into).collect();
    let at_file = arguments.iter().position(|word| word == "-f");
    let file = at_file.and_then(|at| arguments.get(at + 1).cloned());
    Invocation {
        arguments,
        file,
        ..Invocation::default()
    }
}

/// What is always run, what readings need first: should the rest fail, the capture replays.
fn always() -> Vec<Invocation> {
    let asked = Part::ALL
        .iter()
        .flat_map(|&part| question::questions(part))
        // Drives one by one are in the list of them all, and how far something is is asked of some.
        .filter(|question| {
            question.part != Part::DriveOperations && question.output != Output::PdInfo
        })
        // Properties are many and small.
        .filter(|question| !matches!(question.part, Part::Property(_)))
        .map(|question| question.of_all());
    let further = FURTHER
        .iter()
        .map(|words| invocation(words.iter().copied()));
    let properties = PROPERTIES
        .iter()
        .map(|&name| invocation(["-AdpGetProp", name, "-aALL"]));
    let mut all: Vec<Invocation> = asked.chain(further).chain(properties).collect();
    // The long logs stand last: whoever interrupts them has the rest.
    all.sort_by_key(|run| run.file.is_some() || run.arguments.iter().any(|it| it == "-AdpAlILog"));
    all
}

/// What depends on the outputs so far.
fn depending(outputs: &[Parsed]) -> Vec<Invocation> {
    let mut runs = Vec::new();
    let mut controllers = Vec::new();
    for parsed in outputs {
        if let Parsed::AdpAllInfo(report) = parsed {
            controllers.extend(report.value.iter().filter_map(|it| it.controller));
        }
        if let Parsed::PdList(report) = parsed {
            for section in &report.value {
                let of = |id| {
                    let asks = question::progress_of(id, &section.value);
                    asks.into_iter().map(|(_, run)| run)
                };
                runs.extend(section.controller.into_iter().flat_map(of));
            }
        }
        if let Parsed::LdPdInfo(report) = parsed {
            for section in &report.value {
                let Some(id) = section.controller else {
                    continue;
                };
                let changes = section.value.iter().filter(|drive| {
                    let mut running = drive.operations.iter();
                    running.any(|it| it.kind == OperationKind::Reconstruction)
                });
                runs.extend(changes.filter_map(|drive| drive.target_id).map(|target| {
                    let (drive, of) = (format!("-L{target}"), of_controller(id));
                    invocation(["-LDRecon".to_owned(), "-ShowProg".to_owned(), drive, of])
                }));
            }
        }
        if let Parsed::PhyErrors(report) = parsed {
            for section in &report.value {
                let Some(id) = section.controller else {
                    continue;
                };
                runs.extend(section.value.iter().map(|phy| {
                    let phy = format!("-phy{}", phy.number);
                    invocation(["-PHYInfo".to_owned(), phy, of_controller(id)])
                }));
            }
        }
    }
    let keys = controllers
        .into_iter()
        .map(|id| invocation(["-GetKeyID".to_owned(), of_controller(id)]));
    runs.extend(keys);
    runs
}

fn of_controller(id: ControllerId) -> String {
    format!("-a{id}")
}

/// The outputs that [`depending`] looks at.
const DECIDING: [Output; 4] = [
    Output::AdpAllInfo,
    Output::PdList,
    Output::LdPdInfo,
    Output::PhyErrors,
];

/// What would be run on a host.
pub(super) fn planned() -> Vec<Planned> {
    let plan = |arguments: &[String], when| Planned {
        name: name(arguments),
        arguments: line(arguments),
        when,
    };
    let always = always().into_iter().map(|run| plan(&run.arguments, None));
    let depending = DEPENDING.iter().map(|(command, when)| {
        let words: Vec<String> = command.split(' ').map(str::to_owned).collect();
        plan(&words, Some(*when))
    });
    always.chain(depending).collect()
}

/// `PDList_aALL` for `-PDList -aALL`.
fn name(arguments: &[String]) -> String {
    /// Names of files may have 255 bytes; the drives of an enclosure can be more.
    const LONGEST: usize = 120;
    let words = arguments.join(" ");
    let is_part = |word: &&str| !word.is_empty();
    let words: Vec<&str> = words
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(is_part)
        .collect();
    let mut name = String::new();
    for word in words {
        if name.len() + word.len() > LONGEST {
            name.push_str("_more");
            break;
        }
        if !name.is_empty() {
            name.push('_');
        }
        name.push_str(word);
    }
    name
}

/// The arguments in one line, with the one that every run gets.
fn line(arguments: &[String]) -> String {
    format!("{} -NoLog", arguments.join(" "))
}

/// Records every output of the host that `runner` reaches.
pub(super) fn record<R: Runner>(runner: &mut R, keep: &mut Keep<'_>) -> Result<(), Failure> {
    let mut recorder = Recorder {
        runner,
        keep,
        ran: false,
        hangs: 0,
        stopped: None,
    };
    let mut outputs = Vec::new();
    for run in always() {
        let text = recorder.run(&run)?;
        let output = Output::of_arguments(&run.arguments);
        if let Some(output) = output.filter(|output| DECIDING.contains(output)) {
            outputs.push(output.read(&String::from_utf8_lossy(&text)));
        }
    }
    for run in depending(&outputs) {
        recorder.run(&run)?;
    }
    Ok(())
}

struct Recorder<'a, 'b, R> {
    runner: &'a mut R,
    keep: &'a mut Keep<'b>,
    /// Whether the tool could be started at all.
    ran: bool,
    /// How many runs in a row were killed.
    hangs: u32,
    /// Why nothing more is run.
    stopped: Option<String>,
}

impl<R: Runner> Recorder<'_, '_, R> {
    /// Runs a command and hands over what came of it. Returns what it printed.
    fn run(&mut self, run: &Invocation) -> Result<Vec<u8>, Failure> {
        let mut recorded = Recorded {
            name: name(&run.arguments),
            arguments: line(&run.arguments),
            exit_status: None,
            seconds: None,
            output: Vec::new(),
            events: None,
            state: State::NotRun,
            note: self.stopped.clone(),
        };
        if self.stopped.is_none() {
            match self.runner.run(run) {
                Ok(raw) => {
                    self.ran = true;
                    self.hangs = 0;
                    take(&mut recorded, raw);
                }
                // Interrupted, or nothing runs at all: better said than recorded ninety times.
                Err(error @ RunError::Interrupted) => return Err(error.into()),
                Err(error) if !self.ran && !matches!(error, RunError::TimedOut { .. }) => {
                    return Err(error.into());
                }
                Err(error) => self.fail(&mut recorded, error),
            }
        }
        let printed = recorded.output.clone();
        (self.keep)(recorded)?;
        Ok(printed)
    }

    /// Says in words why there is no answer, and whether to ask on.
    fn fail(&mut self, recorded: &mut Recorded, error: RunError) {
        recorded.state = State::Failed;
        let RunError::TimedOut {
            limit,
            killed,
            stdout,
            ..
        } = error
        else {
            recorded.note = Some(format!("could not be run: {error}"));
            if matches!(error, RunError::Locked { .. }) {
                let why = "not run, because another MegaCLI is running";
                self.stopped = Some(why.to_owned());
            }
            return;
        };
        self.ran = true;
        self.hangs += 1;
        let limit = limit.as_secs_f64();
        recorded.seconds = Some(limit);
        let end = if killed {
            "was killed"
        } else {
            "cannot be killed: it is still running"
        };
        recorded.note = Some(format!("did not end within {limit} s and {end}"));
        if !stdout.trim_ascii().is_empty() {
            recorded.state = State::Partial;
            recorded.output = stdout;
        }
        if !killed {
            let why = "not run, because a MegaCLI before it cannot be killed";
            self.stopped = Some(why.to_owned());
        } else if self.hangs >= HANGS {
            let why = format!("not run, because {HANGS} commands in a row did not end");
            self.stopped = Some(why);
        }
    }
}

/// Takes over what came back from a run.
fn take(recorded: &mut Recorded, raw: RawOutput) {
    let is_empty = raw.stdout.trim_ascii().is_empty();
    let mut notes = Vec::new();
    recorded.state = if is_empty {
        State::Failed
    } else {
        State::Whole
    };
    match raw.end {
        ProcessEnd::Exited(status) => recorded.exit_status = Some(status),
        ProcessEnd::Signalled(_) if raw.truncated => {}
        ProcessEnd::Signalled(signal) => notes.push(format!("crashed (signal {signal})")),
    }
    if raw.truncated {
        let size = raw.stdout.len().max(raw.file.len()) >> 20;
        notes.push(format!(
            "printed {size} MiB, which no command does, and was stopped"
        ));
        recorded.exit_status = None;
    }
    if recorded.exit_status.is_none() && !is_empty {
        recorded.state = State::Partial;
    }
    if is_empty {
        notes.push("printed nothing".to_owned());
    }
    let said = String::from_utf8_lossy(&raw.stderr);
    let said: Vec<&str> = said
        .lines()
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    if !said.is_empty() {
        // It is a note, not a log.
        let said: String = said.join("; ").chars().take(500).collect();
        notes.push(format!("said on standard error: {said}"));
    }
    recorded.seconds = Some(raw.elapsed.as_secs_f64());
    recorded.note = (!notes.is_empty()).then(|| notes.join(", "));
    recorded.output = raw.stdout;
    recorded.events = (!raw.file.is_empty()).then_some(raw.file);
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use super::*;
    use crate::cli::failure::Kind;

    /// Answers with what `answer` gives for a run.
    struct Fake<F>(F);

    impl<F: FnMut(&Invocation) -> Result<RawOutput, RunError> + Send> Runner for Fake<F> {
        fn run(&mut self, invocation: &Invocation) -> Result<RawOutput, RunError> {
            (self.0)(invocation)
        }
    }

    fn printed(text: &str, end: ProcessEnd) -> RawOutput {
        RawOutput {
            end,
            stdout: text.as_bytes().to_vec(),
            file: Vec::new(),
            stderr: Vec::new(),
            truncated: false,
            elapsed: Duration::from_millis(250),
        }
    }

    fn hang(killed: bool) -> RunError {
        RunError::TimedOut {
            program: PathBuf::from("/home/alice/megacli"),
            limit: Duration::from_mins(1),
            killed,
            stdout: Vec::new(),
        }
    }

    /// What is recorded of a tool that answers with `answer`, by name.
    fn recorded(
        answer: impl FnMut(&Invocation) -> Result<RawOutput, RunError> + Send,
    ) -> Result<Vec<Recorded>, Failure> {
        let mut all = Vec::new();
        record(&mut Fake(answer), &mut |recorded| {
            all.push(recorded);
            Ok(())
        })?;
        Ok(all)
    }

    fn named<'a>(all: &'a [Recorded], name: &str) -> &'a Recorded {
        all.iter().find(|it| it.name == name).unwrap()
    }

    fn is(run: &Invocation, word: &str) -> bool {
        run.arguments[0] == word
    }

    /// Everything that could be run: the fixed list, and what depends on a controller where everything
    /// goes on at once.
    fn every_run() -> Vec<Invocation> {
        let drive = |slot: u32, state: &str| {
            format!(
                "Enclosure Device ID: 252\nSlot Number: {slot}\nDevice Id: {slot}\n\
                 Firmware state: {state}\n\n"
            )
        };
        let states = ["Rebuild", "Copyback", "Unconfigured(good), Spun Up"];
        let drives: String = (0..)
            .zip(states)
            .map(|(slot, it)| drive(slot, it))
            .collect();
        let outputs = [
            (Output::PdList, format!("Adapter #0\n\n{drives}")),
            (
                Output::LdPdInfo,
                "Adapter #0\n\nNumber of Virtual Disks: 1\nVirtual Drive: 0 (Target Id: 3)\n\
                 Ongoing Progresses:\n  Reconstruction           : Completed 12%, Taken 3 min.\n"
                    .to_owned(),
            ),
            (
                Output::PhyErrors,
                "Adapter #0\n\n================\nPhy No: 4\nInvalid DWord Count : 0\n".to_owned(),
            ),
            (
                Output::AdpAllInfo,
                "Adapter #0\n\nSerial No       : SV1\n".to_owned(),
            ),
        ];
        let parsed: Vec<Parsed> = outputs.iter().map(|(it, text)| it.read(text)).collect();
        let depending = depending(&parsed);
        assert_eq!(depending.len(), DEPENDING.len(), "{depending:#?}");
        for (run, (command, _)) in depending.iter().zip(DEPENDING) {
            let word = command.split(' ').next().unwrap();
            assert!(depending.iter().any(|it| is(it, word)), "{word}: {run:?}");
        }
        always().into_iter().chain(depending).collect()
    }

    #[test]
    fn only_reading_commands_are_run() {
        // A second opinion beside the parsers' list of changes.
        let change = [
            "set", "start", "stop", "abort", "add", "del", "clr", "clear", "import", "enbl",
            "dsbl", "on", "off", "flush", "reset", "learn", "make", "mark", "replace", "flash",
            "discard", "shutdown", "silence",
        ];
        for run in every_run() {
            let output = Output::of_arguments(&run.arguments);
            assert!(
                output.is_some_and(|output| output != Output::Outcome),
                "{run:?}"
            );
            let property = is(&run, "-AdpGetProp");
            for word in run.arguments.iter().filter(|_| !property) {
                let word = word.trim_start_matches('-').to_ascii_lowercase();
                assert!(!change.contains(&&*word), "{run:?}");
            }
        }
    }

    #[test]
    fn every_output_that_a_reading_needs_is_recorded() {
        let outputs: HashSet<Output> = every_run()
            .iter()
            .filter_map(|run| Output::of_arguments(&run.arguments))
            .collect();
        for &part in Part::ALL {
            for question in question::questions(part) {
                let is_written = question.writes_file && outputs.contains(&Output::EventExport);
                let is_within = question.output == Output::PdInfo;
                assert!(
                    outputs.contains(&question.output) || is_written || is_within,
                    "{question:?}"
                );
            }
        }
    }

    #[test]
    fn every_output_that_the_parsers_know_is_recorded() {
        let outputs: HashSet<Output> = every_run()
            .iter()
            .filter_map(|run| Output::of_arguments(&run.arguments))
            .collect();
        // Changes; files and screens; drives one by one.
        let others = [
            Output::Outcome,
            Output::EventFile,
            Output::LdProgressScreen,
            Output::PdInfo,
        ];
        for output in Output::ALL {
            let is_recorded = outputs.contains(output);
            assert_ne!(is_recorded, others.contains(output), "{}", output.name());
        }
    }

    #[test]
    fn files_have_the_names_of_other_captures_and_no_name_twice() {
        let table = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures/megacli/8.07.14-healthy_raid5_hs/commands.tsv");
        let table = std::fs::read_to_string(table).unwrap();
        for line in table.lines().skip(1) {
            let columns: Vec<&str> = line.split('\t').collect();
            let words: Vec<String> = columns[1]
                .split(' ')
                .filter(|word| *word != "-NoLog")
                .map(str::to_owned)
                .collect();
            assert_eq!(name(&words), columns[0]);
        }
        let names: Vec<String> = every_run().iter().map(|it| name(&it.arguments)).collect();
        let distinct: HashSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
    }

    #[test]
    fn the_drives_of_a_large_enclosure_fit_into_a_name() {
        let drives: Vec<String> = (0..240).map(|slot| format!("252:{slot}")).collect();
        let arguments = [
            "-PDClear".to_owned(),
            format!("-PhysDrv[{}]", drives.join(",")),
        ];
        assert!(name(&arguments).len() < 200);
    }

    #[test]
    fn a_run_that_fails_is_recorded_and_the_others_follow() {
        let all = recorded(|run| match &*run.arguments[0] {
            "-EncInfo" => Err(hang(true)),
            "-ShowSummary" => Ok(printed("System\n", ProcessEnd::Signalled(11))),
            "-CfgDsply" => Ok(printed("", ProcessEnd::Exited(50))),
            _ => Ok(printed("text\n", ProcessEnd::Exited(1))),
        })
        .unwrap();
        assert_eq!(all.len(), always().len());
        let hung = named(&all, "EncInfo_aALL");
        assert_eq!((hung.state, hung.exit_status), (State::Failed, None));
        // Not the path of the program: it can name a person.
        let words = "did not end within 60 s and was killed";
        assert_eq!(hung.note.as_deref(), Some(words));
        let crashed = named(&all, "ShowSummary_aALL");
        assert_eq!(crashed.state, State::Partial);
        assert_eq!(crashed.output, b"System\n");
        assert_eq!(crashed.note.as_deref(), Some("crashed (signal 11)"));
        let silent = named(&all, "CfgDsply_aALL");
        assert_eq!(
            (silent.state, silent.exit_status),
            (State::Failed, Some(50))
        );
        let whole = all.iter().filter(|it| it.state == State::Whole).count();
        assert_eq!(whole, all.len() - 3);
    }

    #[test]
    fn a_controller_that_answers_nothing_is_not_asked_a_hundred_times() {
        for (killed, expected) in [(true, 3), (false, 1)] {
            let mut runs = 0;
            let all = recorded(|_| {
                runs += 1;
                Err(hang(killed))
            })
            .unwrap();
            assert_eq!(runs, expected);
            assert_eq!(all.len(), always().len());
            let last = all.last().unwrap();
            assert_eq!(last.state, State::NotRun);
            assert!(last.note.as_ref().unwrap().starts_with("not run, because"));
        }
    }

    #[test]
    fn a_tool_that_cannot_be_run_at_all_is_an_error() {
        let failure = recorded(|_| Err(RunError::NotRoot)).unwrap_err();
        assert_eq!(failure.kind(), Kind::Environment);
    }

    #[test]
    fn an_interrupt_ends_the_recording() {
        let mut left = 5;
        let failure = recorded(|_| {
            left -= 1;
            if left == 0 {
                return Err(RunError::Interrupted);
            }
            Ok(printed("text\n", ProcessEnd::Exited(0)))
        })
        .unwrap_err();
        assert_eq!(failure.kind(), Kind::Interrupted);
    }
}
