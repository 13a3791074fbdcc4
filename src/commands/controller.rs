//! `controller`: what the controllers are and how they do.

pub(super) mod act;
mod alarm;
pub(super) mod config;
mod firmware;
pub(super) mod property;
mod record;

use clap::Subcommand;
use ironkeep_parsers::model::{ControllerInfo, PciLocation};
use serde::Serialize;

use super::cells::trouble;
use super::fields::ToCell;
use super::parts::{self, OfController};
use super::{Provenance, Run, operation};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::output::{self, Align, Cell, Column, Envelope, Tabular, Tone};
use crate::reading::{Controller, Part};

/// Show controllers, and set what they do
///
/// What changes a controller is about one: --controller names it where there are several.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the controllers, with their counts of drives and errors
    ///
    /// The counts are the firmware's own. `ironkeep health` says what they mean.
    List,
    /// Show everything about one controller
    ///
    /// Settings are what is in force; defaults are what the maker chose; operations are what the
    /// firmware can do. A dash stands for what the tool does not print.
    Show {
        /// The controller's number (needed only where there are several)
        number: Option<u32>,
    },
    /// Wait until everything that runs on the controllers is done
    ///
    /// The same as `ironkeep operation wait`; --controller narrows it to one of them.
    Wait(operation::wait::Args),
    Get(property::Get),
    Set(property::Set),
    Alarm(alarm::Args),
    AutoRebuild(act::AutoRebuild),
    Bios(act::bios::Args),
    BootDrive(act::boot_drive::Args),
    Config(config::Args),
    Diagnose(act::Diagnose),
    FactoryDefaults(act::FactoryDefaults),
    Firmware(firmware::Args),
    Flush(act::Flush),
    Jbod(act::Jbod),
    Shutdown(act::Shutdown),
    Time(act::time::Args),
}

/// A controller.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ControllerData {
    /// What the controller says of itself.
    #[serde(flatten)]
    info: ControllerInfo,
    /// Where it is on the host's bus; absent where that was not read.
    pci_location: Option<PciLocation>,
}

const NEEDED: &[Part] = &[Part::Controllers, Part::PciLocations];

impl Run for Args {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        match self.verb {
            Verb::List => list(context),
            Verb::Show { number } => show(context, number),
            Verb::Wait(arguments) => arguments.run_as(context, "controller wait"),
            Verb::Get(arguments) => arguments.run(context),
            Verb::Set(arguments) => arguments.run(context),
            Verb::Alarm(arguments) => arguments.run(context),
            Verb::AutoRebuild(arguments) => arguments.run(context),
            Verb::Bios(arguments) => arguments.run(context),
            Verb::BootDrive(arguments) => arguments.run(context),
            Verb::Config(arguments) => arguments.run(context),
            Verb::Diagnose(arguments) => arguments.run(context),
            Verb::FactoryDefaults(arguments) => arguments.run(context),
            Verb::Firmware(arguments) => arguments.run(context),
            Verb::Flush(arguments) => arguments.run(context),
            Verb::Jbod(arguments) => arguments.run(context),
            Verb::Shutdown(arguments) => arguments.run(context),
            Verb::Time(arguments) => arguments.run(context),
        }
    }
}

fn list(context: &mut Context<'_>) -> Result<Code, Failure> {
    output::check_request::<OfController<ControllerData>>(&context.output)?;
    let reading = context.read(NEEDED)?;
    let rows: Vec<_> = parts::of(context, &reading, Part::Controllers, data)?
        .into_iter()
        .map(|(controller, value)| OfController {
            controller: controller.id,
            value,
        })
        .collect();
    let envelope = Envelope::new("controller list", &rows).with(Provenance::of(&reading));
    output::print_list_as(context, &envelope, &rows, "No controllers.")?;
    Ok(Code::Done)
}

fn show(context: &mut Context<'_>, number: Option<u32>) -> Result<Code, Failure> {
    let reading = parts::only(context.read(NEEDED)?, number)?;
    let (controller, value) = parts::of_one(context, &reading, Part::Controllers, data)?;
    let sections = record::sections(controller.id, &value);
    let data = OfController {
        controller: controller.id,
        value,
    };
    let envelope = Envelope::new("controller show", &data).with(Provenance::of(&reading));
    output::print_record(context, &envelope, &sections)?;
    Ok(Code::Done)
}

pub(crate) fn data(controller: &Controller) -> Option<ControllerData> {
    Some(ControllerData {
        info: controller.info.clone()?,
        pci_location: controller.pci.clone(),
    })
}

/// `01:00.0`. The tool prints no PCI domain.
fn pci_address(location: &PciLocation) -> Option<String> {
    Some(format!(
        "{:02x}:{:02x}.{:x}",
        location.bus?, location.device?, location.function?
    ))
}

/// Whether the buzzer may sound, and whether there is one.
fn alarm(info: &ControllerInfo) -> Cell {
    match (info.hardware.alarm, info.settings.alarm) {
        (Some(false), _) => Cell::state("absent", "absent", Tone::Neutral),
        (_, Some(true)) => Cell::state("on", "on", Tone::Neutral),
        (_, Some(false)) => Cell::state("off", "off", Tone::Neutral),
        (_, None) => Cell::Absent,
    }
}

type Row = OfController<ControllerData>;

impl Tabular for Row {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("number", "NUMBER", Align::Right, |row| {
            row.controller.map(|id| id.0).into()
        }),
        Column::new("product", "PRODUCT", Align::Left, |row| {
            row.value.info.product_name.to_cell()
        }),
        Column::new("virtual_drives", "VDS", Align::Right, |row| {
            row.value.info.devices.virtual_drives.to_cell()
        }),
        Column::new("degraded", "DEGRADED", Align::Right, |row| {
            let devices = &row.value.info.devices;
            trouble(devices.degraded_virtual_drives.as_ref(), Tone::Bad)
        }),
        Column::new("offline", "OFFLINE", Align::Right, |row| {
            let devices = &row.value.info.devices;
            trouble(devices.offline_virtual_drives.as_ref(), Tone::Bad)
        }),
        Column::new("physical_drives", "PDS", Align::Right, |row| {
            row.value.info.devices.physical_drives.to_cell()
        }),
        Column::new("failed", "FAILED", Align::Right, |row| {
            trouble(row.value.info.devices.failed_drives.as_ref(), Tone::Bad)
        }),
        Column::new("serial", "SERIAL", Align::Left, |row| {
            row.value.info.serial.to_cell()
        }),
        Column::new("firmware", "FIRMWARE", Align::Left, |row| {
            row.value.info.firmware_package.to_cell()
        }),
        Column::new("predicted_failures", "PREDICTED", Align::Right, |row| {
            trouble(row.value.info.devices.critical_drives.as_ref(), Tone::Warn)
        }),
        Column::new("temperature", "TEMP", Align::Right, |row| {
            let hardware = &row.value.info.hardware;
            let board = hardware.controller_temperature;
            hardware.roc_temperature.or(board).into()
        }),
        Column::new("battery", "BATTERY", Align::Left, |row| {
            row.value.info.hardware.bbu.into()
        }),
        Column::new("memory_uncorrectable", "MEM LOST", Align::Right, |row| {
            let errors = &row.value.info.errors;
            trouble(errors.memory_uncorrectable.as_ref(), Tone::Bad)
        }),
        Column::new("memory_correctable", "MEM FIXED", Align::Right, |row| {
            let errors = &row.value.info.errors;
            trouble(errors.memory_correctable.as_ref(), Tone::Warn)
        }),
        Column::new("cache", "CACHE", Align::Right, |row| {
            row.value.info.hardware.memory_size.into()
        }),
        Column::new("alarm", "ALARM", Align::Left, |row| alarm(&row.value.info)),
        Column::new("pci", "PCI", Align::Left, |row| {
            let location = row.value.pci_location.as_ref();
            location.and_then(pci_address).into()
        }),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::tests::check_columns;

    #[test]
    fn columns_are_well_named() {
        check_columns::<Row>();
    }

    #[test]
    fn a_place_on_the_bus_is_written_as_lspci_does() {
        let location = PciLocation {
            bus: Some(0x1a),
            device: Some(0),
            function: Some(1),
        };
        assert_eq!(pci_address(&location).as_deref(), Some("1a:00.1"));
        assert_eq!(pci_address(&PciLocation::default()), None);
    }

    #[test]
    fn zero_is_no_trouble_and_absent_is_not_zero() {
        assert_eq!(
            trouble(Some(&0_u32), Tone::Bad),
            Cell::state("0", "0", Tone::Neutral)
        );
        assert_eq!(
            trouble(Some(&2_u32), Tone::Bad),
            Cell::state("2", "2", Tone::Bad)
        );
        assert_eq!(trouble(None::<&u32>, Tone::Bad), Cell::Absent);
    }
}
