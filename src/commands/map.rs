//! `map`: the bays of each enclosure as they sit in the rack.

pub(crate) mod bays;
pub(crate) mod words;

use std::num::NonZeroU32;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use ironkeep_parsers::model::{ControllerId, DriveAddress, EnclosureId, PhysicalDrive};

use super::fields::ToCell;
use super::join::Join;
use super::resolve::{Found, Resolver};
use super::{Provenance, Run, cells, parts};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::health;
use crate::map::layout::{Numbering, Start, Wish};
use crate::map::{Bay, Drive, Frame};
use crate::membership;
use crate::output::{self, Align, CONTROLLER, Cell, Column, Envelope, Tabular, Tone};
use crate::reading::{Part, Reading};
use crate::selector::{DriveName, DriveSelector, EnclosureSelector};

/// Draw the bays of each enclosure, and mark the bay of a drive
///
/// Each bay shows its number, the state of its drive as a symbol, the virtual drives (vd) and the
/// drive group (dg) that the drive belongs to, and its serial number where there is room. A drive that
/// is named is marked, with its place, its neighbours and what pulling it would cost.
///
/// Bays are drawn in the order in which the enclosure numbers them. How they really lie MegaCLI does
/// not tell: the layout is assumed from their number, unless --rows, --numbering and --from or the
/// configuration say it. Compare with the labels before pulling a drive. Nor does MegaCLI tell which
/// LEDs are lit, so the map does not show them.
///
/// With --columns or --sort the bays are listed as a table.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Mark these drives: 252:4, c0/252:4, sn=SERIAL, wwn=WWN, id=DEVICE-ID, /dev/sdX
    ///
    /// Only the enclosures that they are in are drawn.
    #[arg(value_name = "DRIVE")]
    drives: Vec<DriveSelector>,

    /// Draw this enclosure only (252, c0/252)
    #[arg(long, value_name = "ENCLOSURE")]
    enclosure: Option<EnclosureSelector>,

    /// The bays lie in this many rows
    #[arg(long, value_name = "NUMBER", value_parser = number_of_rows)]
    rows: Option<NonZeroU32>,

    /// The bays are numbered row by row, or column by column (default across)
    #[arg(long, value_name = "DIRECTION", value_parser = names::<Numbering>(Numbering::NAMES))]
    numbering: Option<Numbering>,

    /// The numbers begin in this row (default top)
    #[arg(long, value_name = "ROW", value_parser = names::<Start>(Start::NAMES))]
    from: Option<Start>,
}

fn number_of_rows(text: &str) -> Result<NonZeroU32, String> {
    let number = text.parse();
    number.map_err(|_| "expected a number of rows, from 1".to_owned())
}

/// Reads one of `names`.
fn names<T>(names: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: std::str::FromStr<Err = String> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(names).try_map(|name| name.parse::<T>())
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        output::check_request::<Row>(&context.output)?;
        let mut reading = context.read(&[
            Part::PhysicalDrives,
            Part::Enclosures,
            Part::VirtualDrives,
            Part::MissingDrives,
        ])?;
        let names_device = self
            .drives
            .iter()
            .any(|drive| matches!(drive.name, DriveName::BlockDevice(_)));
        let join = Join::read(context, &mut reading, |_| names_device)?;
        mention(context, &reading)?;
        let resolver = Resolver::new(&reading, &join);
        let named = self
            .drives
            .iter()
            .map(|drive| resolver.drive(drive))
            .collect::<Result<Vec<_>, _>>()?;
        let config = context.session.config();
        let findings = health::judge(&reading, &config.health);
        let map = bays::of(&reading, &findings, &config.map, self.wish(), &named);
        for words in &map.notes {
            parts::note(context, words)?;
        }
        let frames = self.chosen(map.frames)?;
        let rows: Vec<Row> = frames.iter().flat_map(rows).collect();
        let page = words::Page {
            frames: &frames,
            reading: &reading,
            named: &named,
            is_whole: self.drives.is_empty() && self.enclosure.is_none(),
            with_controller: context.session.controllers_on_host() > 1,
        };
        let envelope = Envelope::new("map", &frames).with(Provenance::of(&reading));
        let nothing = "No bays, and no physical drives.";
        output::print_drawing(context, &envelope, &rows, nothing, |settings| {
            page.draw(settings)
        })?;
        Ok(Code::Done)
    }
}

impl Args {
    fn wish(&self) -> Wish {
        Wish {
            rows: self.rows,
            numbering: self.numbering,
            from: self.from,
        }
    }

    /// The frames that were asked for.
    fn chosen(&self, mut frames: Vec<Frame>) -> Result<Vec<Frame>, Failure> {
        if !self.drives.is_empty() {
            frames.retain(|frame| frame.bays.iter().any(|bay| bay.named));
        }
        let Some(wanted) = &self.enclosure else {
            return Ok(frames);
        };
        let there: Vec<String> = frames
            .iter()
            .filter_map(|frame| Some(frame.enclosure?.to_string()))
            .collect();
        frames.retain(|frame| wanted.is(frame.controller, frame.enclosure));
        if frames.is_empty() {
            let number = wanted.enclosure;
            let words = if self.drives.is_empty() {
                format!(
                    "there is no enclosure {number}; there is {}",
                    cells::list(&there, "none")
                )
            } else {
                format!("none of the drives that were named is in enclosure {number}")
            };
            return Err(
                Failure::new(Kind::Usage, words).hint("all of them: ironkeep enclosure list")
            );
        }
        Ok(frames)
    }
}

/// Says what was not read in full.
///
/// # Errors
/// If neither drives nor enclosures were read of any controller.
fn mention(context: &mut Context<'_>, reading: &Reading) -> Result<(), Failure> {
    let mut controllers = reading.controllers.iter();
    if controllers.any(|it| it.enclosures.is_some()) {
        parts::mention(context, reading, Part::PhysicalDrives)?;
    } else {
        parts::of(context, reading, Part::PhysicalDrives, |controller| {
            controller.physical_drives.as_ref()
        })?;
    }
    parts::mention(context, reading, Part::Enclosures)?;
    parts::mention(context, reading, Part::VirtualDrives)?;
    if !reading.controllers.iter().all(membership::is_known) {
        parts::mention(context, reading, Part::MissingDrives)?;
    }
    Ok(())
}

/// Whether a drive is among those that were named.
fn is_named(named: &[Found<'_, PhysicalDrive>], drive: &PhysicalDrive) -> bool {
    named.iter().any(|found| std::ptr::eq(found.value, drive))
}

/// A bay in a list.
struct Row {
    controller: Option<ControllerId>,
    enclosure: Option<EnclosureId>,
    bay: Bay,
}

fn rows(frame: &Frame) -> impl Iterator<Item = Row> {
    frame.bays.iter().map(|bay| Row {
        controller: frame.controller,
        enclosure: frame.enclosure,
        bay: bay.clone(),
    })
}

/// The state in the words of `pd list`, or what else is known of the bay.
fn state(bay: &Bay) -> Cell {
    match bay.drive() {
        Some(drive) => drive.state.to_cell(),
        None => Cell::state(bay.state(), bay.state(), bay.tone()),
    }
}

fn of_drive<T: Into<Cell>>(row: &Row, get: impl Fn(&Drive) -> T) -> Cell {
    row.bay
        .drive()
        .map_or(Cell::Absent, |drive| get(drive).into())
}

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("bay", "BAY", Align::Left, |row| {
            let address = DriveAddress {
                enclosure: row.enclosure,
                slot: row.bay.slot,
            };
            address.to_string().into()
        }),
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.controller.map(|id| id.0).into()
        }),
        Column::new("row", "ROW", Align::Right, |row| {
            row.bay.place.map(|place| place.row).into()
        }),
        Column::new("column", "COLUMN", Align::Right, |row| {
            row.bay.place.map(|place| place.column).into()
        }),
        Column::new("state", "STATE", Align::Left, |row| state(&row.bay)),
        Column::new("virtual_drives", "VD", Align::Left, |row| {
            of_drive(row, |drive| cells::targets(drive.virtual_drives.as_deref()))
        }),
        Column::new("position", "DG/SPAN/ARM", Align::Left, |row| {
            of_drive(row, |drive| drive.position.map(|at| at.to_string()))
        }),
        Column::new("serial", "SERIAL", Align::Left, |row| {
            of_drive(row, |drive| drive.serial.clone())
        }),
        Column::new("model", "MODEL", Align::Left, |row| {
            of_drive(row, |drive| drive.model.clone())
        }),
        Column::new("size", "SIZE", Align::Right, |row| {
            of_drive(row, |drive| drive.size)
        }),
        Column::new("named", "NAMED", Align::Left, |row| {
            let named = if row.bay.named { "yes" } else { "no" };
            Cell::state(named, named, Tone::Neutral)
        }),
        Column::on_request("foreign", "FOREIGN", Align::Left, |row| {
            of_drive(row, |drive| {
                drive.foreign.map(|foreign| {
                    let word = if foreign { "yes" } else { "no" };
                    Cell::state(word, word, Tone::Neutral)
                })
            })
        }),
        Column::on_request("notes", "NOTES", Align::Prose, |row| {
            of_drive(row, |drive| drive.attention.join("; "))
        }),
    ];
}
