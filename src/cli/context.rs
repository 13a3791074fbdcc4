//! What a command may touch: its streams, the clock, the output settings.

use std::io::Write;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Session;
use super::failure::{Failure, Kind};
use crate::follow::EventRequest;
use crate::output::{self, Format, escape};
use crate::reading::{Part, Reading, Unread};

/// The zone that times are shown in. The host's is looked for only where a time is shown: for that, the
/// files of all zones are listed, which is a good part of the start of the program.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Zone {
    /// UTC.
    #[default]
    Utc,
    /// That of this host.
    Host,
}

impl Zone {
    /// Looks for it.
    pub fn find(self) -> TimeZone {
        match self {
            Self::Utc => TimeZone::UTC,
            Self::Host => TimeZone::system(),
        }
    }
}

/// Settings of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputSettings {
    /// Which format.
    pub format: Format,
    /// Colour on standard output.
    pub color: bool,
    /// Box-drawing characters and other non-ASCII signs on standard output.
    pub unicode: bool,
    /// Columns of the terminal; `None` where standard output is no terminal.
    pub width: Option<u16>,
    /// The same of standard error.
    pub stderr_width: Option<u16>,
    /// The zone that the host's times are shown in.
    pub zone: Zone,
    /// `--columns`, split at commas, in the order given. `all` stands for every column, `help`
    /// for a list of them.
    pub columns: Option<Vec<String>>,
    /// `--sort`: columns between commas, most important first; a leading `-` reverses one.
    pub sort: Option<String>,
    /// `--header`: a header line in plain output.
    pub header: bool,
}

/// What a command gets.
pub struct Context<'a> {
    /// Results, and nothing else.
    pub stdout: &'a mut dyn Write,
    /// Everything else.
    pub stderr: &'a mut dyn Write,
    /// Now, fixed for the whole run (and in tests).
    pub now: Timestamp,
    /// Why nothing can be drawn on the whole screen; `None` where it can.
    pub no_screen: Option<&'static str>,
    /// Whether the journal of the system reads standard error.
    pub stderr_is_journal: bool,
    /// Whether a person can be asked: standard input and standard error are terminals.
    pub is_interactive: bool,
    /// Settings of the output.
    pub output: OutputSettings,
    /// Where readings come from.
    pub session: Session,
}

impl Context<'_> {
    /// Reads `parts`. With `--verbose`, says on standard error what was asked and what was not
    /// understood.
    ///
    /// # Errors
    /// If nothing can be read.
    pub fn read(&mut self, parts: &[Part]) -> Result<Reading, Failure> {
        let result = self.session.read(parts);
        self.account(&result)?;
        result
    }

    /// Reads some of the events, like [`Self::read`]: see [`Session::read_events`].
    ///
    /// # Errors
    /// If nothing can be read.
    pub fn read_events(&mut self, request: &EventRequest) -> Result<Reading, Failure> {
        let result = self.session.read_events(request);
        self.account(&result)?;
        result
    }

    /// Adds `parts` to a reading: what only its first parts show to be needed. What cannot be read leaves
    /// the reading as it was and is among what it lacks.
    ///
    /// # Errors
    /// If the tool cannot be run any more, or, with `--strict`, anything at all.
    pub(crate) fn read_more(
        &mut self,
        reading: &mut Reading,
        parts: &[Part],
    ) -> Result<(), Failure> {
        let lack = |reading: &mut Reading, why: &Unread| {
            for controller in &mut reading.controllers {
                for &part in parts {
                    controller.unread.entry(part).or_insert(why.clone());
                }
            }
        };
        if !parts.iter().any(|&part| self.session.is_able(part)) {
            lack(reading, &Unread::NotAvailable);
            return Ok(());
        }
        let more = match self.read(parts) {
            Ok(more) => more,
            Err(failure) if failure.kind() == Kind::Hardware && !self.session.is_strict() => {
                lack(reading, &Unread::Failed(failure.chain().join(": ")));
                return Ok(());
            }
            Err(failure) => return Err(failure),
        };
        reading.asked.extend(more.asked);
        for read in more.controllers {
            let mut known = reading.controllers.iter_mut();
            if let Some(controller) = known.find(|controller| controller.id == read.id) {
                controller.fill_from(read);
            }
        }
        Ok(())
    }

    /// With `--verbose`, says what was asked, also where the reading failed as a whole.
    fn account(&mut self, result: &Result<Reading, Failure>) -> Result<(), Failure> {
        let read = match result {
            Ok(reading) => Some(reading),
            Err(failure) => failure.reading(),
        };
        if let Some(reading) = read.filter(|_| self.session.is_verbose()) {
            for line in notes(reading) {
                writeln!(
                    self.stderr,
                    "{}",
                    escape::terminal(&line, self.output.unicode)
                )?;
            }
        }
        Ok(())
    }

    /// Says `words` on standard error, behind `lead`. Lines break between words where the terminal is
    /// narrow.
    ///
    /// # Errors
    /// If the stream cannot be written.
    pub fn say(&mut self, lead: &str, words: &str) -> Result<(), Failure> {
        let words = escape::terminal(words, self.output.unicode);
        let text = output::fold(&words, lead.len(), lead.len(), self.output.stderr_width);
        writeln!(self.stderr, "{lead}{text}")?;
        Ok(())
    }
}

/// What was asked, and what was not understood.
fn notes(reading: &Reading) -> Vec<String> {
    let mut notes = vec![format!("read from {}", reading.source)];
    for asked in &reading.asked {
        let status = asked.exit_code.map_or_else(
            || "no exit code".to_owned(),
            |code| format!("exit code {code:#04x}"),
        );
        notes.push(format!("asked {}: {status}", asked.source));
        let all = [
            ("complaint", &asked.complaints),
            ("gap", &asked.gaps),
            ("not understood", &asked.leftovers),
        ];
        for (kind, lines) in all {
            notes.extend(lines.iter().map(|line| format!("  {kind}: {line}")));
        }
    }
    notes
}
