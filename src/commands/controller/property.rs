//! `controller get` and `controller set`.

use ironkeep_parsers::model::ControllerId;
use serde::Serialize;

use crate::act::ConsentArgs;
use crate::change::PropertyChange;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::commands::{Provenance, Run, whole};
use crate::output::{self, Align, CONTROLLER, Cell, Column, Envelope, Tabular};
use crate::property::{Property, Setter, Unit, Value};
use crate::reading::{Controller, Part, Reading, Unread};

/// Show the properties of the controllers: rates, switches, limits
///
/// Without a name, shows all of them; what a controller does not have says so. A property may be named
/// by MegaCLI's own word, too: `RebuildRate`. Which values one takes: --columns property,values
#[derive(Debug, clap::Args)]
pub(super) struct Get {
    /// The properties: rebuild-rate, copyback, …
    #[arg(value_name = "PROPERTY", value_parser = named)]
    properties: Vec<Property>,
}

/// Set a property of a controller
///
/// What it is now, and what follows from the new value, is said first. The new value is read back.
/// Which properties there are, and which values they take:
/// ironkeep controller get --columns property,value,values,description
/// Example: ironkeep controller set rebuild-rate 30
#[derive(Debug, clap::Args)]
pub(super) struct Set {
    /// The property: rebuild-rate, copyback, …
    #[arg(value_parser = named)]
    property: Property,
    /// Its new value: on, off, a number, or a word of its own
    #[arg(allow_hyphen_values = true)]
    value: String,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// The property that somebody typed.
fn named(typed: &str) -> Result<Property, String> {
    Property::named(typed).ok_or_else(|| {
        let typed = typed.to_lowercase();
        let near = Property::ALL.iter().map(|it| it.facts().name);
        let near: Vec<&str> = near
            .filter(|name| {
                typed
                    .split('-')
                    .any(|word| word.len() > 2 && name.contains(word))
            })
            .take(5)
            .collect();
        if near.is_empty() {
            "no property has this name; all of them: ironkeep controller get".to_owned()
        } else {
            format!("no property has this name; there is {}", near.join(", "))
        }
    })
}

impl Run for Set {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let Self {
            property,
            value,
            consent,
        } = self;
        set(context, "controller set", property, &value, &consent)
    }
}

/// Sets a property to what somebody typed.
pub(super) fn set(
    context: &mut Context<'_>,
    command: &str,
    property: Property,
    typed: &str,
    consent: &ConsentArgs,
) -> Result<Code, Failure> {
    let value = property.facts().kind.read(typed).map_err(|why| {
        let words = format!("{typed} is no value of {property}: {why}");
        Failure::new(Kind::Usage, words).hint(format!(
            "what it is now: ironkeep controller get {property}"
        ))
    })?;
    whole::carry_out(context, command, consent, |controller| {
        let change = PropertyChange {
            controller,
            property,
            value,
        };
        vec![change.into()]
    })
}

impl Run for Get {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        get(context, "controller get", &self.properties)
    }
}

/// Shows `properties`; all, if there are none.
pub(super) fn get(
    context: &mut Context<'_>,
    command: &str,
    properties: &[Property],
) -> Result<Code, Failure> {
    output::check_request::<PropertyRow>(&context.output)?;
    let wanted = if properties.is_empty() {
        Property::ALL
    } else {
        properties
    };
    let mut reading = context.read(&[Part::Controllers])?;
    // One answer has many of them; only for the others does one have to ask for each.
    let is_open = |property: &Property| {
        reading
            .controllers
            .iter()
            .any(|it| property.of(it).is_none())
    };
    let open = wanted.iter().filter(|it| is_open(it));
    let mut parts: Vec<Part> = open.flat_map(|it| it.parts()).copied().collect();
    parts.sort_unstable();
    parts.dedup();
    if !parts.is_empty() {
        // With the controllers themselves: of what they lack, the answer names none.
        parts.insert(0, Part::Controllers);
        context.read_more(&mut reading, &parts)?;
    }
    let rows = rows(&reading, wanted);
    let envelope = Envelope::new(command, &rows).with(Provenance::of(&reading));
    output::print_list_as(context, &envelope, &rows, "No properties.")?;
    let is_named = !properties.is_empty();
    if let (true, Some(row)) = (
        is_named && rows.iter().all(|it| it.value.is_none()),
        rows.first(),
    ) {
        let words = format!("could not read {}", row.property);
        let why = row.why.clone().unwrap_or_default();
        return Err(Failure::because(Kind::Hardware, words, why));
    }
    Ok(Code::Done)
}

fn rows(reading: &Reading, wanted: &[Property]) -> Vec<PropertyRow> {
    let of = |controller: &Controller| {
        let rows = wanted.iter().map(|&it| PropertyRow::of(controller, it));
        rows.collect::<Vec<_>>()
    };
    reading.controllers.iter().flat_map(of).collect()
}

/// A property of a controller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub(in crate::commands) struct PropertyRow {
    /// The controller's number; absent where no output named it.
    controller: Option<ControllerId>,
    /// Its name.
    property: &'static str,
    /// Its value; absent where it was not read.
    value: Option<Value>,
    /// What a number counts; absent where the value is none.
    unit: Option<Unit>,
    /// Why its value was not read; absent where it was.
    why: Option<String>,
    /// Whether it can be set.
    settable: bool,
    /// The values that it takes, in words.
    values: String,
    /// What it is.
    description: &'static str,
    /// MegaCLI's word for it.
    megacli: &'static str,
    /// The value for people.
    #[serde(skip)]
    shown: String,
}

impl PropertyRow {
    fn of(controller: &Controller, property: Property) -> Self {
        let facts = property.facts();
        let value = property.of(controller);
        let why = || match controller.unread.get(&Part::Property(property)) {
            Some(Unread::Unsupported(words)) => format!("the controller does not have it: {words}"),
            Some(Unread::Failed(words) | Unread::Partial(words)) => words.clone(),
            Some(Unread::NotAsked | Unread::NotAvailable) | None => "not read".to_owned(),
        };
        Self {
            controller: controller.id,
            property: facts.name,
            unit: facts.kind.unit(),
            why: value.is_none().then(why),
            settable: !matches!(facts.setter, Setter::None(_)),
            values: if let Setter::None(_) = facts.setter {
                "read only".to_owned()
            } else {
                facts.kind.expected()
            },
            description: facts.help,
            megacli: facts.asked,
            shown: value
                .as_ref()
                .map(|it| property.shown(it))
                .unwrap_or_default(),
            value,
        }
    }
}

impl Tabular for PropertyRow {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("property", "PROPERTY", Align::Left, |row| {
            row.property.into()
        }),
        Column::new("value", "VALUE", Align::Right, |row| match &row.value {
            Some(value) => Cell::state(row.shown.clone(), value.typed(), output::Tone::Neutral),
            None => Cell::Absent,
        }),
        Column::new("description", "WHAT IT IS", Align::Prose, |row| {
            row.description.into()
        }),
        Column::new("why", "NOT READ BECAUSE", Align::Prose, |row| {
            row.why.clone().into()
        }),
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.controller.map(|id| id.0).into()
        }),
        Column::on_request("values", "VALUES", Align::Prose, |row: &Self| {
            row.values.as_str().into()
        }),
        Column::on_request("megacli", "MEGACLI'S WORD", Align::Left, |row: &Self| {
            row.megacli.into()
        }),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::tests::check_columns;

    #[test]
    fn columns_are_well_named() {
        check_columns::<PropertyRow>();
    }

    #[test]
    fn the_properties_with_commands_of_their_own_are_switches() {
        for property in [Property::Alarm, Property::AutoRebuild, Property::Jbod] {
            assert_eq!(property.facts().kind, crate::property::Kind::Switch);
        }
    }

    #[test]
    fn a_name_that_is_not_quite_right_gets_those_that_are_near() {
        assert!(named("rebuildrate").is_ok());
        let why = named("rebuild-speed").unwrap_err();
        assert!(why.contains("rebuild-rate"), "{why}");
        assert!(named("qqq").unwrap_err().contains("controller get"));
    }
}
