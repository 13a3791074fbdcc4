//! `mem dimm`: the memory modules of this host, and which of them fails.

use std::iter::{once, repeat};
use std::path::PathBuf;

use ironkeep_parsers::units::Bytes;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::place::Place;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::Run;
use crate::commands::cells::trouble;
use crate::commands::event::since::{Reference, Since};
use crate::dimm::{self, Evidence, Modules, Record, Recorded, Slot};
use crate::output::{self, Align, Cell, Column, Envelope, Format, NOTE, Tabular, Tone, human};

/// Show the memory modules, their errors, and how far the slot is certain
///
/// First how errors are watched: by a driver of the memory controller (EDAC), by the firmware, which
/// passes on what it likes, or by nobody; no errors and nobody who counts are two things. Then every slot
/// of the board with its module, and how its counters were joined to it, the surest first: the label that
/// somebody gave the driver, a file of labels for this board, the firmware's own name, the address of an
/// error, or a pattern in the names (probable). Counters that belong to no slot for certain are shown by
/// the driver's location, and no slot is guessed.
///
/// The driver's counters begin when it is loaded. Where rasdaemon records errors, its database says when
/// each came: --since chooses from when on.
///
/// Where no driver counts, the kernel's log is read for what the firmware told of memory errors. It needs
/// root, begins anew with the system, forgets its oldest messages, and leaves out errors that repeat: there
/// were at least as many.
///
/// The table of the board needs root. A slot is named as on the board; compare the serial number before a
/// module is pulled.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Recorded and logged errors since then: a date, a time, or a time span back (2d, 12h); all without it
    #[arg(long, value_name = "TIME")]
    since: Option<Since>,

    /// Another procfs than /proc; sysfs and the other folders are looked for beside it
    #[arg(long, value_name = "ROOT")]
    procfs: Option<PathBuf>,
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<Row>(&context.output)?;
        let zone = context.output.zone.find();
        let since = self
            .since
            .as_ref()
            .map(|since| limit(since, context.now, &zone));
        let place = Place::of(&context.session, self.procfs)?;
        let modules = dimm::read(&place.record(since, context.now));
        let is_table = context.output.format == Format::Table && context.output.columns.is_none();
        if is_table {
            for line in head(&modules) {
                say(context, "", &line)?;
            }
        }
        let rows = modules.slots.iter().map(|slot| Row {
            slot: slot.clone(),
            zone: zone.clone(),
        });
        let (rows, quiet): (Vec<Row>, Vec<Row>) =
            rows.partition(|row| !is_table || !is_quiet(&row.slot, &modules));
        let envelope = Envelope::new("mem dimm", &modules);
        output::print_list_as(context, &envelope, &rows, "No memory modules are known.")?;
        if is_table {
            if !quiet.is_empty() {
                let counters = human::count(quiet.len() as u64, "counter", "counters");
                let words = format!(
                    "not shown: {counters} without errors, of which slot is not known (--columns all)"
                );
                say(context, "", &words)?;
            }
            for lines in [recorded(&modules, &zone), logged(&modules, &zone)] {
                for (lead, line) in once("").chain(repeat("  ")).zip(lines) {
                    say(context, lead, &line)?;
                }
            }
        }
        if since.is_some() && modules.record.is_none() && modules.log.is_none() {
            let words = "rasdaemon recorded nothing here: --since has nothing to choose from";
            context.say(NOTE, words)?;
        }
        notes(context, &modules)?;
        Ok(Code::Done)
    }
}

/// The time that `since` means.
fn limit(since: &Since, now: Timestamp, zone: &TimeZone) -> Timestamp {
    let clock = Reference::Clock(now.to_zoned(zone.clone()).datetime());
    let limit = since
        .limit(Some(&clock))
        .and_then(|it| it.to_zoned(zone.clone()).ok());
    // What no calendar holds is long ago.
    limit.map_or(Timestamp::MIN, |it| it.timestamp())
}

/// A line on standard output, broken where the terminal is narrow.
fn say(context: &mut Context<'_>, lead: &str, line: &str) -> Result<(), Failure> {
    let line = output::escape::terminal(line, context.output.unicode);
    let line = output::fold(&line, lead.len(), lead.len() + 2, context.output.width);
    writeln!(context.stdout, "{lead}{line}")?;
    Ok(())
}

/// Whether a counter says nothing to somebody who looks for a module: no error, and no slot.
fn is_quiet(slot: &Slot, modules: &Modules) -> bool {
    let has_board = modules
        .slots
        .iter()
        .any(|it| it.evidence != Evidence::LocationOnly);
    let zero = slot.errors.corrected == Some(0) && slot.errors.uncorrected == Some(0);
    let mut told = [slot.recorded, slot.logged].into_iter().flatten();
    has_board
        && slot.evidence == Evidence::LocationOnly
        && zero
        && told.all(|it| it.corrected == 0 && it.uncorrected == 0)
}

/// What there is, and how it is watched.
fn head(modules: &Modules) -> Vec<String> {
    let there: Vec<&Slot> = modules
        .slots
        .iter()
        .filter(|it| it.populated == Some(true))
        .collect();
    let mut lines = Vec::new();
    if !there.is_empty() {
        let board = modules
            .board
            .as_ref()
            .map_or_else(String::new, |it| format!("{it}: "));
        let count = human::count(there.len() as u64, "module", "modules");
        let size = there.iter().filter_map(|it| it.size).sum();
        let size = human::bytes(Bytes(size));
        lines.push(format!("{board}{count}, {size}"));
    }
    lines.push(dimm::sentence(modules));
    if let Some(size) = modules.hardware_corrupted.filter(|it| *it > 0) {
        let size = human::bytes(Bytes(size));
        lines.push(format!(
            "the kernel took {size} of memory out of use, as it was faulty"
        ));
    }
    lines
}

/// What rasdaemon recorded, module by module, below a title.
fn recorded(modules: &Modules, zone: &TimeZone) -> Vec<String> {
    let record = modules.record.as_ref();
    record.map_or_else(Vec::new, |record| {
        let title = format!("recorded by rasdaemon{}", since(record, zone));
        told(&title, record, &modules.slots, |it| it.recorded, zone)
    })
}

/// What the firmware told the kernel's log, in the same way.
fn logged(modules: &Modules, zone: &TimeZone) -> Vec<String> {
    let Some(log) = &modules.log else {
        return Vec::new();
    };
    let is_short = match (log.record.since, log.begins) {
        (Some(since), Some(begins)) => begins > since,
        _ => true,
    };
    let gone = match log.begins {
        Some(begins) => format!(" (messages before {} are gone)", moment(begins, zone)),
        None => " (older messages are gone)".to_owned(),
    };
    let gone = if is_short && !log.whole { &gone } else { "" };
    let title = format!("logged by the kernel{}{gone}", since(&log.record, zone));
    told(&title, &log.record, &modules.slots, |it| it.logged, zone)
}

fn since(record: &Record, zone: &TimeZone) -> String {
    let since = record
        .since
        .map(|it| format!(" since {}", moment(it, zone)));
    since.unwrap_or_default()
}

/// The errors of slots, and of no slot, below a title.
fn told(
    title: &str,
    record: &Record,
    slots: &[Slot],
    of: fn(&Slot) -> Option<Recorded>,
    zone: &TimeZone,
) -> Vec<String> {
    let words = |name: &str, recorded: &Recorded| {
        let Recorded {
            corrected,
            uncorrected,
            first,
            last,
        } = *recorded;
        let span = match (first, last) {
            (Some(first), Some(last)) if first != last => {
                format!(" from {} to {}", moment(first, zone), moment(last, zone))
            }
            (_, Some(last)) => format!(" at {}", moment(last, zone)),
            (_, None) => String::new(),
        };
        format!("{name}: {corrected} corrected, {uncorrected} uncorrected{span}")
    };
    let mut lines = Vec::new();
    for slot in slots {
        let some = of(slot).filter(|it| it.corrected > 0 || it.uncorrected > 0);
        lines.extend(some.map(|it| words(slot.words(), &it)));
    }
    for errors in &record.elsewhere {
        let name = if errors.modules.is_empty() {
            format!("{}, slot not known", errors.place)
        } else {
            format!("{}, one of {}", errors.place, errors.modules.join(", "))
        };
        lines.push(words(&name, &errors.recorded));
    }
    let title = if lines.is_empty() {
        format!("{title}: nothing")
    } else {
        format!("{title}:")
    };
    lines.insert(0, title);
    lines
}

/// What could not be read, and what would bring it in.
fn notes(context: &mut Context<'_>, modules: &Modules) -> Result<(), Failure> {
    if context.output.format == Format::Json {
        return Ok(());
    }
    for note in &modules.unread {
        context.say(NOTE, note)?;
    }
    Ok(())
}

fn moment(time: Timestamp, zone: &TimeZone) -> String {
    time.to_zoned(zone.clone())
        .strftime("%Y-%m-%d %H:%M")
        .to_string()
}

/// A slot, and the zone in which its times are shown.
pub(super) struct Row {
    slot: Slot,
    zone: TimeZone,
}

impl Row {
    fn time(&self, time: Option<Timestamp>) -> Cell {
        time.map(|it| Cell::state(moment(it, &self.zone), it.to_string(), Tone::Neutral))
            .into()
    }
}

/// By what evidence, in a word or two.
fn evidence(evidence: Evidence) -> Cell {
    let (shown, token, tone) = match evidence {
        Evidence::DriverLabel => ("driver's label", "driver_label", Tone::Neutral),
        Evidence::LabelFile => ("label file", "label_file", Tone::Neutral),
        Evidence::FirmwareHandle => ("firmware", "firmware_handle", Tone::Neutral),
        Evidence::ErrorAddress => ("error address", "error_address", Tone::Neutral),
        Evidence::Pattern => ("probable", "pattern", Tone::Warn),
        Evidence::Board => ("no counter", "board", Tone::Neutral),
        Evidence::LocationOnly => ("slot not known", "location_only", Tone::Warn),
    };
    Cell::state(shown, token, tone)
}

fn size(slot: &Slot) -> Cell {
    match (slot.populated, slot.size) {
        (Some(false), _) => Cell::state("empty", "", Tone::Neutral),
        (_, size) => size.map(Bytes).into(),
    }
}

fn speed(slot: &Slot) -> Cell {
    let Some(runs) = slot.configured_mts else {
        return Cell::Absent;
    };
    let shown = match slot.rated_mts {
        Some(rated) if rated > runs => format!("{runs} of {rated} MT/s"),
        _ => format!("{runs} MT/s"),
    };
    Cell::quantity(runs, shown)
}

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("label", "LABEL", Align::Left, |row| row.slot.words().into()),
        Column::new("corrected", "CORRECTED", Align::Right, |row| {
            trouble(row.slot.errors.corrected.as_ref(), Tone::Warn)
        }),
        Column::new("uncorrected", "UNCORRECTED", Align::Right, |row| {
            trouble(row.slot.errors.uncorrected.as_ref(), Tone::Bad)
        }),
        Column::new("size", "SIZE", Align::Right, |row| size(&row.slot)),
        Column::new("evidence", "EVIDENCE", Align::Left, |row| {
            evidence(row.slot.evidence)
        }),
        Column::new("serial", "SERIAL", Align::Left, |row| {
            row.slot.serial.as_ref().into()
        }),
        Column::new("part", "PART", Align::Left, |row| {
            row.slot.part.as_ref().into()
        }),
        Column::new("speed", "SPEED", Align::Right, |row| speed(&row.slot)),
        Column::new("kind", "KIND", Align::Left, |row| {
            row.slot.kind.as_ref().into()
        }),
        Column::new("since", "SINCE", Align::Left, |row| {
            row.time(row.slot.errors.since)
        }),
        Column::on_request("location", "LOCATION", Align::Left, |row| {
            let locations = row.slot.locations.join(", ");
            Some(locations).filter(|it| !it.is_empty()).into()
        }),
        Column::on_request("bank", "BANK", Align::Left, |row| {
            row.slot.bank.as_ref().into()
        }),
        Column::on_request("populated", "POPULATED", Align::Left, |row| {
            row.slot.populated.into()
        }),
        Column::on_request("manufacturer", "MANUFACTURER", Align::Left, |row| {
            row.slot.manufacturer.as_ref().into()
        }),
        Column::on_request("rated", "RATED", Align::Right, |row| {
            row.slot
                .rated_mts
                .map(|it| Cell::quantity(it, format!("{it} MT/s")))
                .into()
        }),
        Column::on_request("ranks", "RANKS", Align::Right, |row| row.slot.ranks.into()),
        Column::on_request("ecc", "ECC", Align::Left, |row| row.slot.ecc.into()),
        Column::on_request("technology", "TECHNOLOGY", Align::Left, |row| {
            row.slot.technology.as_ref().into()
        }),
        Column::on_request(
            "recorded_corrected",
            "RECORDED CORRECTED",
            Align::Right,
            |row| {
                trouble(
                    row.slot.recorded.map(|it| it.corrected).as_ref(),
                    Tone::Warn,
                )
            },
        ),
        Column::on_request(
            "recorded_uncorrected",
            "RECORDED UNCORRECTED",
            Align::Right,
            |row| {
                trouble(
                    row.slot.recorded.map(|it| it.uncorrected).as_ref(),
                    Tone::Bad,
                )
            },
        ),
        Column::on_request("recorded_last", "RECORDED LAST", Align::Left, |row| {
            row.time(row.slot.recorded.and_then(|it| it.last))
        }),
        Column::on_request(
            "logged_corrected",
            "LOGGED CORRECTED",
            Align::Right,
            |row| trouble(row.slot.logged.map(|it| it.corrected).as_ref(), Tone::Warn),
        ),
        Column::on_request(
            "logged_uncorrected",
            "LOGGED UNCORRECTED",
            Align::Right,
            |row| trouble(row.slot.logged.map(|it| it.uncorrected).as_ref(), Tone::Bad),
        ),
        Column::on_request("logged_last", "LOGGED LAST", Align::Left, |row| {
            row.time(row.slot.logged.and_then(|it| it.last))
        }),
    ];
}
