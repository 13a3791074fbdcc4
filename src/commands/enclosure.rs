//! `enclosure`: enclosures and backplanes with their slots and sensors.

mod record;

use clap::Subcommand;
use ironkeep_parsers::model::{ControllerId, Enclosure, EnclosureStatus};

use super::attention::Attention;
use super::fields::ToCell;
use super::parts::{self, OfController};
use super::{Provenance, Run};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::health::{self, Finding, Object};
use crate::output::{self, Align, CONTROLLER, Cell, Column, Envelope, Section, Tabular, Tone};
use crate::reading::{Part, Reading};
use crate::selector::EnclosureSelector;

/// Show enclosures: slots, fans, power supplies, temperatures
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the enclosures and backplanes, with what is not well in them
    List,
    /// Show everything about one enclosure, sensor by sensor
    Show {
        /// Its device id: 252, c0/252 or /c0/e252 (needed only where there are several)
        enclosure: Option<EnclosureSelector>,
    },
}

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        if let Verb::List = self.verb {
            output::check_request::<Row>(&context.output)?;
        }
        let reading = context.read(&[Part::Enclosures])?;
        let rows = rows(context, &reading)?;
        match self.verb {
            Verb::List => list(context, &reading, &rows)?,
            Verb::Show { enclosure } => show(context, &reading, one(&rows, enclosure.as_ref())?)?,
        }
        Ok(Code::Done)
    }
}

/// An enclosure and what there is to say about it.
pub(crate) struct Row {
    data: OfController<Enclosure>,
    attention: Attention,
}

impl Row {
    /// Of an enclosure about which `findings` may say something.
    pub(crate) fn new(
        findings: &[Finding],
        controller: Option<ControllerId>,
        enclosure: &Enclosure,
    ) -> Self {
        let object = Object::Enclosure {
            enclosure: enclosure.id,
        };
        Self {
            attention: Attention::to(findings, controller, &object),
            data: OfController {
                controller,
                value: enclosure.clone(),
            },
        }
    }

    /// All that is known of it, in sections.
    pub(crate) fn sections(&self) -> Vec<Section> {
        record::sections(self)
    }
}

fn rows(context: &mut Context<'_>, reading: &Reading) -> Result<Vec<Row>, Failure> {
    let findings = health::judge(reading, &context.session.config().health);
    let found = parts::of(context, reading, Part::Enclosures, |controller| {
        controller.enclosures.as_ref()
    })?;
    Ok(found
        .into_iter()
        .flat_map(|(controller, enclosures)| enclosures.iter().map(move |it| (controller.id, it)))
        .map(|(controller, enclosure)| Row::new(&findings, controller, enclosure))
        .collect())
}

fn list(context: &mut Context<'_>, reading: &Reading, rows: &[Row]) -> Result<(), Failure> {
    let data: Vec<_> = rows.iter().map(|row| &row.data).collect();
    let envelope = Envelope::new("enclosure list", &data).with(Provenance::of(reading));
    output::print_list_as(context, &envelope, rows, "No enclosures.")
}

fn show(context: &mut Context<'_>, reading: &Reading, row: &Row) -> Result<(), Failure> {
    let envelope = Envelope::new("enclosure show", &row.data).with(Provenance::of(reading));
    output::print_record(context, &envelope, &record::sections(row))
}

/// The enclosure that `selector` names; without one, the only one there is.
fn one<'a>(rows: &'a [Row], selector: Option<&EnclosureSelector>) -> Result<&'a Row, Failure> {
    let named: Vec<&Row> = rows
        .iter()
        .filter(|row| {
            selector.is_none_or(|selector| {
                row.data.value.id == Some(selector.enclosure)
                    && (selector.controller.is_none() || selector.controller == row.data.controller)
            })
        })
        .collect();
    let words = match (named.as_slice(), selector) {
        ([row], _) => return Ok(row),
        ([], None) => "there are no enclosures".to_owned(),
        ([], Some(selector)) => format!(
            "there is no enclosure {}; there is {}",
            selector.enclosure,
            names(rows.iter())
        ),
        (several, _) => format!(
            "there are {} enclosures; name one: {}",
            several.len(),
            names(several.iter().copied())
        ),
    };
    Err(Failure::new(Kind::Usage, words).hint("look at them: ironkeep enclosure list"))
}

/// What to type for each: `252`, or `c0/252` where controllers are numbered.
fn names<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    let names: Vec<String> = rows
        .filter_map(|row| {
            let id = row.data.value.id?;
            Some(match row.data.controller {
                Some(controller) => format!("c{controller}/{id}"),
                None => id.to_string(),
            })
        })
        .collect();
    if names.is_empty() {
        "none with a device id".to_owned()
    } else {
        names.join(", ")
    }
}

/// The status of the enclosure as a whole.
fn status(row: &Row) -> Cell {
    let Some(status) = &row.data.value.status else {
        return Cell::Absent;
    };
    let tone = match status {
        EnclosureStatus::Other(_) => row.attention.tone().max(Tone::Warn),
        EnclosureStatus::Normal | EnclosureStatus::Fault | _ => row.attention.tone(),
    };
    Cell::state(status.as_str(), status.token(), tone)
}

/// The highest temperature that a sensor reports.
fn hottest(enclosure: &Enclosure) -> Cell {
    let sensors = enclosure.temperature_sensors.iter();
    sensors.filter_map(|sensor| sensor.temperature).max().into()
}

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.data.controller.map(|id| id.0).into()
        }),
        Column::new("enclosure", "ENCLOSURE", Align::Right, |row| {
            row.data.value.id.map(|id| id.0).into()
        }),
        Column::new("status", "STATUS", Align::Left, status),
        Column::new("slots_used", "USED", Align::Right, |row| {
            row.data.value.counts.physical_drives.to_cell()
        }),
        Column::new("slots", "SLOTS", Align::Right, |row| {
            row.data.value.counts.slots.to_cell()
        }),
        Column::new("model", "MODEL", Align::Left, |row| {
            row.data.value.model.to_cell()
        }),
        Column::new("temperature", "HOTTEST", Align::Right, |row| {
            hottest(&row.data.value)
        }),
        Column::new("notes", "NOTES", Align::Prose, |row| row.attention.cell()),
        Column::new("kind", "KIND", Align::Left, |row| {
            row.data.value.kind.to_cell()
        }),
        Column::new("connector", "CONNECTOR", Align::Left, |row| {
            row.data.value.connector.to_cell()
        }),
        Column::on_request("vendor", "VENDOR", Align::Left, |row| {
            row.data.value.vendor.to_cell()
        }),
        Column::on_request("serial", "SERIAL", Align::Left, |row| {
            row.data.value.serial.to_cell()
        }),
        Column::on_request("firmware", "FIRMWARE", Align::Left, |row| {
            row.data.value.firmware.to_cell()
        }),
        Column::on_request("index", "INDEX", Align::Right, |row| {
            row.data.value.index.into()
        }),
    ];
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::EnclosureId;

    use super::*;
    use crate::output::tests::check_columns;

    fn row(controller: u32, id: Option<u32>) -> Row {
        Row {
            data: OfController {
                controller: Some(ControllerId(controller)),
                value: Enclosure {
                    id: id.map(EnclosureId),
                    ..Enclosure::default()
                },
            },
            attention: Attention::default(),
        }
    }

    fn chosen(rows: &[Row], typed: Option<&str>) -> Result<(u32, Option<u32>), String> {
        let selector = typed.map(|typed| typed.parse().unwrap());
        match one(rows, selector.as_ref()) {
            Ok(row) => Ok((
                row.data.controller.unwrap().0,
                row.data.value.id.map(|id| id.0),
            )),
            Err(failure) => Err(failure.chain().join(": ")),
        }
    }

    #[test]
    fn columns_are_well_named() {
        check_columns::<Row>();
    }

    #[test]
    fn an_enclosure_is_named_only_where_there_are_several() {
        assert_eq!(chosen(&[row(0, None)], None), Ok((0, None)));
        let rows = [row(0, Some(252)), row(1, Some(252)), row(1, Some(32))];
        assert_eq!(chosen(&rows, Some("32")), Ok((1, Some(32))));
        assert_eq!(chosen(&rows, Some("c1/252")), Ok((1, Some(252))));
        assert_eq!(
            chosen(&rows, Some("252")),
            Err("there are 2 enclosures; name one: c0/252, c1/252".to_owned())
        );
        assert_eq!(
            chosen(&rows, Some("c0/32")),
            Err("there is no enclosure 32; there is c0/252, c1/252, c1/32".to_owned())
        );
        assert_eq!(chosen(&[], None), Err("there are no enclosures".to_owned()));
    }
}
