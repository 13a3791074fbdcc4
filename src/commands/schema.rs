//! The JSON Schema of every command's JSON output: the one table of them.

use ironkeep_parsers::model::{CacheProtection, Enclosure, Event};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::json;

use super::parts::OfController;
use super::{
    Provenance, audit, capture, controller, event, export, fleet, foreign, health, mem, operation,
    patrol, pd, security, sim, spare, vd,
};
use crate::act::raw::RawRun;
use crate::act::{ActRow, Planned};
use crate::explain::Explanation;
use crate::map::Frame;
use crate::output::{Envelope, SCHEMA};

/// A command and the schema of what it prints.
type Entry = (&'static str, fn() -> Schema);

/// What stands for every command that changes something: they all print the same.
const CHANGE: &str = "change";
/// The same with `--dry-run`.
const CHANGE_DRY_RUN: &str = "change --dry-run";

/// Every command that has JSON output, by noun and verb; with the flag that makes it print lines.
const SCHEMAS: &[Entry] = &[
    ("audit list", of::<Vec<audit::Recorded>, ()>),
    (
        "bbu list",
        of::<Vec<OfController<CacheProtection>>, Provenance>,
    ),
    (
        "bbu show",
        of::<Option<OfController<CacheProtection>>, Provenance>,
    ),
    ("capture", of::<capture::Capture, ()>),
    (CHANGE, of::<Vec<ActRow>, ()>),
    (CHANGE_DRY_RUN, of::<Vec<Planned>, ()>),
    (
        "controller alarm show",
        of::<Vec<controller::property::PropertyRow>, Provenance>,
    ),
    (
        "controller bios show",
        of::<Vec<OfController<controller::act::Boot>>, Provenance>,
    ),
    (
        "controller boot-drive show",
        of::<Vec<OfController<controller::act::Boot>>, Provenance>,
    ),
    (
        "controller config save",
        of::<Vec<controller::config::SavedConfiguration>, ()>,
    ),
    (
        "controller get",
        of::<Vec<controller::property::PropertyRow>, Provenance>,
    ),
    (
        "controller list",
        of::<Vec<OfController<controller::ControllerData>>, Provenance>,
    ),
    (
        "controller show",
        of::<OfController<controller::ControllerData>, Provenance>,
    ),
    ("controller wait", of::<Vec<operation::wait::Ended>, ()>),
    (
        "enclosure list",
        of::<Vec<OfController<Enclosure>>, Provenance>,
    ),
    ("enclosure show", of::<OfController<Enclosure>, Provenance>),
    ("event export", of::<Vec<event::act::ExportedLog>, ()>),
    ("event list", of::<Vec<OfController<Event>>, Provenance>),
    ("event list --follow", of_line::<event::follow::Line>),
    ("explain", of::<Vec<Explanation>, ()>),
    ("export healthcheck", of::<export::Healthcheck, ()>),
    ("fleet status", of::<fleet::FleetStatus, fleet::Source>),
    ("foreign list", of::<Vec<foreign::list::Row>, Provenance>),
    (
        "foreign preview",
        of::<Vec<OfController<foreign::show::Foreign>>, Provenance>,
    ),
    (
        "foreign show",
        of::<Vec<OfController<foreign::show::Foreign>>, Provenance>,
    ),
    ("health", of::<health::Health, Provenance>),
    ("map", of::<Vec<Frame>, Provenance>),
    ("mem", of::<mem::Memory, mem::Origin>),
    ("mem dimm", of::<crate::dimm::Modules, ()>),
    (
        "operation list",
        of::<Vec<operation::running::RunningOperation>, Provenance>,
    ),
    ("operation wait", of::<Vec<operation::wait::Ended>, ()>),
    (
        "patrol list",
        of::<Vec<OfController<patrol::Patrol>>, Provenance>,
    ),
    (
        "patrol show",
        of::<OfController<patrol::Patrol>, Provenance>,
    ),
    ("pd list", of::<Vec<pd::list::Row>, Provenance>),
    (
        "pd replace --plan",
        of::<crate::act::replace::Planned, Provenance>,
    ),
    ("pd replace --status", of::<Vec<pd::replace::Row>, ()>),
    (
        "pd replace --unattended",
        of_line::<crate::act::replace::Line>,
    ),
    (
        "pd show",
        of::<Vec<OfController<pd::show::Shown>>, Provenance>,
    ),
    ("raw", of::<Vec<RawRun>, ()>),
    (
        "security show",
        of::<Vec<OfController<security::Key>>, Provenance>,
    ),
    ("sim list", of::<Vec<sim::Scenario>, ()>),
    ("sim show", of::<sim::Simulated, ()>),
    ("sim start", of::<sim::Simulated, ()>),
    // Every step of a story prints what it brought about, as this one does.
    ("sim tick", of::<Vec<sim::Happened>, ()>),
    ("spare list", of::<Vec<spare::list::Row>, Provenance>),
    ("vd list", of::<Vec<vd::list::Row>, Provenance>),
    (
        "vd show",
        of::<Vec<OfController<vd::show::Shown>>, Provenance>,
    ),
];

/// The commands that have a schema.
pub fn commands() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|(command, _)| *command)
}

/// The schema of what `command` prints; `None` where it prints no JSON.
pub fn of_command(command: &str) -> Option<Schema> {
    let (command, make) = SCHEMAS.iter().find(|(name, _)| *name == command)?;
    let mut schema = make();
    schema.insert(
        "title".to_owned(),
        json!(format!("ironkeep {command} --format json")),
    );
    let mut constants = vec![("schema", json!(SCHEMA))];
    if ![CHANGE, CHANGE_DRY_RUN].contains(command) {
        constants.push(("command", json!(command)));
    }
    for (key, value) in constants {
        let place = schema.pointer_mut(&format!("/properties/{key}"));
        if let Some(place) = place.and_then(serde_json::Value::as_object_mut) {
            place.insert("const".to_owned(), value);
        }
    }
    Some(schema)
}

/// The schema of data `D` in its envelope, with `E` beside it.
fn of<D: JsonSchema + 'static, E: JsonSchema + 'static>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Envelope<'static, D, E>>()
}

/// The schema of a line `L`, where each line is an object of its own.
fn of_line<L: JsonSchema + 'static>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<L>()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    /// What prints no JSON.
    const NONE: &[&str] = &[" util", " watch", " export serve", " export textfile"];

    /// The commands that a person can give, without those that print no JSON.
    fn leaves(command: &clap::Command, path: &str, found: &mut Vec<String>) {
        for sub in command.get_subcommands() {
            let path = format!("{path} {}", sub.get_name());
            if NONE.contains(&path.as_str()) || sub.is_hide_set() {
                continue;
            }
            let mut flags = sub.get_arguments();
            let changes = flags.any(|it| it.get_long() == Some("override"));
            if sub.has_subcommands() {
                if !sub.is_subcommand_required_set() {
                    found.push(path.trim().to_owned());
                }
                leaves(sub, &path, found);
                // A noun that says something without a verb, too.
                if !sub.is_subcommand_required_set() {
                    found.push(path.trim().to_owned());
                }
            } else if changes && ![" pd replace", " raw"].contains(&path.as_str()) {
                found.push(CHANGE.to_owned());
            } else {
                found.push(path.trim().to_owned());
            }
        }
    }

    #[test]
    fn every_command_has_its_schema() {
        let mut given = Vec::new();
        leaves(&Cli::command(), "", &mut given);
        given.sort();
        given.dedup();
        let described: Vec<&str> = commands().collect();
        assert!(described.is_sorted());
        // A flag may make a command print in another form.
        let mut bare: Vec<&str> = described
            .iter()
            .filter_map(|command| command.split(" --").next())
            .collect();
        bare.dedup();
        assert_eq!(bare, given);
    }

    #[test]
    fn a_schema_knows_its_command() {
        let schema = of_command("bbu list").unwrap();
        let command = schema.pointer("/properties/command/const");
        assert_eq!(command, Some(&json!("bbu list")));
        assert_eq!(of_command("util man"), None);
    }
}
