//! A program that stands in for MegaCLI, and for sudo, in tests of the process boundary.
//!
//! It finds everything beside the path that it was started by (a symbolic link in a test's own
//! folder), because the runner passes on no environment:
//! * `<path>.toml`: the plan, see [`Plan`].
//! * `<path>.log`: one line of JSON for every start, see [`Call`].
//! * `<path>.busy`: locked while it runs. Where another one runs already, `<path>.overlap` is made.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::sleep;
use std::time::Duration;

use ironkeep::demo::{Choice, Demo};
use rustix::process::{Signal, getpid, kill_process};
use serde::{Deserialize, Serialize};

/// What to do. Without a matching rule: answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    /// The answers are those of the simulated host in this file (`--demo-state`), which commands that
    /// change something change.
    state: Option<PathBuf>,
    /// The answers are those of a capture: a folder with `commands.tsv` (file, arguments, status) and for each command a `<file>.txt`,
    /// and a `<file>.events` where the command writes a file.
    capture: Option<PathBuf>,
    #[serde(default)]
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    /// Applies to calls with this argument, in any case; absent: to every call.
    when: Option<String>,
    /// Applies to the first so many of them; absent: to all.
    times: Option<usize>,
    /// What to do, in order.
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Step {
    /// Print the answer; its status becomes ours.
    Answer,
    /// Print the first so many bytes of it.
    AnswerStart(usize),
    /// Print it without the line `Exit Code: …`.
    AnswerWithoutExitCode,
    /// Print it line by line, with so many seconds after each.
    AnswerSlowly(f64),
    /// Print it with every so-many-th byte replaced by one that is no text.
    AnswerGarbled(usize),
    Print(String),
    PrintBytes(Vec<u8>),
    PrintError(String),
    /// Print so many bytes.
    Flood(usize),
    Sleep(f64),
    /// Be stopped by nothing less than SIGKILL from here on.
    IgnoreTerm,
    /// Leave a process behind that keeps the pipes open; its id is in the log.
    Grandchild,
    /// Write a file into the current folder.
    Litter(String),
    /// Write this text into the file that the caller names behind `-f`.
    File(String),
    Hang,
    Crash,
    Exit(u8),
    /// As sudo with `runcwd`: go into this folder.
    Enter(PathBuf),
    /// As sudo: run what follows `--`.
    Exec,
}

/// One line of the log.
#[derive(Serialize)]
struct Call {
    arguments: Vec<String>,
    directory: PathBuf,
    directory_mode: u32,
    environment: BTreeMap<String, String>,
    stdin: PathBuf,
    pid: u32,
    /// Which rule applied.
    rule: Option<usize>,
    grandchild: Option<u32>,
}

struct Fake {
    plan: Plan,
    call: Call,
    log: PathBuf,
    status: u8,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = env::args_os();
    let own_path = PathBuf::from(arguments.next().ok_or("no name")?);
    let plan: Plan = toml::from_str(&fs::read_to_string(own_path.with_added_extension("toml"))?)?;
    let directory = env::current_dir()?;
    let mut fake = Fake {
        log: own_path.with_added_extension("log"),
        plan,
        call: Call {
            arguments: arguments.map(|it| lossy(&it)).collect(),
            directory_mode: fs::metadata(&directory)?.permissions().mode() & 0o7777,
            directory,
            environment: env::vars_os()
                .map(|(key, value)| (lossy(&key), lossy(&value)))
                .collect(),
            stdin: fs::read_link("/proc/self/fd/0")?,
            pid: std::process::id(),
            rule: None,
            grandchild: None,
        },
        status: 0,
    };
    let busy = OpenOptions::new()
        .create(true)
        .append(true)
        .open(own_path.with_added_extension("busy"))?;
    if busy.try_lock().is_err() {
        fs::write(own_path.with_added_extension("overlap"), "")?;
    }
    let steps = fake.choose()?;
    if steps.iter().any(|step| matches!(step, Step::Grandchild)) {
        #[expect(clippy::disallowed_methods, reason = "to be cleaned up by the runner")]
        let left_behind = Command::new("sleep")
            .arg("600")
            .stdin(Stdio::null())
            .spawn()?;
        fake.call.grandchild = Some(left_behind.id());
    }
    fake.write_log()?;
    for step in steps {
        fake.take(step)?;
    }
    Ok(fake.status.into())
}

impl Fake {
    /// The steps of the first rule that applies, and which rule that is.
    fn choose(&mut self) -> io::Result<Vec<Step>> {
        let log = match fs::read_to_string(&self.log) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            read => read?,
        };
        let used = |rule: usize| log.matches(&format!("\"rule\":{rule},")).count();
        let arguments = &self.call.arguments;
        let applies = |(index, rule): &(usize, &mut Rule)| {
            rule.when
                .as_ref()
                .is_none_or(|it| arguments.iter().any(|a| a.eq_ignore_ascii_case(it)))
                && rule.times.is_none_or(|times| used(*index) < times)
        };
        let Some((index, rule)) = self.plan.rule.iter_mut().enumerate().find(applies) else {
            return Ok(vec![Step::Answer]);
        };
        self.call.rule = Some(index);
        Ok(std::mem::take(&mut rule.steps))
    }

    fn write_log(&self) -> Result<(), Box<dyn Error>> {
        let line = serde_json::to_string(&self.call)? + "\n";
        let mut log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&self.log)?;
        Ok(log.write_all(line.as_bytes())?)
    }

    fn take(&mut self, step: Step) -> Result<(), Box<dyn Error>> {
        match step {
            Step::Answer => print(&self.answer()?)?,
            Step::AnswerStart(size) => {
                let answer = self.answer()?;
                print(answer.get(..size).ok_or("the answer is shorter")?)?;
            }
            Step::AnswerWithoutExitCode => {
                let answer = self.answer()?;
                let lines = answer.split_inclusive(|byte| *byte == b'\n');
                print(
                    &lines
                        .filter(|it| !it.starts_with(b"Exit Code:"))
                        .collect::<Vec<_>>()
                        .concat(),
                )?;
            }
            Step::AnswerSlowly(seconds) => {
                for line in self.answer()?.split_inclusive(|byte| *byte == b'\n') {
                    print(line)?;
                    sleep(Duration::from_secs_f64(seconds));
                }
            }
            Step::AnswerGarbled(distance) => {
                let mut answer = self.answer()?;
                let hit = answer.iter_mut().skip(distance - 1).step_by(distance);
                hit.for_each(|byte| *byte = 0xff);
                print(&answer)?;
            }
            Step::Print(text) => print(text.as_bytes())?,
            Step::PrintBytes(bytes) => print(&bytes)?,
            Step::PrintError(text) => io::stderr().write_all(text.as_bytes())?,
            Step::Flood(size) => flood(size)?,
            Step::Sleep(seconds) => sleep(Duration::from_secs_f64(seconds)),
            Step::IgnoreTerm => {
                let never_looked_at = Arc::new(AtomicBool::new(false));
                signal_hook::flag::register(signal_hook::consts::SIGTERM, never_looked_at)?;
            }
            Step::Grandchild => {}
            Step::Litter(name) => fs::write(name, "litter")?,
            Step::File(text) => {
                let file = written_file(&self.call.arguments).ok_or("no -f")?;
                fs::write(file, text)?;
            }
            Step::Hang => loop {
                sleep(Duration::from_mins(10));
            },
            // Rust's own handler swallows the first.
            Step::Crash => loop {
                kill_process(getpid(), Signal::SEGV)?;
            },
            Step::Exit(status) => self.status = status,
            Step::Enter(folder) => env::set_current_dir(folder)?,
            Step::Exec => {
                let words: Vec<_> = env::args_os().skip_while(|it| it != "--").skip(1).collect();
                let (program, arguments) = words.split_first().ok_or("nothing to run")?;
                #[expect(clippy::disallowed_methods, reason = "what sudo does")]
                return Err(Command::new(program).args(arguments).exec().into());
            }
        }
        Ok(())
    }

    /// What the command is answered with. Takes the status of the answer, and writes its file where it
    /// has one.
    fn answer(&mut self) -> Result<Vec<u8>, Box<dyn Error>> {
        match (self.plan.state.clone(), self.plan.capture.clone()) {
            (Some(state), None) => self.simulated(state),
            (None, Some(folder)) => self.captured(&folder),
            _ => Err("the plan has neither a state nor a capture, or both".into()),
        }
    }

    /// The answer of a simulated host.
    fn simulated(&mut self, state: PathBuf) -> Result<Vec<u8>, Box<dyn Error>> {
        let choice = Choice {
            state: Some(state),
            ..Choice::default()
        };
        let mut host = Demo::open(&choice).map_err(|why| why.chain().join(": "))?;
        let line: Vec<&str> = self.call.arguments.iter().map(String::as_str).collect();
        let answer = host.answer(&line)?;
        for (name, text) in &answer.files {
            fs::write(name, text)?;
        }
        self.status = answer.process_status();
        if answer.crashed {
            self.take(Step::Crash)?;
        }
        Ok(answer.text().into_bytes())
    }

    /// The answer of a capture.
    fn captured(&mut self, folder: &Path) -> Result<Vec<u8>, Box<dyn Error>> {
        let asked = comparable(self.call.arguments.iter().map(String::as_str));
        let index = fs::read_to_string(folder.join("commands.tsv"))?;
        for line in index.lines().skip(1) {
            let [name, arguments, status, ..] = line.split('\t').collect::<Vec<_>>()[..] else {
                return Err(format!("not a line of commands.tsv: {line}").into());
            };
            if comparable(arguments.split(' ')) == asked {
                self.status = status.parse()?;
                if let Some(file) = written_file(&self.call.arguments) {
                    let events = folder.join(name).with_added_extension("events");
                    if events.exists() {
                        fs::copy(events, file)?;
                    }
                }
                return Ok(fs::read(folder.join(name).with_added_extension("txt"))?);
            }
        }
        Err(format!("the capture has no answer to {asked:?}").into())
    }
}

/// Arguments as the tool takes them: in any case, with `-NoLog` or without, a list of drives in the word
/// before it or apart. The name after `-f` is the caller's choice.
fn comparable<'a>(arguments: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in arguments.filter(|word| !word.eq_ignore_ascii_case("-nolog")) {
        match words.last_mut() {
            Some(last) if last == "-f" => words.push("f".to_owned()),
            Some(last) if word.starts_with('[') => last.push_str(word),
            _ => words.push(word.to_lowercase()),
        }
    }
    words
}

fn written_file(arguments: &[String]) -> Option<&Path> {
    let at = arguments
        .iter()
        .position(|it| it.eq_ignore_ascii_case("-f"))?;
    arguments.get(at + 1).map(Path::new)
}

fn print(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

fn flood(size: usize) -> io::Result<()> {
    let line = b"All work and no play makes Jack a dull controller.\n";
    let endless = line.repeat(1 << 12);
    let mut stdout = io::stdout().lock();
    let mut left = size;
    while left > 0 {
        let written = stdout.write(endless.get(..left).unwrap_or(&endless))?;
        left -= written;
    }
    stdout.flush()
}

fn lossy(text: &OsStr) -> String {
    text.to_string_lossy().into_owned()
}
