//! Saved outputs: files, folders, compressed archives, standard input. Which command printed what is
//! recognised from the text itself, so any naming will do, and one file may hold the outputs of several
//! commands.

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use ironkeep_parsers::frame::kind_of_sentence;
use ironkeep_parsers::megacli::{Output, Parsed, recognise};
use ironkeep_parsers::model::ControllerId;
use ironkeep_parsers::report::ComplaintKind;

use super::agreement;
use super::assembly::{Answer, Assembly};
use super::question::{self, Question};
use super::record::{Keep, Planned, Recorded, State};
use super::{Backend, Tool, no_controller, printed_version};
use crate::archive::index::{self, Entry};
use crate::archive::read::{self, Content};
use crate::archive::{self, write};
use crate::cli::failure::{Failure, Kind};
use crate::reading::{Part, Reading, Unread};

/// The largest file that is looked at, in bytes. Larger ones are no outputs of a tool that prints at
/// most some hundred kilobytes a controller.
const LARGEST: u64 = 256 << 20;

/// One recognised output.
#[derive(Debug, Clone)]
pub struct Captured {
    /// Which output it is.
    pub output: Output,
    /// The text.
    pub text: String,
    /// Where it stands: `FILE` or `FILE:LINE`.
    pub place: String,
    /// How its command ended, where the capture has a table of that.
    ended: Ended,
    /// It is looked at several times, and not always: read once, when it is first needed.
    parsed: OnceCell<Parsed>,
}

/// What a capture says of a command beside its output.
#[derive(Debug, Clone, Default)]
struct Ended {
    /// The controller that was asked about.
    controller: Option<ControllerId>,
    /// The exit status.
    status: Option<u8>,
    /// Why the output is missing or not all.
    trouble: Option<String>,
}

impl Captured {
    /// Whether it tells of `part`, and not only of properties beside it that have answers of the same
    /// form: of those, nothing is a complaint about this one.
    fn is_about(&self, part: Part) -> bool {
        match (part, self.parsed()) {
            (Part::Property(_), parsed) => parsed.complaints().is_empty(),
            (Part::Consistency, Parsed::LdGetProp(report)) => {
                let mut drives = report.value.iter().flat_map(|section| &section.value);
                drives.any(|drive| drive.consistent.is_some())
            }
            _ => true,
        }
    }

    /// What the text says.
    pub fn parsed(&self) -> &Parsed {
        self.parsed.get_or_init(|| self.output.read(&self.text))
    }

    /// How much of it may be missing, for choosing among several: the tool complains, or it breaks off.
    fn flaws(&self) -> (bool, bool) {
        let parsed = self.parsed();
        let breaks_off = !parsed.gaps().is_empty() || self.ended.trouble.is_some();
        (!parsed.complaints().is_empty(), breaks_off)
    }
}

/// A file of a capture in which something was recognised.
#[derive(Debug)]
struct Source {
    /// Its name, without folders.
    name: String,
    bytes: Vec<u8>,
    entry: Option<Entry>,
}

/// Everything that was recognised below the given paths.
#[derive(Debug, Default)]
pub struct Capture {
    /// The outputs, in the order in which they were found.
    pub outputs: Vec<Captured>,
    /// Places with text that no command is known to print.
    pub unrecognised: Vec<String>,
    described: String,
    /// The files that hold them.
    sources: Vec<Source>,
    /// The files in which nothing was recognised.
    left_out: Vec<String>,
    /// What the operating system knew of the host, as `ironkeep capture` writes it.
    host: Option<Vec<u8>>,
    /// The recording was interrupted.
    is_incomplete: bool,
    /// A sentence with which every command of MegaCLI may end, alone in a file.
    sentence: Option<(ComplaintKind, String)>,
    /// The parts that the outputs answer for.
    parts: Vec<Part>,
    /// What one output says of a drive and another contradicts.
    contradictions: Vec<String>,
}

impl Capture {
    /// Reads `paths`; `-` is standard input.
    ///
    /// # Errors
    /// If a path cannot be read, or nothing in any of them is recognised.
    pub fn open(paths: &[PathBuf], stdin: &mut dyn Read) -> Result<Self, Failure> {
        let names: Vec<String> = paths.iter().map(|path| name(path)).collect();
        let mut capture = Self::default();
        let mut subfolders = Vec::new();
        for path in paths {
            if path == Path::new("-") {
                let mut bytes = Vec::new();
                stdin
                    .take(LARGEST)
                    .read_to_end(&mut bytes)
                    .map_err(|error| {
                        Failure::because(Kind::Environment, "cannot read standard input", error)
                    })?;
                capture.add_bytes("standard input", Path::new("stdin"), bytes, None)?;
            } else if path.is_dir() {
                capture.add_folder(path, &mut subfolders)?;
            } else {
                capture.add_file(path, &HashMap::new())?;
            }
        }
        let incomplete = if capture.is_incomplete {
            "incomplete "
        } else {
            ""
        };
        capture.described = format!("{incomplete}capture {}", names.join(", "));
        if capture.outputs.is_empty() {
            return Err(match capture.sentence.take() {
                Some((kind, words)) => only_a_sentence(&capture.described, kind, words),
                None => nothing_recognised(&names, &subfolders),
            });
        }
        let answers = |part: &Part| {
            let mut questions = question::questions(*part);
            questions.any(|question| {
                capture
                    .outputs
                    .iter()
                    .any(|captured| captured.output == question.output)
            })
        };
        capture.parts = Part::ALL.iter().copied().filter(answers).collect();
        for contradiction in agreement::contradictions(&capture.outputs) {
            if contradiction.of_two_hosts {
                return Err(two_hosts(&capture.described, contradiction.words));
            }
            capture.contradictions.push(contradiction.words);
        }
        Ok(capture)
    }

    /// For people.
    pub fn describe(&self) -> &str {
        &self.described
    }

    fn add_folder(&mut self, folder: &Path, subfolders: &mut Vec<PathBuf>) -> Result<(), Failure> {
        let unreadable = |error| {
            Failure::because(
                Kind::Environment,
                format!("cannot read {}", folder.display()),
                error,
            )
        };
        let mut files = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_dir() {
                subfolders.push(path);
            } else {
                files.push(path);
            }
        }
        files.sort();
        subfolders.sort();
        // Without a table everything is told from the texts.
        let table = fs::read_to_string(folder.join(index::NAME)).unwrap_or_default();
        let index = index::read(&table);
        for file in files {
            self.add_file(&file, &index)?;
        }
        Ok(())
    }

    fn add_file(&mut self, file: &Path, index: &HashMap<String, Entry>) -> Result<(), Failure> {
        let read = || -> std::io::Result<Option<Vec<u8>>> {
            let metadata = fs::metadata(file)?;
            if metadata.is_file() && metadata.len() > LARGEST {
                return Ok(None);
            }
            fs::read(file).map(Some)
        };
        match read() {
            Ok(Some(bytes)) => {
                self.add_bytes(&file.display().to_string(), file, bytes, entry(file, index))
            }
            Ok(None) => {
                self.unrecognised
                    .push(format!("{} (too large)", file.display()));
                Ok(())
            }
            Err(error) => {
                let what = format!("cannot read {}", file.display());
                Err(Failure::because(Kind::Environment, what, error)
                    .hint("name a file, a folder, or - for standard input"))
            }
        }
    }

    /// Takes a file, which may be compressed. `place` names it for people.
    fn add_bytes(
        &mut self,
        place: &str,
        file: &Path,
        bytes: Vec<u8>,
        entry: Option<Entry>,
    ) -> Result<(), Failure> {
        if !read::is_packed(&bytes) {
            self.add(place, file, bytes, entry);
            return Ok(());
        }
        match read::unpack(place, &bytes)? {
            Content::Text(bytes) => self.add(place, file, bytes, entry),
            Content::Files(files) => {
                let tables = files
                    .iter()
                    .filter(|(name, _)| Path::new(name).ends_with(index::NAME));
                let index: HashMap<String, Entry> = tables
                    .flat_map(|(_, bytes)| index::read(&String::from_utf8_lossy(bytes)))
                    .collect();
                for (name, bytes) in files {
                    let file = Path::new(&name);
                    let entry = self::entry(file, &index);
                    self.add(&format!("{place}:{name}"), file, bytes, entry);
                }
            }
        }
        Ok(())
    }

    /// Takes the outputs out of `bytes`. What the table or the file's name says which command it was
    /// counts only where the text says nothing about itself, as an error or an empty list does.
    fn add(&mut self, place: &str, file: &Path, bytes: Vec<u8>, entry: Option<Entry>) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        match &*name {
            index::NAME => return,
            archive::HOST => {
                self.host = Some(bytes);
                return;
            }
            write::INCOMPLETE => {
                self.is_incomplete = true;
                return;
            }
            _ => {}
        }
        let before = self.outputs.len();
        let text = String::from_utf8_lossy(&bytes);
        let words = command(file, entry.as_ref());
        let split = recognise::split(&text);
        let named = Output::of_arguments(&words);
        let ended = Ended::new(&words, entry.as_ref(), &text);
        if let (true, Some(output)) = (split.parts.is_empty(), named) {
            self.outputs.push(Captured {
                output,
                text: text.clone().into_owned(),
                place: place.to_owned(),
                ended,
                parsed: OnceCell::new(),
            });
        } else {
            let alone = split.parts.len() == 1;
            for part in split.parts {
                let place = if part.first_line <= 1 {
                    place.to_owned()
                } else {
                    format!("{place}:{}", part.first_line)
                };
                self.outputs.push(Captured {
                    output: part.output,
                    text: part.text.to_owned(),
                    place,
                    ended: if alone {
                        ended.clone()
                    } else {
                        Ended::default()
                    },
                    parsed: OnceCell::new(),
                });
            }
            for stretch in split.unknown {
                let place = format!("{place}:{}", stretch.first_line);
                self.unrecognised.push(place);
                let mut lines = stretch.text.lines().map(str::trim);
                let said = lines.find_map(|line| Some((kind_of_sentence(line)?, line.to_owned())));
                self.sentence = self.sentence.take().or(said);
            }
        }
        if self.outputs.len() > before {
            let name = name.into_owned();
            self.sources.push(Source { name, bytes, entry });
        } else {
            self.left_out.push(place.to_owned());
        }
    }
}

impl Ended {
    /// Of the command `words`, as the table has it.
    fn new(words: &[String], entry: Option<&Entry>, text: &str) -> Self {
        let number = |word: &String| word.trim_start_matches(['-', 'a', 'A']).parse().ok();
        let controller = words
            .iter()
            .filter(|word| word.trim_start_matches('-').starts_with(['a', 'A']))
            .find_map(number);
        let status = entry.and_then(|entry| entry.exit_status);
        let is_whole = status.is_some() && !text.trim_ascii().is_empty();
        let trouble = entry
            .filter(|_| !is_whole)
            .and_then(|entry| entry.note.as_ref());
        Self {
            controller: controller.map(ControllerId),
            status,
            trouble: trouble.map(|note| format!("MegaCLI {note}")),
        }
    }
}

impl Capture {
    /// The captured answers to `question`, the best first: those without complaints, then those that
    /// do not break off, then the longest. Captures often hold one output twice, with -a0 and with
    /// -aALL.
    fn answers(&self, question: Question) -> impl Iterator<Item = &Captured> {
        let mut answers: Vec<_> = self
            .outputs
            .iter()
            .filter(|captured| captured.output == question.output)
            .collect();
        answers.sort_by_key(|captured| (captured.flaws(), Reverse(captured.text.len())));
        answers.into_iter()
    }
}

impl Backend for Capture {
    fn describe(&self) -> String {
        self.described.clone()
    }

    fn capabilities(&self) -> &[Part] {
        &self.parts
    }

    fn is_live(&self) -> bool {
        false
    }

    fn read(&mut self, parts: &[Part]) -> Result<Reading, Failure> {
        let mut assembly = Assembly::default();
        let mut contradictions = self.contradictions.clone();
        for &part in parts {
            for question in question::questions(part) {
                // What one output shows of one controller, another may show of the next.
                if assembly.is_complete(part) {
                    break;
                }
                for captured in self.answers(question).filter(|it| it.is_about(part)) {
                    let Captured { text, ended, .. } = captured;
                    let (parsed, place) = (captured.parsed().clone(), captured.place.clone());
                    let mut answer = Answer::of_parsed(question, parsed, text, place);
                    answer.controller = ended.controller;
                    answer.process = ended.status.map(u32::from);
                    if let Some(trouble) = &ended.trouble {
                        answer.gaps.push(trouble.clone());
                        assembly.fail(part, Unread::Failed(trouble.clone()));
                    }
                    if matches!(part, Part::VirtualDrives | Part::PhysicalDrives) {
                        answer.gaps.append(&mut contradictions);
                    }
                    assembly.add(answer);
                }
            }
        }
        let reading = assembly.finish(parts, self.described.clone(), false);
        if let (true, Some(&part)) = (reading.asked.is_empty(), parts.first()) {
            return Err(not_held(&self.described, part));
        }
        if reading.controllers.is_empty() {
            return Err(no_controller(&reading).after(reading));
        }
        Ok(reading)
    }

    fn tool(&mut self, _: Option<Tool>) -> Option<Tool> {
        let tells = |it: &&Captured| matches!(it.output, Output::VersionCli | Output::ShowSummary);
        let mut outputs = self.outputs.iter().filter(tells);
        Some(Tool {
            program: None,
            version: outputs.find_map(|captured| printed_version(captured.parsed())),
        })
    }

    fn planned(&self) -> Vec<Planned> {
        let planned = |source: &Source| Planned {
            name: stem(&source.name).to_owned(),
            arguments: source.entry.as_ref().map_or_else(String::new, arguments),
            when: None,
        };
        let mut all: Vec<Planned> = self.sources.iter().map(planned).collect();
        all.dedup_by(|one, other| one.name == other.name);
        all
    }

    /// The files that hold outputs, as they are.
    fn record(&mut self, keep: &mut Keep<'_>) -> Result<(), Failure> {
        let (events, outputs): (Vec<&Source>, Vec<&Source>) =
            self.sources.iter().partition(|source| is_events(source));
        let mut written: HashMap<&str, &Source> = events
            .into_iter()
            .map(|source| (stem(&source.name), source))
            .collect();
        let mut names = HashMap::new();
        for source in outputs {
            let stem = stem(&source.name);
            let events = written.remove(stem).map(|source| source.bytes.clone());
            keep(recorded(source, unused(stem, &mut names), events))?;
        }
        // A file of events without the output of its command.
        let mut alone: Vec<&Source> = written.into_values().collect();
        alone.sort_by_key(|source| &source.name);
        for source in alone {
            keep(recorded(
                source,
                unused(stem(&source.name), &mut names),
                None,
            ))?;
        }
        Ok(())
    }

    fn recorded_host(&self) -> Option<&[u8]> {
        self.host.as_deref()
    }

    fn left_out(&self) -> &[String] {
        &self.left_out
    }
}

fn arguments(entry: &Entry) -> String {
    entry.arguments.clone()
}

fn is_events(source: &Source) -> bool {
    Path::new(&source.name)
        .extension()
        .is_some_and(|extension| extension == "events")
}

/// A file of a capture as a recording of its command.
fn recorded(source: &Source, name: String, events: Option<Vec<u8>>) -> Recorded {
    let entry = source.entry.as_ref();
    let status = entry.and_then(|entry| entry.exit_status);
    let note = entry.and_then(|entry| entry.note.clone());
    let is_empty = source.bytes.trim_ascii().is_empty();
    Recorded {
        name,
        arguments: entry.map_or_else(String::new, arguments),
        exit_status: status,
        seconds: entry.and_then(|entry| entry.seconds),
        output: source.bytes.clone(),
        events,
        state: match (&note, status) {
            (Some(_), _) if is_empty => State::Failed,
            (Some(_), None) => State::Partial,
            _ => State::Whole,
        },
        note,
    }
}

/// `stem`, or one that was not used yet: captures of several folders have files of one name.
fn unused(stem: &str, used: &mut HashMap<String, u32>) -> String {
    let times = used.entry(stem.to_owned()).or_default();
    *times += 1;
    if *times == 1 {
        stem.to_owned()
    } else {
        format!("{stem}.{times}")
    }
}

/// A file's name without its extension.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// What the table of a capture says of a file.
fn entry(file: &Path, index: &HashMap<String, Entry>) -> Option<Entry> {
    index.get(file.file_stem()?.to_str()?).cloned()
}

/// The words of the command that a file answers: those of the table, or those that it is named after,
/// as in `AdpAllInfo_aALL.txt` and `pdlist-1`.
fn command(file: &Path, entry: Option<&Entry>) -> Vec<String> {
    let words: Vec<&str> = if let Some(entry) = entry.filter(|it| !it.arguments.is_empty()) {
        entry.arguments.split_ascii_whitespace().collect()
    } else {
        let stem = file.file_stem().and_then(|stem| stem.to_str());
        stem.unwrap_or_default()
            .split(['_', '-', ' ', '.'])
            .collect()
    };
    words.into_iter().map(str::to_owned).collect()
}

/// Words that many commands share, and nothing that says which it was.
fn only_a_sentence(described: &str, kind: ComplaintKind, words: String) -> Failure {
    let message = if kind == ComplaintKind::ControllerAbsent {
        format!("{described} shows no controller")
    } else {
        format!("{described} holds nothing but a complaint of MegaCLI")
    };
    Failure::because(Kind::Hardware, message, words)
        .hint("record the host again, as root: megacli -LdPdInfo -aALL -NoLog > FILE")
}

/// Outputs of several hosts, of which each is a host of its own.
fn two_hosts(described: &str, words: String) -> Failure {
    let message = format!("{described} holds outputs of different hosts");
    Failure::because(Kind::Usage, message, words).hint("read one host at a time")
}

/// Nothing in the capture answers for what was asked, `part` before all.
fn not_held(described: &str, part: Part) -> Failure {
    let failure = Failure::new(
        Kind::Environment,
        format!("{described} does not hold {}", part.words()),
    );
    match question::questions(part).next() {
        Some(question) => failure.hint(format!("record it, as root: {}", question.recorder())),
        None => failure,
    }
}

fn name(path: &Path) -> String {
    if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

fn nothing_recognised(names: &[String], subfolders: &[PathBuf]) -> Failure {
    let failure = Failure::new(
        Kind::Environment,
        format!(
            "nothing in {} is the output of a MegaCLI command",
            names.join(", ")
        ),
    );
    match subfolders.first() {
        Some(folder) => failure.hint(format!("name one of its folders: --replay {}", folder.display())),
        None => failure.hint("record one: megacli -LdPdInfo -aALL -NoLog > FILE; several outputs may stand in one file"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drives(controller: u32, slots: &[u32]) -> String {
        use std::fmt::Write as _;
        let mut text = format!("Adapter #{controller}\n\n");
        for slot in slots {
            let _ = write!(
                text,
                "Enclosure Device ID: 252\nSlot Number: {slot}\nDevice Id: {slot}\n\
                 Firmware state: Online, Spun Up\n\n"
            );
        }
        text
    }

    const END: &str = "Exit Code: 0x00\n";

    /// A capture of `files`, by name and text.
    fn capture(files: &[(&str, &str)]) -> Result<Capture, Failure> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Capture::open(&[folder.path().to_owned()], &mut std::io::empty())
    }

    /// How many drives each controller has in a capture of `files`.
    fn counts(files: &[(&str, &str)]) -> Vec<usize> {
        let reading = capture(files)
            .unwrap()
            .read(&[Part::PhysicalDrives])
            .unwrap();
        let drives = reading
            .controllers
            .iter()
            .map(|it| it.physical_drives.as_ref());
        drives.map(|drives| drives.map_or(0, Vec::len)).collect()
    }

    #[test]
    fn one_output_captured_twice_counts_once() {
        let text = drives(0, &[1, 2]) + END;
        assert_eq!(counts(&[("pdlist-a0", &text), ("pdlist-aall", &text)]), [2]);
    }

    #[test]
    fn controllers_may_stand_in_files_of_their_own() {
        let (first, second) = (drives(0, &[1]) + END, drives(1, &[1, 2]) + END);
        assert_eq!(counts(&[("a", &first), ("b", &second)]), [1, 2]);
    }

    #[test]
    fn a_whole_output_is_preferred_to_a_longer_one_that_breaks_off() {
        let cut = drives(0, &[1, 2, 3]) + "Enclosure Device ID: 252\nSlot Num";
        let whole = drives(0, &[1, 2]) + END;
        let reading = capture(&[("a", &cut), ("b", &whole)])
            .unwrap()
            .read(&[Part::PhysicalDrives])
            .unwrap();
        // Whichever is taken: if something is missing in it, the reading says so.
        let gaps = reading.asked.iter().any(|asked| !asked.gaps.is_empty());
        let drives = reading.controllers[0].physical_drives.as_ref().unwrap();
        assert!(drives.len() == 2 || gaps);
    }

    #[test]
    fn several_outputs_may_stand_in_one_file() {
        let text = drives(0, &[1]) + END + "\nAdapter 0 - No Missing Drive is Found.\n\n" + END;
        let mut capture = capture(&[("all", &text)]).unwrap();
        let parts = [Part::PhysicalDrives, Part::MissingDrives];
        assert_eq!(capture.capabilities(), parts);
        let reading = capture.read(&parts).unwrap();
        assert_eq!(reading.controllers[0].missing_drives, Some(Vec::new()));
        assert!(reading.controllers[0].unread.is_empty());
        assert!(!reading.live);
    }

    #[test]
    fn the_files_name_counts_where_the_text_says_nothing() {
        let text = "Adapter 0: Failed to get the list.\n\nExit Code: 0x01\n";
        let mut capture = capture(&[("EncInfo_aALL.txt", text)]).unwrap();
        assert_eq!(capture.capabilities(), [Part::Enclosures]);
        let reading = capture.read(&[Part::Enclosures]).unwrap();
        let unread = reading.controllers[0].unread.get(&Part::Enclosures);
        assert!(matches!(unread, Some(Unread::Failed(_))), "{unread:?}");
    }

    #[test]
    fn nothing_recognised_is_an_error_that_names_the_subfolders() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("host-a")).unwrap();
        let error = Capture::open(&[folder.path().to_owned()], &mut std::io::empty()).unwrap_err();
        assert_eq!(error.kind(), Kind::Environment);
        assert!(format!("{error:?}").contains("host-a"), "{error:?}");
    }

    #[test]
    fn standard_input_is_a_capture_too() {
        let text = drives(0, &[1]) + END;
        let capture = Capture::open(&[PathBuf::from("-")], &mut text.as_bytes()).unwrap();
        assert_eq!(capture.describe(), "capture standard input");
        assert_eq!(capture.outputs.len(), 1);
    }
}
