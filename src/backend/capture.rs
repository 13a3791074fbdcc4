//! Saved outputs: files, folders, standard input. Which command printed what is recognised from the
//! text itself, so any naming will do, and one file may hold the outputs of several commands.

use std::cmp::Reverse;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use ironkeep_parsers::megacli::{Output, recognise};

use super::agreement;
use super::assembly::{Answer, Assembly};
use super::question::{self, Question};
use super::{Backend, no_controller};
use crate::cli::failure::{Failure, Kind};
use crate::reading::{Part, Reading};

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
}

/// Everything that was recognised below the given paths.
#[derive(Debug, Default)]
pub struct Capture {
    /// The outputs, in the order in which they were found.
    pub outputs: Vec<Captured>,
    /// Places with text that no command is known to print.
    pub unrecognised: Vec<String>,
    described: String,
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
        let mut capture = Self {
            described: format!("capture {}", names.join(", ")),
            ..Self::default()
        };
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
                capture.add("standard input", &bytes, None);
            } else if path.is_dir() {
                capture.add_folder(path, &mut subfolders)?;
            } else {
                capture.add_file(path)?;
            }
        }
        if capture.outputs.is_empty() {
            return Err(nothing_recognised(&names, &subfolders));
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
        for file in files {
            self.add_file(&file)?;
        }
        Ok(())
    }

    fn add_file(&mut self, file: &Path) -> Result<(), Failure> {
        let read = || -> std::io::Result<Option<Vec<u8>>> {
            let metadata = fs::metadata(file)?;
            if metadata.is_file() && metadata.len() > LARGEST {
                return Ok(None);
            }
            fs::read(file).map(Some)
        };
        match read() {
            Ok(Some(bytes)) => self.add(&file.display().to_string(), &bytes, by_name(file)),
            Ok(None) => self
                .unrecognised
                .push(format!("{} (too large)", file.display())),
            Err(error) => {
                let what = format!("cannot read {}", file.display());
                return Err(Failure::because(Kind::Environment, what, error)
                    .hint("name a file, a folder, or - for standard input"));
            }
        }
        Ok(())
    }

    /// Takes the outputs out of `bytes`. `named` is what the file's name says: it counts only where
    /// the text says nothing about itself, as an error or an empty list does.
    fn add(&mut self, place: &str, bytes: &[u8], named: Option<Output>) {
        let text = String::from_utf8_lossy(bytes);
        let split = recognise::split(&text);
        if let (true, Some(output)) = (split.parts.is_empty(), named) {
            self.outputs.push(Captured {
                output,
                text: text.into_owned(),
                place: place.to_owned(),
            });
            return;
        }
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
            });
        }
        for stretch in split.unknown {
            self.unrecognised
                .push(format!("{place}:{}", stretch.first_line));
        }
    }
}

impl Capture {
    /// The captured answers to `question`, the best first: those without complaints, then those that
    /// do not break off, then the longest. Captures often hold one output twice, with -a0 and with
    /// -aALL.
    fn answers(&self, question: Question) -> impl Iterator<Item = Answer> {
        let mut answers: Vec<_> = self
            .outputs
            .iter()
            .filter(|captured| captured.output == question.output)
            .map(|captured| {
                let answer = Answer::read(question, &captured.text, captured.place.clone());
                ((answer.flaws(), Reverse(captured.text.len())), answer)
            })
            .collect();
        answers.sort_by_key(|&(rank, _)| rank);
        answers.into_iter().map(|(_, answer)| answer)
    }
}

impl Backend for Capture {
    fn describe(&self) -> String {
        self.described.clone()
    }

    fn capabilities(&self) -> &[Part] {
        &self.parts
    }

    fn read(&mut self, parts: &[Part]) -> Result<Reading, Failure> {
        let mut assembly = Assembly::default();
        let mut contradictions = self.contradictions.clone();
        for &part in parts {
            for &question in question::questions(part) {
                // What one output shows of one controller, another may show of the next.
                if assembly.is_complete(part) {
                    break;
                }
                for mut answer in self.answers(question) {
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

/// The command that a file is named after: `AdpAllInfo_aALL.txt`, `pdlist-1`.
fn by_name(file: &Path) -> Option<Output> {
    let stem = file.file_stem()?.to_str()?;
    let words: Vec<&str> = stem.split(['_', '-', ' ', '.']).collect();
    Output::of_arguments(&words)
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
    use crate::reading::Unread;

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
