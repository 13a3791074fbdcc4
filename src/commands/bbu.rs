//! `bbu`: the battery or supercapacitor that keeps the write cache when the power fails.

pub(super) mod act;
mod record;

use clap::Subcommand;
use ironkeep_parsers::model::{CacheProtection, ControllerId};

use super::attention::Attention;
use super::fields::ToCell;
use super::parts::{self, OfController};
use super::{Provenance, Run};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::explain::Subject;
use crate::explain::words::word;
use crate::health::{self, Finding, Object};
use crate::output::{self, Align, CONTROLLER, Cell, Column, Envelope, Format, Tabular};
use crate::reading::{Part, Reading};

/// Show and set the battery or supercapacitor of the write cache
///
/// A learn cycle is no fault: the controller discharges and charges the battery to measure it.
/// Meanwhile it may write without its cache, which is slower.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the battery or supercapacitor of each controller
    List,
    /// Show everything about the battery or supercapacitor of a controller
    Show {
        /// The controller's number (needed only where there are several)
        number: Option<u32>,
    },
    Learn(act::Learn),
    Set(act::Set),
    Schedule(act::Schedule),
}

// The controller's own word on whether there is a battery answers where the battery's output is
// missing.
const NEEDED: &[Part] = &[Part::Controllers, Part::CacheProtection];

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        match self.verb {
            Verb::Learn(arguments) => return arguments.run(context),
            Verb::Set(arguments) => return arguments.run(context),
            Verb::Schedule(arguments) => return arguments.run(context),
            Verb::List => list(context)?,
            Verb::Show { number } => show(context, number)?,
        }
        Ok(Code::Done)
    }
}

/// A battery or supercapacitor and what there is to say about it.
pub(crate) struct Row {
    data: OfController<CacheProtection>,
    attention: Attention,
}

impl Row {
    /// Of a battery about which `findings` may say something.
    pub(crate) fn new(
        findings: &[Finding],
        controller: Option<ControllerId>,
        protection: &CacheProtection,
    ) -> Self {
        Self {
            attention: Attention::to(findings, controller, &Object::CacheProtection),
            data: OfController {
                controller,
                value: protection.clone(),
            },
        }
    }
}

fn judge(context: &Context<'_>, reading: &Reading) -> Vec<Finding> {
    health::judge(reading, &context.session.config().health)
}

fn list(context: &mut Context<'_>) -> Result<(), Failure> {
    output::check_request::<Row>(&context.output)?;
    let reading = context.read(NEEDED)?;
    let found = parts::of(context, &reading, Part::CacheProtection, |controller| {
        controller.cache_protection.as_ref()
    })?;
    let findings = judge(context, &reading);
    let mut rows = Vec::new();
    for (controller, protection) in found {
        match protection {
            Some(protection) => rows.push(Row::new(&findings, controller.id, protection)),
            None => say_none(context, controller.id)?,
        }
    }
    let data: Vec<_> = rows.iter().map(|row| &row.data).collect();
    let envelope = Envelope::new("bbu list", &data).with(Provenance::of(&reading));
    if context.output.format == Format::Table && rows.is_empty() {
        // The sentences have been said, one for each controller.
        return Ok(());
    }
    output::print_list_as(context, &envelope, &rows, "")
}

fn show(context: &mut Context<'_>, number: Option<u32>) -> Result<(), Failure> {
    let reading = parts::only(context.read(NEEDED)?, number)?;
    let (controller, protection) =
        parts::of_one(context, &reading, Part::CacheProtection, |controller| {
            controller.cache_protection.as_ref()
        })?;
    let Some(protection) = protection else {
        say_none(context, controller.id)?;
        let nothing = None::<OfController<CacheProtection>>;
        let envelope = Envelope::new("bbu show", &nothing).with(Provenance::of(&reading));
        return output::print_record(context, &envelope, &[]);
    };
    let findings = judge(context, &reading);
    let row = Row::new(&findings, controller.id, protection);
    let envelope = Envelope::new("bbu show", &row.data).with(Provenance::of(&reading));
    output::print_record(context, &envelope, &record::sections(&row))
}

fn say_none(context: &mut Context<'_>, controller: Option<ControllerId>) -> Result<(), Failure> {
    let controller = match controller {
        Some(id) => format!("Controller {id}"),
        None => "The controller".to_owned(),
    };
    let words = format!("{controller} has no battery and no supercapacitor.");
    context.say("", &words)
}

/// The state as the tool calls it.
fn state(row: &Row) -> Cell {
    match &row.data.value.state {
        Some(state) => Cell::state(state.as_str(), state.token(), row.attention.tone()),
        None => Cell::Absent,
    }
}

/// The state in a sentence: what it means for the cache.
fn sentence(row: &Row) -> Cell {
    let Some(state) = &row.data.value.state else {
        let words = if row.attention.reasons.is_empty() {
            "The tool prints no state, and nothing else complains."
        } else {
            "The tool prints no state; see the notes."
        };
        return words.into();
    };
    match word(Subject::CacheProtection, state.token()) {
        Some(word) => word.meaning.into(),
        None => format!("The tool calls it {state}, which is not known here.").into(),
    }
}

/// How full it is: of what it can hold at present.
fn charge(protection: &CacheProtection) -> Cell {
    let capacity = protection.capacity.as_ref();
    let gauge = protection.gas_gauge.as_ref();
    capacity
        .and_then(|capacity| capacity.relative_charge)
        .or_else(|| gauge.and_then(|gauge| gauge.relative_charge))
        .into()
}

/// What it can hold at present: charge of a battery, energy of a supercapacitor.
fn full(protection: &CacheProtection) -> Cell {
    let capacity = protection.capacity.as_ref();
    let gauge = protection.gas_gauge.as_ref();
    let charge = capacity
        .and_then(|capacity| capacity.full_charge_capacity)
        .or_else(|| gauge.and_then(|gauge| gauge.full_charge_capacity));
    match charge {
        Some(charge) => charge.into(),
        None => gauge.and_then(|gauge| gauge.pack_energy).into(),
    }
}

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.data.controller.map(|id| id.0).into()
        }),
        Column::new("kind", "KIND", Align::Left, |row| {
            row.data.value.kind.to_cell()
        }),
        Column::new("state", "STATE", Align::Left, state),
        Column::new("notes", "NOTES", Align::Prose, |row| row.attention.cell()),
        Column::new("charge", "CHARGE", Align::Right, |row| {
            charge(&row.data.value)
        }),
        Column::new("temperature", "TEMP", Align::Right, |row| {
            row.data.value.temperature.into()
        }),
        Column::new("capacity", "CAPACITY", Align::Right, |row| {
            full(&row.data.value)
        }),
        Column::new("voltage", "VOLTAGE", Align::Right, |row| {
            row.data.value.voltage.into()
        }),
        Column::new("current", "CURRENT", Align::Right, |row| {
            row.data.value.current.into()
        }),
        Column::new("next_learn", "NEXT LEARN", Align::Left, |row| {
            let learn = row.data.value.learn.as_ref();
            learn.and_then(|learn| learn.next).to_cell()
        }),
        Column::on_request("meaning", "MEANING", Align::Prose, sentence),
    ];
}

#[cfg(test)]
mod tests {
    use ironkeep_parsers::model::{BatteryState, GasGauge};
    use ironkeep_parsers::units::{Joules, Percent};

    use super::*;
    use crate::output::tests::check_columns;

    fn row(state: Option<BatteryState>) -> Row {
        Row {
            data: OfController {
                controller: None,
                value: CacheProtection {
                    state,
                    ..CacheProtection::default()
                },
            },
            attention: Attention::default(),
        }
    }

    #[test]
    fn columns_are_well_named() {
        check_columns::<Row>();
    }

    #[test]
    fn every_known_state_has_a_sentence() {
        for state in BatteryState::KNOWN {
            let cell = sentence(&row(Some(state.clone())));
            assert!(!cell.shown().contains("not known here"), "{state}");
        }
        let odd = sentence(&row(Some(BatteryState::Other("Odd".to_owned()))));
        assert_eq!(
            odd.shown(),
            "The tool calls it Odd, which is not known here."
        );
    }

    #[test]
    fn a_supercapacitor_has_its_figures_elsewhere() {
        let protection = CacheProtection {
            gas_gauge: Some(GasGauge {
                relative_charge: Some(Percent(97)),
                pack_energy: Some(Joules(306)),
                ..GasGauge::default()
            }),
            ..CacheProtection::default()
        };
        assert_eq!(charge(&protection).shown(), "97 %");
        assert_eq!(full(&protection).shown(), "306 J");
        assert_eq!(full(&CacheProtection::default()), Cell::Absent);
    }
}
