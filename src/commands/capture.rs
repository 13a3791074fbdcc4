//! `capture`: every output of a host, for a support case or to look at elsewhere.

mod host;
mod redacted;
mod row;

use std::path::PathBuf;

use serde::Serialize;

use super::Run;
use row::{Row, RowState};

use crate::archive;
use crate::archive::index::{self, Entry};
use crate::archive::write::{Target, Writer};
use crate::backend::record::{Recorded, State};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::output::{self, Envelope, Format, escape};

/// Record what MegaCLI says of this host, for a support case or elsewhere
///
/// Runs every reading command that ironkeep knows, and none that changes anything, one after the other;
/// this can take some minutes. Each output becomes a file, byte for byte, with a table of the commands
/// and how they ended (commands.tsv), and what the operating system knows of the controllers, of itself
/// and of the server's make (host.json). A command that fails or hangs is recorded as such, and the others follow; after three in
/// a row that hang, the rest is left. The files are readable for their owner only. While a folder has a
/// file INCOMPLETE in it, the capture was not finished.
///
/// `ironkeep --replay DIR-OR-FILE health` reads a capture. Together with --replay, `capture` takes over
/// the outputs of another capture, which it can redact.
///
/// --redact replaces serial numbers, SAS addresses, WWNs, GUIDs and host names by others of the same
/// length, the same ones everywhere, so that the capture reads as before. It knows them by what the
/// outputs say around them, not by what they mean: it cannot know what people typed. Names of virtual
/// drives are kept, and so are models, firmware versions, slots, times, and what log files say in free
/// text; a host name that is an ordinary word is kept in running text. Values of fewer than three
/// characters are kept too. Look through it before you give it away.
///
/// Exit status: 0 everything was recorded, 4 only a part, 1 nothing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to: a folder that is new or empty, or a new file ending in .tar.gz
    #[arg(value_name = "DIR|FILE.tar.gz", required_unless_present = "dry_run")]
    target: Option<PathBuf>,

    /// Replace serial numbers, SAS addresses, WWNs and host names by pseudonyms
    #[arg(long)]
    redact: bool,

    /// List what would be run, and run nothing
    #[arg(long)]
    dry_run: bool,
}

/// The JSON form.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct Capture {
    /// Where it is; absent with `--dry-run`.
    path: Option<String>,
    /// Whether what identifies the host was replaced by pseudonyms.
    redacted: bool,
    /// The outputs, in the order in which they were recorded.
    outputs: Vec<Row>,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<Row>(&context.output)?;
        let target = self.target.map(Target::new);
        if let Some(target) = &target {
            target.check()?;
        }
        let planned = context.session.whole_source()?.planned();
        let Some(target) = target.filter(|_| !self.dry_run) else {
            let rows: Vec<Row> = planned.into_iter().map(Row::of_plan).collect();
            print(context, None, false, rows)?;
            return Ok(Code::Done);
        };
        let is_live = context.session.whole_source()?.is_live();
        if is_live {
            let count = planned.iter().filter(|it| it.when.is_none()).count();
            writeln!(
                context.stderr,
                "recording {count} outputs of MegaCLI; this can take some minutes"
            )?;
        }
        let rows = if self.redact {
            record_redacted(context, &target)?
        } else {
            record(context, &target)?
        };
        leave_out(context)?;
        summarise(context, &target, self.redact, rows)
    }
}

/// Records, and writes each output as soon as it is there.
fn record(context: &mut Context<'_>, target: &Target) -> Result<Vec<Row>, Failure> {
    let time = u64::try_from(context.now.as_second()).unwrap_or_default();
    let mut writer = None;
    let mut table = Vec::new();
    let mut rows = Vec::new();
    let recorded = each(context, &mut |recorded| {
        // Nothing is made before there is something to write.
        let writer = match &mut writer {
            Some(writer) => writer,
            None => writer.insert(Writer::create(target, time)?),
        };
        write_output(writer, &recorded)?;
        rows.push(Row::of(&recorded));
        table.push(entry(&recorded));
        Ok(())
    });
    match (recorded, writer) {
        (Ok(()), writer) => {
            let mut writer = match writer {
                Some(writer) => writer,
                None => Writer::create(target, time)?,
            };
            if let Some(host) = host::of(context)? {
                writer.add(archive::HOST, &host)?;
            }
            writer.add(index::NAME, index::render(&table).as_bytes())?;
            writer.finish()?;
            Ok(rows)
        }
        (Err(failure), Some(_)) if matches!(target, Target::Folder(_)) => {
            let path = target.path().display();
            Err(failure.hint(format!(
                "{path} keeps what was recorded, marked as INCOMPLETE"
            )))
        }
        (Err(failure), _) => Err(failure),
    }
}

/// Records everything first: what identifies the host is known at the end, and nothing that was not
/// redacted may reach the disk.
fn record_redacted(context: &mut Context<'_>, target: &Target) -> Result<Vec<Row>, Failure> {
    let time = u64::try_from(context.now.as_second()).unwrap_or_default();
    let mut all = Vec::new();
    each(context, &mut |recorded| {
        all.push(recorded);
        Ok(())
    })?;
    let host = host::of(context)?;
    let name = host::name(context)?;
    let (all, host) = redacted::redacted(all, host.as_deref(), name)?;
    let mut writer = Writer::create(target, time)?;
    for recorded in &all {
        write_output(&mut writer, recorded)?;
    }
    if let Some(host) = host {
        writer.add(archive::HOST, &host)?;
    }
    let table: Vec<Entry> = all.iter().map(entry).collect();
    writer.add(index::NAME, index::render(&table).as_bytes())?;
    writer.finish()?;
    Ok(all.iter().map(Row::of).collect())
}

/// Hands every output to `keep`; with `--verbose`, says on standard error which.
fn each(
    context: &mut Context<'_>,
    keep: &mut dyn FnMut(Recorded) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let Context {
        stderr,
        session,
        output,
        ..
    } = context;
    let is_verbose = session.is_verbose();
    session.whole_source()?.record(&mut |recorded| {
        if is_verbose {
            let end = recorded
                .note
                .clone()
                .unwrap_or_else(|| "recorded".to_owned());
            let line = format!("{}: {end}", recorded.arguments);
            writeln!(stderr, "{}", escape::terminal(&line, output.unicode))?;
        }
        keep(recorded)
    })
}

fn write_output(writer: &mut Writer, recorded: &Recorded) -> Result<(), Failure> {
    if recorded.state == State::NotRun {
        return Ok(());
    }
    writer.add(&format!("{}.txt", recorded.name), &recorded.output)?;
    match &recorded.events {
        Some(events) => writer.add(&format!("{}.events", recorded.name), events),
        None => Ok(()),
    }
}

fn entry(recorded: &Recorded) -> Entry {
    Entry {
        file: recorded.name.clone(),
        arguments: recorded.arguments.clone(),
        exit_status: recorded.exit_status,
        seconds: recorded.seconds,
        note: recorded.note.clone(),
    }
}

/// Says what of a replayed capture is not in the new one.
fn leave_out(context: &mut Context<'_>) -> Result<(), Failure> {
    let left_out = context.session.whole_source()?.left_out();
    let lines: Vec<String> = left_out
        .iter()
        .map(|place| format!("note: not taken over, no output of MegaCLI: {place}"))
        .collect();
    for line in lines {
        let line = escape::terminal(&line, context.output.unicode);
        writeln!(context.stderr, "{line}")?;
    }
    Ok(())
}

/// Says what was recorded and what was not.
fn summarise(
    context: &mut Context<'_>,
    target: &Target,
    redacted: bool,
    rows: Vec<Row>,
) -> Result<Code, Failure> {
    let path = target.path().display().to_string();
    let count = |state: RowState| rows.iter().filter(|row| row.state == state).count();
    let (all, whole, partial) = (
        rows.len(),
        count(RowState::Recorded),
        count(RowState::Partial),
    );
    if whole + partial == 0 {
        let cause = rows.iter().find_map(|row| row.note.clone());
        let cause = cause.unwrap_or_else(|| "there was nothing to record".to_owned());
        let failure = Failure::because(Kind::Hardware, "no output was recorded", cause);
        return Err(failure.hint(format!("how each command ended: {path}/{}", index::NAME)));
    }
    let is_table = context.output.format == Format::Table;
    if is_table {
        let adjective = if redacted { "redacted and " } else { "" };
        let cut = match partial {
            0 => String::new(),
            _ => format!(", {partial} of them cut off"),
        };
        let line = format!(
            "{} of {all} outputs {adjective}recorded in {path}{cut}",
            whole + partial
        );
        let line = escape::terminal(&line, context.output.unicode);
        writeln!(context.stdout, "{line}")?;
    }
    print(context, Some(path), redacted, rows)?;
    Ok(if whole == all {
        Code::Done
    } else {
        Code::Unhealthy
    })
}

/// Prints the outputs; in a table only those with which something is wrong, unless columns are asked
/// for.
fn print(
    context: &mut Context<'_>,
    path: Option<String>,
    redacted: bool,
    rows: Vec<Row>,
) -> Result<(), Failure> {
    let data = Capture {
        path,
        redacted,
        outputs: rows,
    };
    let envelope = Envelope::new("capture", &data);
    let is_table = context.output.format == Format::Table && context.output.columns.is_none();
    let troubled: Vec<Row> = data
        .outputs
        .iter()
        .filter(|row| row.state != RowState::Recorded)
        .cloned()
        .collect();
    if !is_table {
        output::print_list_as(context, &envelope, &data.outputs, "")
    } else if troubled.is_empty() {
        Ok(())
    } else {
        output::print_list_as(context, &envelope, &troubled, "")
    }
}
