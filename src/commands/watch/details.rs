//! Everything about the chosen thing, as text that still has to be laid out.

use super::events::{Shown, What};
use super::picture::{Drive, Picture};
use super::state::{Pane, State};
use crate::cli::failure::at_source;
use crate::commands::cells::qualified;
use crate::commands::event::columns;
use crate::commands::fields::ToCell;
use crate::commands::operation::running::RunningOperation;
use crate::commands::{attention, pd};
use crate::health::Finding;
use crate::output::{Cell, Tone, human};

/// A paragraph of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Paragraph {
    /// The title of what follows.
    Title(String),
    /// A value with its name.
    Field(String, Cell),
    /// Sentences.
    Prose(String),
    /// Sentences that are good or bad news.
    Judged(String, Tone),
    /// A command to type.
    Command(String),
    /// An empty line.
    Gap,
}

use Paragraph::{Command, Field, Gap, Judged, Prose, Title};

/// What is chosen, with its name in front; `None` where nothing is.
pub(super) fn of(state: &State) -> Option<(String, Vec<Paragraph>)> {
    let picture = state.picture.as_ref()?;
    match state.pane {
        Pane::Findings => state.finding().map(|it| of_finding(state, picture, it)),
        Pane::Drives => state.drive().map(|it| of_drive(state, it)),
        Pane::Operations => state.operation().map(|it| of_operation(state, picture, it)),
        Pane::Events => {
            let shown = state.tail.shown.get(state.index(Pane::Events))?;
            Some(of_event(picture, shown))
        }
    }
}

fn command(state: &State, command: &str) -> Paragraph {
    Command(at_source(command, &state.settings.source_flags))
}

fn of_finding(state: &State, picture: &Picture, finding: &Finding) -> (String, Vec<Paragraph>) {
    let object = qualified(
        picture.several,
        finding.controller,
        &finding.object.to_string(),
    );
    let severity = finding.severity;
    let reason = format!("{}: {}", severity.token(), finding.reason);
    let mut paragraphs = vec![
        Judged(reason, attention::tone(severity)),
        Gap,
        Title("what it means".to_owned()),
        Prose(finding.code.meaning().to_owned()),
        Title("what to do".to_owned()),
        Prose(finding.code.action().to_owned()),
        Title("next".to_owned()),
        command(state, &finding.next),
    ];
    let explain = format!("ironkeep explain {}", finding.code.name());
    if finding.next != explain {
        paragraphs.push(Command(explain));
    }
    (object, paragraphs)
}

fn of_drive(state: &State, drive: &Drive) -> (String, Vec<Paragraph>) {
    let mut paragraphs: Vec<Paragraph> = drive
        .findings
        .iter()
        .map(|it| {
            let words = format!("{}: {}", it.severity.token(), it.reason);
            Judged(words, attention::tone(it.severity))
        })
        .collect();
    let sections = pd::record::foremost(&drive.known, drive.controller)
        .into_iter()
        .chain(pd::record::others(&drive.known));
    for (title, fields) in sections {
        let fields = fields.into_iter().filter(|(_, cell)| *cell != Cell::Absent);
        let fields: Vec<_> = fields
            .map(|(name, cell)| Field(name.to_owned(), cell))
            .collect();
        if !fields.is_empty() {
            paragraphs.push(Title(title.to_owned()));
            paragraphs.extend(fields);
        }
    }
    paragraphs.push(Title("what pulling it would cost".to_owned()));
    paragraphs.push(command(state, &format!("ironkeep pd show {}", drive.name)));
    (format!("pd {}", drive.name), paragraphs)
}

fn of_operation(
    state: &State,
    picture: &Picture,
    operation: &RunningOperation,
) -> (String, Vec<Paragraph>) {
    let name = picture.operation_name(operation);
    let remaining = state.progress.remaining(&name, picture.taken);
    let remaining = remaining.map_or_else(
        || "unknown until it was seen to advance".to_owned(),
        |left| format!("about {}", human::duration(left)),
    );
    let mut paragraphs = vec![
        Field("Operation".to_owned(), operation.kind.to_cell()),
        Field("Done".to_owned(), operation.percent.into()),
        Field(
            "Elapsed, says the tool".to_owned(),
            operation.elapsed_minutes.into(),
        ),
        Field("Remaining".to_owned(), remaining.into()),
    ];
    paragraphs.push(Gap);
    paragraphs.push(Prose(
        "The remaining time is an estimate from the percentages that were seen while this view ran. \
         Other work on the drives changes it."
            .to_owned(),
    ));
    paragraphs.push(Title("next".to_owned()));
    paragraphs.push(command(state, "ironkeep operation list"));
    (name, paragraphs)
}

fn of_event(picture: &Picture, shown: &Shown) -> (String, Vec<Paragraph>) {
    let event = match &shown.what {
        What::Event(event) => event,
        What::Notice(words) => {
            let name = qualified(picture.several, shown.controller, "event log");
            return (name, vec![Prose(words.clone())]);
        }
    };
    let number = event.sequence.map(|number| format!("event {number}"));
    let name = qualified(
        picture.several,
        shown.controller,
        &number.unwrap_or_else(|| "event".to_owned()),
    );
    let paragraphs = vec![
        Field("Time".to_owned(), event.time.map(columns::time).into()),
        Field("Class".to_owned(), event.class.map(columns::class).into()),
        Field(
            "Code".to_owned(),
            event.code.map(|code| format!("0x{code:04x}")).into(),
        ),
        Field("Description".to_owned(), event.description.as_ref().into()),
        Field("Data".to_owned(), columns::data(&event.data)),
    ];
    (name, paragraphs)
}
