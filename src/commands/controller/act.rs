//! The verbs that change a controller as a whole.

use ironkeep_parsers::model::{Bios, TargetId};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::property;
use crate::act::{self, ConsentArgs};
use crate::change::controller::{BiosSetting, ControllerAction};
use crate::change::{ControllerChange, Request};
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::{Failure, Kind};
use crate::cli::join::Join;
use crate::commands::fields::ToCell;
use crate::commands::parts::OfController;
use crate::commands::resolve::Resolver;
use crate::commands::{Provenance, Run, parts, whole};
use crate::output::{self, Align, CONTROLLER, Column, Envelope, Tabular};
use crate::property::Property;
use crate::reading::{Controller, Part};
use crate::selector::{VirtualDriveName, VirtualDriveSelector};

/// Carries out `action` on the controller.
fn act(
    context: &mut Context<'_>,
    command: &str,
    consent: &ConsentArgs,
    action: ControllerAction,
) -> Result<Code, Failure> {
    whole::carry_out(context, command, consent, |controller| {
        vec![ControllerChange { controller, action }.into()]
    })
}

/// Declares the verbs that do one thing to a controller and take no arguments.
macro_rules! plain_verbs {
    ($( $(#[doc = $doc:literal])+ $name:ident = $command:literal, $action:expr; )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, clap::Args)]
            pub(in crate::commands) struct $name {
                #[command(flatten)]
                consent: ConsentArgs,
            }

            impl Run for $name {
                fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
                    act(context, $command, &self.consent, $action)
                }
            }
        )+
    };
}

plain_verbs! {
    /// Write out the write cache of the controller now
    ///
    /// Harmless. Before a drive is pulled or a host is cut off, it makes sure that nothing waits.
    /// Example: ironkeep controller flush
    Flush = "controller flush", ControllerAction::FlushCache;
    /// Put all settings of the controller back to the maker's
    ///
    /// Virtual drives and data stay. It takes effect when the host is restarted. Note the settings
    /// first: ironkeep controller get
    /// Example: ironkeep controller factory-defaults
    FactoryDefaults = "controller factory-defaults", ControllerAction::FactoryDefaults;
    /// Tell the controller that the host goes down
    ///
    /// It writes out its cache and ends what runs. Refused while the host uses one of its virtual
    /// drives, which are gone until the host is restarted. An operating system that shuts down does
    /// this by itself.
    /// Example: ironkeep controller shutdown
    Shutdown = "controller shutdown", ControllerAction::ShutDown;
}

/// Let the controller test itself
///
/// I/O stalls meanwhile. What it finds stands in the event log: ironkeep event list -n 5
/// Example: ironkeep controller diagnose --seconds 10
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Diagnose {
    /// How long the test takes, in seconds
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=3600))]
    seconds: u32,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for Diagnose {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let action = ControllerAction::Diagnose(self.seconds);
        act(context, "controller diagnose", &self.consent, action)
    }
}

/// Declares the commands that switch one property on or off.
macro_rules! switches {
    ($( $(#[doc = $doc:literal])+ $name:ident = $command:literal, $property:expr; )+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, clap::Args)]
            pub(in crate::commands) struct $name {
                /// on or off
                #[arg(action = clap::ArgAction::Set, value_parser = whole::on_off())]
                state: bool,
                #[command(flatten)]
                consent: ConsentArgs,
            }

            impl Run for $name {
                fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
                    let typed = if self.state { "on" } else { "off" };
                    property::set(context, $command, $property, typed, &self.consent)
                }
            }
        )+
    };
}

switches! {
    /// Switch rebuilds that start by themselves on or off
    ///
    /// Off, hot spares no longer step in: after a failure the array stays degraded until somebody
    /// starts the rebuild. What it is now: ironkeep controller get auto-rebuild
    /// Example: ironkeep controller auto-rebuild on
    AutoRebuild = "controller auto-rebuild", Property::AutoRebuild;
    /// Switch JBOD mode on or off
    ///
    /// On, new drives go to the host as they are, and are no spares. Switching it off is refused while
    /// there are JBOD drives, which the host would lose.
    /// Example: ironkeep controller jbod off
    Jbod = "controller jbod", Property::Jbod;
}

/// The commands with verbs of their own, each of which has the name `Args`.
macro_rules! nouns {
    ($( $(#[doc = $doc:literal])+ $module:ident { $( $verb:ident($arguments:ident) ),+ $(,)? } )+) => {
        $(
            pub(in crate::commands) mod $module {
                use super::{$( $arguments ),+};
                use crate::commands::verbs;

                $(#[doc = $doc])+
                #[derive(Debug, clap::Args)]
                pub(in crate::commands) struct Args {
                    #[command(subcommand)]
                    verb: Verb,
                }

                verbs! { $( $verb($arguments) ),+ }
            }
        )+
    };
}

nouns! {
    /// Set the controller's clock
    time { Set(SetTime) }
    /// Choose the virtual drive that the host boots from
    boot_drive { Show(ShowBootDrive), Set(SetBootDrive), Unset(UnsetBootDrive) }
    /// Set what the controller's BIOS does at boot
    bios {
        Show(ShowBios),
        Enable(EnableBios),
        Disable(DisableBios),
        OnErrors(OnErrors),
        AutoSelectBoot(AutoSelectBoot),
    }
}

/// Set the controller's clock to the host's, or to a time
///
/// The clock has no zone: it gets the host's local time, or UTC with --utc. Times of events follow it.
/// Example: ironkeep controller time set now
#[derive(Debug, clap::Args)]
struct SetTime {
    /// now, or a time: 2026-11-20T03:00:00
    #[arg(default_value = "now", value_parser = moment)]
    time: Moment,
    /// Set it to UTC in the place of local time
    #[arg(long)]
    utc: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// A time that the clock is set to.
#[derive(Debug, Clone, Copy)]
enum Moment {
    Now,
    At(DateTime),
}

fn moment(typed: &str) -> Result<Moment, String> {
    if typed.eq_ignore_ascii_case("now") {
        return Ok(Moment::Now);
    }
    let time: Result<DateTime, _> = typed.replace(' ', "T").parse();
    time.map(Moment::At)
        .map_err(|_| "expected now, or a time: 2026-11-20T03:00:00".to_owned())
}

impl Run for SetTime {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let zone = if self.utc {
            TimeZone::UTC
        } else {
            context.output.zone.find()
        };
        let time = match self.time {
            Moment::Now => context.now.to_zoned(zone).datetime(),
            Moment::At(time) => time,
        };
        let action = ControllerAction::SetTime(time);
        act(context, "controller time set", &self.consent, action)
    }
}

/// Show the drive that the host boots from
#[derive(Debug, clap::Args)]
struct ShowBootDrive {}

/// Let the host boot from a virtual drive
///
/// A host whose system is on another one may not start. Example: ironkeep controller boot-drive set
/// vd0
#[derive(Debug, clap::Args)]
struct SetBootDrive {
    /// The virtual drive: 0, its name, /dev/sdX
    #[arg(value_name = "VIRTUAL-DRIVE")]
    drive: VirtualDriveSelector,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Let the host boot from a virtual drive no longer
///
/// Without a boot drive on this controller the host may not start. Example: ironkeep controller
/// boot-drive unset vd0
#[derive(Debug, clap::Args)]
struct UnsetBootDrive {
    /// The virtual drive: 0, its name, /dev/sdX
    #[arg(value_name = "VIRTUAL-DRIVE")]
    drive: VirtualDriveSelector,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for ShowBootDrive {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        show(context, "controller boot-drive show", Part::BootDrive)
    }
}

impl Run for SetBootDrive {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let command = "controller boot-drive set";
        boot_drive(
            context,
            command,
            &self.drive,
            &self.consent,
            ControllerAction::SetBootDrive,
        )
    }
}

impl Run for UnsetBootDrive {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let command = "controller boot-drive unset";
        let make = ControllerAction::UnsetBootDrive;
        boot_drive(context, command, &self.drive, &self.consent, make)
    }
}

/// Finds the virtual drive, and carries out on its controller what `make` makes of it.
fn boot_drive(
    context: &mut Context<'_>,
    command: &str,
    drive: &VirtualDriveSelector,
    consent: &ConsentArgs,
    make: fn(TargetId) -> ControllerAction,
) -> Result<Code, Failure> {
    let mut reading = context.read(&act::parts(&[Part::VirtualDrives, Part::BootDrive]))?;
    let by_node = matches!(drive.name, VirtualDriveName::BlockDevice(_));
    let join = Join::read(context, &mut reading, |_| by_node)?;
    let found = Resolver::new(&reading, &join).virtual_drive(drive)?;
    let named = found.controller.id.zip(found.value.target_id);
    let (controller, target) = named.ok_or_else(|| {
        Failure::new(
            Kind::Hardware,
            "the tool does not tell the number of this virtual drive",
        )
    })?;
    let action = make(target);
    let change = ControllerChange { controller, action }.into();
    let request = Request { controller, change };
    act::carry_out(context, command, consent, &reading, &[request])
}

/// Show what the controller's BIOS does at boot
#[derive(Debug, clap::Args)]
struct ShowBios {}

/// Let the host boot from the controller
///
/// Takes effect when the host is restarted. Example: ironkeep controller bios enable
#[derive(Debug, clap::Args)]
struct EnableBios {
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Stop the host from booting from the controller
///
/// A host whose root file system lies on it does not start any more.
/// Example: ironkeep controller bios disable
#[derive(Debug, clap::Args)]
struct DisableBios {
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Choose what the boot does when the BIOS finds an error
///
/// Takes effect when the host is restarted. Example: ironkeep controller bios on-errors ignore
#[derive(Debug, clap::Args)]
struct OnErrors {
    /// stop and wait for a person, go on, or go on without a screen
    action: ErrorAction,
    #[command(flatten)]
    consent: ConsentArgs,
}

/// What the boot does on errors.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum ErrorAction {
    /// Stop, and wait for a person at the console
    Stop,
    /// Go on
    Ignore,
    /// Go on, on a host without a screen
    HeadlessContinue,
    /// Go on in safe mode, on a host without a screen
    HeadlessSafeMode,
}

/// Let the BIOS choose a boot drive by itself, or not
///
/// Takes effect when the host is restarted. Example: ironkeep controller bios auto-select-boot on
#[derive(Debug, clap::Args)]
struct AutoSelectBoot {
    /// on or off
    #[arg(action = clap::ArgAction::Set, value_parser = whole::on_off())]
    state: bool,
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for ShowBios {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        show(context, "controller bios show", Part::Bios)
    }
}

impl Run for EnableBios {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let action = ControllerAction::Bios(BiosSetting::Enabled(true));
        act(context, "controller bios enable", &self.consent, action)
    }
}

impl Run for DisableBios {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let action = ControllerAction::Bios(BiosSetting::Enabled(false));
        act(context, "controller bios disable", &self.consent, action)
    }
}

impl Run for OnErrors {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let setting = match self.action {
            ErrorAction::Stop => BiosSetting::StopOnErrors,
            ErrorAction::Ignore => BiosSetting::IgnoreErrors,
            ErrorAction::HeadlessContinue => BiosSetting::HeadlessContinue,
            ErrorAction::HeadlessSafeMode => BiosSetting::HeadlessSafeMode,
        };
        let action = ControllerAction::Bios(setting);
        act(context, "controller bios on-errors", &self.consent, action)
    }
}

impl Run for AutoSelectBoot {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let action = ControllerAction::Bios(BiosSetting::AutoSelectBoot(self.state));
        act(
            context,
            "controller bios auto-select-boot",
            &self.consent,
            action,
        )
    }
}

/// How the controllers boot.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Boot {
    /// The controller's BIOS; absent where it was not asked for, or not read.
    bios: Option<Bios>,
    /// The virtual drive that the host boots from; absent where none is chosen, or it was not read.
    boot_virtual_drive: Option<TargetId>,
}

/// Prints one of the two parts about the boot.
fn show(context: &mut Context<'_>, command: &str, part: Part) -> Result<Code, Failure> {
    output::check_request::<OfController<Boot>>(&context.output)?;
    let reading = context.read(&[part])?;
    let boot = |it: &Controller| {
        it.has(part).then(|| Boot {
            bios: it.bios.clone(),
            boot_virtual_drive: it.boot_drive.as_ref().and_then(|it| it.virtual_drive),
        })
    };
    let rows: Vec<_> = parts::of(context, &reading, part, boot)?
        .into_iter()
        .map(|(controller, value)| OfController {
            controller: controller.id,
            value,
        })
        .collect();
    let envelope = Envelope::new(command, &rows).with(Provenance::of(&reading));
    output::print_list_as(context, &envelope, &rows, "No controllers.")?;
    Ok(Code::Done)
}

impl Tabular for OfController<Boot> {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new(CONTROLLER, "CONTROLLER", Align::Right, |row| {
            row.controller.map(|id| id.0).into()
        }),
        Column::new("bios", "BIOS", Align::Left, |row| {
            row.value.bios.as_ref().and_then(|it| it.enabled).into()
        }),
        Column::new("error_handling", "ON ERRORS", Align::Left, |row| {
            let bios = row.value.bios.as_ref();
            bios.and_then(|it| it.error_handling.as_ref()).to_cell()
        }),
        Column::new("auto_select_boot", "AUTO SELECT BOOT", Align::Left, |row| {
            row.value
                .bios
                .as_ref()
                .and_then(|it| it.auto_select_boot)
                .into()
        }),
        Column::new(
            "boot_virtual_drive",
            "BOOT VIRTUAL DRIVE",
            Align::Right,
            |row| row.value.boot_virtual_drive.map(|id| id.0).into(),
        ),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::tests::check_columns;

    #[test]
    fn columns_are_well_named() {
        check_columns::<OfController<Boot>>();
    }

    #[test]
    fn a_time_is_now_or_a_date_with_a_time() {
        assert!(matches!(moment("NOW"), Ok(Moment::Now)));
        assert!(matches!(moment("2026-11-20 03:00:00"), Ok(Moment::At(_))));
        assert!(matches!(moment("2026-11-20T03:00"), Ok(Moment::At(_))));
        assert!(moment("tomorrow").is_err());
    }
}
