//! The outputs of a capture, as they are listed.

use ironkeep_parsers::units::Bytes;
use serde::Serialize;

use crate::backend::record::{Planned, Recorded, State};
use crate::output::{Align, Cell, Column, Tabular, Tone};

/// One output.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub(super) struct Row {
    /// The name of its file, without `.txt`.
    file: String,
    /// The arguments of the command; empty where nobody knows them.
    arguments: String,
    /// How much of it was recorded.
    pub(super) state: RowState,
    /// The exit status; absent where the process did not end by itself.
    exit_status: Option<u8>,
    /// How long the command ran.
    #[serde(rename = "elapsed_seconds")]
    seconds: Option<f64>,
    /// How large the output is, with the file that the command wrote.
    #[serde(rename = "size_bytes")]
    size: Option<Bytes>,
    /// What went wrong; with `--dry-run`, on what it depends whether the command is run.
    pub(super) note: Option<String>,
}

/// How much of an output was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RowState {
    /// It would be recorded.
    Planned,
    /// All of it.
    Recorded,
    /// What was printed before the command crashed or was killed.
    Partial,
    /// The command printed nothing.
    Failed,
    /// The command was not run.
    NotRun,
}

impl Row {
    pub(super) fn of_plan(planned: Planned) -> Self {
        Self {
            file: planned.name,
            arguments: planned.arguments,
            state: RowState::Planned,
            exit_status: None,
            seconds: None,
            size: None,
            note: planned.when.map(|when| format!("where {when}")),
        }
    }

    pub(super) fn of(recorded: &Recorded) -> Self {
        let size = recorded.output.len() + recorded.events.as_ref().map_or(0, Vec::len);
        Self {
            file: recorded.name.clone(),
            arguments: recorded.arguments.clone(),
            state: match recorded.state {
                State::Whole => RowState::Recorded,
                State::Partial => RowState::Partial,
                State::Failed => RowState::Failed,
                State::NotRun => RowState::NotRun,
            },
            exit_status: recorded.exit_status,
            seconds: recorded.seconds,
            size: u64::try_from(size).ok().map(Bytes),
            note: recorded.note.clone(),
        }
    }
}

impl RowState {
    fn cell(self) -> Cell {
        let (shown, token, tone) = match self {
            Self::Planned => ("planned", "planned", Tone::Neutral),
            Self::Recorded => ("recorded", "recorded", Tone::Good),
            Self::Partial => ("cut off", "partial", Tone::Warn),
            Self::Failed => ("failed", "failed", Tone::Bad),
            Self::NotRun => ("not run", "not_run", Tone::Warn),
        };
        Cell::state(shown, token, tone)
    }
}

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        // Every command gets `-NoLog`: in a column of all of them it says nothing.
        Column::new("command", "COMMAND", Align::Prose, |row| {
            let command = row.arguments.trim_end_matches(" -NoLog");
            (!command.is_empty()).then(|| command.to_owned()).into()
        }),
        Column::new("note", "NOTE", Align::Prose, |row| row.note.clone().into()),
        Column::new("state", "STATE", Align::Left, |row| row.state.cell()),
        Column::on_request("file", "FILE", Align::Left, |row| row.file.clone().into()),
        Column::on_request("exit_status", "EXIT STATUS", Align::Right, |row| {
            row.exit_status.map(u32::from).into()
        }),
        Column::on_request("elapsed", "ELAPSED", Align::Right, |row| {
            match row.seconds {
                Some(seconds) => Cell::quantity(seconds, format!("{seconds:.1} s")),
                None => Cell::Absent,
            }
        }),
        Column::on_request("size", "SIZE", Align::Right, |row| {
            row.size.map_or(Cell::Absent, Cell::Size)
        }),
    ];
}
