//! `controller alarm`.

use super::property::{get, set};
use crate::act::ConsentArgs;
use crate::change::ControllerChange;
use crate::change::controller::ControllerAction;
use crate::cli::context::Context;
use crate::cli::exit::Code;
use crate::cli::failure::Failure;
use crate::commands::{Run, verbs, whole};
use crate::property::Property;

/// Show, silence or switch the controller's buzzer
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

verbs! {
    Show(Show),
    Silence(Silence),
    Enable(Enable),
    Disable(Disable),
}

/// Show whether the buzzer may sound
#[derive(Debug, clap::Args)]
struct Show {}

/// Silence the buzzer until something else is wrong
///
/// Harmless: the next trouble sounds again.
/// Example: ironkeep controller alarm silence
#[derive(Debug, clap::Args)]
struct Silence {
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Let the buzzer sound when something is wrong
///
/// Example: ironkeep controller alarm enable
#[derive(Debug, clap::Args)]
struct Enable {
    #[command(flatten)]
    consent: ConsentArgs,
}

/// Switch the buzzer off for good
///
/// The next failure is silent too. To quieten only this one: ironkeep controller alarm silence
/// Example: ironkeep controller alarm disable
#[derive(Debug, clap::Args)]
struct Disable {
    #[command(flatten)]
    consent: ConsentArgs,
}

impl Run for Show {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        get(context, "controller alarm show", &[Property::Alarm])
    }
}

impl Run for Silence {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let command = "controller alarm silence";
        whole::carry_out(context, command, &self.consent, |controller| {
            let action = ControllerAction::SilenceAlarm;
            vec![ControllerChange { controller, action }.into()]
        })
    }
}

impl Run for Enable {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let command = "controller alarm enable";
        set(context, command, Property::Alarm, "on", &self.consent)
    }
}

impl Run for Disable {
    fn run(self, context: &mut Context<'_>) -> Result<Code, Failure> {
        let command = "controller alarm disable";
        set(context, command, Property::Alarm, "off", &self.consent)
    }
}
